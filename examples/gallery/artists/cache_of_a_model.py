"""
KV cache of MHA, GQA and MLA by context
=======================================

`kv_cache_mb` computes the cache from a model's configuration: a `config.json`, or the numbers
that count. What grouped heads and latents save is seen before anything is trained.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import kv_cache_mb
from mpl_dantinox.axes import end_labels
from mpl_dantinox.ticks import byte_ticks, readable_ticks

kinds = {
    "MHA, 32 heads": {"kv_heads": 32, "head_dim": 128},
    "GQA, 8 heads": {"kv_heads": 8, "head_dim": 128},
    "MLA, latent 512": {"latent_dim": 512, "rope_dim": 64},
    "GQA, window 4,096": {"kv_heads": 8, "head_dim": 128, "window": 4096},
}
tokens = [2**n for n in range(9, 18)]

plt.style.use("dantinox")
fig, ax = plt.subplots(layout="constrained")
for name, shape in kinds.items():
    ax.loglog(tokens, [kv_cache_mb(tokens=n, layers=32, **shape) for n in tokens], label=name)
end_labels(ax)
readable_ticks(ax.xaxis)
byte_ticks(ax.yaxis, "KV cache of one sequence")
ax.set_xlabel("Tokens")
plt.show()
