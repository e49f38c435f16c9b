"""The facts of quality against cost: fronts, whose they are, and whether by more than chance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt

from mpl_dantinox.artists.attainment_band import attainment_surface
from mpl_dantinox.insights.cloud import PANELS, Cloud, FrontRun, dominations, front_of, read_cloud
from mpl_dantinox.insights.compared import codes
from mpl_dantinox.insights.core import senses
from mpl_dantinox.insights.facts import Facts, fact, fact_or_none
from mpl_dantinox.insights.front_shares import front_chances
from mpl_dantinox.insights.ratios import alike
from mpl_dantinox.insights.rows import group_sizes, quartiles, rows_lost, units_of
from mpl_dantinox.pareto import Sense
from mpl_dantinox.statistics.verdicts import told
from mpl_dantinox.tables.engine import collected, fits_in_memory
from mpl_dantinox.tables.runs import ROLES, NoDataError, Runs, RunsError

__all__ = ["Besides", "ParetoFacts", "ParetoPanel", "pareto_facts"]

# More dominated runs than this are drawn as a density.
_CROWD = 20_000


@dataclass(frozen=True)
class Corner(Facts):
    """A corner of the surface that half of the repeats attain."""

    cost: float
    quality: float


@dataclass(frozen=True)
class ParetoPanel(Facts):
    """What is true of one panel.

    Attributes
    ----------
    n_runs, n_dropped : int
        Runs shown, and runs that belong here but lack a value.
    dropped : dict of str to int
        How many lack what; a run that lacks two values is counted under the first.
    groups : dict of str to int
        Runs shown of each group.
    different : dict of str to int
        The same, with runs that are equal in all that is shown counted once.
    sizes : dict of str to float
        The median parameters of each group, millions, where they are known.
    extent : dict of str to (float, float)
        The smallest and the largest cost, quality and parameters.
    front : tuple of FrontRun
        The non-dominated runs, sorted by cost, then by quality, group, dense before MoE, and row.
    front_counts : dict of str to int
        Runs on the front of each group that has any there, of those that are different.
    dominates : tuple of (str, str)
        Pairs A, B where every run of B is dominated by some run of A.
    density : bool
        Whether the dominated runs are drawn as a density.
    chances : dict of str to float
        How often each group would hold as much of the front by chance, if names were dealt out
        anew; none where that cannot be said.
    within : tuple of str
        The columns that are equal in the runs among which they are; none where they all are.
    beyond_chance : tuple of str
        The groups that hold more than by chance.
    repeats : int
        How many repeats attainment is told of, those that failed among them; 0 if it is not.
    attained : tuple of Corner
        The surface that half of them attain, sorted by cost.
    """

    n_runs: int
    n_dropped: int
    dropped: Mapping[str, int]
    groups: Mapping[str, int]
    different: Mapping[str, int]
    sizes: Mapping[str, float]
    extent: Mapping[str, tuple[float, float]]
    front: tuple[FrontRun, ...]
    front_counts: Mapping[str, int]
    dominates: tuple[tuple[str, str], ...]
    density: bool
    chances: Mapping[str, float]
    within: tuple[str, ...]
    beyond_chance: tuple[str, ...]
    repeats: int = 0
    attained: tuple[Corner, ...] = ()


@dataclass(frozen=True)
class ParetoFacts(Facts):
    """The facts of `insight_pareto`.

    Attributes
    ----------
    sense : ({"min", "max"}, {"min", "max"})
        Which way is better for cost and for quality.
    units : dict of str to str
        The unit of cost and of quality, where they have one.
    dropped : dict of str to int
        Rows that are in no panel, by what they lack.
    panels : dict of str to ParetoPanel
        Of dense runs, and of all.
    shown : tuple of str
        The panels that have something of their own to show.
    """

    sense: Sense
    units: Mapping[str, str]
    dropped: Mapping[str, int]
    panels: Mapping[str, ParetoPanel]
    shown: tuple[str, ...]


class Repeats(NamedTuple):
    """The runs of a panel, and which repeat each is of."""

    cost: npt.NDArray[np.float64]
    quality: npt.NDArray[np.float64]
    repeat: npt.NDArray[np.int64]


class Besides(NamedTuple):
    """What is drawn besides the facts: the runs, by panel those that repeats have, and names."""

    cloud: Cloud
    repeats: Mapping[str, Repeats]
    names: bool


def pareto_facts(
    runs: Runs,
    *,
    maximize: Sequence[str],
    minimize: Sequence[str],
    density: bool | None,
    attainment: bool,
    names: bool,
) -> tuple[ParetoFacts, Besides]:
    """Return what is true of the runs, given the options of `insight_pareto`, and what is drawn."""
    sense = senses(runs, maximize, minimize)
    crowd = _CROWD if density is None else 0 if density else np.inf
    cloud = read_cloud(runs, sense)
    panels = {name: _panel(name, runs, cloud, sense, crowd) for name in PANELS}
    repeats = _repeats(runs, cloud) if attainment else {}
    for name, points in repeats.items():
        corners = attainment_surface(*points, 0.5, sense=sense)
        panels[name] = replace(
            panels[name],
            repeats=len(np.unique(points.repeat)),
            attained=tuple(Corner(fact(cost), fact(quality)) for cost, quality in corners),
        )
    facts = ParetoFacts(sense, units_of(runs), panels["all"].dropped, panels, _shown(panels))
    return facts, Besides(cloud, repeats, names)


def _repeats(runs: Runs, cloud: Cloud) -> dict[str, Repeats]:
    """Return the runs of each panel, with those that failed, by the block that repeats them."""
    blocks = alike(runs)["blocks"]
    named = [runs.columns[role] for role in blocks if role != "params"]
    if not named or all(map(ROLES["block"].is_usual, named)) or not fits_in_memory(cloud.frame):
        raise RunsError(
            "attainment is of repeats, in a table that fits in memory: name the column that says "
            "which repeat a run is of as --block, such as --block seed"
        )
    wanted = ["cost", "quality", *blocks]
    rows = collected(cloud.frame).select("moe", *wanted)
    if runs.failed is not None:
        moe = nw.col("moe").fill_null(-1.0) if "moe" in runs.columns else nw.lit(-1.0)
        # Whatever they had reached, they have no place.
        nothing = nw.lit(None).cast(nw.Float64)
        failed = collected(runs.failed).select(*wanted, moe=moe).with_columns(quality=nothing)
        rows = nw.concat([rows, failed.select(rows.columns)])
    repeat = codes(rows, blocks, needed=blocks)
    cost, quality = (rows[role].to_numpy().astype(np.float64) for role in wanted[:2])
    kept = {name: (repeat >= 0) & np.isin(rows["moe"].to_numpy(), PANELS[name]) for name in PANELS}
    return {name: Repeats(cost[of], quality[of], repeat[of]) for name, of in kept.items()}


def _panel(name: str, runs: Runs, cloud: Cloud, sense: Sense, crowd: float) -> ParetoPanel:
    """Return what is true of the runs that belong to a panel."""
    every = cloud.every
    needed = {what: ~nw.col(what).is_null() for what in ("group", "quality", "cost")}
    if name == "dense":
        # A run that may or may not be dense is in the panel of all runs only.
        every, needed = every.filter(nw.col("moe") < 1), needed | {"moe": nw.col("moe") == 0}
    dropped = rows_lost(every, needed)
    points = cloud.edge[np.isin(cloud.edge.moe, PANELS[name])]
    shown = cloud.frame.filter(nw.col("moe").is_in(PANELS[name]))
    groups = group_sizes(shown)
    # A run that is logged twice is one.
    seen = [c for c in ("moe", "cost", "quality", "params") if c in shown.collect_schema().names()]
    once = shown.select("group", *seen).unique() if fits_in_memory(shown) else shown
    different = group_sizes(once)
    middle = quartiles(shown, "params") if "params" in runs.columns else {}
    sizes = {g: middle[g].median for g in points.names if g in middle}
    chances: dict[str, float] = {}
    within: tuple[str, ...] = ()
    front = points[front_of(points, sense)]
    if len(groups) > 1:
        blocks = alike(runs)["blocks"]
        chances, found = front_chances(shown, front, blocks, sizes)
        within = tuple(runs.columns[role] for role in found)
    verdicts = told({g: p for g, p in chances.items() if p > 0})
    places = {
        *zip(
            front.group, front.moe, front.cost, front.quality, front.params.astype(str), strict=True
        )
    }
    held = Counter(points.names[g] for g, *_ in places)
    columns = (front.row, front.run, front.group, front.moe, front.cost, front.quality)
    extent = {role: (fact(low), fact(high)) for role, (low, high) in cloud.extent[name].items()}
    return ParetoPanel(
        n_runs=sum(groups.values()),
        n_dropped=sum(dropped.values()),
        dropped=dropped,
        groups={g: groups[g] for g in points.names if g in groups},
        different={g: different[g] for g in points.names if g in different},
        sizes=sizes,
        extent=extent,
        front=tuple(
            FrontRun(
                _known(row, int),
                run,
                points.names[g],
                _known(m, bool),
                float(c),
                float(v),
                fact_or_none(params),
            )
            for row, run, g, m, c, v, params in zip(*columns, front.params, strict=True)
        ),
        front_counts={g: held[g] for g in points.names if held[g]},
        dominates=dominations(points, sense),
        density=sum(groups.values()) - len(front.row) > crowd,
        chances={g: fact(p) for g, p in chances.items()},
        within=within,
        beyond_chance=tuple(g for g in points.names if verdicts.get(g)),
    )


def _known(value: Any, kind: type) -> Any:
    """Return a value of an array in which -1 stands for what is not known."""
    return kind(value) if value >= 0 else None


def _shown(panels: Mapping[str, ParetoPanel]) -> tuple[str, ...]:
    """Return the panels that have something of their own to show."""
    dense, every = panels["dense"].n_runs, panels["all"].n_runs
    if not every:
        raise NoDataError("no run has a group, a quality and a cost, so there is no front to show")
    if dense == every:
        return ("dense",)
    return ("dense", "all") if dense else ("all",)
