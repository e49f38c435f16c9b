"""Every artist on every scale, either way up, added before or after, on every backend."""

import importlib.util
import io
import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

from mpl_dantinox.artists import ParetoStep, RefBand, VRAMReferenceLines
from mpl_dantinox.axes import (
    attainment_band,
    callout,
    end_labels,
    ideal_corner,
    mark_crossing,
    pareto_step,
    ref_band,
    vram_lines,
)

X = np.array([0.1, 0.2, 0.5, 0.8, 0.3])
Y = np.array([0.9, 0.4, 0.2, 0.15, 0.7])
DEVICES = [0.25, 0.26, 0.6]

HAS_CAIRO = importlib.util.find_spec("cairo") or importlib.util.find_spec("cairocffi")
#: Name of the backend: the format that it writes.
BACKENDS = {"agg": "png", "svg": "svg", "pdf": "pdf", "ps": "eps", "cairo": "png"}


def add_everything(ax: Axes) -> None:
    pareto_step(ax, X, Y, shade=True, label="front")
    attainment_band(ax, X, Y, [0, 1, 0, 1, 0], label="runs")
    vram_lines(ax, DEVICES)
    ref_band(ax, 0.5, spread=0.2, label="band")
    callout(ax, (0.5, 0.2), "text")
    ideal_corner(ax)
    end_labels(ax, ax.lines[:1], labels=["end"])
    mark_crossing(ax, (X[:4], Y[:4]), 0.3)


def axes_with_everything(scale: str, inverted: bool, when: str, **figure: str) -> Axes:
    fig = plt.figure(figsize=(3, 2.4), dpi=60, **figure)
    ax = fig.add_subplot()
    ax.plot(X[:4], Y[:4], "o-")
    if when == "before":
        add_everything(ax)
    ax.set(xscale=scale, yscale=scale, xlim=(0.05, 0.95), ylim=(0.1, 0.95))
    if inverted:
        ax.invert_xaxis()
        ax.invert_yaxis()
    if when == "after":
        add_everything(ax)
        ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    return ax


CASES = list(
    itertools.product(("linear", "log", "symlog", "logit"), (False, True), ("before", "after"))
)
# Every case on agg, and on each other backend every scale, direction and order, if not all of them.
DRAWN = [
    pytest.param(*case, backend, marks=() if stands else pytest.mark.exhaustive)
    for turn, backend in enumerate(BACKENDS)
    for place, case in enumerate(CASES)
    for stands in [backend == "agg" or (place - place // 4) % 4 == turn % 4]
]


@pytest.mark.parametrize(("scale", "inverted", "when", "backend"), DRAWN)
def test_everything_is_drawn_without_a_warning(
    scale: str, inverted: bool, when: str, backend: str
) -> None:
    if backend == "cairo" and not HAS_CAIRO:
        pytest.skip("needs pycairo or cairocffi")
    ax = axes_with_everything(scale, inverted, when)
    file = io.BytesIO()
    ax.figure.savefig(file, format=BACKENDS[backend], backend=backend)
    assert file.getbuffer().nbytes > 1000


@pytest.mark.parametrize(("scale", "inverted", "when"), CASES)
def test_everything_is_where_the_scale_has_it(scale: str, inverted: bool, when: str) -> None:
    ax = axes_with_everything(scale, inverted, when)
    ax.figure.canvas.draw()
    view = ax.bbox.extents

    (step,) = ax.findobj(ParetoStep)
    drawn = step.drawn_line()
    path = drawn.get_transform().transform(drawn.get_xydata())
    front = ax.transData.transform(step.get_front())
    assert np.allclose(path[1:-1], front)
    # Worse is up and to the right, or down and to the left upside down.
    assert np.allclose(path[0], (front[0, 0], view[1 if inverted else 3]))
    assert np.allclose(path[-1], (view[0 if inverted else 2], front[-1, 1]))

    (lines,) = ax.findobj(VRAMReferenceLines)
    drawn = lines.get_children()[0]
    at = drawn.get_transform().transform(drawn.get_xydata()).reshape(-1, 3, 2)[:, :2]
    wanted = ax.transData.transform([(value, 0.5) for value in DEVICES])[:, 0]
    assert np.allclose(at[:, :, 0], wanted[:, None])
    assert np.allclose(at[:, :, 1], view[[1, 3]])

    (band,) = ax.findobj(RefBand)
    box = band.get_children()[0].get_window_extent()
    low, high = sorted(ax.transData.transform([(0.5, 0.3), (0.5, 0.7)])[:, 1])
    assert np.allclose(box.extents, (view[0], low, view[2], high))


@pytest.mark.parametrize("layout", ["constrained", "compressed", "tight"])
def test_everything_fits_into_every_layout(layout: str) -> None:
    ax = axes_with_everything("linear", False, "before", layout=layout)
    ax.figure.canvas.draw()
    box = ax.get_tightbbox()
    assert ax.figure.bbox.padded(1).contains(*box.min)
    assert ax.figure.bbox.padded(1).contains(*box.max)


def test_shared_twin_inset_and_secondary_axes() -> None:
    fig, axs = plt.subplots(1, 2, sharex=True, sharey=True, figsize=(5, 2.4), dpi=60)
    for ax in axs:
        ax.plot(X[:4], Y[:4], "o-")
        add_everything(ax)
    twin = axs[0].twinx()
    twin.plot(X[:4], 100 * Y[:4])
    add_everything(twin)
    inset = axs[1].inset_axes((0.5, 0.5, 0.45, 0.45))
    inset.plot(X[:4], Y[:4])
    add_everything(inset)
    axs[1].indicate_inset_zoom(inset)
    axs[0].secondary_xaxis("top", functions=(lambda x: 2 * x, lambda x: x / 2))
    axs[0].set(xlim=(0.2, 0.6))
    fig.canvas.draw()
    fig.savefig(io.BytesIO(), format="svg", bbox_inches="tight")


def test_nothing_moves_the_limits_when_it_is_drawn_again_and_again() -> None:
    ax = plt.figure(figsize=(3, 2.4), dpi=60).add_subplot()
    ax.plot(X[:4], Y[:4], "o-")
    add_everything(ax)
    before = ax.viewLim.frozen().extents
    for _ in range(3):
        ax.figure.canvas.draw()
        ax.relim()
        ax.autoscale_view()
    assert np.allclose(ax.viewLim.extents, before)
