"""Comparisons between runs that are comparable: within blocks, such as models of one size."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from mpl_dantinox.statistics.intervals import (
    MIN_RUNS,
    ROUNDING,
    Estimate,
    Sample,
    difference,
    students_t,
)

__all__ = ["QUARTER", "Cells", "Matched", "additive", "matched", "units"]

#: A ratio that differs by more than this is another message.
QUARTER = 1.25

# How often blocks that are alike are taken for such as differ in both directions.
_BOTH_WAYS = 0.05


@dataclass(frozen=True)
class Matched:
    """A difference between two groups: the mean over blocks of that of their means there.

    There is no estimate of its error where there are too few blocks and runs; the runs are those of
    either group in blocks that have both.
    """

    value: float
    estimate: Estimate | None
    blocks: int
    runs: int


def units(
    values: npt.ArrayLike,
    group: npt.ArrayLike,
    configuration: npt.ArrayLike,
    run: npt.ArrayLike | None = None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return one value per configuration, where it is first, and how many runs it has.

    The value is the mean of the runs that repeat the configuration: seeds are more like each other
    than like other runs, so they count once. A group that has a single configuration is compared
    as that one, by its runs; *run* tells them apart where some are there several times.

    Examples
    --------
    >>> seeds, first, runs = units([1.0, 3.0, 7.0, 5.0], [0, 0, 0, 1], [8, 8, 9, 8])
    >>> seeds.tolist(), first.tolist(), runs.tolist()
    ([2.0, 7.0, 5.0], [0, 2, 3], [2, 1, 1])
    """
    import pandas as pd

    x = np.asarray(values, dtype=np.float64)
    groups, _ = pd.factorize(np.asarray(group))
    configurations, of = pd.factorize(np.asarray(configuration))
    pair = groups * len(of) + configurations
    is_single = np.bincount(pd.unique(pair) // len(of))[groups] == 1
    runs = np.arange(x.size) if run is None else np.asarray(run)
    unit, found = pd.factorize(np.where(is_single, pair.max() + 1 + runs, pair))
    first = np.empty(len(found), dtype=np.int64)
    first[unit[::-1]] = np.arange(x.size)[::-1]
    n = np.bincount(unit)
    return np.bincount(unit, x) / n, first, n


@dataclass(frozen=True)
class Cells:
    """The values of one group by block.

    Of each block that has any, in order: how many values, their mean, the sum of the squares of
    their differences from it, and how many runs they are of.
    """

    block: npt.NDArray[Any]
    n: npt.NDArray[np.int64]
    mean: npt.NDArray[np.float64]
    squares: npt.NDArray[np.float64]
    runs: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls, values: npt.ArrayLike, block: npt.ArrayLike, runs: npt.ArrayLike | None = None
    ) -> "Cells":
        """Return the cells of values and their blocks."""
        x = np.asarray(values, dtype=np.float64)
        found, code, n = np.unique(np.asarray(block), return_inverse=True, return_counts=True)
        mean = np.bincount(code, x) / n
        squares = np.bincount(code, np.square(x - mean[code])).astype(np.float64)
        squares[squares <= n * np.square(ROUNDING * mean)] = 0.0
        return cls(found, n, mean, squares, np.bincount(code, runs).astype(np.int64))

    def within(self, blocks: npt.NDArray[Any]) -> "Cells":
        """Return the cells in some of the blocks."""
        kept = np.isin(self.block, blocks)
        return Cells(*(column[kept] for column in vars(self).values()))

    def sample(self) -> Sample:
        """Return the mean over blocks as that of so many values, spread as they are in a block."""
        n = len(self.n) ** 2 / float(np.sum(1 / self.n))
        dof = int(self.n.sum()) - len(self.n)
        return Sample(n, float(self.mean.mean()), float(self.squares.sum()) / max(dof, 1), dof=dof)


def matched(one: Cells, other: Cells) -> Matched | None:
    """Estimate how much larger one group's mean is than another's within the blocks of both.

    How far it may be off in these blocks is told by the spread of the values within them, where
    there are several, and by that of the differences over three blocks or more. Where the one is
    larger in some blocks and smaller in others, by more than chance, only the latter counts.

    Examples
    --------
    The one is slower at either size, and has most of the small models, which are fast:

    >>> one = Cells.of(np.log([70, 73, 71, 72, 7]), [1, 1, 1, 1, 8])
    >>> other = Cells.of(np.log([99, 10, 11, 9, 10]), [1, 8, 8, 8, 8])
    >>> found = matched(one, other)
    >>> round(float(np.exp(found.value)), 2), found.blocks, found.runs
    (0.71, 2, 10)
    """
    shared = np.intersect1d(one.block, other.block)
    if not shared.size:
        return None
    one, other = one.within(shared), other.within(shared)
    differences = one.mean - other.mean
    differences[np.abs(differences) <= ROUNDING * np.abs(one.mean)] = 0.0
    sides = one.sample(), other.sample()
    estimate = difference(*sides)
    if shared.size >= MIN_RUNS:
        over = Sample.of(differences)
        by_block = Estimate(over.mean, (over.variance / over.n) ** 0.5, over.n - 1)
        if estimate is None or _both_ways(differences, one, other, estimate.dof):
            estimate = by_block
        else:
            estimate = replace(estimate, also=by_block)
    runs = int(one.runs.sum() + other.runs.sum())
    return Matched(float(differences.mean()), estimate, shared.size, runs)


def _both_ways(differences: npt.NDArray[np.float64], one: Cells, other: Cells, dof: float) -> bool:
    """Tell whether the differences of blocks have two directions, by more than their errors."""
    squares = one.sample().variance / one.n + other.sample().variance / other.n
    far = students_t(1 - _BOTH_WAYS / differences.size, dof) * np.sqrt(squares)
    return bool((differences > far).any() and (differences < -far).any())


def additive(
    cells: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
    """Return what each row and each column add to the values of a table, by least squares.

    Missing values are NaN. None where the columns do not compare all rows with each other.

    Examples
    --------
    >>> of_row, of_column = additive(np.array([[5.0, 3.0], [4.0, 2.0], [3.0, np.nan]]))
    >>> np.diff(of_row).round(6).tolist(), np.diff(of_column).round(6).tolist()
    ([-1.0, -1.0], [-2.0])
    """
    y, there = np.nan_to_num(cells), np.isfinite(cells).astype(np.float64)
    n = there.sum(axis=0)
    # Without the columns, an equation is left for each row.
    apart = np.diag(there.sum(axis=1)) - there @ (there / n).T
    of_row, _, rank, _ = np.linalg.lstsq(apart, y.sum(axis=1) - there @ (y.sum(axis=0) / n))
    return None if rank != len(cells) - 1 else (of_row, (y.sum(axis=0) - of_row @ there) / n)
