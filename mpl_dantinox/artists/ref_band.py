"""A reference value with its band."""

from typing import Any, Literal, Self

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import MouseEvent
from matplotlib.cbook import normalize_kwargs
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike

from mpl_dantinox.artists.base import BAND_ALPHA, Banded, accessors, getter, place_on_axis
from mpl_dantinox.artists.guide import Guide
from mpl_dantinox.artists.legend_keys import HandlerBanded, HandlerGuide
from mpl_dantinox.artists.staircase import float_points

__all__ = ["HandlerRefBand", "RefBand"]

_STYLES = ("-", "--", "-.", ":")


class RefBand(Banded, Guide):
    """A line at a reference value with its band, across the whole Axes.

    It says where a value lies and is no data: it leaves the limits of the Axes alone.

    Parameters
    ----------
    value : float, date or quantity
        Where the line is.
    spread : float or (float, float), optional
        How far the band reaches below and above *value*; a pair gives the two apart.
    relative : bool, default: False
        Whether *spread* is a fraction of *value*: 0.03 for a band of ±3 %.
    interval : (float, float), optional
        The ends of the band, instead of *spread*. With neither there is a line only.
    axis : {"y", "x"}, default: "y"
        The axis that *value* is on.
    label : str, optional
        The name in the legend.
    band_alpha : float, default: 0.15
        How opaque the band is, times *alpha* where that is given.
    **props
        Properties of `~matplotlib.lines.Line2D` for the line. Of several in one Axes without a
        colour or a line style of their own each has the next line style.

    Raises
    ------
    ValueError
        If *spread* and *interval* are both given, *spread* is negative, or *axis* is neither.

    Examples
    --------
    >>> RefBand(3.0, spread=0.5).get_interval()
    (2.5, 3.5)
    >>> RefBand(200.0, spread=(0.1, 0.2), relative=True, axis="x").get_interval()
    (180.0, 240.0)
    """

    # Behind the points and the lines, in front of the grid that lies below them.
    zorder = 0.9

    def __init__(
        self,
        value: Any,
        *,
        spread: float | tuple[float, float] | None = None,
        relative: bool = False,
        interval: tuple[Any, Any] | None = None,
        axis: Literal["x", "y"] = "y",
        label: str | None = None,
        band_alpha: float = BAND_ALPHA,
        **props: Any,
    ) -> None:
        if axis not in ("x", "y"):
            raise ValueError(f"axis is {axis!r}; expected 'x' or 'y'")
        props = normalize_kwargs(props, Line2D)
        super().__init__(**props)
        #: Whether its line is still to be told from those of the other bands.
        self._looks_alike = not {"color", "linestyle"} & props.keys()
        self._value = place_on_axis(value)
        self._interval = _interval(value, spread, relative, interval)
        self._axis = axis
        self._band_alpha = float(band_alpha)
        self._band = self._add_part(Polygon(np.zeros((4, 2)), closed=True, linewidth=0))
        self._add_part(self._line)
        if label is not None:
            self.set_label(label)

    @classmethod
    def from_sample(
        cls,
        values: ArrayLike,
        center: Literal["median", "mean"] = "median",
        spread: Literal["iqr", "range", "std"] = "iqr",
        **props: Any,
    ) -> Self:
        """Return the reference band of a sample.

        Parameters
        ----------
        values : array-like
            The sample. Missing and infinite values are ignored.
        center : {"median", "mean"}, default: "median"
            What the line is at.
        spread : {"iqr", "range", "std"}, default: "iqr"
            What the band spans: the quartiles, the extremes, or one standard deviation of the
            sample to each side of *center*.
        **props
            As `RefBand` takes them.

        Raises
        ------
        ValueError
            If no value is finite, or an option is not one of its choices.

        Examples
        --------
        >>> band = RefBand.from_sample([1, 2, 3, 4, 5])
        >>> band.get_value(), band.get_interval()
        (3.0, (2.0, 4.0))
        """
        sample = float_points(np.ravel(values))
        sample = sample[np.isfinite(sample)]
        if not sample.size:
            raise ValueError("values holds no finite number; expected at least one")
        centers = {"median": np.median(sample), "mean": sample.mean()}
        if center not in centers:
            raise ValueError(f"center is {center!r}; expected one of {', '.join(centers)}")
        middle, deviation = float(centers[center]), sample.std()
        ends: dict[str, Any] = {
            "iqr": np.quantile(sample, (0.25, 0.75)),
            "range": (sample.min(), sample.max()),
            "std": (middle - deviation, middle + deviation),
        }
        if spread not in ends:
            raise ValueError(f"spread is {spread!r}; expected one of {', '.join(ends)}")
        low, high = map(float, ends[spread])
        return cls(middle, interval=(low, high), **props)

    def _moved(self, before: Any, after: Any) -> None:
        super()._moved(before, after)
        if after is not None and self._looks_alike:
            others = [one for one in after.get_children() if isinstance(one, RefBand)]
            taken = {one.get_linestyle() for one in others if one is not self}
            self.set_linestyle(next((style for style in _STYLES if style not in taken), "-"))
            self._looks_alike = False

    @property
    def _in_units(self) -> Any:  # type: ignore[override] # read only
        return {self._axis: self._value}

    def _number(self, value: Any) -> float:
        # A category is an array of one number in matplotlib 3.9.
        number = getattr(self, f"convert_{self._axis}units")(value)
        return float(np.asarray(number, dtype=float).item())

    def _place(self) -> list[Artist]:
        turn = 1 if self._axis == "y" else -1
        transform = getattr(self.axes, f"get_{self._axis}axis_transform")(which="grid")
        view = getattr(self.axes.viewLim, f"interval{self._axis}")
        value = self._number(self._value)
        ends = np.array([(0, value), (1, value)])[:, ::turn]
        self._line.set(data=ends.T, transform=transform)
        if self._interval is None:
            return [self._line]
        interval = [self._number(end) for end in self._interval]
        # Ends out of the view may have no place on its scale, as zero has none on a log axis.
        low, high = np.clip(interval, *np.sort(view))
        corners = np.array([(0, low), (1, low), (1, high), (0, high)])[:, ::turn]
        self._band.set(xy=corners, transform=transform, alpha=self.band_looks()["alpha"])
        return [self._band, self._line]

    def has_band(self) -> bool:
        """Return whether there is one."""
        return self._interval is not None

    get_axis = getter("axis", "the axis that the value is on")
    get_value, set_value = accessors(
        "value", "float, date or quantity", "the value that the line is at", place_on_axis
    )
    _ends = "the ends of the band, or None if there is none"
    get_interval, set_interval = accessors(
        "interval", "(float, float) or None", _ends, lambda ends: _ordered(ends)
    )

    def get_cursor_data(self, event: MouseEvent) -> Any:
        """Return the value that the line is at, if the cursor is on the line or the band."""
        return self._value if self.contains(event)[0] else None

    def format_cursor_data(self, data: Any) -> str:
        """Return the value as the Axes writes it, after the label."""
        show = self.axes.format_ydata if self._axis == "y" else self.axes.format_xdata
        label = str(self.get_label())
        name = "" if label.startswith("_") else label
        return f"{name or 'reference'}: {show(self._number(data))}"


class HandlerRefBand(HandlerBanded, HandlerGuide):
    """Draws the legend key of a reference: its line, on its band where it has one."""


def _interval(
    value: Any,
    spread: float | tuple[float, float] | None,
    relative: bool,
    interval: tuple[Any, Any] | None,
) -> tuple[Any, Any] | None:
    if interval is not None:
        if spread is not None:
            raise ValueError("spread and interval are both given; expected one of them")
        return _ordered(interval)
    if spread is None:
        return None
    below, above = spread if isinstance(spread, tuple | list) else (spread, spread)
    zero = below - below
    if below < zero or above < zero:
        raise ValueError(f"spread is {spread!r}; expected no negative number")
    unit = abs(value) if relative else 1
    return value - below * unit, value + above * unit


def _ordered(ends: Any) -> tuple[Any, Any] | None:
    if ends is None:
        return None
    low, high = (place_on_axis(end, "an end of interval") for end in ends)
    return (low, high) if low <= high else (high, low)
