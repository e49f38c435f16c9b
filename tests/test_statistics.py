"""What is told of differences holds as often as it says: known values, and simulated tables."""

import dataclasses
import itertools
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mpl_dantinox.statistics.blocks import Cells, matched, units
from mpl_dantinox.statistics.chance import front_by_chance
from mpl_dantinox.statistics.intervals import Estimate, Sample, difference, students_t
from mpl_dantinox.statistics.verdicts import contenders, dial_told, told

FILE = Path(__file__).parent.parent / "benchmarks" / "comparisons.py"
simulated = SimpleNamespace(**runpy.run_path(str(FILE)))

# A rate of 5 % of as many tables is off by 0.8 %, and by 0.5 %. Of many groups fewer tables do, for
# each has many comparisons.
FEW, MANY, OF_MANY_GROUPS = 800, 2000, 1000
EXHAUSTIVE = pytest.mark.exhaustive


def estimate(*values: list[float]) -> Estimate:
    found = difference(*map(Sample.of, values))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("level", "dof", "expected"),
    # NIST/SEMATECH e-Handbook of Statistical Methods, sec. 1.3.6.7.2.
    [(0.95, 2, 4.303), (0.95, 4, 2.776), (0.99, 3, 5.841), (0.998, 10, 4.144), (0.9, 100, 1.660),
     (0.95, 1e9, 1.960)],
)  # fmt: skip
def test_quantiles_of_students_t_are_those_of_the_tables(
    level: float, dof: float, expected: float
) -> None:
    assert students_t(level, dof) == pytest.approx(expected, abs=6e-4)


def test_welchs_t_is_that_of_a_worked_example() -> None:
    # Means 5 and 2, variances 2.5 and 1; right on average are 8.14 degrees, of equal spreads 8.
    found = estimate([3, 4, 5, 6, 7], [1, 2, 3, 1, 3])
    assert (found.value, found.error) == pytest.approx((3.0, 0.7**0.5))
    assert found.dof == pytest.approx(8)
    assert found.interval() == pytest.approx((3 - 2.306 * 0.7**0.5, 3 + 2.306 * 0.7**0.5), abs=5e-4)


def test_degrees_of_freedom_are_never_more_than_equal_spreads_would_give() -> None:
    narrow, wide = np.linspace(1, 1.1, 8), np.linspace(0, 10, 30)
    equal = (1 / 8 + 1 / 30) ** 2 / (1 / 64 / 7 + 1 / 900 / 29)
    # Of which a fifth is not counted where nothing cancels the skewness of the wide one.
    assert estimate(narrow, wide).dof == pytest.approx(0.8 * equal)
    assert estimate(narrow[:3], wide).dof == 2


@pytest.mark.parametrize("n", [1, 2])
def test_one_run_or_two_have_no_interval(n: int) -> None:
    assert difference(Sample.of([1.0] * n), Sample.of([1.0, 2.0, 3.0])) is None
    assert difference(Sample.of([1.0, 2.0, 3.0]), Sample.of([1.0] * n)) is None


def test_of_two_errors_the_smaller_counts_and_the_choice_is_paid_for() -> None:
    within, over = Estimate(2.0, 1.0, 30), Estimate(2.0, 0.05, 2)
    both = dataclasses.replace(within, also=over)
    assert both.interval() == pytest.approx(over.interval(0.9975))
    assert both.p_value == pytest.approx(over.p_value / 0.05)
    both = dataclasses.replace(within, also=Estimate(2.0, 1.0, 2))
    assert both.interval() == pytest.approx(within.interval(0.9525))
    assert both.p_value == pytest.approx(within.p_value / 0.95)


def test_a_difference_of_constants_is_exact() -> None:
    assert estimate([0.1] * 3, [0.3 - 0.2] * 3).interval() == (0.0, 0.0)
    found = estimate([2.0] * 3, [0.5] * 4)
    assert (found.interval(), found.p_value) == ((1.5, 1.5), 0.0)


@pytest.mark.parametrize("constant", [[5.0, 5.0, 5.0], [1.0, 4.0, 9.0, 5.0]])
def test_an_interval_leaves_out_nothing_exactly_where_the_p_value_is_small(
    constant: list[float],
) -> None:
    skewed = np.array([0.0, 0.1, 0.2, 0.4, 3.0])
    for shift in np.linspace(-8, 12, 81):
        found = estimate((skewed + shift).tolist(), constant)
        low, high = found.interval()
        assert (low <= 0 <= high) == (found.p_value >= 0.05)


