"""The facts of serving: totals of typical runs, and their ratios, of all runs and matched ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Annotated, Any

import narwhals as nw
import numpy as np

from mpl_dantinox.devices import DEVICES, resolve_device
from mpl_dantinox.insights import ratios
from mpl_dantinox.insights.compared import compared
from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.insights.memory import Model, TypicalRun
from mpl_dantinox.insights.rows import Quartiles, group_sizes, quartiles, rows_dropped
from mpl_dantinox.numbers import exact
from mpl_dantinox.tables.engine import Frame, collected
from mpl_dantinox.tables.errors import RunsError
from mpl_dantinox.tables.runs import NoDataError, Runs

__all__ = ["Drawing", "Implied", "ServingFacts", "ServingGroup", "serving_facts"]

# Of fewer whole sequences one more or less is a step.
_FEW_SEQUENCES = 100
# Bytes of a parameter where a device has to hold it and nothing is said.
_BF16 = 2.0
_SMALLEST_GB, _LARGEST_GB = 0.5, 80.0


@dataclass(frozen=True, kw_only=True)
class ServingGroup(TypicalRun, ratios.ComparedGroup):
    """What is true of one group; the ratios are of `total_tps`.

    Attributes
    ----------
    n : int
        Runs that are counted: dense ones with throughput and cache; by the roofline all that fit,
        or that do not where none does.
    n_failed, n_dropped : int
        Runs that serve nothing, by a throughput of zero or no room; and runs that lack something.
    tps : Quartiles or None
        Of decode throughput of one sequence, tokens/s.
    cache : Quartiles
        Of KV cache of one sequence, MB.
    rate : Quartiles
        Of what is compared: throughput by cache, tokens/s per MB; by the roofline, the total of
        each run at the largest budget.
    total_tps : float
        Throughput of the typical run at the largest budget, tokens/s.
    """

    n_failed: int
    n_dropped: int
    tps: Quartiles | None
    cache: Quartiles
    rate: Quartiles
    total_tps: float


@dataclass(frozen=True)
class Implied(Facts):
    """What speeds take of a device: the GB of caches read, and the 10^12 operations, a second.

    Operations are None where the parameters are not known.
    """

    gb_s: float
    tflops: float | None


@dataclass(frozen=True, kw_only=True)
class ServingFacts(ratios.ComparedFacts):
    """The facts of `insight_serving`.

    Attributes
    ----------
    model : {"cache", "roofline"}
    device : str or None
        Whose roofline it is.
    context : float or None
        Tokens of each sequence, where all runs have the same and the table says so.
    budgets_gb : (float, float)
        The range of memory budgets, GB (10^9 bytes).
    sequences : {"fractional", "whole"}
        Whether part of a sequence counts.
    weights_bytes : float or None
        Bytes per parameter, where the table has no memory of weights; None if they are left out.
    band : {"envelope", "runs"} or None
        What the band shows; None where there is none.
    devices : dict of str to float
        Reference lines, GB.
    beyond : dict of str to Implied
        The devices at whose memory the totals take more than the device can do.
    groups : dict of str to ServingGroup
    orders : tuple of Order
        Of the first few groups but the baseline, the largest first, each with the next.
    """

    model: str
    device: str | None
    context: Annotated[float | None, exact]
    budgets_gb: Annotated[tuple[float, float], exact]
    sequences: str
    weights_bytes: Annotated[float | None, exact]
    band: str | None
    devices: Mapping[str, float]
    beyond: Mapping[str, Implied]
    groups: Mapping[str, ServingGroup]
    orders: tuple[ratios.Order, ...]


#: What is drawn besides the facts: the model, and the guides of the ratios.
Drawing = tuple[Model, tuple[float, ...]]


def serving_facts(runs: Runs, **given: Any) -> tuple[ServingFacts, Drawing]:
    """Return what is true of the runs, given the options of `insight_serving`."""
    _check(given)
    device = DEVICES.canonical(given["device"]) if given["model"] == "roofline" else None
    model = Model(device is not None or given["sequences"] == "whole", device)
    weights_bytes = given["weights_bytes"] or (_BF16 if device else None)
    largest = DEVICES[device].memory_gb if device else _LARGEST_GB
    low, high = given["budgets"] or (_SMALLEST_GB, largest)

    conditions, made = _what_counts(runs, device, weights_bytes, given["context"])
    every = runs.frame.select(*runs.columns) if device else runs.dense(runs.columns)
    every = every.filter(~nw.col("group").is_null())
    held = every.filter(*(one for what, one in conditions.items() if what != "failed"))
    rows = every.filter(*conditions.values()).with_columns(**made)
    if not group_sizes(rows):
        what = "cache and a size" if device else "throughput and a cache above zero"
        raise NoDataError(f"no {'' if device else 'dense '}run has a group, a {what}")
    rows = _that_fit(collected(rows), model, high) if device else rows
    n_every, n_held = group_sizes(every), group_sizes(held)

    columns, have = ratios.alike(runs, "cache"), rows.collect_schema().names()
    typical = _typical(rows, columns)
    totals = {g: fact(model.total(high, typical[g])) for g in in_order(typical)}
    logs = compared(rows, nw.col("rate").log(), **columns)
    fits = min(float(model.sequences(high, run)) for run in typical.values())
    coarse = model.whole and not device and fits < _FEW_SEQUENCES
    # What does not fit a device has no place in an order.
    ordered = [g for g in totals if totals[g] or not device]
    to_base = ratios.Ratios(
        runs, rows, totals, logs, given["baseline"], ordered=ordered, coarse=coarse
    )
    of = {column: quartiles(rows, column) for column in ("tps", "cache", "rate") if column in have}
    groups = {
        g: ServingGroup(
            **vars(typical[g]),
            **to_base.of_group(g),
            n_failed=n_held[g] - to_base.n[g],
            n_dropped=n_every[g] - n_held[g],
            tps=of["tps"][g] if "tps" in of else None,
            cache=of["cache"][g],
            rate=of["rate"][g],
            total_tps=totals[g],
        )
        for g in totals
    }
    if device and not given["budgets"]:
        # From where the first group is served, in halves of the whole.
        least = min(run.weights_gb + run.typical_cache / 1e3 for run in typical.values())
        low = high / 2 ** max(np.ceil(np.log2(high / least)), 1.0)
    lines, beyond = ({device: high}, {}) if device else _lines(given["devices"], model, groups)
    return ServingFacts(
        **to_base.facts(),
        model=given["model"],
        device=device,
        context=float(given["context"]) if given["context"] else _context(runs),
        budgets_gb=(float(low), float(high)),
        sequences="whole" if model.whole else "fractional",
        weights_bytes=weights_bytes,
        band=None if device else given["band"],
        devices=lines,
        beyond=beyond,
        dropped=rows_dropped(runs, conditions, dense=not device),
        groups=groups,
        orders=to_base.orders,
    ), (model, tuple(map(float, given["guides"])))


def _check(given: Mapping[str, Any]) -> None:
    """Raise if an option makes no sense."""
    budgets, guides, option = given["budgets"], given["guides"], "device"
    sizes = (_SMALLEST_GB, _LARGEST_GB) if budgets is None else budgets
    if np.shape(sizes) != (2,) or not _are_sizes(*sizes) or sizes[0] >= sizes[1]:
        raise RunsError(f"budgets are two sizes in GB, 0 < smallest < largest; got {budgets!r}")
    for name, of in (("weights_bytes", "bytes"), ("context", "tokens")):
        if given[name] is not None and not _are_sizes(given[name]):
            raise RunsError(f"{name} is a number of {of} above zero; got {given[name]!r}")
    if not _are_sizes(*guides):
        raise RunsError(f"guides are ratios above zero; got {guides!r}")
    try:
        name = DEVICES.canonical(given[option])
        option = "devices"
        dict(map(resolve_device, given[option]))
    except (TypeError, ValueError) as error:
        raise RunsError(f"{option}: {error}") from None
    memory_gb, bandwidth, *_ = DEVICES[name]
    if given["model"] == "roofline" and bandwidth is None:
        known = ", ".join(name for name, one in DEVICES.items() if one.bandwidth_gb_s)
        raise RunsError(f"no bandwidth of {name!r} is known; it is of {known}")
    if given["model"] == "roofline" and budgets and sizes[1] > memory_gb:
        raise RunsError(f"budgets reach {exact(sizes[1])} GB, and {name} has {exact(memory_gb)}")


def _are_sizes(*values: Any) -> bool:
    return all(isinstance(value, Real) and 0 < float(value) < np.inf for value in values)


def _what_counts(
    runs: Runs, device: str | None, weights_bytes: float | None, context: float | None
) -> tuple[dict[str, nw.Expr], dict[str, nw.Expr]]:
    """Return the conditions on runs that count, by what they need, and columns to make of these.

    They are the cache at the context, GB of weights, and what is compared if that is a rate.
    """
    conditions, made = {"cache": nw.col("cache") > 0}, {"cache": nw.col("cache")}
    if context:
        runs.require("cache_tokens")
        conditions["cache_tokens"] = nw.col("cache_tokens") > 0
        made["cache"] = nw.col("cache") * context / nw.col("cache_tokens")
    if weights_bytes or "weights" in runs.columns:
        # As the table has them, else of the parameters, which are in millions.
        of_params = nw.col("params") * (weights_bytes or 0) / 1e3
        sizes = {"weights": nw.col("weights"), "params": of_params}
        sizes = {role: size for role, size in sizes.items() if role in runs.columns}
        if not sizes:
            runs.require("params")
        made["weights"] = nw.coalesce(*sizes.values())
        conditions[next(iter(sizes))] = made["weights"] > 0
    if device and "moe" in runs.columns:
        conditions["active_params"] = nw.col("moe") == 0
        if {"params", "active_params"} <= {*runs.columns}:
            conditions["active_params"] |= nw.col("active_params") / nw.col("params") > 0
    if not device:
        runs.require("tps")
        made["rate"] = nw.col("tps") / made["cache"]
    if "tps" in runs.columns:
        conditions |= {"tps": nw.col("tps") >= 0, "failed": nw.col("tps") > 0}
    return conditions, made


def _that_fit(rows: nw.DataFrame[Any], model: Model, memory_gb: float) -> nw.DataFrame[Any]:
    """Return the runs that a memory holds, or all of a group of which it holds none."""

    def column(name: str) -> Any:
        found = rows[name].to_numpy() if name in rows.columns else np.nan
        return np.broadcast_to(found, len(rows))

    active = np.fmin(column("active_params"), column("params"))
    share = np.nan_to_num(active / column("params"), nan=1.0)
    # Where parameters are not known, no operations are counted.
    used = np.nan_to_num(column("params") * share)
    each: Any = TypicalRun(column("cache"), None, column("weights"), used, share)
    reached = np.fmin(column("tps") / model.of(1, each), 1.0)
    total = reached * model.total(memory_gb, each)
    fits, group = total > 0, np.asarray(rows["group"].to_list(), dtype=object)
    made = {
        "active_share": share,
        "efficiency": reached,
        # Of what does not fit nothing is compared.
        "rate": np.where(fits, total, 1.0),
        "kept": fits | ~np.isin(group, group[fits]),
        **({"active": used} if used.all() else {}),
    }
    backend = nw.get_native_namespace(rows)
    rows = rows.with_columns(*(nw.new_series(k, v, backend=backend) for k, v in made.items()))
    return rows.filter(nw.col("kept"))


def _typical(rows: Frame, columns: ratios.Alike) -> dict[str, TypicalRun]:
    """Return each group's typical run."""
    factors = {
        "typical_cache": "cache", "typical_tps": "tps", "weights_gb": "weights",
        "active_params": "active", "active_share": "active_share", "efficiency": "efficiency",
    }  # fmt: skip
    made: dict[str, dict[str, float]] = {}
    for factor, column in factors.items():
        if column in rows.collect_schema().names():
            for g, sample in compared(rows, nw.col(column).log(), **columns).samples.items():
                made.setdefault(str(g), {})[factor] = fact(np.exp(sample.mean))
    return {g: TypicalRun(**factors) for g, factors in made.items()}


