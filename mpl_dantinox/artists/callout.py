"""A text that belongs to a point and finds a place where it lies on nothing."""

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
from mpl_dantinox.artists.guide import split_looks
from mpl_dantinox.artists.placement import Placed
from mpl_dantinox.artists.space import BOX_COST, Space
from mpl_dantinox.artists.text import LiteralText, text_looks

__all__ = ["Callout", "SingleText"]

_Floats = NDArray[np.float64]

#: Within so many font sizes a text needs no leader.
_NEAR = 1.6
#: A leader longer than this share of the Axes leads the eye away: of a text that has to be there,
#: and of one that may be left out.
_LONGEST, _LONGEST_IF_OPTIONAL = 0.4, 0.25
_ANGLES = np.deg2rad(np.arange(0, 360, 22.5))
#: By how much a box differs from one with a margin around it.
_AROUND = np.array([-1.0, -1, 1, 1])


class SingleText(Placed, has_own=False):
    """A text that looks for its place when it is drawn, inside the Axes.

    It is no `~matplotlib.text.Text` itself, so that a legend in the best location takes no notice
    of it: the text makes room for the legend.
    """

    def __init__(self, text: str, **text_props: Any) -> None:
        size = mpl.rcParams["legend.fontsize"]
        whole, looks = split_looks({"fontsize": size, **text_looks(text_props)})
        looks.setdefault("color", mpl.rcParams["text.color"])
        props = {"linewidth": mpl.rcParams["grid.linewidth"], "color": looks["color"]}
        super().__init__(**{"zorder": 3.5, **props, **whole})
        self._text = self._add_part(LiteralText(str(text), **looks))

    @property
    def text(self) -> Text:
        """The text, whose looks may be set; its position is found anew with each drawing."""
        return self._text

    def get_text(self) -> str:
        """Return the text as it was given."""
        return self._text.string

    def set_text(self, text: str) -> None:
        """Set the text.

        .. ACCEPTS: str
        """
        self._text.write(str(text))
        self.stale = True

    def get_cursor_data(self, event: MouseEvent) -> str | None:
        """Return the text, if the cursor is on it or on what belongs to it."""
        return self.get_text() if self.contains(event)[0] else None

    def format_cursor_data(self, data: str) -> str:
        """Return the text."""
        return data

    def _em(self) -> float:
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


def _directions(right: float, up: float) -> _Floats:
    """Return unit vectors all around, shape (16, 2), the nearest to a direction first."""
    away = np.abs((_ANGLES - np.arctan2(up, right) + np.pi) % (2 * np.pi) - np.pi)
    angles = _ANGLES[np.argsort(np.round(away, 6), kind="stable")]
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _point(xy: Any) -> tuple[Any, Any]:
    """Return a point, if each of its coordinates is one place on an axis."""
    x, y = xy
    return place_on_axis(x, "x"), place_on_axis(y, "y")


