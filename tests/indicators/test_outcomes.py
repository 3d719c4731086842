"""Ratios of two stages: over windows, of one set of countries, and over grids."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.indicators import glotip
from tests.indicators import strategies as made
from tests.indicators.flows import YEARS, flows, givers, rows_of, table_of, true
from tests.indicators.strategies import AREA, COUNTRIES
from thbstats import (
    Count,
    CountTable,
    Interval,
    Period,
    conviction_to_prosecution,
    stage_ratio,
    stage_ratios,
    total,
)
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, UnknownName

windows = st.sampled_from([YEARS[:2], YEARS[1:], YEARS])
known = made.all_or_nothing


def ratio(table, **more):
    return stage_ratio(table, numerator="convicted", denominator="prosecuted", **more)


def grid(table, **more):
    return stage_ratios(table, numerator="convicted", denominator="prosecuted", **more)


def of(above, below):
    """Return a ratio of true counts, as the library says it."""
    return Interval.ratio(Interval.point(above), Interval.point(below))


@given(flows(), windows)
def test_bounds_hold_the_true_ratio_of_a_window_whatever_is_hidden(drawn, years):
    truth, shown = drawn
    found = ratio(table_of(shown), area=AREA, period=years, rules=[])
    above, below = (true(truth, stage, years) for stage in ("convicted", "prosecuted"))
    if below:
        assert found.bounds.contains(Fraction(above, below))
        assert found.possible.contains(Fraction(above, below))
    else:
        assert found.bounds.undefined


@given(flows(known), windows)
def test_a_window_pools_the_countries_that_gave_both_stages_in_every_year(drawn, years):
    truth, shown = drawn
    found = ratio(table_of(shown), area=AREA, period=years, rules=[])
    one, two = (givers(shown, stage, years) for stage in ("convicted", "prosecuted"))
    assert found.reporters == one & two
    if not one & two:
        assert found.reported is None
        return
    sums = [true(truth, stage, years, one & two) for stage in ("convicted", "prosecuted")]
    assert found.reported == of(*sums)
    raw = [true(truth, "convicted", years, one), true(truth, "prosecuted", years, two)]
    assert found.raw == of(*raw)
    assert found.numerator == Interval.point(sums[0])


@given(flows(), windows, st.data())
def test_neither_the_order_of_years_nor_that_of_rows_matters(drawn, years, data):
    _, shown = drawn
    rows = data.draw(st.permutations([(*k, c) for k, c in shown.items() if c is not None]))
    order = data.draw(st.permutations(years))
    one = ratio(table_of(shown), area=AREA, period=years)
    assert ratio(rows_of(rows), area=AREA, period=order).to_dict() == one.to_dict()


@given(flows(), windows, st.data())
def test_filling_a_gap_never_widens_the_bounds_of_a_window(drawn, years, data):
    truth, shown = drawn
    key = data.draw(st.sampled_from(sorted(shown)))
    fuller = table_of({**shown, key: Count.known(truth[key])})
    before, after = (
        ratio(table, area=AREA, period=years, rules=[]) for table in (table_of(shown), fuller)
    )
    assert after.bounds.within(before.bounds)


@given(flows(known), st.sampled_from(YEARS))
def test_a_window_of_one_year_is_that_year(drawn, year):
    table = table_of(drawn[1])
    one = ratio(table, area=AREA, period=year).to_dict()
    assert ratio(table, area=AREA, period=[year]).to_dict() == one
    assert conviction_to_prosecution(table, area=AREA, period=year).to_dict() == one


@given(flows(lambda value: st.just(Count.known(value))), windows)
def test_a_window_of_complete_years_is_the_sum_of_the_years(drawn, years):
    table = table_of(drawn[1])
    summed = table.where(period=years).sum(by=["area", "stage"])
    one, other = ratio(table, period=years), ratio(summed)
    assert (one.reported, one.period) == (other.reported, other.period)
    counts = [total(t, stage="convicted", period=p) for t, p in ((table, years), (summed, None))]
    assert counts[0].reported == counts[1].reported


def test_the_ratio_of_eu28_in_2016_is_raw_of_19_and_20_countries_and_matched_of_18():
    found = ratio(glotip.stages_2016(), area="EU28")
    assert found.reported == Interval(Fraction(279, 1278), Fraction(291, 1270))
    assert found.shown == "0.218..0.229"
    assert found.measure.show(found.raw) == "0.155..0.160"
    assert len(found.reporters) == 18
    sides = [total(glotip.stages_2016(), area="EU28", stage=s) for s in ("convicted", "prosecuted")]
    assert [len(side.reporters) for side in sides] == [19, 20]
    assert {"COHORT", "COVERAGE", "OFFENCE"} <= set(found.warnings.codes)


def test_a_country_that_misses_one_year_leaves_the_window_and_stays_a_gap():
    rows = [("BE", 2015, "prosecuted", 10), ("BE", 2015, "convicted", 4),
            ("BE", 2016, "prosecuted", 10), ("BE", 2016, "convicted", 8),
            ("FR", 2016, "prosecuted", 90), ("FR", 2016, "convicted", 9)]  # fmt: skip
    found = ratio(rows_of(rows), period=[2015, 2016])
    assert found.reporters == {"BE"}
    assert found.reported == Interval.point(Fraction(12, 20))
    assert found.bounds == Interval(0, None)
    assert found.parts.reporters == {"BE"}
    assert found.period == "2015-2016"


def test_a_country_without_a_row_in_a_year_is_a_gap_when_asked_alone():
    rows = [("BE", 2015, "prosecuted", 10), ("BE", 2015, "convicted", 4),
            ("FR", 2016, "prosecuted", 90), ("FR", 2016, "convicted", 9)]  # fmt: skip
    found = ratio(rows_of(rows), period=[2015, 2016], area="BE")
    assert found.reported is None
    assert found.bounds == Interval(0, None)


def test_a_total_of_a_window_is_of_those_who_gave_every_year_and_a_gap_where_one_is_missing():
    rows = [
        ("BE", 2015, "convicted", 4),
        ("BE", 2016, "convicted", 8),
        ("FR", 2016, "convicted", 9),
    ]
    found = total(rows_of(rows), period=[2015, 2016])
    assert (found.reported, found.reporters) == (Interval.point(12), {"BE"})
    assert found.bounds == Interval.at_least(21)
    alone = total(rows_of(rows), area="FR", period=[2015, 2016])
    assert (alone.reported, alone.bounds) == (None, Interval.at_least(9))
    with pytest.raises(NoSuchCell, match="sex=female"):
        total(rows_of(rows), sex="female", period=[2015, 2016])


def test_what_does_not_apply_in_one_year_leaves_the_window():
    rows = [("BE", 2015, "prosecuted", 10), ("BE", 2015, "convicted", 4),
            ("BE", 2016, "prosecuted", 10), ("BE", 2016, "convicted", 8),
            ("FR", 2015, "prosecuted", Count.not_applicable()), ("FR", 2015, "convicted", 3),
            ("FR", 2016, "prosecuted", 90), ("FR", 2016, "convicted", 9)]  # fmt: skip
    found = ratio(rows_of(rows), period=[2015, 2016])
    assert found.bounds == found.reported == Interval.point(Fraction(12, 20))
    assert found.context.expected == {"BE"}


def test_what_is_printed_for_the_whole_area_in_every_year_is_added_up():
    rows = [("EU28", year, stage, n) for year, *counts in ((2015, 100, 40), (2016, 100, 20))
            for stage, n in zip(("prosecuted", "convicted"), counts, strict=True)]  # fmt: skip
    rows += [("BE", 2015, "prosecuted", 9), ("BE", 2015, "convicted", 9)]
    found = ratio(rows_of(rows), area="EU28", period=[2015, 2016])
    assert found.reported == Interval.point(Fraction(60, 200))
    assert found.raw is None
    with pytest.raises(AmbiguousCell, match="compositions"):
        ratio(rows_of(rows), period=[2015, 2016])


def test_the_unknown_of_every_year_may_belong_to_either_sex():
    rows = [(year, stage, sex, n) for year in (2015, 2016) for stage in ("prosecuted", "convicted")
            for sex, n in (("total", 10), ("female", 4), ("male", 5), ("unknown", 1))]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["period", "stage", "sex", "value"], kind="justice", area="BE", unit="persons"
    )
    found = ratio(table, sex="female", period=[2015, 2016])
    assert found.reported == Interval.point(1)
    assert found.possible == Interval(Fraction(8, 10), Fraction(10, 8))
    women = total(table, sex="female", stage="convicted", period=[2015, 2016])
    assert women.unknown == Interval.point(2)


def test_the_unknown_of_a_window_are_not_known_where_one_year_does_not_list_them():
    rows = [(2015, "total", 5), (2015, "female", 3), (2015, "unknown", 2), (2016, "total", 4),
            (2016, "female", 4)]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["period", "sex", "value"], kind="victims", area="BE", status="registered"
    )
    found = total(table, sex="female", period=[2015, 2016])
    assert found.reported == Interval.point(7)
    assert found.unknown is None


def test_users_of_services_are_counted_apart_from_trafficking():
    rows = [("trafficking", "suspected", 7503), ("trafficking", "prosecuted", 5979),
            ("use_of_services", "suspected", 2),
            ("use_of_services", "prosecuted", 135)]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["offence", "stage", "value"], kind="justice", area="EU28", period="2015-2016"
    )
    stages = {"numerator": "prosecuted", "denominator": "suspected"}
    assert stage_ratio(table, **stages).reported == Interval.point(Fraction(5979, 7503))
    services = stage_ratio(table, **stages, offence="use_of_services")
    assert services.reported == Interval.point(Fraction(135, 2))
    assert services.indicator == "prosecution_to_suspect"


def test_any_two_stages_make_a_ratio():
    rows = [("BE", 2016, "investigated", 40), ("BE", 2016, "convicted", 10)]
    found = stage_ratio(rows_of(rows), numerator="convicted", denominator="investigation")
    assert (found.indicator, found.label) == ("stage_ratio", "convicted / investigated")
    assert found.reported == Interval.point(Fraction(1, 4))


# grids


@examples(40)
@given(flows())
def test_each_place_of_a_grid_is_the_ratio_asked_alone_or_a_gap(drawn):
    _, shown = drawn
    table = table_of(shown)
    found = grid(table, by=["area", "period"], rules=[])
    areas = [code for code in COUNTRIES if any(c for (a, _, _), c in shown.items() if a == code)]
    assert set(found.labels) == {f"{area}, {year}" for area in areas for year in YEARS}
    for area in areas:
        for year in YEARS:
            item = found[f"{area}, {year}"]
            assert (item.area, item.period) == (area, year)
            counts = [shown[area, year, stage] for stage in ("convicted", "prosecuted")]
            if all(counts):
                alone = ratio(table, area=area, period=year, rules=[])
                for name in ("reported", "bounds", "possible", "numerator", "denominator", "sharp"):
                    assert getattr(item, name) == getattr(alone, name), name
            elif not any(counts):
                assert item.reported is None
                assert item.bounds == Interval(0, None, undefined=True)


def test_a_grid_by_period_pools_the_countries_of_all_its_years():
    rows = [("BE", 2015, "prosecuted", 10), ("BE", 2015, "convicted", 4),
            ("FR", 2016, "prosecuted", 90), ("FR", 2016, "convicted", 9)]  # fmt: skip
    found = grid(rows_of(rows), by="period")
    assert found.labels == ("2015", "2016")
    assert {item.area for item in found} == {"BE+FR"}
    assert [item.reporters for item in found] == [{"BE"}, {"FR"}]
    assert found.caption == "convicted / prosecuted by period"


def test_a_grid_by_area_has_the_members_of_the_area_and_not_the_whole():
    rows = [(area, 2016, stage, 10) for area in ("EU28", "BE", "RS", "FR")
            for stage in ("prosecuted", "convicted")]  # fmt: skip
    table = rows_of(rows)
    assert grid(table, by="area", area="EU28").labels == ("BE", "FR")
    assert set(grid(table, by="area").labels) == {"EU28", "BE", "RS", "FR"}


def test_a_grid_by_area_can_be_of_a_window():
    rows = [("BE", 2015, "prosecuted", 10), ("BE", 2015, "convicted", 4),
            ("BE", 2016, "prosecuted", 10), ("BE", 2016, "convicted", 8),
            ("FR", 2016, "prosecuted", 90), ("FR", 2016, "convicted", 9)]  # fmt: skip
    found = grid(rows_of(rows), by="area", period=range(2015, 2017))
    assert found["BE"].reported == Interval.point(Fraction(12, 20))
    assert found["FR"].reported is None
    assert found["FR"].period == "2015-2016"


def test_a_grid_can_be_of_some_periods():
    rows = [("BE", year, stage, 1) for year in (2014, 2015, 2016)
            for stage in ("prosecuted", "convicted")]  # fmt: skip
    found = grid(rows_of(rows), by=("area", "period"), period=[Period.calendar(2014), "2016"])
    assert found.labels == ("BE, 2014", "BE, 2016")


def test_a_grid_by_sex_and_form_has_the_widest_recorded_categories():
    rows = [("BE", stage, sex, form, 2) for stage in ("prosecuted", "convicted")
            for sex in ("total", "female", "male", "unknown")
            for form in ("total", "labour", "domestic_servitude", "unknown")]  # fmt: skip
    rows += [("FR", stage, "total", "total", 1) for stage in ("prosecuted", "convicted")]
    table = CountTable.from_rows(
        rows,
        columns=["area", "stage", "sex", "exploitation", "value"], kind="justice", period=2016,
    )  # fmt: skip
    found = grid(table, by=["sex", "exploitation"])
    assert found.labels == ("female, labour", "male, labour")
    assert found[0].category == (("sex", "female"), ("exploitation", "labour"))
    assert found[0].reported == Interval.point(1)
    assert found[0].reporters == {"BE"}
    both = grid(table, by=["area", "sex"], exploitation="labour")
    assert both["BE, female"].reported == Interval.point(1)
    assert both["FR, male"].reported is None


def test_a_grid_by_citizenship_keeps_the_groups():
    rows = [(stage, who, 3) for stage in ("prosecuted", "convicted")
            for who in ("total", "eu", "non_eu")]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["stage", "citizenship", "value"], kind="justice", area="BE", period=2016
    )
    assert set(grid(table, by="citizenship").labels) == {"eu", "non_eu"}


def test_a_grid_by_an_attribute_keeps_registers_apart():
    rows = [
        ("police", "prosecuted", 5),
        ("police", "convicted", 1),
        ("border_guard", "prosecuted", 2),
    ]
    table = CountTable.from_rows(
        rows, columns=["register", "stage", "value"], kind="justice", area="BE", period=2016
    )
    found = grid(table, by="register")
    assert found["police"].reported == Interval.point(Fraction(1, 5))
    assert found["border_guard"].reported is None


def test_a_unit_that_differs_between_countries_matters_only_where_they_are_pooled():
    rows = [(area, stage, unit, 4) for area, unit in (("BE", "persons"), ("FR", "cases"))
            for stage in ("prosecuted", "convicted")]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["area", "stage", "unit", "value"], kind="justice", period=2016
    )
    assert [item.reported for item in grid(table, by="area")] == [Interval.point(1)] * 2
    with pytest.raises(AmbiguousCell, match="unit"):
        ratio(table)


# refusals

TABLE = rows_of(
    [("BE", year, stage, 3) for year in (2014, 2015, 2017) for stage in ("prosecuted", "convicted")]
)


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda: ratio(TABLE), AmbiguousCell, "several periods"),
        (lambda: ratio(TABLE, period=[2015, 2017]), InvalidValue, "follow one another"),
        (lambda: ratio(TABLE, period=[2015, 2016]), NoSuchCell, "no counts for period=2016"),
        (lambda: ratio(TABLE, period=[2014, 2015], sex="female"), NoSuchCell, "sex=female"),
        (lambda: ratio(TABLE, period=[]), InvalidValue, "one period or more"),
        (lambda: ratio(TABLE, period=2015, stage="suspected"), InvalidValue, "names the stages"),
        (lambda: ratio(TABLE, period=[2014, 2015], stage="x"), InvalidValue, "names the stages"),
        (lambda: grid(TABLE, by="area", stage="suspected"), InvalidValue, "names the stages"),
        (lambda: grid(TABLE, by=[]), InvalidValue, "left open"),
        (lambda: grid(TABLE, by="sex", sex="female"), InvalidValue, "left open"),
        (lambda: grid(TABLE, by="offence"), InvalidValue, "left open"),
        (lambda: grid(TABLE, by="sex"), NoSuchCell, "nothing has a sex of its own"),
        (lambda: grid(TABLE, by="colour"), UnknownName, "colour"),
        (lambda: grid(TABLE, by="area"), AmbiguousCell, "several periods"),
        (lambda: grid(TABLE, by="period", period=2016), NoSuchCell, "period"),
        (lambda: grid(TABLE, by="area", area="FR"), NoSuchCell, "area"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_with_its_reason(ask, error, words):
    with pytest.raises(error, match=words):
        ask()


def test_a_stage_that_nobody_has_is_no_grid_of_gaps():
    with pytest.raises(NoSuchCell, match="stage=suspected"):
        stage_ratios(TABLE, numerator="convicted", denominator="suspected", by="period")


def test_a_stage_over_itself_is_no_ratio():
    with pytest.raises(InvalidValue, match="between two stages") as caught:
        stage_ratio(TABLE, numerator="convicted", denominator="convictions", period=2015)
    assert "numerator=" in str(caught.value)


def test_years_that_count_different_things_make_no_window():
    rows = [(2015, "prosecuted", "persons", 5), (2015, "convicted", "persons", 2),
            (2016, "prosecuted", "cases", 5), (2016, "convicted", "persons", 2)]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["period", "stage", "unit", "value"], kind="justice", area="BE"
    )
    with pytest.raises(InvalidValue, match="count different things") as caught:
        ratio(table, period=[2015, 2016])
    assert "cases prosecuted" in str(caught.value)
