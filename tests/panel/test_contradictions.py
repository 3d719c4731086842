"""Contradictions, conflicts and overlap, on the examples that showed wrong numbers."""

from fractions import Fraction

import numpy as np
import pytest

from thbstats.indicators import breakdown, share, total
from thbstats.panel import Status
from thbstats.tables import CountTable
from thbstats.tables.origins import CellFinding
from thbstats.values import Count, Interval


def victims(rows, columns=("area", "sex", "value"), **constant):
    constant = {"period": 2020, "status": "registered", **constant}
    return CountTable.from_rows(rows, columns=columns, kind="victims", **constant)


def country(area, **counts):
    """Return a row per category of a country."""
    return [(area, name, value) for name, value in counts.items()]


def test_country_with_a_part_above_its_total_is_excluded():
    """Belgium has 120 women of 100 victims: the pooled share is that of France."""
    table = victims(
        [
            *country("BE", total=100, female=120, male=30),
            *country("FR", total=200, female=90, male=100),
        ]
    )
    result = share(table, sex="female", base="all", area="BE+FR")
    assert (result.value, result.numerator, result.denominator) == (
        Interval.point(Fraction(9, 20)),
        Interval.point(90),
        Interval.point(200),
    )
    assert result.reporters == {"FR"}
    (item,) = result.contradictions
    assert (item.area, item.code) == ("BE", "contradictory")
    assert "total 100, female 120, male 30" in item.text
    assert "CONTRADICTED" in result.warnings.codes
    # The counts of Belgium are 0 to 120 women among 100 to 150 victims.
    assert result.bounds == Interval(Fraction(90, 350), Fraction(210, 300 + 20))


def test_shares_sum_to_1_without_contradictory_countries():
    """Germany 2022: fewer than 5 victims, 746 women and 541 men."""
    table = victims(
        [
            *country("DE", total=Count.fewer_than(5), female=746, male=541),
            *country("FR", total=100, female=60, male=40, unknown=0),
        ]
    )
    panel = breakdown(table, of="sex", base="all", area="DE+FR")
    assert [row.value for row in panel] == [
        Interval.point(Fraction(3, 5)),
        Interval.point(Fraction(2, 5)),
    ]
    assert {row.reporters for row in panel} == {frozenset({"FR"})}


def test_total_below_its_parts_has_no_value_and_bounds_of_both_readings():
    rows = country("DE", total=Count.fewer_than(5), female=746, male=541)
    table = victims([*rows, ("FR", "total", 100)])
    result = total(table, area="DE+FR")
    assert (result.value, result.bounds) == (Interval.point(100), Interval(100, 1387))
    assert result.reporters == {"FR"}
    assert [item.code for item in result.contradictions] == ["contradictory"]
    assert "CONTRADICTED" in result.warnings.codes
    alone = total(table, by="area", area="DE+FR")["DE"]
    assert (alone.value, alone.bounds) == (None, Interval(0, 1287))
    assert alone.status is Status.CONTRADICTORY
    assert not alone.reporters


def test_conflicting_values_are_reported_as_bounds():
    """Bulgaria 2018 has two totals of female victims: 336 and 52."""
    table = victims(
        [
            *country("BG", total=442, female=Count.conflicting([336, 52])),
            *country("FR", total=58, female=40),
        ]
    )
    row = share(table, sex="female", base="all", area="BG")
    assert row.value == Interval(Fraction(52, 442), Fraction(388, 442))
    assert row.status is Status.CONFLICTING
    assert row.reporters == {"BG"}
    assert "COVERAGE" not in row.warnings.codes
    both = share(table, sex="female", base="all", area="BG+FR")
    assert both.value == Interval(Fraction(92, 500), Fraction(428, 500))
    assert [item.code for item in both.contradictions] == ["conflicting"]


def test_unknown_and_missing_are_not_counted_twice():
    """A country that reports only a total has each person once in the bounds."""
    table = victims(
        [
            *country("BE", total=7),
            *country("FR", total=8, female=3, male=5, unknown=0),
            *country("DE", total=6, female=3, male=2, unknown=1),
        ]
    )
    result = share(table, sex="female", base="all", area="BE+DE+FR")
    assert result.bounds_with_unknown == Interval(Fraction(6, 21), Fraction(14, 21))


