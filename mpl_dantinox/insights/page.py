"""The page that every insight is laid out on: headline, how to read it, panels, footer.

The words are given the height that they need; the panels get the rest. Nothing on the page moves
when the panels' decorations change size. Where the caller gave Axes there is no page: nothing is
written outside of them.
"""

import re
import sys
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis
from matplotlib.cbook import is_math_text
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import Figure, SubFigure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser
from matplotlib.transforms import IdentityTransform

from mpl_dantinox.artists import RefBand
from mpl_dantinox.axes import end_labels
from mpl_dantinox.insights.looks import Look, context_name, named_in, page_color
from mpl_dantinox.insights.words import BETTER
from mpl_dantinox.insights.writing import Ruler, between_words, points
from mpl_dantinox.tables.runs import Runs, RunsError
from mpl_dantinox.ticks import byte_ticks, log_by_data, readable_ticks
from mpl_dantinox.units import NUMBER, Unit

__all__ = ["NewFigure", "Page", "figure_in_use", "may_be_log", "new_page", "room_for"]

#: Makes a figure of a width and a height in inches.
NewFigure = Callable[[tuple[float, float]], Figure]

# Letters on a line beside a panel.
_LONG = 24
# The share of a page that its legend takes at most, those of an Axes, across and up, and how many
# markers it may hide where limits are the caller's: a group without a name is worse.
_MOST_LEGEND, _MOST_INSIDE, _MOST_HIDDEN = 1 / 6, (0.75, 0.45), 3
# The columns of a legend in an Axes that is too low for one.
_MOST_COLUMNS = 2
# The length of a key, and of one that shows a line style, in font sizes.
_KEY, _LONG_KEY = 1.6, 2.8
# The lines of a label, and what it can do without.
_MOST_LINES, _BETTER = 2, rf",\s({'|'.join(BETTER.values())})$"
# The least width of a panel with its labels, in font sizes.
_PANEL = 18


class _Panels(dict[str, Axes]):
    """The Axes of the panels that are shown, by name; of those that are not, ones nobody sees."""

    def __init__(self, shown: Mapping[str, Axes], names: Collection[str]) -> None:
        super().__init__(shown)
        self._unseen = {name: Figure().subplots() for name in names if name not in shown}

    def __missing__(self, name: str) -> Axes:
        return self._unseen[name]


