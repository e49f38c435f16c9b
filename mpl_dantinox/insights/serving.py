"""Throughput at a fixed memory budget: a smaller cache serves more sequences at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

import numpy as np

from mpl_dantinox.axes import vram_lines
from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.core import Definition, Shared, Words
from mpl_dantinox.insights.curves import MOST_BANDS, Curve, draw_curves, draw_ratios, ratio_panels
from mpl_dantinox.insights.looks import pale
from mpl_dantinox.insights.memory import MemoryModel
from mpl_dantinox.insights.page import Page
from mpl_dantinox.insights.ratios import (
    Ratio,
    by_verdict,
    not_apart,
    ratio_claims,
    ratios_listed,
    size_phrase,
    span,
    told_ratio,
    verdict,
)
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.serving_facts import ServingFacts, serving_facts
from mpl_dantinox.insights.words import dense_runs, named, names, spoken
from mpl_dantinox.numbers import compact, count, exact, number, rate, rate_unit, times
from mpl_dantinox.statistics.intervals import MIN_RUNS

__all__ = ["SERVING", "insight_serving"]

_DEVICES = ("RTX 4090", "A100 40GB", "H100")
_GUIDES = (2.0, 2.5)
_ANY_MEMORY = "equal memory"
_BANDS = {
    "envelope": "Bands: the envelope of both factors' quartiles.",
    "runs": "Bands: the quartiles over runs.",
}


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
    sequence they make B / c × t tokens/s together. Each group has its typical
    t and c, geometric means.

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


# Claims


def _claims(facts: ServingFacts) -> list[Claim]:
    where = f"at {compact(facts.budgets_gb[1])} GB"
    claims = [
        Claim("total", g, s.total_tps, number(s.total_tps), f"tok/s {where}", n=s.n)
        for g, s in facts.groups.items()
    ]
    claims += ratio_claims(_ratios(facts), facts.baseline)
    # Beside ratios to a baseline, a terminal needs no other.
    what = "to the next" if facts.baseline is None else ""
    for o in facts.orders:
        ratio = Ratio(o.ratio, o.interval, facts.groups[o.first].n, resolved=o.resolved)
        claims += ratio_claims({o.first: ratio}, o.second, kind="order", what=what)
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
    """Return the ratios that are told, those within blocks where these count."""
    return {g: told_ratio(s, facts.within) for g, s in facts.groups.items()}


def _headline(facts: ServingFacts) -> str:
    """Return the sentence that the ratios and their intervals allow."""
    base, ratios = facts.baseline, _ratios(facts)
    sizes = {g: s.params for g, s in facts.groups.items()}
    others = sorted((g for g in ratios if g != base), key=lambda g: -(ratios[g].value or 0.0))
    if base is None or not others:
        return "; ".join([_without_ratio(facts), *_failures(facts)])
    clear, near, unclear = by_verdict(ratios, others)
    where, to = _where(facts), named(base)
    parts = []
    if len(clear) == len(others) and (ratios[clear[0]].value or 0) < 1:
        parts.append(f"{to} serves the most at {where}: {ratios_listed(ratios, clear)} its tokens")
    elif clear:
        first = times(ratios[clear[0]].value or 0)
        rest = f", {ratios_listed(ratios, clear[1:])}" if clear[1:] else ""
        parts.append(f"At {where} {named(clear[0])} serves {first} the tokens of {to}{rest}")
    parts += filter(None, [not_apart(facts.orders, clear)])
    if near:
        serve = "serves" if len(near) == 1 else "serve"
        start = "" if parts else f"At {where} "
        listed = ratios_listed(ratios, near)
        parts.append(f"{start}{names(near)} {serve} as much as {to} ({listed})")
    if unclear:
        # Of a ratio that is the same at any memory, the memory needs no saying.
        start = "" if parts or where == _ANY_MEMORY else f"At {where} "
        parts.append(
            f"{start}{names(unclear)} cannot be told from {to} ({ratios_listed(ratios, unclear)}, "
            f"{_why(ratios[unclear[0]], facts)})"
        )
    return "; ".join([*parts, *size_phrase(sizes, base, facts.within), *_failures(facts)])


def _why(ratio: Ratio, facts: ServingFacts) -> str:
    """Return why a ratio is not told."""
    if ratio.interval is not None:
        return "within the spread of runs"
    whole = facts.sequences == "whole" and min(s.n for s in facts.groups.values()) >= MIN_RUNS
    return "too few sequences" if whole else "too few runs"


def _failures(facts: ServingFacts) -> list[str]:
    return [
        f"{s.n_failed:,} of {s.n + s.n_failed:,} {named(g)} runs serve nothing"
        for g, s in facts.groups.items()
        if s.n_failed
    ]


def _without_ratio(facts: ServingFacts) -> str:
    """Return the sentence for a single group, or for groups without a baseline."""
    budget = exact(facts.budgets_gb[1])
    if not any(s.total_tps for s in facts.groups.values()):
        return f"No group serves anything at {budget} GB"
    lead = facts.orders[0] if facts.orders else None
    first = lead.first if lead else next(iter(facts.groups))
    total = f"{named(first)} serves {rate(facts.groups[first].total_tps)} at {budget} GB"
    if lead is None:
        return f"{total}; there is no other group to compare it with"
    if lead.ratio is None:
        return f"{total}, the others nothing"
    ratio = Ratio(lead.ratio, lead.interval, 0, resolved=lead.resolved)
    kind, where = verdict(ratio), _where(facts)
    both = names([first, lead.second])
    if kind == "as much":
        return f"{both} serve the same at {where} ({times(lead.ratio)})"
    if kind == "unclear":
        why = _why(ratio, facts)
        return f"{both} cannot be told apart at {where} ({times(lead.ratio)}, {why})"
    return f"{total}, {times(lead.ratio)} the tokens of {named(lead.second)}, the next"


def _where(facts: ServingFacts) -> str:
    """Return what is equal where a ratio holds; some models make it depend on the budget."""
    any_budget = facts.sequences == "fractional" and not facts.weights_bytes
    where = _ANY_MEMORY if any_budget else f"{exact(facts.budgets_gb[1])} GB"
    return f"{where} and equal {' and '.join(facts.within)}" if facts.within else where


def _how_to_read(facts: ServingFacts, called: Mapping[str, str]) -> str:
    words = [
        f"Sequences that fit × {called['tps']} of one, at each group's geometric means of "
        f"{called['cache']} and {called['tps']}; in brackets, its runs."
    ]
    if len(facts.groups) <= MOST_BANDS:
        words.append(_BANDS[facts.band])
    if any(r.interval for r in _ratios(facts).values()):
        words.append("Whiskers: 95% intervals.")
    return " ".join(words)


def _alt_text(facts: ServingFacts, called: Mapping[str, str]) -> str:
    low, high = (exact(b) for b in facts.budgets_gb)
    lines = []
    for g, group in facts.groups.items():
        text = f"{named(g)} ({count(group.n, 'run')}) reaches {rate(group.total_tps)}"
        ratio = _ratios(facts)[g]
        if ratio.value is not None and g != facts.baseline:
            text += f", {times(ratio.value)} {named(str(facts.baseline))}"
            text += f" ({span(ratio.interval)})" if ratio.interval else ""
        lines.append(text)
    return (
        f"Line chart of total {called['tps']} against a memory budget from "
        f"{low} to {high} GB. At {high} GB: {'; '.join(lines)}."
    )


# Drawing


def _draw(page: Page, facts: ServingFacts, besides: None) -> None:
    model = MemoryModel(facts.budgets_gb, facts.sequences, facts.weights_bytes, facts.band)
    budgets = np.geomspace(*facts.budgets_gb, 1000 if facts.sequences == "whole" else 200)
    style, called = page.style, spoken(page.labels)["tps"]
    scale, unit = rate_unit(max(s.total_tps for s in facts.groups.values()))
    curves = {}
    for g, s in facts.groups.items():
        middle = model.total(budgets, s.typical_cache, s.typical_tps, s.weights_gb)
        edges = model.band_edges(budgets, s.tps, s.cache, s.rate, s.weights_gb)
        curves[g] = Curve(budgets, *(tps / scale for tps in (middle, *edges)))
    runs = {g: s.n for g, s in facts.groups.items()}
    draw_curves(page, "throughput", curves, runs, style, "tps")
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
    uses=("moe", "params", "block"),
    holds=ServingFacts,
    facts=serving_facts,
    claims=_claims,
    words=_words,
    draw=_draw,
    panels=lambda facts: ratio_panels("throughput", facts.baseline, facts.groups),
)
