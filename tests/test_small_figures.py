"""Every insight can be read in a column of a paper, and as one of three panels of a figure."""

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform
from tables import many
from tueplots import bundles

from mpl_dantinox import sample_runs
from mpl_dantinox.artists import AttainmentBand, Callout, ParetoStep, RefBand, VRAMReferenceLines
from mpl_dantinox.insights import INSIGHTS
from mpl_dantinox.testing import legibility

with warnings.catch_warnings():
    # It registers its styles by a way of matplotlib's that is going.
    warnings.simplefilter("ignore")
    import scienceplots  # noqa: F401

COLUMN, PAGE = (3.25, 2.4), (7, 2.2)
SHEETS: dict[str, list[Any]] = {
    # Those that differ most are for every day.
    "matplotlib": ["default"],
    "paper": ["dantinox", "dantinox-paper"],
    "SciencePlots": ["science", "no-latex"],
    "ICML": [bundles.icml2024(usetex=False)],
    "dantinox": ["dantinox"],
    "dark": ["dantinox", "dantinox-dark"],
    "cvd": ["dantinox", "dantinox-cvd"],
    "SciencePlots, IEEE": ["science", "ieee", "no-latex"],
    "NeurIPS": [bundles.neurips2024(usetex=False)],
    "AISTATS": [bundles.aistats2025(), {"text.usetex": False}],
    "TMLR": [bundles.tmlr2023(), {"text.usetex": False}],
    "a beamer": [bundles.beamer_moml()],
}


