"""Formulas: exactness, shapes, bounds and errors."""

import inspect
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint

from tests.indicators.test_decompositions import definition
from tests.rows import check_rows, parts_of
from thbstats import formulas
from thbstats.errors import ImpossibleResult, InvalidValue

counts = st.integers(0, 2**53)
small = st.integers(0, 8)
inf = float("inf")


def nearest(numerator: int | Fraction, denominator: int | Fraction = 1) -> float:
    """Return the float nearest to a quotient, nan where there is none."""
    return float(Fraction(numerator) / Fraction(denominator)) if denominator else float("nan")


def same(result: object, expected: float) -> bool:
    assert type(result) is float
    return bool(np.array_equal([result], [expected], equal_nan=True))


TWO: list[tuple[Callable[..., Any], Callable[..., float]]] = [
    (formulas.share, nearest),
    (formulas.ratio, nearest),
    (formulas.change, lambda new, old: float(new - old)),
    (formulas.relative_change, lambda new, old: nearest(new - old, old)),
    (formulas.total_without, lambda total, member: float(total - member)),
]


def ordered(formula: Callable[..., Any], low: Any, high: Any, *, swap: bool = False) -> Any:
    """Return two counts in an order that the formula can take."""
    if formula is formulas.share:
        return low, high
    return (high, low) if swap or formula is formulas.total_without else (low, high)


# exactness


@pytest.mark.parametrize(("formula", "oracle"), TWO)
@given(counts, counts, st.booleans())
@example(0, 0, False)
@example(0, 5, True)
@example(3, 8, True)
def test_formulas_of_two_counts_are_rounded_once(
    formula: Callable[..., Any], oracle: Callable[..., float], a: int, b: int, swap: bool
) -> None:
    first, second = ordered(formula, *sorted((a, b)), swap=swap)
    assert same(formula(first, second), oracle(first, second))


@given(counts, counts, st.sampled_from([100, 100_000, 1_000_000, 0.5]))
@example(5, 0, 100)
def test_ratio_per_base_is_base_times_the_ratio(a: int, b: int, base: float) -> None:
    assert same(formulas.ratio(a, b, per=base), nearest(a, b) * base)
    assert same(formulas.share_of_one_case(b), nearest(1, b))


@given(st.floats(0, 1), st.floats(0, 1))
def test_difference_of_shares_is_in_percentage_points(new: float, old: float) -> None:
    result = formulas.difference_pp(new, old)
    assert -100 <= result <= 100
    assert result == pytest.approx(float(100 * (Fraction(new) - Fraction(old))), abs=1e-13)
    assert formulas.difference_pp(old, new) == -result


# numbers, arrays and shapes


@pytest.mark.parametrize("formula", [formula for formula, _ in TWO])
@pytest.mark.parametrize(
    "number",
    [6, 6.0, np.int8(6), np.uint64(6), np.float32(6), np.array(6), Fraction(6), Decimal(6)],
)
def test_numbers_of_every_type_give_a_python_float(
    formula: Callable[..., Any], number: Any
) -> None:
    result = formula(number, 6)
    assert type(result) is float
    assert result == formula(6, 6)
    assert type(formulas.share_of_one_case(number)) is float
    assert type(formulas.ratio(number, number, per=100)) is float


@pytest.mark.parametrize(("formula", "oracle"), TWO)
@given(
    arrays.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3, min_side=0),
    st.data(),
)
def test_shapes_broadcast_and_entries_equal_those_of_numbers(
    formula: Callable[..., Any], oracle: Callable[..., float], shapes: Any, data: Any
) -> None:
    low = data.draw(arrays.arrays(np.int64, shapes.input_shapes[0], elements=st.integers(0, 9)))
    high = data.draw(arrays.arrays(np.int64, shapes.input_shapes[1], elements=st.integers(9, 99)))
    first, second = ordered(formula, low, high)
    before = first.copy(), second.copy()
    result = formula(first, second)
    assert np.shape(result) == shapes.result_shape
    assert isinstance(result, np.ndarray) == (shapes.result_shape != ())
    wide = np.broadcast_arrays(first, second)
    expected = [oracle(int(a), int(b)) for a, b in zip(wide[0].flat, wide[1].flat, strict=True)]
    np.testing.assert_array_equal(np.ravel(result), expected)
    assert np.array_equal(before[0], first)
    assert np.array_equal(before[1], second)


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.float32, np.float64, object])
def test_result_does_not_depend_on_the_dtype(dtype: Any) -> None:
    part, whole = np.array([1, 2, 0], dtype=dtype), np.array([4, 4, 0], dtype=dtype)
    result = formulas.share(part, whole)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, [0.25, 0.5, np.nan])
    np.testing.assert_array_equal(formulas.change(part, whole), [-3, -2, 0])


