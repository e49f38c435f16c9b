"""Labels keep clear of whatever there is, at once, and stay where they are."""

import copy
import io
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnchoredText, AnnotationBbox, OffsetImage, TextArea
from matplotlib.patches import Wedge
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform

from mpl_dantinox.artists import (
    Callout,
    EndLabels,
    Guide,
    ParetoStep,
    RefBand,
    VRAMReferenceLines,
)
from mpl_dantinox.artists.obstacles import obstruct
from mpl_dantinox.artists.space import Space
from mpl_dantinox.axes import (
    attainment_band,
    callout,
    end_labels,
    ideal_corner,
    mark_best,
    mark_crossing,
    pareto_step,
    vram_lines,
)


@pytest.fixture
def ax() -> Axes:
    ax = plt.figure(figsize=(4, 3), dpi=72).add_subplot()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    return ax


def pixels(fig: Figure) -> np.ndarray:
    fig.canvas.draw()
    return np.asarray(fig.canvas.buffer_rgba()).copy()


# What is in the way


def arrows(ax: Axes) -> Callable[[], Bbox]:
    ax.quiver([0.5], [0.5], [1.0], [0.3], scale=4, width=0.03)
    return lambda: Bbox(ax.transData.transform([(0.52, 0.5), (0.6, 0.56)]))


def inset(ax: Axes) -> Callable[[], Bbox]:
    inner = ax.inset_axes((0.5, 0.5, 0.4, 0.4))
    inner.set(xticks=[], yticks=[])
    return lambda: inner.bbox


def boxed(ax: Axes) -> Callable[[], Bbox]:
    # The frame, and not the text, is where the label would be.
    text = ax.text(0.75, 0.7, "x", bbox={"boxstyle": "square,pad=7"})
    return lambda: text.get_bbox_patch().get_window_extent()


def image(ax: Axes) -> Callable[[], Bbox]:
    picture = OffsetImage(np.zeros((30, 60)), zoom=1)
    box = AnnotationBbox(picture, (0.5, 0.5), box_alignment=(-0.1, -0.1), zorder=9)
    return ax.add_artist(box).get_window_extent


def annotation(ax: Axes) -> Callable[[], Bbox]:
    # Drawn after the label, and without its offset it is not where it will be.
    note = ax.annotate(
        "a note of some length", (0, 0), (104, 85), textcoords="offset points", zorder=9
    )
    return note.get_window_extent


def anchored(ax: Axes) -> Callable[[], Bbox]:
    text = ax.add_artist(AnchoredText("anchored text", "center", borderpad=0))
    return text.get_window_extent


def figure_legend(ax: Axes) -> Callable[[], Bbox]:
    return ax.figure.legend([Line2D([], [])], ["a line"], loc="center").get_window_extent


def figure_text(ax: Axes) -> Callable[[], Bbox]:
    return ax.figure.text(0.52, 0.52, "a text of the figure").get_window_extent


def bar(ax: Axes) -> Callable[[], Bbox]:
    (patch,) = ax.bar([0.7], [1.0], width=0.5, linewidth=0)
    return patch.get_window_extent


IN_THE_WAY: dict[str, Callable[[Axes], Callable[[], Bbox]]] = {
    function.__name__: function
    for function in (
        annotation, anchored, arrows, bar, boxed, figure_legend, figure_text, image, inset
    )
}  # fmt: skip


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_a_label_lies_on_nothing_in_the_first_drawing(ax: Axes, name: str) -> None:
    # What it is in the way of is measured afterwards, for that would tell where it is.
    box = IN_THE_WAY[name](ax)
    mark = callout(ax, (0.5, 0.5), "label")
    ax.figure.canvas.draw()
    assert not mark.text.get_window_extent().overlaps(box())


