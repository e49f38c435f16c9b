"""Artists to drop into any figure, each with the legend handler that draws its key."""

from typing import Any

from matplotlib.legend_handler import HandlerBase

#: What the registry hands to matplotlib: the artist's class and how its legend key is drawn.
LEGEND_HANDLERS: dict[type[Any], HandlerBase] = {}

__all__ = ["LEGEND_HANDLERS"]
