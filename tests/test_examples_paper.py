"""The example of a paper's repository: its own tests run, and fail when they should."""

import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

PAPER = Path(__file__).parents[1] / "examples" / "paper"
# Its baseline is made with the matplotlib that all others are made with.
COMPARE = ["--mpl"] if version("matplotlib") == "3.11.2" else []


def run_its_tests(folder: Path) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *COMPARE], cwd=folder, capture_output=True, text=True, check=False
    ).stdout


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Return a copy of the repository."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(PAPER, tmp_path / "paper", ignore=ignored))


# More tests of a paper, under its fixture.
MORE = """
import io, matplotlib.pyplot as plt
seen = []
def draw():
    assert not plt.get_fignums()
    assert plt.rcParams["font.sans-serif"] == ["DejaVu Sans"]
    assert plt.rcParams["axes.facecolor"] == "#F8F9FA"
    file = io.BytesIO()
    plt.subplots()[0].savefig(file, format="svg")
    seen.append(file.getvalue())
test_one = test_two = draw
def test_that_both_are_alike_and_have_no_date():
    assert seen[0] == seen[1]
    assert b"1970-01-01" in seen[0]
"""


@pytest.mark.exhaustive
def test_the_tests_of_the_paper_pass_whatever_a_matplotlibrc_says(paper: Path) -> None:
    (paper / "matplotlibrc").write_text("font.sans-serif: Comic Neue\nsvg.hashsalt: mine\n")
    (paper / "test_it.py").write_text(MORE)
    said = run_its_tests(paper)
    assert "6 passed" in said, said


def test_the_tests_of_the_paper_fail_when_its_table_changes(paper: Path) -> None:
    table = paper / "runs.csv"
    lines = table.read_text("utf-8").splitlines()
    table.write_text("\n".join(lines[:-20]) + "\n", "utf-8")
    said = run_its_tests(paper)
    assert "claims that no longer hold" in said
    assert f"{1 + len(COMPARE)} failed" in said, said
