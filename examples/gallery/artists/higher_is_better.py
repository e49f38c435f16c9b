"""
Latency against accuracy
========================

Accuracy is better the higher it is, latency the lower. `sense` says so, and the arrow says it to
the reader.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import ideal_corner, pareto_step
from mpl_dantinox.ticks import readable_ticks

rng = np.random.default_rng(5)
latency = 10 ** rng.uniform(0.7, 2.3, 60)
accuracy = 90 - 60 / latency**0.5 - rng.exponential(6, 60)

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
ax.scatter(latency, accuracy, color="C0", s=25, alpha=0.5)
pareto_step(ax, latency, accuracy, sense=("min", "max"), color="C1", label="front")
ideal_corner(ax, sense=("min", "max"))
ax.set(xscale="log", xlabel="Latency (ms)", ylabel="Accuracy (%)")
readable_ticks(ax.xaxis)
ax.legend(loc="lower right")
plt.show()
