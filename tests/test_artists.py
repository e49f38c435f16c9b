"""What every artist does, and what each does that no other does."""

import copy
import datetime
import inspect
import io
import itertools
import pickle
from collections.abc import Callable

import matplotlib as mpl
import matplotlib.patheffects
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.artist import Artist, ArtistInspector
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

import mpl_dantinox
from mpl_dantinox.artists import (
    AttainmentBand,
    Callout,
    DominatedRegion,
    EndLabels,
    IdealCorner,
    ParetoStep,
    RefBand,
    VRAMReferenceLines,
)
from mpl_dantinox.artists.attainment_band import attainment_surface
from mpl_dantinox.artists.end_labels import spread_out
from mpl_dantinox.artists.space import lengths_inside
from mpl_dantinox.artists.text import LiteralText
from mpl_dantinox.axes import DantinoxAxes
from mpl_dantinox.pareto import pareto_front

X = np.array([1.0, 2.0, 4.0, 3.0])
Y = np.array([8.0, 5.0, 4.0, 7.0])

#: Each artist, made anew for an Axes.
MAKE: dict[str, Callable[[Axes], Artist]] = {
    "step": lambda ax: ParetoStep(X, Y),
    "region": lambda ax: DominatedRegion(X, Y),
    "attainment": lambda ax: AttainmentBand(X, Y, [0, 1, 0, 1]),
    "vram": lambda ax: VRAMReferenceLines([2, 3, 3.1]),
    "band": lambda ax: RefBand(5.0, spread=1.0),
    "callout": lambda ax: Callout((2.0, 5.0), "here"),
    "corner": lambda ax: IdealCorner(),
    "ends": lambda ax: EndLabels(ax.lines[:1], ["end"]),
}
#: Those that hold no data.
GUIDES = sorted(set(MAKE) - {"step", "region", "attainment"})


@pytest.fixture(autouse=True)
def _small_figures() -> None:
    plt.rcParams.update({"figure.figsize": (4, 3), "figure.dpi": 72})


@pytest.fixture
def ax() -> Axes:
    fig = plt.figure()
    ax = fig.add_subplot()
    ax.plot(X, Y, "o-")
    # Ticks, which nothing here is about, take most of the time of a drawing.
    ax.locator_params(nbins=2)
    return ax


@pytest.fixture(params=sorted(MAKE))
def artist(request: pytest.FixtureRequest, ax: Axes) -> Artist:
    made = MAKE[request.param](ax)
    ax.add_artist(made)
    return made


def labels_of(artist: Artist) -> list[mpl.text.Text]:
    """Return the texts that an artist is drawn with."""
    return [part for part in artist.drawn_parts() if isinstance(part, mpl.text.Text)]


def pixels(fig: Figure) -> np.ndarray:
    fig.canvas.draw()
    return np.asarray(fig.canvas.buffer_rgba()).copy()


# Every artist


def test_it_shows(artist: Artist, ax: Axes) -> None:
    shown = pixels(ax.figure)
    artist.set_visible(False)
    assert (pixels(ax.figure) != shown).any()


def test_removing_it_leaves_the_axes_as_it_was(artist: Artist, ax: Axes) -> None:
    artist.set_visible(False)
    without = pixels(ax.figure)
    children = len(ax.get_children())
    artist.set_visible(True)
    pixels(ax.figure)
    artist.remove()
    assert len(ax.get_children()) == children - 1
    assert (pixels(ax.figure) == without).all()


def test_it_can_be_added_again_after_it_was_removed(artist: Artist, ax: Axes) -> None:
    before = pixels(ax.figure)
    artist.remove()
    ax.add_artist(artist)
    assert (pixels(ax.figure) == before).all()


def test_it_cannot_be_in_two_axes(artist: Artist, ax: Axes) -> None:
    with pytest.raises(ValueError, match="reset the Axes"):
        ax.figure.add_subplot(ax.get_subplotspec()).add_artist(artist)


def test_drawing_twice_draws_the_same(artist: Artist, ax: Axes) -> None:
    assert (pixels(ax.figure) == pixels(ax.figure)).all()


def test_drawing_leaves_nothing_stale(artist: Artist, ax: Axes) -> None:
    ax.figure.canvas.draw()
    assert not artist.stale
    assert not ax.stale
    assert not ax.figure.stale


@pytest.mark.parametrize("prop", ["alpha", "zorder", "visible", "rasterized", "gid"])
def test_a_setter_makes_the_figure_stale(artist: Artist, ax: Axes, prop: str) -> None:
    ax.figure.canvas.draw()
    artist.set(**{prop: {"alpha": 0.5, "zorder": 7, "gid": "name"}.get(prop, True)})
    assert ax.figure.stale


OWN_SETTERS = {
    "step": {"extend": False, "sense": ("max", "max")},
    "attainment": {"extend": False, "band_alpha": 0.5},
    "vram": {"devices": [1], "unit": "TB"},
    "band": {"value": 6.0, "interval": (1, 2), "band_alpha": 0.5},
    "callout": {"xy": (1, 1), "text": "b", "avoid": False, "optional": True, "prefer": (-1, 0)},
    "corner": {"text": "best", "color": "red"},
    "ends": {"color": "red"},
}
OWN = [(name, *item) for name, props in OWN_SETTERS.items() for item in props.items()]


@pytest.mark.parametrize(("name", "prop", "value"), OWN)
def test_a_setter_of_its_own_is_seen_in_the_next_drawing(
    name: str, prop: str, value: object, ax: Axes
) -> None:
    artist = ax.add_artist(MAKE[name](ax))
    ax.figure.canvas.draw()
    # ``artist.set`` would make it stale whatever the setter does.
    getattr(artist, f"set_{prop}")(value)
    assert ax.figure.stale
    assert getattr(artist, f"get_{prop}")() in (value, tuple(np.atleast_1d(value)))
    ax.figure.canvas.draw()
    assert not ax.figure.stale


def test_a_setter_of_a_part_makes_the_figure_stale(artist: Artist, ax: Axes) -> None:
    for part in artist.get_children():
        ax.figure.canvas.draw()
        part.set_alpha(0.3)
        assert ax.figure.stale


def test_it_draws_the_same_after_a_pickle(artist: Artist, ax: Axes) -> None:
    before = pixels(ax.figure)
    again = pickle.loads(pickle.dumps(ax.figure))
    assert (pixels(again) == before).all()


@pytest.mark.parametrize("name", sorted(set(MAKE) - {"ends"}))
def test_it_may_be_pickled_before_it_is_added(name: str, ax: Axes) -> None:
    # Labels of lines go with their lines, which are in a figure: see the test before this one.
    artist = ax.add_artist(MAKE[name](ax))
    before = pixels(ax.figure)
    artist.remove()
    ax.add_artist(pickle.loads(pickle.dumps(artist)))
    assert (pixels(ax.figure) == before).all()


def test_alpha_makes_it_fainter(artist: Artist, ax: Axes) -> None:
    before = pixels(ax.figure).astype(int)
    artist.set_alpha(0.05)
    faint = pixels(ax.figure).astype(int)
    artist.set_visible(False)
    without = pixels(ax.figure).astype(int)
    assert np.abs(faint - without).sum() < 0.6 * np.abs(before - without).sum()


def test_colour_reaches_everything(ax: Axes, artist: Artist) -> None:
    artist.set_visible(False)
    without = pixels(ax.figure)
    artist.set(visible=True, color="#ff0000")
    shown = pixels(ax.figure)
    # Where there was nothing but the white of the page.
    changed = (shown != without).any(axis=-1) & (without == 255).all(axis=-1)
    assert changed.any()
    assert (shown[changed][:, 0] == 255).all()


