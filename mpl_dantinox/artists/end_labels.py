"""Labels at the right ends of lines, instead of a legend."""

import copy
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from mpl_dantinox.artists.guide import Guide, split_looks
from mpl_dantinox.artists.obstacles import has_marker
from mpl_dantinox.artists.placement import axes_at_same_place
from mpl_dantinox.artists.ref_band import RefBand
from mpl_dantinox.artists.space import shares_inside
from mpl_dantinox.artists.staircase import Staircase
from mpl_dantinox.artists.text import LiteralText, ruler, text_looks
from mpl_dantinox.contrast import legible

if TYPE_CHECKING:
    from matplotlib.typing import ColorType

__all__ = ["EndLabels", "spread_out"]


class EndLabels(Guide, has_own=False):
    """A label at the right end of each line, in its colour or one near it that can be read.

    The labels stand in a column beside the rightmost end and any ticks there, moved apart so that
    none lies on another; a leader joins a label that had to move to its line. They are laid out
    whenever they are drawn, and layouts make room for them. A line without a point in view has no
    label.

    Parameters
    ----------
    lines : iterable of `~matplotlib.lines.Line2D` or `RefBand`
        The lines.
    labels : sequence of str, optional
        Their labels, shown as they are; by default those that the lines have for the legend.
    **text_props
        Properties of `~matplotlib.text.Text`. The colour defaults to that of each line.

    Raises
    ------
    ValueError
        If there is not one label for each line, or a line has none.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> lines = [*ax.plot([0, 1], [0, 1], label="up"), *ax.plot([0, 1], [0, 2], label="far up")]
    >>> ax.add_artist(EndLabels(lines)).get_texts()
    ['up', 'far up']
    """

    zorder = 3

    def __init__(
        self,
        lines: Iterable[Line2D | RefBand],
        labels: Sequence[str] | None = None,
        **text_props: Any,
    ) -> None:
        self._lines = list(lines)
        if labels is None:
            labels = [str(line.get_label()) for line in self._lines]
            for line, label in zip(self._lines, labels, strict=True):
                if not label or label.startswith("_"):
                    raise ValueError(f"{line} has no label; give it one, or pass labels")
        self._labels = [str(label) for label in labels]
        if len(self._labels) != len(self._lines):
            raise ValueError(
                f"labels has {len(self._labels)} entries; expected one for each of "
                f"{len(self._lines)} lines"
            )
        size = mpl.rcParams["legend.fontsize"]
        whole, looks = split_looks({"fontsize": size, **text_looks(text_props)})
        color = {key: looks[key] for key in ("color",) if key in looks}
        super().__init__(linewidth=mpl.rcParams["grid.linewidth"], **color)
        self._like_lines = not color
        self._texts = [self._add_part(LiteralText(label, **looks)) for label in self._labels]
        for text in self._texts:
            text.set_horizontalalignment("left")
        self._leaders = [self._add_part(copy.copy(self._line)) for _ in self._texts]
        # The labels are beside the Axes, where a layout has to see them.
        self.set(clip_on=False, in_layout=True, **whole)

    def set_color(self, color: Any) -> None:
        """Set one colour for all labels, instead of those of the lines.

        .. ACCEPTS: :mpltype:`color`
        """
        super().set_color(color)
        self._like_lines = False

    def update_from(self, other: Artist) -> None:
        """Take on the looks of another line, or of other labels."""
        super().update_from(other)
        self._like_lines = getattr(other, "_like_lines", False)

    def get_texts(self) -> list[str]:
        """Return the labels."""
        return list(self._labels)

    def _place(self) -> list[Artist]:
        found = [(k, _right_end(line)) for k, line in enumerate(self._lines)]
        ends = {k: end for k, end in found if end is not None}
        if not ends:
            return []
        points = np.array(list(ends.values()))
        # From points to pixels.
        scale = self.figure.dpi / 72
        heights = np.array([self._texts[k].measured()[1] for k in ends]) * scale
        em = float(self._texts[0].get_fontsize()) * scale
        left, bottom, right, top = self.axes.bbox.extents
        y = spread_out(points[:, 1], heights + 0.15 * em, bottom, top)
        # Beside the Axes, unless the lines end far from its edge.
        marked = [line.get_markersize() if has_marker(line) else 0.0 for line in self._lines]
        start = max(x + marked[k] / 2 * scale for k, (x, _) in ends.items())
        is_beside = right - start < 0.25 * (right - left)
        start, edge = (right, self._edge(right)) if is_beside else (start, start)
        # How far the labels are from the Axes does not depend on its width, for layouts change
        # that to make room for them.
        moved = np.abs(y - points[:, 1]) > 0.35 * em
        column = edge + (1.6 if moved.any() else 0.4) * em
        led = moved | (start - points[:, 0] > 1.5 * em)
        parts: list[Artist] = []
        for k, (end_x, end_y), label_y, has_leader in zip(ends, points, y, led, strict=True):
            text, leader = self._texts[k], self._leaders[k]
            text.set_position((column, label_y))
            parts.append(text)
            if has_leader:
                # Not over ticks that stand between the line and its label.
                begin = (edge if edge > start else end_x) + 0.2 * em
                xs = [begin, max(begin, column - 1.2 * em), column - 0.2 * em]
                leader.set(data=(xs, [end_y, end_y, label_y]), transform=IdentityTransform())
                parts.insert(0, leader)
            if self._like_lines:
                color = legible(self._lines[k].get_color(), self._ground())
                text.set_color(color)
                leader.set_color(color)
        return parts

    def _edge(self, right: float) -> float:
        """Return where the ticks at the right of the Axes end, which may be those of a twin."""
        sides = [one.yaxis for one in axes_at_same_place(self.axes)]
        sides = [side for side in sides if side.get_tick_params().get("labelright")]
        boxes = [side.get_tightbbox(ruler(self.figure.dpi)) for side in sides]
        return max([right, *(float(box.x1) for box in boxes if box)])

    def _ground(self) -> "ColorType":
        """Return the colour of the page that the labels stand on."""
        for patch in (self.figure.patch, self.figure.canvas.figure.patch):
            if to_rgba(patch.get_facecolor())[3] == 1:
                return patch.get_facecolor()
        return "white"


