"""The page that every insight is laid out on: headline, how to read it, panels, footer.

The words are wrapped to the width of the page and given the height that they need; the panels get
the rest. Nothing on the page moves when the panels' decorations change size. Where the caller gave
Axes there is no page: nothing is written outside of them.
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
from matplotlib.axis import Axis
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure, SubFigure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser

from mpl_dantinox.artists import RefBand
from mpl_dantinox.axes import end_labels
from mpl_dantinox.insights.looks import Look, context_name, named_in, page_color
from mpl_dantinox.insights.words import BETTER
from mpl_dantinox.insights.writing import Ruler, WrappedWords, points
from mpl_dantinox.tables.runs import Runs, RunsError
from mpl_dantinox.ticks import byte_ticks, log_by_data, readable_ticks
from mpl_dantinox.units import NUMBER, Unit

__all__ = ["NewFigure", "Page", "figure_in_use", "new_page", "room_for"]

#: Makes a figure of a width and a height in inches.
NewFigure = Callable[[tuple[float, float]], Figure]

# Letters on a line beside a panel.
_LONG = 24
# The shares of a page that its words and its legend take at most, where its size is given.
_MOST_WORDS, _MOST_LEGEND = 0.25, 1 / 6
# The shares of an Axes, across and up, that a legend takes in it at most.
_MOST_INSIDE = (0.75, 0.4)
# The length of a key, in font sizes.
_KEY = 1.6
# The lines of a label, and what it can do without.
_MOST_LINES, _BETTER = 2, rf",\s({'|'.join(BETTER.values())})$"
# The least width of a panel with its labels, in font sizes.
_PANEL = 18


class _Panels(dict[str, Axes]):
    """The Axes of the panels that are shown, by name.

    Asked for another one of the insight's, it gives Axes that nobody sees.
    """

    def __init__(self, shown: Mapping[str, Axes], names: Collection[str]) -> None:
        super().__init__(shown)
        self._unseen = {name: Figure().subplots() for name in names if name not in shown}

    def __missing__(self, name: str) -> Axes:
        return self._unseen[name]


@dataclass(frozen=True)
class Page:
    """A figure with its words in place, and the panels to draw in.

    Attributes
    ----------
    figure : Figure or SubFigure
    axes : dict of str to Axes
        The panels that are shown, by name. The others of the insight may be drawn in as well, for
        nobody to see.
    labels : dict of str to str
        What each role's column is called.
    log : dict of str to bool
        Whether the axis of a role is logarithmic, where the caller said so.
    units : dict of str to Unit
        The unit of each role's numbers, where they have one.
    style : dict of str to Look
        The look of each group of the table.
    body : SubFigure or None
        The part of the figure between the words; None where the Axes are the caller's.
    has_legend : bool
    """

    figure: Any
    axes: Mapping[str, Axes]
    labels: Mapping[str, str]
    log: Mapping[str, bool]
    units: Mapping[str, Unit]
    style: Mapping[str, Look]
    body: SubFigure | None
    has_legend: bool

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

    def scale(self, axis: Axis, role: str, data: npt.ArrayLike) -> None:
        """Give the axis of a role its scale and ticks, by the data where the caller said nothing.

        Raises
        ------
        RunsError
            If the caller asked for a logarithmic axis of data that are not all above zero, or for
            a label with math that matplotlib cannot read.
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
        readable_ticks(axis, log=log_by_data(data) if log is None else log)

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
                if "\n".join(parts) != text:
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
        for shorter in (list(ends), [text.rpartition(" (")[0] or text for text in ends]):
            keys = [Line2D([], [], label=text) for text in shorter]
            for key, line in zip(keys, ends.values(), strict=True):
                width = line.get_linewidth() or matplotlib.rcParams["lines.linewidth"]
                key.set(color=line.get_color(), ls=line.get_linestyle(), lw=width)
            if self.has_legend and self._fits(keys, ax):
                return

    def legend(self, sections: Sequence[Sequence[Artist]], ax: Axes | None = None) -> None:
        """Put one legend over all panels, or into an Axes of the caller's.

        It is in as few rows as its width allows, and takes at most a sixth of the page: what does
        not fit is left out, the last section first, and of the first section its last keys.

        Parameters
        ----------
        sections : sequence of sequences of Artist
            What has a key, the most important first.
        ax : Axes, optional
            Where it is to be if the Axes are the caller's; by default the last.
        """
        # In somebody's Axes it names the groups, or what else comes first.
        most = len(sections) if self.body is not None else 1
        tries = [[key for part in sections[:n] for key in part] for n in range(most, 0, -1)]
        tries += [tries[-1][:n] for n in range(len(tries[-1]) - 1, 0, -1)]
        for keys in tries if self.has_legend else ():
            if keys and self._fits(keys, ax or [*self.axes.values()][-1]):
                break

    def _fits(self, keys: Sequence[Artist], ax: Axes) -> bool:
        """Draw a legend of keys; take it away again, and return False, if it is too large."""
        if self.body is None:
            # The best place is clear of lines and markers, not of what stands at the right edge.
            place = "upper left" if ax.child_axes else "best"
            legend = _keys(
                ax, keys, 1, loc=place, borderpad=0.3, labelspacing=0.3, handlelength=_KEY,
                handletextpad=0.5, borderaxespad=0.4,
            )  # fmt: skip
            if matplotlib.rcParams["legend.facecolor"] == "inherit":
                legend.get_frame().set_facecolor(page_color(ax))
            share = np.divide(legend.get_window_extent().size, ax.bbox.size)
            if fits := bool((share < _MOST_INSIDE).all()):
                return fits
            legend.remove()
            return False
        # Flush with the words, a margin into the page.
        inset = points("medium") / points(matplotlib.rcParams["legend.fontsize"]) - 0.2
        known = Legend.get_default_handler_map()
        drawn_by: dict[Artist, Any] = {key: Legend.get_legend_handler(known, key) for key in keys}
        handlers: Any = {key: type(handler)(xpad=inset) for key, handler in drawn_by.items()}
        for rows in range(1, len(keys) + 1):
            legend = _keys(
                self.body, keys, -(-len(keys) // rows), loc="outside upper left", frameon=False,
                borderaxespad=0.0, borderpad=0.2, handletextpad=0.5, columnspacing=1.5 - inset,
                handlelength=_KEY + inset, handler_map=handlers,
            )  # fmt: skip
            box, page = legend.get_window_extent(), self.figure.bbox
            if box.height > _MOST_LEGEND * page.height:
                break
            if box.width <= 0.94 * page.width:
                return True
            legend.remove()
        else:
            return False
        legend.remove()
        return False

    @contextmanager
    def caller_keeps_limits(self) -> Iterator[None]:
        """Leave limits that the caller has set, and whether they follow the data."""
        axes = [] if self.body else [(ax, name) for ax in self.axes.values() for name in "xy"]
        before = [
            (getattr(ax, f"get_autoscale{name}_on")(), getattr(ax, f"get_{name}lim")())
            for ax, name in axes
        ]
        yield
        for (ax, name), (follows, limits) in zip(axes, before, strict=True):
            if not follows:
                ax.set(**{f"{name}lim": limits})
            getattr(ax, f"set_autoscale{name}_on")(follows)


def _keys(parent: Any, handles: Sequence[Artist], columns: int, **how: Any) -> Legend:
    """Return a legend that is read by rows, of names as they are."""
    # A legend fills its columns one by one.
    shown = [handles[i] for first in range(columns) for i in range(first, len(handles), columns)]
    legend: Legend = parent.legend(
        shown, [""] * len(shown), ncols=columns, numpoints=1, markerscale=1, **how
    )
    # Names of groups are no math, and a legend leaves out what begins with an underscore.
    for text, handle in zip(legend.get_texts(), shown, strict=True):
        text.set(text=handle.get_label(), parse_math=False)
    return legend


def figure_in_use(size: tuple[float, float]) -> Figure:
    """Return a new figure, of pyplot's where pyplot is in use: `plt.show` and `savefig` know it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    figure: Figure = pyplot.figure(figsize=size) if pyplot else Figure(size)
    return figure


def room_for(fig: Figure | SubFigure | None) -> int | None:
    """Return how many panels a figure has room for beside one another; None of no figure."""
    if fig is None:
        return None
    return max(1, int(fig.bbox.width / fig.canvas.figure.dpi * 72 / (_PANEL * points("medium"))))


def new_page(
    panels: Sequence[str],
    *,
    names: Collection[str],
    headline: str,
    how_to_read: str,
    footer: str,
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
    """Lay out a page.

    Parameters
    ----------
    panels : sequence of str
        Names of the panels, from left to right. `rcParams["figure.figsize"]` is the size of one.
    names : collection of str
        Of all panels, shown or not.
    headline, how_to_read, footer : str
        The sentence over the panels, the line under it, and the small type at the foot.
    runs : Runs
        What is shown.
    style : dict of str to Look
        Of all groups.
    new_figure : function
        Makes a figure where none is given.
    title : str, optional
        A line over the headline, in the caller's words.
    fig : Figure or SubFigure, optional
        What to draw into; it keeps its size, and what does not fit is left out. A figure without a
        layout engine gets the constrained one. By default a new figure is made, as large as the
        panels and the words need.
    ax : Axes, or dict of str to Axes, optional
        What to draw into instead, with no words but the title.
    legend, words : bool, default: True
        Whether there is a legend, and whether there are words.
    share_axes : bool, default: False
        Whether the panels have the same axes.

    Returns
    -------
    Page
    """
    if ax is not None:
        if fig is not None:
            raise RunsError("fig and ax are both given; an insight draws into one of them")
        shown = {panels[0]: ax} if isinstance(ax, Axes) else {name: ax[name] for name in panels}
        for one in shown.values() if title else ():
            one.set_title(str(title))
        figure, body = shown[panels[0]].get_figure(), None
    else:
        figure, body = _with_words(
            fig, new_figure, len(panels), ([title] if title else []), headline if words else "",
            how_to_read if words else "", footer if words else "",
        )  # fmt: skip
        axes = body.subplots(1, len(panels), squeeze=False, sharex=share_axes, sharey=share_axes)
        shown = dict(zip(panels, axes[0], strict=True))
        for one in shown.values():
            # Nothing of them is outside of what the axes of the panel take.
            one.spines[:].set_in_layout(False)
    return Page(
        figure, _Panels(shown, names), runs.labels, runs.log, runs.units, style, body, legend
    )


def _with_words(
    fig: Figure | SubFigure | None,
    new_figure: NewFigure,
    n_panels: int,
    titles: Sequence[str],
    headline: str,
    how_to_read: str,
    footer: str,
) -> tuple[Figure | SubFigure, SubFigure]:
    """Return a figure with the words at its head and its foot, and the part between them."""
    width, height = matplotlib.rcParams["figure.figsize"]
    width *= n_panels
    own = fig is None
    fig = new_figure((width, height)) if fig is None else fig
    root = fig.canvas.figure
    em = points("medium")
    if own or root.get_layout_engine() is None:
        # Whatever the sheet in force says of other figures. The panels' outermost ink is to be
        # flush with the words.
        root.set_layout_engine(ConstrainedLayoutEngine(w_pad=em / 72 if own else None))
    across, tall = np.asarray(fig.bbox.size) / root.dpi
    large = points(matplotlib.rcParams["figure.titlesize"])
    plain = [(text, em, 0.75, False) for text in titles]
    bold, lighter = (headline, large, 1.0, True), (how_to_read, em, 0.75, False)
    # What a small page has no room for leaves it: the least important words first.
    for head, foot in (
        ([*plain, bold, lighter], footer),
        ([*plain, bold], footer),
        ([*plain, bold], ""),
        ([*plain, (headline, em, 1.0, True)], ""),
        (plain, ""),
    ):
        top = [WrappedWords(*words, across - 2 * em / 72) for words in head if words[0]]
        bottom = [WrappedWords(foot, points("small"), 0.65, False, across - 2 * em / 72)]
        bottom = bottom if foot else []
        # Room for the words, in inches, with half an em between and above them.
        above, below = (
            (sum(w.height for w in part) + (base + 0.3 * len(part)) * em if part else 0.4 * em) / 72
            for part, base in ((top, 0.7), (bottom, 0.6))
        )
        if own or above + below <= _MOST_WORDS * tall:
            break
    if own:
        assert isinstance(fig, Figure)
        across, tall = width, height + above + below
        fig.set_size_inches(across, tall)
    heights = [above, max(tall - above - below, 0.3 * tall), below]
    parts: Any = fig.subfigures(3, 1, height_ratios=heights)
    for part, words, total, y in ((parts[0], top, above, 0.6), (parts[2], bottom, below, 0.3)):
        for text in words:
            text.put(part, em / 72 / across, 1 - y * em / 72 / total)
            y += text.height / em + 0.3
    if own:
        return fig, parts[1]
    # Another layout may have no margin for the last label of an axis.
    return fig, parts[1].subfigures(1, 2, width_ratios=[across - em / 72, em / 72])[0]
