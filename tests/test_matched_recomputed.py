"""What is compared within blocks, computed again, and which facts nobody computes again.

Each group has one run of each size that it shares with others, so that a difference within a size
is one number. One group has small models besides, which nobody else has.
"""

import typing
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_facts_recomputed import CASES, quantile, runs

from mpl_dantinox import insight_mla_dial, insight_pareto, insight_serving
from mpl_dantinox.insights import INSIGHTS, insight_context
from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.tables.runs import RunsError

pytestmark = pytest.mark.usefixtures("undrawn")

SIZES = [10.0, 20.0, 40.0, 80.0, 160.0]
SPEED = {"MHA": 1.0, "GQA": 0.6, "MLA": 0.9}
LOSS, CACHE = "val_loss", "theoretical_cache_mb"


@pytest.fixture
def by_size() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    rows = [(group, size) for size in SIZES for group in SPEED]
    rows += [("GQA", size) for size in (1.0, 2.0, 3.0, 4.0)]
    table = pd.DataFrame(rows, columns=["type", "params_m"])
    short = table["type"].map(SPEED) * 900 / table["params_m"] * rng.lognormal(0, 0.05, len(rows))
    return table.assign(
        tps_64=short * rng.lognormal(0.3, 0.02, len(rows)),
        tps_512=short,
        theoretical_cache_mb=table["params_m"]
        * rng.lognormal(0, 0.05, len(rows))
        * np.where(table["type"] == "MLA", 0.7, 1.0),
        val_loss=3
        - 0.3 * np.log10(table["params_m"])
        - 0.1 * table["type"].eq("MLA")
        + rng.normal(0, 0.02, len(rows)),
        name=[f"run {row}" for row in table.index],
    )


@pytest.fixture
def dial_by_size() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    rows = [(value, size) for value in (8.0, 16.0, 32.0) for size in SIZES]
    # The smallest models have the smallest value alone, and hide what it does.
    rows += [(8.0, size) for size in (1.0, 2.0, 3.0)]
    table = pd.DataFrame(rows, columns=["down_dim_kv", "params_m"]).assign(type="MLA")
    table[LOSS] = (
        3 - np.log10(table["params_m"]) + 0.004 * table["down_dim_kv"]
        + rng.normal(0, 0.01, len(rows))
    )  # fmt: skip
    return table.assign(**{CACHE: table["down_dim_kv"] * table["params_m"]})


def within(table: pd.DataFrame, value: pd.Series, one: Any, other: Any, by: str) -> dict[str, Any]:
    """Return the mean difference at equal size, its 95 % interval, the sizes and the runs."""
    sides = [value[table[by] == side].groupby(table["params_m"]).mean() for side in (one, other)]
    apart = (sides[0] - sides[1]).dropna()
    half = quantile(len(apart) - 1, 0.95) * apart.std() / len(apart) ** 0.5
    return {"middle": apart.mean(), "ends": (apart.mean() - half, apart.mean() + half),
            "blocks": len(apart), "runs": 2 * len(apart)}  # fmt: skip


def check_ratio(facts: Any, expected: dict[str, Any]) -> None:
    assert facts.ratio == pytest.approx(np.exp(expected["middle"]))
    assert facts.interval == pytest.approx(np.exp(expected["ends"]), rel=1e-4)
    assert (facts.blocks, facts.runs) == (expected["blocks"], expected["runs"])


def test_serving_is_compared_at_equal_size(by_size: pd.DataFrame) -> None:
    facts = insight_serving(by_size).facts
    rate = np.log(by_size["tps_512"] / by_size[CACHE])
    assert facts.within == ("params_m",)
    assert facts.groups["MHA"].matched is None
    for group in ("MLA", "GQA"):
        expected = within(by_size, rate, group, "MHA", "type")
        check_ratio(facts.groups[group].matched, expected)
        low, high = expected["ends"]
        assert facts.groups[group].resolved == (not low < 0 < high)
    (order,) = facts.orders
    expected = within(by_size, rate, order.first, order.second, "type")
    assert order.ratio == pytest.approx(np.exp(expected["middle"]))
    assert order.interval == pytest.approx(np.exp(expected["ends"]), rel=1e-4)
    told = {(c.kind, c.of): c for c in insight_serving(by_size).claims}
    assert told["ratio", "GQA"].value == facts.groups["GQA"].matched.ratio
    assert told["ratio", "GQA"].interval == facts.groups["GQA"].matched.interval


