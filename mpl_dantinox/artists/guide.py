"""The class of all that says something about the data and holds none: guides and labels."""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import matplotlib as mpl
from matplotlib.artist import Artist, ArtistInspector, getp
from matplotlib.cbook import normalize_kwargs
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text

from mpl_dantinox.artists.base import DrawnAsParts
from mpl_dantinox.artists.hover import offer_to_cursors
from mpl_dantinox.artists.legend_keys import LegendEntry

__all__ = ["Guide", "split_looks"]

_Part = TypeVar("_Part", bound=Artist)

#: What each part has from the whole. Texts are shown whole, whatever clips the lines.
_SHARED = ("alpha", "path_effects", "sketch_params", "snap", "url")
_SHARED_BY_LINES = ("clip_box", "clip_on", "clip_path")

_OF_LINES = ArtistInspector(Line2D)


def split_looks(props: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return those properties that any artist has, which are the whole's, and the others."""
    whole = {key: value for key, value in props.items() if hasattr(Artist, f"set_{key}")}
    return whole, {key: props[key] for key in props.keys() - whole.keys()}


def _of_parts(
    name: str, kinds: Any = Line2D | FancyArrowPatch
) -> tuple[Callable[[Any], Any], Callable[[Any, Any], None]]:
    """Return a getter and a setter of a property that a guide has in common with some parts."""

    def get(self: Any) -> Any:
        return getattr(self._line, f"get_{name}")()

    def set_(self: Any, value: Any) -> None:
        for part in (self._line, *self._parts):
            if isinstance(part, kinds):
                part.set(**{name: value})
        self.stale = True

    get.__name__, set_.__name__ = f"get_{name}", f"set_{name}"
    get.__doc__ = f"Return the {name} of the parts."
    accepts = _OF_LINES.get_valid_values(name)
    set_.__doc__ = f"Set the {name} of the parts.\n\n.. ACCEPTS: {accepts}"
    return get, set_


class Guide(DrawnAsParts, Artist):
    """A guide or a label: it says something about the data, and holds none.

    It is drawn as other artists, its parts, which are made once. Looks are handed on to the parts
    when they are set, so that the looks of a part may be set as well; where the parts are is found
    when they are drawn.

    A subclass does two things: it calls `_add_part` for each part, at any time, and has a method
    `_place` that brings them up to date with the Axes.

    Parameters
    ----------
    **props
        Properties of `~matplotlib.lines.Line2D`, for what is drawn as a line, and of any artist.
        The colour defaults to ``text.color``, which a style keeps readable on its background.

    Raises
    ------
    TypeError
        When it is added to anything else than an Axes whose x and y are straight.
    """

    get_antialiased, set_antialiased = get_aa, set_aa = _of_parts("antialiased")
    get_linestyle, set_linestyle = get_ls, set_ls = _of_parts("linestyle")
    get_linewidth, set_linewidth = get_lw, set_lw = _of_parts("linewidth")
    get_color, set_color = _of_parts("color", Artist)

    def __init__(self, **props: Any) -> None:
        whole, looks = split_looks(normalize_kwargs(props, Line2D))
        #: What is drawn as a line, or in default of one has the looks that lines would have.
        looks = {"color": mpl.rcParams["text.color"], "marker": "None", **looks}
        self._line = Line2D([], [], **looks)
        self._parts: list[Artist] = []
        #: The parts that were drawn last, or are to be drawn next.
        self.placed_parts: Sequence[Artist] = ()
        self._entry: LegendEntry | None = None
        self._placing = False
        super().__init__()
        self._handed_on = {name: getp(self, name) for name in (*_SHARED, *_SHARED_BY_LINES)}
        # It lies inside the Axes, for which a layout need not make room.
        self.set(**{"in_layout": False, **whole})

    def _place(self) -> Sequence[Artist]:
        """Bring the parts up to date with the Axes as it is now; return those to be drawn."""
        raise NotImplementedError

    def _add_part(self, part: _Part) -> _Part:
        """Take on a part, which has the looks of the whole from now on."""
        self._parts.append(part)
        for name, value in self._handed_on.items():
            _share(part, name, value)
        part.set(color=self.get_color())
        if isinstance(part, FancyArrowPatch):
            part.set_linewidth(self.get_linewidth())
        figure = self.get_figure()
        if figure is not None:
            part.set_figure(figure)
        self._tie(part)
        return part

    def _tie(self, part: Artist) -> None:
        part.axes = self.axes
        part.stale_callback = self._on_stale_part

    def _on_stale_part(self, part: Artist, stale: bool) -> None:
        # Placing the parts is a consequence of drawing, not a reason to draw again.
        if stale and not self._placing:
            self.stale = True

    def _moved(self, before: Any, after: Any) -> None:
        self.placed_parts = ()
        for part in self._parts:
            figure = part.get_figure()
            if after is None and figure is not None:
                # Only what was removed from a figure may be added to another one.
                figure.add_artist(part)
                part.remove()
            self._tie(part)
        self._enter_legend()

    def set_figure(self, fig: Figure | SubFigure) -> None:
        """Set the figure of the artist and of its parts.

        .. ACCEPTS: `~matplotlib.figure.Figure` or `~matplotlib.figure.SubFigure`
        """
        if self.axes is None:
            raise TypeError(f"{type(self).__name__} is for an Axes; add it with ax.add_artist")
        super().set_figure(fig)
        for part in self._parts:
            part.set_figure(fig)

    def set_label(self, s: object) -> None:
        """Set the label, by which a legend names it, unless it begins with an underscore.

        .. ACCEPTS: object
        """
        super().set_label(s)
        self._enter_legend()

    def _enter_legend(self) -> None:
        """Be among the containers of the Axes, where a legend looks, if it has a name."""
        if self._entry is not None:
            self._entry.remove()
            self._entry = None
        label = str(self.get_label())
        if self.axes is not None and label and not label.startswith("_"):
            self._entry = self.axes.add_container(LegendEntry(self))

    def set_c(self, color: Any) -> None:
        """Alias for `set_color`."""
        self.set_color(color)

    def update_from(self, other: Artist) -> None:
        """Take on the looks of another guide, or of a line."""
        super().update_from(other)
        self._enter_legend()
        looks = ("antialiased", "color", "linestyle", "linewidth")
        self.set(**{name: getp(other, name) for name in looks})

    def get_children(self) -> list[Artist]:
        """Return the parts."""
        return list(self._parts)

    @contextmanager
    def being_placed(self) -> Iterator[None]:
        """Keep the artist from being stale by what is done to its parts.

        First they are given what was set on the whole since they were last drawn.
        """
        self._placing = True
        try:
            for name, before in self._handed_on.items():
                value = getp(self, name)
                if value is not before:
                    self._handed_on[name] = value
                    for part in self._parts:
                        _share(part, name, value)
            yield
        finally:
            self._placing = False

    def drawn_parts(self) -> Sequence[Artist]:
        """Return the parts to be drawn, in that order, where the Axes has them now."""
        if self.axes is None or not self.get_visible():
            return []
        offer_to_cursors(Guide)
        with self.being_placed():
            self.placed_parts = self._place()
        return [part for part in self.placed_parts if part.get_visible()]

    def _parts_on_screen(self) -> Sequence[Artist]:
        # What the mouse is on is where it was drawn last, and need not be placed again.
        if not (self.placed_parts and self.get_visible()):
            return self.drawn_parts()
        return [part for part in self.placed_parts if part.get_visible()]

    def drawn_line(self) -> Line2D:
        """Return the part that is the artist's line, as it is drawn now."""
        self.drawn_parts()
        return self._line

    def __copy__(self) -> "Guide":
        twin = type(self).__new__(type(self))
        vars(twin).update(vars(self), _entry=None)
        copies = {id(part): copy.copy(part) for part in [self._line, *self._parts]}
        for name, value in vars(self).items():
            if isinstance(value, Artist):
                setattr(twin, name, copies.get(id(value), value))
            elif isinstance(value, list):
                setattr(twin, name, [copies.get(id(one), one) for one in value])
        for part in twin._parts:
            twin._tie(part)
        return twin


def _share(part: Artist, name: str, value: Any) -> None:
    """Give a part a property of the whole."""
    if name in _SHARED or not isinstance(part, Text):
        given = value or () if name == "sketch_params" else (value,)
        getattr(part, f"set_{name}")(*given)
