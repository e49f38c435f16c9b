"""The artists in a figure, against the same put together by hand from matplotlib's own."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import bench_artists
from benchmarks.conftest import OURS


@pytest.mark.parametrize("who", [OURS, "by hand"])
@pytest.mark.parametrize("with_data", [False, True], ids=["empty", "200 points"])
def bench_figure(entry: Callable[..., Any], with_data: bool, who: str) -> None:
    draw = bench_artists.ours if who == OURS else bench_artists.by_hand
    canvas = bench_artists.canvas(bench_artists.on_points(draw) if with_data else draw)
    timed = entry("Three artists in a figure", "200 points" if with_data else "no points", who)
    timed.pedantic(canvas.draw, rounds=40, warmup_rounds=3)
