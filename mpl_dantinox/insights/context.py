"""Throughput against context length: whose speed lasts as sequences grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Unpack

import narwhals as nw
import numpy as np

from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.compared import compared
from mpl_dantinox.insights.core import Definition, Shared, Words
from mpl_dantinox.insights.curves import (
    Curve,
    bands_are,
    draw_curves,
    draw_ratios,
    ratio_panels,
    whiskers,
)
from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.insights.page import Page
from mpl_dantinox.insights.ratios import (
    Alike,
    ComparedFacts,
    ComparedGroup,
    Interval,
    Ratio,
    Ratios,
    alike,
    by_verdict,
    from_one,
    ratio_claims,
    span,
)
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.rows import Quartiles, group_sizes, quartiles, rows_dropped
from mpl_dantinox.insights.words import dense_runs, listed, named, names, spoken
from mpl_dantinox.numbers import count, exact, number, rate, times
from mpl_dantinox.tables.engine import Frame
from mpl_dantinox.tables.runs import NoDataError, Runs

__all__ = ["CONTEXT", "ContextFacts", "ContextGroup", "ContextPoint", "insight_context"]


@dataclass(frozen=True)
class ContextPoint(Facts):
    """Throughput of one sequence (tokens/s) of so many tokens, over *n* runs.

    `typical` is its geometric mean; runs that repeat a configuration count once.
    """

    key = "tokens"

    tokens: Annotated[float, exact]
    n: int
    tps: Quartiles
    typical: float


@dataclass(frozen=True, kw_only=True)
class ContextGroup(ComparedGroup):
    """What is true of one group; the ratios are of typical throughput at the longest context.

    Attributes
    ----------
    points : tuple of ContextPoint
        By length, of all dense runs that were measured there; `n` were at both ends.
    kept : float
        The geometric mean over configurations of the throughput at the longest context by that at
        the shortest.
    kept_interval : (float, float) or None
        Its 95 % interval; None with fewer than three configurations.
    kept_resolved : bool
        Whether it is told from 1.
    """

    points: tuple[ContextPoint, ...]
    kept: float
    kept_interval: Interval | None
    kept_resolved: bool


@dataclass(frozen=True, kw_only=True)
class ContextFacts(ComparedFacts):
    """The facts of `insight_context`.

    Attributes
    ----------
    contexts : (float, float)
        The shortest and the longest context, tokens; rows that are `dropped` as ``"tps_at"`` lack
        the throughput at one of them.
    groups : dict of str to ContextGroup
    """

    contexts: Annotated[tuple[float, float], exact]
    groups: Mapping[str, ContextGroup]


def insight_context(table: Any, *, baseline: str = "MHA", **shared: Unpack[Shared]) -> Insight:
    """Draw throughput against context length for the dense runs, and the ratio to a baseline.

    The throughputs are a family of columns whose names differ by the number of tokens, such as
    ``tps_64`` to ``tps_512``; ``tps_at="decode_{}"`` says so of others. Lines go through the
    geometric means of each group, bands from their lower to their upper quartiles.

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
    dense = runs.dense(runs.columns).filter(~nw.col("group").is_null())
    usable = dense.filter(*ends)
    n = group_sizes(usable)
    if not n:
        raise NoDataError(
            f"no dense run has a throughput above zero at both {exact(first)} and {exact(last)}"
        )
    columns = alike(runs)
    points = {tokens: _points(dense, tokens, member, columns) for tokens, member in members.items()}
    logs = [nw.col(members[tokens]).log() for tokens in (first, last)]
    kept = from_one(compared(usable, logs[1] - logs[0], **columns))
    ends_apart = compared(usable, logs[1], **columns)
    size = quartiles(usable, "params") if "params" in runs.columns else {}
    sizes = {g: size[g].median if g in size else None for g in in_order(n)}
    known = baseline in n
    at_end = {g: float(np.exp(ends_apart.samples[g].mean)) for g in in_order(n)}
    ratios = Ratios(at_end, ends_apart, columns["blocks"])
    ratios.match(baseline if known else None, sizes)
    groups = {
        g: ContextGroup(
            n=n[g],
            points=tuple(found[g] for found in points.values() if g in found),
            params=sizes[g],
            kept=kept[g].value or 0.0,
            kept_interval=kept[g].interval,
            kept_resolved=kept[g].resolved,
            **ratios.facts(baseline if known else None)[g],
        )
        for g in in_order(n)
    }
    return ContextFacts(
        asked_baseline=baseline,
        baseline=baseline if known else None,
        contexts=(first, last),
        dropped=rows_dropped(runs, {"tps_at": ends[0] & ends[1]}),
        groups=groups,
        within=tuple(runs.columns[role] for role in columns["blocks"]) if ratios.within else (),
    ), None


