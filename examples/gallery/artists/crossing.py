"""
Mark where two lines cross
==========================

Up to some budget the dense model is better. The crossing is marked where the drawn lines meet, on
log axes too.
"""

import matplotlib.pyplot as plt

import mpl_dantinox  # noqa: F401 - registers the sheet and the projection
from mpl_dantinox.ticks import readable_ticks

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained", subplot_kw={"projection": "dantinox"})
compute = [1, 3, 10, 30, 100, 300]
ax.plot(compute, [3.1, 2.8, 2.55, 2.38, 2.27, 2.2], "o-", label="dense")
ax.plot(compute, [3.4, 2.98, 2.62, 2.33, 2.13, 2.0], "s--", label="mixture")
ax.set(xscale="log", xlabel="Training compute (10^18 FLOPs)", ylabel="Validation loss")
readable_ticks(ax.xaxis)
ax.mark_crossing(*ax.lines, text="mixtures pay from here on")
ax.end_labels()
plt.show()