def test_what_a_kind_of_artist_puts_in_the_way_can_be_registered(ax: Axes) -> None:
    class Sticker(Artist):
        def draw(self, renderer: object) -> None:
            pass

    ax.add_artist(Sticker())
    mark = callout(ax, (0.5, 0.5), "label")
    ax.figure.canvas.draw()
    before = mark.text.get_window_extent()

    @obstruct.register
    def _(artist: Sticker, space: Space) -> None:
        space.add_extent(before)

    ax.figure.canvas.draw()
    assert not mark.text.get_window_extent().overlaps(before)


def test_an_area_is_in_the_way_up_to_its_edges() -> None:
    space = Space(Figure(figsize=(5, 4), dpi=72).add_axes((0, 0, 1, 1)))
    wedge = Wedge((100, 100), 60, 0, 270)
    space.add_area(wedge.get_path(), wedge.get_patch_transform())
    inside, beside, cut_out = (
        space.cost(np.array([[x, y, x + 8.0, y + 8]]))[0]
        for x, y in ((80, 80), (180, 80), (120, 60))
    )
    assert inside == 10
    assert beside == cut_out == 0


def test_what_a_box_covers_is_what_is_in_it() -> None:
    rng = np.random.default_rng(0)
    space = Space(Figure(figsize=(5, 4), dpi=72).add_axes((0, 0, 1, 1)))
    points = rng.uniform(0, (360, 288), (200, 2))
    space.add_markers(points, IdentityTransform(), 2.0)
    low = rng.uniform(10, (300, 240), (500, 2))
    boxes = np.hstack([low, low + rng.uniform(5, 40, (500, 2))])
    nearest = np.clip(points[:, None], boxes[:, :2], boxes[:, 2:])
    away = np.hypot(*(points[:, None] - nearest).T)
    cost = space.cost(boxes)
    # The grid errs by a cell to the safe side.
    assert (cost >= (away < 2.0).sum(axis=1)).all()
    assert (cost <= (away < 4.2).sum(axis=1)).all()


def test_a_line_through_a_box_is_seen_however_it_runs() -> None:
    space = Space(Figure(figsize=(5, 4), dpi=72).add_axes((0, 0, 1, 1)))
    space.add_lines(Path([(10, 10), (300, 10.2), (300.1, 250), (20, 20)]), IdentityTransform())
    on = np.array([(150.0, 8, 160, 12), (298, 100, 302, 110), (158, 132, 164, 140)])
    off = np.array([(150.0, 14, 160, 18), (290, 100, 297, 110), (60, 132, 70, 140)])
    assert (space.cost(on) >= 5).all()
    assert (space.cost(off) == 0).all()


def test_a_curve_is_in_the_way_where_the_scale_has_it() -> None:
    ax = Figure(figsize=(5, 4), dpi=72).add_axes((0, 0, 1, 1))
    ax.set(xscale="log", yscale="log", xlim=(1, 1000), ylim=(1000, 1))
    (line,) = ax.plot([1, 999], [10, 10], "o", ls="-")
    space = Space(ax)
    obstruct(line, space)
    assert (space.cost(np.array([[100.0, 190, 110, 194], [0.1, 190, 4, 194]])) > 4).all()
    assert (space.cost(np.array([[100.0, 93, 110, 99], [100, 280, 110, 287]])) == 0).all()


@pytest.mark.exhaustive
def test_a_line_too_dense_to_be_drawn_on_pixels_is_in_the_way_as_an_area() -> None:
    ax = Figure(figsize=(5, 4), dpi=72).add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    with plt.rc_context({"path.simplify": False}):
        (line,) = ax.plot(*np.random.default_rng(0).random((2, 300_000)))
    space = Space(ax)
    obstruct(line, space)
    assert space.cost(np.array([[100.0, 100, 120, 110]])) == 10


def test_lines_out_of_view_are_in_the_way_where_they_run_through_it() -> None:
    space = Space(Figure(figsize=(5, 4), dpi=72).add_axes((0, 0, 1, 1)))
    far = [(-1e6, 50), (1e6, 50), (np.nan, 0), (90, -9e5), (90, 9e5), (9e5, 9e5)]
    space.add_lines(Path(far), IdentityTransform())
    boxes = np.array([(x, 48.0, x + 4, 52) for x in (0, 100, 300)] + [(88, 200, 92, 204)])
    assert (space.cost(boxes) >= 5).all()
    assert (space.cost(boxes + 8) == 0).all()


