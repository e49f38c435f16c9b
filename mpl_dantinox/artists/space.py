"""What is in the way of texts in an Axes, and how much of it a box covers.

All lengths are in points of 1/72 inch from the lower left corner of the Axes, and texts are
measured as their letters are designed: so a place is the same at any resolution, in any format.
"""

import functools
from importlib import import_module
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, BboxBase, BboxTransformTo, IdentityTransform, Transform
from numpy.typing import NDArray

from mpl_dantinox.artists.text import ruler

__all__ = ["BOX_COST", "LINE_COST", "Space", "lengths_inside", "overlaps", "shares_inside"]

_Floats = NDArray[np.float64]
_Ints = NDArray[np.integer[Any]]

#: Covering a text or a legend, or being crossed by a line, is as bad as covering so many points.
BOX_COST, LINE_COST = 10.0, 5.0
#: The size of a cell of the grid, in points, and how many cells there are at most.
_CELL, _MOST_CELLS = 0.5, 2.5e5
#: How many cells lie around the Axes, and by how much they are shifted: the edges of cells are
#: where nothing is put by hand, for there rounding would decide.
_MARGIN, _SHIFT = 8, 0.381966
#: How wide a line is, in cells, so that it is in every cell that it runs through and in no other.
_HAIR = 0.1
#: Boxes that overlap by less only touch, whichever way their edges were rounded.
_TOUCH = 1e-3
#: An octagon around a box is a wide box and a tall one, and a square one without what of it is in
#: those: by how much each is larger than the box, and how often it counts.
_NEAR = np.sqrt(0.5)
_OCTAGON = np.array([(1, 0), (0, 1), (_NEAR, _NEAR), (_NEAR, 0), (0, _NEAR)])
_COUNTS = np.array([1, 1, 1, -1, -1])


