"""Throughput at a fixed memory budget: a smaller cache serves more sequences at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Unpack

import matplotlib
import narwhals as nw
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from mpl_dantinox.axes import ref_band, vram_lines
from mpl_dantinox.insights.looks import in_order, looks
from mpl_dantinox.insights.page import footer, name_ends, new_page, pale, scale_axis
from mpl_dantinox.insights.result import Facts, Insight, fact, fact_or_none, left_out
from mpl_dantinox.insights.words import count, exact, named, names, number, spoken, times
from mpl_dantinox.statistics.bootstrap import MOST_DRAWN, drawn, medians, middle_places
from mpl_dantinox.tables.engine import Frame, collected, order_statistics
from mpl_dantinox.tables.runs import ROLES, NoDataError, Reading, Runs, RunsError, as_runs

__all__ = ["ServingFacts", "ServingGroup", "ServingLead", "insight_serving"]

_DEVICES = ("RTX 4090", "A100 40GB", "H100")
_GUIDES = (2.0, 2.5)
_ANY_MEMORY = "equal memory"
_BANDS = {
    "envelope": "Bands: the envelope of both factors' quartiles.",
    "runs": "Bands: the quartiles over runs.",
}
# Bands of more groups than this would hide one another.
_MOST_BANDS = 6
# Ratios closer to one than this are called the same.
_SAME = 0.02
_STATS = (
    "tps_median",
    "tps_q1",
    "tps_q3",
    "cache_median",
    "cache_q1",
    "cache_q3",
    "rate_q1",
    "rate_q3",
)
#: The ends of a 95 % interval; the upper one may be missing.
Interval = tuple[float, float | None]

_QUARTILES = {"median": 0.5, "q1": 0.25, "q3": 0.75}


@dataclass(frozen=True)
class ServingGroup(Facts):
    """What is true of one group.

    Attributes
    ----------
    n, n_dropped : int
        Dense runs with throughput and cache, and dense runs that lack one of them.
    tps_median, tps_q1, tps_q3 : float
        Decode throughput of one sequence, tokens/s.
    cache_median, cache_q1, cache_q3 : float
        KV cache of one sequence, MB.
    weights_gb : float
        Memory of the weights that is taken off the budget, GB (10^9 bytes); 0 when it is not.
    total_tps : float
        Throughput at the largest budget, tokens/s.
    rate_q1, rate_q3 : float
        Quartiles over runs of throughput by cache, tokens/s per MB.
    ratio : float or None
        `total_tps` over that of the baseline; None without one.
    ratio_interval : (float, float or None) or None
        Its 95 % bootstrap interval, open where the baseline may serve nothing; None where either
        group has fewer than three runs.
    """

    n: int
    n_dropped: int
    tps_median: float
    tps_q1: float
    tps_q3: float
    cache_median: float
    cache_q1: float
    cache_q3: float
    weights_gb: float
    total_tps: float
    rate_q1: float
    rate_q3: float
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
    baseline : str or None
        The group that the ratios are to; None if it is not in the data.
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

    baseline: str | None
    budgets_gb: tuple[float, float]
    sequences: str
    weights_bytes: float | None
    band: str
    dropped: Mapping[str, int]
    groups: Mapping[str, ServingGroup]
    lead: ServingLead | None


def insight_serving(
    table: Any,
    *,
    group: str = ROLES["group"].column,
    moe: str | None = ROLES["moe"].column,
    params: str | None = ROLES["params"].column,
    cache: str = ROLES["cache"].column,
    tps: str = ROLES["tps"].column,
    baseline: str = "MHA",
    budgets: tuple[float, float] = (0.5, 80.0),
    devices: Sequence[Any] = _DEVICES,
    sequences: Literal["fractional", "whole"] = "fractional",
    weights_bytes: float | None = None,
    band: Literal["envelope", "runs"] = "envelope",
    title: str | None = None,
    fig: Figure | SubFigure | None = None,
    **reading: Unpack[Reading],
) -> Insight:
    """Draw total throughput against memory budget for the dense runs, and the ratio to a baseline.

    A budget of B bytes holds B / c sequences whose caches take c bytes each; at t tokens/s per
    sequence they make B / c × t tokens/s together. Each group has its median t and c.

    Parameters
    ----------
    table, title, fig, **reading
        As for `insight_pareto`.
    group, moe, params, cache, tps : str
        Columns by role. `moe` may be missing from the table; `params` is read for the weights only.
    baseline : str
        The group that the others are compared with. If the table lacks it, there are no ratios.
    budgets : (float, float)
        Smallest and largest budget, GB (10^9 bytes).
    devices : sequence
        Reference lines, as `VRAMReferenceLines` takes them.
    sequences : {"fractional", "whole"}
        Whether part of a sequence counts, or only those that fit as a whole.
    weights_bytes : float, optional
        Bytes per parameter, for taking the median weights of each group off the budget.
    band : {"envelope", "runs"}
        ``"envelope"`` spans q1(t) / q3(c) to q3(t) / q1(c), the extremes of the factors' quartiles;
        ``"runs"`` the quartiles of t / c over runs.

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
    _check(budgets, sequences, weights_bytes, band)
    columns = {"group": group, "moe": moe, "params": params, "cache": cache, "tps": tps}
    need = ["group", "cache", "tps", *(["params"] if weights_bytes else [])]
    runs = as_runs(table, columns, need=need, **reading)
    model = _Model(budgets, sequences, weights_bytes, band)
    facts = _facts(runs, model, baseline)
    headline = _headline(facts)
    figure, axes = _draw(facts, model, devices, headline, runs, title, fig)
    words = _alt_text(facts, headline, runs.labels)
    return Insight("serving", figure, axes, facts, headline, words, runs.notes, runs.origin)


