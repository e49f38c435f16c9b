"""No sentence contradicts the data: tables of known truth, read back by an independent reader.

The truth is computed here by brute force with numpy and pandas. Words are made without drawing for
most tables; for some the figures are drawn and every text on them is read.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from matplotlib.text import Text
from reader import Dial, Groups, Number, Pareto, Reader, Serving, Share, to_number

from mpl_dantinox import Insight, insight_mla_dial, insight_pareto, insight_serving

LOSS, CACHE, TPS, DIAL = "val_loss", "theoretical_cache_mb", "tps_512", "down_dim_kv"
NAMES = [
    "MLA", "GQA", "MHA", "TPA", "GQA-8", "GQA-16", "MLA+GQA", "sliding, full", "50 % $x_1$",
    "of the 3 runs", "ñandú", "the other", "no", "A's", "MLA and GQA", "GQA or 3 more", "8",
    "layer 2",
]  # fmt: skip

#: What the columns may be called on the figures, and what sentences then call them.
LABELS = st.sampled_from(
    [
        {},
        {},
        {"quality": "Perplexity", "cost": "State size", "cache": "State size"},
        {
            "quality": "MMLU accuracy",
            "cost": "KV memory",
            "cache": "KV memory",
            "tps": "Prefill speed",
        },
        {"quality": "Loss, 0.5 to 1", "cost": "cache at 3 MB", "cache": "cache at 3 MB"},
    ]
)
IN_FULL = {"quality": "validation loss", "cost": "KV cache per sequence"}
IN_SHORT = {"quality": "loss", "cost": "cache", "tps": "throughput", "cache": "cache"}
SPOKEN = {"Perplexity": "perplexity", "State size": "state size", "Prefill speed": "prefill speed",
          "Loss, 0.5 to 1": "loss, 0.5 to 1"}  # fmt: skip


def called(labels: dict[str, str], default: dict[str, str] = IN_SHORT) -> dict[str, str]:
    """Return what sentences call the quantities."""
    return {role: SPOKEN.get(labels.get(role, ""), labels.get(role, default[role]))
            for role in default}  # fmt: skip


def reader_of(groups: Iterable[str], labels: dict[str, str]) -> Reader:
    words = called(labels)
    return Reader(groups, loss=words["quality"], cache=words["cache"])


def of_tables(few: int, many: int, *strategies: Any) -> Callable[[Any], Any]:
    """Make a test of a check: on a few tables, and on many where the tests are exhaustive.

    The same tables are made every time, small from the start.
    """

    def test_of(check: Any) -> Any:
        @pytest.mark.parametrize(
            "tables",
            [few, pytest.param(many, marks=pytest.mark.exhaustive)],
            ids="{} tables".format,
        )
        def test(tables: int) -> None:
            known = settings(
                max_examples=tables, derandomize=True, deadline=None, database=None,
                phases=[Phase.generate], report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip

            def closed(*drawn: Any, **known: Any) -> None:
                check(*drawn, **known)
                plt.close("all")

            known(given(*strategies)(wraps(check)(closed)))()

        return test

    return test_of


def maximized(sense: Sequence[str]) -> list[str]:
    """Return the quantities of which higher is better."""
    return [
        role for role, better in zip(("cost", "quality"), sense, strict=True) if better == "max"
    ]


def names_of(frame: pd.DataFrame) -> list[str]:
    return sorted(frame["type"].dropna().unique())


def covers(said: Groups, truth: Sequence[str]) -> bool:
    """Tell whether groups, some of them only counted, are those that are true."""
    return said.size == len(truth) and set(said.named) <= set(truth)


# Quality against cache


@st.composite
def quality(draw: st.DrawFn, most: int = 12) -> pd.DataFrame:
    """Return runs on a small grid, so that ties, sole holders and beaten groups all come up."""
    groups = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=7, unique=True))
    n = draw(st.integers(1, most))
    grid = draw(st.sampled_from([2, 4, 9, 1000]))
    rows = st.tuples(
        st.sampled_from(groups), st.integers(1, grid), st.integers(1, grid), st.booleans()
    )
    frame = pd.DataFrame(
        draw(st.lists(rows, min_size=n, max_size=n)), columns=["type", CACHE, LOSS, "moe"]
    )
    unit = draw(st.sampled_from([1.0, 1e-3, 777.0]))
    frame = frame.astype({CACHE: float, LOSS: float, "moe": object})
    frame[CACHE] *= unit
    if draw(st.booleans()):
        # One group is better than all that there was in both.
        frame.loc[frame["type"] == groups[0], [CACHE, LOSS]] /= 10.0 * grid
    blank = draw(st.sampled_from([None, None, LOSS, CACHE, "moe", "type"]))
    if blank and n > 1:
        frame.loc[draw(st.integers(0, n - 1)), blank] = None
    if not frame["moe"].eq(False).any():
        # Where no run says no, saying nothing means no.
        frame["moe"] = frame["moe"].eq(True).astype(object)
    return frame if draw(st.booleans()) else frame.assign(moe=draw(st.booleans()))


SENSES = st.sampled_from([("min", "min"), ("min", "min"), ("min", "max"), ("max", "min")])


def beats(a: pd.DataFrame, b: pd.DataFrame, sense: tuple[str, str]) -> np.ndarray:
    """Return for each run of b whether some run of a dominates it."""
    sign = [1 if s == "min" else -1 for s in sense]
    x, y = a[[CACHE, LOSS]].to_numpy(float) * sign, b[[CACHE, LOSS]].to_numpy(float) * sign
    no_worse = (x[:, None] <= y).all(axis=2)
    better = (x[:, None] < y).any(axis=2)
    return np.asarray((no_worse & better).any(axis=0))


def check_front(said: Pareto, shown: pd.DataFrame, sense: tuple[str, str]) -> None:
    # A run that is logged twice is one.
    shown = shown.drop_duplicates()
    front = shown[~beats(shown, shown, sense)]
    held = front["type"].value_counts().to_dict()
    groups = set(shown["type"])
    off = sorted(groups - set(held))
    if said.n_runs is not None:
        assert said.n_runs == len(shown)
    if said.total is not None:
        assert said.total == len(front)
    for g, n in said.held.items():
        assert held[g] == n, g
    sizes = shown["type"].value_counts()
    assert all(sizes[g] == n for g, n in said.runs.items())
    for g in said.beyond_chance.named if said.beyond_chance else ():
        # Nobody can hold more than by chance who holds no larger share than of the runs.
        assert held[g] / len(front) > sizes[g] / len(shown)
    if said.only_group is not None:
        assert groups == {said.only_group}
    if said.alone is not None:
        assert set(held) == {said.alone}
    if said.equal is not None:
        assert said.each == max(held.values())
        assert covers(said.equal, [g for g, n in held.items() if n == said.each])
    elif said.held and said.alone is None:
        # Whoever is named first has the most, and all who share are named or counted.
        first = next(iter(said.held))
        assert all(n < held[first] for g, n in held.items() if g != first)
        assert len(held) == len(said.held) + said.rest
        assert sum(held.values()) == sum(said.held.values()) + (said.rest_sum or 0)
    assert (covers(said.off, off)) if said.off else not off
    if said.dominates is not None:
        winner = shown[shown["type"] == said.dominates]
        assert beats(winner, shown[shown["type"].isin(off)], sense).all()
    elif len(off) > 0:
        for g in held:
            winner = shown[shown["type"] == g]
            assert not beats(winner, shown[shown["type"].isin(off)], sense).all()


def usable(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.dropna(subset=["type", *columns])


@pytest.mark.usefixtures("undrawn")
@of_tables(30, 240, quality(), SENSES, LABELS)
def test_the_headline_of_the_front_is_true(
    frame: pd.DataFrame, sense: Any, labels: dict[str, str]
) -> None:
    shown = usable(frame, LOSS, CACHE)
    if shown.empty:
        return
    insight = insight_pareto(frame, maximize=maximized(sense), labels=labels)
    check_front(Reader(names_of(frame)).pareto(insight.headline), shown, sense)
    check_pareto_alt(insight, frame, sense, labels)


def check_pareto_alt(
    insight: Insight, frame: pd.DataFrame, sense: tuple[str, str], labels: dict[str, str]
) -> None:
    """Read the panels' sentences: how many runs of whom, and where the front begins and ends."""
    assert insight.alt_text.startswith(f"{insight.headline}. ")
    shown = usable(frame, LOSS, CACHE)
    dense = shown[shown["moe"].eq(False)]
    reader = Reader(names_of(frame))
    names = reader.name
    full, loss = called(labels, IN_FULL), re.escape(called(labels)["quality"])
    shares = rf"{names} [\d,]+(?:, {names} [\d,]+)*"
    number = r"-?[\d,.]+(?:e[+-]\d+)?"
    pattern = (
        rf"(?P<title>Dense|Dense \+ MoE|MoE|All runs): scatter of {re.escape(full['quality'])} "
        rf"against {re.escape(full['cost'])} for (?P<n>[\d,]+) runs? \((?P<of>{shares})\)\. "
        rf"The Pareto front has (?P<k>[\d,]+) runs? "
        rf"\((?P<on>{shares})\), from (?P<c0>{number}) MB at {loss} (?P<l0>{number}) to "
        rf"(?P<c1>{number}) MB at {loss} (?P<l1>{number})\."
    )
    panels = list(re.finditer(pattern, insight.alt_text))
    assert len(panels) == (2 if 0 < len(dense) < len(shown) else 1)
    for match in panels:
        title = match["title"]
        part = dense if title == "Dense" else shown
        if title == "Dense + MoE":
            assert set(part["moe"]) == {True, False}
        if title == "MoE":
            assert set(part["moe"]) == {True}
        front = part[~beats(part, part, sense)].sort_values([CACHE, LOSS])
        assert (int(match["n"]), int(match["k"])) == (
            len(part),
            len(front.drop_duplicates()),
        )
        for text, rows in ((match["of"], part), (match["on"], front.drop_duplicates())):
            said = {
                reader.groups[g]: int(n) for g, n in re.findall(rf"({names}) (\d+)(?=, |$)", text)
            }
            assert said == rows["type"].value_counts().to_dict()
        for end, row in (("0", front.iloc[0]), ("1", front.iloc[-1])):
            assert to_number(match[f"c{end}"]).means(row[CACHE])
            assert to_number(match[f"l{end}"]).means(row[LOSS])


