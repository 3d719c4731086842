from datetime import date
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import InvalidValue, UnknownName
from thbstats.geography import (
    COMPOSITIONS,
    COUNTRIES,
    Area,
    composition_on,
    read_regions,
    same_members,
)

codes = st.sampled_from([country.code for country in COUNTRIES])
code_sets = st.sets(codes, min_size=1, max_size=6)
compositions = st.sampled_from(list(COMPOSITIONS.values()))


@pytest.mark.parametrize(
    ("code", "size"),
    [
        *(("EU6", 6), ("EU9", 9), ("EU10", 10), ("EU12", 12), ("EU15", 15), ("EU25", 25)),
        *(("EU27_2007", 27), ("EU28", 28), ("EU27_2020", 27)),
    ],
)
def test_a_composition_has_the_size_in_its_name(code: str, size: int) -> None:
    assert len(COMPOSITIONS[code].members) == size
    assert Area.parse(code) is Area.parse(COMPOSITIONS[code].label) is COMPOSITIONS[code]
    assert Area.parse(code).without() is COMPOSITIONS[code]
    assert f"EU of {size} members" in COMPOSITIONS[code].label


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EU27 (from 2020)", "EU27_2020"),
        ("European Union - 27 countries (from 2020)", "EU27_2020"),
        ("European Union - 27 countries (2007-2013)", "EU27_2007"),
        ("European Union - 28 countries (2013-2020)", "EU28"),
        ("European Union (28 countries)", "EU28"),
        ("European Union - 15 countries (1995-2004)", "EU15"),
    ],
)
def test_labels_of_eurostat_are_read(text: str, code: str) -> None:
    assert Area.parse(text) is COMPOSITIONS[code]


def test_both_compositions_of_27_differ_by_the_uk_and_croatia() -> None:
    old, new = COMPOSITIONS["EU27_2007"].members, COMPOSITIONS["EU27_2020"].members
    assert (old - new, new - old) == ({"UK"}, {"HR"})


def test_eu28_without_the_uk_is_the_same_set_as_eu27_2020() -> None:
    area = Area.parse("EU28 without UK")
    assert area.members == COMPOSITIONS["EU27_2020"].members
    assert area == COMPOSITIONS["EU27_2020"]
    assert hash(area) == hash(COMPOSITIONS["EU27_2020"])
    assert same_members("EU28 without UK", "EU27_2020")
    assert area.code == "EU28 without UK"
    assert area.label == "EU of 28 members (2013-2020) without United Kingdom"
    assert Area.parse("EU28 without UK, FR").label.endswith(" without France and United Kingdom")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("eu28", "EU28"),
        ("EU-28", "EU28"),
        ("EU 28", "EU28"),
        ("EU-27 (2020)", "EU27_2020"),
        ("EU27 2007", "EU27_2007"),
        ("Great Britain", "UK"),
        ("GRC", "EL"),
        ("FR + be", "BE+FR"),
        ("FR+FR", "FR"),
        ("EU-28 WITHOUT Great Britain , gr", "EU28 without EL, UK"),
        ("BE+FR without FR", "BE+FR without FR"),
    ],
)
def test_an_area_has_one_canonical_code(text: str, code: str) -> None:
    assert Area.parse(text).code == str(Area.parse(text)) == code


@given(code_sets, st.randoms())
def test_a_list_of_countries_in_any_order_is_read_as_the_same_area(
    members: set[str], random: Random
) -> None:
    shuffled = sorted(members)
    random.shuffle(shuffled)
    area = Area.from_countries(shuffled)
    assert area.members == members
    assert area.code == Area.from_countries(members).code == "+".join(sorted(members))
    assert Area.parse(area.code) == area
    assert Area.parse(area) is area


@given(compositions, st.data())
def test_a_code_is_read_as_the_same_area(area: Area, data: st.DataObject) -> None:
    outside = data.draw(st.sets(st.sampled_from(sorted(area.members)), max_size=5))
    smaller = Area.parse(area).without(*outside)
    back = Area.parse(smaller.code)
    assert (back, back.code, back.label) == (smaller, smaller.code, smaller.label)
    assert smaller.members == area.members - outside


