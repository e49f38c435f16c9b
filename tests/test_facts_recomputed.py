"""Every number of every insight's facts and claims, computed again from the table with pandas.

Whatever has no counterpart here fails: a field, a group, an insight. The tables have no runs that
repeat a configuration or are of one size.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import comb
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mpl_dantinox.devices import DEVICES
from mpl_dantinox.insights import INSIGHTS, Insight

pytestmark = pytest.mark.usefixtures("undrawn")

LOSS, CACHE, PARAMS, DIAL = "val_loss", "theoretical_cache_mb", "params_m", "down_dim_kv"
TPS = {64.0: "tps_64", 128.0: "tps_128", 512.0: "tps_512"}
ORDER = ["MLA", "GQA", "MHA", "TPA"]


def runs(n: int) -> pd.DataFrame:
    """Return groups of about n runs, one of two runs; the best dial value is an inner one."""
    rng = np.random.default_rng(5)
    sizes = {"MLA": 4 * n, "GQA": n, "MHA": n + 1, "TPA": 2}
    group = np.repeat([*sizes], [*sizes.values()])
    place = group[:, None] == [*sizes]
    dial = np.where(place[:, 0], rng.permutation(np.resize([8.0, 16, 32, 64], len(group))), np.nan)
    cache = place @ [0.0, 4.0, 9.0, 20.0] + np.nan_to_num(0.1 * dial)
    slow = 1 + rng.gamma(2, 0.05, len(group))
    speed = place @ [700.0, 900.0, 1000.0, 800.0] * rng.lognormal(0, 0.2, len(group))
    table = pd.DataFrame(
        {
            "type": group,
            "moe": rng.random(len(group)) < 0.2,
            PARAMS: rng.uniform(5, 50, len(group)),
            LOSS: 2 + 0.1 * np.nan_to_num(np.log2(dial) - 4.4) ** 2 + rng.gamma(2, 0.1, len(group)),
            CACHE: cache * rng.lognormal(0, 0.15, len(group)),
            **{name: speed / slow ** np.log2(tokens / 64) for tokens, name in TPS.items()},
            DIAL: dial,
        }
    ).astype({"moe": object})
    # Every other mixture says what one token uses.
    table["active_params_m"] = 0.3 * table[PARAMS].where(table["moe"].eq(True) & (table.index % 2))
    # Every reason for which a run is left out.
    dense = table[table["moe"].eq(False)].groupby("type").head(9).index
    lost = [LOSS, CACHE, "moe", "tps_64", "tps_512", "tps_512", DIAL, CACHE, "type"]
    for group in ("MLA", "GQA"):
        for row, column in zip(dense[table.loc[dense, "type"].eq(group)], lost, strict=True):
            table.loc[row, column] = np.inf if column == LOSS and group == "GQA" else None
    table.loc[table["type"].eq("TPA"), "moe"] = False
    return table.sample(frac=1, random_state=1).reset_index(drop=True)


# What is computed


class Interval:
    """Equal to Welch's 95 % interval of the difference of two means, to four digits.

    Against a constant, or many times as many, an end may be further off, for skewed values.
    """

    def __init__(self, one: Any, other: Any = None, *, ratio: bool = False) -> None:
        x, y = (None if v is None else np.asarray(v, float) for v in (one, other))
        x, y = (v if v is None or not ratio else np.log(v) for v in (x, y))
        self.ratio = ratio
        parts = [(v.var(ddof=1) / len(v), len(v)) for v in (x, y) if v is not None]
        error2 = sum(part for part, _ in parts)
        dof = error2**2 / sum(part**2 / (n + 1) for part, n in parts) - 2
        equal = sum(1 / n for _, n in parts) ** 2 / sum(1 / n**2 / (n - 1) for _, n in parts)
        self.middle = x.mean() - (0 if y is None else y.mean())
        sizes = [n for _, n in parts]
        self.dof = max(min(dof, equal), min(sizes) - 1)
        if y is None:
            self.dof = 0.8 * (len(x) - 1)
        # Nothing cancels the skewness of a few beside many.
        self.exact = y is not None and max(sizes) < 3 * min(sizes)
        self.half = self.at(0.95) * error2**0.5

    def at(self, level: float) -> float:
        return quantile(self.dof, level)

    def __eq__(self, other: object) -> bool:
        low, high = (np.log(other) if self.ratio else np.asarray(other)) - self.middle
        if self.exact:
            return [-low, high] == pytest.approx([self.half] * 2, rel=1e-4)
        return bool(self.half * 0.999 <= min(-low, high) <= max(-low, high) <= 1.5 * self.half)

    def __repr__(self) -> str:
        return f"{self.middle} ± {self.half}"

    __hash__ = None  # type: ignore[assignment]


def quantile(dof: float, level: float) -> float:
    """Return what Student's t stays under, on both sides, so often."""
    t = np.linspace(0, 400, 1_000_001)
    density = (1 + t**2 / dof) ** (-(dof + 1) / 2)
    beyond = np.cumsum((density[1:] + density[:-1]) / 2)
    return float(np.interp(level * beyond[-1], beyond, t[1:]))


