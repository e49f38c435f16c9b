"""The insights: functions from a table of runs to a finished figure and what it says."""

from collections.abc import Callable, Mapping

from mpl_dantinox.insights.mla_dial import insight_mla_dial
from mpl_dantinox.insights.pareto import insight_pareto
from mpl_dantinox.insights.result import Facts, Insight
from mpl_dantinox.insights.serving import insight_serving

__all__ = ["INSIGHTS", "Facts", "Insight", "insight_mla_dial", "insight_pareto", "insight_serving"]

#: The insights by name, in the order in which their files are numbered.
INSIGHTS: Mapping[str, Callable[..., Insight]] = {
    "pareto": insight_pareto,
    "serving": insight_serving,
    "mla_dial": insight_mla_dial,
}