def _lines(
    devices: Sequence[Any], model: Model, groups: Mapping[str, ServingGroup]
) -> tuple[dict[str, float], dict[str, Implied]]:
    """Return the reference lines, and what the totals there take of devices that cannot do it.

    Each token reads a cache, and uses the parameters. Where there is a device that cannot, no line
    has a device's name.
    """
    beyond = {}
    for name in (DEVICES.canonical(d) for d in devices if isinstance(d, str)):
        memory_gb, reads, computes, _ = DEVICES[name]
        totals = {g: model.total(memory_gb, s) for g, s in groups.items()}
        gb_s = max(fact(totals[g] * s.typical_cache / 1e3) for g, s in groups.items())
        known = [fact(2e-6 * totals[g] * s.params) for g, s in groups.items() if s.params]
        tflops = max(known, default=None)
        if gb_s > (reads or np.inf) or (tflops or 0.0) > (computes or np.inf):
            beyond[name] = Implied(gb_s, tflops)
    by_memory = [DEVICES[d].memory_gb if beyond and isinstance(d, str) else d for d in devices]
    return dict(map(resolve_device, by_memory)), beyond


def _context(runs: Runs) -> float | None:
    """Return the tokens of each sequence, if all runs have the same."""
    if "cache_tokens" not in runs.columns:
        return None
    found = collected(runs.frame.select("cache_tokens").drop_nulls().unique().head(2))
    return float(found["cache_tokens"][0]) if len(found) == 1 else None
