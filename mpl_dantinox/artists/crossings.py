"""Where drawn lines cross."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from mpl_dantinox.artists.guide import Guide
from mpl_dantinox.artists.staircase import Staircase, float_points

__all__ = ["crossings", "drawn_points"]

_Floats = NDArray[np.float64]
_Ints = NDArray[np.intp]

#: How many pairs of stretches are compared at a time.
_AT_ONCE = 2**18
#: What is nearer than this, in lengths of a piece of a line, is at the same place.
_SAME = 1e-9


def drawn_points(ax: Axes, line: Any, name: str) -> _Floats:
    """Return the points that a line is drawn straight between, shape (n, 2), on the axes' scales.

    Steps have their corners; where a line is interrupted, a point is nan. The line is one of
    matplotlib's, a guide with lines, or (x, y); *name* is what the caller calls it.
    """
    if isinstance(line, Line2D | Guide):
        if line.axes is not ax:
            where = "in another Axes" if line.axes else "in no Axes"
            raise ValueError(f"{name} is {where}; expected a line of this one")
        drawn: Any = line.drawn_line() if isinstance(line, Guide | Staircase) else line
        to_data = drawn.get_transform() - ax.transData
        points = to_data.transform(np.asarray(drawn.get_path().vertices, dtype=float))
    else:
        axes: Any = ax
        x, y = line
        points = float_points(axes.convert_xunits(x), axes.convert_yunits(y))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(ax.transScale.transform(points.reshape(-1, 2)), dtype=float)


def crossings(first: _Floats, second: _Floats) -> _Floats:
    """Return where two lines cross or meet, shape (k, 2), from left to right.

    Where they coincide for a stretch, the left end of it counts. That takes time for the points of
    the lines, and for where they come near one another, not for all pairs. A line is interrupted
    where a point is not finite.

    Examples
    --------
    >>> crossings(np.array([[0.0, 0], [2, 2]]), np.array([[0.0, 1], [2, 1]])).tolist()
    [[1.0, 1.0]]
    """
    (one, place), (other, _) = _pieces(first), _pieces(second)
    found = [_met(one[i], other[j], place[i]) for i, j in _near_pairs(one, other)]
    if not any(len(start) for start, *_ in found):
        return np.empty((0, 2))
    start, end, at_start, at_end = map(np.concatenate, zip(*found, strict=True))
    # Neighbours meet where they join, and may lie on the other line one after another.
    order = np.argsort(start, kind="stable")
    start, end, at_start, at_end = start[order], end[order], at_start[order], at_end[order]
    reach = np.maximum.accumulate(end)
    new = np.flatnonzero(np.append(True, start[1:] > reach[:-1] + _SAME))
    last = np.append(new[1:], len(start)) - 1
    left = at_start[new, 0] <= at_end[last, 0]
    points: _Floats = np.where(left[:, None], at_start[new], at_end[last])
    return points[np.argsort(points[:, 0], kind="stable")]


def _pieces(points: _Floats) -> tuple[_Floats, _Floats]:
    """Return the straight pieces of a line, shape (n, 4), and where along it each begins."""
    pieces = np.hstack([points[:-1], points[1:]])
    finite = np.isfinite(pieces).all(axis=1)
    drawn = finite & (pieces[:, :2] != pieces[:, 2:]).any(axis=1)
    # Joined pieces follow one another, and others leave a gap.
    place = np.cumsum(np.where(drawn | ~finite, 1.0, 0.0))
    return pieces[drawn], place[drawn]


def _near_pairs(first: _Floats, second: _Floats) -> Iterator[tuple[_Ints, _Ints]]:
    """Yield pieces of one line and of the other whose boxes meet.

    Of two stretches only those pieces are looked into that meet the box around the other stretch,
    and the longer one by halves.
    """
    boxes, others = (
        np.hstack([ends.min(axis=1), ends.max(axis=1)])
        for ends in (first.reshape(-1, 2, 2), second.reshape(-1, 2, 2))
    )
    waiting = [(np.arange(len(boxes)), np.arange(len(others)))]
    while waiting:
        i, j = waiting.pop()
        for _ in range(2):
            if len(i) and len(j):
                around = np.hstack([others[j, :2].min(axis=0), others[j, 2:].max(axis=0)])
                i = i[_meet(boxes[i], around)]
            i, j, boxes, others = j, i, others, boxes
        if len(i) * len(j) <= _AT_ONCE:
            meet = np.nonzero(_meet(boxes[i, None], others[j]))
            yield i[meet[0]], j[meet[1]]
        elif len(i) >= len(j):
            waiting += [(half, j) for half in np.array_split(i, 2)]
        else:
            waiting += [(i, half) for half in np.array_split(j, 2)]


def _meet(boxes: _Floats, others: _Floats) -> NDArray[np.bool_]:
    low, high = np.maximum(boxes, others)[..., :2], np.minimum(boxes, others)[..., 2:]
    return np.asarray((low <= high).all(axis=-1))


def _met(one: _Floats, other: _Floats, place: _Floats) -> tuple[_Floats, _Floats, _Floats, _Floats]:
    """Return where pieces meet others: from where to where along the line, and the points there."""
    p, q = one[:, :2], other[:, :2]
    r, s, d = one[:, 2:] - p, other[:, 2:] - q, q - p

    def cross(a: _Floats, b: _Floats) -> tuple[_Floats, _Floats]:
        """Return the cross product, and how large it would be if it were not small."""
        terms = a[:, 0] * b[:, 1], a[:, 1] * b[:, 0]
        return terms[0] - terms[1], np.abs(terms[0]) + np.abs(terms[1])

    across, size = cross(r, s)
    aside, size_aside = cross(d, r)
    parallel = np.abs(across) <= 1e-12 * size
    # Along the axis in which the piece is longer, for it may be upright.
    axis = (np.abs(r[:, 0]) <= 1e-12 * np.abs(r[:, 1])).astype(int)[:, None]
    length, ahead, onward = (np.take_along_axis(v, axis, 1)[:, 0] for v in (r, d, s))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(parallel, np.minimum(ahead, ahead + onward) / length, cross(d, s)[0] / across)
        until = np.where(parallel, np.maximum(ahead, ahead + onward) / length, t)
        u = np.where(parallel, 0.0, aside / across)
    t, until = np.minimum(t, until), np.maximum(t, until)
    on_line = ~parallel | (np.abs(aside) <= 1e-12 * size_aside)
    hit = on_line & (t <= 1 + _SAME) & (until >= -_SAME) & (u >= -_SAME) & (u <= 1 + _SAME)
    t, until = np.clip(t[hit], 0, 1), np.clip(until[hit], 0, 1)
    points = [p[hit] + share[:, None] * r[hit] for share in (t, until)]
    # What is level or upright is just there, whatever rounding makes of it.
    flat = (s[hit] == 0) & ~parallel[hit, None]
    at_start, at_end = (np.where(flat, q[hit], point) for point in points)
    return place[hit] + t, place[hit] + until, at_start, at_end
