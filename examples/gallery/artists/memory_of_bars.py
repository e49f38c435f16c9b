"""
Device memory on a bar chart
============================

A bar that ends under a line fits that device. The labels stand at the margin, beside the bars.
"""

import matplotlib.pyplot as plt

from mpl_dantinox.axes import vram_lines

parts = {
    "weights": [16, 16, 26, 31],
    "KV cache, 32 sequences": [34.4, 8.6, 21.5, 9.1],
    "activations": [2.0, 2.0, 3.0, 3.0],
}
models = ["7B\nMHA", "8B\nGQA", "13B\nMHA", "16B\nMLA"]

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
bottom = [0.0] * 4
for name, memory in parts.items():
    ax.bar(models, memory, bottom=bottom, width=0.6, label=name)
    bottom = [a + b for a, b in zip(bottom, memory, strict=True)]
vram_lines(ax, ["RTX 4090", "L40S", "H100"], axis="y")
ax.set(ylabel="Memory (GB)", ylim=(0, 100), xlim=(-0.6, 4.3))
ax.legend(loc="upper left", ncols=3)
plt.show()
