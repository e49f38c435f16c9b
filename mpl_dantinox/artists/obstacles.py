"""What is in the way of a text, in pixels."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import RendererBase
from matplotlib.collections import Collection, PathCollection, QuadMesh
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.spines import Spine
from matplotlib.text import Text
from numpy.typing import NDArray

__all__ = ["Obstacles", "lengths_inside", "obstacles_of"]

_Floats = NDArray[np.float64]

#: Covering a text or a legend is worse than covering ten points.
_BOX_COST = 10.0


@dataclass(frozen=True)
class Obstacles:
    """Things to keep clear of, in pixels.

    Parameters
    ----------
    boxes : array, shape (n, 4)
        Texts and legends: x0, y0, x1, y1.
    segments : array, shape (m, 4)
        Lines and outlines, piece by piece: x0, y0, x1, y1.
    disks : array, shape (k, 3)
        Markers: x, y, radius.
    """

    boxes: _Floats
    segments: _Floats
    disks: _Floats

    @classmethod
    def none(cls) -> Self:
        """Return no obstacles."""
        return cls(np.empty((0, 4)), np.empty((0, 4)), np.empty((0, 3)))

    def __add__(self, other: "Obstacles") -> "Obstacles":
        return Obstacles(
            np.concatenate([self.boxes, other.boxes]),
            np.concatenate([self.segments, other.segments]),
            np.concatenate([self.disks, other.disks]),
        )

    def near(self, window: _Floats) -> "Obstacles":
        """Return those that may meet a box, shape (4,)."""
        x0, y0, x1, y1 = window
        ax, ay, bx, by = self.segments.T
        x, y, r = self.disks.T
        u0, v0, u1, v1 = self.boxes.T
        return Obstacles(
            self.boxes[(u0 < x1) & (u1 > x0) & (v0 < y1) & (v1 > y0)],
            self.segments[
                (np.minimum(ax, bx) < x1)
                & (np.maximum(ax, bx) > x0)
                & (np.minimum(ay, by) < y1)
                & (np.maximum(ay, by) > y0)
            ],
            self.disks[(x - r < x1) & (x + r > x0) & (y - r < y1) & (y + r > y0)],
        )

    def cost(self, boxes: _Floats) -> _Floats:
        """Return how much each of *boxes*, shape (n, 4), covers; 0 where it is free, shape (n,).

        A marker counts 1, a text or legend 10, and a line its length in the box in units of the
        box's height, plus 1.
        """
        near = self.near(np.append(boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))
        x0, y0, x1, y1 = (side[:, None] for side in boxes.T)
        u0, v0, u1, v1 = near.boxes.T
        cost = _BOX_COST * ((u0 < x1) & (u1 > x0) & (v0 < y1) & (v1 > y0)).sum(axis=1)
        x, y, r = near.disks.T
        gap_x = np.maximum(np.maximum(x0 - x, x - x1), 0)
        gap_y = np.maximum(np.maximum(y0 - y, y - y1), 0)
        cost = cost + (gap_x**2 + gap_y**2 < r**2).sum(axis=1)
        inside = lengths_inside(boxes, near.segments).sum(axis=1)
        height = np.maximum(boxes[:, 3] - boxes[:, 1], 1)
        result: _Floats = cost + np.where(inside > 0, 1 + inside / height, 0)
        return result


def lengths_inside(boxes: _Floats, segments: _Floats) -> _Floats:
    """Return how much of each segment is in each box, shape (boxes, segments).

    Both are x0, y0, x1, y1; the segments are cut as Liang and Barsky do.

    Examples
    --------
    >>> lengths_inside(np.array([[0.0, 0, 2, 2]]), np.array([[-1.0, 1, 9, 1], [3, 0, 3, 9]]))
    array([[2., 0.]])
    """
    start, end = span_inside(boxes, segments)
    full = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    inside: _Floats = np.clip(end - start, 0, None) * full
    return inside


def span_inside(boxes: _Floats, segments: _Floats) -> tuple[_Floats, _Floats]:
    """Return where each segment enters and leaves each box, as fractions of its length.

    It misses the box where it leaves before it enters.
    """
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    # A segment along an axis: as good as parallel, in pixels.
    step = np.where(np.abs(step) < 1e-9, 1e-9, step)
    to_lower = (boxes[:, None, :2] - start) / step
    to_upper = (boxes[:, None, 2:] - start) / step
    enter = np.minimum(to_lower, to_upper).max(axis=2)
    leave = np.maximum(to_lower, to_upper).min(axis=2)
    return np.clip(enter, 0, 1), np.clip(leave, 0, 1)


def obstacles_of(artist: Artist, renderer: RendererBase | None = None) -> Obstacles:
    """Return what is in the way of an artist in its Axes and in those that share its place.

    Of the texts that look for a place themselves (those with a true attribute ``gives_way``),
    only what is drawn before the artist counts: what comes later makes room for it.
    """
    axes = artist.axes
    assert axes is not None
    found: list[Obstacles] = []
    before = True
    for sibling in _axes_at_same_place(axes):
        for other in sorted(sibling.get_children(), key=lambda child: child.get_zorder()):
            if other is artist:
                before = False
            elif other.get_visible() and (before or not getattr(other, "gives_way", False)):
                found += _obstacles(other, sibling, renderer)
    return Obstacles(
        np.concatenate([np.empty((0, 4)), *(item.boxes for item in found)]),
        np.concatenate([np.empty((0, 4)), *(item.segments for item in found)]),
        np.concatenate([np.empty((0, 3)), *(item.disks for item in found)]),
    )


def _axes_at_same_place(axes: Axes) -> list[Axes]:
    """Return the Axes and its twins in the order in which they are drawn."""
    everyone = [
        other
        for other in axes.figure.axes
        if other is axes
        or (other.get_visible() and np.allclose(other.bbox.extents, axes.bbox.extents, atol=0.5))
    ]
    everyone = everyone if axes in everyone else [*everyone, axes]
    return sorted(everyone, key=lambda other: other.get_zorder())


def _obstacles(artist: Artist, axes: Axes, renderer: RendererBase | None) -> list[Obstacles]:
    """Return what *artist* puts in the way."""
    if artist is axes.patch or isinstance(artist, Axis | Spine | AxesImage | QuadMesh):
        return []
    none = Obstacles.none()
    if isinstance(artist, Text):
        if not artist.get_text():
            return []
        # Of an annotation, its text alone and not the box around its arrow too.
        box = Text.get_window_extent(artist, renderer).extents
        return [Obstacles(box[None], none.segments, none.disks)]
    if isinstance(artist, Legend | Axes):
        return [Obstacles(artist.get_window_extent(renderer).extents[None], *_rest(none))]
    if isinstance(artist, Line2D):
        return [_of_line(artist), *_of_children(artist, axes, renderer)]
    if isinstance(artist, PathCollection):
        return [_of_scatter(artist)]
    if isinstance(artist, Collection):
        paths = [path for path in artist.get_paths() if len(path.vertices)]
        if not paths:
            return []
        path = Path.make_compound_path(*paths)
        return [Obstacles(none.boxes, _segments(path, artist.get_transform()), none.disks)]
    if isinstance(artist, Patch):
        segments = _segments(artist.get_path(), artist.get_transform())
        return [Obstacles(none.boxes, segments, none.disks)]
    return _of_children(artist, axes, renderer)


def _rest(none: Obstacles) -> tuple[_Floats, _Floats]:
    return none.segments, none.disks


def _of_children(artist: Artist, axes: Axes, renderer: RendererBase | None) -> list[Obstacles]:
    return [
        obstacle
        for child in artist.get_children()
        if child.get_visible()
        for obstacle in _obstacles(child, axes, renderer)
    ]


def _of_line(line: Line2D) -> Obstacles:
    none = Obstacles.none()
    # The parts of a composite stand for it: its own data are not what it draws.
    if line.get_children():
        return none
    path, transform = line.get_path(), line.get_transform()
    solid = line.get_linestyle() not in ("None", "none", " ", "")
    segments = _segments(path, transform) if solid else none.segments
    disks = none.disks
    if line.get_marker() not in (None, "None", "none", " ", ""):
        points = transform.transform(line.get_xydata())
        disks = _disks(points, line.get_markersize() / 2, line.figure.dpi / 72)
    return Obstacles(none.boxes, segments, disks)


def _of_scatter(scatter: PathCollection) -> Obstacles:
    offsets = np.ma.filled(np.ma.asarray(scatter.get_offsets(), dtype=float), np.nan)
    points = scatter.get_offset_transform().transform(offsets)
    sizes = scatter.get_sizes()
    radii = np.sqrt(np.resize(sizes, len(points))) / 2 if len(sizes) else np.zeros(len(points))
    none = Obstacles.none()
    return Obstacles(*(none.boxes, none.segments), _disks(points, radii, scatter.figure.dpi / 72))


def _disks(points: _Floats, radii: Any, pixels_per_point: float) -> _Floats:
    radii = np.broadcast_to(radii, len(points)) * pixels_per_point
    disks = np.column_stack([points, radii])
    return disks[np.isfinite(disks).all(axis=1)]


def _segments(path: Path, transform: Any) -> _Floats:
    """Return the pieces of a path in pixels; a curve counts as its control polygon."""
    vertices = transform.transform(np.asarray(path.vertices, dtype=float).reshape(-1, 2))
    drawn = np.ones(max(len(vertices) - 1, 0), dtype=bool)
    if path.codes is not None and len(vertices):
        first = np.maximum.accumulate(
            np.where(path.codes == Path.MOVETO, np.arange(len(vertices)), 0)
        )
        closing = path.codes == Path.CLOSEPOLY
        vertices = np.where(closing[:, None], vertices[first], vertices)
        drawn = path.codes[1:] != Path.MOVETO
    pieces = np.hstack([vertices[:-1], vertices[1:]])
    return pieces[drawn & np.isfinite(pieces).all(axis=1)]
