"""How far a difference of two means, or a ratio of two geometric means, can be told.

Welch's t with the degrees of freedom that are right on average (B. L. Welch, "The generalization of
'Student's' problem when several different population variances are involved", *Biometrika* 34
(1947), 28), but never more than equal spreads would give: a small group beside a large one often
looks narrower than it is. Where nothing on the other side cancels the skewness of a sample the
interval reaches as far as P. Hall's transformation ("On the removal of skewness by transformation",
*J. R. Stat. Soc. B* 54 (1992), 221) says, if that is further. docs/comparisons.md has what was
measured.
"""

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

__all__ = ["MIN_RUNS", "Estimate", "Sample", "difference"]

#: With fewer runs than this a sample has no interval.
MIN_RUNS = 3

# As many times the runs on one side, or so much of the variance from one, and the skewness of the
# other is not cancelled.
_MANY_TIMES, _ONE_SIDED = 3, 0.95
# Beside a constant, so many of the degrees of freedom are counted.
_BESIDE_A_CONSTANT = 0.95
# So much of what may be false is the first's of two estimates.
_SHARE = 0.8
# Spreads smaller than this, relative to the values, are rounding.
_ROUNDING = 1e-12
# Beyond as many degrees of freedom Student's t is normal.
_NORMAL_DOF = 10_000
_ANGLES = np.linspace(0, np.pi / 2, 4097)


@dataclass(frozen=True)
class Sample:
    """What has to be known of a group's values: a few moments, however many there are.

    Attributes
    ----------
    n : float
        How many values the mean is of.
    mean : float
    variance : float
        Of the values, with n - 1 below it; 0 for a single value.
    third : float, default: 0
        Their third cumulant, which tells how skewed they are: n / (n - 1) / (n - 2) times the sum
        of the cubes of the differences from the mean. Only small samples need it.
    dof : float, optional
        Degrees of freedom of the variance; by default n - 1.
    """

    n: float
    mean: float
    variance: float
    third: float = 0.0
    dof: float | None = None

    @classmethod
    def of(cls, values: npt.ArrayLike) -> "Sample":
        """Return the moments of values, array-like of shape (n,) with n > 0.

        Examples
        --------
        >>> Sample.of([1.0, 2.0, 6.0])
        Sample(n=3, mean=3.0, variance=7.0, third=27.0, dof=None)
        """
        x = np.asarray(values, dtype=np.float64)
        n, mean = x.size, float(x.mean())
        apart = x - mean
        variance = float(apart @ apart) / max(n - 1, 1)
        third = n * float(np.sum(apart**3)) / ((n - 1) * (n - 2)) if n > 2 else 0.0
        if variance <= (_ROUNDING * mean) ** 2:
            return cls(n, mean, 0.0)
        return cls(n, mean, variance, third)


