"""Numbers and names as the figures write them: the same rounding in every sentence."""

import math
import re
from collections.abc import Mapping, Sequence

from mpl_dantinox.tables.runs import ROLES

__all__ = [
    "BETTER", "compact", "count", "exact", "listed", "named", "names", "number", "spoken", "times",
]  # fmt: skip

#: The direction of better, said once per axis.
BETTER = {"min": "lower is better", "max": "higher is better"}

# What sentences call a quantity that goes by its own label.
_SHORT = {"loss": "loss", "cache": "cache", "tps": "throughput"}
# Names of groups with these in them would fall apart in a list, or run into a number beside them.
_AMBIGUOUS = re.compile(r"[,;:“”]|\b(?:and|or)\b|(?:^|\s)[\d.]+(?:\s|$)")


def number(value: float, digits: int = 3) -> str:
    """Return a value to so many significant digits, never with an exponent between 1e-4 and 1e9.

    Examples
    --------
    >>> number(0.81649), number(12345.6), number(-0.5), number(0), number(3e12)
    ('0.816', '12,300', '-0.500', '0', '3.00e+12')
    """
    if not math.isfinite(value) or value == 0:
        return f"{value:.0f}"
    if not 1e-4 <= abs(value) < 1e9:
        return f"{value:.{digits - 1}e}"
    # Rounding first, so that 9.996 becomes 10.0 and not 10.00.
    value = float(f"{value:.{digits - 1}e}")
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{value:,.{max(decimals, 0)}f}"


def compact(value: float, digits: int = 3) -> str:
    """Return a value like `number` does, without the zeros at its end and not rounded above one.

    Examples
    --------
    >>> compact(96.0), compact(0.5), compact(1024.3)
    ('96', '0.5', '1,024')
    """
    if 1 <= abs(value) < 1e9:
        digits = max(digits, math.floor(math.log10(abs(value))) + 1)
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def exact(value: float) -> str:
    """Return a value that was set and not measured, such as a dial's: in full.

    Examples
    --------
    >>> exact(96.0), exact(0.0625), exact(1536)
    ('96', '0.0625', '1,536')
    """
    return f"{value:,.12g}"


def times(ratio: float) -> str:
    """Return a ratio to three significant digits.

    Examples
    --------
    >>> times(2.4142), times(10.62), times(1)
    ('2.41×', '10.6×', '1.00×')
    """
    return f"{number(ratio)}×"


def count(n: int, noun: str) -> str:
    """Return a number of things, in the singular where it is one.

    Examples
    --------
    >>> count(1, "run"), count(12000, "run")
    ('1 run', '12,000 runs')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def named(group: str) -> str:
    """Return the name of a group as a sentence has it: in quotes where it could be misread.

    Examples
    --------
    >>> named("MLA"), named("sliding, full"), named("layer 2")
    ('MLA', '“sliding, full”', '“layer 2”')
    """
    return f"“{group}”" if _AMBIGUOUS.search(group) else group


def names(groups: Sequence[str], word: str = "and") -> str:
    """Return the names of groups as a list in a sentence; beyond three the rest is counted.

    Examples
    --------
    >>> names(["MLA"]), names(["MLA", "GQA"], "or"), names(list("abcde"))
    ('MLA', 'MLA or GQA', 'a, b and 3 more')
    """
    return listed([named(g) for g in groups], word)


def listed(items: Sequence[str], word: str = "and") -> str:
    """Return phrases as a list in a sentence; beyond three the rest is counted."""
    if len(items) > 3:
        items = [*items[:2], f"{len(items) - 2} more"]
    return f" {word} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def spoken(labels: Mapping[str, str], *, short: bool = True) -> dict[str, str]:
    """Return what sentences call each role's column, from what its axis is called.

    Examples
    --------
    >>> labels = {"loss": "Validation loss", "cache": "KV memory", "tps": "Prefill speed"}
    >>> spoken(labels)
    {'loss': 'loss', 'cache': 'KV memory', 'tps': 'prefill speed'}
    >>> spoken(labels, short=False)["loss"]
    'validation loss'
    """
    return {
        role: _SHORT[role]
        if short and role in _SHORT and label == ROLES[role].label
        else _lowered(label)
        for role, label in labels.items()
    }


def _lowered(label: str) -> str:
    """Return a label without the capital of its first word, unless it is an abbreviation's."""
    first = re.match(r"\w*", label)
    plain = first is not None and first[0][1:].islower()
    # What a label escapes for the sake of math is shown as it is in a sentence.
    return (label[:1].lower() + label[1:] if plain else label).replace(r"\$", "$")
