"""Comparisons between runs that are comparable: within blocks, such as models of one size."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mpl_dantinox.statistics.intervals import MIN_RUNS, Estimate, Sample, difference

__all__ = ["QUARTER", "Matched", "disagree", "matched", "units"]

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
    values: npt.ArrayLike, group: npt.ArrayLike, configuration: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return one value per configuration, the mean of the runs that repeat it.

    Seeds of one configuration are more like each other than like other runs, so they count once.
    A group that has a single configuration is compared as that one, by its runs.

    Parameters
    ----------
    values : array-like of float, shape (n,)
    group, configuration : array-like of int, shape (n,)
        Which group and which configuration a run is of.

    Returns
    -------
    values : array of shape (m,)
    first : array of int, shape (m,)
        Where in *values* the first run of each unit is.

    Examples
    --------
    >>> seeds, first = units([1.0, 3.0, 7.0, 5.0], [0, 0, 0, 1], [8, 8, 9, 8])
    >>> seeds.tolist(), first.tolist()
    ([2.0, 7.0, 5.0], [0, 2, 3])
    """
    x = np.asarray(values, dtype=np.float64)
    _, groups = np.unique(np.asarray(group), return_inverse=True)
    of, configurations = np.unique(np.asarray(configuration), return_inverse=True)
    if of.size == x.size:
        return x, np.arange(x.size)
    pair = groups * of.size + configurations
    is_single = np.bincount(np.unique(pair) // of.size)[groups] == 1
    unit = np.where(is_single, pair.max() + 1 + np.arange(x.size), pair)
    _, first, unit = np.unique(unit, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return (np.bincount(unit, x) / np.bincount(unit))[order], first[order]


def matched(values: npt.ArrayLike, is_one: npt.ArrayLike, block: npt.ArrayLike) -> Matched | None:
    """Estimate how much larger one group's mean is than another's within blocks.

    Over three blocks and more it is the blocks that tell how far the mean difference may be off,
    so it holds for blocks like them. Over one or two it is the runs within them.

    Parameters
    ----------
    values : array-like of float, shape (n,)
        Of runs of either group; logarithms for a ratio.
    is_one : array-like of bool, shape (n,)
        True for runs of the one group, False for those of the other.
    block : array-like of int, shape (n,)
        Which block a run is of. Runs are comparable if they are of one block.

    Returns
    -------
    Matched, or None
        None where no block has runs of both groups.

    Examples
    --------
    The one is slower at either size, and has most of the small models, which are fast:

    >>> tokens = [70, 73, 71, 72, 7, 99, 10, 11, 9, 10]
    >>> is_one = [True, True, True, True, True, False, False, False, False, False]
    >>> size = [1, 1, 1, 1, 8, 1, 8, 8, 8, 8]
    >>> found = matched(np.log(tokens), is_one, size)
    >>> round(float(np.exp(found.value)), 2), found.blocks, found.runs
    (0.71, 2, 10)
    """
    x, ones, blocks = np.asarray(values, dtype=np.float64), np.asarray(is_one), np.asarray(block)
    shared = np.intersect1d(blocks[ones], blocks[~ones])
    if not shared.size:
        return None
    sides = [ones & np.isin(blocks, shared), ~ones & np.isin(blocks, shared)]
    one, other = (_BlockMeans.of(x[side], blocks[side]) for side in sides)
    differences = one.means - other.means
    estimate: Estimate | None
    if shared.size >= MIN_RUNS:
        over = Sample.of(differences)
        estimate = Estimate(over.mean, (over.variance / over.n) ** 0.5, over.n - 1)
    else:
        estimate = difference(one.sample(), other.sample())
    runs = int(one.n.sum() + other.n.sum())
    return Matched(float(differences.mean()), estimate, shared.size, runs)


@dataclass(frozen=True)
class _BlockMeans:
    """The runs of one group by block: how many, their means, and how far they are from them."""

    n: npt.NDArray[np.int64]
    means: npt.NDArray[np.float64]
    squares: float

    @classmethod
    def of(cls, x: npt.NDArray[np.float64], block: npt.NDArray[np.int64]) -> "_BlockMeans":
        _, code, n = np.unique(block, return_inverse=True, return_counts=True)
        means = np.bincount(code, x) / n
        apart = x - means[code]
        return cls(n, means, float(apart @ apart))

    def sample(self) -> Sample:
        """Return the mean over blocks as that of so many runs, spread as they are in a block."""
        n = len(self.n) ** 2 / float(np.sum(1 / self.n))
        dof = int(self.n.sum()) - len(self.n)
        return Sample(n, float(self.means.mean()), self.squares / max(dof, 1), dof=dof)


def disagree(pooled: float, within: float) -> bool:
    """Tell whether two ratios give different messages: by direction, or by a quarter.

    Examples
    --------
    >>> disagree(14.3, 0.73), disagree(1.05, 0.97), disagree(3.3, 4.2), disagree(3.9, 4.1)
    (True, True, True, False)
    """
    apart = max(pooled, within) / min(pooled, within)
    return apart > QUARTER or (pooled > 1) != (within > 1)
