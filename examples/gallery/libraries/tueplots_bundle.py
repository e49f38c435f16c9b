"""
One column of a conference paper, by tueplots
=============================================

tueplots knows the sizes and fonts of venues. The artists follow, and what they say stays clear of
what is drawn.
"""

import matplotlib.pyplot as plt
import numpy as np
from tueplots import bundles

from mpl_dantinox.axes import end_labels, mark_crossing, ref_band

bundle = bundles.neurips2024(rel_width=0.6, usetex=False, family="sans-serif")
with plt.rc_context({**bundle, "font.sans-serif": ["DejaVu Sans"]}):
    fig, ax = plt.subplots()
    dial = np.array([16, 32, 64, 128, 256])
    (line,) = ax.plot(dial, 0.4 + dial / 40, "o-", label="MLA")
    ref_band(ax, 4, spread=0.1, relative=True, label="GQA", color="C1")
    ax.set_xscale("log", base=2)
    ax.set(xlabel="latent dimension", ylabel="cache (MB)")
    mark_crossing(ax, line, 4.0, text="they meet at 140")
    end_labels(ax)
plt.show()
