"""The insights: functions from a table of runs to a finished figure and what it says."""

import warnings
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.context import CONTEXT, insight_context
from mpl_dantinox.insights.core import Definition
from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.insights.mla_dial import MLA_DIAL, insight_mla_dial
from mpl_dantinox.insights.pareto import PARETO, insight_pareto
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.serving import SERVING, insight_serving

__all__ = [
    "INSIGHTS", "Claim", "Definition", "Facts", "Insight", "definitions", "insight_context",
    "insight_mla_dial", "insight_pareto", "insight_serving",
]  # fmt: skip

# In the order in which their files are numbered.
_OURS: tuple[Definition[Any, Any], ...] = (
    PARETO,
    SERVING,
    MLA_DIAL,
    CONTEXT,
)

#: The insights of this package by name.
INSIGHTS: Mapping[str, Callable[..., Insight]] = {one.name: one.function for one in _OURS}


@cache
def definitions() -> Mapping[str, Definition[Any, Any]]:
    """Return all insights by name: ours, and those that other packages announce.

    A package announces a `Definition` under the entry point group ``mpl_dantinox.insights``. One
    that cannot be loaded, or has a name that is taken, is left out with a warning.
    """
    found = {one.name: one for one in _OURS}
    for entry in sorted(entry_points(group="mpl_dantinox.insights"), key=lambda entry: entry.name):
        try:
            one = entry.load()
            fault = f"its name {one.name!r} is taken" if one.name in found else None
        except Exception as error:  # whatever a package of somebody else's may raise
            fault = f"{type(error).__name__}: {error}"
        if fault:
            warnings.warn(f"the insight {entry.value!r} is left out: {fault}", stacklevel=2)
        else:
            found[one.name] = one
    return found
