"""Ratios of groups to a baseline: how sure they are, and what that allows to be said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypedDict

import numpy as np

from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.compared import Compared
from mpl_dantinox.insights.facts import Facts, fact, fact_or_none
from mpl_dantinox.insights.rows import group_sizes, quartiles
from mpl_dantinox.insights.words import equal, named
from mpl_dantinox.numbers import number, times
from mpl_dantinox.statistics.blocks import QUARTER, Matched
from mpl_dantinox.statistics.intervals import MIN_RUNS, Estimate, Sample, difference
from mpl_dantinox.statistics.verdicts import told
from mpl_dantinox.tables.engine import Frame
from mpl_dantinox.tables.runs import Runs

__all__ = [
    "Alike", "ComparedFacts", "ComparedGroup", "Interval", "MatchedRatio", "Order", "Ratio",
    "Ratios", "alike", "by_verdict", "not_apart", "ratios_listed", "ratios_to_one", "size_phrase",
    "span", "times_smaller",
]  # fmt: skip

#: The ends of a 95 % interval.
Interval = tuple[float, float]

# Ratios closer to one than this are called the same.
_SAME = 0.02
# As many groups are put in order.
_MOST_ORDERED = 4


@dataclass(frozen=True)
class Ratio:
    """One value over another, not a number if that is zero; whether it is told from 1."""

    value: float
    interval: Interval | None = None
    n: int = 0
    resolved: bool = False
    p_value: float | None = None

    def __str__(self) -> str:
        return times(self.value)

    @property
    def verdict(self) -> str:
        """What the ratio and its interval allow to be said."""
        low, high = self.interval or (0.0, np.inf)
        # A ratio near one says that two groups are alike only if it could not well be another.
        if max(1 - low, high - 1) < _SAME:
            return "as much"
        return "more or less" if self.resolved or not self.value else "unclear"

    def claim(self, kind: str, of: str, to: str | None, what: str, text: str = "") -> Claim:
        """Return the claim of one group's ratio to another, or to itself."""
        rest: Any = {"interval": self.interval, "n": self.n, "resolved": self.resolved}
        return Claim(kind, of, self.value, text or str(self), what, to=to, **rest)


@dataclass(frozen=True)
class MatchedRatio(Facts):
    """A group's ratio to the baseline within blocks: the geometric mean over them.

    Its 95 % interval is None where there are too few blocks and runs; `runs` are those of either
    group in blocks that both have runs in.
    """

    ratio: float
    interval: Interval | None
    blocks: int
    runs: int


@dataclass(frozen=True)
class Order(Facts):
    """One group's value over that of the next, its 95 % interval, and whether it is told from 1."""

    first: str
    second: str
    ratio: float | None
    interval: Interval | None
    resolved: bool

    def told(self, n: int = 0) -> Ratio:
        """Return the ratio, of so many runs."""
        return Ratio(self.ratio or 0.0, self.interval, n, self.resolved)


@dataclass(frozen=True, kw_only=True)
class ComparedGroup(Facts):
    """What facts have of each group that is compared to a baseline.

    Attributes
    ----------
    n : int
        The runs that count.
    params : float or None
        The median of the models' parameters, millions.
    ratio : float or None
        Its value over that of the baseline; None without one.
    ratio_interval : (float, float) or None
        Its 95 % interval; None where either group has fewer than three configurations.
    matched : MatchedRatio or None
        The same ratio of runs within blocks.
    resolved : bool or None
        Whether the ratio is told from 1: the matched one if `ComparedFacts.within` has columns.
    """

    n: int
    params: float | None
    ratio: float | None
    ratio_interval: Interval | None
    matched: MatchedRatio | None
    resolved: bool | None

    def is_told(self) -> bool:
        """Tell whether a headline may say something of the group."""
        return bool(self.resolved)


