"""What a cursor of mplcursors is told of guides, if that library is in use."""

import sys
from typing import Any

from matplotlib.artist import Artist
from matplotlib.backend_bases import MouseEvent

__all__ = ["offer_to_cursors"]


def offer_to_cursors(kind: type[Artist]) -> None:
    """Register a kind of artist with the functions through which mplcursors asks artists."""
    cursors = sys.modules.get("mplcursors")
    if cursors is not None and kind not in cursors.compute_pick.registry:
        cursors.compute_pick.register(kind, _selection)
        cursors.get_ann_text.register(kind, _text)


def _selection(artist: Any, event: MouseEvent) -> Any:
    """Return the selection of what the mouse is on, or None."""
    if not artist.contains(event)[0]:
        return None
    target = artist.axes.transData.inverted().transform((event.x, event.y))
    fields = {"artist": artist, "target": target, "index": artist.get_cursor_data(event)}
    kind = sys.modules["mplcursors"].Selection
    return kind(**fields, dist=0, annotation=None, extras=[])


def _text(artist: Any, target: Any, index: Any, *rest: Any) -> str:
    """Return what is written beside a selection."""
    label = str(artist.get_label())
    return str(artist.format_cursor_data(index) if index is not None else label.lstrip("_"))
