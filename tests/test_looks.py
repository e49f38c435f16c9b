"""What tells groups apart, keys in the order of reading, the note under the mouse, sharp files."""

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Annotation
from tables import MLA_WINS, families, many, table

from mpl_dantinox import (
    Callout,
    EndLabels,
    Insight,
    RefBand,
    insight_context,
    insight_mla_dial,
    insight_pareto,
    insight_serving,
)
from mpl_dantinox.contrast import contrast_ratio, legible
from mpl_dantinox.insights.looks import looks


def markers(insight: Insight, panel: str) -> list[PathCollection]:
    return [c for c in insight.axes[panel].collections if isinstance(c, PathCollection)]


# Looks of groups


def test_the_five_line_styles_are_a_line_dashes_and_three_with_dots() -> None:
    assert [look.linestyle for look in looks(["MLA", "GQA", "MHA", "A", "B"]).values()] == [
        "-",
        (0, (6, 1.5)),
        (0, (4, 1.5, 1, 1.5)),
        (0, (2, 1)),
        (0, (8, 1.5, 1, 1.5, 1, 1.5)),
    ]


def test_the_five_markers_that_go_with_them_have_slots_of_their_own() -> None:
    slots = [look.slot for look in looks(["MLA", "GQA", "MHA", "A", "B"]).values()]
    assert slots == [None, 0, 90, 45, -45]


@pytest.mark.parametrize("n", range(1, 11))
def test_a_colour_that_comes_round_comes_with_another_line_style(n: int) -> None:
    groups = [f"group {i}" for i in range(5 * n)]
    with mpl.rc_context({"axes.prop_cycle": mpl.cycler(color=mpl.color_sequences["tab10"][:n])}):
        drawn = [(look.color, look.linestyle) for look in looks(groups, groups).values()]
    assert len({*drawn}) == len(drawn)


def test_markers_are_hollow_when_colours_come_round_and_have_edges_of_their_colour() -> None:
    with plt.style.context("dantinox"):
        runs = many(300, 12)
        every = sorted(runs["type"].unique())
        insight = insight_pareto(runs, fig=plt.figure(figsize=(12, 8)), highlight=every)
        size = mpl.rcParams["lines.markersize"]
        expected = looks(every, highlight=every).values()
        ink = to_hex(mpl.rcParams["text.color"])
    fronts = [c for c in markers(insight, "all") if c.get_gid() == "front"]
    hollow = [c for c in fronts if not c.get_facecolor().size]
    filled = [c for c in fronts if c.get_facecolor().size]
    assert {to_hex(c.get_edgecolor()[0]) for c in hollow} <= {
        to_hex(legible(look.color, "#f8f9fa", 3.0)) for look in expected if look.hollow
    }
    assert {to_hex(c.get_edgecolor()[0]) for c in filled} == {ink}
    assert np.concatenate([c.get_linewidths() for c in hollow]) == pytest.approx(0.25 * size)
    assert np.concatenate([c.get_linewidths() for c in filled]) == pytest.approx(0.1 * size)


def test_a_key_is_hollow_where_its_markers_are() -> None:
    with plt.style.context("dantinox"):
        runs = many(300, 12)
        every = sorted(runs["type"].unique())
        insight = insight_pareto(runs, fig=plt.figure(figsize=(12, 8)), highlight=every)
        expected = looks(every, highlight=every)
    (legend,) = insight.figure.findobj(mpl.legend.Legend)
    keys = dict(zip((t.get_text() for t in legend.get_texts()), legend.legend_handles, strict=True))
    for name, look in expected.items():
        key = keys[name]
        inside, edge = key.get_markerfacecolor(), key.get_markeredgecolor()
        color = legible(look.color, "#f8f9fa", 3.0)
        assert (inside, edge) == (("none", color) if look.hollow else (color, "none"))


