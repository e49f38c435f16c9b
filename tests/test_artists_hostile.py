"""The artists among data, values and events that nobody would wish for."""

import copy
import datetime
import io
import pickle
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseButton, MouseEvent
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import mpl_dantinox  # noqa: F401 - registers the legend handlers
from mpl_dantinox.artists import (
    AttainmentBand,
    Callout,
    DominatedRegion,
    EndLabels,
    Guide,
    IdealCorner,
    ParetoStep,
    RefBand,
    VRAMReferenceLines,
)
from mpl_dantinox.axes import (
    attainment_band,
    callout,
    dominated_region,
    end_labels,
    ideal_corner,
    mark_best,
    mark_crossing,
    pareto_step,
    ref_band,
    vram_lines,
)

#: Each artist, made for no Axes.
MAKE: dict[str, Callable[[], Artist]] = {
    "band": lambda: RefBand(2.0, spread=0.2),
    "callout": lambda: Callout((2, 2), "here"),
    "corner": IdealCorner,
    "front": lambda: ParetoStep([1, 2], [2, 1]),
    "region": lambda: DominatedRegion([1, 2], [2, 1]),
    "runs": lambda: AttainmentBand([1, 2], [2, 1], [0, 1]),
    "vram": lambda: VRAMReferenceLines([1.5, 2.5]),
}


@pytest.fixture
def ax() -> Axes:
    return plt.figure(figsize=(3, 2.4), dpi=50).add_subplot()


def add_all(ax: Axes) -> list[Artist]:
    """Add one of each, and return them."""
    x, y = [1, 2, 3], [3, 1, 2]
    pareto_step(ax, x, y, shade=True, label="front")
    attainment_band(ax, x, y, [0, 1, 1], label="runs")
    vram_lines(ax, [1.5, 2.5], label="memory")
    ref_band(ax, 1.5, spread=0.2, label="band")
    callout(ax, (2, 1.5), "text")
    ideal_corner(ax)
    end_labels(ax)
    return [one for one in ax.get_children() if type(one).__module__.startswith("mpl_dantinox")]


def pixels(fig: Figure) -> np.ndarray:
    fig.canvas.draw()
    return np.asarray(fig.canvas.buffer_rgba()).copy()


# Data


@pytest.mark.parametrize("values", [[], [np.nan, np.nan], [np.inf, -np.inf], [2, 2]])
def test_whatever_the_data_there_is_a_drawing(ax: Axes, values: list[float]) -> None:
    pareto_step(ax, values, values, shade=True)
    attainment_band(ax, values, values, [0, 1][: len(values)])
    dominated_region(ax, values, values)
    (line,) = ax.plot(values, values, label="line")
    for value in values:
        callout(ax, (value, value), "here")
        ref_band(ax, value)
    vram_lines(ax, [])
    end_labels(ax, [line])
    ax.figure.canvas.draw()


@pytest.mark.parametrize("line", [([], []), ([1], [1]), ([np.nan, np.nan], [1, 2])])
@pytest.mark.parametrize("level", [1.5, np.nan])
def test_what_is_no_line_crosses_nothing(ax: Axes, line: tuple, level: float) -> None:
    assert mark_crossing(ax, line, level) == []


def test_values_that_floats_can_hardly_hold_are_drawn(ax: Axes) -> None:
    pareto_step(ax, [1e300, 2e300, 3e300], [3e-300, 1e-300, 2e-300], shade=True)
    callout(ax, (2e300, 1e-300), "here")
    vram_lines(ax, [1e300])
    ax.figure.canvas.draw()


def test_what_has_no_place_on_a_log_axis_is_not_drawn(ax: Axes) -> None:
    ax.set(xscale="log", yscale="log", xlim=(0.1, 10), ylim=(0.1, 10))
    marks = [callout(ax, point, "here") for point in ((0, 1), (-1, -1))]
    ref_band(ax, -3.0)
    end_labels(ax, ax.plot([0, -1, 5], [1, 2, 3]), labels=["line"])
    ax.figure.canvas.draw()
    assert not any(mark.text in mark.placed_parts for mark in marks)


def test_columns_of_frames_and_masked_arrays_are_data(ax: Axes) -> None:
    column = pd.Series([3.0, 1, 2], index=[7, 8, 9])
    front = pareto_step(ax, np.ma.array([1, 2, 3], mask=[0, 1, 0]), column)
    assert front.get_front().tolist() == [[1, 3], [3, 2]]
    assert mark_best(ax, column, column).get_xy() == (1, 1)
    nullable = pareto_step(ax, pd.array([1, 2, None], dtype="Int64"), [2, 1, 0])
    assert nullable.get_front().tolist() == [[1, 2], [2, 1]]
    ax.figure.canvas.draw()


