"""Legends: over the panels of a page, or in somebody's Axes, where they hide no data."""

import textwrap
from collections.abc import Sequence
from itertools import product
from typing import Any, Literal

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import SubFigure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from mpl_dantinox.artists import AttainmentBand, ParetoStep, RefBand, VRAMReferenceLines
from mpl_dantinox.insights.looks import page_color
from mpl_dantinox.insights.writing import points

__all__ = ["KEY", "LONG_KEY", "SIZES", "clear_legend", "fits_inside", "fits_over"]

#: The length of a key, and of one that shows a line style, in font sizes.
KEY, LONG_KEY = 1.6, 2.8
#: The sizes of letters that are tried in somebody's Axes, in those of legends.
SIZES = (1.0, 0.8, 0.65)

# The share of a page that its legend takes at most, those of an Axes, across and up, and how many
# markers it may hide where limits are the caller's: a group without a name is worse.
_MOST_LEGEND, _MOST_INSIDE, _MOST_HIDDEN = 1 / 6, (0.75, 0.45), 3
# The shares of an Axes where neither smaller letters nor shorter lines are left.
_MOST_AT_LAST = (0.95, 0.45)
# The columns of a legend in an Axes that is too low for one.
_MOST_COLUMNS = 3
# How much narrower and lower an Axes may get by what will be drawn in others.
_SMALLER = (1.2, 1.1)
_TO_EDGES = AttainmentBand | ParetoStep | RefBand | VRAMReferenceLines
# Longer names in a legend are broken, and those in an Axes once more where that is too narrow.
_LONGEST_LINE, _SHORTER_LINE = 40, 24


