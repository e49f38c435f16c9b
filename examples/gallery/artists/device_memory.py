"""
Device memory as reference lines
================================

Memory grows with the context, and each device ends somewhere. The lines come from a catalogue of
accelerators with their sources; a pair names one of your own.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import end_labels, vram_lines
from mpl_dantinox.ticks import readable_ticks

context = np.geomspace(1, 512, 100)

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
for name, weights, per_token in (
    ("8B, MHA", 16, 0.52),
    ("8B, GQA", 16, 0.13),
    ("16B, MLA", 31, 0.03),
):
    ax.plot(context, weights + per_token * context, label=name)
vram_lines(ax, ["RTX 4090", "A100 40GB", "H100", "H200", ("our node", 320)], axis="y")
end_labels(ax)
ax.set(xscale="log", yscale="log", ylim=(12, 500))
ax.set(xlabel="Context (thousand tokens)", ylabel="Memory of one sequence (GB)")
readable_ticks(ax.xaxis)
readable_ticks(ax.yaxis)
plt.show()
