"""
What does a memory budget buy?
==============================

A model that is slower alone may serve more in all, for more of its smaller caches fit. Ratios
stand with what they rest on.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_serving, sample_runs

plt.style.use("dantinox")
insight = insight_serving(sample_runs(), baseline="MHA")
for claim in insight.claims:
    print(claim.kind, claim.of, claim.text, "told" if claim.resolved else "not told")
plt.show()