class Callout(SingleText):
    """A text beside a data point, placed when it is drawn so that it lies on nothing.

    It is tried around the point, near first, and takes the first place that is clear of lines,
    markers, texts, legends and the edges of the Axes; if there is none, the place that covers
    least. A thin leader joins it to its point where it had to move away, but not across the Axes.
    What changes (limits, size, data) moves it with the next drawing. A point out of view has no
    text.

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
        Whether the text is left out where no place is free within a quarter of the Axes.
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

    # How far from the point the text is tried, in font sizes, near first.
    _distances = np.array([0.5, 0.9, 1.5, 2.2, 3.2, 4.5, 6.5, 9.0, 13.0])

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
        self._leader.set_transform(IdentityTransform())
        style, width = ":" if drop else "None", self.get_linewidth()
        point = Line2D([], [], marker=marker or "None", markevery=[0], ls=style, lw=width)
        self._point = self._add_part(point)

    get_avoid, set_avoid = accessors("avoid", "bool", "whether it looks for a free place", bool)
    get_optional, set_optional = accessors(
        "optional", "bool", "whether the text is left out where no place is free", bool
    )
    _toward = "the direction, right and up, in which it is tried first"
    get_prefer, set_prefer = accessors("prefer", "(float, float)", _toward, _direction)
    get_xy, set_xy = accessors("xy", "(float, float)", "the point, in data coordinates", _point)

    @property
    def _in_units(self) -> Any:  # type: ignore[override] # read only
        return dict(zip("xy", self.get_xy(), strict=True))

    def _reserve(self, space: Space) -> _Floats:
        x, y = (np.asarray(n, dtype=float).item() for n in self._as_numbers(*self.get_xy()))
        pixel = self.axes.transData.transform((x, y))
        self._at = space.points(pixel)
        self._in_view = bool(self.axes.bbox.padded(0.5).contains(*pixel))
        if not self._in_view:
            return np.empty((0, 4))
        foot: Any = {"x": (x, self.axes.get_ylim()[0]), "y": (self.axes.get_xlim()[0], y)}
        self._point.set_data(*np.transpose([(x, y), foot.get(self._drop, (x, y))]))
        self._point.set_transform(self.axes.transData)
        # The dotted line, and the point: so small that the text beside it is clear of it.
        stem = self._at * np.not_equal(self._drop, ("y", "x")) if self._drop else self._at
        dot = np.hstack([self._at, self._at]) + 0.15 * self._em() * _AROUND
        space.add_strokes(np.vstack([np.hstack([self._at, stem]), dot]))
        if not (self.get_text() and self._text.get_visible()):
            return np.empty((0, 4))
        return self._candidates(self._text.measured(), space) + 0.2 * self._em() * _AROUND

    def _candidates(self, size: _Floats, space: Space) -> _Floats:
        """Return the boxes to try, best first."""
        em, direction = self._em(), _directions(*self._prefer)
        # Which part of the text is next to the point: from -1, its right, to 1, its left.
        side = np.clip(np.sqrt(2) * direction, -1, 1)
        corner = self._at + self._distances[:, None, None] * em * direction - size * (1 - side) / 2
        inset = 0.3 * em
        corner = np.maximum(np.minimum(corner.reshape(-1, 2), space.size - inset - size), inset)
        boxes = np.hstack([corner, corner + size])
        leader = self._nearest(boxes) - self._at
        near = np.hypot(*leader.T) <= _NEAR * em
        longest = _LONGEST_IF_OPTIONAL if self._optional else _LONGEST
        is_short = np.hypot(*(leader / space.size).T) <= longest
        return np.asarray(boxes[near | is_short])

    def _nearest(self, boxes: _Floats) -> _Floats:
        """Return where a leader would meet each of *boxes*."""
        return np.asarray(np.clip(self._at, boxes[:, :2], boxes[:, 2:]))

    def _find_place(self, space: Space, boxes: _Floats, cost: _Floats) -> list[Artist]:
        if not len(boxes):
            return [self._point] if self._in_view else []
        room, boxes = boxes, boxes - 0.2 * self._em() * _AROUND
        nearest = self._nearest(boxes)
        distances = np.hypot(*(nearest - self._at).T) / self._em()
        best, least = 0, 0.0
        if self._avoid:
            cost = cost + (distances < 0.45) + space.cost_on_labels(room)
            # A leader through another text, or across another, is as bad as a text on a text: it
            # is looked at where no place without one is better anyway.
            is_near = distances <= _NEAR
            led = ~is_near & (cost <= cost[is_near].min(initial=np.inf))
            crossed = space.crossed(self._at, (boxes[led, :2] + boxes[led, 2:]) / 2)
            cost[led] += BOX_COST * (crossed + space.leaders_crossed(self._at, nearest[led]))
            best, least = int(cost.round(6).argmin()), float(cost.min().round(6))
        if self._optional and least > 0:
            return [self._point]
        box = boxes[best]
        space.add_boxes(box[None])
        self._text.set_position(tuple(space.pixels((box[:2] + box[2:]) / 2)))
        if distances[best] <= _NEAR:
            return [self._point, self._text]
        leader = np.array([self._at, nearest[best]])
        space.add_segments(leader.reshape(1, 4))
        self._leader.set_data(*space.pixels(leader).T)
        return [self._leader, self._point, self._text]
