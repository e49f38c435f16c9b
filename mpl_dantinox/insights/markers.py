"""Runs as markers: areas, opacity, names beside them, keys, and what hovering tells."""

import textwrap
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.typing import ColorType

from mpl_dantinox.artists import Callout
from mpl_dantinox.contrast import legible
from mpl_dantinox.insights.cloud import Points, front_of
from mpl_dantinox.insights.hover import tell_on_hover
from mpl_dantinox.insights.looks import (
    DARK,
    Look,
    context_name,
    faint,
    named_in,
    page_color,
    pale,
)
from mpl_dantinox.insights.words import names
from mpl_dantinox.numbers import compact, number
from mpl_dantinox.pareto import Sense
from mpl_dantinox.units import NUMBER, Unit

__all__ = [
    "draw_markers", "group_keys", "kind_keys", "label_groups", "label_runs", "size_keys",
    "unit_area",
]  # fmt: skip

_MARKERS = {"dense": "o", "MoE": "^"}
# More labels, or letters, than these would crowd a panel.
_MOST_LABELS, _MOST_LETTERS = 12, 100
# Of more names than this, those that need a long leader are left out.
_FEW_NAMES = 8
# Letters on a line of a label.
_LONG = 24
# What is nearer to runs of others, as a share of the panel, cannot be told from them by a name.
_CLEAR = 0.04
# The diameter of a marker, in points, in which no slot can be seen in a crowd.
_TINY = 4.0
# More dominated runs than this are pixels in a file of vectors.
_MANY = 1_000
# Of more runs than this markers are smaller.
_FEW = 500
# Areas of keys that are nearer than this look alike.
_ALIKE = 2.0


def draw_markers(
    ax: Axes,
    points: Points,
    on_front: npt.NDArray[np.bool_],
    ends: Mapping[str, tuple[float, float]],
    unit: float,
    style: Mapping[str, Look],
    called: Mapping[str, str],
    units: Mapping[str, Unit],
) -> None:
    """Draw one collection per marker and standing; markers differ by kind and by group's sign."""
    area = _areas(points.params, ends, unit)
    many = np.count_nonzero(~on_front) > _MANY
    # The larger runs are behind. The same rows in another order are drawn in the same order.
    order = np.lexsort((points.quality, points.cost, -area))
    points, area, on_front = points[order], area[order], on_front[order]
    page, ink = page_color(ax), matplotlib.rcParams["text.color"]
    groups = [style[name] for name in points.names]
    dark = np.array([to_rgb(legible(look.color, page, DARK)) for look in groups])
    pale_ones = faint(np.array([to_rgb(look.color) for look in groups]), page)
    drawn: dict[PathCollection, Callable[[int], str]] = {}
    size = matplotlib.rcParams["lines.markersize"]
    for (look, tiny), mine in _alike(points, many & (area < _TINY**2), groups).items():
        for kind, marker in _MARKERS.items():
            of_kind = mine & ((points.moe == 1) == (kind == "MoE"))
            for standing, above in ((~on_front, 0), (on_front, 2)):
                these = of_kind & standing
                if not these.any():
                    continue
                colors = (dark if above else pale_ones)[points.group[these]]
                colors = colors if len(np.unique(colors, axis=0)) > 1 else colors[:1]
                # A slot on the front is closed by its edges, so that no line shows through.
                shape = look.marker(marker, thick=0.04 if above else 0.09)
                markers = ax.scatter(
                    points.cost[these], points.quality[these], area[these],
                    facecolors="none" if look.hollow else colors,
                    edgecolors=colors if look.hollow else ink if above else page,
                    linewidths=0 if tiny and not above else (0.25 if look.hollow else 0.1) * size,
                    marker=shape, zorder=2 + above, gid="front" if above else "dominated",
                    rasterized=not above and many,
                )  # fmt: skip
                drawn[markers] = partial(_named, points[these], kind, called, units)
    tell_on_hover(ax, drawn)


def _alike(
    points: Points, is_tiny: npt.NDArray[np.bool_], groups: Sequence[Look]
) -> dict[tuple[Look, bool], npt.NDArray[np.bool_]]:
    """Return which runs have markers of one look, and whether these are tiny; in drawing order.

    The context is behind all others, then the groups by size. Tiny markers have no sign of their
    group but their colour, and are in no group's order.
    """
    sizes = np.bincount(points.group, minlength=len(groups))
    signs: dict[tuple[Look, bool], npt.NDArray[np.bool_]] = {}
    for tiny in (False, True):
        for code in np.argsort(-sizes, kind="stable"):
            look = groups[code]
            plain = replace(look, color="", linestyle="", slot=None if tiny else look.slot)
            which = (points.group == code) & (is_tiny == tiny)
            key = (plain, tiny)
            signs[key] = signs.get(key, False) | which
    return dict(sorted(signs.items(), key=lambda item: not item[0][0].context))


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


def unit_area(ax: Axes, n: int) -> float:
    """Return the area of a marker of middling size, smaller in a small panel, and of many."""
    inches = min(ax.bbox.size) / ax.figure.dpi
    size: float = matplotlib.rcParams["lines.markersize"] * np.clip(inches / 2.5, 0.5, 1)
    return size**2 * float(np.clip(np.sqrt(_FEW / n), 0.3, 1))


def _areas(
    params: npt.ArrayLike, ends: Mapping[str, tuple[float, float]], unit: float
) -> npt.NDArray[Any]:
    """Return marker areas proportional to the parameters, with a floor that stays visible."""
    largest = ends.get("params", (0.0, 0.0))[1]
    if largest <= 0:
        return np.full(np.shape(params), unit)
    return np.asarray(np.maximum(4.0 * np.nan_to_num(params) / largest, 0.5) * unit)