@dataclass(frozen=True, kw_only=True)
class ComparedFacts(Facts):
    """What facts of groups that are compared to a baseline have in common.

    Attributes
    ----------
    asked_baseline : str
        The group that the caller wanted the ratios to.
    baseline : str or None
        The same if it has runs, and something to compare, else None.
    dropped : dict of str to int
        Rows that are not used, by what they lack; ``"moe"`` are those not known to be dense, and
        ``"dense"`` those known not to be.
    groups : dict of str to ComparedGroup
    within : tuple of str
        The columns that are equal in the runs that ratios compare; none where they are of all runs.
    """

    asked_baseline: str
    baseline: str | None
    dropped: Mapping[str, int]
    groups: Mapping[str, Any]
    within: tuple[str, ...]

    def ratios(self) -> dict[str, Ratio]:
        """Return the ratios that are told, those within blocks where these count, if any."""
        found = {}
        for g, s in self.groups.items() if self.baseline is not None else ():
            value, interval = s.ratio, None if self.within else s.ratio_interval
            if self.within and s.matched:
                value, interval = s.matched.ratio, s.matched.interval
            found[g] = Ratio(value, interval, s.n, bool(s.resolved))
        return found

    def compared(self) -> dict[str, Ratio]:
        """Return the ratios of the groups other than the baseline."""
        return {g: ratio for g, ratio in self.ratios().items() if g != self.baseline}

    def alone(self) -> list[str]:
        """Return the groups without a run that may be compared within blocks, where these count."""
        ratios = self.compared() if self.within else {}
        return [g for g, r in ratios.items() if r.value and not self.groups[g].matched]

    def which_runs(self) -> str:
        """Return the sentence on the runs that ratios compare, where those of all runs differ."""
        pairs = [(s.matched, s.ratio) for s in self.groups.values() if self.within and s.matched]
        differ = any(abs(np.log(matched.ratio / ratio)) > _SAME for matched, ratio in pairs)
        where = " where both groups have some" if self.alone() else ""
        said = f"Ratios compare runs of {equal(self.within)}{where}, lines show all runs."
        return said if differ or where else ""

    def ratio_in_words(self, g: str) -> str:
        """Return a group's ratio to the baseline, with what it is of; "" where there is none."""
        ratio = self.compared().get(g)
        if ratio is None:
            return ""
        at = f" at {equal(self.within)}" if self.which_runs() and self.groups[g].matched else ""
        return f"{ratio} {named(str(self.baseline))}{at}{span(ratio.interval)}"

    def panels(self) -> list[str]:
        """Return the panels: the ratio's only where there is a baseline and another group."""
        return ["throughput", "ratio"] if self.compared() else ["throughput"]

    def matter(self) -> list[str]:
        """Return the groups that matter most: the baseline, and a few others.

        Those that something is told of come first, then those with the largest ratios.
        """
        found, base = self.compared(), self.baseline
        largest = sorted(found, key=lambda g: -found[g].value) or list(self.groups)
        most = sorted(largest, key=lambda g: not self.groups[g].is_told())
        return [*([base] if base else []), *most[:7]]

    def ratio_claims(self, what: str) -> list[Claim]:
        """Return the claims of each group's ratio to the baseline."""
        found = self.compared().items()
        return [ratio.claim("ratio", g, self.baseline, what) for g, ratio in found]

    def why_no_ratios(self) -> tuple[str, ...]:
        """Return what a terminal is told where there is no baseline."""
        asked = repr(self.asked_baseline)
        is_there = self.asked_baseline in self.groups
        why = f"{asked} serves nothing" if is_there else f"no group is called {asked}"
        return () if self.baseline else (f"no ratios: {why}, see --baseline",)


class Alike(TypedDict):
    """The columns that are equal in runs that repeat a configuration, and in those of a block."""

    repeats: list[str]
    blocks: list[str]


def alike(runs: Runs, *design: str) -> Alike:
    """Return by which columns runs are alike; *design* are roles beside parameters that tell.

    Blocks are columns of the caller's or of sizes; without any, runs of equal parameters are
    comparable.
    """
    blocks = [role for role in runs.columns if role.partition(" ")[0] == "block"]
    size = ["params"] if "params" in runs.columns else []
    return {"repeats": size and [*size, *design], "blocks": blocks or size}


