"""How long a Pareto front takes, against other libraries, from a hundred points to ten million.

    python benchmarks/bench_front.py [--sizes 100 1000000] [--repeats 7]

needs moocore and paretoset. All are timed in one process on the same float64 values, in turns, by
the processor time they take, so that a busy machine slows all of them alike; the table gives the
medians. moocore and paretoset are given the (n, 2) array that they ask for, made beforehand: only
their calls are timed. The loop is what one writes first in pandas: sort by x, then walk the rows
and keep each that is lower than all before. Every front is compared with moocore's before it is
timed.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import moocore
import numpy as np
import pandas as pd
from paretoset import paretoset

from mpl_dantinox.pareto import pareto_front

SIZES = [10**k for k in range(2, 8)]
#: paretoset and the loop are left out where they would take minutes.
LARGEST_FOR_PARETOSET = {"uniform": 10**7, "anti-correlated": 10**6, "all on the front": 10**3}
LARGEST_FOR_LOOP = 10**5

Front = Callable[[], object]


def clouds(n: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(n)
    x = rng.random(n)
    return {
        "uniform": (x, rng.random(n)),
        "anti-correlated": (x, 1 - x + 0.1 * rng.standard_normal(n)),
        "all on the front": (x, 1 - x),
    }


def loop_over_rows(frame: pd.DataFrame) -> list[int]:
    front, lowest = [], np.inf
    for row in frame.sort_values(["x", "y"]).itertuples():
        if row.y < lowest:
            front.append(row.Index)
            lowest = row.y
    return front


def rivals(cloud: str, x: np.ndarray, y: np.ndarray) -> dict[str, Front]:
    points = np.column_stack([x, y])
    frame = pd.DataFrame({"x": x, "y": y})
    fronts: dict[str, Front] = {
        "mpl-dantinox": lambda: pareto_front(x, y),
        "moocore": lambda: moocore.is_nondominated(points),
    }
    if x.size <= LARGEST_FOR_PARETOSET[cloud]:
        fronts["paretoset"] = lambda: paretoset(points)
    if x.size <= LARGEST_FOR_LOOP:
        fronts["loop"] = lambda: loop_over_rows(frame)
    return fronts


def check(fronts: dict[str, Front]) -> None:
    expected = np.flatnonzero(fronts["moocore"]())
    for name, front in fronts.items():
        found = np.asarray(front())
        found = np.flatnonzero(found) if found.dtype == bool else np.sort(found)
        if not np.array_equal(found, expected):
            raise AssertionError(f"{name} finds {found.size} points, moocore {expected.size}")


def medians(fronts: dict[str, Front], repeats: int) -> dict[str, float]:
    """Seconds a call. Short calls are timed many at a time."""
    calls = {name: calls_in(0.02, front) for name, front in fronts.items()}
    seconds: dict[str, list[float]] = {name: [] for name in fronts}
    for _ in range(repeats):
        for name, front in fronts.items():
            start = time.process_time()
            for _ in range(calls[name]):
                front()
            seconds[name].append((time.process_time() - start) / calls[name])
    return {name: statistics.median(times) for name, times in seconds.items()}


def calls_in(seconds: float, front: Front) -> int:
    start, calls = time.process_time(), 0
    while time.process_time() - start < seconds:
        front()
        calls += 1
    return calls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=lambda s: int(float(s)), nargs="+", default=SIZES)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()

    print("| points | cloud | mpl-dantinox | per point | moocore | paretoset | loop |")
    print("|---:|---|---:|---:|---:|---:|---:|")
    for n in options.sizes:
        for cloud, (x, y) in clouds(n).items():
            fronts = rivals(cloud, x, y)
            check(fronts)
            times = medians(fronts, options.repeats)
            ours = times["mpl-dantinox"]
            ratios = [
                f"{times[name] / ours:.1f}×" if name in times else "–"
                for name in ("moocore", "paretoset", "loop")
            ]
            row = [f"{n:,}", cloud, f"{1e3 * ours:.3g} ms", f"{1e9 * ours / n:.1f} ns", *ratios]
            print("|", " | ".join(row), "|", flush=True)


if __name__ == "__main__":
    main()
