"""
Label lines at their ends
=========================

A legend makes the reader go back and forth between keys and lines. Names at the ends do not, and
they make room for one another where lines end close together.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import end_labels

step = np.linspace(0, 10, 100)
finals = {"MHA": 2.02, "GQA, 4 groups": 2.05, "GQA, 2 groups": 2.08, "MQA": 2.3, "MLA": 1.95}

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
for name, final in finals.items():
    ax.plot(step, final + 2 * np.exp(-step / 1.7), label=name)
end_labels(ax)
ax.set(xlabel="Tokens (billions)", ylabel="Validation loss", ylim=(1.8, 4.2))
plt.show()
