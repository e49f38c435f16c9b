"""Draw the figures of the paper: ``python figures.py``."""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from mpl_dantinox import ParetoStep
from mpl_dantinox.command.main import main

HERE = Path(__file__).parent
TABLE = HERE / "runs.csv"


def front() -> Figure:
    """Return the loss of every run against its cache, with the front."""
    runs = pd.read_csv(TABLE)
    fig, ax = plt.subplots(layout="constrained")
    for name, group in runs.groupby("attn"):
        color = f"dantinox:{str(name).lower()}"
        ax.scatter(group["kv_cache_mb"], group["nll"], color=color, label=name)
    ax.add_artist(ParetoStep(runs["kv_cache_mb"], runs["nll"], color="0.3", label="Pareto front"))
    ax.set(xscale="log", xlabel="KV cache (MB)", ylabel="Validation loss")
    ax.legend()
    return fig


if __name__ == "__main__":
    plt.style.use("dantinox")
    front().savefig(HERE / "figure.pdf")
    raise SystemExit(main(["plot", str(TABLE), "-o", str(HERE)]))