# They stay


def busy(seed: int, shift: float = 0.0, **figure: str) -> Figure:
    """Return a figure of everything that looks for a place, at random."""
    rng = np.random.default_rng(seed)
    fig = plt.figure(
        figsize=rng.uniform((3, 2.5), (7, 5)), dpi=rng.choice([72, 100, 120]), **figure
    )
    left, bottom, width, height = rng.uniform((0.1, 0.1, 0.6, 0.6), (0.2, 0.2, 0.75, 0.75))
    place = (left + shift, bottom + shift, width, height)
    ax = fig.subplots() if figure else fig.add_axes(place)
    n = rng.integers(5, 80)
    x, y = np.round(10 ** rng.uniform(0, 2, n), 2), np.round(3 + rng.normal(size=n), 2)
    ax.scatter(x, y, s=rng.integers(5, 60))
    walk = np.round(3 + np.cumsum(rng.normal(size=n)) / 3, 2)
    (line,) = ax.plot(np.sort(x), walk, label="line")
    ax.set_xscale(rng.choice(["linear", "log"]))
    for k in range(rng.integers(1, min(n, 8))):
        callout(ax, (x[k], y[k]), f"run {k}")
    vram_lines(ax, list(rng.integers(1, 95, rng.integers(1, 5))))
    more: list[Callable[[], object]] = [
        lambda: ideal_corner(ax),
        lambda: end_labels(ax),
        lambda: mark_crossing(ax, line, 3.0),
        lambda: ax.legend(),
        lambda: ax.annotate("note", (x[0], y[0]), (30, 30), textcoords="offset points"),
        lambda: ax.bar([20, 40, 60], [2, 3, 1], width=10),
    ]
    for add, wanted in zip(more, rng.random(len(more)) < 0.5, strict=True):
        if wanted:
            add()
    return fig


def places(fig: Figure) -> np.ndarray:
    """Return where the texts were drawn last, in points from the corners of their Axes."""
    return np.array(
        [
            (part.get_position() - ax.bbox.min) * 72 / fig.dpi
            for ax in fig.axes
            for guide in ax.get_children()
            if isinstance(guide, Guide)
            for part in guide.placed_parts
            if isinstance(part, Text)
        ]
    )


def at_rest(fig: Figure) -> np.ndarray:
    """Return the pixels above and to the right of where an Axes begins, its layout being at rest.

    matplotlib's layouts take some drawings, each of which moves the Axes by a fraction of the one
    before, and end up to 1e-14 apart: enough for one of its ticks, but for nothing of ours.
    """
    ax = fig.axes[0]
    for _ in range(20):
        before = ax.get_position().extents
        drawn = pixels(fig)
        if np.abs(ax.get_position().extents - before).max() < 1e-12:
            left, bottom = np.floor(ax.bbox.min - 1).astype(int)
            return drawn[: len(drawn) - bottom, left:]
    raise AssertionError("the figure does not come to rest")


SEEDS = [*range(8), *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(8, 24))]
LAYOUTS = ("none", "tight", "constrained", "compressed")
# The first few under each, and 150 under one or another.
STAY = [
    pytest.param(seed, layout, marks=() if seed < quick else pytest.mark.exhaustive)
    for turn, (layout, quick) in enumerate(zip(LAYOUTS, (2, 1, 1, 1), strict=True))
    for seed in range(150)
    if seed < quick or seed % 4 == turn
]
FILES: list[dict] = [
    {"format": "raw", "dpi": 300}, {"format": "raw", "bbox_inches": "tight"}, {"format": "svg"},
    {"format": "pdf"},
]  # fmt: skip


