"""What the insights draw: their parts, their looks, and where they can be drawn."""

import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import polars as pl
import pytest
from matplotlib.backend_bases import MouseEvent
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from tables import DIAL, GQA_WINS, MLA_WINS, families, machines, many, table

import mpl_dantinox
from mpl_dantinox import (
    Insight,
    insight_context,
    insight_mla_dial,
    insight_pareto,
    insight_serving,
    sample_runs,
)
from mpl_dantinox.command.prose import front_markdown
from mpl_dantinox.contrast import contrast
from mpl_dantinox.insights import INSIGHTS, definitions
from mpl_dantinox.insights.looks import looks
from mpl_dantinox.insights.report import report
from mpl_dantinox.tables.reading import RunsError

ALL = list(INSIGHTS.values())
SHEETS = ["dantinox", "dantinox-paper", "dantinox-talk", "dantinox-dark", "dantinox-cvd"]


def scatters(insight: Insight, panel: str) -> list[PathCollection]:
    return [c for c in insight.axes[panel].collections if isinstance(c, PathCollection)]


# Looks


@pytest.mark.mpl_image_compare(filename="insight_1_pareto.png")
def test_insight_pareto_looks_right() -> Figure:
    return insight_pareto(sample_runs()).figure


@pytest.mark.mpl_image_compare(filename="insight_2_serving.png")
def test_insight_serving_looks_right() -> Figure:
    return insight_serving(sample_runs()).figure


@pytest.mark.mpl_image_compare(filename="insight_3_mla_dial.png")
def test_insight_mla_dial_looks_right() -> Figure:
    return insight_mla_dial(sample_runs()).figure


