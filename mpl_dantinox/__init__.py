"""A matplotlib plugin for figures about efficient language models.

Importing the package registers its style sheets, legend handlers, colours and the ``dantinox``
projection with matplotlib. It imports neither pyplot nor pandas; what needs a table, or a look at
the installation, is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mpl_dantinox import registry
from mpl_dantinox.artists import (
    AttainmentBand,
    Callout,
    DominatedRegion,
    EndLabels,
    ParetoStep,
    RefBand,
    VRAMReferenceLines,
)
from mpl_dantinox.devices import DEVICES
from mpl_dantinox.pareto import pareto_front

if TYPE_CHECKING:
    from mpl_dantinox.cache import kv_cache_mb
    from mpl_dantinox.insights import (
        Insight,
        insight_context,
        insight_mla_dial,
        insight_pareto,
        insight_serving,
    )
    from mpl_dantinox.tables.runs import RunsError, load_runs, sample_runs

__all__ = [
    "DEVICES", "AttainmentBand", "Callout", "DominatedRegion", "EndLabels", "Insight", "ParetoStep",
    "RefBand", "RunsError", "VRAMReferenceLines", "insight_context", "insight_mla_dial",
    "insight_pareto", "insight_serving", "kv_cache_mb", "load_runs", "pareto_front", "sample_runs",
]  # fmt: skip

__version__ = "0.1.0"

_IMPORTED_LATER = {
    "insights": "Insight insight_context insight_mla_dial insight_pareto insight_serving",
    "cache": "kv_cache_mb",
    "tables.runs": "RunsError load_runs sample_runs",
}
_LATER = {name: module for module, names in _IMPORTED_LATER.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})


registry.register()
