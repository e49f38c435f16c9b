"""Groups of runs, any two of which can be compared: all their runs, or within blocks."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from mpl_dantinox.statistics.blocks import Cells, Matched, matched, units
from mpl_dantinox.statistics.intervals import Estimate, Sample, difference
from mpl_dantinox.tables.engine import MOST, Frame, collected, fits_in_memory

__all__ = ["Compared", "codes", "compared"]

_Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Compared:
    """What is known of one quantity in each group.

    That is of all runs, each of which counts once as `blocks.units` says; of those that are in
    blocks, by block; and how many runs there are in all groups.
    """

    samples: Mapping[Hashable, Sample]
    cells: Mapping[Hashable, Cells]
    n_runs: int

    def pooled(self, one: Hashable, other: Hashable) -> Estimate | None:
        """Return how much larger the one's mean is, of all runs."""
        return difference(self.samples[one], self.samples[other])

    def matched(self, one: Hashable, other: Hashable) -> Matched | None:
        """Return the same within blocks, None where they share none."""
        have = one in self.cells and other in self.cells
        return matched(self.cells[one], self.cells[other]) if have else None

    def are_comparable(self, baseline: Hashable | None = None) -> bool:
        """Tell whether most runs are in a block with others: of any group, or of the baseline.

        This depends on which runs there are, and never on what came out of them: what is told of
        groups that are alike would be false more often if it were chosen by its result.
        """
        if not self.cells:
            return False
        blocks, runs = (
            np.concatenate([getattr(cells, name) for cells in self.cells.values()])
            for name in ("block", "runs")
        )
        found, n_groups = np.unique(blocks, return_counts=True)
        if len(found) == 1 and runs.sum() == self.n_runs:
            # All runs are, and nothing is to be said of it.
            return False
        shared = found[n_groups > 1]
        if baseline in self.cells:
            shared = np.intersect1d(shared, self.cells[baseline].block)
        return bool(2 * runs[np.isin(blocks, shared)].sum() >= self.n_runs)


def compared(
    frame: Frame,
    value: nw.Expr,
    *,
    by: str = "group",
    repeats: Sequence[str] = (),
    blocks: Sequence[str] = (),
) -> Compared:
    """Take from a table what it takes to compare its groups, which are in the column *by*.

    The value is finite in all rows; a logarithm where ratios are wanted. The columns *repeats* are
    equal in runs of one configuration, and *blocks* in those of one block. Without any, no run
    repeats another, or is comparable; one without the first of *repeats* repeats no other.
    """
    keys = list(dict.fromkeys([by, *repeats, *blocks]))
    columns = [name for name in frame.collect_schema().names() if name not in ("row", "value")]
    chosen = frame.select(*columns, value=value)
    if not fits_in_memory(chosen):
        return _by_the_engine(chosen, by, keys if repeats else [], blocks)
    rows = collected(chosen)
    values = rows["value"].to_numpy()
    if not values.size:
        return Compared({}, {}, 0)
    group = codes(rows, [by])
    names = rows[by].to_numpy()[np.unique(group, return_index=True)[1]].tolist()
    run = _told_apart(codes(rows, ["value", *columns]), group, named="name" in columns)
    configuration = run
    if repeats:
        configuration = codes(rows, [*repeats, *blocks], needed=repeats[:1])
        alone = configuration.max() + 1 + run
        configuration = np.where(configuration < 0, alone, configuration)
    once, first, _ = units(values, group, configuration, run)
    samples = {name: Sample.of(once[group[first] == g]) for g, name in enumerate(names)}
    cells = {}
    if blocks:
        block = codes(rows, blocks, needed=blocks)
        # A group that has one configuration in a block is compared there by its runs.
        kept = block >= 0
        cell = len(names) * block[kept] + group[kept]
        once, first, runs = units(values[kept], cell, configuration[kept], run[kept])
        for g in np.unique(group[kept]):
            mine = cell[first] % len(names) == g
            cells[names[g]] = Cells.of(once[mine], cell[first][mine] // len(names), runs[mine])
    return Compared(samples, cells, values.size)


def _told_apart(row: _Codes, group: _Codes, *, named: bool) -> _Codes:
    """Return which run each row is: rows that are equal in all columns may be one, logged again.

    They are if runs have names, or if there are several of each, and not all are equal.
    """
    n = np.bincount(group)
    fewest = np.full_like(n, row.size)
    np.minimum.at(fewest, group, np.bincount(row)[row])
    is_logged_again = named | ((fewest > 1) & (fewest < n))[group]
    return np.where(is_logged_again, row, row.max() + 1 + np.arange(row.size))


def _by_the_engine(rows: Frame, by: str, keys: Sequence[str], blocks: Sequence[str]) -> Compared:
    """Return the same of a table that stays where it is, from sums by group and by block."""
    import pandas as pd

    value = nw.col("value")
    middle = collected(rows.select(value.mean())).item()
    cubed = (value - middle) * (value - middle) * (value - middle)
    once = rows.group_by(*keys).agg(value.mean()) if keys else rows
    asked = {"n": nw.len(), "mean": value.mean(), "std": value.std(), "cubed": cubed.mean()}

    def moments(of: Sequence[str]) -> Any:
        tables = (frame.drop_nulls([*of]).group_by(*of).agg(**asked) for frame in (rows, once))
        of_runs, of_units = (
            pd.DataFrame(collected(table.sort(*of).head(MOST)).to_dict(as_series=False))
            for table in tables
        )
        found = of_units.where(of_units["n"] > 1, of_runs)
        variance = np.where(found["n"] > 1, found["std"] ** 2, 0.0)
        return found.assign(variance=variance, runs=of_runs["n"])

    def sample(row: Mapping[str, Any]) -> Sample:
        n, mean, variance = row["n"], row["mean"] - middle, row["variance"]
        cubes = row["cubed"] - 3 * mean * variance * (n - 1) / n - mean**3
        third = n**2 * cubes / (n - 1) / (n - 2) if n > 2 else 0.0
        return Sample(n, row["mean"], variance, third)

    groups = moments([by])
    samples = {row[by]: sample(row) for row in groups.to_dict("records")}
    cells = {}
    if blocks:
        found = moments([by, *blocks])
        found["block"] = found.groupby([*blocks]).ngroup()
        found["squares"] = (found["n"] - 1) * found["variance"]
        columns = ["block", "n", "mean", "squares", "runs"]
        cells = {g: Cells(*(of[c].to_numpy() for c in columns)) for g, of in found.groupby(by)}
    return Compared(samples, cells, int(groups["runs"].sum()))


def codes(rows: nw.DataFrame[Any], columns: Sequence[str], needed: Sequence[str] = ()) -> _Codes:
    """Return a number for each combination of values, -1 where one of *needed* is missing."""
    import pandas as pd

    values = {column: rows[column].to_numpy() for column in columns}
    found, n = np.zeros(len(rows), dtype=np.int64), 1
    for column in values.values():
        # The rest of the columns is not asked where no two rows are equal already.
        if n < len(rows):
            code, distinct = pd.factorize(column)
            found, rows_alike = pd.factorize(found * (len(distinct) + 1) + code + 1)
            n = len(rows_alike)
    return np.where(np.any([pd.isna(values[c]) for c in needed], axis=0), -1, found)