# Throughput


@st.composite
def throughput(draw: st.DrawFn) -> pd.DataFrame:
    """Return groups with a known ratio of rates, by itself or with repeated runs around it."""
    groups = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    repeats = draw(st.sampled_from([1, 1, 1, 2, 4]))
    spread = draw(st.sampled_from([0.0, 0.001, 0.3])) if repeats > 1 else 0.0
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    rows = []
    for g in groups:
        ratio = draw(st.sampled_from([0.2, 0.5, 0.985, 0.999, 1.0, 1.01, 1.03, 1.5, 2.41, 10.6]))
        cache = draw(st.sampled_from([0.25, 1.0, 3.0]))
        for _ in range(repeats):
            jitter = 1 + spread * rng.uniform(-1, 1, 2)
            rows.append((g, False, cache * jitter[0], 100 * ratio * cache * jitter[1], 40.0))
    # MoE runs are no part of it, however fast.
    rows += [(groups[0], True, 1e-3, 1e6, 1.0)] * draw(st.integers(0, 2))
    frame = pd.DataFrame(rows, columns=["type", "moe", CACHE, TPS, "params_m"])
    if draw(st.booleans()) and len(frame) > 1:
        frame.loc[draw(st.integers(0, len(frame) - 1)), [TPS]] = np.nan
    return frame


