"""The Pareto front of points in the plane, and what a front dominates. Needs numpy only."""

from math import inf, isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Sense", "check_sense", "dominated", "pareto_front"]

#: What is better along x and along y: ``"min"``, lower, or ``"max"``, higher.
Sense = tuple[Literal["min", "max"], Literal["min", "max"]]

_SENSES: tuple[Sense, ...] = (("min", "min"), ("min", "max"), ("max", "min"), ("max", "max"))
# Fewer points than this are sorted outright. Of more, one in _SAMPLE_STEP is sampled, and at most
# about _SAMPLE, to rule out most of the rest by cells along x.
_MANY = 2**12
_SAMPLE_STEP = 2**5
_SAMPLE = 2**13
_CELLS = 2**13
_CHUNK = 2**15

_Vector = NDArray[Any]
_Indices = NDArray[np.intp]


def pareto_front(
    x: ArrayLike,
    y: ArrayLike,
    *,
    sense: Sense = ("min", "min"),
    duplicates: Literal["all", "first"] = "all",
) -> _Indices:
    """Return the indices of the points that no other point dominates.

    A point dominates another if it is at least as good in both coordinates and better in one: of
    points that tie in one coordinate the worse is dominated, and equal points dominate no equal.

    Parameters
    ----------
    x, y : array-like of real numbers, shape (n,)
        The points. One with a coordinate that is NaN, infinite or masked is not on the front and
        dominates nothing.
    sense : pair of {"min", "max"}, default: ("min", "min")
        Whether lower or higher is better, along x and along y.
    duplicates : {"all", "first"}, default: "all"
        Of equal points on the front, return all of them or the one with the lowest index.

    Returns
    -------
    numpy.ndarray of numpy.intp, shape (k,)
        Indices in the order of ascending x, whatever the sense; of equal points, of their indices.

    Raises
    ------
    TypeError, ValueError
        If *x* and *y* are no real numbers, such as dates, no vectors of one length, or an option is
        none of its choices.

    Examples
    --------
    >>> cache = [1, 2, 2, 3, 4]
    >>> loss = [9, 7, 8, 7, 5]
    >>> pareto_front(cache, loss)
    array([0, 1, 4])

    With loss to be minimised and throughput to be maximised:

    >>> pareto_front([2.0, 2.5, 3.0], [10, 30, 20], sense=("min", "max"))
    array([0, 1])
    """
    x, y = _vectors("x", x, "y", y)
    x_sense, y_sense = check_sense(sense)
    if duplicates not in ("all", "first"):
        raise ValueError(f"duplicates is {duplicates!r}; expected 'all' or 'first'")
    front = _front(_minimised(x, x_sense), _minimised(y, y_sense))
    if x_sense == "max":
        front = front[x[front].argsort(kind="stable")]
    if duplicates == "first" and front.size:
        # On a front, equal x means equal points.
        front = front[np.append(True, x[front[1:]] != x[front[:-1]])]
    return front


def dominated(
    x: ArrayLike,
    y: ArrayLike,
    front_x: ArrayLike,
    front_y: ArrayLike,
    *,
    sense: Sense = ("min", "min"),
) -> NDArray[np.bool_]:
    """Tell which points are dominated by a point of another set, as of `pareto_front`.

    Parameters
    ----------
    x, y : array-like of real numbers, shape (n,)
        The points to be judged.
    front_x, front_y : array-like of real numbers, shape (m,)
        The points to judge them by; they need not be a front, and may be the same points.
    sense
        As `pareto_front` takes it.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        A point with a coordinate that is NaN, infinite or masked is never dominated, nor dominates.

    Examples
    --------
    >>> dominated([1, 2, 3], [5, 5, 1], front_x=[1], front_y=[5])
    array([False,  True, False])
    """
    x, y = _vectors("x", x, "y", y)
    front_x, front_y = _vectors("front_x", front_x, "front_y", front_y)
    x_sense, y_sense = check_sense(sense)
    # Promoted before they are turned round: what that does to a number depends on its type.
    x_type, y_type = np.result_type(x, front_x), np.result_type(y, front_y)
    x, front_x = (_minimised(v.astype(x_type, copy=False), x_sense) for v in (x, front_x))
    y, front_y = (_minimised(v.astype(y_type, copy=False), y_sense) for v in (y, front_y))
    front = _front(front_x, front_y)
    if not front.size:
        return np.zeros(x.shape, dtype=bool)
    front_x, front_y = front_x[front], front_y[front]
    # Of the front's points at or left of a point, the rightmost is the lowest.
    below = np.searchsorted(front_x, x, side="right") - 1
    level = front_y[below]
    worse = (level < y) | ((level == y) & (front_x[below] < x))
    return np.asarray(worse & (below >= 0) & np.isfinite(x) & np.isfinite(y))


def check_sense(sense: object) -> Sense:
    """Return a sense as a tuple, or raise a ValueError that says what one is."""
    pair = tuple(sense) if isinstance(sense, (list, np.ndarray)) else sense
    for known in _SENSES:
        if pair == known:
            return known
    raise ValueError(f"sense is {sense!r}; expected a pair of 'min' or 'max', for x and for y")


def _vectors(name: str, x: ArrayLike, other_name: str, y: ArrayLike) -> tuple[_Vector, _Vector]:
    """Return two arguments as vectors of one length."""
    one, other = _vector(name, x), _vector(other_name, y)
    if one.size != other.size:
        sizes = f"{one.size} and {other.size} values"
        raise ValueError(f"{name} and {other_name} have {sizes}; expected one length")
    return one, other