def typical(values: pd.Series) -> float:
    return float(np.exp(np.log(values).mean()))


def few(*parts: pd.DataFrame) -> bool:
    return min(map(len, parts)) < 3


def reasons(table: pd.DataFrame, **holds: pd.Series) -> dict[str, int]:
    """Count the rows by the first condition that does not hold."""
    failed = ~pd.DataFrame({what: series.astype(bool) for what, series in holds.items()})
    return failed[failed.any(axis=1)].idxmax(axis=1).value_counts().to_dict()


def usual(table: pd.DataFrame) -> dict[str, pd.Series]:
    return {"group": table["type"].notna(), "moe": table["moe"].notna(),
            "dense": table["moe"].eq(False)}  # fmt: skip


def known(table: pd.DataFrame, column: str) -> pd.Series:
    return table[column].notna() & np.isfinite(table[column])


def dense_runs(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["moe"].eq(False) & table["type"].notna()].replace(np.inf, np.nan)


def quartiles(values: pd.Series) -> dict[str, float]:
    return dict(zip(("q1", "median", "q3"), values.quantile([0.25, 0.5, 0.75]), strict=True))


# The insights


def without_diverged(
    table: pd.DataFrame, of: pd.DataFrame
) -> tuple[pd.DataFrame, list[tuple[str, str, None, int, int]]]:
    """Return the runs whose loss is a number, and claims of those of some whose is not."""
    n = of[np.isinf(of[LOSS])].groupby("type").size()
    return table[~np.isinf(table[LOSS])], [("failed", g, None, k, k) for g, k in n.items()]


