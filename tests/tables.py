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
