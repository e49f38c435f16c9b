"""Ratios of groups to a baseline: how sure they are, and what that allows to be said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, TypedDict

import numpy as np

from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.compared import Compared
from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.words import named
from mpl_dantinox.numbers import number, times
from mpl_dantinox.statistics.blocks import QUARTER
from mpl_dantinox.statistics.intervals import MIN_RUNS, Estimate, Sample, difference
from mpl_dantinox.statistics.verdicts import told
from mpl_dantinox.tables.runs import Runs

__all__ = [
    "Alike", "ComparedFacts", "ComparedGroup", "Interval", "MatchedRatio", "Order", "Ratio",
    "Ratios", "alike", "by_verdict", "from_one", "not_apart", "ratio_claims", "ratios_listed",
    "size_phrase", "span", "times_smaller", "told_ratio", "verdict",
]  # fmt: skip

#: The ends of a 95 % interval.
Interval = tuple[float, float]
#: A group, and what it is compared with.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Ratio:
    """A group's value over that of a baseline; None where the baseline has none, or zero."""

    value: float | None
    interval: Interval | None
    n: int
    p_value: float | None = None
    resolved: bool = False


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
        """Return the ratios that are told, those within blocks where these count."""
        return {g: told_ratio(group, self.within) for g, group in self.groups.items()}

    def matter(self) -> list[str]:
        """Return the groups that matter most: the baseline, and those with the largest ratios."""
        ratios = self.ratios()
        others = sorted(ratios, key=lambda g: -(ratios[g].value or 0.0))
        return [g for g in (self.baseline,) if g] + [g for g in others if g != self.baseline][:7]

    def why_no_ratios(self) -> tuple[str, ...]:
        """Return what a terminal is told where there is no baseline."""
        asked = self.asked_baseline
        if self.baseline is not None:
            return ()
        why = (
            f"{asked!r} serves nothing" if asked in self.groups else f"no group is called {asked!r}"
        )
        return (f"no ratios: {why}, see --baseline",)


# Ratios closer to one than this are called the same.
_SAME = 0.02
# As many groups are put in order.
_MOST_ORDERED = 4


