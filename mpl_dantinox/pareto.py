"""The Pareto front of points in the plane, and what a front dominates. Needs numpy only."""

from math import inf, isfinite
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Sense", "dominated", "pareto_front"]

#: What is better along x and along y: ``"min"``, lower, or ``"max"``, higher.
Sense = tuple[Literal["min", "max"], Literal["min", "max"]]

_SENSES: tuple[Sense, ...] = (("min", "min"), ("min", "max"), ("max", "min"), ("max", "max"))

# Fewer points than this are sorted outright. Of more, one in _SAMPLE_STEP is sampled, and at most
# about _SAMPLE, to rule out most of the rest.
_MANY = 2**12
_SAMPLE_STEP = 2**5
_SAMPLE = 2**13
# Cells for each point sampled, and at most: enough for an x that spans some decades, and few enough
# for their limits to stay in the cache, as do the points of a chunk.
_CELLS_EACH = 2**4
_CELLS = 2**14
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

    A point dominates another if it is at least as good in both coordinates and better in one. A
    point that ties with a point of the front in one coordinate and is worse in the other is
    therefore dominated; two equal points do not dominate each other.

    Parameters
    ----------
    x, y : array-like of real numbers, shape (n,)
        The points. A point with a coordinate that is NaN, infinite or masked is ignored: it is not
        on the front and dominates nothing.
    sense : pair of {"min", "max"}, default: ("min", "min")
        Whether lower or higher is better, along x and along y.
    duplicates : {"all", "first"}, default: "all"
        Of equal points on the front, return all of them or the one with the lowest index.

    Returns
    -------
    numpy.ndarray of numpy.intp, shape (k,)
        Indices into *x* and *y* in the order of ascending x, whatever the sense; equal points are
        in the order of their indices.

    Raises
    ------
    TypeError
        If *x* or *y* are not real numbers. Convert dates to numbers first.
    ValueError
        If *x* and *y* are not vectors of one length, or an option is not one of its choices.

    See Also
    --------
    dominated : Which points another set of points dominates.

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
    x, y = _vector("x", x), _vector("y", y)
    if x.size != y.size:
        raise _length_error("x", x, "y", y)
    sense = _checked(sense)
    if duplicates not in ("all", "first"):
        raise ValueError(f"duplicates is {duplicates!r}; expected 'all' or 'first'")
    front = _front(x, y, sense)
    if sense[0] == "max":
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
    """Tell which points are dominated by a point of another set.

    Parameters
    ----------
    x, y : array-like of real numbers, shape (n,)
        The points to be judged.
    front_x, front_y : array-like of real numbers, shape (m,)
        The points to judge them by; they need not be a front. They may be the same points: none
        dominates its equal.
    sense : pair of {"min", "max"}, default: ("min", "min")
        Whether lower or higher is better, along x and along y.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        True where some point of the other set is at least as good in both coordinates and better
        in one. A point with a coordinate that is NaN, infinite or masked is in neither relation:
        as one of *x* and *y* it is not dominated, and as one of the others it dominates nothing.

    Raises
    ------
    TypeError
        If an argument is not made of real numbers.
    ValueError
        If two coordinates are not vectors of one length, or *sense* is not a pair of its choices.

    Notes
    -----
    Coordinates of two types are compared in the type that numpy promotes both to.

    Examples
    --------
    >>> dominated([1, 2, 3], [5, 5, 1], front_x=[1], front_y=[5])
    array([False,  True, False])

    Whether one group beats another outright:

    >>> bool(dominated([4, 5], [8, 9], [1, 2], [7, 6]).all())
    True
    """
    x, y = _vector("x", x), _vector("y", y)
    front_x, front_y = _vector("front_x", front_x), _vector("front_y", front_y)
    if x.size != y.size:
        raise _length_error("x", x, "y", y)
    if front_x.size != front_y.size:
        raise _length_error("front_x", front_x, "front_y", front_y)
    sense = _checked(sense)
    dtype_x, dtype_y = np.result_type(x, front_x), np.result_type(y, front_y)
    front_x, front_y = front_x.astype(dtype_x, copy=False), front_y.astype(dtype_y, copy=False)
    front = _front(front_x, front_y, sense)
    result = np.zeros(x.shape, dtype=bool)
    if not front.size:
        return result
    front_x, front_y = _minimised(front_x[front], sense[0]), _minimised(front_y[front], sense[1])
    limits = _limits(front_x, front_y)
    for start in range(0, x.size, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        # Promoted before they are turned round: what that does to a number depends on its type.
        part_x = _minimised(x[chunk].astype(dtype_x, copy=False), sense[0])
        part_y = _minimised(y[chunk].astype(dtype_y, copy=False), sense[1])
        in_question = _within(limits, part_x, part_y)
        above = np.isfinite(part_x) & np.isfinite(part_y)
        above[in_question] = _above(part_x[in_question], part_y[in_question], front_x, front_y)
        result[chunk] = above
    return result


def _vector(name: str, values: ArrayLike) -> _Vector:
    """Return *values* as a vector of real numbers in their own type, masked ones as NaN."""
    if type(values) is np.ndarray and values.ndim == 1 and values.dtype.kind in "fiu":
        return values
    if isinstance(values, np.ma.MaskedArray):
        values = _unmasked(values)
    vector = np.asarray(values)
    if vector.ndim != 1:
        raise ValueError(f"{name} has shape {vector.shape}; expected a vector, shape (n,)")
    kind = vector.dtype.kind
    if kind in "fiu":
        return vector
    if kind == "b":
        return vector.view(np.uint8)
    if kind == "O":
        # Lists with None, Decimal or Fraction in them.
        try:
            return vector.astype(float)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{name} holds objects; expected real numbers: {error}") from error
    raise TypeError(f"{name} is of type {vector.dtype}; expected real numbers")


def _unmasked(values: np.ma.MaskedArray[Any, Any]) -> _Vector:
    """Return a masked array as an ordinary one, with NaN where it is masked."""
    if not np.ma.is_masked(values):
        return np.asarray(values.data)
    # Integers have no NaN.
    unmasked = np.asarray(values.data, dtype=np.result_type(values.dtype, np.float16))
    return np.where(np.ma.getmaskarray(values), np.nan, unmasked)


def _length_error(name: str, vector: _Vector, other_name: str, other: _Vector) -> ValueError:
    return ValueError(
        f"{name} and {other_name} have {vector.size} and {other.size} values; expected one length"
    )


def _checked(sense: Sense) -> Sense:
    """Return *sense* if it is a pair of "min" and "max"."""
    if sense in _SENSES:
        return sense
    pair = sense if isinstance(sense, str) else tuple(sense)
    if pair not in _SENSES:
        raise ValueError(f"sense is {sense!r}; expected a pair of 'min' or 'max', for x and for y")
    return pair


def _minimised(values: _Vector, sense: str) -> _Vector:
    """Return *values* so that lower is better."""
    if sense == "min":
        return values
    # The complement of an integer is -1 - value, which is in range for every type and value.
    return -values if values.dtype.kind == "f" else ~values


def _above(x: _Vector, y: _Vector, front_x: _Vector, front_y: _Vector) -> NDArray[np.bool_]:
    """Tell which finite points a front dominates, all to be minimised."""
    # Of the front's points at or left of a point, the rightmost is the lowest.
    step = np.searchsorted(front_x, x, side="right") - 1
    level = front_y[step]
    above: NDArray[np.bool_] = (level < y) | ((level == y) & (front_x[step] < x))
    return above & (step >= 0)


def _front(x: _Vector, y: _Vector, sense: Sense) -> _Indices:
    """Return the front, from its best x to its best y, equal points by index."""
    if x.size >= _MANY:
        kept = _not_ruled_out(x, y, sense)
        # With more than half left, another look would help no more than this one.
        if kept is not None and kept.size < x.size / 2:
            inner = _front(x[kept], y[kept], sense)
            return kept[inner]
    return _swept(_minimised(x, sense[0]), _minimised(y, sense[1]))


def _not_ruled_out(x: _Vector, y: _Vector, sense: Sense) -> _Indices | None:
    """Return the indices of the points that the front of a sample leaves in question.

    That takes a few instructions a point, and is done in chunks that stay in the cache. None if
    the front of the sample rules out less than half of the sample.
    """
    step = max(x.size // _SAMPLE, _SAMPLE_STEP)
    sample_x, sample_y = _minimised(x[::step], sense[0]), _minimised(y[::step], sense[1])
    finite = np.isfinite(sample_x) & np.isfinite(sample_y)
    sample_x, sample_y = sample_x[finite], sample_y[finite]
    if not sample_x.size:
        return None
    limits = _limits(sample_x, sample_y)
    if _within(limits, sample_x, sample_y).size > sample_x.size / 2:
        return None
    kept = []
    for start in range(0, x.size, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        in_chunk = _within(limits, _minimised(x[chunk], sense[0]), _minimised(y[chunk], sense[1]))
        kept.append(in_chunk + start)
    return np.concatenate(kept)


class _Limits(NamedTuple):
    """The greatest y that is in question, by cells of x of equal width.

    A point dominates all points in the cells right of its own, except those below it. This holds
    in spite of rounding, which never puts a greater x in a cell left of that of a smaller one.
    """

    origin: float
    scale: float
    #: By cell. There is no limit in cell 0.
    y: _Vector


def _limits(x: _Vector, y: _Vector) -> _Limits:
    """Return the limits that points set to others."""
    front = _swept(x, y)
    front_x, front_y = x[front], y[front]
    left, right = float(front_x[0]), float(front_x[-1])
    # A front of one point has no width of its own.
    width = (right - left) or (float(x.max()) - left) or 1.0
    cells = min(_CELLS_EACH * x.size, _CELLS)
    limits = _Limits(left - width / cells, cells / width, np.empty(cells + 3, dtype=y.dtype))
    cell = _cells(limits, front_x)
    inside = (cell >= 0) & (cell < limits.y.size - 1)
    if y.dtype.kind == "f":
        limits.y[:] = np.finfo(y.dtype).max
        with np.errstate(over="ignore", under="ignore"):
            next_lower = np.nextafter(front_y, -np.inf)
    else:
        limits.y[:] = np.iinfo(y.dtype).max
        # Of the least integer this is the greatest: no limit, which is safe.
        next_lower = front_y - front_y.dtype.type(1)
    # The front runs downwards, so that of its points in one cell the last sets the limit.
    limits.y[cell[inside] + 1] = next_lower[inside]
    np.minimum.accumulate(limits.y, out=limits.y)
    return limits


def _cells(limits: _Limits, x: _Vector) -> _Indices:
    # What is no integer becomes the least or zero, which means no limit and is safe. On some
    # machines what is too great becomes the greatest, and is to the right of all cells indeed.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        cells: _Indices = ((x - limits.origin) * limits.scale).astype(np.intp)
    return cells


def _within(limits: _Limits, x: _Vector, y: _Vector) -> _Indices:
    """Return the indices of the finite points that the limits leave in question."""
    kept = np.flatnonzero(y <= limits.y.take(_cells(limits, x), mode="clip"))
    return kept[np.isfinite(x[kept]) & np.isfinite(y[kept])]


def _swept(x: _Vector, y: _Vector) -> _Indices:
    """Return the front, both coordinates to be minimised, along x and then by index."""
    if not x.size:
        return np.empty(0, dtype=np.intp)
    order = _argsort(x)
    first, last = order[0], order[-1]
    ends_are_finite = isfinite(x[first]) and isfinite(x[last]) and isfinite(y[first])
    sweep = _lowest_so_far if order.size <= _CHUNK else _lowest_so_far_by_chunks
    weak, lowest = sweep(y, order)
    # NaN and +inf are sorted last and -inf first. In y, NaN and -inf stay the lowest. So if these
    # are finite, other infinite points are dominated and change nothing.
    if not (ends_are_finite and isfinite(lowest)):
        finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if finite.size < x.size:
            inner = _swept(x[finite], y[finite])
            return finite[inner]
    if _tied(x, y, weak):
        return _without_ties(x[weak], y[weak], weak)
    return weak


def _argsort(x: _Vector) -> _Indices:
    """Return the indices that sort *x*, equal values in any order."""
    if x.size < _MANY:
        return x.argsort()
    bits = (x.size - 1).bit_length()
    keys = _sort_keys(x, bits)
    if keys is None:
        return x.argsort()
    keys.sort()
    alike = []
    for start in range(0, x.size - 1, _CHUNK):
        chunk = keys[start : start + _CHUNK + 1]
        alike.append(np.flatnonzero((chunk[1:] ^ chunk[:-1]) >> bits == 0) + start)
    keys &= (1 << bits) - 1
    order = keys.astype(np.intp, copy=False)
    # Neighbours that are alike but for the index may have to change places.
    places = np.unique(np.concatenate([index + k for index in alike for k in (0, 1)]))
    order[places] = order[places][x[order[places]].argsort(kind="stable")]
    return order


def _sort_keys(x: _Vector, bits: int) -> NDArray[np.int64] | None:
    """Return x, scaled to all but the lowest *bits*, and index packed into one integer.

    Integers are sorted several times as fast as indices are by other numbers. None if there is no
    scale.
    """
    low, high = float(x.min()), float(x.max())
    scale = 2.0 ** (62 - bits) / (high - low or inf)
    if not 0.0 < scale < inf:
        return None
    keys = np.empty(x.size, dtype=np.int64)
    for start in range(0, x.size, _CHUNK):
        chunk = keys[start : start + _CHUNK]
        chunk[:] = np.subtract(x[start : start + _CHUNK], low, dtype=np.float64) * scale
        chunk <<= bits
        chunk |= np.arange(start, start + chunk.size)
    return keys


def _lowest_so_far(
    y: _Vector, order: _Indices, bound: np.generic | None = None
) -> tuple[_Indices, Any]:
    """Return the points no higher than *bound* and any before them in *order*, and the lowest y.

    Along x, they are the front and what ties with one of its points.
    """
    y = y.take(order)
    so_far = np.minimum.accumulate(y)
    if bound is not None:
        np.minimum(so_far, bound, out=so_far)
    return order[y == so_far], so_far[-1]


def _lowest_so_far_by_chunks(y: _Vector, order: _Indices) -> tuple[_Indices, Any]:
    """Do the same for a long *order*, which is overwritten."""
    size, lowest = 0, None
    for start in range(0, order.size, _CHUNK):
        part, lowest = _lowest_so_far(y, order[start : start + _CHUNK], lowest)
        order[size : size + part.size] = part
        size += part.size
    # Don't hold on to a long order for a short front.
    return order[:size] if size > order.size / 2 else order[:size].copy(), lowest


def _tied(x: _Vector, y: _Vector, order: _Indices) -> bool:
    """Tell whether any neighbours in *order* are equal in a coordinate."""
    if order.size > _CHUNK:
        starts = range(0, order.size - 1, _CHUNK - 1)
        return any(_tied(x, y, order[start : start + _CHUNK]) for start in starts)
    x, y = x.take(order), y.take(order)
    ties = (x[1:] == x[:-1]) | (y[1:] == y[:-1])
    return bool(ties.nonzero()[0].size)


def _without_ties(x: _Vector, y: _Vector, index: _Indices) -> _Indices:
    """Return the front of points whose x never falls and whose y never rises."""
    # Within a run of one y the first is the best, within a run of one x the last.
    new_y = np.append(True, y[1:] != y[:-1])
    best_x = x[np.flatnonzero(new_y)][np.cumsum(new_y) - 1]
    new_x = np.append(True, x[1:] != x[:-1])
    last = np.append(np.flatnonzero(new_x)[1:], x.size) - 1
    best_y = y[last][np.cumsum(new_x) - 1]
    kept = (x == best_x) & (y == best_y)
    x, index = x[kept], index[kept]
    return index[np.lexsort((index, x))]
