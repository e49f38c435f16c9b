"""Claims checked again: edits that change one are caught, edits that do not are not."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tables import MLA_WINS, table

from mpl_dantinox.command.main import main
from mpl_dantinox.insights.report import report
from mpl_dantinox.testing.claims import check

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


def test_what_changed_is_told_by_name(runs: pd.DataFrame, facts: dict[str, Any]) -> None:
    lines = check(facts, scaled(TPS, "MLA", 0.5)(runs))
    assert any(line.startswith("serving ratio of MLA: ") for line in lines)
    assert any(line.startswith("serving headline: was ") for line in lines)


def test_differences_within_the_tolerance_pass(runs: pd.DataFrame) -> None:
    facts = report(runs, insights=["serving"]).to_dict()
    edited = scaled(TPS, "MHA", 1.0001)(runs)
    assert check(facts, edited)
    lines = check(facts, edited, rtol=1e-3)
    assert all("headline" in line for line in lines)


def test_the_options_of_then_are_used_again(runs: pd.DataFrame) -> None:
    facts = report(runs, baseline="GQA", sequences="whole", weights_bytes=2.0).to_dict()
    assert check(facts, runs) == []


def test_a_figure_that_can_no_longer_be_drawn_is_told(runs: pd.DataFrame) -> None:
    facts = report(runs).to_dict()
    (line,) = (
        line for line in check(facts, runs.drop(columns=DIAL)) if line.startswith("mla_dial")
    )
    assert line.startswith("mla_dial: was drawn, is skipped (no column 'down_dim_kv'")


def test_a_number_that_no_facts_held_then_was_no_claim(
    runs: pd.DataFrame, facts: dict[str, Any]
) -> None:
    earlier = copy.deepcopy(facts)
    for stats in earlier["serving"]["facts"]["groups"].values():
        del stats["ratio_interval"]
    assert check(earlier, runs) == []
    del earlier["serving"]["facts"]["groups"]["MLA"]["ratio"]
    (line,) = check(earlier, runs)
    assert line.startswith("serving ratio of MLA: was not there, is ")


def test_the_command_tells_by_its_status(
    runs: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv, facts = tmp_path / "runs.csv", tmp_path / "figures" / "facts.json"
    runs.to_csv(csv, index=False)
    main(["plot", str(csv), "-o", str(tmp_path / "figures")])
    assert main(["check", str(facts), str(csv)]) == 0
    scaled(TPS, "MLA", 0.5)(runs).to_csv(csv, index=False)
    capsys.readouterr()
    assert main(["check", str(facts), str(csv)]) == 1
    assert "serving ratio of MLA: " in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[1]", "{}", '{"serving": 1'])
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
