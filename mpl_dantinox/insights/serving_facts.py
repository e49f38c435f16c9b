"""The facts of serving: totals of typical runs, and their ratios, of all runs and matched ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import narwhals as nw
import numpy as np

from mpl_dantinox.devices import DEVICES, resolve_device
from mpl_dantinox.insights.compared import compared
from mpl_dantinox.insights.facts import Facts, fact
from mpl_dantinox.insights.looks import in_order
from mpl_dantinox.insights.memory import Model, TypicalRun
from mpl_dantinox.insights.ratios import Alike, ComparedFacts, ComparedGroup, Order, Ratios, alike
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
class ServingGroup(TypicalRun, ComparedGroup):
    """What is true of one group; the ratios are of `total_tps`.

    Attributes
    ----------
    n : int
        Runs that are counted: dense ones with throughput and cache; by the roofline all that fit,
        or that do not where none does.
    n_failed, n_dropped : int
        Runs that serve nothing, since their throughput is zero or they do not fit; and runs that
        lack something.
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
class ServingFacts(ComparedFacts):
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
        Bytes per parameter that are taken off the budget where the table has no memory of weights;
        None if the weights are left out.
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
    orders: tuple[Order, ...]


class Drawing(NamedTuple):
    """What is drawn besides the facts."""

    model: Model
    guides: tuple[float, ...]


class _Counted(NamedTuple):
    """The runs that count, how many of a group do not, and what each condition needs."""

    rows: Frame
    n_failed: Mapping[str, int]
    n_lacking: Mapping[str, int]
    wanted: Mapping[str, nw.Expr]


def serving_facts(runs: Runs, **given: Any) -> tuple[ServingFacts, Drawing]:
    """Return what is true of the runs, given the options of `insight_serving`."""
    _check(**given)
    device = DEVICES.canonical(given["device"]) if given["model"] == "roofline" else None
    model = Model(device is not None or given["sequences"] == "whole", device)
    weights_bytes = given["weights_bytes"] or (_BF16 if device else None)
    counted = _counted(runs, model, weights_bytes, given["context"])
    largest = DEVICES[device].memory_gb if device else _LARGEST_GB
    low, high = given["budgets"] or (_SMALLEST_GB, largest)
    if device and group_sizes(counted.rows):
        counted = _that_fit(counted, model, high)
    rows, columns = counted.rows, alike(runs, "cache")
    n = group_sizes(rows)
    if not n:
        what = "cache and a size" if device else "throughput and a cache above zero"
        raise NoDataError(f"no {'' if device else 'dense '}run has a group, a {what}")
    have = rows.collect_schema().names()
    of = {c: quartiles(rows, c) for c in ("tps", "cache", "rate", "params") if c in have}
    sizes = {g: of["params"][g].median if g in of.get("params", ()) else None for g in in_order(n)}
    typical = _typical(rows, columns)
    totals = {g: fact(model.total(high, typical[g])) for g in sizes}
    known = given["baseline"] if totals.get(given["baseline"]) else None
    ratios = Ratios(totals, compared(rows, nw.col("rate").log(), **columns), columns["blocks"])
    fits = min(float(model.sequences(high, run)) for run in typical.values())
    ratios.coarse = model.whole and not device and fits < _FEW_SEQUENCES
    ratios.match(known, sizes)
    ahead = sorted(
        (g for g in totals if g != known and (totals[g] or not device)),
        key=lambda g: -((ratios.of(g, known).value or 0.0) if known else totals[g]),
    )
    told = ratios.facts(known, ahead)
    groups = {
        g: ServingGroup(
            **vars(typical[g]),
            **told[g],
            n=n[g],
            n_failed=counted.n_failed.get(g, 0),
            n_dropped=counted.n_lacking.get(g, 0),
            params=sizes[g],
            total_tps=totals[g],
            tps=of["tps"][g] if "tps" in of else None,
            cache=of["cache"][g],
            rate=of["rate"][g],
        )
        for g in totals
    }
    if device and not given["budgets"]:
        # From where the first group is served, in halves of the whole.
        least = min(run.weights_gb + run.typical_cache / 1e3 for run in typical.values())
        low = high / 2 ** max(np.ceil(np.log2(high / least)), 1.0)
    lines, beyond = _lines([] if device else given["devices"], model, groups)
    return ServingFacts(
        asked_baseline=given["baseline"],
        baseline=known,
        model=given["model"],
        device=device,
        context=_context(runs, given["context"]),
        budgets_gb=(float(low), float(high)),
        sequences="whole" if model.whole else "fractional",
        weights_bytes=weights_bytes,
        band=None if device else given["band"],
        devices={device: high} if device else lines,
        beyond=beyond,
        dropped=rows_dropped(runs, counted.wanted, dense=not device),
        groups=groups,
        within=tuple(runs.columns[role] for role in columns["blocks"]) if ratios.within else (),
        orders=ratios.orders(known, ahead),
    ), Drawing(model, tuple(map(float, given["guides"])))