def test_gid_and_url_are_in_the_svg(artist: Artist, ax: Axes) -> None:
    artist.set(gid="my-artist", url="https://example.org/mine")
    file = io.StringIO()
    ax.figure.savefig(file, format="svg")
    assert 'id="my-artist"' in file.getvalue()
    assert "https://example.org/mine" in file.getvalue()


@pytest.mark.parametrize("name", ["step", "region", "attainment", "vram", "band"])
def test_no_line_and_no_area_is_drawn_out_of_a_clip_path(name: str, ax: Axes) -> None:
    without = pixels(ax.figure)
    # Labels are shown whole, as `Axes.text` shows them.
    artist = VRAMReferenceLines([1.5, 3.5], labels=False) if name == "vram" else MAKE[name](ax)
    ax.add_artist(artist)
    artist.set_clip_path(mpl.patches.Rectangle((0, 0), 0.5, 1, transform=ax.transAxes))
    changed = (pixels(ax.figure) != without).any(axis=(0, 2))
    middle = int(ax.bbox.x0 + ax.bbox.width / 2)
    assert changed[:middle].any()
    assert not changed[middle + 2 :].any()


def test_what_is_drawn_lies_in_its_window_extent(artist: Artist, ax: Axes) -> None:
    artist.set_visible(False)
    without = pixels(ax.figure)
    artist.set_visible(True)
    rows, columns = np.nonzero((pixels(ax.figure) != without).any(axis=2))
    box = artist.get_window_extent().padded(2)
    height = ax.figure.bbox.height
    assert box.x0 <= columns.min()
    assert columns.max() <= box.x1
    assert box.y0 <= height - 1 - rows.max()
    assert height - 1 - rows.min() <= box.y1


@pytest.mark.parametrize("form", ["png", "svg", "pdf", "ps"])
def test_it_is_saved_in_every_format(artist: Artist, ax: Axes, form: str) -> None:
    ax.figure.savefig(io.BytesIO(), format=form)


def test_its_looks_can_be_set(artist: Artist, ax: Axes) -> None:
    artist.set_sketch_params(1, 100, 2)
    artist.set(
        path_effects=[mpl.patheffects.withStroke(linewidth=3, foreground="w")],
        clip_box=ax.bbox,
        url="https://example.org",
        rasterized=True,
        snap=True,
    )
    for form in ("png", "svg", "pdf"):
        ax.figure.savefig(io.BytesIO(), format=form)


@pytest.mark.parametrize(
    "kind", [*(kind for kind in vars(mpl_dantinox.artists).values() if inspect.isclass(kind)
               and issubclass(kind, Artist)), LiteralText, DantinoxAxes],
)  # fmt: skip
def test_set_is_documented_with_all_properties_and_no_others(kind: type[Artist]) -> None:
    told = inspect.signature(kind.set).parameters.keys() - {"self"}
    assert told == set(ArtistInspector(kind).get_setters()) - {"figure", "navigate_mode"}


def test_its_properties_can_be_read_without_a_warning(artist: Artist) -> None:
    assert "alpha" in artist.properties()
    plt.getp(artist, "zorder")


def test_every_setter_has_a_getter_and_says_what_it_takes(artist: Artist) -> None:
    inspector = ArtistInspector(artist)
    ours = [
        name
        for name in inspector.get_setters()
        if getattr(artist, f"set_{name}").__module__.startswith("mpl_dantinox")
    ]
    assert ours
    for name in ours:
        assert inspect.getdoc(getattr(artist, f"set_{name}")), name
        assert inspector.get_valid_values(name) not in (None, "unknown"), name
        # The points of a front are given, and those of the front read.
        assert hasattr(artist, f"get_{name}") or name == "points", name


def test_setting_what_was_read_changes_nothing(artist: Artist, ax: Axes) -> None:
    before = pixels(ax.figure)
    for name in ArtistInspector(artist).get_setters():
        getter = getattr(artist, f"get_{name}", None)
        if getter and getter.__module__.startswith("mpl_dantinox") and name != "color":
            artist.set(**{name: getter()})
    assert (pixels(ax.figure) == before).all()


LOOKS = {
    "color": "#aa0000",
    "alpha": 0.5,
    "linewidth": 4.0,
    "linestyle": ":",
    "marker": "s",
    "markersize": 9.0,
    "visible": False,
    "clip_on": False,
    "label": "mine",
}


@pytest.mark.parametrize(
    ("name", "prop"),
    [
        (name, prop)
        for name in sorted(set(MAKE) - {"region"})
        for prop in LOOKS
        if name in ("step", "attainment") or not prop.startswith("marker")
    ],
)
def test_a_property_survives_update_from(name: str, prop: str, ax: Axes) -> None:
    first, second = MAKE[name](ax), MAKE[name](ax)
    first.set(**{prop: LOOKS[prop]})
    second.update_from(first)
    assert getattr(second, f"get_{prop}")() == LOOKS[prop]


@pytest.mark.parametrize("name", sorted(set(MAKE) - {"region"}))
def test_looks_taken_over_are_drawn(name: str, ax: Axes) -> None:
    first, second = ax.add_artist(MAKE[name](ax)), MAKE[name](ax)
    first.set(color="#aa0000", alpha=0.5)
    before = pixels(ax.figure)
    first.remove()
    ax.add_artist(second)
    second.update_from(first)
    assert (pixels(ax.figure) == before).all()


def test_every_keyword_is_documented(artist: Artist) -> None:
    told = mpl.artist.kwdoc(artist)
    for name in ArtistInspector(artist).get_setters():
        assert f"\n    {name}: " in told or f"\n    {name} or " in told, name


def test_it_is_found_among_the_children(artist: Artist, ax: Axes) -> None:
    assert artist in ax.get_children()
    assert artist in ax.findobj(type(artist))


def test_it_works_in_a_subfigure() -> None:
    fig = plt.figure(layout="constrained")
    _, right = fig.subfigures(1, 2)
    ax = right.subplots()
    ax.plot(X, Y)
    for make in MAKE.values():
        artist = ax.add_artist(make(ax))
        for part in (artist, *artist.get_children()):
            assert part.get_figure() is right
            assert part.axes is ax
            with pytest.raises(RuntimeError, match="more than one figure"):
                part.set_figure(fig)
    fig.canvas.draw()


def test_it_draws_alone_when_animated(artist: Artist, ax: Axes) -> None:
    fig = ax.figure
    whole = pixels(fig)
    artist.set_animated(True)
    fig.canvas.draw()
    without = np.asarray(fig.canvas.buffer_rgba()).copy()
    background = fig.canvas.copy_from_bbox(fig.bbox)
    fig.canvas.restore_region(background)
    assert (np.asarray(fig.canvas.buffer_rgba()) == without).all()
    ax.draw_artist(artist)
    fig.canvas.blit(fig.bbox)
    blitted = np.asarray(fig.canvas.buffer_rgba())
    # On top of what it lies behind else, so that no less of it is seen.
    assert (whole != without).any()
    assert ((blitted != without) | (whole == without)).all()


