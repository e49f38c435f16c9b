"""
Which model serves most on one device?
======================================

Memory alone promises more than a device can read. By its roofline, weights take their room, only
whole sequences count, and each step reads every cache: here of 32,768 tokens, on an H200.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_serving, sample_runs

plt.style.use("dantinox")
insight = insight_serving(
    sample_runs("models"), model="roofline", device="H200", context=32_768, guides=()
)
for name, group in insight.facts.groups.items():
    print(f"{name}: {group.total_tps:,.0f} tokens/s, of {group.n} models that fit")
plt.show()
