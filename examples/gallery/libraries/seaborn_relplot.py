"""
A front in each facet of a seaborn grid
=======================================

Facets split the runs by size, so the front of each size is seen beside the others. The runs are
in `axes_dict` by the name of their facet.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns

from mpl_dantinox.axes import pareto_step, ref_band

rng = np.random.default_rng(1)
runs = pd.DataFrame({"cache": 10 ** rng.uniform(1, 3, 80)})
runs["kind"] = np.tile(["MLA", "GQA"], 40)
runs["size"] = np.repeat(["small", "large"], 40)
runs["loss"] = 2 + 3 / np.log(runs["cache"]) + rng.exponential(0.1, 80)

grid = sns.relplot(runs, x="cache", y="loss", hue="kind", col="size", height=2.6)
for size, ax in grid.axes_dict.items():
    ax.set_xscale("log")
    these = runs[runs["size"] == size]
    pareto_step(ax, these["cache"], these["loss"])
    ref_band(ax, 2.8, spread=0.02, relative=True)
plt.show()
