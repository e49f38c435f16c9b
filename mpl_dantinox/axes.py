"""Helpers that take an Axes first, and the Axes that has them as methods."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from mpl_dantinox.artists import (
    AttainmentBand,
    Callout,
    DominatedRegion,
    EndLabels,
    IdealCorner,
    ParetoStep,
    RefBand,
    VRAMReferenceLines,
)
from mpl_dantinox.artists.staircase import numbers_of, update_units
from mpl_dantinox.artists.vram_lines import Device
from mpl_dantinox.pareto import Sense

__all__ = [
    "DantinoxAxes",
    "attainment_band",
    "callout",
    "dominated_region",
    "end_labels",
    "ideal_corner",
    "mark_best",
    "mark_crossing",
    "pareto_step",
    "ref_band",
    "vram_lines",
]

_A = TypeVar("_A", bound=Artist)
_Floats = NDArray[np.float64]


def pareto_step(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    *,
    sense: Sense = ("min", "min"),
    extend: bool = True,
    shade: bool = False,
    **line_props: Any,
) -> ParetoStep:
    """Draw the staircase through the non-dominated points of x and y.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    x, y : array-like, shape (n,)
        The points, dominated ones included.
    sense : pair of {"min", "max"}, default: ("min", "min")
        Whether lower or higher is better, along x and along y.
    extend : bool, default: True
        Whether the staircase reaches the edges of the view.
    shade : bool, default: False
        Whether to shade what the front dominates, too, in the line's colour.
    **line_props
        Properties of `~matplotlib.lines.Line2D`.

    Returns
    -------
    ParetoStep

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> pareto_step(ax, [1, 2, 3], [3, 4, 1]).front_indices
    array([0, 2])
    """
    front = ParetoStep(x, y, sense=sense, extend=extend, **line_props)
    _add_line(ax, front)
    if shade:
        dominated_region(ax, x, y, sense=sense, facecolor=front.get_color())
    return front


def dominated_region(
    ax: Axes, x: ArrayLike, y: ArrayLike, *, sense: Sense = ("min", "min"), **patch_props: Any
) -> DominatedRegion:
    """Shade what the points dominate, to the edges of the view.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    x, y : array-like, shape (n,)
        The points, dominated ones included.
    sense : pair of {"min", "max"}, default: ("min", "min")
        Whether lower or higher is better, along x and along y.
    **patch_props
        Properties of `~matplotlib.patches.Patch`.

    Returns
    -------
    DominatedRegion

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> dominated_region(ax, [0.5], [0.5], hatch="/").get_hatch()
    '/'
    """
    return _add(ax, DominatedRegion(x, y, sense=sense, **patch_props))


def attainment_band(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    runs: ArrayLike,
    *,
    quantiles: tuple[float, float, float] = (0.25, 0.5, 0.75),
    sense: Sense = ("min", "min"),
    extend: bool = True,
    **line_props: Any,
) -> AttainmentBand:
    """Draw the front that repeated runs attain: the median's, with a band between the quartiles'.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    x, y : array-like, shape (n,)
        The points of all runs.
    runs : array-like, shape (n,)
        Which run (seed) each point is of.
    quantiles : (float, float, float), default: (0.25, 0.5, 0.75)
        The fractions of the runs that attain the surfaces, ascending.
    sense : pair of {"min", "max"}, default: ("min", "min")
        Whether lower or higher is better, along x and along y.
    extend : bool, default: True
        Whether the surfaces reach the edges of the view.
    **line_props
        Properties of `~matplotlib.lines.Line2D`, and *band_alpha*.

    Returns
    -------
    AttainmentBand

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> attainment_band(ax, [1, 2, 3], [5, 5, 5], runs=["a", "b", "c"]).get_front().tolist()
    [[2.0, 5.0]]
    """
    band = AttainmentBand(x, y, runs, quantiles=quantiles, sense=sense, extend=extend, **line_props)
    return _add_line(ax, band)


def vram_lines(
    ax: Axes,
    devices: Iterable[Device] = ("RTX 4090", "A100 40GB", "H100"),
    *,
    unit: str = "GB",
    axis: Literal["x", "y"] = "x",
    labels: bool | Mapping[str, Any] = True,
    **line_props: Any,
) -> VRAMReferenceLines:
    """Draw labelled lines at the memory of accelerators. They leave the limits alone.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    devices : iterable of (str, float or (str, float)), optional
        Names in `mpl_dantinox.devices.DEVICES`, numbers of GB, or pairs of label and GB.
    unit : str, default: "GB"
        The unit of the axis: B, kB, MB, GB, TB, KiB, MiB, GiB or TiB.
    axis : {"x", "y"}, default: "x"
        The axis that shows memory.
    labels : bool or dict, default: True
        Whether the lines have labels; a dict is taken for properties of `~matplotlib.text.Text`.
    **line_props
        Properties of `~matplotlib.lines.Line2D`.

    Returns
    -------
    VRAMReferenceLines

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> vram_lines(ax, ["H100", 16], unit="MB").get_values().tolist()
    [16000.0, 80000.0]
    """
    return _add(ax, VRAMReferenceLines(devices, unit=unit, axis=axis, labels=labels, **line_props))


def ref_band(
    ax: Axes,
    value: Any,
    *,
    spread: float | tuple[float, float] | None = None,
    relative: bool = False,
    interval: tuple[Any, Any] | None = None,
    axis: Literal["x", "y"] = "y",
    label: str | None = None,
    **props: Any,
) -> RefBand:
    """Draw a reference value with its band across the Axes. It leaves the limits alone.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    value : float
        Where the line is.
    spread : float or (float, float), optional
        How far the band reaches below and above *value*.
    relative : bool, default: False
        Whether *spread* is a fraction of *value*.
    interval : (float, float), optional
        The ends of the band, instead of *spread*.
    axis : {"y", "x"}, default: "y"
        The axis that *value* is on.
    label : str, optional
        The name in the legend.
    **props
        Properties of `~matplotlib.lines.Line2D`, and *band_alpha*.

    Returns
    -------
    RefBand

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> ref_band(ax, 2.0, spread=0.5, label="MHA").get_interval()
    (1.5, 2.5)
    """
    band = RefBand(
        value,
        spread=spread,
        relative=relative,
        interval=interval,
        axis=axis,
        label=label,
        **props,
    )
    return _add(ax, band)


def ideal_corner(
    ax: Axes, *, sense: Sense = ("min", "min"), text: str = "ideal", **text_props: Any
) -> IdealCorner:
    """Point an arrow at the corner where both values are best, clear of the data.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    sense : pair of {"min", "max"}, default: ("min", "min")
        Whether lower or higher is better, along x and along y.
    text : str, default: "ideal"
        The word at the arrow.
    **text_props
        Properties of `~matplotlib.text.Text`.

    Returns
    -------
    IdealCorner

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> ideal_corner(ax, sense=("min", "max")).get_sense()
    ('min', 'max')
    """
    return _add(ax, IdealCorner(sense=sense, text=text, **text_props))


def end_labels(
    ax: Axes,
    lines: Iterable[Line2D] | None = None,
    *,
    labels: Sequence[str] | None = None,
    **text_props: Any,
) -> EndLabels:
    """Label lines at their right ends, in their colours, with no label on another.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    lines : iterable of `~matplotlib.lines.Line2D`, optional
        The lines; by default those of the Axes that have a label for the legend.
    labels : sequence of str, optional
        Their labels; by default those that they have for the legend.
    **text_props
        Properties of `~matplotlib.text.Text`.

    Returns
    -------
    EndLabels

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> _ = ax.plot([1, 2], [3, 4], label="MLA")
    >>> end_labels(ax).get_texts()
    ['MLA']
    """
    if lines is None:
        lines = [
            line
            for line in ax.lines
            if not str(line.get_label() or "_").startswith("_")
            and not isinstance(line, VRAMReferenceLines)
        ]
    return _add(ax, EndLabels(lines, labels, **text_props))


def callout(ax: Axes, xy: tuple[Any, Any], text: str, **props: Any) -> Callout:
    """Write a text beside a data point, where it lies on nothing.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    xy : (float, float)
        The point, in data coordinates.
    text : str
        The text, shown as it is.
    **props
        As `Callout` takes them.

    Returns
    -------
    Callout

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> callout(ax, (0.5, 0.5), "here").get_text()
    'here'
    """
    return _add(ax, Callout(xy, text, **props))


def mark_best(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    *,
    sense: Literal["min", "max"] = "min",
    text: str | None = None,
    **props: Any,
) -> Callout:
    """Mark the point with the best y, and say so beside it.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    x, y : array-like, shape (n,)
        The points; of equally good ones the first is marked.
    sense : {"min", "max"}, default: "min"
        Whether lower or higher is better.
    text : str, optional
        What to say; by default the coordinates, as the Axes writes them.
    **props
        As `Callout` takes them; *marker* is a circle by default.

    Returns
    -------
    Callout

    Raises
    ------
    ValueError
        If no point is finite, or *sense* is neither of its choices.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> mark_best(ax, [8, 16, 32], [3.0, 2.5, 2.75], text="best").get_xy()
    (16, 2.5)
    """
    if sense not in ("min", "max"):
        raise ValueError(f"sense is {sense!r}; expected 'min' or 'max'")
    given_x, x_numbers = numbers_of(x, "x")
    given_y, y_numbers = numbers_of(y, "y")
    heights: _Floats = np.ma.filled(np.ma.asarray(y_numbers, dtype=float), np.nan)
    along: _Floats = np.ma.filled(np.ma.asarray(x_numbers, dtype=float), np.nan)
    score = np.where(np.isfinite(heights) & np.isfinite(along), heights, np.nan)
    if not np.isfinite(score).any():
        raise ValueError("no point has two finite coordinates; expected at least one")
    best = int(np.nanargmin(score) if sense == "min" else np.nanargmax(score))
    point = (_scalar(given_x[best]), _scalar(given_y[best]))
    update_units(ax.xaxis, given_x)
    update_units(ax.yaxis, given_y)
    if text is None:
        text = f"{ax.format_xdata(along[best])}, {ax.format_ydata(heights[best])}".replace("  ", "")
    return callout(ax, point, text, **{"marker": "o", **props})


def mark_crossing(
    ax: Axes,
    line: Line2D | tuple[ArrayLike, ArrayLike],
    other: Line2D | tuple[ArrayLike, ArrayLike] | Any,
    *,
    which: Literal["all", "first", "last"] = "all",
    interpolate: Literal["data", "axes"] = "data",
    text: str | None = None,
    **props: Any,
) -> list[Callout]:
    """Mark where a line crosses another line or a level, with a dotted line down to the x axis.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    line : `~matplotlib.lines.Line2D` or (x, y)
        The line; its x must not turn back.
    other : `~matplotlib.lines.Line2D`, (x, y) or float
        The other line, or a level.
    which : {"all", "first", "last"}, default: "all"
        Which crossings to mark, from left to right.
    interpolate : {"data", "axes"}, default: "data"
        Between points, take the lines for straight in data, or as they are drawn on the scales
        that the Axes has now. The two differ on a log axis.
    text : str, optional
        What to say; by default the x of the crossing, as the Axes writes it.
    **props
        As `Callout` takes them.

    Returns
    -------
    list of Callout
        Empty where the lines do not cross within the reach of both.

    Raises
    ------
    ValueError
        If an x turns back, or an option is not one of its choices.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> crossing, = mark_crossing(ax, ([0, 10], [0, 5]), 2.0)
    >>> crossing.get_xy()
    (4.0, 2.0)
    """
    if which not in ("all", "first", "last"):
        raise ValueError(f"which is {which!r}; expected 'all', 'first' or 'last'")
    if interpolate not in ("data", "axes"):
        raise ValueError(f"interpolate is {interpolate!r}; expected 'data' or 'axes'")
    first = _points(ax, line, "line")
    is_level = not isinstance(other, Line2D | tuple | list)
    second = (
        np.column_stack([first[:, 0], np.full(len(first), float(_numbers(ax.yaxis, other)))])
        if is_level
        else _points(ax, other, "other")
    )
    if interpolate == "axes":
        first, second = (_finite(ax.transScale.transform(points)) for points in (first, second))
    found = crossings(first, second)
    if interpolate == "axes":
        found = ax.transScale.inverted().transform(found.reshape(-1, 2))
    chosen = {"all": found, "first": found[:1], "last": found[-1:]}[which]
    return [
        callout(
            ax,
            (float(x), float(y)),
            ax.format_xdata(x).strip() if text is None else text,
            **{"drop": "x", "marker": "o", **props},
        )
        for x, y in chosen
    ]


def crossings(first: _Floats, second: _Floats) -> _Floats:
    """Return where two lines cross or meet, shape (k, 2), from left to right.

    Where they coincide for a stretch, the left end of it counts.

    Parameters
    ----------
    first, second : array, shape (n, 2) and (m, 2)
        Points sorted along x.

    Examples
    --------
    >>> crossings(np.array([[0.0, 0], [2, 2]]), np.array([[0.0, 1], [2, 1]])).tolist()
    [[1.0, 1.0]]
    """
    x = np.union1d(first[:, 0], second[:, 0])
    if not (len(first) and len(second)):
        return np.empty((0, 2))
    x = x[(x >= max(first[0, 0], second[0, 0])) & (x <= min(first[-1, 0], second[-1, 0]))]
    y = np.interp(x, *first.T)
    gap = y - np.interp(x, *second.T)
    sign = np.sign(gap)
    meets = np.flatnonzero((sign == 0) & (np.append(1, sign[:-1]) != 0))
    between = np.flatnonzero(sign[:-1] * sign[1:] < 0)
    part = gap[between] / (gap[between] - gap[between + 1])
    found_x = np.concatenate([x[meets], x[between] + part * (x[between + 1] - x[between])])
    found = np.column_stack([found_x, np.interp(found_x, *first.T)])
    return found[np.argsort(found_x, kind="stable")]


def _points(ax: Axes, line: Any, name: str) -> _Floats:
    """Return the finite points of a line, sorted along x."""
    if isinstance(line, Line2D):
        x, y = line.get_data(orig=False)
    else:
        x, y = (_numbers(axis, v) for axis, v in zip((ax.xaxis, ax.yaxis), line, strict=True))
    points = _finite(
        np.column_stack([np.ma.filled(np.ma.asarray(v, float), np.nan) for v in (x, y)])
    )
    step = np.diff(points[:, 0])
    if (step < 0).any():
        if (step > 0).any():
            raise ValueError(f"the x of {name} turns back; expected it to rise or fall throughout")
        points = points[::-1]
    return points


def _numbers(axis: Any, values: Any) -> Any:
    return axis.convert_units(values)


def _finite(points: _Floats) -> _Floats:
    return points[np.isfinite(points).all(axis=1)]


def _scalar(value: Any) -> Any:
    """Return a number of numpy's as one of Python's, which print alike everywhere."""
    return value.item() if isinstance(value, np.number) else value


def _add(ax: Axes, artist: _A) -> _A:
    ax.add_artist(artist)
    return artist


_L = TypeVar("_L", bound=Line2D)


def _add_line(ax: Axes, line: _L) -> _L:
    """Add a line that holds data, as `~matplotlib.axes.Axes.plot` does."""
    ax.add_line(line)
    ax.autoscale_view()
    return line


class DantinoxAxes(Axes):
    """The Axes of ``projection="dantinox"``: an ordinary Axes whose methods include the helpers.

    Examples
    --------
    >>> import mpl_dantinox
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot(projection="dantinox")
    >>> ax.pareto_step([1, 2, 3], [3, 4, 1]).front_indices
    array([0, 2])
    """

    name = "dantinox"

    pareto_step = pareto_step
    dominated_region = dominated_region
    attainment_band = attainment_band
    vram_lines = vram_lines
    ref_band = ref_band
    ideal_corner = ideal_corner
    end_labels = end_labels
    callout = callout
    mark_best = mark_best
    mark_crossing = mark_crossing
