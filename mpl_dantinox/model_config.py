"""What each layer of a language model caches, read from its configuration."""

import json
import math
import numbers
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

__all__ = ["cached_layers", "read_config"]

Config = Mapping[str, Any]
_Kind = Literal["full", "windowed", "none"]

# What configurations call a number; the last is our own word for it.
_NAMES = {
    "layers": ("num_hidden_layers", "n_layer", "num_layers", "n_layers", "layers"),
    "heads": ("num_attention_heads", "n_head", "num_heads", "n_heads", "heads"),
    "kv_heads": (
        "num_key_value_heads", "num_kv_heads", "n_head_kv", "kv_n_heads", "multi_query_group_num",
        "kv_heads",
    ),
    "hidden": ("hidden_size", "n_embd", "d_model"),
    "head_dim": ("attention_head_dim", "kv_channels", "head_dim"),
    "latent_dim": ("kv_lora_rank", "latent_dim"),
    "rope_dim": ("qk_rope_head_dim", "rope_dim"),
    "window": (
        "sliding_window", "sliding_window_size", "attention_window_size", "attention_chunk_size",
        "window",
    ),
}  # fmt: skip

# The heads of hybrids whose layers have different ones: keys and values, widths of either.
_HEADS_APART = {
    "full": ("num_global_key_value_heads", "global_head_dim", "global_v_head_dim"),
    "windowed": ("swa_num_key_value_heads", "swa_head_dim", "swa_v_head_dim"),
}

# The parts of a configuration that describe the language model, where images or sound are read too.
_LANGUAGE = ("text_config", "llm_config", "language_config", "thinker_config")

# Caches that are compressed along the tokens, and layers that differ in ways of their own.
_UNKNOWN = ("compress_ratios", "block_configs")

# What configurations call the kinds of layers.
_KINDS: dict[str, _Kind] = {
    **dict.fromkeys(("full_attention", "attention", "hybrid"), "full"),
    **dict.fromkeys(("sliding_attention", "chunked_attention"), "windowed"),
    **dict.fromkeys(("linear_attention", "mamba", "recurrent", "conv", "moe", "mlp"), "none"),
}

# The keys under which the kinds of all layers, or of the first few that come again, are listed, and
# what attention is there: in recurrent blocks all of it has a window.
_LISTS: dict[str, _Kind] = {
    **dict.fromkeys(("layer_types", "layers_block_type"), "full"),
    **dict.fromkeys(("block_types", "_block_types"), "windowed"),
}

# Other keys that say whether a layer, counted from 0, sees every token, and what it is if not.
_PATTERNS: dict[str, tuple[Callable[[Any, int, Config], bool], _Kind]] = {
    "hybrid_override_pattern": (lambda said, i, _: said[i] == "*", "none"),
    "hybrid_layer_pattern": (lambda said, i, _: not said[i], "windowed"),
    "attn_layer_indices": (lambda said, i, _: i in said, "none"),
    "full_attn_idxs": (lambda said, i, _: i in said, "none"),
    "attn_type_list": (lambda said, i, _: said[i] == 1, "none"),
    "attn_layer_period": (lambda n, i, c: i % n == c.get("attn_layer_offset", 0), "none"),
    "full_attention_interval": (lambda n, i, _: (i + 1) % n == 0, "none"),
    "linear_attn_config": (lambda said, i, _: i + 1 in said["full_attn_layers"], "none"),
    "sliding_window_pattern": (lambda n, i, _: (i + 1) % n == 0, "windowed"),
}

# One layer in so many sees every token, for models whose configuration may leave it to their code.
_FULL_EVERY = {"gemma2": 2, "gemma3": 6, "gemma3_text": 6, "cohere2": 4, "llama4_text": 4}


