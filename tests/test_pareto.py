"""The Pareto front: against brute force, against moocore, and where rules are easily broken."""

import itertools
import math
import re
from collections.abc import Callable, Iterator

import moocore
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import ArrayLike

from mpl_dantinox import pareto
from mpl_dantinox.pareto import Sense, check_sense, dominated, pareto_front

Point = tuple[float, float]
Vector = np.ndarray
Points = tuple[Vector, Vector]
Strategy = st.SearchStrategy

SENSES = list(itertools.product(("min", "max"), repeat=2))
LARGEST = np.finfo(float).max
# Few values, so that ties and duplicates are common, and everything that is not a number.
AWKWARD = st.sampled_from(
    [-np.inf, -LARGEST, -2.0, -1.0, -0.0, 0.0, 1.0, 1.5, 2.0, LARGEST, np.inf, np.nan]
)
FLOATS = st.one_of(AWKWARD, st.floats(allow_subnormal=False))


# So small that a few points go through every stage that is there for many.
SMALL_THRESHOLDS = {
    "_MANY": 4,
    "_SAMPLE_STEP": 2,
    "_SAMPLE": 6,
    "_CELLS": 5,
    "_CHUNK": 3,
}


# Of this scope a fixture is made anew for each test, and hypothesis accepts it.
@pytest.fixture(params=[{}, SMALL_THRESHOLDS], ids=["at once", "by stages"], scope="class")
def thresholds(request: pytest.FixtureRequest) -> Iterator[None]:
    """The thresholds as they are, and small ones."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in request.param.items():
            patch.setattr(pareto, name, value)
        yield


def vectors(dtype: type, elements: Strategy) -> Strategy:
    """Pairs of vectors of one length."""
    return st.integers(0, 20).flatmap(
        lambda n: st.tuples(*[npst.arrays(dtype, n, elements=elements)] * 2)
    )


def integers_of(dtype: type) -> Strategy:
    info = np.iinfo(dtype)
    edges = st.sampled_from([info.min, info.min + 1, 0, 1, 2, info.max - 1, info.max])
    return st.one_of(edges, st.integers(info.min, info.max))


def dominates(p: Point, q: Point, sense: Sense) -> bool:
    if sense[0] == "max":
        p, q = (-p[0], p[1]), (-q[0], q[1])
    if sense[1] == "max":
        p, q = (p[0], -p[1]), (q[0], -q[1])
    return p[0] <= q[0] and p[1] <= q[1] and p != q


def is_finite(p: Point) -> bool:
    return math.isfinite(p[0]) and math.isfinite(p[1])


def brute_force(x: Vector, y: Vector, sense: Sense, duplicates: str = "all") -> list[int]:
    points = [(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    finite = [i for i, point in enumerate(points) if is_finite(point)]
    front = [i for i in finite if not any(dominates(points[j], points[i], sense) for j in finite)]
    if duplicates == "first":
        front = [i for k, i in enumerate(front) if points[i] not in [points[j] for j in front[:k]]]
    return sorted(front, key=lambda i: (points[i][0], i))


@pytest.mark.usefixtures("thresholds")
@given(vectors(float, FLOATS), st.sampled_from(SENSES), st.sampled_from(["all", "first"]))
def test_front_is_that_of_brute_force(points: Points, sense: Sense, duplicates: str) -> None:
    x, y = points
    expected = brute_force(x, y, sense, duplicates)
    assert pareto_front(x, y, sense=sense, duplicates=duplicates).tolist() == expected


@pytest.mark.usefixtures("thresholds")
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
@given(st.data(), st.sampled_from(SENSES))
def test_front_of_integers_is_that_of_brute_force(
    dtype: type, data: st.DataObject, sense: Sense
) -> None:
    x, y = data.draw(vectors(dtype, integers_of(dtype)))
    assert pareto_front(x, y, sense=sense).tolist() == brute_force(x, y, sense)


@pytest.mark.usefixtures("thresholds")
@given(vectors(np.float32, st.floats(width=32)), st.sampled_from(SENSES))
def test_front_of_single_precision_is_that_of_brute_force(points: Points, sense: Sense) -> None:
    assert pareto_front(*points, sense=sense).tolist() == brute_force(*points, sense)


@pytest.mark.usefixtures("thresholds")
@given(vectors(bool, st.booleans()), st.sampled_from(SENSES))
def test_front_of_truth_values_is_that_of_brute_force(points: Points, sense: Sense) -> None:
    assert pareto_front(*points, sense=sense).tolist() == brute_force(*points, sense)


@pytest.mark.usefixtures("thresholds")
@given(vectors(float, st.sampled_from([0.0, 1.0, 2.0, 3.5, 1e9])), st.sampled_from(SENSES))
def test_front_is_that_of_moocore(points: Points, sense: Sense) -> None:
    x, y = points
    maximise = [s == "max" for s in sense]
    mask = moocore.is_nondominated(np.c_[x, y], maximise=maximise, keep_weakly=True)
    assert sorted(pareto_front(x, y, sense=sense)) == np.flatnonzero(mask).tolist()


def noise(n: int) -> Vector:
    return np.random.default_rng(n).standard_normal(n)


MANY = 20_000
X = np.random.default_rng(0).random(MANY)
CLOUDS = {
    "uniform": (X, noise(MANY)),
    "anti-correlated": (X, 0.1 * noise(MANY) - X),
    "all on the front": (X, -X),
    "all on the front, many times": (np.round(X, 3), -np.round(X, 3)),
    "all equal": (np.ones(MANY), np.ones(MANY)),
    "one x": (np.ones(MANY), X),
    "one y": (X, np.ones(MANY)),
    "over many decades": (np.exp(30 * X), np.exp(noise(MANY) - 30 * X)),
    "rounded": (np.round(X, 2), np.round(noise(MANY) - X, 1)),
    "in ascending order": (np.sort(X), noise(MANY) - np.sort(X)),
    "far from zero": (X + 1e12, noise(MANY) - X),
    "at the limits of the type": (
        1.7e308 * np.sign(X - 0.5) * X,
        1.7e308 * noise(MANY).clip(-1, 1),
    ),
    "crowded": (np.where(X < 0.5, X * 1e-14, X), -X),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("sense", SENSES)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_front_of_many_points_is_that_of_moocore(cloud: str, sense: Sense, dtype: type) -> None:
    with np.errstate(over="ignore"):
        x, y = (v.astype(dtype) for v in CLOUDS[cloud])
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = np.c_[x, y][finite].astype(float)
    maximise = [s == "max" for s in sense]
    mask = moocore.is_nondominated(points, maximise=maximise, keep_weakly=True)
    expected = finite[mask]
    expected = expected[np.lexsort((expected, x[expected]))]
    np.testing.assert_array_equal(pareto_front(x, y, sense=sense), expected)


@pytest.mark.parametrize("sense", SENSES)
def test_missing_values_among_many_points_change_nothing(sense: Sense) -> None:
    x, y = X.copy(), CLOUDS["anti-correlated"][1].copy()
    for missing, at in itertools.product((np.nan, np.inf, -np.inf), (0, 1, MANY // 2, MANY - 1)):
        x[at::1000], y[at + 7 :: 1000] = missing, missing
    present = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    expected = present[pareto_front(x[present], y[present], sense=sense)]
    np.testing.assert_array_equal(pareto_front(x, y, sense=sense), expected)


@pytest.mark.parametrize("sense", SENSES)
@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.uint64])
def test_front_of_many_integers_is_that_of_a_plain_sweep(dtype: type, sense: Sense) -> None:
    info = np.iinfo(dtype)
    x, y = np.random.default_rng(1).integers(info.min, info.max, (2, MANY), dtype, endpoint=True)
    keys = [~v if s == "max" else v for v, s in zip((x, y), sense, strict=True)]
    order = np.lexsort(keys[::-1])
    a, b = (key[order] for key in keys)
    lowest_before = np.minimum.accumulate(np.append(b[:1], b[:-1]))
    strict = np.append(True, (b < lowest_before)[1:])
    leader = np.maximum.accumulate(np.where(strict, np.arange(MANY), 0))
    expected = order[(a == a[leader]) & (b == b[leader])]
    expected = expected[np.lexsort((expected, x[expected]))]
    np.testing.assert_array_equal(pareto_front(x, y, sense=sense), expected)


def test_nearly_all_of_many_points_are_ruled_out_before_anything_is_sorted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sort, sizes = pareto._sorted_front, []
    monkeypatch.setattr(pareto, "_sorted_front", lambda x, y: sizes.append(x.size) or sort(x, y))
    pareto_front(*CLOUDS["anti-correlated"])
    assert max(sizes) < MANY / 5


@pytest.mark.usefixtures("thresholds")
@given(vectors(float, FLOATS), st.sampled_from(SENSES))
def test_a_point_is_dominated_exactly_if_it_is_finite_and_not_on_the_front(
    points: Points, sense: Sense
) -> None:
    x, y = points
    front = np.zeros(x.size, dtype=bool)
    front[pareto_front(x, y, sense=sense)] = True
    finite = np.isfinite(x) & np.isfinite(y)
    assert dominated(x, y, x, y, sense=sense).tolist() == (finite & ~front).tolist()


@pytest.mark.usefixtures("thresholds")
@given(vectors(float, FLOATS), vectors(float, FLOATS), st.sampled_from(SENSES))
def test_dominated_is_that_of_brute_force(points: Points, others: Points, sense: Sense) -> None:
    p, q = (list(zip(x.tolist(), y.tolist(), strict=True)) for x, y in (points, others))
    q = [b for b in q if is_finite(b)]
    expected = [is_finite(a) and any(dominates(b, a, sense) for b in q) for a in p]
    assert dominated(*points, *others, sense=sense).tolist() == expected


def test_a_point_that_ties_and_is_worse_is_not_on_the_front() -> None:
    assert pareto_front([1, 1, 2, 3], [5, 6, 5, 4]).tolist() == [0, 3]


def test_front_is_sorted_along_ascending_x_when_x_is_maximised() -> None:
    x = np.array([3.0, 1.0, 2.0])
    front = pareto_front(x, x[::-1] * 0 - x, sense=("max", "max"))
    assert x[front].tolist() == [1.0, 2.0, 3.0]


def test_equal_points_are_in_the_order_of_their_indices() -> None:
    assert pareto_front([2, 1, 2, 1, 2], [1, 2, 1, 2, 1]).tolist() == [1, 3, 0, 2, 4]


def test_first_of_equal_points_is_kept_alone() -> None:
    assert pareto_front([1, 0, 1, 0], [0, 1, 0, 1], duplicates="first").tolist() == [1, 0]


def test_infinitely_good_point_is_ignored() -> None:
    assert pareto_front([-np.inf, 1, 2], [0, 1, -np.inf]).tolist() == [1]


def test_masked_points_are_missing() -> None:
    x = np.ma.masked_array([1, 2, 3], mask=[True, False, False])
    assert pareto_front(x, [1, 2, 3]).tolist() == [1]


def test_none_is_missing() -> None:
    assert pareto_front([None, 1.0], [0.0, 1.0]).tolist() == [1]


def test_no_points_have_an_empty_front_of_indices() -> None:
    front = pareto_front([], [])
    assert (front.shape, front.dtype) == ((0,), np.intp)


def test_nothing_is_dominated_by_nothing() -> None:
    assert dominated([1, 2], [3, 4], [], []).tolist() == [False, False]


def test_integers_and_fractions_compare_when_maximised() -> None:
    assert dominated([1], [1], [1.5], [1.0], sense=("max", "max")).tolist() == [True]


def test_arguments_are_left_as_they_were() -> None:
    x, y = np.array([3.0, 1.0, np.nan]), np.array([1.0, 3.0, 0.0])
    before = x.copy(), y.copy()
    pareto_front(x, y, sense=("max", "max"))
    np.testing.assert_array_equal((x, y), before)


@pytest.mark.parametrize("function", [pareto_front, lambda *a, **k: dominated(*a, [1], [1], **k)])
@pytest.mark.parametrize(
    ("x", "y", "options", "error", "message"),
    [
        ([1, 2], [1], {}, ValueError, "x and y have 2 and 1 values"),
        ([[1, 2]], [1, 2], {}, ValueError, r"x has shape \(1, 2\)"),
        (1, [1], {}, ValueError, r"x has shape \(\)"),
        ([1], ["low"], {}, TypeError, "y is of type <U3; expected real numbers"),
        ([1j], [1], {}, TypeError, "x is of type complex128; expected real numbers"),
        (np.array(["2026-01-01"], "M8[D]"), [1], {}, TypeError, "x is of type datetime64"),
        ([object()], [1], {}, TypeError, "x holds objects; expected real numbers"),
        ([1], [1], {"sense": "min"}, ValueError, "sense is 'min'; expected a pair"),
        ([1], [1], {"sense": ("min", "low")}, ValueError, r"sense is \('min', 'low'\)"),
    ],
)
def test_wrong_arguments_are_named(
    function: Callable, x: ArrayLike, y: ArrayLike, options: dict, error: type, message: str
) -> None:
    with pytest.raises(error, match=message):
        function(x, y, **options)


def test_wrong_choice_of_duplicates_is_named() -> None:
    with pytest.raises(ValueError, match="duplicates is 'last'; expected 'all' or 'first'"):
        pareto_front([1], [1], duplicates="last")


@pytest.mark.parametrize("kind", [tuple, list, np.array])
@pytest.mark.parametrize("sense", SENSES)
def test_a_sense_may_be_any_pair(sense: Sense, kind: Callable) -> None:
    assert check_sense(kind(sense)) == sense


@pytest.mark.parametrize("sense", [None, 1, "min", ("min",), ["min", "up"], {"min": "max"}])
def test_what_is_no_sense_is_named(sense: object) -> None:
    message = f"sense is {sense!r}; expected a pair of 'min' or 'max', for x and for y"
    with pytest.raises(ValueError, match=re.escape(message)):
        check_sense(sense)
