"""Artists to drop into any figure, each with the legend handler that draws its key."""

from typing import Any

from matplotlib.legend_handler import HandlerBase

from mpl_dantinox.artists.attainment_band import AttainmentBand, HandlerAttainmentBand
from mpl_dantinox.artists.callout import Callout
from mpl_dantinox.artists.dominated_region import DominatedRegion
from mpl_dantinox.artists.end_labels import EndLabels
from mpl_dantinox.artists.guide import Guide
from mpl_dantinox.artists.ideal_corner import IdealCorner
from mpl_dantinox.artists.legend_keys import HandlerGuide, HandlerLegendEntry, LegendEntry
from mpl_dantinox.artists.pareto_step import ParetoStep
from mpl_dantinox.artists.ref_band import HandlerRefBand, RefBand
from mpl_dantinox.artists.staircase import HandlerStaircase, Staircase
from mpl_dantinox.artists.vram_lines import VRAMReferenceLines

#: What the registry hands to matplotlib: the artist's class and how its legend key is drawn.
LEGEND_HANDLERS: dict[type[Any], HandlerBase] = {
    AttainmentBand: HandlerAttainmentBand(),
    Guide: HandlerGuide(),
    LegendEntry: HandlerLegendEntry(),
    RefBand: HandlerRefBand(),
    Staircase: HandlerStaircase(),
}

__all__ = [
    "LEGEND_HANDLERS",
    "AttainmentBand",
    "Callout",
    "DominatedRegion",
    "EndLabels",
    "Guide",
    "IdealCorner",
    "ParetoStep",
    "RefBand",
    "VRAMReferenceLines",
]
