"""
In a mosaic inside a subfigure
==============================

Five helpers in three panels, beside a subfigure that is somebody else's: nothing of it is
touched.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import attainment_band, end_labels, ideal_corner, ref_band, vram_lines

rng = np.random.default_rng(6)
fig = plt.figure(figsize=(7, 4), layout="constrained")
left, right = fig.subfigures(1, 2, width_ratios=(1, 2))
left.subplots().imshow(rng.random((8, 8)), cmap="Greys")
axs = right.subplot_mosaic("AB;CC")
seeds = np.repeat(np.arange(9), 10)
x = rng.uniform(1, 10, 90)
attainment_band(axs["A"], x, 10 / x + rng.exponential(1, 90), seeds)
ideal_corner(axs["A"])
axs["B"].plot([0, 90], [0, 3], label="MLA")
vram_lines(axs["B"], ["RTX 4090", "H100"])
dial = np.arange(1, 9)
for name, slope in {"MLA": 1.0, "GQA": 1.05}.items():
    axs["C"].plot(dial, slope * dial, "o-", label=name)
ref_band(axs["C"], 5, spread=1, label="MHA", color="C2")
end_labels(axs["C"])
plt.show()