def pareto(table: pd.DataFrame) -> tuple[dict[str, Any], list[Any]]:
    panels, (table, claims) = {}, without_diverged(table, table)
    for name in ("dense", "all"):
        mine = table if name == "all" else table[table["moe"].ne(True)]
        holds = {"group": mine["type"].notna(), "quality": known(mine, LOSS),
                 "cost": known(mine, CACHE)}  # fmt: skip
        if name == "dense":
            holds["moe"] = mine["moe"].notna()
        shown = mine[np.logical_and.reduce([*holds.values()])]
        x, y = (shown[c].to_numpy()[:, None] for c in (CACHE, LOSS))
        beats = (x <= x.T) & (y <= y.T) & ((x < x.T) | (y < y.T))
        front = shown[~beats.any(axis=0)].sort_values([CACHE, LOSS])
        groups = {g: int((shown["type"] == g).sum()) for g in ORDER if (shown["type"] == g).any()}
        held = front["type"].value_counts().to_dict()
        kinds = shown["type"].to_numpy()
        pairs = [(a, b) for a in groups for b in groups if a != b
                 and beats[np.ix_(kinds == a, kinds == b)].any(axis=0).all()]  # fmt: skip
        panels[name] = {
            "n_runs": len(shown),
            "n_dropped": len(mine) - len(shown),
            "dropped": reasons(mine, **holds),
            "groups": groups,
            "different": groups,
            "sizes": {g: shown.loc[shown["type"] == g, PARAMS].median() for g in groups},
            "extent": {what: [shown[c].min(), shown[c].max()] for what, c in
                       (("cost", CACHE), ("quality", LOSS), ("params", PARAMS))},
            "front": [
                {"row": row, "name": None, "group": r["type"], "moe": r["moe"], "cost": r[CACHE],
                 "quality": r[LOSS], "params": r[PARAMS]}
                for row, r in front.iterrows()
            ],
            "front_counts": held,
            "dominates": [list(pair) for pair in pairs],
            "density": len(shown) - len(front) > 20_000,
            **by_chance(shown, front),
            "repeats": 0,
            "attained": [],
        }  # fmt: skip
        for g, n in groups.items():
            claims += [("count", g, None, n, n), ("front", g, None, held.get(g, 0), n)]
        claims += [("dominates", a, b, None, None) for a, b in pairs]
    facts = {"sense": ["min", "min"], "units": {"cost": "MB"},
             "dropped": panels["all"]["dropped"], "panels": panels,
             "shown": ["dense", "all"]}  # fmt: skip
    return facts, claims


def by_chance(shown: pd.DataFrame, front: pd.DataFrame) -> dict[str, Any]:
    """Sum the chances of all hands with as many runs of the front; no claim of unequal models."""
    middle = shown.groupby("type")[PARAMS].median()
    if middle.max() / middle.min() > 1.25:
        return {"chances": {}, "within": [], "beyond_chance": []}
    n, k, chances = len(shown), len(front), {}
    for g, mine in shown["type"].value_counts().items():
        held = int((front["type"] == g).sum())
        ways = [comb(k, i) * comb(n - k, mine - i) for i in range(held, min(k, mine) + 1)]
        chances[g] = sum(ways) / comb(n, mine)
    told = []
    for place, g in enumerate(sorted(chances, key=lambda g: chances[g])):
        if chances[g] >= 0.05 / (len(chances) - place):
            break
        told.append(g)
    return {"chances": chances, "within": [], "beyond_chance": [g for g in ORDER if g in told]}


def counted(table: pd.DataFrame, options: dict[str, Any]) -> pd.DataFrame:
    """Return the runs that serving tells of, with what each needs and gets."""
    runs = table[table["type"].notna()].replace(np.inf, np.nan)
    dense = runs["moe"].eq(False)
    if is_roofline := "device" in options:
        runs = runs[dense | runs["active_params_m"].notna()]
    else:
        runs = runs[dense]
    runs = runs.dropna(subset=[CACHE, "tps_512"])
    runs["weights"] = runs[PARAMS] * options.get("weights_bytes", 2 * is_roofline) / 1e3
    runs["active"] = runs["active_params_m"].fillna(runs[PARAMS])
    runs["share"] = runs["active"] / runs[PARAMS]
    runs["rate"] = runs["tps_512"] / runs[CACHE]
    runs["efficiency"] = 1.0
    if is_roofline:
        one = [step(options, 1, run) for _, run in runs.iterrows()]
        runs["efficiency"] = np.minimum(runs["tps_512"] * one, 1)
        runs["rate"] = [total(options, run) for _, run in runs.iterrows()]
    return runs


def step(options: dict[str, Any], sequences: float, run: Any) -> float:
    """Return the seconds that a device takes for a token of each sequence."""
    device = DEVICES[options["device"]]
    used = 1 - (1 - run["share"]) ** sequences
    read = run["weights"] * 1e9 * used + sequences * run[CACHE] * 1e6
    operations = sequences * 2 * run["active"] * 1e6
    return max(read / (device.bandwidth_gb_s * 1e9), operations / (device.bf16_tflops * 1e12))