@pytest.mark.parametrize("projection", ["polar", "aitoff", "3d"])
@pytest.mark.parametrize("name", sorted(MAKE))
def test_other_projections_are_refused_when_it_is_added(name: str, projection: str) -> None:
    ax = plt.figure().add_subplot(projection=projection)
    ax.plot([0.1, 0.2], [0.3, 0.4])
    count = len(ax.get_children())
    with pytest.raises(TypeError, match="straight x and y axes"):
        ax.add_artist(MAKE[name](ax))
    assert len(ax.get_children()) == count


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_leaves_the_limits_alone(name: str, ax: Axes) -> None:
    before = ax.viewLim.frozen(), ax.dataLim.frozen()
    ax.add_artist(MAKE[name](ax))
    ax.figure.canvas.draw()
    ax.relim()
    ax.autoscale_view()
    assert np.allclose(ax.viewLim.get_points(), before[0].get_points())
    assert np.allclose(ax.dataLim.get_points(), before[1].get_points())


@pytest.mark.parametrize("name", ["step", "attainment"])
def test_what_holds_data_counts_for_the_limits_and_no_more(name: str) -> None:
    ax = plt.figure().add_subplot()
    line = ax.add_line(MAKE[name](ax))
    ax.autoscale_view()
    ax.figure.canvas.draw()
    ax.relim()
    assert (
        ax.dataLim.bounds
        == Bbox.null()
        .from_extents(*line.get_front().min(axis=0), *line.get_front().max(axis=0))
        .bounds
    )


@pytest.mark.parametrize("name", ["step", "region", "attainment"])
def test_what_holds_data_brings_its_limits_along(name: str) -> None:
    first, second = plt.figure().subplots(1, 2)
    artist = first.add_artist(MAKE[name](first))
    assert first.get_xlim()[0] < 1 < 4 < first.get_xlim()[1] < 5
    assert first.get_ylim()[0] < 4 < 8 < first.get_ylim()[1] < 9
    artist.remove()
    second.set_xlim(0, 1)
    second.add_artist(artist)
    assert second.get_xlim() == (0, 1)
    assert second.get_ylim() == first.get_ylim()


def test_dates_bring_their_limits_along() -> None:
    ax = plt.figure().add_subplot()
    ax.add_artist(ParetoStep(np.array(["2024-01-01", "2024-01-09"], "M8[D]"), [2, 1]))
    assert ax.get_xlim() == pytest.approx((19722.6, 19731.4))


@pytest.mark.parametrize("layout", ["constrained", "compressed", "tight", None])
@pytest.mark.parametrize("name", GUIDES)
def test_the_layout_neither_cuts_it_nor_leaves_room(name: str, layout: str | None) -> None:
    def inner_box(add: bool) -> np.ndarray:
        fig = plt.figure(layout=layout)
        ax = fig.add_subplot()
        ax.plot(X, Y)
        if add:
            ax.add_artist(MAKE[name](ax))
        fig.canvas.draw()
        return ax.get_position().extents

    same = np.allclose(inner_box(True), inner_box(False), atol=2e-3)
    assert same or (name == "ends" and layout is not None)


@pytest.mark.parametrize("name", ["vram", "band", "callout", "ends"])
def test_what_is_out_of_view_takes_no_room(name: str, ax: Axes) -> None:
    make: dict[str, Callable[[], Artist]] = {
        "vram": lambda: VRAMReferenceLines([("far away", 1e6)]),
        "band": lambda: RefBand(1e6, spread=1.0),
        "callout": lambda: Callout((1e6, 1e6), "far away"),
        "ends": lambda: EndLabels([Line2D([1e6, 2e6], [0, 1])], ["far away"]),
    }
    ax.figure.canvas.draw()
    before = ax.figure.get_tightbbox().extents
    ax.add_artist(make[name]())
    ax.figure.canvas.draw()
    assert np.allclose(ax.figure.get_tightbbox().extents, before)


# The labels at the ends of lines


def test_the_layout_makes_room_for_end_labels() -> None:
    fig = plt.figure(layout="constrained")
    ax = fig.add_subplot()
    ax.plot(X, Y, label="a rather long name of a line")
    labels = ax.add_artist(EndLabels(ax.lines))
    fig.canvas.draw()
    assert labels.get_window_extent().x1 <= fig.bbox.x1
    assert labels.get_window_extent().x0 >= ax.bbox.x1


def test_end_labels_are_saved_whole() -> None:
    fig = plt.figure()
    ax = fig.add_subplot()
    ax.plot(X, Y, label="a rather long name of a line that sticks out")
    labels = ax.add_artist(EndLabels(ax.lines))
    fig.canvas.draw()
    assert fig.get_tightbbox().x1 * fig.dpi + 0.1 >= labels.get_window_extent().x1


def test_end_labels_do_not_overlap_and_keep_their_order(ax: Axes) -> None:
    lines = [ax.plot([0, 1], [0, 1 + k / 100])[0] for k in range(8)]
    labels = ax.add_artist(EndLabels(lines, [f"line {k}" for k in range(8)]))
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in labels_of(labels)]
    for lower, upper in itertools.pairwise(boxes):
        assert lower.y1 <= upper.y0


def test_an_end_label_stands_beside_where_the_line_leaves_the_view(ax: Axes) -> None:
    (line,) = ax.plot([0, 10], [0, 10])
    labels = ax.add_artist(EndLabels([line], ["x"]))
    for top in (5.0, 8.0):
        ax.set(xlim=(0, top), ylim=(0, 20))
        ax.figure.canvas.draw()
        box = labels_of(labels)[0].get_window_extent()
        wanted = ax.transData.transform((top, top))[1]
        assert abs((box.y0 + box.y1) / 2 - wanted) < 1


def test_end_labels_follow_the_size_of_the_figure(ax: Axes) -> None:
    lines = [ax.plot([0, 1], [0, 1 + k / 10])[0] for k in range(4)]
    labels = ax.add_artist(EndLabels(lines, [f"line {k}" for k in range(4)]))
    ax.set(xlim=(0, 1), ylim=(0, 2))
    for size in ((4, 3), (8, 1.5), (3, 6)):
        ax.figure.set_size_inches(size)
        ax.figure.canvas.draw()
        boxes = [text.get_window_extent() for text in labels_of(labels)]
        assert all(lower.y1 <= upper.y0 for lower, upper in itertools.pairwise(boxes))
        assert all(ax.bbox.x1 < box.x0 < ax.bbox.x1 + 40 for box in boxes)


def test_a_line_out_of_view_has_no_end_label(ax: Axes) -> None:
    (line,) = ax.plot([0, 1], [100, 100])
    labels = ax.add_artist(EndLabels([line], ["x"]))
    ax.set_ylim(0, 1)
    ax.figure.canvas.draw()
    assert labels_of(labels) == []


def test_end_labels_refuse_a_line_without_a_name(ax: Axes) -> None:
    with pytest.raises(ValueError, match="no label"):
        EndLabels(ax.lines)


@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(1, 50)), min_size=1, max_size=12),
    st.floats(-500, 500),
)
def test_spread_out_never_overlaps_and_keeps_the_order(
    items: list[tuple[float, float]], bottom: float
) -> None:
    wanted, heights = np.array(items).T
    centers = spread_out(wanted, heights, bottom, bottom + 300)
    order = np.argsort(wanted, kind="stable")
    gaps = np.diff(centers[order]) - (heights[order][1:] + heights[order][:-1]) / 2
    assert (gaps > -1e-6).all()
    if heights.sum() <= 300:
        assert (centers - heights / 2 > bottom - 1e-6).all()
        assert (centers + heights / 2 < bottom + 300 + 1e-6).all()


def test_spread_out_moves_nothing_that_has_room() -> None:
    wanted = np.array([10.0, 50.0, 30.0])
    assert spread_out(wanted, np.full(3, 9.0), 0, 100).tolist() == wanted.tolist()


# The staircase

SENSES = [(a, b) for a in ("min", "max") for b in ("min", "max")]


