"""The command on a folder of Parquet files, which is read inside an engine.

`bench_engines.py` does the same at a hundred million rows, more than fits into memory.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.conftest import CLOCK, OURS, run


@pytest.mark.benchmark(timer=CLOCK)
@pytest.mark.parametrize("n", [10_000, 1_000_000, 10_000_000])
def bench_folder(entry: Callable[..., Any], tmp_path: Path, n: int) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    from benchmarks.bench_engines import part

    folder = tmp_path / "runs"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for file in range(4):
        parquet.write_table(part(rng, n // 4), folder / f"{file}.parquet")
    timed = entry("Command, folder of Parquet files", f"{n:,} runs", OURS)
    command = [sys.executable, "-m", "mpl_dantinox", "plot", folder, "--quiet", "-o", tmp_path]
    timed.extra_info["memory"] = timed.pedantic(run, args=command, rounds=3)