def _right_end(line: Line2D | RefBand) -> NDArray[np.float64] | None:
    """Return the rightmost point of a line that is in view, in pixels."""
    if line.axes is None or not line.get_visible():
        return None
    drawn = line.drawn_line() if isinstance(line, RefBand | Staircase) else line
    box = np.asarray(line.axes.bbox.extents)
    points = np.asarray(drawn.get_transform().transform(drawn.get_path().vertices), dtype=float)
    x, y = points.T
    seen = (x >= box[0] - 0.5) & (x <= box[2] + 0.5) & (y >= box[1] - 0.5) & (y <= box[3] + 0.5)
    # Only what is at the rightmost point in view, or to its right, may leave the view further on.
    least = x[seen].max(initial=-np.inf)
    reaches = (x[:-1] >= least) | (x[1:] >= least)
    pieces = np.hstack([points[:-1][reaches], points[1:][reaches]])
    pieces = pieces[np.isfinite(pieces).all(axis=1)]
    enter, leave = shares_inside(box, pieces)
    start, step = pieces[:, :2], pieces[:, 2:] - pieces[:, :2]
    ends = [start + share[:, None] * step for share in (enter, leave)]
    found = np.vstack([end[enter <= leave] for end in ends] + [points[seen & (x == least)]])
    end: NDArray[np.float64] | None = found[np.argmax(found[:, 0])] if len(found) else None
    return end


def spread_out(
    wanted: NDArray[np.float64], heights: NDArray[np.float64], bottom: float, top: float
) -> NDArray[np.float64]:
    """Return centres as near as can be to the wanted ones, so that nothing overlaps.

    The least squares solution, by pooling neighbours that collide; kept between *bottom* and
    *top* where there is room.

    Examples
    --------
    >>> spread_out(np.array([1.0, 5.0, 5.0]), np.array([2.0, 2.0, 2.0]), 0, 10).tolist()
    [1.0, 4.0, 6.0]
    """
    order = np.argsort(wanted, kind="stable")
    half = heights[order] / 2
    # Where each would be, above the lowest, if they stood on one another.
    stacked = np.concatenate([[0], np.cumsum(half[:-1] + half[1:])])
    pools: list[tuple[float, int]] = []
    for free in wanted[order] - stacked:
        mean, count = float(free), 1
        while pools and pools[-1][0] > mean:
            last_mean, last_count = pools.pop()
            mean = (mean * count + last_mean * last_count) / (count + last_count)
            count += last_count
        pools.append((mean, count))
    base = np.concatenate([np.full(count, mean) for mean, count in pools])
    lowest, highest = bottom + half[0], top - half[-1] - stacked[-1]
    if lowest > highest:
        lowest = highest = (lowest + highest) / 2
    centers = np.empty_like(stacked)
    centers[order] = np.clip(base, lowest, highest) + stacked
    return centers
