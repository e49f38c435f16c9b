"""
Shade what a baseline dominates
===============================

A new model is of interest where it lies outside of what is there already: the hatched region
holds everything that some baseline beats in both respects.
"""

import matplotlib.pyplot as plt

from mpl_dantinox.axes import dominated_region

memory, loss = [8, 16, 40, 80], [2.9, 2.5, 2.2, 2.05]

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
ax.plot(memory, loss, "s", color="C0", label="baselines")
ax.plot([12, 30], [2.55, 2.42], "o", color="C1", label="ours")
dominated_region(ax, memory, loss, hatch="//", color="C0", label="dominated")
ax.set(xlabel="Memory (GB)", ylabel="Validation loss", xlim=(0, 100), ylim=(1.9, 3.1))
ax.legend(loc="upper right")
plt.show()
