"""The axes helpers, as functions and as methods of the projection."""

import datetime
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mpl_dantinox import axes
from mpl_dantinox.artists import DominatedRegion
from mpl_dantinox.artists.crossings import crossings
from mpl_dantinox.axes import (
    DantinoxAxes,
    callout,
    end_labels,
    mark_best,
    mark_crossing,
    pareto_step,
    ref_band,
    vram_lines,
)

HELPERS = sorted(set(axes.__all__) - {"DantinoxAxes"})


@pytest.fixture
def ax() -> Axes:
    return plt.figure(figsize=(4, 3), dpi=72).add_subplot()


@pytest.mark.parametrize("name", HELPERS)
def test_a_helper_is_the_method_of_the_projection(name: str) -> None:
    assert getattr(DantinoxAxes, name) is getattr(axes, name)


def test_the_projection_draws_what_the_functions_draw() -> None:
    images = []
    for projection in ("dantinox", "rectilinear"):
        fig = plt.figure(figsize=(4, 3), dpi=72)
        ax = fig.add_subplot(projection=projection)
        ax.plot([1, 2, 3], [3, 1, 2], label="line")
        if projection == "dantinox":
            ax.pareto_step([1, 2, 3], [3, 1, 2], shade=True)
            ax.vram_lines([2])
            ax.mark_best([1, 2, 3], [3, 1, 2])
        else:
            pareto_step(ax, [1, 2, 3], [3, 1, 2], shade=True)
            vram_lines(ax, [2])
            mark_best(ax, [1, 2, 3], [3, 1, 2])
        fig.canvas.draw()
        images.append(np.asarray(fig.canvas.buffer_rgba()).copy())
    assert (images[0] == images[1]).all()


def test_an_image_and_a_twin_have_no_grid_of_their_own() -> None:
    with plt.style.context("dantinox"):
        fig = plt.figure()
        ax, image = (fig.add_subplot(1, 2, k, projection="dantinox") for k in (1, 2))
        image.imshow(np.eye(3))
        twins = [ax.twinx(), ax.twiny()]
        fig.canvas.draw()

    def has_grid(one: Axes) -> bool:
        return any(line.get_visible() for line in one.get_xgridlines() + one.get_ygridlines())

    assert has_grid(ax)
    assert not any(has_grid(one) for one in (image, *twins))


def test_pareto_step_counts_for_the_limits(ax: Axes) -> None:
    pareto_step(ax, [10, 20], [40, 30])
    assert ax.get_xlim() == pytest.approx((9.5, 20.5))


@pytest.mark.parametrize("name", ["pareto_step", "attainment_band"])
def test_a_front_counts_when_limits_are_made_anew(ax: Axes, name: str) -> None:
    DATA[name](ax)
    before = ax.get_xlim()
    ax.relim()
    ax.autoscale_view()
    assert ax.get_xlim() == before
    assert 0.9 < before[0] < 1


def test_shade_adds_the_region_behind_the_line(ax: Axes) -> None:
    front = pareto_step(ax, [1, 2], [2, 1], shade=True, color="red")
    (region,) = ax.findobj(DominatedRegion)
    assert region.get_zorder() < front.get_zorder()
    assert region.get_facecolor()[:3] == (1, 0, 0)


def test_end_labels_are_of_the_lines_with_a_name(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1])
    ax.plot([0, 1], [0, 2], label="named")
    ref_band(ax, 1.5, label="reference")
    vram_lines(ax, [0.5], label="memory")
    assert end_labels(ax).get_texts() == ["named", "reference"]


def test_lines_of_which_none_is_named_have_no_end_labels(ax: Axes) -> None:
    # As those of seaborn, whose names are in its legend alone.
    ax.plot([0, 1], [0, 1], label="_child0")
    with pytest.raises(ValueError, match="no line of the Axes has a label; expected one, or lines"):
        end_labels(ax)


