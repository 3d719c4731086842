"""Counts: over those who reported, for the whole area, and with the unknown."""

import pytest

from tests.indicators.strategies import table_of
from thbstats import Count, CountTable, Interval, total
from thbstats.errors import InvalidValue, NoSuchCell, UnknownName
from thbstats.panel import ResultKind


def test_a_count_has_no_base_and_no_category_when_it_is_the_total():
    found = total(table_of([("BE", "total", 10), ("FR", "total", 5)]))
    assert found.value == Interval.point(15)
    assert (found.label, found.category, found.kind) == ("total", (), ResultKind.COUNT)
    assert found.unknown is None
    assert found.sharp


def test_naming_the_total_is_the_same_as_naming_nothing():
    table = table_of([("BE", "total", 10), ("BE", "female", 6)])
    assert total(table, sex="total").to_dict() == total(table).to_dict()


def test_the_unknown_can_be_counted_like_any_category():
    table = table_of([("BE", "total", 10), ("BE", "unknown", 3)])
    found = total(table, sex="unknown")
    assert found.value == Interval.point(3)
    assert found.bounds_with_unknown == Interval.point(3)


def test_the_unknown_can_raise_a_count_up_to_its_total():
    rows = [("BE", "total", 10), ("BE", "female", 6), ("BE", "male", 3), ("BE", "unknown", 1)]
    assert total(table_of(rows), sex="female").bounds_with_unknown == Interval(6, 7)
    rows = [row for row in rows if row[1] != "male"]
    rows[2] = ("BE", "unknown", 4)
    assert total(table_of(rows), sex="female").bounds_with_unknown == Interval(6, 10)


def test_a_missing_count_is_no_larger_than_the_printed_total():
    table = table_of([("BE", "total", 10), ("BE", "female", Count.not_reported())])
    found = total(table, sex="female")
    assert found.value is None
    assert found.bounds == Interval(0, 10)
    assert not found.sharp


def test_a_suppressed_count_is_never_narrowed_by_its_total():
    table = table_of([("BE", "total", 3), ("BE", "female", Count.fewer_than(5))])
    assert total(table, sex="female").bounds == Interval(0, 4)


def test_a_country_without_a_row_leaves_the_union_without_upper_end():
    found = total(table_of([("BE", "total", 10)]), area="BE+FR")
    assert found.value == Interval.point(10)
    assert found.bounds == Interval.at_least(10)
    assert found.missing == {"FR"}


def test_a_printed_aggregate_of_some_countries_is_a_lower_bound_for_the_union():
    rows = [("EU28", "total", 100, 25)]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value", "n_reporters"], kind="victims", period=2016
    )
    found = total(table)
    assert found.value == Interval.point(100)
    assert found.bounds == Interval.at_least(100)


def test_a_printed_aggregate_of_listed_countries_takes_the_others_from_their_rows():
    rows = [("BE+DE+FR", 100, "BE,FR"), ("DE", 7, None)]
    table = CountTable.from_rows(
        rows, columns=["area", "value", "reporters"], kind="victims", period=2016
    )
    found = total(table, area="BE+DE+FR")
    assert found.value == Interval.point(100)
    assert found.reporters == {"BE", "FR"}
    assert found.bounds == Interval.point(107)


def test_an_aggregate_that_lists_nobody_is_taken_as_that_of_all():
    found = total(table_of([("EU28", "total", 100)]))
    assert found.bounds == Interval.point(100)
    assert found.reporters is None


def test_flags_and_sources_of_other_areas_never_come_with_a_count():
    rows = [
        {"area": "BE", "value": 10, "flags": "p", "source": "first"},
        {"area": "FR", "value": 10, "flags": "e", "source": "second"},
        {"area": "UK", "value": 10, "flags": "b", "source": "third"},
    ]
    found = total(CountTable.from_rows(rows, kind="victims", period=2016), area="BE+DE+FR")
    assert found.flags == {"p", "e"}
    assert [source.title for source in found.sources] == ["first", "second"]


def test_a_single_country_that_gave_no_count_has_no_reporter():
    found = total(table_of([("BE", "total", Count.not_reported())]))
    assert found.value is None
    assert found.reporters == frozenset()
    assert found.missing == {"BE"}


def test_only_rows_that_list_the_category_can_be_counted():
    with pytest.raises(NoSuchCell, match="no row of male") as caught:
        total(table_of([("BE", "female", 5)]), sex="male")
    assert "The table has" in str(caught.value)


def test_a_total_that_is_not_printed_is_not_made_from_its_parts():
    with pytest.raises(NoSuchCell, match="total") as caught:
        total(table_of([("BE", "female", 5)]))
    assert "add a row" in str(caught.value)


@pytest.mark.parametrize(
    ("selection", "error", "words"),
    [
        ({"sex": ["female"]}, InvalidValue, ["sex", "one word"]),
        ({"sex": "womn"}, UnknownName, ["sex", "womn", "female"]),
        ({"age": "child"}, NoSuchCell, ["age", "child"]),
        ({"status": "presumed"}, NoSuchCell, ["status=presumed"]),
    ],
)
def test_a_wrong_selection_is_refused_with_its_name(selection, error, words):
    with pytest.raises(error) as caught:
        total(table_of([("BE", "total", 10), ("BE", "female", 5)]), **selection)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_count_that_no_country_gave_has_no_parts_and_is_reported_by_nobody():
    rows = [("BE", Count.not_reported()), ("FR", Count.not_reported())]
    table = CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2016)
    found = total(table)
    assert (found.parts, found.value, found.bounds) == (None, None, Interval(0, None))
