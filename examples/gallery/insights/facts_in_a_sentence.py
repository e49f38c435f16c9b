"""
Numbers for a text or a figure of your own
==========================================

Everything that a figure shows is in its facts, as plain values. Take them into a text, a table or a
figure of your own, and no number is typed twice.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_serving, sample_runs

facts = insight_serving(sample_runs()).facts
plt.close("all")  # the facts alone
matched = {name: group.matched for name, group in facts.groups.items() if group.matched}

plt.style.use("dantinox")
fig, ax = plt.subplots(figsize=(6.4, 2.4), layout="constrained")
for place, (name, at_equal_size) in enumerate(matched.items()):
    color = f"dantinox:{name.lower()}"
    ax.plot(at_equal_size.interval, [place, place], color=color, lw=3)
    ax.plot(at_equal_size.ratio, place, "o", color=color, ms=9)
ax.axvline(1, color="0.4", lw=0.8)
labels = [f"{name}, n = {facts.groups[name].n}" for name in matched]
ax.set_yticks(range(len(matched)), labels)
ax.set(xlabel=f"Throughput by that of {facts.baseline} at equal size, 95 % interval")
ax.set(xlim=(0, None), ylim=(-0.6, len(matched) - 0.4))
plt.show()
