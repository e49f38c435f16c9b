"""
The ancestry of a front, with networkx
======================================

An evolutionary search as a graph: each model points to those it was made from. Positions are the
model's cost and loss, so a front goes through the same picture.
"""

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np

from mpl_dantinox.axes import ideal_corner, pareto_step

rng = np.random.default_rng(12)
search = nx.DiGraph()
search.add_node(0, cost=60.0, loss=2.9)
for child in range(1, 50):
    parent = rng.choice(list(search))
    at = search.nodes[parent]
    search.add_node(
        child,
        cost=at["cost"] * rng.lognormal(-0.03, 0.25),
        loss=at["loss"] - rng.normal(0.02, 0.08),
    )
    search.add_edge(parent, child)

places = {n: (at["cost"], at["loss"]) for n, at in search.nodes(data=True)}
cost, loss = zip(*places.values(), strict=True)
fig, ax = plt.subplots(figsize=(5.5, 4), layout="constrained")
nx.draw_networkx(
    search,
    places,
    ax=ax,
    with_labels=False,
    node_size=30,
    edge_color="0.75",
    node_color="C0",
    arrowsize=6,
    hide_ticks=False,
)
pareto_step(ax, cost, loss, color="C3", label="front")
ideal_corner(ax)
ax.set(xlabel="Training cost (GPU hours)", ylabel="Validation loss")
ax.legend(loc="upper right")
plt.show()
