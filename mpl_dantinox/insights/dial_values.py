"""Runs by the value of a dial: means and ranges, the best one, crossings, a line through all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from mpl_dantinox.insights.compared import compared
from mpl_dantinox.insights.facts import Facts, decimal, fact, fact_or_none
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.insights.ratios import alike
from mpl_dantinox.numbers import compact, exact
from mpl_dantinox.statistics.blocks import Matched
from mpl_dantinox.statistics.intervals import Estimate
from mpl_dantinox.statistics.verdicts import LEVEL, contenders
from mpl_dantinox.tables.engine import Frame, collected
from mpl_dantinox.tables.errors import RunsError
from mpl_dantinox.tables.runs import Runs

__all__ = [
    "BlockLines", "CostFit", "DialBest", "DialReference", "DialValue", "DialVerdict", "Line",
    "MatchedEffect", "best_value", "block_lines", "cost_fit", "crossing", "dial_values",
    "dial_verdict", "references", "rows_by_dial",
]  # fmt: skip

# A dial is set, so it has few values; a column with more than these holds something else.
_MOST_VALUES = 10_000
# As many points are drawn of lines through blocks.
_MOST_ON_LINES = 400
# The values of a longer dial are not compared with each other.
_MOST_COMPARED = 24


#: Places along the dial, and means there.
Line = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
#: Lines of blocks by role.
BlockLines = Mapping[str, Sequence[Line]]


@dataclass(frozen=True)
class DialValue(Facts):
    """The runs at one value of the dial: their number, mean and range of quality and cost (MB).

    A quantity that none of the runs has is None.
    """

    key = "value"

    value: Annotated[float, exact]
    n: int
    quality_mean: Annotated[float | None, "quality"]
    quality_min: Annotated[float | None, "quality"]
    quality_max: Annotated[float | None, "quality"]
    cost_mean: Annotated[float | None, "cost"]
    cost_min: Annotated[float | None, "cost"]
    cost_max: Annotated[float | None, "cost"]


@dataclass(frozen=True)
class DialBest(Facts):
    """The dial value with the best mean quality; of equals, the smallest."""

    value: Annotated[float, exact]
    quality_mean: Annotated[float, "quality"]


@dataclass(frozen=True)
class MatchedEffect(Facts):
    """The change from the smallest dial value to the largest within blocks: the mean over them.

    Its 95 % interval is None where there are too few blocks and runs.
    """

    change: Annotated[float, "quality"]
    interval: Annotated[tuple[float, float] | None, "quality"]
    blocks: int
    runs: int


@dataclass(frozen=True)
class DialVerdict(Facts):
    """What is told of the dial's effect on quality.

    Attributes
    ----------
    change : float
        Mean quality at the largest dial value less that at the smallest.
    interval : (float, float) or None
        Its 95 % interval; None where either has fewer than three configurations.
    matched : MatchedEffect or None
    within : tuple of str
        The columns that are equal in the runs that are compared; none where they are all runs.
    resolved : bool
        Whether the change is told from 0: the matched one if `within` has columns.
    contenders : tuple of float
        The values that may be the best: all but those that another is told to be better than.
    """

    change: Annotated[float, "quality"]
    interval: Annotated[tuple[float, float] | None, "quality"]
    matched: MatchedEffect | None
    within: tuple[str, ...]
    resolved: bool
    contenders: tuple[float, ...]

    @property
    def told(self) -> tuple[float, tuple[float, float] | None]:
        """The change that is told, and its interval."""
        if self.within and self.matched:
            return self.matched.change, self.matched.interval
        return self.change, self.interval


@dataclass(frozen=True)
class DialReference(Facts):
    """A group without a dial: means of its dense runs, and where the dial's cost reaches them.

    `crossing` is the smallest dial value, interpolated between neighbouring ones, at which the line
    through the mean costs meets `cost_mean`; None where it never does.
    """

    n: int
    quality_mean: Annotated[float | None, "quality"]
    cost_mean: Annotated[float | None, "cost"]
    crossing: Annotated[float | None, compact]


@dataclass(frozen=True)
class CostFit(Facts):
    """Least squares of cost (MB) on the dial over runs; `r2` is the variance explained."""

    slope: Annotated[float, "cost"]
    intercept: Annotated[float, "cost"]
    r2: float


def rows_by_dial(usable: Frame) -> list[dict[str, Any]]:
    """Return what there is to know of the runs at each value of the dial, by value."""
    both = (~nw.col("quality").is_null() & ~nw.col("cost").is_null()).cast(nw.Int64)
    columns = ("quality", "cost")
    table = collected(
        usable.with_columns(both=both)
        .group_by("dial")
        .agg(
            nw.len().alias("n"),
            nw.col("both").sum(),
            *(nw.col(c).count().alias(f"{c}_n") for c in columns),
            *(nw.col(c).mean().alias(f"{c}_mean") for c in columns),
            *(nw.col(c).min().alias(f"{c}_min") for c in columns),
            *(nw.col(c).max().alias(f"{c}_max") for c in columns),
            *(nw.col(c).std(ddof=0).alias(f"{c}_std") for c in columns),
        )
        .sort("dial")
        .head(_MOST_VALUES + 1)
    )
    if len(table) > _MOST_VALUES:
        raise RunsError(f"the dial has more than {_MOST_VALUES:,} values; is it the right column?")
    return list(table.iter_rows(named=True))


def dial_values(table: Sequence[Mapping[str, Any]]) -> tuple[DialValue, ...]:
    """Return the values of the dial, from what `rows_by_dial` tells."""
    shown = [name for name in DialValue.__dataclass_fields__ if name not in ("value", "n")]
    return tuple(
        DialValue(
            value=decimal(row["dial"]), n=int(row["n"]), **{k: fact_or_none(row[k]) for k in shown}
        )
        for row in table
    )


def best_value(values: Sequence[DialValue], sense: str) -> DialBest | None:
    """Return the value with the best mean quality, None where no quality is known."""
    have = [(v.quality_mean, v.value) for v in values if v.quality_mean is not None]
    if not have:
        return None
    quality, value = min(have, key=lambda pair: (pair[0] if sense == "min" else -pair[0], pair[1]))
    return DialBest(value, quality)


def dial_verdict(
    runs: Runs, usable: Frame, values: Sequence[DialValue], sense: str
) -> DialVerdict | None:
    """Return what the runs tell of the dial's effect on quality, None of fewer than two values."""
    have = [v.value for v in values if v.quality_mean is not None]
    if len(have) < 2:
        return None
    known = usable.filter(~nw.col("quality").is_null())
    columns = alike(runs, "cost")
    found = compared(known, nw.col("quality"), by="dial", **columns)
    at = {decimal(name): name for name in found.samples if isinstance(name, float)}
    first, *_, last = (at[value] for value in have)
    change = fact(found.samples[last].mean - found.samples[first].mean)
    pooled, matched = found.pooled(last, first), found.matched(last, first)
    within = matched is not None and (
        columns["blocks"] != ["params"]
        or abs(matched.value - change) > 0.25 * max(abs(matched.value), abs(change))
    )

    def compare(one: Any, other: Any) -> Estimate | None:
        if not within:
            return found.pooled(at[one], at[other])
        both = found.matched(at[one], at[other])
        return None if both is None else both.estimate

    told = matched.estimate if matched and within else pooled
    few = len(have) <= _MOST_COMPARED
    return DialVerdict(
        change=change,
        interval=_ends(pooled),
        matched=None if matched is None else _matched_effect(matched),
        within=tuple(runs.columns[role] for role in columns["blocks"]) if within else (),
        resolved=told is not None and told.p_value < LEVEL,
        contenders=tuple(contenders(have, compare, sense=sense) if few else have),
    )