# Facts


@dataclass(frozen=True)
class _Model:
    """How a budget becomes throughput."""

    budgets: tuple[float, float]
    sequences: str
    weights_bytes: float | None
    band: str

    def total(self, budget_gb: Any, cache_mb: Any, tps: Any, weights_gb: Any = 0.0) -> Any:
        """Return total tokens/s; GB are 10^9 bytes, as the cache's MB are 10^6."""
        fit = np.maximum(np.asarray(budget_gb) - weights_gb, 0.0) * 1e3 / cache_mb
        return (np.floor(fit) if self.sequences == "whole" else fit) * tps


def _check(budgets: Any, sequences: str, weights_bytes: float | None, band: str) -> None:
    low, high = budgets
    if not 0 < low < high < np.inf:
        raise RunsError(f"budgets are two sizes in GB, 0 < smallest < largest; got {budgets!r}")
    for name, value, choices in (
        ("sequences", sequences, ("fractional", "whole")),
        ("band", band, ("envelope", "runs")),
    ):
        if value not in choices:
            raise RunsError(f"{name} is {' or '.join(map(repr, choices))}; got {value!r}")
    if weights_bytes is not None and not 0 < weights_bytes < np.inf:
        raise RunsError(f"weights_bytes is a number of bytes above zero; got {weights_bytes!r}")


