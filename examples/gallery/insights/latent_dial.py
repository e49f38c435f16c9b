"""
Where to set the latent dimension?
==================================

A larger latent costs cache and may buy loss. Whether it does is told by the runs or said to be
open; other kinds of attention are bands to compare with.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_mla_dial, sample_runs

plt.style.use("dantinox")
insight = insight_mla_dial(sample_runs())
print(insight.headline)
plt.show()
