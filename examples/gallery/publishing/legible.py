"""
Find text that overlaps or is too small
=======================================

`legibility` reports texts of any figure that overlap, leave the page, are too small or too pale:
here of a figure that has most of that. In a test it is one line.
"""

import matplotlib.pyplot as plt

from mpl_dantinox.testing import legibility

# sphinx_gallery_thumbnail_number = 2
names = ["multi-head attention", "grouped-query attention", "multi-head latent attention"]
cache = [3, 2, 0.5]

fig, ax = plt.subplots(figsize=(5, 2.5))
ax.bar(names, cache)
ax.text(2, 0.6, "ours", color="#BBBBBB", ha="center")
ax.text(0, 2.6, "as in the first paper", fontsize=4)
for finding in legibility(fig):
    print(f"{finding.kind}: {finding.message}")

# %%
# The same bars lying down, and what is said about them in a size and a colour that can be read.

mended, ax = plt.subplots(figsize=(5, 2.5), layout="constrained")
ax.barh(names, cache, color=["C7", "C7", "C0"])
ax.text(0.6, 2, "ours", va="center")
ax.set_xlabel("KV cache (MB)")
assert not legibility(mended)
plt.show()
