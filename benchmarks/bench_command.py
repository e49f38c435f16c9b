"""The command, from start to end, against the script that the package began as.

Both are whole processes that read one CSV file and write three PNG files.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.conftest import CLOCK, OURS, run, run_code

SCRIPT = Path(__file__).with_name("naive_script.py")
#: How many times as long the script must take as the command.
LEAST = {60: 1 / 0.8, 1_000: None, 10_000: 20}
#: The figures that the script draws as well.
THREE = [f"--insight={name}" for name in ("pareto", "serving", "mla_dial")]
MOST_MEMORY = 1.5e9


@pytest.mark.benchmark(timer=CLOCK)
@pytest.mark.parametrize("who", [OURS, "naive script"])
@pytest.mark.parametrize("n", LEAST)
def bench_command(
    entry: Callable[..., Any], table: Callable[[int], Path], tmp_path: Path, n: int, who: str
) -> None:
    path = table(n)
    command = {
        OURS: [sys.executable, "-m", "mpl_dantinox", "plot", path, *THREE, "-q", "-o", tmp_path],
        "naive script": [sys.executable, SCRIPT, path, tmp_path],
    }[who]
    limit = {"least": LEAST[n]} if who != OURS and LEAST[n] else {}
    timed = entry("Command", f"{n:,} runs", who, **limit)
    rounds = 7 if n == 60 else 3 if n == 1_000 or who == OURS else 1
    timed.extra_info["memory"] = timed.pedantic(
        run, args=command, rounds=rounds, warmup_rounds=int(n == 60)
    )


@pytest.mark.benchmark(timer=CLOCK)
@pytest.mark.parametrize("n", [10_000, 100_000, 1_000_000])
def bench_large_command(
    entry: Callable[..., Any], table: Callable[[int], Path], tmp_path: Path, n: int
) -> None:
    timed = entry("Command, large tables", f"{n:,} runs", OURS)
    memory = timed.pedantic(
        run,
        args=[sys.executable, "-m", "mpl_dantinox", "plot", table(n), "--quiet", "-o", tmp_path],
        rounds=3,
    )
    timed.extra_info.update(memory=memory, most_memory=MOST_MEMORY)


@pytest.mark.benchmark(timer=CLOCK)
@pytest.mark.parametrize("n", [10_000, 100_000, 1_000_000])
def bench_read_csv(entry: Callable[..., Any], table: Callable[[int], Path], n: int) -> None:
    """The call alone, which the first of a process is: without the import of pandas."""
    code = (
        "import time, pandas; start = time.perf_counter(); "
        f"pandas.read_csv({str(table(n))!r}); print(time.perf_counter() - start)"
    )

    limit = {"least": 1} if n == 1_000_000 else {}
    who = "pandas.read_csv"
    timed = entry("Command, large tables", f"{n:,} runs", who, times=2, plus=2, **limit)
    timed.pedantic(run_code, args=[code], rounds=3)
