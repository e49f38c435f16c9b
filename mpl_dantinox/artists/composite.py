"""What the artists have in common: a line that is drawn as several artists, and literal text."""

from collections.abc import Iterable
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent, RendererBase
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform, Transform

__all__ = ["Composite", "font_pixels", "literal", "move", "pixel_text", "require_straight_axes"]


class Composite(Line2D):
    """A line that is drawn as several artists, its parts, laid out anew whenever it is drawn.

    Its own properties (colour, line style, alpha, clipping, ...) are those of a
    `~matplotlib.lines.Line2D` and the parts follow them, so `matplotlib.pyplot.setp`, legends and
    picking treat it as any line. Its own data, which decide the limits of the Axes, are the
    subclass's affair: a guide has none.

    Parameters
    ----------
    **line_props
        Properties of `~matplotlib.lines.Line2D`. The colour defaults to ``text.color``, which a
        style keeps readable on its background.
    """

    def __init__(self, **line_props: Any) -> None:
        if not {"color", "c"} & line_props.keys():
            line_props["color"] = mpl.rcParams["text.color"]
        self._parts: list[Artist] = []
        self._placing = False
        super().__init__([], [], **line_props)

    def _make_parts(self) -> list[Artist]:
        """Return new parts, for an Axes that the artist is being added to."""
        raise NotImplementedError

    def _place(self, renderer: RendererBase | None) -> None:
        """Bring the parts up to date with the artist and with the Axes as they are now."""
        raise NotImplementedError

    def _remake_parts(self) -> None:
        """Make the parts anew, where the artist is."""
        self._parts = self._make_parts()
        for part in self._parts:
            part.axes = self.axes
            part.stale_callback = self._on_stale_part
        self._hand_on_figure()
        self.stale = True

    def _get_axes(self) -> Axes | None:
        axes: Axes | None = Artist.axes.fget(self)  # type: ignore[attr-defined] # a property
        return axes

    def _set_axes(self, axes: Axes | None) -> None:
        if axes is not None:
            require_straight_axes(self, axes)
        Artist.axes.fset(self, axes)  # type: ignore[attr-defined] # a property
        if axes is None:
            # Removed: fit to be added elsewhere.
            self._parts = self._make_parts()
        for part in self._parts:
            part.axes = axes
            part.stale_callback = self._on_stale_part
        self.stale = True

    axes = property(_get_axes, _set_axes, doc="The `~.axes.Axes` the artist resides in, or None.")

    def set_figure(self, fig: Figure | SubFigure) -> None:
        """Set the figure of the artist and of its parts."""
        super().set_figure(fig)
        self._hand_on_figure()

    def _hand_on_figure(self) -> None:
        figure = self.get_figure()
        if figure is not None:
            for part in self._parts:
                part.set_figure(figure)

    def _on_stale_part(self, part: Artist, stale: bool) -> None:
        # Laying out the parts is a consequence of drawing, not a reason to draw again.
        if stale and not self._placing:
            self.stale = True

    def get_children(self) -> list[Artist]:
        """Return the parts."""
        return list(self._parts)

    def placed(self, renderer: RendererBase | None = None) -> list[Artist]:
        """Return the parts to be drawn, laid out."""
        if not self.get_visible() or self.axes is None:
            return []
        self._placing = True
        try:
            self._place(renderer)
        finally:
            self._placing = False
        return [part for part in self._parts if part.get_visible()]

    def drawn_line(self) -> Line2D:
        """Return the part that is the artist's line, as it is drawn now."""
        self.placed()
        return next(part for part in self._parts if isinstance(part, Line2D))

    def _number(self, axis: str, value: Any) -> float:
        """Return a value as the number that stands for it on an axis, x or y."""
        return float(getattr(self, f"convert_{axis}units")(value))

    def _like_self(self, line: Line2D, points: Any, transform: Transform) -> None:
        """Give a part that is a line the artist's looks, and its points, shape (n, 2)."""
        # Every setter of the artist makes it stale until it is drawn.
        if self.stale:
            line.update_from(self)
            # What update_from leaves out.
            line.set_antialiased(self.get_antialiased())
            line.set_snap(self.get_snap())
        line.set_url(self.get_url())
        points = np.asarray(points, dtype=float)
        if not np.array_equal(points, line.get_xydata(), equal_nan=True):
            line.set_data(*points.T)
        if line.get_transform() is not transform:
            line.set_transform(transform)

    @allow_rasterization  # type: ignore[untyped-decorator] # matplotlib's
    def draw(self, renderer: RendererBase) -> None:
        """Lay the parts out, and draw them."""
        parts = self.placed(renderer)
        if parts:
            renderer.open_group(type(self).__name__.lower(), gid=self.get_gid())
            for part in parts:
                part.draw(renderer)
            renderer.close_group(type(self).__name__.lower())
        self.stale = False

    def contains(self, mouseevent: MouseEvent) -> tuple[bool, dict[str, Any]]:
        """Test whether an event occurred on one of the parts.

        Parameters
        ----------
        mouseevent : `~matplotlib.backend_bases.MouseEvent`

        Returns
        -------
        contains : bool
        details : dict
            What the part that was hit says, and ``{"part": part}``.
        """
        for part in reversed(self.placed()):
            if isinstance(part, Line2D):
                part.set_pickradius(self.get_pickradius())
            hit, details = part.contains(mouseevent)
            if hit:
                return True, {**details, "part": part}
        return False, {}

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """Return the box around the parts, in pixels."""
        return _union(part.get_window_extent(renderer) for part in self.placed(renderer))

    def get_tightbbox(self, renderer: RendererBase | None = None) -> Bbox | None:
        """Return the box around what is seen of the parts, in pixels, for layouts."""
        boxes = (part.get_tightbbox(renderer) for part in self.placed(renderer))
        return _union(box for box in boxes if box is not None)


