"""
Published models: quality against cache
=======================================

Sixty-odd models with the KV cache that their configurations imply and the MMLU that their makers
report. That MMLU is the quality, and better the higher it is, is known.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_pareto, sample_runs

plt.style.use("dantinox")
insight = insight_pareto(sample_runs("models"))
print(insight.headline)
plt.show()
