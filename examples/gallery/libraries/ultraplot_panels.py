"""
On the Axes of ultraplot
========================

ultraplot has a subclass of Axes with scales and a layout of its own; the artists need nothing but
an Axes.
"""

import numpy as np
import ultraplot as uplt

from mpl_dantinox.axes import pareto_step, vram_lines

uplt.rc["font.family"] = "DejaVu Sans"
fig, axs = uplt.subplots(ncols=2, refwidth=2, share=False)
rng = np.random.default_rng(4)
x = 10 ** rng.uniform(0, 2, 40)
y = 2 + 1 / x**0.5 + rng.exponential(0.2, 40)
axs[0].scatter(x, y, s=8)
axs[0].format(xscale="log", xlabel="cache", ylabel="loss")
pareto_step(axs[0], x, y)
memory = np.linspace(1, 90, 20)
axs[1].plot(memory, memory**0.8)
axs[1].format(xlabel="memory (GB)", ylabel="throughput")
vram_lines(axs[1], ["RTX 4090", "A100 40GB", "H100"])
uplt.show()