def _check(
    *,
    budgets: tuple[float, float] | None,
    weights_bytes: float | None,
    context: float | None,
    guides: Sequence[float],
    model: str,
    device: str,
    devices: Sequence[Any],
    **others: Any,
) -> None:
    """Raise if an option makes no sense."""
    low, high = budgets or (_SMALLEST_GB, _LARGEST_GB)
    if not 0 < low < high < np.inf:
        raise RunsError(f"budgets are two sizes in GB, 0 < smallest < largest; got {budgets!r}")
    for name, value in {"weights_bytes": weights_bytes, "context": context}.items():
        if value is not None and not 0 < value < np.inf:
            what = "bytes" if name == "weights_bytes" else "tokens"
            raise RunsError(f"{name} is a number of {what} above zero; got {value!r}")
    if not all(isinstance(guide, int | float) and 0 < guide < np.inf for guide in guides):
        raise RunsError(f"guides are ratios above zero; got {guides!r}")
    for one in devices:
        try:
            resolve_device(one)
        except (TypeError, ValueError) as error:
            raise RunsError(f"devices: {error}") from None
    if model == "roofline" and DEVICES[device].bandwidth_gb_s is None:
        known = [name for name, one in DEVICES.items() if one.bandwidth_gb_s]
        raise RunsError(
            f"no bandwidth of {DEVICES.canonical(device)!r} is known; it is of {', '.join(known)}"
        )


# Runs that count


def _counted(
    runs: Runs, model: Model, weights_bytes: float | None, context: float | None
) -> _Counted:
    """Return the runs that have what the model takes; GB of weights are in a column "weights"."""
    wanted, made = {"cache": nw.col("cache") > 0}, []
    if context:
        runs.require("cache_tokens")
        wanted["cache_tokens"] = nw.col("cache_tokens") > 0
        made.append(nw.col("cache") * context / nw.col("cache_tokens"))
    if weights_bytes or "weights" in runs.columns:
        # As the table has them, else of the parameters, which are in millions.
        sizes = {
            "weights": nw.col("weights"),
            "params": nw.col("params") * (weights_bytes or 0) / 1e3,
        }
        sizes = {role: size for role, size in sizes.items() if role in runs.columns}
        if not sizes:
            runs.require("params")
        weights = nw.coalesce(*sizes.values())
        wanted[next(iter(sizes))] = weights > 0
        made.append(weights.alias("weights"))
    if model.device and "moe" in runs.columns:
        wanted["active_params"] = nw.col("moe") == 0
        if {"params", "active_params"} <= {*runs.columns}:
            wanted["active_params"] |= nw.col("active_params") / nw.col("params") > 0
    if not model.device:
        runs.require("tps")
    if "tps" in runs.columns:
        wanted |= {"tps": nw.col("tps") >= 0, "failed": nw.col("tps") > 0}
    every = runs.frame.select(*runs.columns) if model.device else runs.dense(runs.columns)
    every = every.filter(~nw.col("group").is_null())
    held = [condition for what, condition in wanted.items() if what != "failed"]
    rows = every.filter(*wanted.values())
    n_all, n_held, n_works = map(group_sizes, (every, every.filter(*held), rows))
    if made:
        rows = rows.with_columns(*made)
    if not model.device:
        rows = rows.with_columns(rate=nw.col("tps") / nw.col("cache"))
    return _Counted(
        rows,
        {g: n - n_works.get(g, 0) for g, n in n_held.items()},
        {g: n - n_held.get(g, 0) for g, n in n_all.items()},
        wanted,
    )


