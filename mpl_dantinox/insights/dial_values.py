"""Runs by the value of a dial: means and ranges, the best one, crossings, a line through all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from mpl_dantinox.artists.crossings import crossings
from mpl_dantinox.insights.compared import compared
from mpl_dantinox.insights.facts import Facts, decimal, fact, fact_or_none
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.insights.ratios import Alike, Interval, alike
from mpl_dantinox.numbers import compact, exact
from mpl_dantinox.statistics.blocks import Matched, additive
from mpl_dantinox.statistics.intervals import Estimate
from mpl_dantinox.statistics.verdicts import dial_told
from mpl_dantinox.tables.engine import MOST, Frame, collected
from mpl_dantinox.tables.errors import RunsError
from mpl_dantinox.tables.runs import Runs
from mpl_dantinox.ticks import log_by_data

__all__ = [
    "Cells", "CostFit", "DialReference", "DialValue", "DialVerdict", "MatchedEffect",
    "at_equal_blocks", "cost_fit", "dial_values", "dial_verdict", "read_cells",
    "references", "rows_by_dial",
]  # fmt: skip

# A dial is set, so it has few values; a column with more than these holds something else.
_MOST_VALUES = 10_000
# Means of more runs of one block are neither drawn as lines nor taken for the line through all.
_MOST_CELLS = 400
# The values of a longer dial are not compared with each other.
_MOST_COMPARED = 24
_ROLES = ("quality", "cost")

#: By role, tables of the means in each block, a column: by dial value, and of each other group.
Cells = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class DialValue(Facts):
    """The runs at one value of the dial: their number, mean and range of quality and cost.

    Means are at equal size, or what else `DialVerdict.within` says; a quantity that none of the
    runs has is None.
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
class MatchedEffect(Facts):
    """The change from the smallest dial value to the largest within blocks: the mean over them.

    Its 95 % interval is None where there are too few blocks and runs. Where no block has both
    values, it is the change from the smallest to the largest of each, and `same_ends` is False.
    """

    change: Annotated[float, "quality"]
    interval: Annotated[Interval | None, "quality"]
    blocks: int
    runs: int
    same_ends: bool


