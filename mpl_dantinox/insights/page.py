"""The page that every insight is laid out on: headline, how to read it, panels, footer.

The words are given the height that they need; the panels get the rest. Nothing on the page moves
when the panels' decorations change size. Where the caller gave Axes there is no page: nothing is
written outside of them.
"""

import re
import sys
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser
from matplotlib.transforms import IdentityTransform

from mpl_dantinox.artists import RefBand
from mpl_dantinox.axes import end_labels
from mpl_dantinox.insights.legends import (
    KEY,
    LONG_KEY,
    SIZES,
    clear_legend,
    fits_inside,
    fits_over,
)
from mpl_dantinox.insights.looks import Look, context_name, named_in
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
# The lines of a label, and what it can do without.
_MOST_LINES, _BETTER = 2, rf",\s({'|'.join(BETTER.values())})$"
# How much wider than its axis a label may be, least first.
_OVER = (1.1, 1.2, 1.3)
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
    #: What is tried as a legend in the caller's Axes, best first: keys, their size and length.
    legends: dict[Axes, list[tuple[Sequence[Artist], float, float]]] = field(default_factory=dict)

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

    def settle(self) -> None:
        """Fit the labels, and the legends in the caller's Axes, to the room that there is."""
        self._lay_out()
        self._fit_labels()
        self._lay_out()
        for ax, tries in self.legends.items():
            may_move = ax not in self.given_heights
            if any(fits_inside(ax, *one, may_move=may_move) for one in tries) and may_move:
                clear_legend(ax)

    def _lay_out(self) -> None:
        """Give the caller's Axes the size that the layout of their figure leaves them."""
        root = self.figure.canvas.figure
        engine = root.get_layout_engine() if self.body is None else None
        if engine is not None:
            engine.execute(root)

    def _fit_labels(self) -> None:
        """Break labels that are longer than their axes, which say less where that is not enough."""
        for ax in self.axes.values():
            for axis, room in zip((ax.xaxis, ax.yaxis), self._room(ax), strict=True):
                text, label = axis.get_label_text(), axis.label
                if not text or is_math_text(text):
                    continue
                ruler = Ruler(points(label.get_fontsize()), label.get_fontweight())
                parts = [line for part in text.split("\n") for line in ruler.balanced(part, room)]
                text = re.sub(_BETTER, "", text)
                # Over the edge of its panel a little, rather than of many lines.
                for more in (1, *(_OVER if axis is ax.xaxis else ())):
                    if len(parts) > _MOST_LINES:
                        parts = ruler.balanced(text, more * room)
                axis.set_label_text("\n".join(parts))

    def _room(self, ax: Axes) -> tuple[float, float]:
        """Return how long the labels of an Axes may be, in inches."""
        if self.body is None:
            width, height = np.multiply(0.98, ax.bbox.size) / ax.figure.dpi
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
        group = {label: g for g, label in labels.items()}
        bare = [group.get(text, text) for text in ends]
        tries = [(list(ends), LONG_KEY), (brief, LONG_KEY), (brief, KEY), (bare, KEY)]
        keyed = [(_line_keys(ends.values(), texts), length) for texts, length in tries]
        if self.has_legend:
            self.legends[ax] = [(keys, n, length) for keys, length in keyed for n in SIZES[:-1]]
            self.legends[ax] += [(keys, SIZES[-1], length) for keys, length in keyed]

    def legend(self, sections: Sequence[Sequence[Artist]]) -> None:
        """Put one legend over all panels, or into the last Axes of the caller's.

        *sections* are what has a key, the most important first. The legend is in as few rows as its
        width allows, and takes at most a sixth of the page: what does not fit is left out, the last
        section first, and of the first section its last keys.
        """
        # In somebody's Axes it names the groups, or those that matter, or none.
        most = len(sections) if self.body is not None else 2
        tries = [[key for part in sections[:n] for key in part] for n in range(most, 0, -1)]
        tries = [keys for keys in tries if keys and self.has_legend]
        if self.body is None:
            last = [*self.axes.values()][-1]
            self.legends[last] = [(keys, size, KEY) for keys in tries for size in SIZES]
            return
        tries += [tries[-1][:n] for n in range(len(tries[-1]) - 1, 0, -1)] if tries else []
        any(fits_over(self.figure, self.body, keys) for keys in tries)

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


def _line_keys(lines: Iterable[Line2D | RefBand], texts: Sequence[str]) -> list[Line2D]:
    """Return legend keys that look like lines."""
    keys = [Line2D([], []) for _ in texts]
    for key, line, text in zip(keys, lines, texts, strict=True):
        # A getter of matplotlib's calls every pattern of dashes by the same name.
        key.update_from(line if isinstance(line, Line2D) else line.drawn_line())
        width = line.get_linewidth() or matplotlib.rcParams["lines.linewidth"]
        key.set(lw=width, marker="None", label=text, transform=IdentityTransform())
    return keys


def may_be_log(axis: Axis) -> bool:
    """Return whether the limits of an axis, where the caller has set them, are above zero."""
    name = "x" if isinstance(axis, XAxis) else "y"
    follows: bool = getattr(axis.axes, f"get_autoscale{name}_on")()
    return follows or min(axis.get_view_interval()) > 0


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