@dataclass(frozen=True)
class Page:
    """A figure with its words in place, and the panels to draw in.

    `axes` has the panels by name: those that are shown are its items, and the insight's others may
    be drawn in as well, for nobody to see. `labels`, `log` and `units` are those of roles, `log`
    and `units` where the caller or the table gave one; `style` has the look of each group of the
    table. `body` is the part of the figure between the words, None where the Axes are the caller's;
    of `given_heights` the caller has set the limits along y.
    """

    figure: Any
    axes: Mapping[str, Axes]
    labels: Mapping[str, str]
    log: Mapping[str, bool]
    units: Mapping[str, Unit]
    style: Mapping[str, Look]
    body: SubFigure | None
    has_legend: bool
    given_heights: Collection[Axes] = ()

    def scale(self, axis: Axis, role: str, data: npt.ArrayLike) -> None:
        """Give the axis of a role its scale and ticks, by the data where the caller said nothing.

        Raise RunsError for a logarithmic axis of data that are not all above zero, and for a label
        with math that matplotlib cannot read.
        """
        log, label = self.log.get(role), self.labels.get(role, role)
        if is_math_text(label):
            try:
                MathTextParser("path").parse(label)
            except ValueError:
                raise RunsError(
                    f"the label {label!r} of the role {role!r}: matplotlib cannot read the math "
                    r"between the dollar signs; a dollar sign itself is written \$"
                ) from None
        if log and not np.all(np.greater(data, 0)):
            raise RunsError(f"log[{role!r}] is for values above zero, and {label!r} has others")
        readable_ticks(axis, log=log_by_data(data) and may_be_log(axis) if log is None else log)

    def label(self, axis: Axis, role: str, sense: str, between: str = " ") -> None:
        """Label the axis of a role, whose limits are known, with its unit and what is better."""
        label, unit = self.labels[role], self.units.get(role, NUMBER)
        if unit.kind == "memory":
            byte_ticks(axis, label, unit=unit.symbol)
            label = axis.get_label_text()
        elif unit.symbol:
            # FLOPs in units of 10^21 FLOPs are FLOPs (10^21).
            symbol = unit.symbol.removesuffix(f" {label.rpartition(' ')[2]}")
            label = f"{label} ({symbol})".replace("$)", r"\$)")
        axis.set_label_text(f"{label},{between}{BETTER[sense]}")

    def title(self, panel: str, text: str, more: str = "") -> None:
        """Say over a panel what it shows, and more if there is room, where there are others."""
        if self.body is not None and len(self.axes) > 1:
            ax = self.axes[panel]
            title = ax.set_title(text)
            ruler = Ruler(points(title.get_fontsize()), title.get_fontweight())
            if ruler.width(text + more) <= ax.bbox.width / ax.figure.dpi:
                title.set_text(text + more)

    def fit_labels(self) -> None:
        """Break labels that are longer than their axes, which say less where that is not enough."""
        for ax in self.axes.values():
            for axis, room in zip((ax.xaxis, ax.yaxis), self._room(ax), strict=True):
                text, label = axis.get_label_text(), axis.label
                if not text or is_math_text(text):
                    continue
                ruler = Ruler(points(label.get_fontsize()), label.get_fontweight())
                parts = [line for part in text.split("\n") for line in ruler.balanced(part, room)]
                if len(parts) > _MOST_LINES:
                    parts = ruler.balanced(re.sub(_BETTER, "", text), room)
                axis.set_label_text("\n".join(parts))

    def _room(self, ax: Axes) -> tuple[float, float]:
        """Return how long the labels of an Axes may be, in inches, before it is laid out."""
        if self.body is None:
            width, height = 0.95 * np.asarray(ax.bbox.size) / ax.figure.dpi
        else:
            # Beside an axis there are its ticks, its label and what names its lines.
            em = points("medium") / 72
            width, height = np.asarray(self.body.bbox.size) / self.body.figure.dpi
            over = sum(leg.get_window_extent().height for leg in self.body.legends)
            width = width / len(self.axes) - 5 * em
            height -= over / self.body.figure.dpi + 5 * em
        return width, height

    def name_ends(
        self,
        ax: Axes,
        lines: Mapping[str, Line2D | RefBand],
        labels: Mapping[str, str],
        marks: Mapping[str, RefBand] = MappingProxyType({}),
    ) -> None:
        """Label the lines of groups at their ends, those of the context together at one of theirs.

        Long labels have several lines, so that they leave the data room. *marks* are other lines,
        by label. There is no room beside an Axes of the caller's, which gets a legend.
        """
        named = named_in(lines, self.style)
        ends: dict[str, Line2D | RefBand] = {labels[g]: lines[g] for g in named}
        if others := context_name(lines, self.style):
            ends[others] = next(line for g, line in lines.items() if g not in named)
        ends |= marks
        if self.body is not None:
            broken = [textwrap.fill(label, _LONG, break_long_words=False) for label in ends]
            end_labels(ax, list(ends.values()), labels=broken)
            return
        brief = [text.rpartition(" (")[0] or text for text in ends]
        for texts, length in ((list(ends), _LONG_KEY), (brief, _LONG_KEY), (brief, _KEY)):
            keys = [Line2D([], []) for _ in texts]
            for key, line, text in zip(keys, ends.values(), texts, strict=True):
                # A getter of matplotlib's calls every pattern of dashes by the same name.
                key.update_from(line if isinstance(line, Line2D) else line.drawn_line())
                width = line.get_linewidth() or matplotlib.rcParams["lines.linewidth"]
                key.set(lw=width, marker="None", label=text, transform=IdentityTransform())
            if self.has_legend and self._fits_inside(ax, keys, length):
                return

    def legend(self, sections: Sequence[Sequence[Artist]]) -> None:
        """Put one legend over all panels, or into the last Axes of the caller's.

        *sections* are what has a key, the most important first. The legend is in as few rows as its
        width allows, and takes at most a sixth of the page: what does not fit is left out, the last
        section first, and of the first section its last keys.
        """
        # In somebody's Axes it names the groups, or those that matter, or none.
        most = len(sections) if self.body is not None else 2
        tries = [[key for part in sections[:n] for key in part] for n in range(most, 0, -1)]
        if self.body is not None:
            tries += [tries[-1][:n] for n in range(len(tries[-1]) - 1, 0, -1)]
        for keys in filter(None, tries if self.has_legend else ()):
            if self.body is None and self._fits_inside([*self.axes.values()][-1], keys):
                break
            if self.body is not None and _fits_over(self.figure, self.body, keys):
                break

    def _fits_inside(self, ax: Axes, keys: Sequence[Artist], length: float = _KEY) -> bool:
        """Put a legend of keys into somebody's Axes, unless it is too large or hides the data.

        What it hides does not count where the limits may give it room, as `clear_legends` does.
        """
        for columns in range(1, min(len(keys), _MOST_COLUMNS) + 1):
            # The best place is clear of lines and markers, not of what stands at the right edge.
            legend = _keys(
                ax, keys, columns, loc="upper left" if ax.child_axes else "best", framealpha=1,
                borderpad=0.3, labelspacing=0.3, handlelength=length, handletextpad=0.5,
                borderaxespad=0.4, columnspacing=1,
            )  # fmt: skip
            if matplotlib.rcParams["legend.facecolor"] == "inherit":
                legend.get_frame().set_facecolor(page_color(ax))
            size = legend.get_window_extent().size
            is_small = bool((np.divide(size, ax.bbox.size) < _MOST_INSIDE).all())
            if is_small and not (ax in self.given_heights and _hidden(legend, ax) > _MOST_HIDDEN):
                return True
            legend.remove()
        return False

    def clear_legends(self) -> None:
        """Give the legends in the caller's Axes the room over the data that they need."""
        for ax in self.axes.values() if self.body is None else ():
            legend = ax.get_legend()
            if legend is None or ax in self.given_heights:
                continue
            # Where it is depends on the layout.
            ax.figure.canvas.figure.draw_without_rendering()
            em = points(matplotlib.rcParams["legend.fontsize"]) / 72 * ax.figure.dpi
            box, frame = legend.get_window_extent().padded(em / 4), ax.bbox
            bands = [one.drawn_line() for one in ax.get_children() if isinstance(one, RefBand)]
            lines = [*ax.lines, *bands]
            paths = [line.get_transform().transform_path(line.get_path()) for line in lines]
            is_on_line = any(path.intersects_bbox(box, filled=False) for path in paths)
            if is_on_line or _hidden(legend, ax):
                areas = [c for c in ax.collections if isinstance(c, PolyCollection)]
                paths += [a.get_transform().transform_path(p) for a in areas for p in a.get_paths()]
                drawn = np.vstack([_marks(ax), *(path.interpolated(50).vertices for path in paths)])
                # In the corner at the top under which least is drawn today.
                inset = em / 2
                left = {"upper left": frame.x0, "upper right": frame.x1 - box.width - inset}
                tops = {
                    corner: drawn[(x <= drawn[:, 0]) & (drawn[:, 0] <= x + box.width + inset), 1]
                    .max(initial=frame.y0)
                    for corner, x in left.items()
                }  # fmt: skip
                corner = min(tops, key=lambda one: tops[one])
                legend.set_loc(corner)
                top = (tops[corner] + inset - frame.y0) / frame.height
                scale = ax.yaxis.get_transform()
                low, high = scale.transform(np.array(ax.get_ylim()))
                more = (high - low) * max(top / (1 - box.height / frame.height) - 1, 0)
                # The lowest markers keep the margin that they had.
                low, high = low - ax.get_ymargin() * more, high + more
                ax.set_ylim(*scale.inverted().transform(np.array([low, high])))

    @contextmanager
    def caller_keeps_limits(self) -> Iterator[None]:
        """Leave limits that the caller has set, and whether they follow the data."""
        axes = [] if self.body else [(ax, name) for ax in self.axes.values() for name in "xy"]
        followed = [getattr(ax, f"get_autoscale{name}_on")() for ax, name in axes]
        limits = [getattr(ax, f"get_{name}lim")() for ax, name in axes]
        yield
        for (ax, name), follows, ends in zip(axes, followed, limits, strict=True):
            if not follows:
                ax.set(**{f"{name}lim": ends})
            getattr(ax, f"set_autoscale{name}_on")(follows)