def label_groups(
    ax: Axes,
    front: Sequence[tuple[str, float, float]],
    points: Points,
    groups: Iterable[str],
    sense: Sense,
    style: Mapping[str, Look],
) -> None:
    """Name the groups beside their runs, as long as there is room.

    *front* has the group and the place of each run on the front, in order. Each stretch that one
    group holds is named; where there are too many stretches, each group once, and of too many
    groups those that hold most. A group that is not on the front is named on its own front, if it
    is clear of runs of others. Of the runs there the name stands at that which is farthest from
    these.
    """
    front = [run for run in front if not style[run[0]].context]
    held = Counter(g for g, _, _ in front)
    stretches = [list(runs) for _, runs in groupby(front, key=lambda run: run[0])]
    whole = [[run for run in front if run[0] == g] for g, _ in held.most_common()]
    own = []
    for g in named_in(groups, style):
        if g not in held:
            mine = points[points.group == points.names.index(g)]
            mine = mine[front_of(mine, sense)]
            own.append([(g, c, q) for c, q in zip(mine.cost, mine.quality, strict=True)])
    chosen = [*stretches, *own]
    if not _fit(chosen):
        chosen = [*whole, *own]
    while not _fit(chosen):
        chosen.pop()
    # Groups that hold one point together have one label there.
    named = {_apart(ax, runs, points): None for runs in chosen}
    for (g, cost, quality), away in named:
        if g in held:
            away = _ahead(sense)
        elif np.hypot(*away) < _CLEAR:
            continue
        _label(ax, (cost, quality), g, style[g].color, weight="bold", prefer=away)


def _ahead(sense: Sense) -> tuple[float, float]:
    """Return the way to the better corner: no run is there that a name could be taken for."""
    right, up = (-1.0 if better == "min" else 1.0 for better in sense)
    return right, up


def _fit(held: Sequence[Sequence[tuple[str, float, float]]]) -> bool:
    """Return whether a panel has room for a label of each of these."""
    return len(held) <= _MOST_LABELS and sum(len(runs[0][0]) for runs in held) <= _MOST_LETTERS


def _apart(
    ax: Axes, runs: Sequence[tuple[str, float, float]], points: Points
) -> tuple[tuple[str, float, float], tuple[float, float]]:
    """Return that of a group's runs which is farthest from those of others, and which way."""
    to_page = ax.transScale + ax.transLimits
    others = points.group != points.names.index(runs[0][0])
    theirs = to_page.transform(np.column_stack([points.cost, points.quality])[others])
    if not len(theirs):
        return runs[len(runs) // 2], (1.0, 1.0)
    mine = to_page.transform([run[1:] for run in runs])
    nearest = [theirs[np.hypot(*(theirs - place).T).argmin()] for place in mine]
    away = np.round(mine - nearest, 6)
    best = int(np.hypot(*away.T).argmax())
    right, up = away[best].tolist()
    return runs[best], (right, up)


def label_runs(
    ax: Axes,
    runs: Iterable[tuple[str, str | None, float, float]],
    sense: Sense,
    style: Mapping[str, Look],
) -> None:
    """Name runs, each given by its group, its name and its place, as long as there is room.

    Neighbours of one name are named once, at the middle one.
    """
    named = [list(same) for name, same in groupby(runs, key=lambda run: run[1]) if name]
    kind = _NearName if len(named) > _FEW_NAMES else Callout
    for together in named:
        g, name, cost, quality = together[len(together) // 2]
        colors = {style[group].color for group, *_ in together}
        color = style[g].color if len(colors) == 1 else matplotlib.rcParams["text.color"]
        _label(ax, (cost, quality), str(name), color, kind, prefer=_ahead(sense))


class _NearName(Callout):
    """A name that is left out where there is no room near its run: of many, long leaders tangle."""

    _distances = Callout._distances[:5]


def _label(
    ax: Axes,
    place: tuple[float, float],
    text: str,
    color: ColorType,
    kind: type[Callout] = Callout,
    **props: Any,
) -> None:
    # More contrast than text needs, for it may have to lie on faint runs.
    color = legible(color, page_color(ax), 6.0)
    broken = textwrap.fill(text, _LONG, break_long_words=False)
    ax.add_artist(kind(place, broken, color=color, optional=True, **props))


def group_keys(groups: Collection[str], style: Mapping[str, Look]) -> list[Line2D]:
    """Return legend keys for the groups that are in the panel; those of the context have one."""
    keys = []
    for g in named_in(groups, style):
        look = style[g]
        color = legible(look.color, page_color(), DARK)
        inside, edge = ("none", color) if look.hollow else (color, "none")
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
    scale, letter = next(
        (s, k) for s, k in ((1e6, "T"), (1e3, "B"), (1, "M")) if params >= s or s == 1
    )
    return f"{compact(params / scale)} {letter}"


def size_keys(ends: Mapping[str, tuple[float, float]], unit: float) -> list[Line2D]:
    """Return legend keys of the smallest and the largest marker, or one of both if they look alike.

    There is none where all areas are the same.
    """
    params = ends.get("params", (0.0, 0.0))
    areas = _areas(params, ends, unit)
    if areas[0] == areas[1]:
        return []
    words = [_size(params[0]), f"{_size(params[1])} parameters"]
    if areas[1] < _ALIKE * areas[0]:
        areas, words = areas[1:], [f"{words[0]} to {words[1]}"]
    ring = {"marker": "o", "markerfacecolor": "none", "markeredgecolor": pale(0.6)}
    width = matplotlib.rcParams["axes.linewidth"]
    return [
        _key(w, markersize=np.sqrt(a), markeredgewidth=max(width, 0.5), **ring)
        for a, w in zip(areas, words, strict=True)
    ]
