"""Runs as markers: areas, opacity, names beside them, keys, and what hovering tells."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mpl_dantinox.axes import callout
from mpl_dantinox.contrast import legible
from mpl_dantinox.insights.cloud import Points, front_of
from mpl_dantinox.insights.hover import tell_on_hover
from mpl_dantinox.insights.looks import Look, context_name, named_in, pale
from mpl_dantinox.insights.words import names
from mpl_dantinox.numbers import compact, number
from mpl_dantinox.pareto import Sense
from mpl_dantinox.units import NUMBER, Unit

__all__ = ["FAINT", "draw_markers", "group_keys", "kind_keys", "label_groups", "size_keys"]

_MARKERS = {"dense": "o", "MoE": "^"}
# More labels, or letters, than these would crowd a panel.
_MOST_LABELS, _MOST_LETTERS = 12, 100
# Opacity of dominated runs and of runs on the front.
FAINT, _SOLID = 0.22, 0.90
# More dominated runs than this are pixels in a file of vectors.
_MANY = 1_000


def draw_markers(
    ax: Axes,
    points: Points,
    on_front: npt.NDArray[np.bool_],
    ends: Mapping[str, tuple[float, float]],
    style: Mapping[str, Look],
    called: Mapping[str, str],
    units: Mapping[str, Unit],
) -> None:
    """Draw one collection per group, marker and standing."""
    area = _areas(points.params, ends)
    many = np.count_nonzero(~on_front) > _MANY
    # The same rows in another order are drawn in the same order.
    order = np.lexsort((points.params, points.quality, points.cost))
    points, area, on_front = points[order], area[order], on_front[order]
    drawn, size = {}, matplotlib.rcParams["lines.markersize"]
    for code, g in enumerate(points.names):
        for kind, marker in _MARKERS.items():
            mine = (points.group == code) & ((points.moe == 1) == (kind == "MoE"))
            for standing, alpha, above in ((~on_front, FAINT, 0), (on_front, _SOLID, 2)):
                these = mine & standing
                if not these.any():
                    continue
                look = style[g]
                # A slot on the front is closed by its edges, so that no line shows through.
                path = look.marker(marker, thick=0.04 if above else 0.09)
                markers = ax.scatter(
                    points.cost[these], points.quality[these], area[these],
                    facecolors="none" if look.hollow else look.color,
                    edgecolors=look.color if look.hollow else "white",
                    linewidths=(0.25 if look.hollow else 0.1) * size, marker=path, alpha=alpha,
                    zorder=2 + above, gid="front" if above else "dominated",
                    rasterized=not above and many,
                )  # fmt: skip
                drawn[markers] = partial(_named, points[these], kind, called, units)
    tell_on_hover(ax, drawn)


def _named(
    points: Points, kind: str, called: Mapping[str, str], units: Mapping[str, Unit], index: int
) -> str:
    """Return what is said of the run under the mouse."""
    params = points.params[index]
    size = f", {_size(params)} parameters" if np.isfinite(params) else ""
    kind = f", {kind}" if points.moe[index] >= 0 else ""
    row = f" (row {points.row[index]})" if points.row[index] >= 0 else ""
    name = f"{points.run[index]}: " if points.run[index] else ""
    return (
        f"{name}{points.names[points.group[index]]}{kind}{size}{row}\n"
        f"{called['cost']} {units.get('cost', NUMBER).beside(compact(points.cost[index]))}, "
        f"{called['quality']} {units.get('quality', NUMBER).beside(number(points.quality[index]))}"
    )


def _areas(params: npt.ArrayLike, ends: Mapping[str, tuple[float, float]]) -> npt.NDArray[Any]:
    """Return marker areas proportional to the parameters, with a floor that stays visible."""
    unit = matplotlib.rcParams["lines.markersize"] ** 2
    largest = ends.get("params", (0.0, 0.0))[1]
    if largest <= 0:
        return np.full(np.shape(params), unit)
    areas: npt.NDArray[Any] = np.maximum(4.0 * np.nan_to_num(params) / largest, 0.5) * unit
    return areas


def label_groups(
    ax: Axes,
    front: Sequence[tuple[str, float, float]],
    points: Points,
    groups: Iterable[str],
    sense: Sense,
    style: Mapping[str, Look],
) -> None:
    """Name the groups beside their runs, as long as there is room.

    Parameters
    ----------
    ax : Axes
    front : sequence of (str, float, float)
        The group and the place of each run on the front, in order.
    points : Points
        All runs that are known to the panel.
    groups : iterable of str
        Those that have runs in the panel.
    sense : pair of {"min", "max"}
    style : dict of str to Look

    Notes
    -----
    On the front, each stretch that one group holds is named at the run in its middle; where there
    are too many stretches, each group once. A group that is not on the front is named at the middle
    of its own front.
    """
    holders = dict.fromkeys(g for g, _, _ in front)
    stretches = [list(runs) for _, runs in groupby(front, key=lambda run: run[0])]
    whole = [[run for run in front if run[0] == g] for g in holders]
    for held in (stretches, whole):
        # Groups that hold one point together have one label there.
        at = dict.fromkeys(runs[len(runs) // 2] for runs in held)
        for g in groups:
            if g not in holders:
                own = points[points.group == points.names.index(g)]
                own = own[front_of(own, sense)]
                middle = len(own.row) // 2
                at[g, float(own.cost[middle]), float(own.quality[middle])] = None
        if len(at) <= _MOST_LABELS and sum(len(g) for g, _, _ in at) <= _MOST_LETTERS:
            break
    else:
        return
    for g, cost, quality in at:
        # More contrast than text needs, for it may have to lie on faint runs.
        color = legible(style[g].color, ax.get_facecolor(), 6.0)
        callout(ax, (cost, quality), g, color=color, weight="bold", optional=True)


def group_keys(groups: Collection[str], style: Mapping[str, Look]) -> list[Line2D]:
    """Return legend keys for the groups that are in the panel; those of the context have one."""
    keys = []
    for g in named_in(groups, style):
        look = style[g]
        inside, edge = ("none", look.color) if look.hollow else (look.color, "none")
        keys.append(_key(g, marker=look.marker("o"), markerfacecolor=inside, markeredgecolor=edge))
    others = context_name(groups, style)
    return keys + ([_key(others, marker="o", color=pale(0.35))] if others else [])


def kind_keys(points: Points) -> list[Line2D]:
    """Return legend keys for the markers that are in the panel, where they differ."""
    if len(np.unique(points.moe == 1)) == 1:
        return []
    # What is not known to be MoE has the marker of dense runs.
    circles = {"dense": points.moe == 0, "unknown": points.moe < 0}
    dense = names([word for word, which in circles.items() if which.any()], "or")
    said = {"dense": dense, "MoE": "MoE"}
    return [_key(said[kind], marker=m, color=pale(0.6)) for kind, m in _MARKERS.items()]


def _key(label: str, **props: Any) -> Line2D:
    return Line2D([], [], linestyle="", label=label, **props)


def _size(params: float) -> str:
    """Return a number of millions of parameters in words."""
    return f"{compact(params)} M" if params < 1000 else f"{compact(params / 1000)} B"


def size_keys(ends: Mapping[str, tuple[float, float]]) -> list[Line2D]:
    """Return legend keys of the smallest and the largest marker, where areas differ."""
    params = ends.get("params", (0.0, 0.0))
    areas = _areas(params, ends)
    if areas[0] == areas[1]:
        return []
    words = (_size(params[0]), f"{_size(params[1])} parameters")
    ring = {"marker": "o", "markerfacecolor": "none", "markeredgecolor": pale(0.6)}
    return [_key(w, markersize=np.sqrt(a), **ring) for a, w in zip(areas, words, strict=True)]
