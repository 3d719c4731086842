"""Counts of published areas have the same status, bounds and texts as those of countries."""

from fractions import Fraction

import pytest

from thbstats.indicators import share, total
from thbstats.panel import Status
from thbstats.tables import CountTable
from thbstats.values import Count, Interval

BY_SEX = ("area", "sex", "value")


def victims(rows, columns=("area", "value")):
    return CountTable.from_rows(rows, columns=columns, kind="victims", period=2020)


@pytest.mark.parametrize("area", ["FR", "FR+IT"])
def test_parts_above_the_total(area):
    """10 victims, 8 of them female and 5 male, are 10 to 13."""
    table = victims([(area, "total", 10), (area, "female", 8), (area, "male", 5)], BY_SEX)
    every = total(table, area=area, by="period").row(0)
    women = total(table, sex="female", area=area, by="period").row(0)
    part = share(table, sex="female", base="all", area=area, by="period").row(0)
    for result in (every, women, part):
        assert result.value is None
        assert result.status == Status.CONTRADICTORY
        assert "CONTRADICTED" in result.warnings.codes
        (item,) = result.contradictions
        assert (item.area, item.code) == (area, "contradictory")
        assert "total 10, female 8, male 5" in item.text
    assert (every.bounds, women.bounds) == (Interval(10, 13), Interval(0, 8))
    assert (part.numerator, part.denominator) == (Interval(0, 8), Interval(10, 13))


@pytest.mark.parametrize("area", ["FR", "EU27_2020"])
def test_count_that_was_not_reported(area):
    assert total(victims([(area, Count.not_reported())])).status == Status.NOT_REPORTED


@pytest.mark.parametrize("area", ["FR", "FR+IT"])
def test_several_values_in_the_source(area):
    """Two values, 5 and 9, are 5 to 14: both can count different persons."""
    table = victims([(area, "total", 20), (area, "female", Count.conflicting([5, 9]))], BY_SEX)
    women = total(table, sex="female", area=area)
    part = share(table, sex="female", base="all", area=area)
    assert (women.value, women.status) == (Interval(5, 14), Status.CONFLICTING)
    assert part.value == Interval(Fraction(5, 20), Fraction(14, 20))
    assert part.status == Status.CONFLICTING
    for result in (women, part):
        assert result.contradictions[0].area == area
        assert "several values of female" in result.contradictions[0].text


def test_several_values_of_an_area_next_to_its_members():
    """8 and 9 of the area are 8 to 17, and its members have 9."""
    rows = [("FR", 5), ("IT", 4), ("FR+IT", Count.conflicting([8, 9]))]
    result = total(victims(rows), area="FR+IT")
    assert result.value == Interval.point(9)
    assert result.status == Status.CONFLICTING


def test_contradictory_area_next_to_its_members():
    """10 or 13 victims of both countries; 9 of France are within, 11 are above the 10."""
    rows = [("FR+IT", "total", 10), ("FR+IT", "female", 8), ("FR+IT", "male", 5)]
    france = total(victims([*rows, ("FR", "total", 9)], BY_SEX), area="FR+IT")
    assert (france.value, france.bounds) == (Interval.point(9), Interval(10, 13))
    assert france.reporters == {"FR"}
    assert not france.complete
    members = [("FR", "total", 11), ("IT", "total", Count.fewer_than(5))]
    both = total(victims([*rows, *members], BY_SEX), area="FR+IT", by="period").row(0)
    assert (both.status, both.bounds) == (Status.CONTRADICTORY, Interval(10, 15))


