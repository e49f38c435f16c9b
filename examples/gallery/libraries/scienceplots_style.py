"""
Devices and names of lines under SciencePlots
=============================================

Looks come from the style in force: the labels at the lines' ends and at the memory of devices are
those of SciencePlots here, type and all.
"""

import warnings

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import end_labels, vram_lines

with warnings.catch_warnings():
    # It registers its styles through a function that matplotlib 3.11 calls old.
    warnings.simplefilter("ignore")
    import scienceplots  # noqa: F401

with plt.style.context(["science", "no-latex"]):
    fig, ax = plt.subplots(layout="constrained")
    memory = np.geomspace(1, 80, 50)
    for name, rate in {"MLA": 3, "GQA": 2, "MHA": 1}.items():
        ax.plot(memory, rate * memory, label=name)
    ax.set(xscale="log", yscale="log", xlabel="memory (GB)", ylabel="throughput (k tok/s)")
    vram_lines(ax, ["RTX 4090", "H100"])
    end_labels(ax)
plt.show()