def test_keys_are_in_the_order_of_reading() -> None:
    figure = plt.figure(figsize=(5, 4))
    insight = insight_pareto(many(300, 8, name="a group "), fig=figure)
    figure.canvas.draw()
    (legend,) = figure.findobj(mpl.legend.Legend)
    boxes = {text.get_text(): text.get_window_extent() for text in legend.get_texts()}
    read = sorted(boxes, key=lambda word: (-round(boxes[word].y1), boxes[word].x0))
    groups = list(insight.facts.panels["all"].groups)
    rows = {round(boxes[name].y1) for name in groups}
    assert 1 < len(rows) < len(groups)
    assert [word for word in read if word in groups] == groups


# The note under the mouse

CORNERS = {"MLA": (1.0, 3.0), "GQA": (9.0, 3.1), "MHA": (1.1, 2.0), "TPA": (9.5, 2.1)}


def note_at(ax: Axes, x: float, y: float) -> Annotation:
    """Return the note that a mouse at a place of the data brings up."""
    ax.figure.canvas.draw()
    at = ax.transData.transform((x, y))
    event = MouseEvent("motion_notify_event", ax.figure.canvas, *at)
    ax.figure.canvas.callbacks.process("motion_notify_event", event)
    (note,) = (text for text in ax.texts if text.get_gid() == "hover")
    ax.figure.canvas.draw()
    return note


@pytest.mark.parametrize("group", CORNERS)
def test_the_note_stands_beside_the_run_inside_the_panel_and_names_its_row(group: str) -> None:
    figure = plt.figure(figsize=(8, 6))
    runs = pd.DataFrame(
        [(g, *place) for g, place in CORNERS.items()],
        columns=["type", "theoretical_cache_mb", "val_loss"],
    )
    ax = insight_pareto(runs, fig=figure).axes["all"]
    note = note_at(ax, *CORNERS[group])
    at = ax.transData.transform(CORNERS[group])
    row = runs.index[runs["type"] == group][0]
    assert note.get_text().split("\n")[0] == f"{group} (row {row})"
    box = note.get_bbox_patch().get_window_extent()
    assert ax.bbox.contains(*box.min)
    assert ax.bbox.contains(*box.max)
    away = np.abs(np.clip(at, box.min, box.max) - at)
    # Neither under nor over the run, and not far from it.
    assert (away > 0).all()
    assert np.hypot(*away) < 0.2 * figure.dpi


def test_of_runs_on_each_other_the_note_names_the_one_on_top() -> None:
    places = [("MLA", 1.0, 2.0, 5.0), ("MLA", 1.0, 2.0, 15.0), ("GQA", 2.0, 3.0, 5.0)]
    runs = pd.DataFrame(places, columns=["type", "theoretical_cache_mb", "val_loss", "params_m"])
    for order in ([0, 1, 2], [1, 0, 2]):
        ax = insight_pareto(runs.loc[order], fig=plt.figure()).axes["all"]
        # The smaller marker, which is drawn last.
        assert ", 5 M parameters" in note_at(ax, 1.0, 2.0).get_text()


# Files


@pytest.mark.parametrize(("given", "dpi"), [({}, 77), ({"dpi": 50}, 50)])
def test_a_file_has_the_resolution_of_the_settings_unless_it_is_given(
    given: dict[str, Any], dpi: int, tmp_path: Any
) -> None:
    with mpl.rc_context({"savefig.dpi": 77, "savefig.bbox": "standard"}):
        insight = insight_pareto(table(MLA_WINS))
        path = insight.save(tmp_path / "figure.png", **given)
    height, width = plt.imread(path).shape[:2]
    size = insight.figure.get_size_inches()
    assert (width, height) == pytest.approx(dpi * size, abs=1)


# Many groups


@pytest.mark.parametrize("n", [15, 47])
def test_of_many_groups_those_on_the_front_are_named_and_the_others_counted(n: int) -> None:
    insight = insight_pareto(many(3 * n, n).assign(moe=False))
    panel = insight.facts.panels["dense"]
    (legend,) = insight.figure.findobj(mpl.legend.Legend)
    keys = [text.get_text() for text in legend.get_texts()]
    named = [key for key in keys if key in panel.groups]
    assert set(named) == set(panel.front_counts)
    assert f"{n - len(named)} other groups" in keys
    assert legend.get_window_extent().height <= insight.figure.bbox.height / 6


