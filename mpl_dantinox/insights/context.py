"""Throughput against context length: whose speed lasts as sequences grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Unpack

import narwhals as nw
import numpy as np

from mpl_dantinox.insights import ratios
from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.compared import compared
from mpl_dantinox.insights.core import Definition, Shared, Words
from mpl_dantinox.insights.curves import Curve, draw_curves, key_to_curves
from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.insights.page import Page, may_be_log
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.rows import Quartiles, group_sizes, quartiles, rows_dropped
from mpl_dantinox.insights.words import dense_runs, listed, named, names, spoken
from mpl_dantinox.numbers import count, exact, number, rate
from mpl_dantinox.tables.engine import Frame
from mpl_dantinox.tables.runs import NoDataError, Runs
from mpl_dantinox.ticks import ReadableLocator

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
class ContextGroup(ratios.ComparedGroup):
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
    kept_interval: ratios.Interval | None
    kept_resolved: bool

    def is_told(self) -> bool:
        """Tell whether a headline may say something of the group."""
        return self.kept_resolved

    def change(self) -> ratios.Ratio:
        """Return the throughput at the longest context over that at the shortest."""
        return ratios.Ratio(self.kept, self.kept_interval, self.n, self.kept_resolved)


@dataclass(frozen=True, kw_only=True)
class ContextFacts(ratios.ComparedFacts):
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


def _facts(runs: Runs, *, baseline: str) -> tuple[ContextFacts, None]:
    members = runs.members("tps_at")
    if len(members) < 2:
        raise NoDataError(
            f"{count(len(members), 'column')} of throughput by context, and it takes two"
        )
    first, *_, last = members
    ends = [nw.col(members[tokens]) for tokens in (first, last)]
    dense = runs.dense(runs.columns).filter(~nw.col("group").is_null())
    usable = dense.filter(*(end > 0 for end in ends))
    columns = ratios.alike(runs)
    logs = compared(usable, ends[1].log(), **columns)
    if not logs.samples:
        raise NoDataError(
            f"no dense run has a throughput above zero at both {exact(first)} and {exact(last)}"
        )
    at_end = {g: float(np.exp(logs.samples[g].mean)) for g in in_order(map(str, logs.samples))}
    to_base = ratios.Ratios(runs, usable, at_end, logs, baseline)
    kept = ratios.ratios_to_one(compared(usable, ends[1].log() - ends[0].log(), **columns))
    points = {tokens: _points(dense, tokens, member, columns) for tokens, member in members.items()}
    groups = {
        g: ContextGroup(
            points=tuple(found[g] for found in points.values() if g in found),
            kept=kept[g].value,
            kept_interval=kept[g].interval,
            kept_resolved=kept[g].resolved,
            **to_base.of_group(g),
        )
        for g in at_end
    }
    dropped = rows_dropped(runs, {"tps_at": (ends[0] > 0) & (ends[1] > 0)})
    ends_at = (first, last)
    return ContextFacts(contexts=ends_at, dropped=dropped, groups=groups, **to_base.facts()), None


def _points(
    dense: Frame, tokens: float, member: str, columns: ratios.Alike
) -> dict[str, ContextPoint]:
    """Return each group's throughput at one length, of the runs that were measured there."""
    rows = dense.filter(nw.col(member) > 0)
    n, tps = group_sizes(rows), quartiles(rows, member)
    typical = compared(rows, nw.col(member).log(), **columns).samples
    return {g: ContextPoint(tokens, n[g], tps[g], fact(np.exp(typical[g].mean))) for g in n}


def _claims(facts: ContextFacts) -> list[Claim]:
    first, last = map(exact, facts.contexts)
    what, kept = f"at {last} of {first} tokens", {g: s.change() for g, s in facts.groups.items()}
    claims = [r.claim("effect", g, None, what, _share(r.value)) for g, r in kept.items()]
    return claims + facts.ratio_claims(f"to {facts.baseline} at {last} tokens")


def _words(facts: ContextFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    called = spoken(labels, short=False)["tps_at"]
    lines = f"Lines: each group's geometric mean of {called}; in brackets, its runs."
    return Words(
        headline=_headline(facts),
        how_to_read=" ".join([lines, *key_to_curves(facts, "quartiles over runs")]),
        shown=count(sum(s.n for s in facts.groups.values()), dense_runs(labels)),
        alt_text=_alt_text(facts, called),
        notes=facts.why_no_ratios(),
    )


def _headline(facts: ContextFacts) -> str:
    """Return how much of its throughput each group keeps, as far as the runs tell."""
    kept = {g: s.change() for g, s in facts.groups.items()}
    clear, near, untold = ratios.by_verdict(kept, sorted(kept, key=lambda g: kept[g].value))
    # Without an interval nothing is known of what other runs would have said.
    few = [g for g in untold if kept[g].interval is None]
    unclear = [g for g in untold if g not in few]
    parts = []
    for verb, sign in (("falls", -1), ("rises", 1)):
        said: list[str] = []
        for g in clear:
            if (change := sign * (kept[g].value - 1)) > 0:
                what = "" if said else f"throughput {verb} by "
                said.append(f"{named(g)}'s {what}{number(100 * change, 2)}%")
        parts += [listed(said, rest="more groups' too")] if said else []
    if near:
        parts.append(f"{names(near)} {'keeps' if len(near) == 1 else 'keep'} theirs")
    if unclear:
        # As many as are named.
        shown = unclear[: 3 if len(unclear) == 3 else 2]
        shares = ", ".join(_share(kept[g].value) for g in shown)
        parts.append(f"no change of {names(unclear)} can be told ({shares} kept)")
    if few:
        parts.append(f"{names(few)} {'has' if len(few) == 1 else 'have'} too few runs to tell")
    first, last = map(exact, facts.contexts)
    return f"From {first} to {last} tokens {'; '.join(parts)}"


def _share(kept: float) -> str:
    return f"{number(100 * kept)}%"


def _alt_text(facts: ContextFacts, called: str) -> str:
    first, last = map(exact, facts.contexts)
    lines = []
    for g, s in facts.groups.items():
        points = ", ".join(f"{rate(p.typical)} at {exact(p.tokens)}" for p in s.points)
        kept = f"{_share(s.kept)} kept{ratios.span(s.kept_interval)}"
        text = f"{named(g)} ({count(s.n, 'run')}) {points}; {kept}"
        ratio = facts.ratio_in_words(g)
        lines.append(f"{text}; at the end {ratio}" if ratio else text)
    return (
        f"Line chart of {called} against context from {first} to {last} tokens, geometric means: "
        f"{'. '.join(lines)}."
    )


def _draw(page: Page, facts: ContextFacts, besides: None) -> None:
    curves = {
        g: Curve(*np.array([(p.tokens, p.typical, p.tps.q1, p.tps.q3) for p in s.points]).T)
        for g, s in facts.groups.items()
    }
    called = spoken(page.labels)["tps_at"]
    draw_curves(page, facts, curves, "tps_at", f"{called[:1].upper()}{called[1:]}")
    # Contexts are powers of two more often than not.
    tokens = sorted({x for curve in curves.values() for x in curve.x})
    for ax in page.axes.values():
        if may_be_log(ax.xaxis):
            ax.set_xscale("log", base=2)
        ax.xaxis.set_major_locator(ReadableLocator(among=tokens))
        ax.xaxis.set_major_formatter("{x:,.10g}")
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
    panels=ratios.ComparedFacts.panels,
    matter=ratios.ComparedFacts.matter,
)
