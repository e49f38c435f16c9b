"""The Pareto front of points, as a staircase."""

from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from mpl_dantinox.artists.dominated_region import DominatedRegion
from mpl_dantinox.artists.staircase import Staircase, front_of
from mpl_dantinox.pareto import Sense

__all__ = ["ParetoStep"]


class ParetoStep(Staircase, Line2D):
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
        If a coordinate has no order, as categories have none.
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

    #: What it dominates, where that is shaded.
    _shade: DominatedRegion | None = None
    _sense: Sense = ("min", "min")

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

    def set_points(self, x: ArrayLike, y: ArrayLike) -> None:
        """Set the points whose front is drawn.

        .. ACCEPTS: two array-likes of shape (n,)
        """
        self._in_units, front = front_of(x, y, self._sense)
        self._indices, self._places, self._n_points = front, front, len(self._in_units["x"])
        self._set_front(**{name: values[front] for name, values in self._in_units.items()})

    def set_data(self, *args: Any) -> None:
        """Set the points whose front is drawn, as `set_points` does.

        .. ACCEPTS: (2, n) array or two array-likes of shape (n,)
        """
        self.set_points(*(args if len(args) == 2 else args[0]))

    def add_shade(self, **patch_props: Any) -> DominatedRegion:
        """Shade what the front dominates, in its colour, and return the shade.

        It has the points and the colour of the front from now on, and goes where it goes. It takes
        what `DominatedRegion` takes.
        """
        props = {"facecolor": self.get_color(), **patch_props}
        self._shade = DominatedRegion(*self.get_data(), sense=self._sense, **props)
        self.axes.add_artist(self._shade)
        return self._shade

    def _set_front(self, x: ArrayLike, y: ArrayLike) -> None:
        super()._set_front(x, y)
        if self._shade is not None:
            self._shade.set_points(x, y, sense=self._sense)

    def set_color(self, color: Any) -> None:
        """Set the colour of the line, and of the shade.

        .. ACCEPTS: :mpltype:`color`
        """
        super().set_color(color)
        if self._shade is not None:
            self._shade.set_facecolor(color)

    def remove(self) -> None:
        """Remove the line, and the shade."""
        super().remove()
        if self._shade is not None and self._shade.axes is not None:
            self._shade.remove()

    def _moved(self, before: Any, after: Any) -> None:
        super()._moved(before, after)
        if after is not None and self._shade is not None and self._shade.axes is None:
            after.add_artist(self._shade)

    def __copy__(self) -> "ParetoStep":
        twin = type(self).__new__(type(self))
        vars(twin).update(vars(self), _shade=None)
        return twin

    def add_points(self, x: ArrayLike, y: ArrayLike) -> None:
        """Fold more points into the front, and forget those that are not on it.

        That takes as long as the new points and those of the front are many, however many came
        before: an animation or a running sweep can call it for each batch. Points are counted on,
        for `front_indices`.

        Examples
        --------
        >>> front = ParetoStep([1, 2], [9, 7])
        >>> front.add_points([1.5, 3], [8, 8])
        >>> front.get_front().tolist(), front.front_indices.tolist()
        ([[1.0, 9.0], [1.5, 8.0], [2.0, 7.0]], [0, 2, 1])
        """
        given, new = front_of(x, y, self._sense)
        joined = {}
        for name, values in given.items():
            old = self._in_units[name][self._places]
            # No points have no type that others could have to agree with.
            joined[name] = np.concatenate([old, values[new]]) if len(old) else values[new]
        indices = np.append(self._indices, self._n_points + new)
        joined, front = front_of(**joined, sense=self._sense)
        self._in_units = {name: values[front] for name, values in joined.items()}
        self._indices, self._places = indices[front], np.arange(front.size)
        self._n_points += len(given["x"])
        self._set_front(**self._in_units)

    @property
    def front_indices(self) -> NDArray[np.intp]:
        """Which of the points are on the front, shape (k,), sorted along x."""
        return self._indices.copy()

    def set_sense(self, sense: Sense) -> None:
        """Set whether lower or higher is better, unless `add_points` has forgotten points.

        .. ACCEPTS: pair of {"min", "max"}
        """
        if len(self._in_units["x"]) < self._n_points:
            raise ValueError("the sense is that of the points that were forgotten; set_points anew")
        old, self._sense = self._sense, sense
        try:
            self.set_points(**self._in_units)
        except ValueError:
            self._sense = old
            raise
