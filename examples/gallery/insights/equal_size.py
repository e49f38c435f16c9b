"""
Compare at equal size
=====================

One group has more small models, the other more large ones, and the pooled ratio says the opposite
of what holds at every size. `block` names the column whose values make runs comparable.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mpl_dantinox import insight_serving

rng = np.random.default_rng(0)
sizes = {"MHA": {"350M": 5, "7B": 16}, "GQA": {"350M": 16, "7B": 5}}
cache = {"350M": 60, "7B": 2000}
speed = {"350M": 900, "7B": 90}
runs = pd.DataFrame(
    [
        {
            "type": kind,
            "size": size,
            "cache_mb": cache[size] * (1.2 if kind == "GQA" else 1) * rng.lognormal(0, 0.05),
            "tok_s": speed[size] * rng.lognormal(0, 0.05),
        }
        for kind, counts in sizes.items()
        for size, n in counts.items()
        for _ in range(n)
    ]
)

plt.style.use("dantinox")
insight = insight_serving(runs, block="size", cache="cache_mb", tps="tok_s", baseline="MHA")
facts = insight.facts.groups["GQA"]
print(insight.headline)
print(f"all runs: {facts.ratio:.2f}, at equal size: {facts.matched.ratio:.2f}")
plt.show()
