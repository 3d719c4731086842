"""Periods as statistical files write them, there and back."""

import pytest
from hypothesis import given

from tests.strategies import periods
from thbstats.errors import InvalidValue
from thbstats.exchange import read_period, sdmx_period
from thbstats.values import Period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2015", "2015"),
        ("2015 ", "2015"),
        ("2019.0", "2019"),
        ("2015-2016", "2015-2016"),
        ("2015-A1", "2015"),
        ("2015-S2", "2015-07-01/2015-12-31"),
        ("2015-Q1", "2015-01-01/2015-03-31"),
        ("2015Q4", "2015-10-01/2015-12-31"),
        ("2015M02", "2015-02-01/2015-02-28"),
        ("2016-02", "2016-02-01/2016-02-29"),
        ("2015-03-01", "2015-03-01/2015-03-01"),
        ("2015-01-01/P2Y", "2015-2016"),
        ("2015-04-01T00:00:00/P1Y", "2015-04-01/2016-03-31"),
        ("2015-04-15/P1Y", "2015-04-15/2016-04-14"),
        ("2015-04-01/P3M", "2015-04-01/2015-06-30"),
        ("2015-04-15/P10D", "2015-04-15/2015-04-24"),
        ("~2014-2016", "~2014-2016"),
        ("not stated", "not stated"),
    ],
)
def test_periods_of_files_are_parsed(text: str, period: str) -> None:
    assert str(read_period(text)) == period


@pytest.mark.parametrize(
    "text",
    ["2015-Q5", "2015-M13", "2015-13", "2015-02-30", "2015-01-01/P0D", "2015-01-31/P1M", "201", ""],
)
def test_invalid_period_is_rejected(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_period(text)


@given(periods())
def test_a_period_written_for_sdmx_is_read_back(period: Period) -> None:
    assert read_period(sdmx_period(str(period))) == period


def test_year_from_a_leap_day_is_written_in_days() -> None:
    text = "2016-02-29/2017-02-28"
    assert sdmx_period(text) == "2016-02-29/P366D"
    assert str(read_period("2016-02-29/P366D")) == text
