"""Curves of groups: a line and a band each, and beside them their ratios to a baseline."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from mpl_dantinox.axes import ref_band
from mpl_dantinox.insights.looks import Look, pale
from mpl_dantinox.insights.page import Page
from mpl_dantinox.insights.ratios import Ratio
from mpl_dantinox.numbers import times

__all__ = ["MOST_BANDS", "Curve", "draw_curves", "draw_ratios", "ratio_panels"]

#: Bands of more groups than this would hide one another.
MOST_BANDS = 6

_Floats = npt.NDArray[np.float64]


class Curve(NamedTuple):
    """What is drawn of one group: places along x, a line, and the edges of a band."""

    x: _Floats
    middle: _Floats
    low: _Floats
    high: _Floats


def ratio_panels(first: str, baseline: str | None, groups: Collection[str]) -> list[str]:
    """Return the panels: the ratio's only where there is a baseline and another group."""
    return [first] if baseline is None or len(groups) == 1 else [first, "ratio"]


def draw_curves(
    page: Page,
    panel: str,
    curves: Mapping[str, Curve],
    runs: Mapping[str, int],
    style: Mapping[str, Look],
    role: str,
) -> None:
    """Draw a line and a band for each group, and name the lines at their ends.

    Parameters
    ----------
    page : Page
    panel : str
    curves : dict of str to Curve
        By group.
    runs : dict of str to int
        How many runs each group has.
    style : dict of str to Look
        By group.
    role : str
        What is on y.
    """
    ax = page.axes[panel]
    for g, curve in curves.items():
        look = style[g]
        ax.plot(curve.x, curve.middle, label=g, color=look.color, ls=look.linestyle)
        if len(curves) <= MOST_BANDS:
            ax.fill_between(
                curve.x, curve.low, curve.high, color=look.color, alpha=0.12, linewidth=0
            )
    # What is zero, such as what a budget too small serves, is no part of a logarithmic axis.
    drawn = np.concatenate([curve.middle[curve.middle > 0] for curve in curves.values()])
    page.scale(ax.yaxis, role, drawn)
    page.name_ends(ax, ax.get_lines(), [f"{g} ({runs[g]:,})" for g in curves])


def draw_ratios(
    ax: Axes,
    page: Page,
    curves: Mapping[str, Curve],
    ratios: Mapping[str, Ratio],
    baseline: str,
    style: Mapping[str, Look],
    role: str,
    label: str,
    *,
    whisker_x: Callable[[int], float],
    guides: tuple[float, ...] = (),
) -> None:
    """Draw each group's line over the baseline's, with the interval of its ratio at the end.

    Parameters
    ----------
    ax : Axes
    page : Page
    curves : dict of str to Curve
        By group; the baseline's among them.
    ratios : dict of str to Ratio
        Of each group to the baseline, at the largest x.
    baseline : str
    style : dict of str to Look
        By group.
    role, label : str
        What the ratio is of, and what its axis is called.
    whisker_x : function
        Where the whisker of the first group stands, the second, and so on.
    guides : tuple of float
        Ratios with a pale line.
    """
    base, values, labels, lines = curves[baseline], [1.0], [], []
    others = [g for g in curves if g != baseline]
    for place, g in enumerate(others, 1):
        x = np.intersect1d(curves[g].x, base.x)
        above, below = (c.middle[np.isin(c.x, x)] for c in (curves[g], base))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(below > 0, above / below, np.nan)
        color = style[g].color
        lines += ax.plot(x, ratio, color=color, ls=style[g].linestyle, label=g)
        labels.append(f"{g} {times(ratios[g].value or 0)} ({ratios[g].n:,})")
        values.append(ratios[g].value or 1.0)
        if (interval := ratios[g].interval) is not None:
            whisker = [end for end in interval if end is not None]
            ax.plot(
                [whisker_x(place)] * len(whisker), whisker, color=color, marker="_",
                linewidth=0.6 * matplotlib.rcParams["lines.linewidth"], label="_interval",
            )  # fmt: skip
            values += whisker
    page.scale(ax.yaxis, role, values)
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, 0.9), max(high, 1.1))
    for guide in guides:
        ref_band(ax, guide, color=pale(0.25), linewidth=0.8, zorder=0.9)
    ref_band(ax, 1.0, color=style[baseline].color)
    # A line without width, for the label.
    lines.append(ax.axhline(1.0, color=style[baseline].color, linewidth=0))
    ax.set_ylabel(label, parse_math=False)
    page.name_ends(ax, lines, [*labels, f"{baseline} 1.00×"])
