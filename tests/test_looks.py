"""What tells groups apart, keys in the order of reading, the note under the mouse, sharp files."""

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.backend_bases import MouseEvent
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from tables import MLA_WINS, many, table

from mpl_dantinox import Insight, insight_pareto
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


def test_markers_are_hollow_when_colours_come_round_and_have_edges_of_their_colour() -> None:
    with plt.style.context("dantinox"):
        runs = many(300, 12)
        every = sorted(runs["type"].unique())
        insight = insight_pareto(runs, fig=plt.figure(figsize=(12, 8)), highlight=every)
        size = mpl.rcParams["lines.markersize"]
        expected = looks(every, highlight=every).values()
    hollow = [c for c in markers(insight, "all") if not c.get_facecolor().size]
    filled = [c for c in markers(insight, "all") if c.get_facecolor().size]
    assert {to_hex(c.get_edgecolor()[0]) for c in hollow} == {
        to_hex(look.color) for look in expected if look.hollow
    }
    assert {to_hex(c.get_edgecolor()[0]) for c in filled} == {"#ffffff"}
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
        assert (inside, edge) == (("none", look.color) if look.hollow else (look.color, "none"))


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


@pytest.mark.parametrize("group", CORNERS)
def test_the_note_stands_beside_the_run_inside_the_panel_and_names_its_row(group: str) -> None:
    figure = plt.figure(figsize=(8, 6))
    runs = pd.DataFrame(
        [(g, *place) for g, place in CORNERS.items()],
        columns=["type", "theoretical_cache_mb", "val_loss"],
    )
    ax = insight_pareto(runs, fig=figure).axes["all"]
    figure.canvas.draw()
    at = ax.transData.transform(CORNERS[group])
    event = MouseEvent("motion_notify_event", figure.canvas, *at)
    figure.canvas.callbacks.process("motion_notify_event", event)
    (note,) = (text for text in ax.texts if text.get_gid() == "hover")
    figure.canvas.draw()
    row = runs.index[runs["type"] == group][0]
    assert note.get_text().split("\n")[0] == f"{group} (row {row})"
    box = note.get_bbox_patch().get_window_extent()
    assert ax.bbox.contains(*box.min)
    assert ax.bbox.contains(*box.max)
    away = np.abs(np.clip(at, box.min, box.max) - at)
    # Neither under nor over the run, and not far from it.
    assert (away > 0).all()
    assert np.hypot(*away) < 0.2 * figure.dpi


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
