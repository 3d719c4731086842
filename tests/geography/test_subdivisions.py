"""Regions of countries: which texts are codes, and which regions overlap."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from thbstats.errors import (
    AmbiguousCell,
    ImpossibleResult,
    InvalidValue,
    ThbstatsError,
    UnknownName,
)
from thbstats.geography import COUNTRIES, Area, parse_country, read_regions
from thbstats.geography.subdivisions import (
    are_disjoint,
    country_of,
    have_common_territory,
    may_overlap,
    outermost,
    parse_region,
)


@pytest.mark.parametrize(
    ("code", "country"),
    [
        *(("DE-BY", "DE"), ("PL-14", "PL"), ("GR-A1", "EL"), ("GB-ENG", "UK"), ("US-CA", "US")),
        *(("FR-20R", "FR"), ("IN-KL", "IN"), ("BR-SP", "BR"), ("XK-01", "XK")),
        *(("DE2", "DE"), ("DE21", "DE"), ("DE212", "DE"), ("PL9", "PL"), ("EL30", "EL")),
        *(("UKI3", "UK"), ("UKI", "UK"), ("DEA", "DE"), ("ITC", "IT"), ("FRK1", "FR")),
        *(("TRA", "TR"), ("FI1B", "FI"), ("RS11", "RS"), ("DEA1A", "DE")),
    ],
)
def test_code_of_a_region_is_an_area_of_its_country(code: str, country: str) -> None:
    area = Area.parse(code)
    assert (area.code, area.members, area.countries) == (code, {code}, {country})
    assert area.label.startswith(f"{code} (")
    assert Area.parse(f" {code} ") == area
    assert area != Area.parse(country)


@pytest.mark.parametrize(
    "text",
    [
        *("de-by", "De-By", "XX-BY", "UK-ENG", "EL-A1", "DE-BAYE", "DE--BY", "DE BY"),
        *("GR30", "GB1", "US21", "SEX", "DEN", "DEH", "SERBS", "FRAUD", "DE2121", "XX21", "DE_TOT"),
        *("EU27", "EA19", "DE-B\u00dc", "DE\u0662"),
    ],
)
def test_other_text_is_not_a_region(text: str) -> None:
    assert parse_region(text) is None
    with pytest.raises(ThbstatsError):
        Area.parse(text)


@pytest.mark.parametrize(
    ("text", "code"), [("UK-ENG", "GB-ENG"), ("EL-A1", "GR-A1"), ("GR30", "EL30"), ("GBI3", "UKI3")]
)
def test_hint_has_the_prefix_of_the_other_code_list(text: str, code: str) -> None:
    with pytest.raises(UnknownName) as caught:
        Area.parse(text)
    assert caught.value.hint == f"Did you mean {code!r}?"


def test_names_and_codes_of_countries_are_not_regions() -> None:
    names = [name for c in COUNTRIES for name in (c.code, c.iso2, c.iso3, c.name, *c.synonyms)]
    names += [region.name for region in read_regions().values()]
    for name in names:
        area = Area.parse(name)
        assert area.members == area.countries
    assert Area.parse("DEU").code == parse_country("Germany")


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        ("DE-BY", "DE", True),
        ("DE-BY", "FR", False),
        ("DE-BY", "DE-BE", False),
        ("DE2", "DE21", True),
        ("DE21", "DE22", False),
        ("DE2", "DE", True),
        ("DE21", "DE-BY", True),  # the codes do not show whether they have common territory
        ("PL9", "DE9", False),
        ("GR-A1", "EL30", True),
        ("GB-ENG", "UK", True),
    ],
)
def test_territory_of_two_codes(first: str, second: str, common: bool) -> None:
    assert have_common_territory(first, second) is common
    assert have_common_territory(second, first) is common
    assert may_overlap([first, "MT"], [second]) is common
    assert are_disjoint([first, second]) is not common


UNITS = ["DE", "DE-BY", "DE-BE", "DE2", "DE21", "DE212", "DE3", "FR", "FR-IDF", "PL9", "PL91"]


@given(st.sets(st.sampled_from(UNITS), min_size=1))
def test_outermost_members_contain_all_others(codes: set[str]) -> None:
    result = outermost(codes)
    assert result <= codes
    assert outermost(result) == result
    for code in codes - result:
        owner = country_of(code)
        assert owner in result or any(code.startswith(own) for own in result if "-" not in own)


@given(*[st.sets(st.sampled_from(UNITS), min_size=1)] * 2)
def test_overlap_is_symmetric_and_holds_for_any_pair(first: set[str], second: set[str]) -> None:
    pairs = any(a == b or have_common_territory(a, b) for a, b in product(first, second))
    assert may_overlap(first, second) is may_overlap(second, first) is pairs


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        (["DE", "DE-BY"], "a region and its country"),
        (["DE2", "DE21"], "regions that overlap"),
        (["DE-BY", "DE21"], "regions that overlap"),
    ],
)
def test_members_of_an_area_must_not_overlap(members: list[str], problem: str) -> None:
    for make in (Area.from_countries, lambda own: Area.define("A", own)):
        with pytest.raises(InvalidValue, match=problem) as caught:
            make(members)
        assert caught.value.field == "members"
    with pytest.raises(InvalidValue):
        Area.parse("+".join(members))


def test_area_of_your_own_has_regions_as_members() -> None:
    south = Area.define("Southern Germany", ["DE-BY", "DE-BW", "Austria"])
    assert south.members == {"DE-BY", "DE-BW", "AT"}
    assert south.countries == {"DE", "AT"}
    assert south.without("DE-BY").code == "Southern Germany without DE-BY"
    assert Area.parse("DE-BY+DE-BW").code == "DE-BW+DE-BY"
    with pytest.raises(InvalidValue, match="must be a member of EU28"):
        Area.parse("EU28 without DE-BY")
    with pytest.raises(InvalidValue, match="must be a new name"):
        Area.define("DE-BY", ["DE-BE"])
    with pytest.raises(UnknownName):
        Area.define("Nowhere", ["DE-BAYERN"])


# Tables of regions (synthetic figures)

ROWS = [
    *(("DE", "total", 100), ("DE", "female", 60), ("DE", "male", 38)),
    *(("DE-BY", "total", 30), ("DE-BY", "female", 20), ("DE-BY", "male", 10)),
    *(("DE-BE", "total", 20), ("DE-BE", "female", 5), ("DE-BE", "male", 15)),
    *(("FR", "total", 50), ("FR", "female", 10), ("FR", "male", 40)),
]


def regions(*areas: str) -> thb.CountTable:
    rows = [row for row in ROWS if not areas or row[0] in areas]
    return thb.CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", period=2022, status="registered"
    )


def test_share_by_area_has_a_row_for_each_region_and_country() -> None:
    panel = thb.share(regions(), sex="female", base="known", by="area")
    values = {row.area.code: (row.numerator.lower, row.denominator.lower) for row in panel}
    assert values == {"DE": (60, 98), "DE-BY": (20, 30), "DE-BE": (5, 20), "FR": (10, 50)}
    assert set(panel.to_frame()["coverage"]) == {"1 of 1"}


def test_region_and_its_country_are_not_summed() -> None:
    table = regions()
    with pytest.raises(AmbiguousCell, match="areas with common countries"):
        thb.share(table, sex="female", base="known")
    with pytest.raises(InvalidValue, match="a region and its country"):
        thb.share(table, sex="female", base="known", area=["DE", "DE-BY"])
    with pytest.raises(thb.ThbstatsError, match="must not overlap in a sum: 'DE'"):
        table.where(sex="total").sum(by="period")


def test_regions_are_summed_with_each_other_and_with_other_countries() -> None:
    table = regions("DE-BY", "DE-BE", "FR")
    result = thb.share(table, sex="female", base="known")
    assert (result.numerator.lower, result.denominator.lower) == (35, 100)
    assert result.area.code == "DE-BE+DE-BY+FR"
    assert result.reporters == {"DE-BY", "DE-BE", "FR"}
    south = Area.define("Two regions", ["DE-BY", "DE-BE"])
    assert thb.total(regions(), area=south).value.lower == 50
    summed = table.where(sex="total").sum(by="period")
    assert summed.categories("area") == ("DE-BE+DE-BY+FR",)
    assert summed.count() == thb.Count.known(100)


def test_region_is_not_a_reporting_country_of_the_union() -> None:
    table = regions("DE-BY", "DE-BE", "FR")
    result = thb.total(table, area="EU27_2020", sex="total")
    assert result.reporters == {"FR"}
    assert (result.value.lower, result.value.upper, result.bounds.upper) == (50, 50, None)
    country = thb.total(regions(), area="EU27_2020", sex="total")
    assert country.value.lower == 150


def test_parts_of_a_share_sum_to_one_in_each_region() -> None:
    for row in (
        thb.breakdown(regions(), by="area", of="sex", base="known").to_frame().groupby("area")
    ):
        assert row[1]["value"].sum() == pytest.approx(1)


REGION_OF = {"AT": "AT-9", "DE": "DE-BY", "FR": "FR-IDF"}
cells = st.one_of(
    st.none(),
    st.integers(0, 50).map(thb.Count.known),
    st.sampled_from(
        [thb.Count.fewer_than(5), thb.Count.not_reported(), thb.Count.suppressed(1, 9)]
    ),
)


KEYS = list(product(REGION_OF, ("total", "female", "male", "unknown"), (2020, 2021, 2022)))


def table_of(counts: dict[tuple[str, str, int], thb.Count | None]) -> thb.CountTable:
    rows = [(*key, count) for key, count in counts.items() if count is not None]
    columns = ["area", "sex", "period", "value"]
    return thb.CountTable.from_rows(rows, columns=columns, kind="victims", status="registered")


@given(st.fixed_dictionaries(dict.fromkeys(KEYS, cells)))
@examples(15)
def test_numbers_of_regions_equal_those_of_countries_with_the_same_counts(counts) -> None:
    """The laws of panels hold for regions, because they hold for countries."""
    assume(any(count is not None for count in counts.values()))
    tables = [
        table_of(counts),
        table_of({(REGION_OF[area], *key): count for (area, *key), count in counts.items()}),
    ]
    areas = ["+".join(REGION_OF), "+".join(REGION_OF.values())]
    names = ("status", "value", "bounds", "bounds_with_unknown", "numerator", "denominator")
    for compute in (
        lambda table, area: thb.share(table, sex="female", base="all", area=area, by="period"),
        lambda table, area: thb.share(table, sex="female", base="known", area=area, by="period"),
        lambda table, area: thb.total(table, area=area, by="period"),
        lambda table, area: thb.breakdown(table, base="all", area=area, by="period", of="sex"),
    ):
        frames = []
        for table, area in zip(tables, areas, strict=True):
            try:
                panel = compute(table, Area.define("Three areas", area.split("+")))
            except ThbstatsError as error:
                frames.append(type(error))
            else:
                columns = panel.to_frame().filter(regex="|".join(names)).astype(str)
                frames.append(columns.to_dict("list"))
        assert frames[0] == frames[1]


def test_removal_of_a_country_removes_its_regions() -> None:
    assert regions().without(area="DE").categories("area") == ("FR",)
    assert regions("DE-BY", "DE-BE", "FR").without(area="Germany").categories("area") == ("FR",)
    mixed = thb.CountTable.from_rows(
        [("DE", 5), ("DE-BY+FR-IDF", 3)], columns=["area", "value"], kind="victims", period=2022
    )
    with pytest.raises(ImpossibleResult, match="regions of DE with other countries"):
        mixed.without(area="DE")


def test_ranking_ranks_countries_or_regions() -> None:
    assert list(thb.ranking(regions(), by="area", sex="total").names) == [("DE",), ("FR",)]
    only = regions("DE-BY", "DE-BE")
    assert list(thb.ranking(only, by="area", sex="total").names) == [("DE-BY",), ("DE-BE",)]


def test_nationals_of_a_region_are_those_of_its_country() -> None:
    schema = regions().columns.schema
    dimension = thb.CountTable.from_rows(
        [{"value": 1, "citizenship": "DE"}], kind="victims", area="DE-BY", period=2022
    ).columns.schema["citizenship"]
    assert schema["area"].overlaps("DE-BY", "EU27_2020") is True
    assert dimension.overlaps("DE", "reporting_country", area="DE-BY", period="2022")
    assert not dimension.overlaps("FR", "reporting_country", area="DE-BY", period="2022")


@pytest.mark.parametrize(
    "name", ["a.csv", "a.parquet", "a.json", "a.jsonstat", "a.sdmx.csv", "a.xlsx"]
)
def test_regions_are_restored_from_each_format(tmp_path, name: str) -> None:
    table = regions("DE-BY", "DE-BE", "FR").where(sex="total")
    for own in (table, table.sum(by=["area", "period"])):
        thb.write(own, tmp_path / name)
        assert thb.read(tmp_path / name).table == own


def test_rate_uses_the_population_of_the_region() -> None:
    people = [
        thb.records.Population(
            area="DE-BY", when="2022-01-01", persons=13_176_989, source="Destatis"
        )
    ]
    result = thb.rate(regions(), people, area="DE-BY", sex="total")
    assert result.denominator.lower == 13_176_989
