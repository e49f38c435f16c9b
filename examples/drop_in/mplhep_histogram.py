"""A reference band of a sample over a histogram that mplhep drew."""

import matplotlib.pyplot as plt
import mplhep
import numpy as np
from matplotlib.figure import Figure

from mpl_dantinox.artists import RefBand


def main() -> Figure:
    """Return the figure."""
    with plt.style.context([mplhep.style.CMS, {"figure.figsize": (6, 4.5), "font.size": 14}]):
        fig, ax = plt.subplots()
        loss = np.random.default_rng(3).normal(3, 0.2, 500)
        mplhep.histplot(np.histogram(loss, 30), ax=ax, label="runs")
        ax.add_artist(RefBand.from_sample(loss, axis="x", label="median and quartiles"))
        ax.set(xlabel="validation loss", ylim=(0, 62))
        ax.legend(loc="upper left", fontsize=12)
    return fig


if __name__ == "__main__":
    main().savefig("mplhep_histogram.png")
