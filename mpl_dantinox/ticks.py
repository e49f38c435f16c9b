"""Ticks that people read: 1-2-5 steps, plain numbers, and bytes in the units they are spoken in."""

import re
from typing import Any

import numpy as np
from matplotlib import ticker
from matplotlib.axis import Axis, XAxis
from numpy.typing import ArrayLike, NDArray

from mpl_dantinox.units import UNITS

__all__ = ["ReadableFormatter", "ReadableLocator", "byte_ticks", "log_by_data", "readable_ticks"]

#: More labels than this are no easier to read than fewer.
_MOST = 8


def log_by_data(values: ArrayLike) -> bool:
    """Return whether data call for a log axis: all positive, and spanning a decade or more.

    Parameters
    ----------
    values : array-like of float
        The data, in any shape. What is missing or infinite is ignored.

    Examples
    --------
    >>> log_by_data([0.5, 3, 5]), log_by_data([0.5, 3, 4.9]), log_by_data([0, 100])
    (True, False, False)
    """
    data = np.asarray(values, dtype=float)
    data = data[np.isfinite(data)]
    return bool(data.size and data.min() > 0 and data.max() / data.min() >= 10)


def readable_ticks(axis: Axis, *, log: bool | None = None) -> None:
    """Give a linear or log axis readable ticks: 1-2-5 steps, plain numbers, minor ticks unlabelled.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        ``ax.xaxis`` or ``ax.yaxis``. On any other scale than linear and log it is left alone.
    log : bool, optional
        The scale to set first; by default the axis keeps its own. Setting a scale later replaces
        the ticks, as it always does.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(4, 3)).subplots()
    >>> ax.set_xlim(0.4, 30)
    (0.4, 30.0)
    >>> readable_ticks(ax.xaxis, log=True)
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['0.5', '1', '2', '5', '10', '20']
    """
    _set_scale(axis, log)
    _apply(axis)


def byte_ticks(
    axis: Axis, label: str = "", *, unit: str = "MB", log: bool | None = None
) -> str | None:
    """Give an axis of memory its ticks, and its label with the unit that they are in.

    Where the view can be read in one unit, the ticks are bare numbers and the label names the unit.
    Where it spans more than that, each tick says its own: 1 kB, 1 MB, 1 GB. Call it when the
    limits are known; zooming afterwards keeps the unit.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        ``ax.xaxis`` or ``ax.yaxis``.
    label : str, default: ""
        What the axis shows, without a unit. If empty, the label is left alone and each tick names
        its unit.
    unit : str, default: "MB"
        The unit that the data are in, a name in `mpl_dantinox.units.UNITS`.
    log : bool, optional
        As `readable_ticks` takes it.

    Returns
    -------
    str or None
        The unit named in the label.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(4, 3)).subplots()
    >>> ax.set_xlim(400, 9000)
    (400.0, 9000.0)
    >>> byte_ticks(ax.xaxis, "KV cache", unit="MB", log=True)
    'GB'
    >>> ax.get_xlabel(), [tick.get_text() for tick in ax.get_xticklabels()]
    ('KV cache (GB)', ['0.5', '1', '2', '5'])
    """
    _set_scale(axis, log)
    display = _one_unit(*axis.get_view_interval(), unit, _is_log(axis)) if label else None
    _apply(axis, unit, display)
    if label:
        axis.set_label_text(f"{label} ({display})" if display else label)
    return display


def _set_scale(axis: Axis, log: bool | None) -> None:
    if log is not None:
        name = "xscale" if isinstance(axis, XAxis) else "yscale"
        axis.axes.set(**{name: "log" if log else "linear"})


def _apply(axis: Axis, unit: str | None = None, display: str | None = None) -> None:
    if axis.get_scale() in ("linear", "log"):
        axis.set_major_locator(ReadableLocator(unit, display=display))
        axis.set_major_formatter(ReadableFormatter(unit, display=display))
        axis.set_minor_formatter(ticker.NullFormatter())
        if _is_log(axis):
            axis.set_minor_locator(_MinorLocator(subs="auto"))