def test_a_group_is_named_if_it_is_highlighted_and_few_are_context_then() -> None:
    runs = table(MLA_WINS).query("~moe")
    (legend,) = insight_pareto(runs, highlight=["GQA"]).figure.findobj(mpl.legend.Legend)
    keys = [text.get_text() for text in legend.get_texts()]
    assert "GQA" in keys
    # A context of one goes by its name.
    assert "MHA" in keys
    assert not [key for key in keys if "other group" in key]


def test_runs_of_the_context_are_one_collection() -> None:
    collections = markers(insight_pareto(many(150, 50).assign(moe=False)), "dense")
    panel = insight_pareto(many(150, 50).assign(moe=False)).facts.panels["dense"]
    assert len(collections) <= 2 * len(panel.front_counts) + 1


def test_who_is_context_has_no_name_beside_its_runs_either() -> None:
    insight = insight_pareto(many(470, 47))
    (legend,) = insight.figure.findobj(mpl.legend.Legend)
    keys = {text.get_text() for text in legend.get_texts()}
    for ax in insight.axes.values():
        names = {c.get_text() for c in ax.get_children() if isinstance(c, Callout)}
        assert names <= keys


def test_two_size_keys_differ_to_the_eye_or_there_is_one() -> None:
    for factor, n in ((1.5, 1), (5.0, 2)):
        runs = table(MLA_WINS).assign(params_m=lambda f, k=factor: np.linspace(8, 8 * k, len(f)))
        (legend,) = insight_pareto(runs).figure.findobj(mpl.legend.Legend)
        keys = dict(
            zip((t.get_text() for t in legend.get_texts()), legend.legend_handles, strict=True)
        )
        rings = [key for text, key in keys.items() if text[:1].isdigit()]
        assert len(rings) == n
        sizes = [ring.get_markersize() for ring in rings]
        assert n == 1 or max(sizes) > 1.4 * min(sizes)


@pytest.mark.parametrize(
    "sheet", ["classic", "ggplot", "fivethirtyeight", "seaborn-v0_8-whitegrid"]
)
def test_size_keys_are_rings_under_any_style(sheet: str) -> None:
    with plt.style.context(sheet):
        (legend,) = insight_pareto(table(MLA_WINS)).figure.findobj(mpl.legend.Legend)
    rings = [h for t, h in zip(legend.get_texts(), legend.legend_handles, strict=True)
             if "parameters" in t.get_text()]  # fmt: skip
    assert rings
    assert all(ring.get_markeredgewidth() >= 0.5 for ring in rings)


def test_the_keys_of_a_page_begin_where_its_words_do() -> None:
    insight = insight_pareto(table(MLA_WINS))
    insight.figure.draw_without_rendering()
    words = min(
        text.get_window_extent().x0
        for text in insight.figure.findobj(mpl.text.Text)
        if text.get_text().startswith("On the front of dense runs")
    )
    (legend,) = insight.figure.findobj(mpl.legend.Legend)
    handles = [key for key in legend.legend_handles if isinstance(key, mpl.lines.Line2D)]
    left = min(key.get_transform().transform(key.get_xydata())[:, 0].min() for key in handles)
    assert left == pytest.approx(words, abs=1.5)


def test_lines_of_words_are_of_one_length() -> None:
    with plt.style.context(["dantinox", "dantinox-paper"]):
        insight = insight_pareto(table(MLA_WINS).query("~moe"))
        texts = [text for text in insight.figure.findobj(mpl.text.Text) if "\n" in text.get_text()]
        wrapped = [text.get_text().split("\n") for text in texts if not text.get_rotation()]
    assert wrapped
    for lines in wrapped:
        assert min(map(len, lines)) > 0.4 * max(map(len, lines)), lines


