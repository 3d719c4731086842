"""Changes: in counts, per cent and percentage points, held against fractions."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.indicators import strategies as made
from tests.indicators.strategies import AREA, worlds
from thbstats import Count, CountTable, Interval, change, share, total
from thbstats.errors import InvalidValue
from thbstats.results import Measure

few = st.integers(0, 50)


def two_years(rows):
    """Return totals and women of two years."""
    return CountTable.from_rows(
        rows, columns=["period", "sex", "value"], kind="victims", area="BE", status="registered"
    )


def totals(old, new):
    table = two_years([(2015, "total", old), (2016, "total", new)])
    return [total(table, period=year) for year in (2015, 2016)]


@given(few, few)
def test_a_change_in_count_is_new_minus_old(old, new):
    found = change(*totals(old, new), unit="count")
    assert found.reported == found.bounds == Interval.point(new - old)


@given(few.filter(bool), few)
def test_a_change_in_percent_is_the_difference_over_the_old(old, new):
    found = change(*totals(old, new), unit="percent")
    assert found.reported == Interval.point(Fraction(new - old, old))
    assert found.denominator == Interval.point(old)


@given(few, few, few, few)
def test_a_change_in_points_is_the_difference_of_the_shares(women, men, more_women, more_men):
    assume(women + men and more_women + more_men)
    table = two_years(
        [
            (2015, "female", women),
            (2015, "male", men),
            (2016, "female", more_women),
            (2016, "male", more_men),
        ]
    )
    old, new = (share(table, base="recorded", sex="female", period=y) for y in (2015, 2016))
    true = Fraction(more_women, more_women + more_men) - Fraction(women, women + men)
    found = change(old, new, unit="pp")
    assert found.reported == Interval.point(true)
    assert (found.numerator, found.denominator) == (new.numerator, new.denominator)


@examples(50)
@given(worlds(), worlds(), st.sampled_from(["count", "percent"]))
def test_bounds_hold_the_true_change_of_a_count_whatever_is_hidden(old, new, unit):
    assume(old.listed and new.listed and old.listed[0] == new.listed[0])
    cell = old.listed[0]
    before, after = (total(world.table(), sex=cell, area=AREA, rules=[]) for world in (old, new))
    found = change(before, after, unit=unit, rules=[])
    difference = new.true(cell) - old.true(cell)
    true = difference if unit == "count" else made.share(difference, old.true(cell))
    assert found.bounds.undefined if true is None else found.bounds.contains(true)
    assert found.sharp == (before.sharp and after.sharp)
    assert (found.reported is None) == (before.reported is None or after.reported is None)


@examples(50)
@given(worlds(), worlds())
def test_bounds_hold_the_true_change_of_a_share_whatever_is_hidden(old, new):
    assume(old.listed == old.categories and new.listed == new.categories)
    assume(old.true("total") and new.true("total"))
    shares = [
        share(world.table(), base="all", sex="female", area=AREA, rules=[]) for world in (old, new)
    ]
    first, second = (Fraction(w.true("female"), w.true("total")) for w in (old, new))
    assert change(*shares, unit="pp", rules=[]).bounds.contains(second - first)


def test_registered_victims_of_two_reports_rise_by_almost_30_percent():
    old, new = totals(15846, 20532)
    assert change(old, new, unit="count").shown == "+4 686"
    assert change(old, new, unit="percent").shown == "+29.6 %"


def test_an_old_count_of_0_leaves_the_percent_undefined():
    found = change(*totals(0, 5), unit="percent")
    assert found.reported.undefined


def test_a_change_says_what_it_compares():
    old, new = totals(10, 5)
    found = change(old, new, unit="count")
    assert found.label == "total, 2015 to 2016"
    assert found.base.rule == "earlier"
    assert found.measure is Measure.CHANGE
    assert change(old, new, unit="percent").measure is Measure.RELATIVE_CHANGE


def test_a_missing_year_leaves_bounds_and_no_reported_change():
    found = change(*totals(Count.not_reported(), 5), unit="count")
    assert found.reported is None
    assert found.bounds == Interval(None, 5)


def test_a_change_carries_the_warnings_of_both_numbers():
    old, new = totals(10, 5)
    codes = set(change(old, new, unit="count").warnings.codes)
    assert codes >= set(old.warnings.codes) | set(new.warnings.codes)


@pytest.mark.parametrize(
    ("unit", "words"),
    [("persons", ["unit", "'persons'", "'count'"]), ("pp", ["unit", "pp of count", "share"])],
)
def test_a_unit_that_does_not_fit_is_refused(unit, words):
    with pytest.raises(InvalidValue) as caught:
        change(*totals(10, 5), unit=unit)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_share_has_no_change_in_percent():
    table = two_years([(2015, "female", 1), (2015, "male", 1), (2015, "total", 2)])
    part, whole = share(table, base="all", sex="female"), total(table)
    for old, new in ((part, part), (whole, part), (part, whole)):
        with pytest.raises(InvalidValue, match="percent of share"):
            change(old, new, unit="percent")