class _MinorLocator(ticker.LogLocator):
    """Ticks between the labelled ones of a log axis, unless those are dense enough to tell it."""

    def __call__(self) -> Any:
        assert isinstance(self.axis, Axis)
        ticks = self.axis.get_majorticklocs()
        dense = len(ticks) > 2 and (ticks[1:] < 9 * ticks[:-1]).all()
        return [] if dense else super().__call__()


class ReadableLocator(ticker.Locator):
    """Ticks at 1, 2 and 5 times a power of ten, on linear and log axes, that leave labels room.

    A log axis of many decades has a tick at each decade, or each second, third, ...; one that
    spans too little for three of them has ticks at equal steps, as a linear axis has.

    Parameters
    ----------
    unit : str, optional
        The unit of the data on an axis of memory, a name in `mpl_dantinox.units.UNITS`.
    display : str, optional
        The one unit that memory is read in, for an axis whose label names it. By default each tick
        has the unit that suits it.
    among : array-like of float, optional
        Places, ascending, that the ticks are among: all of them, or each second, third, ... to the
        last.

    Examples
    --------
    >>> ReadableLocator().tick_values(0, 9).tolist()
    [0.0, 2.0, 4.0, 6.0, 8.0]
    >>> ReadableLocator("MiB").tick_values(0, 2000).tolist()
    [0.0, 512.0, 1024.0, 1536.0]
    """

    #: The view that was asked about last, with all that ticks depend on, and its ticks.
    _look: tuple[Any, ...] = ()
    _found = np.array([])

    def __init__(
        self, unit: str | None = None, *, display: str | None = None, among: ArrayLike = ()
    ) -> None:
        self._unit, self._among = _Reading(unit, display), np.asarray(among, dtype=float)

    def __call__(self) -> NDArray[np.float64]:  # type: ignore[override]  # an array, as matplotlib's own
        """Return the ticks in the view of the axis."""
        axis: Any = self.axis
        assert axis is not None
        # An axis asks several times in each drawing.
        look = (*axis.get_view_interval(), _is_log(axis), axis.get_major_formatter())
        look += (axis.get_tick_space(),) if isinstance(axis, Axis) else ()
        if look != self._look:
            self._look, self._found = look, self.tick_values(*look[:2])
        return self._found.copy()

    def tick_values(self, vmin: float, vmax: float) -> NDArray[np.float64]:  # type: ignore[override]  # as above
        """Return the ticks between two limits, given in either order."""
        low, high = sorted((vmin, vmax))
        if not np.isfinite([low, high]).all():
            return np.array([])
        if len(among := _within(self._among, low, high)):
            levels = (among[::-step][::-1] for step in range(1, len(among) + 1))
            return next(ticks for ticks in levels if self._room(ticks, low, high) >= 1)
        few, tight = np.array([]), [(0.0, np.array([]))]
        if _is_log(self.axis) and low > 0:
            for ticks in self._log_levels(low, high):
                shown = _within(ticks, low, high)
                tight.append((self._room(shown, low, high), shown))
                if tight[-1][0] >= 1:
                    if len(shown) > 2:
                        return shown
                    few = max(few, shown, key=len)
            if high / low > 100:
                return few
        factor = self._unit.factor(max(abs(low), abs(high)))
        # Steps of 3 only where those of 2 are tight and those of 5 too few.
        for steps in ([1, 2, 5, 10], [1, 3, 10]):
            for n in range(_MOST - 1, 0, -1):
                found = ticker.MaxNLocator(n, steps=steps).tick_values(low * factor, high * factor)
                ticks = _within(np.asarray(found) / factor, low, high)
                tight.append((self._room(ticks, low, high), ticks))
                if tight[-1][0] >= 1:
                    return max(few, ticks, key=len)
        # Where even the fewest are tight, those that are least so are better than none.
        return few if len(few) > 1 else max(tight, key=lambda pair: (len(pair[1]) > 1, pair[0]))[1]

    def nonsingular(self, v0: float, v1: float) -> tuple[float, float]:
        """Return limits that an axis can show, given those that autoscaling proposes."""
        if not _is_log(self.axis):
            return super().nonsingular(v0, v1)
        log = ticker.LogLocator()
        log.set_axis(self.axis)
        return log.nonsingular(v0, v1)

    def _log_levels(self, low: float, high: float) -> list[NDArray[np.float64]]:
        """Return sets of ticks, in the order in which they are tried."""
        unit = self._unit
        if not unit.shown and low * unit.size >= 1:
            # Units of 1024 are not decades apart: each has ticks of its own, up to the next.
            sizes = np.array([size for _, size in unit.family], dtype=float)
            sizes = np.append(sizes, sizes[-1] * 1000.0 ** np.arange(1, 4)) / unit.size
            few = [1, 2, 5, 10, 20, 50, 100, 200, 500], [1, 10, 100], [1], [1, 3, 10, 30, 100, 300]
            return [np.outer(sizes, np.array(digits)).ravel() for digits in few]
        factor = unit.size / (unit.shown or 1)
        powers = np.arange(np.floor(np.log10(low * factor)), np.ceil(np.log10(high * factor)) + 1)
        decades = [10.0 ** powers[powers % stride == 0] for stride in range(1, len(powers))]
        wide, narrow = (np.outer(10.0**powers, digits).ravel() for digits in ([1, 2, 5], [1, 3]))
        return [ticks / factor for ticks in (wide, *decades, narrow)]

    def _room(self, ticks: NDArray[np.float64], low: float, high: float) -> float:
        """Return how much room labels have side by side, in what they need; none if too many."""
        if len(ticks) > _MOST:
            return 0.0
        if not isinstance(self.axis, Axis) or len(ticks) < 2:
            return np.inf
        labels = self.axis.get_major_formatter().format_ticks(ticks.tolist())
        # In font sizes: a tick space is three along x and two along y.
        along_x = isinstance(self.axis, XAxis)
        room = self.axis.get_tick_space() * (3 if along_x else 2)
        if _is_log(self.axis):
            ticks, low, high = np.log(ticks), np.log(low), np.log(high)
        places = room * (ticks - low) / (high - low)
        sizes = np.array([_ems(text) + 0.6 if along_x else 1.8 for text in labels])
        return float((2 * np.diff(places) / (sizes[1:] + sizes[:-1])).min())


