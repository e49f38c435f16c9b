"""The Pareto front of points in the plane, and what a front dominates. Needs numpy only."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Sense", "dominated", "pareto_front"]

#: What is better along x and along y: ``"min"``, lower, or ``"max"``, higher.
Sense = tuple[Literal["min", "max"], Literal["min", "max"]]

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
    _check_lengths("x", x, "y", y)
    sense_x, sense_y = _checked(sense)
    if duplicates not in ("all", "first"):
        raise ValueError(f"duplicates is {duplicates!r}; expected 'all' or 'first'")
    front = _front(_minimised(x, sense_x), _minimised(y, sense_y))
    if sense_x == "max":
        front = front[np.argsort(x[front], kind="stable")]
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
    _check_lengths("x", x, "y", y)
    _check_lengths("front_x", front_x, "front_y", front_y)
    sense_x, sense_y = _checked(sense)
    # Promoted before they are turned round: what that does to a number depends on its type.
    x, front_x = (_minimised(v, sense_x) for v in _promoted(x, front_x))
    y, front_y = (_minimised(v, sense_y) for v in _promoted(y, front_y))
    front = _front(front_x, front_y)
    if not front.size:
        return np.zeros(x.shape, dtype=bool)
    front_x, front_y = front_x[front], front_y[front]
    # Of the front's points at or left of a point, the rightmost is the lowest.
    step = np.searchsorted(front_x, x, side="right") - 1
    lower = (front_y[step] < y) | ((front_y[step] == y) & (front_x[step] < x))
    result: NDArray[np.bool_] = lower & (step >= 0) & np.isfinite(x) & np.isfinite(y)
    return result


def _vector(name: str, values: ArrayLike) -> _Vector:
    """Return *values* as a vector of real numbers in their own type, masked ones as NaN."""
    if isinstance(values, np.ma.MaskedArray):
        values = _unmasked(values)
    vector = np.asarray(values)
    if vector.ndim != 1:
        raise ValueError(f"{name} has shape {vector.shape}; expected a vector, shape (n,)")
    kind = vector.dtype.kind
    if kind == "f" or kind in "iu":
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


def _check_lengths(name: str, vector: _Vector, other_name: str, other: _Vector) -> None:
    if vector.size != other.size:
        raise ValueError(
            f"{name} and {other_name} have {vector.size} and {other.size} values; "
            "expected one length"
        )


def _checked(sense: Sense) -> Sense:
    """Return *sense* if it is a pair of "min" and "max"."""
    if isinstance(sense, str) or len(sense) != 2 or not {"min", "max"}.issuperset(sense):
        raise ValueError(f"sense is {sense!r}; expected a pair of 'min' or 'max', for x and for y")
    return sense


def _promoted(*vectors: _Vector) -> list[_Vector]:
    dtype = np.result_type(*vectors)
    return [vector.astype(dtype, copy=False) for vector in vectors]


def _minimised(values: _Vector, sense: str) -> _Vector:
    """Return *values* so that lower is better."""
    if sense == "min":
        return values
    # The complement of an integer is -1 - value, which is in range for every type and value.
    return -values if values.dtype.kind == "f" else ~values


def _front(x: _Vector, y: _Vector) -> _Indices:
    """Return the front, both coordinates to be minimised, sorted along x and then by index."""
    if not x.size:
        return np.empty(0, dtype=np.intp)
    order = x.argsort()
    y_sorted = y[order]
    lowest = np.minimum.accumulate(y_sorted)
    ends = x[order[0]], x[order[-1]], lowest[0], lowest[-1]
    # NaN and +inf are sorted last and -inf first, and NaN and -inf stay the minimum: if the ends
    # are finite, other infinite points are dominated and change nothing.
    if not all(map(math.isfinite, ends)):
        finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if finite.size < x.size:
            inner = _front(x[finite], y[finite])
            return finite[inner]
    # What is left: the front, and points that tie with one of its points.
    weak: _Indices = order[y_sorted == lowest]
    x, y = x[weak], y[weak]
    if np.count_nonzero(x[1:] == x[:-1]) or np.count_nonzero(y[1:] == y[:-1]):
        return _without_ties(x, y, weak)
    return weak


def _without_ties(x: _Vector, y: _Vector, index: _Indices) -> _Indices:
    """Return the front of points whose x never falls and whose y never rises."""
    order = np.lexsort((index, x))
    # Within a run of one y the first is the best, within a run of one x the last.
    new_y = np.append(True, y[1:] != y[:-1])
    best_x = x[np.flatnonzero(new_y)][np.cumsum(new_y) - 1]
    new_x = np.append(True, x[1:] != x[:-1])
    last = np.append(np.flatnonzero(new_x)[1:], x.size) - 1
    best_y = y[last][np.cumsum(new_x) - 1]
    kept = (x == best_x) & (y == best_y)
    result: _Indices = index[order[kept[order]]]
    return result
