from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import InvalidValue, UnknownName
from thbstats.geography import (
    COMPOSITIONS,
    COUNTRIES,
    DISSOLVED_STATES,
    Area,
    Country,
    citizenship_group,
    parse_citizenship,
    parse_country,
)
from thbstats.geography.spellings import citizenships, plain
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
        ("NO", "NO", "EU28", "reporting_country"),
        # Dissolved states without a Member State as successor.
        ("Serbia and Montenegro", "FR", "EU28", "non_eu"),
        ("Yugoslavia", "FR", "EU15", "non_eu"),
    ],
)
def test_the_composition_of_the_source_determines_the_group(
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
def test_an_unknown_country_or_area_raises(citizenship: str, reporting: str, eu: str) -> None:
    with pytest.raises(UnknownName):
        citizenship_group(citizenship, reporting, eu)


@given(st.sampled_from([*COUNTRIES, *DISSOLVED_STATES]))
def test_every_demonym_is_its_country_or_ambiguous(country: Country) -> None:
    for text in (*country.demonyms, *country.variants):
        codes = citizenships()[plain(text)]
        assert country.code in codes
        if len(codes) == 1:
            assert parse_citizenship(text.upper()) == country.code
        else:
            with pytest.raises(UnknownName, match="must be one country"):
                parse_citizenship(text)


# UNODC GLOTIP (14 April 2025), categories by citizenship and by country of repatriation.
@pytest.mark.parametrize(
    ("label", "code"),
    [
        *(("Romanian", "RO"), ("Georgian", "GE"), ("Poles", "PL"), ("Dutch", "NL")),
        *(("Nigerians", "NG"), ("Nigerien", "NE"), ("Guinean", "GN"), ("Finns", "FI")),
        *(("Congolese (DRC)", "CD"), ("Emirati (UAE)", "AE"), ("Burkinabe", "BF")),
        *(("SALVADOREÑA", "SV"), ("roumain", "RO"), ("Former Czechoslovakia", "CSHH")),
        *(("Ghanean", "GH"), ("Ukraineans", "UA"), ("Uzbecki", "UZ")),
        *(("Nationals", "reporting_country"), ("own country", "reporting_country")),
        *(("Stateless", "stateless"), ("(Nationality not stated)", "unknown")),
        *(("Sin determinar", "unknown"), ("TOTAL", "total")),
    ],
)
def test_citizenships_of_glotip_are_read(label: str, code: str) -> None:
    assert parse_citizenship(label) == code


@pytest.mark.parametrize(
    "label",
    [
        *("Africa", "Abroad", "Other Asia", "European Economic Area", "foreigners", "Disputed"),
        *("Q6.1_10s_2019", "0", "145", "", "N/A", "Nationality", "TOTAL POR AÑO", "Dubai"),
        *("Romania/Bulgaria", "2 maliens", "Rohingya", "Lybia", "Nigerin", "Espa?a", "without"),
    ],
)
def test_an_uncertain_citizenship_raises(label: str) -> None:
    with pytest.raises(UnknownName, match="must be a citizenship group or a country"):
        parse_citizenship(label)


def test_an_ambiguous_demonym_raises_with_both_countries() -> None:
    with pytest.raises(UnknownName, match=r"KP \(North Korea\) or KR \(South Korea\)"):
        parse_citizenship("Koreans")


@given(codes | st.sampled_from(["serbia and montenegro", "YU", "Great Britain"]))
def test_a_name_of_a_country_is_a_citizenship(text: str) -> None:
    assert parse_citizenship(text) == parse_country(text)


@given(st.sampled_from(CitizenshipGroup))
def test_every_group_is_read_by_its_spellings(group: CitizenshipGroup) -> None:
    for text in (group, group.label, *group.synonyms):
        assert parse_citizenship(text) is group


def test_stateless_is_a_child_of_non_eu() -> None:
    group = citizenship_group("stateless", "FR", "EU28")
    assert group is CitizenshipGroup.STATELESS
    assert group.parent is CitizenshipGroup.NON_EU


@pytest.mark.parametrize(
    ("citizenship", "reporting", "eu"),
    [
        ("Czechoslovakia", "CZ", "EU28"),
        ("Soviet Union", "DE", "EU28"),
        ("Yugoslavia", "IT", "EU28"),
        ("Serbia and Montenegro", "RS", "EU28"),
        ("Soviet Union", "UA", "EU15"),
    ],
)
def test_a_dissolved_state_with_a_member_as_successor_raises(
    citizenship: str, reporting: str, eu: str
) -> None:
    with pytest.raises(InvalidValue, match=r"must be unambiguous: successors are"):
        citizenship_group(citizenship, reporting, eu)


def test_a_dissolved_state_is_of_the_group_of_all_its_successors() -> None:
    assert citizenship_group("Czechoslovakia", "DE", "EU28") is CitizenshipGroup.OTHER_EU
    assert citizenship_group("Czechoslovakia", "DE", "EU15") is CitizenshipGroup.NON_EU
    assert citizenship_group("Serbia and Montenegro", None, "EU28") is CitizenshipGroup.NON_EU


def test_citizen_of_a_state_whose_only_successor_reports_is_a_national() -> None:
    for state, successor in (("East Germany", "DE"), ("South Yemen", "YE")):
        group = citizenship_group(state, successor, "EU28")
        assert group is CitizenshipGroup.REPORTING_COUNTRY