def test_an_interval_reaches_further_on_the_side_of_the_long_tail() -> None:
    found = estimate([0.0, 0.1, 0.2, 0.4, 3.0], [0.0] * 3)
    low, high = found.interval()
    assert high - found.value > found.value - low


def test_holms_procedure_is_that_of_a_worked_example() -> None:
    p = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005, "e": None}
    assert [name for name, clear in told(p).items() if clear] == ["a", "d"]
    assert told({}) == {}


def test_an_order_waits_until_one_of_both_is_told_from_the_baseline() -> None:
    assert not any(told({"a": 0.03, "b": 0.03}, {("a", "b"): 0.001}).values())
    assert told({"a": 0.02, "b": 0.06}, {("a", "b"): 0.04}) == {
        "a": True, "b": False, ("a", "b"): True,
    }  # fmt: skip


def test_ratios_and_orders_share_what_can_still_be_true() -> None:
    p = {"a": 0.001, "b": 0.001, "c": 0.02, "d": 0.001}
    # With three told, of a fourth and of two orders three claims may be false.
    orders = {("a", "b"): 0.016, ("b", "d"): 0.017}
    assert [key for key, clear in told(p, orders).items() if clear] == ["a", "b", "d", ("a", "b")]
    assert told(p, {})["c"]


def shifted(*means: float, error: float = 1.0) -> Any:
    return lambda one, other: Estimate(means[one] - means[other], error, 60)


def test_a_best_inside_takes_more_where_no_effect_of_the_dial_is_told() -> None:
    weak, clear, off = (
        shifted(high, 0.0, high + end) for high, end in [(2.4, 0), (3, 0), (2.4, 2.2)]
    )
    for compare, expected in [
        (weak, (False, [0, 1, 2])),
        (clear, (False, [1])),
        # The other end is worse than this one already.
        (off, (True, [1])),
    ]:
        assert dial_told([0, 1, 2], compare(2, 0), compare, sense="min") == expected


def test_with_something_inside_an_effect_is_told_at_a_little_less() -> None:
    for n, is_told in [(2, True), (3, False)]:
        compare = shifted(*[0.0] * (n - 1), 2.01)
        assert 0.0485 < compare(n - 1, 0).p_value < 0.05
        assert dial_told(range(n), compare(n - 1, 0), compare, sense="min")[0] == is_told


def test_what_rounding_makes_of_equal_values_is_no_difference() -> None:
    block, apart = np.repeat(np.arange(4), 3), np.repeat([0.1, 0.2, 0.7, 1.1], 3)
    one, other = 2 + apart, 2 + (apart + 0.1) - 0.1
    assert (one != other).any()
    found = matched(Cells.of(one, block), Cells.of(other, block))
    assert found is not None
    assert found.estimate is not None
    assert (found.value, found.estimate.interval(), found.estimate.p_value) == (0, (0, 0), 1)
    single = slice(None, None, 3)
    found = matched(Cells.of(one[single], block[single]), Cells.of(other[single], block[single]))
    assert found is not None
    assert found.estimate is not None
    assert found.estimate.interval() == (0, 0)


def test_groups_that_differ_in_both_directions_are_compared_over_blocks() -> None:
    rng = np.random.default_rng(0)
    block = np.repeat(np.arange(10), 4)
    noise = rng.normal(0, 0.1, (2, 40))
    both, one_way = (
        matched(Cells.of(noise[0] + ways[block], block), Cells.of(noise[1], block))
        for ways in (np.tile([1.0, -1.0], 5), np.tile([1.0, 0.9], 5))
    )
    assert both is not None
    assert both.estimate is not None
    assert (both.estimate.dof, both.estimate.also) == (9, None)
    assert one_way is not None
    assert one_way.estimate is not None
    assert one_way.estimate.also is not None


def test_the_best_of_two_is_told_as_often_as_their_difference() -> None:
    found = Estimate(2.0, 1.0, 50)
    assert found.p_value > 0.05
    left = contenders(["a", "b"], lambda a, b: found if a == "a" else Estimate(-2.0, 1.0, 50))
    assert left == ["a", "b"]


def test_of_more_values_the_best_has_to_be_clearer() -> None:
    for n, left in [(3, [2]), (6, [0, 1, 2, 3, 4, 5])]:
        compare = shifted(*[0.0] * (n - 1), 2.2)
        assert 0.02 < compare(n - 1, 0).p_value < 0.05
        assert contenders(range(n), compare) == left


