"""A text that belongs to a point and finds a place where it lies on nothing."""

import functools
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import MouseEvent
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from mpl_dantinox.artists.base import accessors, place_on_axis
from mpl_dantinox.artists.guide import Guide
from mpl_dantinox.artists.placement import Placed
from mpl_dantinox.artists.space import BOX_COST, Space
from mpl_dantinox.artists.text import LiteralText, text_looks

__all__ = ["Callout", "SingleText"]

_Floats = NDArray[np.float64]

#: How far from the point the text is tried, in font sizes, near first.
_DISTANCES = np.array([0.5, 0.9, 1.5, 2.2, 3.2, 4.5, 6.5, 9.0, 13.0])
#: Within so many font sizes a text needs no leader.
_NEAR = 1.6
_ANGLES = np.deg2rad(np.arange(0, 360, 22.5))


class SingleText(Placed):
    """A text that looks for its place when it is drawn, inside the Axes.

    It is no `~matplotlib.text.Text` itself, so that a legend in the best location takes no notice
    of it: the text makes room for the legend.

    Parameters
    ----------
    text : str
        The text, shown as it is.
    **text_props
        Properties of `~matplotlib.text.Text`.
    """

    def __init__(self: Any, text: str, **text_props: Any) -> None:
        looks = {
            "color": mpl.rcParams["text.color"],
            "fontsize": mpl.rcParams["legend.fontsize"],
            **text_looks(text_props),
        }
        # What any artist has is the whole's; the rest is the text's.
        own = {key: looks.pop(key) for key in list(looks) if hasattr(Artist, f"set_{key}")}
        props = {"linewidth": mpl.rcParams["grid.linewidth"], "color": looks["color"], **own}
        super().__init__(**{"zorder": 3.5, **props})
        self._text: LiteralText = self._add_part(LiteralText(str(text), **looks))

    @property
    def text(self: Any) -> Text:
        """The text, whose looks may be set; its position is found anew with each drawing."""
        text: Text = self._text
        return text

    def get_text(self: Any) -> str:
        """Return the text as it was given."""
        return str(self._text.string)

    def set_text(self: Any, text: str) -> None:
        """Set the text.

        Parameters
        ----------
        text : str
        """
        self._text.write(str(text))
        self.stale = True

    def get_cursor_data(self: Any, event: MouseEvent) -> str | None:
        """Return the text, if the cursor is on it or on what belongs to it."""
        return self.get_text() if self.contains(event)[0] else None

    def format_cursor_data(self, data: str) -> str:
        """Return the text."""
        return data

    def _em(self: Any) -> float:
        return float(self._text.get_fontsize())


def _direction(prefer: Any) -> tuple[float, float]:
    """Return a direction as two numbers."""
    try:
        right, up = map(float, prefer)
    except (TypeError, ValueError):
        right = up = np.nan
    if not np.isfinite([right, up]).all():
        raise ValueError(f"prefer is {prefer!r}; expected two numbers, right and up")
    return right, up


