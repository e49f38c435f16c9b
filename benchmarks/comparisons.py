"""Simulate tables whose truth is known, and print how often what is told of them is wrong.

    python -m benchmarks.comparisons [--tables N] [--write]

With ``--write`` the tables also go into docs/comparisons.md, under the heading "Measured". Of N
tables, the share of a rate of 5 % is off by the square root of 0.05 × 0.95 / N, about.
"""

import argparse
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mpl_dantinox.insights.compared import Compared
from mpl_dantinox.statistics.blocks import Cells, matched, units
from mpl_dantinox.statistics.chance import front_by_chance
from mpl_dantinox.statistics.intervals import Sample, difference, students_t
from mpl_dantinox.statistics.verdicts import LEVEL, dial_told, told

PAGE = Path(__file__).parent.parent / "docs" / "comparisons.md"
HEADING = "\n## Measured\n"

Generator = np.random.Generator
Draw = Callable[[Generator, int], np.ndarray]

#: What a run comes out at, and its mean.
KINDS: dict[str, tuple[Draw, float]] = {
    "rates, lognormal": (lambda rng, n: rng.standard_normal(n), 0.0),
    "rates, gamma of shape 2": (lambda rng, n: np.log(rng.gamma(2, 1, n)), 0.42278434),
    "rates, exponential": (lambda rng, n: np.log(rng.exponential(1, n)), -0.57721566),
    "losses, normal": (lambda rng, n: rng.standard_normal(n), 0.0),
    "losses, gamma of shape 2": (lambda rng, n: rng.gamma(2, 1, n), 2.0),
    "losses, exponential": (lambda rng, n: rng.exponential(1, n), 1.0),
}
EQUAL = [(n, n) for n in (3, 4, 5, 8, 15, 30, 100)]
UNEQUAL = [(3, 4), (3, 8), (3, 30), (5, 30), (8, 30), (8, 100), (30, 100)]
#: A constant has no spread.
CONSTANT = [(n, 0) for n in (3, 4, 5, 8, 15, 30, 100)]
RUNS = (1, 2, 3, 4, 5, 10)


def coverage(kind: str, n: int, other: int, tables: int, seed: int = 0) -> float:
    """Return how often the interval of two groups of n and *other* runs has the truth in it."""
    rng = np.random.default_rng([seed, n, other])
    draw, mean = KINDS[kind]
    covered = 0
    for _ in range(tables):
        b = Sample.of(draw(rng, other)) if other else Sample(3, mean, 0.0)
        found = difference(Sample.of(draw(rng, n)), b)
        assert found is not None
        low, high = found.interval()
        covered += low <= 0 <= high
    return covered / tables


class Groups:
    """Groups of runs of one table, the first of which is the baseline."""

    def __init__(self, values: Sequence[np.ndarray]) -> None:
        samples = {str(place): Sample.of(v) for place, v in enumerate(values)}
        self.runs = Compared(samples, {}, sum(map(len, values)))
        self.places = [*samples]
        self.compare = cache(self.runs.pooled)

    def p_value(self, one: str, other: str) -> float | None:
        found = self.compare(one, other)
        return None if found is None else found.p_value

    def ratios_told(self) -> list[Any]:
        """Return what is told from the baseline, and which of the first four from the next."""
        baseline, *others = self.places
        ahead = sorted(others, key=lambda g: -self.runs.samples[g].mean)
        orders = {pair: self.p_value(*pair) for pair in itertools.pairwise(ahead[:4])}
        verdicts = told({g: self.p_value(g, baseline) for g in others}, orders)
        return [key for key, clear in verdicts.items() if clear]

    def dial_told(self) -> tuple[bool, bool]:
        """Tell whether the ends of a dial are told apart, and whether the best is inside."""
        first, last = self.places[0], self.places[-1]
        effect = self.compare(last, first)
        is_told, left = dial_told(self.places, effect, self.compare, sense="min")
        return is_told, first not in left and last not in left


def tables_of(sizes: Sequence[int], shifts: Sequence[float], n: int, seed: int) -> Iterator[Groups]:
    """Yield tables of normal groups, shifted by so many standard errors of a difference."""
    rng = np.random.default_rng([seed, *sizes])
    for _ in range(n):
        yield Groups(
            [
                rng.standard_normal(m) + shift * np.sqrt(2 / m)
                for m, shift in zip(sizes, shifts, strict=True)
            ]
        )


