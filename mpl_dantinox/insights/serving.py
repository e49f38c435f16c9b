"""Throughput at a fixed memory budget: a smaller cache serves more sequences at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, Unpack

import matplotlib
import narwhals as nw
import numpy as np
import numpy.typing as npt

from mpl_dantinox.axes import ref_band, vram_lines
from mpl_dantinox.devices import resolve_device
from mpl_dantinox.insights.claims import Claim, tells_apart
from mpl_dantinox.insights.core import Definition, Shared, Words
from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.looks import Look, in_order, looks
from mpl_dantinox.insights.page import Page, name_ends, pale
from mpl_dantinox.insights.ratios import Interval, drawn_medians, ratio_interval, span, verdict
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.rows import Quartiles, group_sizes, quartiles, rows_dropped
from mpl_dantinox.insights.words import named, names, spoken
from mpl_dantinox.numbers import compact, count, exact, number, rate, rate_unit, times
from mpl_dantinox.tables.engine import Frame
from mpl_dantinox.tables.runs import NoDataError, Runs, RunsError

__all__ = ["SERVING", "ServingFacts", "ServingGroup", "ServingLead", "insight_serving"]

_DEVICES = ("RTX 4090", "A100 40GB", "H100")
_GUIDES = (2.0, 2.5)
_ANY_MEMORY = "equal memory"
_BANDS = {
    "envelope": "Bands: the envelope of both factors' quartiles.",
    "runs": "Bands: the quartiles over runs.",
}
# Bands of more groups than this would hide one another.
_MOST_BANDS = 6


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


class _Model(NamedTuple):
    """How a budget becomes throughput."""

    budgets: tuple[float, float]
    sequences: str
    weights_bytes: float | None
    band: str

    def total(self, budget_gb: Any, cache_mb: Any, tps: Any, weights_gb: Any = 0.0) -> Any:
        """Return total tokens/s; GB are 10^9 bytes, as the cache's MB are 10^6."""
        fit = np.maximum(np.asarray(budget_gb) - weights_gb, 0.0) * 1e3 / cache_mb
        return (np.floor(fit) if self.sequences == "whole" else fit) * tps


def _model(budgets: Any, sequences: str, weights_bytes: float | None, band: str) -> _Model:
    low, high = budgets
    if not 0 < low < high < np.inf:
        raise RunsError(f"budgets are two sizes in GB, 0 < smallest < largest; got {budgets!r}")
    if weights_bytes is not None and not 0 < weights_bytes < np.inf:
        raise RunsError(f"weights_bytes is a number of bytes above zero; got {weights_bytes!r}")
    return _Model((float(low), float(high)), sequences, weights_bytes, band)


def _facts(
    runs: Runs, *, baseline: str, devices: Sequence[Any], **model_options: Any
) -> tuple[ServingFacts, None]:
    model = _model(**model_options)
    if model.weights_bytes is not None:
        runs.require("params")
    positive = {role: nw.col(role) > 0 for role in ("cache", "tps")}
    dense = runs.dense(["group", "cache", "tps", "params"]).filter(~nw.col("group").is_null())
    usable = dense.filter(*positive.values()).with_columns(rate=nw.col("tps") / nw.col("cache"))
    n_dense, n = group_sizes(dense), group_sizes(usable)
    if not n:
        raise NoDataError("no dense run has a group, a throughput and a cache above zero")
    tps, cache, each = (quartiles(usable, column) for column in ("tps", "cache", "rate"))
    weights = _weights(usable, n, model.weights_bytes)

    def total(g: str, tps: Any, cache: Any) -> Any:
        return model.total(model.budgets[1], cache, tps, weights[g])

    totals = {g: float(total(g, tps[g].median, cache[g].median)) for g in n}
    draws = {g: total(g, *p.T) for g, p in drawn_medians(usable, ("tps", "cache"), n).items()}
    known = baseline in n and totals[baseline] > 0
    lead = None
    if len(n) > 1:
        first, second = sorted(in_order(n), key=lambda g: -fact(totals[g]))[:2]
        ratio = fact(totals[first] / totals[second]) if totals[second] else None
        interval = ratio_interval(draws, first, second) if ratio else None
        lead = ServingLead(first, second, ratio, interval)
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
        budgets_gb=model.budgets,
        sequences=model.sequences,
        weights_bytes=model.weights_bytes,
        band=model.band,
        devices=dict(resolve_device(device) for device in devices),
        dropped=rows_dropped(runs, positive),
        groups=groups,
        lead=lead,
    ), None


