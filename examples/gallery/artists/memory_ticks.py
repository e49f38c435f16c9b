"""
Readable ticks for memory and throughput
========================================

A log axis of bytes that spans kilobytes to gigabytes says the unit at each tick; one that spans
less has it in its label once.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox.ticks import byte_ticks, readable_ticks

rng = np.random.default_rng(7)
cache = 10 ** rng.uniform(-2, 4, 80)
speed = 3000 / (1 + cache / 50) ** 0.5 * rng.lognormal(0, 0.2, 80)

plt.style.use("dantinox")
fig, (before, after) = plt.subplots(2, figsize=(6.4, 5), layout="constrained")
for ax in (before, after):
    ax.loglog(cache, speed, "o", ms=4)
    ax.set_ylabel("Decode (tok/s)")
before.set(title="as matplotlib writes them", xlabel="KV cache (MB)")
after.set_title("byte_ticks and readable_ticks")
byte_ticks(after.xaxis, "KV cache")
readable_ticks(after.yaxis)
plt.show()
