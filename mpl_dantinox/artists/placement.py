"""One placement for all texts of an Axes that look for a place, once per drawing."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from numpy.typing import NDArray

from mpl_dantinox.artists.guide import Guide
from mpl_dantinox.artists.obstacles import obstruct_visible
from mpl_dantinox.artists.space import Space

__all__ = ["Placed", "axes_at_same_place"]


class Placed(Guide, has_own=False):
    """A guide with texts that look for a free place, in turn with all others of their Axes.

    A subclass has two methods: `_reserve` says where its texts may be, `_find_place` chooses.
    """

    #: What the Axes looked like when it was placed, until it is drawn there.
    _placed_for: Any = None

    def _reserve(self, space: Space) -> NDArray[np.float64]:
        """Add to *space* what of the guide is where it is, and return the boxes to be tried.

        These are in points, shape (n, 4), in any order.
        """
        raise NotImplementedError

    def _find_place(
        self, space: Space, boxes: NDArray[np.float64], cost: NDArray[np.float64]
    ) -> Sequence[Artist]:
        """Place the texts in some of *boxes*, add them to *space*, and return what is to be drawn.

        The boxes are those of `_reserve`, and *cost* says how much of the data each of them covers.
        """
        raise NotImplementedError

    def _moved(self, before: Any, after: Any) -> None:
        super()._moved(before, after)
        self._placed_for = None

    def _place(self) -> Sequence[Artist]:
        if not np.all(self.axes.bbox.size > 0):
            return ()
        if self._placed_for != _look(self.axes):
            place_all(self.axes)
        # Asked again it is to be placed again, for much may have changed.
        self._placed_for = None
        return self.placed_parts


def place_all(axes: Axes) -> None:
    """Find places for all texts that look for one in an Axes and in those at the same place."""
    space = Space(axes)
    guides = []
    for artist in _drawn_over(axes, axes_at_same_place(axes)):
        if not isinstance(artist, Placed):
            obstruct_visible(artist, space)
        elif artist.get_visible():
            guides.append(artist)
    tried = []
    for guide in guides:
        with guide.being_placed():
            tried.append(guide._reserve(space))
    # All at once, for each look at the data takes as long as many.
    cost = space.cost_on_data(np.vstack(tried))
    costs = np.split(cost, np.cumsum([len(boxes) for boxes in tried])[:-1])
    look = _look(axes)
    for guide, boxes, covered in zip(guides, tried, costs, strict=True):
        with guide.being_placed():
            guide.placed_parts = guide._find_place(space, boxes, covered)
        guide._placed_for = look


def _drawn_over(axes: Any, group: Sequence[Any]) -> Iterator[Artist]:
    """Yield the artists that are drawn in an Axes or over it, those of the Axes in their order."""
    for one in group:
        for child in sorted(one.get_children(), key=Artist.get_zorder):
            if child is not one.patch:
                yield child
    figures = [axes.get_figure().canvas.figure]
    for figure in figures:
        figures += figure.subfigs
        for child in figure.get_children():
            if child is figure.patch or isinstance(child, SubFigure) or child in group:
                continue
            if not isinstance(child, Axes) or _lies_in(child, axes):
                yield child


def axes_at_same_place(axes: Any) -> list[Any]:
    """Return the Axes and its twins in the order in which they are drawn."""
    place = axes.bbox.extents
    others = [one for one in axes.get_figure().axes if one.get_visible()]
    group = [one for one in others if np.abs(one.bbox.extents - place).max() < 0.5]
    return sorted(group if axes in group else [*group, axes], key=Artist.get_zorder)


def _lies_in(inner: Any, outer: Any) -> bool:
    """Return whether an Axes is smaller than another and drawn over it."""
    smaller = np.prod(inner.bbox.size) < np.prod(outer.bbox.size)
    return bool(smaller and inner.bbox.overlaps(outer.bbox))


def _look(axes: Any) -> Any:
    """Return what tells one drawing of an Axes from others, as far as that can be told."""
    group = axes_at_same_place(axes)
    views = [(one.viewLim.extents.tobytes(), one.bbox.extents.tobytes()) for one in group]
    return views, axes.get_figure().dpi, any(one.stale for one in group)