class ReadableFormatter(ticker.Formatter):
    """Plain numbers, with the same decimals where ticks are at equal steps, else as few as will do.

    On an axis of memory, ticks at equal steps share one unit; others each have the one that suits.

    Parameters
    ----------
    unit, display
        As `ReadableLocator` takes them.

    Examples
    --------
    >>> ReadableFormatter().format_ticks([0, 0.5, 1])
    ['0.0', '0.5', '1.0']
    >>> ReadableFormatter("MB").format_ticks([0.5, 2, 1000])
    ['500 kB', '2 MB', '1 GB']
    >>> ReadableFormatter("MB", display="GB").format_ticks([500, 1000, 1500])
    ['0.5', '1.0', '1.5']
    """

    #: The ticks that are labelled together.
    _ticks = np.array([])

    def __init__(self, unit: str | None = None, *, display: str | None = None) -> None:
        self._unit = _Reading(unit, display)

    def set_locs(self, locs: ArrayLike) -> None:
        """Take the ticks that are to be labelled together."""
        self._ticks = np.asarray(locs, dtype=float)

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of the tick at *x*."""
        if x == 0 and not self._unit.shown:
            return "0"
        even = self._even()
        largest = abs(self._ticks).max() if even else abs(x)
        factor = self._unit.factor(largest)
        name = "" if self._unit.shown else self._unit.suited(largest)[0]
        value, most = x * factor, largest * factor
        together = [most] if even else abs(np.append(self._ticks, x) * factor)
        # Beside powers of ten all are, but those at equal steps have one power, and zero none.
        if any(map(_is_long, together if self._unit.shown else [most])):
            if value == 0 or not (even or not 0.1 <= most < 1000):
                return self.fix_minus(f"{_plain(value, None)} {name}".rstrip())
            exponent = int(np.floor(np.log10(most) + 1e-9))
            decimals = self._decimals(factor / 10.0**exponent) if even else None
            return f"{_with_power(value / 10.0**exponent, exponent, decimals)} {name}".rstrip()
        decimals = self._decimals(factor) if even else None
        return self.fix_minus(f"{_plain(value, decimals)} {name}".rstrip())

    def format_data(self, value: float) -> str:
        """Return *value* as the cursor's position is shown, with digits the ticks do not need."""
        name, size = self._unit.suited(value)
        return self.fix_minus(f"{value * self._unit.size / size:.5g} {name}".rstrip())

    def _even(self) -> bool:
        """Return whether the ticks are at equal steps, and so are labelled alike."""
        steps = np.diff(self._ticks)
        if len(steps) < 2:
            return len(steps) == 1 and not _is_log(self.axis)
        # `numpy.allclose` takes as long as a label.
        return bool(np.ptp(steps) <= 1e-5 * abs(steps[0]))

    def _decimals(self, factor: float) -> int:
        """Return the decimals that all ticks need."""
        ticks = self._ticks * factor
        close = 1e-4 * abs(ticks[1] - ticks[0])
        return next((d for d in range(9) if (abs(ticks.round(d) - ticks) <= close).all()), 9)


