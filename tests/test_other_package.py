"""An insight of another package gets all that ours have, without a line of ours."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from jsonschema import Draft202012Validator
from tables import MLA_WINS, table

PACKAGE = Path(__file__).parent / "other_package"


def command(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from mpl_dantinox.command.main import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=cwd, capture_output=True, text=True,
        env={"PYTHONPATH": FOLDERS, "PATH": "", "HOME": str(cwd)},
    )  # fmt: skip


FOLDERS = f"{PACKAGE}:{Path(__file__).parents[1]}"


@pytest.fixture(scope="module")
def csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("other") / "runs.csv"
    table(MLA_WINS).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def drawn(csv: Path) -> subprocess.CompletedProcess[str]:
    """Return what the command says that draws it beside one of ours."""
    options = ["--insight=sizes", "--insight=pareto", "--floor=1.5", "--order=size", "--prose"]
    done = command("plot", csv, "-o", csv.parent / "out", *options, cwd=csv.parent)
    assert done.returncode == 0, done.stderr
    return done


def test_it_is_drawn_beside_ours_with_its_own_options(
    csv: Path, drawn: subprocess.CompletedProcess[str]
) -> None:
    assert "median M" in drawn.stdout
    assert "other_sizes.png: The models of" in drawn.stdout
    names = {path.name for path in (csv.parent / "out").iterdir()}
    assert {"other_sizes.png", "insight_1_pareto.png", "facts.json"} <= names
    told = json.loads((csv.parent / "out" / "facts.json").read_text("utf-8"))["sizes"]
    medians = pd.read_csv(csv).groupby("type")["params_m"].median()
    found = {name: group["median"] for name, group in told["facts"]["groups"].items()}
    assert found == pytest.approx(medians.to_dict())
    assert told["facts"]["floor"] == 1.5
    assert [claim["of"] for claim in told["claims"]] == list(told["facts"]["groups"])
    macros = (csv.parent / "out" / "facts.tex").read_text("utf-8")
    assert f"\\newcommand{{\\dxSizesMedianMLA}}{{{medians['MLA']:#.3g}}}" in macros
    assert "\\newcommand{\\dxSizesFloor}{1.5}" in macros


def test_its_options_are_in_the_help_and_checked(csv: Path) -> None:
    shown = command("plot", "--help", cwd=csv.parent).stdout
    assert "of sizes:" in shown
    assert re.search(r"--floor N +smallest median that is shown, M \[0.0\]", shown)
    wrong = command("plot", csv, "--order", "age", cwd=csv.parent)
    assert wrong.returncode == 2
    assert "invalid choice: 'age'" in wrong.stderr


@pytest.mark.usefixtures("drawn")
def test_its_claims_are_checked(csv: Path) -> None:
    out = csv.parent / "out"
    assert command("check", out / "facts.json", csv, cwd=csv.parent).returncode == 0
    grown = pd.read_csv(csv).assign(params_m=lambda frame: frame["params_m"] * 2)
    grown.to_csv(csv.parent / "grown.csv", index=False)
    done = command("check", out / "facts.json", csv.parent / "grown.csv", cwd=csv.parent)
    assert done.returncode == 1
    assert "sizes median of MLA" in done.stdout


@pytest.mark.usefixtures("drawn")
def test_its_facts_are_in_the_schema(csv: Path) -> None:
    code = (
        "import json; from mpl_dantinox.insights.report import facts_schema\n"
        "print(json.dumps(facts_schema()))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": FOLDERS, "PATH": ""},
    )  # fmt: skip
    schema = json.loads(done.stdout)
    facts = json.loads((csv.parent / "out" / "facts.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(facts)
    facts["sizes"]["facts"]["floor"] = "low"
    assert not Draft202012Validator(schema).is_valid(facts)


def test_one_that_cannot_be_loaded_is_left_out_and_said(
    drawn: subprocess.CompletedProcess[str],
) -> None:
    assert "the insight 'other_insights:NOTHING' is left out" in drawn.stdout + drawn.stderr