def _facts(runs: Runs, model: _Model, baseline: str) -> ServingFacts:
    dense = runs.dense(["group", "cache", "tps", "params"]).filter(~nw.col("group").is_null())
    usable = dense.filter((nw.col("cache") > 0) & (nw.col("tps") > 0)).with_columns(
        rate=nw.col("tps") / nw.col("cache")
    )
    n_dense, n = _sizes(dense), _sizes(usable)
    present = in_order(n)
    if not present:
        raise NoDataError("no dense run has a group, a throughput and a cache above zero")
    stats, around = _stats(usable, n, weights=model.weights_bytes is not None)
    weights = {
        g: s["params_median"] * 1e6 * model.weights_bytes / 1e9 if model.weights_bytes else 0.0
        for g, s in stats.items()
    }

    def total(g: str, tps: Any, cache: Any) -> Any:
        return model.total(model.budgets[1], cache, tps, weights[g])

    totals = {g: float(total(g, s["tps_median"], s["cache_median"])) for g, s in stats.items()}
    known = baseline in present and totals[baseline] > 0
    draws = _draws(usable, n, stats, around)

    def interval(g: str, to: str) -> Interval | None:
        ours, theirs = draws[g], draws[to]
        if g == to or ours is None or theirs is None or not totals[to]:
            return None
        # A budget too small for a resampled baseline has no ratio, and counts as the largest.
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.nan_to_num(total(g, *ours.T) / total(to, *theirs.T), nan=np.inf)
        low, high = np.quantile(ratios, (0.025, 0.975), method="lower")
        return (fact(low), fact_or_none(high)) if np.isfinite(low) else None

    lead = None
    if len(present) > 1:
        first, second = sorted(present, key=lambda g: -fact(totals[g]))[:2]
        ratio = fact(totals[first] / totals[second]) if totals[second] else None
        lead = ServingLead(first, second, ratio, interval(first, second))
    return ServingFacts(
        baseline=baseline if known else None,
        budgets_gb=(float(model.budgets[0]), float(model.budgets[1])),
        sequences=model.sequences,
        weights_bytes=model.weights_bytes,
        band=model.band,
        dropped=left_out(
            runs,
            {
                "cache": nw.col("cache") > 0,
                "tps": nw.col("tps") > 0,
            },
        ),
        groups={
            g: ServingGroup(
                n=n[g],
                n_dropped=n_dense[g] - n[g],
                **{key: fact(s[key]) for key in _STATS},
                weights_gb=fact(weights[g]),
                total_tps=fact(totals[g]),
                ratio=fact(totals[g] / totals[baseline]) if known else None,
                ratio_interval=interval(g, baseline) if known else None,
            )
            for g, s in ((g, stats[g]) for g in present)
        },
        lead=lead,
    )


def _sizes(frame: Frame) -> dict[str, int]:
    """Return the number of rows of each group."""
    table = collected(frame.select("group").group_by("group").agg(nw.len().alias("n")))
    return dict(zip(table["group"].to_list(), map(int, table["n"].to_list()), strict=True))


def _stats(
    frame: Frame, n: Mapping[str, int], *, weights: bool
) -> tuple[dict[str, dict[str, float]], dict[str, npt.NDArray[np.float64]]]:
    """Return medians and quartiles of each group's columns, and what is around its medians.

    That is an array of shape (k, 2), of throughput and cache at `middle_places`.
    """
    quartiles = np.array(list(_QUARTILES.values()))
    at = {g: np.concatenate([quartiles * (m - 1), middle_places(m)]) for g, m in n.items()}
    found = {column: order_statistics(frame, column, at) for column in ("tps", "cache", "rate")}
    k = len(quartiles)
    stats = {
        g: {
            f"{column}_{name}": float(value)
            for column, values in found.items()
            for name, value in zip(_QUARTILES, values[g][:k], strict=True)
        }
        for g in n
    }
    if weights:
        known = frame.filter(~nw.col("params").is_null())
        middle = {g: [(m - 1) / 2] for g, m in _sizes(known).items()}
        middles = order_statistics(known, "params", middle)
        for g in n:
            stats[g]["params_median"] = middles[g][0] if g in middles else np.nan
    return stats, {g: np.column_stack([found["tps"][g][k:], found["cache"][g][k:]]) for g in n}


def _draws(
    frame: Frame,
    n: Mapping[str, int],
    stats: Mapping[str, Mapping[str, float]],
    around: Mapping[str, npt.NDArray[np.float64]],
) -> dict[str, npt.NDArray[np.float64] | None]:
    """Return pairs of medians of throughput and cache as they could have come out, by group."""
    few = [g for g in n if n[g] <= MOST_DRAWN]
    draws: dict[str, npt.NDArray[np.float64] | None] = {}
    if few:
        rows = collected(frame.filter(nw.col("group").is_in(few)).select("group", "tps", "cache"))
        for g in few:
            mine = rows.filter(nw.col("group") == g).select("tps", "cache")
            draws[g] = drawn(mine.to_numpy(), g)
    for g in n:
        if n[g] > MOST_DRAWN:
            draws[g] = medians(around[g], _together(frame, g, stats[g]), g)
    return draws


