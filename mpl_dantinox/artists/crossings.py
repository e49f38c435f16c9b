"""Where lines cross."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from mpl_dantinox.artists.staircase import float_points

__all__ = ["crossings", "finite", "points_of"]

_Floats = NDArray[np.float64]


def crossings(first: _Floats, second: _Floats) -> _Floats:
    """Return where two lines cross or meet, shape (k, 2), from left to right.

    Where they coincide for a stretch, the left end of it counts.

    Parameters
    ----------
    first, second : array, shape (n, 2) and (m, 2)
        Points sorted along x.

    Examples
    --------
    >>> crossings(np.array([[0.0, 0], [2, 2]]), np.array([[0.0, 1], [2, 1]])).tolist()
    [[1.0, 1.0]]
    """
    x = np.union1d(first[:, 0], second[:, 0])
    if not (len(first) and len(second)):
        return np.empty((0, 2))
    x = x[(x >= max(first[0, 0], second[0, 0])) & (x <= min(first[-1, 0], second[-1, 0]))]
    y = np.interp(x, *first.T)
    gap = y - np.interp(x, *second.T)
    sign = np.sign(gap)
    meets = np.flatnonzero((sign == 0) & (np.append(1, sign[:-1]) != 0))
    between = np.flatnonzero(sign[:-1] * sign[1:] < 0)
    part = gap[between] / (gap[between] - gap[between + 1])
    found_x = np.concatenate([x[meets], x[between] + part * (x[between + 1] - x[between])])
    found = np.column_stack([found_x, np.interp(found_x, *first.T)])
    return found[np.argsort(found_x, kind="stable")]


def points_of(ax: Axes, line: Any, name: str) -> _Floats:
    """Return the finite points of a line, sorted along x."""
    if isinstance(line, Line2D):
        x, y = line.get_data(orig=False)
    else:
        xaxis: Any = ax.xaxis
        yaxis: Any = ax.yaxis
        x, y = (axis.convert_units(v) for axis, v in zip((xaxis, yaxis), line, strict=True))
    points = finite(float_points(x, y))
    step = np.diff(points[:, 0])
    if (step < 0).any():
        if (step > 0).any():
            raise ValueError(f"the x of {name} turns back; expected it to rise or fall throughout")
        points = points[::-1]
    return points


def finite(points: _Floats) -> _Floats:
    """Return those points whose coordinates are all finite."""
    return points[np.isfinite(points).all(axis=1)]
