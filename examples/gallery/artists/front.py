"""
The Pareto front of a scatter plot
==================================

Of many runs, those matter that no other beats in both respects. `ParetoStep` is a line through
them, and the staircase says what a new run would have to reach.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import ParetoStep, sample_runs
from mpl_dantinox.ticks import readable_ticks

plt.style.use("dantinox")
runs = sample_runs()
cache, loss = runs["theoretical_cache_mb"], runs["val_loss"]

fig, ax = plt.subplots(layout="constrained")
ax.scatter(cache, loss, color="0.6", s=25, label="runs")
front = ax.add_artist(ParetoStep(cache, loss, label="Pareto front"))
ax.set(xscale="log", xlabel="KV cache (MB)", ylabel="Validation loss")
ax.set_title(f"{len(front.front_indices)} of {len(runs)} runs are on the front")
readable_ticks(ax.xaxis)
ax.legend(loc="upper right")
plt.show()
