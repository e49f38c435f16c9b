"""
In a notebook
=============

An insight that ends a cell shows its figure with its alt text, and its headline as a caption.
What a notebook gets is what the last lines print.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_context, sample_runs

plt.style.use("dantinox")
insight = insight_context(sample_runs())
print(insight.headline)
print(insight.alt_text)
plt.show()
