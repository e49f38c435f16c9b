"""Units are told from names as people write them, or nothing is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpl_dantinox import units
from mpl_dantinox.units import Unit, parse_unit, units_in_name, without_unit

#: Headers of public tables and usual spellings: symbol, and size in bytes, seconds, ones and so on.
NAMES: dict[str, tuple[str, float]] = {
    "theoretical_cache_mb": ("MB", 1e6),
    "vram_gb": ("GB", 1e9),
    "peak_memory_GiB": ("GiB", 2**30),
    "mem_GiB": ("GiB", 2**30),
    "gpu_mem_mib": ("MiB", 2**20),
    "Memory (GB)": ("GB", 1e9),
    "Peak Mem (MB)": ("MB", 1e6),
    "inference_memory(GB)": ("GB", 1e9),
    "kv_cache_bytes": ("B", 1),
    "cache_kb": ("kB", 1e3),
    "cache_KB": ("kB", 1e3),
    "memoryGB": ("GB", 1e9),
    "Latency (s)": ("s", 1),
    "Latency [ms]": ("ms", 1e-3),
    "ttft_ms": ("ms", 1e-3),
    "Mean TTFT (ms)": ("ms", 1e-3),
    "avg_ns": ("ns", 1e-9),
    "latency_us": ("µs", 1e-6),
    "latencyMs": ("ms", 1e-3),
    "decode_step_ms_p50": ("ms", 1e-3),
    "ms_per_step": ("ms", 1e-3),
    "ms/tok": ("ms", 1e-3),
    "train_time_sec": ("s", 1),
    "latency_s": ("s", 1),
    "gpu_hours": ("h", 3600),
    "Time, min": ("min", 60),
    "Model Size (B)": ("B", 1e9),
    "#Params (B)": ("B", 1e9),
    "#Params(B)": ("B", 1e9),
    "Pretraining Data Size (T)": ("T", 1e12),
    "params_m": ("M", 1e6),
    "params_b": ("B", 1e9),
    "tokens_b": ("B", 1e9),
    "n_params": ("", 1),
    "num_scaling_params": ("", 1),
    "Parameters (millions)": ("M", 1e6),
    "Model Size (Million Parameters)": ("M", 1e6),
    "million_params": ("M", 1e6),
    "Context (K tokens)": ("K", 1e3),
    "memory_G": ("GB", 1e9),
    "t/s": ("tok/s", 1),
    "1e21_flops": ("10^21 FLOPs", 1e21),
    "FLOPs (1E21)": ("10^21 FLOPs", 1e21),
    "FLOPs (P)": ("10^15 FLOPs", 1e15),
    "Training compute (10^21 FLOPs)": ("10^21 FLOPs", 1e21),
    "flops_budget": ("FLOPs", 1),
    "total_gflops": ("GFLOPs", 1e9),
    "decode_tok_s": ("tok/s", 1),
    "Throughput (tok/s)": ("tok/s", 1),
    "Output token throughput (tok/s)": ("tok/s", 1),
    "tokens_per_second": ("tok/s", 1),
    "prefill_tok_per_sec": ("tok/s", 1),
    "tokens_per_sec": ("tok/s", 1),
    "S_PP t/s": ("tok/s", 1),
    "t/s PP": ("tok/s", 1),
    "Throughput (out tok/s)": ("tok/s", 1),
    "Throughput (out tok/s/GPU)": ("tok/s", 1),
    "Output k tok/s": ("k tok/s", 1e3),
    "total_ktok_s": ("k tok/s", 1e3),
    "Throughput (Mtokens/s)": ("M tok/s", 1e6),
    "JIT TFLOP/s": ("TFLOP/s", 1),
    "fwd (TFLOPs)": ("TFLOPs", 1e12),
    "Blended USD/1M Tokens": ("$", 1),
    "wall time (m)": ("min", 60),
    "Throughput / (tok·s⁻¹)": ("tok/s", 1),
    "KV-Cache / MiB": ("MiB", 2**20),
    "Request throughput (req/s)": ("req/s", 1),
    "Request_throughput_req_s": ("req/s", 1),
    "throughput_req_per_s": ("req/s", 1),
    "train_samples_per_second": ("samples/s", 1),
    "Bandwidth (GB/s)": ("GB/s", 1),
    "avg_power_mw": ("mW", 1e-3),
    "Power (W)": ("W", 1),
    "Energy (kWh)": ("kWh", 3.6e6),
    "energy_j": ("J", 1),
    "CO₂ cost (kg)": ("kg", 1e3),
    "cost_usd": ("$", 1),
    "usd_per_1m_tokens": ("$", 1),
    "Price ($/M tokens)": ("$", 1),
    "GPU Util (%)": ("%", 1),
    "Accuracy, %": ("%", 1),
}
WITHOUT = [
    "Val loss (bits/byte)", "pass@1", "ROUGE-1", "TP (1)", "gpu_1", "SeqLen (T)",
    "val_loss", "ppl", "ppl_quant", "needle_score", "context_len", "down_dim_kv", "d_model", "lr",
    "model", "Model Size", "Latency", "Throughput", "avg_power", "batch_size", "loss_min",
    "min_loss", "tokens_per_joule", "Average ⬆️", "ARC-C", "MMLU", "score (higher is better)",
    "n_layers", "heads", "val/loss", "flops_per_token",
    "ts", "status", "Value", "", "()", "MATH Lvl 5", "wins", "gpu", "use_moe",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_tells_its_unit(name: str) -> None:
    symbol, size = NAMES[name]
    (unit,) = units_in_name(name)
    assert unit.symbol == symbol
    assert unit.size == pytest.approx(size, rel=1e-12)


#: Everything that is spelt out, by how many bytes, seconds, ones, FLOPs, watts, joules or grams.
SPELLINGS: dict[float, str] = {
    1e-9: "ns",
    1e-6: "µs us usec microseconds",
    1e-3: "ms msec msecs milliseconds mJ mW milliwatt milliwatts",
    1: "byte bytes params parameters tokens s sec secs second seconds J joule joules W watt watts "
       "g flop flops tps tok_s 1 $ usd dollar dollars € eur euro euros £ gbp % percent pct",
    60: "min mins minute minutes",
    1e3: "kB KB kilobytes K k thousand thousands kJ kW kg",
    2**10: "KiB",
    3600: "h hr hrs hour hours Wh",
    86400: "d day days",
    1e6: "MB megabytes M million millions mio MJ MW mflop mflops",
    2**20: "MiB",
    3.6e6: "kWh",
    1e9: "GB G gigabytes bn billion billions gflop gflops",
    2**30: "GiB",
    3.6e9: "MWh",
    1e12: "TB T t trillion trillions tflop tflops",
    2**40: "TiB",
    1e15: "PB pflop pflops",
    1e18: "eflop eflops",
    1e21: "zflop zflops",
    1e24: "yflop yflops",
}  # fmt: skip


def test_every_spelling_has_the_size_that_it_has_everywhere() -> None:
    sizes = {text: size for size, texts in SPELLINGS.items() for text in texts.split()}
    assert {*units._WORDS, *units._EXACT} - {"B", "m", "MFLOPS", "GFLOPS", "TFLOPS", "PFLOPS"} == {
        *sizes
    }
    for text, size in sizes.items():
        assert [unit.size for unit in parse_unit(text)] == [pytest.approx(size)], text
    assert [unit.size for unit in parse_unit("B")] == [1, 1e9]
    assert [unit.size for unit in parse_unit("m")] == [60, 1e6]
    assert [unit.symbol for unit in parse_unit("TFLOPS")] == ["TFLOP/s", "TFLOPs"]
    assert [*units.UNITS] == ["B", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"]
    for symbol, size in units.UNITS.items():
        assert size == (1 if symbol == "B" else sizes[symbol])


#: Words beside a letter that can mean two things, by what they make of it.
HINTS = {
    "memory": "memory mem vram ram cache kv disk file weights bytes",
    "time": "time latency duration runtime elapsed wall",
    "count": "param params parameter parameters token tokens model data",
    "compute": "flop flops compute",
}


@pytest.mark.parametrize(("kind", "word"), [(k, w) for k, ws in HINTS.items() for w in ws.split()])
def test_a_word_of_the_name_tells_what_a_letter_means(kind: str, word: str) -> None:
    letter = {"compute": "P", "time": "m"}.get(kind, "B")
    assert [unit.kind for unit in units_in_name(f"the {word} ({letter})")] == [kind]
    assert {word for words in units._HINTS.values() for word in words} == {
        word for words in HINTS.values() for word in words.split()
    }


@pytest.mark.parametrize(
    "what", ["req", "request", "requests", "queries", "sample", "samples", "image", "images"]
)
def test_what_is_done_in_a_second_is_a_rate(what: str) -> None:
    for name in (f"x_{what}_s", f"x_{what}_per_sec", f"{what}/s"):
        assert units_in_name(name) == (Unit(f"{what}/s", "rate"),)


@pytest.mark.parametrize("name", WITHOUT)
def test_a_name_without_a_unit_tells_none(name: str) -> None:
    assert units_in_name(name) == ()


def test_a_letter_that_can_mean_two_things_means_both() -> None:
    assert [unit.kind for unit in units_in_name("Size (B)")] == ["memory", "count"]
    assert [unit.symbol for unit in units_in_name("Size (B)", ["count"])] == ["B"]
    assert [unit.kind for unit in units_in_name("KV cache size (B)")] == ["memory"]
    assert units_in_name("Size (B)", ["time"]) == ()


@pytest.mark.parametrize(
    ("text", "symbol"),
    [("MB", "MB"), ("mb", "MB"), ("KiB", "KiB"), ("s", "s"), ("seconds", "s"), ("mW", "mW"),
     ("MW", "MW"), ("mw", "mW"), ("$", "$"), ("tok/s", "tok/s"), ("t/s", "tok/s"), ("1", ""),
     ("Ktok/s", "k tok/s"),
     ("bytes", "B"), ("billions", "B"), ("10^6", "M"), ("1e9", "B"), ("TFLOPs", "TFLOPs"),
     ("G", "GB"), ("g", "g"), ("M params", "M"), ("billion parameters", "B")],
)  # fmt: skip
def test_a_unit_is_read_in_every_usual_spelling(text: str, symbol: str) -> None:
    assert [unit.symbol for unit in parse_unit(text)] == [symbol]


@pytest.mark.parametrize("text", ["", "pages", "x", "gb200", "10^x"])
def test_what_is_no_unit_is_none(text: str) -> None:
    assert parse_unit(text) == ()


def test_a_path_is_no_unit_and_is_soon_told() -> None:
    assert parse_unit("/".join("abxyzuvw" * 9)) == ()


@given(st.text(max_size=20))
def test_any_text_is_a_unit_or_none(text: str) -> None:
    assert len(parse_unit(text)) <= 2
    assert len(units_in_name(text)) <= 2


@pytest.mark.parametrize(
    ("name", "shorter"),
    [("KV cache (GB)", "KV cache"), ("#Params(B)", "#Params"), ("Latency [ms]", "Latency"),
     ("Energy, kWh", "Energy"), ("vram_gb", "vram"), ("cache mb", "cache"),
     ("val_loss", "val_loss"), ("tokens_per_s", "tokens_per_s"), ("n_params", "n_params"),
     ("ms_per_step", "ms_per_step"), ("Price ($/M tokens)", "Price per M tokens"),
     ("Throughput (out tok/s/GPU)", "Throughput per GPU"), ("Bandwidth (GB/s)", "Bandwidth"),
     ("Cost (USD per 1M tokens)", "Cost per 1M tokens"), ("Time (GPU hours)", "Time (GPU hours)"),
     ("Energy (tokens/kWh)", "Energy (tokens/kWh)"),
     ("Memory (GB) ↓", "Memory"), ("Memory (GB, fp32)", "Memory (GB, fp32)"),
     ("score (5-shot)", "score (5-shot)"), ("GB", "GB"), ("", "")],
)  # fmt: skip
def test_the_unit_at_the_end_of_a_name_can_be_left_out(name: str, shorter: str) -> None:
    assert without_unit(name) == shorter


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_unit_stands_for_nothing_else(name: str) -> None:
    (unit,) = units_in_name(name)
    assert not unit.name or parse_unit(unit.name) == (unit,)


@pytest.mark.parametrize(
    ("unit", "words"),
    [("MB", "2.5 MB"), ("$", "$2.5"), ("%", "2.5%"), ("10^21 FLOPs", "2.5 × 10^21 FLOPs"),
     ("1", "2.5")],
)  # fmt: skip
def test_a_number_has_its_unit_where_people_write_it(unit: str, words: str) -> None:
    assert parse_unit(unit)[0].beside("2.5") == words
