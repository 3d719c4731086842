"""Reading, comparison and text of reference periods."""

from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.rows import check_rows
from tests.values.errors import check_errors
from thbstats.errors import InvalidValue
from thbstats.values import Certainty, Period
from thbstats.values.period import to_day

DAY = timedelta(days=1)
STATED = [Certainty.EXACT, Certainty.APPROXIMATE]
years = st.integers(1, 9999)


@st.composite
def stated(draw: st.DrawFn, latest: date = date.max) -> Period:
    start, end = sorted(draw(st.dates(max_value=latest)) for _ in range(2))
    return Period(start, end, draw(st.sampled_from(STATED)))


@st.composite
def calendar(draw: st.DrawFn) -> Period:
    return Period.calendar(*sorted((draw(years), draw(years))))


periods = stated() | calendar() | st.just(Period.not_stated())
near = stated(latest=date(1, 2, 10))


def days_of(period: Period) -> set[date]:
    assert period.start is not None
    assert period.days is not None
    return {period.start + step * DAY for step in range(period.days)}


# text


@given(periods)
@example(Period.calendar(1))
@example(Period.calendar(9999))
@example(Period(date(2014, 1, 1), date(2016, 12, 31), Certainty.APPROXIMATE))
@example(Period(date(2015, 1, 1), date(2015, 12, 30)))
@example(Period(date(2015, 1, 2), date(2015, 12, 31)))
def test_the_text_of_a_period_parses_back(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert repr(period) == f"Period({str(period)!r})"


IN_2015, IN_BOTH = "2015-01-01/2015-12-31 2015", "2015-01-01/2016-12-31 2015-2016"
PARSED = [
    *((text, IN_2015) for text in ("2015", 2015, np.int64(2015), "2015-2015")),
    *((text, IN_BOTH) for text in ("2015-2016", " 2015 - 2016 ", "2015\N{EN DASH}2016")),
    ("2015-01-01/2016-12-31", IN_BOTH),
    ("0098", "0098-01-01/0098-12-31 0098"),
    ("2023-Q4", "2023-10-01/2023-12-31 2023-Q4"),
    ("2023Q1", "2023-01-01/2023-03-31 2023-Q1"),
    ("2023-S1", "2023-01-01/2023-06-30 2023-S1"),
    ("2023-T2", "2023-05-01/2023-08-31 2023-T2"),
    ("2024-M2", "2024-02-01/2024-02-29 2024-M02"),
    ("2023-07-01/2023-09-30", "2023-07-01/2023-09-30 2023-Q3"),
    *(
        (days, f"{days} {days}")
        for days in ("2015-07-01/2016-06-30", "2023-06-01/2023-08-31", "2016-02-29/2016-02-29")
    ),
]


def test_every_form_of_a_period_is_parsed() -> None:
    def check(text: Any, expected: str) -> None:
        period = Period.parse(text)
        assert f"{period.start}/{period.end} {period}" == expected
        assert period.certainty is Certainty.EXACT

    check_rows(check, PARSED)


@pytest.mark.parametrize("text", ["~2014-2016", "~ 2014-2016", " ~2014-01-01/2016-12-31"])
def test_a_tilde_means_approximate(text: str) -> None:
    period = Period.parse(text)
    assert period == Period(date(2014, 1, 1), date(2016, 12, 31), Certainty.APPROXIMATE)
    assert period != Period.parse("2014-2016")
    assert str(period) == "~2014-2016"


def test_a_period_that_is_not_stated_has_no_day() -> None:
    period = Period.parse(" not stated ")
    assert not period.is_part_of_year
    assert period == Period.not_stated() == Period(None, None, Certainty.NOT_STATED)
    assert str(period) == "not stated"
    assert period.days is period.years is None
    assert not period.is_calendar


def test_parsing_a_period_returns_the_period() -> None:
    period = Period.calendar(2015)
    assert Period.parse(period) is period


@pytest.mark.parametrize("certainty", ["exact", "approximate"])
def test_a_certainty_is_parsed_from_text(certainty: str) -> None:
    period = Period(date(2015, 1, 1), date(2015, 12, 31), certainty)
    assert period.certainty is Certainty(certainty)


# days and years


@given(years, st.none() | years)
def test_calendar_years_include_first_and_last_day(first: int, last: int | None) -> None:
    last = first if last is None else max(first, last)
    period = Period.calendar(first, last)
    assert period.is_calendar
    assert period.years == last - first + 1
    assert period.days == sum(365 + isleap(year) for year in range(first, last + 1))
    assert period == Period.calendar(first, last if last > first else None)


@given(st.integers(1, 9998), st.integers(1, 12))
def test_a_fiscal_year_is_one_year_from_the_first_of_its_month(year: int, month: int) -> None:
    period = Period.fiscal(year, month)
    assert period.start == date(year, month, 1)
    assert period.end is not None
    assert period.end + DAY == date(year + 1, month, 1)
    assert period.years == 1
    assert period.is_calendar == (month == 1)
    assert period.certainty is Certainty.EXACT


def test_a_fiscal_year_from_january_is_the_calendar_year() -> None:
    assert Period.fiscal(2015, first_month=1) == Period.calendar(2015)
    assert Period.fiscal(9999, first_month=1) == Period.calendar(9999)


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(1, 5))
def test_whole_years_of_any_kind_are_counted(start: date, number: int) -> None:
    following = date(start.year + number, start.month, min(start.day, 28))
    start = start.replace(day=min(start.day, 28))
    assert Period(start, following - DAY).years == number
    assert Period(start, following).years is None
    assert Period(start, following - 2 * DAY).years is None


