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

__all__ = ["MIN_RUNS", "ROUNDING", "Estimate", "Sample", "difference", "students_t"]

#: With fewer runs than this a sample has no interval.
MIN_RUNS = 3
#: Spreads and differences smaller than this, relative to the values, are rounding.
ROUNDING = 1e-12

# As many times the runs on one side, or so much of the variance from one, and the skewness of the
# other is not cancelled. Then so many of the degrees of freedom are counted.
_MANY_TIMES, _ONE_SIDED, _SKEWED = 3, 0.95, 0.8
# So much of what may be false is the first's of two estimates.
_SHARE = 0.95
# Beyond as many degrees of freedom Student's t is normal.
_NORMAL_DOF = 10_000
_ANGLES = np.linspace(0, np.pi / 2, 4097)
_COSINES = np.cos(_ANGLES).clip(0)


@dataclass(frozen=True)
class Sample:
    """What has to be known of a group's values: a few moments, however many there are.

    The variance of n values has n - 1 below it, or `dof` where these are given. The third cumulant
    tells how skewed the values are, which matters for small samples.
    """

    n: float
    mean: float
    variance: float
    third: float = 0.0
    dof: float | None = None

    @classmethod
    def of(cls, values: npt.ArrayLike) -> "Sample":
        """Return the moments of one value or more.

        Examples
        --------
        >>> Sample.of([1.0, 2.0, 6.0])
        Sample(n=3, mean=3.0, variance=7.0, third=27.0, dof=None)
        """
        x = np.asarray(values, dtype=np.float64)
        n, mean = x.size, float(x.mean())
        apart = x - mean
        variance = float(apart @ apart) / max(n - 1, 1)
        if variance <= (ROUNDING * mean) ** 2:
            return cls(n, mean, 0.0)
        third = n * float(np.sum(apart**3)) / ((n - 1) * (n - 2)) if n > 2 else 0.0
        return cls(n, mean, variance, third)


@dataclass(frozen=True)
class Estimate:
    """A difference with its standard error, the degrees of freedom of that, and its skewness.

    `also` is the same value with an error that is known in another way. Of both the clearer one
    counts, and pays for the choice by C. E. Bonferroni's inequality: nearly all of what may be
    false is the first's.
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
        t, g = students_t(level, self.dof), self.skewness
        low, high = -t, t
        if abs(g) > 1e-9:
            ends = 3 / g * (np.cbrt(1 + g * (np.array([-t, t]) - g / 6)) - 1)
            low, high = min(low, float(ends[0])), max(high, float(ends[1]))
        return self.value - high * self.error, self.value - low * self.error

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
        return _tails(min(abs(t), abs(untwisted)), self.dof)


def difference(one: Sample, other: Sample) -> Estimate | None:
    """Estimate how much larger one group's mean is than another's; of fewer than 3 values, nothing.

    For the ratio of two geometric means, take samples of logarithms: the exponential of the
    difference is the ratio, and those of the ends of its interval the ratio's. Values are
    independent, which runs that repeat one configuration are not: see `blocks.units`.

    Examples
    --------
    >>> faster = difference(Sample.of([10, 11, 12]), Sample.of([7, 8, 9]))
    >>> faster.value, np.round(faster.interval(), 2).tolist()
    (3.0, [0.73, 5.27])
    """
    below = np.array([s.n - 1 if s.dof is None else s.dof for s in (one, other)])
    if below.min() < MIN_RUNS - 1:
        return None
    value = one.mean - other.mean
    squares = np.array([one.variance / one.n, other.variance / other.n])
    error2, spread = float(squares.sum()), squares > 0
    if not error2:
        return Estimate(0.0 if abs(value) <= ROUNDING * abs(one.mean) else value, 0.0, np.inf)
    many, few = max(one.n, other.n), min(one.n, other.n)
    share, skewness = 1.0, 0.0
    if many >= _MANY_TIMES * few or squares.max() > _ONE_SIDED * error2:
        skewness = (one.third / one.n**2 - other.third / other.n**2) / error2**1.5
        share = _SKEWED
    if not spread.all():
        return Estimate(value, error2**0.5, share * float(below[spread][0]), skewness)
    right_on_average = error2**2 / float(np.sum(squares**2 / (below + 2))) - 2
    equal = 1 / np.array([one.n, other.n])
    of_equal_spreads = float(equal.sum() ** 2 / np.sum(equal**2 / below))
    dof = max(float(below.min()), share * min(right_on_average, of_equal_spreads))
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
        return 2 * NormalDist().cdf(-t)
    angle = np.arctan(t / np.sqrt(dof))
    return float(1 - np.interp(angle, _ANGLES, _levels(dof)))


def _levels(dof: float) -> npt.NDArray[np.float64]:
    """Return how often t stays under the square root of dof times the tangent of each angle.

    The density of that angle is proportional to the power dof - 1 of its cosine.
    """
    density = _COSINES ** (dof - 1)
    total = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    return np.asarray(total / total[-1])