def _that_fit(counted: _Counted, model: Model, memory_gb: float) -> _Counted:
    """Return the runs that a memory holds, or all of a group of which it holds none."""
    rows = collected(counted.rows)

    def column(name: str) -> Any:
        found = rows[name].to_numpy() if name in rows.columns else np.nan
        return np.broadcast_to(found, len(rows))

    active = np.fmin(column("active_params"), column("params"))
    share = np.nan_to_num(active / column("params"), nan=1.0)
    # Where parameters are not known, no operations are counted.
    used = np.nan_to_num(column("params") * share)
    bare: Any = TypicalRun(column("cache"), None, column("weights"), used, share)
    reached = np.fmin(column("tps") / model.of(1, bare), 1.0)
    total = reached * model.total(memory_gb, bare)
    fits, group = total > 0, np.asarray(rows["group"].to_list(), dtype=object)
    made = {
        "kept": fits | ~np.isin(group, group[fits]),
        "active_share": share,
        "efficiency": reached,
        # Of what does not fit nothing is compared.
        "rate": np.where(fits, total, 1.0),
        **({"active": used} if used.all() else {}),
    }
    backend = nw.get_native_namespace(rows)
    rows = rows.with_columns(*(nw.new_series(k, v, backend=backend) for k, v in made.items()))
    lost = group_sizes(rows.filter(~nw.col("kept")))
    failed = {g: n + lost.get(g, 0) for g, n in counted.n_failed.items()}
    return counted._replace(rows=rows.filter(nw.col("kept")), n_failed=failed)


def _typical(rows: Frame, columns: Alike) -> dict[str, TypicalRun]:
    """Return each group's typical run."""
    factors = {
        "typical_cache": "cache", "typical_tps": "tps", "weights_gb": "weights",
        "active_params": "active", "active_share": "active_share", "efficiency": "efficiency",
    }  # fmt: skip
    have = rows.collect_schema().names()
    made: dict[str, dict[str, float]] = {}
    for factor, column in factors.items():
        if column in have:
            for g, sample in compared(rows, nw.col(column).log(), **columns).samples.items():
                made.setdefault(str(g), {})[factor] = fact(np.exp(sample.mean))
    return {g: TypicalRun(**factors) for g, factors in made.items()}


# Devices


def _lines(
    devices: Sequence[Any], model: Model, groups: Mapping[str, ServingGroup]
) -> tuple[dict[str, float], dict[str, Implied]]:
    """Return the reference lines, and what the totals there take of devices that cannot do it.

    Where there are such, no line has a device's name.
    """
    beyond = {}
    for name in (DEVICES.canonical(d) for d in devices if isinstance(d, str)):
        device = DEVICES[name]
        implied = [_implied(model.total(device.memory_gb, g), g) for g in groups.values()]
        gb_s = max(one.gb_s for one in implied)
        tflops = max((one.tflops for one in implied if one.tflops is not None), default=None)
        reads, computes = device.bandwidth_gb_s or np.inf, device.bf16_tflops or np.inf
        if gb_s > reads or (tflops or 0.0) > computes:
            beyond[name] = Implied(gb_s, tflops)
    resolved = [
        resolve_device(DEVICES[d].memory_gb if beyond and isinstance(d, str) else d)
        for d in devices
    ]
    return dict(resolved), beyond


def _implied(total: float, group: ServingGroup) -> Implied:
    """Return what a total takes: each token reads a cache, and uses the parameters."""
    tflops = None if group.params is None else fact(2e-6 * total * group.params)
    return Implied(fact(total * group.typical_cache / 1e3), tflops)


def _context(runs: Runs, context: float | None) -> float | None:
    """Return the tokens of each sequence, if all runs have the same."""
    if context or "cache_tokens" not in runs.columns:
        return None if context is None else float(context)
    found = collected(runs.frame.select("cache_tokens").drop_nulls().unique().head(2))
    return float(found["cache_tokens"][0]) if len(found) == 1 else None