def fits_over(figure: Any, body: SubFigure, keys: Sequence[Artist]) -> bool:
    """Put a legend of keys over the panels of a page, unless it is too large for it."""
    # Flush with the words, a margin into the page.
    inset = points("medium") / points(matplotlib.rcParams["legend.fontsize"]) - 0.2
    known = Legend.get_default_handler_map()
    drawn_by: dict[Artist, Any] = {key: Legend.get_legend_handler(known, key) for key in keys}
    handlers: Any = {key: type(handler)(xpad=inset) for key, handler in drawn_by.items()}
    for rows in range(1, len(keys) + 1):
        legend = _legend(
            body, keys, -(-len(keys) // rows), loc="outside upper left", frameon=False,
            borderaxespad=0.0, borderpad=0.2, handletextpad=0.5, columnspacing=1.5 - inset,
            handlelength=KEY + inset, handler_map=handlers,
        )  # fmt: skip
        box = legend.get_window_extent()
        is_low = box.height <= _MOST_LEGEND * figure.bbox.height
        is_narrow = box.width <= 0.94 * figure.bbox.width
        if is_low and is_narrow:
            return True
        legend.remove()
        if not is_low:
            break
    return False


def fits_inside(
    ax: Axes, keys: Sequence[Artist], size: float, length: float, *, may_move: bool
) -> bool:
    """Put a legend of keys into somebody's Axes, unless it is too large or hides the data.

    What it hides does not count where the limits *may move*, as `clear_legend` has them do.
    """
    tries = product(range(1, min(len(keys), _MOST_COLUMNS) + 1), (_LONGEST_LINE, _SHORTER_LINE))
    for columns, longest in tries:
        # The best place is clear of lines and markers, not of what stands at the right edge.
        legend = _legend(
            ax, keys, columns, longest, loc="upper left" if ax.child_axes else "best", framealpha=1,
            fontsize=points(size * points(matplotlib.rcParams["legend.fontsize"])), borderpad=0.3,
            labelspacing=0.3, handlelength=length, handletextpad=0.5, borderaxespad=0.4,
            columnspacing=1,
        )  # fmt: skip
        if matplotlib.rcParams["legend.facecolor"] == "inherit":
            legend.get_frame().set_facecolor(page_color(ax))
        box = legend.get_window_extent()
        is_last = size == SIZES[-1] and longest == _SHORTER_LINE
        most = _MOST_AT_LAST if is_last else _MOST_INSIDE
        is_small = bool((box.size < np.multiply(most, _room_in(ax) * ax.figure.dpi)).all())
        if is_small and (may_move or box.count_contains(_markers(ax)) <= _MOST_HIDDEN):
            return True
        legend.remove()
    return False


def clear_legend(ax: Axes) -> None:
    """Give the legend in somebody's Axes the room over the data that it needs."""
    legend: Any = ax.get_legend()
    # Ticks at other places may still take a little of the room.
    em = points(matplotlib.rcParams["legend.fontsize"]) / 72 * ax.figure.dpi
    box, frame = legend.get_window_extent().padded(em / 4), ax.bbox
    # Fronts and guides are drawn to the edges of the view.
    lines = [
        one.drawn_line() if isinstance(one, _TO_EDGES) else one
        for one in ax.get_children()
        if isinstance(one, Line2D | _TO_EDGES)
    ]
    paths = [one.get_transform().transform_path(one.get_path()) for one in lines]
    areas = [one for one in ax.collections if isinstance(one, PolyCollection)]
    paths += [area.get_transform().transform_path(p) for area in areas for p in area.get_paths()]
    markers = _markers(ax)
    is_on_line = any(path.intersects_bbox(box, filled=False) for path in paths)
    if not is_on_line and not box.count_contains(markers):
        return
    x, y = np.vstack([markers, *(path.interpolated(50).vertices for path in paths)]).T
    # In the corner at the top under which least is drawn today. No limits give a place room that a
    # line leaves the view through.
    leaves = y > frame.y1 - 1
    corners: dict[Literal["upper left", "upper right"], float] = {
        "upper left": frame.x0, "upper right": frame.x1 - box.width - em / 2
    }  # fmt: skip
    rooms = {}
    for corner, left in corners.items():
        under = (left <= x) & (x <= left + box.width + em / 2)
        highest = float(y[under & ~leaves].max(initial=frame.y0))
        rooms[corner] = bool((under & leaves).any()), highest
    corner = min(rooms, key=lambda one: rooms[one])
    legend.set_loc(corner)
    top = (rooms[corner][1] + em / 2 - frame.y0) / frame.height
    scale = ax.yaxis.get_transform()
    low, high = scale.transform(np.array(ax.get_ylim()))
    share = box.height / ax.figure.dpi / _room_in(ax)[1]
    more = (high - low) * max(top / (1 - share) - 1, 0)
    # The lowest markers keep the margin that they had.
    low, high = low - ax.get_ymargin() * more, high + more
    ax.set_ylim(*scale.inverted().transform(np.array([low, high])))


def _room_in(ax: Axes) -> npt.NDArray[np.float64]:
    """Return the width and the height of an Axes, as it was laid out last, in inches.

    Where a layout will take some of it for Axes that are empty yet, it is less.
    """
    figure: Any = ax.get_figure()
    figure = figure.canvas.figure
    waits = figure.get_layout_engine() and not all(one.has_data() for one in figure.axes)
    pixels = np.asarray(ax.bbox.size, dtype=np.float64)
    return pixels / np.multiply(float(figure.dpi), _SMALLER if waits else (1, 1))


def _markers(ax: Axes) -> npt.NDArray[np.float64]:
    """Return where the markers of an Axes are in the figure, in pixels: an array of (n, 2)."""
    clouds = [child for child in ax.collections if isinstance(child, PathCollection)]
    at = [c.get_offset_transform().transform(np.asarray(c.get_offsets())) for c in clouds]
    return np.vstack([np.empty((0, 2)), *at])


def _legend(
    parent: Any, handles: Sequence[Artist], columns: int, longest: int = _LONGEST_LINE, **how: Any
) -> Legend:
    """Return a legend that is read by rows, of names as they are."""
    # A legend fills its columns one by one.
    shown = [handles[i] for first in range(columns) for i in range(first, len(handles), columns)]
    legend: Legend = parent.legend(
        shown, [""] * len(shown), ncols=columns, numpoints=1, markerscale=1, **how
    )
    # Names of groups are no math, and a legend leaves out what begins with an underscore.
    for text, handle in zip(legend.get_texts(), shown, strict=True):
        text.set(text=textwrap.fill(str(handle.get_label()), longest), parse_math=False)
    return legend
