"""Quality against cache: which runs are Pareto-optimal, and whose they are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, Literal, Unpack

import matplotlib
import narwhals as nw
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mpl_dantinox.axes import callout, ideal_corner, pareto_step
from mpl_dantinox.contrast import legible
from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.core import Definition, Shared, Words, senses
from mpl_dantinox.insights.density import draw_density
from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.insights.hover import tell_on_hover
from mpl_dantinox.insights.looks import Look, in_order, looks
from mpl_dantinox.insights.page import Page, legend_row, pale
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.words import BETTER, listed, named, names, spoken
from mpl_dantinox.numbers import compact, count, number
from mpl_dantinox.pareto import Sense, dominated, pareto_front
from mpl_dantinox.tables.engine import Frame, collected, front_candidates
from mpl_dantinox.tables.runs import NoDataError, Runs
from mpl_dantinox.ticks import byte_ticks

__all__ = ["PARETO", "FrontRun", "ParetoFacts", "ParetoPanel", "insight_pareto"]

_MARKERS = {"dense": "o", "MoE": "^"}
# Opacity of dominated runs and of runs on the front.
_FAINT, _SOLID = 0.22, 0.90
# More dominated runs than this are pixels in a file of vectors.
_MANY = 1_000
# More dominated runs than this are drawn as a density.
_CROWD = 20_000
# More labels, or letters, than these would crowd a panel.
_MOST_LABELS, _MOST_LETTERS = 12, 100
# A longer key of the legend would keep the others apart.
_LONG = 50
# As many groups are named in a sentence, and runs of the front listed in words.
_MOST_NAMES, _MOST_LISTED = 3, 8


@dataclass(frozen=True)
class FrontRun(Facts):
    """A run on the front: its row in the source table, its group and its two coordinates.

    The rows of a table that is too large for memory have no number; theirs is None.
    """

    row: int | None
    group: str
    moe: bool | None
    cache: float
    loss: float


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
    front : tuple of FrontRun
        The non-dominated runs, sorted by cache, then by loss, group, dense before MoE, and row.
    front_counts : dict of str to int
        Runs on the front of each group that has any there.
    dominates : tuple of (str, str)
        Pairs A, B where every run of B is dominated by some run of A.
    density : bool
        Whether the dominated runs are drawn as a density.
    """

    n_runs: int
    n_dropped: int
    dropped: Mapping[str, int]
    groups: Mapping[str, int]
    front: tuple[FrontRun, ...]
    front_counts: Mapping[str, int]
    dominates: tuple[tuple[str, str], ...]
    density: bool


@dataclass(frozen=True)
class ParetoFacts(Facts):
    """The facts of `insight_pareto`.

    Attributes
    ----------
    sense : ({"min", "max"}, {"min", "max"})
        Which way is better for cache and for loss.
    dropped : dict of str to int
        Rows that are in no panel, by what they lack.
    panels : dict of str to ParetoPanel
        Of dense runs, and of all.
    shown : tuple of str
        The panels that have something of their own to show.
    """

    sense: Sense
    dropped: Mapping[str, int]
    panels: Mapping[str, ParetoPanel]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class _Points:
    """Runs as arrays of one length; `group` holds places in `names`.

    `row` is -1 where there are no row numbers, and `moe` is -1 where it is not known.
    """

    names: list[str]
    row: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    moe: npt.NDArray[np.float64]
    cache: npt.NDArray[np.float64]
    loss: npt.NDArray[np.float64]
    params: npt.NDArray[np.float64]

    def __getitem__(self, keep: npt.NDArray[Any]) -> "_Points":
        columns = (self.row, self.group, self.moe, self.cache, self.loss, self.params)
        return _Points(self.names, *(column[keep] for column in columns))


@dataclass(frozen=True)
class _Cloud:
    """The runs of a table, wherever they are.

    Attributes
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
        The usable ones.
    edge : _Points
        Those that no run of their own group, of their own kind, dominates. All there is to know of
        fronts can be told from these few.
    extent : dict
        By panel and role, the smallest and largest value.
    """

    frame: Frame
    edge: _Points
    extent: Mapping[str, Mapping[str, tuple[float, float]]]


