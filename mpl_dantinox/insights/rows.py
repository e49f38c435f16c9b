"""What several insights ask of a table's rows, answered by its own engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import and_

import narwhals as nw
import numpy as np

from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.tables.engine import Frame, collected, order_statistics
from mpl_dantinox.tables.failures import FAILURES
from mpl_dantinox.tables.runs import Runs

__all__ = [
    "Quartiles", "failures", "group_sizes", "quartiles", "rows_dropped", "rows_lost", "units_of",
]  # fmt: skip


def units_of(runs: Runs) -> dict[str, str]:
    """Return the names of the units of cost and quality, where they have one."""
    wanted = {role: runs.units[role].name for role in ("cost", "quality") if role in runs.units}
    return {role: name for role, name in wanted.items() if name}


def rows_dropped(
    runs: Runs, wanted: Mapping[str, nw.Expr], *, dense: bool = True
) -> dict[str, int]:
    """Return how many rows are not (dense) runs of a group, or else fail each further condition.

    A row that fails two is counted under the first. ``"moe"`` are those that are not known to be
    dense, ``"dense"`` those that are known not to be.
    """
    conditions = {"group": ~nw.col("group").is_null()}
    if dense and "moe" in runs.columns:
        conditions |= {"moe": ~nw.col("moe").is_null(), "dense": nw.col("moe") == 0}
    return rows_lost(runs.frame, conditions | dict(wanted))


def rows_lost(frame: Frame, conditions: Mapping[str, nw.Expr]) -> dict[str, int]:
    """Return how many rows of a frame fail each condition, of those that meet the ones before."""
    kept = enumerate(accumulate(conditions.values(), and_))
    sums = [k.cast(nw.Int64).sum().alias(str(place)) for place, k in kept]
    n = [int(left or 0) for left in collected(frame.select(nw.len(), *sums)).row(0)]
    lost = zip(conditions, n[:-1], n[1:], strict=True)
    return {what: more - fewer for what, more, fewer in lost if more > fewer}


def failures(runs: Runs, *, dense: bool) -> dict[str, dict[str, int]]:
    """Return how many (dense) runs of each group failed, by how they did."""
    if runs.failed is None:
        return {}
    rows = runs.failed.filter(~nw.col("group").is_null())
    if dense and "moe" in runs.columns:
        rows = rows.filter(nw.col("moe") == 0)
    table = collected(rows.group_by("group", "failure").agg(nw.len().alias("n")))
    n = {(row["group"], row["failure"]): int(row["n"]) for row in table.iter_rows(named=True)}
    return {
        g: {how: n[g, how] for how in FAILURES if (g, how) in n}
        for g in in_order({g for g, _ in n})
    }


def group_sizes(frame: Frame) -> dict[str, int]:
    """Return the number of rows of each group."""
    if isinstance(frame, nw.DataFrame):
        table = frame["group"].value_counts(name="n")
    else:
        table = collected(frame.group_by("group").agg(nw.len().alias("n")))
    # The groups of pandas' categories that no row has count as well.
    return {g: int(n) for g, n in table.select("group", "n").iter_rows() if n}


@dataclass(frozen=True)
class Quartiles(Facts):
    """The median of a group's runs, and their lower and upper quartile."""

    median: float
    q1: float
    q3: float


def quartiles(frame: Frame, column: str) -> dict[str, Quartiles]:
    """Return the quartiles of a column in each group, of the rows that have a value."""
    known = frame.filter(~nw.col(column).is_null())
    at = {g: np.array([0.5, 0.25, 0.75]) * (n - 1) for g, n in group_sizes(known).items()}
    found = order_statistics(known, column, at)
    return {g: Quartiles(*map(fact, values)) for g, values in found.items()}
