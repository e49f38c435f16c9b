"""What is in the way of texts in an Axes, and how much of it a box covers.

All lengths are in points of 1/72 inch from the lower left corner of the Axes, and texts are
measured as their letters are designed: so a place is the same at any resolution, in any format.
"""

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, BboxBase, Transform
from numpy.typing import NDArray

from mpl_dantinox.artists.text import ruler

__all__ = ["BOX_COST", "Space", "lengths_inside", "overlaps", "pieces"]

_Floats = NDArray[np.float64]
_Ints = NDArray[np.integer[Any]]

#: Covering a text or a legend, or being crossed by a line, is as bad as covering so many points.
BOX_COST, LINE_COST = 10.0, 5.0
#: The size of a cell of the grid, in points, and how many cells there are at most.
_CELL, _MOST_CELLS = 0.5, 2.5e5
#: How many cells lie around the Axes, and by how much they are shifted: the edges of cells are
#: where nothing is put by hand, for there rounding would decide.
_MARGIN, _SHIFT = 8, 0.381966
#: Lines of more points than this are simplified, as they are when they are drawn.
_MANY = 10_000
#: Boxes that overlap by less only touch, whichever way their edges were rounded.
_TOUCH = 1e-3


class Space:
    """What is in the way of texts in an Axes.

    Data are on a grid, where it takes the same time to look up a box however many there are. Of
    texts, legends and what belongs to labels there are few, and they are kept as they are.

    Parameters
    ----------
    axes : `~matplotlib.axes.Axes`
    """

    def __init__(self, axes: Axes) -> None:
        figure: Any = axes.get_figure()
        self.ruler = ruler(figure.dpi)
        self.scale = 72 / figure.dpi
        #: From pixels to points.
        self.to_points = Affine2D().translate(*np.negative(axes.bbox.min)).scale(self.scale)
        self.size = np.asarray(axes.bbox.size) * self.scale
        self._grid = _Grid(self.size)
        self._boxes, self._segments = np.empty((0, 4)), np.empty((0, 4))

    def points(self, pixels: Any) -> _Floats:
        """Return places in pixels, shape (n, 2) or (2,), in points."""
        return np.asarray(self.to_points.transform(pixels), dtype=float)

    def pixels(self, points: Any) -> _Floats:
        """Return places in points in pixels."""
        return np.round(self.to_points.inverted().transform(points), 3)

    def add_lines(self, path: Path, to_pixels: Transform) -> None:
        """Add the lines along a path."""
        self._grid.add_lines(path, to_pixels + self.to_points)

    def add_area(self, path: Path, to_pixels: Transform) -> None:
        """Add the inside of a path, on which no text can be read."""
        self._grid.add_area(path, to_pixels + self.to_points)

    def add_markers(self, places: _Floats, to_pixels: Transform, radii: Any) -> None:
        """Add markers at places, shape (n, 2), of radii in points, an array or a number."""
        self._grid.add_markers(places, to_pixels + self.to_points, radii)

    def add_extent(self, pixels: BboxBase) -> None:
        """Add a box in pixels, such as that around a text."""
        if pixels.width > 0 and pixels.height > 0:
            self.add_boxes(self.points(pixels.get_points()).reshape(1, 4))

    def add_boxes(self, boxes: _Floats) -> None:
        """Add boxes in points, shape (n, 4)."""
        self._boxes = np.vstack([self._boxes, boxes])

    def add_segments(self, segments: _Floats) -> None:
        """Add lines of labels, in points, shape (n, 4)."""
        self._segments = np.vstack([self._segments, segments])

    def cost(self, boxes: _Floats) -> _Floats:
        """Return how much each of *boxes*, shape (n, 4), covers; 0 where it is free, shape (n,).

        A marker counts 1, a text or legend 10, lines and opaque areas from 5 to 10, by the share
        of the box that they take.
        """
        return self.covered(boxes) + self.lined(boxes)

    def covered(self, boxes: _Floats) -> _Floats:
        """Return the cost of all but the lines of labels."""
        cost = self._grid.cost(boxes)
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        cost += BOX_COST * overlaps(boxes, _near(self._boxes, low, high)).sum(axis=1)
        # Sums of equal terms differ by their order.
        return np.round(cost, 6)

    def lined(self, boxes: _Floats) -> _Floats:
        """Return the cost of the lines of labels."""
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        inside = lengths_inside(boxes, _near(self._segments, low, high)).sum(axis=1)
        share = inside / (boxes[:, 2:] - boxes[:, :2]).sum(axis=1)
        cost: _Floats = np.where(inside > _TOUCH, LINE_COST * (1 + share), 0.0)
        return np.round(cost, 6)

    def crossed(self, start: _Floats, ends: _Floats) -> _Ints:
        """Return how many boxes are crossed from a point, shape (2,), to each of *ends*, (n, 2).

        Those that the point lies in have to be.
        """
        lines = np.hstack([np.broadcast_to(start, ends.shape), ends])
        boxes = _near(self._boxes, np.minimum(start, ends.min(0)), np.maximum(start, ends.max(0)))
        around = ((boxes[:, :2] < start) & (start < boxes[:, 2:])).all(axis=1)
        return np.asarray((lengths_inside(boxes[~around], lines) > _TOUCH).sum(axis=0))


