"""
Where to set the latent dimension?
==================================

A larger latent takes more cache and may lower the loss. The headline says whether these runs show
it; bands show the other kinds of attention.
"""

import matplotlib.pyplot as plt

from mpl_dantinox import insight_mla_dial, sample_runs

plt.style.use("dantinox")
insight = insight_mla_dial(sample_runs())
print(insight.headline)
plt.show()
