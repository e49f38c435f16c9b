"""
Total throughput at a memory budget
===================================

A model that is slower for one sequence may serve more in all, because more of its smaller caches
fit. Where the runs are too few to tell two kinds apart, the headline says so.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_serving, sample_runs

plt.style.use("dantinox")
insight = insight_serving(sample_runs(), baseline="MHA")
for claim in insight.claims:
    if claim.resolved is not None:  # it is, of counts and totals
        print(claim.kind, claim.of, claim.text, "resolved" if claim.resolved else "open")
plt.show()