def years_later(start: date, number: int) -> date | None:
    try:
        return start.replace(year=start.year + number)
    except ValueError:  # 29 February
        return None


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 3), st.integers(-40, 40))
@example(date(2015, 1, 1), 1, -1)
@example(date(2015, 1, 1), 1, 180)
@example(date(2015, 6, 30), 0, 184)
def test_an_incomplete_year_is_not_counted(start: date, about: int, more: int) -> None:
    end = start + timedelta(days=max(0, 365 * about + more))
    whole = [number for number in range(1, 5) if years_later(start, number) == end + DAY]
    assert Period(start, end).years == (whole[0] if whole else None)


@pytest.mark.parametrize(
    ("start", "number"),
    [(date.min, 9999), (date(9999, 1, 1), 1), (date(9998, 7, 1), None), (date(9999, 1, 2), None)],
)
def test_years_are_counted_up_to_the_last_possible_day(start: date, number: int | None) -> None:
    assert Period(start, date.max).years == number


@given(stated())
def test_days_include_first_and_last_day(period: Period) -> None:
    assert period.start is not None
    assert period.end is not None
    assert period.days == period.end.toordinal() - period.start.toordinal() + 1


@pytest.mark.parametrize("days", ["2015-01-01/2015-12-31", "2015-01-01/2017-12-31"])
def test_a_calendar_period_starts_in_january_and_ends_in_december(days: str) -> None:
    assert Period.parse(days).is_calendar
    first, last = days.split("/")
    for other in ("2015-01-02", "2015-02-01"):
        assert not Period.parse(f"{other}/{last}").is_calendar
    for other in ("2015-12-30", "2015-10-31"):
        assert not Period.parse(f"{first}/{other}").is_calendar
    assert not Period.parse("2015-07-01/2016-06-30").is_calendar


# two periods


@given(near, near)
@example(Period.parse("2014-2015"), Period.parse("2015-2016"))
@example(Period.parse("2014"), Period.parse("2015"))
def test_periods_with_a_common_day_overlap(a: Period, b: Period) -> None:
    assert a.overlaps(b) == b.overlaps(a) == bool(days_of(a) & days_of(b))


@given(near, near)
@example(Period.parse("2014-2016"), Period.parse("2015-2016"))
@example(Period.parse("2015"), Period.parse("2015-2016"))
def test_a_period_covers_a_period_within_it(a: Period, b: Period) -> None:
    assert a.covers(b) == (days_of(b) <= days_of(a))


@given(periods)
@example(Period.parse("2015-2016"))
def test_overlap_with_a_period_not_stated_is_none(period: Period) -> None:
    unknown = Period.not_stated()
    assert period.overlaps(unknown) is unknown.overlaps(period) is None
    assert period.covers(unknown) is unknown.covers(period) is None


# wrong input

