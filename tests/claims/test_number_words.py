import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.claims.wording import parse_number
from thbstats.errors import InvalidValue


def test_integer_is_parsed_from_published_text():
    texts = {
        "9 759": 9759,
        "20532": 20532,
        "8\u00a0411": 8411,
        "1,234,567": 1234567,
        "three": 3,
        "Ninety": 90,
        "zero": 0,
        "nineteen": 19,
        " 2 ": 2,
        "0" * 5000 + "7": 7,
    }
    assert {text: parse_number(text) for text in texts} == texts


def test_text_that_is_not_an_integer_raises_with_a_hint():
    texts = "", "9.759", "9 75", "20 5 32", "1,234 567", "-3", "75 %", "several", "2.0", "\u0663"
    for printed in (*texts, "fourth"):
        with pytest.raises(InvalidValue, match=r"`printed`.*Use digits"):
            parse_number(printed)
    for printed in ("9" * 4000, "9" * 5000, "1" + " 000" * 2000):
        with pytest.raises(InvalidValue, match="at most 18 digits"):
            parse_number(printed)


def test_ordinal_is_the_number_of_an_exercise():
    assert parse_number("fourth", ordinal=True) == 4


@given(st.integers(0, 10**12), st.sampled_from([" ", ",", "\u202f", ""]))
def test_thousands_separators_are_optional(number, mark):
    assert parse_number(f"{number:,}".replace(",", mark)) == number
