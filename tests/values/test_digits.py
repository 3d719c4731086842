"""Integers of texts of at most 18 digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import InvalidValue
from thbstats.values import MAX_DIGITS, Percent, to_integer


@given(st.integers(0, 10**MAX_DIGITS - 1), st.integers(0, 5000))
def test_leading_zeros_are_ignored(number: int, zeros: int) -> None:
    assert to_integer("0" * zeros + str(number)) == number


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 5000, "", "-1", "1_0", "²", "1.0"])
def test_an_invalid_integer_raises_a_short_error(
    digits: str,
) -> None:
    with pytest.raises(InvalidValue, match=r"`printed`.*at most 18 digits") as caught:
        to_integer(digits, field="printed")
    assert len(str(caught.value)) < 200


def test_a_percentage_with_too_many_digits_raises() -> None:
    assert Percent("0." + "9" * 15).interval.lower is not None
    for printed in ("9" * 5000, "0." + "9" * 5000, "15.99999999999999999999%"):
        with pytest.raises(InvalidValue, match=r"`printed`.*at most (18 digits|15 decimals)"):
            Percent(printed)