@pytest.mark.parametrize("sense", SENSES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_region_holds_exactly_what_a_point_of_the_front_dominates(
    sense: tuple, data: st.DataObject
) -> None:
    coordinate = st.integers(1, 9)
    points = data.draw(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=8))
    x, y = np.array(points, dtype=float).T
    ax = Figure().subplots()
    ax.set(xlim=(0, 10), ylim=(10, 0))
    region = ax.add_artist(DominatedRegion(x, y, sense=sense))
    probes = np.mgrid[0.5:10, 0.5:10].reshape(2, -1)
    sign = np.where(np.equal(sense, "min"), 1, -1)[:, None]
    worse = (sign * probes)[:, :, None] > (sign * np.array([x, y]))[:, None, :]
    inside = region.get_path().contains_points((ax.transData - ax.transAxes).transform(probes.T))
    assert (inside == worse.all(axis=0).any(axis=-1)).all()


@pytest.mark.parametrize("sense", SENSES)
def test_the_staircase_reaches_the_edges_of_the_view(sense: tuple, ax: Axes) -> None:
    step = ax.add_line(ParetoStep(X, Y, sense=sense))
    ax.set(xlim=(0.1, 100), ylim=(0.1, 50), xscale="log")
    ax.figure.canvas.draw()
    path = step.drawn_line().get_xydata()
    worst = {"min": (100, 50), "max": (0.1, 0.1)}
    assert worst[sense[0]][0] in path[:, 0]
    assert worst[sense[1]][1] in path[:, 1]


def test_without_extend_it_ends_at_its_points(ax: Axes) -> None:
    step = ax.add_line(ParetoStep(X, Y, extend=False))
    ax.figure.canvas.draw()
    assert (step.drawn_line().get_xydata() == step.get_front()).all()


def test_a_view_that_ends_before_the_points_turns_nothing_back(ax: Axes) -> None:
    step = ax.add_line(ParetoStep(X, Y))
    ax.set(xlim=(1.5, 1.7))
    ax.figure.canvas.draw()
    path = step.drawn_line().get_xydata()
    assert (np.diff(path[:, 0]) >= 0).all()


def test_the_front_is_that_of_pareto_front() -> None:
    step = ParetoStep(X, Y, sense=("min", "max"))
    assert (step.front_indices == pareto_front(X, Y, sense=("min", "max"))).all()
    assert (step.get_front() == np.column_stack([X, Y])[step.front_indices]).all()


def test_tied_points_are_not_on_the_front() -> None:
    assert ParetoStep([1, 1, 2], [3, 4, 3]).get_front().tolist() == [[1, 3]]


def test_missing_and_infinite_points_are_ignored() -> None:
    step = ParetoStep([np.nan, 1, -np.inf, 0], [0, 2, 0, np.nan])
    assert step.front_indices.tolist() == [1]


def test_without_points_nothing_is_drawn(ax: Axes) -> None:
    before = pixels(ax.figure)
    ax.add_line(ParetoStep([], []))
    ax.add_artist(DominatedRegion([np.nan], [1.0]))
    ax.add_line(AttainmentBand([], [], []))
    assert (pixels(ax.figure) == before).all()


def test_points_and_sense_can_be_changed() -> None:
    step = ParetoStep(X, Y)
    step.set_points([1, 2], [1, 2])
    assert step.get_front().tolist() == [[1, 1]]
    step.set_sense(("max", "max"))
    assert step.get_front().tolist() == [[2, 2]]
    with pytest.raises(ValueError, match="sense"):
        step.set_sense(("max", "best"))
    assert step.get_sense() == ("max", "max")


def test_markers_are_at_the_points_alone(ax: Axes) -> None:
    step = ax.add_line(ParetoStep(X, Y, marker="s"))
    ax.figure.canvas.draw()
    line, marks = step.drawn_parts()
    assert line.get_marker() == "None"
    assert (marks.get_xydata() == step.get_front()).all()


def test_dates_are_numbers_on_the_axis_and_labels_on_the_ticks() -> None:
    days = [datetime.datetime(2024, 1, day) for day in (1, 2, 3)]
    for x in (days, np.array(days, dtype="datetime64[s]")):
        ax = plt.figure().add_subplot()
        step = ax.add_line(ParetoStep(x, [3.0, 2.0, 5.0]))
        ax.autoscale_view()
        ax.figure.canvas.draw()
        assert step.get_front()[:, 0].tolist() == mpl.dates.date2num(days[:2]).tolist()
        assert isinstance(ax.xaxis.get_major_locator(), mpl.dates.AutoDateLocator)


@pytest.mark.parametrize("name", ["region", "attainment", "band", "callout"])
def test_dates_alone_make_a_date_axis(name: str) -> None:
    days = [datetime.datetime(2024, 1, day) for day in (1, 2, 3)]
    ax = plt.figure().add_subplot()
    make = {
        "region": lambda: DominatedRegion(days, [3.0, 2.0, 5.0]),
        "attainment": lambda: AttainmentBand(days, [3.0, 2.0, 5.0], [0, 0, 1]),
        "band": lambda: RefBand(days[1], spread=datetime.timedelta(days=1), axis="x"),
        "callout": lambda: Callout((days[1], 2.0), "here"),
    }
    artist = ax.add_artist(make[name]())
    ax.set(xlim=(days[0], days[2]), ylim=(0, 6))
    shown = pixels(ax.figure)
    assert isinstance(ax.xaxis.get_major_locator(), mpl.dates.AutoDateLocator)
    artist.set_visible(False)
    assert (pixels(ax.figure) != shown).any()


def test_the_region_of_dates_is_the_one_of_their_numbers() -> None:
    days = [datetime.datetime(2024, 1, day) for day in (1, 2, 3)]
    outlines = []
    for x in (days, mpl.dates.date2num(days)):
        ax = plt.figure().add_subplot()
        region = ax.add_artist(DominatedRegion(x, [3.0, 2.0, 5.0]))
        ax.set(xlim=(19720, 19730), ylim=(0, 6))
        outlines.append(region.get_path().vertices)
    assert np.allclose(*outlines)


def test_the_other_axis_may_have_dates_or_categories() -> None:
    days = [datetime.datetime(2024, 1, day) for day in (1, 2)]
    for x in (days, ["a", "b"]):
        ax = plt.figure().add_subplot()
        ax.plot(x, [2, 6])
        limits = ax.get_xlim()
        band = ax.add_artist(RefBand(4.0, spread=1.0))
        lines = ax.add_artist(VRAMReferenceLines([3.0], axis="y"))
        ax.figure.canvas.draw()
        assert ax.get_xlim() == limits
        for line in (band.drawn_line(), lines.drawn_line()):
            across = line.get_transform().transform(line.get_xydata()[:2])[:, 0]
            assert across == pytest.approx([ax.bbox.x0, ax.bbox.x1])


def test_categories_are_refused_for_they_have_no_order() -> None:
    with pytest.raises(TypeError, match="numbers or dates"):
        ParetoStep(["a", "b"], [1, 2])


def test_the_cursor_reads_a_point_of_the_front(ax: Axes) -> None:
    step = ax.add_line(ParetoStep(X, Y))
    ax.figure.canvas.draw()
    event = MouseEvent("motion_notify_event", ax.figure.canvas, *ax.transData.transform((2, 5.0)))
    assert step.get_cursor_data(event) == (2.0, 5.0)
    assert step.format_cursor_data((2.0, 5.0)).startswith("front: ")
    assert step.mouseover


# Attainment


