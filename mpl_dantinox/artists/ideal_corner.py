"""An arrow that points at the good corner."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import FancyArrowPatch
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from mpl_dantinox.artists.base import SENSE, getter
from mpl_dantinox.artists.callout import SingleText
from mpl_dantinox.artists.space import Space
from mpl_dantinox.pareto import Sense, check_sense

__all__ = ["IdealCorner"]

#: The lengths of the arrow that are tried, and how far it is moved along the edges, in font sizes.
_LENGTHS = (2.6, 2.0, 1.4)
_SHIFTS = (0.0, 1.5, 3.0, 5.0, 8.0, 12.0)
#: Where along the arrow there has to be room for it.
_ALONG = (0.1, 0.35, 0.65, 0.9)


class IdealCorner(SingleText):
    """An arrow with a word, pointing at the corner of the Axes where both values are best.

    It is placed when it is drawn, near the corner, where it lies on nothing. Where there is no
    room for it, it is not drawn.

    Parameters
    ----------
    sense : pair of {"min", "max"}, default: ("min", "min")
        Whether lower or higher is better, along x and along y.
    text : str, default: "ideal"
        The word, shown as it is.
    **text_props
        Properties of `~matplotlib.text.Text`.

    Raises
    ------
    ValueError
        If *sense* is not a pair of its choices.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> ax.add_artist(IdealCorner(sense=("min", "max"))).get_text()
    'ideal'
    """

    def __init__(
        self, *, sense: Sense = ("min", "min"), text: str = "ideal", **text_props: Any
    ) -> None:
        super().__init__(text, **text_props)
        self._sense = check_sense(sense)
        arrow = FancyArrowPatch((0, 0), (1, 1), arrowstyle="->", shrinkA=0, shrinkB=0)
        arrow.set_transform(IdentityTransform())
        self._arrow = self._add_part(arrow)

    get_sense = getter("sense", SENSE)

    def _reserve(self, space: Space) -> NDArray[np.float64]:
        em, size = self._em(), self._text.measured()
        # From the good corner into the Axes.
        inverted = [self.axes.xaxis_inverted(), self.axes.yaxis_inverted()]
        is_low = np.equal(self._sense, "min") ^ inverted
        inward, corner = np.where(is_low, 1.0, -1.0), np.where(is_low, 0.0, space.size)
        shifts = sorted({(s, 0.0) for s in _SHIFTS} | {(0.0, s) for s in _SHIFTS}, key=sum)
        length = np.tile(_LENGTHS, len(shifts))[:, None] / np.sqrt(2)
        self._tips = corner + inward * em * (np.repeat(shifts, len(_LENGTHS), axis=0) + 0.5)
        self._tails = self._tips + inward * em * length
        low = self._tails + inward * 0.1 * em - size * (1 - inward) / 2
        boxes = [np.hstack([low, low + size]) + 0.2 * em * np.array([-1, -1, 1, 1])]
        for part in _ALONG:
            middle = self._tips + part * (self._tails - self._tips)
            boxes.append(np.hstack([middle - 0.24 * em, middle + 0.24 * em]))
        return np.vstack(boxes)

    def _find_place(
        self, space: Space, boxes: NDArray[np.float64], cost: NDArray[np.float64]
    ) -> list[Artist]:
        texts = boxes[: len(self._tips)]
        outside = (texts[:, :2] < 0) | (texts[:, 2:] > space.size)
        taken = (cost + space.cost_on_labels(boxes)).reshape(-1, len(texts)).sum(axis=0)
        free = np.flatnonzero((taken == 0) & ~outside.any(axis=1))
        if not len(free):
            return []
        best = free[0]
        space.add_boxes(texts[[best]])
        arrow = np.array([self._tails[best], self._tips[best]])
        space.add_segments(arrow.reshape(1, 4))
        self._text.set(position=space.pixels(texts[best].reshape(2, 2).mean(axis=0)))
        self._arrow.set_positions(*map(tuple, space.pixels(arrow)))
        self._arrow.set_mutation_scale(0.8 * self._em() / space.scale)
        return [self._arrow, self._text]
