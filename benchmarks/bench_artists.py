"""What drawing the three artists costs, beside the same put together by hand from matplotlib's own.

Run with ``python benchmarks/bench_artists.py``. The two figures are drawn in turn, so that both
see the same machine, and the medians of the processor time are compared.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from mpl_dantinox.axes import callout, pareto_step, ref_band, vram_lines
from mpl_dantinox.pareto import pareto_front

RNG = np.random.default_rng(0)
X = RNG.uniform(1, 90, 200)
Y = 2 + 10 / X + RNG.exponential(0.5, 200)
DEVICES = {"RTX 4090": 24, "A100 40GB": 40, "H100": 80}


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


def canvas(draw: Callable[[Axes], None], with_data: bool) -> FigureCanvasAgg:
    figure = Figure()
    ax = figure.subplots()
    if with_data:
        ax.scatter(X, Y, s=5)
    ax.set(xlim=(0, 92), ylim=(1.8, 8))
    draw(ax)
    return FigureCanvasAgg(figure)


def compare(with_data: bool, repeats: int = 40) -> tuple[float, float]:
    """Return the median times, in ms, of drawing the figure with ours and by hand."""
    canvases = [canvas(draw, with_data) for draw in (ours, by_hand)]
    times: list[list[float]] = [[], []]
    for repeat in range(repeats + 3):
        for which, one in enumerate(canvases):
            start = time.process_time()
            one.draw()
            if repeat >= 3:
                times[which].append(time.process_time() - start)
    return 1e3 * statistics.median(times[0]), 1e3 * statistics.median(times[1])


def parts_only(repeats: int = 200) -> tuple[float, float]:
    """Return the same for the artists alone, without the Axes around them."""
    drawn = []
    for draw in (ours, by_hand):
        one = canvas(draw, with_data=False)
        one.draw()
        ax = one.figure.axes[0]
        drawn.append((one.get_renderer(), [*ax.lines, *ax.patches, *ax.texts]))
    times: list[list[float]] = [[], []]
    for _ in range(repeats):
        for which, (renderer, artists) in enumerate(drawn):
            start = time.process_time()
            for artist in artists:
                artist.draw(renderer)
            times[which].append(time.process_time() - start)
    return 1e3 * statistics.median(times[0]), 1e3 * statistics.median(times[1])


def callouts(points: int = 10_000, texts: int = 12) -> float:
    """Return the time, in ms, that *texts* callouts add to a scatter plot of many points."""
    x, y = RNG.random((2, points))
    times = []
    for count in (0, texts):
        figure = Figure()
        ax = figure.subplots()
        ax.scatter(x, y, s=1)
        for k in range(count):
            callout(ax, (x[k], y[k]), f"run {k}")
        one = FigureCanvasAgg(figure)
        one.draw()
        start = time.process_time()
        one.draw()
        times.append(time.process_time() - start)
    return 1e3 * (times[1] - times[0])


def main() -> None:
    for name, (mine, theirs) in {
        "figure, empty": compare(with_data=False),
        "figure, 200 points": compare(with_data=True),
        "the artists alone": parts_only(),
    }.items():
        print(f"{name:20} ours {mine:6.2f} ms   by hand {theirs:6.2f} ms   {mine / theirs:.2f} ×")
    print(f"12 callouts over 10,000 points: {callouts():.0f} ms")


if __name__ == "__main__":
    main()