def _together(frame: Frame, group: str, stats: Mapping[str, float]) -> float:
    """Return the correlation of being above the median in throughput and in cache."""
    signs = [
        (nw.col(column) > middle).cast(nw.Int64) - (nw.col(column) < middle).cast(nw.Int64)
        for column, middle in (("tps", stats["tps_median"]), ("cache", stats["cache_median"]))
    ]
    both = frame.filter(nw.col("group") == group).select(both=signs[0] * signs[1])
    return float(collected(both.select(nw.col("both").mean())).item())


# Words


def _headline(facts: ServingFacts) -> str:
    """Return the sentence that the ratios and their intervals allow."""
    groups, base = facts.groups, facts.baseline
    others = [g for g in sorted(groups, key=lambda g: -groups[g].total_tps) if g != base]
    if base is None or not others:
        return _without_ratio(facts)
    said: dict[str, list[str]] = {"more or less": [], "as much": [], "unclear": []}
    for g in others:
        said[_kind(groups[g].ratio or 0.0, groups[g].ratio_interval)].append(g)
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
    total = f"{named(first)} serves {_rate(facts.groups[first].total_tps)} at {budget} GB"
    if lead is None:
        return f"{total}; there is no other group to compare it with"
    if lead.ratio is None:
        return f"{total}, the others nothing"
    kind, where = _kind(lead.ratio, lead.ratio_interval), _where(facts)
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


def _kind(ratio: float, interval: Interval | None) -> str:
    """Return what a ratio and its interval allow to be said."""
    low, high = interval or (ratio, ratio)
    high = np.inf if high is None else high
    near = abs(ratio - 1) < _SAME
    # A ratio near one says that two groups are alike only if it could not well be another.
    if low <= 1 <= high and not (near and max(1 - low, high - 1) < _SAME):
        return "unclear"
    return "as much" if near else "more or less"


def _ratios(groups: Mapping[str, ServingGroup], which: Sequence[str]) -> str:
    """Return groups with their ratios, the first few of many."""
    more = f" and {len(which) - 3} more" if len(which) > 3 else ""
    return ", ".join(f"{named(g)} {times(groups[g].ratio or 0)}" for g in which[:3]) + more


def _span(interval: Interval) -> str:
    low, high = interval
    return f"95% interval {number(low)} {'upwards' if high is None else f'to {number(high)}'}"


def _rate(tps: float) -> str:
    scale, unit = _unit(tps)
    return f"{number(tps / scale)} {unit}"


def _unit(tps: float) -> tuple[float, str]:
    """Return the unit that a throughput reads well in, and its size in tokens/s."""
    for size, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M")):
        if tps >= 10 * size:
            return size, f"{prefix} tok/s"
    return (1e3, "k tok/s") if tps >= 1e3 else (1.0, "tok/s")


def _reading(facts: ServingFacts, called: Mapping[str, str]) -> str:
    words = [
        f"Sequences that fit × {called['tps']} of one, at each group's medians of "
        f"{called['cache']} and {called['tps']}."
    ]
    if len(facts.groups) <= _MOST_BANDS:
        words.append(_BANDS[facts.band])
    if any(g.ratio_interval for g in facts.groups.values()):
        words.append("Whiskers: 95% bootstrap intervals.")
    return " ".join(words)


def _footer(facts: ServingFacts, source: str, called: Mapping[str, str]) -> str:
    weights = (
        f"weights at {exact(facts.weights_bytes)} bytes per parameter taken off the budget"
        if facts.weights_bytes
        else "weights not taken off the budget"
    )
    used = count(sum(g.n for g in facts.groups.values()), "dense run")
    return (
        f"{footer(source, used, facts.dropped, called)}. Model: {facts.sequences} sequences, "
        f"{weights}; 1\N{NO-BREAK SPACE}GB\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}10⁹ bytes."
    )


def _alt_text(facts: ServingFacts, headline: str, labels: Mapping[str, str]) -> str:
    low, high = (exact(b) for b in facts.budgets_gb)
    lines = []
    for g, group in facts.groups.items():
        text = f"{named(g)} ({count(group.n, 'run')}) reaches {_rate(group.total_tps)}"
        if group.ratio is not None and g != facts.baseline:
            text += f", {times(group.ratio)} {named(str(facts.baseline))}"
            text += f" ({_span(group.ratio_interval)})" if group.ratio_interval else ""
        lines.append(text)
    return (
        f"{headline}. Line chart of total {spoken(labels)['tps']} against a memory budget from "
        f"{low} to {high} GB. At {high} GB: {'; '.join(lines)}."
    )


