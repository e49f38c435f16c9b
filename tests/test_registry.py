"""What importing the package does to matplotlib."""

import subprocess
import sys

import matplotlib
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from mpl_dantinox import axes
from mpl_dantinox.registry import register, style_library_paths

# For what has to be seen in an interpreter of its own.
IMPORT = "import mpl_dantinox, matplotlib, matplotlib.style as style\n"


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_import_brings_in_neither_pyplot_nor_pandas_nor_narwhals() -> None:
    code = "import sys, mpl_dantinox; print(*sys.modules)"
    assert not {"matplotlib.pyplot", "pandas", "narwhals"}.intersection(run(code).split())


def test_what_tests_of_figures_import_brings_in_neither_pyplot_nor_pytest() -> None:
    code = "import sys, mpl_dantinox.testing; print(*sys.modules)"
    assert not {"matplotlib.pyplot", "pandas", "pytest"}.intersection(run(code).split())
    run("from mpl_dantinox.testing.fixtures import reproducible_figures")


def test_sheets_are_available_by_name_and_survive_a_reload_of_the_library() -> None:
    code = (
        "style.use('dantinox'); style.reload_library(); style.use('dantinox')\n"
        "print('dantinox' in style.available, matplotlib.rcParams['savefig.dpi'])"
    )
    assert run(IMPORT + code) == "True 180.0"


def test_sheet_of_the_package_needs_no_import() -> None:
    code = "import matplotlib.style as s; s.use('mpl_dantinox.styles.dantinox')"
    run(code)


@pytest.mark.parametrize("ours_first", [True, False])
def test_other_packages_keep_their_styles(ours_first: bool) -> None:
    # SciencePlots warns of its own use of matplotlib, which is not what is tested.
    theirs = (
        "import warnings\n"
        "with warnings.catch_warnings():\n"
        "    warnings.simplefilter('ignore')\n"
        "    import scienceplots\n"
    )
    code = IMPORT + theirs if ours_first else theirs + IMPORT
    code += "style.use(['science', 'no-latex', 'dantinox']); print('science' in style.available)"
    assert run(code) == "True"


def test_a_sheet_that_its_user_edited_is_not_replaced(tmp_path: object) -> None:
    code = (
        f"import os; os.environ['MPLCONFIGDIR'] = {str(tmp_path)!r}\n"
        f"import pathlib; folder = pathlib.Path({str(tmp_path)!r}) / 'stylelib'; folder.mkdir()\n"
        "(folder / 'dantinox.mplstyle').write_text('savefig.dpi: 77')\n" + IMPORT
    )
    used = "style.use('dantinox'); print(matplotlib.rcParams['savefig.dpi'])\n"
    assert run(f"{code}{used}style.reload_library()\n{used}") == "77.0\n77.0"


def test_registering_twice_changes_nothing() -> None:
    before = len(style_library_paths())
    register()
    assert len(style_library_paths()) == before


def test_colors_and_their_sequence_have_names() -> None:
    cycle = [to_hex(color) for color in matplotlib.color_sequences["dantinox"]]
    assert to_hex("dantinox:mla") == cycle[0] == "#3a86ff"
    assert len(cycle) == 8


def test_the_projection_has_the_helpers_as_methods() -> None:
    ax = Figure().add_subplot(projection="dantinox")
    assert type(ax).ref_band is axes.ref_band
    assert type(ax).pareto_step is axes.pareto_step
