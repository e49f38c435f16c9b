"""Insights in the figures of their readers: pyplot's ways, and Axes of somebody else's."""

import base64
import importlib.util
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from tables import MLA_WINS, many, table

from mpl_dantinox import EndLabels, insight_mla_dial, insight_pareto, insight_serving
from mpl_dantinox.command.main import main
from mpl_dantinox.insights import INSIGHTS
from mpl_dantinox.insights.looks import pale
from mpl_dantinox.insights.report import report
from mpl_dantinox.tables.runs import RunsError

SIZES = Path(__file__).parent / "other_package" / "other_insights.py"


def insight_sizes() -> Any:
    """Return the insight of another package, which is not installed."""
    spec = importlib.util.spec_from_file_location("other_insights_of_tests", SIZES)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.insight_sizes


ALL = {**INSIGHTS, "sizes": insight_sizes()}
# For what is no insight's own business.
TWO = {name: ALL[name] for name in ("pareto", "sizes")}
RUNS = table(MLA_WINS, noise=0.05)


@pytest.fixture(params=ALL.values(), ids=ALL)
def function(request: pytest.FixtureRequest) -> Any:
    return request.param


def words(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


# pyplot's ways


@pytest.mark.parametrize("function", TWO.values(), ids=TWO)
def test_the_figure_is_the_current_one_of_pyplot(function: Any) -> None:
    insight = function(RUNS)
    assert plt.gcf() is insight.figure
    assert len(plt.get_fignums()) == 1
    picture = io.BytesIO()
    plt.savefig(picture, format="rgba", dpi=50)
    assert len(set(picture.getvalue())) > 10


def test_without_pyplot_there_is_a_plain_figure_and_no_import_of_it(tmp_path: Path) -> None:
    code = (
        "import sys; from mpl_dantinox import insight_pareto, sample_runs\n"
        "from mpl_dantinox.command.main import main\n"
        "insight = insight_pareto(sample_runs())\n"
        "assert insight.figure.canvas.manager is None\n"
        "try: insight.show()\n"
        "except RuntimeError as error: print(error)\n"
        "main(['plot', '-q', '--insight', 'pareto'])\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "import matplotlib.pyplot before" in done.stdout


def test_the_command_leaves_no_figures_of_pyplot_behind(tmp_path: Path) -> None:
    assert main(["plot", "-q", "-o", str(tmp_path), "--insight", "pareto"]) == 0
    assert plt.get_fignums() == []


def test_show_shows_what_pyplot_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gcf()))
    insight = insight_pareto(RUNS)
    insight.show()
    assert shown == [insight.figure]


# Axes of somebody else's


def test_it_draws_into_one_axes_and_writes_nothing_else(function: Any) -> None:
    figure, (mine, other) = plt.subplots(1, 2, layout="tight")
    other.plot([1, 2, 3])
    engine, params = figure.get_layout_engine(), dict(mpl.rcParams)
    children, spines = list(figure.get_children()), list(mine.spines.values())
    seen = [(s.get_in_layout(), s.get_visible()) for s in spines]
    limits = other.get_xlim(), other.get_ylim()
    insight = function(RUNS, ax=mine)
    assert insight.figure is figure
    assert list(insight.axes.values()) == [mine]
    assert figure.get_layout_engine() is engine
    assert figure.get_children() == children
    assert plt.get_fignums() == [figure.number]
    assert dict(mpl.rcParams) == params
    assert [(s.get_in_layout(), s.get_visible()) for s in spines] == seen
    assert (other.get_xlim(), other.get_ylim()) == limits
    assert mine.get_title() == mine.get_title("left") == ""
    figure.canvas.draw()
    legends = [child for child in mine.get_children() if isinstance(child, mpl.legend.Legend)]
    for artist in [*mine.texts, *legends]:
        if artist.get_visible():
            box = artist.get_window_extent()
            assert mine.bbox.x0 - 1 <= box.x0 <= box.x1 <= mine.bbox.x1 + 1
    assert not [child for child in mine.get_children() if isinstance(child, EndLabels)]


@pytest.mark.parametrize("name", INSIGHTS)
def test_each_panel_can_be_chosen_and_they_can_be_in_axes_by_name(name: str) -> None:
    whole = INSIGHTS[name](RUNS)
    first, second = whole.axes
    for panel in whole.axes:
        ax = plt.figure().add_subplot()
        assert dict(INSIGHTS[name](RUNS, ax=ax, panels=[panel]).axes) == {panel: ax}
        assert list(INSIGHTS[name](RUNS, panels=panel).axes) == [panel]
    a, b = plt.figure().subplots(1, 2)
    axes = INSIGHTS[name](RUNS, ax={second: a, first: b}).axes
    assert (axes[first], axes[second]) == (b, a)
    assert all([a.get_ylabel(), b.get_ylabel()])