def test_labels_of_groups_stand_nearest_to_runs_of_their_own() -> None:
    found = 0
    for runs in (table(MLA_WINS, noise=0.05), many(60, 3), many(160, 8)):
        insight = insight_pareto(runs.assign(moe=False))
        insight.figure.draw_without_rendering()
        (ax,) = insight.axes.values()
        seen = runs.assign(place=list(ax.transData.transform(
            runs[["theoretical_cache_mb", "val_loss"]].to_numpy())))  # fmt: skip
        for label in (child for child in ax.get_children() if isinstance(child, Callout)):
            if label.text not in label.placed_parts:
                continue
            box = label.text.get_window_extent()
            places = np.stack(seen["place"])
            away = np.hypot(*(np.clip(places, box.min, box.max) - places).T)
            mine = seen["type"] == label.get_text()
            # Up to half a letter.
            assert away[mine].min() <= away[~mine].min() + 5, label.get_text()
            found += 1
    assert found >= 8


def test_runs_on_the_front_can_be_labelled_by_name() -> None:
    runs = table(MLA_WINS, noise=0.05).assign(Model=lambda f: [f"m{row}" for row in f.index])
    insight = insight_pareto(runs, names=True, name="Model", panels="all")
    (ax,) = insight.axes.values()
    labels = {c.get_text() for c in ax.get_children() if isinstance(c, Callout)}
    assert labels == {run.name for run in insight.facts.panels["all"].front}


def test_the_line_under_a_density_speaks_of_what_it_shows() -> None:
    runs = many(300, 3)
    crowd, markers_only = (insight_pareto(runs, density=d).caption for d in (True, False))
    assert "darker where more of them are" in crowd
    assert "a run is faint" in markers_only
    assert "a run is faint" not in crowd


# Bands and lines of many groups


def edges(ax: Axes) -> list[mpl.lines.Line2D]:
    return [line for line in ax.lines if line.get_label() == "_edge"]


@pytest.mark.parametrize(("n", "areas", "lines"), [(3, 3, 0), (5, 0, 10), (8, 0, 16), (12, 0, 0)])
def test_bands_of_few_groups_are_areas_and_of_more_their_edges(
    n: int, areas: int, lines: int
) -> None:
    insight = insight_context(many(20 * n, n).assign(moe=False))
    ax = insight.axes["throughput"]
    assert len([c for c in ax.collections if isinstance(c, PolyCollection)]) == areas
    assert len(edges(ax)) == lines
    said = {"Bands": areas, "Thin lines": lines}
    for word, is_drawn in said.items():
        assert (f"{word}: quartiles" in insight.caption) == bool(is_drawn)
    for line, g in zip(edges(ax)[::2], insight.facts.groups, strict=bool(lines)):
        quartiles = [point.tps.q1 for point in insight.facts.groups[g].points]
        assert line.get_ydata() == pytest.approx(quartiles)


@pytest.mark.parametrize(("n", "has_bands"), [(3, False), (4, True)])
def test_a_figure_of_single_runs_does_not_speak_of_bands(n: int, has_bands: bool) -> None:
    runs = many(n, 3).assign(moe=False, params_m=1, down_dim_kv=[8, None, None, 8][:n])
    for insight in (insight_context(runs), insight_serving(runs), insight_mla_dial(runs)):
        assert ("bands" in insight.caption.lower()) == has_bands


def test_of_many_references_those_that_a_dial_meets_are_named_and_the_others_counted() -> None:
    insight = insight_mla_dial(many(470, 47).assign(moe=False))
    met = [g for g, r in insight.facts.references.items() if r.crossings]
    (labels,) = insight.axes["cost"].findobj(EndLabels)
    names = [text.rpartition(" (")[0] or text for text in labels.get_texts()]
    assert sorted(names) == sorted(["MLA", *met, f"{46 - len(met)} other groups"])


@pytest.mark.parametrize(("worst", "is_seen"), [(2.05, False), (2.07, True)])
def test_a_band_of_a_reference_whose_edges_are_not_seen_is_not_drawn(
    worst: float, is_seen: bool
) -> None:
    columns = {"type": ["MLA", "MLA", "MHA"], "down_dim_kv": [8, 16, None]}
    runs = pd.DataFrame(columns | {"val_loss": [worst, 2.01, 2.0], "cache_mb": [1, 2, 9]})
    insight = insight_mla_dial(runs, cost="cache_mb")
    (level,) = (c for c in insight.axes["quality"].get_children() if isinstance(c, RefBand))
    assert level.get_interval() == ((1.94, 2.06) if is_seen else None)
    assert ("±3% of loss" in insight.caption) == is_seen
    assert "±15% of cache" in insight.caption


