"""The checker catches figures made wrong on purpose, and leaves good ones alone."""

from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from mpl_dantinox.testing import Finding, legibility


def panel(**kwargs: object) -> Axes:
    """Return an empty Axes of a figure that has no findings."""
    ax = Figure(figsize=(5, 4), layout="constrained", **kwargs).subplots()
    ax.set(title="A title", xlabel="x", ylabel="y", xlim=(0, 1), ylim=(0, 1))
    return ax


def kinds(ax: Axes, **kwargs: float) -> list[str]:
    return [finding.kind for finding in legibility(ax.figure, **kwargs)]


def good(ax: Axes) -> None:
    ax.scatter([0.2, 0.4, 0.6], [0.2, 0.4, 0.6], label="Runs")
    ax.plot([0, 1], [0.1, 0.9], "s-", label="Fit")
    ax.annotate("the best", (0.6, 0.6), xytext=(0.1, 0.9), arrowprops={"arrowstyle": "->"})
    ax.legend(loc="lower right")


def two_labels_on_each_other(ax: Axes) -> None:
    ax.text(0.5, 0.5, "one label")
    ax.text(0.55, 0.51, "another")


def a_box_over_a_label(ax: Axes) -> None:
    ax.text(0.5, 0.5, "one label")
    ax.text(0.5, 0.42, "another", bbox={"boxstyle": "square,pad=1.2", "facecolor": "w"})


def crowded_tick_labels(ax: Axes) -> None:
    ax.set_xticks(np.linspace(0, 1, 21))


def crossing_rotated_labels(ax: Axes) -> None:
    ax.text(0.5, 0.5, "rising slowly", rotation=45, ha="center", va="center")
    ax.text(0.5, 0.5, "falling slowly", rotation=-45, ha="center", va="center")


def a_label_on_a_point(ax: Axes) -> None:
    ax.scatter([0.5], [0.5], s=60, color="gold")
    ax.text(0.5, 0.5, "MLA-64")


def a_label_on_a_marker_of_a_line(ax: Axes) -> None:
    ax.plot([0.2, 0.5, 0.9], [0.2, 0.5, 0.9], marker="o", markersize=9, color="gold")
    ax.text(0.5, 0.5, "MLA-64", va="center")


def a_label_on_a_faint_point_of_the_front(ax: Axes) -> None:
    ax.scatter([0.5], [0.5], s=60, color="gold", alpha=0.2, gid="front")
    ax.text(0.5, 0.5, "MLA-64")


def a_label_on_the_legend(ax: Axes) -> None:
    ax.plot([0, 1], [0, 1], label="Fit")
    ax.legend(loc="upper left", labelcolor="#ffffff00", frameon=False)
    ax.text(0.01, 0.95, "over the key")


def a_label_that_leaves_the_figure(ax: Axes) -> None:
    ax.text(0.9, 0.5, "a long label that has no room here", in_layout=False)


def a_label_that_is_cut(ax: Axes) -> None:
    ax.text(0.9, 0.5, "a long label", clip_on=True)


def tiny_letters(ax: Axes) -> None:
    ax.text(0.5, 0.5, "footnote", size=5.9)


def pale_letters(ax: Axes) -> None:
    ax.text(0.5, 0.5, "pale", color="0.55")


def letters_that_are_almost_transparent(ax: Axes) -> None:
    ax.text(0.5, 0.5, "faint", alpha=0.4)


def letters_of_the_colour_of_the_page(ax: Axes) -> None:
    ax.text(0.5, 0.5, "white on white", color="w")


def black_letters_on_a_dark_bar(ax: Axes) -> None:
    ax.bar(0.5, 0.9, color="midnightblue", width=0.5)
    ax.text(0.5, 0.5, "0.9", ha="center")


def letters_over_an_image(ax: Axes) -> None:
    ax.imshow(np.zeros((2, 2)), cmap="gray", extent=(0, 1, 0, 1), aspect="auto")
    ax.text(0.5, 0.5, "dark on dark", color="0.2")


def letters_under_a_patch(ax: Axes) -> None:
    ax.text(0.5, 0.5, "covered", zorder=1)
    ax.add_patch(Rectangle((0.3, 0.3), 0.6, 0.6, color="w", zorder=2))


WRONG = {
    two_labels_on_each_other: "overlap",
    a_box_over_a_label: "overlap",
    crowded_tick_labels: "overlap",
    crossing_rotated_labels: "overlap",
    a_label_on_a_point: "marker",
    a_label_on_a_marker_of_a_line: "marker",
    a_label_on_a_faint_point_of_the_front: "marker",
    a_label_on_the_legend: "legend",
    a_label_that_leaves_the_figure: "outside",
    a_label_that_is_cut: "outside",
    tiny_letters: "size",
    pale_letters: "contrast",
    letters_that_are_almost_transparent: "contrast",
    letters_of_the_colour_of_the_page: "contrast",
    black_letters_on_a_dark_bar: "contrast",
    letters_over_an_image: "contrast",
    letters_under_a_patch: "contrast",
}


@pytest.mark.parametrize(
    ("draw", "kind"), WRONG.items(), ids=lambda item: getattr(item, "__name__", item)
)
def test_what_is_wrong_is_found(draw: Callable[[Axes], None], kind: str) -> None:
    ax = panel()
    draw(ax)
    assert kind in kinds(ax)


@pytest.mark.parametrize(
    "style", ["default", "dark_background", "ggplot", "bmh", "mpl_dantinox.styles.dantinox"]
)
def test_a_good_figure_has_no_findings(style: str) -> None:
    with mpl.style.context(["default", style]):
        ax = panel()
        good(ax)
        found = legibility(ax.figure)
    assert found == []


