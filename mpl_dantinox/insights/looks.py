"""How the groups of a table are told apart: colour first, and a second sign beside it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like, to_hex, to_rgb, to_rgba
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from matplotlib.typing import ColorType

from mpl_dantinox.contrast import at_contrast
from mpl_dantinox.nearest import advice
from mpl_dantinox.tables.errors import RunsError

__all__ = [
    "DARK", "FAINT", "ORDER", "Look", "context_name", "faint", "in_order", "looks", "named_in",
    "page_color", "pale",
]  # fmt: skip

#: The groups that have a place of their own in the cycle, whichever others the table has.
ORDER = ("MLA", "GQA", "MHA")

#: Contrast with the page of a run on the front, at least, and of a dominated one.
DARK, FAINT = 3.0, 2.0

# Of more groups than this, those that matter have colours.
_MOST_COLORS = 8
# The colours of a cycle that are greyer than this look like the context.
_GREY = 0.12

# Line styles, and the slots of markers.
_SIGNS: list[tuple[Any, float | None]] = [
    ("-", None),
    ((0, (6, 1.5)), 0),
    ((0, (4, 1.5, 1, 1.5)), 90),
    ((0, (2, 1)), 45),
    ((0, (8, 1.5, 1, 1.5, 1, 1.5)), -45),
]
# A square of size one, the other way round than its outline, so that it is a hole.
_SLOT = np.array([(-1, -1), (-1, 1), (1, 1), (1, -1), (-1, -1)]) / 2


@dataclass(frozen=True)
class Look:
    """Colour, line style and marker of one group.

    Markers differ by the slot that is cut out of them: its angle in degrees, None for no slot. A
    marker is hollow where the colours have come round again. Groups that are `context` look alike,
    and are not named.
    """

    color: ColorType
    linestyle: Any
    slot: float | None
    hollow: bool
    context: bool = False

    @property
    def weight(self) -> float:
        """How thick its line is, in those of others."""
        return 0.4 if self.context else 1.0

    def marker(self, shape: str, *, thick: float = 0.09) -> Path:
        """Return matplotlib's marker of a shape, with the group's slot cut out of it."""
        style = MarkerStyle(shape)
        outline = style.get_path().transformed(style.get_transform())
        if self.slot is None:
            return outline
        # In the middle of the area; a polygon ends where it begins.
        middle = np.asarray(outline.to_polygons()[0])[:-1].mean(axis=0)
        slot = (
            Affine2D().scale(0.4, thick).rotate_deg(self.slot).translate(*middle).transform(_SLOT)
        )
        return Path.make_compound_path(outline, Path(slot, closed=True))


def in_order(groups: Iterable[str]) -> list[str]:
    """Return the groups as figures list them: the known ones first, then the others by name.

    Examples
    --------
    >>> in_order({"GQA-16", "MHA", "MLA", "GQA-8"})
    ['MLA', 'MHA', 'GQA-8', 'GQA-16']
    """
    groups = set(groups)
    return [g for g in ORDER if g in groups] + sorted(groups.difference(ORDER), key=_by_number)


def _by_number(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return what sorts names, with the numbers in them by size."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", name)
    return [(int(digits or -1), text) for digits, text in parts], name


def looks(
    groups: Iterable[str],
    matter: Collection[str] = (),
    *,
    highlight: Collection[str] = (),
    colors: Mapping[str, ColorType] = MappingProxyType({}),
) -> Mapping[str, Look]:
    """Return each group's look under the rcParams in force.

    *groups* are all of a table. Where there are more than eight, or some to highlight, those that
    *matter*, that have a colour given, or to highlight, have colours, and the others are context. A
    known group keeps its colour when another one is missing.
    """
    groups = in_order(groups)
    for g in highlight:
        if g not in groups:
            raise RunsError(f"no group {g!r} to highlight; {advice(g, groups)}")
    for g, color in colors.items():
        if not is_color_like(color):
            raise RunsError(f"colors[{g!r}] is no color: {color!r}")
    known = {*highlight, *matter, *colors}.intersection(groups)
    if not highlight and len(groups) <= _MOST_COLORS:
        known = set(groups)
    named = [g for g in groups if g in known] or groups[:_MOST_COLORS]
    # The known ones have places of their own where there is one of them.
    keyed = [g for g in ORDER if not {*ORDER}.isdisjoint(named)]
    keyed += [g for g in named if g not in ORDER]
    cycle = matplotlib.rcParams["axes.prop_cycle"].by_key().get("color", ["C0"])
    if len(named) < len(groups):
        cycle = [color for color in cycle if np.ptp(to_rgb(color)) > _GREY] or cycle
    n = len(cycle)
    # Three signs on in each round, so that no colour comes again with what it came with before.
    style = {}
    for i, g in enumerate(keyed):
        color = to_hex(colors.get(g, cycle[i % n]))
        style[g] = Look(color, *_SIGNS[(i % n + 3 * (i // n)) % len(_SIGNS)], i // n % 2 == 1)
    context = Look(pale(0.35), "-", None, False, context=True)
    return {g: style.get(g, context) if g in named else context for g in groups}


def named_in(groups: Iterable[str], style: Mapping[str, Look]) -> list[str]:
    """Return those of groups that are named in a figure."""
    return [g for g in groups if not style[g].context]


def context_name(groups: Collection[str], style: Mapping[str, Look]) -> str:
    """Return what those of groups are called together that have no look of their own."""
    others = [g for g in groups if style[g].context]
    return f"{len(others)} other groups" if len(others) > 1 else "".join(others)


def pale(share: float, color: ColorType | None = None) -> ColorType:
    """Return a colour, by default that of text, of which so much is mixed into the page's."""
    ink = to_rgb(matplotlib.rcParams["text.color"] if color is None else color)
    red, green, blue = (
        share * i + (1 - share) * p for i, p in zip(ink, to_rgb(page_color()), strict=True)
    )
    return red, green, blue


def faint(
    colors: npt.NDArray[np.float64], page: ColorType, ratio: float | npt.NDArray[np.float64] = FAINT
) -> npt.NDArray[np.float64]:
    """Return colours, shape (..., 3), half of them grey, at a contrast with the page."""
    dull = (colors + colors.mean(axis=-1, keepdims=True)) / 2
    return at_contrast(dull, page, ratio)


def page_color(ax: Axes | None = None) -> ColorType:
    """Return the colour behind the data of an Axes, or of those that the rcParams make."""
    colors = [matplotlib.rcParams[key] for key in ("axes.facecolor", "figure.facecolor")]
    if ax is not None:
        colors = [one.patch.get_facecolor() for one in (ax, ax.figure, ax.figure.canvas.figure)]
    for color in colors:
        red, green, blue, alpha = to_rgba(color)
        if alpha:
            return red, green, blue
    return "white"