MODELS = st.sampled_from(
    [
        {},
        {},
        {},
        {"sequences": "whole", "budgets": (1e-4, 0.004)},
        {"weights_bytes": 4.0},
        {"weights_bytes": 2.0, "sequences": "whole", "budgets": (0.01, 0.0825)},
        {"budgets": (1.0, 1536.0)},
    ]
)


def totals_of(frame: pd.DataFrame, model: dict[str, Any]) -> dict[str, float]:
    """Return each group's total tokens/s at the largest budget."""
    dense = usable(frame, TPS, CACHE)
    dense = dense[dense["moe"].eq(False)]
    totals = {}
    for g, runs in dense.groupby("type"):
        room = model.get("budgets", (0.5, 80.0))[1] * 1e9
        room -= np.exp(np.log(runs["params_m"]).mean()) * 1e6 * model.get("weights_bytes", 0.0)
        fit = max(room, 0.0) / (np.exp(np.log(runs[CACHE]).mean()) * 1e6)
        if model.get("sequences") == "whole":
            fit = np.floor(fit + 1e-9)
        totals[str(g)] = float(fit * np.exp(np.log(runs[TPS]).mean()))
    return totals


def ratio_is(said: Number, truth: float) -> bool:
    return said.means(truth) or abs(said.value - truth) <= 1e-9 * truth


