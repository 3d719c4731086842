"""Sensitivity: leaving one out is asking again without it."""

import pytest
from hypothesis import assume, given, settings

from tests.indicators.strategies import COUNTRIES, table_of, worlds
from thbstats import breakdown, leave_one_out, share, total, without
from thbstats.errors import InvalidValue, NoSuchCell

ROWS = [
    ("UK", "female", 60), ("UK", "male", 40), ("FR", "female", 40), ("FR", "male", 20),
    ("DE", "female", 0), ("DE", "male", 50),
]  # fmt: skip


def women(table):
    return share(table, base="recorded", sex="female", rules=[])


def equal(one, other):
    skipped = {"label", "warnings"}
    return all(
        one.to_dict()[name] == other.to_dict()[name]
        for name in one.to_dict()
        if name not in skipped
    )


@settings(max_examples=40)
@given(worlds(printed=False))
def test_each_number_is_that_of_the_table_without_the_member(world):
    assume(all(world.shown[place, "female"] for place in COUNTRIES))
    table = world.table()
    found = leave_one_out(table, women)
    assert found.labels == COUNTRIES
    assert equal(found.whole, women(table))
    for country in COUNTRIES:
        rest = table_of([row for row in world.rows() if row[0] != country])
        assert equal(found[country], women(rest))


def test_leaving_out_the_largest_moves_the_share():
    found = leave_one_out(table_of(ROWS), women)
    assert found["UK"].shown == "36.4 %"
    assert found.whole.shown == "47.6 %"
    assert found.caption == "female without each country"


def test_a_printed_aggregate_becomes_that_without_the_member():
    rows = [("EU28", "total", 100), ("UK", "total", 61), ("FR", "total", 5)]
    without = {}

    def count(table):
        areas = [area for area in table.categories("area") if area.startswith("EU28")]
        without[areas[0]] = total(table, area=areas[0])
        return without[areas[0]]

    found = leave_one_out(table_of(rows), count)
    assert [item.value for item in found] == [95, 39]
    assert set(without) == {"EU28", "EU28 without FR", "EU28 without UK"}


@pytest.mark.parametrize(
    ("rows", "over", "words"),
    [
        (ROWS, "sex", ["over", "'sex'", "where()"]),
        (ROWS[:2], "area", ["UK", "two countries"]),
        ([("EU28", "female", 1), ("UK", "female", 1)], "area", ["UK"]),
    ],
)
def test_only_several_countries_can_be_left_out_one_by_one(rows, over, words):
    with pytest.raises(InvalidValue) as caught:
        leave_one_out(table_of(rows), women, over=over)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_an_indicator_of_many_numbers_is_refused():
    with pytest.raises(InvalidValue, match="indicator") as caught:
        leave_one_out(table_of(ROWS), lambda table: breakdown(table, by="sex", base="recorded"))
    assert "Breakdown" in str(caught.value)


def test_a_category_that_only_one_member_lists_is_missed_when_it_is_left_out():
    with pytest.raises(NoSuchCell, match="sex=other"):
        leave_one_out(
            table_of([*ROWS, ("UK", "other", 1)]),
            lambda table: share(table, base="recorded", sex="other"),
        )


def test_a_number_without_a_member_is_that_of_the_others():
    table = table_of(ROWS)
    rest = table_of([row for row in ROWS if row[0] != "UK"])
    assert equal(without(table, women, area="UK"), women(rest))
    assert without(table, women, area="GB").area == "DE+FR"


def test_a_printed_aggregate_loses_its_name_with_its_member():
    rows = [("EU28", "total", 100), ("UK", "total", 61)]
    left = without(table_of(rows), total, area="UK")
    assert (left.area, left.value) == ("EU28 without UK", 39)
