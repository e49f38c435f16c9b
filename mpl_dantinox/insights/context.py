"""Throughput against context length: whose speed lasts as sequences grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Unpack

import narwhals as nw
import numpy as np

from mpl_dantinox.insights.claims import Claim, tells_apart
from mpl_dantinox.insights.core import Definition, Shared, Words
from mpl_dantinox.insights.curves import (
    MOST_BANDS,
    Curve,
    draw_curves,
    draw_ratios,
    ratio_panels,
)
from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.looks import in_order, looks
from mpl_dantinox.insights.page import Page
from mpl_dantinox.insights.ratios import (
    Interval,
    Ratio,
    by_verdict,
    drawn_medians,
    ratio_claims,
    ratio_interval,
    span,
)
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.rows import Quartiles, group_sizes, quartiles, rows_dropped
from mpl_dantinox.insights.words import dense_runs, listed, named, names, spoken
from mpl_dantinox.numbers import count, exact, number, rate, times
from mpl_dantinox.tables.runs import NoDataError, Runs

__all__ = ["CONTEXT", "ContextFacts", "ContextGroup", "ContextPoint", "insight_context"]


@dataclass(frozen=True)
class ContextPoint(Facts):
    """Throughput of one sequence (tokens/s) of so many tokens, over *n* runs."""

    key = "tokens"

    tokens: Annotated[float, exact]
    n: int
    tps: Quartiles


@dataclass(frozen=True)
class ContextGroup(Facts):
    """What is true of one group.

    Attributes
    ----------
    n : int
        Dense runs with throughput at the shortest and at the longest context.
    points : tuple of ContextPoint
        By length, of all dense runs that were measured there.
    kept : float
        The median over runs of the throughput at the longest context by that at the shortest.
    kept_interval : (float, float) or None
        Its 95 % bootstrap interval; None with fewer than three runs.
    ratio : float or None
        Median throughput at the longest context over that of the baseline; None without one.
    ratio_interval : (float, float or None) or None
        Its 95 % bootstrap interval; None where either group has fewer than three runs.
    """

    n: int
    points: tuple[ContextPoint, ...]
    kept: float
    kept_interval: Interval | None
    ratio: float | None
    ratio_interval: Interval | None


@dataclass(frozen=True)
class ContextFacts(Facts):
    """The facts of `insight_context`.

    Attributes
    ----------
    asked_baseline : str
        The group that the caller wanted the ratios to.
    baseline : str or None
        The same if it has runs, else None.
    contexts : (float, float)
        The shortest and the longest context, tokens.
    dropped : dict of str to int
        Rows that are not used, by what they lack; ``"tps_at"`` lack the throughput at an end.
    groups : dict of str to ContextGroup
    """

    asked_baseline: str
    baseline: str | None
    contexts: Annotated[tuple[float, float], exact]
    dropped: Mapping[str, int]
    groups: Mapping[str, ContextGroup]


def insight_context(table: Any, *, baseline: str = "MHA", **shared: Unpack[Shared]) -> Insight:
    """Draw throughput against context length for the dense runs, and the ratio to a baseline.

    The throughputs are a family of columns whose names differ by the number of tokens, such as
    ``tps_64`` to ``tps_512``; ``tps_at="decode_{}"`` says so of others. Lines go through the
    medians of each group, bands from their lower to their upper quartiles.

    Parameters
    ----------
    table : path-like or frame
        What `load_runs` takes: one row per run.
    baseline : str
        What ratios are to. If the table lacks it, there are none.
    **shared
        `mpl_dantinox.insights.core.Shared` keywords.

    Returns
    -------
    Insight
        With a `ContextFacts`, the axes ``"throughput"`` and, where there is a baseline and another
        group, ``"ratio"``.

    Raises
    ------
    RunsError
        If a column is missing or cannot be read.
    NoDataError
        If there are fewer than two contexts, or no dense run was measured at both ends.

    Examples
    --------
    >>> from mpl_dantinox import sample_runs
    >>> insight_context(sample_runs()).facts.contexts
    (64.0, 512.0)
    """
    return CONTEXT.make(table, shared, baseline=baseline)


# Facts


def _facts(runs: Runs, *, baseline: str) -> tuple[ContextFacts, None]:
    members = runs.members("tps_at")
    if len(members) < 2:
        raise NoDataError(f"there are {len(members)} columns of throughput by context, not two")
    first, *_, last = members
    ends = [nw.col(members[tokens]) > 0 for tokens in (first, last)]
    dense = runs.dense(["group", *members.values()]).filter(~nw.col("group").is_null())
    usable = dense.filter(*ends).with_columns(
        first=nw.col(members[first]), last=nw.col(members[last]),
        kept=nw.col(members[last]) / nw.col(members[first]),
    )  # fmt: skip
    n = group_sizes(usable)
    if not n:
        raise NoDataError(
            f"no dense run has a throughput above zero at both {exact(first)} and {exact(last)}"
        )
    by_length = {
        tokens: (
            group_sizes(dense.filter(nw.col(member) > 0)),
            quartiles(dense.filter(nw.col(member) > 0), member),
        )
        for tokens, member in members.items()
    }
    kept = quartiles(usable, "kept")
    drawn_kept = drawn_medians(usable, ("kept", "kept"), n)
    at_end = by_length[last][1]
    draws = {g: pairs[:, 1] for g, pairs in drawn_medians(usable, ("first", "last"), n).items()}
    known = baseline in n
    groups = {
        g: ContextGroup(
            n=n[g],
            points=tuple(
                ContextPoint(tokens, sizes[g], found[g])
                for tokens, (sizes, found) in by_length.items()
                if g in found
            ),
            kept=kept[g].median,
            kept_interval=_ends(drawn_kept[g][:, 0]) if g in drawn_kept else None,
            ratio=fact(at_end[g].median / at_end[baseline].median) if known else None,
            ratio_interval=ratio_interval(draws, g, baseline) if known else None,
        )
        for g in in_order(n)
    }
    return ContextFacts(
        asked_baseline=baseline,
        baseline=baseline if known else None,
        contexts=(first, last),
        dropped=rows_dropped(runs, {"tps_at": ends[0] & ends[1]}),
        groups=groups,
    ), None


def _ends(draws: Any) -> Interval:
    low, high = np.quantile(draws, (0.025, 0.975))
    return fact(low), fact(high)


# Claims


def _claims(facts: ContextFacts) -> list[Claim]:
    first, last = (exact(tokens) for tokens in facts.contexts)
    claims = [
        Claim(
            "effect", g, s.kept, _share(s.kept), f"at {last} of {first} tokens", n=s.n,
            interval=s.kept_interval, resolved=tells_apart(s.kept_interval, 1.0),
        )
        for g, s in facts.groups.items()
    ]  # fmt: skip
    at = f"to {facts.baseline} at {last} tokens"
    return claims + ratio_claims(_ratios(facts), facts.baseline, what=at)


def _ratios(facts: ContextFacts) -> dict[str, Ratio]:
    return {g: Ratio(s.ratio, s.ratio_interval, s.n) for g, s in facts.groups.items()}


# Words


def _words(facts: ContextFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    called = spoken(labels, short=False)["tps_at"]
    bands = " Bands: quartiles over runs." if len(facts.groups) <= MOST_BANDS else ""
    whiskers = any(s.ratio_interval for s in facts.groups.values())
    none = f"no ratios: no group is called {facts.asked_baseline!r}, see --baseline"
    return Words(
        headline=_headline(facts),
        how_to_read=f"Lines: each group's median {called}.{bands}"
        + (" Whiskers: 95% bootstrap intervals." if whiskers else ""),
        shown=count(sum(s.n for s in facts.groups.values()), dense_runs(labels)),
        alt_text=_alt_text(facts, called),
        notes=(none,) if facts.baseline is None else (),
    )


def _headline(facts: ContextFacts) -> str:
    """Return how much of its throughput each group keeps, as far as the runs tell."""
    kept = {g: Ratio(s.kept, s.kept_interval, s.n) for g, s in facts.groups.items()}
    clear, near, unclear = by_verdict(kept, sorted(kept, key=lambda g: kept[g].value or 0))
    # Without an interval nothing is known of what other runs would have said.
    few = [g for g in (*clear, *near) if kept[g].interval is None]
    clear, near = ([g for g in groups if g not in few] for groups in (clear, near))
    first, last = (exact(tokens) for tokens in facts.contexts)
    parts = []
    for verb, groups in (
        ("falls", [g for g in clear if (kept[g].value or 0) < 1]),
        ("rises", [g for g in clear if (kept[g].value or 0) > 1]),
    ):
        if groups:
            changes = [f"{named(g)}'s {_change(kept[g].value or 0)}" for g in groups]
            one = f"{named(groups[0])}'s throughput {verb} by {_change(kept[groups[0]].value or 0)}"
            parts.append(listed([one, *changes[1:]]))
    if near:
        parts.append(f"{names(near)} {'keeps' if len(near) == 1 else 'keep'} theirs")
    if unclear:
        shares = ", ".join(_share(kept[g].value or 0) for g in unclear[:3])
        parts.append(f"no change of {names(unclear)} can be told ({shares} kept)")
    if few:
        parts.append(f"{names(few)} {'has' if len(few) == 1 else 'have'} too few runs to tell")
    return f"From {first} to {last} tokens {'; '.join(parts)}"


def _share(kept: float) -> str:
    return f"{number(100 * kept)}%"


def _change(kept: float) -> str:
    return f"{number(100 * abs(1 - kept), 2)}%"


def _alt_text(facts: ContextFacts, called: str) -> str:
    first, last = (exact(tokens) for tokens in facts.contexts)
    lines = []
    for g, group in facts.groups.items():
        points = ", ".join(f"{rate(p.tps.median)} at {exact(p.tokens)}" for p in group.points)
        text = f"{named(g)} ({count(group.n, 'run')}) {points}; {_share(group.kept)} kept"
        text += f" ({span(group.kept_interval)})" if group.kept_interval else ""
        if group.ratio is not None and g != facts.baseline:
            text += f"; at the end {times(group.ratio)} {named(str(facts.baseline))}"
            text += f" ({span(group.ratio_interval)})" if group.ratio_interval else ""
        lines.append(text)
    return (
        f"Line chart of {called} against context from {first} to {last} tokens, medians: "
        f"{'. '.join(lines)}."
    )


# Drawing


def _draw(page: Page, facts: ContextFacts, besides: None) -> None:
    style = looks(facts.groups)
    curves = {
        g: Curve(
            np.array([p.tokens for p in s.points]),
            *(np.array([getattr(p.tps, q) for p in s.points]) for q in ("median", "q1", "q3")),
        )
        for g, s in facts.groups.items()
    }
    draw_curves(page, "throughput", curves, style, "tps_at")
    called = spoken(page.labels)["tps_at"]
    label = f"{called[:1].upper()}{called[1:]}"
    page.axes["throughput"].set_ylabel(f"{label} (tok/s)", parse_math=False)
    if "ratio" in page.axes:
        draw_ratios(
            page.axes["ratio"], page, curves, _ratios(facts), str(facts.baseline), style, "tps_at",
            f"{label} relative to {facts.baseline}",
            # Beside the longest context, which it is about.
            whisker_x=lambda place: facts.contexts[1] * 1.05**place,
        )  # fmt: skip
    for ax in page.axes.values():
        # Contexts are powers of two more often than not.
        ax.set_xscale("log", base=2)
        tokens = sorted({p.tokens for s in facts.groups.values() for p in s.points})
        ax.set_xticks(tokens, [exact(t) for t in tokens])
        ax.minorticks_off()
        ax.set_xlabel("Context (tokens)")


CONTEXT = Definition(
    name="context",
    file="insight_4_context",
    function=insight_context,
    needs=("group", "tps_at"),
    uses=("moe",),
    holds=ContextFacts,
    facts=_facts,
    claims=_claims,
    words=_words,
    draw=_draw,
    panels=lambda facts: ratio_panels("throughput", facts.baseline, facts.groups),
)