@given(compositions, st.data())
def test_removing_countries_one_by_one_or_together_is_equal(
    area: Area, data: st.DataObject
) -> None:
    a, b = data.draw(
        st.lists(st.sampled_from(sorted(area.members)), min_size=2, max_size=2, unique=True)
    )
    together = Area.parse(area).without(a, b)
    one_by_one = Area.parse(area).without(b).without(a)
    assert (one_by_one.code, one_by_one.label) == (together.code, together.label)
    assert one_by_one == together


def test_areas_are_equal_exactly_when_their_members_are() -> None:
    for a, b in product(COMPOSITIONS.values(), repeat=2):
        assert (a == b) is same_members(a, b) is (a.members == b.members)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EU27", "EU27_2007 .* or EU27_2020"),
        ("EU-27", "EU27_2007"),
        ("EU", "EU28 or EU27_2020"),
        ("European Union", "EU28 or EU27_2020"),
        ("EU27 without UK", "EU27_2007"),
    ],
)
def test_an_ambiguous_composition_raises(text: str, said: str) -> None:
    with pytest.raises(UnknownName, match=f"must name one composition.*{said}"):
        Area.parse(text)


@pytest.mark.parametrize(
    ("text", "culprit", "near"),
    [
        ("EU29", "EU29", "'EU28'"),
        ("Romnia", "Romnia", "'Romania'"),
        ("BE+Farnce", "Farnce", "'France'"),
    ],
)
def test_an_unknown_area_raises_with_a_suggestion(text: str, culprit: str, near: str) -> None:
    with pytest.raises(UnknownName) as caught:
        Area.parse(text)
    assert caught.value.value == culprit
    assert near in str(caught.value).partition("?")[0]


@pytest.mark.parametrize(
    "text", ["", "EU28 without", "EU28 without UK,", "EU28 without XX", "BE+", "EU27_2007+HR"]
)
def test_an_incomplete_area_raises(text: str) -> None:
    with pytest.raises(UnknownName):
        Area.parse(text)


def test_removing_a_country_that_is_not_a_member_raises() -> None:
    with pytest.raises(InvalidValue, match=r"must be a member of EU15.*'AT', 'BE'"):
        Area.parse("EU15 without NO, HR")
    with pytest.raises(InvalidValue, match="must be a member of EU28 without UK"):
        Area.parse("EU28 without UK").without("UK")


def test_the_members_of_an_area_are_immutable() -> None:
    members = {"FR"}
    area = Area(code="FR", label="France", members=members)
    members.add("BE")
    assert area.members == frozenset({"FR"})
    assert area == Area.parse("FR")


def test_an_area_is_never_empty() -> None:
    with pytest.raises(InvalidValue, match="must not remove all members of BE"):
        Area.parse("BE without BE")
    with pytest.raises(InvalidValue, match="must contain a country"):
        Area.from_countries([])


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(1958, 1, 1), "EU6"),
        (date(2013, 6, 30), "EU27_2007"),
        (date(2013, 7, 1), "EU28"),
        (date(2020, 1, 31), "EU28"),
        (date(2020, 2, 1), "EU27_2020"),
    ],
)
def test_a_day_has_one_composition(day: date, code: str) -> None:
    assert composition_on(day).code == code


def test_a_day_before_1958_has_no_composition() -> None:
    with pytest.raises(InvalidValue, match="on or after 1 January 1958"):
        composition_on(date(1957, 12, 31))


def test_the_world_contains_all_countries() -> None:
    world = Area.parse("world")
    assert (world.code, world.label) == ("WORLD", "World")
    assert Area.parse(world.code) is world
    assert {"FR", "US", "NG", "XK"} <= world.members
    assert Area.parse("World without FR").members == world.members - {"FR"}


def test_parsing_is_cached_and_errors_are_new() -> None:
    assert Area.parse("EU28 without UK, FR") is Area.parse("EU28 without UK, FR")
    errors = []
    for _ in range(2):
        with pytest.raises(UnknownName, match="Atlantis") as raised:
            Area.parse("Atlantis")
        errors.append(raised.value)
    assert errors[0] is not errors[1]


EU28_LISTED = Area.from_countries(Area.parse("EU28").members)


