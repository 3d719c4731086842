"""Concentration: who holds most of a figure, and how much it can be."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.indicators import strategies as made
from tests.indicators.strategies import AREA, COUNTRIES, table_of, worlds
from thbstats import Count, Interval, dominance
from thbstats.errors import NoSuchCell


def readable(world):
    assume(world.listed)
    cell = world.listed[0]
    given_by = [
        place
        for place in COUNTRIES
        if (count := world.shown[place, cell]) is not None
        and count.reason not in ("not_reported", "breakdown_not_reported")
    ]
    assume(given_by)
    return cell, given_by


@given(worlds())
def test_bounds_hold_the_true_share_of_whoever_has_most(world):
    cell, _ = readable(world)
    found = dominance(world.table(), area=AREA, sex=cell, rules=[])
    counts = [world.truth[place][cell] for place in COUNTRIES]
    if sum(counts):
        assert found.bounds.contains(Fraction(max(counts), sum(counts)))
    else:
        assert found.bounds.undefined


@given(worlds(printed=False, hide=made.all_or_nothing))
def test_reported_is_the_largest_share_of_those_who_reported(world):
    cell, given_by = readable(world)
    found = dominance(world.table(), area=AREA, sex=cell, rules=[])
    counts = {place: world.truth[place][cell] for place in given_by}
    assert found.reporters == set(given_by)
    assert counts[found.label] == max(counts.values())
    if sum(counts.values()):
        assert found.reported == Interval.point(
            Fraction(max(counts.values()), sum(counts.values()))
        )
    else:
        assert found.reported.undefined


@given(worlds(), st.data())
def test_the_order_of_rows_never_matters(world, data):
    cell, _ = readable(world)
    rows = data.draw(st.permutations(world.rows()))
    first, second = (
        dominance(table, area=AREA, sex=cell, rules=[]) for table in (world.table(), table_of(rows))
    )
    assert first.to_dict() == second.to_dict()


def test_the_reporter_with_most_is_named_with_its_share():
    found = dominance(table_of([("UK", "total", 61), ("FR", "total", 20), ("DE", "total", 19)]))
    assert (found.label, found.shown) == ("UK", "61.0 %")
    assert found.bounds == found.reported
    assert found.sharp


def test_a_country_that_is_missing_may_have_most():
    rows = [("UK", "total", 61), ("FR", "total", 39), ("DE", "total", Count.not_reported())]
    found = dominance(table_of(rows))
    assert found.reported == Interval.point(Fraction(61, 100))
    assert found.bounds == Interval(0, 1)
    assert not found.sharp


def test_a_printed_total_says_how_much_one_country_holds():
    found = dominance(table_of([("EU28", "total", 100), ("UK", "total", 61)]), area="EU28")
    assert found.bounds == Interval.point(Fraction(61, 100))


def test_a_country_to_which_the_count_does_not_apply_has_no_part_in_it():
    rows = [("BE", "total", 6), ("DE", "total", Count.not_applicable()), ("FR", "total", 4)]
    found = dominance(table_of(rows))
    assert (found.label, found.bounds) == ("BE", Interval.point(Fraction(6, 10)))


def test_equal_counts_are_led_by_the_first_of_the_alphabet():
    assert dominance(table_of([("FR", "total", 5), ("BE", "total", 5)])).label == "BE"


@pytest.mark.parametrize(
    "rows",
    [
        [("EU28", "total", 100)],
        [("BE", "total", 100)],
        [("BE", "total", Count.not_reported()), ("FR", "total", Count.not_reported())],
    ],
)
def test_without_counts_of_countries_nobody_can_be_said_to_have_most(rows):
    with pytest.raises(NoSuchCell, match="area") as caught:
        dominance(table_of(rows))
    assert "Give the counts" in str(caught.value)
