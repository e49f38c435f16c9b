"""What the artists have in common: the Axes they are for, and being drawn as several artists."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import units
from matplotlib.artist import Artist, allow_rasterization
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent, RendererBase
from matplotlib.transforms import Bbox

__all__ = [
    "BAND_ALPHA", "SENSE", "Banded", "DrawnAsParts", "OnStraightAxes", "PropertiesOfBase",
    "accessors", "getter", "is_straight", "place_on_axis",
]  # fmt: skip

#: How opaque a band is beside its line.
BAND_ALPHA = 0.15
#: What a sense is, for the docs of its getters.
SENSE = "whether lower or higher is better, along x and along y"


def getter(name: str, what: str) -> Callable[[Any], Any]:
    """Return a getter of what an artist keeps as ``_name``, documented."""

    def get(self: Any) -> Any:
        return getattr(self, f"_{name}")

    get.__name__, get.__doc__ = f"get_{name}", f"Return {what}."
    return get


def accessors(
    name: str, accepts: str, what: str, convert: Callable[[Any], Any]
) -> tuple[Callable[[Any], Any], Callable[[Any, Any], None]]:
    """Return a getter and a setter of what an artist keeps as ``_name``, documented."""

    def set_(self: Any, value: Any) -> None:
        before = getattr(self, f"_{name}", None)
        setattr(self, f"_{name}", convert(value))
        try:
            self._adapt()
        except (TypeError, ValueError):
            setattr(self, f"_{name}", before)
            raise
        self.stale = True

    set_.__name__ = f"set_{name}"
    set_.__doc__ = f"Set {what}.\n\n.. ACCEPTS: {accepts}"
    return getter(name, what), set_


def place_on_axis(value: Any, name: str = "value") -> Any:
    """Return a value if it is one place on an axis; else raise, before anything is drawn."""
    try:
        registry: Any = units.registry
        if value is None or np.ndim(value):
            raise TypeError
        if registry.get_converter(value) is None:
            float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} is {value!r}; expected one number, date or quantity") from None
    return value


def is_straight(axes: Axes) -> bool:
    """Return whether the x and y of an Axes are straight and independent of one another."""
    return axes.transData.is_separable and not hasattr(axes, "get_zlim")


class PropertiesOfBase:
    """An artist of some of whose classes the properties are those of their base, and no others.

    Their `set` is that of the base, too. To write its signature and its docs anew, as matplotlib
    does for each class, takes longer than all else in the import of a module.
    """

    def __init_subclass__(cls, *, has_own: bool = True) -> None:
        if has_own:
            super().__init_subclass__()


class OnStraightAxes(PropertiesOfBase):
    """An artist for Axes whose x and y are straight and independent of one another."""

    #: Its values by axis, from which the Axes learns their units, as from a plot of them.
    _in_units: Mapping[str, Any] = {}

    @property
    def axes(self) -> Any:
        """The `~.axes.Axes` the artist resides in, or None."""
        return Artist.axes.fget(self)  # type: ignore[attr-defined] # a property

    @axes.setter
    def axes(self, axes: Axes | None) -> None:
        if axes is not None and not is_straight(axes):
            raise TypeError(
                f"{type(self).__name__} cannot be added to {type(axes).__name__} (projection "
                f"{axes.name!r}); expected an Axes with straight x and y axes, such as "
                "projection 'rectilinear'"
            )
        before = self.axes
        Artist.axes.fset(self, axes)  # type: ignore[attr-defined] # a property
        for name, values in self._in_units.items() if axes is not None else ():
            getattr(axes, f"{name}axis").update_units(values)
        self._moved(before, axes)

    def _adapt(self) -> None:
        """Adapt to what was set, or raise where that cannot be, as a category among numbers."""
        registry: Any = units.registry
        for name, value in self._in_units.items() if self.axes is not None else ():
            axis, converter = getattr(self.axes, f"{name}axis"), registry.get_converter(value)
            try:
                if converter is not None:
                    converter.convert(value, axis.get_units(), axis)
            except (TypeError, ValueError) as error:
                raise TypeError(f"{value!r} has no place on the {name} axis: {error}") from error

    def _moved(self, before: Any, after: Any) -> None:
        """Adapt to the Axes that the artist was added to, or to None where it was removed."""

    def _count_for_limits(self: Any, points: Any) -> None:
        """Have limits that are scaled by the data show points, shape (n, 2), too."""
        if len(points):
            self.axes.update_datalim(points)
            # As what is plotted does: with the next drawing, unless limits were set.
            self.axes.autoscale(None)

    def _as_numbers(self: Any, x: Any, y: Any) -> tuple[Any, Any]:
        """Return values along x and along y as numbers, in the units of the Axes."""
        return self.convert_xunits(x), self.convert_yunits(y)


class DrawnAsParts(OnStraightAxes):
    """An artist that is drawn as several others, its parts."""

    def drawn_parts(self) -> Sequence[Artist]:
        """Return the parts to be drawn, in that order, where the Axes has them now."""
        raise NotImplementedError

    @allow_rasterization  # type: ignore[untyped-decorator] # matplotlib's
    def draw(self: Any, renderer: RendererBase) -> None:
        """Draw the parts."""
        parts = self.drawn_parts()
        if parts:
            renderer.open_group(type(self).__name__.lower(), gid=self.get_gid())
            for part in parts:
                part.draw(renderer)
            renderer.close_group(type(self).__name__.lower())
        self.stale = False

    def contains(self, mouseevent: MouseEvent) -> tuple[bool, dict[str, Any]]:
        """Return whether the mouse is on a part, and if so what that part says, and the part."""
        for part in reversed(self._parts_on_screen()):
            hit, details = part.contains(mouseevent)
            if hit:
                return True, {**details, "part": part}
        return False, {}

    def _parts_on_screen(self) -> Sequence[Artist]:
        return self.drawn_parts()

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """Return the box around the parts, in pixels."""
        return _union([part.get_window_extent(renderer) for part in self.drawn_parts()])

    def get_tightbbox(self, renderer: RendererBase | None = None) -> Bbox:
        """Return the box around what is seen of the parts, in pixels, for layouts."""
        return _union([part.get_tightbbox(renderer) for part in self.drawn_parts()])


def _union(boxes: list[Bbox | None]) -> Bbox:
    seen = [box for box in boxes if box is not None and (box.width or box.height)]
    return Bbox.union(seen) if seen else Bbox.null()


class Banded:
    """A line with a band of its colour beside it."""

    _band_alpha = BAND_ALPHA
    get_band_alpha, set_band_alpha = accessors(
        "band_alpha", "float", "how opaque the band is, times alpha where that is given", float
    )

    def has_band(self) -> bool:
        """Return whether there is one."""
        return True

    def band_looks(self: Any) -> dict[str, Any]:
        """Return the colour and the alpha of the band."""
        alpha = self.get_alpha()
        alpha = self._band_alpha * (1 if alpha is None else float(alpha))
        return {"color": self.get_color(), "alpha": alpha}