@pytest.mark.parametrize(("seed", "layout"), STAY)
# That the Axes are too small for the words around them is matplotlib's to say.
@pytest.mark.filterwarnings("ignore:.*(too small|not applied|Tight layout):UserWarning")
def test_labels_are_where_they_were(seed: int, layout: str) -> None:
    fig = busy(seed) if layout == "none" else busy(seed, layout=layout)
    first = pixels(fig)
    before = at_rest(fig)
    # All of them for the first few, and then two by turns.
    files = FILES[seed // 4 % 2 :: 2] if seed > 1 else FILES
    for options in files:
        fig.savefig(io.BytesIO(), **options)
    assert (at_rest(fig) == before).all(), f"after files with {files}"
    if layout == "none":
        for _ in range(5):
            fig.draw_without_rendering()
        assert (pixels(fig) == first).all(), "in the tenth drawing"
        assert (pixels(busy(seed, 1e-15)) == first).all(), "moved by next to nothing"


@pytest.mark.parametrize("text", ["a text", "two\nlines of it", "$x^2$"])
def test_a_text_is_as_large_at_any_resolution(ax: Axes, text: str) -> None:
    mark = callout(ax, (0.5, 0.5), text, bbox={}, fontsize=7.3)
    sizes = []
    for dpi in (50, 72, 120, 300):
        ax.figure.dpi = dpi
        sizes.append(mark.text.measured())
    assert np.allclose(sizes, sizes[0], rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_are_at_the_same_place_at_any_resolution_in_any_format(seed: int) -> None:
    fig = busy(seed)
    fig.canvas.draw()
    before = places(fig)
    for dpi in (72, 200):
        fig.dpi = dpi
        fig.canvas.draw()
        assert np.allclose(places(fig), before, atol=0.25)
    fig.dpi = 72
    fig.savefig(io.BytesIO(), format="svg")
    assert np.allclose(places(fig), before, atol=0.25)


def test_in_axes_without_an_area_there_are_no_labels() -> None:
    fig = plt.figure()
    ax = fig.add_axes((0.4, 0.4, 0, 0.5))
    for guide in (callout(ax, (0.5, 0.5), "text"), vram_lines(ax, [0.5]), ideal_corner(ax)):
        fig.canvas.draw()
        assert guide.drawn_parts() == []


def test_the_labels_of_twin_axes_keep_clear_of_one_another(ax: Axes) -> None:
    twin = ax.twinx()
    twin.set_ylim(0, 1)
    marks = [callout(one, (0.5, 0.5), "label") for one in (ax, twin)]
    ax.figure.canvas.draw()
    first, second = (mark.text.get_window_extent() for mark in marks)
    assert not first.overlaps(second)


def test_what_is_in_the_way_is_collected_once_for_all_labels(
    ax: Axes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    (line,) = ax.plot([0, 1], [0, 1])
    path = line.get_path()
    monkeypatch.setattr(line, "get_path", lambda: asked.append(line) or path)
    for k in range(9):
        callout(ax, (k / 10, 0.5), f"{k}")
    vram_lines(ax, [0.5])
    for drawn in (1, 2):
        ax.figure.canvas.draw()
        assert asked.count(line) == drawn


def test_a_mouse_that_moves_places_nothing_anew(ax: Axes, monkeypatch: pytest.MonkeyPatch) -> None:
    guides = [vram_lines(ax, [0.5]), callout(ax, (0.2, 0.2), "here"), ax.add_artist(RefBand(0.7))]
    ax.figure.canvas.draw()
    monkeypatch.setattr("mpl_dantinox.artists.placement.place_all", None)
    event = MouseEvent("motion_notify_event", ax.figure.canvas, *ax.transData.transform((0.5, 0.3)))
    assert [guide.contains(event)[0] for guide in guides] == [True, False, False]


# Looks and values


def test_a_shade_follows_its_front(ax: Axes) -> None:
    front = pareto_step(ax, [0.4], [0.6], shade=True)
    (shade,) = ax.patches
    front.add_points([0.2], [0.2])
    front.set_color("red")
    corner = ax.transAxes.inverted().transform(ax.transData.transform((0.2, 0.2)))
    assert np.abs(shade.get_path().vertices - corner).sum(axis=1).min() < 1e-9
    assert shade.get_facecolor()[:3] == (1, 0, 0)
    front.remove()
    assert not ax.patches
    ax.add_line(front)
    assert list(ax.patches) == [shade]


def test_data_given_to_a_front_are_filtered(ax: Axes) -> None:
    front = ParetoStep([1], [1])
    front.set_data([1, 2, 3], [3, 4, 1])
    assert front.get_front().tolist() == [[1, 3], [3, 1]]


def test_a_draw_style_set_later_stays(ax: Axes) -> None:
    front = pareto_step(ax, [1], [1])
    front.set_drawstyle("default")
    front.set_points([1, 2], [2, 1])
    assert front.get_drawstyle() == "default"


def test_a_front_follows_the_axes_that_it_is_added_to() -> None:
    first, second = plt.figure().subplots(1, 2)
    third = plt.figure().subplots()
    for front in (
        pareto_step(first, [1, 2], [2, 1]),
        attainment_band(first, [1, 2], [2, 1], [0, 0]),
    ):
        for other in (second, third):
            front.remove()
            other.add_line(front)
            assert front.get_transform() is other.transData
            other.figure.canvas.draw()


@pytest.mark.parametrize(
    "make",
    [
        lambda ax: RefBand(0.5, spread=0.1),
        lambda ax: VRAMReferenceLines([0.5]),
        lambda ax: Callout((0.5, 0.5), "here", size=20),
    ],
)
def test_looks_survive_removal_into_another_figure(ax: Axes, make: Callable) -> None:
    guide = ax.add_artist(make(ax))
    guide.get_children()[-1].set_color("red")
    ax.figure.canvas.draw()
    guide.remove()
    other = plt.figure().add_subplot()
    other.add_artist(guide)
    other.figure.canvas.draw()
    assert guide.get_children()[-1].get_color() == "red"


OTHER = {"xtick.labelsize": 30, "legend.fontsize": 30, "text.color": "red", "grid.linewidth": 9}


def looks(guide: Guide) -> set[tuple]:
    return {
        (part.get_color(), part.get_fontsize() if isinstance(part, Text) else part.get_linewidth())
        for part in guide.drawn_parts()
        if isinstance(part, Text | Line2D)
    }


def test_new_devices_have_the_looks_of_the_old(ax: Axes) -> None:
    lines = vram_lines(ax, [0.2])
    before = looks(lines)
    with plt.rc_context(OTHER):
        lines.set_devices([0.2, 0.4])
        assert looks(lines) == before


@pytest.mark.parametrize(
    "make", [lambda: VRAMReferenceLines([0.5]), lambda: Callout((0.5, 0.5), "here", drop="x")]
)
def test_under_another_style_looks_survive_a_copy_and_a_return(ax: Axes, make: Callable) -> None:
    guide = ax.add_artist(make())
    before = looks(guide)
    with plt.rc_context(OTHER):
        assert looks(copy.copy(guide)) == before
        guide.remove()
        ax.add_artist(guide)
        assert looks(guide) == before


def test_a_text_that_is_hidden_stays_hidden(ax: Axes) -> None:
    mark = callout(ax, (0.5, 0.5), "label")
    mark.text.set_visible(False)
    ax.figure.canvas.draw()
    assert not mark.text.get_visible()
    assert mark.text not in mark.drawn_parts()


def test_properties_of_labels_work(ax: Axes) -> None:
    halo = [withStroke(linewidth=3)]
    mark = callout(ax, (0.5, 0.5), "label", path_effects=halo)
    props = {"alpha": 0.3, "c": "red", "rotation": 45, "size": 5}
    lines = vram_lines(ax, [0.5], labels=props)
    ax.figure.canvas.draw()
    text = lines.get_children()[-1]
    assert mark.text.get_path_effects() == halo
    assert (text.get_alpha(), text.get_color(), text.get_rotation()) == (0.3, "red", 45)
    assert text.get_fontsize() == 5


@pytest.mark.parametrize("prop", ["ha", "va", "x", "position", "transform", "colour"])
def test_what_a_label_finds_itself_is_refused(ax: Axes, prop: str) -> None:
    with pytest.raises(TypeError, match="expected one of how it looks"):
        vram_lines(ax, [0.5], labels={prop: "left"})
    with pytest.raises(TypeError, match="expected one of how it looks"):
        callout(ax, (0.5, 0.5), "label", **{prop: "left"})


@pytest.mark.parametrize(
    "make",
    [
        lambda: RefBand(None),
        lambda: RefBand(np.array([3.0])),
        lambda: RefBand(1.0).set_value([1]),
        lambda: RefBand(1.0, interval=(0, None)),
        lambda: Callout((None, 1), "t"),
        lambda: Callout((object(), 1), "t"),
        lambda: Callout((0, 0), "t", prefer="up"),
        lambda: Callout((0, 0), "t").set_prefer("up"),
        lambda: Callout((0, 0), "t").set_xy((0, [1])),
    ],
)
def test_values_are_refused_when_they_are_given(make: Callable[[], object]) -> None:
    with pytest.raises((TypeError, ValueError), match="expected"):
        make()


def test_a_guide_added_to_a_figure_is_refused() -> None:
    figure = plt.figure()
    with pytest.raises(TypeError, match="add it with"):
        figure.add_artist(RefBand(1.0))
    assert not figure.artists


def test_markers_of_lines_are_not_put_on_guides(ax: Axes) -> None:
    with plt.rc_context({"lines.marker": "o"}):
        guides = [RefBand(0.5), VRAMReferenceLines([0.5]), Callout((0.5, 0.5), "t")]
        guides.append(EndLabels(ax.plot([0, 1], [0, 1]), ["end"]))
    lines = [line for guide in guides for line in guide.get_children() if isinstance(line, Line2D)]
    assert {line.get_marker() for line in lines} == {"None"}


def test_one_device_may_stand_alone() -> None:
    assert VRAMReferenceLines("H100").get_texts() == ["H100"]
    assert VRAMReferenceLines(24).get_texts() == ["24 GB"]


def test_lines_are_labelled_at_their_ends_again_and_with_error_bars(ax: Axes) -> None:
    ax.errorbar([0, 1], [0, 1], 0.1, label="bars")
    ax.plot([0, 1], [1, 0], label="line")
    for _ in range(2):
        assert sorted(end_labels(ax).get_texts()) == ["bars", "line"]
    ax.figure.canvas.draw()


def test_keys_have_the_scale_of_the_legend(ax: Axes) -> None:
    pareto_step(ax, [0.5], [0.5], marker="o", label="front")
    key = ax.legend(markerscale=3).legend_handles[0]
    assert key.get_markersize() == 3 * plt.rcParams["lines.markersize"]


def test_the_best_of_categories_and_of_durations_is_marked(ax: Axes) -> None:
    other = ax.figure.add_subplot(2, 2, 4)
    assert mark_best(ax, np.array([1, 2], "m8[s]"), [2, 1]).get_text() == "2, 1"
    assert mark_best(other, ["a", "b", "c"], [3, 1, 2]).get_text() == "b, 1"


def test_a_boxed_note_is_placed_by_its_contents(ax: Axes) -> None:
    note = AnnotationBbox(TextArea("a note"), (0.5, 0.5), arrowprops={"arrowstyle": "->"})
    ax.add_artist(note)
    mark = callout(ax, (0.5, 0.5), "label")
    first = pixels(ax.figure)
    assert (pixels(ax.figure) == first).all()
    box = note.get_window_extent(ax.figure.canvas.get_renderer())
    assert not mark.text.get_window_extent().overlaps(box)


def test_a_legend_in_the_best_place_is_the_same_after_a_file_of_another_resolution() -> None:
    fig = busy(32)
    before = pixels(fig)
    fig.savefig(io.BytesIO(), dpi=300)
    assert (pixels(fig) == before).all()
