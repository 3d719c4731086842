from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import InvalidValue, UnknownName
from thbstats.geography import (
    ACCESSIONS,
    WITHDRAWALS,
    eu_members,
    is_eu_member,
    membership_changes,
    parse_country,
    straddles_change,
)

days = st.dates(date(1950, 1, 1), date(2030, 12, 31))
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "joined", "size"),
    [
        (date(1958, 1, 1), "BE DE FR IT LU NL", 6),
        (date(1973, 1, 1), "DK IE UK", 9),
        (date(1981, 1, 1), "EL", 10),
        (date(1986, 1, 1), "ES PT", 12),
        (date(1995, 1, 1), "AT FI SE", 15),
        (date(2004, 5, 1), "CY CZ EE HU LT LV MT PL SI SK", 25),
        (date(2007, 1, 1), "BG RO", 27),
        (date(2013, 7, 1), "HR", 28),
    ],
)
def test_an_enlargement_begins_on_its_first_day(first: date, joined: str, size: int) -> None:
    assert eu_members(first) - eu_members(first - ONE_DAY) == set(joined.split())
    assert len(eu_members(first)) == size


def test_a_day_can_be_a_time_or_a_text() -> None:
    expected = eu_members(date(2020, 1, 1))
    assert eu_members(datetime(2020, 1, 1, 12, tzinfo=UTC)) == eu_members("2020-01-01") == expected
    for wrong in (None, "1 January", 2020):
        with pytest.raises(InvalidValue, match="`day` must be a date"):
            eu_members(wrong)


def test_the_united_kingdoms_last_day_is_31_january_2020() -> None:
    assert is_eu_member("GB", date(2020, 1, 31))
    assert not is_eu_member("GB", date(2020, 2, 1))
    assert len(eu_members(date(2020, 2, 1))) == 27


def test_every_member_has_a_code_and_joins_once() -> None:
    joined = [code for codes in ACCESSIONS.values() for code in codes]
    assert len(set(joined)) == len(joined) == 28
    assert all(parse_country(code) == code for code in joined)
    assert all(codes <= set(joined) for codes in WITHDRAWALS.values())


def test_membership_accepts_any_spelling_of_a_country() -> None:
    assert is_eu_member("Greece", date(2015, 1, 1))
    assert not is_eu_member("Norway", date(2015, 1, 1))
    with pytest.raises(UnknownName):
        is_eu_member("Ruritania", date(2015, 1, 1))


@given(days)
def test_the_members_change_exactly_on_the_days_of_change(day: date) -> None:
    changed = eu_members(day) != eu_members(day - ONE_DAY)
    assert changed is (day in membership_changes())


def test_the_composition_changes_on_every_day_of_change() -> None:
    assert all(eu_members(day) != eu_members(day - ONE_DAY) for day in membership_changes())


@given(days, days)
def test_a_period_without_change_has_the_same_members_on_every_day(a: date, b: date) -> None:
    start, end = sorted((a, b))
    inside = straddles_change(start, end)
    assert all(start < day <= end for day in inside)
    assert list(inside) == sorted(inside)
    if not inside:
        assert eu_members(start) == eu_members(end)


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        (date(2015, 1, 1), date(2016, 12, 31), []),
        (date(2013, 1, 1), date(2014, 12, 31), [date(2013, 7, 1)]),
        (date(2013, 7, 1), date(2014, 12, 31), []),
        (date(2013, 1, 1), date(2013, 7, 1), [date(2013, 7, 1)]),
        (date(2020, 1, 1), date(2020, 1, 31), []),
        (date(2019, 1, 1), date(2020, 12, 31), [date(2020, 2, 1)]),
        (date(2010, 1, 1), date(2021, 12, 31), [date(2013, 7, 1), date(2020, 2, 1)]),
    ],
)
def test_changes_inside_a_period(start: date, end: date, inside: list[date]) -> None:
    assert list(straddles_change(start, end)) == inside


def test_a_period_that_ends_before_its_start_raises() -> None:
    with pytest.raises(InvalidValue, match="on or after the first day 2016-01-01"):
        straddles_change(date(2016, 1, 1), date(2015, 1, 1))


def test_membership_is_empty_before_1958() -> None:
    assert eu_members(date(1957, 12, 31)) == frozenset()


def test_times_are_read_as_their_days() -> None:
    noon = datetime(2013, 6, 30, 12, tzinfo=UTC)
    assert straddles_change(noon, datetime(2013, 7, 1, tzinfo=UTC)) == (date(2013, 7, 1),)
    assert not is_eu_member("HR", noon)
    with pytest.raises(InvalidValue, match="`start` must be a date"):
        straddles_change(None, noon)
