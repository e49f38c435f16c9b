"""A crowd of runs as one image: how many there are at each place, and whose."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage
from matplotlib.typing import ColorType

from mpl_dantinox.artists.obstacles import obstruct
from mpl_dantinox.artists.space import Space
from mpl_dantinox.insights.cloud import Points
from mpl_dantinox.insights.looks import DARK, FAINT, faint, page_color
from mpl_dantinox.tables.engine import Frame, bin_counts

__all__ = ["draw_density"]

_SHAPE = (120, 180)


class _Density(AxesImage):
    """An image of which the bins that hold runs are in the way of texts."""


@obstruct.register
def _(artist: _Density, space: Space) -> None:
    rows, columns = np.nonzero(np.asarray(artist.get_array())[..., 3])
    left, right, bottom, top = artist.get_extent()
    width, height = (right - left) / _SHAPE[1], (top - bottom) / _SHAPE[0]
    places = np.column_stack([left + (columns + 0.5) * width, bottom + (rows + 0.5) * height])
    box = np.array([[0, 0], [width, height]])
    across, up = np.ptp(space.points(artist.get_transform().transform(box)), axis=0)
    space.add_markers(places, artist.get_transform(), max(across, up) / 2)


def draw_density(
    ax: Axes,
    frame: Frame,
    extent: Mapping[str, tuple[float, float]],
    colors: Mapping[str, ColorType],
    less: Points,
) -> AxesImage:
    """Draw runs as the density of their groups. It follows panning and zooming.

    The scales of *ax* are set, linear or logarithmic; in those the bins are even. *extent* has the
    smallest and the largest cost and quality, *less* are runs that are drawn otherwise and not
    counted. A bin has the mean colour of its runs. One run is as dark as a dominated run by itself,
    and the bin with most is still paler than a run on the front.
    """
    columns = ("cost", "quality")
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
    places = ax.transScale.transform(np.column_stack([less.cost, less.quality]))
    places = (places - [left, bottom]) / [right - left, top - bottom] * _SHAPE[::-1]
    for code, (column, row) in zip(less.group, places.astype(np.intp), strict=True):
        counts[less.names[code]][row, column] -= 1
    # A logarithm's last digit may have put a row into the bin beside its own.
    numbers = {group: np.maximum(n, 0) for group, n in counts.items()}
    total = np.sum(list(numbers.values()), axis=0)
    mixed = sum(n[..., None] * np.array(to_rgb(colors[g])) for g, n in numbers.items())
    # By orders of magnitude, from the contrast of one row on.
    share = np.log(np.maximum(total, 1)) / (np.log(total.max()) or 1.0)
    rgb = faint(
        mixed / np.maximum(total, 1)[..., None], page_color(ax),
        FAINT + share * (0.9 * DARK - FAINT),
    )  # fmt: skip
    # Its extent is in the scales' own units, so its transform starts behind them.
    image = _Density(ax, extent=(left, right, bottom, top), origin="lower", interpolation="nearest")
    image.set_data(np.dstack([rgb, total > 0]))
    image.set_transform(ax.transLimits + ax.transAxes)
    image.set_zorder(2)
    image.set_gid("density")
    ax.add_artist(image)
    return image