def total(options: dict[str, Any], run: Any) -> float:
    """Return what a run serves at the largest budget."""
    room = options.get("budgets", (0.5, 80.0))[1] * 1e9 - run["weights"] * 1e9
    fit = max(room / (run[CACHE] * 1e6), 0)
    if "device" in options or options.get("sequences") == "whole":
        fit = float(np.floor(fit))
    if "device" not in options:
        return fit * run["tps_512"]
    return fit / step(options, fit, run) * run["efficiency"] if fit else 0.0


def serving(table: pd.DataFrame, **options: Any) -> tuple[dict[str, Any], list[Any]]:
    is_roofline = "device" in options
    low, high = options.get("budgets", (0.5, 80.0))
    every = counted(table, options)
    usable = every[every["rate"] > 0]
    of = {g: usable[usable["type"] == g] for g in ORDER if (usable["type"] == g).any()}
    middle = {
        g: {c: typical(r[c]) for c in (CACHE, "tps_512", "active", "share", "efficiency")}
        | {"weights": typical(r["weights"]) if r["weights"].any() else 0.0}
        for g, r in of.items()
    }
    totals = {g: total(options, run) for g, run in middle.items()}
    fits = [total(options, run | {"tps_512": 1.0}) for run in middle.values()]
    coarse = options.get("sequences") == "whole" and min(fits) < 100

    def interval(g: str, to: str) -> Interval | None:
        if g == to or few(of[g], of[to]) or coarse:
            return None
        found = Interval(of[g]["rate"], of[to]["rate"], ratio=True)
        # A model may make more or less of a run than its rate.
        found.middle = np.log(totals[g] / totals[to])
        return found

    def resolved(pairs: Sequence[tuple[str, str]]) -> list[bool]:
        return told_apart([interval(*pair) for pair in pairs])

    def lacking(g: str) -> int:
        mine = table[table["type"] == g]
        return int((mine["moe"].eq(False) | is_roofline).sum()) - int((every["type"] == g).sum())

    groups = {
        g: {
            "n": len(r),
            "n_failed": int(((every["type"] == g) & (every["rate"] <= 0)).sum()),
            "n_dropped": lacking(g),
            "tps": quartiles(r["tps_512"]),
            "cache": quartiles(r[CACHE]),
            "rate": quartiles(r["rate"]),
            "params": r[PARAMS].median(),
            "typical_tps": middle[g]["tps_512"],
            "typical_cache": middle[g][CACHE],
            "weights_gb": middle[g]["weights"],
            "active_params": middle[g]["active"] if is_roofline else None,
            "active_share": middle[g]["share"] if is_roofline else 1.0,
            "efficiency": middle[g]["efficiency"],
            "total_tps": totals[g],
            "ratio": totals[g] / totals["MHA"],
            "ratio_interval": interval(g, "MHA"),
            "matched": None,
            "resolved": None,
        }
        for g, r in of.items()
    }
    others = [g for g in of if g != "MHA"]
    for g, verdict in zip(others, resolved([(g, "MHA") for g in others]), strict=True):
        groups[g]["resolved"] = verdict
    ahead = sorted(others, key=lambda g: -totals[g])
    pairs = list(pairwise(ahead))
    orders = [
        {"first": a, "second": b, "ratio": totals[a] / totals[b], "interval": interval(a, b),
         "resolved": verdict}
        for (a, b), verdict in zip(pairs, resolved(pairs), strict=True)
    ]  # fmt: skip
    beyond = {}
    for name in () if is_roofline else ("RTX 4090", "A100 40GB", "H100"):
        at = options | {"budgets": (0, DEVICES[name].memory_gb)}
        tokens = {g: total(at, run) for g, run in middle.items()}
        reads = max(tokens[g] * middle[g][CACHE] * 1e6 for g in of) / 1e9
        computes = max(tokens[g] * 2 * of[g][PARAMS].median() * 1e6 for g in of) / 1e12
        has = DEVICES[name]
        if reads > has.bandwidth_gb_s or computes > has.bf16_tflops:
            beyond[name] = {"gb_s": reads, "tflops": computes}
    names = ["24 GB", "40 GB", "80 GB"] if beyond else ["RTX 4090", "A100 40GB", "H100"]
    holds = {"cache": known(table, CACHE), "tps": known(table, "tps_512")}
    if is_roofline:
        of_mixture = table["moe"].eq(False) | known(table, "active_params_m")
        holds = {"group": table["type"].notna(), "cache": holds["cache"],
                 "active_params": of_mixture, "tps": holds["tps"]}  # fmt: skip
    else:
        holds = usual(table) | holds
    facts = {
        "asked_baseline": "MHA",
        "baseline": "MHA",
        "model": "roofline" if is_roofline else "cache",
        "device": options.get("device"),
        "context": None,
        "budgets_gb": [low, high],
        "sequences": "whole" if is_roofline else options.get("sequences", "fractional"),
        "weights_bytes": options.get("weights_bytes", 2.0 if is_roofline else None),
        "band": None if is_roofline else options.get("band", "envelope"),
        "devices": {options["device"]: high} if is_roofline
        else dict(zip(names, [24.0, 40.0, 80.0], strict=True)),
        "beyond": beyond,
        "dropped": reasons(table, **holds),
        "groups": groups,
        "within": [],
        "orders": orders,
    }  # fmt: skip
    claims = [("total", g, None, totals[g], len(r)) for g, r in of.items()]
    claims += [("ratio", g, "MHA", s["ratio"], s["n"]) for g, s in groups.items() if g != "MHA"]
    claims += [("order", o["first"], o["second"], o["ratio"], len(of[o["first"]])) for o in orders]
    return facts, claims


