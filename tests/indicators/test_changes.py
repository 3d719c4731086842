"""Changes of counts and shares: as published, like for like, and without contradictions."""

from fractions import Fraction
from functools import partial

import pytest
from hypothesis import assume, given

from tests.examples import examples
from tests.indicators import glotip
from tests.indicators import strategies as made
from tests.indicators.flows import (
    SIZE,
    YEARS,
    reporting_countries,
    rows_of,
    table_of,
    true,
    worlds,
)
from tests.indicators.strategies import AREA
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable, Interval
from thbstats.errors import AmbiguousCell, InvalidValue
from thbstats.indicators import Change, change, decompose, share, total
from thbstats.panel import Panel, ResultKind, Status
from thbstats.rules import apply_rules, compare

PAIRS = pytest.mark.parametrize(
    "pair", [(["2014"], ["2015"]), (["2015"], ["2016"]), (["2014", "2015"], ["2016"])]
)
KINDS = pytest.mark.parametrize("kind", ["relative", "difference"])
everything = Interval.point(1)
MINUS = "\N{MINUS SIGN}"


def of(old, new, kind="relative"):
    """Return a change of true counts; from 0 there is no relative change."""
    if kind == "difference":
        return Interval.point(new - old)
    if not old:
        return None
    return Interval.ratio(Interval.point(new), Interval.point(old)) - everything


def convicted(table, old, new, **more):
    return change(table, old=old, new=new, stage="convicted", **{"area": AREA, **more})


def two_years(old, new, **more):
    constant = {"kind": "justice", "stage": "convicted", "area": "BE", "unit": "persons", **more}
    rows = [("2015", old), ("2016", new)]
    return counts_of(rows, "period", **constant)


# Laws

WORLDS, REPORTED = worlds(), worlds(made.known_or_missing)
TABLE = table_of(formatted for _, formatted in WORLDS)


@PAIRS
@KINDS
def test_published_uses_all_countries_of_a_period_and_like_for_like_those_of_both(pair, kind):
    table = table_of(formatted for _, formatted in REPORTED)
    result = convicted(table, *pair, measure=kind, by="world", rules=[])
    coverage = (result.coverage_old, result.coverage_new)
    for i, (truth, formatted) in enumerate(REPORTED):
        published, matched = result.row(2 * i), result.row(2 * i + 1)
        names = [reporting_countries(formatted, "convicted", years) for years in pair]
        raw, same = (
            [true(truth, "convicted", years, some) for years, some in zip(pair, sets, strict=True)]
            for sets in (names, [names[0] & names[1]] * 2)
        )
        assert published.value == (of(*raw, kind) if all(names) else None)
        assert matched.value == (of(*same, kind) if names[0] & names[1] else None)
        assert (published.status is Status.UNDEFINED) == (
            all(names) and kind == "relative" and not raw[0]
        )
        assert matched.reporters == names[0] & names[1]
        for own, part, whole in zip(coverage, same, raw, strict=True):
            if not names[0] | names[1]:
                assert own[2 * i] is None
            elif whole:
                assert own[2 * i] == own[2 * i + 1] == Interval.point(Fraction(part, whole))


@PAIRS
@KINDS
def test_bounds_of_both_rows_contain_the_true_change(pair, kind):
    result = convicted(TABLE, *pair, measure=kind, by="world", rules=[])
    where = {"by": "world", "area": AREA, "stage": "convicted", "rules": []}
    before, after = (total(TABLE, period=years, **where).bounds for years in pair)
    for i, (truth, _) in enumerate(WORLDS):
        old, new = (true(truth, "convicted", years) for years in pair)
        ratio = Interval.ratio(after[i], before[i]) - everything
        assert result.bounds[2 * i] == (ratio if kind == "relative" else after[i] - before[i])
        for row in (result.row(2 * i), result.row(2 * i + 1)):
            if old or kind == "difference":
                expected = of(old, new, kind).value
                assert row.bounds.contains(expected)
                assert row.bounds_with_unknown.contains(expected)
            else:
                assert row.bounds.undefined


@PAIRS
def test_like_for_like_contains_the_true_change_of_its_countries(pair):
    result = convicted(TABLE, *pair, countries="same", by="world", rules=[])
    assert (~result.value.missing).sum() > 10
    for row, (truth, _) in zip(result, WORLDS, strict=True):
        if row.value is not None:
            old, new = (true(truth, "convicted", years, row.reporters) for years in pair)
            assert row.value.contains(Fraction(new - old, old)) if old else row.value.undefined


