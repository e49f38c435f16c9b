"""
A baseline with its interval
============================

A baseline is a measurement, too: its line alone would hide how far it is known. A band may be a
spread around the value, a fraction of it, or an interval.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import ref_band

dial = np.array([8, 16, 32, 64, 128, 256])

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
ax.plot(dial, 2.45 - 0.12 * np.log2(dial / 8) ** 0.6, "o-", label="MLA")
ref_band(ax, 2.26, interval=(2.22, 2.31), color="C2", label="MHA, 95 % interval")
ref_band(ax, 2.40, spread=0.01, relative=True, color="C1", ls="--", label="GQA ± 1 %")
ax.set_xscale("log", base=2)
ax.set_xticks(dial, dial)
ax.set(xlabel="Latent dimension", ylabel="Validation loss")
ax.legend(loc="lower left")
plt.show()
