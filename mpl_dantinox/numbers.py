"""Numbers as people read them: the same rounding in every sentence, label and file."""

import math
from collections.abc import Callable

__all__ = ["apart", "compact", "count", "exact", "number", "rate", "rate_unit", "times"]


def number(value: float, digits: int = 3) -> str:
    """Return a value to so many significant digits, never with an exponent between 1e-4 and 1e9.

    >>> number(0.81649), number(12345.6), number(-0.5), number(0), number(3e12)
    ('0.816', '12,300', '-0.500', '0', '3.00e+12')
    """
    if not math.isfinite(value) or value == 0:
        return f"{value:.0f}"
    rounded = f"{value:.{digits - 1}e}"
    if not 1e-4 <= abs(value) < 1e9:
        return rounded
    # Rounding first, so that 9.996 becomes 10.0 and not 10.00.
    decimals = digits - 1 - int(rounded.partition("e")[2])
    return f"{float(rounded):,.{max(decimals, 0)}f}"


def compact(value: float, digits: int = 3) -> str:
    """Return a value like `number` does, without the zeros at its end and not rounded above one.

    >>> compact(96.0), compact(0.5), compact(1024.3)
    ('96', '0.5', '1,024')
    """
    if 1 <= abs(value) < 1e9:
        digits = max(digits, math.floor(math.log10(abs(value))) + 1)
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def exact(value: float) -> str:
    """Return a value that was set and not measured, such as a dial's: in full.

    >>> exact(96.0), exact(0.0625), exact(1536)
    ('96', '0.0625', '1,536')
    """
    return f"{value:,.12g}"


def times(ratio: float) -> str:
    """Return a ratio to three significant digits.

    >>> times(2.4142), times(10.62), times(1)
    ('2.41×', '10.6×', '1.00×')
    """
    return f"{number(ratio)}×"


def count(n: int, noun: str) -> str:
    """Return a number of things, in the singular where it is one.

    >>> count(1, "run"), count(12000, "run")
    ('1 run', '12,000 runs')
    """
    return f"{n:,} {noun}{'s' * (n != 1)}"


def rate(tps: float) -> str:
    """Return a throughput, given in tokens/s, in the unit that it reads well in.

    >>> rate(123.4), rate(5_600), rate(25e6)
    ('123 tok/s', '5.60 k tok/s', '25.0 M tok/s')
    """
    size, unit = rate_unit(tps)
    return f"{number(tps / size)} {unit}"


def rate_unit(tps: float) -> tuple[float, str]:
    """Return the size in tokens/s, and the name, of the unit that a throughput reads well in."""
    for size, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M")):
        if tps >= 10 * size:
            return size, f"{prefix} tok/s"
    return (1e3, "k tok/s") if tps >= 1e3 else (1.0, "tok/s")


def apart(*values: float, spell: Callable[[float, int], str] = number) -> tuple[str, ...]:
    """Return numbers with as many digits as it takes to tell each from its neighbours.

    >>> apart(1.23451, 1.23462), apart(2.0, 3.0, 3.0012)
    (('1.2345', '1.2346'), ('2.00', '3.000', '3.001'))
    """
    ordered = sorted(set(values))
    words = {}
    for place, value in enumerate(ordered):
        neighbours = ordered[max(place - 1, 0) : place + 2]
        for digits in range(3, 13):
            words[value] = spell(value, digits)
            if [spell(one, digits) for one in neighbours].count(words[value]) == 1:
                break
    return tuple(words[value] for value in values)