def _weights(frame: Frame, n: Mapping[str, int], each: float | None) -> dict[str, float]:
    """Return the memory of each group's median weights, GB."""
    if each is None:
        return dict.fromkeys(n, 0.0)
    found = quartiles(frame, "params")
    return {g: found[g].median * 1e6 * each / 1e9 if g in found else np.nan for g in n}


# Claims


def _claims(facts: ServingFacts) -> list[Claim]:
    where = f"at {compact(facts.budgets_gb[1])} GB"
    claims = [
        Claim("total", g, s.total_tps, number(s.total_tps), f"tok/s {where}", n=s.n)
        for g, s in facts.groups.items()
    ]
    ratios = [(g, s.ratio, s.ratio_interval, s.n) for g, s in facts.groups.items()]
    claims += [
        Claim(
            "ratio", g, ratio, times(ratio), f"to {facts.baseline}", to=facts.baseline,
            interval=interval, n=n, resolved=tells_apart(interval, 1.0),
        )
        for g, ratio, interval, n in ratios if ratio is not None and g != facts.baseline
    ]  # fmt: skip
    lead = facts.lead
    if lead is not None and lead.ratio is not None:
        # Beside ratios to a baseline, a terminal needs no other.
        what = "to the next" if facts.baseline is None else ""
        claims.append(
            Claim(
                "order", lead.first, lead.ratio, times(lead.ratio), what, to=lead.second,
                interval=lead.ratio_interval, n=facts.groups[lead.first].n,
                resolved=tells_apart(lead.ratio_interval, 1.0),
            )
        )  # fmt: skip
    return claims


# Words


