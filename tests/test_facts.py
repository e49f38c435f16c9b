"""The numbers in the facts, against what pandas says of the same table."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tables import DIAL, GQA_WINS, MLA_WINS, table

from mpl_dantinox import (
    Callout,
    Insight,
    insight_context,
    insight_mla_dial,
    insight_pareto,
    insight_serving,
)
from mpl_dantinox.numbers import compact
from mpl_dantinox.tables.runs import NoDataError

pytestmark = pytest.mark.usefixtures("undrawn")


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    """Return a table of three groups with noise, shuffled so that a row is not its place."""
    frame = table(MLA_WINS, seed=3, noise=0.15)
    return frame.sample(frac=1, random_state=0).reset_index(drop=True)


def brute_front(frame: pd.DataFrame) -> list[int]:
    cache, loss = frame["theoretical_cache_mb"].to_numpy(), frame["val_loss"].to_numpy()
    no_worse = (cache[:, None] <= cache) & (loss[:, None] <= loss)
    better = (cache[:, None] < cache) | (loss[:, None] < loss)
    return list(frame.index[~(no_worse & better).any(axis=0)])


@pytest.mark.parametrize("panel", ["dense", "all"])
def test_the_front_is_that_of_brute_force(runs: pd.DataFrame, panel: str) -> None:
    facts = insight_pareto(runs).facts.to_dict()["panels"][panel]
    shown = runs[~runs["moe"]] if panel == "dense" else runs
    assert facts["n_runs"] == len(shown)
    assert sorted(run["row"] for run in facts["front"]) == sorted(brute_front(shown))
    for run in facts["front"]:
        source = runs.loc[run["row"]]
        assert (run["group"], run["cost"], run["quality"]) == (
            source["type"], source["theoretical_cache_mb"], source["val_loss"],
        )  # fmt: skip
    assert facts["front_counts"] == shown.loc[brute_front(shown), "type"].value_counts().to_dict()


def test_runs_that_lack_a_value_are_counted_by_what_they_lack(runs: pd.DataFrame) -> None:
    runs = runs.astype({"moe": object})
    dense = runs.index[runs["moe"] == False]  # noqa: E712
    runs.loc[dense[0], "type"] = None
    runs.loc[dense[1], "val_loss"] = np.inf
    runs.loc[dense[2], ["val_loss", "theoretical_cache_mb"]] = np.nan
    runs.loc[dense[3], "moe"] = None
    panels = insight_pareto(runs).facts.panels
    # A loss that is no finite number is a result, and is not missing.
    assert panels["dense"].dropped == {"group": 1, "quality": 1, "moe": 1}
    assert panels["dense"].n_dropped == 3
    assert panels["dense"].n_runs == len(dense) - 4
    assert panels["all"].dropped == {"group": 1, "quality": 1}
    assert panels["all"].n_runs == len(runs) - 3


def test_a_score_that_is_no_number_is_missing_and_diverged_from_nothing(runs: pd.DataFrame) -> None:
    scores = (100 * runs["val_loss"]).astype(object)
    scores[:3] = "NaN"
    insight = insight_pareto(runs.assign(MMLU=scores), quality="MMLU")
    assert insight.facts.panels["all"].dropped == {"quality": 3}
    assert not [claim for claim in insight.claims if claim.kind == "failed"]


STATES = {
    "a word": lambda f, ways: f.assign(status=ways.fillna("finished")),
    "a flag": lambda f, ways: f.assign(oom=ways.eq("OOM"), val_loss=f["val_loss"].where(
        ways.ne("diverged"), np.inf))[ways.ne("crashed")],
    "words for numbers": lambda f, ways: f.assign(val_loss=f["val_loss"].map(repr).mask(
        ways.eq("diverged"), "NaN"), state=ways.where(ways.ne("diverged"), "done")),
}  # fmt: skip


@pytest.mark.parametrize("told", STATES.values(), ids=STATES)
def test_runs_that_failed_are_counted_in_their_group_by_how(runs: pd.DataFrame, told: Any) -> None:
    mine = [runs.index[runs["type"].eq(g) & ~runs["moe"]] for g in ("MLA", "GQA")]
    ways = pd.Series(None, runs.index, dtype=object)
    ways[mine[0][:3]], ways[mine[1][0]] = ["OOM", "OOM", "diverged"], "crashed"
    expected = {("MLA", "out of memory"): 2, ("MLA", "diverged"): 1, ("GQA", "failed"): 1}
    table = told(runs, ways)
    if len(table) < len(runs):
        del expected["GQA", "failed"]
    for function in (insight_pareto, insight_mla_dial, insight_serving, insight_context):
        insight = function(table)
        found = {(c.of, c.what): c.value for c in insight.claims if c.kind == "failed"}
        # Who has no use for a loss does not know of one that is none.
        knows = expected if found.keys() >= {("MLA", "diverged")} else {
            key: n for key, n in expected.items() if key[1] != "diverged"}  # fmt: skip
        assert found == knows
        assert ("MLA", "diverged") in found or function in (insight_serving, insight_context)
        words = "2 MLA runs ran out of memory" + (" and 1 diverged" if knows == expected else "")
        assert f"; {words}" in insight.headline
        assert f"; {words}" in insight.caption.removeprefix(insight.headline)
        assert insight.alt_text.startswith(insight.headline)
        assert sum(insight.facts.dropped.values()) == (
            int(table["moe"].sum()) if function is not insight_pareto else 0
        )


def test_a_run_that_failed_is_in_no_mean_whatever_it_reached(runs: pd.DataFrame) -> None:
    row = runs.index[runs["type"].eq("MLA") & ~runs["moe"]][0]
    crashed = runs.assign(val_loss=runs["val_loss"].where(runs.index != row, 0.001))
    crashed["state"] = np.where(runs.index == row, "crashed", "ok")
    ends = [
        [(run.cost, run.quality) for run in insight_pareto(table).facts.panels["all"].front]
        for table in (crashed, runs.drop(index=row))
    ]
    assert ends[0] == ends[1]


def test_rows_that_are_not_used_are_counted_by_reason(runs: pd.DataFrame) -> None:
    runs = runs.astype({"moe": object})
    mine = runs.index[runs["moe"].eq(False) & runs["type"].eq("MLA")]
    runs.loc[mine[0], "type"] = None
    runs.loc[mine[1], ["moe", "tps_512"]] = None
    runs.loc[mine[2], ["theoretical_cache_mb", "val_loss"]] = np.nan
    runs.loc[mine[3], ["tps_512", "down_dim_kv"]] = np.nan
    runs.loc[runs["type"].eq("GQA"), "tps_512"] = np.nan
    n_moe = int(runs["moe"].eq(True).sum())
    dense_gqa = int((runs["type"].eq("GQA") & runs["moe"].eq(False)).sum())
    lacking = {"group": 1, "moe": 1, "dense": n_moe}
    facts = insight_serving(runs).facts
    assert facts.dropped == {**lacking, "cache": 1, "tps": dense_gqa + 1}
    assert sum(facts.dropped.values()) + sum(g.n for g in facts.groups.values()) == len(runs)
    assert insight_mla_dial(runs).facts.dropped == {**lacking, "dial": 1, "quality and cost": 1}


def test_a_group_dominates_another_when_each_of_its_runs_is_beaten() -> None:
    frame = pd.DataFrame(
        {
            "type": ["A", "A", "B", "B", "C"],
            "val_loss": [2.0, 1.0, 2.0, 1.5, 0.5],
            "theoretical_cache_mb": [1.0, 2.0, 1.5, 2.0, 9.0],
        }
    )
    assert insight_pareto(frame).facts.panels["all"].dominates == (("A", "B"),)


def test_medians_quartiles_and_ratios_are_those_of_pandas(runs: pd.DataFrame) -> None:
    facts = insight_serving(runs).facts.to_dict()
    dense = runs[~runs["moe"]]
    assert (facts["baseline"], facts["budgets_gb"]) == ("MHA", [0.5, 80.0])
    logs = np.log(dense["tps_512"] / dense["theoretical_cache_mb"])
    # Seeds of one configuration count once.
    configurations = logs.groupby([dense["type"], dense["params_m"], dense["theoretical_cache_mb"]])
    rate = np.exp(configurations.mean().groupby("type").mean())
    for name, group in dense.groupby("type"):
        got = facts["groups"][name]
        assert got["n"] == len(group)
        for key, column in (("tps", "tps_512"), ("cache", "theoretical_cache_mb")):
            quartiles = group[column].quantile([0.25, 0.5, 0.75]).to_list()
            assert [got[key][q] for q in ("q1", "median", "q3")] == pytest.approx(quartiles)
        assert got["ratio"] == pytest.approx(rate[name] / rate["MHA"])
        assert got["total_tps"] == pytest.approx(80_000 * rate[name])


def test_a_sequence_that_does_not_fit_whole_serves_nothing() -> None:
    runs = pd.DataFrame(
        {"type": ["A", "MHA"], "theoretical_cache_mb": [600.0, 400.0], "tps_512": [10.0, 10.0]}
    )
    facts = insight_serving(runs, sequences="whole", budgets=(0.5, 1.0)).facts
    assert {g: s.total_tps for g, s in facts.groups.items()} == {"MHA": 20.0, "A": 10.0}


def test_weights_are_taken_off_the_budget() -> None:
    runs = pd.DataFrame(
        {
            "type": ["A", "MHA"],
            "params_m": [1000.0, 2000.0],
            "theoretical_cache_mb": [1.0, 1.0],
            "tps_512": [10.0, 10.0],
        }
    )
    facts = insight_serving(runs, weights_bytes=2, budgets=(1.0, 10.0)).facts
    assert facts.groups["A"].weights_gb == 2
    assert facts.groups["A"].total_tps == 8_000 * 10
    assert facts.groups["A"].ratio == pytest.approx(8 / 6)


def test_dial_values_have_the_means_and_ranges_of_pandas(runs: pd.DataFrame) -> None:
    facts = insight_mla_dial(runs).facts.to_dict()
    mla = runs[~runs["moe"] & (runs["type"] == "MLA")]
    by_value = mla.groupby("down_dim_kv")[["val_loss", "theoretical_cache_mb"]]
    expected = by_value.agg(["mean", "min", "max"])
    assert [v["value"] for v in facts["dial"]] == list(expected.index)
    for value in facts["dial"]:
        for key, column in (("quality", "val_loss"), ("cost", "theoretical_cache_mb")):
            got = [value[f"{key}_{what}"] for what in ("mean", "min", "max")]
            assert got == pytest.approx(expected.loc[value["value"], column].to_list())
        assert value["n"] == len(by_value.get_group(value["value"]))
    means = by_value.mean()["val_loss"]
    assert facts["best"] == means.idxmin()


def test_the_cache_is_fitted_by_least_squares_over_runs(runs: pd.DataFrame) -> None:
    fit = insight_mla_dial(runs).facts.to_dict()["cost_fit"]
    mla = runs[~runs["moe"] & (runs["type"] == "MLA")]
    dial, cache = mla["down_dim_kv"].to_numpy(float), mla["theoretical_cache_mb"].to_numpy()
    slope, intercept = np.polyfit(dial, cache, 1)
    r2 = np.corrcoef(dial, cache)[0, 1] ** 2
    assert fit == pytest.approx({"slope": slope, "intercept": intercept, "r2": r2})


def dial_table(caches: list[float], reference: float) -> pd.DataFrame:
    n = len(caches)
    return pd.DataFrame(
        {
            "type": ["MLA"] * n + ["MHA"],
            "val_loss": [2.0 - 0.1 * i for i in range(n)] + [1.5],
            "theoretical_cache_mb": [*caches, reference],
            "down_dim_kv": [*DIAL[:n], None],
        }
    )


@pytest.mark.parametrize(
    ("caches", "reference", "crossings"),
    [
        ([1, 2, 4], 3.0, [24.0]),
        ([4, 2, 1], 3.0, [12.0]),
        ([1, 2, 4], 2.0, [16.0]),
        ([1, 2, 4], 1.0, [8.0]),
        ([1, 2, 4], 4.0, [32.0]),
        ([1, 2, 4], 5.0, []),
        ([1, 2, 4], 0.5, []),
        ([1, 3, 1], 2.0, [12.0, 24.0]),
        ([2], 2.0, []),
        ([2], 3.0, []),
    ],
)
def test_crossings_lie_between_neighbours_or_nowhere(
    caches: list[float], reference: float, crossings: list[float]
) -> None:
    facts = insight_mla_dial(dial_table(caches, reference)).facts
    assert list(facts.references["MHA"].crossings) == crossings


@pytest.mark.parametrize("log", [{}, {"dial": True}, {"cost": True}, {"dial": True, "cost": True}])
@pytest.mark.usefixtures("drawn")
def test_crossings_are_where_the_lines_are_drawn_and_all_are_marked(log: dict[str, bool]) -> None:
    insight = insight_mla_dial(dial_table([1, 9, 2, 3], 2.5), log=log)
    ax, at = insight.axes["cost"], insight.facts.references["MHA"].crossings
    (line,) = (line for line in ax.lines if line.get_label() == "MLA")
    to_screen = ax.transScale.transform
    x, y = to_screen(line.get_xydata()).T
    for place in at:
        px, py = to_screen((place, 2.5))
        assert np.interp(px, x, y) == pytest.approx(py)
    dots = [artist.get_xy() for artist in ax.artists if isinstance(artist, Callout)]
    assert len(at) == 3
    assert sorted(dots) == [(place, 2.5) for place in at]
    words = [f"at {compact(place)}" for place in at]
    assert all(word.removeprefix("at ") in insight.headline for word in words)


@pytest.mark.usefixtures("drawn")
def test_lines_of_a_dial_hold_data() -> None:
    insight = insight_mla_dial(table(MLA_WINS, noise=0.1))
    labels = {line.get_label() for ax in insight.axes.values() for line in ax.lines}
    assert labels <= {"MLA", "_block"}


def test_of_dial_values_that_are_as_good_as_each_other_the_smallest_is_the_best() -> None:
    losses = pd.Series([2.0, 1.0, 1.0, 1.5])
    assert insight_mla_dial(dial_table([1, 2, 4], 9).assign(val_loss=losses)).facts.best == 16


def test_a_table_without_dial_values_has_no_dial_figure() -> None:
    with pytest.raises(
        NoDataError, match="no MLA run has a dial value in 'down_dim_kv'; the groups are MHA, MLA"
    ):
        insight_mla_dial(dial_table([1, 2], 3).assign(down_dim_kv=None))


@pytest.mark.parametrize("function", [insight_pareto, insight_serving, insight_mla_dial])
def test_facts_do_not_depend_on_the_order_of_the_rows(function: object) -> None:
    frame = table(GQA_WINS, seed=5, noise=0.1)

    def told(insight: Insight) -> dict[str, object]:
        facts = insight.facts.to_dict()
        for panel in facts.get("panels", {}).values():
            for run in panel["front"]:
                del run["row"]
        return facts

    assert callable(function)
    first = function(frame)
    for seed in range(3):
        again = function(frame.sample(frac=1, random_state=seed).reset_index(drop=True))
        assert (told(again), again.headline) == (told(first), first.headline)