def test_parallel_rotated_labels_do_not_overlap() -> None:
    ax = panel()
    for x in (0.3, 0.4, 0.5):
        ax.text(x, 0.3, "a long rotated label", rotation=60)
    assert kinds(ax) == []


def test_text_that_is_not_drawn_is_not_judged() -> None:
    ax = panel()
    ax.text(0.5, 0.5, "same place")
    ax.text(0.5, 0.5, "same place", visible=False)
    ax.text(0.5, 0.5, "")
    ax.text(0.5, 0.5, "  ")
    ax.text(np.nan, 0.5, "nowhere")
    ax.text(3, 3, "clipped away", clip_on=True)
    ax.annotate("out of view", (7, 7), size=2)
    hidden = ax.figure.add_axes((0, 0, 1, 1), visible=False)
    hidden.set_title("in an invisible Axes", y=0.5)
    assert kinds(ax) == []


def test_ticks_out_of_view_are_not_judged() -> None:
    ax = panel()
    ax.set_xticks([0, 0.5, 1, 40], ["zero", "half", "one", "far away, and long"])
    ax.set_xlim(0, 1)
    assert kinds(ax) == []


def test_the_arrow_of_an_annotation_is_not_text() -> None:
    ax = panel()
    ax.annotate("here", (0.9, 0.9), xytext=(0.1, 0.1), arrowprops={"arrowstyle": "->"})
    ax.text(0.5, 0.5, "halfway", ha="center")
    assert kinds(ax) == []


def test_a_faint_point_may_lie_under_text() -> None:
    ax = panel()
    ax.scatter([0.5, 0.52], [0.5, 0.5], s=60, color="gold", alpha=0.22)
    ax.text(0.5, 0.5, "MLA-64")
    assert kinds(ax) == []


def test_each_point_has_its_own_opacity() -> None:
    ax = panel()
    ax.scatter([0.2, 0.7], [0.5, 0.5], s=60, color=[(1, 0.9, 0, 1), (1, 0.9, 0, 0.2)])
    ax.text(0.7, 0.5, "on the faint one")
    assert kinds(ax) == []


def test_each_point_has_its_own_size() -> None:
    ax = panel()
    ax.scatter([0.5, 0.9], [0.5, 0.9], s=[4, 4000], color="gold")
    ax.text(0.52, 0.5, "beside the small one", va="center", size=8)
    assert kinds(ax) == []


def test_a_point_out_of_view_lies_under_nothing() -> None:
    ax = panel()
    ax.scatter([0.5], [-0.08], s=300)
    ax.set_ylim(0, 1)
    assert kinds(ax) == []


def test_a_halo_is_part_of_the_ground() -> None:
    ax = panel()
    ax.bar(0.5, 0.9, color="midnightblue", width=0.5)
    ax.text(0.5, 0.5, "0.9", ha="center", path_effects=[withStroke(linewidth=4, foreground="w")])
    assert kinds(ax) == []


def test_a_box_is_part_of_the_ground() -> None:
    ax = panel()
    ax.bar(0.5, 0.9, color="midnightblue", width=0.5)
    ax.text(0.5, 0.5, "0.9", ha="center", bbox={"facecolor": "w"})
    assert kinds(ax) == []


def test_a_thin_line_may_cross_a_text() -> None:
    ax = panel()
    ax.axhline(0.51, color="k", lw=0.5, ls="--")
    ax.text(0.5, 0.5, "crossed")
    assert kinds(ax) == []


def test_a_long_tick_is_not_a_marker() -> None:
    ax = panel()
    ax.tick_params(direction="inout", length=40)
    ax.text(0.6, 0.01, "on the axis", ha="center")
    assert kinds(ax) == []


def test_the_limits_can_be_chosen() -> None:
    ax = panel()
    ax.text(0.5, 0.5, "pale", color="0.55", size=5)
    assert kinds(ax, min_size=5, min_contrast=3) == []


def test_a_finding_names_the_texts_and_the_numbers() -> None:
    ax = panel()
    text = ax.text(0.5, 0.5, "a footnote of more than forty letters, too small", size=5)
    (found,) = legibility(ax.figure)
    message = "'a footnote of more than forty letters, …' is in 5 pt, under 6 pt"
    assert found == Finding("size", message, (text,))
    assert str(found) == f"size: {message}"


def test_text_of_a_table_is_seen() -> None:
    ax = panel()
    table = ax.table([["1", "2"]], loc="center")
    table.auto_set_font_size(False)
    table.set_fontsize(4)
    assert "size" in kinds(ax)


def test_the_figure_stays_as_it_was() -> None:
    ax = panel()
    good(ax)
    ax.text(0.5, 0.5, "named", gid="mine")
    fig = ax.figure
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    before = np.array(canvas.buffer_rgba())
    engine, gids = fig.get_layout_engine(), [artist.get_gid() for artist in fig.findobj()]
    legibility(fig)
    canvas.draw()
    assert fig.canvas is canvas
    assert fig.get_layout_engine() is engine
    assert [artist.get_gid() for artist in fig.findobj()] == gids
    assert (np.array(canvas.buffer_rgba()) == before).all()


def test_a_figure_without_a_layout_engine_gets_none() -> None:
    fig = Figure()
    with mpl.rc_context({"figure.constrained_layout.use": True}):
        legibility(fig)
    assert fig.get_layout_engine() is None
