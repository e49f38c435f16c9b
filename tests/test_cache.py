"""The bytes of KV caches: what papers print, and what configurations say of layers."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpl_dantinox.cache import kv_cache_mb

LLAMA_8B = {
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "hidden_size": 4096,
}  # fmt: skip
LLAMA_70B = LLAMA_8B | {
    "num_hidden_layers": 80, "num_attention_heads": 64, "hidden_size": 8192
}  # fmt: skip
LLAMA_405B = LLAMA_8B | {
    "num_hidden_layers": 126, "num_attention_heads": 128, "hidden_size": 16384
}  # fmt: skip
MISTRAL_7B = LLAMA_8B | {"head_dim": 128, "sliding_window": None}
MIXTRAL_8X22B = LLAMA_8B | {
    "num_hidden_layers": 56, "num_attention_heads": 48, "hidden_size": 6144, "sliding_window": None,
}  # fmt: skip
MISTRAL_LARGE_2 = LLAMA_8B | {
    "num_hidden_layers": 88, "num_attention_heads": 96, "hidden_size": 12288, "head_dim": 128,
}  # fmt: skip
JAMBA_MINI = LLAMA_8B | {"attn_layer_period": 8, "attn_layer_offset": 4}
JAMBA_LARGE = JAMBA_MINI | {
    "num_hidden_layers": 72, "num_attention_heads": 64, "hidden_size": 8192
}  # fmt: skip
QWEN_72B = LLAMA_70B | {
    "use_sliding_window": False, "sliding_window": 131072, "max_window_layers": 80
}  # fmt: skip
OPT_13B = {"num_hidden_layers": 40, "num_attention_heads": 40, "hidden_size": 5120}
DEEPSEEK_V3 = {
    "num_hidden_layers": 61, "num_attention_heads": 128, "num_key_value_heads": 128,
    "hidden_size": 7168, "kv_lora_rank": 512, "qk_rope_head_dim": 64, "v_head_dim": 128,
}  # fmt: skip
DEEPSEEK_V2 = DEEPSEEK_V3 | {"num_hidden_layers": 60, "hidden_size": 5120}
DEEPSEEK_V2_LITE = DEEPSEEK_V3 | {
    "num_hidden_layers": 27, "num_attention_heads": 16, "num_key_value_heads": 16,
    "hidden_size": 2048,
}  # fmt: skip

INSIGHTS = "Insights into DeepSeek-V3, ISCA 2025, Table 1, https://arxiv.org/abs/2505.09343"
DEEPSEEK_V2_PAPER = "DeepSeek-V2, Table 7, https://arxiv.org/abs/2405.04434"
VLLM = "PagedAttention, SOSP 2023, section 3, https://arxiv.org/abs/2309.06180"
JAMBA = "Jamba-1.5, Table 1, https://arxiv.org/abs/2408.12570"
LLAMA_BLOG = "Hugging Face, Llama 3.1, https://huggingface.co/blog/llama31"

# A model, how many tokens, the number printed, its unit in bytes, and where it is printed.
PRINTED = {
    "DeepSeek-V3": (DEEPSEEK_V3, 1, "70.272", 1e3, INSIGHTS),
    "Qwen2.5 72B": (QWEN_72B, 1, "327.680", 1e3, INSIGHTS),
    "Llama 3.1 405B": (LLAMA_405B, 1, "516.096", 1e3, INSIGHTS),
    # Values, not bytes.
    "DeepSeek-V2-Lite": (DEEPSEEK_V2_LITE, 1, "15.6", 2e3, DEEPSEEK_V2_PAPER),
    "DeepSeek-V2": (DEEPSEEK_V2, 1, "34.6", 2e3, DEEPSEEK_V2_PAPER),
    "OPT-13B": (OPT_13B, 1, "800", 2**10, VLLM),
    "Mistral 7B": (MISTRAL_7B, 2**18, "32", 2**30, JAMBA),
    "Mixtral 8x7B": (MISTRAL_7B, 2**18, "32", 2**30, JAMBA),
    "Mixtral 8x22B": (MIXTRAL_8X22B, 2**18, "56", 2**30, JAMBA),
    "Mistral Large 2": (MISTRAL_LARGE_2, 2**18, "88", 2**30, JAMBA),
    "Llama 3.1 8B, 256K": (LLAMA_8B, 2**18, "32", 2**30, JAMBA),
    "Llama 3.1 70B, 256K": (LLAMA_70B, 2**18, "80", 2**30, JAMBA),
    "Jamba 1.5 Mini": (JAMBA_MINI, 2**18, "4", 2**30, JAMBA),
    "Jamba 1.5 Large": (JAMBA_LARGE, 2**18, "9", 2**30, JAMBA),
    "Llama 3.1 8B, 16k": (LLAMA_8B, 16_000, "1.95", 2**30, LLAMA_BLOG),
    "Llama 3.1 8B, 128k": (LLAMA_8B, 128_000, "15.62", 2**30, LLAMA_BLOG),
    "Llama 3.1 70B, 16k": (LLAMA_70B, 16_000, "4.88", 2**30, LLAMA_BLOG),
    "Llama 3.1 70B, 128k": (LLAMA_70B, 128_000, "39.06", 2**30, LLAMA_BLOG),
}


@pytest.mark.parametrize("model", PRINTED)
def test_cache_is_what_is_printed_to_the_digit(model: str) -> None:
    config, tokens, printed, unit, _ = PRINTED[model]
    decimals = len(printed.partition(".")[2])
    assert f"{kv_cache_mb(config, tokens=tokens) * 1e6 / unit:.{decimals}f}" == printed


def test_rolling_window_of_mistral_is_an_eighth_at_32k_tokens() -> None:
    # Mistral 7B, section 2, https://arxiv.org/abs/2310.06825
    windowed = kv_cache_mb(MISTRAL_7B | {"sliding_window": 4096}, tokens=32768)
    assert kv_cache_mb(MISTRAL_7B, tokens=32768) / windowed == 8


def test_full_attention_in_a_quarter_of_the_layers_saves_75_per_cent() -> None:
    # Kimi Linear, abstract, https://arxiv.org/abs/2510.26692
    every = DEEPSEEK_V3 | {"num_hidden_layers": 28}
    kimi = every | {"linear_attn_config": {"full_attn_layers": [4, 8, 12, 16, 20, 24, 28]}}
    assert kv_cache_mb(kimi, tokens=10**6) == 0.25 * kv_cache_mb(every, tokens=10**6)


# Values of a token in every layer that keeps it, by way of one-byte values.


def values(config: dict[str, Any], tokens: int = 1) -> int:
    return round(kv_cache_mb(config, tokens=tokens, bytes_per_value=1) * 1e6)


SMALL = {"num_hidden_layers": 12, "num_attention_heads": 4, "head_dim": 8}
HEAD = 2 * 4 * 8
LAYERS_OF_12 = {
    "all": ({}, 12),
    "layer_types, linear": ({"layer_types": ["linear_attention"] * 9 + ["full_attention"] * 3}, 3),
    "layers_block_type, mamba": ({"layers_block_type": ["mamba", "moe", "attention"] * 4}, 4),
    "hybrid_override_pattern": ({"hybrid_override_pattern": "M-M*-M-M-M*-"}, 2),
    "attn_layer_indices": ({"attn_layer_indices": [2, 5]}, 2),
    "full_attn_idxs": ({"full_attn_idxs": [2, 5]}, 2),
    "attn_type_list": ({"attn_type_list": [0, 0, 0, 1] * 3}, 3),
    "attn_layer_period": ({"attn_layer_period": 8, "attn_layer_offset": 4}, 1),
    "full_attention_interval": ({"full_attention_interval": 4}, 3),
    "layers that share the cache of others": ({"num_kv_shared_layers": 5}, 7),
    "cross-layer attention": ({"use_cla": True, "cla_share_factor": 2}, 6),
    "cross-layer attention unused": ({"use_cla": False, "cla_share_factor": 2}, 12),
    "our own words": ({"kv_layers": 7}, 7),
    "our own words, none": ({"kv_layers": 0}, 0),
}


@pytest.mark.parametrize("hybrid", LAYERS_OF_12)
def test_layers_without_a_cache_of_their_own_do_not_count(hybrid: str) -> None:
    told, layers = LAYERS_OF_12[hybrid]
    assert values(SMALL | told) == layers * HEAD


WINDOWED_OF_12 = {
    "sliding_window": ({"sliding_window": 10}, 12),
    "sliding_window of null": ({"sliding_window": None}, 0),
    "use_sliding_window": ({"sliding_window": 10, "use_sliding_window": False}, 0),
    "max_window_layers": (
        {"sliding_window": 10, "use_sliding_window": True, "max_window_layers": 8}, 4
    ),
    "layer_types": (
        {"sliding_window": 10, "layer_types": ["sliding_attention", "full_attention"] * 6}, 6
    ),
    "chunks": ({"attention_chunk_size": 10, "model_type": "llama4_text"}, 9),
    "Gemma 2": ({"sliding_window": 10, "model_type": "gemma2"}, 6),
    "Gemma 3": ({"sliding_window": 10, "sliding_window_pattern": 6}, 10),
    "Cohere 2": ({"sliding_window": 10, "model_type": "cohere2"}, 9),
    "hybrid_layer_pattern": ({"sliding_window": 10, "hybrid_layer_pattern": [0, 1, 1] * 4}, 8),
    "our own words": ({"window": 10, "windowed_layers": 5}, 5),
}  # fmt: skip


@pytest.mark.parametrize("hybrid", WINDOWED_OF_12)
def test_windowed_layers_keep_the_window(hybrid: str) -> None:
    told, windowed = WINDOWED_OF_12[hybrid]
    assert values(SMALL | told, tokens=100) == (windowed * 10 + (12 - windowed) * 100) * HEAD


@pytest.mark.parametrize("key", ["block_types", "_block_types"])
def test_recurrent_layers_keep_nothing_and_their_attention_a_window(key: str) -> None:
    griffin = SMALL | {key: ["recurrent", "recurrent", "attention"], "attention_window_size": 10}
    assert values(griffin, tokens=100) == 4 * 10 * HEAD


def test_kept_layers_are_windowed_where_a_window_is_all_that_is_told() -> None:
    assert values(SMALL | {"window": 10, "kv_layers": 3}, tokens=100) == 3 * 10 * HEAD


def test_layers_with_a_window_may_have_other_heads() -> None:
    mimo = SMALL | {
        "num_key_value_heads": 2, "v_head_dim": 6, "swa_num_key_value_heads": 4, "swa_head_dim": 16,
        "swa_v_head_dim": 10, "sliding_window": 10, "hybrid_layer_pattern": [0] + [1] * 11,
    }  # fmt: skip
    assert values(mimo, tokens=100) == 100 * 2 * (8 + 6) + 11 * 10 * 4 * (16 + 10)


def test_layers_that_see_every_token_may_have_other_heads() -> None:
    gemma = SMALL | {
        "num_key_value_heads": 2, "num_global_key_value_heads": 1, "global_head_dim": 16,
        "sliding_window": 10, "layer_types": ["sliding_attention"] * 11 + ["full_attention"],
    }  # fmt: skip
    assert values(gemma, tokens=100) == 11 * 10 * 2 * 2 * 8 + 100 * 2 * 16


KV_HEADS = {
    "one for each of the queries": ({}, 4),
    "grouped": ({"num_key_value_heads": 2}, 2),
    "ChatGLM": ({"multi_query_attention": True, "multi_query_group_num": 2}, 2),
    "Falcon 7B": ({"multi_query": True, "num_kv_heads": 4}, 1),
    "Falcon 40B": ({"multi_query": True, "num_kv_heads": 2, "new_decoder_architecture": True}, 2),
    "MPT": ({"attn_config": {"kv_n_heads": 2}}, 2),
}


@pytest.mark.parametrize("name", KV_HEADS)
def test_heads_of_keys_and_values_are_read_under_every_name(name: str) -> None:
    told, heads = KV_HEADS[name]
    assert values(SMALL | told) == 12 * 2 * heads * 8


def test_width_of_a_head_is_the_model_s_over_the_heads_unless_told() -> None:
    gpt = {"n_layer": 12, "n_head": 4, "n_embd": 40}
    assert (values(gpt), values(gpt | {"head_dim": 16})) == (12 * 2 * 40, 12 * 2 * 64)


@pytest.mark.parametrize("key", ["text_config", "llm_config", "language_config"])
def test_language_model_is_found_in_a_model_of_images(key: str) -> None:
    assert values({"hidden_size": 7, "vision_config": {"num_heads": 3}, key: SMALL}) == 12 * HEAD


def test_layers_are_as_many_as_are_listed_where_no_number_is_told() -> None:
    nemotron = {k: v for k, v in SMALL.items() if k != "num_hidden_layers"}
    assert values(nemotron | {"layers_block_type": ["mamba", "attention", "moe"]}) == HEAD


def test_configuration_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(DEEPSEEK_V3))
    assert kv_cache_mb(path, tokens=1) == kv_cache_mb(str(path), tokens=1) == 0.070272


def test_row_of_a_table_is_a_configuration() -> None:
    row = {"layers": np.int64(2), "kv_heads": 3.0, "head_dim": np.float64(4), "latent_dim": np.nan}
    assert values(row) == 2 * 2 * 3 * 4


# Properties


shapes = st.fixed_dictionaries(
    {
        "layers": st.integers(1, 200),
        "kv_heads": st.integers(1, 128),
        "head_dim": st.integers(1, 512),
    }
)


@given(shapes, st.integers(0, 10**7), st.integers(1, 10**7))
def test_window_never_costs_more_and_costs_nothing_until_it_is_full(
    shape: dict[str, Any], tokens: int, window: int
) -> None:
    whole = kv_cache_mb(**shape, tokens=tokens)
    windowed = kv_cache_mb(**shape, tokens=tokens, window=window)
    assert windowed == kv_cache_mb(**shape, tokens=min(tokens, window)) <= whole


@given(shapes, st.integers(0, 10**7))
def test_keywords_and_mapping_are_the_same(shape: dict[str, Any], tokens: int) -> None:
    assert kv_cache_mb(**shape, tokens=tokens) == kv_cache_mb(shape, tokens=tokens)


@given(shapes, st.integers(1, 10**7), st.sampled_from([0.5, 1, 2, 4]))
def test_cache_is_two_bytes_a_value_unless_told(
    shape: dict[str, Any], tokens: int, size: float
) -> None:
    told = kv_cache_mb(**shape, tokens=tokens, bytes_per_value=size)
    assert math.isclose(told, kv_cache_mb(**shape, tokens=tokens) * size / 2)


# Faults


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({}, "layers is missing: expected num_hidden_layers, .* or layers"),
        ({"layers": 2}, "kv_heads is missing: expected num_key_value_heads, .* or kv_heads"),
        ({"layers": 2, "kv_heads": 2}, "head_dim is missing: expected .* or head_dim"),
        (
            SMALL | {"windowed_layers": 3},
            "window is missing: expected sliding_window, .* or window",
        ),
        (
            SMALL | {"n_layer": 1, "num_hidden_layers": 1.5},
            "layers is 1.5; expected a whole number",
        ),
        (SMALL | {"num_hidden_layers": -1}, "layers is -1; expected none below zero"),
        (SMALL | {"num_key_value_heads": [1, 2]}, r"kv_heads is \[1, 2\]; expected a whole number"),
        (SMALL | {"layer_types": ["wkv"] * 12}, "layer_types has 'wkv'; known: full_attention"),
        (SMALL | {"compress_ratios": [4]}, "'compress_ratios': a cache that is not known"),
        (SMALL | {"block_configs": []}, "'block_configs': a cache that is not known"),
        (SMALL | {"kv_layers": 13}, "0 windowed layers of 13 kv_layers of 12 layers"),
    ],
)
def test_fault_names_what_is_wrong_and_what_was_expected(
    config: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        kv_cache_mb(config, tokens=1)


def test_configuration_and_numbers_are_not_mixed() -> None:
    with pytest.raises(TypeError, match="a configuration and layers are given; expected either"):
        kv_cache_mb(SMALL, tokens=1, layers=3)


def test_latent_and_heads_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="latent_dim and kv_heads are given; expected either"):
        kv_cache_mb(tokens=1, layers=3, kv_heads=2, latent_dim=512)


@pytest.mark.parametrize(("tokens", "size"), [(-1, 2), (1, 0), (1, math.nan)])
def test_sizes_that_cannot_be_are_refused(tokens: int, size: float) -> None:
    with pytest.raises(ValueError, match="expected positive numbers"):
        kv_cache_mb(SMALL, tokens=tokens, bytes_per_value=size)


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "config.json is no JSON"), ("[]", "holds a list; expected an object")],
)
def test_file_that_is_no_configuration_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        kv_cache_mb(path, tokens=1)
