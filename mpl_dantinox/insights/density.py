"""A crowd of runs as one image: how many there are at each place, and whose."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage
from matplotlib.typing import ColorType

__all__ = ["draw_density"]

_SHAPE = (120, 180)


def draw_density(
    ax: Axes,
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    group: npt.NDArray[np.int64],
    colors: Sequence[ColorType],
    *,
    alpha: float,
    zorder: float,
) -> AxesImage:
    """Draw points as the density of their groups. It follows panning and zooming.

    A bin has the mean colour of its points, and is the more opaque the more there are.

    Parameters
    ----------
    ax : Axes
        With its scales set; those are what the bins are even in.
    x, y : array of shape (n,)
        The points, finite and within the scales' domains.
    group : array of int, shape (n,)
        Each point's place in `colors`.
    colors : sequence of colours
    alpha : float
        Opacity of a single marker.
    zorder : float

    Returns
    -------
    matplotlib.image.AxesImage
    """
    ax.update_datalim([(x.min(), y.min()), (x.max(), y.max())])
    # The bins are even on the page: in logarithms on a log axis.
    across, up = ax.transScale.transform(np.column_stack([x, y])).T
    left, right = _padded(across)
    bottom, top = _padded(up)
    n_rows, n_columns = _SHAPE
    column = ((across - left) * (n_columns / (right - left))).astype(np.intp)
    row = ((up - bottom) * (n_rows / (top - bottom))).astype(np.intp)
    place = (group * n_rows + row) * n_columns + column
    counts = np.bincount(place, minlength=len(colors) * n_rows * n_columns)
    counts = counts.reshape(len(colors), n_rows, n_columns)
    total = counts.sum(axis=0)
    rgb = np.einsum("gij,gc->ijc", counts, np.array([to_rgb(color) for color in colors]))
    # By orders of magnitude, from half of a single marker's opacity to twice.
    opacity = alpha * (0.5 + 1.5 * np.log1p(total) / np.log1p(total.max())) * (total > 0)
    rgba = np.dstack([rgb / np.maximum(total, 1)[..., None], np.minimum(opacity, 1)])
    # Its extent is in the scales' own units, so its transform starts behind them.
    image = AxesImage(
        ax, extent=(left, right, bottom, top), origin="lower", interpolation="nearest"
    )
    image.set_data(rgba)
    image.set_transform(ax.transLimits + ax.transAxes)
    image.set_zorder(zorder)
    image.set_gid("density")
    ax.add_artist(image)
    return image


def _padded(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return the range of values with a little room, so that the largest is inside."""
    low, high = float(values.min()), float(values.max())
    room = 1e-6 * (high - low) or 1.0
    return low - room, high + room