def told_apart(intervals: Sequence[Interval | None]) -> list[bool]:
    """Return which differences Holm's procedure tells, from how far they are from none."""
    level, verdicts = 0.05, [False] * len(intervals)
    known = [i for i, found in enumerate(intervals) if found is not None]
    clear = sorted(known, key=lambda i: -abs(intervals[i].middle) / intervals[i].half)
    for place, i in enumerate(clear):
        found = intervals[i]
        # As wide as the level asks that is left for so many.
        wider = found.half * found.at(1 - level / (len(clear) - place)) / found.at(0.95)
        if abs(found.middle) <= wider:
            break
        verdicts[i] = True
    return verdicts


def mla_dial(table: pd.DataFrame) -> tuple[dict[str, Any], list[Any]]:
    table, failed = without_diverged(table, table[table["moe"].eq(False)])
    dense = dense_runs(table)
    mine = dense[dense["type"].eq("MLA") & dense[DIAL].notna()]
    usable = mine[mine[LOSS].notna() | mine[CACHE].notna()]
    by = dict(iter(usable.groupby(DIAL)))
    rows = [
        {
            "value": value,
            "n": len(part),
            **{f"{what}_{how}": getattr(part[column], how)()
               for what, column in (("quality", LOSS), ("cost", CACHE))
               for how in ("mean", "min", "max")},
        }
        for value, part in by.items()
    ]  # fmt: skip
    first, last = rows[0], rows[-1]
    best = min(rows, key=lambda row: row["quality_mean"])
    losses = {value: part[LOSS].dropna() for value, part in by.items()}

    def beaten(value: float) -> bool:
        """Return whether another value is told to be better, of all that may be."""
        level = 1 - (0.05 if is_told else 0.015) * min(2 / (len(losses) - 1), 1)
        for other in losses:
            if other != value and not few(losses[other], losses[value]):
                found = Interval(losses[value], losses[other])
                if found.middle > found.half * found.at(level) / found.at(0.95):
                    return True
        return False

    ends = [losses[last["value"]], losses[first["value"]]]
    change = last["quality_mean"] - first["quality_mean"]
    interval = None if few(*ends) else Interval(*ends)
    # Of several claims the effect has most of what may be false.
    is_told = interval is not None and (
        abs(interval.middle) > interval.half * interval.at(1 - 0.97 * 0.05) / interval.at(0.95)
    )
    effect = {
        "change": change,
        "interval": interval,
        "matched": None,
        "within": [],
        "resolved": is_told,
        "contenders": [value for value in losses if not beaten(value)],
    }

    references, log = {}, {}
    shown = [*usable[CACHE].dropna(), *(dense.loc[dense["type"] == g, CACHE].mean() for g in ORDER)]
    for role, drawn in (("dial", [*by]), ("cost", shown)):
        log[role] = bool(max(drawn) >= 10 * min(drawn))
    for g in ORDER[1:]:
        other = dense[dense["type"] == g]
        level = other[CACHE].mean()
        x, y = ([row[key] for row in rows] for key in ("value", "cost_mean"))
        # Straight on the scales of the axes.
        x, (*y, level_drawn) = np.log(x) if log["dial"] else x, (
            np.log([*y, level]) if log["cost"] else [*y, level])  # fmt: skip
        meets = [
            x[i] + (level_drawn - y[i]) * (x[i + 1] - x[i]) / (y[i + 1] - y[i])
            for i in range(len(x) - 1) if (y[i] - level_drawn) * (y[i + 1] - level_drawn) < 0
        ]  # fmt: skip
        meets = np.exp(meets).tolist() if log["dial"] else meets
        references[g] = {
            "n": len(other), "quality_mean": other[LOSS].mean(), "cost_mean": level,
            "crossings": meets,
        }  # fmt: skip
    with_cache = usable.dropna(subset=[CACHE])
    slope, intercept = np.polyfit(with_cache[DIAL], with_cache[CACHE], 1)
    r2 = with_cache[DIAL].corr(with_cache[CACHE]) ** 2
    either = known(table, LOSS) | known(table, CACHE)
    facts = {
        "dial_group": "MLA",
        "sense": ["min", "min"],
        "units": {"cost": "MB"},
        "n_runs": len(usable),
        "n_dropped": int(usable[[LOSS, CACHE]].isna().any(axis=1).sum()),
        "dropped": reasons(table, **usual(table), **{
            "dial": table["type"].ne("MLA") | table[DIAL].notna(), "quality and cost": either}),
        "dial": rows,
        "best": best["value"],
        "effect": effect,
        "references": references,
        "log": log,
        "cost_fit": {"slope": slope, "intercept": intercept, "r2": r2},
    }  # fmt: skip
    claims = [("best", "MLA", None, best["value"], best["n"]),
              ("effect", "MLA", None, change, first["n"] + last["n"])]  # fmt: skip
    claims += [("crossing", g, "MLA", at, r["n"])
               for g, r in references.items() for at in r["crossings"]]  # fmt: skip
    return facts, [*claims, *failed, ("fit", "MLA", None, r2, len(usable))]


