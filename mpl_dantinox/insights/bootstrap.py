"""Bootstrap intervals: how far a median could have come out otherwise.

The percentile bootstrap of Efron and Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 13.
A sample too large for it is thinned, and the spread of the smaller sample's medians is scaled by
the square root of the two sizes' ratio (Bickel, Götze and van Zwet, Statistica Sinica 7, 1997).
"""

import numpy as np
import numpy.typing as npt

__all__ = ["MIN_RUNS", "resampled"]

#: With fewer runs than this there is no interval.
MIN_RUNS = 3

_DRAWS = 2000
_MOST = 400
_SEED = 20260101


def resampled(
    sample: npt.NDArray[np.float64], stream: str, *, center: str = "median"
) -> npt.NDArray[np.float64] | None:
    """Return the medians or means of samples drawn from a sample, the same ones every time.

    Parameters
    ----------
    sample : array of shape (n, k)
        A row per run; its order does not matter. Rows are drawn whole.
    stream : str
        A name; samples of different names are drawn independently.
    center : {"median", "mean"}

    Returns
    -------
    array of shape (2000, k), or None
        None with fewer than three runs.

    Examples
    --------
    >>> import numpy as np
    >>> medians = resampled(np.arange(30.0).reshape(30, 1), "MLA")
    >>> np.quantile(medians, [0.025, 0.975]).tolist()
    [9.0, 19.5]
    """
    n = len(sample)
    if n < MIN_RUNS:
        return None
    sample = sample[np.lexsort(sample.T[::-1])]
    middle = np.median if center == "median" else np.mean
    whole = middle(sample, axis=0)
    if n > _MOST:
        # Evenly spaced in the sorted sample, so that the thinned one has the same quantiles.
        sample = sample[np.linspace(0, n - 1, _MOST).round().astype(np.intp)]
    rng = np.random.default_rng([_SEED, *stream.encode()])
    draws = rng.integers(len(sample), size=(_DRAWS, len(sample)))
    centers: npt.NDArray[np.float64] = middle(sample[draws], axis=1)
    return centers if n <= _MOST else whole + (centers - whole) * np.sqrt(_MOST / n)
