"""
A table with names and units of its own
=======================================

Energy against a benchmark's score: columns keep their names, `units` says what cannot be told
from these, and the axes speak in units that people use.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mpl_dantinox import insight_pareto

rng = np.random.default_rng(6)
energy = 10 ** rng.uniform(2, 5, 70)
runs = pd.DataFrame(
    {
        "optimizer": rng.choice(["AdamW", "Muon", "Lion"], 70),
        "energy used": energy,
        "accuracy": 30 + 9 * np.log10(energy) - rng.exponential(5, 70),
    }
)

plt.style.use("dantinox")
insight = insight_pareto(
    runs, group="optimizer", quality="accuracy", cost="energy used", units={"cost": "Wh"}
)
print(insight.headline)
plt.show()