def test_throughput_at_the_longest_context_is_compared_at_equal_size(by_size: pd.DataFrame) -> None:
    facts = insight_context(by_size).facts
    assert facts.within == ("params_m",)
    for group in ("MLA", "GQA"):
        expected = within(by_size, np.log(by_size["tps_512"]), group, "MHA", "type")
        check_ratio(facts.groups[group].matched, expected)


def test_the_effect_of_a_dial_is_told_at_equal_size(dial_by_size: pd.DataFrame) -> None:
    effect = insight_mla_dial(dial_by_size).facts.effect
    expected = within(dial_by_size, dial_by_size[LOSS], 32.0, 8.0, "down_dim_kv")
    assert effect.within == ("params_m",)
    assert effect.change < 0 < effect.matched.change == pytest.approx(expected["middle"])
    assert effect.matched.interval == pytest.approx(expected["ends"], rel=1e-4)
    assert (effect.matched.blocks, effect.matched.runs) == (5, 10)
    assert effect.resolved
    assert effect.told == (effect.matched.change, effect.matched.interval)


def at_equal_size(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the means at each size, what is missing filled in by regression on both."""
    logs = column == CACHE
    cells = table.groupby(["params_m", "down_dim_kv"])[column].mean().reset_index()
    sizes, values = (pd.get_dummies(cells[c]).astype(float) for c in cells.columns[:2])
    y = np.log(cells[column]) if logs else cells[column]
    found = np.linalg.lstsq(np.hstack([sizes, values]), y)[0]
    fitted = pd.DataFrame(np.add.outer(found[: sizes.shape[1]], found[sizes.shape[1] :]),
                          sizes.columns, values.columns)  # fmt: skip
    fitted = np.exp(fitted) if logs else fitted
    known = cells.pivot_table(index="params_m", columns="down_dim_kv", values=column)
    return known.fillna(fitted)[known.notna().sum(axis=1) > 1]


@pytest.mark.parametrize("gaps", [[], [3, 7, 14]], ids=["all cells", "some missing"])
def test_the_line_of_the_dial_goes_through_means_at_equal_size(
    dial_by_size: pd.DataFrame, gaps: list[int]
) -> None:
    table = dial_by_size.drop(index=gaps)
    facts = insight_mla_dial(table).facts
    for role, column in (("quality", LOSS), ("cost", CACHE)):
        means = [getattr(value, f"{role}_mean") for value in facts.dial]
        assert means == pytest.approx(at_equal_size(table, column).mean().tolist())
    first, *_, last = (value.quality_mean for value in facts.dial)
    assert last > first
    assert facts.best == 8.0
    if not gaps:
        assert last - first == pytest.approx(facts.effect.matched.change)


def test_a_group_of_larger_models_is_beside_the_dial_where_it_is_at_equal_size(
    dial_by_size: pd.DataFrame,
) -> None:
    # As much as the dial at 20 takes, in models of which most of the dial's are smaller.
    larger = pd.DataFrame({"type": "MHA", "params_m": [80.0, 160.0, 640.0]})
    larger = larger.assign(**{CACHE: 20 * larger["params_m"], LOSS: 1.0})
    assert larger[CACHE].mean() > dial_by_size[CACHE].max()
    facts = insight_mla_dial(pd.concat([dial_by_size, larger])).facts
    assert facts.references["MHA"].cost_mean == pytest.approx(20 * np.mean(SIZES))
    assert [v.cost_mean for v in facts.dial] == pytest.approx(
        [value * np.mean(SIZES) for value in (8, 16, 32)]
    )


def test_names_are_dealt_out_anew_within_sizes(by_size: pd.DataFrame) -> None:
    x, y = (by_size[c].to_numpy()[:, None] for c in (CACHE, LOSS))
    on_front = ~((x <= x.T) & (y <= y.T) & ((x < x.T) | (y < y.T))).any(axis=0)
    panel = insight_pareto(by_size).facts.panels["all"]
    assert panel.within == ("params_m",)
    for group, chance in panel.chances.items():
        # How often so many are held: of a shared size one run in three, of one's own all.
        dealt, held = np.ones(1), int(on_front[by_size["type"] == group].sum())
        for _, block in by_size.groupby("params_m"):
            front = int(on_front[block.index].sum())
            if len(block) > 1:
                dealt = np.convolve(dealt, [1 - front / len(block), front / len(block)])
            elif group in set(block["type"]):
                dealt = np.convolve(dealt, [1 - front, front])
        assert chance == pytest.approx(dealt[held:].sum())
    assert panel.chances["MLA"] < 0.05 / 3 < panel.chances["GQA"]
    assert panel.beyond_chance == ("MLA",)


@pytest.fixture
def by_seed() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    rows = [(g, seed, size) for g in ("MLA", "GQA") for seed in range(5) for size in SIZES]
    table = pd.DataFrame(rows, columns=["type", "seed", "params_m"])
    table[CACHE] = table["params_m"] * np.where(table["type"] == "MLA", 0.5, 1.0)
    table[LOSS] = 4 - np.log10(table["params_m"]) + rng.normal(0, 0.05, len(rows))
    return table


@pytest.mark.parametrize("diverged", [[], [2], [0, 2, 3]], ids=str)
def test_the_line_of_repeats_is_what_half_of_them_attain(
    by_seed: pd.DataFrame, diverged: list[int]
) -> None:
    by_seed.loc[by_seed["seed"].isin(diverged), LOSS] = np.inf
    insight = insight_pareto(by_seed, block="seed", attainment=True)
    panel = insight.facts.panels[insight.facts.shown[-1]]
    assert panel.repeats == 5
    costs = sorted(set(by_seed[CACHE]))
    lowest = np.array(
        [
            sorted(runs[LOSS][runs[CACHE] <= cost].min() for _, runs in by_seed.groupby("seed"))[2]
            for cost in costs
        ]
    )
    corners = np.column_stack([costs, lowest])[np.isfinite(lowest)]
    is_lower = np.diff(corners[:, 1], prepend=np.inf) < 0
    found = np.array([(c.cost, c.quality) for c in panel.attained]).reshape(-1, 2)
    assert found == pytest.approx(corners[is_lower])
    assert "half of 5 repeats attain" in insight.caption


def test_attainment_has_to_know_what_repeats(by_seed: pd.DataFrame) -> None:
    for block in ({}, {"block": None}):
        with pytest.raises(RunsError, match="--block seed"):
            insight_pareto(by_seed, attainment=True, **block)


# What nobody computes again


def told_fields(facts: Any) -> Iterator[tuple[type, str]]:
    """Yield the fields of all facts in a tree that hold something."""
    if isinstance(facts, Facts):
        for name in facts.__dataclass_fields__:
            value = getattr(facts, name)
            if value is not None and value != () and value != {}:
                yield type(facts), name
            yield from told_fields(value)
    elif isinstance(facts, typing.Mapping):
        for value in facts.values():
            yield from told_fields(value)
    elif isinstance(facts, tuple):
        for value in facts:
            yield from told_fields(value)


def classes_of(hint: Any) -> Iterator[type]:
    """Yield the classes of facts that a type is made of, and those of their fields."""
    if isinstance(hint, type) and issubclass(hint, Facts):
        yield hint
        for inner in typing.get_type_hints(hint).values():
            yield from classes_of(inner)
    for inner in typing.get_args(hint):
        yield from classes_of(inner)


#: Facts that tests of their own compute again: of which context, and what only a caller asks for.
ELSEWHERE = {("ServingFacts", "context")}


def test_every_field_of_every_facts_holds_something_that_is_computed_again(
    by_size: pd.DataFrame, dial_by_size: pd.DataFrame, by_seed: pd.DataFrame
) -> None:
    made = [INSIGHTS[name](runs(30), **options) for name, options in CASES]
    made += [insight_serving(by_size), insight_context(by_size), insight_pareto(by_size)]
    made.append(insight_mla_dial(dial_by_size))
    made.append(insight_pareto(by_seed, block="seed", attainment=True))
    found = {(of.__name__, name) for one in made for of, name in told_fields(one.facts)}
    known = {of for one in made for of in classes_of(type(one.facts))}
    fields = {(of.__name__, name) for of in known for name in of.__dataclass_fields__}
    assert fields - found - ELSEWHERE == set()