@dataclass(frozen=True)
class DialVerdict(Facts):
    """What is told of the dial's effect on quality.

    Attributes
    ----------
    change : float
        Mean quality of all runs at the largest dial value less that at the smallest.
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
    interval: Annotated[Interval | None, "quality"]
    matched: MatchedEffect | None
    within: tuple[str, ...]
    resolved: bool
    contenders: tuple[float, ...]

    @property
    def told(self) -> tuple[float, Interval | None]:
        """The change that is told, and its interval."""
        one = self.matched if self.within and self.matched else self
        return one.change, one.interval


@dataclass(frozen=True)
class DialReference(Facts):
    """A group without a dial: means of its dense runs, and where the dial's cost reaches them.

    Means are at the sizes of the dial's runs, where those are compared at equal size and some are
    shared. `crossings` are the dial values at which the line through the mean costs meets
    `cost_mean`, as it is drawn: straight between neighbouring values, on the scales of the axes.
    """

    n: int
    quality_mean: Annotated[float | None, "quality"]
    cost_mean: Annotated[float | None, "cost"]
    crossings: Annotated[tuple[float, ...], compact]


@dataclass(frozen=True)
class CostFit(Facts):
    """Least squares of cost (MB) on the dial over runs; `r2` is the variance explained."""

    slope: Annotated[float, "cost"]
    intercept: Annotated[float, "cost"]
    r2: float


# Each value of the dial


def rows_by_dial(usable: Frame) -> list[dict[str, Any]]:
    """Return what there is to know of the runs at each value of the dial, by value."""
    both = (~nw.col("quality").is_null() & ~nw.col("cost").is_null()).cast(nw.Int64)
    of = {"n": "count", "mean": "mean", "min": "min", "max": "max"}
    asked = {f"{c}_{key}": getattr(nw.col(c), name)() for c in _ROLES for key, name in of.items()}
    table = collected(
        usable.with_columns(both=both)
        .group_by("dial")
        .agg(
            nw.len().alias("n"), nw.col("both").sum(), cost_std=nw.col("cost").std(ddof=0), **asked
        )
        .sort("dial")
        .head(_MOST_VALUES + 1)
    )
    if len(table) > _MOST_VALUES:
        raise RunsError(f"the dial has more than {_MOST_VALUES:,} values; is it the right column?")
    return [row | {"dial": decimal(row["dial"])} for row in table.iter_rows(named=True)]


def dial_values(table: Sequence[Mapping[str, Any]]) -> tuple[DialValue, ...]:
    """Return the values of the dial, from what `rows_by_dial` tells."""
    shown = [name for name in DialValue.__dataclass_fields__ if name not in ("value", "n")]
    return tuple(
        DialValue(value=row["dial"], n=int(row["n"]), **{k: fact_or_none(row[k]) for k in shown})
        for row in table
    )


# What the dial does to quality


def dial_verdict(
    runs: Runs, usable: Frame, table: Sequence[Mapping[str, Any]], sense: str
) -> DialVerdict | None:
    """Return what the runs tell of the dial's effect on quality, None of fewer than two values."""
    have = [row["dial"] for row in table if row["quality_n"]]
    if len(have) < 2:
        return None
    known = usable.filter(~nw.col("quality").is_null())
    columns = alike(runs, "cost")
    found = compared(known, nw.col("quality"), by="dial", **columns)
    at = {decimal(name): name for name in found.samples if isinstance(name, float)}
    first, last = at[have[0]], at[have[-1]]
    pooled, same_ends = found.pooled(last, first), True
    matched = found.matched(last, first)
    if matched is None and columns["blocks"]:
        matched, same_ends = _own_ends(known, columns), False
    within = matched is not None and (columns["blocks"] != ["params"] or found.are_comparable())

    def compare(one: float, other: float) -> Estimate | None:
        if not within:
            return found.pooled(at[one], at[other])
        both = found.matched(at[one], at[other])
        return None if both is None else both.estimate

    effect = matched.estimate if matched and within else pooled
    few = len(have) <= _MOST_COMPARED
    is_told, contenders = dial_told(have if few else have[:2], effect, compare, sense=sense)
    return DialVerdict(
        change=fact(found.samples[last].mean - found.samples[first].mean),
        interval=_ends(pooled),
        matched=None if matched is None else _matched_effect(matched, same_ends=same_ends),
        within=tuple(runs.columns[role] for role in columns["blocks"]) if within else (),
        resolved=is_told,
        contenders=tuple(contenders if few else have),
    )


def _matched_effect(found: Matched, *, same_ends: bool) -> MatchedEffect:
    change, interval = fact(found.value), _ends(found.estimate)
    return MatchedEffect(change, interval, found.blocks, found.runs, same_ends)


def _own_ends(known: Any, columns: Alike) -> Matched | None:
    """Return the change from the smallest to the largest value of each block."""
    dial, low, high = map(nw.col, ("dial", "low", "high"))
    ends = known.group_by(*columns["blocks"]).agg(dial.min().alias("low"), dial.max().alias("high"))
    rows = known.join(ends, on=columns["blocks"], how="inner").filter(
        low < high, (dial == low) | (dial == high)
    )
    rows = rows.with_columns(end=(dial == high).cast(nw.Int64)).drop("low", "high")
    return compared(rows, nw.col("quality"), by="end", **columns).matched(1, 0)


def _ends(estimate: Estimate | None) -> Interval | None:
    if estimate is None:
        return None
    low, high = estimate.interval()
    return fact(low), fact(high)


# Means at equal size


def read_cells(runs: Runs, usable: Frame, others: Frame) -> Cells:
    """Return what there is in each block, nothing of more blocks than can be drawn."""
    import pandas as pd

    blocks = alike(runs)["blocks"]
    tables = []
    for frame, by, most in ((usable, "dial", _MOST_CELLS + 1), (others, "group", MOST)):
        means = frame.group_by(by, *blocks).agg(*(nw.col(role).mean() for role in _ROLES))
        rows = collected(means.drop_nulls([by, *blocks]).sort(*blocks, by).head(most))
        # Where all are missing, some engines say no type.
        table = pd.DataFrame(rows.to_dict(as_series=False)).astype(dict.fromkeys(_ROLES, float))
        tables.append((by, table))
    if len(tables[0][1]) > _MOST_CELLS:
        return {}
    cells = {}
    for role in _ROLES:
        mine, theirs = (
            rows.pivot_table(index=by, columns=blocks, values=role) for by, rows in tables
        )
        cells[role] = mine, theirs.reindex(columns=mine.columns).dropna(how="all")
    return cells