def _vector(name: str, values: ArrayLike) -> _Vector:
    """Return *values* as a vector of real numbers in their own type, masked ones as NaN."""
    if type(values) is np.ndarray and values.ndim == 1 and values.dtype.kind in "fiu":
        return values
    if np.ma.is_masked(values):
        # Integers have no NaN.
        masked: np.ma.MaskedArray[Any, Any] = np.ma.asarray(values)
        values = np.ma.filled(masked.astype(np.result_type(masked.dtype, np.float16)), np.nan)
    vector = np.asarray(values)
    if vector.ndim != 1:
        raise ValueError(f"{name} has shape {vector.shape}; expected a vector, shape (n,)")
    if vector.dtype.kind in "bO":
        # Truth values, and lists with None, Decimal or Fraction in them.
        try:
            return vector.astype(float)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{name} holds objects; expected real numbers: {error}") from error
    if vector.dtype.kind not in "fiu":
        raise TypeError(f"{name} is of type {vector.dtype}; expected real numbers")
    return vector


def _minimised(values: _Vector, sense: str) -> _Vector:
    """Return *values* so that lower is better."""
    if sense == "min":
        return values
    # The complement of an integer is -1 - value, which is in range for every type and value.
    return -values if values.dtype.kind == "f" else ~values


def _front(x: _Vector, y: _Vector) -> _Indices:
    """Return the front, both coordinates to be minimised, along x and then by index."""
    kept = _candidates(x, y) if x.size >= _MANY else None
    # With more than half left, another look would help no more than this one.
    if kept is None or kept.size >= x.size / 2:
        return _sorted_front(x, y)
    return kept[_front(x[kept], y[kept])]


def _candidates(x: _Vector, y: _Vector) -> _Indices | None:
    """Return the indices of all points but most of those that a sample of them dominates, if any.

    Of cells of equal width along x, a point of the sample dominates all points in those right of
    its own that are higher. Rounding puts no greater x in a cell left of that of a smaller one.
    """
    step = max(x.size // _SAMPLE, _SAMPLE_STEP)
    sample_x, sample_y = x[::step], y[::step]
    front = _sorted_front(sample_x, sample_y)
    if not 0 < front.size < sample_x.size / 2:
        return None
    front_x, left = sample_x[front], float(sample_x[front[0]])
    # A front of one point has no width of its own.
    width = float(front_x[-1]) - left or float(np.nanmax(sample_x)) - left or 1.0

    def cells(x: _Vector) -> _Indices:
        return np.asarray((x - left) * (_CELLS / width) + 1).astype(np.intp)

    # What is no integer may get into cell 0, which is left of the front and has no limit.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        cell = cells(front_x)
        inside = np.flatnonzero((cell > 0) & (cell < _CELLS + 2))
        limits = np.full(_CELLS + 3, np.inf, dtype=np.result_type(y, np.float16))
        # The front runs downwards, so that of its points in one cell the last sets the limit.
        limits[cell[inside] + 1] = sample_y[front[inside]]
        np.minimum.accumulate(limits, out=limits)
        kept = []
        # The points of a chunk stay in the processor's cache.
        for start in range(0, x.size, _CHUNK):
            chunk = slice(start, start + _CHUNK)
            is_low = y[chunk] <= limits.take(cells(x[chunk]), mode="clip")
            kept.append(np.flatnonzero(is_low) + start)
    places = np.concatenate(kept)
    return places[np.isfinite(x[places]) & np.isfinite(y[places])]


def _sorted_front(x: _Vector, y: _Vector) -> _Indices:
    """Return what `_front` does, by sorting all points along x."""
    if not x.size:
        return np.empty(0, dtype=np.intp)
    order, along_x = _sorted(x)
    along_y = y.take(order)
    lowest = np.minimum.accumulate(along_y)
    # NaN and +inf are sorted last and -inf first. In y, NaN and -inf stay the lowest. So if these
    # are finite, other infinite points are dominated and change nothing.
    ends_are_finite = isfinite(along_x[0]) and isfinite(along_x[-1]) and isfinite(along_y[0])
    if not (ends_are_finite and isfinite(lowest[-1])):
        finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if finite.size < x.size:
            return finite[_sorted_front(x[finite], y[finite])]
    is_lowest: NDArray[np.bool_] = along_y == lowest
    front, x, y = order[is_lowest], along_x[is_lowest], along_y[is_lowest]
    if not np.count_nonzero((x[1:] == x[:-1]) | (y[1:] == y[:-1])):
        return front
    # Of neighbours with one y the first is the best, of those with one x the last.
    rising_y = _minimised(y, "max")
    best_x = x[np.searchsorted(rising_y, rising_y)]
    best_y = y[np.searchsorted(x, x, side="right") - 1]
    kept = np.flatnonzero((x == best_x) & (y == best_y))
    return front[kept[np.lexsort((front[kept], x[kept]))]]


def _sorted(x: _Vector) -> tuple[_Indices, _Vector]:
    """Return the indices that sort *x*, equal values in any order, and *x* sorted.

    Integers are sorted several times as fast as indices by numbers: a long *x* is scaled to the
    upper bits of integers whose lower bits hold the indices.
    """
    if x.size < _MANY:
        order = x.argsort()
        return order, x.take(order)
    low, high = float(x.min()), float(x.max())
    bits = (x.size - 1).bit_length()
    scale = 2.0 ** (62 - bits) / (high - low or inf)
    if not 0.0 < scale < inf:
        order = x.argsort()
        return order, x.take(order)
    keys = (np.subtract(x, low, dtype=np.float64) * scale).astype(np.int64)
    keys <<= bits
    keys |= np.arange(x.size)
    keys.sort()
    keys &= (1 << bits) - 1
    along_x = x.take(keys)
    if (along_x[1:] < along_x[:-1]).any():
        # Values too close to each other for the scale to tell them apart.
        places = along_x.argsort(kind="stable")
        return keys[places], along_x[places]
    return keys, along_x
