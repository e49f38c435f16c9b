"""
A Pareto front over ten seeds
=============================

One search is one draw. Of ten searches with different seeds, half reach the line; the band lies
between what a quarter and what three quarters of them reach.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import attainment_band
from mpl_dantinox.ticks import readable_ticks

rng = np.random.default_rng(2)
seeds = np.repeat(np.arange(10), 25)

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
for name, floor, color in (("random search", 2.1, "C7"), ("evolution", 1.95, "C0")):
    cost = 10 ** rng.uniform(0, 2, 250)
    loss = floor + 0.8 / cost**0.4 + rng.exponential(0.15, 250)
    ax.scatter(cost, loss, s=6, color=color, alpha=0.25)
    attainment_band(ax, cost, loss, seeds, color=color, label=f"{name}, 10 seeds")
ax.set(xscale="log", xlabel="Training cost (GPU hours)", ylabel="Validation loss", ylim=(1.9, 3))
readable_ticks(ax.xaxis)
ax.legend(loc="upper right")
plt.show()
