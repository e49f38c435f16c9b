"""What the artists cost, beside matplotlib's own put together by hand.

Each pair of figures is drawn in turn, so that both see the same machine, and the least processor
times are compared.
"""

import functools
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.conftest import CLOCK, OURS
from mpl_dantinox.axes import (
    callout,
    end_labels,
    mark_crossing,
    pareto_step,
    ref_band,
    vram_lines,
)
from mpl_dantinox.pareto import pareto_front
from mpl_dantinox.testing import legibility

RNG = np.random.default_rng(0)
X = RNG.uniform(1, 90, 200)
Y = 2 + 10 / X + RNG.exponential(0.5, 200)
DEVICES = {"RTX 4090": 24, "A100 40GB": 40, "H100": 80}
MANY = np.linspace(0, 1, 10**6)
WALK = RNG.normal(size=10**6).cumsum()
WAVE = np.linspace(0, 1, 1001)

Draw = Callable[[Axes], object]


def ours(ax: Axes) -> None:
    pareto_step(ax, X, Y)
    vram_lines(ax, list(DEVICES))
    ref_band(ax, 3.0, spread=0.2)


def by_hand(ax: Axes) -> None:
    front = pareto_front(X, Y)
    x1, y1 = ax.get_xlim()[1], ax.get_ylim()[1]
    ax.step([X[front[0]], *X[front], x1], [y1, *Y[front], Y[front[-1]]], where="post", c="k")
    for name, memory in DEVICES.items():
        ax.axvline(memory, color="k", lw=0.8, ls="--")
        ax.text(memory, y1, name, fontsize="medium", ha="left", va="top")
    ax.axhspan(2.8, 3.2, color="k", alpha=0.15, lw=0)
    ax.axhline(3.0, color="k")


def on_points(draw: Draw) -> Draw:
    def drawn(ax: Axes) -> None:
        ax.scatter(X, Y, s=5)
        ax.set(xlim=(0, 92), ylim=(1.8, 8))
        draw(ax)

    return drawn


def crowd(n: int, label: Callable[..., object] | None = None) -> Draw:
    """Return what draws so many points, 20 of them with a label."""

    def drawn(ax: Axes) -> None:
        x, y = np.random.default_rng(n).random((2, n))
        ax.scatter(x, y, s=1)
        for k in range(20) if label is not None else ():
            label(ax, (x[k], y[k]), f"run {k}")

    return drawn


def annotated(ax: Axes, at: tuple[float, float], text: str) -> None:
    ax.annotate(text, at)


def crossed(ax: Axes) -> None:
    (line,) = ax.plot(WAVE, np.sin(500 * np.pi * WAVE + 0.3))
    mark_crossing(ax, line, 0.0)


def crossings_annotated(ax: Axes) -> None:
    ax.plot(WAVE, np.sin(500 * np.pi * WAVE + 0.3))
    for x in WAVE[::2]:
        ax.annotate(f"{x:.4g}", (x, 0))


def walk(ax: Axes) -> None:
    ax.plot(MANY, WALK, label="walk")


def walk_labelled(ax: Axes) -> None:
    walk(ax)
    end_labels(ax)


def devices(ax: Axes) -> None:
    ax.set_xlim(0, 1001)
    vram_lines(ax, [(f"d{k}", k) for k in range(1, 1001)])


def lines_and_texts(ax: Axes) -> None:
    ax.set(xlim=(0, 1001), ylim=(0, 1))
    ax.vlines(range(1, 1001), 0, 1)
    for k in range(1, 1001):
        ax.text(k, 1, f"d{k}", rotation=90, va="top")


