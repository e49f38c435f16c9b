"""Throughput at a fixed memory budget: a smaller cache serves more sequences at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, Unpack

import numpy as np

from mpl_dantinox.axes import vram_lines
from mpl_dantinox.devices import DEVICES
from mpl_dantinox.insights import ratios
from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.core import Definition, Shared, Words
from mpl_dantinox.insights.curves import Curve, draw_curves, key_to_curves
from mpl_dantinox.insights.looks import pale
from mpl_dantinox.insights.page import Page
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.serving_facts import Drawing, ServingFacts, ServingGroup, serving_facts
from mpl_dantinox.insights.words import dense_runs, equal, named, names, spoken
from mpl_dantinox.insights.writing import points
from mpl_dantinox.numbers import compact, count, exact, number, rate, rate_unit
from mpl_dantinox.statistics.intervals import MIN_RUNS

__all__ = ["SERVING", "insight_serving"]

_DEVICES = ("RTX 4090", "A100 40GB", "H100")
# Axes of so many letters, or fewer, across and up, have no room for the words of guides.
_NARROW = (14, 13)
_ANY_MEMORY = "at equal memory"
_BANDS = {
    "envelope": "the envelope of both factors' quartiles",
    "runs": "the quartiles over runs",
}


def insight_serving(
    table: Any,
    *,
    model: Literal["cache", "roofline"] = "cache",
    device: str = "H100",
    context: float | None = None,
    baseline: str = "MHA",
    budgets: tuple[float, float] | None = None,
    devices: Sequence[Any] = _DEVICES,
    sequences: Literal["fractional", "whole"] = "fractional",
    weights_bytes: float | None = None,
    band: Literal["envelope", "runs"] = "envelope",
    guides: Sequence[float] = (2.0, 2.5),
    **shared: Unpack[Shared],
) -> Insight:
    r"""Draw total throughput against memory budget, and the ratio to a baseline.

    Parameters
    ----------
    table : path-like or frame
        What `load_runs` takes: one row per run.
    model : {"cache", "roofline"}
        What limits the total. ``"cache"`` is an upper bound by cache alone, of dense runs;
        ``"roofline"`` is what a device can read and compute, of all runs that fit it.
    device : str
        The device of the roofline, a name in `DEVICES`.
    context : float, optional
        Tokens of each sequence. The cache is scaled in proportion, from the tokens that the
        column of the role ``cache_tokens`` says it is of.
    baseline : str
        What ratios are to. If the table lacks it, there are none.
    budgets : (float, float), optional
        Smallest and largest memory budget, GB (10^9 bytes), by default 0.5 to 80, or up to the
        memory of the roofline's device.
    devices : sequence of str, float or (str, float)
        Reference lines of the model by cache: names of devices, numbers of GB, or names of one's
        own with their GB.
    sequences : {"fractional", "whole"}
        Whether part of a sequence counts. ``"whole"``, as by roofline, counts those alone that fit
        as a whole.
    weights_bytes : float, optional
        Bytes per parameter, for taking weights off the budget; by roofline 2 unless told. Where
        the table has memory of weights, that is taken.
    band : {"envelope", "runs"}
        Extremes of both factors' quartiles, or quartiles over runs. The first spans q1(t) / q3(c)
        to q3(t) / q1(c), the second the quartiles of t / c. By roofline there is none.
    guides : sequence of float
        Ratios with a pale line.
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
        If no run has what the model takes.

    Notes
    -----
    Each group has a typical run, of geometric means over its configurations. By cache alone, a
    budget of :math:`M` bytes holds :math:`M / c` sequences whose caches take :math:`c` bytes each,
    all as fast as one alone. Where a device cannot read or compute that much, the figure says so,
    and its lines have no names of devices. By roofline, the total is that of
    `mpl_dantinox.roofline.tokens_per_s`, times the share of it that one sequence was measured at,
    where the table has ``tps``. Mixtures of experts need ``active_params``.

    Examples
    --------
    >>> from mpl_dantinox import insight_serving, sample_runs
    >>> insight_serving(sample_runs()).facts.groups["MHA"].ratio
    1.0
    >>> insight_serving(sample_runs("models"), model="roofline").facts.device
    'H100'
    """
    return SERVING.make(
        table, shared, model=model, device=device, context=context, baseline=baseline,
        budgets=budgets, devices=devices, sequences=sequences, weights_bytes=weights_bytes,
        band=band, guides=guides,
    )  # fmt: skip


def _claims(facts: ServingFacts) -> list[Claim]:
    where = _where(facts, compact)
    claims = [
        Claim("total", g, s.total_tps, number(s.total_tps), f"tok/s {where}", n=s.n)
        for g, s in facts.groups.items()
    ]
    claims += facts.ratio_claims(f"to {facts.baseline}")
    # Beside ratios to a baseline, a terminal needs no other.
    what = "to the next" if facts.baseline is None else ""
    return claims + [
        o.told(facts.groups[o.first].n).claim("order", o.first, o.second, what)
        for o in facts.orders
        if o.ratio is not None
    ]


def _words(facts: ServingFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    called = spoken(labels) | {"tps": spoken(labels).get("tps", "throughput")}
    runs = "run" if facts.device else dense_runs(labels)
    return Words(
        headline=_headline(facts),
        how_to_read=_how_to_read(facts, called),
        shown=count(sum(g.n for g in facts.groups.values()), runs),
        footnote=_footnote(facts),
        alt_text=_alt_text(facts, called),
        notes=facts.why_no_ratios(),
    )


def _headline(facts: ServingFacts) -> str:
    """Return the sentence that the ratios and their intervals allow."""
    # What does not fit a device has a sentence of its own.
    found = {g: r for g, r in facts.compared().items() if r.value or not facts.device}
    if not found:
        return "; ".join([_without_ratio(facts), *_failures(facts)])
    alone = facts.alone()
    others = sorted({*found}.difference(alone), key=lambda g: -found[g].value)
    clear, near, unclear = ratios.by_verdict(found, others)
    where, to = _equal(facts), named(str(facts.baseline))
    at = f"{where[0].upper()}{where[1:]} "
    parts = []
    if clear and clear == others and found[clear[0]].value < 1:
        listed = ratios.ratios_listed(found, clear)
        parts.append(f"{to} serves the most {where}: {listed} its tokens")
    elif clear:
        rest = f", {ratios.ratios_listed(found, clear[1:])}" if clear[1:] else ""
        parts.append(f"{at}{named(clear[0])} serves {found[clear[0]]} the tokens of {to}{rest}")
    parts.append(ratios.not_apart(facts.orders, clear))
    if near:
        serve = "serves" if len(near) == 1 else "serve"
        listed = ratios.ratios_listed(found, near)
        parts.append(f"{'' if clear else at}{names(near)} {serve} as much as {to} ({listed})")
    if unclear:
        # Of a ratio that is the same at any memory, the memory needs no saying.
        start = "" if clear or near or where == _ANY_MEMORY else at
        listed, why = ratios.ratios_listed(found, unclear), _why(found[unclear[0]], facts)
        parts.append(f"{start}{names(unclear)} cannot be told from {to} ({listed}, {why})")
    if alone:
        parts.append(f"no {to} run of {equal(facts.within)} to compare {names(alone)} with")
    return "; ".join(filter(None, [*parts, ratios.size_phrase(facts), *_failures(facts)]))


def _why(ratio: ratios.Ratio, facts: ServingFacts) -> str:
    """Return why a ratio is not told."""
    if ratio.interval is not None:
        return "within the spread of runs"
    whole = facts.sequences == "whole" and not facts.device
    enough = min(s.n for s in facts.groups.values()) >= MIN_RUNS
    return "too few sequences" if whole and enough else "too few runs"


def _failures(facts: ServingFacts) -> list[str]:
    if not facts.device:
        return [
            f"{s.n_failed:,} of {s.n + s.n_failed:,} {named(g)} runs "
            f"{'serves' if s.n_failed == 1 else 'serve'} nothing"
            for g, s in facts.groups.items()
            if s.n_failed
        ]
    none = [f"no {named(g)} run fits" for g, s in facts.groups.items() if not s.total_tps]
    lost = sum(s.n_failed for s in facts.groups.values())
    n = lost + sum(s.n for s in facts.groups.values())
    do = "does" if lost == 1 else "do"
    return [*none, *([f"{lost:,} of {n:,} runs {do} not fit"] if lost else [])]


def _without_ratio(facts: ServingFacts) -> str:
    """Return the sentence for a single group, or for groups without a baseline."""
    place = _where(facts)
    if not any(s.total_tps for s in facts.groups.values()):
        return f"No group serves anything {place}"
    lead = facts.orders[0] if facts.orders else None
    first = lead.first if lead else max(facts.groups, key=lambda g: facts.groups[g].total_tps)
    total = f"{named(first)} serves {rate(facts.groups[first].total_tps)} {place}"
    if lead is None:
        return f"{total}; there is no other group to compare it with"
    if lead.ratio is None:
        return f"{total}, the others nothing"
    ratio, where, both = lead.told(), _equal(facts), names([first, lead.second])
    if ratio.verdict == "as much":
        return f"{both} serve the same {where} ({ratio})"
    if ratio.verdict == "unclear":
        return f"{both} cannot be told apart {where} ({ratio}, {_why(ratio, facts)})"
    if facts.within:
        start = f"{where[0].upper()}{where[1:]} {named(first)} serves"
        return f"{start} {ratio} the tokens of {named(lead.second)}, the next"
    return f"{total}, {ratio} the tokens of {named(lead.second)}, the next"


def _where(facts: ServingFacts, spell: Callable[[float], str] = exact) -> str:
    """Return where the largest budget is."""
    gb = facts.budgets_gb[1]
    if facts.device is None:
        return f"at {spell(gb)} GB"
    all_of_it = gb == DEVICES[facts.device].memory_gb
    return f"on {'the' if all_of_it else f'{spell(gb)} GB of the'} {facts.device}"


def _equal(facts: ServingFacts) -> str:
    """Return what is equal where a ratio holds; some models make it depend on the budget."""
    weights = any(s.weights_gb for s in facts.groups.values())
    where = _where(facts) if weights or facts.sequences == "whole" else _ANY_MEMORY
    joined = "at" if facts.device else "and"
    return f"{where} {joined} {equal(facts.within)}" if facts.within else where


def _how_to_read(facts: ServingFacts, called: Mapping[str, str]) -> str:
    if facts.device:
        words = [
            f"Roofline of the {facts.device}: whole sequences beside the weights; a step reads the "
            f"weights that it uses and every {called['cache']}. Geometric means over the runs that "
            "fit, in brackets."
        ]
        if any(s.efficiency != 1 for s in facts.groups.values()):
            words.append(f"Times the share of it that the {called['tps']} of one reaches.")
    else:
        words = [
            f"An upper bound by {called['cache']} alone: sequences that fit × {called['tps']} of "
            f"one, at each group's geometric means of {called['cache']} and {called['tps']}; in "
            "brackets, its runs."
        ]
    return " ".join([*words, *key_to_curves(facts, _BANDS.get(facts.band or "")), *_beyond(facts)])


def _beyond(facts: ServingFacts) -> list[str]:
    """Return what the totals would take of the largest device that cannot do it."""
    if not facts.beyond:
        return []
    name = max(facts.beyond, key=lambda name: DEVICES[name].memory_gb)
    device, implied = DEVICES[name], facts.beyond[name]
    takes, has = implied.gb_s / 1e3, (device.bandwidth_gb_s or np.inf) / 1e3
    does = f"reads {number(has)} TB/s"
    if takes <= has:
        takes, does = implied.tflops or 0.0, f"computes {number(device.bf16_tflops or 0)} TFLOPS"
    memory = compact(device.memory_gb)
    return [
        f"No {name} does this: it {does}, and {memory} GB at these speeds take {number(takes)}."
    ]


def _footnote(facts: ServingFacts) -> str:
    counted = any(group.weights_gb for group in facts.groups.values())
    weights = "as the table has them," if counted else "not"
    if size := facts.weights_bytes:
        weights = f"at {exact(size)} {'byte' if size == 1 else 'bytes'} per parameter"
    tokens = f"; sequences of {exact(facts.context)} tokens" if facts.context else ""
    return (
        f". Model: {facts.sequences} sequences, weights {weights} taken off the budget{tokens}; "
        "1\N{NO-BREAK SPACE}GB\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}10^9 bytes."
    )


def _alt_text(facts: ServingFacts, called: Mapping[str, str]) -> str:
    low, high = map(exact, facts.budgets_gb)
    lines = []
    for g, s in facts.groups.items():
        reaches = f"{named(g)} ({count(s.n, 'run')}) reaches {rate(s.total_tps)}"
        lines.append(", ".join(filter(None, [reaches, facts.ratio_in_words(g)])))
    roofline = f" by the roofline of the {facts.device}" if facts.device else ""
    return (
        f"Line chart of total {called['tps']} against a memory budget from "
        f"{low} to {high} GB{roofline}. At {high} GB: {'; '.join(lines)}."
    )


def _draw(page: Page, facts: ServingFacts, besides: Drawing) -> None:
    model, guides = besides
    budgets = np.geomspace(*facts.budgets_gb, 1000 if facts.sequences == "whole" else 200)
    scale, unit = rate_unit(max(s.total_tps for s in facts.groups.values()))
    curves = {
        g: Curve(budgets, *(model.total(budgets, run) / scale for run in [s, *_edges(facts, s)]))
        for g, s in facts.groups.items()
    }
    label = f"Total {spoken(page.labels).get('tps', 'throughput')}"
    draw_curves(page, facts, curves, "tps", label, unit, guides)
    for ax in page.axes.values():
        page.scale(ax.xaxis, "cache", budgets)
        ax.set_xlim(*facts.budgets_gb)
        ax.set_xlabel("Memory budget (GB)")
        # Context, a little paler than ink; its words may lie on several bands. Narrow Axes of
        # somebody's have no room for the words, and a line that is not named is not drawn.
        letters = np.asarray(ax.bbox.size) * 72 / ax.figure.dpi / points("medium")
        if page.body is not None or np.greater(letters, _NARROW).all():
            vram_lines(ax, list(facts.devices.items()), color=pale(0.85), clip_on=False)


def _edges(facts: ServingFacts, group: ServingGroup) -> list[ServingGroup]:
    """Return what makes the lower and the upper edge of a band."""
    tps, cache, rate = group.tps, group.cache, group.rate
    if facts.band is None or tps is None:
        return []
    edges = [(cache.q3, tps.q1), (cache.q1, tps.q3)]
    if facts.band == "runs":
        # A run's rate is what it serves from one MB; the model scales it to the budget.
        edges = [(1 / rate.q1, 1.0), (1 / rate.q3, 1.0)]
    return [replace(group, typical_cache=c, typical_tps=t) for c, t in edges]


SERVING = Definition(
    name="serving",
    file="insight_2_serving",
    function=insight_serving,
    needs=("group", "cache"),
    uses=("tps", "moe", "params", "active_params", "weights", "cache_tokens", "block", "state"),
    holds=ServingFacts,
    facts=serving_facts,
    claims=_claims,
    words=_words,
    draw=_draw,
    panels=ratios.ComparedFacts.panels,
    matter=ratios.ComparedFacts.matter,
)
