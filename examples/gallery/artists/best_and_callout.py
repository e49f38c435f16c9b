"""
Name the points that matter
===========================

A text beside a point finds a free place by itself, keeps clear of lines, markers and other texts,
and finds another when you zoom.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import callout, mark_best

rng = np.random.default_rng(8)
rate = np.geomspace(1e-5, 1e-2, 25)
loss = 2.1 + 0.09 * np.log10(rate / 6e-4) ** 2 + rng.normal(0, 0.012, 25)

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
ax.plot(rate, loss, "o", ms=5)
mark_best(ax, rate, loss, text="lowest loss", color="C1")
callout(ax, (rate[0], loss[0]), "too slow to learn")
callout(ax, (rate[-1], loss[-1]), "close to divergence")
ax.set(xscale="log", xlabel="Learning rate", ylabel="Validation loss")
plt.show()