@pytest.mark.parametrize(
    ("area", "name"),
    [
        (Area.parse("World"), "World"),
        (Area.from_countries(Area.parse("World").members), "World"),
        (Area.parse("World without FR"), "WORLD without FR"),
        (Area.parse("EU28"), "EU28"),
        (Area.parse("FR"), "FR"),
        (EU28_LISTED, "28 countries"),
        (EU28_LISTED.without("UK"), "27 countries"),
        (Area.parse("AT+BE+BG+CY+CZ+DE+DK+EE"), "AT+BE+BG+CY+CZ+DE+DK+EE"),
        (Area.parse("AT+BE+BG+CY+CZ+DE+DK+EE+ES"), "9 countries"),
        (Area.parse("AT+BE+BG+CY+CZ+DE-BY+DK+EE+ES"), "9 areas"),
        (Area.define("Rich", EU28_LISTED.members), "Rich"),
    ],
)
def test_short_name_is_a_code_the_world_or_a_number(area: Area, name: str) -> None:
    assert area.short_name == name


@pytest.mark.parametrize(
    "text", ["global", "Worldwide", "all countries", "all", "Total", "world total", "Monde", "Welt"]
)
def test_the_world_is_suggested_by_meaning(text: str) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'World'") as caught:
        Area.parse(text)
    assert caught.value.value == text


# regions


def test_the_regions_of_the_united_nations_divide_the_countries() -> None:
    countries = [code for region in read_regions().values() for code in region.members]
    assert set(countries) == {country.code for country in COUNTRIES} - {"AQ", "TW", "XK"}
    smallest = [region.members for region in read_regions().values() if not region.parts]
    assert sum(map(len, smallest)) == len(frozenset().union(*smallest))
    for region in read_regions().values():
        if region.parts:
            parts = [read_regions()[part].members for part in region.parts]
            assert region.members == frozenset().union(*parts)
            assert len(region.members) == sum(map(len, parts))


@pytest.mark.parametrize(
    ("text", "code", "size"),
    [
        ("Western Europe", "Western Europe", 9),
        ("sub-saharan  AFRICA", "Sub-Saharan Africa", 53),
        ("South-East Asia", "South-eastern Asia", 11),
        ("Micronesia (region)", "Micronesia (region)", 8),
        ("Micronesia", "FM", 1),
        ("Europe without United Kingdom", "Europe without UK", 50),
    ],
)
def test_a_region_is_parsed(text: str, code: str, size: int) -> None:
    area = Area.parse(text)
    assert (area.code, len(area.members)) == (code, size)
    assert Area.parse(area.code) == area


def test_a_misspelt_region_has_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'Western Europe'"):
        Area.parse("Wester Europe")


# areas of a user


@given(code_sets)
def test_a_defined_area_has_its_members_and_names(members: set[str]) -> None:
    area = Area.define("My register", sorted(members), label="Countries of my register")
    assert (area.code, area.label) == ("My register", "Countries of my register")
    assert area == Area.from_countries(members)
    assert Area.define("My register", members).label == "My register"


@pytest.mark.parametrize("code", ["Europe", "EU28", "France", "EU", "World", " ", "BE+FR"])
def test_a_defined_area_needs_a_new_name(code: str) -> None:
    with pytest.raises(InvalidValue, match="must be a new name"):
        Area.define(code, ["MT"])
    if code.strip() and code != "EU":
        assert Area.define(code, Area.parse(code).members) == Area.parse(code)


@pytest.mark.parametrize(
    ("members", "error", "message"),
    [([], InvalidValue, "must contain a country"), (["Atlantis"], UnknownName, "Atlantis")],
)
def test_a_defined_area_needs_countries(
    members: list[str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Area.define("My register", members)


def test_the_list_of_compositions_is_complete() -> None:
    assert " ".join(COMPOSITIONS) == "EU6 EU9 EU10 EU12 EU15 EU25 EU27_2007 EU28 EU27_2020"
    assert len(set(COMPOSITIONS.values())) == len(COMPOSITIONS)


def test_a_country_is_an_area_with_one_member() -> None:
    greece = Area.parse("GRC")
    assert (greece.code, greece.label, greece.members) == ("EL", "Greece", {"EL"})
