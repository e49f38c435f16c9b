"""Groups of runs, any two of which can be compared: all their runs, or within blocks."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from mpl_dantinox.statistics.blocks import Matched, matched, units
from mpl_dantinox.statistics.intervals import Estimate, Sample, difference
from mpl_dantinox.tables.engine import Frame, collected, n_rows

__all__ = ["MOST", "Compared", "codes", "compared"]

#: Of more runs than this only moments are taken.
MOST = 100_000

_Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Compared:
    """What is known of one quantity in each group of runs.

    Attributes
    ----------
    samples : dict of group to Sample
        By group, of runs that each count once: see `blocks.units`.
    values : array of shape (n,)
        Of all runs; none of a table that is larger than memory.
    names : sequence of groups
    group, configuration, block : arrays of int, shape (n,)
        The place in `names`, what configuration a run repeats, and the block that it is of, -1 for
        none.
    """

    samples: Mapping[Hashable, Sample]
    values: npt.NDArray[np.float64]
    names: Sequence[Hashable]
    group: _Codes
    configuration: _Codes
    block: _Codes

    def pooled(self, one: Hashable, other: Hashable) -> Estimate | None:
        """Return how much larger the one's mean is, of all runs."""
        return difference(self.samples[one], self.samples[other])

    def matched(self, one: Hashable, other: Hashable) -> Matched | None:
        """Return the same within blocks, None where they share none."""
        first, second = (self.names.index(name) for name in (one, other))
        kept = np.isin(self.group, (first, second)) & (self.block >= 0)
        if not kept.any():
            return None
        group, block = self.group[kept], self.block[kept]
        cell = 2 * block + (group == first)
        values, of = units(self.values[kept], cell, self.configuration[kept])
        found = matched(values, group[of] == first, block[of])
        if found is None:
            return None
        shared = np.intersect1d(block[group == first], block[group == second])
        return replace(found, runs=int(np.isin(block, shared).sum()))


def compared(
    frame: Frame,
    value: nw.Expr,
    *,
    by: str = "group",
    repeats: Sequence[str] = (),
    blocks: Sequence[str] = (),
) -> Compared:
    """Take from a table what it takes to compare its groups.

    Parameters
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
        Of more than `MOST` runs only moments are taken: each counts by itself, and is in no block.
    value : narwhals.Expr
        The quantity, finite in all rows; a logarithm where ratios are wanted.
    by : str
        The column of the groups.
    repeats, blocks : sequence of str
        Columns that are equal in runs of one configuration, and of one block. Without any, no run
        repeats another, or is comparable. A run without the first of *repeats* repeats no other.
    """
    if n_rows(frame) > MOST:
        table = frame.select(by, value=value).group_by(by)
        moments = table.agg(
            nw.len().alias("n"), mean=nw.col("value").mean(), std=nw.col("value").std()
        )
        samples = {
            row[by]: Sample(row["n"], row["mean"], (row["std"] or 0.0) ** 2)
            for row in collected(moments).iter_rows(named=True)
        }
        none = np.zeros(0, dtype=np.int64)
        return Compared(samples, np.zeros(0), [*samples], none, none, none)
    keys = dict.fromkeys([by, *repeats, *blocks])
    rows = collected(frame.select(*keys, value=value))
    values = rows["value"].to_numpy()
    group = codes(rows, [by])
    names = rows[by].to_numpy()[np.unique(group, return_index=True)[1]].tolist()
    configuration = codes(rows, [*repeats, *blocks], needed=repeats[:1])
    alone = configuration.max(initial=-1) + 1 + np.arange(values.size)
    configuration = np.where(configuration < 0, alone, configuration) if repeats else alone
    once, first = units(values, group, configuration)
    samples = {name: Sample.of(once[group[first] == g]) for g, name in enumerate(names)}
    block = codes(rows, blocks, needed=blocks) if blocks else np.full(values.size, -1)
    return Compared(samples, values, names, group, configuration, block)


def codes(rows: nw.DataFrame[Any], columns: Sequence[str], needed: Sequence[str] = ()) -> _Codes:
    """Return a number for each combination of values, -1 where one of *needed* is missing."""
    import pandas as pd

    found = np.zeros(len(rows), dtype=np.int64)
    missing = np.zeros(len(rows), dtype=bool)
    for column in columns:
        code, distinct = pd.factorize(rows[column].to_numpy())
        if column in needed:
            missing |= code < 0
        found = pd.factorize(found * (len(distinct) + 1) + code + 1)[0]
    return np.where(missing, -1, found)