def insight_pareto(
    table: Any,
    *,
    maximize: Sequence[Literal["cache", "loss"]] = (),
    density: bool | None = None,
    **shared: Unpack[Shared],
) -> Insight:
    """Draw loss against cache, with the Pareto front of all runs.

    Dense runs have a panel, and dense and MoE runs together another; where one of them would show
    nothing of its own, there is one panel. Runs on the front are opaque, dominated ones faint.

    Parameters
    ----------
    table : path-like or frame
        What `load_runs` takes: one row per run.
    maximize : sequence of {"cache", "loss"}
        Higher is better, as of accuracy. Of what is not named, lower is better.
    density : bool, optional
        Whether dominated runs are drawn as a density rather than one by one; by default they are
        beyond 20,000 of them. Runs on the front always have their own markers.
    **shared
        `mpl_dantinox.insights.core.Shared` keywords.

    Returns
    -------
    Insight
        With a `ParetoFacts`, and the axes ``"dense"`` and ``"all"``, or one of them.

    Raises
    ------
    RunsError
        If a column is missing or cannot be read.
    NoDataError
        If no run has a group, a loss and a cache.

    Examples
    --------
    >>> from mpl_dantinox import insight_pareto, sample_runs
    >>> insight = insight_pareto(sample_runs())
    >>> insight.facts.panels["dense"].n_runs > 0
    True
    """
    return PARETO.make(table, shared, maximize=maximize, density=density)


# Facts


# The runs of a panel, with -1 for what is not known to be either.
_PANELS = {"dense": (0.0,), "all": (-1.0, 0.0, 1.0)}


def _facts(
    runs: Runs, *, maximize: Sequence[str], density: bool | None
) -> tuple[ParetoFacts, _Cloud]:
    sense = senses(maximize, "cache", "loss")
    crowd = _CROWD if density is None else 0 if density else np.inf
    known = nw.col("moe").fill_null(-1.0) if "moe" in runs.columns else nw.lit(0.0)
    roles = [role for role in ("cache", "loss", "params") if role in runs.columns]
    row = ["row"] if "row" in runs.frame.collect_schema().names() else []
    frame = runs.frame.select(*row, "group", *roles, moe=known)
    lacks = [
        nw.col(role).is_null().cast(nw.Int64).alias(f"no {role}") for role in ("loss", "cache")
    ]
    keys = ["group", "moe", "no loss", "no cache"]
    tally = collected(
        frame.select("group", "moe", *lacks).group_by(*keys).agg(nw.len().alias("n"))
    ).with_columns(nw.col("n").cast(nw.Int64))
    usable = frame.drop_nulls(["group", "loss", "cache"])
    few = front_candidates(usable, "cache", "loss", sense=sense, by=["group", "moe"])
    edge = _edge(_points(few, in_order(runs.groups)), sense)
    panels = {name: _panel(name, edge, tally.rows(named=True), sense, crowd) for name in _PANELS}
    ends = collected(
        usable.group_by("moe").agg(
            *(nw.col(role).min().alias(f"{role} low") for role in roles),
            *(nw.col(role).max().alias(f"{role} high") for role in roles),
        )
    )
    extent = {name: _extent(ends, moe, roles) for name, moe in _PANELS.items()}
    facts = ParetoFacts(sense, panels["all"].dropped, panels, _shown(panels))
    return facts, _Cloud(usable, edge, extent)


def _points(frame: nw.DataFrame[Any], names: list[str]) -> _Points:
    codes = frame["group"].replace_strict(names, range(len(names)), return_dtype=nw.Int64)
    none = np.full(len(frame), np.nan)
    cache, loss, params = (
        frame[role].to_numpy().astype(np.float64) if role in frame.columns else none
        for role in ("cache", "loss", "params")
    )
    row = frame["row"].to_numpy() if "row" in frame.columns else np.full(len(frame), -1)
    return _Points(names, row, codes.to_numpy(), frame["moe"].to_numpy(), cache, loss, params)


def _edge(points: _Points, sense: Sense) -> _Points:
    """Return the points that none of their own group and kind dominates."""
    part = 3 * points.group + points.moe.astype(np.int64)
    kept = [np.zeros(0, np.intp)]
    for mine in (np.flatnonzero(part == one) for one in np.unique(part)):
        kept.append(mine[pareto_front(points.cache[mine], points.loss[mine], sense=sense)])
    return points[np.sort(np.concatenate(kept))]


