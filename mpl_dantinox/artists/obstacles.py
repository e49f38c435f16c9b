"""What is in the way of a text, in pixels."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

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
from matplotlib.transforms import Transform
from numpy.typing import NDArray

from mpl_dantinox.artists.composite import Composite

__all__ = ["Obstacles", "lengths_inside", "obstacles_of", "segments_of", "spans_inside"]

_Floats = NDArray[np.float64]

#: Covering a text or a legend, or being crossed by a line, is as bad as covering so many points.
BOX_COST, LINE_COST = 10.0, 5.0

#: What is drawn over the whole Axes, or marks its edge, is in nobody's way.
_BACKGROUND = (Axis, Spine, AxesImage, QuadMesh)


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

    boxes: _Floats = field(default_factory=lambda: np.empty((0, 4)))
    segments: _Floats = field(default_factory=lambda: np.empty((0, 4)))
    disks: _Floats = field(default_factory=lambda: np.empty((0, 3)))

    @classmethod
    def joined(cls, parts: Iterable["Obstacles"]) -> "Obstacles":
        """Return the obstacles of all *parts*."""
        parts = [cls(), *parts]
        return cls(
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([part.segments for part in parts]),
            np.concatenate([part.disks for part in parts]),
        )

    def __add__(self, other: "Obstacles") -> "Obstacles":
        return self.joined([self, other])

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

        A marker counts 1, a text or legend 10, and lines 5 and their length in the box, in
        units of its height.
        """
        near = self.near(np.append(boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))
        x0, y0, x1, y1 = (side[:, None] for side in boxes.T)
        u0, v0, u1, v1 = near.boxes.T
        covered = ((u0 < x1) & (u1 > x0) & (v0 < y1) & (v1 > y0)).sum(axis=1)
        x, y, r = near.disks.T
        away = np.maximum(np.maximum(x0 - x, x - x1), 0) ** 2
        away = away + np.maximum(np.maximum(y0 - y, y - y1), 0) ** 2
        marked = (away < r**2).sum(axis=1)
        inside = lengths_inside(boxes, near.segments).sum(axis=1)
        crossed = np.where(
            inside > 0, LINE_COST + inside / np.maximum(boxes[:, 3] - boxes[:, 1], 1), 0
        )
        cost: _Floats = BOX_COST * covered + marked + crossed
        return cost


def lengths_inside(boxes: _Floats, segments: _Floats) -> _Floats:
    """Return how much of each segment is in each box, shape (boxes, segments).

    Both are x0, y0, x1, y1.

    Examples
    --------
    >>> lengths_inside(np.array([[0.0, 0, 2, 2]]), np.array([[-1.0, 1, 9, 1], [3, 0, 3, 9]]))
    array([[2., 0.]])
    """
    enter, leave = spans_inside(boxes, segments)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    inside: _Floats = np.clip(leave - enter, 0, None) * length
    return inside


def spans_inside(boxes: _Floats, segments: _Floats) -> tuple[_Floats, _Floats]:
    """Return where each segment enters and leaves each box, as fractions of its length.

    It misses a box that it leaves before it enters. The segments are cut as Liang and Barsky do
    (ACM Transactions on Graphics 3, 1984).
    """
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    # A segment along an axis: as good as parallel, in pixels.
    step = np.where(np.abs(step) < 1e-9, 1e-9, step)
    to_lower = (boxes[:, None, :2] - start) / step
    to_upper = (boxes[:, None, 2:] - start) / step
    enter = np.minimum(to_lower, to_upper).max(axis=2)
    leave = np.maximum(to_lower, to_upper).min(axis=2)
    return np.maximum(enter, 0), np.minimum(leave, 1)


def obstacles_of(artist: Artist, renderer: RendererBase | None = None) -> Obstacles:
    """Return what is in the way of an artist in its Axes and in those that share its place.

    Of the artists that look for a place themselves (those with a true attribute ``gives_way``),
    only those drawn before this one count: what comes later makes room for it.
    """
    found: list[Obstacles] = []
    before = True
    for axes in _axes_at_same_place(artist.axes):
        for other in sorted(axes.get_children(), key=lambda child: child.get_zorder()):
            if other is artist:
                before = False
            elif other.get_visible() and (before or not getattr(other, "gives_way", False)):
                found += _obstacles(other, axes, renderer)
    return Obstacles.joined(found)