def test_both_rows_are_equal_if_all_countries_report_both_periods():
    table = table_of(
        {key: Count.known(value) for key, value in truth.items()} for truth, _ in WORLDS
    )
    result = convicted(table, *YEARS[:2], by="world")
    first, second = result.take(slice(0, None, 2)), result.take(slice(1, None, 2))
    for name in ("value", "numerator", "denominator"):
        assert getattr(first, name) == getattr(second, name)
    back = convicted(table, *YEARS[1::-1], by="world").value
    pairs = [(own, other) for own, other in zip(result.value, back, strict=True)]
    both = [(own.value, other.value) for own, other in pairs if own.is_point and other.is_point]
    assert len(both) > SIZE
    assert all((1 + own) * (1 + other) == 1 for own, other in both)


@given(made.worlds(), made.worlds())
@examples(20)
def test_bounds_contain_the_true_change_of_a_share(old, new):
    assume(old.listed == old.categories == new.listed == new.categories)
    assume(old.true("total") and new.true("total"))
    table = CountTable.concat([made.table_of(old.rows(), period=2015), new.table()])
    result = change(
        table, old=2015, new=2016, share={"sex": "female"}, base="all", area=AREA, rules=[]
    )
    first, second = (Fraction(w.true("female"), w.true("total")) for w in (old, new))
    assert all(row.bounds.contains(second - first) for row in result)


# Examples


def test_glotip_convictions_of_eu27_grow_sevenfold_raw_and_double_like_for_like():
    result = change(glotip.convicted(), old=2020, new=2021, area="EU27_2020")
    assert [row.formatted for row in result] == ["+672.0% to +743.7%", "+87.3% to +114.5%"]
    assert len(result["like for like"].reporters) == 17
    assert result.coverage_old[1] == Interval(Fraction(269, 309), Fraction(293, 333))
    assert result.coverage_new[1] == Interval(Fraction(549, 2579), Fraction(577, 2599))
    assert result["like for like"].numerator == Interval(549, 577)
    for row in result:
        assert [w.code for w in row.warnings].count("SUPPRESSED") == 1


def test_published_areas_without_countries_have_no_like_for_like_change():
    rows = [("EU27_2020", 2020, 1295), ("EU27_2020", 2021, 2517)]
    result = change(
        counts_of(rows, "area period", kind="justice", stage="convicted"), old=2020, new=2021
    )
    assert (result[0].formatted, result[1].value, result.coverage_old[0]) == ("+94.4%", None, None)
    rows += [("BE", 2020, 100), ("BE", 2021, 150), ("FR", 2021, 700)]
    table = counts_of(rows, "area period", kind="justice", stage="convicted")
    result = change(table, old=2020, new=2021, area="EU27_2020")
    assert [row.value for row in result] == [of(1295, 2517), of(100, 150)]
    assert result.coverage_old[0] == Interval.point(Fraction(100, 1295))
    assert result.coverage_new[0] == Interval.point(Fraction(150, 2517))


def test_warning_of_one_period_of_a_change_names_the_period():
    table = CountTable.from_rows(
        [("BE", 2015, 20), ("BE", 2016, 30), ("FR", 2016, 40)],
        columns=["area", "period", "value"], kind="justice", stage="convicted", unit="persons",
    )  # fmt: skip
    result = change(table, old=2015, new=2016, area="BE+FR")
    periods = {dict(w.evidence).get("period") for w in result[0].warnings.select("COVERAGE")}
    assert periods == {"2015", None}
    assert result.display_table().caption.endswith(", 2015 to 2016")


def test_change_of_two_totals_has_the_warnings_of_their_comparison():
    table = two_years(20, 30)
    old, new = (total(table, period=year) for year in (2015, 2016))
    result = change(table, old=2015, new=2016, countries="all")
    assert (result.value, result.kind) == (of(20, 30), ResultKind.RELATIVE_CHANGE)
    assert (result.numerator, result.denominator) == (new.numerator, old.numerator)
    assert result.label == "total, 2015 to 2016"
    assert (result.base.rule, result.base.label) == ("earlier", "persons convicted, 2015")
    assert {w.code for w in compare(old, new).warnings} <= set(result.warnings.codes)
    assert isinstance(result.panel, Change)
    assert result.panel.earlier.row(0) == old
    difference = change(table, old=2015, new=2016, measure="difference", countries="all")
    assert (difference.formatted, difference.kind) == ("+10", ResultKind.CHANGE)