class Space:
    """What is in the way of texts in an Axes.

    Data are on a grid of cells, where summed-area tables (F. C. Crow, SIGGRAPH 1984) tell what a
    box covers in the same time however many there are. Of texts, legends and what belongs to
    labels there are few, and they are kept as they are.
    """

    def __init__(self, axes: Axes) -> None:
        figure: Any = axes.get_figure()
        self.ruler, self.scale = ruler(figure.dpi), 72 / figure.dpi
        #: From pixels to points.
        self.to_points = Affine2D().translate(*np.negative(axes.bbox.min)).scale(self.scale)
        self.size = np.asarray(axes.bbox.size) * self.scale
        self._boxes, self._segments = np.empty((0, 4)), np.empty((0, 4))
        self._strokes: list[_Floats] = []
        self._cell = max(_CELL, float(np.sqrt(self.size.prod() / _MOST_CELLS)))
        self._to_cells = Affine2D().scale(1 / self._cell).translate(*[_MARGIN + _SHIFT] * 2)
        columns, rows = (self.size / self._cell).astype(int) + 2 * _MARGIN + 2
        self._shape = int(rows), int(columns)
        #: Lines and opaque areas.
        self._ink = _canvas(self._shape)
        #: The number of markers in each cell, by their radius in cells.
        self._markers: dict[float, _Ints] = {}

    def points(self, pixels: Any) -> _Floats:
        """Return places in pixels, shape (n, 2) or (2,), in points."""
        return np.asarray(self.to_points.transform(pixels), dtype=float)

    def pixels(self, points: Any) -> _Floats:
        """Return places in points in pixels."""
        return np.round(self.to_points.inverted().transform(points), 3)

    def add_lines(self, path: Path, to_pixels: Transform) -> None:
        """Add the lines along a path."""
        self._draw(path, to_pixels + self.to_points)

    def add_area(self, path: Path, to_pixels: Transform) -> None:
        """Add the inside of a path, on which no text can be read."""
        self._draw(path, to_pixels + self.to_points, (0, 0, 0, 1))

    def _draw(self, path: Path, to_points: Transform, face: Any = None) -> None:
        to_cells = to_points + self._to_cells
        bent = to_cells.transform_path_non_affine(path)
        pen = self._ink.new_gc()
        pen.set_linewidth(_HAIR)
        try:
            self._ink.draw_path(pen, bent, to_cells.get_affine(), face)
        except OverflowError:
            # More than Agg can draw, and with that canvas it draws no more: as good as an area.
            ink, self._ink = self._ink, _canvas(self._shape)
            np.asarray(self._ink.buffer_rgba())[:] = np.asarray(ink.buffer_rgba())
            box = BboxTransformTo(bent.get_extents(to_cells.get_affine()))
            self._ink.draw_path(pen, Path.unit_rectangle(), box, (0, 0, 0, 1))

    def add_strokes(self, segments: _Floats) -> None:
        """Add lines that stay where they are, in points, shape (n, 4)."""
        self._strokes.append(segments)

    def add_markers(self, places: _Floats, to_pixels: Transform, radii: Any) -> None:
        """Add markers at places, shape (n, 2), of radii in points, an array or a number."""
        n_rows, n_columns = self._shape
        to_cells = to_pixels + self.to_points + self._to_cells
        columns, rows = np.floor(to_cells.transform(places)).T
        inside = (columns >= 0) & (columns < n_columns) & (rows >= 0) & (rows < n_rows)
        sizes = np.ceil(np.asarray(radii) / self._cell - 0.5)
        for size in np.unique(sizes[sizes > 0]):
            these = inside if sizes.ndim == 0 else inside & (sizes == size)
            count = self._markers.setdefault(size, np.zeros(self._shape, dtype=np.int32))
            at = (rows[these] * n_columns + columns[these]).astype(np.intp)
            if len(at) < count.size / 10:
                np.add.at(count.reshape(-1), at, 1)
            else:
                # Ten times as fast, of many.
                count += np.bincount(at, minlength=count.size).reshape(count.shape)

    def add_extent(self, pixels: BboxBase) -> None:
        """Add a box in pixels, such as that around a text."""
        if pixels.width > 0 and pixels.height > 0:
            self.add_boxes(self.points(pixels.get_points()).reshape(1, 4))

    def add_boxes(self, boxes: _Floats) -> None:
        """Add boxes in points, shape (n, 4)."""
        self._boxes = np.vstack([self._boxes, boxes])

    def add_segments(self, segments: _Floats) -> None:
        """Add leaders of labels, in points, shape (n, 4)."""
        self._segments = np.vstack([self._segments, segments])

    def cost(self, boxes: _Floats) -> _Floats:
        """Return how much each of *boxes*, shape (n, 4), covers; 0 where it is free, shape (n,).

        A marker counts 1, a text or legend 10, lines and opaque areas from 5 to 10, by the share
        of the box that they take.
        """
        return self.cost_on_data(boxes) + self.cost_on_labels(boxes)

    def cost_on_data(self, boxes: _Floats) -> _Floats:
        """Return the cost of what is on the grid."""
        ink, markers = self._tables
        corners = self._to_cells.transform(boxes.reshape(-1, 2)).reshape(-1, 4)
        inked, cells = _summed(ink, corners)
        cost: _Floats = np.where(inked > 0, LINE_COST * (1 + inked / np.maximum(cells, 1)), 0)
        for size, table in markers.items():
            larger = corners + size * np.hstack([-_OCTAGON, _OCTAGON])[:, None]
            cost += _COUNTS @ _summed(table, larger)[0]
        # Sums of equal terms differ by their order.
        return np.round(cost, 6)

    def cost_on_labels(self, boxes: _Floats) -> _Floats:
        """Return the cost of texts and legends, and of the leaders of labels."""
        on_texts = BOX_COST * overlaps(boxes, self._boxes).sum(axis=1)
        inside = lengths_inside(boxes, self._segments).sum(axis=1)
        # An empty text has an empty box.
        share = inside / np.maximum((boxes[:, 2:] - boxes[:, :2]).sum(axis=1), _TOUCH)
        return np.asarray(on_texts + np.where(inside > _TOUCH, LINE_COST * (1 + share), 0).round(6))

    def crossed(self, start: _Floats, ends: _Floats) -> _Ints:
        """Return how many boxes are crossed from a point, shape (2,), to each of *ends*, (n, 2).

        Those that the point lies in have to be.
        """
        lines = np.hstack([np.broadcast_to(start, ends.shape), ends])
        beside = ((self._boxes[:, :2] >= start) | (start >= self._boxes[:, 2:])).any(axis=1)
        # Most boxes are out of reach.
        boxes = self._boxes[beside & overlaps(_reach(start, ends), self._boxes)[0]]
        return np.asarray((lengths_inside(boxes, lines) > _TOUCH).sum(axis=0))

    def leaders_crossed(self, start: _Floats, ends: _Floats) -> _Ints:
        """Return how many leaders are crossed from a point, shape (2,), to each of *ends*, (n, 2).

        Those that only touch are not.
        """
        near = overlaps(_reach(start, ends), _extents(self._segments))[0]
        way, one, other = (ends - start)[:, None], *np.hsplit(self._segments[near], 2)
        apart = _turn(way, one - start) * _turn(way, other - start)
        across = _turn(other - one, start - one) * _turn(other - one, ends[:, None] - one)
        return np.asarray(((apart < -_TOUCH) & (across < -_TOUCH)).sum(axis=1))

    @functools.cached_property
    def _tables(self) -> tuple[_Ints, dict[float, _Ints]]:
        """Return the tables of ink and of markers, by their radius in cells."""
        if self._strokes:
            ends = np.vstack(self._strokes).reshape(-1, 2)
            codes = np.tile([Path.MOVETO, Path.LINETO], len(ends) // 2)
            self._draw(Path(ends, codes), IdentityTransform())
        ink = np.asarray(self._ink.buffer_rgba())[::-1, :, 3] > 0
        return _table(ink), {size: _table(count) for size, count in self._markers.items()}


def _extents(segments: _Floats) -> _Floats:
    """Return the boxes around segments, both of shape (n, 4)."""
    ends = segments.reshape(-1, 2, 2)
    return np.hstack([ends.min(axis=1), ends.max(axis=1)])


def _reach(start: _Floats, ends: _Floats) -> _Floats:
    """Return a box around all ways from a point to others, with a little room, shape (1, 4)."""
    places = np.vstack([start, ends])
    return np.hstack([places.min(axis=0) - 1, places.max(axis=0) + 1])[None]


def _turn(way: _Floats, other: _Floats) -> _Floats:
    """Return on which side of ways others lie, by its sign: the third part of their product."""
    return np.asarray(way[..., 0] * other[..., 1] - way[..., 1] * other[..., 0])


def _canvas(shape: tuple[int, int]) -> Any:
    """Return an empty canvas of so many rows and columns."""
    # Not before something is drawn: importing the package takes no renderer.
    agg: Any = import_module("matplotlib.backends.backend_agg")
    return agg.RendererAgg(shape[1], shape[0], 72)


def _table(cells: NDArray[Any]) -> _Ints:
    """Return the sums of all rectangles that begin at the first cell."""
    table = np.zeros(np.add(cells.shape, 1), dtype=np.int32)
    cells.cumsum(axis=1, dtype=np.int32).cumsum(axis=0, out=table[1:, 1:])
    return table


def _summed(table: _Ints, corners: _Floats) -> tuple[_Ints, _Ints]:
    """Return the sums over boxes of cells, shape (..., 4), and the number of their cells."""
    rows, columns = table.shape
    cells = np.floor(corners).astype(np.intp)
    cells[..., 2:] += 1
    np.clip(cells, 0, [columns - 1, rows - 1] * 2, out=cells)
    x0, y0, x1, y1 = np.moveaxis(cells, -1, 0)
    flat, low, high = table.reshape(-1), y0 * columns, y1 * columns
    total = flat[high + x1] - flat[low + x1] - flat[high + x0] + flat[low + x0]
    return total, (x1 - x0) * (y1 - y0)


def overlaps(boxes: _Floats, others: _Floats) -> NDArray[np.bool_]:
    """Return which boxes overlap which others, shape (n, m)."""
    x0, y0, x1, y1 = (side[:, None] for side in boxes.T)
    u0, v0, u1, v1 = others.T
    meet = (u0 < x1 - _TOUCH) & (u1 > x0 + _TOUCH) & (v0 < y1 - _TOUCH) & (v1 > y0 + _TOUCH)
    return np.asarray(meet)


def lengths_inside(boxes: _Floats, segments: _Floats) -> _Floats:
    """Return how much of each segment is in each box, shape (boxes, segments).

    Examples
    --------
    >>> lengths_inside(np.array([[0.0, 0, 2, 2]]), np.array([[-1.0, 1, 9, 1], [3, 0, 3, 9]]))
    array([[2., 0.]])
    """
    enter, leave = shares_inside(boxes[:, None], segments)
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    return np.asarray(np.maximum(leave - enter, 0) * lengths)


def shares_inside(boxes: _Floats, segments: _Floats) -> tuple[_Floats, _Floats]:
    """Return where along segments they enter boxes and leave them, from 0 to 1.

    Both are x0, y0, x1, y1 along their last axis. A segment that is never inside leaves before it
    enters. They are cut as Liang and Barsky do (ACM Transactions on Graphics 3, 1984).
    """
    start, step = segments[..., :2], segments[..., 2:] - segments[..., :2]
    # A segment along an axis: as good as parallel.
    inverse = 1 / np.where(np.abs(step) < 1e-9, 1e-9, step)
    enter: Any = 0.0
    leave: Any = 1.0
    for axis in (0, 1):
        to_lower = (boxes[..., axis] - start[..., axis]) * inverse[..., axis]
        to_upper = (boxes[..., axis + 2] - start[..., axis]) * inverse[..., axis]
        enter = np.maximum(enter, np.minimum(to_lower, to_upper))
        leave = np.minimum(leave, np.maximum(to_lower, to_upper))
    return enter, leave
