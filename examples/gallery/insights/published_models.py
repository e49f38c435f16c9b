"""
Published models: quality against cache
=======================================

64 models with the KV cache that their configurations imply and the MMLU that was published. `names`
labels the models on the front with their own names instead of their kind's.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_pareto, sample_runs

plt.style.use("dantinox")
insight = insight_pareto(sample_runs("models"), panels=["all"], names=True)
print(insight.headline)
plt.show()