class Ratios:
    """The ratios of groups to each other: of all their runs, or within blocks.

    Groups have values, at their typical runs, and rows; *logs* are logarithms of what makes the
    difference. Values that are *coarse* go in steps so large that they have no intervals. Of the
    groups that are *ordered* the largest few are compared with each other: all that a headline can
    say is one family, and the verdicts are on all together.
    """

    def __init__(
        self, runs: Runs, rows: Frame, values: Mapping[str, float], logs: Compared, baseline: str,
        *, ordered: Iterable[str] = (), coarse: bool = False,
    ) -> None:  # fmt: skip
        self.values, self.logs, self.coarse = values, logs, coarse
        self.n = group_sizes(rows)
        size = quartiles(rows, "params") if "params" in runs.columns else {}
        self.params = {g: size[g].median if g in size else None for g in values}
        self.asked, self.baseline = baseline, baseline if values.get(baseline) else None
        blocks = alike(runs)["blocks"]
        is_within = not coarse and self._are_within(blocks)
        self.within = tuple(runs.columns[role] for role in blocks) if is_within else ()
        base = self.baseline
        found = {g: self.of(g, base) for g in values if base is not None and g != base}
        most = {g: ratio.value for g, ratio in found.items()} or dict(values)
        if base is None and self.within:
            # Without a baseline the order is that of ratios to one of them, as they are told.
            top = max(values, key=lambda g: values[g])
            most = {g: self.of(g, top).value for g in values}
        ahead = sorted((g for g in ordered if g != base), key=lambda g: -most[g])
        orders = {pair: self.of(*pair) for pair in pairwise(ahead[:_MOST_ORDERED])}
        p_values = {g: r.p_value for g, r in found.items()}
        p_orders = {pair: r.p_value for pair, r in orders.items()}
        verdicts: dict[Any, bool] = told(p_values, p_orders) if found else told(p_orders)
        self.resolved = {g: verdicts[g] for g in found}
        self.orders = tuple(
            Order(*pair, fact_or_none(r.value), r.interval, verdicts[pair])
            for pair, r in orders.items()
        )

    def _are_within(self, blocks: Sequence[str]) -> bool:
        """Return whether ratios within blocks are told, rather than those of all runs.

        That is if a column says so, if most runs are in a block with runs of the baseline, or if
        one group's models are larger and some are.
        """
        base = self.baseline
        others = [g for g in self.values if g != base]
        shared = any(self.logs.matched(g, base) for g in others)
        differ = any(times_smaller(self.params, g, base) for g in others)
        said = [*blocks] not in ([], ["params"])
        comparable = self.logs.are_comparable(base)
        return comparable or (shared and (said or differ)) or (said and base is None)

    def of(self, g: str, to: str) -> Ratio:
        """Return the ratio that is told, which within blocks needs blocks that both have."""
        pooled = self._pooled(g, to)
        if not self.within or g == to:
            return pooled
        found = self._matched(g, to)
        return found[0] if found else Ratio(pooled.value)

    def _pooled(self, g: str, to: str) -> Ratio:
        """Return the ratio of all runs."""
        value = fact(self.values[g] / self.values[to]) if self.values[to] else np.nan
        return _around(value, None if g == to or self.coarse else self.logs.pooled(g, to))

    def _matched(self, g: str, to: str) -> tuple[Ratio, Matched] | None:
        """Return the ratio within blocks, and what it is of; None where there are none."""
        is_known = g != to and not self.coarse and self.values[g] and self.values[to]
        found = self.logs.matched(g, to) if is_known else None
        if found is None:
            return None
        # What a model makes of a typical run beside its value is the same in all blocks.
        typical = self.logs.samples[g].mean - self.logs.samples[to].mean
        factor = np.log(self.values[g] / self.values[to]) - typical
        return _around(fact(np.exp(found.value + factor)), found.estimate), found

    def facts(self) -> dict[str, Any]:
        """Return the fields of `ComparedFacts`, other than `dropped` and the groups."""
        return {"asked_baseline": self.asked, "baseline": self.baseline, "within": self.within}

    def of_group(self, g: str) -> dict[str, Any]:
        """Return the fields of `ComparedGroup`."""
        fields = {"n": self.n[g], "params": self.params[g]}
        if self.baseline is None:
            return fields | dict.fromkeys(("ratio", "ratio_interval", "matched", "resolved"))
        pooled, matched = self._pooled(g, self.baseline), None
        if found := self._matched(g, self.baseline):
            ratio, of = found
            matched = MatchedRatio(ratio.value, ratio.interval, of.blocks, of.runs)
        return fields | {
            "ratio": pooled.value,
            "ratio_interval": pooled.interval,
            "matched": matched,
            "resolved": self.resolved.get(g),
        }


