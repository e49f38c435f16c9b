"""The runs of a table as points, few of which are enough to tell of fronts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.pareto import Sense, dominated, pareto_front
from mpl_dantinox.tables.engine import Frame, collected, front_candidates
from mpl_dantinox.tables.runs import NoDataError, Runs

__all__ = [
    "PANELS", "Cloud", "FrontRun", "Points", "dominations", "front_of", "points_of", "read_cloud",
]  # fmt: skip

#: The runs of a panel, with -1 for what is not known.
PANELS = {"dense": (0.0,), "all": (-1.0, 0.0, 1.0)}


@dataclass(frozen=True)
class FrontRun(Facts):
    """A run on the front: its row in the source table, its name, group, place and size (millions).

    The rows of a table that is too large for memory have no number; theirs is None.
    """

    key = "name"

    row: int | None
    name: str | None
    group: str
    moe: bool | None
    cost: float
    quality: float
    params: float | None


@dataclass(frozen=True)
class Points:
    """Runs as arrays of one length; `group` holds places in `names`.

    `row` is -1 where there are no row numbers, `moe` is -1 where it is not known, and `run`, what
    a run is called, is None.
    """

    names: list[str]
    run: npt.NDArray[np.object_]
    row: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    moe: npt.NDArray[np.float64]
    cost: npt.NDArray[np.float64]
    quality: npt.NDArray[np.float64]
    params: npt.NDArray[np.float64]

    def __getitem__(self, keep: npt.NDArray[Any]) -> "Points":
        names, *columns = vars(self).values()
        return Points(names, *(column[keep] for column in columns))


@dataclass(frozen=True)
class Cloud:
    """The usable runs of a table, wherever they are, and those that lack something beside them.

    `edge` are those that no run of their own group, of their own kind, dominates: all there is to
    know of fronts can be told from these few. `extent` has, by panel and role, the smallest and
    largest value.
    """

    frame: Frame
    every: Frame
    edge: Points
    extent: Mapping[str, Mapping[str, tuple[float, float]]]


def read_cloud(runs: Runs, sense: Sense) -> Cloud:
    """Return the usable runs of a table."""
    if not runs.groups:
        raise NoDataError("no run has a group, so there is no front to show")
    known = nw.col("moe").fill_null(-1.0) if "moe" in runs.columns else nw.lit(-1.0)
    roles = [role for role in ("cost", "quality", "params") if role in runs.columns]
    blocks = [role for role in runs.columns if role.partition(" ")[0] == "block"]
    row = ["row"] if "row" in runs.frame.collect_schema().names() else []
    names = ["name"] if "name" in runs.columns else []
    frame = runs.frame.select(*row, *names, "group", *roles, *blocks, moe=known)
    usable = frame.drop_nulls(["group", "quality", "cost"])
    few = front_candidates(usable, "cost", "quality", sense=sense, by=["group", "moe"])
    edge = _edge(points_of(few, in_order(runs.groups)), sense)
    ends = collected(
        usable.group_by("moe").agg(
            *(nw.col(role).min().alias(f"{role} low") for role in roles),
            *(nw.col(role).max().alias(f"{role} high") for role in roles),
        )
    )
    extent = {}
    for name, moe in PANELS.items():
        part = ends.filter(nw.col("moe").is_in(moe))
        both = {r: (part[f"{r} low"].min(), part[f"{r} high"].max()) for r in roles}
        extent[name] = {
            r: pair for r, pair in both.items() if pair[0] is not None and pair[0] == pair[0]
        }
    return Cloud(usable, frame, edge, extent)


def points_of(frame: nw.DataFrame[Any], names: list[str]) -> Points:
    """Return rows of a frame as points, whose groups are places in *names*."""
    codes = frame["group"].replace_strict(names, range(len(names)), return_dtype=nw.Int64)
    none = np.full(len(frame), np.nan)
    cost, quality, params = (
        frame[role].to_numpy().astype(np.float64) if role in frame.columns else none
        for role in ("cost", "quality", "params")
    )
    row = frame["row"].to_numpy() if "row" in frame.columns else np.full(len(frame), -1)
    run = np.full(len(frame), None)
    if "name" in frame.columns:
        run[:] = [name if isinstance(name, str) else None for name in frame["name"].to_list()]
    return Points(names, run, row, codes.to_numpy(), frame["moe"].to_numpy(), cost, quality, params)


def _edge(points: Points, sense: Sense) -> Points:
    """Return the points that none of their own group and kind dominates."""
    part = 3 * points.group + points.moe.astype(np.int64)
    kept = [np.zeros(0, np.intp)]
    for mine in (np.flatnonzero(part == one) for one in np.unique(part)):
        kept.append(mine[pareto_front(points.cost[mine], points.quality[mine], sense=sense)])
    return points[np.sort(np.concatenate(kept))]


def front_of(points: Points, sense: Sense) -> npt.NDArray[np.intp]:
    """Return the places of the non-dominated runs, in the order of `ParetoPanel.front`."""
    front = pareto_front(points.cost, points.quality, sense=sense)
    columns = (points.row, points.moe, points.group, points.quality, points.cost)
    return front[np.lexsort([column[front] for column in columns])]


def dominations(points: Points, sense: Sense) -> tuple[tuple[str, str], ...]:
    """Return the pairs A, B where every run of B is dominated by some run of A."""
    of = {g: points[points.group == code] for code, g in enumerate(points.names)}
    of = {g: p for g, p in of.items() if len(p.row)}
    # Looking at the two fronts is enough: whatever dominates a run, some run on its group's front
    # does too; and where the front of B is dominated, so is all that it dominates.
    fronts = {g: p[pareto_front(p.cost, p.quality, sense=sense)] for g, p in of.items()}
    return tuple(
        (a, b)
        for a in fronts
        for b in fronts
        if a != b
        and dominated(
            fronts[b].cost, fronts[b].quality, fronts[a].cost, fronts[a].quality, sense=sense
        ).all()
    )