FORMS = (
    "'2015', '2015-2016', '2015-Q4', '2015-M12', '2015-04-01/2016-03-31', '~2014-2016' "
    "or 'not stated'"
)
NO_PERIOD = f"must be a reference period. Write {FORMS}"
NO_DAY = "must be a valid date. Use a year from 1 to 9999 and a month from 1 to 12"
BOTH = "must have a first and a last day. Set both days, or use Period.not_stated()"
FISCAL = (
    "must be a reference period. Write '2015-2016' for two years, or '2015-04-01/2016-03-31' for a "
    "fiscal year from April"
)
NO_DATE = "must be a date without time. Use a datetime.date"
NO_TEXT = "must be a date without time. Use Period.parse('2015')"
EARLY = "must be on or after the first day"
FIRST, LAST = date(2015, 1, 1), date(2015, 12, 31)


CONSECUTIVE = "must be consecutive periods. Use periods such as [2015, 2016]"
PART = (
    "must be a part of a year. Write a half-year '2015-S2', a quarter '2015-Q4' or a month "
    "'2015-M12'"
)
WHOLE = (
    "must consist of whole years or months. Use calendar years, fiscal years, quarters or months"
)
ERRORS = [
    *(
        (lambda text=text: Period.parse(text), f"field 'period', value {str(text)!r}: {NO_PERIOD}")
        for text in ("", "15", "2015-01", "2015-02-30/2015-03-01",
                     "2015-01-01/2015-13-01", "2015-01-01", "~not stated", "~~2015", "Not stated",
                     "20155", "2015.0", "2015/17", 2015.0, True, None)
    ),
    *(
        (lambda text=text: Period.parse(text), f"field 'period', value {text!r}: {FISCAL}")
        for text in ("2015/2016", "2015-16", "2015/16", "~ 2015-16")
    ),
    *(
        (make, f"field 'end', value '{end}': {EARLY} {start}. Swap the days")
        for make, start, end in (
            (lambda: Period(LAST, FIRST), "2015-12-31", "2015-01-01"),
            (lambda: Period.parse("2016-2015"), "2016-01-01", "2015-12-31"),
            (lambda: Period.parse("2016-01-02/2016-01-01"), "2016-01-02", "2016-01-01"),
        )
    ),
    *(
        (lambda days=days: Period(*days), f"field 'period', value '{days[0]}/{days[1]}': {BOTH}")
        for days in (
            (FIRST, None), (None, LAST), (None, None), (FIRST, None, Certainty.NOT_STATED),
            (None, LAST, Certainty.NOT_STATED), (FIRST, LAST, Certainty.NOT_STATED),
        )
    ),
    (lambda: Period("2015", "2016"), f"field 'period', value '2015': {NO_TEXT}"),
    (lambda: Period(FIRST, datetime(2015, 12, 31)),  # noqa: DTZ001
     f"field 'period', value datetime.datetime(2015, 12, 31, 0, 0): {NO_DATE}"),
    (lambda: Period(FIRST, LAST, "certain"), "field 'certainty', value 'certain': must be a "
     "valid certainty. Use 'exact', 'approximate' or 'not_stated'"),
    *(
        (make, f"field 'period', value '{day}': {NO_DAY}")
        for make, day in (
            (lambda: Period.parse("0000"), "0-1-1"),
            (lambda: Period.calendar(0), "0-1-1"),
            (lambda: Period.calendar(2015, 10000), "10000-12-31"),
            (lambda: Period.calendar(2015.5), "2015.5-1-1"),
            (lambda: Period.calendar(10**30), f"{10**30}-1-1"),
            (lambda: Period.fiscal(2015, 13), "2015-13-1"),
            (lambda: Period.fiscal(2015, 0), "2015-0-1"),
            (lambda: Period.fiscal(9999, 4), "10000-4-1"),
        )
    ),
    # Periods with gaps or overlaps are not joined.
    *(
        (lambda texts=texts: Period.joined(map(Period.parse, texts)),
         f"field 'period', value {', '.join(texts)!r}: {CONSECUTIVE}")
        for texts in (["2015", "2017"], ["2015-2016", "2016"], ["2015", "not stated"], [])
    ),
    *(
        (lambda text=text: Period.parse(text), f"field 'period', value {text!r}: {PART}")
        for text in ("2015-Q0", "2015-Q5", "2015-S3", "2015-T4", "2015-M13")
    ),
    *(
        (lambda text=text: Period.parse(text).earlier(1),
         f"field 'period', value {text!r}: {WHOLE}")
        for text in ("2015-01-01/2015-06-29", "not stated")
    ),
]  # fmt: skip


