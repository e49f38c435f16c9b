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
- a sweep exported from an experiment tracker: nested JSON, ``vram_gb``, ``ms_per_step``;
- sweeps of a server's settings, in which nothing has a name: ``concurrency``, ``tp``, ``isl``;
- results of one with and without a cache of prefixes: ``status``, ``error_reason``;
- policies of keeping a cache, with a budget that is the same in all runs.

Files are written as these are: the Markdown of llama-bench and of reports, with errors and bold
type; perplexities of quantised models in the issues of llama.cpp; JSON lines of vLLM and of the
ML.ENERGY benchmark; the rows that the viewer of data sets on Hugging Face gives; tables that pandas
writes as JSON; the leaderboard of MTEB, with commas in its header; a spreadsheet with a title; the
leaderboard of RULER, with links and tags; what ``ollama --verbose`` tells, with units in its cells.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from mpl_dantinox import RunsError, insight_pareto
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
        [84, 840, 14.4, 21.6, 720], {"cost": "10^21 FLOPs"}, ["quality"], "FLOPs (10^21)",
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
        [3.30, 2.05, 6.14], {"cost": "10^15 FLOPs"}, [], "FLOPs (10^15)",
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


KINDS = ["csv", "json", "frame"]


@pytest.mark.parametrize(
    ("theirs", "kind"),
    [
        pytest.param(
            theirs,
            kind,
            id=f"{name}-{kind}",
            marks=() if place % len(KINDS) == turn else pytest.mark.exhaustive,
        )
        for place, (name, theirs) in enumerate(TABLES.items())
        for turn, kind in enumerate(KINDS)
    ],
)
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


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("theirs", TABLES.values(), ids=TABLES)
def test_a_stranger_gets_there_from_the_message_alone(
    theirs: Theirs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "runs.csv", tmp_path / "out"
    table_of(theirs).to_csv(path, index=False)
    assert main(["columns", str(path)]) == 0
    *_, command = capsys.readouterr().out.splitlines()
    words = shlex.split(command)
    assert words[:3] == ["mpl-dantinox", "plot", str(path)], command
    assert main([*words[1:], "-o", str(out), "--insight", "pareto"]) == 0
    assert json.loads((out / "facts.json").read_text("utf-8"))["pareto"]["facts"]


class File(NamedTuple):
    """A file as it is found, and what its figure shows: the front by cost, units and senses."""

    name: str
    text: str
    front: Sequence[tuple[float, float]]
    units: Mapping[str, str]
    sense: Sequence[str]


RUNS = [
    {"backend": b, "request_rate": r, "std_ttft_ms": 9, "mean_ttft_ms": t, "output_throughput": o,
     "ttfts": [0.1, 0.2], "max_concurrency": None}
    for b, r, t, o in [("x", 1, 43, 161), ("y", 1, 39, 170), ("x", "inf", 373, 735)]
]  # fmt: skip
MODELS = [
    {"model": "a", "attn": "MLA", "val_loss": 3.1, "vram_gb": 2.0},
    {"model": "b", "attn": "MHA", "val_loss": 3.0, "vram_gb": 4.0},
]
LOWER, HIGHER = ("min", "min"), ("min", "max")
MODELS_FRONT = [(2.0, 3.1), (4.0, 3.0)]
FILES = {
    "llama-bench in Markdown": File(
        "bench.md",
        "# Results\n\n| model | size | params | type_k |           t/s |\n"
        "| ------------- | -------: | ------: | -----: | ------------: |\n"
        "| 7B mostly Q4  | 3.56 GiB |  6.74 B |    f16 |  51.37 ± 5.13 |\n"
        "| 7B mostly Q4  | 3.56 GiB |  6.74 B |   q8_0 |  50.42 ± 0.38 |\n"
        "| 13B mostly Q4 | 6.86 GiB | 13.02 B |   q8_0 |  29.10 ± 1.13 |\n\nbuild: 12 | x\n",
        [(3.56, 51.37)], {"cost": "GiB", "quality": "tok/s"}, HIGHER,
    ),
    "a report with bold type": File(
        "report.md",
        "| Method | Runs | Latency (s) | Output Throughput (tok/s) |\n|---|---|---|---|\n"
        "| `w8a8` | 3 | **0.38 ± 0.01** | 193.8 ± 6.87 |\n"
        "| `w8a16` | 3 | 0.40 ± 0.00 | **197.9 ± 1.24** |\n| `none` | 3 | 0.52 | 132.7 |\n",
        [(0.38, 193.8), (0.40, 197.9)], {"cost": "s", "quality": "tok/s"}, HIGHER,
    ),
    "perplexities, one run of each kind": File(
        "kld.csv",
        "Quantization,imatrix,Model size [GiB],PPL,Mean p\nf16,None,14.97,6.233160 ±   0.0378,-\n"
        "q8_0,None,7.96,6.234284 ±   0.0378,-0.019 ± 0.003 %\n"
        "q4_K,WT 10m,4.58,6.407115 ±   0.0391,-0.596 ± 0.006 %\n",
        [(4.58, 6.407115), (7.96, 6.234284), (14.97, 6.23316)], {"cost": "GiB"}, LOWER,
    ),
    "JSON lines with lists in them": File(
        "serving.jsonl", "\n".join(map(json.dumps, RUNS)),
        [(39, 170), (373, 735)], {"cost": "ms"}, HIGHER,
    ),
    "an array within an object": File(
        "viewer.json", json.dumps({"total": 2, "rows": [{"row": one} for one in MODELS]}, indent=1),
        MODELS_FRONT, {"cost": "GB"}, LOWER,
    ),
    "columns and data": File(
        "split.json", pd.DataFrame(MODELS).to_json(orient="split"),
        MODELS_FRONT, {"cost": "GB"}, LOWER,
    ),
    "a column per key": File(
        "columns.json", pd.DataFrame(MODELS).to_json(), MODELS_FRONT, {"cost": "GB"}, LOWER,
    ),
    "a run per key": File(
        "runs.json", json.dumps({one["model"]: one for one in MODELS}),
        MODELS_FRONT, {"cost": "GB"}, LOWER,
    ),
    "commas in the header": File(
        "mteb.csv",
        'Rank,Model,Model Size (Million Parameters),"Memory Usage (GB, fp32)",Average (56 sets)\n'
        "1,a,7851,29.25,72.3\n2,b,7111,26.49,69.9\n3,c,434,27.6,65.4\n",
        [(26.49, 69.9), (29.25, 72.3)], {"cost": "GB"}, HIGHER,
    ),
    "a title above the header": File(
        "sheet.csv",
        "Runs of May,,,\n,,,\nmodel,type,loss,latency_ms\na,x,1.2,20\nb,y,1.1,30\n",
        [(20, 1.2), (30, 1.1)], {"cost": "ms"}, LOWER,
    ),
    "comments above the header": File(
        "log.csv", "# made by bench.py\n# on a laptop\nmodel,type,loss,latency_ms\na,x,1.2,20\n",
        [(20, 1.2)], {"cost": "ms"}, LOWER,
    ),
    "a sweep of settings without a name": File(
        "sweep.csv",
        "tp,isl,concurrency,throughput_req_per_s,throughput_tok_per_s,mean_ttft_ms,p99_ttft_ms\n"
        "8,1024,4,0.5,420,31,80\n8,1024,8,0.9,810,35,70\n4,1024,4,0.4,300,29,60\n"
        "4,1024,8,0.8,650,41,50\n",
        [(29, 0.4), (31, 0.5), (35, 0.9)], {"cost": "ms", "quality": "req/s"}, HIGHER,
    ),
    "requests a second, and none a group by name": File(
        "client.csv",
        "TimeStamp,Input_Tokens,Max_Concurrency,Request_throughput_req_s,Mean_TTFT_ms\n"
        "2026-01-01,1024,4,1.5,310\n2026-01-01,4096,4,0.5,420\n2026-01-01,1024,8,2.5,415\n",
        [(310, 1.5), (415, 2.5)], {"cost": "ms", "quality": "req/s"}, HIGHER,
    ),
    "how a run ended is no group": File(
        "prefix.csv",
        "concurrency,generate_throughput_tok_s,p95_ttft_ms,mean_ttft_ms,status,error_reason\n"
        "1,86,9,30,ok,\n2,98,1,45,ok,\n1,,,,failed,OOM\n2,60,5,20,ok,\n",
        [(20, 60), (30, 86), (45, 98)], {"cost": "ms", "quality": "tok/s"}, HIGHER,
    ),
    "a budget that all runs have": File(
        "policies.csv",
        "policy,memory_budget_mib,mean_ttft_ms,mean_kv_cache_memory_mib,action_distribution\n"
        'full_lru,100,100,80,"{""full_gpu"": 2}"\nstatic_best,100,90,30,"{""h2o"": 2}"\n'
        'full_lru,100,120,85,"{""full_gpu"": 2}"\n',
        [(30, 90)], {"cost": "MiB", "quality": "ms"}, LOWER,
    ),
    "a paper's table of caches": File(
        "paper.md",
        "| Method | KV Size | GSM8K | Throughput (tok/s) |\n|---|---|---|---|\n"
        "| Full | 100% | 54.2 | 21.3 |\n| H2O | 20% | 41.9 ± 0.8 | 55.0 |\n"
        "| KIVI | 20% | 50.0 ± 0.4 | 61.9 |\n| **Ours** | **12.5%** | **53.1** | **70.1** |\n",
        [(12.5, 53.1), (100, 54.2)], {"cost": "%"}, HIGHER,
    ),
    "a frame with an index, as it is printed": File(
        "printed.txt",
        pd.DataFrame(MODELS).groupby("attn")[["val_loss", "vram_gb"]].mean().to_string(),
        MODELS_FRONT, {"cost": "GB"}, LOWER,
    ),
    "what is saved is no cost": File(
        "saved.csv",
        "quant,accuracy,memory saved,memory\nfp16,71.2%,0%,100%\nint4,68.3%,73.1%,26.9%\n",
        [(26.9, 68.3), (100, 71.2)], {"cost": "%", "quality": "%"}, HIGHER,
    ),
    "throughput in short": File(
        "backends.csv",
        "linear_backend,status,output_tput,mean_tpot_ms\nauto,ok,473,61\naiter,ok,512,55\n",
        [(55, 512)], {"cost": "ms"}, HIGHER,
    ),
    "sizes as a shell prints them": File(
        "du.csv",
        "family,MMLU,Memory saved,Size\nA,71.2%,0%,15.0G\nB,66.4%,70%,4.4G\nB,60%,80%,5G\n",
        [(4.4, 66.4), (15, 71.2)], {"cost": "GB", "quality": "%"}, HIGHER,
    ),
    "words and thousands": File(
        "words.csv",
        "attn;tokens/sec/GPU;peak memory;Loss ↓;MoE?\n MLA ;12 345;10 240 MiB;2,31;✗\n"
        "MHA;9 870;20 480 MiB;2,29;✗\nGQA;11 000;12 288 MiB;2,30;✗\n",
        [(10240, 2.31), (12288, 2.30), (20480, 2.29)], {"cost": "MiB"}, LOWER,
    ),
    "links, tags and rows without a first bar": File(
        "ruler.md",
        "|Models|Size (GB)|4K|MMLU<sup>†</sup>|\n|:---:|:---:|:---:|:---:|\n"
        "|[Aa](https://x.co/a#:~:text=(pro)) (7B)|13|<ins>96.1</ins>|95.3|\n"
        "[Bb[2]](https://x.co/b)|15|<ins>94</ins>|**96.0**|\n<none>|12|<ins>81</ins>|89|\n",
        [(12, 89), (13, 95.3), (15, 96)], {"cost": "GB"}, HIGHER,
    ),
    "speeds with their unit in the cells": File(
        "ollama.csv",
        "model,quant,total duration,eval rate\nd:1.5b,q4,9.7s,104.06 tokens/s\n"
        "g:1b,q4,7.85ms,97.6 tokens/s\ng:4b,q8,18.69s,65.00 tokens/s\n",
        [(7.85e-3, 97.6), (9.7, 104.06)], {"cost": "s", "quality": "tok/s"}, HIGHER,
    ),
}  # fmt: skip


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
@pytest.mark.usefixtures("undrawn")
def test_the_command_that_is_told_for_a_file_shows_what_the_file_says(
    file: File, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / file.name, tmp_path / "out"
    path.write_text(file.text, "utf-8")
    assert main(["columns", str(path)]) == 0
    *_, command = capsys.readouterr().out.splitlines()
    words = shlex.split(command)
    assert words[:2] == ["mpl-dantinox", "plot"], command
    assert main([*words[1:], "-o", str(out), "--insight", "pareto"]) == 0
    facts = json.loads((out / "facts.json").read_text("utf-8"))["pareto"]["facts"]
    front = list(facts["panels"].values())[-1]["front"]
    assert [(run["cost"], run["quality"]) for run in front] == [tuple(one) for one in file.front]
    assert (facts["units"], tuple(facts["sense"])) == (file.units, tuple(file.sense))


def test_a_folder_with_a_file_of_json_for_each_run_is_one_table(tmp_path: Path) -> None:
    for one in MODELS:
        (tmp_path / f"{one['model']}.json").write_text(json.dumps(one))
    for table in (tmp_path, tmp_path / "*.json"):
        facts = insight_pareto(table, group="attn", cost="vram_gb").facts.to_dict()
        front = facts["panels"]["all"]["front"]
        assert [(run["cost"], run["quality"]) for run in front] == MODELS_FRONT


def test_a_workbook_is_named_as_one(tmp_path: Path) -> None:
    (tmp_path / "runs.xlsx").write_bytes(b"PK\x03\x04" + bytes(20))
    with pytest.raises(RunsError, match=r"'runs.xlsx' is a workbook; save the sheet as CSV"):
        insight_pareto(tmp_path / "runs.xlsx")


def test_a_column_that_was_named_for_one_role_is_no_guess_for_another(tmp_path: Path) -> None:
    table = pd.DataFrame({"type": ["a", "b"], "loss": [1, 2], "Model size [GiB]": [4.5, 3.5]})
    notes = " ".join(insight_pareto(table, cost="Model size [GiB]").notes)
    assert "cost: using 'Model size [GiB]', in GiB" in notes
    assert "params: using" not in notes
    assert "block: using" not in notes


def test_the_size_of_a_file_is_no_number_of_parameters_and_tells_no_runs_alike() -> None:
    table = pd.DataFrame(
        {"Technique": ["bf16", "int4"], "perplexity": [7.3, 8.1], "Peak Memory (GB)": [16.4, 5.6],
         "Model Size (GB)": [15.0, 4.2]}
    )  # fmt: skip
    insight = insight_pareto(table, group="Technique", cost="Peak Memory (GB)")
    assert "Model Size" not in " ".join(insight.notes)


def test_runs_that_are_each_a_group_have_their_names() -> None:
    table = pd.DataFrame({"Model": ["a", "b"], "loss": [1, 2], "vram_gb": [4.5, 3.5]})
    front = insight_pareto(table, group="Model", cost="vram_gb").facts.panels["all"].front
    assert [run.name for run in front] == ["b", "a"]
