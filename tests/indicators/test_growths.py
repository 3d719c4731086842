"""Growth: as published beside like for like, and what the matched countries hold."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.indicators import glotip
from tests.indicators import strategies as made
from tests.indicators.flows import YEARS, flows, givers, rows_of, table_of, true
from tests.indicators.strategies import AREA
from thbstats import Count, CountTable, Interval, change, growth, total
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell
from thbstats.results import Measure

periods = st.sampled_from(
    [(["2014"], ["2015"]), (["2015"], ["2016"]), (["2014", "2015"], ["2016"])]
)
everything = Interval.point(1)
nothing = Interval(0, 1, undefined=True)


def of(old, new):
    """Return a growth as the library says it."""
    return Interval.ratio(Interval.point(new), Interval.point(old)) - everything


def convicted(table, old, new, **more):
    return growth(table, old=old, new=new, stage="convicted", **{"area": AREA, **more})


@given(flows(made.all_or_nothing), periods)
def test_published_growth_is_of_whoever_gave_a_period_and_like_for_like_of_those_in_both(
    drawn, pair
):
    truth, shown = drawn
    found = convicted(table_of(shown), *pair, rules=[])
    names = [givers(shown, "convicted", years) for years in pair]
    raw, same = (
        [true(truth, "convicted", years, some) for years, some in zip(pair, sets, strict=True)]
        for sets in (names, [names[0] & names[1]] * 2)
    )
    assert found.as_published.reported == (of(*raw) if all(names) else None)
    assert found.like_for_like.reported == (of(*same) if names[0] & names[1] else None)
    if not names[0] | names[1]:
        assert found.matched is found.held_old is found.held_new is None
        return
    assert found.matched == found.like_for_like.reporters == names[0] & names[1]
    for held, part, whole in zip((found.held_old, found.held_new), same, raw, strict=True):
        assert held == (Interval.point(Fraction(part, whole)) if whole else nothing)


@examples(50)
@given(flows(), periods)
def test_bounds_of_both_figures_hold_the_true_growth_whatever_is_hidden(drawn, pair):
    truth, shown = drawn
    found = convicted(table_of(shown), *pair, rules=[])
    old, new = (true(truth, "convicted", years) for years in pair)
    for item in found:
        if old:
            assert item.bounds.contains(Fraction(new - old, old))
            assert item.possible.contains(Fraction(new - old, old))
        else:
            assert item.bounds.undefined


@examples(50)
@given(flows(), periods)
def test_the_figures_that_are_reported_hold_what_is_true_of_their_countries(drawn, pair):
    truth, shown = drawn
    found = convicted(table_of(shown), *pair, rules=[])
    if found.matched:
        old, new = (true(truth, "convicted", years, found.matched) for years in pair)
        reported = found.like_for_like.reported
        assert reported.contains(Fraction(new - old, old)) if old else reported.undefined


@given(flows(), periods, st.data())
def test_the_order_of_rows_never_matters(drawn, pair, data):
    _, shown = drawn
    rows = data.draw(st.permutations([(*k, c) for k, c in shown.items() if c is not None]))
    one, two = (convicted(table, *pair, rules=[]) for table in (table_of(shown), rows_of(rows)))
    assert one.to_dict() == two.to_dict()


@examples(50)
@given(flows(lambda value: st.just(Count.known(value))))
def test_going_back_undoes_a_growth(drawn):
    table = table_of(drawn[1])
    there, back = (
        convicted(table, *pair).like_for_like.reported for pair in (YEARS[:2], YEARS[1::-1])
    )
    if there.value is not None and back.value is not None:
        assert (1 + there.value) * (1 + back.value) == 1


@given(flows(lambda value: st.just(Count.known(value))))
def test_where_all_countries_give_both_periods_the_two_figures_are_one(drawn):
    found = convicted(table_of(drawn[1]), *YEARS[:2])
    one, two = found
    assert (one.reported, one.numerator, one.denominator) == (
        two.reported, two.numerator, two.denominator,
    )  # fmt: skip
    assert found.matched == {"BE", "DE", "FR"}


def test_glotip_convictions_of_eu27_grow_sevenfold_raw_and_double_like_for_like():
    found = growth(glotip.convicted(), old=2020, new=2021, area="EU27_2020")
    assert found.as_published.shown == "+672.1..+743.7 %"
    assert found.like_for_like.shown == "+87.4..+114.5 %"
    assert len(found.matched) == 17
    assert found.held_old == Interval(Fraction(269, 309), Fraction(293, 333))
    assert found.like_for_like.numerator == Interval(549, 577)
    assert found.held_new == Interval(Fraction(549, 2579), Fraction(577, 2599))


def test_totals_that_eurostat_prints_grow_by_94_percent_and_nothing_is_matched():
    rows = [("EU27_2020", 2020, 1295), ("EU27_2020", 2021, 2517)]
    table = CountTable.from_rows(
        rows, columns=["area", "period", "value"], kind="justice", stage="convicted"
    )
    found = growth(table, old=2020, new=2021)
    assert found.as_published.shown == "+94.4 %"
    assert found.like_for_like.reported is None
    assert found.matched is found.held_old is found.held_new is None
    assert "no country has rows of its own" in found.sheet().notes[0]
    assert found.to_dict()["matched"] is None


def test_countries_behind_printed_wholes_are_matched_and_hold_their_share_of_these():
    rows = [("EU27_2020", 2020, 1295), ("EU27_2020", 2021, 2517), ("BE", 2020, 100),
            ("BE", 2021, 150), ("FR", 2021, 700)]  # fmt: skip
    table = CountTable.from_rows(
        rows, columns=["area", "period", "value"], kind="justice", stage="convicted"
    )
    found = growth(table, old=2020, new=2021, area="EU27_2020")
    assert found.as_published.reported == of(1295, 2517)
    assert found.like_for_like.reported == of(100, 150)
    assert found.held_old == Interval.point(Fraction(100, 1295))
    assert found.held_new == Interval.point(Fraction(150, 2517))


def test_parts_above_a_printed_whole_hold_all_of_it():
    rows = [("BE+FR", 2020, 5), ("BE", 2020, 9), ("BE+FR", 2021, 9), ("BE", 2021, 9)]
    table = CountTable.from_rows(
        rows, columns=["area", "period", "value"], kind="justice", stage="convicted"
    )
    assert growth(table, old=2020, new=2021, area="BE+FR").held_old == everything


def test_a_whole_without_upper_end_leaves_open_what_is_held():
    rows = [
        ("BE+FR", 2020, Count.suppressed()),
        ("BE", 2020, 9),
        ("BE+FR", 2021, 9),
        ("BE", 2021, 9),
    ]
    table = CountTable.from_rows(
        rows, columns=["area", "period", "value"], kind="justice", stage="convicted"
    )
    assert growth(table, old=2020, new=2021, area="BE+FR").held_old == Interval(0, 1)


@pytest.mark.parametrize(
    ("old", "held", "names"),
    [(10, everything, {"BE"}), (Count.fewer_than(5), everything, {"BE"}), (None, nothing, set())],
)
def test_one_country_is_matched_with_itself(old, held, names):
    rows = [("BE", 2020, Count.not_reported() if old is None else old), ("BE", 2021, 12)]
    table = CountTable.from_rows(
        rows, columns=["area", "period", "value"], kind="justice", stage="convicted"
    )
    found = growth(table, old=2020, new=2021)
    assert found.like_for_like.reported == found.as_published.reported
    assert found.matched == (names or None)
    if names:
        assert (found.held_old.upper, found.held_new) == (held.upper, everything)


def test_a_growth_is_the_change_in_percent_of_its_totals():
    table = rows_of([("BE", 2015, "convicted", 20), ("BE", 2016, "convicted", 30)])
    found = growth(table, old=2015, new=2016).as_published
    old, new = (total(table, period=year) for year in (2015, 2016))
    other = change(old, new, unit="percent")
    for name in ("reported", "bounds", "possible", "numerator", "denominator", "measure", "base"):
        assert getattr(found, name) == getattr(other, name), name
    assert found.measure is Measure.RELATIVE_CHANGE


# unequal lengths

REPORTS = CountTable.from_rows(
    [("2010-2012", 30146), ("2013-2014", 15846), ("2015-2016", 20532)],
    columns=["period", "value"], kind="victims", area="EU28", status="registered",
)  # fmt: skip


def test_counts_of_three_years_and_of_two_are_not_comparable():
    found = growth(REPORTS, old="2010-2012", new="2013-2014").as_published
    assert found.reported == of(30146, 15846)
    assert [str(w.severity) for w in found.warnings.of("PERIOD")] == ["blocking"]


def test_annual_averages_of_unequal_periods_are_comparable_with_caution():
    found = growth(REPORTS, old="2010-2012", new="2013-2014", per="year").as_published
    assert found.reported == Interval.point(Fraction(15846, 2) / Fraction(30146, 3) - 1)
    assert found.bounds == found.possible == found.reported
    assert (found.numerator, found.denominator) == (
        Interval.point(7923), Interval.point(Fraction(30146, 3)),
    )  # fmt: skip
    assert [str(w.severity) for w in found.warnings.of("PERIOD")] == ["caution"]
    assert found.base.label == "registered victims, 2010-2012, per year"


def test_annual_averages_of_equal_periods_grow_as_their_counts_do():
    pair = {"old": "2013-2014", "new": "2015-2016"}
    one, other = growth(REPORTS, **pair), growth(REPORTS, **pair, per="year")
    assert one.as_published.reported == other.as_published.reported
    assert one.warnings.codes == other.warnings.codes
    assert "PERIOD" not in one.warnings.codes


def test_a_broken_year_has_no_annual_average():
    rows = [("2009-04-01/2009-12-31", 9), ("2010", 12)]
    table = CountTable.from_rows(
        rows, columns=["period", "value"], kind="victims", area="UK", status="identified"
    )
    pair = {"old": "2009-04-01/2009-12-31", "new": 2010}
    with pytest.raises(InvalidValue, match="whole years") as caught:
        growth(table, **pair, per="year")
    assert "2009-04-01" in str(caught.value)
    assert growth(table, **pair).as_published.reported == of(9, 12)


# warnings, output, refusals


def test_a_growth_from_a_small_count_says_so():
    table = rows_of([("BE", 2015, "convicted", 2), ("BE", 2016, "convicted", 5)])
    assert "SMALL" in growth(table, old=2015, new=2016).warnings.codes


def test_different_countries_are_told_of_the_published_figure_alone():
    rows = [("BE", 2015, "convicted", 100), ("BE", 2016, "convicted", 200),
            ("FR", 2016, "convicted", 900)]  # fmt: skip
    found = growth(rows_of(rows), old=2015, new=2016)

    def pairs(item):
        return [w for w in item.warnings.of("COVERAGE") if w.scope == "pair"]

    assert pairs(found.as_published)
    assert not pairs(found.like_for_like)


def test_what_a_source_hides_is_said_once_of_each_figure():
    found = growth(glotip.convicted(), old=2020, new=2021, area="EU27_2020")
    for item in found:
        assert [w.code for w in item.warnings].count("SUPPRESSED") == 1


def test_a_growth_shows_both_figures_and_what_is_matched():
    rows = [("BE", 2015, "convicted", 100), ("BE", 2016, "convicted", 200),
            ("FR", 2016, "convicted", 600)]  # fmt: skip
    found = growth(rows_of(rows), old=2015, new=2016)
    assert repr(found).startswith("<Growth as published +700.0 %, like for like +100.0 %")
    told = "Like for like: 1 countries (BE), which hold 100.0 % of the earlier count and 25.0 % of"
    assert told in found.explain()
    assert told in found.sheet().notes[0]
    frame = found.to_frame()
    assert frame["held_new_lower"].tolist() == [1.0, 0.25]
    assert frame["held_old_upper"].tolist() == [1.0, 1.0]
    data = json.loads(json.dumps(found.to_dict()))
    assert data["matched"] == ["BE"]
    assert data["held_new"] == {"lower": 0.25, "upper": 0.25, "undefined": False}
    assert found.caption == "growth: persons convicted"
    assert found.like_for_like.estimand.endswith("2016 against 2015, like for like")


def test_nobody_in_both_periods_leaves_nothing_like_for_like():
    rows = [("BE", 2015, "convicted", 100), ("FR", 2016, "convicted", 200)]
    found = growth(rows_of(rows), old=2015, new=2016)
    assert found.as_published.reported == of(100, 200)
    assert found.like_for_like.reported is None
    assert found.matched == frozenset()
    assert found.held_old == found.held_new == Interval.point(0)
    assert "0 countries (none)" in found.explain()


def test_a_country_to_which_one_period_does_not_apply_is_not_matched():
    rows = [("BE", 2015, "convicted", 100), ("BE", 2016, "convicted", 200),
            ("HR", 2015, "convicted", Count.not_applicable()),
            ("HR", 2016, "convicted", 50)]  # fmt: skip
    found = growth(rows_of(rows), old=2015, new=2016)
    assert found.matched == {"BE"}
    assert found.as_published.reported == of(100, 250)
    assert found.held_new == Interval.point(Fraction(4, 5))


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"per": "month"}, InvalidValue, "annual averages"),
        ({"new": 2031}, NoSuchCell, "period=2031"),
        ({"old": [2013, 2015]}, NoSuchCell, "period=2013"),
        ({"stage": "suspected"}, NoSuchCell, "suspected"),
        ({"sex": "female"}, NoSuchCell, "sex=female"),
    ],
)
def test_what_has_no_growth_is_refused(more, error, words):
    table = rows_of([("BE", 2015, "convicted", 2), ("BE", 2016, "convicted", 5)])
    with pytest.raises(error, match=words):
        growth(table, **{"old": 2015, "new": 2016, "stage": "convicted", **more})


def test_an_area_must_be_named_where_a_whole_stands_beside_countries():
    rows = [(area, year, "convicted", 5) for area in ("EU28", "BE") for year in (2015, 2016)]
    with pytest.raises(AmbiguousCell, match="area"):
        growth(rows_of(rows), old=2015, new=2016)
