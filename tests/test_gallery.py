"""The gallery: every script runs by itself, and eight drop-ins look as they did."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

GALLERY = Path(__file__).parents[1] / "examples" / "gallery"
SCRIPTS = {path.stem: path for path in sorted(GALLERY.glob("*/*.py"))}
#: Those whose figures another library drew; each has a picture to compare with.
DROP_INS = (
    "mplhep_histogram",
    "optuna_pareto_front",
    "pandas_plot",
    "scienceplots_style",
    "seaborn_relplot",
    "subfigure_mosaic",
    "tueplots_bundle",
    "ultraplot_panels",
)
#: Those that need no library but what a reader of figures has anyway stand for all.
EVERY_DAY = ("pandas_plot", "seaborn_relplot", "subfigure_mosaic")

# Some libraries change matplotlib for the rest of their process, so each script has one of its own.
RUN = """
import runpy, sys
import matplotlib.pyplot as plt
runpy.run_path(sys.argv[1], run_name="__main__")
figures = [plt.figure(number) for number in plt.get_fignums()]
assert figures, "the script draws nothing"
# Of ours, what holds no data is no line.
lines = [line for figure in figures for ax in figure.axes for line in ax.lines]
ours = [line for line in lines if type(line).__module__.startswith("mpl_dantinox")]
assert all(len(line.get_xydata()) for line in ours)
figures[-1].savefig(sys.argv[2], dpi=100)
"""

# What compares pictures takes figures. A power of two divides without a remainder.
DPI = 64


def run(name: str, picture: Path) -> None:
    """Run a script as somebody would who copied it, with warnings as errors."""
    script = SCRIPTS[name]
    for module in imported(script):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"could not import {module}")
    # The first time on a machine ultraplot says that it looks for fonts.
    warnings = ["-W", "error", "-W", "ignore:Rebuilding font cache"]
    command = [sys.executable, *warnings, "-c", RUN, str(script), str(picture)]
    done = subprocess.run(
        command, cwd=picture.parent, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def imported(script: Path) -> set[str]:
    """Return the packages that a script imports."""
    nodes = list(ast.walk(ast.parse(script.read_text("utf-8"))))
    plain = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    parts = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in (*plain, *parts)}


# Every day some drop-ins, which are compared as well, stand for the others.
@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(set(SCRIPTS) - set(DROP_INS)))
def test_a_script_runs_by_itself(name: str, tmp_path: Path) -> None:
    run(name, tmp_path / "picture.png")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_says_what_it_shows_and_why(name: str) -> None:
    told = ast.get_docstring(ast.parse(SCRIPTS[name].read_text("utf-8"))) or ""
    title, line, empty, *why = told.splitlines()
    assert set(line) == {"="}
    assert len(line) == len(title)
    assert not empty
    assert "." in " ".join(why)


def _image_test(name: str) -> Callable[[Path], Figure]:
    @pytest.mark.mpl_image_compare(
        filename=f"drop_in_{name}.png", style="default", savefig_kwargs={"dpi": DPI}
    )
    def test(tmp_path: Path) -> Figure:
        picture = tmp_path / "picture.png"
        run(name, picture)
        pixels = plt.imread(picture)
        fig = plt.figure(figsize=(pixels.shape[1] / DPI, pixels.shape[0] / DPI))
        fig.figimage(pixels)
        return fig

    return test if name in EVERY_DAY else pytest.mark.exhaustive(test)


for _name in DROP_INS:
    globals()[f"test_{_name}"] = _image_test(_name)
