"""The facts of serving: totals of typical runs, and their ratios, of all runs and matched ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import narwhals as nw
import numpy as np

from mpl_dantinox.devices import resolve_device
from mpl_dantinox.insights.compared import compared
from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.insights.memory import MemoryModel
from mpl_dantinox.insights.ratios import Interval, MatchedRatio, Order, Ratios, alike
from mpl_dantinox.insights.rows import Quartiles, group_sizes, quartiles, rows_dropped
from mpl_dantinox.numbers import exact
from mpl_dantinox.tables.runs import NoDataError, Runs

__all__ = ["ServingFacts", "ServingGroup", "serving_facts"]

# Of fewer whole sequences one more or less is a step.
_FEW_SEQUENCES = 100


@dataclass(frozen=True)
class ServingGroup(Facts):
    """What is true of one group.

    Attributes
    ----------
    n, n_failed, n_dropped : int
        Dense runs with throughput and cache; dense runs whose throughput is zero; and dense runs
        that lack one of them.
    tps, cache, rate : Quartiles
        Of decode throughput of one sequence, tokens/s; of KV cache of one sequence, MB; and of
        the one by the other, tokens/s per MB.
    params : float or None
        The median of the models' parameters, millions.
    typical_tps, typical_cache : float
        Geometric means of throughput and cache; runs that repeat a configuration count once.
    weights_gb : float
        Memory of the weights that is taken off the budget, GB (10^9 bytes); 0 when it is not.
    total_tps : float
        Throughput of the typical run at the largest budget, tokens/s.
    ratio : float or None
        `total_tps` over that of the baseline; None without one.
    ratio_interval : (float, float) or None
        Its 95 % interval; None where either group has fewer than three configurations.
    matched : MatchedRatio or None
        The same ratio of runs within blocks.
    resolved : bool or None
        Whether the ratio is told from 1: the matched one if `ServingFacts.within` has columns.
    """

    n: int
    n_failed: int
    n_dropped: int
    tps: Quartiles
    cache: Quartiles
    rate: Quartiles
    params: float | None
    typical_tps: float
    typical_cache: float
    weights_gb: float
    total_tps: float
    ratio: float | None
    ratio_interval: Interval | None
    matched: MatchedRatio | None
    resolved: bool | None


@dataclass(frozen=True)
class ServingFacts(Facts):
    """The facts of `insight_serving`.

    Attributes
    ----------
    asked_baseline : str
        The group that the caller wanted the ratios to.
    baseline : str or None
        The same if it has runs that serve anything, else None.
    budgets_gb : (float, float)
        The range of memory budgets, GB (10^9 bytes).
    sequences : {"fractional", "whole"}
        Whether part of a sequence counts.
    weights_bytes : float or None
        Bytes per parameter that are taken off the budget; None if the weights are left out.
    band : {"envelope", "runs"}
        What the band shows.
    dropped : dict of str to int
        Rows that are not used, by the first role that they lack a value of; ``"moe"`` are those not
        known to be dense, and ``"dense"`` those known not to be.
    groups : dict of str to ServingGroup
    within : tuple of str
        The columns that are equal in the runs that ratios compare; none where they are of all runs.
    orders : tuple of Order
        Of the first few groups but the baseline, the largest first, each with the next.
    """

    asked_baseline: str
    baseline: str | None
    budgets_gb: Annotated[tuple[float, float], exact]
    sequences: str
    weights_bytes: Annotated[float | None, exact]
    band: str
    devices: Mapping[str, float]
    dropped: Mapping[str, int]
    groups: Mapping[str, ServingGroup]
    within: tuple[str, ...]
    orders: tuple[Order, ...]


def serving_facts(
    runs: Runs, *, baseline: str, devices: Sequence[Any], **model_options: Any
) -> tuple[ServingFacts, None]:
    """Return what is true of the runs, given the options of `insight_serving`."""
    model = MemoryModel(**model_options)
    model.check()
    if model.weights_bytes is not None:
        runs.require("params")
    dense = runs.dense(runs.columns)
    dense = dense.filter(~nw.col("group").is_null())
    works = {"cache": nw.col("cache") > 0, "tps": nw.col("tps") >= 0, "failed": nw.col("tps") > 0}
    usable = dense.filter(*works.values()).with_columns(rate=nw.col("tps") / nw.col("cache"))
    n_dense, n_failed, n = map(group_sizes, (dense, dense.filter(nw.col("tps") == 0), usable))
    if not n:
        raise NoDataError("no dense run has a group, a throughput and a cache above zero")
    tps, cache, each = (quartiles(usable, column) for column in ("tps", "cache", "rate"))
    size = quartiles(usable, "params") if "params" in runs.columns else {}
    weights = {g: model.weights_gb(size.get(g)) for g in n}
    columns = alike(runs, "cache")
    rates, caches = (compared(usable, nw.col(c).log(), **columns) for c in ("rate", "cache"))
    typical_cache = {g: fact(np.exp(caches.samples[g].mean)) for g in n}
    typical_tps = {g: fact(np.exp(rates.samples[g].mean) * typical_cache[g]) for g in n}
    totals = {
        g: fact(model.total(model.budgets[1], typical_cache[g], typical_tps[g], weights[g]))
        for g in in_order(n)
    }
    known = baseline in n and totals[baseline] > 0
    sizes = {g: size[g].median if g in size else None for g in n}
    ratios = Ratios(totals, rates, columns["blocks"])
    fits = [model.total(model.budgets[1], typical_cache[g], 1.0, weights[g]) for g in n]
    ratios.coarse = model.sequences == "whole" and min(fits) < _FEW_SEQUENCES
    ratios.match(baseline if known else None, sizes)
    said = ratios.to(baseline) if known else {}
    groups = {
        g: ServingGroup(
            n=n[g],
            n_failed=n_failed.get(g, 0),
            n_dropped=n_dense[g] - n[g] - n_failed.get(g, 0),
            tps=tps[g],
            cache=cache[g],
            rate=each[g],
            params=sizes[g],
            typical_tps=typical_tps[g],
            typical_cache=typical_cache[g],
            weights_gb=fact(weights[g]),
            total_tps=totals[g],
            **ratios.facts(baseline if known else None)[g],
        )
        for g in totals
    }
    ahead = sorted(
        (g for g in totals if not (known and g == baseline)),
        key=lambda g: -((said[g].value or 0.0) if known else totals[g]),
    )
    return ServingFacts(
        asked_baseline=baseline,
        baseline=baseline if known else None,
        budgets_gb=(float(model.budgets[0]), float(model.budgets[1])),
        sequences=model.sequences,
        weights_bytes=model.weights_bytes,
        band=model.band,
        devices=dict(resolve_device(device) for device in devices),
        dropped=rows_dropped(runs, works),
        groups=groups,
        within=tuple(runs.columns[role] for role in columns["blocks"]) if ratios.within else (),
        orders=ratios.orders(ahead),
    ), None