def share(found: Iterator[bool], n: int) -> float:
    return sum(map(bool, found)) / n


def false_ratios(sizes: Sequence[int], tables: int, seed: int = 1) -> float:
    """Return how often a ratio or an order is told of groups that are alike."""
    all_alike = tables_of(sizes, [0.0] * len(sizes), tables, seed)
    return share((bool(t.ratios_told()) for t in all_alike), tables)


def false_dials(sizes: Sequence[int], tables: int, seed: int = 2) -> float:
    """Return how often an effect or a best inside is told of a dial that does nothing."""
    all_alike = tables_of(sizes, [0.0] * len(sizes), tables, seed)
    return share((any(t.dial_told()) for t in all_alike), tables)


def power(groups: int, n: int, tables: int, seed: int = 3) -> tuple[float, float]:
    """Return how often differences of three standard errors are told: any ratio, a dial's effect.

    All groups but the baseline are that far from it; a dial goes there in equal steps.
    """
    off = tables_of([n] * groups, [0.0] + [3.0] * (groups - 1), tables, seed)
    dial = tables_of([n] * groups, np.linspace(0, 3, groups).tolist(), tables, seed)
    return (
        share((bool(t.ratios_told()) for t in off), tables),
        share((t.dial_told()[0] for t in dial), tables),
    )


def most(dof: float, seed: int = 7) -> float:
    """Return how often three standard errors are told by Student's t of so many degrees of freedom.

    Of normal values of one spread no test of the same level that favours neither side tells more.
    """
    rng = np.random.default_rng(seed)
    t = (rng.standard_normal(200_000) + 3) / np.sqrt(rng.chisquare(dof, 200_000) / dof)
    return float(np.mean(np.abs(t) > students_t(0.95, dof)))


def block_coverage(blocks: int, runs: int, tables: int, seed: int = 4) -> tuple[float, float]:
    """Return how often the interval of a matched ratio has the truth in it, and its power.

    Blocks, such as sizes, differ much more than groups do; the ratio differs a little by block,
    where there are several runs of either group. Intervals are of the blocks that there are.
    """
    rng = np.random.default_rng([seed, blocks, runs])
    block = np.tile(np.repeat(np.arange(blocks), runs), 2)
    is_one = np.repeat([True, False], blocks * runs)
    covered = clear = 0
    for _ in range(tables):
        by_block = 0.1 if runs > 1 else 0.0
        own = rng.normal(0, by_block, blocks)
        values = rng.normal(0, 0.2, block.size) + rng.normal(0, 3, blocks)[block]
        off = own - own.mean()
        error = 0.2 * np.sqrt(2 / runs / blocks)
        for shift in (0.0, 3 * error):
            x = values + is_one * (off[block] + shift)
            found = matched(*(Cells.of(x[of], block[of]) for of in (is_one, ~is_one)))
            assert found is not None
            assert found.estimate is not None
            wrong = found.estimate.p_value < LEVEL
            covered, clear = covered + (not shift and not wrong), clear + bool(shift and wrong)
    return covered / tables, clear / tables


def false_fronts(sizes: Sequence[int], tables: int, seed: int = 5) -> float:
    """Return how often a group is said to hold more of the front than by chance, all alike."""
    rng = np.random.default_rng([seed, *sizes])
    wrong = 0
    for _ in range(tables):
        group = np.repeat(np.arange(len(sizes)), sizes)
        x, y = rng.random((2, group.size))
        order = np.argsort(x)
        on_front = np.zeros(group.size, dtype=bool)
        on_front[order] = y[order] <= np.minimum.accumulate(y[order])
        held = np.bincount(group[on_front], minlength=len(sizes))
        p = front_by_chance(sizes, held)
        wrong += any(told(dict(enumerate(p.tolist()))).values())
    return wrong / tables


