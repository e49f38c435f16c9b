"""
One column of a paper
=====================

Three and a quarter inches, eight points, a white page: the sheet `dantinox-paper` sets what the
column asks for, and nothing is under six points.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import sample_runs
from mpl_dantinox.axes import pareto_step
from mpl_dantinox.ticks import byte_ticks

runs = sample_runs()
plt.style.use(["dantinox", "dantinox-paper"])
fig, ax = plt.subplots(layout="constrained")
for (name, group), marker in zip(runs.groupby("type"), "os^", strict=True):
    color = f"dantinox:{name.lower()}"
    ax.scatter(
        group["theoretical_cache_mb"], group["val_loss"], 9, color, marker=marker, label=name
    )
pareto_step(ax, runs["theoretical_cache_mb"], runs["val_loss"], color="0.3", label="front")
byte_ticks(ax.xaxis, "KV cache of 512 tokens", log=True)
ax.set_ylabel("Validation loss")
ax.legend(loc="upper right")
plt.show()