def at_equal_blocks(
    table: Sequence[Mapping[str, Any]], cells: Cells
) -> tuple[list[dict[str, Any]], dict[str, dict[str, float]]]:
    """Return *table* with the means over the same blocks at each value, and those of the groups.

    Values of the dial that only larger models have would have another mean by that alone. So what
    is missing in the blocks with several values is filled in: quality is taken for a sum of what
    the value and the block do to it, a cost for their product. Then the change of the mean is that
    within blocks (F. Yates, *Empire J. Exp. Agric.* 1 (1933), 129). Where blocks do not tell, means
    stay as they are.
    """
    rows, levels = [dict(row) for row in table], dict[str, dict[str, float]]()
    for role, (mine, others) in cells.items():
        means = _filled_means(mine.to_numpy(), others.to_numpy(), of_products=role == "cost")
        found = dict(zip(map(decimal, mine.index), means, strict=False))
        for row in rows if found else ():
            row[f"{role}_mean"] = found.get(row["dial"], row[f"{role}_mean"])
            # What is left of the spread is mostly sizes.
            row[f"{role}_std"] = 0.0
        levels[role] = dict(zip(others.index, means[len(mine) :], strict=False))
    return rows, levels


def _filled_means(
    mine: npt.NDArray[np.float64], others: npt.NDArray[np.float64], *, of_products: bool
) -> list[float]:
    """Return the means of rows over the columns in which several of *mine* are known."""
    cells = np.vstack([mine, others])
    logs = of_products and bool((cells[np.isfinite(cells)] > 0).all())
    to, back = (np.log, np.exp) if logs else (np.positive, np.positive)
    fit = additive(to(mine))
    if fit is None:
        return []
    of_row, of_column = fit
    of_others = np.nanmean(to(others) - of_column, axis=1)
    filled = back(np.concatenate([of_row, of_others])[:, None] + of_column)
    several = np.isfinite(mine).sum(axis=0) > 1
    means = np.where(np.isfinite(cells), cells, filled)[:, several].mean(axis=1)
    return [float(mean) for mean in means]


# Costs


def references(
    others: Frame,
    values: Sequence[DialValue],
    levels: Mapping[str, Mapping[str, float]],
    log: Mapping[str, bool],
) -> tuple[dict[str, DialReference], dict[str, bool]]:
    """Return the other groups, whose runs have no dial, and which axes are logarithmic."""
    table = collected(
        others.group_by("group").agg(nw.len().alias("n"), *(nw.col(r).mean() for r in _ROLES))
    )
    rows = {row["group"]: row for row in table.iter_rows(named=True)}
    means = {
        g: {role: fact_or_none(levels.get(role, {}).get(g, row[role])) for role in _ROLES}
        for g, row in rows.items()
    }
    costs = [cost for v in values for cost in (v.cost_min, v.cost_max)]
    costs += [of["cost"] for of in means.values()]
    drawn = {
        "dial": [v.value for v in values],
        "cost": [cost for cost in costs if cost is not None],
    }
    scales = {role: log.get(role, log_by_data(data)) for role, data in drawn.items()}
    found = {}
    for g in in_order(rows):
        quality, cost = means[g].values()
        met = () if cost is None else _crossings(values, cost, scales)
        found[g] = DialReference(int(rows[g]["n"]), quality, cost, met)
    return found, scales


def _crossings(
    values: Sequence[DialValue], level: float, log: Mapping[str, bool]
) -> tuple[float, ...]:
    """Return the dial values at which the line through the mean costs meets a level."""
    have = [(v.value, v.cost_mean) for v in values if v.cost_mean is not None]
    if len(have) < 2 or (log["cost"] and level <= 0):
        return ()
    line = np.array([*have, (have[0][0], level), (have[-1][0], level)], float)
    logs = [log["dial"], log["cost"]]
    line[:, logs] = np.log(line[:, logs])
    met = crossings(line[:-2], line[-2:])[:, 0]
    return tuple(map(fact, np.exp(met) if log["dial"] else met))


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
