"""The gallery: our artists in figures that other libraries drew."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

GALLERY = Path(__file__).parents[1] / "examples" / "drop_in"

#: The library that drew each figure.
DRAWN_BY = {
    "pandas_plot": "pandas",
    "seaborn_relplot": "seaborn",
    "optuna_pareto_front": "optuna",
    "scienceplots_style": "scienceplots",
    "mplhep_histogram": "mplhep",
    "tueplots_bundle": "tueplots",
    "ultraplot_panels": "ultraplot",
    "subfigure_mosaic": "matplotlib",
}

# Some libraries change matplotlib for the rest of their process, so each figure has one of its own.
# What they do when they are imported is their affair; of ours, no line may warn.
DRAW = """
import importlib, sys, warnings
import matplotlib.pyplot as plt
plt.rcdefaults()
with plt.rc_context():
    warnings.simplefilter("ignore")
    module = importlib.import_module(sys.argv[1])
    warnings.filterwarnings("error", module="mpl_dantinox")
    figure = module.main()
# Of ours, what holds no data is no line.
lines = [line for ax in figure.axes for line in ax.lines]
ours = [line for line in lines if type(line).__module__.startswith("mpl_dantinox")]
assert all(len(line.get_xydata()) for line in ours)
figure.savefig(sys.argv[2], dpi=100)
"""

# What compares pictures takes figures. A power of two divides without a remainder.
DPI = 64


def test_the_gallery_is_complete() -> None:
    assert {path.stem for path in GALLERY.glob("*.py")} == set(DRAWN_BY)


def _image_test(name: str) -> Callable[[Path], Figure]:
    @pytest.mark.mpl_image_compare(
        filename=f"drop_in_{name}.png", style="default", savefig_kwargs={"dpi": DPI}
    )
    def test(tmp_path: Path) -> Figure:
        if importlib.util.find_spec(DRAWN_BY[name]) is None:
            pytest.skip(f"could not import {DRAWN_BY[name]}")
        picture = tmp_path / "picture.png"
        command = [sys.executable, "-c", DRAW, name, str(picture)]
        subprocess.run(command, cwd=GALLERY, check=True)
        pixels = plt.imread(picture)
        fig = plt.figure(figsize=(pixels.shape[1] / DPI, pixels.shape[0] / DPI))
        fig.figimage(pixels)
        return fig

    return test


test_pandas = _image_test("pandas_plot")
test_seaborn = _image_test("seaborn_relplot")
test_optuna = _image_test("optuna_pareto_front")
test_scienceplots = _image_test("scienceplots_style")
test_mplhep = _image_test("mplhep_histogram")
test_tueplots = _image_test("tueplots_bundle")
test_ultraplot = _image_test("ultraplot_panels")
test_subfigure_mosaic = _image_test("subfigure_mosaic")