@pytest.mark.parametrize("sense", SENSES)
@pytest.mark.parametrize("quantile", [0.1, 0.25, 0.3, 0.5, 0.75, 1.0])
def test_attainment_surfaces_are_moocores(sense: tuple, quantile: float) -> None:
    moocore = pytest.importorskip("moocore")
    rng = np.random.default_rng(3)
    for runs in (3, 4, 10):
        points = rng.integers(0, 12, (60, 2)).astype(float)
        seed = np.sort(rng.integers(0, runs, 60))
        _, seed = np.unique(seed, return_inverse=True)
        sign = np.where(np.equal(sense, "min"), 1, -1)
        wanted = moocore.eaf(points * sign, seed + 1, percentiles=[100 * quantile])[:, :2] * sign
        got = attainment_surface(*points.T, seed, quantile, sense=sense)
        assert sorted(map(tuple, got)) == sorted(map(tuple, wanted))


def test_attainment_band_lies_between_its_outer_surfaces(ax: Axes) -> None:
    band = ax.add_line(AttainmentBand([1, 2, 3, 4], [4, 4, 4, 4], [0, 1, 2, 3]))
    ax.figure.canvas.draw()
    first, middle, last = band.get_surfaces()
    assert (first[0, 0], middle[0, 0], last[0, 0]) == (1, 2, 3)


@pytest.mark.parametrize("quantiles", [(0.5, 0.2, 0.9), (0.5,), (0.0, 0.5, 1.0)])
def test_wrong_quantiles_are_refused(quantiles: tuple) -> None:
    with pytest.raises(ValueError, match="quantile"):
        AttainmentBand(X, Y, [0, 0, 1, 1], quantiles=quantiles)


# Reference lines of memory


def boxes_of(lines: VRAMReferenceLines) -> list[Bbox]:
    return [text.get_window_extent() for text in labels_of(lines)]


@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("inverted", [False, True])
def test_memory_labels_make_room_for_one_another(axis: str, scale: str, inverted: bool) -> None:
    ax = plt.figure().add_subplot()
    names = ["T4", "RTX 4090", "A100 40GB", "L40S", "A100 80GB", "H100", "H100 NVL", "H200"]
    lines = ax.add_artist(VRAMReferenceLines(names, axis=axis))
    limits = {f"{axis}scale": scale, f"{axis}lim": (150, 8) if inverted else (8, 150)}
    ax.set(**limits)
    ax.figure.canvas.draw()
    boxes = boxes_of(lines)
    assert len(boxes) == 7
    for k, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:k])
        assert ax.bbox.x0 <= box.x0
        assert box.x1 <= ax.bbox.x1


def test_labels_follow_the_limits(ax: Axes) -> None:
    lines = ax.add_artist(VRAMReferenceLines([40]))
    for limits in ((0, 100), (30, 50)):
        ax.set_xlim(*limits)
        ax.figure.canvas.draw()
        (box,) = boxes_of(lines)
        at = ax.transData.transform((40, 0))[0]
        assert min(abs(box.x0 - at), abs(box.x1 - at)) < 8


def test_lines_out_of_view_are_not_drawn(ax: Axes) -> None:
    lines = ax.add_artist(VRAMReferenceLines([1, 40, 200]))
    ax.set_xlim(30, 50)
    ax.figure.canvas.draw()
    assert set(lines.get_children()[0].get_xdata()[:2]) == {40}
    assert len(lines.get_children()[0].get_xdata()) == 3
    assert len(boxes_of(lines)) == 1


def test_a_label_moves_in_when_its_line_is_at_the_edge(ax: Axes) -> None:
    lines = ax.add_artist(VRAMReferenceLines([40, 50]))
    ax.set_xlim(40, 50)
    ax.figure.canvas.draw()
    for box in boxes_of(lines):
        assert ax.bbox.x0 <= box.x0 < box.x1 <= ax.bbox.x1


def test_memory_labels_keep_clear_of_the_data() -> None:
    ax = plt.figure().add_subplot()
    ax.plot([0, 50, 100], [9.9, 9.5, 9.9], lw=4)
    ax.set(xlim=(0, 100), ylim=(0, 10))
    lines = ax.add_artist(VRAMReferenceLines([40, 80]))
    ax.figure.canvas.draw()
    path = ax.transData.transform(ax.lines[0].get_xydata())
    segments = np.hstack([path[:-1], path[1:]])
    boxes = np.array([box.extents for box in boxes_of(lines)])
    assert (lengths_inside(boxes, segments) == 0).all()


CATALOGUE = ["T4", "RTX 4090", "A100 40GB", "L40S", "A100 80GB", "H100", "H100 NVL", "H200"]


@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize("draws", ["nothing", "bars", "curve"])
def test_memory_labels_stand_at_the_margin_in_order_each_at_its_own_line(
    axis: str, draws: str
) -> None:
    ax = plt.figure(figsize=(6, 4)).add_subplot()
    if draws == "bars":
        bars = ax.bar if axis == "x" else ax.barh
        bars(range(0, 200, 10), np.random.default_rng(0).uniform(3, 10, 20), 6)
    elif draws == "curve":
        ax.plot(*np.array([np.arange(200), np.arange(200.0) ** 2])[:: 1 if axis == "x" else -1])
    ax.set(**{f"{axis}lim": (0, 200)})
    lines = ax.add_artist(VRAMReferenceLines(CATALOGUE, axis=axis))
    ax.figure.canvas.draw()
    k = int(axis == "y")
    boxes = np.array([box.extents for box in boxes_of(lines)]).reshape(-1, 2, 2)
    at = ax.transData.transform(np.repeat(lines.get_values()[:, None], 2, axis=1))[:, k]
    assert len(boxes) == 7
    low, high = boxes[:, 0, k], boxes[:, 1, k]
    # Over no line, and between its own and the one before or the next.
    assert not ((low[:, None] < at) & (at < high[:, None])).any()
    assert (np.searchsorted(at, low) - np.arange(7) <= 1).all()
    assert (np.abs((low + high) / 2 - at) < (high - low) / 2 + 8).all()
    start, end = ax.bbox.get_points()[:, 1 - k]
    assert (boxes[:, 1, 1 - k] > start + 0.5 * (end - start)).all()
    assert (end - boxes[:, 1, 1 - k]).min() < 8


def test_no_two_memory_labels_stand_on_each_other_between_two_lines() -> None:
    ax = plt.figure(figsize=(3.25, 2.4)).add_subplot()
    ax.plot([0.5, 80], [0, 1])
    ax.set(xscale="log", xlim=(0.5, 80), ylim=(0, 2))
    lines = ax.add_artist(VRAMReferenceLines([24, 40, 80], labels={"fontsize": 7}))
    ax.figure.canvas.draw()
    # From the second line to the third.
    _, second, third = boxes_of(lines)
    assert not (third.x0 < second.x1 and second.x0 > ax.transData.transform((40, 0))[0])


def test_of_many_memory_labels_those_are_shown_that_have_room() -> None:
    ax = plt.figure(figsize=(6, 4)).add_subplot()
    ax.set_xlim(0, 101)
    lines = ax.add_artist(VRAMReferenceLines(range(1, 101)))
    ax.figure.canvas.draw()
    boxes = boxes_of(lines)
    assert 15 < len(boxes) < 60
    assert not any(one.overlaps(other) for one, other in itertools.pairwise(boxes))
    # The lines end before their labels, so that they run through none.
    path = lines.drawn_line().get_transform().transform(lines.drawn_line().get_xydata())
    pieces = np.hstack([path[:-1], path[1:]])
    pieces = pieces[np.isfinite(pieces).all(axis=1)]
    assert lengths_inside(np.array([box.extents for box in boxes]), pieces).sum() == 0
    at = boxes[3].min + 2
    event = MouseEvent("motion_notify_event", ax.figure.canvas, *at)
    assert lines.get_cursor_data(event)[0] == labels_of(lines)[3].get_text()