def test_of_a_value_with_two_runs_nothing_is_said() -> None:
    values = {8: [3.0, 3.1, 2.9], 16: [1.0, 1.1], 32: [2.0, 2.1, 1.9]}

    def compare(a: int, b: int) -> Estimate | None:
        return difference(Sample.of(values[a]), Sample.of(values[b]))

    assert contenders(list(values), compare, sense="min") == [16, 32]
    assert contenders(list(values), compare, sense="max") == [8, 16]


def test_a_slower_group_of_smaller_models_is_slower_within_sizes() -> None:
    rng = np.random.default_rng(0)
    is_one = np.repeat([True, False], 20)
    size = np.repeat([1, 16, 1, 16], [16, 4, 4, 16])
    logs = np.log(np.where(is_one, 0.73, 1.0) / size) + rng.normal(0, 0.05, 40)
    pooled = float(np.exp(logs[is_one].mean() - logs[~is_one].mean()))
    found = matched(*(Cells.of(logs[of], size[of]) for of in (is_one, ~is_one)))
    assert found is not None
    assert found.estimate is not None
    assert pooled > 3
    assert np.exp(found.value) == pytest.approx(0.73, rel=0.05)
    assert found.estimate.interval()[1] < 0
    assert (found.blocks, found.runs) == (2, 40)


def test_pairs_are_told_apart_that_pooled_runs_are_not() -> None:
    rng = np.random.default_rng(1)
    model = np.repeat(np.arange(15), 2)
    is_int4 = np.tile([True, False], 15)
    logs = rng.normal(0, 3, 15)[model] + is_int4 * np.log(rng.uniform(1.83, 2.2, 30))
    found = matched(*(Cells.of(logs[of], model[of]) for of in (is_int4, ~is_int4)))
    assert found is not None
    assert found.estimate is not None
    assert 1.83 < np.exp(found.estimate.interval()[0]) < np.exp(found.value) < 2.2
    assert estimate(logs[is_int4], logs[~is_int4]).p_value > 0.05


def test_runs_of_blocks_that_one_group_has_alone_are_left_out() -> None:
    found = matched(Cells.of([1, 2], [1, 2]), Cells.of([3, 9, 9], [2, 3, 3]))
    assert found is not None
    assert (found.value, found.estimate, found.blocks, found.runs) == (-1.0, None, 1, 2)
    assert matched(Cells.of([1], [1]), Cells.of([2], [2])) is None


def test_one_block_is_compared_as_groups_are() -> None:
    one, other = [1.0, 2.0, 4.0], [3.0, 5.0, 5.0, 6.0]
    found = matched(Cells.of(one, [0] * 3), Cells.of(other, [0] * 4))
    assert found is not None
    assert found.estimate is not None
    plain = estimate(one, other)
    assert (found.estimate.value, found.estimate.error) == pytest.approx((plain.value, plain.error))
    assert found.estimate.dof == pytest.approx(plain.dof)


def test_seeds_count_once_unless_a_group_has_one_configuration() -> None:
    found = units([9.0, 1.0, 2.0, 5.0, 6.0, 8.0], [1, 0, 0, 1, 1, 1], [7, 4, 4, 7, 8, 9])
    values, first, runs = (column.tolist() for column in found)
    assert (values, first, runs) == ([7.0, 1.0, 2.0, 6.0, 8.0], [0, 1, 2, 4, 5], [2, 1, 1, 1, 1])


def test_a_run_that_is_logged_twice_counts_once() -> None:
    values, _, _ = units([9.0, 1.0, 9.0, 1.0], [0] * 4, [0] * 4, [0, 1, 0, 1])
    assert values.tolist() == [9.0, 1.0]
    values, _, _ = units([5.0, 5.0, 5.0], [0] * 3, [0] * 3)
    assert values.tolist() == [5.0, 5.0, 5.0]


def test_chances_of_the_front_are_those_of_all_ways_to_deal_out_the_names() -> None:
    names, block = np.array([0, 0, 1, 0, 1, 1, 1]), np.array([0, 0, 0, 1, 1, 1, 1])
    on_front = np.array([1, 1, 0, 1, 0, 0, 1], dtype=bool)
    held = np.array([np.sum(on_front & (names == g)) for g in (0, 1)])
    as_many, ways = np.zeros(2), 0
    for one in set(itertools.permutations(names[:3])):
        for other in set(itertools.permutations(names[3:])):
            dealt = np.array([*one, *other])
            as_many += [np.sum(on_front & (dealt == g)) >= held[g] for g in (0, 1)]
            ways += 1
    runs, front = (
        [[np.sum((names == g) & (block == b) & of) for g in (0, 1)] for b in (0, 1)]
        for of in (np.ones(7, dtype=bool), on_front)
    )
    assert front_by_chance(runs, front) == pytest.approx(as_many / ways)