def _matched_effect(found: Matched) -> MatchedEffect:
    return MatchedEffect(fact(found.value), _ends(found.estimate), found.blocks, found.runs)


def block_lines(runs: Runs, usable: Frame) -> BlockLines:
    """Return the lines of a few blocks, through their means by dial value, of either quantity."""
    blocks = alike(runs)["blocks"]
    roles = ("quality", "cost")
    means = usable.group_by("dial", *blocks).agg(*(nw.col(role).mean() for role in roles))
    table = collected(means.drop_nulls(blocks).sort(*blocks, "dial").head(_MOST_ON_LINES + 1))
    if len(table) > _MOST_ON_LINES:
        return {}
    rows = list(table.iter_rows(named=True))
    lines: dict[str, list[Line]] = {}
    for role in roles:
        known = [row for row in rows if row[role] is not None]
        for _, of_block in groupby(known, key=lambda row: [row[b] for b in blocks]):
            x, y = zip(*((row["dial"], row[role]) for row in of_block), strict=True)
            lines.setdefault(role, []).append((np.array(x), np.array(y)))
    return lines


def _ends(estimate: Estimate | None) -> tuple[float, float] | None:
    if estimate is None:
        return None
    low, high = estimate.interval()
    return fact(low), fact(high)


def crossing(values: Sequence[DialValue], level: float) -> float | None:
    """Return the smallest dial value at which the line through the mean costs is at a level."""
    dial, cost = (
        np.array([getattr(v, key) for v in values if v.cost_mean is not None], float)
        for key in ("value", "cost_mean")
    )
    above = cost - level
    meets = np.flatnonzero(np.sign(above[:-1]) * np.sign(above[1:]) <= 0)
    if not len(meets):
        return float(dial[0]) if len(dial) and above[0] == 0 else None
    i = meets[0]
    if above[i] == above[i + 1]:
        return float(dial[i])
    return fact(dial[i] + (dial[i + 1] - dial[i]) * above[i] / (above[i] - above[i + 1]))