def read_config(config: Config | str | os.PathLike[str]) -> Config:
    """Return a configuration as a mapping, from the path of its JSON file or as it is."""
    if isinstance(config, Mapping):
        return config
    try:
        read = json.loads(Path(config).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{os.fspath(config)} is no JSON: {error}") from error
    if not isinstance(read, Mapping):
        raise ValueError(f"{os.fspath(config)} holds a {type(read).__name__}; expected an object")
    return read


def cached_layers(config: Config) -> list[tuple[int, float]]:
    """Return how many values each layer keeps, and of how many of the last tokens.

    A configuration is a ``config.json``, or the same under the keywords of `kv_cache_mb`. Layers
    that keep none are left out. ValueError says which number is missing or is none, or that the
    cache is of a kind that is not known here.

    Examples
    --------
    >>> cached_layers({"n_layer": 2, "n_head": 4, "n_embd": 256})
    [(512, inf), (512, inf)]
    """
    config = _language_model(config)
    if unknown := [key for key in _UNKNOWN if _get(config, key) is not None]:
        raise ValueError(f"the configuration has {unknown[0]!r}: a cache that is not known here")
    kinds = _layer_kinds(config)
    # Some layers read another layer's cache.
    kinds = kinds[: len(kinds) - _number(config, "num_kv_shared_layers", 0)]
    every = _number(config, "cla_share_factor", 0) if _get(config, "use_cla") else 0
    return [
        (_values(config, kind), math.inf if kind == "full" else _number(config, "window"))
        for kind in kinds[:: every or 1]
        if kind != "none"
    ]


def _language_model(config: Config) -> Config:
    for key in _LANGUAGE:
        if isinstance(config.get(key), Mapping):
            return _language_model(config[key])
    # MPT and DBRX have the heads of keys and values one level deeper.
    return {**config, **(config.get("attn_config") or {})}


def _layer_kinds(config: Config) -> list[_Kind]:
    """Return which layers keep a whole cache, a window of it, or none."""
    for key, attention in _LISTS.items():
        if (names := _get(config, key)) is not None:
            if unknown := sorted(set(names) - set(_KINDS)):
                raise ValueError(f"{key} has {unknown[0]!r}; known: {', '.join(_KINDS)}")
            kinds = _KINDS | {name: attention for name, kind in _KINDS.items() if kind == "full"}
            layers = _number(config, "layers", len(names))
            return [kinds[names[layer % len(names)]] for layer in range(layers)]
    layers = _number(config, "layers")
    for key, (is_full, other) in _PATTERNS.items():
        if (said := _get(config, key)) is not None:
            return ["full" if is_full(said, i, config) else other for i in range(layers)]
    has_window = _number(config, "window", 0) and _get(config, "use_sliding_window") is not False
    in_our_words = any(_get(config, key) is not None for key in ("kv_layers", "windowed_layers"))
    every = _FULL_EVERY.get(str(_get(config, "model_type")))
    if has_window and every and not in_our_words:
        return ["windowed" if (i + 1) % every else "full" for i in range(layers)]
    # Qwen's lower layers see every token where the upper have a window.
    lower = _number(config, "max_window_layers", 0) if _get(config, "use_sliding_window") else 0
    kept = _number(config, "kv_layers", layers)
    windowed = _number(config, "windowed_layers", max(kept - lower, 0) if has_window else 0)
    if not windowed <= kept <= layers:
        raise ValueError(
            f"{windowed} windowed layers of {kept} kv_layers of {layers} layers; "
            "expected each to be at most the next"
        )
    return ["full" if i < kept - windowed else "windowed" for i in range(kept)]


def _values(config: Config, kind: _Kind) -> int:
    """Return how many values a layer keeps of a token."""
    if latent := _number(config, "latent_dim", 0):
        return latent + _number(config, "rope_dim", 0)
    heads_apart, key_dim_apart, value_dim_apart = _HEADS_APART[kind]
    heads = _number(config, heads_apart, 0) or _kv_heads(config)
    key_dim = _number(config, key_dim_apart, 0) or _head_dim(config)
    value_dim = _number(config, value_dim_apart, 0) or _number(config, "v_head_dim", 0) or key_dim
    return heads * (key_dim + value_dim)


def _kv_heads(config: Config) -> int:
    if _get(config, "multi_query") and not _get(config, "new_decoder_architecture"):
        return 1
    # As many as queries have, unless it is told.
    return (
        _number(config, "kv_heads", 0) or _number(config, "heads", 0) or _number(config, "kv_heads")
    )


def _head_dim(config: Config) -> int:
    hidden, heads = _number(config, "hidden", 0), _number(config, "heads", 0)
    return _number(config, "head_dim", hidden // heads if hidden and heads else None)


def _get(config: Config, name: str) -> Any:
    """Return what a configuration has under any name of a number, or None."""
    for key in _NAMES.get(name, (name,)):
        value = config.get(key)
        # An empty cell of a table is no number.
        if value is not None and value == value:
            return value
    return None


def _number(config: Config, name: str, default: int | None = None) -> int:
    """Return a whole number; without a default it has to be there."""
    value = _get(config, name)
    if value is None:
        value = default
    if value is None:
        *others, last = _NAMES[name]
        raise ValueError(f"{name} is missing: expected {', '.join(others)} or {last}")
    # Cells of a table are numpy's numbers.
    is_whole = isinstance(value, numbers.Real) and not isinstance(value, bool) and not value % 1
    if not is_whole or value < 0:
        expected = "none below zero" if is_whole else "a whole number"
        raise ValueError(f"{name} is {value!r}; expected {expected}")
    return int(value)
