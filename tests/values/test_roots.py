"""Exactness, order and precision of roots and logarithms."""

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from thbstats.errors import InvalidValue
from thbstats.values import logarithm, square_root

fractions = st.fractions(min_value=0, max_value=1000, max_denominator=10**6)


@given(fractions)
def test_the_root_of_a_square_of_a_fraction_is_exact(number: Fraction) -> None:
    assert square_root(number**2) == number


@given(fractions)
@example(Fraction(2))
@example(Fraction(4, 9))
def test_a_root_is_right_to_fifteen_decimals(number: Fraction) -> None:
    root = square_root(number)
    assert root**2 <= number < (root + Fraction(1, 10**15)) ** 2


@given(fractions, fractions)
def test_square_root_is_monotonic(one: Fraction, two: Fraction) -> None:
    assert square_root(min(one, two)) <= square_root(max(one, two))


@given(st.fractions(min_value=Fraction(1, 1000), max_value=1000))
def test_logarithm_agrees_with_floats(number: Fraction) -> None:
    assert float(logarithm(number)) == pytest.approx(math.log(number), abs=1e-12)


def test_a_logarithm_is_right_to_fifteen_decimals() -> None:
    assert logarithm(2) == Fraction(693147180559945, 10**15)
    assert logarithm(Fraction(1, 2)) == -logarithm(2)


@pytest.mark.parametrize("wrong", [-1, Fraction(-1, 9), 0.5])
def test_square_root_of_an_invalid_number_raises(wrong: object) -> None:
    with pytest.raises(InvalidValue, match="square"):
        square_root(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [0, -1, 0.5])
def test_logarithm_of_an_invalid_number_raises(wrong: object) -> None:
    with pytest.raises(InvalidValue, match="number"):
        logarithm(wrong)  # type: ignore[arg-type]
