"""
Which attention holds the front?
================================

Loss against KV cache of a sweep, dense models and mixtures side by side. The headline
says whether a kind has more of the front than chance would give it.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_pareto, sample_runs

plt.style.use("dantinox")
insight = insight_pareto(sample_runs())
print(insight.headline)
plt.show()