def test_a_label_of_a_band_is_at_its_line(ax: Axes) -> None:
    band = ref_band(ax, 0.25, label="reference")
    labels = end_labels(ax, [band])
    ax.figure.canvas.draw()
    box = labels.drawn_parts()[-1].get_window_extent()
    assert (box.y0 + box.y1) / 2 == pytest.approx(ax.transData.transform((0, 0.25))[1], abs=1)
    assert box.x0 > ax.bbox.x1


#: Every helper that adds a guide or a label.
GUIDES: dict[str, Callable[[Axes], object]] = {
    "callout": lambda ax: callout(ax, (1.5, 1.5), "here"),
    "dominated_region": lambda ax: axes.dominated_region(ax, [1], [1]),
    "end_labels": end_labels,
    "ideal_corner": axes.ideal_corner,
    "mark_best": lambda ax: mark_best(ax, [1, 2], [1, 2]),
    "mark_crossing": lambda ax: mark_crossing(ax, ([1, 2], [1, 2]), 1.5),
    "ref_band": lambda ax: ref_band(ax, 1.5, spread=0.2, label="reference"),
    "vram_lines": lambda ax: vram_lines(ax, [1.5], label="memory"),
}
#: Every helper that adds a line of data.
DATA: dict[str, Callable[[Axes], object]] = {
    "pareto_step": lambda ax: pareto_step(ax, [1, 2], [2, 1], shade=True),
    "attainment_band": lambda ax: axes.attainment_band(ax, [1, 2], [2, 1], [0, 1]),
}


def test_every_helper_adds_a_guide_or_a_line_of_data() -> None:
    assert sorted([*GUIDES, *DATA]) == HELPERS


@pytest.mark.parametrize("name", GUIDES)
def test_the_lines_of_an_axes_hold_what_holds_data_beside_a_guide(ax: Axes, name: str) -> None:
    lines = ax.plot([1, 2], [1, 2], label="line")
    GUIDES[name](ax)
    ax.figure.canvas.draw()
    assert list(ax.lines) == lines


@pytest.mark.parametrize("name", DATA)
def test_a_front_is_among_the_lines_of_an_axes(ax: Axes, name: str) -> None:
    front = DATA[name](ax)
    assert list(ax.lines) == [front]


def test_the_lines_of_an_axes_cross_whatever_guides_there_are(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1], label="up")
    for name in GUIDES:
        GUIDES[name](ax)
    ax.plot([0, 1], [1, 0], label="down")
    (mark,) = mark_crossing(ax, *ax.lines)
    assert mark.get_xy() == (0.5, 0.5)


def test_a_line_crosses_a_reference_band(ax: Axes) -> None:
    (line,) = ax.plot([0, 2], [0, 2])
    (mark,) = mark_crossing(ax, line, ref_band(ax, 1.0, spread=0.5))
    assert mark.get_xy() == (1, 1)


# Marks


@pytest.mark.parametrize(("sense", "best"), [("min", (2, 1)), ("max", (4, 9))])
def test_the_best_point_is_marked(ax: Axes, sense: str, best: tuple) -> None:
    mark = mark_best(ax, [1, 2, 3, 4, np.nan], [5, 1, np.nan, 9, 0], sense=sense)
    assert mark.get_xy() == best
    ax.figure.canvas.draw()
    assert mark.get_text()


def test_the_best_of_dates_is_a_date(ax: Axes) -> None:
    days = [datetime.datetime(2024, 1, day) for day in (1, 2)]
    mark = mark_best(ax, days, [2.0, 1.0])
    ax.plot(days, [2.0, 1.0])
    ax.figure.canvas.draw()
    assert mark.get_xy()[0] == days[1]
    assert "2024" in mark.get_text()


@pytest.mark.parametrize("options", [{"sense": "low"}, {"y": [np.nan, np.inf]}])
def test_wrong_input_of_mark_best_is_refused(ax: Axes, options: dict) -> None:
    with pytest.raises(ValueError, match="expected"):
        mark_best(ax, **{"x": [1, 2], "y": [1, 2], **options})


def test_a_crossing_is_between_neighbours_and_not_at_one(ax: Axes) -> None:
    (line,) = ax.plot([64, 128, 256], [10, 20, 40])
    (mark,) = mark_crossing(ax, line, 30)
    assert mark.get_xy() == (192, 30)


