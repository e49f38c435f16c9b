"""Quality against cost: which runs are Pareto-optimal, and whose they are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any, Literal, Unpack

import matplotlib
import narwhals as nw
import numpy as np
from matplotlib.lines import Line2D

from mpl_dantinox.axes import attainment_band, ideal_corner, pareto_step
from mpl_dantinox.insights import markers
from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.cloud import PANELS, Points, front_of, points_of
from mpl_dantinox.insights.core import Definition, Shared, Words
from mpl_dantinox.insights.density import draw_density
from mpl_dantinox.insights.page import Page
from mpl_dantinox.insights.pareto_facts import Besides, ParetoFacts, ParetoPanel, pareto_facts
from mpl_dantinox.insights.ratios import times_smaller
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.words import equal, listed, named, names, spoken
from mpl_dantinox.numbers import apart, compact, count, times
from mpl_dantinox.tables.engine import collected
from mpl_dantinox.units import unit_named

__all__ = ["PARETO", "insight_pareto"]

_HOW_TO_READ = (
    "Each marker is a run; a run is faint if another is at least as good in both and better in one."
)
_CROWD_TO_READ = (
    "Each marker is a run on the front: none is at least as good in both and better in one. "
    "The cloud is all others, darker where more of them are."
)
_AREA = " Marker area is the number of parameters."

# A longer key of the legend, or one beside more groups, would keep the others apart.
_LONG, _FEW = 50, 3
# As many groups are named in a sentence, and runs of the front listed in words.
_MOST_NAMES, _MOST_LISTED = 3, 8


def insight_pareto(
    table: Any,
    *,
    maximize: Sequence[Literal["cost", "quality"]] = (),
    minimize: Sequence[Literal["cost", "quality"]] = (),
    density: bool | None = None,
    names: bool = False,
    attainment: bool = False,
    **shared: Unpack[Shared],
) -> Insight:
    """Draw quality against cost, with the Pareto front of all runs.

    Dense runs have a panel, and dense and MoE runs together another; where one of them would show
    nothing of its own, there is one panel. Runs on the front are opaque, dominated ones faint.

    Parameters
    ----------
    table : path-like or frame
        What `load_runs` takes: one row per run.
    maximize : sequence of {"cost", "quality"}
        Higher is better, as of accuracy. Of well-known scores and of rates it is, unless told.
    minimize : sequence of {"cost", "quality"}
        Lower is better. Of what is neither a score nor a rate it is, unless told.
    density : bool, optional
        Whether dominated runs are drawn as a density rather than one by one; by default they are
        beyond 20,000 of them. Runs on the front always have their own markers.
    names : bool, default: False
        Whether runs on the front are labelled with their own names rather than with their group's.
    attainment : bool, default: False
        Whether the front is that of repeats, which `block` tells apart, such as ``block="seed"``:
        the line is what half of them attain, and the band is between a quarter and three quarters.
        A repeat of which all runs failed is one of them.
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
        If no run has a group, a quality and a cost.

    Examples
    --------
    >>> from mpl_dantinox import insight_pareto, sample_runs
    >>> insight = insight_pareto(sample_runs())
    >>> insight.facts.panels["dense"].n_runs > 0
    True
    """
    return PARETO.make(
        table, shared, maximize=maximize, minimize=minimize, density=density, names=names,
        attainment=attainment,
    )  # fmt: skip


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
            is_told = g in panel.beyond_chance if panel.chances else None
            text = f"{held:,}" if held else ""
            claims += [
                Claim("count", g, n, f"{n:,}", runs, n=n, panel=name),
                Claim("front", g, held, text, front, n=n, panel=name, resolved=is_told),
            ]
        claims += [
            Claim("dominates", a, None, "", "", to=b, panel=name) for a, b in panel.dominates
        ]
    return claims


# Words


def _words(facts: ParetoFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    panel = facts.panels[facts.shown[-1]]
    line = f" Line: what half of {panel.repeats} repeats attain; band: a quarter to three quarters."
    return Words(
        headline=_headline(facts),
        how_to_read=_besides(facts)
        + (_CROWD_TO_READ if panel.density else _HOW_TO_READ)
        + (_AREA if "params" in labels else "")
        + (line if panel.repeats else ""),
        shown=count(facts.panels["all"].n_runs, "run"),
        footnote="; dominated runs drawn as a density" if panel.density else "",
        alt_text=_alt_text(facts, labels),
    )


def _headline(facts: ParetoFacts) -> str:
    *others, last = facts.shown
    panel = facts.panels[last]
    parts = [_holders(panel), *_verdict(panel)]
    return (f"{_title(facts, last)}: " if others else "") + "; ".join(parts)


def _besides(facts: ParetoFacts) -> str:
    """Return the counts of the panels that the headline is not about."""
    return "".join(
        f"On the front of {_title(facts, key).lower()} runs alone: "
        f"{', '.join(_shares_of(facts.panels[key]))}. "
        for key in facts.shown[:-1]
    )


def _holders(panel: ParetoPanel) -> str:
    """Return whose runs are on the front, and how many of how many."""
    held = Counter(panel.front_counts).most_common()
    total, (first, most) = sum(panel.front_counts.values()), held[0]
    n, others = panel.different, [g for g in panel.groups if g not in panel.front_counts]
    if sum(n.values()) == 1:
        return f"A single {named(first)} run: nothing to compare it with"
    if len(panel.groups) == 1:
        are = "is" if total == 1 else "are"
        return f"{total:,} of {count(n[first], f'{named(first)} run')} {are} Pareto-optimal"
    if len(held) == 1:
        return f"{named(first)} alone holds the Pareto front: {_every(others)} is dominated"
    beaten = f"; {_beaten(panel, others)}" if others else ""
    equal_first = [g for g, k in held if k == most]
    if len(equal_first) > 1:
        every = len(equal_first) == len(held)
        each = f"{count(most, 'run')} each" if every else f"{most:,} each of the {total:,} runs"
        return f"{names(equal_first)} hold {each} on the Pareto front{beaten}"
    return (
        f"{named(first)} has {most:,} of its {count(n[first], 'run')} on the Pareto front, "
        f"{listed(_shares_of(panel, 1))}{beaten}"
    )


def _shares_of(panel: ParetoPanel, start: int = 0) -> list[str]:
    """Return how many runs of how many are on the front of each group, the first few of many."""
    held = Counter(panel.front_counts).most_common()[start:]
    shares = [f"{named(g)} {k:,} of {panel.different[g]:,}" for g, k in held]
    if len(shares) <= _MOST_NAMES:
        return shares
    rest = [k for _, k in held[_MOST_NAMES - 1 :]]
    return [*shares[: _MOST_NAMES - 1], f"{len(rest)} more groups {sum(rest):,}"]


def _verdict(panel: ParetoPanel) -> list[str]:
    """Return what chance and the sizes of models say of the shares of the front."""
    where = f", at {equal(panel.within)}" if panel.within else ""
    said, (first, *rest) = [], panel.front_counts
    if panel.beyond_chance:
        hold, its = ("holds", "its") if len(panel.beyond_chance) == 1 else ("hold", "their")
        who = names(panel.beyond_chance)
        said.append(f"{who} {hold} more than {its} number of runs would give by chance{where}")
    elif panel.chances and rest:
        said.append(f"none holds more than its number of runs would give by chance{where}")
    elif panel.chances:
        n, total = panel.different[first], sum(panel.different.values())
        said.append(f"with {n:,} of the {count(total, 'run')} that may be chance{where}")
    far = {
        (a, b): found
        for a, b in permutations(panel.sizes, 2)
        if (found := times_smaller(panel.sizes, b, a)) is not None
    }
    if far:
        large, small = max(far, key=lambda pair: far[pair])
        said.append(
            f"{named(large)}'s models are {times(far[large, small])} as large as {named(small)}'s"
        )
    return said


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


def _title(facts: ParetoFacts, panel: str) -> str:
    """Return what the runs of a panel have in common."""
    dense = facts.panels["dense"]
    if panel == "dense":
        return "Dense"
    if dense.dropped.get("moe"):
        return "All runs"
    return "Dense + MoE" if dense.n_runs else "MoE"


def _alt_text(facts: ParetoFacts, labels: Mapping[str, str]) -> str:
    in_full, quality = spoken(labels, short=False), spoken(labels)["quality"]
    sentences = []
    for key in facts.shown:
        panel = facts.panels[key]
        costs, values = (
            [unit_named(facts.units.get(role, "")).beside(text) for text in texts]
            for role, texts in (
                ("cost", apart(*(run.cost for run in panel.front), spell=compact)),
                ("quality", apart(*(run.quality for run in panel.front))),
            )
        )
        places = [f"{cost} at {quality} {v}" for cost, v in zip(costs, values, strict=True)]
        sentences.append(
            f"{_title(facts, key)}: scatter of {in_full['quality']} against {in_full['cost']} for "
            f"{count(panel.n_runs, 'run')} ({_shares(panel.groups)}). The Pareto front has "
            f"{count(sum(panel.front_counts.values()), 'run')} ({_shares(panel.front_counts)}), "
            f"from {places[0]} to {places[-1]}."
        )
        if 2 < len(panel.front) <= _MOST_LISTED:
            whose = (named(run.group) for run in panel.front)
            runs = dict.fromkeys(f"{g} {at}" for g, at in zip(whose, places, strict=True))
            sentences.append(f"Its runs: {'; '.join(runs)}.")
    return " ".join(sentences)


def _shares(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{named(g)} {n}" for g, n in counts.items())


# Drawing


def _draw(page: Page, facts: ParetoFacts, besides: Besides) -> None:
    cloud = besides.cloud
    # The last panel has most runs; the others are drawn as it is.
    density = facts.panels[facts.shown[-1]].density
    points, ends = cloud.edge, cloud.extent["all"]
    if not density:
        points = points_of(collected(cloud.frame), points.names)
    style, last = page.style, facts.shown[-1]
    unit = markers.unit_area(page.axes[last], facts.panels[last].n_runs)
    members = {key: points[np.isin(points.moe, PANELS[key])] for key in facts.shown}
    for key, ax in page.axes.items():
        page.scale(ax.xaxis, "cost", ends["cost"])
        page.scale(ax.yaxis, "quality", ends["quality"])
        if page.body is None or key == facts.shown[0]:
            page.label(ax.yaxis, "quality", facts.sense[1], "\n")
        mine = members[key]
        on_front = np.isin(np.arange(len(mine.row)), front_of(mine, facts.sense))
        if density:
            draw_density(
                ax, cloud.frame.filter(nw.col("moe").is_in(PANELS[key])), cloud.extent[key],
                {g: look.color for g, look in style.items()}, mine[on_front],
            )  # fmt: skip
            mine, on_front = mine[on_front], on_front[on_front]
        markers.draw_markers(ax, mine, on_front, ends, unit, style, spoken(page.labels), page.units)
    # The panels share their axes, whose limits are now known.
    steps = [_draw_front(page, facts, key, members[key], besides) for key in facts.shown]
    # One key is for all panels, and there are others beside it.
    labels, panel = {str(step.get_label()) for step in steps}, facts.panels[last]
    if len(labels) > 1 or len(panel.groups) > _FEW or len(labels.pop()) > _LONG:
        steps[-1].set_label("Attained by half" if panel.repeats else "Pareto front")
    held, kinds = panel.front_counts, markers.kind_keys(members[last])
    groups = [[g for g in panel.groups if (g in held) == on_front] for on_front in (True, False)]
    keys = [markers.group_keys(some, style) for some in groups]
    page.legend([*keys, kinds, [steps[-1]], markers.size_keys(ends, unit)])


def _draw_front(
    page: Page, facts: ParetoFacts, key: str, points: Points, besides: Besides
) -> Line2D:
    """Draw the front of a panel, and name the groups beside their runs."""
    ax, panel = page.axes[key], facts.panels[key]
    page.title(key, _title(facts, key), f", {count(panel.n_runs, 'run')}")
    looks: Any = {
        "color": matplotlib.rcParams["text.color"], "zorder": 3, "sense": facts.sense,
        "linewidth": 0.8 * matplotlib.rcParams["lines.linewidth"],
    }  # fmt: skip
    if panel.repeats:
        label = f"Attained by half of {panel.repeats}"
        step: Line2D = attainment_band(ax, *besides.repeats[key], label=label, **looks)
    else:
        x, y = ([getattr(run, role) for run in panel.front] for role in ("cost", "quality"))
        label = f"Pareto front: {names(list(panel.front_counts))}"
        step = pareto_step(ax, x, y, label=label, **looks)
    page.label(ax.xaxis, "cost", facts.sense[0])
    if besides.names:
        runs = [(run.group, run.name, run.cost, run.quality) for run in panel.front]
        markers.label_runs(ax, runs, facts.sense, page.style)
    else:
        front = [(run.group, run.cost, run.quality) for run in panel.front]
        markers.label_groups(ax, front, points, panel.groups, facts.sense, page.style)
    ideal_corner(ax, sense=facts.sense)
    return step


PARETO = Definition(
    name="pareto",
    file="insight_1_pareto",
    function=insight_pareto,
    needs=("group", "quality", "cost"),
    uses=("name", "moe", "params", "block", "state"),
    holds=ParetoFacts,
    facts=pareto_facts,
    claims=_claims,
    words=_words,
    draw=_draw,
    panels=lambda facts: facts.shown,
    share_axes=True,
    dense=False,
    matter=lambda facts: tuple(facts.panels[facts.shown[-1]].front_counts),
)
