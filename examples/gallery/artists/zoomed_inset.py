"""
A front in a zoomed inset
=========================

The end of a front is crowded, and the part that decides. An inset is an Axes like any other.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import pareto_step

rng = np.random.default_rng(11)
cost = rng.uniform(1, 100, 300)
loss = 2 + 3 / cost + rng.exponential(0.15, 300)

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
inset = ax.inset_axes((0.4, 0.5, 0.58, 0.48))
for axes in (ax, inset):
    axes.scatter(cost, loss, s=12, color="0.65")
    pareto_step(axes, cost, loss, color="C1", label="front")
inset.set(xlim=(20, 80), ylim=(2.02, 2.2))
ax.set_ylim(1.9, 4)
ax.indicate_inset_zoom(inset, edgecolor="0.3")
ax.set(xlabel="Training cost (GPU hours)", ylabel="Validation loss")
plt.show()