def check_serving(
    said: Serving, totals: dict[str, float], base: str, model: dict[str, Any], facts: Any
) -> None:
    budget = model.get("budgets", (0.5, 80.0))[1]
    if said.at_gb is not None:
        assert said.at_gb == budget
    elif len(totals) > 1:
        # A ratio that depends on the budget is not claimed for all of them.
        assert not model.keys() & {"sequences", "weights_bytes"}
    order = sorted(totals, key=lambda g: -totals[g])
    if said.kind != "ratios":
        assert base not in totals or len(totals) == 1 or not totals[base]
        check_without_base(said, totals, order, facts)
        return
    assert said.base == base
    others = [g for g in order if g != base]
    ratio = {g: totals[g] / totals[base] for g in others}
    interval = {g: facts.groups[g].ratio_interval for g in others}
    told = 0
    for share in filter(None, (said.differs, *(p[1] for p in (said.same, said.unclear) if p))):
        assert isinstance(share, Share)
        told += len(share.of) + share.rest
        for g, number in share.of.items():
            assert ratio_is(number, ratio[g]), g
        assert all(ratio[a] >= ratio[b] * (1 - 1e-9) for a, b in pairwise(share.of))
    assert told == len(others)
    for g in said.differs.of if said.differs else ():
        # A difference is told of at least three runs each, but that something serves nothing.
        assert not ratio[g] or min(facts.groups[g].n, facts.groups[base].n) >= 3
        assert not ratio[g] or interval[g][0] > 1 or interval[g][1] < 1
    for pair in said.not_apart:
        assert {*pair} <= {*order}
        (told_of,) = (o for o in facts.orders if (o.first, o.second) == pair)
        assert not told_of.resolved
    if said.base_is_first:
        assert all(r < 1 for r in ratio.values())
        assert said.same is None
        assert said.unclear is None
    if said.same:
        for g in said.same[1].of:
            assert abs(ratio[g] - 1) < 0.02 + 1e-9
            # Repeated runs that leave room for a difference do not show that there is none.
            assert max(np.abs(np.subtract(interval[g], 1))) < 0.02
        assert said.same[0].size == len(said.same[1].of) + said.same[1].rest
    for g in said.unclear[1].of if said.unclear else ():
        assert not facts.groups[g].resolved


def check_without_base(
    said: Serving, totals: dict[str, float], order: list[str], facts: Any
) -> None:
    if said.kind == "nothing":
        assert not any(totals.values())
        return
    assert said.first is not None
    assert totals[said.first] == pytest.approx(totals[order[0]])
    if said.total is not None:
        value, half = said.total
        assert abs(totals[said.first] - value) <= half * (1 + 1e-9) + 1e-9 * value
    if said.kind == "one":
        assert len(totals) == 1
    elif said.kind == "rest nothing":
        assert not any(totals[g] for g in order[1:])
    else:
        assert said.ratio is not None
        assert said.second is not None
        truth = totals[order[0]] / totals[order[1]]
        assert totals[said.second] == pytest.approx(totals[order[1]])
        assert ratio_is(said.ratio, truth)
        lead = facts.orders[0]
        assert (lead.first, lead.second) == (said.first, said.second)
        if said.kind == "pair unclear":
            assert not lead.resolved
            assert said.few == (lead.interval is None)
        elif said.kind == "pair same":
            assert lead.interval[1] < 1.02
        else:
            assert said.kind == "lead"
            assert lead.interval[0] > 1


@pytest.mark.usefixtures("undrawn")
@of_tables(20, 160, throughput(), MODELS, st.integers(0, 9), LABELS)
def test_the_headline_of_throughput_is_true(
    frame: pd.DataFrame, model: dict[str, Any], pick: int, labels: dict[str, str]
) -> None:
    totals = totals_of(frame, model)
    if not totals:
        return
    # Mostly a group of the table, sometimes one that it lacks.
    base = (names_of(frame) * 9)[pick] if pick < 8 else "nobody"
    insight = insight_serving(frame, baseline=base, labels=labels, **model)
    assert f"Line chart of total {called(labels)['tps']} against" in insight.alt_text
    names = names_of(frame)
    check_serving(Reader(names).serving(insight.headline), totals, base, model, insight.facts)
    check_serving_alt(insight, totals, Reader(names))


