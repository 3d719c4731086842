import attrs
import pytest

from thbstats.errors import UnknownName
from thbstats.records import KINDS, Dimension, Record, VictimCount, schema_of
from thbstats.vocabulary import CitizenshipGroup, Classification

ALL_DIMENSIONS = [
    pytest.param(dimension, id=f"{kind}-{dimension.name}")
    for kind in KINDS
    for dimension in schema_of(kind).dimensions
]


@pytest.mark.parametrize("kind", KINDS)
def test_dimensions_are_the_fields_with_metadata(kind: str) -> None:
    marked = {field.name for field in attrs.fields(KINDS[kind]) if field.metadata.get("dimension")}
    assert set(schema_of(kind).names) == marked


@pytest.mark.parametrize("dimension", ALL_DIMENSIONS)
def test_totals_and_defaults_are_codes_of_the_dimension(dimension: Dimension) -> None:
    for code in filter(None, (dimension.total, dimension.default)):
        assert dimension.parse(code) == code
        assert dimension.parent(code) is None


@pytest.mark.parametrize("dimension", ALL_DIMENSIONS)
def test_every_code_of_a_breakdown_has_the_total_as_ancestor(dimension: Dimension) -> None:
    for word in dimension.vocabulary or ():
        if dimension.total is not None and word != dimension.total:
            assert dimension.ancestors(word)[-1] == dimension.total


def test_a_kind_is_found_by_name_class_or_record() -> None:
    record = VictimCount(count=1, area="UK", period=2015)
    assert schema_of("victims") == schema_of(VictimCount) == schema_of(record)


@pytest.mark.parametrize("kind", ["victim", Record, int])
def test_an_unknown_kind_raises(kind: str) -> None:
    with pytest.raises(UnknownName, match="must be a kind of table"):
        schema_of(kind)


def test_an_unknown_dimension_raises_with_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'exploitation'"):
        schema_of("victims")["exploitaton"]


@pytest.mark.parametrize(
    ("name", "codes", "common"),
    [
        ("sex", ["female", "male"], "total"),
        ("sex", ["female"], "female"),
        ("exploitation", ["construction", "agriculture"], "labour"),
        ("exploitation", ["construction", "labour"], "labour"),
        ("exploitation", ["construction", "forced_begging"], "total"),
    ],
)
def test_the_narrowest_category_that_includes_all(name: str, codes: list[str], common: str) -> None:
    assert schema_of("victims")[name].common_parent(codes) == common


@pytest.mark.parametrize(
    ("name", "one", "other", "clash"),
    [
        ("sex", "total", "female", True),
        ("sex", "female", "male", False),
        ("exploitation", "labour", "construction", True),
        ("exploitation", "sexual", "construction", False),
        ("area", "EU28", "UK", True),
        ("area", "EU28", "EU27_2007", True),
        ("area", "EU28 without UK", "UK", False),
        ("period", "2015", "2015-2016", True),
        ("period", "2015", "2016", False),
        ("period", "2015", "not stated", True),
        ("citizenship", "total", "RO", True),
        ("citizenship", "RO", "NG", False),
        ("citizenship", "eu", "RO", True),
        ("citizenship", "other_eu", "NG", False),
        ("citizenship", "non_eu", "NG", True),
        ("citizenship", "unknown", "NG", False),
        ("citizenship", "eu", "reporting_country", True),
        ("citizenship", "eu", "CSHH", True),
        ("citizenship", "eu", "CSXX", False),
        ("citizenship", "non_eu", "CSHH", True),
        ("citizenship", "CSHH", "CZ", False),
        ("citizenship", "stateless", "non_eu", True),
        ("citizenship", "stateless", "eu", False),
        ("citizenship", "stateless", "NG", False),
    ],
)
def test_overlapping_categories(name: str, one: str, other: str, clash: bool) -> None:
    dimension = schema_of("victims")[name]
    assert dimension.overlaps(one, other) is clash
    assert dimension.overlaps(other, one) is clash


