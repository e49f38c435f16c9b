"""
One group among many
====================

Twelve methods, and one of them is yours. `highlight` names and colours it, and the others become
a context that is counted.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mpl_dantinox import insight_pareto

rng = np.random.default_rng(3)
methods = [f"baseline {letter}" for letter in "ABCDEFGHIJK"] + ["ours"]
runs = pd.DataFrame({"method": np.repeat(methods, 12), "latency_ms": 10 ** rng.uniform(1, 3, 144)})
better = np.where(runs["method"] == "ours", 9, 0)
runs["accuracy"] = 40 + 15 * np.log10(runs["latency_ms"]) + better - rng.exponential(8, 144)

plt.style.use("dantinox")
insight = insight_pareto(
    runs, group="method", quality="accuracy", cost="latency_ms", highlight=["ours"]
)
print(insight.headline)
plt.show()