def check_serving_alt(insight: Insight, totals: dict[str, float], reader: Reader) -> None:
    facts: Any = insight.facts
    rows = re.findall(
        rf"({reader.name}) \([\d,]+ runs?\) reaches (-?[\d,.]+(?:e\+\d+)?) ([kMGT]? ?tok/s)"
        rf"(?:, (-?[\d,.]+)× ({reader.name})(?: \(95% interval ([\d.,]+) "
        r"(?:to ([\d.,]+))\))?)?(?=; |\.$)",
        insight.alt_text,
    )
    assert len(rows) == len(totals)
    units = {"tok/s": 1.0, "k tok/s": 1e3, "M tok/s": 1e6, "G tok/s": 1e9, "T tok/s": 1e12}
    for written, total, unit, ratio, base, low, high in rows:
        g, number = reader.groups[written], to_number(total)
        assert number.means(totals[g] / units[unit])
        if ratio:
            assert ratio_is(to_number(ratio), totals[g] / totals[reader.groups[base]])
            interval = facts.groups[g].ratio_interval
            assert bool(low) == (interval is not None)
            if low:
                assert to_number(low).means(interval[0])
                assert to_number(high).means(interval[1])


# The dial


@st.composite
def dials(draw: st.DrawFn) -> pd.DataFrame:
    """Return a dial whose loss falls, rises, stays, or turns, and whose cache meets others'."""
    values = draw(
        st.lists(
            st.sampled_from([0.5, 8, 16, 32, 48, 64, 96, 128, 1024, 4096]),
            min_size=1, max_size=6, unique=True,
        )
    )  # fmt: skip
    values.sort()
    n = len(values)
    t = np.linspace(0, 1, n)
    loss = draw(
        st.sampled_from(
            [2 - 0.5 * t, 2 + 0.5 * t, 2 + 0 * t, 2 + (t - 0.5) ** 2, 2 - (t - 0.5) ** 2,
             2 - 1e-4 * t, 2 + 0.01 * (t - 0.3) ** 2]
        )
    )  # fmt: skip
    cache = draw(
        st.sampled_from([0.01 * np.array(values), 1 + t**4, 3 - t, 2 + 0 * t, 1 + (t - 0.5) ** 2])
    )
    repeats = draw(st.sampled_from([1, 1, 1, 2, 4]))
    spread = draw(st.sampled_from([0.0, 1e-3, 0.4])) if repeats > 1 else 0.0
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    rows: list[Any] = [
        ("MLA", v, loss[i] + spread * rng.uniform(-1, 1), cache[i])
        for i, v in enumerate(values)
        for _ in range(repeats)
    ]
    others = draw(st.lists(st.sampled_from([n for n in NAMES if n != "MLA"]), max_size=5,
                           unique=True))  # fmt: skip
    levels = st.sampled_from([0.001, 0.08, 1.0, 1.1, 1.7, 2.0, 2.5, 3.0, 9.0, None])
    rows += [(g, None, 2.0, draw(levels)) for g in others]
    frame = pd.DataFrame(rows, columns=["type", DIAL, LOSS, CACHE]).astype(
        {DIAL: float, LOSS: float, CACHE: float}
    )
    blank = draw(st.sampled_from([None, None, None, LOSS, CACHE]))
    if blank:
        which = draw(st.sampled_from(["one", "all"]))
        mine = frame.index[frame["type"] == "MLA"]
        frame.loc[mine if which == "all" else mine[:1], blank] = np.nan
    return frame


def spans_a_decade(values: Any) -> bool:
    """Return whether the axis of these values is logarithmic."""
    return bool(min(values) > 0 and max(values) / min(values) >= 10)


def all_crossings(x: Any, y: Any, level: float, log: tuple[bool, bool]) -> list[float]:
    """Walk along the line, straight on the scales that are drawn, to where it is at a level."""
    if log[0]:
        return [float(np.exp(at)) for at in all_crossings(np.log(x), y, level, (False, log[1]))]
    if log[1]:
        y, level = np.log(y), float(np.log(level))
    # Where it runs along the level it meets it once, where it begins to.
    on = [y0 == level for y0 in y]
    found = [float(x0) for i, x0 in enumerate(x) if on[i] and not (i and on[i - 1])]
    for (x0, y0), (x1, y1) in pairwise(zip(x, y, strict=True)):
        if (y0 - level) * (y1 - level) < 0:
            found.append(float(x0 + (x1 - x0) * (level - y0) / (y1 - y0)))
    return sorted(found)


def crossed_groups(x: Any, y: Any, others: pd.Series, mine: pd.DataFrame) -> dict[str, list[float]]:
    """Return where the line of the dial is at the level of each group that it meets."""
    drawn = [*mine[CACHE].dropna(), *others]
    log = (spans_a_decade(mine[DIAL]), bool(drawn) and spans_a_decade(drawn))
    # One value makes no line.
    met = {g: all_crossings(x, y, level, log) for g, level in others.items() if len(x) > 1}
    return {g: places for g, places in met.items() if places}


