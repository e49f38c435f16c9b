"""Runs by the value of a dial: means and ranges, the best one, crossings, a line through all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from mpl_dantinox.insights.facts import Facts, fact, fact_or_none
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.insights.rows import group_sizes, quartiles
from mpl_dantinox.numbers import compact, exact
from mpl_dantinox.statistics.bootstrap import MOST_DRAWN, drawn, means
from mpl_dantinox.tables.engine import Frame, collected
from mpl_dantinox.tables.errors import RunsError

__all__ = [
    "CostFit", "DialBest", "DialReference", "DialValue", "best_value", "cost_fit", "crossing",
    "dial_intervals", "dial_values", "references", "rows_by_dial",
]  # fmt: skip

# A dial is set, so it has few values; a column with more than these holds something else.
_MOST_VALUES = 10_000


@dataclass(frozen=True)
class DialValue(Facts):
    """The runs at one value of the dial: their number, mean and range of quality and cost (MB).

    A quantity that none of the runs has is None.
    """

    key = "value"

    value: Annotated[float, exact]
    n: int
    quality_mean: float | None
    quality_min: float | None
    quality_max: float | None
    cost_mean: float | None
    cost_min: float | None
    cost_max: float | None


@dataclass(frozen=True)
class DialBest(Facts):
    """The dial value with the best mean quality; of equals, the smallest."""

    value: Annotated[float, exact]
    quality_mean: float


@dataclass(frozen=True)
class DialReference(Facts):
    """A group without a dial: medians of its dense runs, and where the dial's cost reaches them.

    `crossing` is the smallest dial value, interpolated between neighbouring ones, at which the line
    through the mean costs meets `cost_median`; None where it never does.
    """

    n: int
    quality_median: float | None
    cost_median: float | None
    crossing: Annotated[float | None, compact]


@dataclass(frozen=True)
class CostFit(Facts):
    """Least squares of cost (MB) on the dial over runs; `r2` is the variance explained."""

    slope: float
    intercept: float
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
            value=float(row["dial"]), n=int(row["n"]), **{k: fact_or_none(row[k]) for k in shown}
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


def dial_intervals(
    usable: Frame, table: Sequence[Mapping[str, Any]], best: DialBest | None, sense: str
) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """Return `DialFacts.effect` and `DialFacts.margin`."""
    have = {row["dial"]: row for row in table if row["quality_n"]}
    if best is None or len(have) < 2:
        return None, None

    def draws(value: float) -> npt.NDArray[np.float64] | None:
        row, stream = have[value], f"dial {value}"
        if row["quality_n"] > MOST_DRAWN:
            return means(row["quality_n"], row["quality_mean"], row["quality_std"], stream)
        runs = usable.filter((nw.col("dial") == value) & ~nw.col("quality").is_null())
        return drawn(collected(runs.select("quality")).to_numpy(), stream, center="mean")

    def interval(minuend: Any, subtrahend: Any) -> tuple[float, float] | None:
        if minuend is None or subtrahend is None:
            return None
        low, high = np.quantile(minuend - subtrahend, (0.025, 0.975))
        return fact(low), fact(high)

    first, *_, last = have
    effect = interval(draws(last), draws(first))
    if best.value in (first, last):
        return effect, None
    ends = sorted((first, last), key=lambda value: have[value]["quality_mean"])
    if sense == "min":
        return effect, interval(draws(ends[0]), draws(best.value))
    return effect, interval(draws(best.value), draws(ends[1]))


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
    sizes = group_sizes(others)
    quality, cost = (
        {g: found.median for g, found in quartiles(others, role).items()}
        for role in ("quality", "cost")
    )
    return {
        g: DialReference(
            n=sizes[g],
            quality_median=quality.get(g),
            cost_median=cost.get(g),
            crossing=crossing(values, cost[g]) if g in cost else None,
        )
        for g in in_order(sizes)
    }
