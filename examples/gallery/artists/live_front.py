"""
A front that grows as a sweep runs
==================================

`ParetoStep.add_points` takes the runs as they come in, and costs the same after a million of
them. Here in an animation; in a notebook the same lines update a figure that is open.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation

from mpl_dantinox.axes import pareto_step
from mpl_dantinox.ticks import readable_ticks

rng = np.random.default_rng(3)
cost = 10 ** rng.uniform(0, 2, 120)
loss = 2 + 1 / cost**0.5 + rng.exponential(0.25, 120)

plt.style.use("dantinox")
fig, ax = plt.subplots(figsize=(5, 3.5))
(runs,) = ax.plot([], [], "o", color="0.65", ms=5, label="runs")
front = pareto_step(ax, cost[:4], loss[:4], color="C1", label="front so far")
ax.set(xscale="log", xlim=(0.9, 110), ylim=(2, 3.6))
ax.set(xlabel="Training cost (GPU hours)", ylabel="Validation loss")
ax.legend(loc="upper right")

readable_ticks(ax.xaxis)


def add(frame):
    """Four more runs."""
    new = slice(4 * frame, 4 * frame + 4)
    front.add_points(cost[new], loss[new])
    runs.set_data(cost[: new.stop], loss[: new.stop])
    ax.set_title(f"{new.stop} runs, {len(front.front_indices)} on the front")


growing = FuncAnimation(fig, add, frames=range(30), interval=150, init_func=list)
fig.canvas.draw()  # starts it; growing.save("sweep.gif") writes a file
plt.show()
