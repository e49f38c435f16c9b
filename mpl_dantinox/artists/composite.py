"""What the artists have in common: lines drawn as several artists, bands, and literal text."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent, RendererBase
from matplotlib.figure import Figure, SubFigure
from matplotlib.legend import Legend
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform, Transform
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "BAND_ALPHA",
    "Banded",
    "Composite",
    "HandlerComposite",
    "LiteralText",
    "OnStraightAxes",
    "accessors",
    "font_pixels",
]

#: How opaque a band is beside its line.
BAND_ALPHA = 0.15

_T = TypeVar("_T")
_Floats = NDArray[np.float64]


def accessors(
    name: str, accepts: str, what: str, convert: Callable[[Any], _T]
) -> tuple[Callable[[Any], _T], Callable[[Any, Any], None]]:
    """Return a getter and a setter of what an artist keeps as ``_name``, documented."""

    def get(self: Any) -> _T:
        value: _T = getattr(self, f"_{name}")
        return value

    def set_(self: Any, value: Any) -> None:
        self._change(name, convert(value))

    get.__name__, set_.__name__ = f"get_{name}", f"set_{name}"
    get.__doc__ = f"Return {what}."
    set_.__doc__ = f"Set {what}.\n\nParameters\n----------\nvalue : {accepts}"
    return get, set_


class OnStraightAxes:
    """An artist for Axes whose x and y are straight and independent of one another."""

    #: Its values by axis, from which the Axes learns their units, as from a plot of them.
    _in_units: Mapping[str, Any] = {}

    # Of each class without a `set` of its own matplotlib writes one, with all properties in its
    # docstring, at import: 1.5 ms a class.
    def set(self: Any, **props: Any) -> Any:
        """Set several properties at once, as `matplotlib.artist.Artist.set` does."""
        return Artist.set(self, **props)

    @property
    def axes(self) -> Any:
        """The `~.axes.Axes` the artist resides in, or None."""
        return Artist.axes.fget(self)  # type: ignore[attr-defined] # a property

    @axes.setter
    def axes(self, axes: Axes | None) -> None:
        if axes is not None and (not axes.transData.is_separable or hasattr(axes, "get_zlim")):
            raise TypeError(
                f"{type(self).__name__} cannot be added to {type(axes).__name__} (projection "
                f"{axes.name!r}); expected an Axes with straight x and y axes, such as "
                "projection 'rectilinear'"
            )
        Artist.axes.fset(self, axes)  # type: ignore[attr-defined] # a property
        self._settle(axes)

    def _settle(self, axes: Any) -> None:
        """Adapt to the Axes that the artist was added to, or to None where it was removed."""
        for name, values in self._in_units.items() if axes is not None else ():
            getattr(axes, f"{name}axis").update_units(values)

    def _as_numbers(self: Any, x: Any, y: Any) -> tuple[Any, Any]:
        """Return values along x and along y as numbers, in the units of the Axes."""
        return self.convert_xunits(x), self.convert_yunits(y)


class Composite(OnStraightAxes, Line2D):
    """A line that is drawn as several artists, its parts, laid out when what they follow changes.

    Its own properties (colour, line style, alpha, clipping, ...) are those of a
    `~matplotlib.lines.Line2D` and the parts follow them, so `matplotlib.pyplot.setp`, legends and
    picking treat it as any line. Its own data, which decide the limits of the Axes, are the
    subclass's affair: a guide has none.

    Parameters
    ----------
    **line_props
        Properties of `~matplotlib.lines.Line2D`. The colour defaults to ``text.color``, which a
        style keeps readable on its background.

    Raises
    ------
    TypeError
        When it is added to an Axes whose x and y are not straight.
    """

    def __init__(self, **line_props: Any) -> None:
        if not {"color", "c"} & line_props.keys():
            line_props["color"] = mpl.rcParams["text.color"]
        self._parts: list[Artist] = []
        self._placing, self._placed_for = False, None
        super().__init__([], [], **line_props)
        self._remake_parts()

    def _make_parts(self) -> list[Artist]:
        """Return new parts, in the order in which they are drawn."""
        self._line = Line2D([], [])
        return [self._line]

    def _follows(self, renderer: RendererBase | None) -> Any:
        """Return all that the places of the parts depend on beside the artist itself.

        Where that is equal to what it was, they are left where they are; None is equal to nothing.
        """
        return None

    def _place(self, renderer: RendererBase | None) -> None:
        """Bring the parts up to date with the artist and with the Axes as they are now."""
        raise NotImplementedError

    def _remake_parts(self) -> None:
        """Make the parts anew, where the artist is."""
        self._parts = self._make_parts()
        self._tie_parts()
        self._hand_on_figure()

    def _tie_parts(self) -> None:
        for part in self._parts:
            part.axes = self.axes
            part.stale_callback = self._on_stale_part
        self.stale = True

    def _change(self, name: str, value: Any) -> None:
        """Keep what a setter was given."""
        setattr(self, f"_{name}", value)
        self.stale = True

    def __copy__(self) -> "Composite":
        twin = type(self).__new__(type(self))
        vars(twin).update(vars(self))
        twin._remake_parts()
        return twin

    def _settle(self, axes: Any) -> None:
        super()._settle(axes)
        if axes is None:
            # Removed: fit to be added elsewhere.
            self._parts = self._make_parts()
        self._tie_parts()

    def set_figure(self, fig: Figure | SubFigure) -> None:
        """Set the figure of the artist and of its parts.

        Parameters
        ----------
        fig : `~matplotlib.figure.Figure` or `~matplotlib.figure.SubFigure`
        """
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
            for part in self._parts:
                if isinstance(part, LiteralText):
                    part.spell(renderer)
            follows = self._follows(renderer)
            # Every setter of the artist makes it stale until it is drawn.
            if self.stale or follows is None or follows != self._placed_for:
                self._place(renderer)
                self._placed_for = follows
                for part in self._parts:
                    part.set_url(self.get_url())
        finally:
            self._placing = False
        return [part for part in self._parts if part.get_visible()]

    def drawn_line(self) -> Line2D:
        """Return the part that is the artist's line, as it is drawn now."""
        self.placed()
        return self._line

    def _like_self(self, line: Line2D, points: ArrayLike, transform: Transform) -> None:
        """Give a part that is a line the artist's looks, and its points, shape (n, 2)."""
        line.update_from(self)
        # What update_from leaves out.
        line.set(antialiased=self.get_antialiased(), snap=self.get_snap())
        line.set_data(*np.asarray(points, dtype=float).T)
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
        return _union([part.get_window_extent(renderer) for part in self.placed(renderer)])

    def get_tightbbox(self, renderer: RendererBase | None = None) -> Bbox | None:
        """Return the box around what is seen of the parts, in pixels, for layouts."""
        return _union([part.get_tightbbox(renderer) for part in self.placed(renderer)])

    def _key(self) -> tuple[_Floats, list[int]]:
        """Return the points of the legend key in a unit square, and which have the marker."""
        return np.array([(0, 0.5), (0.5, 0.5), (1, 0.5)]), [1]