#: What is compared: ours, with what, and how many times as long it may take.
PAIRS: dict[tuple[str, str], tuple[Draw, Draw, float]] = {
    ("front, memory and band", "by hand"): (on_points(ours), on_points(by_hand), 1.5),
    ("20 callouts over 10^3 points", "annotate"): (
        crowd(10**3, callout), crowd(10**3, annotated), 2.5),
    ("20 callouts over 10^5 points", "none"): (crowd(10**5, callout), crowd(10**5), 2.0),
    ("20 callouts over 10^6 points", "none"): (crowd(10**6, callout), crowd(10**6), 1.3),
    ("500 crossings", "annotate"): (crossed, crossings_annotated, 3.0),
    ("end label of a line of 10^6", "none"): (walk_labelled, walk, 1.3),
    ("1,000 devices", "vlines and text"): (devices, lines_and_texts, 2.0),
}  # fmt: skip


def canvas(draw: Draw) -> FigureCanvasAgg:
    """Return a canvas on which a figure has been drawn once."""
    one = FigureCanvasAgg(Figure())
    draw(one.figure.subplots())
    one.draw()
    return one


@functools.cache
def compared(pair: tuple[str, str], repeats: int = 5) -> tuple[float, float]:
    """Return the seconds of drawing two figures."""
    canvases = [canvas(draw) for draw in PAIRS[pair][:2]]
    times: list[list[float]] = [[], []]
    for _ in range(repeats):
        for one, taken in zip(canvases, times, strict=True):
            start = time.process_time()
            one.draw()
            taken.append(time.process_time() - start)
    return min(times[0]), min(times[1])


def took(seconds: float) -> None:
    CLOCK.now += seconds


@pytest.mark.benchmark(timer=CLOCK)
@pytest.mark.parametrize("is_ours", [True, False], ids=["ours", "theirs"])
@pytest.mark.parametrize("pair", PAIRS, ids=", ".join)
def bench_artists(entry: Callable[..., Any], pair: tuple[str, str], is_ours: bool) -> None:
    case, who = pair
    limit = {} if is_ours else {"least": 1 / PAIRS[pair][2]}
    timed = entry("Artists", case, OURS if is_ours else who, **limit)
    timed.pedantic(took, args=[compared(pair)[0 if is_ours else 1]])


@pytest.mark.benchmark(timer=CLOCK)
def bench_memory(entry: Callable[..., Any]) -> None:
    """What a callout over 10^6 points adds at most to the memory of drawing."""
    peaks = []
    start = time.process_time()
    for draw in (crowd(10**6, callout), crowd(10**6)):
        one = canvas(draw)
        tracemalloc.start()
        one.draw()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    timed = entry("Artists", "memory that 20 callouts add", OURS, most_memory=150e6)
    timed.extra_info["memory"] = peaks[0] - peaks[1]
    timed.pedantic(took, args=[time.process_time() - start])


@pytest.mark.benchmark(timer=CLOCK)
def bench_mouse_move(entry: Callable[..., Any]) -> None:
    """How long the slowest of our artists takes to answer a mouse's move over 10^6 points."""
    one = canvas(crowd(10**6, callout))
    ax = one.figure.axes[0]
    guides = [vram_lines(ax, [0.5]), ref_band(ax, 0.5), pareto_step(ax, [0.5], [0.5])]
    one.draw()
    event = MouseEvent("motion_notify_event", one, *ax.bbox.min + 20)
    times = []
    for guide in guides:
        start = time.process_time()
        for _ in range(20):
            guide.contains(event)
        times.append((time.process_time() - start) / 20)
    timed = entry("Artists", "a mouse's move over 10^6 points", OURS, most_seconds=1e-3)
    timed.pedantic(took, args=[max(times)])


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("who", [OURS, "a drawing"])
def bench_legibility(entry: Callable[..., Any], who: str) -> None:
    """What it costs to ask what is hard to read in a figure, beside drawing it."""
    one = canvas(crowd(5000, lambda ax, at, text: ax.text(*at, text)))
    limit = {} if who == OURS else {"least": 1 / 5}
    timed = entry("Artists", "a check of what is hard to read", who, **limit)
    ask = {OURS: legibility, "a drawing": lambda figure: figure.canvas.draw()}[who]
    timed.pedantic(ask, args=[one.figure], rounds=3)