def test_equal_memories_share_a_line_and_a_label() -> None:
    lines = VRAMReferenceLines(["A100 80GB", "H100", 24])
    assert lines.get_values().tolist() == [24, 80]
    assert lines.get_texts() == ["24 GB", "A100 80GB / H100"]


def test_a_label_of_many_devices_names_two_and_counts_the_others() -> None:
    lines = VRAMReferenceLines([("a", 80), ("b", 80), ("c", 80), ("d", 80), ("c", 80)])
    assert lines.get_texts() == ["a / b / 2 more"]
    lines.set_devices([("a", 80), ("b", 80), ("c", 80)])
    assert lines.get_texts() == ["a / b / c"]


def test_units_of_the_axis_are_respected() -> None:
    assert VRAMReferenceLines(["H100"], unit="MB").get_values().tolist() == [80_000]
    lines = VRAMReferenceLines([80])
    lines.set_unit("GiB")
    assert lines.get_values() == pytest.approx([80e9 / 2**30])


def test_a_wrong_device_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="H100"):
        VRAMReferenceLines(["H10"])


def test_a_failed_setter_changes_nothing() -> None:
    lines = VRAMReferenceLines([80])
    with pytest.raises(ValueError, match="unit"):
        lines.set_unit("parsec")
    with pytest.raises(ValueError, match="device"):
        lines.set_devices(["nothing"])
    assert (lines.get_unit(), lines.get_devices()) == ("GB", (80,))


def test_devices_can_be_changed_after_adding(ax: Axes) -> None:
    lines = ax.add_artist(VRAMReferenceLines([2]))
    lines.set_devices([2, 3])
    ax.figure.canvas.draw()
    assert len(boxes_of(lines)) == 2


def test_without_labels_there_are_none(ax: Axes) -> None:
    lines = ax.add_artist(VRAMReferenceLines([2], labels=False))
    ax.figure.canvas.draw()
    assert len(lines.get_children()) == 1


def test_label_properties_win(ax: Axes) -> None:
    lines = VRAMReferenceLines([2], labels={"fontsize": 21, "color": "red"}, color="blue")
    ax.add_artist(lines)
    ax.figure.canvas.draw()
    text = lines.get_children()[1]
    assert (text.get_fontsize(), text.get_color()) == (21, "red")


def test_the_cursor_reads_a_device(ax: Axes) -> None:
    lines = ax.add_artist(VRAMReferenceLines([2, ("mine", 3)]))
    ax.figure.canvas.draw()
    event = MouseEvent("motion_notify_event", ax.figure.canvas, *ax.transData.transform((3, 5.0)))
    assert lines.get_cursor_data(event) == ("mine", 3.0)
    assert lines.format_cursor_data(("mine", 3.0)) == "mine: 3 GB"
    (_, box) = boxes_of(lines)
    on_label = MouseEvent("motion_notify_event", ax.figure.canvas, *(box.min + box.max) / 2)
    assert lines.get_cursor_data(on_label) == ("mine", 3.0)


# Reference bands


def test_a_band_spans_the_axes_whatever_the_limits(ax: Axes) -> None:
    band = ax.add_artist(RefBand(5.0, spread=1.0))
    for limits in ((0, 1), (-1e6, 1e6)):
        ax.set_xlim(*limits)
        ax.figure.canvas.draw()
        box = band.get_children()[0].get_window_extent()
        assert (box.x0, box.x1) == pytest.approx((ax.bbox.x0, ax.bbox.x1))


@pytest.mark.parametrize(
    ("options", "interval"),
    [
        ({"spread": 1}, (4, 6)),
        ({"spread": (1, 2)}, (4, 7)),
        ({"spread": 0.1, "relative": True}, (4.5, 5.5)),
        ({"interval": (9, 3)}, (3, 9)),
        ({}, None),
    ],
)
def test_the_interval_of_a_band(options: dict, interval: tuple | None) -> None:
    assert RefBand(5.0, **options).get_interval() == interval


def test_a_relative_spread_of_a_negative_value_is_the_right_way_round() -> None:
    assert RefBand(-10.0, spread=0.1, relative=True).get_interval() == (-11, -9)


def test_a_band_of_a_sample_ignores_what_is_missing() -> None:
    band = RefBand.from_sample([1, 2, np.nan, 3, np.inf, 4, 5], spread="range")
    assert (band.get_value(), band.get_interval()) == (3, (1, 5))
    with pytest.raises(ValueError, match="no finite"):
        RefBand.from_sample([np.nan])


@pytest.mark.parametrize(
    "options", [{"axis": "z"}, {"spread": -1}, {"spread": 1, "interval": (1, 2)}]
)
def test_wrong_options_of_a_band_are_refused(options: dict) -> None:
    with pytest.raises(ValueError):
        RefBand(1.0, **options)


def test_a_band_through_zero_is_drawn_on_a_log_axis(ax: Axes) -> None:
    band = ax.add_artist(RefBand(5.0, interval=(-1.0, 6.0)))
    ax.set_yscale("log")
    ax.figure.canvas.draw()
    assert band.get_children()[0].get_window_extent().y0 == pytest.approx(ax.bbox.y0)


def test_a_band_on_a_date_axis() -> None:
    ax = plt.figure().add_subplot()
    days = [datetime.datetime(2024, 1, day) for day in (1, 9)]
    ax.plot(days, [1, 2])
    band = ax.add_artist(
        RefBand(
            datetime.datetime(2024, 1, 5), spread=datetime.timedelta(days=1), axis="x", label="day"
        )
    )
    ax.figure.canvas.draw()
    line = band.get_children()[1]
    assert line.get_xdata()[0] == mpl.dates.date2num(datetime.datetime(2024, 1, 5))


def test_bands_are_told_apart_in_the_panel_and_in_the_legend(ax: Axes) -> None:
    bands = [ax.add_artist(RefBand(value, label=f"{value}")) for value in (5.0, 6.0, 7.0)]
    given = ax.add_artist(RefBand(8.0, color="red"))
    assert [band.get_linestyle() for band in bands] == ["-", "--", "-."]
    assert [key.get_linestyle() for key in ax.legend().legend_handles] == ["-", "--", "-."]
    assert given.get_linestyle() == "-"
    bands[0].remove()
    ax.add_artist(bands[0])
    assert bands[0].get_linestyle() == "-"


# Callouts


def test_a_callout_lies_on_nothing() -> None:
    ax = plt.figure().add_subplot()
    rng = np.random.default_rng(1)
    x, y = rng.random((2, 60))
    scatter = ax.scatter(x, y)
    ax.plot([0, 1], [0, 1])
    callouts = [ax.add_artist(Callout((x[k], y[k]), f"run {k}")) for k in range(8)]
    ax.figure.canvas.draw()
    points = ax.transData.transform(np.column_stack([x, y]))
    radius = np.sqrt(scatter.get_sizes()[0]) / 2 * ax.figure.dpi / 72
    boxes = np.array([callout.text.get_window_extent().extents for callout in callouts])
    diagonal = ax.transData.transform([[0, 0], [1, 1]]).reshape(1, 4)
    assert (lengths_inside(boxes, diagonal) == 0).all()
    nearest = np.clip(points[:, None], boxes[:, :2], boxes[:, 2:])
    assert (np.hypot(*(points[:, None] - nearest).T) >= radius).all()
    for k, box in enumerate(boxes):
        assert not any(Bbox.from_extents(box).overlaps(Bbox.from_extents(b)) for b in boxes[:k])


