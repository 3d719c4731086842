from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import UnknownName
from thbstats.geography import COMPOSITIONS, COUNTRIES, Area, citizenship_group
from thbstats.vocabulary import CitizenshipGroup

codes = st.sampled_from([country.code for country in COUNTRIES])
compositions = st.sampled_from(list(COMPOSITIONS.values()))


@pytest.mark.parametrize(
    ("citizenship", "reporting", "eu", "group"),
    [
        ("RO", "RO", "EU28", "reporting_country"),
        ("Romania", "United Kingdom", "EU28", "other_eu"),
        ("Viet Nam", "UK", "EU28", "non_eu"),
        ("GB", "FR", "EU28", "other_eu"),
        ("GB", "FR", "EU27_2020", "non_eu"),
        ("GB", "FR", "EU28 without UK", "non_eu"),
        ("Greece", "GR", "EU27_2020", "reporting_country"),
    ],
)
def test_the_composition_of_the_source_governs(
    citizenship: str, reporting: str, eu: str, group: str
) -> None:
    assert citizenship_group(citizenship, reporting, eu) == group


@pytest.mark.parametrize(
    ("citizenship", "day", "group"),
    [
        ("HR", date(2013, 6, 30), "non_eu"),
        ("HR", date(2013, 7, 1), "other_eu"),
        ("UK", date(2020, 1, 31), "other_eu"),
        ("UK", date(2020, 2, 1), "non_eu"),
    ],
)
def test_membership_on_a_day_is_the_fallback(citizenship: str, day: date, group: str) -> None:
    assert citizenship_group(citizenship, "IT", day) == group


def test_own_nationals_of_a_state_outside_the_union_are_its_own_nationals() -> None:
    assert citizenship_group("NO", "NO", "EU28") is CitizenshipGroup.REPORTING_COUNTRY


@given(codes, codes, compositions)
def test_the_group_follows_from_equality_and_membership(
    citizenship: str, reporting: str, eu: Area
) -> None:
    group = citizenship_group(citizenship, reporting, eu)
    assert (group is CitizenshipGroup.REPORTING_COUNTRY) is (citizenship == reporting)
    if citizenship != reporting:
        assert (group.parent is CitizenshipGroup.EU) is (citizenship in eu.members)


@pytest.mark.parametrize(
    ("citizenship", "reporting", "eu"),
    [("unknown", "FR", "EU28"), ("FR", "EU28", "EU28"), ("FR", "IT", "EU27")],
)
def test_what_is_no_country_or_area_is_refused(citizenship: str, reporting: str, eu: str) -> None:
    with pytest.raises(UnknownName):
        citizenship_group(citizenship, reporting, eu)