@pytest.mark.parametrize("text", ["", " ", "\n", "$", "\\", "%", "{", "<b>&amp;", "a" * 300])
def test_any_text_is_drawn(ax: Axes, text: str) -> None:
    callout(ax, (0.5, 0.5), text)
    end_labels(ax, ax.plot([0, 1], [0, 1]), labels=[text])
    for form in ("raw", "svg", "pdf"):
        ax.figure.savefig(io.BytesIO(), format=form)


def test_letters_of_any_size_are_drawn(ax: Axes) -> None:
    callout(ax, (0.5, 0.5), "big", fontsize=300)
    callout(ax, (0.5, 0.5), "small", fontsize=0.1)
    vram_lines(ax, [0.5], labels={"size": 90})
    ideal_corner(ax, fontsize=100)
    ax.figure.canvas.draw()


@pytest.mark.parametrize("place", [(0.1, 0.1, 0.001, 0.5), (0.3, 0.1, 0.01, 0.01)])
def test_the_smallest_axes_have_room_enough_not_to_fail(place: tuple) -> None:
    fig = plt.figure(figsize=(3, 2.4), dpi=50)
    add_all(fig.add_axes(place))
    fig.canvas.draw()


# Values


@pytest.mark.parametrize(
    "set_",
    [
        lambda ax: ax.add_artist(RefBand(1.0)).set_value("x y"),
        lambda ax: callout(ax, (1, 1), "here").set_xy(("x y", 1)),
    ],
)
def test_a_category_among_numbers_is_refused_and_changes_nothing(
    ax: Axes, set_: Callable[[Axes], object]
) -> None:
    ax.plot([1, 2], [1, 2])
    with pytest.raises(TypeError, match="x y"):
        set_(ax)
    ax.figure.canvas.draw()


def test_values_may_become_categories_where_the_axis_has_them(ax: Axes) -> None:
    ax.plot(["a", "b"], [1, 2])
    band, mark = ref_band(ax, "a", axis="x"), callout(ax, ("a", 1), "here")
    band.set_value("b")
    mark.set_xy(("b", 2))
    ax.figure.canvas.draw()
    assert band.drawn_line().get_xdata()[0] == 1


def test_a_refused_interval_changes_nothing(ax: Axes) -> None:
    band = ref_band(ax, 1.0, spread=0.5)
    for interval in (1, (1,), (1, 2, 3), (0, None)):
        with pytest.raises((TypeError, ValueError)):
            band.set_interval(interval)
    assert band.get_interval() == (0.5, 1.5)


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("projection", ["polar", "3d", "hammer"])
def test_bent_axes_are_refused_and_drawn(name: str, projection: str) -> None:
    fig = plt.figure(figsize=(2, 2), dpi=50)
    ax = fig.add_subplot(projection=projection)
    with pytest.raises(TypeError, match="straight"):
        ax.add_artist(MAKE[name]())
    fig.canvas.draw()


# Life


@pytest.mark.parametrize("name", MAKE)
def test_a_deep_copy_is_an_artist_of_its_own(ax: Axes, name: str) -> None:
    artist = MAKE[name]()
    twin = copy.deepcopy(artist)
    for one in (artist, twin):
        ax.add_artist(one)
    before = pixels(ax.figure)
    twin.set_visible(False)
    assert artist.get_visible()
    assert pixels(ax.figure).shape == before.shape


def test_all_are_removed_and_added_again_and_again(ax: Axes) -> None:
    guides = [one for one in add_all(ax) if isinstance(one, Guide)]
    before = pixels(ax.figure)
    for _ in range(3):
        for guide in guides:
            guide.remove()
        ax.figure.canvas.draw()
        for guide in guides:
            ax.add_artist(guide)
    assert (pixels(ax.figure) == before).all()


def test_a_pickle_of_a_pickle_draws_the_same_and_can_be_changed(ax: Axes) -> None:
    add_all(ax)
    ax.legend()
    before = pixels(ax.figure)
    again = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(ax.figure))))
    assert (pixels(again) == before).all()
    for artist in again.axes[0].get_children():
        if isinstance(artist, Guide):
            artist.set_color("red")
    assert (pixels(again) != before).any()


def test_an_axes_that_is_cleared_may_be_filled_again(ax: Axes) -> None:
    for _ in range(2):
        add_all(ax)
        ax.figure.canvas.draw()
        ax.clear()
    ax.figure.canvas.draw()