def test_a_callout_stays_inside_the_axes(ax: Axes) -> None:
    callout = ax.add_artist(Callout((4.0, 8.0), "a rather long text at the corner"))
    ax.set(xlim=(1, 4), ylim=(4, 8))
    ax.figure.canvas.draw()
    box = callout.text.get_window_extent()
    assert ax.bbox.x1 >= box.x1
    assert ax.bbox.y1 >= box.y1


def test_a_callout_makes_room_for_the_legend() -> None:
    ax = plt.figure().add_subplot()
    ax.plot([0, 1], [0, 0], label="a line with a name")
    legend = ax.legend(loc="upper right")
    callout = ax.add_artist(Callout((0.97, 0.045), "near the legend"))
    ax.set_ylim(0, 0.05)
    ax.figure.canvas.draw()
    assert not callout.text.get_window_extent().overlaps(legend.get_window_extent())


def test_a_legend_in_the_best_place_and_a_callout_agree() -> None:
    ax = plt.figure().add_subplot()
    ax.plot([0, 1], [0, 1], label="line")
    legend = ax.legend(loc="best")
    callout = ax.add_artist(Callout((0.05, 0.9), "near the legend"))
    ax.figure.canvas.draw()
    assert not callout.text.get_window_extent().overlaps(legend.get_window_extent())


@pytest.mark.parametrize("has_twin", [False, True])
def test_end_labels_and_their_leaders_stand_beyond_ticks_at_the_right(has_twin: bool) -> None:
    ax = plt.figure(layout="constrained").add_subplot()
    for k, end in enumerate([1, 0.6, 0.6]):
        ax.plot([0, end], [0, 0.01 * k], label=f"run {k}")
    right = ax.twinx() if has_twin else ax
    right.yaxis.tick_right()
    right.set(ylim=(-0.2, 1.2), ylabel="throughput")
    right.yaxis.set_label_position("right")
    labels = ax.add_artist(EndLabels(ax.lines))
    ax.figure.canvas.draw()
    edge = right.yaxis.get_tightbbox().x1
    parts = labels.drawn_parts()
    assert len(parts) > 3
    assert all(part.get_window_extent().x0 > edge for part in parts)


def test_a_callout_keeps_clear_of_a_twin_axes() -> None:
    ax = plt.figure().add_subplot()
    twin = ax.twinx()
    twin.plot([0, 1], [0, 1])
    ax.set(xlim=(0, 1), ylim=(0, 1))
    twin.set_ylim(0, 1)
    callout = ax.add_artist(Callout((0.5, 0.5), "text"))
    ax.figure.canvas.draw()
    box = callout.text.get_window_extent().extents
    diagonal = ax.transData.transform([[0, 0], [1, 1]]).reshape(1, 4)
    assert lengths_inside(box[None], diagonal) == 0


def test_a_callout_out_of_view_is_not_drawn(ax: Axes) -> None:
    ax.add_artist(Callout((2.0, 5.0), "text", marker="o"))
    ax.set_xlim(3, 4)
    shown = pixels(ax.figure)
    ax.get_children()[1].set_visible(False)
    assert (pixels(ax.figure) == shown).all()


def test_a_callout_that_does_not_avoid_is_where_it_is_preferred(ax: Axes) -> None:
    callout = ax.add_artist(Callout((2.0, 5.0), "text", avoid=False, prefer=(-1, 0)))
    ax.figure.canvas.draw()
    at = ax.transData.transform((2.0, 5.0))
    box = callout.text.get_window_extent()
    assert box.x1 < at[0]
    assert box.y0 < at[1] < box.y1


def test_the_ideal_corner_is_the_good_one() -> None:
    for sense in SENSES:
        for inverted in (False, True):
            ax = plt.figure().add_subplot()
            corner = ax.add_artist(IdealCorner(sense=sense))
            if inverted:
                ax.invert_xaxis()
            ax.figure.canvas.draw()
            x, y = ax.transAxes.inverted().transform(corner.text.get_window_extent().min)
            assert (x < 0.5) == ((sense[0] == "min") != inverted)
            assert (y < 0.5) == (sense[1] == "min")
            plt.close()


def test_the_ideal_corner_does_not_lie_on_data() -> None:
    ax = plt.figure().add_subplot()
    ax.plot([0, 0.2], [0, 0.2], "o-")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    corner = ax.add_artist(IdealCorner())
    ax.figure.canvas.draw()
    segment = ax.transData.transform([[0, 0], [0.2, 0.2]]).reshape(1, 4)
    assert lengths_inside(corner.text.get_window_extent().extents[None], segment) == 0


def test_the_ideal_corner_is_left_out_where_there_is_no_room() -> None:
    ax = plt.figure().add_subplot()
    x, y = np.random.default_rng(0).random((2, 5000))
    ax.scatter(x, y)
    corner = ax.add_artist(IdealCorner())
    ax.figure.canvas.draw()
    assert corner.drawn_parts() == []
    ax.collections[0].remove()
    ax.figure.canvas.draw()
    assert len(corner.drawn_parts()) == 2


# Text from data

NASTY = [r"$\frac{a}$", "a_b^c", r"\alpha{", "50 % & #1", "two\nlines", "שלום", "a~b"]


@pytest.mark.parametrize("name", NASTY)
def test_text_from_data_is_shown_as_it_is(name: str, ax: Axes) -> None:
    ax.add_artist(VRAMReferenceLines([(name, 2.0)]))
    ax.add_artist(Callout((2.0, 5.0), name))
    ax.add_artist(EndLabels(ax.lines[:1], [name]))
    ax.figure.canvas.draw()
    texts = [t for t in ax.findobj(mpl.text.Text) if t.get_text() == name]
    assert len(texts) == 3
    assert not any(text.get_parse_math() for text in texts)


# Legends


@pytest.mark.parametrize("name", ["step", "region", "attainment", "vram", "band"])
def test_a_label_gives_an_entry_in_the_legend(name: str, ax: Axes) -> None:
    artist = MAKE[name](ax)
    artist.set_label("mine")
    ax.add_artist(artist)
    legend = ax.legend()
    assert [text.get_text() for text in legend.get_texts()] == ["mine"]
    assert [text.get_text() for text in ax.figure.legend().get_texts()] == ["mine"]
    ax.figure.canvas.draw()
    artist.set_label("_nolegend_")
    assert ax.get_legend_handles_labels() == ([], [])


def test_the_key_of_a_front_is_a_staircase_that_goes_its_way(ax: Axes) -> None:
    for sense, falls in ((("min", "min"), True), (("min", "max"), False)):
        step = ParetoStep(X, Y, sense=sense, label="front")
        ax.add_line(step)
        key = ax.legend(handles=[step]).legend_handles[0]
        assert key.get_drawstyle().startswith("steps")
        assert (np.diff(key.get_ydata()) < 0).all() == falls


def test_the_key_of_a_band_is_a_line_on_a_patch(ax: Axes) -> None:
    band = ax.add_artist(RefBand(5.0, spread=1, label="band", color="C3"))
    legend = ax.legend()
    patches = [p for p in legend.findobj(mpl.patches.Rectangle) if p.get_alpha() == 0.15]
    lines = [line for line in legend.findobj(Line2D) if line.get_color() == "C3"]
    assert len(patches) == len(lines) == 1
    assert patches[0].get_facecolor()[:3] == mpl.colors.to_rgb("C3")
    assert band.get_label() == "band"


