"""Claims checked again: edits that change one are caught, edits that do not are not."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tables import MLA_WINS, table

from mpl_dantinox.command.main import main
from mpl_dantinox.insights.report import report
from mpl_dantinox.testing.claims import check

pytestmark = pytest.mark.usefixtures("undrawn")

Edit = Callable[[pd.DataFrame], pd.DataFrame]

LOSS, CACHE, TPS, DIAL = "val_loss", "theoretical_cache_mb", "tps_512", "down_dim_kv"


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    return table(MLA_WINS, seed=1, noise=0.05).assign(note="a")


@pytest.fixture(scope="module")
def facts(runs: pd.DataFrame) -> dict[str, Any]:
    return report(runs).to_dict()


def of(frame: pd.DataFrame, group: str) -> pd.Series:
    return (frame["type"] == group) & ~frame["moe"]


def scaled(column: str, group: str, factor: float) -> Edit:
    def edit(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(
            **{column: frame[column].where(~of(frame, group), frame[column] * factor)}
        )

    return edit


CHANGING: dict[str, Edit] = {
    "MLA is slower": scaled(TPS, "MLA", 0.5),
    "the baseline is faster": scaled(TPS, "MHA", 1.1),
    "GQA's cache is larger": scaled(CACHE, "GQA", 1.5),
    "GQA's loss is better": scaled(LOSS, "GQA", 0.5),
    "a run is missing": lambda f: f.drop(index=0),
    "a group is missing": lambda f: f[f["type"] != "GQA"],
    "a group has another name": lambda f: f.replace({"type": {"GQA": "TPA"}}),
    "the best dial value is another": lambda f: f.assign(
        **{LOSS: f[LOSS].where(f[DIAL] != 8, 0.1)}
    ),
    "a run lost its loss": lambda f: f.assign(**{LOSS: f[LOSS].where(f.index != 3)}),
    "parameters in another unit": lambda f: f.assign(params_m=f["params_m"] * 100),
    "parameters of other runs": lambda f: f.assign(
        params_m=f["params_m"].sample(frac=1, random_state=4).to_numpy()
    ),
    "dense runs became MoE": lambda f: f.assign(moe=f["moe"] | (f.index == 4)),
}

HARMLESS: dict[str, Edit] = {
    "nothing": lambda f: f,
    "other order of rows": lambda f: f.sample(frac=1, random_state=2).reset_index(drop=True),
    "other order of columns": lambda f: f[f.columns[::-1]],
    "another column": lambda f: f.assign(note="x"),
    "a column that no figure uses": lambda f: f.assign(note="b"),
    "one column less that no figure uses": lambda f: f.drop(columns="note"),
    "booleans as words": lambda f: f.assign(moe=f["moe"].map({True: "yes", False: "no"})),
    "numbers as words": lambda f: f.assign(**{LOSS: f[LOSS].map(repr)}),
    "the fifteenth digit": scaled(TPS, "MHA", 1 + 1e-14),
    "single precision": lambda f: f.astype(dict.fromkeys(f.select_dtypes("float"), "float32")),
    "fifteen digits": lambda f: f.map(lambda x: float(f"{x:.15g}") if isinstance(x, float) else x),
    "spaces around names": lambda f: f.assign(type=" " + f["type"] + " "),
}


@pytest.mark.parametrize("edit", CHANGING.values(), ids=CHANGING)
def test_an_edit_that_changes_a_claim_is_caught(
    runs: pd.DataFrame, facts: dict[str, Any], edit: Edit
) -> None:
    assert check(facts, edit(runs))


@pytest.mark.parametrize("edit", HARMLESS.values(), ids=HARMLESS)
def test_an_edit_that_changes_no_claim_is_not(
    runs: pd.DataFrame, facts: dict[str, Any], edit: Edit
) -> None:
    assert check(facts, edit(runs)) == []


def test_sentences_that_broke_come_first_in_both_wordings(
    runs: pd.DataFrame, facts: dict[str, Any]
) -> None:
    lines = check(facts, scaled(TPS, "MLA", 0.5)(runs))
    now = report(scaled(TPS, "MLA", 0.5)(runs)).to_dict()
    title, was, is_now = lines[0].splitlines()
    assert title == "serving headline"
    assert was == f"  was: {facts['serving']['headline']}"
    assert is_now == f"  is:  {now['serving']['headline']}"
    is_number = [": was " in line and "claim of" not in line for line in lines]
    assert is_number == sorted(is_number)
    assert any(line.startswith("serving ratio of MLA: was ") for line in lines)


def test_numbers_are_told_with_the_digits_that_differ(
    runs: pd.DataFrame, facts: dict[str, Any]
) -> None:
    lines = check(facts, scaled(TPS, "MHA", 1 + 3e-6)(runs))
    told = [line.partition(": was ")[2].split(", is ") for line in lines if ": was " in line]
    assert told
    assert all(was != is_now for was, is_now in told)


FLOAT32 = {"bit-identical dials": [8.0, 16.0, 64.0], "dials between": [0.1, 0.3, 0.7]}


@pytest.mark.parametrize("dial", FLOAT32.values(), ids=FLOAT32)
def test_a_table_in_single_precision_says_the_same(dial: list[float], tmp_path: Path) -> None:
    """An effect that is small beside the losses has few digits left in single precision."""
    rng = np.random.default_rng(0)
    n = 12 * len(dial)
    runs = pd.DataFrame(
        {
            "type": ["MLA"] * n + ["MHA"] * 6,
            LOSS: 2 + rng.normal(0, 1e-3, n + 6),
            CACHE: np.append(np.repeat(dial, 12), rng.uniform(1, 2, 6)),
            TPS: rng.uniform(90, 110, n + 6),
            DIAL: np.append(np.repeat(dial, 12), np.full(6, np.nan)),
        }
    )
    facts = report(runs).to_dict()
    single = runs.astype(dict.fromkeys([LOSS, CACHE, TPS, DIAL], "float32"))
    single.to_parquet(tmp_path / "single.parquet")
    assert check(facts, tmp_path / "single.parquet") == []
    assert check(report(single).to_dict(), runs) == []


@pytest.mark.parametrize("engine", ["polars", "pyarrow"])
def test_a_table_of_another_engine_says_the_same(
    runs: pd.DataFrame, facts: dict[str, Any], engine: str
) -> None:
    pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    other = pl.from_pandas(runs) if engine == "polars" else pa.Table.from_pandas(runs)
    assert check(facts, other) == []


def test_runs_with_names_are_known_by_them(runs: pd.DataFrame) -> None:
    runs = runs.assign(run=[f"run {place}" for place in range(len(runs))])
    facts = report(runs, insights=["pareto"]).to_dict()
    assert check(facts, runs[::-1]) == []
    front = facts["pareto"]["facts"]["panels"]["all"]["front"]
    renamed = runs.replace({"run": {front[0]["name"]: "another"}})
    lines = check(facts, renamed)
    assert any(f"of all, {front[0]['name']}: was " in line for line in lines)
    assert any("is not there" in line for line in lines)


EDITS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "alt text": lambda one: one.update(alt_text=one["alt_text"].replace("MLA", "MHA", 1)),
    "no alt text": lambda one: one.pop("alt_text"),
    "headline": lambda one: one.update(headline=one["headline"] + "!"),
    "interval of the facts": lambda one: one["facts"]["groups"]["MLA"].update(ratio_interval=None),
    "interval of no facts": lambda one: one["facts"]["groups"]["MLA"].pop("ratio_interval"),
    "interval of a claim": lambda one: one["claims"][3].update(interval=None),
    "no claim": lambda one: one["claims"].pop(),
    "no claims": lambda one: one.pop("claims"),
    "one claim more": lambda one: one["claims"].append(one["claims"][0] | {"of": "TPA"}),
    "text of a claim": lambda one: one["claims"][3].update(text="9.99×"),
    "verdict": lambda one: one["claims"][3].update(resolved=None),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_facts_that_were_edited_are_told(
    runs: pd.DataFrame, facts: dict[str, Any], edit: Callable[[dict[str, Any]], Any]
) -> None:
    edited = copy.deepcopy(facts)
    edit(edited["serving"])
    assert check(edited, runs)


def test_differences_within_the_tolerance_pass(runs: pd.DataFrame) -> None:
    facts = report(runs, insights=["serving"]).to_dict()
    edited = scaled(TPS, "MHA", 1.0001)(runs)
    assert check(facts, edited)
    assert check(facts, edited, rtol=1e-3) == []


def test_the_options_of_then_are_used_again(runs: pd.DataFrame) -> None:
    facts = report(runs, baseline="GQA", sequences="whole", weights_bytes=2.0).to_dict()
    assert check(facts, runs) == []


def test_a_figure_that_can_no_longer_be_drawn_is_told(runs: pd.DataFrame) -> None:
    facts = report(runs).to_dict()
    (line,) = (
        line for line in check(facts, runs.drop(columns=DIAL)) if line.startswith("mla_dial")
    )
    assert line.startswith("mla_dial: was drawn, is skipped (no column 'down_dim_kv'")


def test_what_another_version_did_not_know_is_no_claim_and_is_named(
    runs: pd.DataFrame, facts: dict[str, Any]
) -> None:
    earlier = copy.deepcopy(facts)
    earlier["provenance"]["versions"]["mpl-dantinox"] = "0.0.1"
    for stats in earlier["serving"]["facts"]["groups"].values():
        del stats["ratio_interval"]
        stats["luck"] = 1.0
    with pytest.warns(
        UserWarning, match=r"version 0\.0\.1.* not compared are luck, ratio_interval"
    ):
        assert check(earlier, runs) == []
    del earlier["serving"]["facts"]["groups"]["MLA"]["ratio"]
    with pytest.warns(UserWarning, match="not compared are"):
        (line,) = check(earlier, runs)
    assert line.startswith("serving ratio of MLA: was not there, is ")


@pytest.mark.parametrize(
    "content",
    ["", "[1]", "{}", '{"serving": 1', '{"serving": {"facts": 3}}', '{"serving": {"claims": [3]}}',
     '{"serving": {"claims": 3}}', '{"serving": {}, "provenance": 3}',
     '{"serving": {}, "provenance": {"labels": 3}}'],
)  # fmt: skip
def test_what_are_no_facts_is_a_fault_of_the_input(
    runs: pd.DataFrame, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(content)
    runs.to_csv(tmp_path / "runs.csv")
    assert main(["check", str(path), str(tmp_path / "runs.csv")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_facts_read_from_a_file_are_those_that_were_written(facts: dict[str, Any]) -> None:
    assert json.loads(json.dumps(facts)) == facts
