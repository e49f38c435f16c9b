"""The memory of accelerators, as lines across the Axes."""

import copy
from collections.abc import Iterable, Mapping
from itertools import compress
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import MouseEvent
from matplotlib.cbook import normalize_kwargs
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from mpl_dantinox.artists.base import accessors, getter
from mpl_dantinox.artists.end_labels import spread_out
from mpl_dantinox.artists.guide import split_looks
from mpl_dantinox.artists.placement import Placed
from mpl_dantinox.artists.space import LINE_COST, Space, overlaps
from mpl_dantinox.artists.text import LiteralText, text_looks
from mpl_dantinox.devices import resolve_device

__all__ = ["Device", "VRAMReferenceLines"]

#: A name in the catalogue, a number of GB, or a label and a number of GB.
Device = str | float | tuple[str, float]

_Floats = NDArray[np.float64]

#: How far from the margin a label may be that would cover something there, in lengths of its line.
_INWARD = (0.0, 0.06, 0.12, 0.18, 0.24, 0.3)
#: Of more devices at one line those that come first are named.
_MOST_NAMES = 3
#: What it costs, for each label, that two of them are on each other between two lines.
_MIXED = 1.25


class VRAMReferenceLines(Placed):
    """Lines at the memory of accelerators, each with its label. They leave the limits alone.

    The labels stand at the margin in the order of their lines, each beside its own, upright or
    along it, where they cover least; where lines are too near one another for that, they end before
    the margin, and the labels stand where they would go on. Where there are more labels than have
    room, every so many lines have one. Devices of equal memory share one line and one label, which
    of more than three names two.

    Lines out of view are not drawn. A legend names them all the same: it is made once, and the view
    may change.

    Parameters
    ----------
    devices : str, float, or iterable of (str, float or (str, float)), optional
        Names in `mpl_dantinox.devices.DEVICES`, numbers of GB, or pairs of label and GB. A GB is
        10^9 bytes.
    unit : str, default: "GB"
        The unit of the axis: B, kB, MB, GB, TB, KiB, MiB, GiB or TiB.
    axis : {"x", "y"}, default: "x"
        The axis that shows memory.
    labels : bool or dict, default: True
        Whether the lines have labels; a dict is taken for properties of `~matplotlib.text.Text`.
    **line_props
        Properties of `~matplotlib.lines.Line2D`. By default the lines are dashed, in
        ``text.color``, as wide as the grid's.

    Raises
    ------
    TypeError
        If a device is none of the three.
    ValueError
        If the catalogue has no such device or unit; the message gives the nearest.

    Examples
    --------
    >>> lines = VRAMReferenceLines(["H100", "A100 80GB", ("ours", 640)], unit="TB")
    >>> lines.get_values().tolist()
    [0.08, 0.64]
    >>> lines.get_texts()
    ['H100 / A100 80GB', 'ours']
    """

    # In front of the grid and behind the lines of the data.
    zorder = 1.6

    def __init__(
        self,
        devices: Iterable[Device] = ("RTX 4090", "A100 40GB", "H100"),
        *,
        unit: str = "GB",
        axis: Literal["x", "y"] = "x",
        labels: bool | Mapping[str, Any] = True,
        **line_props: Any,
    ) -> None:
        if axis not in ("x", "y"):
            raise ValueError(f"axis is {axis!r}; expected 'x' or 'y'")
        props = {"linestyle": "--", "linewidth": mpl.rcParams["grid.linewidth"]}
        super().__init__(**{**props, **normalize_kwargs(line_props, Line2D)})
        self._axis, self._across = axis, int(axis == "y")
        self._show_labels = bool(labels) or labels == {}
        given = text_looks(labels) if isinstance(labels, Mapping) else {}
        #: A text that has the looks of the labels.
        self._look = LiteralText("", **{"fontsize": mpl.rcParams["xtick.labelsize"], **given})
        rotation = given.get("rotation")
        self._angles = ([0, 90] if axis == "x" else [0]) if rotation is None else [rotation]
        #: How far labels are from their lines and from the edges of the Axes, in points.
        self._gap = 0.25 * float(self._look.get_fontsize())
        #: What the labels have of their own, and not from the whole.
        self._own = {**split_looks(given)[0], **{k: given[k] for k in given if k == "color"}}
        self._add_part(self._line)
        self._devices, self._unit = _listed(devices), unit
        self._adapt()

    def _adapt(self) -> None:
        """Make a label for each line, with the looks of those before."""
        names: dict[float, list[str]] = {}
        for label, value in (resolve_device(device, self._unit) for device in self._devices):
            names.setdefault(value, []).append(label)
        self._labels = {at: _together([*dict.fromkeys(names[at])]) for at in sorted(names)}
        self._parts = [self._line]
        self._texts: list[LiteralText] = []
        for label in self._labels.values() if self._show_labels else ():
            text = copy.copy(self._look)
            text.write(label)
            self._texts.append(self._add_part(text))
            text.set(**self._own)

    def set_color(self, color: Any) -> None:
        """Set the colour of the lines, and of their labels unless these were given one.

        .. ACCEPTS: :mpltype:`color`
        """
        super().set_color(color)
        for text in self._texts:
            text.set(**self._own)

    def _reserve(self, space: Space) -> _Floats:
        name = self._axis
        low, high = np.sort(getattr(self.axes.viewLim, f"interval{name}"))
        values = self.get_values()
        self._transform = getattr(self.axes, f"get_{name}axis_transform")(which="grid")
        in_view = (values >= low) & (values <= high)
        # Interrupted from each line to the next.
        points = np.full((in_view.sum(), 3, 2), np.nan)
        points[:, :2, self._across], points[:, :2, 1 - self._across] = values[in_view, None], (0, 1)
        self._line.set(data=points.reshape(-1, 2).T, transform=self._transform)
        space.add_lines(self._line.get_path(), self._transform)
        # From left to right, or from the bottom up.
        at = space.points(self._transform.transform(points[:, 0]))[:, self._across]
        order = np.argsort(at, kind="stable")
        texts = list(compress(self._texts, in_view))
        self._at, self._shown = at[order], [texts[k] for k in order] if texts else []
        if not self._shown:
            return np.empty((0, 4))
        for text in self._shown:
            text.set_rotation(self._angles[0])
        self._sizes = np.array([text.measured() for text in self._shown])
        return self._candidates(space).reshape(-1, 4)

    def _candidates(self, space: Space) -> _Floats:
        """Return the boxes to try, by angle, end of the line, and place there: (a, 2, k, n, 4).

        The places are on either side of the line, at the margin first.
        """
        across, along = self._across, 1 - self._across
        inward = np.repeat(np.array(_INWARD) * space.size[along], 2)[:, None]
        boxes = np.empty((len(self._angles), 2, len(inward), len(self._at), 2, 2))
        for found, angle in zip(boxes, self._angles, strict=True):
            size = self._sizes if angle == self._angles[0] else self._sizes[:, ::-1]
            found[0, ..., 0, along] = space.size[along] - self._gap - size[:, along] - inward
            found[1, ..., 0, along] = self._gap + inward
            found[:, ::2, :, 0, across] = self._at + self._gap
            found[:, 1::2, :, 0, across] = self._at - self._gap - size[:, across]
            found[..., 1, :] = found[..., 0, :] + size
        return boxes.reshape(*boxes.shape[:-2], 4)

    def _find_place(self, space: Space, boxes: _Floats, cost: _Floats) -> list[Artist]:
        """Put the labels beside the ends of their lines; in line with them where that is tight."""
        if not self._shown:
            return [self._line]
        boxes = boxes.reshape(len(self._angles), 2, 2 * len(_INWARD), -1, 4)
        cost = cost.reshape(boxes.shape[:-1]) + self._hindered(boxes, space)
        # Away from the margin only where that is free.
        cost[:, :, 2:] = np.where(cost[:, :, 2:] > 0, np.inf, 0.1)
        # Upright is easier to read than along the line, and the end a better place than its foot.
        cost += 0.5 * np.arange(len(self._angles))[:, None, None, None]
        cost += 0.5 * np.arange(2)[:, None, None]
        rows = [_chosen(cost[k], boxes[k], self._across) for k in np.ndindex(cost.shape[:2])]
        best = int(np.argmin([total for total, _ in rows]))
        if rows[best][0] > LINE_COST and (parts := self._in_line(space, rows[best][0])):
            return parts
        angle, end = divmod(best, 2)
        placed = boxes[angle, end, rows[best][1], np.arange(len(self._at))]
        self._write(self._shown, placed, self._angles[angle], 1 - end, space)
        return [self._line, *self._shown]

    def _hindered(self, boxes: _Floats, space: Space) -> _Floats:
        """Return the cost of labels in the way, infinite where another line or an edge is."""
        low, high = boxes[..., self._across], boxes[..., 2 + self._across]
        # From its own line to its far end.
        first = np.searchsorted(self._at, np.minimum(low, self._at), side="right")
        last = np.searchsorted(self._at, np.maximum(high, self._at), side="left")
        outside = (boxes[..., :2] < 0) | (boxes[..., 2:] > space.size)
        cost = self._hidden(boxes.reshape(-1, 4), space).reshape(low.shape)
        blocked = (first < last) | outside.any(axis=-1)
        return np.asarray(np.where(blocked, np.inf, cost))

    def _hidden(self, boxes: _Floats, space: Space) -> _Floats:
        """Return the cost of what hides labels: one that does is as bad as all of them on lines."""
        return len(self._at) * space.cost_on_labels(boxes)

    def _in_line(self, space: Space, otherwise: float) -> list[Artist]:
        """Have the lines end before a margin, with their labels where they would go on.

        Do nothing if that leaves out or covers more than what it costs *otherwise*.

        Labels are moved apart where they must be, and their lines bend towards them. Where there
        are more than have room, every so many lines have one.
        """
        across, along, gap = self._across, 1 - self._across, self._gap
        sizes = self._sizes if len(self._angles) == 1 else self._sizes[:, ::-1]
        pitch = sizes[:, across].max() + 0.5 * gap
        count = min(max(int(space.size[across] / pitch), 1), len(sizes))
        some = np.unique(np.linspace(0, len(sizes) - 1, count).round().astype(int))
        sizes, at = sizes[some], self._at[some]
        middle = spread_out(at, np.full(len(at), pitch), 0, space.size[across])
        # At either margin, seen from the other one.
        placed = np.empty((2, len(at), 2, 2))
        start = gap + sizes[:, along].max()
        placed[0, :, 0, along] = space.size[along] - start
        placed[1, :, 0, along] = start - sizes[:, along]
        placed[..., 0, across] = middle - sizes[:, across] / 2
        placed[..., 1, :] = placed[..., 0, :] + sizes
        boxes = placed.reshape(2, -1, 4)
        costs = [(space.cost_on_data(row) + self._hidden(row, space)).sum() for row in boxes]
        costs += 0.5 * len(at) * (np.arange(2) + len(self._angles) - 1)
        foot = int(np.argmin(costs))
        if costs[foot] > otherwise or (np.isfinite(otherwise) and len(at) < len(self._at)):
            return []
        # As far as the label that is moved most, so that no line turns back.
        bend = start + gap + np.abs(middle - at).max()
        ends = np.array([0, max(space.size[along] - bend, 0), space.size[along] - start - gap])
        lines = np.full((len(self._at), 4, 2), np.nan)
        lines[:, :3, across], lines[:, :3, along] = self._at[:, None], ends[[0, 1, 1]]
        lines[some, 2, across], lines[some, 2, along] = middle, ends[2]
        if foot:
            lines[..., along] = space.size[along] - lines[..., along]
        pixels = space.to_points.inverted().transform(lines.reshape(-1, 2))
        self._line.set_data(*self._transform.inverted().transform(pixels).T)
        texts = [self._shown[k] for k in some]
        self._write(texts, boxes[foot], self._angles[-1], foot, space)
        return [self._line, *texts]

    def _write(
        self, texts: list[LiteralText], boxes: _Floats, angle: float, end: int, space: Space
    ) -> None:
        """Write texts into boxes, from their lower ends along the lines or up to their upper."""
        space.add_boxes(boxes)
        # They are a little larger than measured or smaller.
        along = 1 - self._across
        at = (boxes[:, :2] + boxes[:, 2:]) / 2
        at[:, along] = boxes[:, along + 2 * end]
        sides = (("ha", "left"), ("ha", "right"), ("va", "bottom"), ("va", "top"))
        name, side = sides[2 * along + end]
        for text, place in zip(texts, space.pixels(at), strict=True):
            text.set(rotation=angle, position=place, **{name: side})

    def get_values(self) -> _Floats:
        """Return where the lines are, in the unit of the axis, ascending, shape (k,)."""
        return np.array(list(self._labels), dtype=float)

    def get_texts(self) -> list[str]:
        """Return the labels of the lines, in the order of `get_values`."""
        return list(self._labels.values())

    get_axis = getter("axis", "the axis that shows memory")
    get_devices, set_devices = accessors(
        "devices", "iterable of (str, float or (str, float))", "the devices", lambda d: _listed(d)
    )
    get_unit, set_unit = accessors("unit", "str", "the unit of the axis", lambda unit: unit)

    def get_cursor_data(self, event: MouseEvent) -> tuple[str, float] | None:
        """Return the label and the memory of the line or label that the cursor is on."""
        hit, details = self.contains(event)
        if not hit:
            return None
        values = self.get_values()
        if details["part"] in self._texts:
            which = self._texts.index(details["part"])
        else:
            path = np.asarray(self._line.get_xydata())
            # The first point of a line is where the line is, wherever it bends.
            start = np.append(0, np.flatnonzero(np.isnan(path[:, 0])) + 1)
            first = start[np.searchsorted(start, details["ind"][0], side="right") - 1]
            which = int(np.abs(values - path[first, self._across]).argmin())
        return self.get_texts()[which], float(values[which])

    def format_cursor_data(self, data: tuple[str, float]) -> str:
        """Return a device's name and memory."""
        label, value = data
        return f"{label}: {value:g} {self._unit}"


