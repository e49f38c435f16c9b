"""The page that every insight is laid out on: headline, how to read it, panels, footer.

The words are wrapped to the width of the page and given the height that they need; the panels get
the rest. Nothing on the page moves when the panels' decorations change size. Where the caller gave
Axes there is no page: nothing is written outside of them.
"""

import sys
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser
from matplotlib.textpath import text_to_path

from mpl_dantinox.artists import RefBand
from mpl_dantinox.axes import end_labels
from mpl_dantinox.insights.looks import Look, pale
from mpl_dantinox.insights.words import BETTER
from mpl_dantinox.tables.runs import Runs, RunsError
from mpl_dantinox.ticks import byte_ticks, log_by_data, readable_ticks
from mpl_dantinox.units import NUMBER, Unit

__all__ = ["NewFigure", "Page", "figure_in_use", "new_page", "room_for"]

#: Makes a figure of a width and a height in inches.
NewFigure = Callable[[tuple[float, float]], Figure]

_LINESPACING = 1.25
# Letters on a line beside a panel.
_LONG = 24
# Nothing is written smaller, in points.
_SMALLEST = 6.0
# The shares of a page that its words and its legend take at most, where its size is given.
_MOST_WORDS, _MOST_LEGEND = 0.4, 1 / 6
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

    def title(self, panel: str, text: str) -> None:
        """Say over a panel what it shows, where there are others and the Axes are not given."""
        if self.body is not None and len(self.axes) > 1:
            self.axes[panel].set_title(text)

    def name_ends(self, ax: Axes, lines: Sequence[Line2D | RefBand], labels: Sequence[str]) -> None:
        """Label lines at their ends, long labels on several lines so that they leave the data room.

        There is no room beside an Axes of the caller's, which gets a legend.
        """
        if self.body is not None:
            broken = [textwrap.fill(label, _LONG, break_long_words=False) for label in labels]
            end_labels(ax, lines, labels=broken)
        else:
            keys = [Line2D([], [], label=text) for text in labels]
            for key, line in zip(keys, lines, strict=True):
                width = line.get_linewidth() or matplotlib.rcParams["lines.linewidth"]
                key.set(color=line.get_color(), ls=line.get_linestyle(), lw=width)
            self.legend([keys], ax)

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
        tries = [
            [key for part in sections[:n] for key in part] for n in range(len(sections), 0, -1)
        ]
        tries += [tries[-1][:n] for n in range(len(tries[-1]) - 1, 0, -1)]
        for keys in tries if self.has_legend else ():
            if keys and self._fits(keys, ax or [*self.axes.values()][-1]):
                break

    def _fits(self, keys: Sequence[Artist], ax: Axes) -> bool:
        """Draw a legend of keys; take it away again, and return False, if it is too large."""
        if self.body is None:
            legend = _keys(ax, keys, 1, loc="best")
            box, room = legend.get_window_extent(), ax.bbox
            if box.width * box.height <= _MOST_LEGEND * room.width * room.height:
                return True
            legend.remove()
            return False
        for rows in range(1, len(keys) + 1):
            legend = _keys(
                self.body, keys, -(-len(keys) // rows), loc="outside upper left", frameon=False,
                borderaxespad=0.0, borderpad=0.2, columnspacing=1.5, handletextpad=0.5,
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
    legend: Legend = parent.legend(shown, [""] * len(shown), ncols=columns, **how)
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
    return max(1, int(fig.bbox.width / fig.canvas.figure.dpi * 72 / (_PANEL * _points("medium"))))


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
    em = _points("medium")
    if own or root.get_layout_engine() is None:
        # Whatever the sheet in force says of other figures. The panels' outermost ink is to be
        # flush with the words.
        root.set_layout_engine(ConstrainedLayoutEngine(w_pad=em / 72 if own else None))
    across, tall = np.asarray(fig.bbox.size) / root.dpi
    large = _points(matplotlib.rcParams["figure.titlesize"])
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
        top = [_Words(*words, across - 2 * em / 72) for words in head if words[0]]
        bottom = [_Words(foot, _points("small"), 0.65, False, across - 2 * em / 72)]
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
    return fig, parts[1]


def _points(size: str | float) -> float:
    return max(FontProperties(size=size).get_size_in_points(), _SMALLEST)


class _Words:
    """A text that is wrapped to a width in inches, of a height known before it is drawn."""

    def __init__(self, text: str, size: float, share: float, bold: bool, width: float) -> None:
        self.size = size
        self.color = pale(share)
        self.weight = matplotlib.rcParams["figure.titleweight"] if bold else "normal"
        self.text = self._wrapped(text, width)

    @property
    def height(self) -> float:
        """Height of the lines, in points."""
        return self.size * _LINESPACING * (self.text.count("\n") + 1)

    def _wrapped(self, text: str, width: float) -> str:
        """Break a text into as few lines as can be, and these as narrow as leaves their number."""
        # At spaces that may be broken at.
        words = text.split(" ")
        font = FontProperties(size=self.size, weight=self.weight)

        def measured(text: str) -> float:
            # As the letters are designed; at a low resolution they snap to pixels.
            return text_to_path.get_text_width_height_descent(text, font, False)[0] / 72

        space = measured("n n") - measured("nn")
        widths = {word: measured(word) for word in set(words)}

        def broken(limit: float) -> list[str]:
            lines: list[str] = []
            room = 0.0
            for word in words:
                if lines and widths[word] + space <= room:
                    lines[-1] += f" {word}"
                    room -= widths[word] + space
                else:
                    lines.append(word)
                    room = limit - widths[word]
            return lines

        tries = [broken(share * width) for share in np.arange(0.97, 0.4, -0.03)]
        return "\n".join([lines for lines in tries if len(lines) == len(tries[0])][-1])

    def put(self, fig: Figure | SubFigure, x: float, y: float) -> None:
        """Write the text with its top left corner at a place in the figure."""
        fig.text(
            x, y, self.text, fontsize=self.size, color=self.color, weight=self.weight,
            ha="left", va="top", linespacing=_LINESPACING, parse_math=False,
        )  # fmt: skip