def test_limits_of_the_caller_stay_and_others_follow_the_data(function: Any) -> None:
    ax = plt.figure().add_subplot()
    ax.set_ylim(1.5, 3)
    function(RUNS, ax=ax)
    assert ax.get_ylim() == (1.5, 3)
    assert not ax.get_autoscaley_on()
    assert ax.get_autoscalex_on()


@pytest.mark.parametrize("limits", [(0, 90), (90, 0)])
def test_limits_of_the_caller_with_zero_stay_where_the_axis_would_be_logarithmic(
    function: Any, limits: tuple[float, float]
) -> None:
    for panel in function(RUNS).axes:
        ax = plt.figure().add_subplot()
        ax.set(xlim=limits, ylim=limits)
        function(RUNS, ax=ax, panels=panel)
        ax.figure.canvas.draw()
        assert (ax.get_xlim(), ax.get_ylim()) == (limits, limits)


@pytest.mark.parametrize("place", ["array", "list", "removed", "polar", "3d", "hammer", "figure"])
def test_what_is_no_axes_of_a_figure_is_refused_and_nothing_drawn(
    function: Any, place: str
) -> None:
    figure = plt.figure()
    axes = figure.subplots(1, 2)
    if place in ("polar", "3d", "hammer"):
        ax: Any = figure.add_subplot(projection=place)
    else:
        ax = {"array": axes, "list": [*axes], "removed": axes[0], "figure": figure}[place]
    if place == "removed":
        ax.remove()
    children = [one.get_children() for one in figure.axes]
    with pytest.raises(RunsError, match=r"ax for the panel '.*' is .*; expected an Axes"):
        function(RUNS, ax=ax)
    assert [one.get_children() for one in figure.axes] == children


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"panels": ["ratios"]}, "no panel 'ratios'; did you mean 'ratio'\\? .*throughput, ratio"),
        ({"ax": {"ratoi": None}}, "no panel 'ratoi'; did you mean 'ratio'"),
        ({"panels": ["ratio", "throughput"], "ax": "one"}, "2 panels for one Axes"),
        ({"panels": []}, "0 panels"),
        ({"ax": "one", "fig": "one"}, "fig and ax are both given"),
        ({"fig": "ratio"}, "fig is 'ratio'; expected a Figure"),
        ({"ax": {"ratio": "one"}, "panels": "throughput"}, "ax for the panel 'throughput' is None"),
        ({"highlight": ["MLLA"]}, "no group 'MLLA' to highlight; did you mean 'MLA'"),
        ({"colors": {"MLA": "bleu"}}, "colors\\['MLA'\\] is no color: 'bleu'"),
    ],
)
def test_what_cannot_be_drawn_is_said(given: dict[str, Any], message: str) -> None:
    one = plt.figure()
    made = {"ax": one.add_subplot(), "fig": one}
    given = {key: made[key] if value == "one" else value for key, value in given.items()}
    with pytest.raises(RunsError, match=message):
        insight_serving(RUNS, **given)


@pytest.mark.usefixtures("undrawn")
def test_the_words_are_about_the_panel_that_is_shown() -> None:
    whole, dense = insight_pareto(RUNS), insight_pareto(RUNS, panels="dense")
    assert whole.headline.startswith("Dense + MoE: ")
    assert "MoE" not in dense.headline
    assert dense.facts.shown == ("dense",)


# What is shown


def test_without_words_there_are_none_and_the_legend_can_be_left_out(function: Any) -> None:
    insight = function(RUNS, words=False, legend=False)
    shown = " ".join(words(insight.figure))
    assert insight.headline not in shown
    assert "table" not in shown
    assert not insight.figure.findobj(mpl.legend.Legend)


def test_colours_of_groups_can_be_given() -> None:
    insight = insight_serving(RUNS, colors={"GQA": "#123456", "not there": "red"})
    lines = {line.get_label(): line for line in insight.axes["throughput"].lines}
    assert to_rgb(lines["GQA"].get_color()) == to_rgb("#123456")
    assert to_rgb(lines["MLA"].get_color()) == to_rgb("C0")


def test_a_group_keeps_its_colour_where_another_has_nothing_to_show() -> None:
    runs = many(60, 4).assign(moe=False)
    runs.loc[runs["type"] == "G1", "val_loss"] = np.nan
    (legend,) = insight_pareto(runs).figure.findobj(mpl.legend.Legend)
    handles = legend.legend_handles
    keys = dict(zip((t.get_text() for t in legend.get_texts()), handles, strict=True))
    lines = {
        line.get_label(): line
        for line in insight_serving(runs, baseline="MLA").axes["throughput"].lines
    }
    assert ("G1" in keys, "G1" in lines) == (False, True)
    for group in ("MLA", "G2", "G3"):
        assert to_rgb(keys[group].get_markerfacecolor()) == to_rgb(lines[group].get_color())