def overlaps(boxes: _Floats, others: _Floats) -> NDArray[np.bool_]:
    """Return which boxes overlap which others, shape (n, m)."""
    x0, y0, x1, y1 = (side[:, None] for side in boxes.T)
    u0, v0, u1, v1 = others.T
    meet = (u0 < x1 - _TOUCH) & (u1 > x0 + _TOUCH) & (v0 < y1 - _TOUCH) & (v1 > y0 + _TOUCH)
    return np.asarray(meet)


def _near(shapes: _Floats, low: _Floats, high: _Floats) -> _Floats:
    """Return those boxes or segments that may meet a window."""
    start, end = (pick(shapes[:, :2], shapes[:, 2:]) for pick in (np.minimum, np.maximum))
    return np.asarray(shapes[((start < high) & (end > low)).all(axis=1)])


class _Grid:
    """Lines, opaque areas and markers on a grid of cells.

    How much of them a box covers is told by summed-area tables (F. C. Crow, SIGGRAPH 1984).
    """

    def __init__(self, size: _Floats) -> None:
        self._cell = max(_CELL, float(np.sqrt(size.prod() / _MOST_CELLS)))
        columns, rows = (size / self._cell).astype(int) + 2 * _MARGIN + 2
        self._shape = (int(rows), int(columns))
        self._to_cells = Affine2D().scale(1 / self._cell).translate(*[_MARGIN + _SHIFT] * 2)
        # How many lines begin, less those that end, in each cell of a column; and so the areas in
        # each cell of a row.
        self._lines, self._areas = np.zeros((2, rows * columns), dtype=np.int32)
        #: The number of markers in each cell, by their radius in cells.
        self._markers: dict[float, _Ints] = {}

    def add_lines(self, path: Path, to_points: Transform) -> None:
        rows, columns = map(float, self._shape)
        segments = pieces(path, to_points + self._to_cells, (0.0, 0.0, columns, rows))
        # From left to right, column by column.
        turned = segments[:, 0] > segments[:, 2]
        segments[turned] = segments[turned][:, [2, 3, 0, 1]]
        crossed = (np.floor(segments[:, 2]) - np.floor(segments[:, 0])).astype(np.int64) + 1
        for some in _slices(crossed):
            which, step = _counted(crossed[some])
            x0, y0, x1, y1 = segments[some][which].T
            column = np.floor(x0) + step
            run = np.where(x1 - x0 > 1e-9, x1 - x0, 1)
            enter = np.clip((column - x0) / run, 0, 1)
            leave = np.where(x1 - x0 > 1e-9, np.clip((column + 1 - x0) / run, 0, 1), 1)
            first, last = np.sort(np.floor(y0 + np.array([enter, leave]) * (y1 - y0)), axis=0)
            self._count(self._lines, first, column, 1)
            self._count(self._lines, last + 1, column, -1)

    def add_area(self, path: Path, to_points: Transform) -> None:
        to_cells = to_points + self._to_cells
        bent = to_cells.transform_path_non_affine(path)
        for polygon in bent.to_polygons(to_cells.get_affine()):
            shape = np.asarray(polygon, dtype=float)
            (x0, y0), (x1, y1) = shape[:-1].T, shape[1:].T
            turn = np.sign((x0 * y1 - x1 * y0).sum())
            # An edge that goes one way opens the area to its right, one that goes back closes it.
            low, high = np.clip(np.sort([y0, y1], axis=0), 0, self._shape[0])
            start = np.ceil(low - 0.5)
            which, step = _counted((np.ceil(high - 0.5) - start).astype(np.int64))
            row = start[which] + step
            at = x0[which] + (row + 0.5 - y0[which]) / (y1 - y0)[which] * (x1 - x0)[which]
            way = np.where(y1 > y0, turn, -turn).astype(int)[which]
            self._count(self._areas, row, np.ceil(at - 0.5), way)

    def add_markers(self, places: _Floats, to_points: Transform, radii: Any) -> None:
        columns, rows = np.floor((to_points + self._to_cells).transform(places)).T
        inside = (columns >= 0) & (columns < self._shape[1]) & (rows >= 0) & (rows < self._shape[0])
        sizes = np.ceil(np.asarray(radii) / self._cell - 0.5)
        for size in np.unique(sizes[sizes > 0]):
            these = inside if sizes.ndim == 0 else inside & (sizes == size)
            if size not in self._markers:
                self._markers[size] = np.zeros_like(self._lines)
            self._count(self._markers[size], rows[these], columns[these], 1)

    def _count(self, cells: _Ints, rows: _Floats, columns: _Floats, weights: Any) -> None:
        """Add what falls into each cell; what is off the grid is at its edge."""
        n_rows, n_columns = self._shape
        at = np.clip(rows, 0, n_rows - 1) * n_columns + np.clip(columns, 0, n_columns - 1)
        if len(at) > len(cells) / 8:
            each = np.broadcast_to(weights, at.shape)
            cells += np.bincount(at.astype(np.intp), each, len(cells)).astype(cells.dtype)
        else:
            np.add.at(cells, at.astype(np.intp), weights)

    def cost(self, boxes: _Floats) -> _Floats:
        ink, markers = self._tables
        corners = self._to_cells.transform(boxes.reshape(-1, 2)).reshape(-1, 4)
        inked, cells = _summed(ink, corners)
        cost: _Floats = np.where(inked > 0, LINE_COST * (1 + inked / np.maximum(cells, 1)), 0)
        for size, table in markers.items():
            # A box reaches as far as an octagon around it: a wide box and a tall one, and a square
            # one without what of it is in those.
            near = size / np.sqrt(2)
            for x, y in ((size, 0), (0, size), (near, near)):
                cost += _summed(table, corners + np.array([-x, -y, x, y]))[0]
            for x, y in ((near, 0), (0, near)):
                cost -= _summed(table, corners + np.array([-x, -y, x, y]))[0]
        return cost

    @functools.cached_property
    def _tables(self) -> tuple[_Ints, dict[float, _Ints]]:
        lines = self._lines.reshape(self._shape)
        if lines.any():
            lines = lines.cumsum(axis=0, dtype=np.int32) > 0
        areas = self._areas.reshape(self._shape)
        if areas.any():
            areas = areas.cumsum(axis=1, dtype=np.int32)
        markers = {
            size: _table(count.reshape(self._shape)) for size, count in self._markers.items()
        }
        return _table((lines != 0) | (areas != 0)), markers