def _union(boxes: Iterable[Bbox]) -> Bbox:
    boxes = [box for box in boxes if box.width or box.height]
    return Bbox.union(boxes) if boxes else Bbox.null()


def require_straight_axes(artist: Artist, axes: Axes) -> None:
    """Raise a `TypeError` unless x and y are straight, independent axes of *axes*."""
    if not axes.transData.is_separable or hasattr(axes, "get_zlim"):
        raise TypeError(
            f"{type(artist).__name__} cannot be added to {type(axes).__name__} (projection "
            f"{axes.name!r}); expected an Axes with straight x and y axes, such as "
            "projection 'rectilinear'"
        )


#: What TeX reads as a command, and how to write it so that it is shown.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        **{char: f"\\{char}" for char in "{}$&#_%"},
    }
)


def pixel_text(string: str, **text_props: Any) -> Text:
    """Return a text that shows *string* as it is, with its lower left corner at a pixel."""
    text = Text(
        **text_props,
        horizontalalignment="left",
        verticalalignment="bottom",
        transform=IdentityTransform(),
        clip_on=False,
    )
    literal(text, string)
    return text


def font_pixels(text: Text) -> float:
    """Return the font size of a text in pixels."""
    figure = text.get_figure()
    assert figure is not None
    return float(text.get_fontsize()) * figure.dpi / 72


def move(text: Text, corner: Any) -> None:
    """Put the lower left corner of a text at a pixel."""
    corner = (float(corner[0]), float(corner[1]))
    if text.get_position() != corner:
        text.set_position(corner)


def literal(text: Text, string: str) -> None:
    """Make *text* show *string* as it is, whatever it holds: never as math, never as TeX.

    Where ``text.usetex`` is in force, ASCII is escaped; a string with other letters, many of
    which stop TeX, is drawn without it.

    Examples
    --------
    >>> from matplotlib.text import Text
    >>> text = Text(usetex=False)
    >>> literal(text, "a_b costs $5 {or} $6")
    >>> text.get_text(), text.get_parse_math()
    ('a_b costs $5 {or} $6', False)
    """
    text.set_parse_math(False)
    if text.get_usetex() and not string.isascii():
        text.set_usetex(False)
    text.set_text(string.translate(_TEX) if text.get_usetex() else string)
