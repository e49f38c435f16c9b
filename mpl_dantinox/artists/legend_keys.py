"""How legends find and draw guides, and lines with a band."""

import copy
from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.container import Container
from matplotlib.legend import Legend
from matplotlib.legend_handler import HandlerBase, HandlerLine2D
from matplotlib.patches import Rectangle

__all__ = ["HandlerBanded", "HandlerGuide", "HandlerLegendEntry", "LegendEntry"]


class LegendEntry(Container):
    """How a legend finds a guide: it looks for lines, areas, texts and containers."""

    # Not that of tuples, which are equal where all of them are empty.
    __eq__, __hash__ = object.__eq__, object.__hash__

    def __new__(cls, _: Any) -> "LegendEntry":
        """Return a container of no artists."""
        entry: LegendEntry = tuple.__new__(cls, ())
        return entry

    def __init__(self, guide: Any) -> None:
        super().__init__((), label=guide.get_label())
        self.guide = guide


class HandlerBanded(HandlerLine2D):
    """Draws the band of a legend key behind what else there is of it."""

    def create_artists(self, legend: Legend, orig_handle: Any, *place: Any) -> list[Artist]:
        """Return the patch of the key, and its line."""
        artists = list(super().create_artists(legend, orig_handle, *place))
        if not orig_handle.has_band():
            return artists
        xdescent, ydescent, width, height, _, trans = place
        band = Rectangle((-xdescent, -ydescent), width, height, lw=0, transform=trans)
        band.set(**orig_handle.band_looks())
        return [band, *artists]


class HandlerLegendEntry(HandlerBase):
    """Draws the legend key of the guide that an entry is for."""

    def create_artists(self, legend: Legend, orig_handle: Any, *place: Any) -> Sequence[Artist]:
        """Return the artists of the key."""
        handler: Any = legend.get_legend_handler(legend.get_legend_handler_map(), orig_handle.guide)
        key: Sequence[Artist] = handler.create_artists(legend, orig_handle.guide, *place)
        return key


class HandlerGuide(HandlerLine2D):
    """Draws the legend key of a guide: its line."""

    def create_artists(self, legend: Legend, orig_handle: Any, *place: Any) -> list[Artist]:
        """Return the line of the key."""
        line = copy.copy(orig_handle._line)
        line.set_alpha(orig_handle.get_alpha())
        return list(super().create_artists(legend, line, *place))
