"""
Median and quartiles over a histogram of mplhep
===============================================

A histogram shows the whole sample; the band says where its middle half lies.
"""

import matplotlib.pyplot as plt
import mplhep
import numpy as np

from mpl_dantinox.artists import RefBand

with plt.style.context([mplhep.style.CMS, {"figure.figsize": (6, 4.5), "font.size": 14}]):
    fig, ax = plt.subplots()
    loss = np.random.default_rng(3).normal(3, 0.2, 500)
    mplhep.histplot(np.histogram(loss, 30), ax=ax, label="runs")
    ax.add_artist(RefBand.from_sample(loss, axis="x", label="median and quartiles"))
    ax.set(xlabel="validation loss", ylim=(0, 54))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=12)
plt.show()