def _table(cells: NDArray[Any]) -> _Ints:
    """Return the sums of all rectangles that begin at the first cell."""
    table = np.zeros(np.add(cells.shape, 1), dtype=np.int32)
    cells.cumsum(axis=1, dtype=np.int32).cumsum(axis=0, out=table[1:, 1:])
    return table


def _summed(table: _Ints, corners: _Floats) -> tuple[_Ints, _Ints]:
    """Return the sums over boxes of cells, shape (n, 4), and the number of their cells."""
    rows, columns = np.subtract(table.shape, 1)
    cells = np.floor(corners).astype(np.int64) + np.array([0, 0, 1, 1])
    x0, y0, x1, y1 = np.clip(cells, 0, [columns, rows, columns, rows]).T
    total = table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0]
    return total, (x1 - x0) * (y1 - y0)


def _counted(counts: _Ints) -> tuple[_Ints, _Ints]:
    """Return 0 0 0 1 1 ... and 0 1 2 0 1 ..., so many of each as *counts* says."""
    which = np.repeat(np.arange(len(counts)), counts)
    return which, np.arange(len(which)) - (np.cumsum(counts) - counts)[which]


def _slices(counts: _Ints, most: int = 2**20) -> Iterator[slice]:
    """Yield slices over which *counts* add up to about *most*, so that memory is bounded."""
    ends = np.cumsum(counts)
    cuts = np.searchsorted(ends, np.arange(0, ends[-1] if len(ends) else 0, most), side="right")
    for start, stop in zip(cuts, [*cuts[1:], len(counts)], strict=bool(len(cuts))):
        yield slice(int(start), int(stop))


