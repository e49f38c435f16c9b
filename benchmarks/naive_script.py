"""The script that the package began as, written again from its description: what it is timed with.

    python benchmarks/naive_script.py RUNS.csv DIR

It reads a CSV file whole with pandas and writes three PNG files with pyplot, each of two panels, 17
inches wide, at 180 dpi and with a tight bounding box: a scatter call for each run, a front found by
walking over the rows, medians by group. It is as slow as it was, and as wrong: its titles are
fixed.
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

COLORS = {"MLA": "#3A86FF", "GQA": "#FF6B35", "MHA": "#2DC653"}
CACHE, LOSS = "theoretical_cache_mb", "val_loss"
NUMBERS = ["params_m", LOSS, CACHE, "tps_64", "tps_128", "tps_256", "tps_512", "down_dim_kv"]
DEVICES = {24: "24 GB RTX", 40: "40 GB A100", 80: "80 GB H100"}

SAVE = {"dpi": 180, "bbox_inches": "tight"}

plt.rcParams.update(
    {
        "figure.facecolor": "#F8F9FA",
        "axes.facecolor": "#F8F9FA",
        "axes.grid": True,
        "grid.linestyle": "--",
        "grid.alpha": 0.2,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titleweight": "bold",
        "figure.titleweight": "bold",
    }
)


def read(path: Path) -> pd.DataFrame:
    runs = pd.read_csv(path)
    runs[NUMBERS] = runs[NUMBERS].apply(pd.to_numeric, errors="coerce")
    runs["moe"] = runs["moe"].astype(str).str.lower() == "true"
    return runs


def front_of(runs: pd.DataFrame) -> list[int]:
    front, lowest = [], np.inf
    for row in runs.sort_values([CACHE, LOSS]).itertuples():
        if getattr(row, LOSS) < lowest:
            front.append(row.Index)
            lowest = getattr(row, LOSS)
    return front


def pareto(runs: pd.DataFrame, out: Path) -> None:
    fig, axes = plt.subplots(1, 2, figsize=(17, 7))
    panels = [(runs[~runs["moe"]], "Dense"), (runs, "Dense + MoE")]
    for ax, (shown, title) in zip(axes, panels, strict=True):
        front = front_of(shown)
        on_front = set(front)
        for kind, color in COLORS.items():
            for index, row in shown[shown["type"] == kind].iterrows():
                ax.scatter(
                    row[CACHE],
                    row[LOSS],
                    s=max(30, row["params_m"] * 4),
                    color=color,
                    marker="^" if row["moe"] else "o",
                    alpha=0.90 if index in on_front else 0.22,
                    edgecolors="white",
                    linewidths=0.8,
                    zorder=3,
                )
        best = shown.loc[front]
        ax.step(best[CACHE], best[LOSS], where="post", color="#333333", lw=1.5, ls="--")
        middle = best.iloc[len(best) // 2]
        label = f"Pareto front ({', '.join(sorted(best['type'].unique()))})"
        ax.text(middle[CACHE] * 1.05, middle[LOSS] * 1.005, label, fontsize=9, style="italic")
        ax.annotate(
            "ideal",
            xy=(0.03, 0.03),
            xytext=(0.16, 0.14),
            xycoords="axes fraction",
            arrowprops={"arrowstyle": "->", "color": "gray"},
            color="gray",
        )
        handles = [Patch(color=color, label=kind) for kind, color in COLORS.items()]
        handles += [
            Line2D([], [], marker="o", ls="", color="gray", label="dense"),
            Line2D([], [], marker="^", ls="", color="gray", label="MoE"),
            Line2D([], [], ls="--", color="#333333", label="Pareto front"),
        ]
        ax.legend(handles=handles, fontsize=9)
        ax.set_title(title)
        ax.set_xlabel("KV cache (MB, lower is better)")
        ax.set_ylabel("Validation loss (lower is better)")
    fig.suptitle("MLA Pareto-dominates MHA")
    fig.tight_layout()
    fig.savefig(out / "insight_1_pareto.png", **SAVE)
    plt.close(fig)


def serving(runs: pd.DataFrame, out: Path) -> None:
    dense = runs[~runs["moe"]]
    budgets = np.logspace(np.log10(0.5), np.log10(80), 200)
    fig, (left, right) = plt.subplots(1, 2, figsize=(17, 7))
    total = {}
    for kind, color in COLORS.items():
        group = dense[dense["type"] == kind]
        tps, cache = (
            group["tps_512"].quantile([0.25, 0.5, 0.75]),
            group[CACHE].quantile([0.25, 0.5, 0.75]),
        )
        megabytes = budgets * 1024
        total[kind] = megabytes / cache[0.5] * tps[0.5] / 1e3
        low = megabytes / cache[0.75] * tps[0.25] / 1e3
        high = megabytes / cache[0.25] * tps[0.75] / 1e3
        left.plot(budgets, total[kind], color=color, lw=2.5, label=kind)
        left.fill_between(budgets, low, high, color=color, alpha=0.12)
    for kind, color in COLORS.items():
        ratio = total[kind] / total["MHA"]
        right.plot(budgets, ratio, color=color, lw=2.5, label=kind)
        right.text(80 * 1.05, ratio[-1], f"{ratio[-1]:.1f}×", color=color, fontweight="bold")
    right.axhline(1.0, color=COLORS["MHA"], ls="-", lw=1)
    for guide in (2.0, 2.5):
        right.axhline(guide, color="gray", ls=":", lw=0.8, alpha=0.6)
    for ax in (left, right):
        ax.set_xscale("log")
        for size, name in DEVICES.items():
            ax.axvline(size, color="gray", ls="--", lw=1, alpha=0.6)
            ax.text(size * 1.02, ax.get_ylim()[1] * 0.95, name, rotation=90, va="top", fontsize=8)
        ax.set_xlabel("Memory budget (GB)")
        ax.legend()
    left.set_ylabel("Total throughput (k tok/s, higher is better)")
    right.set_ylabel("Throughput relative to MHA")
    left.set_title("Total throughput")
    right.set_title("Ratio to MHA")
    fig.suptitle("2–3× more throughput at a fixed memory budget")
    fig.tight_layout()
    fig.savefig(out / "insight_2_serving.png", **SAVE)
    plt.close(fig)


def mla_dial(runs: pd.DataFrame, out: Path) -> None:
    dense = runs[~runs["moe"]]
    mla = dense[(dense["type"] == "MLA") & dense["down_dim_kv"].notna()]
    if mla.empty:
        print("no dial values: skipping the third figure")
        return
    fig, (left, right) = plt.subplots(1, 2, figsize=(16, 6.5))
    dial = {}
    for ax, column, spread in ((left, LOSS, 0.03), (right, CACHE, 0.15)):
        by_dial = dial[column] = mla.groupby("down_dim_kv")[column].agg(["mean", "min", "max"])
        ax.plot(by_dial.index, by_dial["mean"], color=COLORS["MLA"], marker="o", lw=2.5)
        ax.fill_between(
            by_dial.index, by_dial["min"], by_dial["max"], color=COLORS["MLA"], alpha=0.15
        )
        for kind in ("MHA", "GQA"):
            median = dense[dense["type"] == kind][column].median()
            ax.axhline(median, color=COLORS[kind], ls="--", lw=1.2)
            ax.axhspan(median * (1 - spread), median * (1 + spread), color=COLORS[kind], alpha=0.08)
    best = dial[LOSS]["mean"].idxmin()
    lowest = dial[LOSS]["mean"].min()
    left.plot(best, lowest, marker="*", ms=18, color="gold", mec="black", zorder=5)
    left.annotate(
        f"best: dkv={best:g}",
        xy=(best, lowest),
        xytext=(best, lowest * 0.997),
        arrowprops={"arrowstyle": "->"},
    )
    for kind in ("MHA", "GQA"):
        below = dial[CACHE]["mean"] <= dense[dense["type"] == kind][CACHE].median()
        if below.any():
            crossing = dial[CACHE].index[below].max()
            right.axvline(crossing, color=COLORS[kind], ls=":", lw=1.5)
            right.text(
                crossing,
                right.get_ylim()[1] * 0.9,
                f"MLA = {kind} cache at dkv={crossing:g}",
                bbox={"boxstyle": "round", "fc": "white", "ec": COLORS[kind]},
                fontsize=8,
            )
    for ax in (left, right):
        ax.set_xlabel("down_dim_kv")
    left.set_ylabel("Validation loss (lower is better)")
    right.set_ylabel("KV cache (MB, lower is better)")
    fig.suptitle("MLA's dial: a linear relationship")
    fig.tight_layout()
    fig.savefig(out / "insight_3_mla_dial.png", **SAVE)
    plt.close(fig)


def main() -> None:
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    runs = read(source)
    pareto(runs, out)
    serving(runs, out)
    mla_dial(runs, out)


if __name__ == "__main__":
    main()