def test_empty_arrays_give_empty_arrays() -> None:
    none: list[int] = []
    for result in (
        formulas.share(none, none),
        formulas.ratio(none, 5, per=100),
        formulas.change(5, none),
        formulas.difference_pp(none, none),
        formulas.leave_one_out_share(none, none),
        formulas.competition_ranks(none),
        formulas.largest_share(np.zeros((0, 3))),
        *formulas.share_bounds(none, none, none, none),
        *formulas.ratio_bounds(none, 5, 0, 1),
        *formulas.share_bounds_with_unknown(none, 0, 1),
    ):
        assert isinstance(result, np.ndarray)
        assert result.shape == (0,)


# bounds


def bounded(draw: st.DrawFn) -> tuple[int, float]:
    lower = draw(small)
    return lower, draw(st.integers(lower, 8) | st.just(inf))


@st.composite
def two_ranges(draw: st.DrawFn) -> tuple[tuple[int, float], tuple[int, float]]:
    return bounded(draw), bounded(draw)


FAR = 10**9


def completions(ends: tuple[int, float]) -> list[int]:
    lower, upper = ends
    return [*range(lower, 9), FAR] if upper == inf else list(range(lower, int(upper) + 1))


def assert_bounds(lower: Any, upper: Any, values: list[Fraction], *, sharp: bool) -> None:
    """Check that the ends hold every value, and that they are values or approached."""
    if not values:
        assert np.isnan(lower)
        assert np.isnan(upper)
        return
    least, most = float(min(values)), float(max(values))
    assert lower <= least
    assert most <= upper
    if sharp:
        assert (lower, upper) == (least, most)
    else:
        assert least - lower < 1e-6
        assert upper == inf or upper - most < 1e-6
        assert upper < inf or most > FAR / 100


@given(two_ranges())
@example(((0, 0), (0, 5)))
@example(((0, 5), (0, 0)))
@example(((0, 0), (0, inf)))
@example(((0, inf), (0, 0)))
@example(((0, 0), (0, 0)))
def test_share_bounds_contain_every_share_and_are_attained(
    ranges: tuple[tuple[int, float], tuple[int, float]],
) -> None:
    part, others = ranges
    values = [
        Fraction(p, p + r) for p, r in product(completions(part), completions(others)) if p + r
    ]
    lower, upper = formulas.share_bounds(*part, *others)
    assert type(lower) is type(upper) is float
    assert_bounds(lower, upper, values, sharp=inf not in (*part, *others))


@given(two_ranges())
def test_ratio_bounds_contain_every_ratio_and_are_attained(
    ranges: tuple[tuple[int, float], tuple[int, float]],
) -> None:
    overlapping, under = ranges
    values = [Fraction(n, d) for n, d in product(completions(overlapping), completions(under)) if d]
    lower, upper = formulas.ratio_bounds(*overlapping, *under)
    assert type(lower) is type(upper) is float
    assert_bounds(lower, upper, values, sharp=inf not in (*overlapping, *under))


@given(st.lists(two_ranges(), min_size=1, max_size=5))
def test_bounds_of_arrays_equal_the_bounds_of_their_entries(
    rows: list[tuple[tuple[int, float], tuple[int, float]]],
) -> None:
    columns = np.array([[*first, *second] for first, second in rows]).T
    for bounds in (formulas.share_bounds, formulas.ratio_bounds):
        lower, upper = bounds(*columns)
        one_by_one = [bounds(*first, *second) for first, second in rows]
        np.testing.assert_array_equal(lower, [low for low, _ in one_by_one])
        np.testing.assert_array_equal(upper, [high for _, high in one_by_one])


@pytest.mark.parametrize("bounds", [formulas.share_bounds, formulas.ratio_bounds])
def test_bounds_broadcast(bounds: Callable[..., Any]) -> None:
    columns = [0, 1], 4, [[6], [0]], 8
    expected = bounds(*np.broadcast_arrays(*columns))
    assert np.shape(expected) == (2, 2, 2)
    np.testing.assert_array_equal(bounds(*columns), expected)
    lower = {formulas.share_bounds: [0, 1 / 9], formulas.ratio_bounds: [0, 0.125]}
    np.testing.assert_array_equal(expected[0], [lower[bounds]] * 2)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_ratio_bounds_with_denominators_below_1_contain_the_ratio(
    over: float, under: float
) -> None:
    assert formulas.ratio_bounds(over, over, under, under) == (over / under, over / under)
    # An upper bound below 1 counts as a denominator of 0.
    assert all(np.isnan(end) for end in formulas.ratio_bounds(over, over, 0, under))
    assert formulas.ratio_bounds(over, over, 0, 1) == (over, over)