def may_be_log(axis: Axis) -> bool:
    """Return whether the limits of an axis, where the caller has set them, are above zero."""
    name = "x" if isinstance(axis, XAxis) else "y"
    follows: bool = getattr(axis.axes, f"get_autoscale{name}_on")()
    return follows or min(axis.get_view_interval()) > 0


def _hidden(legend: Legend, ax: Axes) -> int:
    """Return how many markers a legend lies on."""
    return legend.get_window_extent().count_contains(_marks(ax))


def _marks(ax: Axes) -> np.ndarray:
    """Return where the markers of an Axes are in the figure, in pixels: an array of (n, 2)."""
    clouds = [child for child in ax.collections if isinstance(child, PathCollection)]
    at = [c.get_offset_transform().transform(np.asarray(c.get_offsets())) for c in clouds]
    return np.vstack([np.empty((0, 2)), *at])


def _fits_over(figure: Any, body: SubFigure, keys: Sequence[Artist]) -> bool:
    """Put a legend of keys over the panels of a page, unless it is too large for it."""
    # Flush with the words, a margin into the page.
    inset = points("medium") / points(matplotlib.rcParams["legend.fontsize"]) - 0.2
    known = Legend.get_default_handler_map()
    drawn_by: dict[Artist, Any] = {key: Legend.get_legend_handler(known, key) for key in keys}
    handlers: Any = {key: type(handler)(xpad=inset) for key, handler in drawn_by.items()}
    for rows in range(1, len(keys) + 1):
        legend = _keys(
            body, keys, -(-len(keys) // rows), loc="outside upper left", frameon=False,
            borderaxespad=0.0, borderpad=0.2, handletextpad=0.5, columnspacing=1.5 - inset,
            handlelength=_KEY + inset, handler_map=handlers,
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


# Longer names in a legend are broken.
_LONGEST_LINE = 40


def _keys(parent: Any, handles: Sequence[Artist], columns: int, **how: Any) -> Legend:
    """Return a legend that is read by rows, of names as they are."""
    # A legend fills its columns one by one.
    shown = [handles[i] for first in range(columns) for i in range(first, len(handles), columns)]
    legend: Legend = parent.legend(
        shown, [""] * len(shown), ncols=columns, numpoints=1, markerscale=1, **how
    )
    # Names of groups are no math, and a legend leaves out what begins with an underscore.
    for text, handle in zip(legend.get_texts(), shown, strict=True):
        text.set(text=textwrap.fill(str(handle.get_label()), _LONGEST_LINE), parse_math=False)
    return legend


def figure_in_use(size: tuple[float, float]) -> Figure:
    """Return a new figure, of pyplot's where pyplot is in use: `plt.show` and `savefig` know it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    figure: Figure = pyplot.figure(figsize=size) if pyplot else Figure(size)
    return figure


def room_for(fig: Figure | SubFigure) -> int:
    """Return how many panels a figure has room for beside one another, at least one."""
    return max(1, int(fig.bbox.width / fig.canvas.figure.dpi * 72 / (_PANEL * points("medium"))))


def new_page(
    panels: Sequence[str],
    *,
    names: Collection[str],
    texts: tuple[str, str, str],
    runs: Runs,
    style: Mapping[str, Look],
    new_figure: NewFigure = figure_in_use,
    title: str | None = None,
    fig: Figure | SubFigure | None = None,
    ax: Axes | Mapping[str, Axes] | None = None,
    legend: bool = True,
    words: bool = True,
    share_axes: bool = False,
) -> Page:
    """Return a page of some panels, from left to right, of all *names* of an insight's.

    *texts* are the headline, the line under it and the footer, *style* the looks of all groups. A
    new figure is as large as `rcParams["figure.figsize"]` for each panel, and the words; *fig*, if
    there is one, keeps its size, and gets a layout engine if it has none; *ax* gets no words but
    the title.
    """
    if ax is not None:
        if fig is not None:
            raise RunsError("fig and ax are both given; an insight draws into one of them")
        shown = {panels[0]: ax} if isinstance(ax, Axes) else {name: ax[name] for name in panels}
        for one in shown.values() if title else ():
            one.set_title(str(title))
        figure, body = shown[panels[0]].get_figure(), None
    else:
        width, height = matplotlib.rcParams["figure.figsize"]
        figure = new_figure((len(panels) * width, height)) if fig is None else fig
        headline, how_to_read, footer = texts if words else ("", "", "")
        body = between_words(figure, title or "", headline, how_to_read, footer, grow=fig is None)
        axes = body.subplots(1, len(panels), squeeze=False, sharex=share_axes, sharey=share_axes)
        shown = dict(zip(panels, axes[0], strict=True))
        for one in shown.values():
            # Nothing of them is outside of what the axes of the panel take.
            one.spines[:].set_in_layout(False)
    given = [one for one in shown.values() if body is None and not one.get_autoscaley_on()]
    return Page(
        figure, _Panels(shown, names), runs.labels, runs.log, runs.units, style, body, legend, given
    )