class _Reading:
    """The unit of the data on an axis, and the units that they are read in; both may be none."""

    def __init__(self, unit: str | None, display: str | None = None) -> None:
        self.size = UNITS[unit] if unit else 1
        #: The size of the one unit that all of them are read in.
        self.shown = UNITS[display] if display else None if unit else 1
        binary = "i" in (display or unit or "")
        names = ["B", "KiB", "MiB", "GiB", "TiB"] if binary else ["B", "kB", "MB", "GB", "TB"]
        self.family = [(name, UNITS[name]) for name in names] if unit else [("", 1)]

    def suited(self, value: float) -> tuple[str, int]:
        """Return the name and size of the largest unit of which *value* is at least one."""
        # A tick at 1 GB may have come out of arithmetic as 0.9999999 GB.
        n_bytes = abs(value) * self.size * (1 + 1e-9)
        fitting = [entry for entry in self.family if n_bytes >= entry[1]]
        return fitting[-1] if fitting else self.family[0]

    def factor(self, value: float) -> float:
        """Return by what numbers are multiplied to be read in the unit that suits *value*."""
        return self.size / (self.shown or self.suited(value)[1])


def _one_unit(vmin: float, vmax: float, unit: str, log: bool) -> str | None:
    """Return the unit in which a view reads well as bare numbers, if there is one."""
    low, high = sorted(abs(limit) for limit in (vmin, vmax))
    reading = _Reading(unit)
    name, size = reading.suited((low * high) ** 0.5 if log else high)
    low, high = low * reading.size / size, high * reading.size / size
    return None if log and not (low >= 0.009 and high <= 11_000) else name


def _ems(text: str) -> float:
    """Return about how wide a label is, in font sizes: units are wide, points narrow."""
    text = re.sub(r"\\mathdefault|[${}^]", "", text).replace(r"\times", "×")
    return sum(0.32 if char in " .," else 0.85 if char in "MG" else 0.64 for char in text)


def _is_log(axis: object) -> bool:
    return isinstance(axis, Axis) and axis.get_scale() == "log"


def _within(ticks: ArrayLike, low: float, high: float) -> NDArray[np.float64]:
    """Return those *ticks* that are in view, with room for rounding at its ends."""
    found = np.unique(np.asarray(ticks, dtype=float))
    slack = 1e-10 * max(abs(low), abs(high), high - low)
    if low > 0:
        slack = min(slack, 1e-6 * low)
    return found[(found >= low - slack) & (found <= high + slack)]


def _is_long(value: float) -> bool:
    """Return whether a number has so many zeros that it is written with a power of ten."""
    return bool(value and not 1e-4 <= value < 1e6)


def _with_power(mantissa: float, exponent: int, decimals: int | None) -> str:
    digits = f"{mantissa:.6g}" if decimals is None else f"{mantissa:.{decimals}f}"
    times = {"1": "", "-1": "-"}.get(digits, rf"{digits}\times")
    # Few fonts have raised digits.
    return rf"$\mathdefault{{{times}10^{{{exponent}}}}}$"


def _plain(value: float, decimals: int | None) -> str:
    """Return a number in full, with so many decimals, or as few as will do."""
    if decimals is None:
        close = (d for d in range(9) if abs(round(value, d) - value) <= 1e-6 * abs(value))
        decimals = next(close, 9)
    return f"{value:,.{decimals}f}"
