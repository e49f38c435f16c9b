"""Ratios of groups to a baseline: how sure they are, and what that allows to be said."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt

from mpl_dantinox.insights.claims import Claim, tells_apart
from mpl_dantinox.insights.facts import fact, fact_or_none
from mpl_dantinox.insights.words import named
from mpl_dantinox.numbers import number, times
from mpl_dantinox.statistics.bootstrap import MOST_DRAWN, drawn, medians, middle_places
from mpl_dantinox.tables.engine import Frame, collected, order_statistics

__all__ = [
    "Interval", "Ratio", "by_verdict", "drawn_medians", "ratio_claims", "ratio_interval",
    "ratios_listed", "span", "verdict",
]  # fmt: skip

#: The ends of a 95 % interval; the upper one may be missing.
Interval = tuple[float, float | None]


class Ratio(NamedTuple):
    """A group's value over that of a baseline; None where the baseline has none, or zero."""

    value: float | None
    interval: Interval | None
    n: int


# Ratios closer to one than this are called the same.
_SAME = 0.02


def drawn_medians(
    frame: Frame, pair: tuple[str, str], sizes: Mapping[str, int]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return pairs of medians of two columns as they could have come out, by group.

    Parameters
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
        With the text column ``"group"`` and the two of finite numbers.
    pair : (str, str)
        The columns.
    sizes : dict of str to int
        The number of rows of each group.

    Returns
    -------
    dict of str to array of shape (2000, 2)
        Without the groups of too few rows to tell.
    """
    draws = {}
    for g, n in sizes.items():
        rows = frame.filter(nw.col("group") == g)
        if n <= MOST_DRAWN:
            pairs = drawn(collected(rows.select(*pair)).to_numpy(), g)
        else:
            middle = {g: [(n - 1) / 2, *middle_places(n)]}
            values = np.column_stack([order_statistics(rows, c, middle)[g] for c in pair])
            pairs = medians(values[1:], _together(rows, pair, values[0]), g)
        if pairs is not None:
            draws[g] = pairs
    return draws


def _together(rows: Frame, pair: tuple[str, str], middles: npt.NDArray[np.float64]) -> float:
    """Return the correlation of being above the median in one column and in the other."""
    one, other = (
        (nw.col(c) > float(m)).cast(nw.Int64) - (nw.col(c) < float(m)).cast(nw.Int64)
        for c, m in zip(pair, middles, strict=True)
    )
    return float(collected(rows.select((one * other).mean())).item())


def ratio_interval(
    draws: Mapping[str, npt.NDArray[np.float64]], group: str, to: str
) -> Interval | None:
    """Return the 95 % interval of one group's value over another's.

    Parameters
    ----------
    draws : dict of str to array of one length
        Values of each group as they could have come out.
    group, to : str

    Returns
    -------
    (float, float or None) or None
        Open above where the denominator may be zero; None of a group to itself, and where one of
        the two has no draws.
    """
    if group == to or group not in draws or to not in draws:
        return None
    # Where the denominator is zero there is no ratio, which counts as the largest.
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.nan_to_num(draws[group] / draws[to], nan=np.inf)
    low, high = np.quantile(ratios, (0.025, 0.975), method="lower")
    return (fact(low), fact_or_none(high)) if np.isfinite(low) else None


def ratio_claims(
    ratios: Mapping[str, Ratio], to: str | None, *, kind: str = "ratio", what: str | None = None
) -> list[Claim]:
    """Return the claims of each group's ratio to another, headed by default by that one's name."""
    what = f"to {to}" if what is None else what
    return [
        Claim(
            kind, g, r.value, times(r.value), what, to=to, interval=r.interval, n=r.n,
            resolved=tells_apart(r.interval, 1.0),
        )
        for g, r in ratios.items() if g != to and r.value is not None
    ]  # fmt: skip


def verdict(ratio: Ratio) -> Literal["more or less", "as much", "unclear"]:
    """Return what a ratio and its interval allow to be said."""
    value = ratio.value or 0.0
    low, high = ratio.interval or (value, value)
    high = np.inf if high is None else high
    near = abs(value - 1) < _SAME
    # A ratio near one says that two groups are alike only if it could not well be another.
    if low <= 1 <= high and not (near and max(1 - low, high - 1) < _SAME):
        return "unclear"
    return "as much" if near else "more or less"


def by_verdict(ratios: Mapping[str, Ratio], groups: Iterable[str]) -> tuple[list[str], ...]:
    """Return the groups that differ, those that are alike, and those that cannot be told."""
    told: dict[str, list[str]] = {"more or less": [], "as much": [], "unclear": []}
    for g in groups:
        told[verdict(ratios[g])].append(g)
    return tuple(told.values())


def ratios_listed(ratios: Mapping[str, Ratio], groups: Sequence[str]) -> str:
    """Return groups with their ratios, the first few of many."""
    more = f" and {len(groups) - 3} more" if len(groups) > 3 else ""
    return ", ".join(f"{named(g)} {times(ratios[g].value or 0)}" for g in groups[:3]) + more


def span(interval: Interval) -> str:
    """Return an interval in words.

    Examples
    --------
    >>> span((0.5, 2.0)), span((3.0, None))
    ('95% interval 0.500 to 2.00', '95% interval 3.00 upwards')
    """
    low, high = interval
    return f"95% interval {number(low)} {'upwards' if high is None else f'to {number(high)}'}"
