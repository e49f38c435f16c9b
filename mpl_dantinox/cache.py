"""Bytes of the KV cache of one sequence."""

import os
from collections.abc import Mapping
from typing import Any

from mpl_dantinox.model_config import cached_layers, read_config
from mpl_dantinox.units import UNITS

__all__ = ["kv_cache_mb"]


def kv_cache_mb(
    config: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    *,
    tokens: int,
    layers: int | None = None,
    kv_heads: int | None = None,
    head_dim: int | None = None,
    latent_dim: int | None = None,
    rope_dim: int | None = None,
    window: int | None = None,
    kv_layers: int | None = None,
    windowed_layers: int | None = None,
    bytes_per_value: float = 2,
) -> float:
    r"""Return the size of the KV cache of one sequence, in MB of 10^6 bytes.

    Parameters
    ----------
    config : mapping or path, optional
        A ``config.json`` as Hugging Face models have it, or its contents. What it says of windows,
        of layers without attention and of layers that share a cache is heeded; of models that read
        images or sound too, the language model counts. A mapping may also use the names below.
    tokens : int
        How many tokens the sequence has, :math:`n`.
    layers : int
        How many layers there are.
    kv_heads, head_dim : int
        The heads of keys and values, :math:`h`, and the width of one, :math:`d`: as many heads as
        queries have in MHA, fewer in GQA, one in MQA.
    latent_dim, rope_dim : int
        The widths of the latent, :math:`c`, and of the rotary key, :math:`r`, that MLA keeps in
        place of keys and values; *rope_dim* is 0 by default.
    window : int, optional
        How many tokens a layer with a sliding window keeps, :math:`w`.
    kv_layers : int, optional
        How many layers keep a cache of their own, neither without attention nor reading another's.
    windowed_layers : int, optional
        How many of these have the window; by default all if there is a window.
    bytes_per_value : float, default: 2
        2 for bfloat16 and float16, 1 for 8-bit caches.

    Returns
    -------
    float
        The cache in MB, which grows with *tokens* until the windows are full.

    Raises
    ------
    TypeError
        If both a configuration and numbers are given.
    ValueError
        If a number is missing or cannot be, or if the cache is of a kind that is not known.

    Notes
    -----
    For each of its last :math:`\min(n, w)` tokens, a layer keeps :math:`2 h d` values, or
    :math:`c + r` with MLA (`DeepSeek-V2 <https://arxiv.org/abs/2405.04434>`__, Table 1). The states
    of recurrent layers, whose size does not grow with the tokens, are not counted, nor are the keys
    by which an indexer chooses what sparse attention reads.

    Examples
    --------
    DeepSeek-V3 (MLA), whose cache DeepSeek-AI print as 70.272 KB a token:

    >>> kv_cache_mb(tokens=1, layers=61, latent_dim=512, rope_dim=64)
    0.070272

    A configuration, here of Gemma 2 2B, half of whose layers keep 4,096 tokens:

    >>> gemma = {"model_type": "gemma2", "num_hidden_layers": 26, "num_attention_heads": 8,
    ...          "num_key_value_heads": 4, "head_dim": 256, "sliding_window": 4096}
    >>> kv_cache_mb(gemma, tokens=8192)
    654.311424
    """
    shape = {
        "layers": layers,
        "kv_heads": kv_heads,
        "head_dim": head_dim,
        "latent_dim": latent_dim,
        "rope_dim": rope_dim,
        "window": window,
        "kv_layers": kv_layers,
        "windowed_layers": windowed_layers,
    }
    given = {name: value for name, value in shape.items() if value is not None}
    if config is not None and given:
        raise TypeError(f"a configuration and {', '.join(given)} are given; expected either")
    if latent_dim and kv_heads:
        raise ValueError("latent_dim and kv_heads are given; expected either")
    if tokens < 0 or not bytes_per_value > 0:
        raise ValueError(
            f"tokens is {tokens} and bytes_per_value {bytes_per_value}; expected positive numbers"
        )
    layers_of = cached_layers(given if config is None else read_config(config))
    kept = sum(values * min(tokens, last) for values, last in layers_of)
    return kept * bytes_per_value / UNITS["MB"]
