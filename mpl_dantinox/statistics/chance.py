"""Whether a group holds more of a Pareto front than its number of runs would give by chance."""

from math import exp, lgamma

import numpy as np
import numpy.typing as npt

__all__ = ["front_by_chance"]


def front_by_chance(runs: npt.ArrayLike, on_front: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return how often each group would hold as much of the front if names meant nothing.

    The test deals out the names of the runs anew within each block, in all ways there are (a
    permutation test: R. A. Fisher, *The Design of Experiments* (1935), sec. 21). As the front
    stays where it is, the number of its runs that one group is dealt in a block is hypergeometric,
    and the test is exact. Both tables, blocks by groups, count runs that repeat a configuration
    once.

    Examples
    --------
    Of two groups that are alike, that with four fifths of the runs holds most of the front, and
    that means nothing:

    >>> front_by_chance([[40, 10]], [[8, 2]]).round(2).tolist()
    [0.69, 0.65]
    >>> front_by_chance([[25, 25]], [[9, 1]]).round(3).tolist()
    [0.005, 1.0]
    """
    n, k = np.atleast_2d(np.asarray(runs)), np.atleast_2d(np.asarray(on_front))
    # What is dealt where nothing is on the front makes no difference.
    n, k = n[k.any(axis=1)], k[k.any(axis=1)]
    chances = []
    for group, held in enumerate(k.sum(axis=0)):
        # The distribution of a sum over blocks is the convolution of theirs.
        dealt = np.ones(1)
        for total, front, of_group in zip(n.sum(axis=1), k.sum(axis=1), n[:, group], strict=True):
            dealt = np.convolve(dealt, _dealt(int(total), int(front), int(of_group)))
        chances.append(min(float(dealt[held:].sum()), 1.0))
    return np.array(chances)


def _dealt(total: int, front: int, hand: int) -> npt.NDArray[np.float64]:
    """Return the chances of 0, 1, ... and *front* such runs in a hand dealt from all."""
    chances = np.zeros(front + 1)
    for held in range(max(0, front + hand - total), min(front, hand) + 1):
        rest = _ways(total - front, hand - held)
        chances[held] = exp(_ways(front, held) + rest - _ways(total, hand))
    return chances


def _ways(n: int, k: int) -> float:
    """Return the logarithm of the number of ways to choose *k* of *n*."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