# Drawing


def _draw(
    facts: ServingFacts,
    model: _Model,
    devices: Sequence[Any],
    headline: str,
    runs: Runs,
    title: str | None,
    fig: Figure | SubFigure | None,
) -> tuple[Figure | SubFigure, dict[str, Axes]]:
    panels = ["throughput", "ratio"]
    if facts.baseline is None or len(facts.groups) == 1:
        panels = ["throughput"]
    called = spoken(runs.labels)
    page = new_page(
        panels, headline=headline, reading=_reading(facts, called),
        footer=_footer(facts, runs.name, called), title=title, fig=fig,
    )  # fmt: skip
    budgets = np.geomspace(*facts.budgets_gb, 1000 if facts.sequences == "whole" else 200)
    style = looks(facts.groups)
    middle = {
        g: model.total(budgets, s.cache_median, s.tps_median, s.weights_gb)
        for g, s in facts.groups.items()
    }

    ax = page.axes["throughput"]
    scale, unit = _unit(max(s.total_tps for s in facts.groups.values()))
    for g, s in facts.groups.items():
        ax.plot(budgets, middle[g] / scale, label=g, color=style[g].color, ls=style[g].linestyle)
        if len(facts.groups) <= _MOST_BANDS:
            low, high = (end / scale for end in _band(model, s, budgets))
            ax.fill_between(budgets, low, high, color=style[g].color, alpha=0.12, lw=0)
    # Where nothing fits is no part of a logarithmic axis.
    scale_axis(ax.yaxis, runs, "tps", np.concatenate([m[m > 0] for m in middle.values()]))
    ax.set_ylabel(f"Total {called['tps']} ({unit})", parse_math=False)
    name_ends(ax, ax.get_lines(), list(facts.groups))

    if "ratio" in page.axes:
        _draw_ratio(page.axes["ratio"], facts, runs, budgets, middle, style)
    for ax in page.axes.values():
        scale_axis(ax.xaxis, runs, "cache", budgets)
        ax.set_xlim(*facts.budgets_gb)
        ax.set_xlabel("Memory budget (GB)")
        # Context, a little paler than ink; its words may lie on several bands.
        vram_lines(ax, devices, color=pale(0.85), clip_on=False)
    return page.figure, page.axes


def _band(model: _Model, group: ServingGroup, budgets: npt.NDArray[Any]) -> Any:
    """Return the lower and the upper edge of a group's band."""
    factors = {
        "envelope": ((group.cache_q3, group.tps_q1), (group.cache_q1, group.tps_q3)),
        # A run's rate is what it serves from one MB; the model scales it to the budget.
        "runs": ((1 / group.rate_q1, 1), (1 / group.rate_q3, 1)),
    }[model.band]
    return [model.total(budgets, cache, tps, group.weights_gb) for cache, tps in factors]


def _draw_ratio(
    ax: Axes,
    facts: ServingFacts,
    runs: Runs,
    budgets: npt.NDArray[Any],
    middle: Mapping[str, npt.NDArray[Any]],
    style: Mapping[str, Any],
) -> None:
    base = middle[str(facts.baseline)]
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
    scale_axis(ax.yaxis, runs, "tps", values)
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, 0.9), max(high, 1.1))
    for guide in _GUIDES:
        ref_band(ax, guide, color=pale(0.25), linewidth=0.8, zorder=0.9)
    ref_band(ax, 1.0, color=style[str(facts.baseline)].color)
    # A line without width, for the label.
    lines.append(ax.axhline(1.0, color=style[str(facts.baseline)].color, linewidth=0))
    ax.set_ylabel(
        f"Total {spoken(runs.labels)['tps']} relative to {facts.baseline}", parse_math=False
    )
    name_ends(ax, lines, [*labels, f"{facts.baseline} 1.00×"])
