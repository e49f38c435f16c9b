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


def test_the_fixture_fixes_what_a_matplotlibrc_may_change(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("font.sans-serif: Comic Neue\nsvg.hashsalt: mine\n")
    (tmp_path / "conftest.py").write_text((PAPER / "conftest.py").read_text("utf-8"))
    (tmp_path / "test_it.py").write_text(
        "import io, matplotlib.pyplot as plt\n"
        "seen = []\n"
        "def draw():\n"
        "    assert not plt.get_fignums()\n"
        "    assert plt.rcParams['font.sans-serif'] == ['DejaVu Sans']\n"
        "    assert plt.rcParams['axes.facecolor'] == '#F8F9FA'\n"
        "    file = io.BytesIO()\n"
        "    plt.subplots()[0].savefig(file, format='svg')\n"
        "    seen.append(file.getvalue())\n"
        "test_one = test_two = draw\n"
        "def test_that_both_are_alike_and_have_no_date():\n"
        "    assert seen[0] == seen[1]\n"
        "    assert b'1970-01-01' in seen[0]\n"
    )
    done = run_its_tests(tmp_path)
    assert "3 passed" in done.stdout, done.stdout
