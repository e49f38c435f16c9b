"""The boundary of what a set of points dominates, as a line that reaches the edges of the view."""

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import units
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent
from matplotlib.legend import Legend
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from mpl_dantinox.artists.base import SENSE, DrawnAsParts, accessors, getter
from mpl_dantinox.pareto import Sense, pareto_front

__all__ = [
    "HandlerStaircase", "Staircase", "float_points", "front_of", "numbers_of", "stairs",
    "view_edges", "with_ends",
]  # fmt: skip

_Floats = NDArray[np.float64]


class Staircase(DrawnAsParts):
    """A front drawn as the boundary of what it dominates; its data are the points of the front.

    It is mixed into a `~matplotlib.lines.Line2D`, and drawn as a line through the steps, and as the
    markers of its points.
    """

    _in_data = False

    get_sense = getter("sense", SENSE)
    get_extend, set_extend = accessors(
        "extend", "bool", "whether the boundary reaches the edges of the view", bool
    )

    def __init__(self: Any, *, sense: Sense, extend: bool, **line_props: Any) -> None:
        if not {"color", "c"} & line_props.keys():
            line_props["color"] = mpl.rcParams["text.color"]
        super().__init__([], [], **line_props)  # type: ignore[call-arg] # the line's
        self._sense, self._extend = sense, bool(extend)
        self._drawstyle_given = bool({"drawstyle", "ds"} & line_props.keys())

    def set_drawstyle(self: Any, drawstyle: Any) -> None:
        """Set the draw style, instead of the steps.

        .. ACCEPTS: {'default', 'steps', 'steps-pre', 'steps-mid', 'steps-post'}
        """
        Line2D.set_drawstyle(self, drawstyle)
        self._drawstyle_given = True

    def _moved(self: Any, before: Any, after: Any) -> None:
        # What is in the coordinates of one Axes is in those of the next.
        if after is None:
            self._in_data = before is not None and self.get_transform() is before.transData
            return
        if self._in_data:
            self.set_transform(after.transData)
        in_data = not self.is_transform_set() or self.get_transform() is after.transData
        if in_data and after is not before:
            self._count_for_limits(self.get_front())

    def drawn_parts(self: Any) -> Sequence[Artist]:
        """Return the line and the markers, in that order, as the Axes has them now."""
        if self.get_figure() is None or not self.get_visible():
            return []
        # The markers are at the points only, not at the edges of the view.
        marks = self._like_self(self.get_front())
        marks.set(linestyle="None", markevery=self.get_markevery())
        return [self.drawn_line(), marks]

    def drawn_line(self: Any) -> Line2D:
        """Return the line through the steps, to the edges of the view as it is now."""
        front = self.get_front()
        # Without an Axes, as in a figure, there is no view whose edges it could reach.
        if self._extend and self.axes is not None and len(front):
            front = with_ends(front, self._sense, *view_edges(self.axes))
        line: Line2D = self._like_self(front)
        line.set_marker("None")
        return line

    def _like_self(self: Any, points: _Floats) -> Line2D:
        """Return a line with the looks of this one."""
        line = Line2D(*points.T)
        line.update_from(self)
        # What update_from leaves out.
        line.set(
            antialiased=self.get_antialiased(), snap=self.get_snap(), url=self.get_url(),
            pickradius=self.get_pickradius(), figure=self.get_figure(),
        )  # fmt: skip
        line.axes = self.axes
        # It is drawn and thrown away: nothing that is done to it is a reason to draw again.
        line.stale_callback = None
        return line

    def get_front(self: Any) -> _Floats:
        """Return the points of the front, shape (k, 2), sorted along x.

        Dates and other units are numbers here, as on the Axes.
        """
        return np.asarray(self.get_xydata(), dtype=float).reshape(-1, 2)

    def _set_front(self: Any, x: ArrayLike, y: ArrayLike) -> None:
        """Set the data, and the direction of the steps unless the caller chose a draw style."""
        # Not those of this class, for these are the points of the front already.
        Line2D.set_xdata(self, x)
        Line2D.set_ydata(self, y)
        if not self._drawstyle_given:
            Line2D.set_drawstyle(self, "steps-post" if self._sense[0] == "min" else "steps-pre")

    def get_cursor_data(self: Any, event: MouseEvent) -> tuple[float, float] | None:
        """Return the point of the front that the cursor is on or nearest to, along the line."""
        front = self.get_front()
        if not len(front) or not self.contains(event)[0]:
            return None
        pixels = self.get_transform().transform(front)
        x, y = front[np.argmin(np.hypot(*(pixels - (event.x, event.y)).T))]
        return float(x), float(y)

    def format_cursor_data(self: Any, data: tuple[float, float]) -> str:
        """Return the coordinates of a point of the front as the Axes writes them."""
        x, y = data
        return f"front: {self.axes.format_xdata(x)}, {self.axes.format_ydata(y)}"