class Ratios:
    """The ratios of groups to each other: of all their runs, or within blocks.

    Parameters
    ----------
    values : dict of str to float
        What is compared of each group, at its typical run.
    runs : Compared
        Logarithms of what makes the difference.
    blocks : sequence of str
        The roles that are equal in runs of one block.

    Attributes
    ----------
    within : bool
        Whether ratios within blocks are told, rather than those of all runs: see `match`.
    coarse : bool
        Whether the values go in steps so large that runs do not say how far they may be off; then
        there are no intervals.
    """

    def __init__(
        self, values: Mapping[str, float], runs: Compared, blocks: Sequence[str] = ()
    ) -> None:
        self.values, self.runs, self.blocks = values, runs, blocks
        self.within, self.coarse = False, False

    def pooled(self, g: str, to: str) -> Ratio:
        """Return the ratio of all runs."""
        n, value = int(self.runs.samples[g].n), None
        if self.values[to]:
            value = fact(self.values[g] / self.values[to])
        known = g != to and not self.coarse
        return _around(value, self.runs.pooled(g, to) if known else None, n)

    def matched(self, g: str, to: str) -> MatchedRatio | None:
        """Return the ratio within blocks; None where there are none."""
        found = self._matched(g, to)
        return found and MatchedRatio(found[0].value or 0.0, found[0].interval, *found[1:])

    def _matched(self, g: str, to: str) -> tuple[Ratio, int, int] | None:
        found = self.runs.matched(g, to) if g != to and self.values[g] and self.values[to] else None
        if found is None or self.coarse:
            return None
        # What a model makes of a typical run beside its value is the same in all blocks.
        typical = self.runs.samples[g].mean - self.runs.samples[to].mean
        factor = np.log(self.values[g] / self.values[to]) - typical
        value = fact(np.exp(found.value + factor))
        return _around(value, found.estimate, found.runs), found.blocks, found.runs

    def match(self, baseline: str | None, sizes: Mapping[str, float | None]) -> None:
        """Tell ratios within blocks from now on, if that is what the runs are comparable by.

        That is if a column says so, if most runs are in a block with runs of the baseline, or if
        one group's models are larger and some are.
        """
        others = [g for g in self.values if g != baseline]
        shared = any(self.runs.matched(g, baseline) for g in others)
        differ = any(times_smaller(sizes, g, str(baseline)) for g in others)
        said = list(self.blocks) not in ([], ["params"])
        comparable = self.runs.are_comparable(baseline)
        self.within = comparable or (shared and (said or differ)) or (said and baseline is None)

    def of(self, g: str, to: str) -> Ratio:
        """Return the ratio that is told, which within blocks needs blocks that both have."""
        if not self.within or g == to:
            return self.pooled(g, to)
        found = self._matched(g, to)
        return found[0] if found else replace(self.pooled(g, to), interval=None, p_value=None)

    def told(self, baseline: str | None, ahead: Sequence[str] = ()) -> dict[Pair, Ratio]:
        """Return the ratios to a baseline, and of the first few groups each to the next.

        All that a headline can say of them is one family: the verdicts are on all together.
        """
        orders = {pair: self.of(*pair) for pair in pairwise(ahead[:_MOST_ORDERED])}
        others = [g for g in self.values if baseline not in (None, g)]
        found = {g: self.of(g, str(baseline)) for g in others}
        p_orders = {pair: r.p_value for pair, r in orders.items()}
        if baseline is None:
            verdicts = told(p_orders)
        else:
            verdicts = told({g: r.p_value for g, r in found.items()}, p_orders)
        to_baseline = {
            (g, str(baseline)): replace(r, resolved=verdicts[g]) for g, r in found.items()
        }
        return to_baseline | {
            pair: replace(r, resolved=verdicts[pair]) for pair, r in orders.items()
        }

    def facts(self, baseline: str | None, ahead: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
        """Return the fields that facts have of each group's ratio to the baseline."""
        if baseline is None:
            nothing = dict.fromkeys(("ratio", "ratio_interval", "matched", "resolved"))
            return dict.fromkeys(self.values, nothing)
        verdicts = self.told(baseline, ahead)
        found = {}
        for g in self.values:
            pooled = self.pooled(g, baseline)
            found[g] = {
                "ratio": pooled.value,
                "ratio_interval": pooled.interval,
                "matched": self.matched(g, baseline),
                "resolved": None if g == baseline else verdicts[g, baseline].resolved,
            }
        return found

    def orders(self, baseline: str | None, ahead: Sequence[str]) -> tuple[Order, ...]:
        """Return how the first few of groups, the largest first, compare with the next."""
        found = self.told(baseline, ahead)
        return tuple(
            Order(*pair, r.value, r.interval, r.resolved)
            for pair, r in found.items() if pair[1] != baseline
        )  # fmt: skip


def from_one(runs: Compared) -> dict[str, Ratio]:
    """Return each group's own geometric mean as a ratio to 1, with the verdicts on all of them."""
    one = Sample(MIN_RUNS, 0.0, 0.0)
    found = {
        str(g): _around(fact(np.exp(s.mean)), difference(s, one), int(s.n))
        for g, s in runs.samples.items()
    }
    verdicts = told({g: r.p_value for g, r in found.items()})
    return {g: replace(r, resolved=verdicts[g]) for g, r in found.items()}


def told_ratio(group: ComparedGroup, within: Sequence[str]) -> Ratio:
    """Return the ratio that is told of a group: within blocks, if those are what is compared."""
    resolved, matched = bool(group.resolved), group.matched
    if not within:
        return Ratio(group.ratio, group.ratio_interval, group.n, resolved=resolved)
    if matched is None:
        return Ratio(group.ratio, None, group.n, resolved=resolved)
    return Ratio(matched.ratio, matched.interval, group.n, resolved=resolved)


def _around(value: float | None, estimate: Estimate | None, n: int) -> Ratio:
    """Return a ratio with the interval of a difference of logarithms, moved to it."""
    if value is None or not value or estimate is None:
        return Ratio(value, None, n)
    low, high = value * np.exp(np.subtract(estimate.interval(), estimate.value))
    return Ratio(value, (fact(low), fact(high)), n, estimate.p_value)


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


def times_smaller(sizes: Mapping[str, float | None], g: str, to: str) -> float | None:
    """Return how many times smaller a group's models are, None if the sizes are about the same."""
    one, other = sizes.get(g), sizes.get(to)
    return other / one if one and other and max(one / other, other / one) > QUARTER else None


def ratio_claims(
    ratios: Mapping[str, Ratio], to: str | None, *, kind: str = "ratio", what: str | None = None
) -> list[Claim]:
    """Return the claims of each group's ratio to another, headed by default by that one's name."""
    what = f"to {to}" if what is None else what
    return [
        Claim(
            kind, g, r.value, times(r.value), what, to=to, interval=r.interval, n=r.n,
            resolved=r.resolved,
        )
        for g, r in ratios.items() if g != to and r.value is not None
    ]  # fmt: skip


def verdict(ratio: Ratio) -> Literal["more or less", "as much", "unclear"]:
    """Return what a ratio and its interval allow to be said."""
    value = ratio.value or 0.0
    low, high = ratio.interval or (0.0, np.inf)
    # A ratio near one says that two groups are alike only if it could not well be another.
    if max(1 - low, high - 1) < _SAME:
        return "as much"
    return "more or less" if ratio.resolved or not value else "unclear"


def by_verdict(ratios: Mapping[str, Ratio], groups: Iterable[str]) -> tuple[list[str], ...]:
    """Return the groups that differ, those that are alike, and those that cannot be told."""
    told: dict[str, list[str]] = {"more or less": [], "as much": [], "unclear": []}
    for g in groups:
        told[verdict(ratios[g])].append(g)
    return tuple(told.values())


def ratios_listed(ratios: Mapping[str, Ratio], groups: Sequence[str]) -> str:
    """Return groups with their ratios, the first few of many."""
    more = f" and {len(groups) - 3} more" if len(groups) > 3 else ""
    return ", ".join(f"{named(g)} {times(ratios[g].value or 0)}" for g in groups[:3]) + more


def not_apart(orders: Iterable[Order], groups: Sequence[str]) -> str:
    """Return the sentence on those of groups whose order is not told, or nothing."""
    pairs = [
        f"{named(o.first)} and {named(o.second)}"
        for o in orders
        if o.ratio and not o.resolved and {o.first, o.second} <= {*groups}
    ]  # fmt: skip
    return f"{', nor '.join(pairs)} cannot be told apart" if pairs else ""


def size_phrase(
    sizes: Mapping[str, float | None], baseline: str | None, within: Sequence[str]
) -> list[str]:
    """Return what is said of the group whose models differ most in size, where runs are matched."""
    base = baseline if within else None
    found = {g: r for g in sizes if base and (r := times_smaller(sizes, g, base)) is not None}
    if not found:
        return []
    g = max(found, key=lambda g: abs(np.log(found[g])))
    smaller = found[g] > 1
    much = times(found[g] if smaller else 1 / found[g])
    return [f"{named(g)}'s models are {much} {'smaller' if smaller else 'larger'}"]


def span(interval: Interval) -> str:
    """Return an interval in words.

    Examples
    --------
    >>> span((0.5, 2.0))
    '95% interval 0.500 to 2.00'
    """
    low, high = interval
    return f"95% interval {number(low)} to {number(high)}"
