"""
In a notebook
=============

An insight at the end of a cell shows its figure, with the headline under it and the alternative
text for those who cannot see it: both are printed here.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_context, sample_runs

plt.style.use("dantinox")
insight = insight_context(sample_runs(), panels=["ratio"])
print(insight.headline)
print(insight.alt_text)
plt.show()