def _union(boxes: list[Bbox | None]) -> Bbox:
    seen = [box for box in boxes if box is not None and (box.width or box.height)]
    return Bbox.union(seen) if seen else Bbox.null()


class Banded(Composite):
    """A line with a band of its colour beside it.

    Parameters
    ----------
    band_alpha : float, default: 0.15
        How opaque the band is, times *alpha* where that is given.
    **line_props
        Properties of `~matplotlib.lines.Line2D`.
    """

    get_band_alpha, set_band_alpha = accessors(
        "band_alpha", "float", "how opaque the band is", float
    )

    def __init__(self, *, band_alpha: float = BAND_ALPHA, **line_props: Any) -> None:
        self._band_alpha = float(band_alpha)
        super().__init__(**line_props)

    def _make_parts(self) -> list[Artist]:
        self._band = Polygon(np.zeros((4, 2)), closed=True, linewidth=0)
        return [self._band, *super()._make_parts()]

    def _has_band(self) -> bool:
        return True

    def _place_band(self, corners: ArrayLike, transform: Transform) -> None:
        Artist.update_from(self._band, self)
        self._band.set_transform(transform)
        self._band.set(xy=corners, visible=self._has_band(), **self._band_looks())

    def _band_looks(self) -> dict[str, Any]:
        alpha = self.get_alpha()
        alpha = self._band_alpha * (1 if alpha is None else float(alpha))
        return {"facecolor": self.get_color(), "alpha": alpha}


