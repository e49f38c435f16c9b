"""Throughput at a fixed memory budget: a smaller cache serves more sequences at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Unpack

import narwhals as nw
import numpy as np

from mpl_dantinox.axes import vram_lines
from mpl_dantinox.devices import resolve_device
from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.core import Definition, Shared, Words
from mpl_dantinox.insights.curves import MOST_BANDS, Curve, draw_curves, draw_ratios, ratio_panels
from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.looks import in_order, looks
from mpl_dantinox.insights.memory import MemoryModel
from mpl_dantinox.insights.page import Page, pale
from mpl_dantinox.insights.ratios import (
    Interval,
    Ratio,
    by_verdict,
    drawn_medians,
    ratio_claims,
    ratio_interval,
    ratios_listed,
    span,
    verdict,
)
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.rows import Quartiles, group_sizes, quartiles, rows_dropped
from mpl_dantinox.insights.words import dense_runs, named, names, spoken
from mpl_dantinox.numbers import compact, count, exact, number, rate, rate_unit, times
from mpl_dantinox.tables.runs import NoDataError, Runs

__all__ = ["SERVING", "ServingFacts", "ServingGroup", "ServingLead", "insight_serving"]

_DEVICES = ("RTX 4090", "A100 40GB", "H100")
_GUIDES = (2.0, 2.5)
_ANY_MEMORY = "equal memory"
_BANDS = {
    "envelope": "Bands: the envelope of both factors' quartiles.",
    "runs": "Bands: the quartiles over runs.",
}


@dataclass(frozen=True)
class ServingGroup(Facts):
    """What is true of one group.

    Attributes
    ----------
    n, n_dropped : int
        Dense runs with throughput and cache, and dense runs that lack one of them.
    tps, cache, rate : Quartiles
        Of decode throughput of one sequence, tokens/s; of KV cache of one sequence, MB; and of
        the one by the other, tokens/s per MB.
    weights_gb : float
        Memory of the weights that is taken off the budget, GB (10^9 bytes); 0 when it is not.
    total_tps : float
        Throughput at the largest budget, tokens/s.
    ratio : float or None
        `total_tps` over that of the baseline; None without one.
    ratio_interval : (float, float or None) or None
        Its 95 % bootstrap interval, open where the baseline may serve nothing; None where either
        group has fewer than three runs.
    """

    n: int
    n_dropped: int
    tps: Quartiles
    cache: Quartiles
    rate: Quartiles
    weights_gb: float
    total_tps: float
    ratio: float | None
    ratio_interval: Interval | None


@dataclass(frozen=True)
class ServingLead(Facts):
    """The two groups with the highest `total_tps`, their ratio, and its 95 % interval."""

    first: str
    second: str
    ratio: float | None
    ratio_interval: Interval | None


@dataclass(frozen=True)
class ServingFacts(Facts):
    """The facts of `insight_serving`.

    Attributes
    ----------
    asked_baseline : str
        The group that the caller wanted the ratios to.
    baseline : str or None
        The same if it has runs that serve anything, else None.
    budgets_gb : (float, float)
        The range of memory budgets, GB (10^9 bytes).
    sequences : {"fractional", "whole"}
        Whether part of a sequence counts.
    weights_bytes : float or None
        Bytes per parameter that are taken off the budget; None if the weights are left out.
    band : {"envelope", "runs"}
        What the band shows.
    dropped : dict of str to int
        Rows that are not used, by the first role that they lack a value of; ``"moe"`` are those not
        known to be dense, and ``"dense"`` those known not to be.
    groups : dict of str to ServingGroup
    lead : ServingLead or None
        By how much the first group is ahead of the second; None for a single group.
    """

    asked_baseline: str
    baseline: str | None
    budgets_gb: Annotated[tuple[float, float], exact]
    sequences: str
    weights_bytes: Annotated[float | None, exact]
    band: str
    devices: Mapping[str, float]
    dropped: Mapping[str, int]
    groups: Mapping[str, ServingGroup]
    lead: ServingLead | None


def insight_serving(
    table: Any,
    *,
    baseline: str = "MHA",
    budgets: tuple[float, float] = (0.5, 80.0),
    devices: Sequence[Any] = _DEVICES,
    sequences: Literal["fractional", "whole"] = "fractional",
    weights_bytes: float | None = None,
    band: Literal["envelope", "runs"] = "envelope",
    **shared: Unpack[Shared],
) -> Insight:
    """Draw total throughput against memory budget for the dense runs, and the ratio to a baseline.

    A budget of B bytes holds B / c sequences whose caches take c bytes each; at t tokens/s per
    sequence they make B / c × t tokens/s together. Each group has its median t and c.

    Parameters
    ----------
    table : path-like or frame
        What `load_runs` takes: one row per run.
    baseline : str
        What ratios are to. If the table lacks it, there are none.
    budgets : (float, float)
        Smallest and largest memory budget, GB (10^9 bytes).
    devices : sequence of str, float or (str, float)
        Reference lines: names of devices, numbers of GB, or names of one's own with their GB.
    sequences : {"fractional", "whole"}
        Whether part of a sequence counts. ``"whole"`` counts those alone that fit as a whole.
    weights_bytes : float, optional
        Bytes per parameter, for taking the median weights of each group off the budget.
    band : {"envelope", "runs"}
        Extremes of both factors' quartiles, or quartiles over runs. The first spans q1(t) / q3(c)
        to q3(t) / q1(c), the second the quartiles of t / c.
    **shared
        `mpl_dantinox.insights.core.Shared` keywords.

    Returns
    -------
    Insight
        With a `ServingFacts`, the axes ``"throughput"`` and, where there is a baseline and another
        group, ``"ratio"``.

    Raises
    ------
    RunsError
        If a column is missing or cannot be read, or an option makes no sense.
    NoDataError
        If no dense run has a group, a throughput and a cache above zero.

    Examples
    --------
    >>> from mpl_dantinox import insight_serving, sample_runs
    >>> insight_serving(sample_runs()).facts.groups["MHA"].ratio
    1.0
    """
    return SERVING.make(
        table, shared, baseline=baseline, budgets=budgets, devices=devices, sequences=sequences,
        weights_bytes=weights_bytes, band=band,
    )  # fmt: skip


# Facts


def _facts(
    runs: Runs, *, baseline: str, devices: Sequence[Any], **model_options: Any
) -> tuple[ServingFacts, None]:
    model = MemoryModel(**model_options)
    model.check()
    if model.weights_bytes is not None:
        runs.require("params")
    positive = {role: nw.col(role) > 0 for role in ("cache", "tps")}
    dense = runs.dense(["group", "cache", "tps", "params"]).filter(~nw.col("group").is_null())
    usable = dense.filter(*positive.values()).with_columns(rate=nw.col("tps") / nw.col("cache"))
    n_dense, n = group_sizes(dense), group_sizes(usable)
    if not n:
        raise NoDataError("no dense run has a group, a throughput and a cache above zero")
    tps, cache, each = (quartiles(usable, column) for column in ("tps", "cache", "rate"))
    params = quartiles(usable, "params") if model.weights_bytes else {}
    weights = {g: model.weights_gb(params.get(g)) for g in n}

    def total(g: str, tps: Any, cache: Any) -> Any:
        return model.total(model.budgets[1], cache, tps, weights[g])

    totals = {g: float(total(g, tps[g].median, cache[g].median)) for g in n}
    draws = {g: total(g, *p.T) for g, p in drawn_medians(usable, ("tps", "cache"), n).items()}
    known = baseline in n and totals[baseline] > 0
    lead = None
    if len(n) > 1:
        first, second = sorted(in_order(n), key=lambda g: -fact(totals[g]))[:2]
        ratio = fact(totals[first] / totals[second]) if totals[second] else None
        lead = ServingLead(first, second, ratio, ratio_interval(draws, first, second))
    groups = {
        g: ServingGroup(
            n=n[g],
            n_dropped=n_dense[g] - n[g],
            tps=tps[g],
            cache=cache[g],
            rate=each[g],
            weights_gb=fact(weights[g]),
            total_tps=fact(totals[g]),
            ratio=fact(totals[g] / totals[baseline]) if known else None,
            ratio_interval=ratio_interval(draws, g, baseline) if known else None,
        )
        for g in in_order(n)
    }
    return ServingFacts(
        asked_baseline=baseline,
        baseline=baseline if known else None,
        budgets_gb=(float(model.budgets[0]), float(model.budgets[1])),
        sequences=model.sequences,
        weights_bytes=model.weights_bytes,
        band=model.band,
        devices=dict(resolve_device(device) for device in devices),
        dropped=rows_dropped(runs, positive),
        groups=groups,
        lead=lead,
    ), None


# Claims


def _claims(facts: ServingFacts) -> list[Claim]:
    where = f"at {compact(facts.budgets_gb[1])} GB"
    claims = [
        Claim("total", g, s.total_tps, number(s.total_tps), f"tok/s {where}", n=s.n)
        for g, s in facts.groups.items()
    ]
    claims += ratio_claims(_ratios(facts), facts.baseline)
    if (lead := facts.lead) is not None:
        # Beside ratios to a baseline, a terminal needs no other.
        what = "to the next" if facts.baseline is None else ""
        ratio = Ratio(lead.ratio, lead.ratio_interval, facts.groups[lead.first].n)
        claims += ratio_claims({lead.first: ratio}, lead.second, kind="order", what=what)
    return claims


# Words


def _words(facts: ServingFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    called = spoken(labels)
    each = exact(facts.weights_bytes) if facts.weights_bytes else None
    weights = f"at {each} bytes per parameter" if each else "not"
    none = f"no ratios: no group is called {facts.asked_baseline!r}, see --baseline"
    return Words(
        headline=_headline(facts),
        how_to_read=_how_to_read(facts, called),
        shown=count(sum(g.n for g in facts.groups.values()), dense_runs(labels)),
        footnote=(
            f". Model: {facts.sequences} sequences, weights {weights} taken off the budget; "
            "1\N{NO-BREAK SPACE}GB\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}10⁹ bytes."
        ),
        alt_text=_alt_text(facts, called),
        notes=(none,) if facts.baseline is None else (),
    )


def _ratios(facts: ServingFacts) -> dict[str, Ratio]:
    return {g: Ratio(s.ratio, s.ratio_interval, s.n) for g, s in facts.groups.items()}


def _headline(facts: ServingFacts) -> str:
    """Return the sentence that the ratios and their intervals allow."""
    groups, base, ratios = facts.groups, facts.baseline, _ratios(facts)
    others = [g for g in sorted(groups, key=lambda g: -groups[g].total_tps) if g != base]
    if base is None or not others:
        return _without_ratio(facts)
    clear, near, unclear = by_verdict(ratios, others)
    where, to = _where(facts), named(base)
    parts = []
    if len(clear) == len(others) and (ratios[clear[0]].value or 0) < 1:
        parts.append(f"{to} serves the most at {where}: {ratios_listed(ratios, clear)} its tokens")
    elif clear:
        first = times(ratios[clear[0]].value or 0)
        rest = f", {ratios_listed(ratios, clear[1:])}" if clear[1:] else ""
        parts.append(f"At {where} {named(clear[0])} serves {first} the tokens of {to}{rest}")
    if near:
        serve = "serves" if len(near) == 1 else "serve"
        start = "" if parts else f"At {where} "
        listed = ratios_listed(ratios, near)
        parts.append(f"{start}{names(near)} {serve} as much as {to} ({listed})")
    if unclear:
        # Of a ratio that is the same at any memory, the memory needs no saying.
        start = "" if parts or where == _ANY_MEMORY else f"At {where} "
        parts.append(
            f"{start}{names(unclear)} cannot be told from {to} "
            f"({ratios_listed(ratios, unclear)}, within the spread of runs)"
        )
    return "; ".join(parts)


def _without_ratio(facts: ServingFacts) -> str:
    """Return the sentence for a single group, or for groups without a baseline."""
    budget, lead = exact(facts.budgets_gb[1]), facts.lead
    if not any(s.total_tps for s in facts.groups.values()):
        return f"No group serves anything at {budget} GB"
    first = lead.first if lead else next(iter(facts.groups))
    total = f"{named(first)} serves {rate(facts.groups[first].total_tps)} at {budget} GB"
    if lead is None:
        return f"{total}; there is no other group to compare it with"
    if lead.ratio is None:
        return f"{total}, the others nothing"
    kind, where = verdict(Ratio(lead.ratio, lead.ratio_interval, 0)), _where(facts)
    both = names([first, lead.second])
    if kind == "as much":
        return f"{both} serve the same at {where} ({times(lead.ratio)})"
    if kind == "unclear":
        near = f"{times(lead.ratio)}, within the spread of runs"
        return f"{both} cannot be told apart at {where} ({near})"
    return f"{total}, {times(lead.ratio)} the tokens of {named(lead.second)}, the next"


def _where(facts: ServingFacts) -> str:
    """Return the memory that a ratio is for; some models make it depend on the budget."""
    if facts.sequences == "fractional" and not facts.weights_bytes:
        return _ANY_MEMORY
    return f"{exact(facts.budgets_gb[1])} GB"


def _how_to_read(facts: ServingFacts, called: Mapping[str, str]) -> str:
    words = [
        f"Sequences that fit × {called['tps']} of one, at each group's medians of "
        f"{called['cache']} and {called['tps']}."
    ]
    if len(facts.groups) <= MOST_BANDS:
        words.append(_BANDS[facts.band])
    if any(g.ratio_interval for g in facts.groups.values()):
        words.append("Whiskers: 95% bootstrap intervals.")
    return " ".join(words)


def _alt_text(facts: ServingFacts, called: Mapping[str, str]) -> str:
    low, high = (exact(b) for b in facts.budgets_gb)
    lines = []
    for g, group in facts.groups.items():
        text = f"{named(g)} ({count(group.n, 'run')}) reaches {rate(group.total_tps)}"
        if group.ratio is not None and g != facts.baseline:
            text += f", {times(group.ratio)} {named(str(facts.baseline))}"
            text += f" ({span(group.ratio_interval)})" if group.ratio_interval else ""
        lines.append(text)
    return (
        f"Line chart of total {called['tps']} against a memory budget from "
        f"{low} to {high} GB. At {high} GB: {'; '.join(lines)}."
    )


# Drawing


def _draw(page: Page, facts: ServingFacts, besides: None) -> None:
    model = MemoryModel(facts.budgets_gb, facts.sequences, facts.weights_bytes, facts.band)
    budgets = np.geomspace(*facts.budgets_gb, 1000 if facts.sequences == "whole" else 200)
    style, called = looks(facts.groups), spoken(page.labels)["tps"]
    scale, unit = rate_unit(max(s.total_tps for s in facts.groups.values()))
    curves = {}
    for g, s in facts.groups.items():
        middle = model.total(budgets, s.cache.median, s.tps.median, s.weights_gb)
        edges = model.band_edges(budgets, s.tps, s.cache, s.rate, s.weights_gb)
        curves[g] = Curve(budgets, *(tps / scale for tps in (middle, *edges)))
    draw_curves(page, "throughput", curves, style, "tps")
    page.axes["throughput"].set_ylabel(f"Total {called} ({unit})", parse_math=False)
    if "ratio" in page.axes:
        draw_ratios(
            page.axes["ratio"], page, curves, _ratios(facts), str(facts.baseline), style, "tps",
            f"Total {called} relative to {facts.baseline}", guides=_GUIDES,
            # Near the largest budget, which it is about, but beside what may be marked there.
            whisker_x=lambda place: facts.budgets_gb[1] / 1.3 / 1.12**place,
        )  # fmt: skip
    for ax in page.axes.values():
        page.scale(ax.xaxis, "cache", budgets)
        ax.set_xlim(*facts.budgets_gb)
        ax.set_xlabel("Memory budget (GB)")
        # Context, a little paler than ink; its words may lie on several bands.
        vram_lines(ax, list(facts.devices.items()), color=pale(0.85), clip_on=False)


SERVING = Definition(
    name="serving",
    file="insight_2_serving",
    function=insight_serving,
    needs=("group", "cache", "tps"),
    uses=("moe", "params"),
    holds=ServingFacts,
    facts=_facts,
    claims=_claims,
    words=_words,
    draw=_draw,
    panels=lambda facts: ratio_panels("throughput", facts.baseline, facts.groups),
)