@given(st.integers(0, 10**15), st.integers(0, 10**15), st.integers(0, 10**15))
@example(0, 0, 0)
@example(1, 2, 3)
def test_bounds_with_unknown_are_rounded_once(part: int, unknown: int, others: int) -> None:
    everyone = part + unknown + others
    lower, upper = formulas.share_bounds_with_unknown(part, unknown, others)
    assert same(lower, nearest(part, everyone))
    assert same(upper, nearest(part + unknown, everyone))


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_bounds_of_exact_counts_are_the_share_and_the_ratio(part: int, others: int) -> None:
    assume(part + others)
    share = formulas.share(part, part + others)
    assert formulas.share_bounds(part, part, others, others) == (share, share)
    if others:
        ratio = formulas.ratio(part, others)
        assert formulas.ratio_bounds(part, part, others, others) == (ratio, ratio)


# several reporters


reporters = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=6
)


@given(reporters)
def test_leave_one_out_share_is_the_share_of_the_other_countries(
    pairs: list[tuple[int, int]],
) -> None:
    part, remainder = zip(*pairs, strict=True)
    expected = []
    for out in range(len(pairs)):
        others = pairs[:out] + pairs[out + 1 :]
        remaining = sum(p for p, _ in others)
        expected.append(nearest(remaining, remaining + sum(r for _, r in others)))
    np.testing.assert_array_equal(formulas.leave_one_out_share(part, remainder), expected)


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        (formulas.leave_one_out_share, ([[60, 40, 0], [1, 0, 0]], [40, 20, 50])),
        (formulas.leave_one_out_share, ([[6, 4], [3, 3]], 2)),
        (formulas.decomposition, ([[5, 1], [2, 2]], 4, [[3, 3], [0, 4]], [2, 1])),
    ],
)
def test_formulas_of_countries_use_the_last_axis(
    formula: Callable[..., Any], columns: tuple[Any, ...]
) -> None:
    result, wide = formula(*columns), np.broadcast_arrays(*columns)
    for row in range(2):
        # A number without an axis is the count of each country.
        alone = formula(*(column[row] for column in wide))
        np.testing.assert_array_equal(np.stack(result)[..., row, :], alone)


four = st.tuples(*[st.integers(0, 9) | st.integers(0, 10**6)] * 4)


@given(st.lists(four, min_size=1, max_size=5))
def test_decomposition_follows_its_definition_and_sums_to_the_change(
    pairs: list[tuple[int, int, int, int]],
) -> None:
    columns = list(zip(*pairs, strict=True))
    within, composition = formulas.decomposition(*columns)
    bases = [sum(columns[position]) + sum(columns[position + 1]) for position in (0, 2)]
    if not all(bases):
        assert np.isnan(within).all()
        assert np.isnan(composition).all()
        return
    sides = [row[:2] for row in pairs], [row[2:] for row in pairs]
    expected = np.array([list(map(float, pair)) for pair in definition(*sides)]).T
    np.testing.assert_allclose([within, composition], expected, rtol=1e-9, atol=1e-12)
    change = sum(columns[2]) / bases[1] - sum(columns[0]) / bases[0]
    assert within.sum() + composition.sum() == pytest.approx(change, abs=1e-12)
    swapped = formulas.decomposition(*columns[2:], *columns[:2])
    np.testing.assert_allclose(swapped, [-within, -composition], rtol=1e-9, atol=1e-12)


@given(arrays.arrays(np.int64, arrays.array_shapes(max_dims=3), elements=st.integers(0, 99)))
@example(np.array([0, 0]))
def test_largest_share_is_the_maximum_of_the_shares(members: Any) -> None:
    result = formulas.largest_share(members)
    assert np.shape(result) == members.shape[:-1]
    assert isinstance(result, np.ndarray) == (members.ndim > 1)
    expected = [
        nearest(max(row), sum(row)) for row in members.reshape(-1, members.shape[-1]).tolist()
    ]
    np.testing.assert_array_equal(np.ravel(result), expected)


@given(st.lists(st.integers(0, 5)))
def test_rank_is_one_plus_the_number_of_larger_counts(members: list[int]) -> None:
    ranks = formulas.competition_ranks(members)
    assert ranks.dtype == np.int64
    assert ranks.tolist() == [1 + sum(other > own for other in members) for own in members]


names = st.lists(st.sampled_from(["RO", "HU", "NL", "PL", "BG", "NG"]), unique=True)


@given(names, names)
@example(["RO", "HU", "NL"], ["NL", "RO"])
@example([], [])
def test_overlap_of_lists_equals_that_of_sets(first: list[str], second: list[str]) -> None:
    longest = max(len(first), len(second))
    expected = nearest(len(set(first) & set(second)), longest)
    assert same(formulas.overlap(first, second), expected)
    assert same(formulas.overlap(np.array(second), tuple(first)), expected)
    numbered = list(range(len(first)))
    assert same(formulas.overlap(numbered, []), nearest(0, len(first)))
    assert same(formulas.overlap(numbered, numbered), nearest(len(first), len(first)))