@pytest.mark.parametrize(
    ("country", "group", "area", "period", "clash"),
    [
        ("NG", "reporting_country", "UK", "2015", False),
        ("UK", "reporting_country", "UK", "2015", True),
        ("UK", "reporting_country", "EU28", "2015", True),
        ("RO", "non_eu", "UK", "2015", False),
        ("RO", "non_eu", "UK", "2005-2006", True),
        ("UK", "non_eu", "FR", "2015", True),
        ("RO", "non_eu", "UK", "not stated", True),
        ("CSXX", "reporting_country", "RS", "2015", True),
        ("CSXX", "reporting_country", "CSXX", "2005", True),
        ("CSXX", "reporting_country", "UK", "2015", False),
    ],
)
def test_area_and_period_determine_the_group_of_a_citizenship(
    country: str, group: str, area: str, period: str, clash: bool
) -> None:
    dimension = schema_of("victims")["citizenship"]
    assert dimension.overlaps(country, group, area=area, period=period) is clash


def test_codes_are_sorted_by_list_alphabet_or_time() -> None:
    schema = schema_of("victims")
    assert sorted(["unknown", "male", "total"], key=schema["sex"].sort_key) == [
        "total",
        "male",
        "unknown",
    ]
    assert sorted(["UK", "AT", "EU28"], key=schema["area"].sort_key) == ["EU28", "AT", "UK"]
    periods = ["2016", "2015-2016", "2015"]
    assert sorted(periods, key=schema["period"].sort_key) == ["2015", "2015-2016", "2016"]
    citizens = ["RO", "NG", "eu"]
    assert sorted(citizens, key=schema["citizenship"].sort_key) == ["eu", "NG", "RO"]


def test_an_area_and_a_period_have_no_wider_category() -> None:
    schema = schema_of("victims")
    assert schema["area"].ancestors("UK") == schema["period"].ancestors("2015") == ()


# Dimensions with countries.

TRANSIT = Classification(
    name="transit_country",
    has_countries=True,
    categories=[{"code": "high_seas", "synonyms": ["at sea"]}],
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("Romania", "RO"), ("grc", "EL"), ("Viet Nam", "VN"), ("ro", "RO")),
        *(("At sea", "high_seas"), ("Total", "total"), ("unknown", "unknown")),
    ],
)
def test_countries_are_categories_next_to_those_of_the_classification(text: str, code: str) -> None:
    schema = schema_of("victims", TRANSIT)
    dimension = schema["transit_country"]
    assert dimension.content == "countries"
    assert dimension.parse(text) == code
    assert dimension.is_country(code) is code.isupper()
    assert dimension.parent(code) == (None if code == "total" else "total")
    record = schema.record(count=1, area="UK", period=2015, transit_country=text)
    assert getattr(record, "transit_country") == code  # noqa: B009 - not known to mypy


@pytest.mark.parametrize("text", ["Europe", "Romanian", "", "0", "sea"])
def test_other_texts_than_countries_and_categories_raise(text: str) -> None:
    with pytest.raises(UnknownName, match="must be a country") as error:
        schema_of("victims", TRANSIT)["transit_country"].parse(text)
    assert error.value.field == "transit_country"


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        *(("total", "RO", True), ("RO", "NG", False), ("RO", "unknown", False)),
        *(("RO", "high_seas", False), ("total", "high_seas", True)),
    ],
)
def test_countries_do_not_overlap_with_other_categories(
    first: str, second: str, clash: bool
) -> None:
    dimension = schema_of("victims", TRANSIT)["transit_country"]
    assert dimension.overlaps(first, second) is dimension.overlaps(second, first) is clash


def test_countries_follow_the_categories_of_the_classification() -> None:
    dimension = schema_of("victims", TRANSIT)["transit_country"]
    codes = ["RO", "unknown", "BE", "total", "high_seas"]
    assert sorted(codes, key=dimension.sort_key) == ["total", "high_seas", "unknown", "BE", "RO"]


def test_a_classification_with_countries_is_plain_data() -> None:
    assert TRANSIT.to_dict()["has_countries"] is True
    assert Classification.from_dict(TRANSIT.to_dict()) == TRANSIT
    assert "has_countries" not in schema_of("victims")["sex"].vocabulary.classification().to_dict()


@pytest.mark.parametrize("group", [own for own in CitizenshipGroup if own != "total"])
def test_group_of_citizenship_includes_its_countries_only(group: CitizenshipGroup) -> None:
    countries = ("BE", "FR", "NG")
    citizenship = schema_of("victims")["citizenship"]
    inside = {
        own for own in countries if citizenship.overlaps(group, own, area="BE", period="2016")
    }
    expected = {
        "eu": {"BE", "FR"},
        "reporting_country": {"BE"},
        "other_eu": {"BE", "FR"},
        "non_eu": {"NG"},
        "stateless": set(),
        "unknown": set(),
    }
    assert inside == expected[group]
