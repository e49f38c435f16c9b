"""Whether a group holds more of a front than its number of runs would give by chance."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import narwhals as nw
import numpy as np

from mpl_dantinox.insights.cloud import Points
from mpl_dantinox.insights.compared import codes
from mpl_dantinox.insights.ratios import times_smaller
from mpl_dantinox.statistics.chance import front_by_chance
from mpl_dantinox.tables.engine import MOST, Frame, collected

__all__ = ["front_chances"]


def front_chances(
    frame: Frame, front: Points, blocks: Sequence[str], sizes: Mapping[str, float]
) -> tuple[dict[str, float], Sequence[str]]:
    """Return how often each group would hold as much of the front by chance, and within what.

    Names are dealt out anew within blocks, which are runs that are equal in some roles, if most
    runs share one with another group; else among all runs, unless one group's models are larger by
    their median parameters: then nothing is said. Chances are the p-values of `front_by_chance`.
    """
    columns = frame.collect_schema().names()
    design = ["params", "cost"] if "params" in columns else ["cost", "quality"]
    # A configuration is on the front if one of its runs is.
    keys = list(dict.fromkeys(["group", "moe", *design, *blocks]))
    near = nw.col("cost").is_in(front.cost.tolist()) & nw.col("quality").is_in(
        front.quality.tolist()
    )
    rows = collected(frame.filter(near))
    is_on = np.isin(_place(rows["cost"], rows["quality"]), _place(front.cost, front.quality))
    tables = [
        collected(one.select(*keys).unique().group_by("group", *blocks).agg(nw.len()).head(MOST))
        for one in (frame, rows.filter(is_on.tolist()))
    ]
    every = nw.concat([table.with_columns(which=nw.lit(i)) for i, table in enumerate(tables)])
    which, group, n = (every[name].to_numpy() for name in ("which", "group", "len"))
    names, group = np.unique(group.astype(str), return_inverse=True)
    block = codes(every, blocks, needed=blocks) if blocks else np.zeros(len(every), dtype=np.int64)
    counts = np.zeros((2, max(block.max(), 0) + 1, len(names)), dtype=np.int64)
    known = block >= 0
    np.add.at(counts, (which[known], block[known], group[known]), n[known])
    shared = (counts[0] > 0).sum(axis=1) > 1
    if blocks and 2 * counts[0][shared].sum() < n[which == 0].sum():
        if any(times_smaller(sizes, a, b) for a, b in permutations(sizes, 2)):
            return {}, ()
        return front_chances(frame, front, (), sizes)
    return dict(zip(names.tolist(), front_by_chance(*counts).tolist(), strict=True)), blocks


def _place(cost: Any, quality: Any) -> Any:
    """Return one number for both coordinates."""
    return np.asarray(cost, dtype=complex) + 1j * np.asarray(quality)