def test_a_group_that_always_holds_the_front_does_so_by_chance_where_it_is_alone() -> None:
    assert front_by_chance([[20, 0], [0, 20]], [[9, 0], [0, 1]]).tolist() == [1.0, 1.0]


PAIRS = [*simulated.EQUAL, *simulated.UNEQUAL, *simulated.CONSTANT]
SOME = {("rates, lognormal", pair) for pair in [(3, 3), (8, 8), (3, 30), (4, 0), (15, 0)]}
SOME |= {("rates, exponential", (3, 8)), ("losses, exponential", (8, 100))}


@pytest.mark.parametrize(
    ("kind", "pair", "tables"),
    [
        pytest.param(
            kind,
            pair,
            FEW if (kind, pair) in SOME else MANY,
            marks=[] if (kind, pair) in SOME else EXHAUSTIVE,
            id=f"{kind}, {pair[0]} and {pair[1] or 'a constant'}",
        )
        for kind in simulated.KINDS
        for pair in PAIRS
    ],
)
def test_intervals_cover(kind: str, pair: tuple[int, int], tables: int) -> None:
    assert simulated.coverage(kind, *pair, tables) >= 0.93 - 2 * (0.07 * 0.93 / tables) ** 0.5


@pytest.mark.parametrize("rates", [simulated.false_ratios, simulated.false_dials])
@pytest.mark.parametrize(
    ("sizes", "tables"),
    [
        ([1] * 8, 10),
        ([2] * 8, 10),
        ([3] * 2, FEW),
        ([10] * 2, FEW),
        ([10] * 4 + [2] + [10] * 5, 100),
        *(
            pytest.param([n] * groups, MANY, marks=EXHAUSTIVE)
            for groups in (2, 3)
            for n in (3, 4, 5, 10)
        ),
        *(
            pytest.param([n] * groups, OF_MANY_GROUPS, marks=EXHAUSTIVE)
            for groups in (8, 10)
            for n in (3, 10)
        ),
    ],
    ids=lambda value: str(value).replace(" ", "") if isinstance(value, list) else "",
)
def test_no_difference_is_seldom_told(rates: object, sizes: list[int], tables: int) -> None:
    assert rates(sizes, tables) <= 0.06 + 2 * (0.05 * 0.95 / tables) ** 0.5
    assert min(sizes) > 2 or max(sizes) > 2 or rates(sizes, tables) == 0


@pytest.mark.parametrize("sizes", [[40, 10], [20, 20, 20], [5] * 8])
def test_a_share_of_the_front_is_seldom_told_from_chance(sizes: list[int]) -> None:
    assert simulated.false_fronts(sizes, 300) <= 0.06


@pytest.mark.parametrize(
    ("groups", "n", "tables"),
    [
        (2, 15, FEW),
        *(pytest.param(g, n, MANY, marks=EXHAUSTIVE) for g in (2, 3) for n in (10, 30)),
        *(pytest.param(8, n, OF_MANY_GROUPS, marks=EXHAUSTIVE) for n in (10, 30)),
    ],
)
def test_differences_of_three_standard_errors_are_told(groups: int, n: int, tables: int) -> None:
    ratio, effect = simulated.power(groups, n, tables)
    assert min(ratio, effect) >= 0.8 - 2 * (0.8 * 0.2 / tables) ** 0.5


@pytest.mark.parametrize(("blocks", "runs"), [(2, 5), (3, 4), (15, 1)])
def test_intervals_over_blocks_cover(blocks: int, runs: int) -> None:
    covered, _ = simulated.block_coverage(blocks, runs, FEW)
    assert covered >= 0.93 - 2 * (0.07 * 0.93 / FEW) ** 0.5


@pytest.mark.parametrize("case", [(3, 10), (10, 3)])
def test_intervals_cover_where_seeds_repeat_a_configuration(case: tuple[int, int]) -> None:
    assert simulated.seed_coverage(*case, FEW) >= 0.93 - 2 * (0.07 * 0.93 / FEW) ** 0.5