@given(arrays.arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(1, 5)), elements=counts))
def test_concentration_equals_the_exact_fraction(table: Any) -> None:
    result, number = formulas.herfindahl(table), formulas.effective_number(table)
    for index, row in enumerate(table.tolist()):
        squares, square = sum(Fraction(count) ** 2 for count in row), Fraction(sum(row)) ** 2
        assert float(result[index]) == pytest.approx(
            nearest(squares, square), rel=1e-9, nan_ok=True
        )
        assert float(number[index]) == pytest.approx(
            nearest(square, squares), rel=1e-9, nan_ok=True
        )


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=8))
def test_tau_equals_scipy(pairs: list[tuple[int, int]]) -> None:
    from scipy.stats import kendalltau

    first, second = zip(*pairs, strict=True)
    result = formulas.kendall_tau_b(first, second)
    assert result == pytest.approx(kendalltau(first, second).statistic, nan_ok=True)
    assert same(formulas.kendall_tau_b(second, first), result)


@given(names, names, st.floats(0.05, 0.95))
@example(["RO", "HU"], [], 0.9)
def test_rank_biased_overlap_is_symmetric_and_one_for_equal_lists(
    first: list[str], second: list[str], p: float
) -> None:
    result = formulas.rank_biased_overlap(first, second, p)
    assert same(formulas.rank_biased_overlap(second, first, p), result)
    assert np.isnan(result) == (not first or not second)
    if first:
        assert formulas.rank_biased_overlap(first, first, p) == pytest.approx(1)
        assert np.isnan(result) or -1e-12 <= result <= 1 + 1e-12


@given(names, names, st.floats(0.05, 0.95))
@example(["RO"], ["RO", "HU"], 0.5)
@example(["RO", "NL"], ["RO", "HU", "PL"], 0.5)
def test_rank_biased_overlap_equals_the_published_sum(
    first: list[str], second: list[str], p: float
) -> None:
    short, long = sorted((first, second), key=len)
    assume(short)
    s, l = len(short), len(long)  # noqa: E741
    x = [len(set(short[:d]) & set(long[:d])) for d in range(l + 1)]
    agreed = sum(x[d] / d * p**d for d in range(1, l + 1))
    beyond = sum(x[s] * (d - s) / (s * d) * p**d for d in range(s + 1, l + 1))
    others = ((x[l] - x[s]) / l + x[s] / s) * p**l
    expected = (1 - p) / p * (agreed + beyond) + others
    assert formulas.rank_biased_overlap(first, second, p) == pytest.approx(expected)


small_tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: arrays.arrays(np.int64, shape, elements=st.integers(0, 20))
)


@given(small_tables)
def test_cramers_v_and_residuals_equal_scipy_and_statsmodels(table: Any) -> None:
    from scipy.stats.contingency import association
    from statsmodels.stats.contingency_tables import Table

    left = table[table.any(axis=1)][:, table.any(axis=0)]
    assert np.isnan(formulas.cramers_v(table)) == (min(left.shape) < 2)
    assume(min(left.shape) > 1)
    assert formulas.cramers_v(table) == pytest.approx(association(left), abs=1e-7)
    other = Table(left, shift_zeros=False)
    assert formulas.pearson_residuals(left) == pytest.approx(other.resid_pearson)
    assert formulas.adjusted_residuals(left) == pytest.approx(other.standardized_resids)


def test_empty_margins_have_nan_residuals() -> None:
    assert np.isnan(formulas.pearson_residuals([[0, 0], [3, 4]])[0]).all()
    assert formulas.pearson_residuals([[3, 4]]).tolist() == [[0, 0]]
    assert np.isnan(formulas.adjusted_residuals([[3, 4]])).all()
    assert np.isnan(formulas.pearson_residuals([[0, 0]])).all()
    assert np.isnan(formulas.cramers_v([[0, 0], [0, 0]]))


# intervals of those who treat counts as draws

PROPORTIONS: dict[str, Callable[..., Any]] = {
    "wilson": formulas.wilson_interval,
    "beta": formulas.clopper_pearson_interval,
    "jeffreys": formulas.jeffreys_interval,
}
levels = st.sampled_from([0.5, 0.9, 0.95, 0.999])