def cost_fit(table: Sequence[Mapping[str, Any]]) -> CostFit | None:
    """Return the line through all runs, for which the means and spreads by dial value will do."""
    have = [row for row in table if row["cost_n"]]
    if len(have) < 2:
        return None
    n, dial, mean, deviation = (
        np.array([row[key] for row in have], float)
        for key in ("cost_n", "dial", "cost_mean", "cost_std")
    )
    center = np.average(mean, weights=n)
    within = np.sum(n * deviation**2)
    total = within + np.sum(n * (mean - center) ** 2)
    if total <= 1e-24 * np.sum(n * mean**2):
        # A cost that is the same everywhere is a line, and one that explains all there is.
        return CostFit(0.0, fact(center), 1.0)
    slope, intercept = np.polyfit(dial, mean, 1, w=np.sqrt(n))
    rest = within + np.sum(n * (mean - intercept - slope * dial) ** 2)
    return CostFit(fact(slope), fact(intercept), fact(1.0 - rest / total))


def references(
    dense: Frame, dial_group: str, values: Sequence[DialValue]
) -> dict[str, DialReference]:
    """Return the other groups, whose runs have no dial."""
    others = dense.filter(~nw.col("group").is_null() & (nw.col("group") != dial_group))
    roles = ("quality", "cost")
    table = collected(
        others.group_by("group").agg(nw.len().alias("n"), *(nw.col(r).mean() for r in roles))
    )
    rows = {row["group"]: row for row in table.iter_rows(named=True)}
    means = {g: [fact_or_none(row[role]) for role in roles] for g, row in rows.items()}
    found = {}
    for g in in_order(rows):
        quality, cost = means[g]
        at = None if cost is None else crossing(values, cost)
        found[g] = DialReference(int(rows[g]["n"]), quality, cost, at)
    return found