def test_a_line_that_never_crosses_is_not_marked(ax: Axes) -> None:
    (line,) = ax.plot([64, 384], [10, 20])
    assert mark_crossing(ax, line, 30) == []


def test_two_lines_on_grids_of_their_own_cross(ax: Axes) -> None:
    marks = mark_crossing(ax, ([0, 4], [0, 4]), ([0, 1, 3, 4], [1, 3, 1, 5]))
    assert [mark.get_xy() for mark in marks] == [
        (2, 2),
        (pytest.approx(11 / 3), pytest.approx(11 / 3)),
    ]


@pytest.mark.parametrize(("which", "count"), [("all", 3), ("first", 1), ("last", 1)])
def test_which_crossings_are_marked(ax: Axes, which: str, count: int) -> None:
    marks = mark_crossing(ax, ([0, 1, 2, 3], [0, 2, 0, 2]), 1.0, which=which)
    assert len(marks) == count
    assert marks[0].get_xy()[0] == (2.5 if which == "last" else 0.5)


def test_a_crossing_on_a_log_axis_is_what_the_eye_sees(ax: Axes) -> None:
    ax.set_xscale("log")
    (mark,) = mark_crossing(ax, ([1, 100], [0, 2]), 1.0)
    assert mark.get_xy() == (pytest.approx(10), 1)


def test_a_line_that_falls_in_x_is_as_good(ax: Axes) -> None:
    (mark,) = mark_crossing(ax, ([2, 1, 0], [2, 1, 0]), 0.5)
    assert mark.get_xy() == (0.5, 0.5)


#: A line, what it crosses, and where.
CROSSINGS: dict[str, tuple[Callable[[Axes], object], Callable[[Axes], object], list]] = {
    "upright": (lambda ax: ax.plot([1, 2, 2, 3], [1, 1, 5, 5])[0], lambda ax: 3, [(2, 3)]),
    "ecdf": (lambda ax: ax.ecdf([1, 2, 3, 4]), lambda ax: 0.6, [(3, 0.6)]),
    "steps": (
        lambda ax: ax.plot([0, 1, 2], [0, 4, 0], drawstyle="steps-post")[0],
        lambda ax: 2,
        [(1, 2), (2, 2)],
    ),
    "front": (
        lambda ax: pareto_step(ax, [1, 3, 4], [4, 2, 1]),
        lambda ax: ax.plot([0, 5], [0, 5])[0],
        [(3, 3)],
    ),
    "gap": (
        lambda ax: ax.plot([0, 1, np.nan, 3, 4], [0, 1, np.nan, 3, 4])[0],
        lambda ax: 2,
        [],
    ),
    "axline": (
        lambda ax: ax.axline((0, 0), (1, 1)),
        lambda ax: ax.plot([0, 4], [4, 0])[0],
        [(2, 2)],
    ),
    "axes fractions": (
        lambda ax: ax.plot([0, 1], [0.5, 0.5], transform=ax.transAxes)[0],
        lambda ax: ax.plot([0, 4], [0, 4])[0],
        [(2, 2)],
    ),
    "axhline": (lambda ax: ax.plot([0, 4], [0, 4])[0], lambda ax: ax.axhline(2), [(2, 2)]),
    "axvline": (lambda ax: ax.plot([0, 4], [0, 4])[0], lambda ax: ax.axvline(2), [(2, 2)]),
    "band": (lambda ax: ax.plot([0, 4], [0, 4])[0], lambda ax: ref_band(ax, 3.0), [(3, 3)]),
    "band along x": (
        lambda ax: ax.plot([0, 4], [0, 4])[0],
        lambda ax: ref_band(ax, 3.0, axis="x"),
        [(3, 3)],
    ),
    "memory": (
        lambda ax: ax.plot([0, 4], [0, 4])[0],
        lambda ax: vram_lines(ax, [1, 3]),
        [(1, 1), (3, 3)],
    ),
    "turning back": (
        lambda ax: ax.plot([0, 4, 0], [0, 2, 4])[0],
        lambda ax: ax.plot([2, 2], [0, 4])[0],
        [(2, 1), (2, 3)],
    ),
}