def check_dial(said: Dial, frame: pd.DataFrame, sense: str, facts: Any) -> None:
    mine = frame[frame["type"].eq("MLA") & frame[DIAL].notna()]
    mine = mine[mine[[LOSS, CACHE]].notna().any(axis=1)]
    means = mine.groupby(DIAL)[LOSS].mean().dropna()
    assert said.group == "MLA"
    check_loss(said, means, mine, sense, facts)
    caches = mine.groupby(DIAL)[CACHE].mean().dropna()
    others = frame[frame["type"].ne("MLA")].groupby("type")[CACHE].mean().dropna()
    check_cache(said, caches, others, mine)


def check_loss(said: Dial, means: pd.Series, mine: pd.DataFrame, sense: str, facts: Any) -> None:
    if said.effect == "unknown":
        assert means.empty
        return
    if said.effect == "one value":
        assert len(means) == 1
        assert said.best is not None
        assert said.best.value == means.index[0]
        return
    values, loss = means.index.to_numpy(), means.to_numpy()
    good = loss if sense == "min" else -loss
    if said.span:
        assert [v.value for v in said.span] == [values[0], values[-1]]
    if said.best is not None:
        best = loss[list(values).index(said.best.value)]
        assert best == pytest.approx(loss[good.argmin()], rel=1e-11)
    repeated = mine.dropna(subset=[LOSS]).groupby(DIAL)[LOSS].count()
    has_interval = min(repeated[values[0]], repeated[values[-1]]) >= 3
    interval = facts.effect.told[1]
    assert (interval is not None) == has_interval
    change = loss[-1] - loss[0]
    better = change < 0 if sense == "min" else change > 0
    if said.effect in ("helps", "hurts"):
        assert facts.effect.resolved
        assert not interval[0] <= 0 <= interval[1]
        assert better == (said.effect == "helps")
        assert said.losses[0].means(loss[0])
        assert said.losses[1].means(loss[-1])
        assert said.losses[0].text != said.losses[1].text
    elif said.effect == "few":
        assert not has_interval
    elif said.effect == "nothing":
        assert all(said.losses[0].means(v) for v in loss)
        assert interval == (0.0, 0.0)
    elif said.effect == "ends same":
        assert said.losses[0].means(loss[0])
        assert said.losses[0].means(loss[-1])
        assert interval == (0.0, 0.0)
    elif said.effect in ("inside", "somewhere inside"):
        assert good.min() < min(good[0], good[-1])
        # What may be the best is told apart from either end, by three runs at least.
        inside = [list(values).index(v) for v in facts.effect.contenders]
        assert 0 < min(inside) <= max(inside) < len(values) - 1
        assert sorted(repeated)[-2] >= 3
        assert good.argmin() in inside or min(repeated) < 3
        if said.effect == "inside":
            assert said.losses[0].means(loss[good.argmin()])
        else:
            assert [v.value for v in said.losses] == [values[inside[0]], values[inside[-1]]]
    else:
        assert said.effect == "unclear"
        assert not facts.effect.resolved
        assert said.losses[0].value >= 0.99 * max(abs(interval[0]), abs(interval[1])) * 0.95


def check_cache(said: Dial, caches: pd.Series, others: pd.Series, mine: pd.DataFrame) -> None:
    x, y = caches.index.to_numpy(), caches.to_numpy()
    crossed = crossed_groups(x, y, others, mine)
    if said.meets is not None:
        assert set(said.meets) <= set(crossed)
        assert len(said.meets) + said.meets_more == len(crossed)
        for g, places in said.meets.items():
            assert len(places.told) + places.rest == len(crossed[g])
            for number, place in zip(places.told, crossed[g], strict=False):
                assert number.means(place), g
        return
    assert not crossed
    if said.below is not None or said.above is not None:
        lower = [g for g, level in others.items() if level > y.max()]
        upper = [g for g, level in others.items() if level < y.min()]
        assert covers(said.below or Groups(()), lower)
        assert covers(said.above or Groups(()), upper)
        return
    if said.nothing_known:
        assert len(caches) == (1 if said.nothing_known == "one" else 0)
        return
    assert others.empty
    if said.from_to is not None:
        assert len(caches) == 2
        assert [n.means(v) for n, v in zip(said.from_to, y, strict=True)] == [True, True]
        return
    runs = mine.dropna(subset=[CACHE])
    constant = np.ptp(runs[CACHE]) <= 1e-9
    r2 = 1.0 if constant else np.corrcoef(runs[DIAL], runs[CACHE])[0, 1] ** 2
    if said.slope is not None:
        assert r2 >= 0.99 - 1e-9
        assert (said.slope.value == 0) == bool(constant)
        assert said.slope.means(np.polyfit(runs[DIAL], runs[CACHE], 1)[0]) or constant
        assert constant or len(caches) > 2
    else:
        assert r2 < 0.99 + 1e-9
        assert said.explained is not None
        assert abs(said.explained - 100 * r2) <= 0.5 + 1e-6


