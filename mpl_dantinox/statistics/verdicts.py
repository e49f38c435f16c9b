"""Which of several differences are told: none more often than agreed where there is none."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from mpl_dantinox.statistics.intervals import Estimate

__all__ = ["LEVEL", "contenders", "told"]

#: How often, at most, any of several differences is told where there is none.
LEVEL = 0.05

Name = TypeVar("Name")


def told(p_values: Mapping[Name, float | None], *, level: float = LEVEL) -> dict[Name, bool]:
    """Say which differences are told from none, of all that may be claimed together.

    This is S. Holm's procedure ("A simple sequentially rejective multiple test procedure", *Scand.
    J. Stat.* 6 (1979), 65): of k differences, the clearest is told if its p-value is under level /
    k, then the next if its own is under level / (k - 1), and so on until one is not told.

    Parameters
    ----------
    p_values : mapping of name to float or None
        None where there are too few runs: that is never told, and does not count among the k.
    level : float
        How often any may be told that is not there.

    Returns
    -------
    dict of name to bool

    Examples
    --------
    >>> told({"GQA": 0.03})
    {'GQA': True}
    >>> told({"GQA": 0.03, "MLA": 0.001, "MQA": 0.04, "MHA": None})
    {'GQA': False, 'MLA': True, 'MQA': False, 'MHA': False}
    """
    known = sorted((p, i) for i, p in enumerate(p_values.values()) if p is not None)
    clear = set[int]()
    for left, (p, i) in zip(range(len(known), 0, -1), known, strict=True):
        if p >= level / left:
            break
        clear.add(i)
    return {name: i in clear for i, name in enumerate(p_values)}


def contenders(
    names: Sequence[Name],
    compare: Callable[[Name, Name], Estimate | None],
    *,
    sense: str = "max",
    level: float = LEVEL,
) -> list[Name]:
    """Return those that may be the best: all but those that another is told to be better than.

    The one that is best in truth is left out in no more than *level* of the cases. So where one is
    left, it is the best; and where the ends of a dial are left out, the best is inside. This is
    J. C. Hsu's comparison with the best (*Multiple Comparisons* (1996), ch. 4), with Bonferroni's
    inequality, for groups that differ in size and spread.

    Parameters
    ----------
    names : sequence
        What there is to choose from.
    compare : callable
        Of two names, how much larger the first is than the second, or None if that is not known.
    sense : {"min", "max"}
        What is better.
    level : float
        How often the best may be left out.

    Returns
    -------
    list
        In the order of *names*.

    Examples
    --------
    >>> tokens = {"MLA": 30.0, "GQA": 29.0, "MHA": 10.0}
    >>> contenders(list(tokens), lambda a, b: Estimate(tokens[a] - tokens[b], 2.0, 18))
    ['MLA', 'GQA']
    """
    # One of several equals is left out by those above it alone, but of two, either may be.
    limit = level * min(2 / max(len(names) - 1, 1), 1)
    sign = 1 if sense == "max" else -1

    def is_beaten(name: Name, other: Name) -> bool:
        found = compare(other, name)
        return found is not None and sign * found.value > 0 and found.p_value < limit

    return [name for name in names if not any(is_beaten(name, other) for other in names)]
