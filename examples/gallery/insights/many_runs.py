"""
A Pareto figure of a hundred thousand runs
==========================================

Where markers would be a blot, the dominated runs become a density, and those on the front stay
what they are. The file stays small.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mpl_dantinox import insight_pareto

rng = np.random.default_rng(9)
n = 100_000
cache = 10 ** rng.normal(1.5, 0.6, n)
runs = pd.DataFrame(
    {
        "type": rng.choice(["MHA", "GQA", "MLA"], n),
        "theoretical_cache_mb": cache,
        "val_loss": 2 + cache**-0.3 + rng.gamma(2, 0.15, n),
    }
)

plt.style.use("dantinox")
insight = insight_pareto(runs)
print(insight.headline)
plt.show()
