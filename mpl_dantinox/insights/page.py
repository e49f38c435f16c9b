"""The page that every insight is laid out on: headline, how to read it, panels, footer.

The words are wrapped to the width of the page and given the height that they need; the panels get
the rest. Nothing on the page moves when the panels' decorations change size.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.cbook import is_math_text
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.typing import ColorType

from mpl_dantinox.artists import EndLabels
from mpl_dantinox.axes import end_labels
from mpl_dantinox.insights.words import BETTER
from mpl_dantinox.tables.runs import Runs, RunsError
from mpl_dantinox.ticks import byte_ticks, log_by_data, readable_ticks
from mpl_dantinox.units import NUMBER, Unit

__all__ = ["Page", "legend_row", "name_ends", "new_page", "pale"]

_LINESPACING = 1.25
# Letters on a line beside a panel.
_LONG = 24


@dataclass(frozen=True)
class Page:
    """A figure with its words in place, and the panels to draw in.

    Attributes
    ----------
    figure : Figure or SubFigure
    body : SubFigure
        The part of it between the words.
    axes : dict of str to Axes
        The panels by name.
    labels : dict of str to str
        What each role's column is called.
    log : dict of str to bool
        Whether the axis of a role is logarithmic, where the caller said so.
    """

    figure: Figure | SubFigure
    body: SubFigure
    axes: dict[str, Axes]
    labels: Mapping[str, str]
    log: Mapping[str, bool]
    units: Mapping[str, Unit]

    def label(self, axis: Axis, role: str, sense: str, between: str = " ") -> None:
        """Label the axis of a role, whose limits are known, with its unit and what is better."""
        label, unit = self.labels[role], self.units.get(role, NUMBER)
        if unit.kind == "memory":
            byte_ticks(axis, label, unit=unit.symbol)
            label = axis.get_label_text()
        elif unit.symbol:
            label = f"{label} ({unit.symbol})".replace("$)", r"\$)")
        axis.set_label_text(f"{label},{between}{BETTER[sense]}")

    def scale(self, axis: Axis, role: str, data: npt.ArrayLike) -> None:
        """Give the axis of a role its scale and ticks, by the data where the caller said nothing.

        Raises
        ------
        RunsError
            If the caller asked for a logarithmic axis of data that are not all above zero, or for
            a label with math that matplotlib cannot read.
        """
        log, label = self.log.get(role), self.labels[role]
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


def pale(share: float) -> ColorType:
    """Return the text colour with so much of it mixed into the colour of the page."""
    ink, paper = to_rgb(matplotlib.rcParams["text.color"]), to_rgba(_paper())
    red, green, blue = (share * i + (1 - share) * p for i, p in zip(ink, paper[:3], strict=True))
    return red, green, blue


def _paper() -> ColorType:
    color = matplotlib.rcParams["figure.facecolor"]
    return color if to_rgba(color)[3] else "white"


def new_page(
    panels: Sequence[str],
    *,
    headline: str,
    how_to_read: str,
    footer: str,
    runs: Runs,
    title: str | None = None,
    fig: Figure | SubFigure | None = None,
    share_axes: bool = False,
) -> Page:
    """Lay out a page.

    Parameters
    ----------
    panels : sequence of str
        Names of the panels, from left to right. `rcParams["figure.figsize"]` is the size of one.
    headline, how_to_read, footer : str
        The sentence over the panels, the line under it, and the small type at the foot.
    runs : Runs
        What is shown.
    title : str, optional
        A line over the headline, in the caller's words.
    fig : Figure or SubFigure, optional
        What to draw into; it keeps its size. A figure without a layout engine gets the constrained
        one. By default a new figure is made, as large as the panels and the words need.
    share_axes : bool, default: False
        Whether the panels have the same axes.

    Returns
    -------
    Page
    """
    width, height = matplotlib.rcParams["figure.figsize"]
    own = fig is None
    if fig is None:
        fig = Figure((width * len(panels), height))
    root = fig.canvas.figure
    if own or root.get_layout_engine() is None:
        # Whatever the sheet in force says of other figures. The panels' outermost ink is to be
        # flush with the words.
        pad = _points("medium") / 72 if own else None
        root.set_layout_engine(ConstrainedLayoutEngine(w_pad=pad))
    dpi = root.dpi
    box = fig.bbox
    em = _points("medium")
    margin = em * dpi / 72

    head = [
        *([_Words(title, em, 0.75)] if title else []),
        _Words(headline, _points(matplotlib.rcParams["figure.titlesize"]), 1.0, bold=True),
        _Words(how_to_read, em, 0.75),
    ]
    foot = [_Words(footer, _points("small"), 0.65)]
    for words in (*head, *foot):
        words.wrap((box.width - 2 * margin) / dpi, even=words.bold)
    # Room for the words, in pixels, with half an em between and above them.
    head_height = sum(w.height for w in head) * dpi / 72 + (0.7 + 0.3 * len(head)) * margin
    foot_height = sum(w.height for w in foot) * dpi / 72 + 0.9 * margin
    if own:
        assert isinstance(fig, Figure)
        fig.set_size_inches(width * len(panels), height + (head_height + foot_height) / dpi)
        box = fig.bbox
    rest = max(box.height - head_height - foot_height, 0.3 * box.height)
    parts = np.asarray(fig.subfigures(3, 1, height_ratios=[head_height, rest, foot_height]))
    top, body, bottom = parts

    x = margin / box.width
    y = 1 - 0.6 * margin / head_height
    for words in head:
        words.put(top, x, y)
        y -= (words.height * dpi / 72 + 0.3 * margin) / head_height
    foot[0].put(bottom, x, 1 - 0.3 * margin / foot_height)

    axes = body.subplots(1, len(panels), squeeze=False, sharex=share_axes, sharey=share_axes)[0]
    for ax in axes:
        # Nothing of them is outside of what the axes of the panel take.
        ax.spines[:].set_in_layout(False)
    return Page(fig, body, dict(zip(panels, axes, strict=True)), runs.labels, runs.log, runs.units)


def name_ends(ax: Axes, lines: Sequence[Line2D], labels: Sequence[str]) -> EndLabels:
    """Label lines at their ends, long labels on several lines so that they leave the data room."""
    broken = [textwrap.fill(label, _LONG, break_long_words=False) for label in labels]
    return end_labels(ax, lines, labels=broken)


def legend_row(page: Page, handles: Sequence[Artist]) -> Legend:
    """Put one legend over all panels, in as few rows as the page's width allows."""
    n = len(handles)
    for rows in range(1, n + 1):
        columns = -(-n // rows)
        # A legend fills its columns one by one, and is read by rows.
        shown = [handles[i] for column in range(columns) for i in range(column, n, columns)]
        legend = page.body.legend(
            shown, [""] * n, loc="outside upper left", ncols=columns, frameon=False,
            borderaxespad=0.0, borderpad=0.2, columnspacing=1.5, handletextpad=0.5,
        )  # fmt: skip
        # Names of groups are no math, and a legend leaves out what begins with an underscore.
        for text, handle in zip(legend.get_texts(), shown, strict=True):
            text.set(text=handle.get_label(), parse_math=False)
        if columns == 1 or legend.get_window_extent().width <= 0.94 * page.body.bbox.width:
            break
        legend.remove()
    return legend


def _points(size: str | float) -> float:
    return FontProperties(size=size).get_size_in_points()


class _Words:
    """A text that is wrapped to a width, of a height known before it is drawn."""

    def __init__(self, text: str, size: float, share: float, bold: bool = False) -> None:
        self.text = text
        self.size = size
        self.color = pale(share)
        self.bold = bold
        self.weight = matplotlib.rcParams["figure.titleweight"] if bold else "normal"

    @property
    def height(self) -> float:
        """Height of the lines, in points."""
        return self.size * _LINESPACING * (self.text.count("\n") + 1)

    def wrap(self, width: float, *, even: bool = False) -> None:
        """Break the text into lines of at most `width` inches, measured in its own font.

        Lines are *even* where they are as narrow as leaves their number the same.
        """
        # At spaces that may be broken at.
        words = self.text.split(" ")
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

        tries = [broken(share * width) for share in (0.97, 0.9, 0.8, 0.7, 0.6)]
        fits = [lines for lines in tries if len(lines) == len(tries[0])]
        self.text = "\n".join(fits[-1] if even else fits[0])

    def put(self, fig: Figure | SubFigure, x: float, y: float) -> Text:
        """Write the text with its top left corner at a place in the figure."""
        return fig.text(
            x, y, self.text, fontsize=self.size, color=self.color, weight=self.weight,
            ha="left", va="top", linespacing=_LINESPACING, parse_math=False,
        )  # fmt: skip