def _axes_at_same_place(axes: Any) -> list[Axes]:
    """Return the Axes and its twins in the order in which they are drawn."""
    place = axes.bbox.extents
    twins = [
        other
        for other in axes.figure.axes
        if other is not axes
        and other.get_visible()
        and np.abs(other.bbox.extents - place).max() < 0.5
    ]
    return sorted([axes, *twins], key=lambda other: other.get_zorder())


def _obstacles(artist: Artist, axes: Axes, renderer: RendererBase | None) -> list[Obstacles]:
    """Return what *artist* puts in the way."""
    if artist is axes.patch or isinstance(artist, _BACKGROUND):
        return []
    if isinstance(artist, Text):
        # Of an annotation, its text alone and not the box around its arrow too.
        box = Text.get_window_extent(artist, renderer)
        return [Obstacles(boxes=np.array([box.extents]))] if artist.get_text() else []
    if isinstance(artist, Legend | Axes):
        return [Obstacles(boxes=np.array([artist.get_window_extent(renderer).extents]))]
    # What is made of artists is where these are, or will be once it is drawn.
    parts = artist.get_children()
    if isinstance(artist, Composite) and not getattr(artist, "gives_way", False):
        parts = artist.placed(renderer)
    if parts:
        shown = (part for part in parts if part.get_visible())
        return [found for part in shown for found in _obstacles(part, axes, renderer)]
    if isinstance(artist, Line2D):
        return [_of_line(artist)]
    if isinstance(artist, PathCollection):
        return [_of_scatter(artist)]
    if isinstance(artist, Collection | Patch) and _is_pale(artist):
        return []
    if isinstance(artist, Collection):
        paths = [path for path in artist.get_paths() if np.size(path.vertices)]
        path = Path.make_compound_path(*paths)
        return [Obstacles(segments=segments_of(path, artist.get_transform()))]
    if isinstance(artist, Patch):
        return [Obstacles(segments=segments_of(artist.get_path(), artist.get_transform()))]
    return []


def _is_pale(artist: Any) -> bool:
    """Tell whether an area has no edge and lets a text on it be read."""
    face = np.reshape(artist.get_facecolor(), (-1, 4))[:, 3]
    edge = np.reshape(artist.get_edgecolor(), (-1, 4))[:, 3]
    has_edge = np.max(artist.get_linewidth(), initial=0) * edge.max(initial=0) > 0
    return not has_edge and bool(face.max(initial=0) < 0.5)


def _of_line(line: Any) -> Obstacles:
    transform = line.get_transform()
    found = Obstacles()
    if line.get_linestyle() not in ("None", "none", " ", ""):
        found += Obstacles(segments=segments_of(line.get_path(), transform))
    if line.get_marker() not in (None, "None", "none", " ", ""):
        points = transform.transform(line.get_xydata())
        radius = np.full(len(points), line.get_markersize() / 2)
        found += Obstacles(disks=_disks(points, radius * line.figure.dpi / 72))
    return found


def _of_scatter(scatter: Any) -> Obstacles:
    offsets: _Floats = np.ma.filled(np.ma.asarray(scatter.get_offsets(), dtype=float), np.nan)
    points = scatter.get_offset_transform().transform(offsets)
    radius = np.sqrt(np.resize(scatter.get_sizes(), len(points))) / 2
    return Obstacles(disks=_disks(points, radius * scatter.figure.dpi / 72))


def _disks(points: _Floats, radius: _Floats) -> _Floats:
    disks = np.column_stack([points, radius])
    finite: _Floats = disks[np.isfinite(disks).all(axis=1)]
    return finite


def segments_of(path: Path, transform: Transform) -> _Floats:
    """Return the pieces of a path in pixels, shape (n, 4); a curve is its control polygon.

    Examples
    --------
    >>> from matplotlib.transforms import IdentityTransform
    >>> segments_of(Path([(0, 0), (1, 0), (1, 2)]), IdentityTransform()).tolist()
    [[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 2.0]]
    """
    vertices = transform.transform(np.reshape(np.asarray(path.vertices, dtype=float), (-1, 2)))
    drawn = np.ones(max(len(vertices) - 1, 0), dtype=bool)
    if path.codes is not None and len(vertices):
        codes = np.asarray(path.codes)
        first = np.maximum.accumulate(np.where(codes == Path.MOVETO, np.arange(len(codes)), 0))
        closing = codes == Path.CLOSEPOLY
        vertices = np.where(closing[:, None], vertices[first], vertices)
        drawn = codes[1:] != Path.MOVETO
    pieces = np.hstack([vertices[:-1], vertices[1:]])
    finite: _Floats = pieces[drawn & np.isfinite(pieces).all(axis=1)]
    return finite
