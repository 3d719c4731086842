"""Changes from a rate that is printed as 0."""

from math import inf

from thbstats.values import Percent, Rounding
from thbstats.values.rate_change import RateChange, Span


def test_change_from_zero_has_no_upper_bound():
    change = RateChange(Percent("1"), Percent("0"))
    assert change.room().upper == (inf, 0)
    assert change.room(Rounding.UP) == Span()
