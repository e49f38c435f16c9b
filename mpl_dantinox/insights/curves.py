"""Curves of groups: a line and a band each, and beside them their ratios to a baseline."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mpl_dantinox.axes import ref_band
from mpl_dantinox.insights.looks import Look, pale
from mpl_dantinox.insights.page import Page, may_be_log
from mpl_dantinox.insights.ratios import ComparedFacts, Interval
from mpl_dantinox.numbers import compact
from mpl_dantinox.ticks import log_by_data, readable_ticks

__all__ = ["Curve", "draw_curves", "key_to_curves"]

# Areas of more groups than this would mix to another colour; more whiskers have no room; edges of
# more bands would be a mesh.
_MOST_AREAS, _MOST_WHISKERS, _MOST_EDGES = 3, 6, 8
# The width that a whisker takes beside a panel, as a share of it.
_BESIDE = 0.03

_Floats = npt.NDArray[np.float64]


class Curve(NamedTuple):
    """What is drawn of one group: places along x, a line, and the edges of a band if it has one.

    What is zero is not drawn: what serves nothing has no place among what serves.
    """

    x: _Floats
    middle: _Floats
    low: _Floats | None = None
    high: _Floats | None = None


def key_to_curves(facts: ComparedFacts, bands: str | None) -> list[str]:
    """Return the sentences on what is drawn: bands, if there are any, whiskers and ratios."""
    are = "Bands" if len(facts.groups) <= _MOST_AREAS else "Thin lines"
    # The quartiles of a single run are no band.
    has = len(facts.groups) <= _MOST_EDGES and any(s.n > 1 for s in facts.groups.values())
    words = [
        f"{are}: {bands}." if bands and has else "",
        "Whiskers: 95% intervals." if _intervals(facts) else "",
        facts.which_runs(),
    ]
    return [sentence for sentence in words if sentence]


def _intervals(facts: ComparedFacts) -> dict[str, Interval]:
    """Return the intervals of ratios that are drawn: of few groups all, of many none."""
    found = facts.ratios().items() if len(facts.groups) <= _MOST_WHISKERS else ()
    return {g: r.interval for g, r in found if r.interval is not None}


def draw_curves(
    page: Page,
    facts: ComparedFacts,
    curves: Mapping[str, Curve],
    role: str,
    label: str,
    unit: str = "tok/s",
    guides: Sequence[float] = (),
) -> None:
    """Draw a line and a band for each group, and beside them their ratios to the baseline.

    Lines are named at their ends. The role of what is on y says whether its axis is logarithmic;
    guides are ratios with a pale line, and their value at its end.
    """
    ax = page.axes["throughput"]
    lines = {g: _line(ax, g, c.x, c.middle, page.style[g]) for g, c in curves.items()}
    for g, (x, _, low, high) in curves.items():
        look = page.style[g]
        if low is None or high is None or len(curves) > _MOST_EDGES:
            continue
        if len(curves) <= _MOST_AREAS:
            ax.fill_between(x, low, high, color=look.color, alpha=0.12, linewidth=0)
            continue
        ax.plot(
            x, np.transpose([low, high]), label="_edge", color=pale(0.6, look.color), zorder=1.9,
            linestyle=look.linestyle, linewidth=0.4 * matplotlib.rcParams["lines.linewidth"],
        )  # fmt: skip
    drawn = np.concatenate([c.middle[c.middle > 0] for c in curves.values()])
    if drawn.size:
        page.scale(ax.yaxis, role, drawn)
    else:
        ax.set(ylim=(0, 1), yticks=[0])
    page.name_ends(ax, lines, {g: f"{g} ({s.n:,})" for g, s in facts.groups.items()})
    ax.set_ylabel(f"{label} ({unit})", parse_math=False)
    if "ratio" in page.axes:
        _draw_ratios(page, facts, curves, guides)
        page.axes["ratio"].set_ylabel(f"{label} relative to {facts.baseline}", parse_math=False)


def _draw_ratios(
    page: Page, facts: ComparedFacts, curves: Mapping[str, Curve], guides: Sequence[float]
) -> None:
    """Draw each group's line over the baseline's, and its ratio's interval beside the panel."""
    baseline, ratios, intervals = str(facts.baseline), facts.ratios(), _intervals(facts)
    ax, base = page.axes["ratio"], curves[baseline]
    lines, values = {}, [1.0]
    for g, r in facts.compared().items():
        if r.value:
            x = np.intersect1d(curves[g].x, base.x)
            above, below = (_above_zero(c.middle[np.isin(c.x, x)]) for c in (curves[g], base))
            # Of matched runs the ratio is another one at the end, by the same factor as elsewhere.
            ratio = above / below * (r.value * below[-1] / above[-1])
            lines[g] = _line(ax, g, x, ratio, page.style[g])
            values += [r.value, *intervals.get(g, ())]
    readable_ticks(ax.yaxis, log=log_by_data(values) and may_be_log(ax.yaxis))
    low, high = ax.get_ylim()
    # Whiskers stand beside the panel, and are in view.
    ax.set_ylim(min(low, 0.9, 0.97 * min(values)), max(high, 1.1, 1.03 * max(values)))
    where = [ax]
    width = _BESIDE * (len(intervals) + 1)
    places = np.arange(1, len(intervals) + 1) / (len(intervals) + 1)
    if page.body is None:
        # Beside the caller's Axes there is no room, for whiskers nor for names of guides.
        guides = ()
        # At the left of ratios that are the same everywhere, for names of devices are at the right.
        drawn = [np.asarray(line.get_ydata(), float) for line in lines.values()]
        is_same = all(np.allclose(ratio, ratio[-1]) for ratio in drawn)
        places = width * places
        _draw_whiskers(ax, places if is_same else 1 - places[::-1], intervals, page.style)
    elif intervals:
        beside = ax.inset_axes((1, 0, width, 1), sharey=ax, frame_on=False)
        beside.xaxis.set_visible(False)
        beside.yaxis.set_visible(False)
        _draw_whiskers(beside, places, intervals, page.style)
        # What carries the labels past them.
        thin = 0.3 * matplotlib.rcParams["lines.linewidth"]
        across: Any = {"transform": beside.get_yaxis_transform(), "linewidth": thin}
        for g, line in lines.items():
            ends = [ratios[g].value] * 2
            (lines[g],) = beside.plot([0, 1], ends, color=line.get_color(), **across)
        where.append(beside)
    for one in where:
        unity = ref_band(one, 1.0, color=page.style[baseline].color)
        guided = [ref_band(one, v, color=pale(0.25), linewidth=0.8, zorder=0.9) for v in guides]
    labels = {g: f"{g} {r} ({r.n:,})" for g, r in ratios.items()}
    marks = {labels[baseline]: unity}
    marks |= zip([f"{compact(v)}×" for v in guides], guided, strict=True)
    page.name_ends(where[-1], lines, labels, marks)


def _draw_whiskers(
    ax: Axes, places: _Floats, intervals: Mapping[str, Interval], style: Mapping[str, Look]
) -> None:
    """Draw intervals at places across an Axes."""
    for x, (g, ends) in zip(places, intervals.items(), strict=True):
        ax.plot(
            [x, x], ends, transform=ax.get_yaxis_transform(), color=style[g].color, marker="_",
            linewidth=0.6 * matplotlib.rcParams["lines.linewidth"], label="_interval",
        )  # fmt: skip


def _line(ax: Axes, g: str, x: _Floats, y: _Floats, look: Look) -> Line2D:
    """Draw a group's line; those of the context are thin, and behind the others."""
    (line,) = ax.plot(
        x, _above_zero(y), label=g, color=look.color, linestyle=look.linestyle,
        linewidth=look.weight * matplotlib.rcParams["lines.linewidth"],
        zorder=1.8 if look.context else 2,
    )  # fmt: skip
    return line


def _above_zero(values: _Floats) -> _Floats:
    return np.where(values > 0, values, np.nan)
