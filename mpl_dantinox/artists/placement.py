"""What is in the way of a text, in pixels."""

from collections.abc import Iterator, Sequence
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
from numpy.typing import ArrayLike, NDArray

from mpl_dantinox.artists.base import DrawnAsParts, Guide
from mpl_dantinox.artists.staircase import float_points

__all__ = [
    "Obstacles",
    "has_marker",
    "lengths_inside",
    "obstacles_of",
    "segments_of",
    "spans_inside",
]

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

    def __add__(self, other: "Obstacles") -> "Obstacles":
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Obstacles(*map(np.concatenate, pairs))

    def near(self, window: _Floats) -> "Obstacles":
        """Return those that may meet a box, shape (4,)."""

        def met(low: _Floats, high: _Floats) -> NDArray[np.bool_]:
            (x0, y0), (x1, y1) = low.T, high.T
            left, bottom, right, top = window
            hit: NDArray[np.bool_] = (x0 < right) & (x1 > left) & (y0 < top) & (y1 > bottom)
            return hit

        starts, ends = self.segments[:, :2], self.segments[:, 2:]
        centers, radii = self.disks[:, :2], self.disks[:, 2:]
        return Obstacles(
            self.boxes[met(self.boxes[:, :2], self.boxes[:, 2:])],
            self.segments[met(np.minimum(starts, ends), np.maximum(starts, ends))],
            self.disks[met(centers - radii, centers + radii)],
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
        height = np.maximum(y1 - y0, 1)[:, 0]
        crossed = np.where(inside > 0, LINE_COST + inside / height, 0)
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
    found: dict[str, list[_Floats]] = {kind: [array] for kind, array in vars(Obstacles()).items()}
    before = True
    for axes in _axes_at_same_place(artist.axes):
        for other in sorted(axes.get_children(), key=Artist.get_zorder):
            if other is artist:
                before = False
            elif other.get_visible() and (before or not getattr(other, "gives_way", False)):
                for kind, array in _obstacles(other, axes, renderer):
                    found[kind].append(array)
    return Obstacles(*map(np.concatenate, found.values()))


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
    return sorted([axes, *twins], key=Artist.get_zorder)


def _obstacles(
    artist: Any, axes: Axes, renderer: RendererBase | None
) -> Iterator[tuple[str, _Floats]]:
    """Yield what *artist* puts in the way: a kind of obstacle, and some of that kind."""
    if artist is axes.patch or isinstance(artist, _BACKGROUND):
        return
    if isinstance(artist, Text):
        if artist.get_text():
            # Of an annotation, its text alone and not the box around its arrow too.
            yield "boxes", np.array([Text.get_window_extent(artist, renderer).extents])
        return
    if isinstance(artist, Legend | Axes):
        yield "boxes", np.array([artist.get_window_extent(renderer).extents])
        return
    # What is made of artists is where these are, or will be once it is drawn.
    if isinstance(artist, Guide) and getattr(artist, "gives_way", False):
        # It looks for a place itself, was drawn before, and has found it.
        parts = artist.placed_parts
    elif isinstance(artist, DrawnAsParts):
        parts = artist.drawn_parts(renderer)
    else:
        parts = artist.get_children()
    for part in parts:
        if part.get_visible():
            yield from _obstacles(part, axes, renderer)
    if not parts and not isinstance(artist, DrawnAsParts):
        yield from _shapes(artist)


def _shapes(artist: Any) -> Iterator[tuple[str, _Floats]]:
    """Yield what an artist without parts puts in the way."""
    if isinstance(artist, Line2D):
        transform = artist.get_transform()
        if artist.get_linestyle() not in ("None", "none", " ", ""):
            yield "segments", segments_of(artist.get_path(), transform)
        if has_marker(artist):
            yield "disks", _disks(artist, artist.get_xydata(), transform, artist.get_markersize())
    elif isinstance(artist, PathCollection):
        points = float_points(*np.ma.asarray(artist.get_offsets()).T)
        transform = artist.get_offset_transform()
        yield "disks", _disks(artist, points, transform, np.sqrt(artist.get_sizes()))
    elif isinstance(artist, Collection | Patch) and not _is_pale(artist):
        path = artist.get_path() if isinstance(artist, Patch) else _joined(artist.get_paths())
        yield "segments", segments_of(path, artist.get_transform())


def _is_pale(artist: Any) -> bool:
    """Tell whether an area has no edge and lets a text on it be read."""
    face = np.reshape(artist.get_facecolor(), (-1, 4))[:, 3]
    edge = np.reshape(artist.get_edgecolor(), (-1, 4))[:, 3]
    has_edge = np.max(artist.get_linewidth(), initial=0) * edge.max(initial=0) > 0
    return not has_edge and bool(face.max(initial=0) < 0.5)


def _joined(paths: Sequence[Path]) -> Path:
    return Path.make_compound_path(*(path for path in paths if np.size(path.vertices)))


def has_marker(line: Line2D) -> bool:
    """Return whether the points of a line are marked."""
    return line.get_marker() not in (None, "None", "none", " ", "")


def _disks(artist: Artist, points: ArrayLike, transform: Transform, diameter: Any) -> _Floats:
    """Return the markers at *points*; their diameter is in points of 1/72 inch."""
    centers = transform.transform(points)
    radii = np.resize(diameter, len(centers)) / 2 * artist.figure.dpi / 72
    disks = np.column_stack([centers, radii])
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