def pieces(
    path: Path, transform: Transform, window: tuple[float, float, float, float] | None = None
) -> _Floats:
    """Return the pieces of a path, shape (n, 4), with curves made of short ones.

    Parameters
    ----------
    path : `~matplotlib.path.Path`
    transform : `~matplotlib.transforms.Transform`
    window : (float, float, float, float), optional
        What is wanted of it: x0, y0, x1, y1. Pieces that leave it are cut near its edges.

    Examples
    --------
    >>> from matplotlib.transforms import IdentityTransform
    >>> pieces(Path([(0, 0), (1, 0), (1, 2)]), IdentityTransform()).tolist()
    [[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 2.0]]
    """
    bent = transform.transform_path_non_affine(path)
    simplify = window is not None and np.size(bent.vertices) > 2 * _MANY
    clean = bent.cleaned(transform.get_affine(), True, window, simplify=simplify)
    vertices, codes = np.asarray(clean.vertices), np.asarray(clean.codes)
    at = np.arange(len(codes))
    first = np.maximum.accumulate(np.where(codes == Path.MOVETO, at, 0))
    closing = codes == Path.CLOSEPOLY
    if closing.any():
        vertices = np.where(closing[:, None], vertices[first], vertices)
    ends = np.flatnonzero((codes == Path.LINETO) | closing)
    ends = ends[ends > 0]
    return np.hstack([vertices[ends - 1], vertices[ends]])


def lengths_inside(boxes: _Floats, segments: _Floats) -> _Floats:
    """Return how much of each segment is in each box, shape (boxes, segments).

    Both are x0, y0, x1, y1. The segments are cut as Liang and Barsky do (ACM Transactions on
    Graphics 3, 1984).

    Examples
    --------
    >>> lengths_inside(np.array([[0.0, 0, 2, 2]]), np.array([[-1.0, 1, 9, 1], [3, 0, 3, 9]]))
    array([[2., 0.]])
    """
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    # A segment along an axis: as good as parallel.
    step = np.where(np.abs(step) < 1e-9, 1e-9, step)
    enter: Any = 0.0
    leave: Any = 1.0
    for axis in (0, 1):
        to_lower = (boxes[:, None, axis] - start[:, axis]) / step[:, axis]
        to_upper = (boxes[:, None, axis + 2] - start[:, axis]) / step[:, axis]
        enter = np.maximum(enter, np.minimum(to_lower, to_upper))
        leave = np.minimum(leave, np.maximum(to_lower, to_upper))
    inside: _Floats = np.maximum(leave - enter, 0) * np.hypot(*step.T)
    return inside
