"""What each artist looks like, alone and in the figure of a stranger."""

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mpl_dantinox.artists import RefBand
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

RNG = np.random.default_rng(5)
CACHE = np.round(10 ** RNG.uniform(0, 2, 40), 3)
LOSS = np.round(2.5 + 2 / np.sqrt(CACHE) + RNG.exponential(0.3, 40), 4)
SEEDS = np.repeat(np.arange(8), 5)
BUDGET = np.geomspace(1, 90, 60)


def canvas() -> tuple[Figure, Axes]:
    fig = plt.figure(figsize=(4, 3), dpi=100, layout="constrained")
    return fig, fig.add_subplot()


def draw_step(ax: Axes) -> None:
    ax.scatter(CACHE, LOSS, s=12)
    pareto_step(ax, CACHE, LOSS, label="front")
    ax.legend()


def draw_region(ax: Axes) -> None:
    ax.scatter(CACHE, LOSS, s=12)
    dominated_region(ax, CACHE, LOSS, label="dominated")
    ax.legend()


def draw_attainment(ax: Axes) -> None:
    attainment_band(ax, CACHE, LOSS, SEEDS, label="median of seeds")
    ax.legend()


def draw_vram(ax: Axes) -> None:
    ax.plot(BUDGET, BUDGET)
    vram_lines(ax, ["T4", "RTX 4090", "A100 40GB", "H100", "A100 80GB"], label="memory")
    ax.legend(loc="lower right")


def draw_vram_y(ax: Axes) -> None:
    ax.plot(BUDGET[::-1], BUDGET)
    vram_lines(ax, ["RTX 4090", "A100 40GB", 48, "H100"], axis="y")


def draw_band(ax: Axes) -> None:
    ax.plot(BUDGET, 3 + np.log(BUDGET))
    ref_band(ax, 5, spread=0.1, relative=True, label="reference")
    ax.add_artist(RefBand.from_sample(BUDGET, axis="x", label="budgets", color="C1"))
    ax.legend(loc="lower right")


def draw_callouts(ax: Axes) -> None:
    ax.scatter(CACHE, LOSS, s=12)
    for k in range(8):
        callout(ax, (CACHE[k], LOSS[k]), f"run {k}")


def draw_corner(ax: Axes) -> None:
    ax.scatter(CACHE, LOSS, s=12)
    ideal_corner(ax)


def draw_ends(ax: Axes) -> None:
    for k, name in enumerate(["MLA", "GQA", "MHA", "other"]):
        ax.plot(BUDGET, BUDGET ** (1 + k / 50) + 10 * (k == 3), label=name)
    end_labels(ax)


def draw_best(ax: Axes) -> None:
    ax.plot(CACHE[:9].cumsum(), LOSS[:9], "o-")
    mark_best(ax, CACHE[:9].cumsum(), LOSS[:9], text="best of all")


def draw_crossing(ax: Axes) -> None:
    (line,) = ax.plot(BUDGET, BUDGET**0.5)
    (other,) = ax.plot(BUDGET, 8 - BUDGET**0.3)
    mark_crossing(ax, line, other, text="they meet")


DRAW = {
    "artist_pareto_step": draw_step,
    "artist_dominated_region": draw_region,
    "artist_attainment_band": draw_attainment,
    "artist_vram_lines": draw_vram,
    "artist_vram_lines_y": draw_vram_y,
    "artist_ref_band": draw_band,
    "artist_callout": draw_callouts,
    "helper_ideal_corner": draw_corner,
    "helper_end_labels": draw_ends,
    "helper_mark_best": draw_best,
    "helper_mark_crossing": draw_crossing,
}


def _image_test(name: str, style: str | None) -> Callable[[], Figure]:
    @pytest.mark.mpl_image_compare(
        filename=f"{name}{f'_{style}' if style else ''}.png",
        savefig_kwargs={"dpi": 100},
        **({"style": style} if style else {}),
    )
    def test() -> Figure:
        fig, ax = canvas()
        DRAW[name](ax)
        if style:
            # A log axis, and one upside down.
            ax.set(xscale="log", xlim=(0.7, 150))
            ax.invert_yaxis()
        return fig

    return test


test_pareto_step = _image_test("artist_pareto_step", None)
test_pareto_step_upside_down_on_dark = _image_test("artist_pareto_step", "dark_background")
test_dominated_region = _image_test("artist_dominated_region", None)
test_dominated_region_upside_down_on_dark = _image_test(
    "artist_dominated_region", "dark_background"
)
test_attainment_band = _image_test("artist_attainment_band", None)
test_attainment_band_upside_down_in_ggplot = _image_test("artist_attainment_band", "ggplot")
test_vram_lines = _image_test("artist_vram_lines", None)
test_vram_lines_upside_down_on_dark = _image_test("artist_vram_lines", "dark_background")
test_vram_lines_across = _image_test("artist_vram_lines_y", None)
test_vram_lines_across_upside_down_in_ggplot = _image_test("artist_vram_lines_y", "ggplot")
test_ref_band = _image_test("artist_ref_band", None)
test_ref_band_upside_down_in_ggplot = _image_test("artist_ref_band", "ggplot")
test_callouts = _image_test("artist_callout", None)
test_callouts_upside_down_on_dark = _image_test("artist_callout", "dark_background")
test_ideal_corner = _image_test("helper_ideal_corner", None)
test_ideal_corner_upside_down_in_ggplot = _image_test("helper_ideal_corner", "ggplot")
test_end_labels = _image_test("helper_end_labels", None)
test_end_labels_upside_down_on_dark = _image_test("helper_end_labels", "dark_background")
test_mark_best = _image_test("helper_mark_best", None)
test_mark_best_upside_down_in_ggplot = _image_test("helper_mark_best", "ggplot")
test_mark_crossing = _image_test("helper_mark_crossing", None)
test_mark_crossing_upside_down_on_dark = _image_test("helper_mark_crossing", "dark_background")
