"""
Speed against context length
============================

Decode speed at several context lengths, a column for each. The ratio to a baseline is of models
of one size.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_context, sample_runs

plt.style.use("dantinox")
insight = insight_context(sample_runs(), baseline="MHA")
print(insight.headline)
plt.show()
