"""Curves of groups: a line and a band each, and beside them their ratios to a baseline."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mpl_dantinox.axes import ref_band
from mpl_dantinox.insights.looks import Look, pale
from mpl_dantinox.insights.page import Page
from mpl_dantinox.insights.ratios import Interval, Ratio
from mpl_dantinox.numbers import compact, times
from mpl_dantinox.ticks import log_by_data, readable_ticks

__all__ = ["Curve", "bands_are", "draw_curves", "draw_ratios", "ratio_panels", "whiskers"]

# Areas of more groups than this would mix to another colour; more whiskers have no room; edges of
# more bands would be a mesh.
_MOST_AREAS, _MOST_WHISKERS, _MOST_EDGES = 3, 6, 8
# The width that a whisker takes beside a panel, as a share of it.
_BESIDE = 0.03

_Floats = npt.NDArray[np.float64]


class Curve(NamedTuple):
    """What is drawn of one group: places along x, a line, and the edges of a band if it has one."""

    x: _Floats
    middle: _Floats
    low: _Floats | None = None
    high: _Floats | None = None


def ratio_panels(first: str, baseline: str | None, groups: Collection[str]) -> list[str]:
    """Return the panels: the ratio's only where there is a baseline and another group."""
    return [first] if baseline is None or len(groups) == 1 else [first, "ratio"]


def bands_are(groups: Collection[str], what: str) -> str:
    """Return the sentence on the bands of groups: areas of few, their edges of more."""
    if len(groups) > _MOST_EDGES:
        return ""
    return f" {'Bands' if len(groups) <= _MOST_AREAS else 'Thin lines'}: {what}."


def draw_curves(
    page: Page, panel: str, curves: Mapping[str, Curve], runs: Mapping[str, int], role: str
) -> None:
    """Draw a line and a band for each group, and name the lines at their ends.

    Parameters
    ----------
    page : Page
    panel : str
    curves : dict of str to Curve
        By group; what is zero is left out.
    runs : dict of str to int
        How many runs each group has.
    role : str
        What is on y.
    """
    ax = page.axes[panel]
    lines = {g: _line(ax, g, c.x, _above_zero(c.middle), page.style[g]) for g, c in curves.items()}
    for g, (x, _, low, high) in curves.items():
        look = page.style[g]
        if low is None or high is None or len(curves) > _MOST_EDGES:
            continue
        if len(curves) <= _MOST_AREAS:
            ax.fill_between(x, low, high, color=look.color, alpha=0.12, linewidth=0)
            continue
        ax.plot(
            x, np.transpose([low, high]), label="_edge", color=pale(0.6, look.color), zorder=1.9,
            linestyle=look.linestyle, linewidth=0.4 * _line_width(),
        )  # fmt: skip
    page.scale(ax.yaxis, role, np.concatenate([c.middle[c.middle > 0] for c in curves.values()]))
    page.name_ends(ax, lines, {g: f"{g} ({n:,})" for g, n in runs.items()})


def whiskers(ratios: Mapping[str, Ratio]) -> dict[str, Interval]:
    """Return the intervals that are drawn: of few groups all, of many none."""
    if len(ratios) > _MOST_WHISKERS:
        return {}
    return {g: r.interval for g, r in ratios.items() if r.interval is not None}


