"""What the sheets promise, computed from the sheets."""

import itertools
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import matplotlib.style
import numpy as np
import pytest
from colorspacious import cspace_convert
from kinds import contact_sheet
from matplotlib.axes import Axes
from matplotlib.colors import rgb_to_hsv, to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, font_scalings
from numpy.typing import NDArray

from mpl_dantinox.testing import legibility

SHEETS = Path(__file__).parent.parent / "styles"
NAMES = ["dantinox", "dantinox-paper", "dantinox-talk", "dantinox-dark", "dantinox-cvd"]
MODIFIERS = NAMES[1:]
LIGHT = ["dantinox", "dantinox-cvd"]
DARK = ["dantinox", "dantinox-dark", "dantinox-cvd"]
PRINTED = ["dantinox", "dantinox-paper", "dantinox-cvd"]
# The base, and each modifier on it.
LOOKS = [["dantinox"], *(["dantinox", name] for name in MODIFIERS)]
PAGE = {"figure.facecolor", "figure.edgecolor", "axes.facecolor"}
SIZES = ("figure.titlesize", "axes.titlesize", "axes.labelsize", "xtick.labelsize")
SIZES += ("ytick.labelsize", "legend.fontsize", "legend.title_fontsize", "figure.labelsize")


def sheet(name: str) -> dict[str, object]:
    """Return what one file sets."""
    return dict(mpl.rc_params_from_file(SHEETS / f"{name}.mplstyle", use_default_template=False))


def composed(*names: str) -> dict[str, object]:
    """Return the rcParams in force after the sheets, in that order."""
    with matplotlib.style.context([SHEETS / f"{name}.mplstyle" for name in names]):
        return dict(mpl.rcParams)


def paths(*names: str) -> list[str]:
    return [f"mpl_dantinox.styles.{name}" for name in names]


def cycle(*names: str) -> list[str]:
    return [color.lstrip("#") for color in composed(*names)["axes.prop_cycle"].by_key()["color"]]


