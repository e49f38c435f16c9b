"""Tables of runs whose truth is known, for the tests."""

from typing import Any

import numpy as np
import pandas as pd


def table(groups: dict[str, dict[str, Any]], *, seed: int = 0, noise: float = 0.0) -> pd.DataFrame:
    """Return a table with six dense and two MoE runs for each group.

    A group is given by `loss`, `cache` and `tps`, the middle of its runs', which differ from one
    another by size, and `dial`, values that are cycled through where there are any.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for name, spec in groups.items():
        dial = spec.get("dial") or [None]
        for i in range(max(6, 2 * len(dial))):
            size = 0.8 + 0.2 * (i % 3)
            jitter = 1 + noise * rng.standard_normal(3)
            value = dial[i % len(dial)]
            rows.append(
                {
                    "type": name,
                    "moe": False,
                    "params_m": 10 * size,
                    "val_loss": spec["loss"] / size * jitter[0],
                    "theoretical_cache_mb": spec["cache"] * size * jitter[1] * (value or 32) / 32,
                    "tps_64": spec["tps"] / size * jitter[2] * (1.2 + 0.05 * (i % 4)),
                    "tps_512": spec["tps"] / size * jitter[2],
                    "down_dim_kv": value,
                }
            )
        for i in range(2):
            rows.append(rows[-6 + i] | {"moe": True, "val_loss": rows[-6 + i]["val_loss"] * 0.97})
    return pd.DataFrame(rows)


DIAL = [8, 16, 32, 48, 64, 96]

#: MLA has the smaller cache and the better loss.
MLA_WINS = {
    "MLA": {"loss": 2.0, "cache": 0.5, "tps": 900.0, "dial": DIAL},
    "GQA": {"loss": 2.2, "cache": 2.0, "tps": 1000.0},
    "MHA": {"loss": 2.1, "cache": 4.0, "tps": 1100.0},
}

#: GQA has by far the smaller cache, the better loss and the higher throughput.
GQA_WINS = {
    "MLA": {"loss": 2.6, "cache": 4.0, "tps": 500.0, "dial": DIAL},
    "GQA": {"loss": 2.0, "cache": 0.4, "tps": 1500.0},
    "MHA": {"loss": 2.3, "cache": 4.0, "tps": 1000.0},
}


def many(n: int, groups: int, *, seed: int = 0, name: str = "G") -> pd.DataFrame:
    """Return n runs of so many groups, the last of them with a dial."""
    rng = np.random.default_rng(seed)
    code = np.arange(n) % groups
    cache = 10 ** rng.uniform(-1, 1, n) * (1 + code)
    frame = pd.DataFrame(
        {
            "type": [f"{name}{c}" if c else "MLA" for c in code],
            "moe": rng.random(n) < 0.25,
            "params_m": 10 ** rng.uniform(0, 2, n),
            "val_loss": 3 - 0.3 * np.log10(cache) + rng.gamma(2, 0.1, n),
            "theoretical_cache_mb": cache,
            "tps_512": rng.uniform(500, 1500, n),
            "down_dim_kv": np.where(code == 0, rng.choice(DIAL, n), np.nan),
        }
    )
    return frame.assign(tps_64=frame["tps_512"] * rng.uniform(1.05, 1.5, n))


def families(n: int = 47) -> pd.DataFrame:
    """Return base models of so many families, as leaderboards list them: scores and compute."""
    rng = np.random.default_rng(1)
    family = np.repeat(np.arange(n), rng.integers(1, 7, n))
    size = 10 ** rng.uniform(-0.3, 2.1, len(family))
    tokens = 10 ** (rng.normal(-0.3, 0.3, len(family)) + 0.9 * rng.uniform(0, 1, n)[family])
    flops = 6 * size * tokens
    score = 25 + 60 / (1 + np.exp(-1.6 * (np.log10(flops) - 1.6))) + rng.normal(0, 3, len(family))
    return pd.DataFrame(
        {
            "Model": [f"Family {f}-{s:.2g}b" for f, s in zip(family, size, strict=True)],
            "Model Family": [f"Family {f}" for f in family],
            "Model Size (B)": size.round(1),
            "FLOPs (1E21)": flops,
            "MMLU": score.clip(20, 90).round(1),
        }
    )


def machines(n: int = 4772) -> pd.DataFrame:
    """Return latencies and throughputs of models on accelerators, one row a measurement."""
    rng = np.random.default_rng(2)
    kinds = {"A100": 1.0, "H100": 2.1, "GH200": 2.4, "MI250": 0.55, "MI300X": 1.8, "Gaudi2": 0.8}
    name = rng.choice([*kinds], n)
    batch, length = rng.choice([1, 16, 32, 64], n), rng.choice([128, 256, 512, 1024, 2048], n)
    speed = np.array([kinds[k] for k in name]) * rng.lognormal(0, 0.4, n)
    rate = 500 * speed * batch**0.75 / (1 + length / 3000)
    return pd.DataFrame(
        {"Hardware": name, "Batch Size": batch, "Input Output Length": length,
         "Latency": 2 * length * batch / rate, "Throughput": rate}
    )  # fmt: skip


def _front_only(n: int = 24) -> pd.DataFrame:
    rise = np.linspace(1, 9, n)
    frame = many(n, 3)
    return frame.assign(theoretical_cache_mb=rise, val_loss=10 - rise, moe=False)


#: Tables that a figure is not made for, and has to be legible with all the same.
ODD: dict[str, pd.DataFrame] = {
    "one run": many(1, 1),
    "three runs": many(3, 3).assign(moe=False),
    "sixty runs": many(60, 3),
    "five thousand runs": many(5000, 3),
    "one group": many(40, 1),
    "two groups": many(40, 2),
    "eight groups": many(160, 8),
    "fifteen groups": many(300, 15),
    "forty-seven groups": many(470, 47),
    "long names": many(60, 4, name="grouped query attention, flash kernel ").head(60),
    "all equal": many(12, 3).assign(
        val_loss=2.0, theoretical_cache_mb=4.0, tps_512=1000.0, params_m=5.0
    ),
    "an outlier": many(60, 3).assign(
        val_loss=lambda f: f["val_loss"].where(f.index != 7, 400.0),
        theoretical_cache_mb=lambda f: f["theoretical_cache_mb"].where(f.index != 7, 9e5),
    ),
    "all on the front": _front_only(),
    "nothing but MoE": many(30, 3).assign(moe=True),
    "bytes": many(60, 3).assign(theoretical_cache_mb=lambda f: f["theoretical_cache_mb"] * 1e-6),
    "terabytes": many(60, 3).assign(theoretical_cache_mb=lambda f: f["theoretical_cache_mb"] * 1e6),
    "bytes to terabytes": many(60, 3).assign(
        theoretical_cache_mb=np.geomspace(1e-6, 3e6, 60), val_loss=np.linspace(4, 2, 60)
    ),
    "MLA wins": table(MLA_WINS, noise=0.05),
    "GQA wins": table(GQA_WINS, noise=0.05),
}