def test_registered_victims_of_two_reports_rise_by_almost_30_percent():
    table = counts_of(
        [("2010-2012", 30146), ("2013-2014", 15846), ("2015-2016", 20532)],
        "period",
        kind="victims",
        area="EU28",
        status="registered",
    )
    pair = {"old": "2013-2014", "new": "2015-2016", "countries": "all"}
    result = change(table, **pair)
    assert (result.formatted, "PERIOD" in result.warnings.codes) == ("+29.6%", False)
    assert change(table, **pair, per="year").value == result.value
    longer = {"old": "2010-2012", "new": "2013-2014", "countries": "all"}
    result = change(table, **longer)
    assert [str(w.severity) for w in result.warnings.select("PERIOD")] == ["blocking"]
    annual = change(table, **longer, per="year")
    assert annual.value == Interval.point(Fraction(15846, 2) / Fraction(30146, 3) - 1)
    assert annual.bounds == annual.bounds_with_unknown == annual.value
    assert (annual.numerator, annual.denominator) == (
        Interval.point(7923),
        Interval.point(Fraction(30146, 3)),
    )
    assert [str(w.severity) for w in annual.warnings.select("PERIOD")] == ["caution"]
    assert annual.base.label == "registered victims, 2010-2012, per year"


def test_part_of_a_year_has_no_annual_average():
    rows = [("2009-04-01/2009-12-31", 9), ("2010", 12)]
    table = counts_of(rows, "period", kind="victims", area="UK", status="identified")
    pair = {"old": "2009-04-01/2009-12-31", "new": 2010}
    with pytest.raises(InvalidValue, match="whole years") as caught:
        change(table, **pair, per="year")
    assert "2009-04-01" in str(caught.value)
    assert change(table, **pair)[0].value == of(9, 12)


def test_change_of_a_share_is_in_percentage_points():
    rows = [
        (area, year, sex, n)
        for area, year, women, men in (
            ("BE", 2015, 60, 40),
            ("BE", 2016, 30, 30),
            ("FR", 2016, 10, 90),
        )
        for sex, n in (("female", women), ("male", men), ("total", women + men))
    ]
    table = counts_of(rows, "area period sex", kind="victims", status="registered")
    result = change(table, old=2015, new=2016, share={"sex": "female"}, base="all")
    assert [row.formatted for row in result] == [f"{MINUS}35.0 pp", f"{MINUS}10.0 pp"]
    new = share(table, base="all", sex="female", period=2016)
    assert (result[0].numerator, result[0].base) == (new.numerator, new.base)
    assert (result[1].numerator, result[1].denominator) == (Interval.point(30), Interval.point(60))
    assert result[1].reporters == {"BE"}
    assert "COVERAGE" in [w.code for w in result[0].warnings if w.scope == "pair"]


def test_only_the_published_row_warns_of_different_countries():
    rows = [
        ("BE", 2015, "convicted", 100),
        ("BE", 2016, "convicted", 200),
        ("FR", 2016, "convicted", 900),
        ("HR", 2015, "convicted", Count.not_applicable()),
        ("HR", 2016, "convicted", 50),
    ]
    result = change(rows_of(rows), old=2015, new=2016)
    pairs = [[w for w in row.warnings.select("COVERAGE") if w.scope == "pair"] for row in result]
    assert [bool(own) for own in pairs] == [True, False]
    assert [row.value for row in result] == [of(100, 1150), of(100, 200)]
    assert result.to_frame()["coverage_new_lower"].tolist() == [200 / 1150] * 2


def test_like_for_like_has_no_value_without_countries_in_both_periods():
    rows = [("BE", 2015, "convicted", 100), ("FR", 2016, "convicted", 200)]
    result = change(rows_of(rows), old=2015, new=2016)
    assert [row.value for row in result] == [of(100, 200), None]
    assert result.coverage_old[0] == result.coverage_new[0] == Interval.point(0)
    with_bounds = change(rows_of(rows), old=2015, new=2016, measure="difference")
    assert with_bounds[0].bounds == Interval(None, None)


def test_small_and_empty_older_counts():
    assert "SMALL_DENOMINATOR" in change(two_years(2, 5), old=2015, new=2016).warnings.codes
    for new in (0, 3):
        row = change(two_years(0, new), old=2015, new=2016)[0]
        assert (row.value, row.status, row.formatted) == (None, Status.UNDEFINED, "not defined")
    gap = change(two_years(Count.not_reported(), 5), old=2015, new=2016, measure="difference")
    assert (gap[0].value, gap[0].bounds) == (None, Interval(None, 5))


