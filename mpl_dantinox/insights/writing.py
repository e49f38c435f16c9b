"""Words that are wrapped to a width, of a height known before they are drawn."""

import functools
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from mpl_dantinox.insights.looks import pale

__all__ = ["LINESPACING", "Ruler", "WrappedWords", "points"]

LINESPACING = 1.25
# Nothing is written smaller, in points.
_SMALLEST = 6.0


def points(size: str | float) -> float:
    """Return a size of letters in points, as large as can be read."""
    return max(FontProperties(size=size).get_size_in_points(), _SMALLEST)


class Ruler:
    """Measures texts in a font, in inches."""

    def __init__(self, size: float, weight: Any) -> None:
        self._font = FontProperties(size=size, weight=weight)

    @functools.lru_cache  # noqa: B019  # of a few words, for as long as a page is laid out
    def width(self, text: str) -> float:
        """Return the width of a text as its letters are designed, which no pixels are."""
        return text_to_path.get_text_width_height_descent(text, self._font, False)[0] / 72

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


class WrappedWords:
    """A text that is wrapped to a width in inches, of a height known before it is drawn."""

    def __init__(self, text: str, size: float, share: float, bold: bool, width: float) -> None:
        self.size = size
        self.color = pale(share)
        self.weight = matplotlib.rcParams["figure.titleweight"] if bold else "normal"
        self.text = "\n".join(Ruler(size, self.weight).balanced(text, width))

    @property
    def height(self) -> float:
        """Height of the lines, in points."""
        return self.size * LINESPACING * (self.text.count("\n") + 1)

    def put(self, fig: Figure | SubFigure, x: float, y: float) -> None:
        """Write the text with its top left corner at a place in the figure."""
        fig.text(
            x, y, self.text, fontsize=self.size, color=self.color, weight=self.weight,
            ha="left", va="top", linespacing=LINESPACING, parse_math=False,
        )  # fmt: skip
