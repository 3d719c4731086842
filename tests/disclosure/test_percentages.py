"""Rounded percentages."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from thbstats.disclosure import round_percentages
from thbstats.errors import InvalidValue
from thbstats.formulas import largest_remainder

COUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any)


@given(COUNTS, st.integers(0, 3))
def test_largest_remainders_add_up_to_100_within_a_unit(counts: list[int], digits: int) -> None:
    result = round_percentages(counts, digits, policy="largest remainder")
    top = 100 * 10**digits
    assert result.units.sum() == top
    shares = [Fraction(n * top, sum(counts)) for n in counts]
    assert all(abs(u - s) < 1 for u, s in zip(result.units.tolist(), shares, strict=True))
    assert result.worst_error < Fraction(1, 10**digits)


@given(COUNTS, st.integers(0, 3))
def test_largest_remainders_have_the_smallest_total_error(counts: list[int], digits: int) -> None:
    """Of all ways to round up as many, the largest remainders have the smallest total error."""
    top = 100 * 10**digits
    shares = [Fraction(n * top, sum(counts)) for n in counts]
    remainders = sorted((share - int(share) for share in shares), reverse=True)
    up = top - sum(int(share) for share in shares)
    best = sum(1 - r for r in remainders[:up]) + sum(remainders[up:])
    units = round_percentages(counts, digits, policy="largest remainder").units.tolist()
    assert sum(abs(u - s) for u, s in zip(units, shares, strict=True)) == best


@given(COUNTS)
def test_independent_percentages_have_an_error_of_at_most_half_a_unit(counts: list[int]) -> None:
    result = round_percentages(counts)
    assert result.worst_error <= Fraction(1, 2)
    assert not result.adjusted.any()


@st.composite
def grids(draw: st.DrawFn) -> list[list[int]]:
    """Draw a table of two to four rows and columns in which no row is empty."""
    width = draw(st.integers(2, 4))
    row = st.lists(st.integers(0, 60), min_size=width, max_size=width).filter(any)
    return draw(st.lists(row, min_size=2, max_size=4))


@examples(15)
@given(grids(), st.integers(0, 1))
def test_rows_and_columns_add_up_to_their_sums_and_to_100(
    grid: list[list[int]], digits: int
) -> None:
    result = round_percentages(grid, digits, policy="two-way")
    units, top = result.units, 100 * 10**digits
    assert units[-1, -1] == top
    assert (units[:-1].sum(axis=0) == units[-1]).all()
    assert (units[:, :-1].sum(axis=1) == units[:, -1]).all()
    assert result.worst_error < Fraction(1, 10**digits)


def test_ties_go_to_the_larger_count_and_then_to_the_first() -> None:
    assert largest_remainder([1, 1, 1]).tolist() == [34, 33, 33]
    assert largest_remainder([1, 3], 2).tolist() == [0, 2]
    assert largest_remainder([[1, 1], [0, 7]], 3).tolist() == [[2, 1], [0, 3]]


def test_numbers_as_large_as_counts_can_be_do_not_overflow() -> None:
    assert largest_remainder([2**53, 2**53, 2**53], 10**6).tolist() == [333334, 333333, 333333]


def test_one_unit_goes_to_the_largest() -> None:
    assert largest_remainder([1, 3, 2], 1).tolist() == [0, 1, 0]


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 3)])
def test_each_row_along_the_last_axis_is_divided_independently(shape: tuple[int, ...]) -> None:
    counts = np.arange(1, np.prod(shape) + 1).reshape(shape)
    result = largest_remainder(counts)
    assert (result.shape, result.dtype) == (shape, np.int64)
    for position in np.ndindex(shape[:-1]):
        assert result[position].tolist() == largest_remainder(counts[position]).tolist()
    assert (result.sum(axis=-1) == 100).all()


@pytest.mark.parametrize(
    ("counts", "units", "message"),
    [
        ([0, 0], 100, "`counts` must not sum to 0."),
        ([0.5, 1], 100, "`counts` must be integers"),
        ([], 100, "`counts` must have one count"),
        (3, 100, "`counts` must have one count"),
        ([-1, 2], 100, "`counts` must be counts from 0 to 2**53"),
        ([1], 0, "`units` must be an integer above 0. Give 100"),
        ([1], 2.5, "`units` must be an integer above 0. Give 100"),
        ([1], True, "`units` must be an integer above 0. Give 100"),
    ],
)
def test_remainders_need_positive_counts(counts: Any, units: Any, message: str) -> None:
    with pytest.raises(InvalidValue, match=re.escape(message.partition(". ")[0].removesuffix("."))):
        largest_remainder(counts, units)


def test_table_is_printed_with_its_sums() -> None:
    frame = pd.DataFrame({"sexual": [55, 3], "labour": [12, 30]}, index=["female", "male"])
    result = round_percentages(frame, policy="two-way")
    assert result.rows == ("female", "male", "total")
    assert result.columns == ("sexual", "labour", "total")
    assert result.published == (("55", "12", "67"), ("3", "30", "33"), ("58", "42", "100"))
    assert result.to_frame()["count"].tolist() == [55, 12, 67, 3, 30, 33, 58, 42, 100]
    assert "Rounded so that rows and columns add up to their sums and to 100." in str(result)


def test_adjusted_cells_are_marked_and_the_largest_error_is_stated() -> None:
    result = round_percentages(
        {"sexual": 1, "labour": 1, "other": 1}, 1, policy="largest remainder"
    )
    text = str(result)
    assert "! 33.4%" in text
    assert "Marked with !: not at the nearest value (1)." in text
    assert "The largest error is 0.067 pp." in text
    assert result.to_dict() == {
        "policy": "largest remainder",
        "decimals": 1,
        "published": ("33.4", "33.3", "33.3"),
        "adjusted": [True, False, False],
        "worst_error": "1/15",
    }
    assert repr(result) == "<RoundedPercentages largest remainder: 3 percentages, 1 adjusted>"


def test_largest_possible_counts_are_rounded_exactly() -> None:
    counts = [2**52, 2**52 - 1, 1]
    assert round_percentages(counts, 6).published == ("50.000000", "50.000000", "0.000000")
    result = round_percentages([[2**40, 2**40 - 1], [1, 2**41]], 1, policy="two-way")
    assert result.published == (
        ("25.0", "25.0", "50.0"),
        ("0.0", "50.0", "50.0"),
        ("25.0", "75.0", "100.0"),
    )


def test_each_row_of_a_table_adds_up_to_100() -> None:
    result = round_percentages(np.array([[1, 1, 1], [0, 0, 5]]), policy="largest remainder")
    assert result.units.tolist() == [[34, 33, 33], [0, 0, 100]]
    assert result.to_frame()["column"].tolist() == ["0", "1", "2", "0", "1", "2"]


def test_series_keeps_its_names() -> None:
    result = round_percentages(pd.Series({"female": 2, "male": 1}))
    assert result.rows == ("female", "male")
    assert result.published == ("67", "33")
    assert "the sum can differ from 100" in str(result)


@pytest.mark.parametrize(
    ("counts", "asked", "problem"),
    [
        ([1, 2], {"policy": "fair"}, "`policy` must be a rounding policy"),
        ([1, 2], {"decimals": 7}, "0 to 6"),
        ([1, 2], {"decimals": 2.0}, "an integer from 0 to 6"),
        ([1, 2], {"decimals": True}, "an integer from 0 to 6"),
        ([1, 2], {"decimals": "1"}, "an integer from 0 to 6"),
        ([1, 2], {"policy": "two-way"}, "two dimensions"),
        ([0.5, 2], {}, "`counts` must be integers"),
        ([-1, 2], {}, "0 or more"),
        ([[0, 0], [1, 2]], {}, "0 or more"),
        ([[[1]]], {}, "`counts` must be integers"),
        ([2**62, 2**62], {}, "at most 2\\*\\*53"),
        (np.array([2**63, 1], np.uint64), {}, "at most 2\\*\\*53"),
        ([2**52, 2**52, 1], {"policy": "largest remainder"}, "at most 2\\*\\*53"),
        ([[2**40, 1], [1, 1]], {"policy": "two-way", "decimals": 6}, "`decimals` must be lower"),
    ],
)
def test_invalid_counts_and_arguments_are_rejected(
    counts: Any, asked: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InvalidValue, match=problem):
        round_percentages(counts, **asked)