class HandlerStaircase(HandlerLine2D):
    """Draws the legend key of a front: a staircase that goes its way."""

    def create_artists(self, legend: Legend, orig_handle: Any, *place: Any) -> list[Artist]:
        """Return the line of the key."""
        xdescent, ydescent, width, height, *_ = place
        steps, (better_x, better_y) = np.linspace(0, 1, 4), orig_handle.get_sense()
        rises = steps if better_x != better_y else steps[::-1]
        (line,) = super().create_artists(legend, orig_handle, *place)
        line.set(data=(width * steps - xdescent, height * rises - ydescent), markevery=[1, 2])
        return [line]


def view_edges(axes: Axes) -> tuple[_Floats, _Floats]:
    """Return the lower and the upper ends of the view, each as (x, y)."""
    return np.asarray(axes.viewLim.min), np.asarray(axes.viewLim.max)


def with_ends(front: _Floats, sense: Sense, lower: _Floats, upper: _Floats) -> _Floats:
    """Return the points of a front with one more at each end, where the boundary leaves the view.

    The front, shape (k, 2), is sorted along x and not empty; the view is from *lower* to *upper*.

    Examples
    --------
    >>> front = np.array([[1.0, 5.0], [2.0, 3.0]])
    >>> with_ends(front, ("min", "min"), np.array([0.0, 0.0]), np.array([9.0, 8.0])).tolist()
    [[1.0, 8.0], [1.0, 5.0], [2.0, 3.0], [9.0, 3.0]]
    """
    # Never backwards, when the view ends before the points do.
    worst = np.where(
        np.equal(sense, "min"),
        np.maximum(upper, front.max(axis=0)),
        np.minimum(lower, front.min(axis=0)),
    )
    (first_x, first_y), (last_x, last_y) = front[0], front[-1]
    if sense[0] == "min":
        return np.vstack([(first_x, worst[1]), front, (worst[0], last_y)])
    return np.vstack([(worst[0], first_y), front, (last_x, worst[1])])


def stairs(points: _Floats, sense: Sense) -> _Floats:
    """Return the corners of the steps through *points*, shape (2 k - 1, 2).

    Examples
    --------
    >>> stairs(np.array([[1.0, 5.0], [2.0, 3.0]]), ("min", "min")).tolist()
    [[1.0, 5.0], [2.0, 5.0], [2.0, 3.0]]
    """
    x, y = np.repeat(points, 2, axis=0).T
    if sense[0] == "min":
        return np.column_stack([x[1:], y[:-1]])
    return np.column_stack([x[:-1], y[1:]])


def numbers_of(values: ArrayLike, name: str) -> tuple[Any, ArrayLike]:
    """Return *values* as something to index, and as numbers to compare.

    Dates and every other type that matplotlib has a converter for become numbers by it.
    """
    registry: Any = units.registry
    if isinstance(values, list | tuple) and registry.get_converter(values) is not None:
        # As an array of anything else a list of quantities would lose their units.
        values = np.fromiter(values, dtype=object, count=len(values))
    elif not isinstance(values, (np.ndarray, *registry)):
        values = np.asarray(values)
    if getattr(getattr(values, "dtype", None), "kind", "") == "m":
        # matplotlib draws durations as numbers, without their unit.
        values = np.asarray(values).astype(float)
    converter = registry.get_converter(values)
    if converter is None:
        return values, values
    try:
        unit = converter.default_units(values, None)
        return values, np.ma.asarray(converter.convert(values, unit, None))
    except (AttributeError, TypeError, ValueError) as error:
        raise TypeError(
            f"{name} is made of {type(np.ravel(values)[0]).__name__}; expected numbers or dates, "
            "which have an order"
        ) from error


def front_of(x: ArrayLike, y: ArrayLike, sense: Sense) -> tuple[dict[str, Any], NDArray[np.intp]]:
    """Return points by axis, as something to index, and which of them are on their front."""
    given = {"x": numbers_of(x, "x"), "y": numbers_of(y, "y")}
    front = pareto_front(*(numbers for _, numbers in given.values()), sense=sense)
    return {name: values for name, (values, _) in given.items()}, front


def float_points(*columns: ArrayLike) -> _Floats:
    """Return numbers as the columns of an array, nan where they are masked."""
    return np.column_stack([np.ma.filled(np.ma.asarray(c, dtype=float), np.nan) for c in columns])