@pytest.mark.parametrize("name", CROSSINGS)
def test_a_crossing_lies_on_both_lines_as_they_are_drawn(ax: Axes, name: str) -> None:
    ax.set(xlim=(0, 5), ylim=(0, 5) if name != "ecdf" else (0, 1))
    make, make_other, wanted = CROSSINGS[name]
    ax.autoscale(False)
    if name == "axes fractions":
        ax.set(xlim=(0, 4), ylim=(0, 4))
    marks = mark_crossing(ax, make(ax), make_other(ax))
    assert [mark.get_xy() for mark in marks] == [pytest.approx(point) for point in wanted]


def test_lines_of_another_axes_are_refused(ax: Axes) -> None:
    (line,) = ax.plot([0, 1], [0, 1])
    (other,) = ax.twinx().plot([0, 1], [1, 0])
    with pytest.raises(ValueError, match="other is in another Axes"):
        mark_crossing(ax, line, other)


def test_the_text_of_a_mark_is_the_same_before_and_after_a_drawing(ax: Axes) -> None:
    days = [datetime.datetime(2020, 1, 1), datetime.datetime(2029, 7, 2)]
    (line,) = ax.plot(days, [0, 0.000526])
    texts = []
    for _ in range(2):
        texts.append(mark_best(ax, days, [0, 0.000526], sense="max").get_text())
        texts += [mark.get_text() for mark in mark_crossing(ax, line, 0.000263)]
        ax.figure.canvas.draw()
    assert texts[:2] == texts[2:] == ["2029-07-02, 0.000526", "2024-10-01"]


def test_long_lines_are_compared_where_they_come_near_one_another() -> None:
    x = np.linspace(0, 20 * np.pi, 200_001)
    found = crossings(np.column_stack([x, np.sin(x)]), np.column_stack([x, np.cos(x)]))
    assert np.allclose(found[:, 0], np.pi * (np.arange(20) + 0.25))


def test_the_dotted_line_reaches_the_axis_whatever_the_limits(ax: Axes) -> None:
    (mark,) = mark_crossing(ax, ([0, 2], [0, 2]), 1.0)
    for low in (0.5, -7.0):
        ax.set(xlim=(0, 2), ylim=(low, 2))
        ax.figure.canvas.draw()
        (stem,) = [line for line in mark.findobj(Line2D) if line.get_linestyle() == ":"]
        assert stem.get_ydata().tolist() == [1.0, low]


def test_meeting_counts_and_coinciding_counts_once() -> None:
    first = np.array([[0.0, 1], [1, 0], [2, 0], [3, 1]])
    level = np.array([[0.0, 0], [3, 0]])
    assert crossings(first, level).tolist() == [[1, 0]]


def test_lines_without_a_common_stretch_do_not_cross() -> None:
    assert len(crossings(np.array([[0.0, 0], [1, 1]]), np.array([[2.0, 0], [3, 1]]))) == 0
    assert len(crossings(np.empty((0, 2)), np.array([[2.0, 0], [3, 1]]))) == 0


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=9))
def test_each_change_of_side_is_one_crossing(values: list[int]) -> None:
    y = np.array(values, dtype=float) + 0.5
    x = np.arange(len(y), dtype=float)
    found = crossings(np.column_stack([x, y]), np.column_stack([x, np.zeros_like(x)]))
    assert len(found) == np.count_nonzero(y[1:] * y[:-1] < 0)
    assert np.allclose(found[:, 1], 0)


def test_wrong_options_of_mark_crossing_are_refused(ax: Axes) -> None:
    with pytest.raises(ValueError, match="expected"):
        mark_crossing(ax, ([0, 1], [0, 1]), 0.5, which="second")


def test_a_callout_passes_its_options_on(ax: Axes) -> None:
    mark = callout(ax, (0.5, 0.5), "text", prefer=(-1, -1), fontsize=5)
    assert mark.get_prefer() == (-1, -1)
    assert mark.text.get_fontsize() == 5
