"""What a device could serve: a bound that hardware obeys, near what is measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpl_dantinox.cache import kv_cache_mb
from mpl_dantinox.devices import DEVICES
from mpl_dantinox.roofline import (
    attention_gflop,
    parameters_read,
    tokens_per_s,
    whole_sequences,
)


def serve(memory: float, bandwidth: float, **others: float) -> np.ndarray:
    """Return the tokens/s of as many sequences as fit."""
    sizes = {name: others[name] for name in ("weights_gb", "cache_mb")}
    return tokens_per_s(whole_sequences(memory, **sizes), bandwidth, **others)


LLAMA_7B = {"layers": 32, "kv_heads": 32, "head_dim": 128}
GPT_J = {"layers": 28, "kv_heads": 16, "head_dim": 256}
LLAMA_8B = {"layers": 32, "kv_heads": 8, "head_dim": 128}
BILLIONS = {"LLaMA 7B": 6.74, "GPT-J 6B": 6.05, "Llama 3.1 8B": 8.03}
SHAPES = {"LLaMA 7B": LLAMA_7B, "GPT-J 6B": GPT_J, "Llama 3.1 8B": LLAMA_8B}

# NVIDIA, TensorRT-LLM 0.6.1, docs/source/performance.md, Peak Throughput, on one device with a
# prompt of 128 tokens and 2,048 tokens of answer: model, device, bytes of a weight and of a value
# in the cache, sequences, tokens/s. https://github.com/NVIDIA/TensorRT-LLM
WITH_SEQUENCES_TOLD = [
    ("LLaMA 7B", "A100 80GB", 2, 60, 1_928),
    ("LLaMA 7B", "H100", 1, 112, 6_818),
    ("LLaMA 7B", "L40S", 1, 64, 1_622),
    ("GPT-J 6B", "H100", 1, 120, 8_011),
    ("GPT-J 6B", "L40S", 1, 64, 1_859),
]


@pytest.mark.parametrize(("model", "device", "size", "sequences", "measured"), WITH_SEQUENCES_TOLD)
def test_measured_throughput_is_at_least_two_thirds_of_the_roofline_and_below_it(
    model: str, device: str, size: int, sequences: int, measured: float
) -> None:
    # On average, half of the answer is there.
    cache = kv_cache_mb(SHAPES[model], tokens=128 + 1024, bytes_per_value=size)
    bound = tokens_per_s(
        sequences,
        DEVICES[device].bandwidth_gb_s or 0,
        weights_gb=BILLIONS[model] * size,
        cache_mb=cache,
        gflop_per_token=2 * BILLIONS[model],
        tflops=DEVICES[device].bf16_tflops or 0,
    )
    assert 2 / 3 < measured / bound < 1


# NVIDIA, TensorRT-LLM 0.19, Performance Overview, Llama 3.1 8B FP8 with an 8-bit cache, on one
# device: tokens of prompt and of answer, tokens/s. https://nvidia.github.io/TensorRT-LLM/0.19.0
WITH_MEMORY_FILLED = [
    ("H100", 128, 2048, 22_003.62),
    ("H100", 128, 4096, 13_640.35),
    ("H200", 128, 2048, 23_294.74),
    ("H200", 128, 4096, 17_481.48),
]


@pytest.mark.parametrize(("device", "prompt", "answer", "measured"), WITH_MEMORY_FILLED)
def test_measured_throughput_is_at_least_a_third_of_the_roofline_of_a_full_memory(
    device: str, prompt: int, answer: int, measured: float
) -> None:
    has = DEVICES[device]
    bound = serve(
        has.memory_gb,
        has.bandwidth_gb_s or 0,
        weights_gb=BILLIONS["Llama 3.1 8B"],
        cache_mb=kv_cache_mb(LLAMA_8B, tokens=prompt + answer // 2, bytes_per_value=1),
        gflop_per_token=2 * BILLIONS["Llama 3.1 8B"],
        tflops=has.bf16_tflops or 0,
    )
    assert 1 / 3 < measured / bound < 1


def test_one_sequence_of_a_large_model_is_measured_at_over_half_of_the_roofline() -> None:
    # NVIDIA, NIM for LLMs, Performance, version 1.8.0: Llama 3.3 70B in FP8 on two H100, 500 tokens
    # of prompt and 2,000 of answer. https://docs.nvidia.com/nim/benchmarking/llm/1.0.0/performance.md
    llama = {"layers": 80, "kv_heads": 8, "head_dim": 128}
    bound = tokens_per_s(
        1,
        2 * (DEVICES["H100"].bandwidth_gb_s or 0),
        weights_gb=70.55,
        cache_mb=kv_cache_mb(llama, tokens=1500, bytes_per_value=1),
    )
    assert 1 / 2 < 52.85 / bound < 1


def test_mixture_with_latents_on_many_devices_is_measured_at_over_a_quarter_of_it() -> None:
    # DeepSeek-AI, DeepSeek-V3/R1 Inference System Overview: 14,800 tokens/s from each of 18 nodes
    # of eight H800, 4,989 tokens of cache on average.
    # https://github.com/deepseek-ai/open-infra-index
    has, n = DEVICES["H100"], 8 * 18
    bound = serve(
        n * has.memory_gb,
        n * (has.bandwidth_gb_s or 0),
        weights_gb=671,
        cache_mb=kv_cache_mb(tokens=4989, layers=61, latent_dim=512, rope_dim=64),
        active_fraction=37 / 671,
        expert_fraction=8 / 256,
        gflop_per_token=2 * 37
        + attention_gflop(4989, layers=61, heads=128, head_dim=(512 + 576) / 2),
        tflops=n * (has.bf16_tflops or 0),
    )
    assert 1 / 4 < 18 * 14_800 / bound < 1


# By hand


def test_sequences_are_whole_and_fit_beside_the_weights() -> None:
    assert whole_sequences([16, 24.4, 80], weights_gb=16, cache_mb=800).tolist() == [0, 10, 80]


def test_model_that_does_not_fit_serves_nothing() -> None:
    sizes = {"weights_gb": 26, "cache_mb": 500}
    assert whole_sequences([24, 16], **sizes).tolist() == [0, 0]
    assert tokens_per_s([0, 0], 1008, **sizes).tolist() == [0, 0]


def test_step_reads_the_weights_once_and_each_cache() -> None:
    # 20 GB and 10 caches of 2 GB at 1,000 GB/s: 40 ms for 10 tokens.
    assert tokens_per_s(10, 1000, weights_gb=20, cache_mb=2000) == pytest.approx(250)


def test_step_takes_as_long_as_its_operations_where_these_take_longer() -> None:
    # 10 tokens of 20 GFLOP at 1 TFLOP/s: 200 ms.
    total = tokens_per_s(10, 1000, weights_gb=20, cache_mb=2000, gflop_per_token=20, tflops=1)
    assert total == pytest.approx(50)


def test_efficiency_is_a_share_of_the_total() -> None:
    total = tokens_per_s(10, 1000, weights_gb=20, cache_mb=2000, efficiency=0.4)
    assert total == pytest.approx(100)


def test_no_sequence_gets_no_token() -> None:
    assert tokens_per_s([0, 0], [1000, 500], weights_gb=20, cache_mb=2000).tolist() == [0, 0]


def test_one_token_reads_the_active_parameters() -> None:
    assert parameters_read(1, 0.25, expert_fraction=0.1) == pytest.approx(0.25)


def test_two_tokens_seldom_choose_the_same_expert() -> None:
    # A tenth is used by all; of the rest, one token leaves 3 quarters, two 9 sixteenths.
    assert parameters_read(2, 0.1 + 0.9 / 4, expert_fraction=1 / 4) == pytest.approx(
        0.1 + 0.9 * 7 / 16
    )


def test_experts_touched_are_as_many_as_chance_has_it() -> None:
    random = np.random.default_rng(0)
    chosen = [
        np.unique([random.choice(64, 6, replace=False) for _ in range(20)]).size / 64
        for _ in range(400)
    ]
    expected = parameters_read(20, 6 / 64, expert_fraction=6 / 64)
    assert np.mean(chosen) == pytest.approx(expected, abs=0.01)


def test_mixture_touches_few_experts_for_few_and_all_for_many() -> None:
    share = parameters_read([0, 1, 8, 10**6], 37 / 671, expert_fraction=8 / 256)
    assert share[0] == 0
    assert share[1] == pytest.approx(37 / 671)
    assert share[1] < share[2] < share[3] == 1


def test_attention_multiplies_and_adds_keys_and_values() -> None:
    assert attention_gflop(1000, layers=2, heads=4, head_dim=8) == pytest.approx(256e3 / 1e9)


# Properties


positive = st.floats(1e-3, 1e6)
shares = st.floats(0.01, 1)
counts = st.integers(1, 10**6)


@given(counts, positive, positive, positive, shares, shares, positive, positive)
def test_total_is_never_above_bandwidth_over_cache_nor_peak_over_operations(
    sequences: int,
    bandwidth: float,
    weights: float,
    cache: float,
    active: float,
    experts: float,
    gflop: float,
    tflops: float,
) -> None:
    total = tokens_per_s(
        sequences,
        bandwidth,
        weights_gb=weights,
        cache_mb=cache,
        active_fraction=active,
        expert_fraction=experts,
        gflop_per_token=gflop,
        tflops=tflops,
    )
    assert 0 < total <= bandwidth / (cache / 1e3) * (1 + 1e-9)
    assert total <= tflops * 1e3 / gflop * (1 + 1e-9)


@given(counts, positive, positive, positive, shares)
def test_more_sequences_never_get_fewer_tokens_in_all(
    sequences: int, bandwidth: float, weights: float, cache: float, active: float
) -> None:
    fewer, more = tokens_per_s(
        [sequences, sequences + 1],
        bandwidth,
        weights_gb=weights,
        cache_mb=cache,
        active_fraction=active,
    )
    assert fewer <= more * (1 + 1e-9)


@given(counts, shares, shares)
def test_share_of_parameters_lies_between_the_active_ones_and_all(
    sequences: int, active: float, experts: float
) -> None:
    share = parameters_read(sequences, active, expert_fraction=experts)
    assert active * (1 - 1e-9) <= share <= 1


@given(positive, positive, positive)
def test_sequences_fit_and_one_more_would_not(memory: float, weights: float, cache: float) -> None:
    sequences = whole_sequences(memory, weights_gb=weights, cache_mb=cache)
    room = (memory - weights) * 1e3
    assert sequences == 0 or sequences * cache <= room * (1 + 1e-9)
    assert room < 0 or (sequences + 1) * cache >= room * (1 - 1e-9)
