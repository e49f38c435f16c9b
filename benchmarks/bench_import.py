"""What importing the package adds to importing pyplot, and the same of others."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.conftest import CLOCK, OURS, run_code

MODULES = {OURS: "mpl_dantinox", "SciencePlots": "scienceplots", "mplhep": "mplhep",
           "seaborn": "seaborn"}  # fmt: skip
UNWANTED = ("matplotlib.pyplot", "narwhals", "pandas")


@pytest.mark.benchmark(timer=CLOCK)
@pytest.mark.parametrize("who", MODULES)
def bench_import(entry: Callable[..., Any], who: str) -> None:
    pytest.importorskip(MODULES[who])
    code = (
        "import time, matplotlib.pyplot; start = time.perf_counter(); "
        f"import {MODULES[who]}; print(time.perf_counter() - start)"
    )

    timed = entry("Import, on top of pyplot", "once", who)
    if who == OURS:
        timed.extra_info["most_seconds"] = 0.020
    timed.pedantic(run_code, args=[code], rounds=9, warmup_rounds=1)


def bench_modules() -> None:
    """No time, but what must not come along."""
    code = f"import sys, mpl_dantinox; print({{*sys.modules}} & {set(UNWANTED)})"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
