"""Sums between counts."""

from hypothesis import given
from hypothesis import strategies as st

from thbstats.claims import CountCell
from thbstats.claims.relations import Relations, area_label, axis, is_in
from thbstats.geography import Area
from thbstats.values import Period


def cell(period="2021", area="EU28", status="registered", unit="persons", **codes):
    return CountCell(
        subject="victims",
        status=status,
        period=Period.parse(period),
        members=Area.parse(area).members,
        codes=frozenset(codes.items()),
        unit=unit,
    )


def shapes(relations):
    """Return each relation as its dimension, the number of its parts and whether they are all."""
    return [(item.dimension, len(item.parts), item.is_complete) for item in relations]


def test_longer_period_is_the_sum_of_its_parts_in_every_way():
    years = [cell(str(year)) for year in (2020, 2021, 2022)]
    whole = cell("2020-2022")
    relations = Relations([*years, cell("2020-2021"), whole])
    assert sorted(shapes(relations.of(whole))) == [("period", 2, True), ("period", 3, True)]
    assert sorted(shapes(relations.with_part(years[2]))) == [
        ("period", 2, True),
        ("period", 3, True),
    ]
    assert shapes(relations.of(years[0])) == []


def test_a_period_can_end_on_the_last_day_of_the_calendar():
    parts = axis("period", [cell("9998"), cell("9999"), cell("9998-9999")])
    assert [part.label for part in parts] == ["9998", "9999"]


def test_parts_with_missing_days_are_not_complete():
    whole = cell("2020-2022")
    relations = Relations([cell("2020"), cell("2022"), whole])
    assert shapes(relations.of(whole)) == [("period", 2, False)]


def test_counts_that_differ_in_several_dimensions_are_not_parts():
    others = {
        "area": cell("2020", area="UK"),
        "status": cell("2020", status="detected"),
        "unit": cell("2020", unit="cases"),
        "category": cell("2020", sex="female"),
        "days": cell("2020-07-01/2021-06-30"),
        "approximate": cell("~2020"),
    }
    for name, other in others.items():
        whole = cell() if name == "days" else cell("2020-2021")
        relations = Relations([other, whole])
        assert list(relations.of(whole)) == list(relations.with_part(other)) == [], name


def test_relations_of_an_unpublished_count():
    relations = Relations([cell("2020"), cell("2021")])
    assert shapes(relations.of(cell("2020-2021"))) == [("period", 2, True)]
    assert shapes(Relations([cell("2020-2021"), cell("2020")]).with_part(cell("2021"))) == [
        ("period", 2, True)
    ]


def test_statuses_have_a_caveat_and_no_other_sum_has_one():
    registered, identified = cell(), cell(status="identified")
    relations = Relations([registered, identified, cell(status="presumed"), cell(area="UK")])
    caveats = {item.dimension: item.caveat for item in relations.of(registered)}
    assert "often violate this sum" in caveats["status"]
    assert shapes(relations.with_part(identified)) == [("status", 2, True)]


def test_other_statuses_are_not_parts():
    cells = [cell(status="detected"), cell(status=""), cell(status="identified")]
    assert [item for status in cells for item in Relations(cells).of(status)] == []


def test_number_of_sums_is_limited(monkeypatch):
    spans = [f"{first}-{last}" for first in range(2000, 2010) for last in range(first, 2010)]
    relations = Relations(map(cell, spans))
    result = list(relations.of(cell("2000-2009")))
    assert len(result) == 12
    assert all(item.is_complete for item in result)
    monkeypatch.setattr("thbstats.claims.relations._MAX_STEPS", 1)
    assert not any(item.is_complete for item in relations.of(cell("2000-2009")))


def test_overlapping_categories_do_not_add_up():
    cells = [cell(), cell(exploitation="sexual"), cell(exploitation="labour")]
    assert shapes(Relations(cells).of(cell())) == [("exploitation", 2, False)]
    assert shapes(Relations(cells, {"exploitation"}).of(cell())) == []


def test_all_categories_with_unknown_are_complete():
    ages = [cell(age=code) for code in ("child", "adult", "unknown")]
    assert shapes(Relations([*ages, cell()]).of(cell())) == [("age", 3, True)]
    assert shapes(Relations([*ages[:2], cell()]).of(cell())) == [("age", 2, False)]


def test_countries_of_one_group_are_parts_of_it():
    group = cell(citizenship="non_eu")
    countries = [cell(citizenship=code) for code in ("NG", "VN", "RO")]
    assert shapes(Relations([*countries, group]).of(group)) == [("citizenship", 2, False)]


def test_areas_of_equal_size_have_unique_labels():
    areas = [cell(area=code) for code in ("AT+BE+BG+CY", "CZ+DE+DK+EE", "EU28")]
    labels = [part.label for part in axis("area", areas)]
    assert len(set(labels)) == len(labels) == 3
    assert area_label(frozenset({"AT", "BE", "BG", "CY"})) == "4 countries"


@given(
    st.lists(
        st.tuples(st.integers(2010, 2016), st.integers(0, 5)), min_size=1, max_size=6, unique=True
    )
)
def test_parts_of_a_period_have_exactly_its_days(spans):
    cells = [cell(f"{first}-{first + more}") for first, more in spans]
    parts = axis("period", cells)
    for item in cells:
        inside = [Period.parse(part.label) for part in parts if is_in(part, "period", item)]
        assert Period.joined(inside) == item.period