def contrast(color: object, ground: object) -> float:
    """Return the contrast ratio of WCAG 2."""
    rgb = np.array([to_rgb(color), to_rgb(ground)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


def sights(colors: list[str]) -> dict[str, NDArray[np.float64]]:
    """Return the colours as they are seen with and without full dichromacy, in CAM02-UCS."""
    rgb = np.array([to_rgb(f"#{color}") for color in colors])
    seen = {"normal": rgb}
    for kind in ("deuteranomaly", "protanomaly", "tritanomaly"):
        space = {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}
        seen[kind] = np.clip(cspace_convert(rgb, space, "sRGB1"), 0, 1)
    return {kind: cspace_convert(values, "sRGB1", "CAM02-UCS") for kind, values in seen.items()}


def test_every_sheet_is_one_of_the_five() -> None:
    assert sorted(path.stem for path in SHEETS.glob("*.mplstyle")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_is_read_without_a_warning(name: str) -> None:
    # Warnings are errors here; an unknown parameter is only logged, and then missing.
    lines = (SHEETS / f"{name}.mplstyle").read_text().splitlines()
    written = {line.split(":")[0] for line in lines if line and not line.startswith("#")}
    assert written == set(sheet(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_block_of_a_sheet_begins_with_a_comment(name: str) -> None:
    blocks = (SHEETS / f"{name}.mplstyle").read_text().strip().split("\n\n")
    assert all(block.startswith("#") for block in blocks)


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_leaves_the_session_alone(name: str) -> None:
    kept = ("backend", "interactive", "toolbar", "timezone", "keymap.", "webagg.", "tk.", "macosx.")
    kept += ("figure.max_open", "figure.raise", "savefig.directory", "savefig.format", "docstring.")
    kept += ("figure.autolayout", "text.usetex", "figure.dpi")
    assert not [key for key in sheet(name) if key.startswith(kept)]


@pytest.mark.parametrize("name", ["dantinox", "dantinox-dark", "dantinox-cvd"])
def test_only_sheets_about_sizes_choose_a_layout(name: str) -> None:
    assert not [key for key in sheet(name) if key.startswith("figure.constrained")]


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(MODIFIERS, 2)))
def test_modifiers_compose_in_any_order(first: str, second: str) -> None:
    if first == "dantinox-paper" and second in ("dantinox-talk", "dantinox-dark"):
        pytest.skip("a figure is for a paper or for a talk, and paper is white")
    assert composed("dantinox", first, second) == composed("dantinox", second, first)


def test_the_look_of_the_three_kinds_of_attention() -> None:
    assert cycle("dantinox")[:3] == ["3A86FF", "FF6B35", "2DC653"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("figure.facecolor", "#F8F9FA"),
        ("axes.facecolor", "#F8F9FA"),
        ("savefig.facecolor", "auto"),
        ("axes.spines.top", False),
        ("axes.spines.right", False),
        ("axes.grid", True),
        ("grid.linestyle", "--"),
        ("grid.alpha", 0.2),
        ("axes.titleweight", "bold"),
        ("axes.titlelocation", "left"),
        ("savefig.dpi", 180),
        ("pdf.fonttype", 42),
    ],
)
def test_the_look_of_the_sheet(key: str, value: object) -> None:
    assert sheet("dantinox")[key] == value


@pytest.mark.parametrize("names", [["dantinox"], LIGHT, DARK])
def test_a_cycle_has_eight_colours_that_differ(names: list[str]) -> None:
    assert len(set(cycle(*names))) == 8


@pytest.mark.parametrize("names", [LIGHT, DARK, PRINTED])
@pytest.mark.parametrize("sight", ["normal", "deuteranomaly", "protanomaly", "tritanomaly"])
def test_everybody_can_tell_the_cycle_apart(names: list[str], sight: str) -> None:
    seen = sights(cycle(*names))[sight]
    pairs = itertools.combinations(seen, 2)
    assert min(np.linalg.norm(one - other) for one, other in pairs) >= 18


@pytest.mark.parametrize("names", [LIGHT, DARK, PRINTED])
def test_the_cycle_stands_out_from_its_page(names: list[str]) -> None:
    page = composed(*names)["axes.facecolor"]
    assert min(contrast(f"#{color}", page) for color in cycle(*names)) >= 3


def test_the_first_three_are_still_a_blue_an_orange_and_a_green() -> None:
    hues = rgb_to_hsv([to_rgb(f"#{color}") for color in cycle(*LIGHT)[:3]])[:, 0] * 360
    low, high = [200, 10, 100], [240, 40, 160]
    assert ((hues >= low) & (hues <= high)).all()


@pytest.mark.parametrize("names", LOOKS, ids="+".join)
@pytest.mark.parametrize("ink", ["text.color", "axes.labelcolor", "xtick.color", "ytick.color"])
def test_text_stands_out_from_its_page(names: list[str], ink: str) -> None:
    params = composed(*names)
    assert contrast(params[ink], params["figure.facecolor"]) >= 4.5


@pytest.mark.parametrize("name", NAMES)
def test_sizes_are_relative_to_one_number(name: str) -> None:
    assert all(sheet(name)[key] in font_scalings for key in SIZES if key in sheet(name))


@pytest.mark.parametrize("names", [["dantinox", "dantinox-paper"], PRINTED])
def test_nothing_in_a_paper_goes_below_six_points(names: list[str]) -> None:
    params = composed(*names)
    with mpl.rc_context({"font.size": params["font.size"]}):
        sizes = [FontProperties(size=params[key]).get_size_in_points() for key in SIZES]
    assert min(sizes) >= 6


def test_a_paper_is_one_column_of_eight_points() -> None:
    params = composed("dantinox", "dantinox-paper")
    assert (params["figure.figsize"][0], params["font.size"]) == (3.25, 8)


def test_a_paper_is_white() -> None:
    params = composed("dantinox", "dantinox-paper")
    assert {to_rgb(params[key]) for key in PAGE} == {(1, 1, 1)}


def test_every_modifier_is_about_one_thing() -> None:
    sizes, dark, colors = (
        set(sheet("dantinox-paper")) - PAGE | set(sheet("dantinox-talk")),
        set(sheet("dantinox-dark")),
        set(sheet("dantinox-cvd")),
    )
    shared = (sizes & dark) | (sizes & colors) | (dark & colors)
    assert not shared


def test_box_plots_on_a_dark_page_are_in_ink() -> None:
    with mpl.style.context(["default", *paths("dantinox", "dantinox-dark")]):
        drawn = plt.figure().add_subplot().boxplot([0.0, 1, 2, 3, 40], showfliers=True)
        ink = to_rgb(mpl.rcParams["text.color"])
    assert {to_rgb(fliers.get_markeredgecolor()) for fliers in drawn["fliers"]} == {ink}
    for part in ("boxes", "whiskers", "caps"):
        assert {to_rgb(line.get_color()) for line in drawn[part]} == {ink}, part


def test_hatches_on_a_dark_page_are_in_ink() -> None:
    with mpl.style.context(["default", *paths("dantinox", "dantinox-dark")]):
        page, ink = (to_rgb(mpl.rcParams[key]) for key in ("axes.facecolor", "text.color"))
        mpl.rcParams["hatch.linewidth"] = 20
        fig = plt.figure(figsize=(1, 1), dpi=100)
        ax = fig.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[])
        ax.bar(0, 1, hatch="-", color=page)
        fig.canvas.draw()
    seen = np.unique(np.asarray(fig.canvas.buffer_rgba())[..., :3].reshape(-1, 3), axis=0)
    assert np.abs(seen / 255 - ink).max(axis=1).min() < 0.003
    assert seen.max() <= round(max(ink) * 255)


@pytest.mark.parametrize("name", ["dantinox-paper", "dantinox-talk"])
def test_minor_ticks_are_three_fifths_of_the_major_ones(name: str) -> None:
    with mpl.style.context(["default", *paths("dantinox", name)]):
        ax = plt.figure().add_subplot()
        ax.minorticks_on()
        for axis in (ax.xaxis, ax.yaxis):
            major, minor = axis.get_major_ticks()[0], axis.get_minor_ticks(1)[0]
            length = [tick.tick1line.get_markersize() for tick in (minor, major)]
            width = [tick.tick1line.get_markeredgewidth() for tick in (minor, major)]
            assert length[0] / length[1] == pytest.approx(3 / 5)
            assert width[0] / width[1] == pytest.approx(2 / 3, abs=0.01)


@pytest.mark.parametrize("names", [["dantinox"], ["dantinox", "dantinox-dark"]], ids="+".join)
def test_the_grid_is_as_faint_in_three_dimensions(names: list[str]) -> None:
    # There the lines have the colour of the grid, and not its alpha.
    params = composed(*names)
    assert to_rgba(params["grid.color"])[3] == params["grid.alpha"]


@pytest.mark.parametrize("name", ["dantinox", "dantinox-paper", "dantinox-talk"])
def test_box_plots_are_as_thin_as_the_frame(name: str) -> None:
    params = composed("dantinox", name)
    widths = {params[f"boxplot.{part}props.linewidth"] for part in ("box", "whisker", "cap")}
    assert widths == {params["axes.linewidth"]}
    assert params["boxplot.medianprops.linewidth"] == params["lines.linewidth"]


def subplots() -> Axes:
    _, ax = plt.subplots()
    ax.plot([0, 12345, 54321], [10000, 99999, 40000])
    return ax


def state_machine() -> Axes:
    plt.figure()
    plt.plot([0, 12345, 54321], [10000, 99999, 40000])
    return plt.gca()


def colorbar() -> Axes:
    fig, ax = plt.subplots()
    shown = ax.scatter([0, 12345, 54321], [10000, 99999, 40000], c=[10000, 50000, 99999])
    fig.colorbar(shown, label="Tokens\nper second")
    return ax


@pytest.mark.parametrize("names", LOOKS + [[name] for name in MODIFIERS[:2]], ids="+".join)
@pytest.mark.parametrize("plot", [subplots, state_machine, colorbar])
@pytest.mark.parametrize(
    "lines", [pytest.param("{} (GB)", marks=pytest.mark.exhaustive), "{}\non two lines"]
)
def test_no_label_is_clipped(names: list[str], plot: Callable[[], Axes], lines: str) -> None:
    with mpl.style.context(["default", *paths(*names)]):
        ax = plot()
        ax.set(**{key: lines.format(key) for key in ("xlabel", "ylabel", "title")})
        page = ax.figure.bbox_inches
        ax.figure.canvas.draw()
        ink = ax.figure.get_tightbbox()
    assert (ink.min >= page.min).all()
    assert (ink.max <= page.max).all()


@pytest.mark.parametrize("name", ["dantinox-paper", "dantinox-talk"])
def test_several_panels_do_not_run_into_each_other(name: str) -> None:
    with mpl.style.context(["default", *paths("dantinox", name)]):
        fig, axs = plt.subplots(2, 2)
        for ax in axs.flat:
            ax.plot([0.001, 0.002], [10000, 20000])
            ax.set(xlabel="Cost", ylabel="Loss", title="Panel")
        assert legibility(fig) == []


# Pictures of the first five stand for them: what cannot be read any more looks otherwise. Of the
# last two, which have the cycle for all sights, one stands for both.
@pytest.mark.parametrize(
    "names",
    [*(pytest.param(names, marks=pytest.mark.exhaustive) for names in [*LOOKS, DARK]), PRINTED],
    ids="+".join,
)
def test_every_kind_of_plot_can_be_read(names: list[str]) -> None:
    with mpl.style.context(["default", *paths(*names)]):
        found = legibility(contact_sheet())
    # Before matplotlib 3.11 the layout leaves too little room below three dimensions.
    if mpl.__version_info__ < (3, 11):
        found = [one for one in found if one.kind != "outside"]
    assert found == []


@pytest.mark.parametrize(
    "names",
    [
        # As wide in pixels as it takes to read, whatever the size of the sheet's figures.
        pytest.param(
            names,
            marks=[
                pytest.mark.mpl_image_compare(
                    filename=f"sheet_{names[-1].replace('-', '_')}.png",
                    style=paths(*names),
                    savefig_kwargs={"dpi": dpi},
                ),
                *([pytest.mark.exhaustive] if dpi > 60 or names[-1].endswith("cvd") else []),
            ],
        )
        for names, dpi in zip(LOOKS, (60, 100, 50, 60, 60), strict=True)
    ],
    ids="+".join,
)
def test_every_kind_of_plot_looks_as_it_did(names: list[str]) -> Figure:
    return contact_sheet()
