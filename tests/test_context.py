"""Throughput against context: its facts are those of pandas, and its sentences are true."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from tables import MLA_WINS, table

from mpl_dantinox import EndLabels, sample_runs
from mpl_dantinox.insights import insight_context
from mpl_dantinox.tables.errors import NoDataError, RunsError


def runs(falls: dict[str, float], *, noise: float = 0.01, n: int = 8) -> pd.DataFrame:
    """Return runs whose throughput at 4,096 tokens is so much of that at 128, by group."""
    rng = np.random.default_rng(1)
    groups = np.repeat(list(falls), n)
    short = rng.lognormal(4, 0.3, len(groups))
    kept = np.array([falls[g] for g in groups]) * rng.lognormal(0, noise, len(groups))
    middle = short * np.sqrt(kept)
    return pd.DataFrame(
        {"type": groups, "tps_128": short, "tps_1k": middle, "tps_4k": short * kept}
    )


def typical_kept(frame: pd.DataFrame, group: str) -> float:
    part = frame[frame["type"] == group]
    return float(np.exp(np.log(part["tps_4k"] / part["tps_128"]).mean()))


@pytest.mark.mpl_image_compare(filename="insight_4_context.png")
def test_insight_context_looks_right() -> Figure:
    return insight_context(sample_runs()).figure


@pytest.mark.mpl_image_compare
def test_insight_context_where_two_fall_and_one_does_not() -> Figure:
    return insight_context(runs({"MHA": 0.25, "GQA": 0.6, "Mamba": 1.0})).figure


@pytest.mark.usefixtures("undrawn")
def test_facts_are_those_of_pandas() -> None:
    frame = sample_runs()
    dense = frame[~frame["moe"]]
    facts = insight_context(frame).facts.to_dict()
    assert facts["contexts"] == [64, 512]
    assert facts["dropped"] == {"dense": int(frame["moe"].sum())}
    columns = ["tps_64", "tps_128", "tps_256", "tps_512"]
    # Seeds of one configuration count once.
    logs = np.log(dense[columns]).groupby([dense["type"], dense["params_m"]]).mean()
    typical = np.exp(logs.groupby("type").mean())
    kept = typical["tps_512"] / typical["tps_64"]
    for name, group in facts["groups"].items():
        mine = dense[dense["type"] == name]
        assert group["n"] == len(mine)
        assert group["kept"] == pytest.approx(kept[name])
        assert group["kept_interval"][0] < kept[name] < group["kept_interval"][1]
        assert group["ratio"] == pytest.approx(
            typical.loc[name, "tps_512"] / typical.loc["MHA", "tps_512"]
        )
        assert [p["tokens"] for p in group["points"]] == [64, 128, 256, 512]
        assert [p["n"] for p in group["points"]] == [len(mine)] * 4
        for point, column in zip(group["points"], columns, strict=True):
            assert point["typical"] == pytest.approx(typical.loc[name, column])
            quartiles = mine[column].quantile([0.5, 0.25, 0.75]).to_list()
            found = [point["tps"][q] for q in ("median", "q1", "q3")]
            assert found == pytest.approx(quartiles)


@pytest.mark.usefixtures("undrawn")
def test_the_headline_says_what_falls_by_how_much() -> None:
    frame = runs({"MHA": 0.25, "GQA": 0.6, "Mamba": 1.0}, noise=0.003)
    headline = insight_context(frame).headline
    assert headline.startswith("From 128 to 4,096 tokens MHA's throughput falls by ")
    for group, said in re.findall(r"(MHA|GQA)'s (?:throughput falls by )?([0-9.]+)%", headline):
        assert float(said) == pytest.approx(100 * (1 - typical_kept(frame, group)), abs=0.6)
    assert headline.endswith("; Mamba keeps theirs")


@pytest.mark.usefixtures("undrawn")
def test_what_rises_is_said_to_rise() -> None:
    headline = insight_context(runs({"A": 1.5, "B": 0.5})).headline
    assert re.fullmatch(
        r"From 128 to 4,096 tokens B's throughput falls by \S+%; A's throughput rises by \S+%",
        headline,
    )


@pytest.mark.usefixtures("undrawn")
def test_a_change_within_the_spread_of_runs_is_not_claimed() -> None:
    insight = insight_context(runs({"A": 0.95, "B": 1.0}, noise=0.5))
    assert re.search("no change of (A and B|B and A) can be told", insight.headline)
    assert {c.resolved for c in insight.claims if c.kind == "effect"} == {False}


@pytest.mark.usefixtures("undrawn")
def test_of_many_groups_that_fall_the_rest_are_counted_as_groups() -> None:
    headline = insight_context(runs({f"G{i}": 0.5 + i / 100 for i in range(5)})).headline
    assert headline.endswith("and 3 more groups' too")


def test_of_many_groups_those_that_are_named_have_their_shares() -> None:
    falls = {f"G{i}": 1.0 for i in range(12)} | {"MHA": 0.1, "low": 0.2}
    insight = insight_context(runs(falls, noise=0.3))
    (said,) = re.findall(
        r"no change of (\w+), (\w+) and 10 more can be told \((.*) kept\)", insight.headline
    )
    shares = [f"{100 * insight.facts.groups[g].kept:.3g}" for g in said[:2]]
    assert said[2] == f"{shares[0]}%, {shares[1]}%"
    # What the headline tells of is named in the figure, however small its ratio.
    assert "low's" in insight.headline
    labels = [t for e in insight.axes["ratio"].findobj(EndLabels) for t in e.get_texts()]
    assert any(label.startswith("low ") for label in labels)


@pytest.mark.usefixtures("undrawn")
def test_two_runs_of_a_group_are_too_few() -> None:
    insight = insight_context(runs({"A": 0.5, "B": 0.25}, n=2))
    assert insight.headline == "From 128 to 4,096 tokens B and A have too few runs to tell"
    assert all(group.kept_interval is None for group in insight.facts.groups.values())


@pytest.mark.usefixtures("undrawn")
def test_a_run_counts_if_it_was_measured_at_both_ends() -> None:
    frame = runs({"A": 0.5, "MHA": 0.5})
    frame.loc[0, "tps_4k"] = np.nan
    frame.loc[1, "tps_128"] = 0
    frame.loc[2, "tps_1k"] = np.nan
    facts = insight_context(frame).facts
    assert facts.groups["A"].n == 6
    assert facts.dropped == {"tps_at": 2}
    assert [point.n for point in facts.groups["A"].points] == [7, 7, 7]


def test_the_ratio_needs_a_baseline_and_another_group() -> None:
    assert list(insight_context(runs({"A": 0.5, "MHA": 0.5})).axes) == ["throughput", "ratio"]
    alone = insight_context(runs({"A": 0.5, "B": 0.5}))
    assert list(alone.axes) == ["throughput"]
    assert "no ratios: no group is called 'MHA', see --baseline" in alone.notes


@pytest.mark.usefixtures("undrawn")
def test_columns_of_other_names_are_found_by_a_pattern() -> None:
    frame = runs({"A": 0.5, "MHA": 0.5})
    renamed = frame.rename(columns=lambda name: re.sub(r"tps_(\w+)", r"speed at \1 tokens", name))
    found = insight_context(renamed, tps_at="speed at {} tokens").facts
    assert found.groups == insight_context(frame).facts.groups


@pytest.mark.parametrize(
    ("frame", "error", "message"),
    [
        (runs({"A": 0.5})[["type", "tps_4k"]], NoDataError, "1 column of throughput"),
        (runs({"A": 0.5}).assign(tps_4k=0.0), NoDataError, "at both 128 and 4,096"),
        (table(MLA_WINS).drop(columns=["tps_64", "tps_512"]), NoDataError, "no column 'tps_{}'"),
        (runs({"A": 0.5}).drop(columns="type"), RunsError, "no column 'type'"),
    ],
)
def test_what_cannot_be_shown_is_one_error(frame: Any, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        insight_context(frame)
