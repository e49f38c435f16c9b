"""
The front of searches that were repeated
========================================

A column says which rows are of one repeat. The line is what half of the repeats attain, the band
goes from a quarter of them to three quarters, and a repeat whose runs all diverged counts as one.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mpl_dantinox import insight_pareto

rng = np.random.default_rng(7)
cost = 10 ** rng.uniform(0, 2, 240)
runs = pd.DataFrame(
    {
        "method": np.repeat(["random search", "evolution"], 120),
        "seed": np.tile(np.repeat(range(8), 15), 2),
        "gpu_hours": cost,
        "val_loss": 2 + 0.8 / cost**0.4 + rng.exponential(0.15, 240),
    }
)
runs.loc[runs["method"] == "evolution", "val_loss"] -= 0.12

plt.style.use("dantinox")
insight = insight_pareto(
    runs,
    group="method",
    cost="gpu_hours",
    units={"cost": "h"},
    labels={"cost": "Training cost"},
    block="seed",
    attainment=True,
)
print(insight.headline)
plt.show()
