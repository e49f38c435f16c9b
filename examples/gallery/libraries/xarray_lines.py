"""
Names at the ends of xarray's lines
===================================

`DataArray.plot` returns the lines of a dimension; `end_labels` names them by its coordinate.
"""

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from mpl_dantinox.axes import end_labels

context = np.array([512, 1024, 2048, 4096, 8192])
kinds = ["MHA", "GQA", "MLA"]
speed = xr.DataArray(
    40 / (1 + context[None] / np.array([[1500], [6000], [9000]])),
    dims=("attention", "context"),
    coords={"attention": kinds, "context": context},
    name="decode speed",
    attrs={"units": "tok/s"},
)

fig, ax = plt.subplots(figsize=(5, 3.4), layout="constrained")
lines = speed.plot.line(x="context", ax=ax, add_legend=False, xscale="log")
ax.set_xticks(context, context)
ax.minorticks_off()
end_labels(ax, lines, labels=kinds)
plt.show()
