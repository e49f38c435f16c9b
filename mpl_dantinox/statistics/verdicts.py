"""Which of several differences are told: none more often than agreed where there is none."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from mpl_dantinox.statistics.intervals import Estimate

__all__ = ["LEVEL", "contenders", "dial_told", "told"]

#: How often, at most, any of several differences is told where there is none.
LEVEL = 0.05

# Of that, the share of a dial's effect, and the level of the claim that its best value is inside
# where no effect is told. That takes two ends to be beaten at once, which is rarer by far.
_EFFECT, _INSIDE = 0.97, 0.3

Name = TypeVar("Name")
Compare = Callable[[Name, Name], Estimate | None]


def told(
    p_values: Mapping[Name, float | None],
    orders: Mapping[tuple[Name, Name], float | None] | None = None,
) -> dict[Any, bool]:
    """Say which differences are told from none, of all that may be claimed together.

    This is S. Holm's procedure ("A simple sequentially rejective multiple test procedure", *Scand.
    J. Stat.* 6 (1979), 65): of k differences, the clearest is told if its p-value is under level /
    k, then the next if its own is under level / (k - 1), and so on until one is not told. Without a
    p-value, for too few runs, a difference is never told, and does not count among the k.

    Where the differences are those of groups from a baseline, *orders* may be those of some from
    each other. They are of the same family, and have to wait until one of both is told from the
    baseline: groups that are like it are like each other, so that k need only count what can still
    be true together (J. P. Shaffer, "Modified sequentially rejective multiple test procedures",
    *J. Am. Stat. Assoc.* 81 (1986), 826).

    Examples
    --------
    >>> told({"GQA": 0.03})
    {'GQA': True}
    >>> told({"GQA": 0.03, "MLA": 0.001, "MQA": 0.04, "MHA": None})
    {'GQA': False, 'MLA': True, 'MQA': False, 'MHA': False}
    >>> told({"GQA": 0.04, "MLA": 0.02}, {("GQA", "MLA"): 0.03})
    {'GQA': True, 'MLA': True, ('GQA', 'MLA'): True}
    """
    orders = orders or {}
    known = {name: p for name, p in p_values.items() if p is not None}
    pairs = {pair: p for pair, p in orders.items() if p is not None}
    clear, found = set[Any](), set[Any]()
    while True:
        n = len(found)
        left = len(known) - n + min(len(pairs), max(n - 1, 0))
        limit = LEVEL / max(left, 1)
        found = {name for name, p in known.items() if p < limit} | found
        clear = {pair for pair, p in pairs.items() if p < limit and found & {*pair}} | clear
        if len(found) == n:
            keys: list[Any] = [*p_values, *orders]
            return {key: key in found | clear for key in keys}


def contenders(
    names: Sequence[Name], compare: Compare[Name], *, sense: str = "max", level: float = LEVEL
) -> list[Name]:
    """Return those that may be the best: all but those that another is told to be better than.

    The one that is best in truth is left out in no more than *level* of the cases. So where one is
    left, it is the best; and where the ends of a dial are left out, the best is inside. This is
    J. C. Hsu's comparison with the best (*Multiple Comparisons* (1996), ch. 4), with Bonferroni's
    inequality, for groups that differ in size and spread.

    *compare* tells of two how much larger the first is than the second, or None if that is not
    known; *sense* is what is better, "min" or "max".

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


def dial_told(
    values: Sequence[Name], effect: Estimate | None, compare: Compare[Name], *, sense: str
) -> tuple[bool, list[Name]]:
    """Say whether the effect of a dial is told, and which of its values may be the best.

    That both ends are beaten and that they differ are two claims of one family, for which there is
    one level: Holm's procedure with weights. What the effect leaves is enough for a best inside
    where no effect is told; and where one is, the worse end is beaten anyway, so that the other is
    tested at the whole level.
    """
    share = _EFFECT if len(values) > 2 else 1.0
    is_told = effect is not None and effect.p_value < share * LEVEL
    level = LEVEL if is_told else _INSIDE * LEVEL
    return is_told, contenders(values, compare, sense=sense, level=level)