def test_persons_without_a_category_can_belong_to_each():
    """10 persons in no age band: they are unknown, whatever the row for unknown says."""
    table = victims(
        country("BE", total=100, child=40, adult=50, unknown=0), ("area", "age", "value")
    )
    result = share(table, age="child", base="all")
    assert result.discrepancy == Interval.point(10)
    assert result.unknown == Interval.point(10)
    assert result.bounds_with_unknown == Interval(Fraction(2, 5), Fraction(1, 2))
    assert "ADDITIVITY" in result.warnings.codes


@pytest.mark.parametrize(
    ("parts", "whole", "overlaps", "code"),
    [
        pytest.param((12000, 11119), 23117, False, "discrepancy", id="2 of 23,117"),
        pytest.param((12000, 11127), 23117, False, "discrepancy", id="10 of 23,117"),
        pytest.param((12000, 11128), 23117, True, None, id="11 of 23,117"),
        pytest.param((101, 100), 200, False, "discrepancy", id="1 of 200"),
        pytest.param((102, 100), 200, True, None, id="2 of 200"),
        pytest.param((6, 7), 12, True, None, id="1 of 12"),
        pytest.param((13, 0), 12, False, "contradictory", id="a form above its total"),
    ],
)
def test_small_excess_is_a_discrepancy_and_large_excess_an_overlap(parts, whole, overlaps, code):
    rows = country("BE", total=whole, sexual=parts[0], labour=parts[1])
    table = victims(rows, ("area", "exploitation", "value"))
    row = share(table, exploitation="sexual", base="all", by="area")[0]
    assert (row.base.overlap == "overlapping") is overlaps
    assert [item.code for item in row.contradictions] == ([code] if code else [])
    if code == "discrepancy":
        excess = sum(parts) - whole
        assert row.value == Interval(
            Fraction(parts[0] - excess, whole + excess), Fraction(parts[0], whole)
        )
    stated = share(table, exploitation="sexual", base="all", by="area", overlap="exclusive")[0]
    assert stated.status is (Status.OK if code == "discrepancy" else Status.CONTRADICTORY)


def test_overlap_in_one_country_widens_only_its_counts():
    """Malta's forms overlap; those of Germany make its total, so Germany stays exact.

    Persons of known form in Malta are 7 to 12, because no row has those of unknown form.
    """
    rows = [
        *country("MT", total=12, labour=6, sexual=7, other=3),
        *country("DE", total=470, sexual=427, labour=43),
    ]
    table = victims(rows, ("area", "exploitation", "value"))
    panel = share(table, exploitation="sexual", base="known", by="area")
    assert panel["DE"].value == Interval.point(Fraction(427, 470))
    assert panel["DE"].base.overlap == "exclusive"
    assert (panel["MT"].value, panel["MT"].bounds) == (None, Interval(Fraction(7, 12), 1))
    both = share(table, exploitation="sexual", base="known", area="DE+MT")
    assert both.value == panel["DE"].value
    assert both.bounds == Interval(Fraction(434, 482), Fraction(434, 477))
    assert both.reporters == {"DE"}
    assert both.panel.excess[both.position].areas == ("MT",)
    mentions = share(table, exploitation="sexual", base="responses", area="DE+MT")
    assert mentions.value == Interval.point(Fraction(434, 486))


def test_sex_and_age_never_overlap():
    table = victims(country("MT", total=12, female=8, male=8))
    panel = share(table, sex="female", base="all", by="area", overlap="overlapping")
    assert panel[0].status is Status.CONTRADICTORY
    assert np.isnan(panel.to_frame().loc[0, "value_lower"])


def test_missing_total_has_its_own_status():
    table = victims([*country("BE", female=6, male=4), *country("FR", total=5)])
    panel = share(table, sex="female", base="all", by="area")
    assert panel["BE"].status is Status.NO_TOTAL
    assert "no row for the total" in panel["BE"].footnote().lower()
    assert share(table, sex="female", base="known", area="BE").value == Interval.point(
        Fraction(3, 5)
    )


def test_problems_of_the_file_are_in_the_result():
    """A part above its total, by age: the share by sex and the total carry the finding."""
    finding = CellFinding("PART_ABOVE_TOTAL", "BE 2020: total 100, adult 120.")
    table = victims(
        [("BE", "total", 100, "PART_ABOVE_TOTAL"), ("BE", "female", 60, None)],
        ("area", "sex", "value", "findings"),
    )
    assert CellFinding(finding.code) in table.columns.findings_at(np.arange(2))
    for row in (share(table, sex="female", base="all"), total(table)):
        assert [item.code for item in row.contradictions] == ["PART_ABOVE_TOTAL"]
        assert "CONTRADICTED" in row.warnings.codes
