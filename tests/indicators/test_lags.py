"""Lags: side by side, all over the countries that gave every count of every lag."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.indicators import strategies as made
from tests.indicators.flows import flows, givers, rows_of, table_of, true
from tests.indicators.strategies import AREA
from thbstats import Interval, compare, conviction_to_prosecution, lagged_ratios
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, UnknownName

some_lags = st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True)


def year(lag):
    return str(2016 - lag)


@given(flows(made.all_or_nothing), some_lags)
def test_all_lags_are_of_the_countries_that_gave_everything_shown(drawn, lags):
    truth, shown = drawn
    found = lagged_ratios(table_of(shown), period=2016, lags=lags, area=AREA, rules=[])
    assert found.labels == tuple(f"lag {lag}" for lag in lags)
    same = givers(shown, "convicted", [year(0)])
    for lag in lags:
        same &= givers(shown, "prosecuted", [year(lag)])
    for lag, item in zip(lags, found, strict=True):
        assert item.reporters == same
        below = true(truth, "prosecuted", [year(lag)], same)
        above = true(truth, "convicted", [year(0)], same)
        expected = Interval.ratio(Interval.point(above), Interval.point(below))
        assert item.reported == (expected if same else None)


@given(flows(), some_lags)
def test_bounds_hold_the_true_lagged_ratio_whatever_is_hidden(drawn, lags):
    truth, shown = drawn
    found = lagged_ratios(table_of(shown), period=2016, lags=lags, area=AREA, rules=[])
    for lag, item in zip(lags, found, strict=True):
        below = true(truth, "prosecuted", [year(lag)])
        if below:
            assert item.bounds.contains(Fraction(true(truth, "convicted", [year(0)]), below))
        else:
            assert item.bounds.undefined


@given(flows(), some_lags, st.data())
def test_the_order_of_rows_and_of_lags_never_matters(drawn, lags, data):
    _, shown = drawn
    rows = data.draw(st.permutations([(*k, c) for k, c in shown.items() if c is not None]))
    other = data.draw(st.permutations(lags))
    one = lagged_ratios(table_of(shown), period=2016, lags=lags, area=AREA, rules=[])
    two = lagged_ratios(rows_of(rows), period=2016, lags=other, area=AREA, rules=[])
    assert {item.label: item.to_dict() for item in one} == {i.label: i.to_dict() for i in two}


@given(flows(made.all_or_nothing))
def test_no_lag_alone_is_the_ratio_of_one_period(drawn):
    table = table_of(drawn[1])
    (found,) = lagged_ratios(table, period=2016, lags=[0], area=AREA)
    alone = conviction_to_prosecution(table, period=2016, area=AREA)
    assert (found.reported, found.bounds, found.raw) == (alone.reported, alone.bounds, alone.raw)
    assert found.warnings == alone.warnings


ROWS = [
    (area, period, stage, n)
    for area, counts in {
        "BE": {2013: (80, 8), 2014: (40, 10), 2015: (20, 12), 2016: (10, 15)},
        "FR": {2015: (40, 20), 2016: (60, 30)},
    }.items()
    for period, pair in counts.items()
    for stage, n in zip(("prosecuted", "convicted"), pair, strict=True)
]


def test_four_lags_stand_side_by_side_unless_others_are_named():
    found = lagged_ratios(rows_of(ROWS), period=2016)
    assert [item.shown for item in found] == ["1.500", "0.750", "0.375", "0.188"]
    assert {item.reporters for item in found} == {frozenset({"BE"})}
    assert [item.base.label for item in found] == [
        f"persons prosecuted, {year}" for year in (2016, 2015, 2014, 2013)
    ]
    assert found.caption == "convicted / prosecuted of earlier years"


def test_a_shorter_list_of_lags_keeps_more_countries():
    found = lagged_ratios(rows_of(ROWS), period=2016, lags=(1,))
    assert found[0].reporters == {"BE", "FR"}
    assert found[0].reported == Interval.point(Fraction(45, 60))


def test_a_lag_moves_every_year_of_a_window():
    found = lagged_ratios(rows_of(ROWS), period=[2015, 2016], lags=(0, 1, 2))
    assert found["lag 2"].base.label == "persons prosecuted, 2013-2014"
    assert found["lag 2"].reported == Interval.point(Fraction(27, 120))
    assert found["lag 2"].period == "2015-2016"


def test_the_cohort_note_is_said_once_for_all_lags():
    found = lagged_ratios(rows_of(ROWS), period=2016)
    assert [warning.code for warning in found.warnings].count("COHORT") == 1


def test_two_lags_of_one_year_have_different_bases_and_equal_lags_of_two_years_have_not():
    old = lagged_ratios(rows_of(ROWS), period=2015, lags=(0, 1))
    new = lagged_ratios(rows_of(ROWS), period=2016, lags=(0, 1))
    assert "BASE" in compare(new[0], new[1]).warnings.codes
    assert "BASE" not in compare(old[1], new[1]).warnings.codes


def test_an_estimand_names_the_lag():
    found = lagged_ratios(rows_of(ROWS), period=2016, lags=(0, 1, 2))
    assert [item.estimand.rpartition(" countries ")[2] for item in found] == [
        "and period", "1 year before", "2 years before",
    ]  # fmt: skip


def test_printed_wholes_are_lagged_like_countries():
    rows = [("EU28", 2015, "prosecuted", 50), ("EU28", 2016, "convicted", 20)]
    (found,) = lagged_ratios(rows_of(rows), period=2016, lags=(1,))
    assert found.reported == Interval.point(Fraction(2, 5))


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"lags": ()}, InvalidValue, "whole numbers of years"),
        ({"lags": (1, 1)}, InvalidValue, "whole numbers of years"),
        ({"lags": (-1,)}, InvalidValue, "whole numbers of years"),
        ({"lags": (0.5,)}, InvalidValue, "whole numbers of years"),
        ({"lags": (True,)}, InvalidValue, "whole numbers of years"),
        ({"lags": (4,)}, NoSuchCell, "stage=prosecuted, period=2012"),
        ({"sex": "female"}, NoSuchCell, "sex=female"),
        ({"stage": "convicted"}, InvalidValue, "names the stages"),
        ({"numerator": "sentenced"}, UnknownName, "sentenced"),
        ({"period": "2016-01-01/2016-06-30"}, InvalidValue, "whole years"),
    ],
)
def test_what_is_no_lag_is_refused(more, error, words):
    with pytest.raises(error, match=words):
        lagged_ratios(rows_of(ROWS), **{"period": 2016, **more})


def test_an_area_must_be_named_where_a_whole_stands_beside_countries():
    rows = [*ROWS, ("EU28", 2016, "convicted", 99)]
    with pytest.raises(AmbiguousCell, match="area"):
        lagged_ratios(rows_of(rows), period=2016, lags=(0,))
