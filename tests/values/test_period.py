"""A reference period is read, compared and written without losing a day."""

import copy
import pickle
from calendar import isleap
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import example, given
from hypothesis import strategies as st

from thbstats.errors import InvalidValue
from thbstats.values import Certainty, Period

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


@pytest.mark.parametrize(
    ("text", "start", "end", "canonical"),
    [
        ("2015", date(2015, 1, 1), date(2015, 12, 31), "2015"),
        (2015, date(2015, 1, 1), date(2015, 12, 31), "2015"),
        (np.int64(2015), date(2015, 1, 1), date(2015, 12, 31), "2015"),
        ("0098", date(98, 1, 1), date(98, 12, 31), "0098"),
        ("2015-2016", date(2015, 1, 1), date(2016, 12, 31), "2015-2016"),
        (" 2015 - 2016 ", date(2015, 1, 1), date(2016, 12, 31), "2015-2016"),
        ("2015\N{EN DASH}2016", date(2015, 1, 1), date(2016, 12, 31), "2015-2016"),
        ("2015-2015", date(2015, 1, 1), date(2015, 12, 31), "2015"),
        ("2015-01-01/2016-12-31", date(2015, 1, 1), date(2016, 12, 31), "2015-2016"),
        (
            "2015-07-01/2016-06-30",
            date(2015, 7, 1),
            date(2016, 6, 30),
            "2015-07-01/2016-06-30",
        ),
        ("2016-02-29/2016-02-29", date(2016, 2, 29), date(2016, 2, 29), "2016-02-29/2016-02-29"),
    ],
)
def test_each_way_of_writing_a_period(text: Any, start: date, end: date, canonical: str) -> None:
    period = Period.parse(text)
    assert (period.start, period.end, period.certainty) == (start, end, Certainty.EXACT)
    assert str(period) == canonical


@pytest.mark.parametrize("text", ["~2014-2016", "~ 2014-2016", " ~2014-01-01/2016-12-31"])
def test_a_tilde_says_approximate(text: str) -> None:
    period = Period.parse(text)
    assert period == Period(date(2014, 1, 1), date(2016, 12, 31), Certainty.APPROXIMATE)
    assert period != Period.parse("2014-2016")
    assert str(period) == "~2014-2016"


def test_a_period_that_is_not_stated_has_no_day() -> None:
    period = Period.parse(" not stated ")
    assert period == Period.not_stated() == Period(None, None, Certainty.NOT_STATED)
    assert str(period) == "not stated"
    assert period.days is period.years is None
    assert not period.is_calendar


def test_a_period_is_taken_as_it_is() -> None:
    period = Period.calendar(2015)
    assert Period.parse(period) is period


@pytest.mark.parametrize("certainty", ["exact", "approximate"])
def test_a_certainty_may_be_given_as_its_word(certainty: str) -> None:
    period = Period(date(2015, 1, 1), date(2015, 12, 31), certainty)
    assert period.certainty is Certainty(certainty)


# days and years


@given(years, st.none() | years)
def test_calendar_years_are_counted_with_both_ends(first: int, last: int | None) -> None:
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
def test_a_broken_year_is_not_counted(start: date, about: int, more: int) -> None:
    end = start + timedelta(days=max(0, 365 * about + more))
    whole = [number for number in range(1, 5) if years_later(start, number) == end + DAY]
    assert Period(start, end).years == (whole[0] if whole else None)


@pytest.mark.parametrize(
    ("start", "number"),
    [(date.min, 9999), (date(9999, 1, 1), 1), (date(9998, 7, 1), None), (date(9999, 1, 2), None)],
)
def test_years_are_counted_to_the_last_day_there_is(start: date, number: int | None) -> None:
    assert Period(start, date.max).years == number


@given(stated())
def test_days_are_counted_with_both_ends(period: Period) -> None:
    assert period.start is not None
    assert period.end is not None
    assert period.days == period.end.toordinal() - period.start.toordinal() + 1


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        (date(2015, 1, 1), date(2015, 12, 31), True),
        (date(2015, 1, 1), date(2017, 12, 31), True),
        (date(2015, 1, 2), date(2015, 12, 31), False),
        (date(2015, 2, 1), date(2015, 12, 31), False),
        (date(2015, 1, 1), date(2015, 12, 30), False),
        (date(2015, 1, 1), date(2015, 10, 31), False),
        (date(2015, 7, 1), date(2016, 6, 30), False),
    ],
)
def test_a_calendar_period_starts_in_january_and_ends_in_december(
    start: date, end: date, whole: bool
) -> None:
    assert Period(start, end).is_calendar == whole


