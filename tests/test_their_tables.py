"""Tables as others have them are drawn with no options but the names of their columns.

The headers, units, spellings and gaps are those of public tables; the numbers are made up here.

- observational scaling laws (Ruan, Maddison and Hashimoto 2024): base models by family, size in
  billions, training compute in units of 10^21 FLOPs, scores;
- Open LLM Leaderboard 2 on Hugging Face: ``#Params (B)``, ``CO₂ cost (kg)``, ``Average ⬆️``;
- the leaderboard of soyoonjeong/LEAP: ``inference_memory(GB)``, ``#Params(B)`` without a space;
- the JSON and CSV of llama.cpp's llama-bench: ``model_size`` in bytes, ``avg_ns``, ``avg_ts``;
- the report of vLLM's benchmark_serving: ``Mean TTFT (ms)``, ``Output token throughput (tok/s)``;
- the results of LLM-Inference-Bench (Argonne): latency without a unit, power in milliwatts;
- a KV quantisation study: ``kv_quant``, ``ppl_quant``, ``vram_peak_mb``, cells that are empty;
- spsanps/nanoSmol, scaling laws: ``FLOPs (P)``, ``±SE``, losses with their error beside them;
- the results.csv of nanochat's miniseries: ``val_bpb``, ``num_params``, ``train_time_sec``;
- a leaderboard of agents in Markdown: ``Avg. Cost`` with a dollar sign in each cell;
- a sweep exported from an experiment tracker: nested JSON, ``vram_gb``, ``ms_per_step``.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from mpl_dantinox import insight_pareto
from mpl_dantinox.command.main import main


class Theirs(NamedTuple):
    """A table: its header, its rows, which columns are named, and what is true of it."""

    header: str
    rows: Sequence[str]
    columns: Mapping[str, str]
    cost: Sequence[float]
    units: Mapping[str, str]
    maximize: Sequence[str]
    label: str


TABLES = {
    "observational scaling laws": Theirs(
        "Model|Model Family|Model Size (B)|Pretraining Data Size (T)|FLOPs (1E21)|MMLU|ARC-C",
        ["Aa-7b|Aa|7|2|84|45.1|53", "Aa-70b|Aa|70|2|840|68.9|67", "Bb-6b|Bb|6|0.4|14.4|28.2|41",
         "Bb-12b|Bb|12|0.3|21.6||39", "Cc-8b|Cc|8|15|720|66.5|59"],
        {"group": "Model Family", "quality": "MMLU", "cost": "FLOPs (1E21)"},
        [84, 840, 14.4, 21.6, 720], {"cost": "10^21 FLOPs"}, ["quality"], "FLOPs (10^21 FLOPs)",
    ),
    "sizes of the same models": Theirs(
        "Model|Model Family|Model Size (B)|MMLU",
        ["Aa-7b|Aa|7|45.1", "Aa-70b|Aa|70|68.9", "Bb-6b|Bb|6|28.2", "Cc-8b|Cc|8|66.5"],
        {"group": "Model Family", "quality": "MMLU", "cost": "Model Size (B)"},
        [7, 70, 6, 8], {"cost": "billions"}, ["quality"], "Model Size (B)",
    ),
    "open leaderboard": Theirs(
        "Type|Architecture|Model|Average ⬆️|Hub License|#Params (B)|CO₂ cost (kg)",
        ["chat|Qwen2|a|31.2|mit|7.6|1.2", "pretrained|Llama|b|13.5||8.03|0.7",
         "chat|Llama|c|28.1|other|70.5|12.7", "pretrained|Qwen2|d|35.0|mit|72.7|29.5"],
        {"quality": "Average ⬆️", "cost": "CO₂ cost (kg)"},
        [1.2, 0.7, 12.7, 29.5], {"cost": "kg"}, ["quality"], "CO₂ cost (kg)",
    ),
    "leaderboard with memory": Theirs(
        "Model|Average ⬆️|#Params(B)|klue_ynat|inference_memory(GB)|training_memory(GB)|framework",
        ["a|61|1.3|70|2.9|21|x", "b|64|3.8|72|8.1|60|x", "c|60|5.8|69|12.2|90|y"],
        {"group": "framework", "quality": "Average ⬆️", "cost": "inference_memory(GB)"},
        [2.9, 8.1, 12.2], {"cost": "GB"}, ["quality"], "inference_memory (GB)",
    ),
    "llama-bench": Theirs(
        "build_commit|model_type|model_size|model_n_params|type_k|n_prompt|n_gen|avg_ns|avg_ts",
        ["69f7|granite 3B|1395281392|2533539840|f16|512|0|2500000000|204.8",
         "69f7|granite 3B|1395281392|2533539840|q8_0|512|0|2400000000|213.3",
         "69f7|granite 8B|4370000000|8000000000|f16|512|0|7000000000|73.5"],
        {"group": "type_k", "quality": "avg_ns", "cost": "model_n_params"},
        [2533539840, 2533539840, 8e9], {"quality": "ns"}, [], "model_n_params",
    ),
    "vLLM serving": Theirs(
        "model|backend|Request rate|Mean TTFT (ms)|Output token throughput (tok/s)",
        ["a|v0|1|43.1|161", "a|v1|1|38.9|170", "a|v1|8|279.6|868", "a|v0|8|372.8|735"],
        {"group": "backend", "cost": "Mean TTFT (ms)",
         "quality": "Output token throughput (tok/s)"},
        [43.1, 38.9, 279.6, 372.8], {"cost": "ms", "quality": "tok/s"}, ["quality"],
        "Mean TTFT (ms)",
    ),
    "inference on many machines": Theirs(
        "Hardware|Num of Hardware|Framework|Model|Input Output Length|Batch Size|"
        "Latency|Throughput",
        ["H|1|x|a|128|1|1.45|88", "H|4|x|a|128|16|2.10|970", "M|1|y|a|128|1|1.71|75",
         "M|4|y|a|128|16|2.98|686"],
        {"group": "Hardware", "quality": "Throughput", "cost": "Latency"},
        [1.45, 2.10, 1.71, 2.98], {}, ["quality"], "Latency",
    ),
    "quantised caches": Theirs(
        "model|kv_quant|context_len|prefill_ms|decode_tok_s|kv_cache_mb|vram_peak_mb|"
        "ppl_ref|ppl_quant",
        ["a|None|4096|410|52.1|512|15360|5.47|5.47", "a|INT8|4096|415|50.9|256|15104|5.47|5.48",
         "a|INT4|4096|421|49.2|128|14976|5.47|5.61", "a|INT4|8192|861|47.0|256||5.47|"],
        {"group": "kv_quant", "quality": "ppl_quant", "cost": "vram_peak_mb"},
        [15360, 15104, 14976, np.nan], {"cost": "MB"}, [], "vram_peak (GB)",
    ),
    "losses with errors": Theirs(
        "Config|Type|Step|Loss|±SE|PPL|FLOPs (P)|Visual Tokens",
        ["M-S|baseline|100|4.1244 ± 0.0648|0.0648|61.83|3.30|16",
         "M-S|foveated|100|4.1842 ± 0.06|0.06|65.64|2.05|1",
         "S-S|baseline|300|4.0656 ± 0.063|0.063|58.30|6.14|16"],
        {"quality": "Loss", "cost": "FLOPs (P)"},
        [3.30, 2.05, 6.14], {"cost": "10^15 FLOPs"}, [], "FLOPs (10^15 FLOPs)",
    ),
    "a miniseries": Theirs(
        "depth|model_dim|num_params|num_iterations|tokens_trained|val_bpb|core_score|"
        "train_time_sec|series",
        ["12|768|135000000|1000|2.7e9|0.91|0.11|600|a",
         "16|1024|330000000|2000|6.6e9|0.85|0.16|1900|a",
         "20|1280|560000000|3000|1.1e10|0.81|0.21|4700|b"],
        {"group": "series", "quality": "val_bpb", "cost": "train_time_sec"},
        [600, 1900, 4700], {"cost": "s"}, [], "train_time (s)",
    ),
    "agents and money": Theirs(
        "Model|Vendor|Average|Median|Avg. Cost",
        ["a|x|9.7|10.0|$0.5788", "b|x|9.67|10.0|$0.5011", "c|y|9.61|9.6|$0.2728",
         "d|y|9.61|9.5|$1.0365"],
        {"group": "Vendor", "quality": "Average", "cost": "Avg. Cost"},
        [0.5788, 0.5011, 0.2728, 1.0365], {"cost": "$"}, ["quality"], r"Avg. Cost (\$)",
    ),
    "a sweep": Theirs(
        "name|optimizer|lr|val_loss|ms_per_step|vram_gb",
        ["r1|adamw|0.001|3.21|212|18.4", "r2|muon|0.02|3.08|231|19.9",
         "r3|adamw|0.003|3.17|210|18.4", "r4|muon|0.01|NaN|230|19.9"],
        {"group": "optimizer", "cost": "ms_per_step"},
        [212, 231, 210, 230], {"cost": "ms"}, [], "ms_per_step (ms)",
    ),
}  # fmt: skip


def table_of(theirs: Theirs) -> pd.DataFrame:
    rows = [row.split("|") for row in theirs.rows]
    return pd.DataFrame(rows, columns=theirs.header.split("|"))


def expected_front(theirs: Theirs, frame: pd.DataFrame) -> list[tuple[int, float, float]]:
    """Return row, cost and quality of the runs that none dominates, as pandas has them."""
    column = frame[theirs.columns.get("quality", "val_loss")]
    runs = pd.DataFrame(
        {
            "cost": theirs.cost,
            "quality": pd.to_numeric(column.str.split(" ").str[0], errors="coerce"),
        }
    ).dropna()
    sign = [-1 if role in theirs.maximize else 1 for role in ("cost", "quality")]
    points = runs.to_numpy() * sign
    beaten = [
        any((other <= point).all() and (other < point).any() for other in points)
        for point in points
    ]
    front = runs[~np.array(beaten)].sort_values(["cost", "quality"])
    return [(int(row), *values) for row, *values in front.itertuples()]


@pytest.mark.parametrize("kind", ["csv", "json", "frame"])
@pytest.mark.parametrize("theirs", TABLES.values(), ids=TABLES)
def test_their_table_is_drawn_in_its_own_units(theirs: Theirs, kind: str, tmp_path: Path) -> None:
    frame = table_of(theirs)
    table: Any = frame
    if kind == "csv":
        table = tmp_path / "runs.csv"
        frame.to_csv(table, index=False, sep="|")
    if kind == "json":
        table = tmp_path / "runs.json"
        table.write_text(frame.to_json(orient="records"))
    insight = insight_pareto(table, **theirs.columns)
    facts = insight.facts.to_dict()
    assert facts["units"] == theirs.units
    assert facts["sense"] == ["max" if r in theirs.maximize else "min" for r in ("cost", "quality")]
    front = [[run["row"], run["cost"], run["quality"]] for run in facts["panels"]["all"]["front"]]
    np.testing.assert_allclose(front, expected_front(theirs, frame), rtol=1e-12)
    (ax,) = insight.axes.values()
    assert ax.get_xlabel().startswith(f"{theirs.label}, ")
    assert "dense" not in insight.alt_text.lower()


@pytest.mark.parametrize("theirs", TABLES.values(), ids=TABLES)
def test_a_stranger_gets_there_from_the_message_alone(
    theirs: Theirs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shlex

    path, out = tmp_path / "runs.csv", tmp_path / "out"
    table_of(theirs).to_csv(path, index=False)
    assert main(["columns", str(path)]) == 0
    *_, command = capsys.readouterr().out.splitlines()
    words = shlex.split(command)
    assert words[:3] == ["mpl-dantinox", "plot", str(path)], command
    assert main([*words[1:], "-o", str(out), "--insight", "pareto"]) == 0
    assert json.loads((out / "facts.json").read_text("utf-8"))["pareto"]["facts"]
