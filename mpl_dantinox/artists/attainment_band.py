"""How sure a front is: the surfaces that repeated runs attain."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike, NDArray

from mpl_dantinox.artists import staircase
from mpl_dantinox.artists.base import BAND_ALPHA, Banded
from mpl_dantinox.artists.legend_keys import HandlerBanded
from mpl_dantinox.artists.staircase import HandlerStaircase, Staircase, float_points
from mpl_dantinox.pareto import Sense, pareto_front

__all__ = ["AttainmentBand", "HandlerAttainmentBand", "attainment_surface"]


class AttainmentBand(Banded, Staircase, Line2D):
    """The front of repeated experiments: a staircase in the middle, and a band around it.

    The line is the boundary of what the middle quantile of the runs attains, the band lies
    between those of the outer ones (the empirical attainment surfaces of [1]_). Its share in the
    limits of the Axes are the corners of the middle surface.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        The points of all runs. Those with a missing or infinite coordinate attain nothing; a run
        that has no others is one of the runs all the same.
    runs : array-like, shape (n,)
        Which run (seed) each point is of: any values that sort.
    quantiles : (float, float, float), default: (0.25, 0.5, 0.75)
        The fractions of the runs that attain the surfaces, ascending, above 0 and up to 1.
    sense, extend
        As `ParetoStep` takes them.
    band_alpha : float, default: 0.15
        How opaque the band is, times *alpha* where that is given.
    **line_props
        Properties of `~matplotlib.lines.Line2D`.

    References
    ----------
    .. [1] V. Grunert da Fonseca, C. M. Fonseca and A. O. Hall, "Inferential performance
       assessment of stochastic optimisers and the attainment function", EMO 2001, pp. 213-225.

    Examples
    --------
    >>> band = AttainmentBand([1, 2, 1.5], [4, 4, 4], runs=[0, 1, 2])
    >>> band.get_front().tolist()
    [[1.5, 4.0]]
    """

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        runs: ArrayLike,
        *,
        quantiles: tuple[float, float, float] = (0.25, 0.5, 0.75),
        sense: Sense = ("min", "min"),
        extend: bool = True,
        band_alpha: float = BAND_ALPHA,
        **line_props: Any,
    ) -> None:
        if len(quantiles) != 3 or sorted(quantiles) != list(quantiles):
            raise ValueError(f"quantiles is {quantiles!r}; expected three, ascending")
        super().__init__(sense=sense, extend=extend, **line_props)
        self._band_alpha = float(band_alpha)
        self._runs, self._quantiles = runs, quantiles
        given = {name: staircase.numbers_of(v, name) for name, v in (("x", x), ("y", y))}
        self._in_units = {name: values for name, (values, _) in given.items()}
        self._attain(*(numbers for _, numbers in given.values()))

    def _attain(self, x: ArrayLike, y: ArrayLike) -> None:
        self._surfaces = [
            attainment_surface(x, y, self._runs, quantile, sense=self._sense)
            for quantile in self._quantiles
        ]
        self._set_front(*self._surfaces[1].T)

    def _moved(self, before: Any, after: Any) -> None:
        if after is not None:
            self.recache_always()
        super()._moved(before, after)

    def recache_always(self) -> None:
        """Find the surfaces in the units that the Axes has now."""
        self._attain(*self._as_numbers(**self._in_units))
        super().recache_always()

    def get_surfaces(self) -> list[NDArray[np.float64]]:
        """Return the corners of the three surfaces, each of shape (k, 2) and sorted along x."""
        return [surface.copy() for surface in self._surfaces]

    def drawn_parts(self) -> Sequence[Artist]:
        """Return the band, the line and the markers, in that order, as the Axes has them now."""
        parts = super().drawn_parts()
        first, _, last = self._surfaces
        if not parts or not len(first) or not len(last):
            return parts
        if self._extend and self.axes is not None:
            # Both to the same edges, whichever reaches further.
            edges = np.vstack([*staircase.view_edges(self.axes), first, last])
            lower, upper = edges.min(axis=0), edges.max(axis=0)
            first, last = (staircase.with_ends(s, self._sense, lower, upper) for s in (first, last))
        first, last = (staircase.stairs(surface, self._sense) for surface in (first, last))
        band = Polygon(np.vstack([first, last[::-1]]), closed=True)
        Artist.update_from(band, self)
        band.set(linewidth=0, url=self.get_url(), figure=self.get_figure(), **self.band_looks())
        band.axes, band.stale_callback = self.axes, None
        return [band, *parts]


class HandlerAttainmentBand(HandlerBanded, HandlerStaircase):
    """Draws the legend key of an attainment band: a staircase on a patch."""


def attainment_surface(
    x: ArrayLike, y: ArrayLike, runs: ArrayLike, quantile: float, *, sense: Sense = ("min", "min")
) -> NDArray[np.float64]:
    """Return the corners of the region that a fraction of the runs attain, shape (k, 2).

    A run attains what one of its points equals or dominates. The region is attained by at least
    ``ceil(quantile * n)`` of the n runs; its corners are sorted along x.

    Examples
    --------
    >>> attainment_surface([1, 2, 2, 3], [4, 3, 5, 1], ["a", "a", "b", "b"], 1.0).tolist()
    [[2.0, 5.0], [3.0, 3.0]]
    """
    if not 0 < quantile <= 1:
        raise ValueError(f"quantile is {quantile}; expected a number above 0 and up to 1")
    sign = np.where(np.equal(sense, "min"), 1.0, -1.0)
    points = float_points(x, y) * sign
    seeds = np.asarray(runs)
    if len(seeds) != len(points):
        raise ValueError(f"runs has {len(seeds)} values; expected one for each of {len(points)}")
    finite = np.isfinite(points).all(axis=1)
    # A run that has no point, since it diverged, attains nothing, and is one of them.
    names, run = np.unique(seeds, return_inverse=True)
    points, run = points[finite], run.ravel()[finite]
    if not len(points):
        return np.empty((0, 2))
    steps, step = np.unique(points[:, 0], return_inverse=True)
    # The lowest y that each run attains at each x or left of it.
    lowest = np.full((len(names), len(steps)), np.inf)
    np.minimum.at(lowest, (run, step.ravel()), points[:, 1])
    lowest = np.minimum.accumulate(lowest, axis=1)
    # Rounded, for a fraction such as 0.3 of 10 runs is 3 of them.
    needed = max(int(np.ceil(np.round(quantile * len(names), 9))), 1)
    attained = np.partition(lowest, needed - 1, axis=0)[needed - 1]
    corners = np.column_stack([steps, attained])[np.isfinite(attained)] * sign
    front = pareto_front(*corners.T, sense=sense)
    result: NDArray[np.float64] = corners[front]
    return result
