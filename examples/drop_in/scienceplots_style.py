"""Reference lines and labels at line ends, under SciencePlots."""

import matplotlib.pyplot as plt
import numpy as np
import scienceplots  # noqa: F401 - registers its styles
from matplotlib.figure import Figure

from mpl_dantinox.axes import end_labels, vram_lines


def main() -> Figure:
    """Return the figure."""
    with plt.style.context(["science", "no-latex"]):
        fig, ax = plt.subplots(layout="constrained")
        memory = np.geomspace(1, 80, 50)
        for name, rate in {"MLA": 3, "GQA": 2, "MHA": 1}.items():
            ax.plot(memory, rate * memory, label=name)
        ax.set(xscale="log", yscale="log", xlabel="memory (GB)", ylabel="throughput (k tok/s)")
        vram_lines(ax, ["RTX 4090", "H100"])
        end_labels(ax)
    return fig


if __name__ == "__main__":
    main().savefig("scienceplots_style.png")
