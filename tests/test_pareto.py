"""The Pareto front: against brute force, against moocore, and where rules are easily broken."""

import itertools
from collections.abc import Callable

import moocore
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import ArrayLike

from mpl_dantinox.pareto import Sense, dominated, pareto_front

Point = tuple[float, float]
Vector = np.ndarray
Points = tuple[Vector, Vector]
Strategy = st.SearchStrategy

SENSES = list(itertools.product(("min", "max"), repeat=2))
# Few values, so that ties and duplicates are common, and everything that is not a number.
AWKWARD = st.sampled_from([-np.inf, -2.0, -1.0, -0.0, 0.0, 1.0, 1.5, 2.0, 1e300, np.inf, np.nan])
FLOATS = st.one_of(AWKWARD, st.floats(allow_subnormal=False))


def vectors(dtype: type, elements: Strategy) -> Strategy:
    """Pairs of vectors of one length."""
    return st.integers(0, 40).flatmap(
        lambda n: st.tuples(*[npst.arrays(dtype, n, elements=elements)] * 2)
    )


def integers_of(dtype: type) -> Strategy:
    info = np.iinfo(dtype)
    edges = st.sampled_from([info.min, info.min + 1, 0, 1, 2, info.max - 1, info.max])
    return st.one_of(edges, st.integers(info.min, info.max))


def better(a: float, b: float, sense: str) -> bool:
    return a < b if sense == "min" else a > b


def dominates(p: Point, q: Point, sense: Sense) -> bool:
    no_worse = not any(better(b, a, s) for a, b, s in zip(p, q, sense, strict=True))
    return no_worse and any(better(a, b, s) for a, b, s in zip(p, q, sense, strict=True))


def brute_force(x: Vector, y: Vector, sense: Sense, duplicates: str = "all") -> list[int]:
    points = [(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    finite = [i for i, point in enumerate(points) if np.isfinite(point).all()]
    front = [i for i in finite if not any(dominates(points[j], points[i], sense) for j in finite)]
    if duplicates == "first":
        front = [i for k, i in enumerate(front) if points[i] not in [points[j] for j in front[:k]]]
    return sorted(front, key=lambda i: (points[i][0], i))


@given(vectors(float, FLOATS), st.sampled_from(SENSES), st.sampled_from(["all", "first"]))
def test_front_is_that_of_brute_force(points: Points, sense: Sense, duplicates: str) -> None:
    x, y = points
    expected = brute_force(x, y, sense, duplicates)
    assert pareto_front(x, y, sense=sense, duplicates=duplicates).tolist() == expected


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
@given(st.data(), st.sampled_from(SENSES))
def test_front_of_integers_is_that_of_brute_force(
    dtype: type, data: st.DataObject, sense: Sense
) -> None:
    x, y = data.draw(vectors(dtype, integers_of(dtype)))
    assert pareto_front(x, y, sense=sense).tolist() == brute_force(x, y, sense)


@given(vectors(np.float32, st.floats(width=32)), st.sampled_from(SENSES))
def test_front_of_single_precision_is_that_of_brute_force(points: Points, sense: Sense) -> None:
    assert pareto_front(*points, sense=sense).tolist() == brute_force(*points, sense)


@given(vectors(bool, st.booleans()), st.sampled_from(SENSES))
def test_front_of_truth_values_is_that_of_brute_force(points: Points, sense: Sense) -> None:
    assert pareto_front(*points, sense=sense).tolist() == brute_force(*points, sense)


@given(vectors(float, st.sampled_from([0.0, 1.0, 2.0, 3.5, 1e9])), st.sampled_from(SENSES))
def test_front_is_that_of_moocore(points: Points, sense: Sense) -> None:
    x, y = points
    maximise = [s == "max" for s in sense]
    mask = moocore.is_nondominated(np.c_[x, y], maximise=maximise, keep_weakly=True)
    assert sorted(pareto_front(x, y, sense=sense)) == np.flatnonzero(mask).tolist()


@given(vectors(float, FLOATS), st.sampled_from(SENSES))
def test_a_point_is_dominated_exactly_if_it_is_finite_and_not_on_the_front(
    points: Points, sense: Sense
) -> None:
    x, y = points
    front = np.zeros(x.size, dtype=bool)
    front[pareto_front(x, y, sense=sense)] = True
    finite = np.isfinite(x) & np.isfinite(y)
    assert dominated(x, y, x, y, sense=sense).tolist() == (finite & ~front).tolist()


@given(vectors(float, FLOATS), vectors(float, FLOATS), st.sampled_from(SENSES))
def test_dominated_is_that_of_brute_force(points: Points, others: Points, sense: Sense) -> None:
    points_list = list(zip(*(v.tolist() for v in points), strict=True))
    others_list = [
        p for p in zip(*(v.tolist() for v in others), strict=True) if np.isfinite(p).all()
    ]
    expected = [
        bool(np.isfinite(p).all()) and any(dominates(q, p, sense) for q in others_list)
        for p in points_list
    ]
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
