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

from mpl_dantinox.artists.guide import Guide
from mpl_dantinox.artists.placement import Placed
from mpl_dantinox.artists.space import BOX_COST, Space, overlaps
from mpl_dantinox.artists.text import LiteralText, text_looks
from mpl_dantinox.devices import resolve_device

__all__ = ["Device", "VRAMReferenceLines"]

#: A name in the catalogue, a number of GB, or a label and a number of GB.
Device = str | float | tuple[str, float]

_Floats = NDArray[np.float64]

#: How many places a label is tried at along its line.
_PLACES = 12


class VRAMReferenceLines(Placed, Guide):
    """Lines at the memory of accelerators, each with its label. They leave the limits alone.

    The labels lie beside the ends of their lines, upright or along them, and make room for one
    another and for what else is drawn. Devices of equal memory share one line and one label.
    Lines out of view are not drawn.

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
        self._axis = axis
        self._devices, self._unit = _several(devices), unit
        self._labels = _joined_labels(self._devices, unit)
        self._show_labels = bool(labels) or labels == {}
        given = text_looks(labels) if isinstance(labels, Mapping) else {}
        #: A text that has the looks of the labels.
        self._look = LiteralText("", **{"fontsize": mpl.rcParams["xtick.labelsize"], **given})
        self._rotation = given.get("rotation")
        #: What the labels have of their own, and not from the whole.
        self._own = {
            key: given[key] for key in given if key == "color" or hasattr(Artist, f"set_{key}")
        }
        self._texts: list[LiteralText] = []
        self._add_part(self._line)
        self._make_texts()

    def _make_texts(self) -> None:
        """Make a label for each line, with the looks of those before."""
        self._remove_parts(self._texts)
        self._texts = []
        for label in self._labels.values() if self._show_labels else ():
            text = copy.copy(self._look)
            text.write(label)
            self._texts.append(self._add_part(text))
            text.set(**self._own)

    def set_color(self, color: Any) -> None:
        """Set the colour of the lines, and of their labels unless these were given one.

        Parameters
        ----------
        color : :mpltype:`color`
        """
        super().set_color(color)
        for text in self._texts:
            text.set(**self._own)

    def _reserve(self, space: Space) -> None:
        vertical = self._axis == "x"
        view = self.axes.viewLim
        low, high = np.sort(view.intervalx if vertical else view.intervaly)
        values = self.get_values()
        self._in_view = (values >= low) & (values <= high)
        # One line for all, interrupted from each to the next.
        points = np.full((self._in_view.sum(), 3, 2), np.nan)
        points[:, :2, 0], points[:, :2, 1] = values[self._in_view, None], (0, 1)
        if vertical:
            transform = self.axes.get_xaxis_transform(which="grid")
        else:
            transform = self.axes.get_yaxis_transform(which="grid")
            points = points[:, :, ::-1]
        self._line.set(data=points.reshape(-1, 2).T, transform=transform)
        space.add_lines(self._line.get_path(), transform)
        self._at = space.points(transform.transform(points[:, 0]))[:, 0 if vertical else 1]

    def _find_place(self, space: Space) -> list[Artist]:
        """Put the labels beside their lines, upright if that is free and along the lines else."""
        texts = list(compress(self._texts, self._in_view))
        if not texts:
            return [self._line]
        angles = [0, 90] if self._axis == "x" else [0]
        angles = angles if self._rotation is None else [self._rotation]
        for text in texts:
            text.set_rotation(angles[0])
        sizes = np.array([text.measured() for text in texts])
        best = np.inf
        for angle in angles:
            turned = sizes if angle == angles[0] else sizes[:, ::-1]
            for step in (1, -1):
                cost, boxes = self._pack(self._at[::step], turned[::step], space)
                # Upright is easier to read, a few rows further down.
                cost += 0.5 * len(texts) * (angle != angles[0])
                if cost < best:
                    best, rotation, placed = cost, angle, boxes[::step]
            # Free, and all at the ends of their lines.
            if best == 0:
                break
        space.add_boxes(placed)
        # Texts are a little larger than measured or smaller, and all end at the margin.
        anchor = (placed[:, :2] + placed[:, 2:]) / 2
        edge, alignment = (1, {"va": "top"}) if self._axis == "x" else (0, {"ha": "right"})
        anchor[:, edge] = placed[:, 2 + edge]
        for text, place in zip(texts, space.pixels(anchor), strict=True):
            text.set(rotation=rotation, position=place, **alignment)
        return [self._line, *texts]

    def _pack(self, at: _Floats, sizes: _Floats, space: Space) -> tuple[float, _Floats]:
        """Place one label after another; return what it costs, and their boxes."""
        gap = 0.25 * float(self._look.get_fontsize())
        boxes = self._candidates(at, sizes, space.size - gap, gap)
        outside = (boxes[:, :, :2] < gap - 0.01) | (boxes[:, :, 2:] > space.size - gap + 0.01)
        cost = space.cost(boxes.reshape(-1, 4)).reshape(boxes.shape[:2])
        # As near to the end of the line as may be.
        cost += 1000 * outside.any(axis=2) + 0.1 * np.repeat(np.arange(_PLACES), 2)
        taken = np.empty((len(at), 4))
        total = 0.0
        for k, places in enumerate(boxes):
            room = places + gap * np.array([-1, -1, 1, 1])
            covered = cost[k] + BOX_COST * overlaps(room, taken[:k]).sum(axis=1)
            best = int(np.argmin(np.round(covered, 6)))
            total += float(covered[best])
            taken[k] = places[best]
        return round(total, 6), taken

    def _candidates(self, at: _Floats, sizes: _Floats, end: _Floats, gap: float) -> _Floats:
        """Return the boxes to try, shape (n, k, 4), from the end of the line on, on each side."""
        along = 0 if self._axis == "y" else 1
        step = sizes[:, [along]] + gap if along else sizes[:, [along]] / 2
        step = np.minimum(step, (end[along] - gap) / _PLACES)
        steps = np.repeat(np.arange(_PLACES), 2)
        low = np.empty((len(at), 2 * _PLACES, 2))
        low[:, :, along] = end[along] - sizes[:, [along]] - steps * step
        sides = np.stack([at + gap, at - gap - sizes[:, 1 - along]], axis=1)
        low[:, :, 1 - along] = np.tile(sides, _PLACES)
        return np.concatenate([low, low + sizes[:, None]], axis=2)

    def get_values(self) -> _Floats:
        """Return where the lines are, in the unit of the axis, ascending, shape (k,)."""
        return np.array(list(self._labels), dtype=float)

    def get_texts(self) -> list[str]:
        """Return the labels of the lines, in the order of `get_values`."""
        return list(self._labels.values())

    def get_axis(self) -> str:
        """Return the axis that shows memory."""
        return self._axis

    def get_devices(self) -> tuple[Device, ...]:
        """Return the devices as given."""
        return self._devices

    def set_devices(self, devices: Iterable[Device]) -> None:
        """Set the devices.

        Parameters
        ----------
        devices : iterable of (str, float or (str, float))
        """
        devices = _several(devices)
        self._labels = _joined_labels(devices, self._unit)
        self._devices = devices
        self._make_texts()

    def get_unit(self) -> str:
        """Return the unit of the axis."""
        return self._unit

    def set_unit(self, unit: str) -> None:
        """Set the unit of the axis.

        Parameters
        ----------
        unit : str
        """
        self._labels = _joined_labels(self._devices, unit)
        self._unit = unit
        self._make_texts()

    def get_cursor_data(self, event: MouseEvent) -> tuple[str, float] | None:
        """Return the label and the memory of the line or label that the cursor is on."""
        hit, details = self.contains(event)
        if not hit:
            return None
        labels = list(self._labels.items())
        if details["part"] in self._texts:
            value, label = labels[self._texts.index(details["part"])]
        else:
            drawn = np.asarray(self._line.get_data()[0 if self._axis == "x" else 1], dtype=float)
            value = float(drawn[details["ind"][0]])
            label = self._labels[value]
        return label, value

    def format_cursor_data(self, data: tuple[str, float]) -> str:
        """Return a device's name and memory."""
        label, value = data
        return f"{label}: {value:g} {self._unit}"


def _several(devices: Device | Iterable[Device]) -> tuple[Device, ...]:
    """Return devices, of which there may be one alone."""
    return (devices,) if isinstance(devices, str | int | float) else tuple(devices)


def _joined_labels(devices: Iterable[Device], unit: str) -> dict[float, str]:
    """Return the label at each memory, in *unit* and ascending; those of equal memory are one."""
    names: dict[float, list[str]] = {}
    for device in devices:
        label, value = resolve_device(device, unit)
        names.setdefault(value, []).append(label)
    return {value: " / ".join(dict.fromkeys(names[value])) for value in sorted(names)}