def seed_coverage(configurations: int, seeds: int, tables: int, seed: int = 6) -> float:
    """Return how often the interval covers where seeds repeat each configuration."""
    rng = np.random.default_rng([seed, configurations, seeds])
    n = configurations * seeds
    group = np.repeat([0, 1], n)
    configuration = np.repeat(np.arange(2 * configurations), seeds)
    covered = 0
    for _ in range(tables):
        values = rng.standard_normal(2 * configurations)[configuration]
        values = values + 0.2 * rng.standard_normal(2 * n)
        once, first, _ = units(values, group, configuration)
        found = difference(*(Sample.of(once[group[first] == g]) for g in (0, 1)))
        assert found is not None
        covered += found.p_value >= LEVEL
    return covered / tables


def report(tables: int) -> Iterator[str]:
    """Yield the page's tables, in lines of Markdown."""
    yield f"Made by `python -m benchmarks.comparisons`, {tables:,} simulated tables a number.\n"
    for title, pairs, name in (
        ("as many runs in both groups", EQUAL, lambda n, m: f"{n}"),
        ("fewer runs in one group", UNEQUAL, lambda n, m: f"{n} and {m}"),
        ("runs against a constant", CONSTANT, lambda n, m: f"{n}"),
    ):
        yield f"### Coverage of 95 % intervals, {title}\n"
        yield from table(
            ["runs", *(name(*pair) for pair in pairs)],
            ([kind, *(percent(coverage(kind, *p, tables)) for p in pairs)] for kind in KINDS),
        )
    yield "### Coverage where seeds repeat a configuration\n"
    cases = list(itertools.product((3, 5, 10), (3, 10)))
    yield from table(
        ["configurations × seeds", *(f"{c} × {s}" for c, s in cases)],
        [["each counted once", *(percent(seed_coverage(*case, tables)) for case in cases)]],
    )
    yield "### Tables without any difference that are told to have one\n"
    yield from table(
        ["runs per group", *map(str, RUNS)],
        (
            [f"{name} {k}", *(percent(wrong([n] * k, tables)) for n in RUNS)]
            for name, wrong, counts in (
                ("ratios or orders, groups:", false_ratios, (2, 3, 8)),
                ("effect or best inside, dial values:", false_dials, (2, 3, 10)),
            )
            for k in counts
        ),
    )
    dial = percent(false_dials([10] * 4 + [2] + [10] * 5, tables))
    fronts = [percent(false_fronts(sizes, tables)) for sizes in ([40, 10], [20] * 3, [5] * 8)]
    yield from table(
        ["case", "told"],
        [
            ["dial of ten values, ten runs at each, two at one", dial],
            ["front, groups of 40 and 10 runs", fronts[0]],
            ["front, three groups of 20 runs", fronts[1]],
            ["front, eight groups of 5 runs", fronts[2]],
        ],
    )
    yield "### Differences of three standard errors that are told\n"
    cases = list(itertools.product((2, 3, 8), (5, 10, 15, 30)))
    found = [power(*case, tables) for case in cases]
    yield from table(
        ["groups or dial values × runs", *(f"{g} × {n}" for g, n in cases)],
        [
            ["any ratio", *(percent(p[0]) for p in found)],
            ["effect of a dial", *(percent(p[1]) for p in found)],
            ["of one difference, the most", *(percent(most(2 * n - 2)) for _, n in cases)],
        ],
    )
    yield "### Within blocks\n"
    cases = [(1, 10), (2, 5), (2, 20), (3, 4), (5, 1), (8, 1), (15, 1), (15, 4)]
    found = [block_coverage(*case, tables) for case in cases]
    yield from table(
        ["blocks × runs of each group", *(f"{b} × {n}" for b, n in cases)],
        [
            ["coverage", *(percent(p[0]) for p in found)],
            ["three standard errors told", *(percent(p[1]) for p in found)],
            ["the most", *(percent(most(2 * b * (n - 1) or b - 1)) for b, n in cases)],
        ],
    )


def table(head: Sequence[str], rows: Iterator[list[str]] | list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---{'|---:' * (len(head) - 1)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparisons", description=__doc__)
    parser.add_argument("--tables", type=int, default=2000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(argv)
    text = "\n".join(report(options.tables)).rstrip() + "\n"
    print(text)
    if options.write:
        PAGE.write_text(PAGE.read_text("utf-8").partition(HEADING)[0] + HEADING + "\n" + text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
