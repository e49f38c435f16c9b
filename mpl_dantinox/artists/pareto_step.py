"""The Pareto front of points, as a staircase."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D
from matplotlib.transforms import Transform
from numpy.typing import ArrayLike, NDArray

from mpl_dantinox.artists.staircase import Staircase, numbers_of, update_units
from mpl_dantinox.pareto import Sense, pareto_front

__all__ = ["HandlerStaircase", "ParetoStep"]


class ParetoStep(Staircase):
    """The staircase through the non-dominated points: the boundary of what they dominate.

    Its data, and so its share in the limits of the Axes, are the points of the front. With
    *extend*, the boundary goes on to the edges of the view as they are when it is drawn.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        The points: numbers, dates, or quantities that matplotlib has a converter for. Points with
        a missing or infinite coordinate are ignored. Without points nothing is drawn.
    sense : pair of {"min", "max"}, default: ("min", "min")
        Whether lower or higher is better, along x and along y.
    extend : bool, default: True
        Whether the boundary reaches the edges of the view.
    **line_props
        Properties of `~matplotlib.lines.Line2D`. A marker is drawn at each point of the front; a
        *drawstyle* replaces the steps. The colour defaults to ``text.color``.

    Raises
    ------
    TypeError
        If a coordinate has no order, as categories have none, or when it is added to an Axes
        without straight x and y axes.
    ValueError
        If *x* and *y* are not vectors of one length, or *sense* is not a pair of its choices.

    See Also
    --------
    mpl_dantinox.pareto.pareto_front : Which points are on the front, and what becomes of ties.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> front = ax.add_line(ParetoStep([1, 2, 2, 3], [9, 7, 8, 7], label="front"))
    >>> front.get_front().tolist()
    [[1.0, 9.0], [2.0, 7.0]]
    >>> front.front_indices
    array([0, 1])
    """

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        sense: Sense = ("min", "min"),
        extend: bool = True,
        **line_props: Any,
    ) -> None:
        super().__init__(sense=sense, extend=extend, **line_props)
        self.set_points(x, y)

    def _set_axes(self, axes: Axes | None) -> None:
        super()._set_axes(axes)
        if axes is not None:
            # As a plot of the same points would, so that the ticks are dates.
            for axis, values in ((axes.xaxis, self._given_x), (axes.yaxis, self._given_y)):
                update_units(axis, values)

    axes = property(Staircase._get_axes, _set_axes, doc=Staircase.axes.__doc__)

    def set_points(self, x: ArrayLike, y: ArrayLike) -> None:
        """Set the points whose front is drawn.

        Parameters
        ----------
        x : array-like, shape (n,)
        y : array-like, shape (n,)
        """
        indexable_x, number_x = numbers_of(x, "x")
        indexable_y, number_y = numbers_of(y, "y")
        indices = pareto_front(number_x, number_y, sense=self._sense)
        self._given_x, self._given_y, self._indices = indexable_x, indexable_y, indices
        self.set_data(self._given_x[indices], self._given_y[indices])
        self._follow_sense()

    @property
    def front_indices(self) -> NDArray[np.intp]:
        """Which of the points are on the front, shape (k,), sorted along x."""
        return self._indices.copy()

    def set_sense(self, sense: Sense) -> None:
        """Set whether lower or higher is better.

        Parameters
        ----------
        sense : pair of {"min", "max"}
        """
        old, self._sense = self._sense, sense
        try:
            self.set_points(self._given_x, self._given_y)
        except ValueError:
            self._sense = old
            raise


class HandlerStaircase(HandlerLine2D):
    """Draws the legend key of a front: a small staircase."""

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
        """Return the key's line."""
        assert isinstance(orig_handle, Staircase)
        better_x, better_y = orig_handle.get_sense()
        rises = better_x != better_y
        x = np.linspace(0, width, 4) - xdescent
        y = np.linspace(0, height, 4)[:: 1 if rises else -1] - ydescent
        key = Line2D(x, y, markevery=[1, 2])
        self.update_prop(key, orig_handle, legend)
        key.set_transform(trans)
        return [key]
