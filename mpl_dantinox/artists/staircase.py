"""The boundary of what a set of points dominates, as a line that reaches the edges of the view."""

from typing import Any, Literal

import numpy as np
from matplotlib import units
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent, RendererBase
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from mpl_dantinox.artists.composite import Composite
from mpl_dantinox.pareto import Sense

__all__ = ["Staircase", "numbers_of", "stairs", "step_style", "update_units", "with_ends"]


class Staircase(Composite):
    """A front drawn as the boundary of what it dominates; its data are the points of the front.

    Parameters
    ----------
    sense : pair of {"min", "max"}
        Whether lower or higher is better, along x and along y.
    extend : bool
        Whether the boundary reaches the edges of the view.
    **line_props
        Properties of `~matplotlib.lines.Line2D`.
    """

    def __init__(self, *, sense: Sense, extend: bool, **line_props: Any) -> None:
        self._sense = sense
        self._extend = bool(extend)
        self._drawstyle_given = bool({"drawstyle", "ds"} & line_props.keys())
        super().__init__(**line_props)
        self._remake_parts()

    def _make_parts(self) -> list[Artist]:
        self._line, self._marks = Line2D([], []), Line2D([], [], linestyle="None")
        return [self._line, self._marks]

    def _place(self, renderer: RendererBase | None) -> None:
        front = self.get_front()
        path = front
        if self._extend and len(front):
            path = with_ends(front, self._sense, *view_edges(self.axes))
        transform = self.get_transform()
        self._like_self(self._line, path, transform)
        # The marks are at the points only, not at the edges of the view.
        marked = self.get_marker() not in (None, "None", "none", " ", "")
        self._marks.set_visible(marked)
        if marked:
            self._like_self(self._marks, front, transform)
            self._marks.set_linestyle("None")
            self._marks.set_markevery(self.get_markevery())
            self._line.set_marker("None")

    def get_front(self) -> NDArray[np.float64]:
        """Return the points of the front, shape (k, 2), sorted along x.

        Dates and other units are numbers here, as on the Axes.
        """
        return np.asarray(self.get_xydata(), dtype=float).reshape(-1, 2)

    def get_sense(self) -> Sense:
        """Return whether lower or higher is better, along x and along y."""
        return self._sense

    def get_extend(self) -> bool:
        """Return whether the boundary reaches the edges of the view."""
        return self._extend

    def set_extend(self, extend: bool) -> None:
        """Set whether the boundary reaches the edges of the view.

        Parameters
        ----------
        extend : bool
        """
        self._extend = bool(extend)
        self.stale = True

    def _follow_sense(self) -> None:
        """Set the direction of the steps, unless the caller chose a draw style."""
        if not self._drawstyle_given:
            self.set_drawstyle(step_style(self._sense))

    def get_cursor_data(self, event: MouseEvent) -> tuple[float, float] | None:
        """Return the point of the front that the cursor is on or nearest to, along the line."""
        front = self.get_front()
        if not len(front) or not self.contains(event)[0]:
            return None
        pixels = self.get_transform().transform(front)
        x, y = front[np.argmin(np.hypot(*(pixels - (event.x, event.y)).T))]
        return float(x), float(y)

    def format_cursor_data(self, data: tuple[float, float]) -> str:
        """Return the coordinates of a point of the front as the Axes writes them."""
        x, y = data
        return f"front: {self.axes.format_xdata(x)}, {self.axes.format_ydata(y)}"


def view_edges(axes: Axes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and the upper ends of the view, each as (x, y)."""
    limits = np.sort([axes.get_xlim(), axes.get_ylim()])
    return limits[:, 0], limits[:, 1]


def step_style(sense: Sense) -> Literal["steps-post", "steps-pre"]:
    """Return the draw style that joins the points of a front sorted along x.

    Examples
    --------
    >>> step_style(("min", "min")), step_style(("max", "min"))
    ('steps-post', 'steps-pre')
    """
    return "steps-post" if sense[0] == "min" else "steps-pre"


def with_ends(
    front: NDArray[np.float64],
    sense: Sense,
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the points of a front with one more at each end, where the boundary leaves the view.

    Parameters
    ----------
    front : array, shape (k, 2)
        Sorted along x, k > 0.
    sense : pair of {"min", "max"}
    lower, upper : array, shape (2,)
        The ends of the view.

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


def stairs(points: NDArray[np.float64], sense: Sense) -> NDArray[np.float64]:
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


def update_units(axis: Any, values: Any) -> None:
    """Tell an axis what its values are, as a plot of them would, so that the ticks are dates."""
    axis.update_units(values)


def numbers_of(values: ArrayLike, name: str) -> tuple[Any, ArrayLike]:
    """Return *values* as something to index, and as numbers to compare.

    Dates and every other type that matplotlib has a converter for become numbers by it.
    """
    # A quantity of a registered type carries its unit, which an array would drop.
    if not isinstance(values, (np.ndarray, *units.registry)):
        values = np.asarray(values)
    if np.issubdtype(getattr(values, "dtype", object), np.number):
        return values, values
    # An empty or all-numbers object array has no converter.
    registry: Any = units.registry
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
