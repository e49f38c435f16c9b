"""
One figure under every sheet
============================

`dantinox` is the look; what is read, projected, printed or seen without red and green are
modifiers on top of it.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import end_labels

x = np.linspace(0, 4, 60)
for modifier in ("", "dantinox-paper", "dantinox-talk", "dantinox-dark", "dantinox-cvd"):
    with plt.style.context(["dantinox", modifier] if modifier else ["dantinox"]):
        fig, ax = plt.subplots()
        for n in range(5):
            ax.plot(x, np.exp(-x / (n + 1)), label=f"width {2**n}")
        end_labels(ax)
        ax.set(title=modifier or "dantinox", xlabel="Tokens (billions)", ylabel="Excess loss")
plt.show()
