"""
An insight as one panel of a figure
===================================

`ax=` puts an insight into Axes of yours, without its page: no headline, footer or legend of its
own. Here two insights and a panel drawn by hand share a page as wide as a paper's.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_context, insight_pareto, sample_runs

runs = sample_runs()
plt.style.use(["dantinox", "dantinox-paper"])
fig, (front, speed, size) = plt.subplots(1, 3, figsize=(6.75, 2.4), layout="constrained")
pareto = insight_pareto(runs, ax=front, panels=["all"], legend=False)
context = insight_context(runs, ax=speed, panels=["throughput"], legend=False)
for name, group in runs.groupby("type"):
    size.plot(
        group["params_m"], group["tps_512"], ".", color=f"dantinox:{name.lower()}", label=name
    )
size.set(xlabel="Parameters (M)", ylabel="Decode (tok/s)")
size.legend()
for ax, letter in zip(fig.axes, "abc", strict=True):
    ax.set_title(letter)
print(pareto.caption)
plt.show()
