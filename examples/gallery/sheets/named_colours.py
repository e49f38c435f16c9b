"""
One colour for each kind of attention
=====================================

`dantinox:mla`, `dantinox:gqa` and `dantinox:mha` are names that matplotlib knows after the
import, under any style, so a group looks alike in all figures of a paper.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import sample_runs

runs = sample_runs()
fig, ax = plt.subplots(figsize=(5, 3.5), layout="constrained")
for name, group in runs.groupby("type"):
    ax.boxplot(
        group["tps_512"],
        positions=[["MHA", "GQA", "MLA"].index(name)],
        tick_labels=[name],
        widths=0.5,
        patch_artist=True,
        boxprops={"facecolor": f"dantinox:{name.lower()}", "alpha": 0.7},
        medianprops={"color": "black"},
    )
ax.set(ylabel="Decode throughput (tok/s)", ylim=(0, None))
plt.show()
