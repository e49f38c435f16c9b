"""A text that belongs to a point and finds a place where it lies on nothing."""

from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
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

    def _reserve(self, space: Space) -> None:
        x, y = map(float, self._as_numbers(**self._in_units))
        pixel = self.axes.transData.transform((x, y))
        in_view = self.axes.bbox.padded(0.5).contains(*pixel)
        self._at = space.points(pixel) if in_view else None
        if self._at is not None:
            self._place_point(x, y)
            # The dotted line, and the point.
            if self._drop:
                space.add_lines(self._point.get_path(), self.axes.transData)
            # So small that the text beside it is clear of it.
            at = np.array([[x, y]])
            space.add_markers(at, self.axes.transData, 0.15 * self._em())

    def _find_place(self, space: Space) -> list[Artist]:
        if self._at is None:
            return []
        if not (self.get_text() and self._text.get_visible()):
            return [self._point]
        size = self._text.measured()
        boxes, distances = self._candidates(self._at, size, space)
        best, cost = 0, 0.0
        if self._avoid:
            best, cost = self._least_bad(self._at, boxes, distances, space)
        if self._optional and cost > 0:
            return [self._point]
        box = boxes[best]
        space.add_boxes(box[None])
        self._text.set(position=space.pixels((box[:2] + box[2:]) / 2))
        if distances[best] <= _NEAR:
            return [self._point, self._text]
        leader = np.array([self._at, np.clip(self._at, box[:2], box[2:])])
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
        self, point: _Floats, boxes: _Floats, distances: _Floats, space: Space
    ) -> tuple[int, float]:
        """Return which of *boxes* covers least, the first of equals, and how much."""
        around = boxes + 0.2 * self._em() * np.array([-1, -1, 1, 1])
        ends = (boxes[:, :2] + boxes[:, 2:]) / 2
        at_least = space.covered(around) + (distances < 0.45)
        cost = np.full(len(boxes), np.inf)
        # The rest is asked only of those that may be the best.
        best = at_least.min()
        while (more := (at_least <= best) & np.isinf(cost)).any():
            cost[more] = at_least[more] + space.lined(around[more])
            # A leader that runs through another text is as bad as a text on a text.
            led = more & (distances > _NEAR)
            if led.any():
                cost[led] += BOX_COST * space.crossed(point, ends[led])
            best = cost.min()
        return int(np.argmin(cost)), float(cost.min())

    def _candidates(self, point: _Floats, size: _Floats, space: Space) -> tuple[_Floats, _Floats]:
        """Return the boxes to try, best first, and their distances from the point in em."""
        em = self._em()
        preferred = np.arctan2(self._prefer[1], self._prefer[0])
        away = np.abs((_ANGLES - preferred + np.pi) % (2 * np.pi) - np.pi)
        angles = _ANGLES[np.argsort(np.round(away, 6), kind="stable")]
        direction = np.column_stack([np.cos(angles), np.sin(angles)])
        # Which part of the text is next to the point: from -1, its right, to 1, its left.
        side = np.clip(np.sqrt(2) * direction, -1, 1)
        corner = point + _DISTANCES[:, None, None] * em * direction - size * (1 - side) / 2
        inset = 0.3 * em
        corner = np.maximum(np.minimum(corner.reshape(-1, 2), space.size - inset - size), inset)
        boxes = np.hstack([corner, corner + size])
        nearest = np.clip(point, boxes[:, :2], boxes[:, 2:])
        return boxes, np.hypot(*(nearest - point).T) / em