@pytest.mark.mpl_image_compare(style="mpl_dantinox.styles.dantinox")
def test_insight_of_repeats_shows_what_they_attain() -> Figure:
    runs = many(45, 3).assign(moe=False, seed=np.arange(45) // 9)
    runs.loc[runs["seed"] == 4, "val_loss"] = np.inf
    return insight_pareto(runs, block="seed", attainment=True).figure


@pytest.mark.parametrize("function", ALL, ids=INSIGHTS)
@pytest.mark.mpl_image_compare(
    style=["mpl_dantinox.styles.dantinox", "dantinox-paper", "dantinox-cvd"]
)
def test_insight_in_a_column(function: Any) -> Figure:
    return function(sample_runs()).figure


@pytest.mark.parametrize("function", ALL, ids=INSIGHTS)
@pytest.mark.mpl_image_compare(style=["mpl_dantinox.styles.dantinox", "dantinox-dark"])
def test_insight_on_a_dark_page(function: Any) -> Figure:
    return function(sample_runs()).figure


@pytest.mark.parametrize("function", ALL, ids=INSIGHTS)
@pytest.mark.mpl_image_compare
def test_insight_where_gqa_wins(function: Any) -> Figure:
    return function(table(GQA_WINS, noise=0.03)).figure


# Opacity, markers and their areas


def test_front_points_are_dark_and_dominated_ones_pale() -> None:
    runs = table(MLA_WINS, seed=4, noise=0.2).sample(frac=1, random_state=1).reset_index(drop=True)
    insight = insight_pareto(runs)
    for name, panel in insight.facts.panels.items():
        page = insight.axes[name].get_facecolor()
        front = {(run.cost, run.quality) for run in panel.front}
        seen: dict[tuple[float, float], float] = {}
        for collection in scatters(insight, name):
            (color,) = collection.get_facecolor()
            assert color[3] == 1
            for point in collection.get_offsets():
                seen[tuple(np.asarray(point).tolist())] = contrast(color, page)
        assert len(seen) == panel.n_runs
        assert min(ratio for point, ratio in seen.items() if point in front) >= 2.99
        pale = [ratio for point, ratio in seen.items() if point not in front]
        assert min(pale) >= 2
        assert max(pale) < 2.3


@pytest.mark.parametrize("sheet", SHEETS)
def test_however_many_dominated_runs_lie_on_each_other_one_on_the_front_is_darker(
    sheet: str,
) -> None:
    rng = np.random.default_rng(0)
    crowd = pd.DataFrame({"val_loss": rng.normal(3, 0.01, 3000), "type": "GQA"})
    alone = pd.DataFrame({"val_loss": [2.0], "type": ["MHA"]})
    runs = pd.concat([crowd, alone]).assign(theoretical_cache_mb=lambda f: f["val_loss"] * 2)
    with plt.style.context(["dantinox", sheet]):
        insight = insight_pareto(runs, words=False, legend=False)
        ax = insight.axes["all"]
        ax.grid(False)
        picture = io.BytesIO()
        insight.figure.savefig(picture, format="rgba", dpi=100)
        page = to_rgb(ax.get_facecolor())
        width, height = (int(inches * 100 + 1e-6) for inches in insight.figure.get_size_inches())
    pixels = np.frombuffer(picture.getvalue(), np.uint8).reshape(height, width, 4)[..., :3] / 255

    def darkest(point: tuple[float, float], reach: int) -> float:
        x, y = ax.transData.transform(point) * 100 / insight.figure.dpi
        row, column = height - int(y), int(x)
        around = pixels[row - reach : row + reach + 1, column - reach : column + reach + 1]
        return max(contrast(tuple(pixel), page) for pixel in around.reshape(-1, 3))

    assert darkest((6.0, 3.0), 2) < 2.3 < 2.9 < darkest((4.0, 2.0), 1)


def test_marker_area_is_proportional_to_parameters_above_a_floor() -> None:
    runs = pd.DataFrame(
        {
            "type": "A",
            "params_m": [1e-3, 50.0, 100.0],
            "val_loss": [3.0, 2.0, 1.0],
            "theoretical_cache_mb": [1.0, 2.0, 3.0],
        }
    )
    (collection,) = scatters(insight_pareto(runs), "all")
    smallest, half, largest = sorted(collection.get_sizes())
    assert half / largest == pytest.approx(0.5)
    assert smallest / largest > 0.1


def test_moe_runs_are_triangles_and_dense_ones_circles() -> None:
    insight = insight_pareto(table(MLA_WINS))
    # The outline is what the first polygon encloses.
    corners = {
        name: {len(c.get_paths()[0].to_polygons()[0]) for c in scatters(insight, name)}
        for name in insight.axes
    }
    assert min(corners["dense"]) > 10
    assert min(corners["all"]) == 4


def test_each_group_has_a_marker_of_its_own_and_a_line_style() -> None:
    for n in (3, 8, 12):
        groups = ["MLA", *(f"G{i}" for i in range(1, n))]
        every = looks(groups, highlight=groups).values()
        assert len({(look.slot, look.hollow, str(look.color)) for look in every}) == n
        assert len({(str(look.linestyle), str(look.color)) for look in every}) == n
    four = list(looks(["MLA", "GQA", "MHA", "TPA"]).values())
    assert len({look.marker("o").vertices.tobytes() for look in four}) == 4
    assert len({str(look.linestyle) for look in four}) == 4


def test_panels_of_one_quantity_share_their_axes() -> None:
    dense, every = insight_pareto(table(MLA_WINS)).axes.values()
    assert dense.get_ylim() == every.get_ylim()
    assert dense.get_xlim() == every.get_xlim()
    assert every.get_ylabel() == ""


@pytest.mark.parametrize(
    ("function", "role", "panel", "axis"),
    [
        (insight_pareto, "cost", "dense", "x"),
        (insight_pareto, "quality", "dense", "y"),
        (insight_serving, "cache", "throughput", "x"),
        (insight_serving, "tps", "throughput", "y"),
        (insight_mla_dial, "dial", "quality", "x"),
        (insight_mla_dial, "quality", "quality", "y"),
        (insight_mla_dial, "cost", "cost", "y"),
    ],
)
@pytest.mark.parametrize("log", [True, False])
def test_a_scale_that_was_asked_for_is_used(
    function: Any, role: str, panel: str, axis: str, log: bool
) -> None:
    ax = function(table(MLA_WINS), log={role: log}).axes[panel]
    assert getattr(ax, f"get_{axis}scale")() == ("log" if log else "linear")


def test_each_axis_says_which_way_is_better() -> None:
    insight = insight_mla_dial(table(MLA_WINS), maximize=["cost"])
    said = {name: ax.get_ylabel().split("\n")[1] for name, ax in insight.axes.items()}
    assert said == {"quality": "lower is better", "cost": "higher is better"}


def test_a_log_axis_of_data_below_zero_is_refused() -> None:
    runs = table(MLA_WINS)
    runs.loc[0, "val_loss"] = -1
    with pytest.raises(RunsError, match="log\\['quality'\\] is for values above zero"):
        insight_pareto(runs, log={"quality": True})


def test_there_is_one_collection_per_group_marker_and_standing() -> None:
    rng = np.random.default_rng(0)
    n = 10_000
    runs = pd.DataFrame(
        {
            "type": rng.choice(["MLA", "GQA", "MHA"], n),
            "moe": rng.random(n) < 0.3,
            "val_loss": rng.random(n) + 1,
            "theoretical_cache_mb": rng.random(n) + 1,
        }
    )
    insight = insight_pareto(runs)
    assert len(scatters(insight, "all")) <= 3 * 2 * 2
    assert sum(len(c.get_offsets()) for c in scatters(insight, "all")) == n


# Panels


@pytest.mark.parametrize(
    ("moe", "panels"),
    [([False, False], ["dense"]), ([True, True], ["all"]), ([True, False], ["dense", "all"])],
)
def test_a_panel_that_would_show_nothing_of_its_own_is_left_out(
    moe: list[bool], panels: list[str]
) -> None:
    runs = pd.DataFrame({"type": ["A", "B"], "moe": moe, "val_loss": [1.0, 2.0],
                         "theoretical_cache_mb": [2.0, 1.0]})  # fmt: skip
    assert list(insight_pareto(runs).axes) == panels


@pytest.mark.parametrize("groups", [["MHA"], ["MLA", "GQA"]])
def test_without_a_ratio_there_is_no_ratio_panel(groups: list[str]) -> None:
    runs = table({g: MLA_WINS[g] for g in groups})
    assert list(insight_serving(runs).axes) == ["throughput"]


# Where the figures can be drawn


@pytest.mark.parametrize("function", ALL, ids=INSIGHTS)
def test_an_insight_fits_into_a_figure_or_a_part_of_one(function: Any) -> None:
    runs = table(MLA_WINS)
    whole = plt.figure(figsize=(9, 4))
    assert function(runs, fig=whole).figure is whole
    assert whole.get_size_inches().tolist() == [9, 4]
    parts = plt.figure(figsize=(9, 9), layout="constrained").subfigures(2, 1)
    assert function(runs, fig=parts[1]).figure is parts[1]
    assert not parts[0].axes
    parts[1].canvas.draw()


@pytest.mark.parametrize("function", ALL, ids=INSIGHTS)
def test_an_insight_is_as_wide_as_its_panels(function: Any) -> None:
    with plt.rc_context({"figure.figsize": (4, 3)}):
        insight = function(table(MLA_WINS))
    width, height = insight.figure.get_size_inches()
    assert width == 4 * len(insight.axes)
    assert 3 < height < 4.5


@pytest.mark.parametrize("function", ALL, ids=INSIGHTS)
def test_a_figure_of_an_insight_survives_pickling(function: Any) -> None:
    figure = function(table(MLA_WINS)).figure
    again = pickle.loads(pickle.dumps(figure))
    before, after = io.BytesIO(), io.BytesIO()
    figure.savefig(before, format="rgba", dpi=60)
    again.savefig(after, format="rgba", dpi=60)
    assert before.getvalue() == after.getvalue()


def test_saving_leaves_an_older_file_alone_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "figure.nothing"
    path.write_text("older")
    with pytest.raises(ValueError, match="nothing"):
        insight_pareto(table(MLA_WINS)).save(path)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("which", ["front", "dominated"])
def test_hovering_a_run_tells_its_name_and_numbers(which: str) -> None:
    figure = plt.figure()
    runs = pd.DataFrame(
        {
            "type": ["MLA", "GQA", "MHA"],
            "params_m": [5.0, 10.0, 15.0],
            "val_loss": [3.0, 2.0, 2.55],
            "theoretical_cache_mb": [1.0, 2.0, 3.0],
            "moe": False,
        }
    )
    insight = insight_pareto(runs, fig=figure)
    figure.canvas.draw()
    ax = insight.axes["dense"]
    markers = next(c for c in ax.collections if c.get_gid() == which)
    cache, loss = markers.get_offsets()[0]
    (note,) = (text for text in ax.texts if text.get_gid() == "hover")
    assert not note.get_visible()

    def move(x: float, y: float) -> None:
        event = MouseEvent("motion_notify_event", figure.canvas, x, y)
        figure.canvas.callbacks.process("motion_notify_event", event)

    move(*ax.transData.transform((cache, loss)))
    assert note.get_visible()
    expected = {"front": "MLA, dense, 5 M", "dominated": "MHA, dense, 15 M"}[which]
    assert note.get_text().startswith(expected)
    assert f"cache {cache:g} MB, loss {loss:.2f}" in note.get_text()
    move(0, 0)
    assert not note.get_visible()


def test_runs_are_not_called_dense_where_no_column_tells() -> None:
    runs = table(MLA_WINS).query("~moe").drop(columns="moe")
    for function in (insight_pareto, insight_serving, insight_mla_dial):
        insight = function(runs)
        words = [text.get_text() for text in insight.figure.findobj(plt.Text)]
        assert "dense" not in " ".join([*words, insight.headline, insight.alt_text]).lower()
    panel = insight_pareto(runs).facts.panels["all"]
    assert panel.n_runs == len(runs)
    assert {run.moe for run in panel.front} == {None}


@pytest.mark.parametrize(
    ("ends", "keys"),
    [((7, 70_000), {"7 M", "70 B parameters"}), ((2_000, 1e6), {"2 B", "1 T parameters"})],
)
def test_sizes_are_millions_billions_or_trillions(
    ends: tuple[float, float], keys: set[str]
) -> None:
    runs = table(MLA_WINS).assign(params_m=lambda f: np.linspace(*ends, len(f)))
    texts = insight_pareto(runs).figure.findobj(plt.Text)
    assert keys <= {text.get_text() for text in texts}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_runs_on_the_front_go_by_their_own_names(make: Callable[[Any], Any]) -> None:
    runs = table(MLA_WINS).assign(Model=lambda f: [f"m{row}" for row in f.index])
    for name in (runs["Model"], None):
        data = runs.assign(Model=name).to_dict("list")
        facts = insight_pareto(make(data)).facts
        for run in facts.panels["all"].front:
            assert run.name == (None if name is None else f"m{run.row}")
    again = report(make(runs.to_dict("list")), insights=["pareto"]).to_dict()
    assert "| m" in front_markdown(again)


def test_a_crowd_is_one_image_under_the_front() -> None:
    runs = many(3000, 3)
    insight = insight_pareto(runs, density=True)
    ax = insight.axes["all"]
    drawn = sum(len(c.get_offsets()) for c in scatters(insight, "all"))
    assert drawn == len(insight.facts.panels["all"].front)
    (image,) = ax.images
    assert image.get_zorder() < min(c.get_zorder() for c in scatters(insight, "all"))
    assert np.count_nonzero(image.get_array()[..., 3]) > 500
    x0, x1, _, _ = image.get_extent()
    assert (10**x0, 10**x1) == pytest.approx(
        (runs["theoretical_cache_mb"].min(), runs["theoretical_cache_mb"].max()), rel=0.05
    )
    assert "density" in "".join(t.get_text() for t in insight.figure.findobj(plt.Text))


@pytest.mark.mpl_image_compare(filename="insight_1_pareto_density.png")
def test_a_crowd_looks_like_one() -> Figure:
    return insight_pareto(many(25_000, 3)).figure


@pytest.mark.parametrize("names", [False, True], ids=["families", "models"])
@pytest.mark.mpl_image_compare(savefig_kwargs={"dpi": 100})
def test_models_of_many_families(names: bool) -> Figure:
    columns = {"group": "Model Family", "quality": "MMLU", "cost": "FLOPs (1E21)", "name": "Model"}
    return insight_pareto(families(), names=names, params="Model Size (B)", **columns).figure


@pytest.mark.mpl_image_compare(savefig_kwargs={"dpi": 100})
def test_thousands_of_measurements() -> Figure:
    columns = {"group": "Hardware", "quality": "Throughput", "cost": "Latency"}
    return insight_pareto(machines(), units={"cost": "s"}, **columns).figure


@pytest.mark.parametrize("function", [insight_serving, insight_mla_dial, insight_context])
@pytest.mark.mpl_image_compare(savefig_kwargs={"dpi": 100})
def test_five_groups(function: Any) -> Figure:
    return function(many(100, 5)).figure


# Pictures of each by itself stand for it.
@pytest.mark.exhaustive
@pytest.mark.mpl_image_compare(filename="contact_sheet.png", savefig_kwargs={"dpi": 100})
def test_every_insight_under_every_sheet() -> Figure:
    sheet = Figure((18, 13.5), facecolor="0.5", layout="constrained")
    axes = sheet.subplots(len(SHEETS), len(ALL))
    for row, name in zip(axes, SHEETS, strict=True):
        for ax, function in zip(row, ALL, strict=True):
            with plt.style.context(["mpl_dantinox.styles.dantinox", name], after_reset=True):
                picture = io.BytesIO(function(sample_runs()).render("png", dpi=110))
            ax.imshow(plt.imread(picture), interpolation="antialiased")
            ax.set_axis_off()
    return sheet


# The faults of old that are not a matter of facts


def test_the_sweep_of_budgets_reaches_the_last_device() -> None:
    insight = insight_serving(table(MLA_WINS))
    for ax in insight.axes.values():
        assert ax.get_xlim() == (0.5, 80)
    for line in insight.axes["throughput"].lines[:3]:
        name = str(line.get_label())
        group = insight.facts.groups[name]
        x, y = line.get_data()
        assert x[-1] == 80
        scale = 1e6 if group.total_tps >= 1e7 else 1e3
        assert y[-1] * scale == pytest.approx(group.total_tps) or y[-1] > 0


def test_reference_bands_do_not_widen_the_axes() -> None:
    insight = insight_mla_dial(table(MLA_WINS))
    low, high = insight.axes["cost"].get_xlim()
    assert DIAL[0] / 1.5 < low < DIAL[0]
    assert DIAL[-1] < high < DIAL[-1] * 1.5


@pytest.mark.parametrize(("spread", "scale"), [(20.0, "log"), (5.0, "linear")])
def test_the_cache_axis_is_logarithmic_from_a_decade_on(spread: float, scale: str) -> None:
    runs = pd.DataFrame(
        {"type": "A", "val_loss": [2.0, 1.0], "theoretical_cache_mb": [1.0, spread]}
    )
    assert insight_pareto(runs).axes["all"].get_xscale() == scale


def test_bands_are_called_what_they_are() -> None:
    runs = table(MLA_WINS, noise=0.1)
    envelope, quartiles = (insight_serving(runs, band=band) for band in ("envelope", "runs"))

    def texts(insight: Insight) -> str:
        return "\n".join(t.get_text() for t in insight.figure.findobj(plt.Text))

    assert "envelope of both factors' quartiles" in texts(envelope).replace("\n", " ")
    assert "quartiles over runs" in texts(quartiles).replace("\n", " ")
    assert "IQR" not in texts(envelope) + texts(insight_mla_dial(runs))


def test_a_run_without_a_clean_boolean_breaks_nothing() -> None:
    runs = table(MLA_WINS).astype({"moe": object})
    runs["moe"] = runs["moe"].map({True: "True", False: 0})
    runs.loc[0, "moe"] = None
    for function in ALL:
        function(runs)


def test_importing_the_package_is_enough_to_reach_everything() -> None:
    assert all(getattr(mpl_dantinox, name) is not None for name in mpl_dantinox.__all__)
    assert set(mpl_dantinox.__all__) <= set(dir(mpl_dantinox))


@pytest.mark.parametrize("n", [5_000, 30_000])
def test_files_of_vectors_stay_small_and_keep_the_front_as_vectors(n: int) -> None:
    insight = insight_pareto(many(n, 3))
    svg = insight.render("svg")
    assert len(svg) < 3_000_000
    assert len(insight.render("pdf")) < 3_000_000
    assert svg.count(b"<image") >= len(insight.axes)
    assert b'id="front"' in svg


@pytest.mark.parametrize("name", INSIGHTS)
def test_math_in_a_label_that_cannot_be_read_is_one_error(name: str) -> None:
    role = definitions()[name].needs[-1]
    with pytest.raises(RunsError, match=f"'{role}': matplotlib cannot read the math"):
        INSIGHTS[name](sample_runs(), labels={role: r"$\frac$"})


@pytest.mark.parametrize("dpi", [50, 300])
def test_saving_leaves_a_window_as_large_as_it_is(
    dpi: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = plt.figure()
    insight = insight_serving(table(MLA_WINS), fig=figure)
    sizes: list[tuple[float, float]] = []
    monkeypatch.setattr(figure.canvas.manager, "resize", lambda *size: sizes.append(size))
    canvas, before = figure.canvas, figure.dpi
    with plt.rc_context({"savefig.dpi": dpi}):
        picture = plt.imread(insight.save(tmp_path / "figure.png"))
    assert picture.shape[1] == int(figure.get_figwidth() * dpi)
    assert sizes == []
    assert (figure.canvas, figure.dpi) == (canvas, before)