def _extent(
    ends: nw.DataFrame[Any], moe: Sequence[float], roles: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Return the smallest and the largest value of each role in a panel that has any."""
    ends = ends.filter(nw.col("moe").is_in(moe))
    pairs = {r: (ends[f"{r} low"].min(), ends[f"{r} high"].max()) for r in roles}
    return {r: (low, high) for r, (low, high) in pairs.items() if low is not None and low == low}


def _panel(
    name: str, points: _Points, tally: Sequence[Mapping[str, Any]], sense: Sense, crowd: float
) -> ParetoPanel:
    """Return what is true of the runs that belong to a panel."""
    dropped: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for part in tally:
        # A run that may or may not be dense is in the panel of all runs only.
        if name == "dense" and part["moe"] == 1:
            continue
        lacks = {
            "group": part["group"] is None or part["group"] != part["group"],
            "loss": part["no loss"],
            "cache": part["no cache"],
            "moe": name == "dense" and part["moe"] < 0,
        }
        lacking = next((what for what, lack in lacks.items() if lack), None)
        if lacking is None:
            groups[part["group"]] += part["n"]
        else:
            dropped[lacking] += part["n"]
    points = points[np.isin(points.moe, _PANELS[name])]
    front = points[_front(points, sense)]
    held = Counter(points.names[g] for g in front.group)
    columns = (front.row, front.group, front.moe, front.cache, front.loss)
    return ParetoPanel(
        n_runs=groups.total(),
        n_dropped=dropped.total(),
        dropped={
            what: dropped[what] for what in ("group", "loss", "cache", "moe") if dropped[what]
        },
        groups={g: groups[g] for g in points.names if groups[g]},
        front=tuple(
            FrontRun(
                int(row) if row >= 0 else None,
                points.names[g],
                bool(m) if m >= 0 else None,
                float(c),
                float(v),
            )
            for row, g, m, c, v in zip(*columns, strict=True)
        ),
        front_counts={g: held[g] for g in points.names if held[g]},
        dominates=_dominates(points, sense),
        density=groups.total() - len(front.row) > crowd,
    )


def _front(points: _Points, sense: Sense) -> npt.NDArray[np.intp]:
    """Return the places of the non-dominated runs, in the order of `ParetoPanel.front`."""
    front = pareto_front(points.cache, points.loss, sense=sense)
    columns = (points.row, points.moe, points.group, points.loss, points.cache)
    return front[np.lexsort([column[front] for column in columns])]


def _dominates(points: _Points, sense: Sense) -> tuple[tuple[str, str], ...]:
    """Return the pairs A, B where every run of B is dominated by some run of A."""
    of = {g: points[points.group == code] for code, g in enumerate(points.names)}
    of = {g: p for g, p in of.items() if len(p.row)}
    # A run that some run of B is dominated by is, or is dominated by, one on the front of A; and
    # if the front of B is dominated, all of B is.
    fronts = {g: p[pareto_front(p.cache, p.loss, sense=sense)] for g, p in of.items()}
    return tuple(
        (a, b)
        for a in fronts
        for b in fronts
        if a != b
        and dominated(
            fronts[b].cache, fronts[b].loss, fronts[a].cache, fronts[a].loss, sense=sense
        ).all()
    )


def _shown(panels: Mapping[str, ParetoPanel]) -> tuple[str, ...]:
    """Return the panels that have something of their own to show."""
    dense, every = panels["dense"].n_runs, panels["all"].n_runs
    if not every:
        raise NoDataError("no run has a group, a loss and a cache, so there is no front to show")
    if dense == every:
        return ("dense",)
    return ("dense", "all") if dense else ("all",)


# Claims


def _claims(facts: ParetoFacts) -> list[Claim]:
    claims = []
    for name in facts.shown:
        panel = facts.panels[name]
        # A terminal tells of the last panel, which has most runs.
        last = name == facts.shown[-1]
        runs, front = ("runs", "on the front") if last else ("", "")
        for g, n in panel.groups.items():
            held = panel.front_counts.get(g, 0)
            claims += [
                Claim("count", g, n, f"{n:,}", runs, n=n, panel=name),
                Claim("front", g, held, f"{held:,}" if held else "", front, n=n, panel=name),
            ]
        claims += [
            Claim("dominates", a, None, "", "", to=b, panel=name) for a, b in panel.dominates
        ]
    return claims


# Words


def _words(facts: ParetoFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    panel = facts.panels[facts.shown[-1]]
    return Words(
        headline=_headline(panel),
        how_to_read=_how_to_read("params" in labels),
        shown=count(facts.panels["all"].n_runs, "run"),
        footnote="; dominated runs drawn as a density" if panel.density else "",
        alt_text=_alt_text(facts, labels),
    )


def _headline(panel: ParetoPanel) -> str:
    held = sorted(panel.front_counts.items(), key=lambda item: -item[1])
    total, (first, most) = len(panel.front), held[0]
    others = [g for g in panel.groups if g not in panel.front_counts]
    if panel.n_runs == 1:
        return f"A single {named(first)} run: nothing to compare it with"
    if len(panel.groups) == 1:
        are = "is" if total == 1 else "are"
        return f"{total:,} of {count(panel.n_runs, f'{named(first)} run')} {are} Pareto-optimal"
    if len(held) == 1:
        return f"{named(first)} alone holds the Pareto front: {_every(others)} is dominated"
    beaten = f"; {_beaten(panel, others)}" if others else ""
    equal = [g for g, n in held if n == most]
    if len(equal) > 1:
        every = len(equal) == len(held)
        each = f"{count(most, 'run')} each" if every else f"{most:,} each of the {total:,} runs"
        return f"{names(equal)} hold {each} on the Pareto front{beaten}"
    rest = [f"{named(g)} {n:,}" for g, n in held[1:]]
    if len(rest) > _MOST_NAMES:
        unnamed = [n for _, n in held[_MOST_NAMES:]]
        rest = [*rest[: _MOST_NAMES - 1], f"{len(unnamed)} more groups {sum(unnamed):,}"]
    return (
        f"{named(first)} holds {most:,} of the {total:,} runs on the Pareto front, "
        f"{listed(rest)}{beaten}"
    )


def _beaten(panel: ParetoPanel, others: Sequence[str]) -> str:
    """Return what is true of the groups without a run on the front."""
    for g in panel.front_counts:
        if all((g, other) in panel.dominates for other in others):
            return f"{named(g)} dominates {_every(others)}"
    if len(others) > _MOST_NAMES:
        return f"no run of the other {len(others)} groups is on it"
    return f"no {names(others, 'or')} run is on it"


def _every(groups: Sequence[str]) -> str:
    if len(groups) > _MOST_NAMES:
        return f"every run of the other {len(groups)} groups"
    return f"every {names(groups)} run"


def _how_to_read(sized: bool) -> str:
    area = " Marker area is the number of parameters." if sized else ""
    return (
        "Each marker is a run; a run is faint if another is at least as good in both and better in "
        f"one.{area}"
    )


def _title(facts: ParetoFacts, panel: str) -> str:
    """Return what the runs of a panel have in common."""
    dense = facts.panels["dense"]
    if panel == "dense":
        return "Dense"
    if dense.dropped.get("moe"):
        return "All runs"
    return "Dense + MoE" if dense.n_runs else "MoE"


def _alt_text(facts: ParetoFacts, labels: Mapping[str, str]) -> str:
    in_full, loss = spoken(labels, short=False), spoken(labels)["loss"]
    sentences = []
    for key in facts.shown:
        panel = facts.panels[key]
        places = [f"{compact(r.cache)} MB at {loss} {number(r.loss)}" for r in panel.front]
        sentences.append(
            f"{_title(facts, key)}: scatter of {in_full['loss']} against {in_full['cache']} for "
            f"{count(panel.n_runs, 'run')} ({_shares(panel.groups)}). The Pareto front has "
            f"{count(len(panel.front), 'run')} ({_shares(panel.front_counts)}), from {places[0]} "
            f"to {places[-1]}."
        )
        if 2 < len(panel.front) <= _MOST_LISTED:
            whose = (named(run.group) for run in panel.front)
            runs = "; ".join(f"{g} {place}" for g, place in zip(whose, places, strict=True))
            sentences.append(f"Its runs: {runs}.")
    return " ".join(sentences)


def _shares(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{named(g)} {n}" for g, n in counts.items())


# Drawing


def _draw(page: Page, facts: ParetoFacts, cloud: _Cloud) -> None:
    # The last panel has most runs; the others are drawn as it is.
    density = facts.panels[facts.shown[-1]].density
    points, ends = cloud.edge, cloud.extent["all"]
    if not density:
        points = _points(collected(cloud.frame), points.names)
    style = looks(facts.panels[facts.shown[-1]].groups)
    members = {key: points[np.isin(points.moe, _PANELS[key])] for key in facts.shown}
    left = page.axes[facts.shown[0]]
    page.scale(left.xaxis, "cache", ends["cache"])
    page.scale(left.yaxis, "loss", ends["loss"])
    left.set_ylabel(f"{page.labels['loss']},\n{BETTER[facts.sense[1]]}")
    for key, ax in page.axes.items():
        mine = members[key]
        on_front = np.isin(np.arange(len(mine.row)), _front(mine, facts.sense))
        if density:
            draw_density(
                ax, cloud.frame.filter(nw.col("moe").is_in(_PANELS[key])), ("cache", "loss"),
                cloud.extent[key], {g: look.color for g, look in style.items()},
                less=_by_group(mine[on_front]), alpha=_FAINT, zorder=2,
            )  # fmt: skip
            mine, on_front = mine[on_front], on_front[on_front]
        _scatter(ax, mine, on_front, ends, style, spoken(page.labels))
    # The panels share their axes, whose limits are now known.
    steps = [_draw_front(page, facts, key, members[key], style) for key in facts.shown]
    # One key is for all panels, and there are others beside it.
    labels, panel = {str(step.get_label()) for step in steps}, facts.panels[facts.shown[-1]]
    if len(labels) > 1 or len(panel.front_counts) > 3 or len(labels.pop()) > _LONG:
        steps[-1].set_label("Pareto front")
    members_last = members[facts.shown[-1]]
    legend_row(page, [*_keys(members_last, panel, style), steps[-1], *_sizes(ends)])


def _draw_front(
    page: Page, facts: ParetoFacts, key: str, points: _Points, style: Mapping[str, Look]
) -> Line2D:
    """Draw the front of a panel, and name the groups beside their runs."""
    ax, panel = page.axes[key], facts.panels[key]
    if len(page.axes) > 1:
        ax.set_title(f"{_title(facts, key)}, {count(panel.n_runs, 'run')}")
    step = pareto_step(
        ax, [run.cache for run in panel.front], [run.loss for run in panel.front],
        sense=facts.sense, label=f"Pareto front: {names(list(panel.front_counts))}",
        color=matplotlib.rcParams["text.color"], zorder=3,
        linewidth=0.8 * matplotlib.rcParams["lines.linewidth"],
    )  # fmt: skip
    byte_ticks(ax.xaxis, page.labels["cache"], unit="MB")
    ax.set_xlabel(f"{ax.get_xlabel()}, {BETTER[facts.sense[0]]}")
    _label_groups(ax, points, panel, facts.sense, style)
    ideal_corner(ax, sense=facts.sense)
    return step


def _areas(params: npt.ArrayLike, ends: Mapping[str, tuple[float, float]]) -> npt.NDArray[Any]:
    """Return marker areas proportional to the parameters, with a floor that stays visible."""
    unit = matplotlib.rcParams["lines.markersize"] ** 2
    largest = ends.get("params", (0.0, 0.0))[1]
    if largest <= 0:
        return np.full(np.shape(params), unit)
    areas: npt.NDArray[Any] = np.maximum(4.0 * np.nan_to_num(params) / largest, 0.5) * unit
    return areas


def _by_group(points: _Points) -> dict[str, npt.NDArray[np.float64]]:
    """Return the points of each group, arrays of shape (k, 2)."""
    xy = np.column_stack([points.cache, points.loss])
    return {g: xy[points.group == code] for code, g in enumerate(points.names)}


def _scatter(
    ax: Axes,
    points: _Points,
    on_front: npt.NDArray[np.bool_],
    ends: Mapping[str, tuple[float, float]],
    style: Mapping[str, Look],
    called: Mapping[str, str],
) -> None:
    """Draw one collection per group, marker and standing."""
    area = _areas(points.params, ends)
    many = np.count_nonzero(~on_front) > _MANY
    # The same rows in another order are drawn in the same order.
    order = np.lexsort((points.params, points.loss, points.cache))
    points, area, on_front = points[order], area[order], on_front[order]
    drawn, size = {}, matplotlib.rcParams["lines.markersize"]
    for code, g in enumerate(points.names):
        for kind, marker in _MARKERS.items():
            mine = (points.group == code) & ((points.moe == 1) == (kind == "MoE"))
            for standing, alpha, above in ((~on_front, _FAINT, 0), (on_front, _SOLID, 2)):
                these = mine & standing
                if not these.any():
                    continue
                look = style[g]
                # A slot on the front is closed by its edges, so that no line shows through.
                path = look.marker(marker, thick=0.04 if above else 0.09)
                markers = ax.scatter(
                    points.cache[these], points.loss[these], area[these],
                    facecolors="none" if look.hollow else look.color,
                    edgecolors=look.color if look.hollow else "white",
                    linewidths=(0.25 if look.hollow else 0.1) * size, marker=path, alpha=alpha,
                    zorder=2 + above, gid="front" if above else "dominated",
                    rasterized=not above and many,
                )  # fmt: skip
                drawn[markers] = partial(_named, points[these], kind, called)
    tell_on_hover(ax, drawn)


def _named(points: _Points, kind: str, called: Mapping[str, str], index: int) -> str:
    """Return what is said of the run under the mouse."""
    params = points.params[index]
    size = f", {compact(params)} M parameters" if np.isfinite(params) else ""
    row = f" (row {points.row[index]})" if points.row[index] >= 0 else ""
    return (
        f"{points.names[points.group[index]]}, {kind}{size}{row}\n"
        f"{called['cache']} {compact(points.cache[index])} MB, "
        f"{called['loss']} {number(points.loss[index])}"
    )


def _label_groups(
    ax: Axes, points: _Points, panel: ParetoPanel, sense: Sense, style: Mapping[str, Look]
) -> None:
    """Name the groups beside their runs, as long as there is room.

    On the front, each stretch that one group holds is named at the run in its middle; where there
    are too many stretches, each group once. A group that is not on the front is named at the middle
    of its own front.
    """
    stretches = [list(runs) for _, runs in groupby(panel.front, key=lambda run: run.group)]
    whole = [[run for run in panel.front if run.group == g] for g in panel.front_counts]
    for held in (stretches, whole):
        middles = [runs[len(runs) // 2] for runs in held]
        # Groups that hold one point together have one label there.
        at = dict.fromkeys((run.group, run.cache, run.loss) for run in middles)
        for g in panel.groups:
            if g not in panel.front_counts:
                own = points[points.group == points.names.index(g)]
                own = own[_front(own, sense)]
                middle = len(own.row) // 2
                at[g, float(own.cache[middle]), float(own.loss[middle])] = None
        if len(at) <= _MOST_LABELS and sum(len(g) for g, _, _ in at) <= _MOST_LETTERS:
            break
    else:
        return
    for g, cache, loss in at:
        # More contrast than text needs, for it may have to lie on faint runs.
        color = legible(style[g].color, ax.get_facecolor(), 6.0)
        callout(ax, (cache, loss), g, color=color, weight="bold", optional=True)


def _keys(points: _Points, panel: ParetoPanel, style: Mapping[str, Look]) -> list[Line2D]:
    """Return legend keys for the groups and markers that are in the panel."""
    keys = []
    for g in panel.groups:
        look = style[g]
        inside, edge = ("none", look.color) if look.hollow else (look.color, "none")
        keys.append(_key(g, marker=look.marker("o"), markerfacecolor=inside, markeredgecolor=edge))
    if len(np.unique(points.moe == 1)) == 1:
        return keys
    # What is not known to be MoE has the marker of dense runs.
    circles = {"dense": points.moe == 0, "unknown": points.moe < 0}
    dense = names([word for word, which in circles.items() if which.any()], "or")
    said = {"dense": dense, "MoE": "MoE"}
    return keys + [_key(said[kind], marker=m, color=pale(0.6)) for kind, m in _MARKERS.items()]


def _key(label: str, **props: Any) -> Line2D:
    return Line2D([], [], linestyle="", label=label, **props)


def _sizes(ends: Mapping[str, tuple[float, float]]) -> list[Line2D]:
    """Return legend keys of the smallest and the largest marker, where areas differ."""
    params = ends.get("params", (0.0, 0.0))
    areas = _areas(params, ends)
    if areas[0] == areas[1]:
        return []
    words = (f"{compact(params[0])} M", f"{compact(params[1])} M parameters")
    ring = {"marker": "o", "markerfacecolor": "none", "markeredgecolor": pale(0.6)}
    return [_key(w, markersize=np.sqrt(a), **ring) for a, w in zip(areas, words, strict=True)]


PARETO = Definition(
    name="pareto",
    file="insight_1_pareto",
    function=insight_pareto,
    needs=("group", "loss", "cache"),
    uses=("moe", "params"),
    holds=ParetoFacts,
    facts=_facts,
    claims=_claims,
    words=_words,
    draw=_draw,
    panels=lambda facts: facts.shown,
    share_axes=True,
)
