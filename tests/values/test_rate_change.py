"""Changes between rates that are printed rounded."""

from fractions import Fraction
from math import inf

import pytest

from thbstats.values import Interval, Percent, Rounding
from thbstats.values.rate_change import RateChange, Span


def test_change_from_zero_has_no_upper_bound():
    change = RateChange(Percent("1"), Percent("0"))
    assert change.room().upper == (inf, 0)
    assert change.room(Rounding.UP) == Span()
    assert Span().interval == Interval(None, None)


def test_change_between_rounded_rates_is_between_those_of_the_true_rates():
    room = RateChange(Percent("35"), Percent("21")).room()
    # 35 is 34.5 to 35.5, 21 is 20.5 to 21.5, and neither upper end is rounded so
    assert room == Span((Fraction(345, 215) - 1, 1), (Fraction(355, 205) - 1, -1))
    assert room.interval == Interval(Fraction(26, 43), Fraction(30, 41))


@pytest.mark.parametrize(
    ("new", "old", "printed", "fits", "implied"),
    [
        ("35", "21", "59", False, False),
        ("35", "21", "60", True, False),
        ("35", "21", "73", True, False),
        ("35", "21", "74", False, False),
        ("35.0000", "21.0000", "66.7", True, True),
        ("35.0000", "21.0000", "66.6", False, False),
    ],
)
def test_printed_change_fits_some_true_rates_or_follows_from_all(
    new: str, old: str, printed: str, fits: bool, implied: bool
):
    change = RateChange(Percent(new), Percent(old))
    assert change.fits(Percent(printed), [Rounding.HALF_UP]) is fits
    assert change.implies(Percent(printed), [Rounding.HALF_UP]) is implied