@pytest.mark.usefixtures("undrawn")
@of_tables(20, 160, dials(), SENSES, LABELS)
def test_the_headline_of_the_dial_is_true(
    frame: pd.DataFrame, sense: Any, labels: dict[str, str]
) -> None:
    mine = frame[frame["type"].eq("MLA")]
    if mine[[LOSS, CACHE]].isna().all(axis=None):
        return
    insight = insight_mla_dial(frame, maximize=maximized(sense), labels=labels)
    said = reader_of(names_of(frame), labels).dial(insight.headline)
    check_dial(said, frame, sense[1], insight.facts)
    check_dial_alt(insight, mine, labels)


def check_dial_alt(insight: Insight, mine: pd.DataFrame, labels: dict[str, str]) -> None:
    loss, cache, *_ = map(re.escape, called(labels).values())
    rows = re.findall(
        rf"([\d,.]+) \({loss} (unknown|[\d,.]+), {cache} (unknown|[\d,.]+)(?: MB)?\)",
        insight.alt_text,
    )
    full = called(labels, IN_FULL)
    assert f"of MLA, of mean {full['quality']} and {full['cost']}: " in insight.alt_text
    mine = mine[mine[[LOSS, CACHE]].notna().any(axis=1)]
    means = mine.groupby(DIAL)[[LOSS, CACHE]].mean()
    assert [to_number(v).value for v, _, _ in rows] == list(means.index)
    for (_, *texts), truth in zip(rows, means.to_numpy(), strict=True):
        for text, value in zip(texts, truth, strict=True):
            assert np.isnan(value) if text == "unknown" else to_number(text).means(value)


# The figures


def only_says(insight: Insight, labels: dict[str, str]) -> None:
    """Check that nothing goes by the name of another quantity."""
    words = " ".join([*texts_of(insight), insight.alt_text]).lower()
    if "accuracy" in labels.get("quality", ""):
        assert not re.search(r"\bloss\b|validation", words)
    if "memory" in labels.get("cache", ""):
        assert not re.search(r"\bcaches?\b", words)


def texts_of(insight: Insight) -> list[str]:
    """Return all that is written on a figure, a wrapped line as one."""
    found = insight.figure.findobj(Text)
    return [" ".join(t.get_text().split()) for t in found if t.get_text().strip()]


@of_tables(5, 20, quality(), SENSES, LABELS)
def test_what_is_written_on_the_front_is_true(
    frame: pd.DataFrame, sense: Any, labels: dict[str, str]
) -> None:
    shown = usable(frame, LOSS, CACHE)
    if shown.empty:
        return
    insight = insight_pareto(frame, maximize=maximized(sense), labels=labels)
    only_says(insight, labels)
    texts, groups = texts_of(insight), set(shown["type"])
    dense = shown[shown["moe"].eq(False)]
    assert insight.headline in texts
    # Legend entries and labels name only what is there.
    assert groups <= set(texts)
    assert not (set(NAMES) - groups) & set(texts)
    front = set(shown[~beats(shown, shown, sense)]["type"])
    reader = Reader(groups)
    for text in texts:
        if match := re.fullmatch(r"Pareto front: (.*)", text):
            said = reader.read_groups(match[1])
            assert covers(said, sorted(front))
        if match := re.fullmatch(r"(Dense|Dense \+ MoE|All runs), ([\d,]+) runs?", text):
            part = dense if match[1] == "Dense" else shown
            assert int(match[2]) == len(part)
            if match[1] == "Dense + MoE":
                assert set(part["moe"]) == {True, False}
        if match := re.fullmatch(r"table: ([\d,]+) runs?(?:; .*)?", text):
            assert int(match[1]) == len(shown)
            lost = sum(int(n) for n in re.findall(r"; (\d+) rows? without", text))
            assert lost == len(frame) - len(shown)
        if text == "MoE":
            assert shown["moe"].eq(True).any()
    assert any(text.startswith("table: ") for text in texts)