def test_end_labels_outlive_their_lines(ax: Axes) -> None:
    (line,) = ax.plot([1, 2], [1, 2])
    band = ref_band(ax, 1.0)
    labels = ax.add_artist(EndLabels([line, band], ["line", "band"]))
    ax.figure.canvas.draw()
    assert len(labels.placed_parts) == 2
    line.remove()
    band.remove()
    ax.figure.canvas.draw()
    assert not labels.placed_parts


def test_a_shade_may_be_removed_alone(ax: Axes) -> None:
    front = pareto_step(ax, [1, 2], [2, 1], shade=True)
    ax.patches[0].remove()
    front.set_color("red")
    front.add_points([0.5], [0.5])
    front.remove()
    ax.add_line(front)
    ax.figure.canvas.draw()


def test_a_front_of_a_figure_is_drawn_in_the_figure() -> None:
    fig = plt.figure(figsize=(2, 2), dpi=50)
    blank = pixels(fig)
    for front in (ParetoStep([0.2, 0.6], [0.8, 0.3]), AttainmentBand([0.2], [0.2], [0])):
        fig.add_artist(front)
    assert (pixels(fig) != blank).any()


def test_all_can_be_printed_on_their_axes_and_on_none(ax: Axes) -> None:
    told = [str(make()) for make in MAKE.values()] + [str(artist) for artist in add_all(ax)]
    assert all(told)


# Events


@pytest.mark.parametrize("layout", ["none", "tight", "constrained"])
def test_nothing_is_stale_by_being_looked_at(layout: str) -> None:
    fig = plt.figure(figsize=(3, 2.4), dpi=50, layout=layout)
    artists = add_all(fig.add_subplot())
    fig.canvas.draw()
    fig.stale = fig.axes[0].stale = False
    event = MouseEvent("motion_notify_event", fig.canvas, *fig.axes[0].bbox.min + 20)
    for artist in artists:
        artist.contains(event)
        artist.get_tightbbox()
        artist.get_window_extent()
        assert not any(one.stale for one in (fig, *fig.axes)), artist


def test_a_mouse_before_the_first_drawing_and_everywhere_after_it(ax: Axes) -> None:
    artists = add_all(ax)
    for _ in range(2):
        for x, y in np.ndindex(6, 6):
            event = MouseEvent("motion_notify_event", ax.figure.canvas, 30 * x, 24 * y)
            for artist in artists:
                artist.contains(event)
                data = artist.get_cursor_data(event)
                assert data is None or artist.format_cursor_data(data)
        ax.figure.canvas.draw()


def test_a_frame_of_an_animation_is_the_figure_drawn_at_once(ax: Axes) -> None:
    ax.plot([1, 3], [1, 3])
    moving = [callout(ax, (2, 2), "here"), ax.add_artist(RefBand(1.5)), vram_lines(ax, [2])]
    for artist in moving:
        artist.set_animated(True)
    pixels(ax.figure)
    background = ax.figure.canvas.copy_from_bbox(ax.figure.bbox)
    moving[0].set_xy((1.5, 2.5))
    moving[1].set_value(2.5)
    ax.figure.canvas.restore_region(background)
    for artist in moving:
        ax.draw_artist(artist)
    frame = np.asarray(ax.figure.canvas.buffer_rgba()).copy()
    assert (frame != pixels(ax.figure)).any()
    places = moving[0].text.get_position()
    ax.figure.canvas.draw()
    moving[0].drawn_parts()
    assert moving[0].text.get_position() == places


def test_a_view_is_dragged_away_and_set_back(ax: Axes) -> None:
    add_all(ax)
    before, limits = pixels(ax.figure), {"xlim": ax.get_xlim(), "ylim": ax.get_ylim()}
    for button in (MouseButton.LEFT, MouseButton.RIGHT):
        ax.start_pan(70, 60, button)
        for far in (10, 20, 30):
            ax.drag_pan(button, None, 70 + far, 60 + far)
            assert (pixels(ax.figure) != before).any()
        ax.end_pan()
        ax.set(**limits)
        assert (pixels(ax.figure) == before).all()


def test_looking_again_after_each_drawing_is_no_reason_to_draw(ax: Axes) -> None:
    artists, drawn = add_all(ax), []

    def look(event: object) -> None:
        drawn.append([artist.get_tightbbox() for artist in artists])

    ax.figure.canvas.mpl_connect("draw_event", look)
    ax.figure.canvas.draw()
    assert not ax.figure.stale
    assert len(drawn) == 1


# Legends and neighbours


@pytest.mark.parametrize("loc", ["best", *range(1, 11), (1.02, 0.2)])
def test_keys_are_drawn_wherever_the_legend_is(ax: Axes, loc: object) -> None:
    add_all(ax)
    legend = ax.legend(loc=loc, fontsize=5, markerfirst=False)
    ax.figure.canvas.draw()
    told = {text.get_text() for text in legend.get_texts()}
    assert told == {"front", "runs", "memory", "band"}


