"""
A front through a scatter plot of pandas
========================================

`DataFrame.plot` returns an ordinary Axes: the front, the best run and the corner that is best are
added to it in three lines.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mpl_dantinox.axes import ideal_corner, mark_best, pareto_step

rng = np.random.default_rng(0)
runs = pd.DataFrame({"cache": rng.uniform(20, 200, 40)})
runs["loss"] = 2.5 + 40 / runs["cache"] + rng.exponential(0.2, 40)

ax = runs.plot.scatter("cache", "loss", figsize=(4, 3))
pareto_step(ax, runs["cache"], runs["loss"], label="front")
mark_best(ax, runs["cache"], runs["loss"], text="lowest loss")
ideal_corner(ax)
ax.legend()
ax.figure.set_layout_engine("constrained")
plt.show()
