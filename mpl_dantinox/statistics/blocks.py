"""Comparisons between runs that are comparable: within blocks, such as models of one size."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from mpl_dantinox.statistics.intervals import MIN_RUNS, Estimate, Sample, difference

__all__ = ["QUARTER", "Cells", "Matched", "matched", "units"]

#: A ratio that differs by more than this is another message.
QUARTER = 1.25


@dataclass(frozen=True)
class Matched:
    """A difference between two groups within blocks.

    Attributes
    ----------
    value : float
        The mean over blocks of the difference of the means of both groups.
    estimate : Estimate or None
        The same with its error; None where there are too few blocks and runs.
    blocks : int
        Blocks with runs of both groups.
    runs : int
        Runs of either group in these blocks.
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
    """Return one value per configuration, the mean of the runs that repeat it.

    Seeds of one configuration are more like each other than like other runs, so they count once.
    A group that has a single configuration is compared as that one, by its runs.

    Parameters
    ----------
    values : array-like of float, shape (n,)
    group, configuration : array-like of int, shape (n,)
        Which group and which configuration a run is of.
    run : array-like of int, shape (n,), optional
        Which run it is, where some are there several times.

    Returns
    -------
    values : array of shape (m,)
    first, runs : array of int, shape (m,)
        Where in *values* the first run of each unit is, and how many it has.

    Examples
    --------
    >>> seeds, first, runs = units([1.0, 3.0, 7.0, 5.0], [0, 0, 0, 1], [8, 8, 9, 8])
    >>> seeds.tolist(), first.tolist(), runs.tolist()
    ([2.0, 7.0, 5.0], [0, 2, 3], [2, 1, 1])
    """
    x = np.asarray(values, dtype=np.float64)
    _, groups = np.unique(np.asarray(group), return_inverse=True)
    of, configurations = np.unique(np.asarray(configuration), return_inverse=True)
    pair = groups * of.size + configurations
    is_single = np.bincount(np.unique(pair) // of.size)[groups] == 1
    runs = np.arange(x.size) if run is None else np.asarray(run)
    unit = np.where(is_single, pair.max() + 1 + runs, pair)
    _, first, unit = np.unique(unit, return_index=True, return_inverse=True)
    order, n = np.argsort(first), np.bincount(unit)
    return (np.bincount(unit, x) / n)[order], first[order], n[order]


@dataclass(frozen=True)
class Cells:
    """The values of one group by block.

    Attributes
    ----------
    block : array of int, shape (k,)
        The blocks in which the group has any, sorted.
    n : array of shape (k,)
        How many values each has.
    mean, squares : array of shape (k,)
        Their mean, and the sum of the squares of their differences from it.
    runs : array of int, shape (k,)
        How many runs the values are of.
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
        """Return the cells of values and their blocks, array-likes of shape (n,)."""
        x = np.asarray(values, dtype=np.float64)
        found, code, n = np.unique(np.asarray(block), return_inverse=True, return_counts=True)
        mean = np.bincount(code, x) / n
        weights = None if runs is None else np.asarray(runs, dtype=np.float64)
        squares = np.bincount(code, np.square(x - mean[code])).astype(np.float64)
        return cls(found, n, mean, squares, np.bincount(code, weights).astype(np.int64))

    def within(self, blocks: npt.NDArray[Any]) -> "Cells":
        """Return the cells in some of the blocks."""
        kept = np.isin(self.block, blocks)
        return Cells(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))

    def sample(self) -> Sample:
        """Return the mean over blocks as that of so many values, spread as they are in a block."""
        n = len(self.n) ** 2 / float(np.sum(1 / self.n))
        dof = int(self.n.sum()) - len(self.n)
        return Sample(n, float(self.mean.mean()), float(self.squares.sum()) / max(dof, 1), dof=dof)


def matched(one: Cells, other: Cells) -> Matched | None:
    """Estimate how much larger one group's mean is than another's within blocks.

    How far it may be off in these blocks is told by the spread of the values within them, where
    there are several, and by that of the differences over three blocks or more. Where the one is
    larger in some blocks and smaller in others by twice their error, only the latter counts.

    Parameters
    ----------
    one, other : Cells
        Of either group; of logarithms for a ratio. Runs are comparable if they are of one block.

    Returns
    -------
    Matched, or None
        None where no block has runs of both groups.

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
    sides = one.sample(), other.sample()
    estimate = difference(*sides)
    if shared.size >= MIN_RUNS:
        over = Sample.of(differences)
        far = 2 * np.sqrt(sides[0].variance / one.n + sides[1].variance / other.n)
        both_ways = bool((differences > far).any() and (differences < -far).any())
        by_block = Estimate(over.mean, (over.variance / over.n) ** 0.5, over.n - 1)
        by_both = estimate and replace(estimate, also=by_block)
        estimate = by_block if both_ways else by_both or by_block
    runs = int(one.runs.sum() + other.runs.sum())
    return Matched(float(differences.mean()), estimate, shared.size, runs)