def test_in_a_crowd_no_group_hides_another() -> None:
    ax = insight_pareto(many(4000, 3).assign(moe=False).drop(columns="params_m")).axes["dense"]
    (crowd,) = (c for c in ax.collections if c.get_gid() == "dominated")
    colors = crowd.get_facecolor()
    changes = np.count_nonzero((colors[1:] != colors[:-1]).any(axis=1))
    assert len(np.unique(colors, axis=0)) == 3
    assert changes > len(colors) / 3


def test_colours_of_named_groups_are_none_of_greys_where_there_is_a_context() -> None:
    with plt.style.context("dantinox"):
        few, some = looks("abcdefgh"), looks("abcdefghij", matter="abcdefgh")
    chroma = {name: np.ptp(to_rgb(look.color)) for name, look in some.items() if not look.context}
    assert min(chroma.values()) > 0.12
    assert min(np.ptp(to_rgb(look.color)) for look in few.values()) < 0.12


@pytest.mark.parametrize("sheet", ["dantinox", "dark_background"])
def test_the_bins_of_a_crowd_can_be_seen_and_are_paler_than_the_front(sheet: str) -> None:
    with plt.style.context(sheet):
        ax = insight_pareto(many(3000, 3), density=True).axes["all"]
        page = to_rgb(ax.get_facecolor())
    (image,) = ax.images
    bins = np.asarray(image.get_array())
    seen = contrast_ratio(bins[bins[..., 3] > 0][:, :3], np.array(page))
    assert seen.min() >= 2
    assert seen.max() < 2.9
    assert set(np.unique(bins[..., 3])) == {0, 1}


def test_names_keep_clear_of_the_bins_of_a_crowd() -> None:
    insight = insight_pareto(many(3000, 3), density=True)
    insight.figure.draw_without_rendering()
    for ax in insight.axes.values():
        (image,) = ax.images
        bins = np.asarray(image.get_array())[..., 3] > 0
        x0, x1, y0, y1 = image.get_extent()
        rows, columns = np.nonzero(bins)
        places = np.column_stack(
            [x0 + (columns + 0.5) * (x1 - x0) / 180, y0 + (rows + 0.5) * (y1 - y0) / 120]
        )
        places = image.get_transform().transform(places)
        for label in (c for c in ax.get_children() if isinstance(c, Callout)):
            if label.text in label.placed_parts:
                box = label.text.get_window_extent()
                assert not ((places > box.min) & (places < box.max)).all(axis=1).any()


def test_a_group_within_a_crowd_of_others_is_not_named_in_it() -> None:
    rng = np.random.default_rng(0)
    mixed = pd.DataFrame(rng.uniform(5, 9, (200, 2)), columns=["val_loss", "theoretical_cache_mb"])
    alone = pd.DataFrame({"val_loss": [1.0, 9.0], "theoretical_cache_mb": [1.0, 20.0]})
    runs = pd.concat([mixed.assign(type=["A", "B"] * 100), alone.assign(type=["best", "far"])])
    (ax,) = insight_pareto(runs).axes.values()
    named = {label.get_text() for label in ax.get_children() if isinstance(label, Callout)}
    assert named == {"best", "far"}


def test_neighbours_on_the_front_of_one_name_are_named_once() -> None:
    places = [("A", 1, 9, "x"), ("A", 2, 8, "x"), ("B", 3, 7, "x"), ("B", 4, 6, "y")]
    runs = pd.DataFrame(places, columns=["type", "theoretical_cache_mb", "val_loss", "Model"])
    (ax,) = insight_pareto(runs, names=True, name="Model").axes.values()
    named = [label.get_text() for label in ax.get_children() if isinstance(label, Callout)]
    assert named == ["x", "y"]