def test_keys_stand_together_in_one(ax: Axes) -> None:
    band, front = ref_band(ax, 1.0, spread=0.1), pareto_step(ax, [1], [1])
    ax.legend([(band, front), attainment_band(ax, [1], [1], [0])], ["both", "runs"])
    ax.figure.canvas.draw()


def test_among_every_kind_of_plot_there_is_a_drawing(ax: Axes) -> None:
    rng = np.random.default_rng(0)
    ax.quiver([1], [1], [1], [1])
    ax.barbs([1], [1], [10], [10])
    ax.streamplot(np.arange(3), np.arange(3), np.ones((3, 3)), np.ones((3, 3)))
    ax.hexbin(*rng.random((2, 50)), gridsize=5)
    ax.contour(np.arange(9).reshape(3, 3))
    ax.stem([1, 2], [1, 2])
    ax.violinplot([1, 2, 3])
    ax.table([["a", "b"]], loc="top")
    ax.stairs([1, 2, 1], fill=True)
    ax.eventplot([1, 2])
    add_all(ax)
    ax.figure.canvas.draw()


@pytest.mark.parametrize("scale", ["asinh", "symlog", "logit", "function"])
def test_any_scale_will_do_upside_down(ax: Axes, scale: str) -> None:
    pareto_step(ax, [0.1, 0.5], [0.5, 0.1], shade=True)
    add_all(ax)
    options = {"functions": (np.square, lambda x: np.sqrt(np.abs(x)))}
    for axis in ("x", "y"):
        getattr(ax, f"set_{axis}scale")(scale, **(options if scale == "function" else {}))
    ax.set(xlim=(0.9, 0.05), ylim=(0.9, 0.05))
    ax.figure.canvas.draw()


def test_dates_are_marked_banded_crossed_and_labelled(ax: Axes) -> None:
    days = [datetime.datetime(2024, 1, day) for day in (1, 2, 3)]
    (line,) = ax.plot(days, [3, 1, 2], label="line")
    pareto_step(ax, days, [3, 1, 2], shade=True)
    ref_band(ax, days[1], interval=(days[0], days[2]), axis="x").set_value(days[2])
    callout(ax, (days[1], 2), "here", drop="x").set_xy((days[0], 2))
    assert len(mark_crossing(ax, line, 2.0)) == 2
    end_labels(ax, [line])
    ax.figure.canvas.draw()


def test_a_figure_that_changes_its_shape_between_drawings(ax: Axes) -> None:
    add_all(ax)
    for change in (
        lambda: ax.figure.set_size_inches(5, 4),
        lambda: ax.figure.set_dpi(80),
        lambda: ax.set_position((0.3, 0.3, 0.4, 0.4)),
        ax.invert_xaxis,
        lambda: ax.set_yscale("log"),
        lambda: ax.set_aspect("equal"),
        lambda: ax.set_axis_off(),
        lambda: ax.set_visible(False),
    ):
        change()
        assert (pixels(ax.figure) == pixels(ax.figure)).all()


# Leaders


@pytest.mark.parametrize(("optional", "longest"), [(True, 0.25), (False, 0.4)])
@pytest.mark.parametrize("seed", range(2))
def test_no_leader_runs_across_the_axes(seed: int, optional: bool, longest: float) -> None:
    ax = plt.figure(figsize=(4, 3), dpi=72).add_subplot()
    x, y = np.random.default_rng(seed).random((2, 60))
    ax.scatter(x, y, s=30)
    marks = [callout(ax, (x[k], y[k]), f"run of a name {k}", optional=optional) for k in range(12)]
    ax.figure.canvas.draw()
    led = 0
    for mark in marks:
        for part in mark.placed_parts:
            if isinstance(part, Line2D) and len(part.get_xdata()) == 2 and part is mark._leader:
                ends = np.column_stack(part.get_data()) / ax.bbox.size
                assert np.hypot(*(ends[1] - ends[0])) <= longest + 1e-4
                led += 1
    assert led


def test_what_would_need_a_longer_leader_is_left_out_where_it_may_be() -> None:
    ax = plt.figure(figsize=(4, 3), dpi=72).add_subplot()
    x, y = np.random.default_rng(0).uniform(0, 0.6, (2, 4000))
    ax.scatter(x, y)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    must, may = (callout(ax, (0.1, 0.1), "a run", optional=optional) for optional in (False, True))
    ax.figure.canvas.draw()
    assert may.text not in may.placed_parts
    assert must.text in must.placed_parts