@pytest.mark.parametrize("fontsize", [4, 10, 30])
@pytest.mark.parametrize("name", ["step", "region", "attainment", "vram", "band"])
def test_the_key_fits_the_legend_of_a_figure_at_any_size(
    name: str, fontsize: int, ax: Axes
) -> None:
    artist = ax.add_artist(MAKE[name](ax))
    artist.set_label("mine")
    legend = ax.figure.legend(fontsize=fontsize)
    pixels(ax.figure)
    frame, (text,) = legend.get_window_extent(), legend.get_texts()
    em = fontsize * ax.figure.dpi / 72
    (key,) = legend.legend_handles
    box = key.get_window_extent()
    assert frame.x0 <= box.x0 < box.x1 <= text.get_window_extent().x0
    assert frame.y0 <= box.y0 <= box.y1 <= frame.y1
    assert box.width == pytest.approx(mpl.rcParams["legend.handlelength"] * em, rel=0.2)


def test_the_key_of_an_attainment_band_is_a_staircase_on_a_patch(ax: Axes) -> None:
    ax.add_line(AttainmentBand(X, Y, [0, 1, 0, 1], label="runs", color="C3"))
    legend = ax.legend()
    assert [p.get_alpha() for p in legend.findobj(mpl.patches.Rectangle)] == [0.15]
    drawn = [line.get_drawstyle() for line in legend.findobj(Line2D) if line.get_color() == "C3"]
    assert drawn == ["steps-post"]


def test_a_subclass_has_the_same_key(ax: Axes) -> None:
    class Mine(RefBand):
        pass

    ax.add_artist(Mine(5.0, spread=1, label="mine"))
    assert any(p.get_alpha() == 0.15 for p in ax.legend().findobj(mpl.patches.Rectangle))


# Looks


@pytest.mark.parametrize("name", ["step", "vram", "band", "callout", "corner"])
def test_looks_are_those_in_force_when_it_is_made(name: str, ax: Axes) -> None:
    with mpl.rc_context({"text.color": "#123456"}):
        artist = MAKE[name](ax)
    assert artist.get_color() == "#123456"


def test_an_explicit_property_wins() -> None:
    assert ParetoStep(X, Y, c="red", lw=7).get_color() == "red"
    assert ParetoStep(X, Y, c="red", lw=7).get_linewidth() == 7
    assert VRAMReferenceLines([1], ls=":").get_linestyle() == ":"
    assert DominatedRegion(X, Y, fc="red", alpha=1).get_facecolor() == (1, 0, 0, 1)
    assert Callout((0, 0), "text", color="red", size=20).text.get_fontsize() == 20


# Interaction


@pytest.mark.parametrize(
    ("name", "at"),
    [("step", (2, 6)), ("region", (3.5, 7)), ("vram", (3, 5)), ("band", (2, 5.5))],
)
def test_it_is_picked_where_it_is_drawn(name: str, at: tuple[float, float], ax: Axes) -> None:
    artist = MAKE[name](ax)
    artist.set_picker(True)
    ax.add_artist(artist)
    ax.figure.canvas.draw()
    picked = []
    ax.figure.canvas.mpl_connect("pick_event", lambda event: picked.append(event.artist))
    for point in (at, (1.5, 7.0)):
        event = MouseEvent(
            "button_press_event", ax.figure.canvas, *ax.transData.transform(point), button=1
        )
        ax.figure.pick(event)
    assert picked == [artist]


@pytest.mark.parametrize("name", ["vram", "callout", "corner", "ends"])
def test_it_is_picked_at_its_label(name: str, ax: Axes) -> None:
    artist = ax.add_artist(MAKE[name](ax))
    artist.set_picker(True)
    ax.figure.canvas.draw()
    picked = []
    ax.figure.canvas.mpl_connect("pick_event", lambda event: picked.append(event.artist))
    box = artist.findobj(mpl.text.Text)[0].get_window_extent()
    event = MouseEvent("button_press_event", ax.figure.canvas, *(box.min + box.max) / 2, button=1)
    ax.figure.pick(event)
    assert picked == [artist]


def test_the_cursor_reads_the_value_of_a_band(ax: Axes) -> None:
    band = ax.add_artist(RefBand(5.0, spread=1.0, label="mean"))
    ax.figure.canvas.draw()
    over, beside = (
        MouseEvent("motion_notify_event", ax.figure.canvas, *ax.transData.transform(at))
        for at in ((2, 5.5), (2, 7.0))
    )
    assert band.get_cursor_data(over) == 5.0
    assert band.get_cursor_data(beside) is None
    assert band.format_cursor_data(5.0).startswith("mean: 5.0")


def test_a_copy_draws_the_same(artist: Artist, ax: Axes) -> None:
    before = pixels(ax.figure)
    twin = copy.copy(artist)
    artist.remove()
    ax.add_artist(twin)
    assert (pixels(ax.figure) == before).all()


def test_what_is_done_to_a_copy_is_not_done_to_the_artist(artist: Artist, ax: Axes) -> None:
    before = pixels(ax.figure)
    twin = ax.add_artist(copy.copy(artist))
    twin.set_color("#00ff00")
    assert (pixels(ax.figure) != before).any()
    twin.set_visible(False)
    assert (pixels(ax.figure) == before).all()


def test_a_figure_with_all_three_is_the_same_after_drawing_and_after_pickling() -> None:
    figure, ax = plt.subplots()
    ax.plot([1, 50, 90], [3, 2, 1])
    before = pixels(figure)
    artists = [
        ParetoStep([1, 50, 90], [3, 2, 1], label="front"),
        VRAMReferenceLines(label="memory"),
        RefBand(2, spread=0.1, relative=True, label="reference"),
    ]
    for artist in artists:
        ax.add_artist(artist)
    legend = ax.legend()
    first = pixels(figure)
    assert (first != before).any()
    assert (pixels(figure) == first).all()
    assert (pixels(pickle.loads(pickle.dumps(figure))) == first).all()
    for artist in (legend, *artists):
        artist.remove()
    assert (pixels(figure) == before).all()


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0.0, 1.0, 2.0, np.nan, np.inf]))),
    st.lists(st.integers(0, 30), max_size=4),
    st.sampled_from([("min", "min"), ("max", "min"), ("max", "max")]),
)
def test_points_added_in_batches_have_the_front_of_all(
    points: list[tuple[float, float]], cuts: list[int], sense: tuple[str, str]
) -> None:
    x, y = np.reshape(points, (-1, 2)).T
    whole = ParetoStep(x, y, sense=sense)
    first, *batches = (np.split(v, sorted(min(c, v.size) for c in cuts)) for v in (x, y))
    grown = ParetoStep(first[0], batches[0][0], sense=sense)
    for more in zip(first[1:], batches[0][1:], strict=True):
        grown.add_points(*more)
    np.testing.assert_array_equal(grown.front_indices, whole.front_indices)
    np.testing.assert_array_equal(grown.get_front(), whole.get_front())


def test_points_that_were_added_are_not_kept_unless_they_are_on_the_front() -> None:
    front = ParetoStep([0.0], [0.0])
    for _ in range(3):
        front.add_points(np.ones(1000), np.ones(1000))
    assert len(pickle.dumps(front)) < len(pickle.dumps(ParetoStep(np.ones(1000), np.ones(1000))))
    with pytest.raises(ValueError, match="forgotten"):
        front.set_sense(("max", "max"))


def test_dates_can_be_added() -> None:
    front = ParetoStep([], [])
    front.add_points(np.array(["2026-01-02"], "M8[D]"), [1.0])
    front.add_points(np.array(["2026-01-01"], "M8[D]"), [2.0])
    assert front.front_indices.tolist() == [1, 0]
