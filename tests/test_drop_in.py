"""The gallery: our artists in figures that other libraries drew."""

import importlib.util
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

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


def load(name: str) -> ModuleType:
    with warnings.catch_warnings():
        # What the other libraries do when they are imported is their own affair.
        warnings.simplefilter("ignore")
        pytest.importorskip(DRAWN_BY[name])
        spec = importlib.util.spec_from_file_location(name, GALLERY / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def test_the_gallery_is_complete() -> None:
    assert {path.stem for path in GALLERY.glob("*.py")} == set(DRAWN_BY)


def _image_test(name: str) -> Callable[[], Figure]:
    @pytest.mark.mpl_image_compare(
        filename=f"drop_in_{name}.png", style="default", savefig_kwargs={"dpi": 100}
    )
    def test() -> Figure:
        # Some libraries change matplotlib's settings when they are imported.
        with plt.rc_context(), warnings.catch_warnings():
            module = load(name)
            warnings.simplefilter("ignore")
            warnings.filterwarnings("error", module="mpl_dantinox")
            figure = module.main()
        # Of ours, what holds no data is no line.
        lines = [line for ax in figure.axes for line in ax.lines]
        ours = [line for line in lines if type(line).__module__.startswith("mpl_dantinox")]
        assert all(len(line.get_xydata()) for line in ours)
        return figure

    return test


test_pandas = _image_test("pandas_plot")
test_seaborn = _image_test("seaborn_relplot")
test_optuna = _image_test("optuna_pareto_front")
test_scienceplots = _image_test("scienceplots_style")
test_mplhep = _image_test("mplhep_histogram")
test_tueplots = _image_test("tueplots_bundle")
test_ultraplot = _image_test("ultraplot_panels")
test_subfigure_mosaic = _image_test("subfigure_mosaic")
