"""
How many tokens a device can serve
==================================

Tokens a second cannot exceed what memory and arithmetic allow. The bound is computed from the
catalogue's numbers; with more sequences the weights are read for all of them at once, and the
caches take over.
"""

import matplotlib.pyplot as plt
import numpy as np

from mpl_dantinox import DEVICES, kv_cache_mb
from mpl_dantinox.axes import end_labels
from mpl_dantinox.roofline import tokens_per_s, whole_sequences
from mpl_dantinox.ticks import readable_ticks

weights_gb, billions = 16.06, 8.03
cache_mb = kv_cache_mb(tokens=8192, layers=32, kv_heads=8, head_dim=128)

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
for name in ("L4", "A100 40GB", "H100", "H200"):
    device = DEVICES[name]
    most = int(whole_sequences(device.memory_gb, weights_gb=weights_gb, cache_mb=cache_mb))
    sequences = np.arange(1, most + 1)
    total = tokens_per_s(
        sequences,
        device.bandwidth_gb_s,
        weights_gb=weights_gb,
        cache_mb=cache_mb,
        gflop_per_token=2 * billions,
        tflops=device.bf16_tflops,
    )
    ax.loglog(sequences, total, label=f"{name}, {most}")
end_labels(ax)
readable_ticks(ax.xaxis)
readable_ticks(ax.yaxis)
ax.set(xlabel="Sequences of 8,192 tokens at a time", ylabel="Bound on the total (tok/s)")
ax.set_title("8 billion parameters in bfloat16")
plt.show()
