"""What the benchmarks share: what an entry says of itself, and what runs in its own process."""

import compileall
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mpl_dantinox
from mpl_dantinox.registry import SHEETS

OURS = "mpl-dantinox"
#: As installed: where this is set, a package in a working copy is compiled anew by each process.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


class Clock:
    """A timer that stands still but for what it is told, such as by a child about itself."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


#: The timer of what runs in a process of its own.
CLOCK = Clock()

# A process's peak memory counts that of the one that starts it, so a small one does.
_START = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def run(*command: str | Path) -> int:
    """Run a command, timed by CLOCK, and return its peak memory in bytes."""
    done = _output(_START, *command)
    seconds, memory = map(float, done.split())
    CLOCK.now += seconds
    return int(memory) * (1 if sys.platform == "darwin" else 1024)


def run_code(code: str) -> None:
    """Run a Python program that prints how many seconds CLOCK is to be advanced."""
    CLOCK.now += float(_output(code))


def _output(code: str, *arguments: str | Path) -> str:
    return subprocess.check_output(
        [sys.executable, "-c", code, *arguments], env=ENVIRONMENT, text=True
    )


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    for folder in (Path(mpl_dantinox.__file__).parent, SHEETS):
        compileall.compile_dir(folder, quiet=1)


@pytest.fixture
def entry(benchmark: Any, request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Return a function that says what is timed, and gives the benchmark to time it with.

    The entries with one section and case are compared. Those of others than OURS may have a limit:
    they take at least `least` times as long as ours, or `times` their time and `plus` seconds do.
    """

    def said(section: str, case: str, who: str, **more: Any) -> Any:
        benchmark.extra_info.update(section=section, case=case, who=who, **more)
        return benchmark

    return said


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Return a function that makes a CSV file of so many runs, as a sweep of them might log it."""
    folder = tmp_path_factory.mktemp("tables")

    def made(n: int) -> Path:
        path = folder / f"{n}.csv"
        if not path.exists():
            rng = np.random.default_rng(n)
            kind = rng.choice(["MLA", "GQA", "MHA"], n)
            moe = rng.random(n) < 0.25
            params = np.exp(rng.normal(4, 1, n))
            dial = np.where(kind == "MLA", rng.choice([32, 64, 96, 128, 192, 256], n), np.nan)
            heads = np.where(kind == "GQA", 128, 512) * np.exp(rng.normal(0, 0.3, n))
            cache = np.where(kind == "MLA", dial, heads) * np.exp(rng.normal(0, 0.2, n)) / 16
            loss = 2 + 3 / params**0.3 + 0.4 / cache**0.5 + rng.exponential(0.1, n)
            tps = {t: 3000 * t**-0.1 * np.exp(rng.normal(0, 0.2, n)) for t in (64, 128, 256, 512)}
            columns = {
                "type": kind,
                "moe": moe,
                "params_m": params,
                "val_loss": loss,
                "theoretical_cache_mb": cache,
                **{f"tps_{t}": values for t, values in tps.items()},
                "down_dim_kv": dial,
            }
            pd.DataFrame(columns).to_csv(path, index=False)
        return path

    return made