def _words(facts: ServingFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    called = spoken(labels)
    weights = (
        f"weights at {exact(facts.weights_bytes)} bytes per parameter taken off the budget"
        if facts.weights_bytes
        else "weights not taken off the budget"
    )
    none = f"no ratios: no group is called {facts.asked_baseline!r}, see --baseline"
    return Words(
        headline=_headline(facts),
        how_to_read=_how_to_read(facts, called),
        shown=count(sum(g.n for g in facts.groups.values()), "dense run"),
        footnote=(
            f". Model: {facts.sequences} sequences, {weights}; "
            "1\N{NO-BREAK SPACE}GB\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}10⁹ bytes."
        ),
        alt_text=_alt_text(facts, called),
        notes=(none,) if facts.baseline is None else (),
    )


def _headline(facts: ServingFacts) -> str:
    """Return the sentence that the ratios and their intervals allow."""
    groups, base = facts.groups, facts.baseline
    others = [g for g in sorted(groups, key=lambda g: -groups[g].total_tps) if g != base]
    if base is None or not others:
        return _without_ratio(facts)
    said: dict[str, list[str]] = {"more or less": [], "as much": [], "unclear": []}
    for g in others:
        said[verdict(groups[g].ratio or 0.0, groups[g].ratio_interval)].append(g)
    where, to = _where(facts), named(base)
    clear, near, unclear = said.values()
    parts = []
    if len(clear) == len(others) and (groups[clear[0]].ratio or 0) < 1:
        parts.append(f"{to} serves the most at {where}: {_ratios(groups, clear)} its tokens")
    elif clear:
        first = times(groups[clear[0]].ratio or 0)
        rest = f", {_ratios(groups, clear[1:])}" if clear[1:] else ""
        parts.append(f"At {where} {named(clear[0])} serves {first} the tokens of {to}{rest}")
    if near:
        serve = "serves" if len(near) == 1 else "serve"
        start = "" if parts else f"At {where} "
        parts.append(f"{start}{names(near)} {serve} as much as {to} ({_ratios(groups, near)})")
    if unclear:
        # Of a ratio that is the same at any memory, the memory needs no saying.
        start = "" if parts or where == _ANY_MEMORY else f"At {where} "
        parts.append(
            f"{start}{names(unclear)} cannot be told from {to} "
            f"({_ratios(groups, unclear)}, within the spread of runs)"
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
    kind, where = verdict(lead.ratio, lead.ratio_interval), _where(facts)
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


def _ratios(groups: Mapping[str, ServingGroup], which: Sequence[str]) -> str:
    """Return groups with their ratios, the first few of many."""
    more = f" and {len(which) - 3} more" if len(which) > 3 else ""
    return ", ".join(f"{named(g)} {times(groups[g].ratio or 0)}" for g in which[:3]) + more


def _how_to_read(facts: ServingFacts, called: Mapping[str, str]) -> str:
    words = [
        f"Sequences that fit × {called['tps']} of one, at each group's medians of "
        f"{called['cache']} and {called['tps']}."
    ]
    if len(facts.groups) <= _MOST_BANDS:
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


def _panels(facts: ServingFacts) -> list[str]:
    alone = facts.baseline is None or len(facts.groups) == 1
    return ["throughput"] if alone else ["throughput", "ratio"]


def _draw(page: Page, facts: ServingFacts, besides: None) -> None:
    model = _Model(facts.budgets_gb, facts.sequences, facts.weights_bytes, facts.band)
    budgets = np.geomspace(*facts.budgets_gb, 1000 if facts.sequences == "whole" else 200)
    style = looks(facts.groups)
    middle = {
        g: model.total(budgets, s.cache.median, s.tps.median, s.weights_gb)
        for g, s in facts.groups.items()
    }
    _draw_totals(page, facts, model, budgets, middle, style)
    if "ratio" in page.axes:
        _draw_ratio(page, facts, budgets, middle, style)
    for ax in page.axes.values():
        page.scale(ax.xaxis, "cache", budgets)
        ax.set_xlim(*facts.budgets_gb)
        ax.set_xlabel("Memory budget (GB)")
        # Context, a little paler than ink; its words may lie on several bands.
        vram_lines(ax, list(facts.devices.items()), color=pale(0.85), clip_on=False)


def _draw_totals(
    page: Page,
    facts: ServingFacts,
    model: _Model,
    budgets: npt.NDArray[Any],
    middle: Mapping[str, npt.NDArray[Any]],
    style: Mapping[str, Look],
) -> None:
    ax = page.axes["throughput"]
    scale, unit = rate_unit(max(s.total_tps for s in facts.groups.values()))
    for g, s in facts.groups.items():
        ax.plot(budgets, middle[g] / scale, label=g, color=style[g].color, ls=style[g].linestyle)
        if len(facts.groups) <= _MOST_BANDS:
            low, high = (end / scale for end in _band(model, s, budgets))
            ax.fill_between(budgets, low, high, color=style[g].color, alpha=0.12, lw=0)
    # Where nothing fits is no part of a logarithmic axis.
    page.scale(ax.yaxis, "tps", np.concatenate([m[m > 0] for m in middle.values()]))
    ax.set_ylabel(f"Total {spoken(page.labels)['tps']} ({unit})", parse_math=False)
    name_ends(ax, ax.get_lines(), list(facts.groups))


def _band(model: _Model, group: ServingGroup, budgets: npt.NDArray[Any]) -> Any:
    """Return the lower and the upper edge of a group's band."""
    factors = {
        "envelope": ((group.cache.q3, group.tps.q1), (group.cache.q1, group.tps.q3)),
        # A run's rate is what it serves from one MB; the model scales it to the budget.
        "runs": ((1 / group.rate.q1, 1), (1 / group.rate.q3, 1)),
    }[model.band]
    return [model.total(budgets, cache, tps, group.weights_gb) for cache, tps in factors]


def _draw_ratio(
    page: Page,
    facts: ServingFacts,
    budgets: npt.NDArray[Any],
    middle: Mapping[str, npt.NDArray[Any]],
    style: Mapping[str, Look],
) -> None:
    ax, base = page.axes["ratio"], middle[str(facts.baseline)]
    lines, labels, values = [], [], [1.0]
    for g, s in facts.groups.items():
        if g == facts.baseline:
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(base > 0, middle[g] / base, np.nan)
        lines += ax.plot(budgets, ratio, color=style[g].color, ls=style[g].linestyle, label=g)
        labels.append(f"{g} {times(s.ratio or 0)}")
        values.append(s.ratio or 1.0)
        if s.ratio_interval is not None:
            # The interval is that of the ratio at the largest budget, so it stands near there, but
            # beside the line of a device that ends there.
            place = facts.budgets_gb[1] / 1.3 / 1.12 ** len(labels)
            whisker = [end for end in s.ratio_interval if end is not None]
            ax.plot(
                [place] * len(whisker), whisker, color=style[g].color, marker="_",
                linewidth=0.6 * matplotlib.rcParams["lines.linewidth"], label="_interval",
            )  # fmt: skip
            values += whisker
    page.scale(ax.yaxis, "tps", values)
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, 0.9), max(high, 1.1))
    for guide in _GUIDES:
        ref_band(ax, guide, color=pale(0.25), linewidth=0.8, zorder=0.9)
    ref_band(ax, 1.0, color=style[str(facts.baseline)].color)
    # A line without width, for the label.
    lines.append(ax.axhline(1.0, color=style[str(facts.baseline)].color, linewidth=0))
    ax.set_ylabel(
        f"Total {spoken(page.labels)['tps']} relative to {facts.baseline}", parse_math=False
    )
    name_ends(ax, lines, [*labels, f"{facts.baseline} 1.00×"])


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
    panels=_panels,
)