@of_tables(5, 20, throughput(), MODELS, LABELS)
def test_what_is_written_on_throughput_is_true(
    frame: pd.DataFrame, model: dict[str, Any], labels: dict[str, str]
) -> None:
    totals = totals_of(frame, model)
    if not totals:
        return
    base = sorted(totals)[0]
    insight = insight_serving(frame, baseline=base, labels=labels, **model)
    only_says(insight, labels)
    texts = texts_of(insight)
    assert insight.headline in texts
    # A label that stands alone cannot be misread, so names have no quotes there.
    names = "|".join(map(re.escape, totals))
    ratios = {
        match[1]: to_number(match[2])
        for text in texts
        if (match := re.fullmatch(rf"({names}) ([\d,.]+)×(?: \([\d,]+\))?", text))
    }
    has_ratios = len(totals) > 1 and totals[base] > 0
    assert set(ratios) == (set(totals) if has_ratios else set())
    for g, number in ratios.items():
        assert ratio_is(number, totals[g] / totals[base]), g
    (footer,) = (text for text in texts if text.startswith("table: "))
    dense = usable(frame, TPS, CACHE)
    assert f"table: {int(dense['moe'].eq(False).sum())} dense run" in footer
    numbers = re.findall(r"(\d+) (?:dense runs?|MoE runs?|rows?)\b", footer)
    assert sum(map(int, numbers)) == len(frame)
    assert f"{model.get('sequences', 'fractional')} sequences" in footer
    taken = f"weights at {model.get('weights_bytes', 0):g} bytes per parameter taken off"
    assert (taken if "weights_bytes" in model else "weights not taken off") in footer
    whiskers = "Whiskers" in " ".join(texts)
    facts: Any = insight.facts
    assert whiskers == any(g.ratio_interval is not None for g in facts.groups.values())


@of_tables(5, 20, dials(), LABELS)
def test_what_is_written_on_the_dial_is_true(frame: pd.DataFrame, labels: dict[str, str]) -> None:
    mine = frame[frame["type"].eq("MLA")]
    if mine[[LOSS, CACHE]].isna().all(axis=None):
        return
    insight = insight_mla_dial(frame, labels=labels)
    only_says(insight, labels)
    texts = texts_of(insight)
    assert insight.headline in texts
    means = mine.groupby(DIAL)[[LOSS, CACHE]].mean()
    loss, cache = means[LOSS].dropna(), means[CACHE].dropna()
    others = frame[frame["type"].ne("MLA")].groupby("type")[CACHE].mean().dropna()
    with_any = mine[mine[[LOSS, CACHE]].notna().any(axis=1)]
    crossed = crossed_groups(cache.index.to_numpy(), cache.to_numpy(), others, with_any)
    met, reader, name = 0, Reader(NAMES), re.escape(called(labels)["quality"])
    for text in texts:
        if match := re.fullmatch(rf"best ([\d,.]+), {name} ([\d,.]+)", text):
            value = to_number(match[1]).value
            assert loss[value] == pytest.approx(loss.min(), rel=1e-11)
            assert to_number(match[2]).means(loss.min())
        if match := re.fullmatch(rf"MLA = ({reader.name}) at ([\d,.]+)", text):
            met += 1
            assert to_number(match[2]).means(crossed[reader.groups[match[1]]][0])
    assert met <= len(crossed)


# The reader and the checks can fail


def test_a_sentence_that_credits_the_wrong_group_is_seen() -> None:
    frame = pd.DataFrame(
        {"type": ["A", "A", "B"], CACHE: [1.0, 2.0, 3.0], LOSS: [3.0, 2.0, 1.0], "moe": False}
    )
    headline = insight_pareto(frame).headline
    swapped = headline.translate(str.maketrans("AB", "BA"))
    check_front(Reader("AB").pareto(headline), frame, ("min", "min"))
    with pytest.raises(AssertionError):
        check_front(Reader("AB").pareto(swapped), frame, ("min", "min"))


@pytest.mark.parametrize(
    "sentence",
    ["At equal memory A serves more than B", "MLA is the best", "", "A holds everything"],
)
def test_a_sentence_that_fits_no_pattern_is_an_error(sentence: str) -> None:
    for read in (Reader("AB").pareto, Reader("AB").serving, Reader("AB").dial):
        with pytest.raises(AssertionError, match="0 readings"):
            read(sentence)
