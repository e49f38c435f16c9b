"""
Best so far, by date
====================

Of models in the order of their release, the front holds those that were better than all before.
Dates work as on any axis.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mpl_dantinox.axes import pareto_step

rng = np.random.default_rng(4)
released = pd.to_datetime("2023-01-15") + pd.to_timedelta(np.sort(rng.integers(0, 900, 45)), "D")
score = 35 + 0.045 * (released - released[0]).days - rng.exponential(6, 45)

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
ax.plot(released, score, "o", ms=5, color="0.65", label="releases")
pareto_step(ax, released, score, sense=("min", "max"), color="C1", label="best so far")
ax.set(xlabel="Released", ylabel="Score (%)")
ax.legend(loc="upper left")
plt.show()
