"""The example of a paper's repository: its own tests run, and fail when they should."""

import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PAPER = Path(__file__).parents[1] / "examples" / "paper"
# Its baseline is made with the matplotlib that all others are made with.
COMPARE = ["--mpl"] if version("matplotlib") == "3.11.2" else []


def run_its_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *COMPARE], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_tests_of_the_paper_pass() -> None:
    done = run_its_tests(PAPER)
    assert "3 passed" in done.stdout, done.stdout


def test_the_tests_of_the_paper_fail_when_its_table_changes(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    shutil.copytree(PAPER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    table = folder / "runs.csv"
    lines = table.read_text("utf-8").splitlines()
    table.write_text("\n".join(lines[:-20]) + "\n", "utf-8")
    done = run_its_tests(folder)
    assert "claims that no longer hold" in done.stdout
    assert f"{1 + len(COMPARE)} failed" in done.stdout, done.stdout
