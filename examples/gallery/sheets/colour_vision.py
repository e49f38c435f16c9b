"""
Colours that everybody can tell apart
=====================================

One reader in twenty does not see red and green apart. Any two of the eight colours of
`dantinox-cvd` differ for them too, and every group has a line style of its own besides.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.axes import end_labels

styles = ["-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)), (0, (3, 1, 1, 1)), (0, (8, 3))]
x = np.linspace(1, 10, 100)

plt.style.use(["dantinox", "dantinox-cvd"])
fig, ax = plt.subplots(layout="constrained")
for place, style in enumerate(styles):
    ax.plot(x, (place + 1) * np.log(x), ls=style, label=f"group {place + 1}")
end_labels(ax)
ax.set(xlabel="Budget", ylabel="Throughput (k tok/s)")
plt.show()