def context(table: pd.DataFrame) -> tuple[dict[str, Any], list[Any]]:
    first, *_, last = TPS.values()
    dense = dense_runs(table)
    usable = dense.dropna(subset=[first, last])
    of = {g: usable[usable["type"] == g] for g in ORDER if (usable["type"] == g).any()}
    kept = {g: r[last] / r[first] for g, r in of.items()}
    intervals = {g: None if few(r) else Interval(r, ratio=True) for g, r in kept.items()}
    fallen = dict(zip(of, told_apart([*intervals.values()]), strict=True))
    others = [g for g in of if g != "MHA"]
    apart = {
        g: None if few(of[g], of["MHA"]) else Interval(of[g][last], of["MHA"][last], ratio=True)
        for g in others
    }
    verdicts = dict(zip(others, told_apart([*apart.values()]), strict=True))
    groups = {
        g: {
            "n": len(r),
            "points": [
                {"tokens": tokens, "n": int(mine.notna().sum()), "tps": quartiles(mine.dropna()),
                 "typical": typical(mine.dropna())}
                for tokens, name in TPS.items() for mine in [dense[name][dense["type"] == g]]
            ],
            "params": r[PARAMS].median(),
            "kept": typical(kept[g]),
            "kept_interval": intervals[g],
            "kept_resolved": fallen[g],
            "ratio": typical(r[last]) / typical(of["MHA"][last]),
            "ratio_interval": apart.get(g),
            "matched": None,
            "resolved": verdicts.get(g),
        }
        for g, r in of.items()
    }  # fmt: skip
    facts = {
        "asked_baseline": "MHA",
        "baseline": "MHA",
        "contexts": [64.0, 512.0],
        "dropped": reasons(table, **usual(table), tps_at=known(table, first) & known(table, last)),
        "groups": groups,
        "within": [],
    }
    claims = [("effect", g, None, s["kept"], s["n"]) for g, s in groups.items()]
    claims += [("ratio", g, "MHA", s["ratio"], s["n"]) for g, s in groups.items() if g != "MHA"]
    return facts, claims


