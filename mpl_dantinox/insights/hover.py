"""The name and numbers of the run under the mouse, in a window or an interactive notebook."""

from collections.abc import Callable

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import Event, MouseEvent
from matplotlib.collections import PathCollection

__all__ = ["tell_on_hover"]


def tell_on_hover(ax: Axes, markers: dict[PathCollection, Callable[[int], str]]) -> None:
    """Show beside the marker that the mouse is on what its collection's function says of its index.

    Nothing is drawn, and no room is made, until a mouse moves over the figure.
    """
    edge = matplotlib.rcParams["axes.edgecolor"]
    box = {"boxstyle": "round,pad=0.4", "facecolor": ax.get_facecolor(), "edgecolor": edge}
    note = ax.annotate(
        "", (0, 0), xytext=(8, 8), textcoords="offset points", bbox=box, visible=False, zorder=10,
        fontsize="small", parse_math=False, annotation_clip=False, gid="hover",
    )  # fmt: skip
    note.set_in_layout(False)

    def on_move(event: Event) -> None:
        if not isinstance(event, MouseEvent):
            return
        found = None
        for collection, tell in reversed(markers.items()) if event.inaxes is ax else ():
            hit, details = collection.contains(event)
            if hit:
                index = int(details["ind"][-1])
                found = tell(index)
                x, y = np.asarray(collection.get_offsets())[index]
                note.xy = (float(x), float(y))
                break
        if found is not None and found != note.get_text():
            note.set_text(found)
            # Into the panel, whichever part of it the run is in.
            x, y = ax.transAxes.inverted().transform((event.x, event.y))
            note.set(ha="right" if x > 0.5 else "left", va="top" if y > 0.5 else "bottom")
            note.set_position((-8 if x > 0.5 else 8, -8 if y > 0.5 else 8))
        if (found is not None) != note.get_visible() or found is not None:
            note.set_visible(found is not None)
            event.canvas.draw_idle()

    ax.figure.canvas.mpl_connect("motion_notify_event", on_move)
