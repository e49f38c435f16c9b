"""Whether a group holds more of a front than its number of runs would give by chance."""

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import numpy.typing as npt

from mpl_dantinox.insights.compared import MOST, codes
from mpl_dantinox.insights.ratios import times_smaller
from mpl_dantinox.pareto import Sense, pareto_front
from mpl_dantinox.statistics.chance import front_by_chance
from mpl_dantinox.tables.engine import Frame, collected, n_rows

__all__ = ["front_chances"]


def front_chances(
    frame: Frame, sense: Sense, sizes: Mapping[str, float]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return how often each group would hold as much of the front by chance, and within what.

    Names are dealt out anew within blocks, if most runs share one with another group; else among
    all runs, unless one group's models are larger: then nothing is said.

    Parameters
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
        The runs of a panel, with their group, kind, cost and quality, and parameters and blocks
        where these are known. Of a table of more than `compared.MOST` runs nothing is said.
    sense : pair of {"min", "max"}
        What is better, of cost and of quality.
    sizes : dict of str to float
        The median parameters of each group, where they are known.

    Returns
    -------
    chances : dict of str to float
        By group: the p-values of `front_by_chance`; none if nothing is said.
    within : tuple of str
        The roles that are equal in a block.
    """
    if n_rows(frame) > MOST:
        return {}, ()
    rows = collected(frame)
    design = ["params", "cost"] if "params" in rows.columns else ["cost", "quality"]
    blocks = [role for role in rows.columns if role.partition(" ")[0] == "block"]
    blocks = blocks or [role for role in ("params",) if role in rows.columns]
    # A configuration is on the front if one of its runs is.
    on_front = np.zeros(len(rows), dtype=bool)
    cost, quality = (rows[role].to_numpy() for role in ("cost", "quality"))
    on_front[pareto_front(cost, quality, sense=sense)] = True
    unit = codes(rows, ["group", "moe", *design, *blocks])
    first = np.unique(unit, return_index=True)[1]
    held = np.bincount(unit, on_front) > 0
    rows = rows[first]
    group, names = codes(rows, ["group"]), rows["group"].to_list()
    names = [names[place] for place in np.unique(group, return_index=True)[1]]
    block = codes(rows, blocks, needed=blocks) if blocks else np.zeros(len(rows), dtype=np.int64)
    if blocks and not _are_shared(block, group):
        if any(times_smaller(sizes, a, b) for a, b in permutations(sizes, 2)):
            return {}, ()
        blocks, block = [], np.zeros(len(rows), dtype=np.int64)
    kept = block >= 0
    counts = np.zeros((2, block.max() + 1, len(names)), dtype=np.int64)
    np.add.at(counts[0], (block[kept], group[kept]), 1)
    np.add.at(counts[1], (block[kept & held], group[kept & held]), 1)
    return dict(zip(names, front_by_chance(*counts).tolist(), strict=True)), tuple(blocks)


def _are_shared(block: npt.NDArray[np.int64], group: npt.NDArray[np.int64]) -> bool:
    """Return whether at least half of the runs are in a block with runs of another group."""
    known = block >= 0
    pairs = np.unique(np.column_stack([block, group])[known], axis=0)
    shared = np.flatnonzero(np.bincount(pairs[:, 0]) > 1)
    return bool(np.isin(block, shared).mean() >= 0.5)
