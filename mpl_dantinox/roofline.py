r"""How many tokens a second a device could serve at most, by what it reads and what it computes.

Beside weights of :math:`W` bytes a memory of :math:`M` holds :math:`B = \lfloor (M - W) / c
\rfloor` sequences, whose caches take :math:`c` each. A step gives each of them a token. It is over
no sooner than the weights that its tokens use and all caches are read, at the bandwidth
:math:`\beta`, nor than its operations are done, :math:`f` for each token at the peak :math:`\pi`
(`Williams et al. 2009 <https://doi.org/10.1145/1498765.1498785>`__, `Pope et al. 2022
<https://arxiv.org/abs/2211.05102>`__, section 2):

.. math:: \text{total} = \eta B \Big/ \max\left(\frac{W s(B) + B c}{\beta},\; \frac{B f}{\pi}\right)

No total is above :math:`\beta / c`, whatever the memory.

The share :math:`s` of the weights that a step reads is 1 for a dense model. Of a mixture, a given
expert is passed over by one token with the chance :math:`1 - e`, and by :math:`B` tokens, sent
independently and evenly, with :math:`(1 - e)^B` (W. Feller, *An Introduction to Probability Theory
and Its Applications*, volume 1, 1968, chapter IV: occupancy). What every token uses is :math:`u`,
where the share that one token uses is :math:`a = u + (1 - u) e`, so that

.. math:: s(B) = u + (1 - u) \left(1 - (1 - e)^B\right).

Experts that are chosen unevenly are fewer, so that this is the most that is expected.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mpl_dantinox.units import UNITS

__all__ = ["attention_gflop", "parameters_read", "tokens_per_s", "whole_sequences"]

Floats = NDArray[np.float64]


def whole_sequences(memory_gb: ArrayLike, *, weights_gb: ArrayLike, cache_mb: ArrayLike) -> Floats:
    r"""Return how many whole sequences fit beside the weights; none where these do not fit.

    Parameters
    ----------
    memory_gb, weights_gb : array_like
        The memory :math:`M` and the model's weights :math:`W`, in GB of 10^9 bytes.
    cache_mb : array_like
        The cache :math:`c` of one sequence, in MB of 10^6 bytes.

    Returns
    -------
    ndarray of float

    Examples
    --------
    >>> whole_sequences([24, 80], weights_gb=26, cache_mb=800)
    array([ 0., 67.])
    """
    room = (np.asarray(memory_gb, float) - weights_gb) * UNITS["GB"] / UNITS["MB"]
    # A cache that fills the room exactly fits, whatever the last bit of the quotient.
    fitting: Floats = np.floor(room / np.asarray(cache_mb, float) * (1 + 1e-12))
    return np.maximum(fitting, 0.0)


def tokens_per_s(
    sequences: ArrayLike,
    bandwidth_gb_s: ArrayLike,
    *,
    weights_gb: ArrayLike,
    cache_mb: ArrayLike,
    active_fraction: ArrayLike = 1.0,
    expert_fraction: ArrayLike | None = None,
    gflop_per_token: ArrayLike = 0.0,
    tflops: ArrayLike = np.inf,
    efficiency: ArrayLike = 1.0,
) -> Floats:
    r"""Return the most tokens a second that sequences decoded together can get, in all.

    Parameters
    ----------
    sequences : array_like
        How many sequences get a token in one step, :math:`B`.
    bandwidth_gb_s : array_like
        The device's bandwidth :math:`\beta`, in GB/s.
    weights_gb, cache_mb : array_like
        The model's weights :math:`W`, and the cache :math:`c` of one sequence, read for each token.
    active_fraction : array_like, default: 1
        The share :math:`a` of the parameters that one token uses.
    expert_fraction : array_like, optional
        The share :math:`e` of the experts that one token is sent to, as 8 of 256. By default it is
        *active_fraction*, as if every parameter were an expert's.
    gflop_per_token : array_like, default: 0
        The operations of one token :math:`f`, in 10^9: two for each active parameter, and those of
        `attention_gflop`.
    tflops : array_like, default: inf
        The device's peak :math:`\pi`, in 10^12 operations a second.
    efficiency : array_like, default: 1
        The share :math:`\eta` of bandwidth and peak that is reached: a measured speed of one
        sequence over what this function gives for one.

    Returns
    -------
    ndarray of float

    Examples
    --------
    The weights are read once for all, so that 64 sequences get much more than 64 times one:

    >>> tokens_per_s([1, 64], 3350, weights_gb=16, cache_mb=134).round()
    array([ 208., 8724.])
    """
    b = np.asarray(sequences, float)
    share = parameters_read(b, active_fraction, expert_fraction=expert_fraction)
    weights = np.asarray(weights_gb, float) * share
    caches = b * np.asarray(cache_mb, float) * UNITS["MB"] / UNITS["GB"]
    reading = (weights + caches) / np.asarray(bandwidth_gb_s, float)
    computing = b * np.asarray(gflop_per_token, float) / (np.asarray(tflops, float) * 1e3)
    seconds = np.maximum(reading, computing)
    total = np.divide(b, seconds, out=np.zeros(np.broadcast(b, seconds).shape), where=b > 0)
    return np.asarray(total * np.asarray(efficiency, float))


def parameters_read(
    sequences: ArrayLike, active_fraction: ArrayLike, *, expert_fraction: ArrayLike | None = None
) -> Floats:
    r"""Return the share :math:`s` of a model's parameters that a step of some sequences reads.

    The parameters are those of `tokens_per_s`.

    Returns
    -------
    ndarray of float
        From 0 for no sequence through *active_fraction* for one to 1 for many.

    Examples
    --------
    DeepSeek-V3 uses 37 of 671 billion parameters, and 8 of 256 experts:

    >>> parameters_read([1, 32, 1024], 37 / 671, expert_fraction=8 / 256).round(3)
    array([0.055, 0.647, 1.   ])
    """
    b, a = np.asarray(sequences, float), np.asarray(active_fraction, float)
    e = a if expert_fraction is None else np.minimum(np.asarray(expert_fraction, float), a)
    experts = np.divide(1 - a, 1 - e, out=np.zeros(np.broadcast(a, e).shape), where=e < 1)
    return np.where(b > 0, 1 - experts * (1 - e) ** b, 0.0)


def attention_gflop(
    tokens: ArrayLike, *, layers: ArrayLike, heads: ArrayLike, head_dim: ArrayLike
) -> Floats:
    r"""Return the operations of attention for one token, in 10^9: :math:`4 l h d n / 10^9`.

    They are a product and a sum for each value of keys, and of values (`Chowdhery et al. 2022
    <https://arxiv.org/abs/2204.02311>`__, appendix B).

    Parameters
    ----------
    tokens : array_like
        How many tokens :math:`n` there are to attend to.
    layers, heads, head_dim : array_like
        The layers :math:`l` that attend, the heads of queries :math:`h`, and the width of one
        :math:`d`: with MLA, which multiplies latents, the latent's and half the rotary key's.

    Returns
    -------
    ndarray of float

    Examples
    --------
    >>> attention_gflop([1024, 8192], layers=32, heads=32, head_dim=128).round(2)
    array([0.54, 4.29])
    """
    widths = np.asarray(layers) * np.asarray(heads) * np.asarray(head_dim)
    return np.asarray(4e-9 * widths * np.asarray(tokens, float), float)
