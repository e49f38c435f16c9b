"""What each layer of a language model caches, read from its configuration."""

import json
import math
import numbers
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

__all__ = ["CachedLayer", "cached_layers", "read_config"]

Config = Mapping[str, Any]
_Kind = Literal["full", "windowed", "none"]


class CachedLayer(NamedTuple):
    """What one layer keeps: *values* for each of the last *window* tokens."""

    values: int
    window: float


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

# The parts of a configuration that describe the language model, where images or sound are read too.
_LANGUAGE = ("text_config", "llm_config", "language_config", "thinker_config")

# What configurations call the kinds of layers.
_KINDS: dict[str, _Kind] = {
    **dict.fromkeys(("full_attention", "attention", "hybrid"), "full"),
    **dict.fromkeys(("sliding_attention", "chunked_attention"), "windowed"),
    **dict.fromkeys(("linear_attention", "mamba", "recurrent", "conv", "moe", "mlp"), "none"),
}

# The keys under which the kinds of all layers, or of the first few that come again, are listed.
_LISTS = ("layer_types", "layers_block_type", "block_types", "_block_types")

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

# Caches that are compressed along the tokens, and layers that differ in ways of their own.
_UNKNOWN = ("compress_ratios", "block_configs")

# The heads of hybrids whose layers have different ones: keys and values, widths of either.
_HEADS_APART = {
    "full": ("num_global_key_value_heads", "global_head_dim", "global_v_head_dim"),
    "windowed": ("swa_num_key_value_heads", "swa_head_dim", "swa_v_head_dim"),
}


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


def cached_layers(config: Config) -> Counter[CachedLayer]:
    """Return how many layers keep which cache; those that keep none are left out.

    Parameters
    ----------
    config : mapping
        The contents of a ``config.json``, or the same under the keywords of `kv_cache_mb`.

    Raises
    ------
    ValueError
        If a number is missing or is none, or if the cache is of a kind that is not known here.

    Examples
    --------
    >>> gpt = {"n_layer": 2, "n_head": 4, "n_embd": 256}
    >>> cached_layers(gpt)
    Counter({CachedLayer(values=512, window=inf): 2})
    """
    config = _language_model(config)
    if unknown := [key for key in _UNKNOWN if _get(config, key) is not None]:
        raise ValueError(f"the configuration has {unknown[0]!r}: a cache that is not known here")
    kinds = _without_shared(config, _layer_kinds(config))
    return Counter(_layer(config, kind) for kind in kinds if kind != "none")


def _language_model(config: Config) -> Config:
    for key in _LANGUAGE:
        if isinstance(config.get(key), Mapping):
            return _language_model(config[key])
    # MPT and DBRX have the heads of keys and values one level deeper.
    return {**config, **(config.get("attn_config") or {})}


# What a layer keeps


def _layer(config: Config, kind: _Kind) -> CachedLayer:
    window = math.inf if kind == "full" else _number(config, "window")
    latent = _optional(config, "latent_dim")
    if latent:
        return CachedLayer(latent + (_optional(config, "rope_dim") or 0), window)
    # Some hybrids have other heads in the layers that see every token, or in those that do not.
    heads_name, key_name, value_name = _HEADS_APART[kind]
    heads = _optional(config, heads_name) or _kv_heads(config)
    key_dim = _optional(config, key_name) or _head_dim(config)
    value_dim = _optional(config, value_name) or _optional(config, "v_head_dim") or key_dim
    return CachedLayer(heads * (key_dim + value_dim), window)


def _kv_heads(config: Config) -> int:
    if _get(config, "multi_query") and not _get(config, "new_decoder_architecture"):
        return 1
    return (
        _optional(config, "kv_heads") or _optional(config, "heads") or _number(config, "kv_heads")
    )


def _head_dim(config: Config) -> int:
    given, hidden, heads = (_optional(config, name) for name in ("head_dim", "hidden", "heads"))
    return hidden // heads if given is None and hidden and heads else _number(config, "head_dim")


# Which layers keep a whole cache, a window of it, or none


def _layer_kinds(config: Config) -> list[_Kind]:
    for key in _LISTS:
        if _get(config, key) is not None:
            return _listed_kinds(config, key)
    for key, (is_full, other) in _PATTERNS.items():
        if (said := _get(config, key)) is not None:
            layers = range(_number(config, "layers"))
            return ["full" if is_full(said, i, config) else other for i in layers]
    if any(_get(config, key) is not None for key in ("kv_layers", "windowed_layers")):
        return _counted_kinds(config)
    return _kinds_by_window(config)


def _listed_kinds(config: Config, key: str) -> list[_Kind]:
    names: Sequence[str] = config[key]
    if unknown := sorted(set(names) - set(_KINDS)):
        raise ValueError(f"{key} has {unknown[0]!r}; known: {', '.join(_KINDS)}")
    layers = _optional(config, "layers") or len(names)
    kinds = [_KINDS[names[layer % len(names)]] for layer in range(layers)]
    # All attention of recurrent blocks has a window.
    return ["windowed" if k == "full" else k for k in kinds] if "block_types" in key else kinds


def _counted_kinds(config: Config) -> list[_Kind]:
    layers = _number(config, "layers")
    kept = _whole("kv_layers", _get(config, "kv_layers") or layers)
    given = _get(config, "windowed_layers")
    if given is None:
        given = kept if _optional(config, "window") else 0
    windowed = _whole("windowed_layers", given)
    if not windowed <= kept <= layers:
        raise ValueError(
            f"{windowed} windowed layers of {kept} kv_layers of {layers} layers; "
            "expected each to be at most the next"
        )
    kinds: list[_Kind] = ["windowed"] * windowed
    return kinds + ["full"] * (kept - windowed)


def _kinds_by_window(config: Config) -> list[_Kind]:
    layers = _number(config, "layers")
    if not _optional(config, "window") or _get(config, "use_sliding_window") is False:
        return ["full"] * layers
    if every := _FULL_EVERY.get(str(_get(config, "model_type"))):
        return ["windowed" if (layer + 1) % every else "full" for layer in range(layers)]
    # Qwen's lower layers see every token where the upper have a window.
    full = _get(config, "max_window_layers") if _get(config, "use_sliding_window") else 0
    return ["full" if layer < (full or 0) else "windowed" for layer in range(layers)]


def _without_shared(config: Config, kinds: list[_Kind]) -> list[_Kind]:
    """Take out the layers that read another layer's cache."""
    last = _whole("num_kv_shared_layers", _get(config, "num_kv_shared_layers") or 0)
    every = _whole("cla_share_factor", _get(config, "cla_share_factor") or 1)
    return kinds[: len(kinds) - last][:: every if _get(config, "use_cla") else 1]


# Numbers


def _get(config: Config, name: str) -> Any:
    """Return what a configuration has under any name of a number, or None."""
    for key in _NAMES.get(name, (name,)):
        value = config.get(key)
        # An empty cell of a table is no number.
        if value is not None and value == value:
            return value
    return None


def _number(config: Config, name: str) -> int:
    value = _optional(config, name)
    if value is None:
        *others, last = _NAMES[name]
        raise ValueError(f"{name} is missing: expected {', '.join(others)} or {last}")
    return value


def _optional(config: Config, name: str) -> int | None:
    value = _get(config, name)
    return None if value is None else _whole(name, value)


def _whole(name: str, value: Any) -> int:
    # Cells of a table are numpy's numbers.
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or float(value) % 1:
        raise ValueError(f"{name} is {value!r}; expected a whole number")
    if value < 0:
        raise ValueError(f"{name} is {value!r}; expected none below zero")
    return int(float(value))
