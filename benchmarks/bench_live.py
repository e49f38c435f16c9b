"""A front that grows: what adding ten points costs, by how many there were before."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from mpl_dantinox import ParetoStep

PAST = (10**3, 10**6)


def points(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = rng.random(n)
    return x, 1 - x + rng.exponential(0.1, n)


@pytest.mark.skipif(not hasattr(ParetoStep, "add_points"), reason="it has no such method yet")
@pytest.mark.parametrize("n", PAST)
@pytest.mark.parametrize("drawn", [False, True])
def bench_frame(entry: Callable[..., Any], n: int, drawn: bool) -> None:
    rng = np.random.default_rng(0)
    ax = Figure().subplots()
    ax.set(xlim=(0, 1), ylim=(0, 2))
    step = ax.add_line(ParetoStep(*points(rng, n)))
    canvas = FigureCanvasAgg(ax.figure)

    def frame(x: np.ndarray, y: np.ndarray) -> None:
        step.add_points(x, y)
        if drawn:
            canvas.draw()

    case = "add 10 points and draw" if drawn else "add 10 points"
    timed = entry("Live front", case, f"after {n:,} points")
    if n == max(PAST):
        # A frame is drawn; without that, what is left grows with the front, which this cloud has
        # more of the more points there are.
        limit = {"most": 1.5} if drawn else {}
        timed.extra_info.update(base=f"after {min(PAST):,} points", **limit)
    timed.pedantic(
        frame, setup=lambda: (points(rng, 10), {}), rounds=20 if drawn else 300, warmup_rounds=5
    )
