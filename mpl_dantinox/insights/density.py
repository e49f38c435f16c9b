"""A crowd of runs as one image: how many there are at each place, and whose."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage
from matplotlib.typing import ColorType

from mpl_dantinox.tables.engine import Frame, bin_counts

__all__ = ["draw_density"]

_SHAPE = (120, 180)
# Opacity of a bin with one run, and of the bin with most.
_PALEST, _DARKEST = 0.11, 0.44


def draw_density(
    ax: Axes,
    frame: Frame,
    columns: tuple[str, str],
    extent: Mapping[str, tuple[float, float]],
    colors: Mapping[str, ColorType],
    less: Mapping[str, npt.NDArray[np.float64]],
) -> AxesImage:
    """Draw rows of a table as the density of their groups. It follows panning and zooming.

    A bin has the mean colour of its rows, and is the more opaque the more there are.

    Parameters
    ----------
    ax : Axes
        With its scales set, linear or logarithmic; in those the bins are even.
    frame : narwhals.DataFrame or narwhals.LazyFrame
        With a column ``"group"`` and two of finite numbers, within the scales' domains.
    columns : (str, str)
        What goes along x and along y.
    extent : mapping of str to (float, float)
        The smallest and the largest value of each column.
    colors : mapping of str to colour
        Of each group.
    less : mapping of str to array of shape (k, 2)
        Rows of each group that are drawn otherwise and not counted.

    Returns
    -------
    matplotlib.image.AxesImage
    """
    corners = np.array([extent[column] for column in columns]).T
    ax.update_datalim(corners)
    ends = ax.transScale.transform(corners)
    room = 1e-6 * (ends[1] - ends[0])
    room[room == 0] = 1.0
    (left, bottom), (right, top) = ends[0] - room, ends[1] + room
    counts = bin_counts(
        frame, columns, log=(ax.get_xscale() == "log", ax.get_yscale() == "log"),
        extent=(left, right, bottom, top), shape=_SHAPE,
    )  # fmt: skip
    for group, xy in less.items():
        place = (ax.transScale.transform(xy) - [left, bottom]) / [right - left, top - bottom]
        column, row = (place * _SHAPE[::-1]).astype(np.intp).T
        np.subtract.at(counts.get(group, np.zeros(_SHAPE)), (row, column), 1)
    total = np.zeros(_SHAPE)
    rgb = np.zeros((*_SHAPE, 3))
    for group, n in counts.items():
        # A logarithm's last digit may have put a row into the bin beside its own.
        n = np.maximum(n, 0)
        total += n
        rgb += n[..., None] * np.array(to_rgb(colors[group]))
    # By orders of magnitude.
    share = np.log1p(total) / (np.log1p(total.max()) or 1.0)
    opacity = np.where(total > 0, _PALEST + (_DARKEST - _PALEST) * share, 0)
    rgba = np.dstack([rgb / np.maximum(total, 1)[..., None], opacity])
    # Its extent is in the scales' own units, so its transform starts behind them.
    image = AxesImage(
        ax, extent=(left, right, bottom, top), origin="lower", interpolation="nearest"
    )
    image.set_data(rgba)
    image.set_transform(ax.transLimits + ax.transAxes)
    image.set_zorder(2)
    image.set_gid("density")
    ax.add_artist(image)
    return image