def under_sheets(cases: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Return cases that come in pairs; each sheet has one of a pair, and of the next the other."""
    return [
        pytest.param(
            *case,
            sheet,
            id=f"{name}-{theirs}",
            marks=() if place < 4 else pytest.mark.exhaustive,
        )
        for turn, (name, case) in enumerate(cases.items())
        for place, (theirs, sheet) in enumerate(SHEETS.items())
        if (turn + turn // 2 + place) % 2 == 0
    ]


COLUMNS = {f"{name}-{kind}": (name, kind) for name in INSIGHTS for kind in ("fig", "ax")}
PANELS = {"all": [("all", "throughput", "throughput")], "dense": [("dense", "ratio", None)]}


@pytest.fixture(autouse=True)
def _fonts_that_are_not_here_are_no_matter() -> Iterator[None]:
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def of_one(name: str, kind: str) -> Figure:
    figure = plt.figure(figsize=COLUMN, layout="constrained")
    INSIGHTS[name](sample_runs(), **{kind: figure if kind == "fig" else figure.add_subplot()})
    return figure


def of_three(*panels: str | None) -> Figure:
    figure = plt.figure(figsize=PAGE, layout="constrained")
    functions = [INSIGHTS[name] for name in ("pareto", "serving", "context")]
    for function, ax, panel in zip(functions, figure.subplots(1, 3), panels, strict=True):
        function(sample_runs(), ax=ax, panels=panel)
    return figure


@pytest.mark.parametrize(("name", "kind", "sheet"), under_sheets(COLUMNS))
def test_an_insight_can_be_read_in_a_column(name: str, kind: str, sheet: list[Any]) -> None:
    with plt.style.context(sheet, after_reset=True):
        assert [str(finding) for finding in legibility(of_one(name, kind))] == []


@pytest.mark.parametrize(("panels", "sheet"), under_sheets(PANELS))
def test_three_panels_of_a_figure_can_be_read(
    panels: tuple[str | None, ...], sheet: list[Any]
) -> None:
    with plt.style.context(sheet, after_reset=True):
        assert [str(finding) for finding in legibility(of_three(*panels))] == []


@pytest.mark.parametrize("panels", [three for (three,) in PANELS.values()], ids=PANELS)
def test_a_legend_lies_on_nothing_that_is_drawn(panels: tuple[str | None, ...]) -> None:
    figure = of_three(*panels)
    figure.draw_without_rendering()
    for ax in figure.axes:
        legend = ax.get_legend()
        assert legend is not None
        box = legend.get_window_extent()
        bands = [c for c in ax.collections if isinstance(c, PolyCollection)]
        drawn = [line.get_transform().transform_path(line.get_path()) for line in ax.lines]
        drawn += [b.get_transform().transform_path(path) for b in bands for path in b.get_paths()]
        assert not any(path.intersects_bbox(box, filled=False) for path in drawn)
        runs = [c for c in ax.collections if isinstance(c, PathCollection)]
        at = [cloud.get_offset_transform().transform(cloud.get_offsets()) for cloud in runs]
        assert sum(box.count_contains(places) for places in at) <= 3
        # Nor does the room that it is given press the markers onto the axis.
        lowest = min((places[:, 1].min() for places in at), default=ax.bbox.y1)
        assert lowest - ax.bbox.y0 > 0.04 * ax.bbox.height


def test_a_legend_hides_no_piece_of_a_reference() -> None:
    ax = plt.figure(figsize=(3.25, 2.4), layout="constrained").subplots()
    INSIGHTS["mla_dial"](sample_runs(), ax=ax, panels="cost")
    ax.figure.draw_without_rendering()
    box = ax.get_legend().get_window_extent()
    lines = [one.drawn_line() for one in ax.get_children() if isinstance(one, RefBand)]
    drawn = [line.get_transform().transform_path(line.get_path()) for line in lines]
    assert [path.intersects_bbox(box, filled=False) for path in drawn] == [False, False]


SPEEDS = {"fp16": (1.0, 40), "INT8 per channel": (0.5, 44), "int4": (0.25, 40), "nf4": (0.25, 30),
          "StreamingLLM": (0.1, 52)}  # fmt: skip


def quantised(*groups: str) -> pd.DataFrame:
    rows = [
        {"type": g, "params_m": n, "cache_gb": SPEEDS[g][0] * n, "val_loss": 2 + SPEEDS[g][1] / n}
        | {f"tps_{at}": SPEEDS[g][1] / n * at**-0.1 for at in (64, 512)}
        for g in groups
        for n in (100, 200, 500)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("groups", [2, 3, 5])
@pytest.mark.parametrize(
    ("name", "panel"),
    [("serving", "throughput"), ("serving", "ratio"), ("context", "throughput")],
)
def test_every_line_is_named_by_a_legend_that_hides_nothing(
    name: str, panel: str, groups: int
) -> None:
    ax = plt.figure(figsize=COLUMN, layout="constrained").subplots()
    options = {"baseline": "fp16"} | ({"cache": "cache_gb"} if name == "serving" else {})
    INSIGHTS[name](quantised(*[*SPEEDS][:groups]), ax=ax, panels=panel, **options)
    ax.figure.draw_without_rendering()
    legend = ax.get_legend()
    named = sorted(text.get_text().partition(" (")[0] for text in legend.get_texts())
    assert len(named) == groups
    assert all(any(text.startswith(g) for text in named) for g in [*SPEEDS][:groups])
    box = legend.get_window_extent()
    guides = [c for c in ax.get_children() if isinstance(c, RefBand | VRAMReferenceLines)]
    # What crosses the whole of an Axes from top to bottom may go on behind it.
    levels = [guide.drawn_line() for guide in guides if isinstance(guide, RefBand)]
    drawn = [line.get_transform().transform_path(line.get_path()) for line in (*ax.lines, *levels)]
    bands = [c for c in ax.collections if isinstance(c, PolyCollection)]
    drawn += [b.get_transform().transform_path(path) for b in bands for path in b.get_paths()]
    assert not any(path.intersects_bbox(box, filled=False) for path in drawn)
    texts = [p for g in guides for p in g.drawn_parts() if isinstance(p, Text)]
    assert not any(text.get_window_extent().overlaps(box) for text in texts)


@pytest.mark.parametrize(("size", "n"), [((5.5, 1.8), 3), ((7, 2), 4), ((2.2, 2), 1)])
def test_panels_that_are_too_narrow_for_their_letters_can_be_read(
    size: tuple[float, float], n: int
) -> None:
    figure, axes = plt.subplots(1, n, figsize=size, layout="constrained", squeeze=False)
    panels = [("serving", "throughput"), ("serving", "ratio"), ("pareto", "all")]
    for ax, (name, panel) in zip(axes[0], [*panels, ("mla_dial", "quality")], strict=False):
        INSIGHTS[name](sample_runs(), ax=ax, panels=panel)
    assert [str(finding) for finding in legibility(figure)] == []
    for ax in axes[0]:
        box = ax.get_legend().get_window_extent()
        assert len(ax.get_legend().get_texts()) == 3
        assert (ax.bbox.x0 < box.x0) & (box.x1 < ax.bbox.x1) & (ax.bbox.y0 < box.y0)


@pytest.mark.parametrize(
    ("name", "panel"),
    [("pareto", None), ("serving", "throughput"), ("serving", "ratio"), ("context", "ratio")],
)
def test_groups_of_long_names_are_named_in_an_axes_all_the_same(
    name: str, panel: str | None
) -> None:
    names = ["MLA", "$x_1$", "Llama-3.1-8B-Instruct (KV int4, group 64)", "a_b", "another one"]
    table = many(100, 5).assign(moe=False)
    table["type"] = table["type"].map(dict(zip(table["type"], names * 20, strict=True)))
    ax = plt.figure(figsize=COLUMN, layout="constrained").subplots()
    options = {} if name == "pareto" else {"baseline": "a_b"}
    INSIGHTS[name](table, ax=ax, panels=panel, **options)
    assert [str(finding) for finding in legibility(ax.figure)] == []
    texts = [text.get_text().replace("\n", " ") for text in ax.get_legend().get_texts()]
    assert len(texts) == len(names)
    # Its lines are broken before it goes across the whole Axes.
    assert ax.get_legend().get_window_extent().width < 0.85 * ax.bbox.width
    assert all(any(text.startswith(g) for text in texts) for g in names)


def test_labels_of_devices_that_have_no_room_beside_their_lines_are_in_line_with_them() -> None:
    ax = plt.figure(figsize=COLUMN, layout="constrained").subplots()
    table = many(240, 12).assign(moe=False)
    INSIGHTS["serving"](table, ax=ax, panels="ratio", baseline="G3")
    ax.figure.draw_without_rendering()
    (guide,) = (child for child in ax.get_children() if isinstance(child, VRAMReferenceLines))
    texts = [part.get_window_extent() for part in guide.drawn_parts() if isinstance(part, Text)]
    paths = [line.get_transform().transform_path(line.get_path()) for line in ax.lines]
    assert len(texts) == 3
    assert not any(path.intersects_bbox(box, filled=False) for path in paths for box in texts)
    assert not any(box.overlaps(ax.get_legend().get_window_extent()) for box in texts)


def test_no_two_leaders_cross() -> None:
    ax = plt.figure(figsize=COLUMN, layout="constrained").subplots()
    table = many(60, 3).assign(run=[f"run-{i}" for i in range(60)])
    INSIGHTS["pareto"](table, ax=ax, names=True, name="run")
    ax.figure.draw_without_rendering()
    labels = [child for child in ax.get_children() if isinstance(child, Callout)]
    parts = [part for label in labels for part in label.drawn_parts() if isinstance(part, Line2D)]
    leaders = [
        Path(part.get_xydata())
        for part in parts
        if isinstance(part.get_transform(), IdentityTransform)
    ]
    assert len(leaders) > 2
    assert not any(one.intersects_path(other) for one, other in combinations(leaders, 2))


def test_ticks_at_long_contexts_are_at_those_that_have_room_for_their_labels() -> None:
    lengths = [1024 * 2**k for k in range(11)]
    table = {f"tps_{n}": [2e3 - n / 1e3, 1e3] for n in lengths} | {"type": ["MLA", "MHA"]}
    ax = plt.figure(figsize=COLUMN, layout="constrained").subplots()
    INSIGHTS["context"](pd.DataFrame(table), ax=ax, panels="throughput")
    ax.figure.draw_without_rendering()
    labels = [tick.get_text() for tick in ax.get_xticklabels()]
    assert labels[-1] == "1,048,576"
    assert {*labels} <= {f"{n:,}" for n in lengths}
    assert 2 < len(labels) < 11
    assert [str(finding) for finding in legibility(ax.figure)] == []


def test_many_lines_are_named_in_a_low_axes_in_three_columns() -> None:
    ax = plt.figure(figsize=(3.25, 1.9), layout="constrained").subplots()
    table = many(240, 12).assign(moe=False)
    INSIGHTS["serving"](table, ax=ax, panels="throughput", baseline="G3")
    ax.figure.draw_without_rendering()
    keys = [text.get_window_extent() for text in ax.get_legend().get_texts()]
    assert len(keys) == 9
    # Under an older matplotlib, whose legends are lower, two are enough.
    assert len({round(key.x0) for key in keys}) in (2, 3)


@pytest.mark.parametrize(("height", "columns"), [(2.4, 1), (1.7, 2)])
def test_a_legend_over_rising_lines_is_where_it_takes_least_room(
    height: float, columns: int
) -> None:
    ax = plt.figure(figsize=(COLUMN[0], height), layout="constrained").subplots()
    table = quantised("fp16", "INT8 per channel", "int4", "nf4").replace("INT8 per channel", "int8")
    INSIGHTS["serving"](table, cache="cache_gb", ax=ax, panels="throughput", baseline="fp16")
    drawn = np.log([line.get_ydata() for line in ax.lines])
    ax.figure.draw_without_rendering()
    legend = ax.get_legend()
    assert legend.get_window_extent().x0 < ax.bbox.x0 + 0.1 * ax.bbox.width
    keys = [text.get_window_extent() for text in legend.get_texts()]
    assert len(keys) == 4
    assert len({round(key.x0) for key in keys}) == columns
    # The lines take up more than half of their Axes.
    low, high = np.log(ax.get_ylim())
    assert np.ptp(drawn) > 0.5 * (high - low)


@pytest.mark.parametrize(
    "options", [{}, {"attainment": True, "block": "seed"}], ids=["", "repeats"]
)
def test_a_legend_hides_no_piece_of_a_front_that_goes_on_to_the_edge(options: Any) -> None:
    ax = plt.figure(figsize=COLUMN, layout="constrained").subplots()
    cost, rng = [10.0, 8.9, 4, 3.5, 3.1, 3], np.random.default_rng(0)
    table = pd.DataFrame({"latency_ms": cost * 2, "val_loss": [3.6, 3.3, 2.7, 2.8, 3, 3.1] * 2})
    table = table.assign(type=[f"group {i % 4}" for i in range(12)], seed=[0] * 6 + [1] * 6)
    table["val_loss"] += rng.uniform(0, 0.01, 12)
    INSIGHTS["pareto"](table, cost="latency_ms", ax=ax, **options)
    ax.figure.draw_without_rendering()
    box = ax.get_legend().get_window_extent()
    line = next(one for one in ax.lines if isinstance(one, ParetoStep | AttainmentBand))
    path = line.drawn_line().get_transform().transform_path(line.drawn_line().get_path())
    assert not path.intersects_bbox(box, filled=False)


def test_limits_of_the_caller_stay_where_a_legend_lies_on_a_line() -> None:
    ax = plt.figure(figsize=(2.3, 2.2)).subplots()
    ax.set_ylim(1000, 1800)
    INSIGHTS["context"](sample_runs(), ax=ax, panels="throughput")
    assert ax.get_ylim() == (1000, 1800)


@pytest.mark.mpl_image_compare(style="default", savefig_kwargs={"dpi": 200})
def test_three_insights_are_panels_of_a_figure() -> Figure:
    return of_three("all", "ratio", None)