class Callout(SingleText, Guide):
    """A text beside a data point, placed when it is drawn so that it lies on nothing.

    It is tried around the point, near first, and takes the first place that is clear of lines,
    markers, texts, legends and the edges of the Axes; if there is none, the place that covers
    least. A thin leader joins it to its point where it had to move away. What changes (limits,
    size, data) moves it with the next drawing. A point out of view has no text.

    Parameters
    ----------
    xy : (float, float)
        The point, in data coordinates.
    text : str
        The text, shown as it is: not parsed as math, nor as TeX.
    prefer : (float, float), default: (1, 1)
        The direction, right and up, in which the text is tried first.
    avoid : bool, default: True
        Whether it looks for a free place; else it is where it is tried first.
    drop : {"x", "y"}, optional
        Join the point to that axis by a dotted line.
    marker : marker style, optional
        Mark the point.
    optional : bool, default: False
        Whether the text is left out where no place is free.
    **text_props
        Properties of `~matplotlib.text.Text`.

    Raises
    ------
    ValueError
        If *drop* is not one of its choices.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> callout = ax.add_artist(Callout((0.5, 0.5), "half_way"))
    >>> callout.get_text()
    'half_way'
    """

    def __init__(
        self,
        xy: tuple[Any, Any],
        text: str,
        *,
        prefer: tuple[float, float] = (1, 1),
        avoid: bool = True,
        drop: Literal["x", "y"] | None = None,
        marker: Any = None,
        optional: bool = False,
        **text_props: Any,
    ) -> None:
        if drop not in ("x", "y", None):
            raise ValueError(f"drop is {drop!r}; expected 'x', 'y' or None")
        super().__init__(text, **text_props)
        self._prefer, self._drop = _direction(prefer), drop
        self._avoid, self._optional = bool(avoid), bool(optional)
        self.set_xy(xy)
        self._leader = self._add_part(self._line)
        style, width = ":" if drop else "None", self.get_linewidth()
        point = Line2D([], [], marker=marker or "None", markevery=[0], ls=style, lw=width)
        self._point = self._add_part(point)

    def get_xy(self) -> tuple[Any, Any]:
        """Return the point, in data coordinates."""
        return self._in_units["x"], self._in_units["y"]

    def set_xy(self, xy: tuple[Any, Any]) -> None:
        """Set the point, in data coordinates.

        Parameters
        ----------
        xy : (float, float)
        """
        x, y = xy
        self._in_units = {"x": place_on_axis(x, "x"), "y": place_on_axis(y, "y")}
        self.stale = True

    get_avoid, set_avoid = accessors("avoid", "bool", "whether it looks for a free place", bool)
    get_optional, set_optional = accessors(
        "optional", "bool", "whether the text is left out where no place is free", bool
    )
    get_prefer, set_prefer = accessors(
        "prefer",
        "(float, float)",
        "the direction, right and up, in which it is tried first",
        _direction,
    )

    def _reserve(self, space: Space) -> _Floats:
        x, y = map(float, self._as_numbers(**self._in_units))
        pixel = self.axes.transData.transform((x, y))
        self._at = space.points(pixel)
        self._in_view = bool(self.axes.bbox.padded(0.5).contains(*pixel))
        if not self._in_view:
            return np.empty((0, 4))
        self._place_point(x, y)
        # The dotted line, and the point: so small that the text beside it is clear of it.
        foot = self._at * np.not_equal(self._drop, ("y", "x")) if self._drop else self._at
        dot = np.hstack([self._at, self._at]) + _around(0.15 * self._em())
        space.add_strokes(np.vstack([np.hstack([self._at, foot]), dot]))
        if not (self.get_text() and self._text.get_visible()):
            return np.empty((0, 4))
        return self._candidates(self._text.measured(), space) + _around(0.2 * self._em())

    def _find_place(self, space: Space, boxes: _Floats, cost: _Floats) -> list[Artist]:
        if not len(boxes):
            return [self._point] if self._in_view else []
        room, boxes = boxes, boxes - _around(0.2 * self._em())
        nearest = np.clip(self._at, boxes[:, :2], boxes[:, 2:])
        distances = np.hypot(*(nearest - self._at).T) / self._em()
        best, least = 0, 0.0
        if self._avoid:
            cost = cost + (distances < 0.45) + space.cost_on_labels(room)
            best, least = self._least_bad(cost, boxes, distances > _NEAR, space)
        if self._optional and least > 0:
            return [self._point]
        box = boxes[best]
        space.add_boxes(box[None])
        self._text.set(position=space.pixels((box[:2] + box[2:]) / 2))
        if distances[best] <= _NEAR:
            return [self._point, self._text]
        leader = np.array([self._at, nearest[best]])
        space.add_segments(leader.reshape(1, 4))
        self._leader.set(data=space.pixels(leader).T, transform=IdentityTransform())
        return [self._leader, self._point, self._text]

    def _place_point(self, x: float, y: float) -> None:
        """Put the marker on the point, and the dotted line down from it."""
        foot = {
            "x": (x, self.axes.get_ylim()[0]),
            "y": (self.axes.get_xlim()[0], y),
            None: (x, y),
        }[self._drop]
        self._point.set(
            data=np.transpose([(x, y), foot]),
            transform=self.axes.transData,
        )

    def _least_bad(
        self, at_least: _Floats, boxes: _Floats, has_leader: NDArray[np.bool_], space: Space
    ) -> tuple[int, float]:
        """Return which of *boxes* covers least, the first of equals, and how much."""
        cost = np.where(has_leader, np.inf, at_least)
        # What leaders cross is asked only of those that may be the best.
        best = at_least.min()
        while (more := (at_least <= best) & np.isinf(cost)).any():
            # A leader that runs through another text is as bad as a text on a text.
            ends = (boxes[more, :2] + boxes[more, 2:]) / 2
            cost[more] = at_least[more] + BOX_COST * space.crossed(self._at, ends)
            best = cost.min()
        return int(np.argmin(cost)), float(cost.min())

    def _candidates(self, size: _Floats, space: Space) -> _Floats:
        """Return the boxes to try, best first."""
        em = self._em()
        direction = _directions(*self._prefer)
        # Which part of the text is next to the point: from -1, its right, to 1, its left.
        side = np.clip(np.sqrt(2) * direction, -1, 1)
        corner = self._at + _DISTANCES[:, None, None] * em * direction - size * (1 - side) / 2
        inset = 0.3 * em
        corner = np.maximum(np.minimum(corner.reshape(-1, 2), space.size - inset - size), inset)
        return np.hstack([corner, corner + size])


@functools.lru_cache(maxsize=32)
def _directions(right: float, up: float) -> _Floats:
    """Return unit vectors all around, shape (16, 2), the nearest to a direction first."""
    away = np.abs((_ANGLES - np.arctan2(up, right) + np.pi) % (2 * np.pi) - np.pi)
    angles = _ANGLES[np.argsort(np.round(away, 6), kind="stable")]
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _around(width: float) -> _Floats:
    """Return by how much a box differs from one with a margin around it."""
    return width * np.array([-1.0, -1, 1, 1])