# two periods


@given(near, near)
@example(Period.parse("2014-2015"), Period.parse("2015-2016"))
@example(Period.parse("2014"), Period.parse("2015"))
def test_periods_overlap_where_they_share_a_day(a: Period, b: Period) -> None:
    assert a.overlaps(b) == b.overlaps(a) == bool(days_of(a) & days_of(b))


@given(near, near)
@example(Period.parse("2014-2016"), Period.parse("2015-2016"))
@example(Period.parse("2015"), Period.parse("2015-2016"))
def test_a_period_covers_another_where_it_has_its_every_day(a: Period, b: Period) -> None:
    assert a.covers(b) == (days_of(b) <= days_of(a))


@given(periods)
@example(Period.parse("2015-2016"))
def test_nobody_can_tell_whether_a_period_that_is_not_stated_overlaps(period: Period) -> None:
    unknown = Period.not_stated()
    assert period.overlaps(unknown) is unknown.overlaps(period) is None
    assert period.covers(unknown) is unknown.covers(period) is None


def test_periods_of_the_report() -> None:
    statistics, narrative = Period.parse("2015-2016"), Period.parse("~2014-2016")
    operations = Period.parse("2017-2018")
    assert statistics.days == 731
    assert narrative.covers(statistics)
    assert not statistics.covers(narrative)
    assert not statistics.overlaps(operations)


# wrong input

FORMS = "'2015', '2015-2016', '2015-04-01/2016-03-31', '~2014-2016' or 'not stated'"
NO_PERIOD = f"must be a reference period. Write {FORMS}"
NO_DAY = "must be an existing day. Use a year from 1 to 9999 and a month from 1 to 12"
BOTH = "must have a first and a last day. Set both days, or use Period.not_stated()"
NO_DATE = f"must be a date without time. Use datetime.date, or Period.parse with {FORMS}"
EARLY = "must be on or after the first day"
FIRST, LAST = date(2015, 1, 1), date(2015, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15",
        "2015/2016",
        "2015-16",
        "2015-01",
        "2015-02-30/2015-03-01",
        "2015-01-01/2015-13-01",
        "2015-01-01",
        "~not stated",
        "~~2015",
        "Not stated",
        "20155",
        "2015.0",
    ],
)
def test_a_text_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Period.parse(text)
    assert str(caught.value) == f"field 'period', value {text!r}: {NO_PERIOD}"


@pytest.mark.parametrize("wrong", [2015.0, True, None])
def test_what_is_neither_text_nor_a_year_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        Period.parse(wrong)
    assert str(caught.value) == f"field 'period', value {str(wrong)!r}: {NO_PERIOD}"


