"""Ratios of two counts: of one period, of windows, of earlier years, and as panels."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from tests.indicators import glotip
from tests.indicators import strategies as made
from tests.indicators.flows import (
    YEARS,
    reporting_countries,
    rows_of,
    stages,
    table_of,
    true,
    worlds,
)
from tests.indicators.strategies import AREA
from tests.indicators.worked_examples import counts_of
from thbstats import Count, Interval, Period
from thbstats.errors import AmbiguousCell
from thbstats.indicators import ratio, total
from thbstats.panel import Status

WINDOWS = pytest.mark.parametrize("years", [YEARS[:2], YEARS[1:], YEARS])
LAGS_OF = pytest.mark.parametrize("lags", [[0], [1], [2, 0], [0, 1, 2]])
WORLDS, REPORTED = worlds(), worlds(made.known_or_missing)
TABLE, REPORTED_TABLE = (table_of(own for _, own in drawn) for drawn in (WORLDS, REPORTED))
STAGES = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}


def of_stages(table, **more):
    return ratio(table, **STAGES, **more)


def of(above, below):
    """Return a ratio of true counts."""
    return Interval.ratio(Interval.point(above), Interval.point(below))


# Windows


def by_world(table, **more):
    return of_stages(table, by="world", area=AREA, rules=[], **more)


@WINDOWS
def test_bounds_contain_the_true_ratio_of_a_window(years):
    for row, (truth, _) in zip(by_world(TABLE, period=years), WORLDS, strict=True):
        above, below = (true(truth, stage, years) for stage in ("convicted", "prosecuted"))
        if below:
            assert row.bounds.contains(Fraction(above, below))
            assert row.bounds_with_unknown.contains(Fraction(above, below))
        else:
            assert row.bounds.undefined


@WINDOWS
def test_a_window_pools_the_countries_with_both_stages_in_every_year(years):
    result = by_world(REPORTED_TABLE, period=years)
    for row, (truth, formatted) in zip(result, REPORTED, strict=True):
        first, two = (
            reporting_countries(formatted, stage, years) for stage in ("convicted", "prosecuted")
        )
        assert row.reporters == first & two
        if not first & two:
            assert row.value is None
            continue
        sums = [true(truth, stage, years, first & two) for stage in ("convicted", "prosecuted")]
        assert row.value == of(*sums)
        raw = [true(truth, "convicted", years, first), true(truth, "prosecuted", years, two)]
        assert row.all_reported == of(*raw)
        assert row.numerator == Interval.point(sums[0])


@WINDOWS
@pytest.mark.parametrize("table", [TABLE, REPORTED_TABLE], ids=["gaps", "known or missing"])
def test_counts_of_two_tables_have_the_ratio_of_one_table(table, years):
    where = {"by": "world", "area": AREA, "period": years, "rules": []}
    sides = [table.where(stage=stage) for stage in ("convicted", "prosecuted")]
    first, second = of_stages(table, **where), ratio(*sides, **STAGES, **where)
    assert first.names == second.names
    for name in (
        "value",
        "bounds",
        "bounds_with_unknown",
        "all_reported",
        "numerator",
        "denominator",
    ):
        assert getattr(first, name) == getattr(second, name), name
    assert list(first.reporters) == list(second.reporters)


@WINDOWS
def test_filling_a_missing_count_never_widens_the_bounds_of_a_window(years):
    random, fuller = Random(1), []
    for truth, formatted in WORLDS:
        key = random.choice(sorted(formatted))
        fuller.append({**formatted, key: Count.known(truth[key])})
    before, after = (by_world(table, period=years) for table in (TABLE, table_of(fuller)))
    assert all(new.within(old) for new, old in zip(after.bounds, before.bounds, strict=True))


@WINDOWS
def test_a_window_of_complete_years_is_the_sum_of_the_years(years):
    table = table_of(
        {key: Count.known(value) for key, value in truth.items()} for truth, _ in WORLDS
    )
    summed = table.where(period=years).sum(by=["area", "stage", "world"])
    first, other = by_world(table, period=years), by_world(summed)
    assert (first.value, first.row(0).period) == (other.value, other.row(0).period)


WINDOW = [*stages("BE", 2015, 10, 4), *stages("BE", 2016, 10, 8), *stages("FR", 2016, 90, 9)]


def test_country_without_one_year_leaves_the_window_and_stays_missing():
    result = of_stages(rows_of(WINDOW), period=[2015, 2016])
    assert result.value == Interval.point(Fraction(12, 20))
    assert result.parts.reporters == result.reporters == {"BE"}
    assert (result.bounds, str(result.period)) == (Interval(0, None), "2015-2016")
    alone = of_stages(rows_of(WINDOW), period=[2015, 2016], area="FR")
    assert (alone.value, alone.status.code) == (None, "not_reported")


def test_count_not_applicable_in_one_year_leaves_the_window():
    rows = [*WINDOW, *stages("FR", 2015, Count.not_applicable(), 3)]
    result = of_stages(rows_of(rows), period=[2015, 2016])
    assert result.bounds == result.value == Interval.point(Fraction(12, 20))
    assert result.expected == {"BE"}
    assert result.parts.names == ["BE"]


def test_counts_not_applicable_on_both_sides_in_one_year_leave_the_other_years():
    nothing = Count.not_applicable()
    result = of_stages(
        rows_of([*WINDOW, *stages("FR", 2015, nothing, nothing)]), period=[2015, 2016]
    )
    assert result.bounds == result.value == Interval.point(Fraction(21, 110))
    assert result.reporters == result.expected == {"BE", "FR"}


def test_published_areas_are_used_if_both_sides_have_them():
    rows = [*stages("EU28", 2015, 100, 40), *stages("EU28", 2016, 100, 20)]
    table = rows_of([*rows, *stages("BE", 2015, 9, 8)])
    result = of_stages(table, area="EU28", period=[2015, 2016])
    assert (result.value, result.all_reported) == (Interval.point(Fraction(60, 200)), None)
    with pytest.raises(AmbiguousCell, match=r"`area` must be passed: .* Pass area='EU28'"):
        of_stages(table, period=[2015, 2016])
    one_side = rows_of([rows[0], *stages("BE", 2015, 9, 6)])
    result = of_stages(one_side, area="EU28")
    assert result.value == Interval.point(Fraction(2, 3))
    assert result.bounds.lower == Fraction(6, 100)


def test_unknown_sex_of_every_year_can_be_either_sex():
    rows = [
        (year, stage, sex, n)
        for year in (2015, 2016)
        for stage in ("prosecuted", "convicted")
        for sex, n in (("total", 10), ("female", 4), ("male", 5), ("unknown", 1))
    ]
    table = counts_of(rows, "period stage sex", kind="justice", area="BE", unit="persons")
    result = of_stages(table, sex="female", period=[2015, 2016])
    assert result.value == Interval.point(1)
    assert result.bounds_with_unknown == Interval(Fraction(8, 10), Fraction(10, 8))
    women = total(table, sex="female", stage="convicted", period=[2015, 2016])
    assert women.unknown == Interval.point(2)


def test_the_ratio_of_eu28_in_2016_is_raw_of_19_and_20_countries_and_matched_of_18():
    result = of_stages(glotip.stages_2016(), area="EU28")
    assert result.value == Interval(Fraction(279, 1278), Fraction(291, 1270))
    raw = result.kind.format_value(result.all_reported)
    assert (result.formatted, raw) == ("0.21 to 0.23", "0.15 to 0.17")
    assert len(result.reporters) == 18
    sides = [total(glotip.stages_2016(), area="EU28", stage=s) for s in ("convicted", "prosecuted")]
    assert [len(side.reporters) for side in sides] == [19, 20]
    assert "COVERAGE" in result.warnings.codes
    assert {"COHORT", "OFFENCE"} <= set(result.limitations.codes)


def test_country_without_one_side_is_missing_and_no_country_gives_no_value():
    belgium = stages("BE", 2016, 10)
    result = of_stages(rows_of([*belgium, *stages("FR", 2016, 20, 5)]))
    assert (result.reporters, result.value) == ({"FR"}, Interval.point(Fraction(1, 4)))
    assert result.all_reported == Interval.point(Fraction(5, 30))
    empty = of_stages(rows_of([*belgium, *stages("FR", 2016, 20, Count.not_reported())]))
    assert (empty.value, empty.all_reported, empty.bounds) == (None, None, Interval.at_least(0))


# Panels


def test_rows_of_a_panel_can_be_windows_periods_or_members_of_an_area():
    table = rows_of(WINDOW)
    by_area = of_stages(table, by="area", period=range(2015, 2017))
    assert (by_area["BE"].value, by_area["FR"].value) == (Interval.point(Fraction(3, 5)), None)
    assert str(by_area["FR"].period) == "2015-2016"
    by_period = of_stages(table, by="period")
    assert [row.reporters for row in by_period] == [{"BE"}, {"BE", "FR"}]
    some = of_stages(table, by=("area", "period"), period=[Period.calendar(2015)])
    assert some.names == [("BE", "2015"), ("FR", "2015")]
    members = of_stages(table, by="area", area="BE+FR+DE", period=2016)
    assert [row.status.code for row in members] == ["ok", "no_data", "ok"]


def test_rows_by_breakdown_have_the_widest_categories_of_both_sides():
    rows = [
        ("BE", stage, sex, form, 2 * (3 if sex == "total" else 1) * (2 if form == "total" else 1))
        for stage in ("prosecuted", "convicted")
        for sex in ("total", "female", "male", "unknown")
        for form in ("total", "labour", "domestic_servitude", "unknown")
    ]
    rows += [("FR", stage, "total", "total", 1) for stage in ("prosecuted", "convicted")]
    table = counts_of(rows, "area stage sex exploitation", kind="justice", period=2016)
    result = of_stages(table, by=["sex", "exploitation"])
    assert result.names == [("female", "labour"), ("male", "labour")]
    assert result[0].category == (("sex", "female"), ("exploitation", "labour"))
    assert (result[0].value, result[0].reporters) == (Interval.point(1), {"BE"})
    both = of_stages(table, by=["area", "sex"], exploitation="labour")
    assert both["BE", "female"].value == Interval.point(1)
    assert both["FR", "male"].value is None


def test_a_category_of_the_denominator_alone_has_a_row():
    rows = [("prosecuted", "eu", 3), ("prosecuted", "non_eu", 3), ("convicted", "eu", 2)]
    table = counts_of(rows, "stage citizenship", kind="justice", area="BE", period=2016)
    result = of_stages(table, by="citizenship")
    assert {key[0]: row.status.code for key, row in zip(result.names, result, strict=True)} == {
        "eu": "ok",
        "non_eu": "no_data",
    }


def test_registers_are_separate_attributes():
    rows = [
        ("police", "prosecuted", 5),
        ("police", "convicted", 1),
        ("border_guard", "prosecuted", 2),
    ]
    table = counts_of(rows, "register stage", kind="justice", area="BE", period=2016)
    result = of_stages(table, by="register")
    assert result["police"].value == Interval.point(Fraction(1, 5))
    assert result["border_guard"].value is None
    with pytest.raises(AmbiguousCell):
        of_stages(table)


def test_different_units_are_refused_only_in_pooled_countries():
    rows = [
        (area, stage, unit, 4)
        for area, unit in (("BE", "persons"), ("FR", "cases"))
        for stage in ("prosecuted", "convicted")
    ]
    table = counts_of(rows, "area stage unit", kind="justice", period=2016)
    assert [row.value for row in of_stages(table, by="area")] == [Interval.point(1)] * 2
    with pytest.raises(AmbiguousCell):
        of_stages(table)


# Earlier years


@LAGS_OF
def test_all_lags_are_of_the_countries_with_every_count(lags):
    result = by_world(REPORTED_TABLE, period=2016, lag=lags)
    assert [key[1] for key in result.names[: len(lags)]] == [str(lag) for lag in lags]
    rows = iter(result)
    for truth, formatted in REPORTED:
        same = reporting_countries(formatted, "convicted", ["2016"])
        for lag in lags:
            same &= reporting_countries(formatted, "prosecuted", [str(2016 - lag)])
        for lag in lags:
            row = next(rows)
            assert row.reporters == same
            below = true(truth, "prosecuted", [str(2016 - lag)], same)
            expected = of(true(truth, "convicted", ["2016"], same), below)
            assert row.value == (expected if same and below else None)
            assert (row.status is Status.UNDEFINED) == (bool(same) and not below)


@LAGS_OF
def test_bounds_contain_the_true_ratio_to_earlier_years(lags):
    rows = iter(by_world(TABLE, period=2016, lag=lags))
    for (truth, _), lag in product(WORLDS, lags):
        row, below = next(rows), true(truth, "prosecuted", [str(2016 - lag)])
        if below:
            assert row.bounds.contains(Fraction(true(truth, "convicted", ["2016"]), below))
        else:
            assert row.bounds.undefined


def test_one_lag_of_no_years_is_the_ratio_of_one_period():
    result = of_stages(TABLE, by="world", period=2016, lag=[0], area=AREA)
    alone = of_stages(TABLE, by="world", period=2016, area=AREA)
    assert list(result) == list(alone)


BELGIUM = {2013: (80, 8), 2014: (40, 10), 2015: (20, 12), 2016: (10, 15)}
LAGS = [row for year, pair in BELGIUM.items() for row in stages("BE", year, *pair)]
LAGS += [*stages("FR", 2015, 40, 20), *stages("FR", 2016, 60, 30)]


def test_lags_are_rows_of_the_same_countries():
    result = of_stages(rows_of(LAGS), period=2016, lag=(0, 1, 2, 3))
    assert [row.formatted for row in result] == ["15 of 10", "0.8", "0.4", "0.2"]
    assert {row.reporters for row in result} == {frozenset({"BE"})}
    assert [row.base.label for row in result][1:] == [
        f"persons prosecuted, {year}" for year in (2015, 2014, 2013)
    ]
    assert [row.estimand.rpartition(" countries ")[2] for row in result][:3] == [
        "and period",
        "1 year before",
        "2 years before",
    ]
    assert [w.code for w in result.limitations].count("COHORT") == 1


def test_one_lag_is_one_result_over_more_countries():
    result = of_stages(rows_of(LAGS), period=2016, lag=1)
    assert result.reporters == {"BE", "FR"}
    assert result.value == Interval.point(Fraction(45, 60))


def test_a_lag_shifts_every_year_of_a_window_and_every_row_of_a_panel():
    result = of_stages(rows_of(LAGS), period=[2015, 2016], lag=(0, 1, 2))
    assert result["2"].base.label == "persons prosecuted, 2013-2014"
    assert result["2"].value == Interval.point(Fraction(27, 120))
    panel = of_stages(rows_of(LAGS), by=["area", "period"], lag=(0, 1))
    assert panel["BE", 2014, 1].value == Interval.point(Fraction(10, 80))
    assert panel["FR", 2016, 1].value == Interval.point(Fraction(30, 40))
    assert panel["FR", 2015, 0].value is None


def test_published_areas_have_lags_too():
    rows = [("EU28", 2015, "prosecuted", 50), ("EU28", 2016, "convicted", 20)]
    (result,) = of_stages(rows_of(rows), period=2016, lag=(1,))
    assert result.value == Interval.point(Fraction(2, 5))


# Refusals


def test_years_with_different_attributes_are_not_pooled():
    rows = [
        (2015, "prosecuted", "persons", 5),
        (2015, "convicted", "persons", 2),
        (2016, "prosecuted", "cases", 5),
        (2016, "convicted", "persons", 2),
    ]
    table = counts_of(rows, "period stage unit", kind="justice", area="BE")
    with pytest.raises(AmbiguousCell):
        of_stages(table, period=[2015, 2016])
