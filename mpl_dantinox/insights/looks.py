"""How the groups of a table are told apart: colour first, and a second sign beside it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from matplotlib.typing import ColorType

__all__ = ["ORDER", "Look", "in_order", "looks"]

#: The groups that have a place of their own in the cycle, whichever others the table has.
ORDER = ("MLA", "GQA", "MHA")

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
    marker is hollow where the colours have come round again.
    """

    color: ColorType
    linestyle: Any
    slot: float | None
    hollow: bool

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


def looks(groups: Iterable[str]) -> Mapping[str, Look]:
    """Return each group's look under the rcParams in force.

    A known group keeps its colour when another one is missing.
    """
    keyed = [*ORDER, *(g for g in in_order(groups) if g not in ORDER)]
    colors = matplotlib.rcParams["axes.prop_cycle"].by_key().get("color", ["C0"])
    wanted = set(groups)
    n = len(colors)
    # One sign further in each round, so that no colour comes again with what it came with before.
    return {
        g: Look(colors[i % n], *_SIGNS[(i + i // n) % len(_SIGNS)], i // n % 2 == 1)
        for i, g in enumerate(keyed)
        if g in wanted
    }