def ratios_to_one(logs: Compared) -> dict[str, Ratio]:
    """Return each group's own geometric mean as a ratio to 1, with the verdicts on all of them."""
    one = Sample(MIN_RUNS, 0.0, 0.0)
    means = {str(g): (fact(np.exp(s.mean)), difference(s, one)) for g, s in logs.samples.items()}
    found = {g: _around(*mean) for g, mean in means.items()}
    verdicts = told({g: ratio.p_value for g, ratio in found.items()})
    return {g: replace(ratio, resolved=verdicts[g]) for g, ratio in found.items()}


def _around(value: float, estimate: Estimate | None) -> Ratio:
    """Return a ratio with the interval of a difference of logarithms, moved to it."""
    if estimate is None or not value > 0:
        return Ratio(value)
    low, high = value * np.exp(np.subtract(estimate.interval(), estimate.value))
    return Ratio(value, (fact(low), fact(high)), p_value=estimate.p_value)


def times_smaller(sizes: Mapping[str, float | None], g: str, to: str | None) -> float | None:
    """Return how many times smaller a group's models are, None if the sizes are about the same."""
    one, other = sizes.get(g), sizes.get(to or "")
    return other / one if one and other and max(one / other, other / one) > QUARTER else None


def by_verdict(ratios: Mapping[str, Ratio], groups: Iterable[str]) -> tuple[list[str], ...]:
    """Return the groups that differ, those that are alike, and those that cannot be told."""
    found: dict[str, list[str]] = {"more or less": [], "as much": [], "unclear": []}
    for g in groups:
        found[ratios[g].verdict].append(g)
    return tuple(found.values())


def ratios_listed(ratios: Mapping[str, Ratio], groups: Sequence[str]) -> str:
    """Return groups with their ratios, the first few of many."""
    more = f" and {len(groups) - 3} more" if len(groups) > 3 else ""
    return ", ".join(f"{named(g)} {ratios[g]}" for g in groups[:3]) + more


def not_apart(orders: Iterable[Order], groups: Sequence[str]) -> str:
    """Return the sentence on those of groups whose order is not told, or nothing."""
    untold = [o for o in orders if o.ratio and not o.resolved and {o.first, o.second} <= {*groups}]
    pairs = ", nor ".join(f"{named(o.first)} and {named(o.second)}" for o in untold)
    return f"{pairs} cannot be told apart" if pairs else ""


def size_phrase(facts: ComparedFacts) -> str:
    """Return what is said of the group whose models differ most in size, where runs are matched."""
    sizes = {g: s.params for g, s in facts.groups.items()}
    found = {g: times_smaller(sizes, g, facts.baseline) or 1.0 for g in sizes}
    g = max(found, key=lambda g: abs(np.log(found[g])))
    if found[g] == 1.0 or not facts.within:
        return ""
    much = times(max(found[g], 1 / found[g]))
    return f"{named(g)}'s models are {much} {'smaller' if found[g] > 1 else 'larger'}"


def span(interval: Interval | None) -> str:
    """Return an interval in words, in brackets behind a number; nothing where there is none.

    Examples
    --------
    >>> span((0.5, 2.0))
    ' (95% interval 0.500 to 2.00)'
    """
    return f" (95% interval {number(interval[0])} to {number(interval[1])})" if interval else ""
