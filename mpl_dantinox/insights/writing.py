"""The words of a page: wrapped to its width, of a height that is known before they are drawn."""

import functools
from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.textpath import text_to_path

from mpl_dantinox.insights.looks import pale

__all__ = ["Ruler", "between_words", "points"]

_LINESPACING = 1.25
# Nothing is written smaller, in points.
_SMALLEST = 6.0
# The share of a page that its words take at most, where its size is given.
_MOST_WORDS = 0.25
# A headline of more lines goes on in smaller letters.
_MOST_LINES = 3


def points(size: str | float) -> float:
    """Return a size of letters in points, as large as can be read."""
    return max(FontProperties(size=size).get_size_in_points(), _SMALLEST)


class Ruler:
    """Measures texts in a font, in inches."""

    def __init__(self, size: float, weight: Any) -> None:
        self._font = FontProperties(size=size, weight=weight)

    def width(self, text: str) -> float:
        """Return the width of a text as its letters are designed, which no pixels are."""
        return _width(text, self._font)

    def balanced(self, text: str, width: float) -> list[str]:
        """Break a text into as few lines as can be, and these as narrow as leaves their number."""
        # At spaces that may be broken at.
        words = text.split(" ")
        space = self.width("n n") - self.width("nn")

        def broken(limit: float) -> list[str]:
            lines: list[str] = []
            room = 0.0
            for word in words:
                if lines and self.width(word) + space <= room:
                    lines[-1] += f" {word}"
                    room -= self.width(word) + space
                else:
                    lines.append(word)
                    room = limit - self.width(word)
            return lines

        tries = [broken(share * width) for share in np.arange(0.97, 0.4, -0.03)]
        return [lines for lines in tries if len(lines) == len(tries[0])][-1]


@functools.lru_cache(maxsize=1000)
def _width(text: str, font: FontProperties) -> float:
    return text_to_path.get_text_width_height_descent(text, font, False)[0] / 72


class _Wrapped:
    """A text of a size and a shade, wrapped to a width in inches."""

    def __init__(
        self, text: str, size: float, share: float, width: float, *, bold: bool = False
    ) -> None:
        weight = matplotlib.rcParams["figure.titleweight"] if bold else "normal"
        lines = Ruler(size, weight).balanced(text, width)
        self.n_lines, self.height = len(lines), size * _LINESPACING * len(lines)
        self.looks: dict[str, Any] = {
            "s": "\n".join(lines), "fontsize": size, "color": pale(share), "weight": weight,
        }  # fmt: skip


def between_words(
    fig: Figure | SubFigure, title: str, headline: str, how_to_read: str, footer: str, *, grow: bool
) -> SubFigure:
    """Write words at the head and the foot of a figure, and return the part between them.

    A figure that may grow does so by the room of its words. Of one that may not, they take a
    quarter at most: what has no room is left out, the least important words first.
    """
    root = fig.canvas.figure
    em = points("medium")
    if grow or root.get_layout_engine() is None:
        # Whatever the sheet in force says of other figures. The panels' outermost ink is flush
        # with the words.
        root.set_layout_engine(ConstrainedLayoutEngine(w_pad=em / 72 if fig is root else None))
    across, tall = np.asarray(fig.bbox.size) / root.dpi
    width = across - 2 * em / 72
    over = [_Wrapped(title, em, 0.75, width)] if title else []
    bold = _headline(headline, width) if headline else []
    small = [_Wrapped(headline, em, 1.0, width, bold=True)] if headline else []
    lighter = [_Wrapped(how_to_read, em, 0.75, width)] if how_to_read else []
    foot = [_Wrapped(footer, points("small"), 0.65, width)] if footer else []
    for top, bottom in (
        ([*over, *bold, *lighter], foot),
        ([*over, *bold], foot),
        ([*over, *bold], []),
        ([*over, *small], []),
        (over, []),
    ):
        # In inches.
        above, below = _room(top, 0.7 * em) / 72, _room(bottom, 0.6 * em) / 72
        if grow or above + below <= _MOST_WORDS * tall:
            break
    if grow:
        tall += above + below
        root.set_size_inches(across, tall)
    heights = [above, max(tall - above - below, 0.3 * tall), below]
    parts: Any = fig.subfigures(3, 1, height_ratios=heights)
    for part, words, total, y in ((parts[0], top, above, 0.6), (parts[2], bottom, below, 0.3)):
        for text in words:
            part.text(
                em / 72 / across, 1 - y * em / 72 / total, ha="left", va="top", parse_math=False,
                linespacing=_LINESPACING, **text.looks,
            )  # fmt: skip
            y += text.height / em + 0.3
    if grow:
        body: SubFigure = parts[1]
    else:
        # Another layout may have no margin for the last label of an axis.
        body = parts[1].subfigures(1, 2, width_ratios=[across - em / 72, em / 72])[0]
    return body


def _headline(text: str, width: float) -> list[_Wrapped]:
    """Return as many parts of a sentence in large letters as have room, and the others smaller."""
    clauses = text.split("; ")
    size = points(matplotlib.rcParams["figure.titlesize"])
    for n in range(len(clauses), 0, -1):
        bold = _Wrapped("; ".join(clauses[:n]), size, 1.0, width, bold=True)
        if bold.n_lines <= _MOST_LINES:
            break
    rest = "; ".join(clauses[n:])
    return [bold, _Wrapped(rest, points("medium"), 1.0, width)] if rest else [bold]


def _room(texts: Sequence[_Wrapped], margin: float) -> float:
    """Return the height that texts take with what is between and around them, in points."""
    em = points("medium")
    return margin + sum(text.height + 0.3 * em for text in texts) if texts else 0.4 * em
