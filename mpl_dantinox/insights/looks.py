"""How the groups of a table are told apart: colour first, and a second sign beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.typing import ColorType

__all__ = ["ORDER", "Look", "in_order", "looks"]

#: The groups that have a place of their own in the cycle, whichever others the table has.
ORDER = ("MLA", "GQA", "MHA")

_LINES = ["-", (0, (6, 1.5)), (0, (4, 1.5, 1, 1.5)), (0, (2, 1)), (0, (8, 1.5, 1, 1.5, 1, 1.5))]


@dataclass(frozen=True)
class Look:
    """Colour, line style and marker of one group.

    A marker is hollow where the colours have come round again.
    """

    color: ColorType
    linestyle: Any
    hollow: bool


def in_order(groups: Iterable[str]) -> list[str]:
    """Return the groups as figures list them: the known ones first, then the others by name.

    Examples
    --------
    >>> in_order({"TPA", "MHA", "MLA", "CLA"})
    ['MLA', 'MHA', 'CLA', 'TPA']
    """
    groups = set(groups)
    return [g for g in ORDER if g in groups] + sorted(groups.difference(ORDER))


def looks(groups: Iterable[str]) -> Mapping[str, Look]:
    """Return each group's look under the rcParams in force.

    A known group keeps its colour when another one is missing. Line styles come five to a round and
    so still differ where more groups than colours make a colour come again.
    """
    keyed = [*ORDER, *(g for g in in_order(groups) if g not in ORDER)]
    colors = matplotlib.rcParams["axes.prop_cycle"].by_key().get("color", ["C0"])
    wanted = set(groups)
    return {
        g: Look(colors[i % len(colors)], _LINES[i % len(_LINES)], i // len(colors) % 2 == 1)
        for i, g in enumerate(keyed)
        if g in wanted
    }