def test_an_error_has_field_value_and_hint() -> None:
    check_errors(ERRORS, may_have_cause=True)


# joined, earlier


@given(st.integers(2000, 2020), st.lists(st.integers(1, 3), min_size=1, max_size=4), st.randoms())
def test_consecutive_periods_are_joined(first: int, lengths: list[int], order: Any) -> None:
    result, year = [], first
    for length in lengths:
        result.append(Period.calendar(year, year + length - 1))
        year += length
    order.shuffle(result)
    assert Period.joined(result) == Period.calendar(first, year - 1)


def test_a_join_with_an_approximate_period_is_approximate() -> None:
    assert Period.joined([Period.calendar(2015), Period.parse("~2016")]) == Period.parse(
        "~2015-2016"
    )


@given(st.integers(1990, 2020), st.integers(1, 3), st.integers(1, 12), st.integers(0, 9))
def test_earlier_keeps_number_of_years_and_first_day(
    year: int, length: int, month: int, back: int
) -> None:
    years = [Period.fiscal(year + more, month) for more in range(length)]
    result = Period.joined(years).earlier(back)
    assert result == Period.joined([Period.fiscal(year + n - back, month) for n in range(length)])
    assert result.years == length


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("2023-Q4", "2022-Q4"),
        ("2024-M02", "2023-M02"),
        ("2021-M02", "2020-M02"),
        ("2023-S1", "2022-S1"),
        ("2023-12-01/2024-01-31", "2022-12-01/2023-01-31"),
        ("2015-03-01/2016-02-29", "2014-03-01/2015-02-28"),
        ("2016-03-01/2017-02-28", "2015-03-01/2016-02-29"),
        ("2015-04-06/2016-04-05", "2014-04-06/2015-04-05"),
        ("~2015-04-01/2016-03-31", "~2014-04-01/2015-03-31"),
        ("~2014-2016", "~2013-2015"),
        ("9999", "9998"),
        ("9999-Q4", "9998-Q4"),
    ],
)
def test_earlier_keeps_months_days_and_certainty(text: str, earlier: str) -> None:
    assert str(Period.parse(text).earlier(1)) == earlier
    assert Period.parse(earlier).earlier(-1) == Period.parse(text)


@given(years, st.sampled_from([("S", 6), ("T", 4), ("Q", 3), ("M", 1)]))
def test_parts_of_a_year_join_to_the_year(year: int, part: tuple[str, int]) -> None:
    letter, months = part
    parts = [Period.part_of_year(year, letter, n + 1) for n in range(12 // months)]
    assert Period.joined(parts) == Period.calendar(year)
    for number, period in enumerate(parts, start=1):
        assert Period.parse(str(period)) == period
        assert Period.parse(f"{year:04d}{letter}{number}") == period
        assert period.is_part_of_year
        assert period.years is None


def test_time_of_a_day_is_left_out() -> None:
    time = datetime(2018, 12, 3, 10, 30, tzinfo=UTC)
    assert to_day(time) == to_day("2018-12-03") == date(2018, 12, 3)


def test_last_month_of_a_quarter_ends_it() -> None:
    quarter, month = (Period.part_of_year(2023, part, n) for part, n in (("Q", 4), ("M", 12)))
    assert (str(quarter), quarter.end) == ("2023-Q4", month.end)


def test_periods_of_the_report() -> None:
    statistics, narrative = Period.parse("2015-2016"), Period.parse("~2014-2016")
    operations = Period.parse("2017-2018")
    assert statistics.days == 731
    assert narrative.covers(statistics)
    assert not statistics.covers(narrative)
    assert not statistics.overlaps(operations)


def test_the_last_period_of_the_calendar_can_be_joined() -> None:
    last = Period.calendar(9999)
    assert Period.joined([last, Period.calendar(9998)]) == Period.parse("9998-9999")
    with pytest.raises(InvalidValue, match="must be consecutive periods"):
        Period.joined([last, Period.parse("9999-Q4")])