# Under the figure


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("function", INSIGHTS.values(), ids=INSIGHTS)
def test_a_caption_says_what_is_shown_of_how_many_runs_and_whence(function: Any) -> None:
    insight = function(RUNS)
    assert insight.caption.startswith(f"{insight.headline}. ")
    assert insight.caption.endswith(".")
    assert "table: " in insight.caption
    assert not insight.caption.endswith("..")


def test_a_caption_is_written_for_latex_too() -> None:
    runs = RUNS.replace({"type": {"GQA": "50% & $x_1$"}})
    assert "50\\% \\& \\$x\\_1\\$" in insight_pareto(runs).caption_latex


@pytest.mark.usefixtures("undrawn")
def test_prose_has_the_captions(tmp_path: Path) -> None:
    RUNS.to_csv(tmp_path / "runs.csv", index=False)
    assert main(["plot", str(tmp_path / "runs.csv"), "-o", str(tmp_path), "-q", "--prose"]) == 0
    told = json.loads((tmp_path / "facts.json").read_text("utf-8"))
    plain, latex = ((tmp_path / f"captions.{kind}").read_text("utf-8") for kind in ("txt", "tex"))
    assert f"insight_2_serving\n\n{told['serving']['caption']}\n" in plain
    assert latex.startswith("\\newcommand{\\dxParetoCaption}{")
    assert latex.count("\n") == 4


# In a notebook


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("function", INSIGHTS.values(), ids=INSIGHTS)
def test_an_insight_is_written_in_one_line(function: Any) -> None:
    insight = function(RUNS)
    assert repr(insight).startswith(f"<Insight {insight.name}: {insight.headline[:20]}")
    assert len(repr(insight)) < 170
    assert "\n" not in str(insight)


@pytest.mark.parametrize("function", TWO.values(), ids=TWO)
def test_a_notebook_gets_pictures_for_every_reader(function: Any) -> None:
    insight = function(RUNS)
    shown = insight._repr_mimebundle_()
    pictures = {"image/png", "image/svg+xml", "application/pdf"}
    assert set(shown) == {"text/plain", "text/html", *pictures}
    assert base64.b64decode(shown["image/png"])[:4] == b"\x89PNG"
    # For LaTeX, into which nbconvert makes a picture of an SVG by a program that few have.
    assert base64.b64decode(shown["application/pdf"])[:4] == b"%PDF"
    assert shown["image/svg+xml"].startswith("<?xml")
    assert f'src="data:image/png;base64,{shown["image/png"]}"' in shown["text/html"]
    assert 'alt="' in shown["text/html"]
    # Else it would be shown again at the end of the cell.
    assert plt.get_fignums() == []


# The command


@pytest.fixture
def csv(tmp_path: Path) -> Iterator[Path]:
    RUNS.to_csv(tmp_path / "runs.csv", index=False)
    return tmp_path / "runs.csv"


@pytest.mark.usefixtures("undrawn")
def test_the_command_draws_single_panels(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--panel", "dense", "--panel", "ratio", "-o", str(csv.parent / "out")]
    assert main(["plot", str(csv), *options]) == 0
    names = {path.stem for path in (csv.parent / "out").glob("*.png")}
    assert names == {"insight_1_pareto", "insight_2_serving", "insight_4_context"}
    assert "insight_3_mla_dial: skipped, it has no such panel" in capsys.readouterr().out
    assert main(["plot", str(csv), "--panel", "rat"]) == 2
    assert "no figure has a panel 'rat'; did you mean 'ratio'?" in capsys.readouterr().err


def test_what_matters_to_one_figure_of_a_report_has_its_colour_in_all() -> None:
    runs = many(300, 15).assign(moe=False)
    made = report(runs, baseline="MLA").insights
    lines = {line.get_label(): line for line in made["serving"].axes["throughput"].lines}
    groups = made["pareto"].facts.panels["dense"].front_counts
    assert 3 < len(groups) < 15
    for group in groups:
        assert to_rgb(lines[group].get_color()) != to_rgb(pale(0.35))


def test_an_insight_of_a_dial_shows_one_panel_where_there_is_room_for_one() -> None:
    assert list(insight_mla_dial(RUNS, fig=plt.figure(figsize=(3.25, 2.4))).axes) == ["quality"]
    assert list(insight_pareto(RUNS, fig=plt.figure(figsize=(3.25, 2.4))).axes) == ["all"]
    assert len(insight_pareto(RUNS, fig=plt.figure(figsize=(6.5, 2.4))).axes) == 2