def test_area_above_the_sum_of_all_members():
    """20 victims of both countries, and 5 and 8 of each: 13 to 20, without a value."""
    rows = [("FR+IT", "total", 20), ("FR", "total", 5), ("IT", "total", 8)]
    women = [("FR+IT", "female", 12), ("FR", "female", 3), ("IT", "female", 4)]
    table = victims([*rows, *women], BY_SEX)
    every = total(table, area="FR+IT", by="period").row(0)
    assert (every.status, every.bounds) == (Status.CONTRADICTORY, Interval(13, 20))
    assert "the total exceeds the sum of all members (FR+IT 20, FR 5, IT 8)" in every.footnote()
    part = share(table, sex="female", base="all", area="FR+IT", by="period").row(0)
    assert (part.value, part.status) == (None, Status.CONTRADICTORY)
    assert (part.numerator, part.denominator) == (Interval(7, 12), Interval(13, 20))
    # The reading of the parts has the members.
    assert total(table, area="FR+IT", contradictory="parts").value == Interval.point(13)


@pytest.mark.parametrize(
    ("italy", "bounds"),
    [(Count.fewer_than(5), Interval(5, 20)), (Count.not_applicable(), Interval(5, 20))],
)
def test_area_above_the_largest_sum_of_its_members(italy, bounds):
    table = victims([("FR+IT", 20), ("FR", 5), ("IT", italy)])
    result = total(table, area="FR+IT", by="period").row(0)
    assert (result.status, result.bounds) == (Status.CONTRADICTORY, bounds)


def test_area_with_a_member_without_a_count_is_above_no_sum():
    assert total(victims([("FR+IT", 20), ("FR", 5)]), area="FR+IT").value == Interval.point(20)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([("FR+IT", 6, "FR"), ("FR", 8, None), ("IT", 4, None)], "FR+IT 6, FR 8"),
        (
            [("DE+FR+IT", 8), ("FR+IT", 5), ("FR", 3), ("IT", 2), ("DE", 4)],
            "DE+FR+IT 8, DE 4, FR 3, IT 2",
        ),
        ([("FR+IT", 9), ("FR", Count.not_applicable()), ("IT", 10)], "FR+IT 9, IT 10"),
    ],
)
def test_text_gives_the_members_of_the_sum(rows, text):
    """Members outside of the count, unions, and members to which it does not apply are no parts."""
    columns = ("area", "value", "reporters")[: len(rows[0])]
    result = total(victims(rows, columns), area=rows[0][0], by="period").row(0)
    assert f"(members: {text})" in result.contradictions[0].text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([("DE+FR+IT", 8), ("FR+IT", 10)], "DE+FR+IT 8, FR+IT 10"),
        (
            [("DE+FR+IT", 8), ("FR+IT", 5), ("DE", 4), ("FR", 1)],
            "DE+FR+IT 8, FR+IT 5, DE 4",
        ),
    ],
)
def test_area_below_a_union_inside(rows, text):
    """8 persons in three countries, and 10, or 5 and 4, in parts of these."""
    result = total(victims(rows), area="DE+FR+IT", by="period").row(0)
    assert (result.value, result.status) == (None, Status.CONTRADICTORY)
    assert f"(members: {text})" in result.contradictions[0].text
    assert total(victims(rows), area="FR+IT").value == Interval.point(rows[1][1])


def test_area_above_a_union_inside_has_its_value():
    rows = [("DE+FR+IT", 12), ("FR+IT", 10), ("DE", 2)]
    assert total(victims(rows), area="DE+FR+IT").value == Interval.point(12)


@pytest.mark.parametrize("of_area", [(), (("FR+IT", "male", 0),)])
def test_row_of_an_area_keeps_both_readings_of_a_member(of_area):
    rows = [("FR", "total", 60), ("FR", "female", 4), ("IT", "total", 0), ("IT", "unknown", 11)]
    table = victims([*rows, *of_area], BY_SEX)
    # Italy has 0 victims, or the 11 of unknown sex.
    (counted,) = total(table, area="FR+IT", by="period")
    (women,) = share(table, sex="female", base="all", area="FR+IT", by="period")
    assert (counted.value, counted.bounds) == (Interval.point(60), Interval(60, 71))
    assert women.bounds_with_unknown.contains(Fraction(15, 71))