@dataclass(frozen=True)
class Estimate:
    """A difference, and how far it may be off.

    Attributes
    ----------
    value : float
    error : float
        The standard error of the value; 0 where it is exact.
    dof : float
        Degrees of freedom of the standard error.
    skewness : float, default: 0
        Of the estimate: its third cumulant by the third power of its standard error.
    also : Estimate, optional
        The same value with an error that is known in another way. Of both the clearer one counts,
        and pays for the choice by C. E. Bonferroni's inequality: four fifths of what may be false
        are this one's, one fifth is the other's.
    """

    value: float
    error: float
    dof: float
    skewness: float = 0.0
    also: "Estimate | None" = None

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the ends of the interval that has the true difference in it so often."""
        if self.also is not None:
            pairs = (replace(self, also=None), _SHARE), (self.also, 1 - _SHARE)
            both = [one.interval(1 - share * (1 - level)) for one, share in pairs]
            return min(both, key=lambda pair: pair[1] - pair[0])
        if not self.error:
            return self.value, self.value
        t = students_t(level, self.dof)
        low, high = -t, t
        g = self.skewness
        if abs(g) > 1e-9:
            ends = (3 / g * (np.cbrt(1 + g * (end - g / 6)) - 1) for end in (-t, t))
            low, high = min(low, next(ends)), max(high, next(ends))
        return self.value - float(high) * self.error, self.value - float(low) * self.error

    @property
    def p_value(self) -> float:
        """How often a difference as large comes out where there is none, on either side.

        At a level of 95 % the interval leaves out 0 where this is under 0.05.
        """
        if self.also is not None:
            own = replace(self, also=None).p_value
            return min(own / _SHARE, self.also.p_value / (1 - _SHARE), 1.0)
        if not self.error:
            return 0.0 if self.value else 1.0
        t, g = self.value / self.error, self.skewness
        untwisted = t + g * t**2 / 3 + g**2 * t**3 / 27 + g / 6
        return max(_tails(t, self.dof), _tails(untwisted, self.dof))


def difference(one: Sample, other: Sample) -> Estimate | None:
    """Estimate how much larger the mean of one group is than that of another.

    For the ratio of two geometric means, take samples of logarithms: the exponential of the
    difference is the ratio, and those of the ends of its interval the ratio's.

    Parameters
    ----------
    one, other : Sample
        Of independent values. Runs that repeat one configuration are not: see `blocks.units`.

    Returns
    -------
    Estimate, or None
        None where either has fewer than three values.

    Examples
    --------
    >>> faster = difference(Sample.of([10, 11, 12]), Sample.of([7, 8, 9]))
    >>> faster.value, np.round(faster.interval(), 2).tolist()
    (3.0, [0.73, 5.27])
    """
    below = np.array([s.n - 1 if s.dof is None else s.dof for s in (one, other)])
    value = one.mean - other.mean
    squares = np.array([one.variance / one.n, other.variance / other.n])
    error2, spread = float(squares.sum()), squares > 0
    if below.min() < MIN_RUNS - 1:
        return None
    if not error2:
        return Estimate(0.0 if abs(value) <= _ROUNDING * abs(one.mean) else value, 0.0, np.inf)
    dof = _BESIDE_A_CONSTANT * float(below[spread].min())
    if spread.all():
        right_on_average = error2**2 / float(np.sum(squares**2 / (below + 2))) - 2
        equal = 1 / np.array([one.n, other.n])
        of_equal_spreads = float(equal.sum() ** 2 / np.sum(equal**2 / below))
        dof = max(float(below.min()), min(right_on_average, of_equal_spreads))
    many, few = max(one.n, other.n), min(one.n, other.n)
    skewness = 0.0
    if many >= _MANY_TIMES * few or squares.max() > _ONE_SIDED * error2:
        skewness = (one.third / one.n**2 - other.third / other.n**2) / error2**1.5
    return Estimate(value, error2**0.5, dof, skewness)


def students_t(level: float, dof: float) -> float:
    """Return the number that Student's t stays under, on both sides, so often.

    Examples
    --------
    >>> round(students_t(0.95, 4), 3)
    2.776
    """
    if dof > _NORMAL_DOF:
        return NormalDist().inv_cdf((1 + level) / 2)
    return float(np.sqrt(dof) * np.tan(np.interp(level, _levels(dof), _ANGLES)))


def _tails(t: float, dof: float) -> float:
    """Return how often Student's t is at least so far from 0."""
    if dof > _NORMAL_DOF:
        return 2 * NormalDist().cdf(-abs(t))
    angle = np.arctan(abs(t) / np.sqrt(dof))
    return float(1 - np.interp(angle, _ANGLES, _levels(dof)))


def _levels(dof: float) -> npt.NDArray[np.float64]:
    """Return how often t stays under the square root of dof times the tangent of each angle.

    The density of that angle is proportional to the power dof - 1 of its cosine.
    """
    density = np.cos(_ANGLES).clip(0) ** (dof - 1)
    total = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    return np.asarray(total / total[-1])
