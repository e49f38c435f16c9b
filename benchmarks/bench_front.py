"""The front, against other libraries, on the same float64 values.

moocore and paretoset are given the (n, 2) array that they ask for, made beforehand: only their
calls are timed. The loop is what one writes first in pandas: sort by x, then walk the rows and keep
each that is lower than all before. Each front is compared with ours.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import moocore
import numpy as np
import pandas as pd
import pytest
from paretoset import paretoset

from benchmarks.conftest import OURS
from mpl_dantinox.pareto import pareto_front

LEAST = {"uniform": 40, "noisy anti-correlated": 25, "all on the front": 4}
#: The loop and paretoset are left out where they would take minutes.
MOST = {"loop": 10**4, "paretoset": 10**6}
MOST_ON_FRONT = {"loop": 10**4, "paretoset": 10**3}
SIZES = [10**2, 10**4, 10**6, 10**7]


@lru_cache(maxsize=1)
def cloud(kind: str, n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n)
    x = rng.random(n)
    y = {
        "uniform": lambda: rng.random(n),
        "noisy anti-correlated": lambda: 1 - x + 0.1 * rng.standard_normal(n),
        "all on the front": lambda: 1 - x,
    }[kind]()
    return x, y


def loop_over_rows(frame: pd.DataFrame) -> list[int]:
    front, lowest = [], np.inf
    for row in frame.sort_values(["x", "y"]).itertuples():
        if row.y < lowest:
            front.append(row.Index)
            lowest = row.y
    return front


@pytest.mark.parametrize("who", [OURS, "moocore", "paretoset", "loop"])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", LEAST)
def bench_front(entry: Callable[..., Any], kind: str, n: int, who: str) -> None:
    if n > (MOST_ON_FRONT if kind == "all on the front" else MOST).get(who, n):
        pytest.skip("it would take minutes")
    x, y = cloud(kind, n)
    points = np.column_stack([x, y])
    frame = pd.DataFrame({"x": x, "y": y})
    calls = {
        OURS: lambda: pareto_front(x, y),
        "moocore": lambda: moocore.is_nondominated(points),
        "paretoset": lambda: paretoset(points),
        "loop": lambda: loop_over_rows(frame),
    }
    least = LEAST[kind] if n >= 10**6 else 1 if n == 100 else None
    limit = {"least": least} if who == "moocore" and least else {}
    timed = entry(f"Front, {kind}", f"{n:,} points", who, **limit)
    front = timed(calls[who]) if n <= 10**4 else timed.pedantic(calls[who], rounds=7)
    found = np.flatnonzero(front) if np.asarray(front).dtype == bool else np.sort(front)
    assert np.array_equal(found, np.sort(pareto_front(x, y)))