@pytest.mark.parametrize("method", PROPORTIONS)
@given(st.integers(0, 10**6), st.integers(1, 10**6), levels)
@example(0, 12, 0.95)
@example(12, 12, 0.95)
@example(7, 12, 0.99)
def test_binomial_intervals_equal_statsmodels(
    method: str, first: int, second: int, level: float
) -> None:
    part, whole = sorted((first, second))
    result = PROPORTIONS[method](part, whole, level=level)
    expected = proportion_confint(part, whole, 1 - level, method)
    # Jeffreys' own end is moved to 0 or 1 where nothing, or everything, was of the kind.
    moved = (0 if part == 0 else expected[0], 1 if part == whole else expected[1])
    assert result == pytest.approx(moved, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("method", PROPORTIONS)
def test_binomial_intervals_are_accurate_for_small_shares(method: str) -> None:
    lower, upper = PROPORTIONS[method](3, 10**9)
    small_lower, small_upper = PROPORTIONS[method](3, 10**7)
    assert lower == pytest.approx(small_lower / 100, rel=1e-6)
    assert upper == pytest.approx(small_upper / 100, rel=1e-6)


@pytest.mark.parametrize("method", PROPORTIONS)
def test_denominator_of_0_gives_the_interval_0_to_1(method: str) -> None:
    assert PROPORTIONS[method](0, 0) == (0, 1)
    lower, upper = PROPORTIONS[method]([0, 0, 5, 5], [0, 5, 5, 9])
    assert (lower[0], lower[1], upper[0], upper[2]) == (0, 0, 1, 1)
    assert lower[3] < 5 / 9 < upper[3]


@given(st.integers(0, 10**9), levels)
@example(0, 0.95)
@example(7, 0.99)
def test_poisson_interval_equals_chi_square_quantiles(count: int, level: float) -> None:
    tail = (1 - level) / 2
    lower, upper = formulas.poisson_interval(count, level=level)
    assert lower == pytest.approx(chi2.ppf(tail, 2 * count) / 2 if count else 0, rel=1e-9)
    assert upper == pytest.approx(chi2.isf(tail, 2 * count + 2) / 2, rel=1e-9)


def test_published_poisson_limits() -> None:
    # Garwood's limits as tables of epidemiology print them (95%): 0, 1, 2, 5, 10, 100.
    lower, upper = formulas.poisson_interval([0, 1, 2, 5, 10])
    assert lower == pytest.approx([0, 0.0253, 0.2422, 1.623, 4.795], rel=1e-3)
    assert upper == pytest.approx([3.689, 5.572, 7.225, 11.668, 18.39], rel=1e-3)
    assert formulas.poisson_interval(100) == pytest.approx((81.364, 121.627), rel=1e-5)


INTERVALS = [*PROPORTIONS.values(), formulas.poisson_interval]


def test_level_is_between_0_and_1() -> None:
    def check(formula: Callable[..., Any], level: float) -> None:
        counts = (3,) if formula is formulas.poisson_interval else (3, 5)
        with pytest.raises(InvalidValue) as caught:
            formula(*counts, level=level)
        assert parts_of(caught.value) == (
            f"field 'level', value {level!r}: must be between 0 and 1. Give 0.95 for 95%"
        )

    check_rows(check, product(INTERVALS, [0, 1, -0.5, 95, float("nan"), "0.9", None]))


def test_a_fraction_is_a_number() -> None:
    level = Fraction(19, 20)
    for formula in INTERVALS:
        counts = (7,) if formula is formulas.poisson_interval else (7, 12)
        assert formula(*counts, level=level) == formula(*counts)
    assert formulas.ratio([1], [2], per=Fraction(100)).dtype == np.float64


@pytest.mark.parametrize("formula", INTERVALS)
def test_default_level_is_95(formula: Callable[..., Any]) -> None:
    counts = (7,) if formula is formulas.poisson_interval else (7, 12)
    assert formula(*counts) == formula(*counts, level=0.95)


# figures of the report


def test_figures_of_com_2018_777() -> None:
    assert formulas.share(9759, 20532) == pytest.approx(0.4753, abs=5e-5)
    assert formulas.ratio(5979, 7503) == pytest.approx(0.797, abs=5e-4)
    assert formulas.ratio(2927, 5979) == pytest.approx(0.490, abs=5e-4)
    assert formulas.ratio(2927, 7503) == pytest.approx(0.390, abs=5e-4)
    assert formulas.ratio(135, 2) == 67.5
    assert formulas.ratio(2927, 20532, per=100) == pytest.approx(14.3, abs=0.05)
    lower, upper = formulas.share_bounds_with_unknown(9759, 3259, 7514)
    assert (lower, upper) == pytest.approx((0.4753, 0.6340), abs=5e-5)
    assert formulas.share_bounds(0, 4, 6, 6) == (0, 0.4)


# wrong input

# A right value of each argument; 3 is a part of 5.
NUMBERS = {
    "numerator": 3, "denominator": 5, "new": 3, "old": 5, "unknown": 5, "complement": 5,
    "member": 3, "total": 5, "count": 5, "numerator_lower": 3, "numerator_upper": 5,
    "denominator_lower": 3, "denominator_upper": 5, "complement_lower": 3, "complement_upper": 5,
}  # fmt: skip
SPECIAL = {"table": [[3, 5], [5, 3]], "counts": [3, 5], "first": [3, 5], "second": [3, 5]}
PER_COUNTRY = {"decomposition", "leave_one_out_share"}
LISTS = {"overlap", "rank_biased_overlap"}


def right_call(name: str) -> dict[str, Any]:
    parameters = inspect.signature(getattr(formulas, name)).parameters.values()
    names = [own.name for own in parameters if own.annotation == "ArrayLike"]
    if name in PER_COUNTRY:
        return {own: [3, 5] for own in names}
    return {own: SPECIAL[own] if own in SPECIAL else NUMBERS[own] for own in names}


RIGHT = {name: right_call(name) for name in formulas.__all__ if name not in LISTS}
SHARES = {"difference_pp": {"new": 0.65, "old": 0.56}}
del RIGHT["difference_pp"]
ARGUMENTS = [(name, argument) for name, call in RIGHT.items() for argument in call]
NUMERIC = [*ARGUMENTS, ("difference_pp", "new"), ("difference_pp", "old")]


def call_with(name: str, argument: str, wrong: Any) -> Any:
    return getattr(formulas, name)(**{**RIGHT, **SHARES}[name] | {argument: wrong})


def refusal(name: str, argument: str, wrong: Any) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        call_with(name, argument, wrong)
    assert caught.value.field == argument
    return caught.value


def test_every_formula_is_tested_with_wrong_input() -> None:
    assert {*RIGHT, *SHARES, *LISTS} == set(formulas.__all__)
    for name in formulas.__all__:
        assert inspect.isfunction(getattr(formulas, name))


def test_formulas_accept_valid_arguments() -> None:
    def check(name: str, argument: str) -> None:
        right = RIGHT[name][argument]
        assert np.isfinite(call_with(name, argument, right)).all()
        assert np.isfinite(call_with(name, argument, np.array(right, dtype=object))).all()

    check_rows(check, ARGUMENTS)


def test_other_types_than_numbers_are_refused() -> None:
    # The argument, its first wrong item, and the positions of all wrong items.
    wrong: list[tuple[Any, object, str]] = [
        ("5", "5", " 0"),
        (["5", "6"], "5", "s 0 and 1"),
        ([5, "6"], "6", " 1"),
        (True, True, " 0"),
        (np.True_, np.True_, " 0"),
        (np.array([True, False]), True, "s 0 and 1"),
        (np.array(["5", 5], dtype=object), "5", " 0"),
        (np.array([True, 5], dtype=object), True, " 0"),
        (np.array([np.True_, 5], dtype=object), np.True_, " 0"),
        (np.array([b"5", 5], dtype=object), b"5", " 0"),
        (5j, 5j, " 0"),
        (["a", 1, "b", 1, "c", "d", "e", "f", "g"], "a", "s 0, 2, 4, 5, 6 and 2 more"),
        (10**400, 10**400, " 0"),
    ]

    def check(where: tuple[str, str], values: Any, value: object, places: str) -> None:
        assert parts_of(refusal(*where, values)) == (
            f"field {where[1]!r}, value {value!r}: must be numbers, wrong at position{places}. "
            "Give integers or floats; read text with thbstats.Percent or thbstats.read"
        )

    check_rows(check, ((where, *row) for where, row in product(NUMERIC, wrong)))

    def check_problem(where: tuple[str, str], values: Any, problem: str) -> None:
        assert problem in parts_of(refusal(*where, values))

    rows: list[tuple[Any, str]] = [
        ([[5], [5, 6]], "must have rows of equal length"),
        (np.datetime64("2015"), "must be numbers"),
        (object(), "must be numbers"),
    ]
    check_rows(check_problem, ((where, *row) for where, row in product(NUMERIC, rows)))


def test_missing_values_raise_an_error_with_their_positions() -> None:
    def check(where: tuple[str, str], wrong: Any, places: str) -> None:
        assert parts_of(refusal(*where, wrong)) == (
            f"field {where[1]!r}, value nan: must not be missing, wrong at position{places}. "
            'Leave these entries out, or pass missing="propagate" to shares and ratios'
        )

    missing = [
        (float("nan"), " 0"),
        ([0, np.nan], " 1"),
        ([[0, 0], [None, np.nan]], "s 2 and 3"),
        (None, " 0"),
        (pd.NA, " 0"),
        ([1, pd.NA, None], "s 1 and 2"),
        ([np.nan] * 8, "s 0, 1, 2, 3, 4 and 3 more"),
    ]
    check_rows(check, ((where, *row) for where, row in product(NUMERIC, missing)))


PROPAGATING = [
    name
    for name in {**RIGHT, **SHARES}
    if "missing" in inspect.signature(getattr(formulas, name)).parameters
]
BY_ROW = {"effective_number", "herfindahl", "largest_share"}


def _results(result: Any) -> tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize("name", sorted(PROPAGATING))
@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_missing_values_propagate_to_the_result_of_their_position(name: str, missing: Any) -> None:
    formula, right = getattr(formulas, name), {**RIGHT, **SHARES}[name]
    for argument, value in right.items():
        number = np.ravel(value)[0].item()
        others = {other: np.ravel(own)[0].item() for other, own in right.items()}
        if name in BY_ROW:
            result = formula([[number, missing], [number, number]], missing="propagate")
            assert np.isnan(result).tolist() == [True, False]
            assert result[1] == formula([number, number])
            continue
        for column in ([number, missing], np.array([number, missing], dtype=object)):
            result = formula(**others | {argument: column}, missing="propagate")
            for own, expected in zip(_results(result), _results(formula(**others)), strict=True):
                assert np.isnan(own).tolist() == [False, True]
                assert own[0] == expected
        single = _results(formula(**others | {argument: missing}, missing="propagate"))
        assert all(type(own) is float and np.isnan(own) for own in single)


@pytest.mark.parametrize("name", sorted(PROPAGATING))
def test_propagation_changes_nothing_without_missing_values(name: str) -> None:
    formula, right = getattr(formulas, name), {**RIGHT, **SHARES}[name]
    assert formula(**right, missing="propagate") == formula(**right)
    with pytest.raises(InvalidValue, match='must be "raise" or "propagate"'):
        formula(**right, missing="drop")


def test_other_errors_are_raised_next_to_missing_values() -> None:
    with pytest.raises(ImpossibleResult, match="at position 1"):
        formulas.share([None, 6], [5, 5], missing="propagate")
    with pytest.raises(InvalidValue, match="from 0 to 2"):
        formulas.share(np.array([None, 2**53 + 1], dtype=object), 5, missing="propagate")


def test_numbers_outside_the_range_of_counts_are_refused() -> None:
    no_counts: list[tuple[Any, str, int]] = [
        (-1, "-1.0", 0),
        (-0.5, "-0.5", 0),
        ([0, 3, -2], "-2.0", 2),
        (2**53 + 1, "9007199254740992.0", 0),
        (2.0**54, "1.8014398509481984e+16", 0),
        (-inf, "-inf", 0),
    ]

    def check(where: tuple[str, str], wrong: Any, value: str, row: int) -> None:
        assert parts_of(refusal(*where, wrong)) == (
            f"field {where[1]!r}, value {value}: "
            f"must be counts from 0 to 2**53, wrong at position {row}. "
            "Give counts, not differences; a missing count is nan, not -1"
        )

    check_rows(check, ((where, *row) for where, row in product(ARGUMENTS, no_counts)))


def test_only_upper_bounds_can_be_infinite() -> None:
    def check(name: str, argument: str) -> None:
        if argument.endswith("_upper"):
            lower, upper = call_with(name, argument, inf)
            assert lower <= upper
        else:
            assert refusal(name, argument, inf).value == inf

    check_rows(check, ARGUMENTS)


def test_largest_counts_and_shares_of_0_and_1_are_accepted() -> None:
    for largest in (2**53, 2.0**53, np.uint64(2**53)):
        assert formulas.share(largest, largest) == 1
        assert formulas.share(0, largest) == 0
    assert formulas.difference_pp(1, 0) == 100
    assert formulas.difference_pp(0, 1) == -100


PARTS: list[tuple[str, tuple[Any, ...], str]] = [
    ("share", (6, 5), "'numerator', value 6.0: {}`denominator` (5){} 0"),
    *(
        (name, (135, 2), "'numerator', value 135.0: {}`denominator` (2){} 0")
        for name in ("wilson_interval", "clopper_pearson_interval", "jeffreys_interval")
    ),
    ("share", ([[1], [9]], [10, 9, 8]), "'numerator', value 9.0: {}`denominator` (8){} 5"),
    ("total_without", (5, [4, 6]), "'member', value 6.0: {}`total` (5){} 1"),
    ("share_bounds", (5, 4, 0, 1), "'numerator_lower', value 5.0: {}`numerator_upper` (4){} 0"),
    ("share_bounds", (0, 4, 2, 1), "'complement_lower', value 2.0: {}`complement_upper` (1){} 0"),
    ("ratio_bounds", (5, 4, 0, 1), "'numerator_lower', value 5.0: {}`numerator_upper` (4){} 0"),
    ("ratio_bounds", (0, 4, 2, 1), "'denominator_lower', value 2.0: {}`denominator_upper` (1){} 0"),
]


@pytest.mark.parametrize(("name", "arguments", "text"), PARTS)
def test_part_above_its_whole_is_refused(name: str, arguments: Any, text: str) -> None:
    with pytest.raises(ImpossibleResult) as caught:
        getattr(formulas, name)(*arguments)
    assert parts_of(caught.value) == (
        f"field {text.format('must be at most ', ', wrong at position')}. "
        "Check the denominator: a part cannot be larger than its whole"
    )


def test_shares_are_between_0_and_1() -> None:
    def check(argument: str, wrong: Any, value: float, position: int) -> None:
        assert parts_of(refusal("difference_pp", argument, wrong)) == (
            f"field {argument!r}, value {value!r}: "
            f"must be shares from 0 to 1, wrong at position {position}. "
            "Divide percentages by 100"
        )

    no_shares = [(56, 56.0, 0), (-0.1, -0.1, 0), ([0.5, 1.01], 1.01, 1), (inf, inf, 0)]
    check_rows(check, ((name, *row) for name, row in product(["new", "old"], no_shares)))


HINT = "Give a list of counts"
COUNTRIES = "must have one count per reporting country"
LEAST = f"{COUNTRIES}, at least one. {HINT}"
ONCE = "must contain each member once. Remove the repeated member"
LIST = "must be a list of members. Give a list of names; write a set as list(...)"
LENGTH = "must be a list of the same length as `first`. Give two lists of counts, of equal length"
ERRORS: list[tuple[str, tuple[Any, ...], str]] = [
    *(("ratio", (1, 2, wrong), f"'per', value {wrong!r}: must be a number above 0. "
       "Use 1, 100 or 100_000") for wrong in (0, -1, inf, float("nan"), "x", None)),
    ("decomposition", (3, 5, 4, 6), f"'old_numerator', value 3: {COUNTRIES}. {HINT}"),
    ("leave_one_out_share", (3, 5), f"'numerator', value 3: {COUNTRIES}. {HINT}"),
    ("largest_share", (5,), f"'counts', value 5: {LEAST}"),
    ("largest_share", ([],), f"'counts', value []: {LEAST}"),
    ("herfindahl", (5,), f"'counts', value 5: {LEAST}"),
    ("effective_number", ([],), f"'counts', value []: {LEAST}"),
    ("competition_ranks", (5,), f"'counts', value 'shape ()': must have one axis. {HINT}"),
    ("competition_ranks", ([[5]],), f"'counts', value 'shape (1, 1)': must have one axis. {HINT}"),
    ("kendall_tau_b", ([5], [5, 6]), f"'second', value 'shapes (1,) and (2,)': {LENGTH}"),
    ("kendall_tau_b", ([[5]], [[5]]), f"'second', value 'shapes (1, 1) and (1, 1)': {LENGTH}"),
    ("cramers_v", ([5, 6],), "'table', value 'shape (2,)': must have rows and columns. "
     "Give a list of rows of equal length"),
    ("rank_biased_overlap", (["RO"], ["RO"], 0), "'p', value 0: must be between 0 and 1. Give 0.9"),
    ("rank_biased_overlap", (["RO"], ["RO"], 1), "'p', value 1: must be between 0 and 1. Give 0.9"),
    ("rank_biased_overlap", (["RO"], ["HU", "HU"], 0.9), f"'second', value 'HU': {ONCE}"),
    ("overlap", (["RO", "HU", "RO"], ["HU"]), f"'first', value 'RO': {ONCE}"),
    ("overlap", (["HU"], ["NL", "RO", "RO", "NL"]), f"'second', value 'NL': {ONCE}"),
    ("rank_biased_overlap", (["RO"], ["RO"], "0.9"),
     "'p', value '0.9': must be between 0 and 1. Give 0.9"),
    ("overlap", ([None, "RO"], ["RO"]), f"'first', value [None, 'RO']: {LIST}"),
    ("overlap", (["RO"], [["a"], ["b", "c"]]), f"'second', value [['a'], ['b', 'c']]: {LIST}"),
    ("overlap", ("RO", ["RO"]), f"'first', value 'RO': {LIST}"),
    ("overlap", (["RO"], {"RO"}), f"'second', value {{'RO'}}: {LIST}"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "text"), ERRORS)
def test_errors_contain_the_field_the_value_and_the_hint(
    name: str, arguments: tuple[Any, ...], text: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        getattr(formulas, name)(*arguments)
    assert parts_of(caught.value) == f"field {text}"


def test_masked_values_are_missing() -> None:
    masked = np.ma.array([3, 1], mask=[False, True])
    with pytest.raises(InvalidValue, match="must not be missing, wrong at position 1"):
        formulas.share(masked, [4, 5])
    result = formulas.share(masked, [4, 5], missing="propagate")
    assert np.array_equal(result, [0.75, np.nan], equal_nan=True)
    with pytest.raises(InvalidValue, match="must not be missing"):
        formulas.herfindahl(masked)
    assert formulas.share(np.ma.array([3, 1]), [4, 5]).tolist() == [0.75, 0.2]


def test_results_stay_in_their_range_after_rounding() -> None:
    assert formulas.cramers_v([[3, 0], [0, 63]]) == 1
    assert formulas.rank_biased_overlap(list("abcd"), list("abcd"), 0.04) == 1
    assert formulas.wilson_interval(16, 16, level=0.5)[1] == 1
    # Without a width, the interval is the share itself.
    assert formulas.wilson_interval(0, 5, level=1e-17) == (0, 0)
    assert formulas.wilson_interval(0, 0, level=1e-17) == (0, 1)
