"""A folder of Parquet files larger than memory should be: the time and the memory that it takes.

    python benchmarks/bench_engines.py [ROWS]

makes the folder, draws the three figures from it in a process of its own, and prints how large the
table would be in memory beside the most memory that the process held.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PART = 5_000_000


def part(rng: np.random.Generator, n: int) -> pa.Table:
    group = rng.choice(["MLA", "GQA", "MHA"], n, p=[0.5, 0.3, 0.2])
    dial = np.where(group == "MLA", rng.choice([16.0, 32.0, 64.0, 96.0, 128.0], n), np.nan)
    cache = np.where(group == "MLA", dial * 0.05, np.where(group == "GQA", 4.0, 10.0))
    cache = cache * rng.lognormal(0, 0.3, n)
    return pa.table(
        {
            "type": group,
            "moe": rng.random(n) < 0.2,
            "params_m": rng.lognormal(4, 1, n),
            "val_loss": 2 + rng.gamma(3, 0.1, n) + 0.3 / (1 + cache),
            "theoretical_cache_mb": cache,
            "tps_512": rng.lognormal(4, 0.4, n),
            "down_dim_kv": pa.array(dial, from_pandas=True),
        }
    )


def main(rows: int = 100_000_000) -> None:
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs"
        runs.mkdir()
        in_memory = 0
        for i in range(0, rows, PART):
            table = part(rng, min(PART, rows - i))
            in_memory += table.nbytes
            pq.write_table(table, runs / f"{i:012d}.parquet")
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "mpl_dantinox", "plot", runs, "-o", Path(folder) / "figures"],
            check=True,
        )
        seconds = time.perf_counter() - start
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print("| rows | in memory | time | most memory held |\n|---:|---:|---:|---:|")
    print(f"| {rows:,} | {in_memory / 1e9:.2f} GB | {seconds:.0f} s | {held / 1e9:.2f} GB |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