# The comparison

RECOMPUTED: dict[str, Callable[..., tuple[dict[str, Any], list[Any]]]] = {
    "pareto": pareto, "serving": serving, "mla_dial": mla_dial, "context": context,
}  # fmt: skip
MODELS: list[dict[str, Any]] = [
    {"sequences": "whole", "budgets": (0.1, 0.5), "band": "runs"},
    {"weights_bytes": 2.0, "budgets": (0.2, 0.9)},
    {"model": "roofline", "device": "L4", "budgets": (0.02, 0.13)},
]


def differences(got: Any, expected: Any, path: str = "") -> list[str]:
    """Return where two trees of plain values differ, by path."""
    if isinstance(expected, dict) and isinstance(got, dict):
        keys = {*got, *expected}
        return [d for key in sorted(keys, key=str) for d in differences(
            got.get(key, "missing"), expected.get(key, "missing"), f"{path}.{key}")]  # fmt: skip
    if isinstance(expected, list) and isinstance(got, list) and len(got) == len(expected):
        pairs = enumerate(zip(got, expected, strict=True))
        return [d for i, (one, other) in pairs for d in differences(one, other, f"{path}[{i}]")]
    number = isinstance(expected, float) and isinstance(got, float)
    same = got == pytest.approx(expected, rel=1e-9) if number else expected == got
    return [] if same else [f"{path}: {got!r} is not {expected!r}"]


def told(insight: Insight) -> list[Any]:
    return [(c.kind, c.of, c.to, c.value, c.n) for c in insight.claims]


def in_order(claims: list[Any]) -> list[list[Any]]:
    return sorted(map(list, claims), key=lambda claim: [str(part) for part in claim[:3]])


CASES = [(name, {}) for name in RECOMPUTED] + [("serving", model) for model in MODELS]


# More runs than are drawn from one by one come with the second.
@pytest.mark.parametrize("n", [30, pytest.param(450, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize(("name", "options"), CASES)
def test_every_number_is_what_pandas_makes_of_the_table(
    name: str, options: dict[str, Any], n: int
) -> None:
    table = runs(n)
    insight = INSIGHTS[name](table, **options)
    facts, claims = RECOMPUTED[name](table, **options)
    assert differences(insight.facts.to_dict(), facts) == []
    assert len(insight.claims) == len(claims)
    assert differences(in_order(told(insight)), in_order(claims)) == []


def test_every_insight_is_computed_again() -> None:
    assert set(RECOMPUTED) == set(INSIGHTS)