class HandlerComposite(HandlerLine2D):
    """Draws the legend key of an artist: its line as it runs, on its band where it has one."""

    def create_artists(
        self,
        legend: Legend,
        orig_handle: Artist,
        xdescent: float,
        ydescent: float,
        width: float,
        height: float,
        fontsize: float,
        trans: Transform,
    ) -> list[Artist]:
        """Return the key's line, and its patch before it."""
        assert isinstance(orig_handle, Composite)
        points, marked = orig_handle._key()
        corner = np.array([-xdescent, -ydescent])
        line = Line2D(*(corner + points * (width, height)).T, markevery=marked)
        self.update_prop(line, orig_handle, legend)
        line.set_transform(trans)
        if not isinstance(orig_handle, Banded) or not orig_handle._has_band():
            return [line]
        looks = orig_handle._band_looks()
        return [Rectangle(tuple(corner), width, height, lw=0, transform=trans, **looks), line]


#: What TeX reads as a command, and how to write it so that it is shown.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r'\texttt{"}',
        # Two of them in a row would become one sign.
        **{char: f"{{}}{char}{{}}" for char in "-'`"},
        **{char: f"\\{char}" for char in "{}$&#_%"},
    }
)


class LiteralText(Text):
    """A text that shows its string as it is: never as math, never as TeX. It stands at a pixel.

    Where ``text.usetex`` is in force, ASCII is escaped; a string with other letters, many of
    which stop TeX, is drawn without it. Of letters that the font lacks matplotlib warns, as it does
    in any text: which ``font.family`` has them is for the user to say.

    Parameters
    ----------
    string : str
    **text_props
        Properties of `~matplotlib.text.Text`.

    Examples
    --------
    >>> text = LiteralText("a_b costs $5 {or} $6", usetex=False)
    >>> text.get_text(), text.get_parse_math()
    ('a_b costs $5 {or} $6', False)
    """

    def __init__(self, string: str, **text_props: Any) -> None:
        super().__init__(
            **text_props,
            horizontalalignment="left",
            verticalalignment="bottom",
            transform=IdentityTransform(),
            clip_on=False,
            parse_math=False,
        )
        self.string = string
        self.spell(None)

    def spell(self, renderer: RendererBase | None) -> None:
        """Write the string as the renderer reads it: that of PGF hands every text to TeX."""
        if self.get_usetex() and not self.string.isascii():
            self.set_usetex(False)
        # A renderer may wrap another, and a layout replaces its draw methods: this one it keeps.
        measure = getattr(renderer, "get_text_width_height_descent", None)
        pgf = getattr(measure, "__module__", "") == "matplotlib.backends.backend_pgf"
        read_by_tex = pgf or self.get_usetex()
        written = self.string.translate(_TEX) if read_by_tex else self.string
        if written != self.get_text():
            self.set_text(written)


def font_pixels(text: Text) -> float:
    """Return the font size of a text in pixels."""
    figure = text.get_figure()
    assert figure is not None
    return float(text.get_fontsize()) * figure.dpi / 72