def test_the_refusal_shows_the_text_as_it_was_given() -> None:
    with pytest.raises(InvalidValue, match="value '~ 2015-16'"):
        Period.parse("~ 2015-16")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Period(LAST, FIRST),
            f"field 'end', value '2015-01-01': {EARLY} 2015-12-31. Swap the days",
        ),
        (
            lambda: Period.parse("2016-2015"),
            f"field 'end', value '2015-12-31': {EARLY} 2016-01-01. Swap the days",
        ),
        (
            lambda: Period.parse("2016-01-02/2016-01-01"),
            f"field 'end', value '2016-01-01': {EARLY} 2016-01-02. Swap the days",
        ),
        (lambda: Period(FIRST, None), f"field 'period', value '2015-01-01/None': {BOTH}"),
        (lambda: Period(None, LAST), f"field 'period', value 'None/2015-12-31': {BOTH}"),
        (lambda: Period(None, None), f"field 'period', value 'None/None': {BOTH}"),
        (
            lambda: Period(FIRST, None, Certainty.NOT_STATED),
            f"field 'period', value '2015-01-01/None': {BOTH}",
        ),
        (
            lambda: Period(None, LAST, Certainty.NOT_STATED),
            f"field 'period', value 'None/2015-12-31': {BOTH}",
        ),
        (
            lambda: Period(FIRST, LAST, Certainty.NOT_STATED),
            f"field 'period', value '2015-01-01/2015-12-31': {BOTH}",
        ),
        (
            lambda: Period("2015", "2016"),
            f"field 'period', value '2015': {NO_DATE}",
        ),
        (
            lambda: Period(FIRST, datetime(2015, 12, 31)),  # noqa: DTZ001
            f"field 'period', value datetime.datetime(2015, 12, 31, 0, 0): {NO_DATE}",
        ),
        (
            lambda: Period(FIRST, LAST, "certain"),
            "field 'certainty', value 'certain': must be a certainty. Use one of exact, "
            "approximate, not_stated",
        ),
        (lambda: Period.parse("0000"), f"field 'period', value '0-1-1': {NO_DAY}"),
        (lambda: Period.calendar(0), f"field 'period', value '0-1-1': {NO_DAY}"),
        (
            lambda: Period.calendar(2015, 10000),
            f"field 'period', value '10000-12-31': {NO_DAY}",
        ),
        (
            lambda: Period.calendar(2015.5),  # type: ignore[arg-type]
            f"field 'period', value '2015.5-1-1': {NO_DAY}",
        ),
        (
            lambda: Period.calendar(10**30),
            f"field 'period', value '{10**30}-1-1': {NO_DAY}",
        ),
        (lambda: Period.fiscal(2015, 13), f"field 'period', value '2015-13-1': {NO_DAY}"),
        (lambda: Period.fiscal(2015, 0), f"field 'period', value '2015-0-1': {NO_DAY}"),
        (lambda: Period.fiscal(9999, 4), f"field 'period', value '10000-4-1': {NO_DAY}"),
    ],
)
def test_a_refusal_names_the_field_the_value_and_the_hint(
    make: Callable[[], object], message: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert str(caught.value) == message


# joined, earlier


@given(st.integers(2000, 2020), st.lists(st.integers(1, 3), min_size=1, max_size=4), st.randoms())
def test_periods_that_follow_one_another_make_one(
    first: int, lengths: list[int], order: Any
) -> None:
    found, year = [], first
    for length in lengths:
        found.append(Period.calendar(year, year + length - 1))
        year += length
    order.shuffle(found)
    assert Period.joined(found) == Period.calendar(first, year - 1)


def test_one_approximate_period_makes_the_whole_approximate() -> None:
    assert Period.joined([Period.calendar(2015), Period.parse("~2016")]) == Period.parse(
        "~2015-2016"
    )


@pytest.mark.parametrize(
    "texts", [["2015", "2017"], ["2015-2016", "2016"], ["2015", "not stated"], []]
)
def test_periods_that_do_not_follow_one_another_make_none(texts: list[str]) -> None:
    with pytest.raises(InvalidValue) as caught:
        Period.joined(map(Period.parse, texts))
    assert str(caught.value) == (
        f"field 'period', value {', '.join(texts)!r}: must be consecutive periods. "
        "Use periods without gaps or overlaps, such as [2015, 2016]"
    )


@given(st.integers(1990, 2020), st.integers(1, 3), st.integers(1, 12), st.integers(0, 9))
def test_earlier_years_are_as_many_and_start_on_the_same_day(
    year: int, length: int, month: int, back: int
) -> None:
    years = [Period.fiscal(year + more, month) for more in range(length)]
    found = Period.joined(years).earlier(back)
    assert found == Period.joined([Period.fiscal(year + n - back, month) for n in range(length)])
    assert found.years == length


def test_earlier_years_end_on_a_leap_day_where_there_is_one() -> None:
    assert str(Period.parse("2015-03-01/2016-02-29").earlier(1)) == "2014-03-01/2015-02-28"
    assert str(Period.parse("2016-03-01/2017-02-28").earlier(1)) == "2015-03-01/2016-02-29"


def test_earlier_years_start_within_a_month_where_the_year_does() -> None:
    # The fiscal year of the United Kingdom.
    assert str(Period.parse("2015-04-06/2016-04-05").earlier(1)) == "2014-04-06/2015-04-05"


def test_the_last_year_of_all_has_earlier_ones() -> None:
    assert Period.calendar(9999).earlier(1) == Period.calendar(9998)


def test_an_approximate_period_stays_approximate_in_earlier_years() -> None:
    assert str(Period.parse("~2014-2016").earlier(2)) == "~2012-2014"
    assert str(Period.parse("~2015-04-01/2016-03-31").earlier(1)) == "~2014-04-01/2015-03-31"


@pytest.mark.parametrize("text", ["2015-01-01/2015-06-30", "not stated"])
def test_what_is_not_whole_years_has_no_earlier_ones(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Period.parse(text).earlier(1)
    assert str(caught.value) == (
        f"field 'period', value {text!r}: must consist of whole years. "
        "Use calendar years or fiscal years"
    )


# values


@given(periods)
def test_a_period_survives_copying_and_pickling(period: Period) -> None:
    for other in (pickle.loads(pickle.dumps(period)), copy.copy(period), copy.deepcopy(period)):
        assert other == period
        assert hash(other) == hash(period)


def test_a_period_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Period.calendar(2015).end = None  # type: ignore[misc]