def _points(dense: Frame, tokens: float, member: str, columns: Alike) -> dict[str, ContextPoint]:
    """Return each group's throughput at one length, of the runs that were measured there."""
    rows = dense.filter(nw.col(member) > 0)
    n, tps = group_sizes(rows), quartiles(rows, member)
    typical = compared(rows, nw.col(member).log(), **columns).samples
    return {g: ContextPoint(tokens, n[g], tps[g], fact(np.exp(typical[g].mean))) for g in n}


# Claims


def _claims(facts: ContextFacts) -> list[Claim]:
    first, last = (exact(tokens) for tokens in facts.contexts)
    claims = [
        Claim(
            "effect", g, s.kept, _share(s.kept), f"at {last} of {first} tokens", n=s.n,
            interval=s.kept_interval, resolved=s.kept_resolved,
        )
        for g, s in facts.groups.items()
    ]  # fmt: skip
    at = f"to {facts.baseline} at {last} tokens"
    return claims + ratio_claims(facts.ratios(), facts.baseline, what=at)


# Words


def _words(facts: ContextFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    called = spoken(labels, short=False)["tps_at"]
    bands = bands_are(facts.groups, "quartiles over runs")
    return Words(
        headline=_headline(facts),
        how_to_read=f"Lines: each group's geometric mean of {called}; in brackets, its runs.{bands}"
        + (" Whiskers: 95% intervals." if whiskers(facts.ratios()) else ""),
        shown=count(sum(s.n for s in facts.groups.values()), dense_runs(labels)),
        alt_text=_alt_text(facts, called),
        notes=facts.why_no_ratios(),
    )


def _headline(facts: ContextFacts) -> str:
    """Return how much of its throughput each group keeps, as far as the runs tell."""
    kept = {
        g: Ratio(s.kept, s.kept_interval, s.n, resolved=s.kept_resolved)
        for g, s in facts.groups.items()
    }
    clear, near, untold = by_verdict(kept, sorted(kept, key=lambda g: kept[g].value or 0))
    # Without an interval nothing is known of what other runs would have said.
    few = [g for g in untold if kept[g].interval is None]
    unclear = [g for g in untold if g not in few]
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
    ratios, lines = facts.ratios(), []
    for g, group in facts.groups.items():
        points = ", ".join(f"{rate(p.typical)} at {exact(p.tokens)}" for p in group.points)
        text = f"{named(g)} ({count(group.n, 'run')}) {points}; {_share(group.kept)} kept"
        text += f" ({span(group.kept_interval)})" if group.kept_interval else ""
        ratio = ratios[g]
        if ratio.value is not None and g != facts.baseline:
            text += f"; at the end {times(ratio.value)} {named(str(facts.baseline))}"
            text += f" ({span(ratio.interval)})" if ratio.interval else ""
        lines.append(text)
    return (
        f"Line chart of {called} against context from {first} to {last} tokens, geometric means: "
        f"{'. '.join(lines)}."
    )


# Drawing


def _draw(page: Page, facts: ContextFacts, besides: None) -> None:
    curves = {
        g: Curve(
            np.array([p.tokens for p in s.points]),
            np.array([p.typical for p in s.points]),
            *(np.array([getattr(p.tps, q) for p in s.points]) for q in ("q1", "q3")),
        )
        for g, s in facts.groups.items()
    }
    runs = {g: s.n for g, s in facts.groups.items()}
    draw_curves(page, "throughput", curves, runs, "tps_at")
    called = spoken(page.labels)["tps_at"]
    label = f"{called[:1].upper()}{called[1:]}"
    page.axes["throughput"].set_ylabel(f"{label} (tok/s)", parse_math=False)
    if "ratio" in page.axes:
        relative = f"{label} relative to {facts.baseline}"
        draw_ratios(page, curves, facts.ratios(), str(facts.baseline), relative)
    for ax in page.axes.values():
        # Contexts are powers of two more often than not.
        ax.set_xscale("log", base=2)
        tokens = sorted({p.tokens for s in facts.groups.values() for p in s.points})
        ax.set_xticks(tokens, [exact(t) for t in tokens])
        ax.minorticks_off()
        ax.set_xlim(*facts.contexts)
        ax.set_xlabel("Context (tokens)")


CONTEXT = Definition(
    name="context",
    file="insight_4_context",
    function=insight_context,
    needs=("group", "tps_at"),
    uses=("moe", "params", "block", "state"),
    holds=ContextFacts,
    facts=_facts,
    claims=_claims,
    words=_words,
    draw=_draw,
    panels=lambda facts: ratio_panels("throughput", facts.baseline, facts.groups),
    matter=ComparedFacts.matter,
)