def test_a_long_headline_goes_on_in_smaller_letters() -> None:
    insight = insight_pareto(many(300, 15, name="an attention ").assign(moe=False))
    texts = [t for t in insight.figure.findobj(mpl.text.Text) if t.get_text()]
    large = max(texts, key=lambda text: text.get_fontsize())
    # Under the headline, before the line on how to read it.
    after = texts[texts.index(large) + 1]
    assert large.get_text().count("\n") <= 3
    written = f"{large.get_text()}; {after.get_text()}".replace("\n", " ")
    assert written == insight.headline
    assert after.get_fontsize() < large.get_fontsize()


# Legends that have no room for all


def test_a_legend_in_somebodys_axes_hides_no_crowd_and_names_what_matters_first() -> None:
    rng = np.random.default_rng(0)
    values = rng.uniform(1, 9, (2000, 2))
    runs = pd.DataFrame(values, columns=["val_loss", "theoretical_cache_mb"])
    runs["type"] = [f"group {i % 6}" for i in range(2000)]
    with plt.style.context(["dantinox", "dantinox-paper"]):
        ax = plt.figure(figsize=(3.25, 2.4), layout="constrained").subplots()
        insight_pareto(runs, ax=ax)
        legend = ax.get_legend()
        if legend is not None:
            places = ax.transData.transform(values[:, ::-1])
            assert legend.get_window_extent().count_contains(places) <= 3
        column = insight_pareto(runs, fig=plt.figure(figsize=(2, 2)))
    (legend,) = column.figure.findobj(mpl.legend.Legend)
    keys = [text.get_text() for text in legend.get_texts()]
    panel = column.facts.panels["all"]
    by_rank = sorted(panel.groups, key=lambda g: g not in panel.front_counts)
    assert set(keys) == set(by_rank[: len(keys)])


def test_keys_of_lines_are_so_long_that_their_styles_can_be_told_apart() -> None:
    with plt.style.context(["dantinox", "dantinox-paper"]):
        ax = plt.figure(figsize=(3.25, 2.4), layout="constrained").subplots()
        insight_mla_dial(table(MLA_WINS, noise=0.05), ax=ax, panels="quality")
    legend = ax.get_legend()
    styles = looks(MLA_WINS)
    for text, key in zip(legend.get_texts(), legend.get_lines(), strict=True):
        style = styles[text.get_text().partition(" ")[0]].linestyle
        # The only way to ask a line for its dashes.
        dashes = vars(key)["_unscaled_dash_pattern"][1]
        assert dashes == (None if style == "-" else style[1])
        if style != "-":
            assert sum(style[1]) * key.get_linewidth() < np.ptp(key.get_xdata())


def test_names_of_runs_stand_beside_them_or_are_left_out() -> None:
    columns = {"group": "Model Family", "quality": "MMLU", "cost": "FLOPs (1E21)", "name": "Model"}
    insight = insight_pareto(families(), names=True, **columns)
    insight.figure.draw_without_rendering()
    (ax,) = insight.axes.values()
    named = 0
    for label in (child for child in ax.get_children() if isinstance(child, Callout)):
        if label.text in label.placed_parts:
            box = label.text.get_window_extent()
            at = ax.transData.transform(label.get_xy())
            em = label.text.get_fontsize() / 72 * insight.figure.dpi
            assert np.hypot(*(np.clip(at, box.min, box.max) - at)) < 4 * em
            named += 1
    assert len(insight.facts.panels["all"].front) > named > 8


def test_a_long_name_in_a_legend_is_broken_and_leaves_room_for_others() -> None:
    long = "a very long name of a method that somebody wrote out in full because they could"
    table = {"type": ["A", long, "z"], "val_loss": [3, 2, 1], "cache_mb": [1, 2, 3]}
    insight = insight_pareto(pd.DataFrame(table), cost="cache_mb")
    legends = [one for sub in insight.figure.subfigs for one in sub.legends]
    texts = [text.get_text() for one in legends for text in one.get_texts()]
    assert [" ".join(text.split("\n")) for text in texts[:3]] == ["A", long, "z"]
    assert max(len(line) for text in texts for line in text.split("\n")) <= 40
