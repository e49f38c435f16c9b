"""Texts that come from data: shown as they are, with properties that are checked when given."""

import copy
import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import ticker
from matplotlib.artist import allow_rasterization
from matplotlib.axis import Axis
from matplotlib.backend_bases import RendererBase
from matplotlib.cbook import normalize_kwargs
from matplotlib.dates import AutoDateFormatter, ConciseDateFormatter, num2date
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform
from numpy.typing import NDArray

from mpl_dantinox.artists.base import PropertiesOfBase
from mpl_dantinox.tex import escape_tex

__all__ = ["LiteralText", "Ruler", "ruler", "spoken", "text_looks"]

#: How much larger letters are drawn, at most, than they are designed.
_HINTED = np.array([1.03, 1.03])
#: The resolution that texts are measured at, in dots per inch.
_FINE = 7200


class Ruler(RendererBase):
    """A renderer that draws nothing, and measures texts as their letters are designed.

    They are measured at one resolution, for at another the sizes of letters are rounded otherwise.
    """

    def __init__(self, dpi: float) -> None:
        super().__init__()
        self.dpi = dpi

    def points_to_pixels(self, points: Any) -> Any:
        """Return lengths in pixels."""
        return points * self.dpi / 72

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> Any:
        """Return the size of a text, in pixels."""
        if self.dpi != _FINE:
            sizes = ruler(_FINE).get_text_width_height_descent(s, prop, ismath)
            return tuple(size * self.dpi / _FINE for size in sizes)
        return super().get_text_width_height_descent(s, prop, ismath)

    def draw_path(self, *args: Any, **kwargs: Any) -> None:
        """Draw nothing."""


@functools.lru_cache(maxsize=8)
def ruler(dpi: float) -> Ruler:
    """Return the ruler of a resolution; matplotlib remembers with it what it has measured."""
    return Ruler(dpi)


class LiteralText(PropertiesOfBase, Text, has_own=False):
    """A text that shows its string as it is: never as math, never as TeX. Its middle is at a pixel.

    Where ``text.usetex`` is in force, ASCII is escaped; a string with other letters, many of
    which stop TeX, is drawn without it.

    Examples
    --------
    >>> text = LiteralText("a_b costs $5 {or} $6", usetex=False)
    >>> text.get_text(), text.get_parse_math()
    ('a_b costs $5 {or} $6', False)
    """

    def __init__(self, string: str, **text_props: Any) -> None:
        super().__init__(
            **text_props,
            horizontalalignment="center",
            verticalalignment="center",
            transform=IdentityTransform(),
            clip_on=False,
            parse_math=False,
        )
        self.write(string)

    def write(self, string: str) -> None:
        """Set the string."""
        self.string = string
        self.spell(None)

    def spell(self, renderer: RendererBase | None) -> None:
        """Write the string as the renderer reads it: that of PGF hands every text to TeX."""
        if self.get_usetex() and not self.string.isascii():
            self.set_usetex(False)
        # A renderer may wrap another, and a layout replaces its draw methods: this one it keeps.
        measure = getattr(renderer, "get_text_width_height_descent", None)
        pgf = getattr(measure, "__module__", "") == "matplotlib.backends.backend_pgf"
        written = escape_tex(self.string) if pgf or self.get_usetex() else self.string
        if written != self.get_text():
            self.set_text(written)

    def measured(self) -> NDArray[np.float64]:
        """Return the size of the text with its frame, in points.

        It is the same at any resolution, in any format: that of the letters as they are designed,
        and a little more, for at low resolutions many are drawn wider.
        """
        figure: Any = self.get_figure()
        measure = ruler(figure.dpi)
        # A text keeps the renderer that it was measured with last.
        text: Any = copy.copy(self)
        size = text.get_window_extent(measure).size * _HINTED
        frame = text.get_bbox_patch()
        if frame is not None:
            text.update_bbox_position_size(measure)
            size = np.maximum(size, frame.get_window_extent(measure).size)
        return np.asarray(size * 72 / figure.dpi)

    @allow_rasterization  # type: ignore[untyped-decorator] # matplotlib's
    def draw(self, renderer: RendererBase) -> None:
        """Draw the text as the renderer reads it."""
        self.spell(renderer)
        super().draw(renderer)

    def get_window_extent(
        self, renderer: RendererBase | None = None, dpi: float | None = None
    ) -> Bbox:
        """Return the box around the text, in pixels."""
        if renderer is not None:
            self.spell(renderer)
        return super().get_window_extent(renderer, dpi)


#: What is found anew with each drawing, or would no longer show the string as it is.
_OURS = {"horizontalalignment", "parse_math", "position", "text", "transform", "verticalalignment",
         "wrap", "x", "y"}  # fmt: skip


def text_looks(props: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties of a text under their full names; raise where one says where it is."""
    looks: dict[str, Any] = normalize_kwargs(dict(props), Text)
    for name in looks:
        if name in _OURS or not hasattr(Text, f"set_{name}"):
            raise TypeError(f"{name} is not a property of a label; expected one of how it looks")
    return looks


#: What writes a number with as few digits as the view allows, or none.
_BRIEF = ticker.ScalarFormatter | ticker.LogFormatter | ticker.NullFormatter | ticker.FixedFormatter


def spoken(axis: Axis, value: float) -> str:
    """Return a number on an axis as it is said: a date, a category, or a few digits.

    It is the same whatever has been drawn, and however far the view is zoomed.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> spoken(Figure().subplots().xaxis, 0.000526)
    '0.000526'
    """
    formatter = axis.get_major_formatter()
    if isinstance(formatter, AutoDateFormatter | ConciseDateFormatter):
        moment: Any = num2date(value)  # type: ignore[no-untyped-call] # matplotlib's
        return f"{moment:%Y-%m-%d}" if value % 1 == 0 else f"{moment:%Y-%m-%d %H:%M}"
    if isinstance(formatter, _BRIEF):
        return formatter.fix_minus(f"{value:.4g}")
    return formatter.format_data(value)
