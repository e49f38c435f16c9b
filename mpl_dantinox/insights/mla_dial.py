"""The dial of latent attention: what its latent dimension does to quality and to the cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Unpack

import matplotlib
import narwhals as nw
import numpy as np

from mpl_dantinox.axes import callout, mark_best, ref_band
from mpl_dantinox.insights import dial_values as by_dial
from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.core import Definition, Shared, Words, senses
from mpl_dantinox.insights.dial_values import Cells, CostFit, DialReference, DialValue, DialVerdict
from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.insights.page import Page
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.rows import rows_dropped, units_of
from mpl_dantinox.insights.words import dense_runs, equal, listed, named, names, spoken
from mpl_dantinox.nearest import shortened
from mpl_dantinox.numbers import apart, compact, count, exact, number
from mpl_dantinox.pareto import Sense
from mpl_dantinox.tables.runs import NoDataError, Runs
from mpl_dantinox.units import unit_named

__all__ = ["MLA_DIAL", "CostFit", "DialFacts", "DialReference", "DialValue", "insight_mla_dial"]

# Half-widths of the reference bands, as shares of their value.
_SPREAD = {"quality": 0.03, "cost": 0.15}
# Bands of more references than this would hide one another.
_MOST_BANDS = 3
# A longer annotation has no room.
_LONG = 32
# From this share of explained variance on, the cost is called linear in the dial.
_LINEAR = 0.99


@dataclass(frozen=True)
class DialFacts(Facts):
    """The facts of `insight_mla_dial`.

    Attributes
    ----------
    dial_group : str
    sense : ({"min", "max"}, {"min", "max"})
        Which way is better for cost and for quality.
    units : dict of str to str
        The unit of cost and of quality, where they have one.
    n_runs, n_dropped : int
        Dense runs of the group with a dial value, and how many of them lack one of the quantities.
    dropped : dict of str to int
        Rows that are not used, by the first role that they lack a value of; ``"moe"`` are those not
        known to be dense, ``"dense"`` those known not to be.
    dial : tuple of DialValue
        By value.
    best : float or None
        The value with the best mean quality; of equals, the smallest.
    effect : DialVerdict or None
        What the dial does to quality; None of fewer than two values.
    references : dict of str to DialReference
    log : dict of str to bool
        Whether the axes of dial and cost are logarithmic.
    cost_fit : CostFit or None
        None with fewer than two dial values.
    """

    dial_group: str
    sense: Sense
    units: Mapping[str, str]
    n_runs: int
    n_dropped: int
    dropped: Mapping[str, int]
    dial: tuple[DialValue, ...]
    best: Annotated[float | None, exact]
    effect: DialVerdict | None
    references: Mapping[str, DialReference]
    log: Mapping[str, bool]
    cost_fit: CostFit | None


def insight_mla_dial(
    table: Any,
    *,
    dial_group: str = "MLA",
    maximize: Sequence[Literal["cost", "quality"]] = (),
    minimize: Sequence[Literal["cost", "quality"]] = (),
    **shared: Unpack[Shared],
) -> Insight:
    """Draw quality and cost of one group's dense runs against its dial.

    Lines go through the means of the runs at each dial value, bands from their smallest to their
    largest. The other groups have no dial; each is a reference at its mean.

    Parameters
    ----------
    table : path-like or frame
        What `load_runs` takes: one row per run.
    dial_group : str
        The group with the dial.
    maximize : sequence of {"cost", "quality"}
        Higher is better, as of accuracy. Of well-known scores and of rates it is, unless told.
    minimize : sequence of {"cost", "quality"}
        Lower is better. Of what is neither a score nor a rate it is, unless told.
    **shared
        `mpl_dantinox.insights.core.Shared` keywords.

    Returns
    -------
    Insight
        With a `DialFacts`, and the axes ``"quality"`` and ``"cost"``.

    Raises
    ------
    RunsError
        If a column is missing or cannot be read.
    NoDataError
        If no dense run of the group has a dial value.

    Examples
    --------
    >>> from mpl_dantinox import insight_mla_dial, sample_runs
    >>> len(insight_mla_dial(sample_runs()).facts.dial) >= 6
    True
    """
    return MLA_DIAL.make(table, shared, dial_group=dial_group, maximize=maximize, minimize=minimize)


# Facts


def _facts(
    runs: Runs, *, dial_group: str, maximize: Sequence[str], minimize: Sequence[str]
) -> tuple[DialFacts, Cells]:
    sense = senses(runs, maximize, minimize)
    dense, is_mine = runs.dense(runs.columns), nw.col("group") == dial_group
    has_dial, has_either = (
        ~nw.col("dial").is_null(), ~nw.col("quality").is_null() | ~nw.col("cost").is_null()
    )  # fmt: skip
    usable = dense.filter(is_mine, has_dial, has_either)
    others = dense.filter(~nw.col("group").is_null(), ~is_mine)
    table = by_dial.rows_by_dial(usable)
    if not table:
        raise NoDataError(
            f"no {dense_runs(runs.labels).replace('run', f'{dial_group} run')} has a dial value in "
            f"{runs.columns['dial']!r}; the groups are {shortened(runs.groups)}: name the one with "
            "the dial as --dial-group"
        )
    effect = by_dial.dial_verdict(runs, usable, table, sense[1])
    cells = by_dial.read_cells(runs, usable, others) if effect and effect.within else {}
    table, levels = by_dial.at_equal_blocks(table, cells)
    values = by_dial.dial_values(table)
    found, log = by_dial.references(others, values, levels, runs.log)
    known = [(v.quality_mean, v.value) for v in values if v.quality_mean is not None]
    better = 1 if sense[1] == "min" else -1
    return DialFacts(
        dial_group=dial_group,
        sense=sense,
        units=units_of(runs),
        n_runs=sum(v.n for v in values),
        n_dropped=sum(int(row["n"]) - int(row["both"]) for row in table),
        dropped=rows_dropped(runs, {"dial": ~is_mine | has_dial, "quality and cost": has_either}),
        dial=values,
        best=min(known, key=lambda pair: (better * pair[0], pair[1]))[1] if known else None,
        effect=effect,
        references=found,
        log=log,
        cost_fit=by_dial.cost_fit(table),
    ), cells


# Claims


def _claims(facts: DialFacts) -> list[Claim]:
    whose, claims, effect = facts.dial_group, [], facts.effect
    if effect is not None:
        best = next(v for v in facts.dial if v.value == facts.best)
        text = f"best {exact(best.value)}, {number(best.quality_mean or 0.0)}"
        is_best = effect.contenders == (best.value,)
        claims.append(Claim("best", whose, best.value, text, "dial", n=best.n, resolved=is_best))
        first, *_, last = (v for v in facts.dial if v.quality_mean is not None)
        change, interval = effect.told
        claims.append(
            Claim(
                "effect", whose, change, number(change), "", n=first.n + last.n,
                interval=interval, resolved=effect.resolved,
            )
        )  # fmt: skip
    claims += [
        Claim("crossing", g, at, f"meets it at {compact(at)}", "dial", to=whose, n=r.n)
        for g, r in facts.references.items() for at in r.crossings
    ]  # fmt: skip
    if facts.cost_fit is not None:
        share = facts.cost_fit.r2
        claims.append(Claim("fit", whose, share, f"{share:.0%}", "", n=facts.n_runs))
    return claims


# Words


def _words(facts: DialFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    called = spoken(labels)
    either = f"{called['quality']} or {called['cost']}"
    some = f" ({facts.n_dropped:,} without {either})" if facts.n_dropped else ""
    others = sum(r.n for r in facts.references.values())
    runs = dense_runs(labels)
    mine = runs.replace("run", f"{named(facts.dial_group)} run")
    shown = f"{count(facts.n_runs, mine)}{some}"
    return Words(
        headline="; ".join(
            [_quality_claim(facts, called["quality"]), _cost_claim(facts, called["cost"])]
        ),
        how_to_read=_how_to_read(facts, called),
        shown=shown + (f"; {count(others, runs)} of other groups" if others else ""),
        alt_text=_alt_text(facts, labels),
    )


def _quality_claim(facts: DialFacts, quality: str) -> str:
    whose, effect = named(facts.dial_group), facts.effect
    of = f"{whose}'s {quality}"
    means = {v.value: v.quality_mean for v in facts.dial if v.quality_mean is not None}
    if effect is None:
        values = [exact(value) for value in means]
        return f"{whose} has one dial value, {values[0]}" if means else f"{of} is not known"
    (low, first), *_, (high, last) = means.items()
    at_equal = f" at {equal(effect.within)}" if effect.within else ""
    span = f"from {exact(low)} to {exact(high)}{at_equal}"
    if effect.within and effect.matched and not effect.matched.same_ends:
        span = f"from the smallest to the largest{at_equal}"
    change, interval = effect.told
    if not {low, high} & {*effect.contenders}:
        inside, *more = effect.contenders
        where = f"{number(means[inside])} at {exact(inside)}"
        if more:
            where = f"between {exact(inside)} and {exact(more[-1])}"
        return f"{whose}'s best mean {quality} is inside the dial{at_equal}: {where}"
    if interval is None:
        return f"Too few runs to tell what the dial does to {of} {span}"
    if interval == (0.0, 0.0):
        level = "" if effect.within else f": {number(first)}"
        if effect.within or len({number(mean) for mean in means.values()}) == 1:
            return f"The dial does nothing to {of}{level} {span}"
        return f"{of} is the same at both ends of the dial{level} {span}"
    if not effect.resolved:
        most = number(max(map(abs, interval)), 2)
        return f"No effect of the dial on {of} is told {span}: up to ±{most} is possible"
    helps = (change < 0) == (facts.sense[1] == "min")
    ends = " to ".join(apart(first, last))
    # Repeated configurations count once in the change.
    if effect.within or (last - first) * change <= 0:
        ends = f"{'falls' if change < 0 else 'rises'} by {number(abs(change))}"
    return f"Turning {whose}'s dial up {'helps' if helps else 'hurts'}: {quality} {ends} {span}"


def _cost_claim(facts: DialFacts, cost: str) -> str:
    crossed = {g: r.crossings for g, r in facts.references.items() if r.crossings}
    if crossed:
        met = []
        for g, places in crossed.items():
            at = listed([compact(place) for place in places], rest="more values")
            met.append(f"{named(g)}'s at {at}")
        return f"its {cost} meets " + listed(met, rest="more groups'")
    levels = {g: r.cost_mean for g, r in facts.references.items() if r.cost_mean is not None}
    costs = [v.cost_mean for v in facts.dial if v.cost_mean is not None]
    if not costs:
        return f"its {cost} is not known"
    # A line that meets none of the levels is on one side of each.
    sides = {
        "below": [g for g, level in levels.items() if costs[0] < level],
        "above": [g for g, level in levels.items() if costs[0] > level],
    }
    said = [f"{side} {names(groups)}" for side, groups in sides.items() if groups]
    return (
        f"its {cost} stays {' and '.join(said)} throughout" if said else _shape(facts, costs, cost)
    )


def _shape(facts: DialFacts, costs: Sequence[float], cost: str) -> str:
    unit = unit_named(facts.units.get("cost", ""))
    if len(costs) == 1 or facts.cost_fit is None:
        return f"one value tells nothing of the growth of its {cost}"
    if facts.cost_fit.slope == 0 and facts.cost_fit.r2 == 1:
        return f"its {cost} does not change with it"
    if len(costs) == 2:
        # Two points are on a line whatever they are.
        return f"its {cost} goes from {number(costs[0])} to {unit.beside(number(costs[1]))}"
    slope = unit.beside(number(facts.cost_fit.slope))
    if facts.cost_fit.r2 >= _LINEAR:
        return f"its {cost} is linear in it, {slope} a dimension"
    return f"a line explains {facts.cost_fit.r2:.0%} of its {cost}"


def _how_to_read(facts: DialFacts, called: Mapping[str, str]) -> str:
    spread = {called[what]: _spread(facts, what) for what in _SPREAD}
    bands = " and ".join(f"±{share:.0%} of {what}" for what, share in spread.items() if share)
    bands = f", {bands}" if bands else ""
    references = f" References: means{bands}." if facts.references else ""
    within = facts.effect.within if facts.effect else ()
    spreads = "; bands: smallest to largest" if any(v.n > 1 for v in facts.dial) else ""
    spreads = f"; thin: of {equal(within)}" if within else spreads
    return (
        f"Lines: means of the {named(facts.dial_group)} runs at each dial value{spreads}; in "
        f"brackets, the runs.{references}"
    )


def _spread(facts: DialFacts, what: str) -> float | None:
    """Return how far bands of references reach, None of many or where their edges are not seen."""
    share = _SPREAD[what]
    levels = [getattr(r, f"{what}_mean") for r in facts.references.values()]
    ends = [getattr(v, f"{what}_{end}") for v in facts.dial for end in ("min", "max")]
    drawn, at = np.array([*levels, *ends], float)[:, None], np.array(levels, float)
    is_seen = (abs(drawn - at) > share * abs(at)).any()
    return share if is_seen and len(facts.references) <= _MOST_BANDS else None


def _alt_text(facts: DialFacts, labels: Mapping[str, str]) -> str:
    called, in_full = spoken(labels), spoken(labels, short=False)
    units = {role: unit_named(facts.units.get(role, "")) for role in _SPREAD}

    def spelt(of: DialValue | DialReference, role: str) -> str:
        mean = getattr(of, f"{role}_mean")
        return "unknown" if mean is None else units[role].beside(number(mean))

    quality, cost = called["quality"], called["cost"]
    points = [
        f"{exact(v.value)} ({quality} {spelt(v, 'quality')}, {cost} {spelt(v, 'cost')})"
        for v in facts.dial
    ]
    references = [
        f"{named(g)} has a mean {quality} of {spelt(r, 'quality')} and {cost} of {spelt(r, 'cost')}"
        for g, r in facts.references.items()
    ]
    charts = (
        f"Two line charts against the {in_full['dial']} of {named(facts.dial_group)}, "
        f"of mean {in_full['quality']} and {in_full['cost']}: {'; '.join(points)}."
    )
    return f"{charts} {'; '.join(references)}." if references else charts


# Drawing


def _draw(page: Page, facts: DialFacts, cells: Cells) -> None:
    for what, ax in page.axes.items():
        _draw_panel(page, facts, cells, what)
        # The label may hold math, and the name of the group none.
        whose = facts.dial_group.replace("$", r"\$")
        ax.set_xlabel(f"{page.labels['dial']} of {whose}")
    page.label(page.axes["quality"].yaxis, "quality", facts.sense[1], "\n")
    page.label(page.axes["cost"].yaxis, "cost", facts.sense[0], "\n")


def _draw_panel(page: Page, facts: DialFacts, cells: Cells, what: str) -> None:
    ax, style = page.axes[what], page.style
    have = [v for v in facts.dial if getattr(v, f"{what}_mean") is not None]
    dial, mean, low, high = (
        np.array([getattr(v, key) for v in have], float)
        for key in ("value", f"{what}_mean", f"{what}_min", f"{what}_max")
    )
    mine = style[facts.dial_group]
    (line,) = ax.plot(
        dial, mean, marker="o", color=mine.color, ls=mine.linestyle, label=facts.dial_group,
        zorder=3,
    )  # fmt: skip
    blocks = [means.dropna() for _, means in cells[what][0].items()] if cells else []
    for means in blocks:
        ax.plot(means.index, means, color=mine.color, alpha=0.4, linewidth=0.8, label="_block")
    if not blocks:
        ax.fill_between(dial, low, high, color=mine.color, alpha=0.15, lw=0)
    known = {g: getattr(r, f"{what}_mean") for g, r in facts.references.items()}
    levels = {g: level for g, level in known.items() if level is not None}
    spread = _spread(facts, what)
    width = matplotlib.rcParams["lines.linewidth"]
    bands = {
        g: ref_band(
            ax, level, spread=spread, relative=True, band_alpha=0.08, color=style[g].color,
            linestyle=style[g].linestyle, linewidth=style[g].weight * width,
        )
        for g, level in levels.items()
    }  # fmt: skip
    page.scale(ax.yaxis, what, np.concatenate([low, high, list(levels.values())]))
    page.scale(ax.xaxis, "dial", dial)
    ax.update_datalim([(1.0, level) for level in levels.values()], updatex=False)
    ax.autoscale_view()
    best = [(v.value, v.quality_mean) for v in have if v.value == facts.best]
    # A best that is no better than others has no mark.
    if what == "quality" and facts.effect and facts.effect.contenders == (facts.best,):
        text = f"best {exact(best[0][0])}, {spoken(page.labels)[what]} {number(best[0][1] or 0.0)}"
        mark_best(ax, dial, mean, sense=facts.sense[1], text=text, optional=True)
    if what == "cost":
        for g, reference in facts.references.items():
            for place, at in enumerate(reference.crossings):
                text = f"{named(facts.dial_group)} = {named(g)} at {compact(at)}"
                text = f"at {compact(at)}" if place or len(text) > _LONG else text
                callout(ax, (at, levels[g]), text, drop="x", marker="o", optional=True)
    n = {facts.dial_group: facts.n_runs} | {g: r.n for g, r in facts.references.items()}
    labels = {g: f"{g} ({n[g]:,})" for g in n}
    page.name_ends(ax, {facts.dial_group: line, **bands}, labels)


MLA_DIAL = Definition(
    name="mla_dial",
    file="insight_3_mla_dial",
    function=insight_mla_dial,
    needs=("group", "quality", "cost", "dial"),
    uses=("moe", "params", "block", "state"),
    holds=DialFacts,
    facts=_facts,
    claims=_claims,
    words=_words,
    draw=_draw,
    panels=lambda facts: ("quality", "cost"),
    matter=lambda f: (f.dial_group, *(g for g, r in f.references.items() if r.crossings)),
)