def _together(names: list[str]) -> str:
    """Return one label for the devices at one line, of many the first and how many more."""
    n = len(names)
    return " / ".join(
        names if n <= _MOST_NAMES else [*names[: _MOST_NAMES - 1], f"{n - _MOST_NAMES + 1} more"]
    )


def _listed(devices: Device | Iterable[Device]) -> tuple[Device, ...]:
    return (devices,) if isinstance(devices, str | int | float) else tuple(devices)


def _chosen(cost: _Floats, boxes: _Floats, across: int) -> tuple[float, NDArray[np.intp]]:
    """Return the least cost of labels in a row, of which none is on the next, and their places.

    *cost*, shape (k, n), is what each of n labels costs at each of k places, which are *boxes*.
    """
    total, came_from = cost[:, 0], []
    is_after = np.arange(len(cost)) % 2 == 0
    for k in range(1, cost.shape[1]):
        # From the place of the label before, along the first axis, to that of this one.
        before, own = boxes[:, k - 1], boxes[:, k]
        # Of two on each other between two lines it is hard to say which is whose.
        mixed = is_after[:, None] & ~is_after & (before[:, None, across + 2] > own[:, across])
        step = total[:, None] + _MIXED * cost.shape[1] * mixed
        step[overlaps(before, own)] = np.inf
        came_from.append(step.argmin(axis=0))
        total = step.min(axis=0) + cost[:, k]
    places = [int(total.argmin())]
    for before in reversed(came_from):
        places.append(int(before[places[-1]]))
    return float(total.min()), np.array(places[::-1])
