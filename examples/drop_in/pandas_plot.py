"""A front through a scatter plot that pandas drew, and its best run."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from mpl_dantinox.axes import ideal_corner, mark_best, pareto_step


def main() -> Figure:
    """Return the figure."""
    rng = np.random.default_rng(0)
    runs = pd.DataFrame({"cache": rng.uniform(20, 200, 40)})
    runs["loss"] = 2.5 + 40 / runs["cache"] + rng.exponential(0.2, 40)
    ax = runs.plot.scatter("cache", "loss", figsize=(4, 3))
    pareto_step(ax, runs["cache"], runs["loss"], label="front")
    mark_best(ax, runs["cache"], runs["loss"], text="lowest loss")
    ideal_corner(ax)
    ax.legend()
    ax.figure.set_layout_engine("constrained")
    return ax.figure


if __name__ == "__main__":
    main().savefig("pandas_plot.png")
