"""What each kind of artist puts in the way of texts."""

import copy
import functools
from typing import Any, TypeGuard, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection, LineCollection, PathCollection
from matplotlib.image import AxesImage, BboxImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, OffsetBox
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.path import Path
from matplotlib.quiver import Quiver
from matplotlib.spines import Spine
from matplotlib.table import Table
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from mpl_dantinox.artists.base import DrawnAsParts
from mpl_dantinox.artists.space import Space

__all__ = ["has_marker", "obstruct", "obstruct_visible"]

#: How much wider a legend is drawn, at most, than it is measured.
_HINTED = 1.05


@functools.singledispatch
def obstruct(artist: Any, space: Space) -> None:
    """Add what an artist puts in the way of texts, where it will be drawn, to *space*.

    An artist made of others puts these in the way, and one of an unknown kind nothing. Register
    what is right for a kind of your own.

    Examples
    --------
    >>> from matplotlib.patches import Wedge
    >>> @obstruct.register
    ... def _(artist: Wedge, space: Space) -> None:
    ...     space.add_extent(artist.get_window_extent())
    """
    for part in artist.get_children():
        obstruct_visible(part, space)


def obstruct_visible(artist: Artist, space: Space) -> None:
    """Add what an artist puts in the way, unless it is not drawn."""
    alpha = artist.get_alpha()
    if artist.get_visible() and not (np.isscalar(alpha) and alpha == 0):
        obstruct(artist, space)


@obstruct.register(Axis | Spine | AxesImage)
def _(artist: Axis | Spine | AxesImage, space: Space) -> None:
    """Nothing: what is drawn over the whole Axes, or marks its edge, is in nobody's way."""


@obstruct.register(Text)
def _(artist: Text, space: Space) -> None:
    if not artist.get_text().strip():
        return
    # A text keeps the renderer that it was measured with last.
    text: Any = copy.copy(artist)
    if not isinstance(text, Annotation):
        space.add_extent(text.get_window_extent(space.ruler))
    elif np.isfinite(cast("Bbox", text.get_tightbbox(space.ruler)).extents).all():
        # Its text and its arrow, not the box around both; it has neither out of view.
        space.add_extent(Text.get_window_extent(text, space.ruler))
        if text.arrow_patch is not None:
            obstruct(text.arrow_patch, space)
    else:
        return
    frame = text.get_bbox_patch()
    if frame is not None:
        text.update_bbox_position_size(space.ruler)
        space.add_extent(frame.get_window_extent(space.ruler))


@obstruct.register(Legend | OffsetBox | Table | BboxImage)
def _(artist: Legend | OffsetBox | Table | BboxImage, space: Space) -> None:
    if isinstance(artist, Legend) and artist.axes is not None:
        # matplotlib 3.9 finds the best place among texts as they were measured last, at any dpi.
        for text in artist.axes.texts:
            text.get_window_extent(space.ruler)
    # Its letters are a little larger than measured or smaller, and it has many of them.
    wider = _HINTED if isinstance(artist, Legend) else 1.0
    space.add_extent(artist.get_window_extent(space.ruler).expanded(wider, 1))


@obstruct.register(AnnotationBbox)
def _(artist: AnnotationBbox, space: Space) -> None:
    artist.update_positions(space.ruler)
    space.add_extent(artist.offsetbox.get_window_extent(space.ruler))
    for part in (artist.patch, artist.arrow_patch):
        if part is not None and part.get_visible():
            obstruct(part, space)


@obstruct.register(Axes)
def _(artist: Axes, space: Space) -> None:
    box = artist.get_tightbbox(space.ruler)
    if box is not None:
        space.add_extent(box)


@obstruct.register(DrawnAsParts)
def _(artist: DrawnAsParts, space: Space) -> None:
    for part in artist.drawn_parts():
        obstruct(part, space)


@obstruct.register(Line2D)
def _(artist: Line2D, space: Space) -> None:
    transform = artist.get_transform()
    if artist.get_linestyle() not in ("None", "none", " ", "") and artist.get_linewidth() > 0:
        space.add_lines(artist.get_path(), transform)
    if has_marker(artist):
        points = np.asarray(artist.get_xydata(), dtype=float)
        space.add_markers(points, transform, artist.get_markersize() / 2)


@obstruct.register(Patch)
def _(artist: Patch, space: Space) -> None:
    if isinstance(artist, FancyArrowPatch):
        # It is as long as it was drawn last.
        artist.draw(space.ruler)
    _add_shape(artist, artist.get_path(), artist.get_transform(), space)


@obstruct.register(PathCollection)
def _(artist: PathCollection, space: Space) -> None:
    points = np.ma.filled(artist.get_offsets(), np.nan)
    sizes = np.sqrt(artist.get_sizes()) / 2
    radii = np.resize(sizes, len(points)) if len(sizes) > 1 else sizes.max(initial=0)
    space.add_markers(points, artist.get_offset_transform(), radii)


@obstruct.register(Collection)
def _(artist: Collection, space: Space) -> None:
    if artist.get_array() is not None and not isinstance(artist, LineCollection):
        # A map of values is a background.
        return
    if isinstance(artist, Quiver):
        # It has its arrows only once it has been drawn.
        artist.draw(space.ruler)
    paths = [path for path in artist.get_paths() if np.size(path.vertices)]
    transform = artist.get_transform()
    shifts = artist.get_offset_transform().transform(np.ma.filled(artist.get_offsets(), np.nan))
    if paths and (len(shifts) > 1 or np.any(shifts)):
        scales = [Affine2D(matrix) for matrix in artist.get_transforms()] or [Affine2D()]
        moves = [Affine2D().translate(*shift) for shift in shifts]
        paths = [
            (transform + scales[k % len(scales)] + moves[k % len(moves)]).transform_path(
                paths[k % len(paths)]
            )
            for k in range(max(len(paths), len(shifts)))
        ]
        transform = IdentityTransform()
    if paths:
        _add_shape(artist, Path.make_compound_path(*paths), transform, space)


def _add_shape(artist: Any, path: Path, transform: Any, space: Space) -> None:
    """Add an outline that is drawn, and an area that is not pale."""
    face, edge = (
        np.reshape(color, (-1, 4))[:, 3].max(initial=0)
        for color in (artist.get_facecolor(), artist.get_edgecolor())
    )
    if face >= 0.5:
        space.add_area(path, transform)
    if face >= 0.5 or np.max(artist.get_linewidth(), initial=0) * edge > 0:
        space.add_lines(path, transform)


def has_marker(line: Any) -> TypeGuard[Line2D]:
    """Return whether the points of a line are marked, which those of a guide are not."""
    marker = line.get_marker() if isinstance(line, Line2D) else None
    return marker not in (None, "None", "none", " ", "")