def draw_ratios(
    page: Page,
    curves: Mapping[str, Curve],
    ratios: Mapping[str, Ratio],
    baseline: str,
    label: str,
    guides: Sequence[float] = (),
) -> None:
    """Draw each group's line over the baseline's, and beside the panel the interval of its ratio.

    Parameters
    ----------
    page : Page
        With a panel "ratio".
    curves : dict of str to Curve
        By group; the baseline's among them.
    ratios : dict of str to Ratio
        Of each group to the baseline, at the largest x.
    baseline : str
    label : str
        What the axis is called.
    guides : sequence of float
        Ratios with a pale line, and their value at its end.
    """
    ax, base, intervals = page.axes["ratio"], curves[baseline], whiskers(ratios)
    lines, values = {}, [1.0]
    for g in (g for g in curves if g != baseline and ratios[g].value):
        x = np.intersect1d(curves[g].x, base.x)
        above, below = (_above_zero(c.middle[np.isin(c.x, x)]) for c in (curves[g], base))
        told = ratios[g].value or 1.0
        # Of matched runs the ratio is another one at the end, by the same factor as elsewhere.
        ratio = above / below * (told * below[-1] / above[-1])
        lines[g] = _line(ax, g, x, ratio, page.style[g])
        values += [told, *intervals.get(g, ())]
    readable_ticks(ax.yaxis, log=log_by_data(values))
    low, high = ax.get_ylim()
    # Whiskers stand beside the panel, and are in view.
    ax.set_ylim(min(low, 0.9, 0.97 * min(values)), max(high, 1.1, 1.03 * max(values)))
    ax.set_ylabel(label, parse_math=False)
    where = [ax]
    width = _BESIDE * (len(intervals) + 1)
    places = width * np.arange(1, len(intervals) + 1) / (len(intervals) + 1)
    if page.body is None:
        # Beside the caller's Axes there is no room, for whiskers nor for names of guides.
        guides = ()
        # At the left of ratios that are the same everywhere, for names of devices are at the right.
        ratios_drawn = [np.asarray(line.get_ydata(), float) for line in lines.values()]
        is_same = all(np.allclose(drawn, drawn[-1]) for drawn in ratios_drawn)
        _draw_whiskers(ax, places if is_same else 1 - places[::-1], intervals, page.style)
    elif intervals:
        beside = ax.inset_axes((1, 0, width, 1), sharey=ax, frame_on=False)
        beside.xaxis.set_visible(False)
        beside.yaxis.set_visible(False)
        _draw_whiskers(beside, places / width, intervals, page.style)
        # What carries the labels past them.
        across: dict[str, Any] = {
            "transform": beside.get_yaxis_transform(),
            "linewidth": 0.3 * _line_width(),
        }
        lines = {
            g: beside.plot([0, 1], [ratios[g].value or 0] * 2, color=line.get_color(), **across)[0]
            for g, line in lines.items()
        }
        where.append(beside)
    for one in where:
        unity = ref_band(one, 1.0, color=page.style[baseline].color)
        guided = [ref_band(one, v, color=pale(0.25), linewidth=0.8, zorder=0.9) for v in guides]
    labels = {g: f"{g} {times(ratios[g].value or 0)} ({ratios[g].n:,})" for g in lines}
    marks = {f"{baseline} 1.00× ({ratios[baseline].n:,})": unity}
    marks |= zip([f"{compact(v)}×" for v in guides], guided, strict=True)
    page.name_ends(where[-1], lines, labels, marks)


def _draw_whiskers(
    ax: Axes, places: _Floats, intervals: Mapping[str, Interval], style: Mapping[str, Look]
) -> None:
    """Draw intervals at places across an Axes."""
    for x, (g, ends) in zip(places, intervals.items(), strict=True):
        ax.plot(
            [x, x], ends, transform=ax.get_yaxis_transform(), color=style[g].color, marker="_",
            linewidth=0.6 * _line_width(), label="_interval",
        )  # fmt: skip


def _line_width() -> float:
    return float(matplotlib.rcParams["lines.linewidth"])


def _line(ax: Axes, g: str, x: _Floats, y: _Floats, look: Look) -> Line2D:
    """Draw a group's line; those of the context are thin, and behind the others."""
    width, zorder = look.weight * _line_width(), 1.8 if look.context else 2
    (line,) = ax.plot(
        x, y, label=g, color=look.color, linestyle=look.linestyle, linewidth=width, zorder=zorder
    )
    return line


def _above_zero(values: _Floats) -> _Floats:
    """Return values, NaN for zero: what serves nothing has no place among what serves."""
    return np.where(values > 0, values, np.nan)
