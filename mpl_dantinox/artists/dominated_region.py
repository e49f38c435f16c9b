"""What a front dominates, as a patch."""

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.cbook import normalize_kwargs
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike

from mpl_dantinox.artists.base import SENSE, OnStraightAxes, getter
from mpl_dantinox.artists.staircase import float_points, front_of, stairs, view_edges, with_ends
from mpl_dantinox.pareto import Sense

__all__ = ["SHADE_ALPHA", "DominatedRegion"]

#: How opaque an area is that says "here" and lets everything show through.
SHADE_ALPHA = 0.12


class DominatedRegion(OnStraightAxes, PathPatch):
    """The part of the view that points dominate, as one patch.

    Its share in the limits of the Axes are the points of the front.

    Parameters
    ----------
    x, y, sense
        As `ParetoStep` takes them.
    **patch_props
        Properties of `~matplotlib.patches.Patch`. By default the face is ``text.color`` at an
        alpha of 0.12, without an edge.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> region = ax.add_artist(DominatedRegion([0.2, 0.6], [0.5, 0.1]))
    >>> limits = ax.set_xlim(0, 1), ax.set_ylim(0, 1)
    >>> region.get_path().contains_points([(0.7, 0.3), (0.1, 0.1)])
    array([ True, False])
    """

    # Behind the points and the lines, in front of the grid that lies below them.
    zorder = 0.8

    def __init__(
        self, x: ArrayLike, y: ArrayLike, *, sense: Sense = ("min", "min"), **patch_props: Any
    ) -> None:
        props = {"linewidth": 0, "alpha": SHADE_ALPHA, **normalize_kwargs(patch_props, Patch)}
        if not {"color", "facecolor"} & props.keys():
            props["facecolor"] = mpl.rcParams["text.color"]
        super().__init__(Path(np.empty((0, 2))), **props)
        self._sense = sense
        self.set_points(x, y)

    def __str__(self) -> str:
        # Its outline, which a patch would tell of, is found when it is drawn.
        return f"DominatedRegion({len(self._front[0])} points)"

    def _moved(self, before: Any, after: Any) -> None:
        if after is None:
            return
        # In fractions of the Axes the patch itself, which fills the view, sets no limits.
        self.set_transform(after.transAxes)
        if after is not before:
            self._count_for_limits(float_points(*self._as_numbers(*self._front)))

    def set_points(self, x: ArrayLike, y: ArrayLike, *, sense: Sense | None = None) -> None:
        """Set the points, and whether lower or higher is better where that is given.

        .. ACCEPTS: two array-likes of shape (n,)
        """
        self._sense = sense or self._sense
        self._in_units, front = front_of(x, y, self._sense)
        self._front = [values[front] for values in self._in_units.values()]
        self.stale = True

    get_sense = getter("sense", SENSE)

    def get_path(self) -> Path:
        """Return the outline in fractions of the Axes, as its view is now."""
        if self.axes is None or not len(self._front[0]):
            return Path(np.empty((0, 2)))
        front = float_points(*self._as_numbers(*self._front))
        corners = stairs(with_ends(front, self._sense, *view_edges(self.axes)), self._sense)
        # The far corner: where both are worst.
        far = np.where(np.equal(self._sense, "min"), corners.max(axis=0), corners.min(axis=0))
        outline = np.vstack([corners, far, corners[:1]])
        to_axes = self.axes.transData - self.axes.transAxes
        return Path(to_axes.transform(outline), closed=True)
