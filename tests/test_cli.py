"""The command line: what it writes, what it says, and how it fails."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import pandas as pd
import pytest
from tables import MLA_WINS, table

from mpl_dantinox.cli import main

FIGURES = ["insight_1_pareto", "insight_2_serving", "insight_3_mla_dial"]


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "runs.csv"
    table(MLA_WINS, noise=0.1).to_csv(path, index=False)
    return path


def test_the_bundled_table_makes_three_figures_and_their_facts(tmp_path: Path) -> None:
    assert main(["plot", "-o", str(tmp_path / "out")]) == 0
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert names == ["facts.json", *(f"{stem}.png" for stem in FIGURES)]


def test_the_module_is_the_same_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "mpl_dantinox", "--version"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout.startswith("mpl-dantinox ")


def test_facts_name_their_source_and_nothing_of_the_machine(csv: Path, tmp_path: Path) -> None:
    main(["plot", str(csv), "-o", str(tmp_path / "out")])
    text = (tmp_path / "out" / "facts.json").read_text("utf-8")
    provenance = json.loads(text)["provenance"]
    assert provenance["source"] == "runs.csv"
    assert provenance["sha256"] == hashlib.sha256(csv.read_bytes()).hexdigest()
    assert provenance["n_rows"] == len(pd.read_csv(csv))
    assert provenance["versions"]["matplotlib"] == matplotlib.__version__
    assert str(tmp_path) not in text


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_table_gives_the_same_bytes(csv: Path, tmp_path: Path, kind: str) -> None:
    for out in ("a", "b"):
        main(["plot", str(csv), "-o", str(tmp_path / out), "--format", kind])
    names = [f"{stem}.{kind}" for stem in FIGURES] + ["facts.json"]
    assert all(
        (tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names
    )


def test_one_insight_alone_can_be_asked_for(csv: Path, tmp_path: Path) -> None:
    main(["plot", str(csv), "-o", str(tmp_path / "out"), "--insight", "serving"])
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"insight_2_serving.png", "facts.json"}


def test_columns_are_given_by_role(csv: Path, tmp_path: Path) -> None:
    pd.read_csv(csv).rename(columns={"val_loss": "nll"}).to_csv(csv, index=False)
    assert main(["plot", str(csv), "-o", str(tmp_path / "out"), "--column", "loss=nll"]) == 0


def test_the_baseline_can_be_another(csv: Path, tmp_path: Path) -> None:
    main(["plot", str(csv), "-o", str(tmp_path / "out"), "--baseline", "GQA"])
    facts = json.loads((tmp_path / "out" / "facts.json").read_text("utf-8"))
    assert facts["serving"]["facts"]["baseline"] == "GQA"
    assert facts["serving"]["facts"]["groups"]["GQA"]["ratio"] == 1


def test_without_dial_values_the_dial_is_skipped_with_its_reason(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pd.read_csv(csv).drop(columns="down_dim_kv").to_csv(csv, index=False)
    assert main(["plot", str(csv), "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "insight_3_mla_dial: skipped, no column 'down_dim_kv'" in said
    assert not (tmp_path / "out" / "insight_3_mla_dial.png").exists()
    facts = json.loads((tmp_path / "out" / "facts.json").read_text("utf-8"))
    assert "down_dim_kv" in facts["mla_dial"]["skipped"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{missing}"], "no such file"),
        (["{csv}", "--column", "los=x"], "no role 'los'; did you mean 'loss'?"),
        (["{csv}", "--column", "loss"], "--column takes ROLE=NAME"),
        (["{csv}", "--column", "loss=val_los"], "did you mean 'val_loss'?"),
        (["{csv}", "--style", "dantinx"], "no style sheet 'dantinx'; did you mean 'dantinox'?"),
        (["{csv}", "--insight", "pareto", "--column", "loss=type"], "no run has"),
        (["{csv}", "--format", "gif"], "invalid choice: 'gif'"),
    ],
)
def test_a_fault_of_the_input_is_one_line_and_status_two(
    csv: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    arguments = [a.format(missing=tmp_path / "gone.csv", csv=csv) for a in arguments]
    done = subprocess.run(
        [sys.executable, "-m", "mpl_dantinox", "plot", *arguments, "-o", str(tmp_path / "out")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_figure_stays_as_it_was_when_a_later_run_fails(csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    main(["plot", str(csv), "-o", str(out)])
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    csv.write_text("type,val_loss\n")
    assert main(["plot", str(csv), "-o", str(out)]) == 2
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


def test_an_output_that_cannot_be_a_folder_is_status_one(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file")
    assert main(["plot", str(csv), "-o", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert (tmp_path / "out").read_text() == "a file"


def test_styles_lists_every_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    main(["styles"])
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [
        "dantinox", "dantinox-cvd", "dantinox-dark", "dantinox-paper", "dantinox-talk",
    ]  # fmt: skip


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(matplotlib, "get_configdir", lambda: str(tmp_path))
    return tmp_path / "stylelib"


def test_installed_sheets_need_no_import(tmp_path: Path) -> None:
    environment = os.environ | {"MPLCONFIGDIR": str(tmp_path)}
    for code in (
        "from mpl_dantinox.cli import main; main(['styles', '--install'])",
        "import matplotlib.style as s, sys; s.use(['dantinox', 'dantinox-paper']);"
        "assert 'mpl_dantinox' not in sys.modules",
    ):
        subprocess.run([sys.executable, "-W", "error", "-c", code], env=environment, check=True)


def test_uninstall_takes_away_what_install_brought(library: Path) -> None:
    main(["styles", "--install"])
    assert (library / "dantinox.mplstyle").exists()
    main(["styles", "--uninstall"])
    assert not list(library.iterdir())


@pytest.mark.parametrize("action", ["--install", "--uninstall"])
def test_an_edited_sheet_is_left_alone_unless_forced(library: Path, action: str) -> None:
    main(["styles", "--install"])
    sheet = library / "dantinox.mplstyle"
    edited = sheet.read_text() + "lines.linewidth: 9\n"
    sheet.write_text(edited)
    main(["styles", action])
    assert sheet.read_text() == edited
    main(["styles", action, "--force"])
    assert not sheet.exists() or sheet.read_text() != edited


def test_devices_can_be_searched(capsys: pytest.CaptureFixture[str]) -> None:
    main(["devices", "--match", "h100"])
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("H100 ") and "80 GB" in line for line in lines)
    assert all("H100" in line for line in lines)
