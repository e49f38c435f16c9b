"""Bootstrap intervals: how far a median or a mean could have come out otherwise.

The percentile bootstrap of Efron and Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 13.
Large samples are not drawn from but have the distribution that drawing tends to: the mean is normal
(ch. 5), and the median is the value at a place in the sorted sample that is normal around the
middle with a standard deviation of half the square root of n (David and Nagaraja, *Order
Statistics* (2003), sec. 7.1).
"""

import numpy as np
import numpy.typing as npt

__all__ = ["MIN_RUNS", "MOST_DRAWN", "drawn", "means", "medians", "middle_places"]

#: With fewer runs than this there is no interval.
MIN_RUNS = 3
#: Samples of more runs than this are not drawn from.
MOST_DRAWN = 400

_DRAWS = 2000
_SEED = 20260101
# Places around the middle, in standard deviations, between which the values are interpolated.
_GRID = np.linspace(-4.5, 4.5, 37)


def drawn(
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
    >>> medians = drawn(np.arange(30.0).reshape(30, 1), "MLA")
    >>> np.quantile(medians, [0.025, 0.975]).tolist()
    [9.0, 19.5]
    """
    if len(sample) < MIN_RUNS:
        return None
    sample = sample[np.lexsort(sample.T[::-1])]
    draws = _generator(stream).integers(len(sample), size=(_DRAWS, len(sample)))
    middle = np.median if center == "median" else np.mean
    return np.column_stack([middle(column[draws], axis=1) for column in sample.T])


def middle_places(n: int) -> npt.NDArray[np.float64]:
    """Return the places in a sorted sample of n whose values `medians` takes."""
    places: npt.NDArray[np.float64] = np.clip((n - 1) / 2 + _GRID * np.sqrt(n) / 2, 0, n - 1)
    return places


def medians(
    values: npt.NDArray[np.float64], correlation: float, stream: str
) -> npt.NDArray[np.float64]:
    """Return pairs of medians of large samples, the same ones every time.

    Parameters
    ----------
    values : array of shape (m, 2)
        The two quantities at `middle_places`.
    correlation : float
        Of the signs of both quantities' differences from their medians, over runs.
    stream : str
        As for `drawn`.

    Returns
    -------
    array of shape (2000, 2)
    """
    one, other = _generator(stream).standard_normal((2, _DRAWS))
    other = correlation * one + np.sqrt(max(1 - correlation**2, 0)) * other
    drawn_pairs = [np.interp(z, _GRID, v) for z, v in zip((one, other), values.T, strict=True)]
    return np.column_stack(drawn_pairs)


def means(n: int, mean: float, deviation: float, stream: str) -> npt.NDArray[np.float64]:
    """Return means of samples of n, of that mean and standard deviation; shape (2000, 1)."""
    z = _generator(stream).standard_normal((_DRAWS, 1))
    drawn_means: npt.NDArray[np.float64] = mean + deviation / np.sqrt(n) * z
    return drawn_means


def _generator(stream: str) -> np.random.Generator:
    return np.random.default_rng([_SEED, *stream.encode()])
