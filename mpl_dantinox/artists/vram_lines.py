"""The memory of accelerators, as lines across the Axes."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import MouseEvent, RendererBase
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

from mpl_dantinox.artists.composite import Composite, font_pixels, move, pixel_text
from mpl_dantinox.artists.obstacles import Obstacles, obstacles_of
from mpl_dantinox.devices import resolve_device

__all__ = ["Device", "VRAMReferenceLines"]

#: A name in the catalogue, a number of GB, or a label and a number of GB.
Device = str | float | tuple[str, float]

#: How many places a label is tried at along its line.
_PLACES = 12


class VRAMReferenceLines(Composite):
    """Lines at the memory of accelerators, each with its label. They leave the limits alone.

    The labels lie beside the ends of their lines, upright or along them, and make room for one
    another and for what else is drawn. Devices of equal memory share one line and one label.
    Lines out of view are not drawn.

    Parameters
    ----------
    devices : iterable of (str, float or (str, float)), optional
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
        If a device is none of the three, or when it is added to an Axes without straight x and y
        axes.
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

    #: Its labels make room for those of artists drawn before.
    gives_way = True

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
        self._axis = axis
        self._show_labels = bool(labels) or labels == {}
        self._text_props = dict(labels) if isinstance(labels, Mapping) else {}
        if not {"linestyle", "ls"} & line_props.keys():
            line_props["linestyle"] = "--"
        if not {"linewidth", "lw"} & line_props.keys():
            line_props["linewidth"] = mpl.rcParams["grid.linewidth"]
        self._fontsize = mpl.rcParams["xtick.labelsize"]
        super().__init__(**{"zorder": self.zorder, **line_props})
        self._devices, self._unit = tuple(devices), unit
        self._resolve()

    def _resolve(self) -> None:
        """Look the devices up, and join those of equal memory."""
        names: dict[float, list[str]] = {}
        for device in self._devices:
            label, value = resolve_device(device, self._unit)
            names.setdefault(value, []).append(label)
        self._labels = {value: " / ".join(dict.fromkeys(names[value])) for value in sorted(names)}
        self._remake_parts()

    def _make_parts(self) -> list[Artist]:
        self._line = Line2D([], [])
        labels = self._labels.values() if self._show_labels else ()
        props = {"fontsize": self._fontsize, **self._text_props}
        self._texts = [pixel_text(label, **props) for label in labels]
        self._size_of: dict[tuple[Text, float], NDArray[np.float64]] = {}
        self._placed_in: tuple[int, ...] = ()
        return [self._line, *self._texts]

    def _place(self, renderer: RendererBase | None) -> None:
        vertical = self._axis == "x"
        limits = np.sort(self.axes.get_xlim() if vertical else self.axes.get_ylim())
        values = self.get_values()
        in_view = (values >= limits[0]) & (values <= limits[1])
        # One line for all, interrupted from each to the next.
        points = np.full((in_view.sum(), 3, 2), np.nan)
        points[:, :2, 0], points[:, :2, 1] = values[in_view, None], (0, 1)
        if vertical:
            transform = self.axes.get_xaxis_transform(which="grid")
        else:
            transform = self.axes.get_yaxis_transform(which="grid")
            points = points[:, :, ::-1]
        self._like_self(self._line, points.reshape(-1, 2), transform)
        texts = []
        for text, shown in zip(self._texts, in_view, strict=bool(self._texts)):
            text.set_visible(bool(shown))
            if self.stale:
                text.set_alpha(self.get_alpha())
                if "color" not in self._text_props:
                    text.set_color(self.get_color())
            texts += [text] if shown else []
        if texts:
            pixels = transform.transform(points[:, 0])[:, 0 if vertical else 1]
            self._place_labels(texts, pixels, renderer)

    def _place_labels(
        self, texts: list[Text], at: NDArray[np.float64], renderer: RendererBase | None
    ) -> None:
        """Put the labels beside their lines, upright if that is free and along the lines else."""
        x0, y0, x1, y1 = self.axes.bbox.extents
        ends = (at, [y0] * len(at), at, [y1] * len(at))
        lines = np.column_stack(
            ends if self._axis == "x" else (*[[x0] * len(at)], at, [x1] * len(at), at)
        )
        in_the_way = obstacles_of(self, renderer) + Obstacles(segments=lines)
        sizes = self._sizes(texts, renderer)
        # Nothing that matters for the labels has changed: they stay where they are.
        state = tuple(
            hash(np.ascontiguousarray(part).tobytes())
            for part in (at, sizes, (x0, y0, x1, y1), *vars(in_the_way).values())
        )
        if state == self._placed_in:
            return
        gap = 0.25 * font_pixels(texts[0])
        best = np.inf
        for rotation in (0, 90) if self._axis == "x" else (0,):
            turned = sizes[:, ::-1] if rotation else sizes
            for step in (1, -1):
                cost, corners = self._pack(at[::step], turned[::step], in_the_way, gap)
                # Upright is easier to read, a few rows further down.
                cost += 0.5 * len(texts) * (rotation != 0)
                if cost < best:
                    best, placed = cost, (rotation, corners[::step])
            # Free, and all at the ends of their lines.
            if best == 0:
                break
        for text, corner in zip(texts, placed[1], strict=True):
            text.set_rotation(placed[0])
            move(text, corner)
        self._placed_in = state

    def _on_stale_part(self, part: Artist, stale: bool) -> None:
        super()._on_stale_part(part, stale)
        if stale and not self._placing:
            self._size_of.clear()
            self._placed_in = ()

    def _sizes(self, texts: list[Text], renderer: RendererBase | None) -> NDArray[np.float64]:
        """Return width and height of each text when upright, in pixels; measured once."""
        dpi = self.figure.dpi
        for text in texts:
            if (text, dpi) not in self._size_of:
                size = np.asarray(text.get_window_extent(renderer).size)
                self._size_of[text, dpi] = size[::-1] if text.get_rotation() == 90 else size
        return np.array([self._size_of[text, dpi] for text in texts])

    def _pack(
        self,
        at: NDArray[np.float64],
        sizes: NDArray[np.float64],
        in_the_way: Obstacles,
        gap: float,
    ) -> tuple[float, list[NDArray[np.float64]]]:
        """Place one label after another; return what it costs, and their lower left corners."""
        total, corners = 0.0, []
        inner = self.axes.bbox.padded(-gap)
        for position, size in zip(at, sizes, strict=True):
            boxes = self._candidates(float(position), size, gap)
            outside = (boxes[:, :2] < inner.min - 0.01).any(axis=1) | (
                boxes[:, 2:] > inner.max + 0.01
            ).any(axis=1)
            # As near to the end of the line as may be.
            away = np.repeat(np.arange(_PLACES), 2)
            cost = in_the_way.cost(boxes) + 1000.0 * outside + 0.1 * away
            best = int(np.argmin(cost))
            total += float(cost[best])
            corners.append(boxes[best, :2])
            in_the_way += Obstacles(boxes=(boxes[best] + gap * np.array([-1, -1, 1, 1]))[None])
        return total, corners

    def _candidates(self, at: float, size: Any, gap: float) -> NDArray[np.float64]:
        """Return the boxes to try, from the end of the line on and to each side of it."""
        width, height = size
        inner = self.axes.bbox.padded(-gap)
        steps = np.repeat(np.arange(_PLACES), 2)
        if self._axis == "x":
            x = np.tile([at + gap, at - gap - width], _PLACES)
            y = inner.y1 - height - steps * min(height + gap, inner.height / _PLACES)
        else:
            x = inner.x1 - width - steps * min(width / 2, inner.width / _PLACES)
            y = np.tile([at + gap, at - gap - height], _PLACES)
        return np.column_stack([x, y, x + width, y + height])

    def get_values(self) -> NDArray[np.float64]:
        """Return where the lines are, in the unit of the axis, ascending, shape (k,)."""
        return np.array(list(self._labels), dtype=float)

    def get_texts(self) -> list[str]:
        """Return the labels of the lines, in the order of `get_values`."""
        return list(self._labels.values())

    def get_axis(self) -> str:
        """Return the axis that shows memory."""
        return self._axis

    def get_devices(self) -> tuple[Device, ...]:
        """Return the devices as they were given."""
        return self._devices

    def set_devices(self, devices: Iterable[Device]) -> None:
        """Set the devices.

        Parameters
        ----------
        devices : iterable of (str, float or (str, float))
        """
        self._devices, old = tuple(devices), self._devices
        try:
            self._resolve()
        except (TypeError, ValueError):
            self._devices = old
            raise

    def get_unit(self) -> str:
        """Return the unit of the axis."""
        return self._unit

    def set_unit(self, unit: str) -> None:
        """Set the unit of the axis.

        Parameters
        ----------
        unit : str
        """
        self._unit, old = unit, self._unit
        try:
            self._resolve()
        except ValueError:
            self._unit = old
            raise

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