# Contradictions


def contradictory():
    """Return victims of two years; Germany's second total is below its parts."""
    rows = [("BE", 2019, "total", 100), ("BE", 2022, "total", 120), ("DE", 2019, "total", 50)]
    rows += [("DE", 2022, "total", 4), ("DE", 2022, "female", 40), ("DE", 2022, "male", 30)]
    rows += [
        ("BE", year, sex, n) for year, n in ((2019, 50), (2022, 60)) for sex in ("female", "male")
    ]
    return counts_of(rows, "area period sex", kind="victims", status="detected")


def test_change_shows_all_readings_of_a_contradiction():
    """Germany is in the older total alone, or in neither; its parts would give 70."""
    result = change(contradictory(), old=2019, new=2022)
    assert [row.value for row in result] == [of(150, 120), of(100, 120)]
    assert [row.reporters for row in result] == [{"BE"}, {"BE"}]
    for i, (row, printed) in enumerate(zip(result, (f"{MINUS}20.0%", "+20.0%"), strict=True)):
        assert result.with_published[i] == of(150, 124)
        assert result.with_sum_of_parts[i] == of(150, 190)
        (warning,) = row.warnings.select("CONTRADICTED")
        assert warning.evidence[1:] == (
            ("printed result", printed),
            ("with DE as published", f"{MINUS}17.3%"),
            ("with the sum of its parts", "+26.7%"),
        )
        assert row.bounds == Interval(of(150, 124).value, of(150, 190).value)


def test_contradiction_outside_the_change_has_no_second_version():
    table = contradictory()
    result = change(table, old=2019, new=2022, area="BE")
    assert "CONTRADICTED" not in result.warnings.codes
    assert result.with_published[0] is None
    clean = change(table.without(area="DE"), old=2019, new=2022)
    both = change(table, old=2019, new=2022)
    assert clean[1].value == both[1].value
    assert [row.value for row in clean] == [row.value for row in result]


def test_contradictory_countries_are_left_out_together():
    rows = [("FR", 2019, "total", 10), ("FR", 2022, "total", 10), ("FR", 2022, "female", 30)]
    more = counts_of(rows, "area period sex", kind="victims", status="detected")
    result = change(CountTable.concat([contradictory(), more]), old=2019, new=2022)
    assert [row.value for row in result] == [of(160, 120), of(100, 120)]
    (warning,) = result[0].warnings.select("CONTRADICTED")
    evidence = dict(warning.evidence)
    assert evidence["printed result"] == f"{MINUS}25.0%"
    assert evidence["with DE, FR as published"] == f"{MINUS}16.3%"
    assert evidence["with the sum of their parts"] == f"+{100 * 60 / 160}%"


# Panels of changes


def test_rows_of_a_change_keep_their_numbers_and_warnings():
    result = change(glotip.convicted(), old=2020, new=2021, by="area")
    part = result.take([4, 5])
    assert (part.earlier.names, len(part.coverage_old)) == (result.names[4:6], 2)
    assert [row.warnings for row in part] == [result[4].warnings, result[5].warnings]
    joined = Panel.concat([result, result])
    assert type(joined) is Panel
    assert joined.row(4).warnings == result[4].warnings
    assert len(apply_rules(result, rules=[]).warnings) == 0


def test_the_default_area_has_common_countries_with_no_other_area_in_both_periods():
    rows = [
        (area, year, sex, n)
        for area, year, number in [
            ("FR", 2015, 9), ("DE", 2015, 5), ("FR", 2016, 6), ("DE", 2016, 8), ("DE+FR", 2017, 20),
        ]
        for sex, n in (("total", number), ("female", number - 2), ("male", 2))
    ]  # fmt: skip
    table = counts_of(rows, "area period sex", kind="victims")
    calls = (
        change,
        partial(change, share={"sex": "female"}, base="all"),
        partial(decompose, sex="female", base="all"),
    )
    for call in calls:
        found = call(table, old=2015, new=2016)
        assert found[0].value == call(table.where(period=[2015, 2016]), old=2015, new=2016)[0].value
        with pytest.raises(AmbiguousCell, match="areas with common countries"):
            call(table, old=2016, new=2017)
