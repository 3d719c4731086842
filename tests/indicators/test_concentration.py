"""Concentration: values, and bounds over all completions of the counts."""

from fractions import Fraction
from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.indicators import strategies as made
from tests.indicators.strategies import (
    AREA,
    COUNTRIES,
    completions,
    drawn_worlds,
    table_of,
    table_of_years,
)
from tests.indicators.worked_examples import counts_of
from thbstats import Count, Interval, compare, concentration, share
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.values import Reason

dominance, top_share, herfindahl, effective_number = (
    partial(concentration, measure=name)
    for name in ("dominance", "top_share", "herfindahl", "effective_number")
)


WORLDS = drawn_worlds(60)
TABLE = table_of_years(WORLDS)
YEARS = [*range(1000, 1000 + len(WORLDS))]


def test_value_is_the_largest_share_of_the_reporting_countries():
    drawn = drawn_worlds(60, made.known_or_missing, printed=False)
    result = dominance(
        table_of_years(drawn), by="period", period=YEARS, area=AREA, sex="female", rules=[]
    )
    assert (~result.value.missing).sum() > 20
    for world, row in zip(drawn, result, strict=True):
        shown = {index: world.formatted[index, "female"] for index in COUNTRIES}
        counts = {
            index: world.truth[index]["female"]
            for index, count in shown.items()
            if count is not None and count.reason is Reason.KNOWN
        }
        assert (row.value is None) == (not counts)
        if row.value is None:
            continue
        assert row.reporters == set(counts)
        assert counts[row.label] == max(counts.values())
        if sum(counts.values()):
            largest = Fraction(max(counts.values()), sum(counts.values()))
            assert row.value == Interval.point(largest)
        else:
            assert row.value.undefined


def test_largest_country_is_named_with_its_share():
    result = dominance(table_of([("UK", "total", 61), ("FR", "total", 20), ("DE", "total", 19)]))
    assert (result.label, result.formatted) == ("UK", "61.0%")
    assert result.bounds == result.value
    assert result.sharp


def test_missing_country_can_be_the_largest():
    rows = [("UK", "total", 61), ("FR", "total", 39), ("DE", "total", Count.not_reported())]
    result = dominance(table_of(rows))
    assert result.value == Interval.point(Fraction(61, 100))
    # Germany can have as many as the United Kingdom, or almost all victims.
    assert result.bounds == Interval(Fraction(61, 161), 1)
    assert result.sharp


def test_published_total_bounds_the_share_of_one_country():
    result = dominance(table_of([("EU28", "total", 100), ("UK", "total", 61)]), area="EU28")
    assert result.bounds == Interval.point(Fraction(61, 100))


def test_count_not_applicable_has_no_part_in_the_concentration():
    rows = [("BE", "total", 6), ("DE", "total", Count.not_applicable()), ("FR", "total", 4)]
    result = dominance(table_of(rows))
    assert (result.label, result.bounds) == ("BE", Interval.point(Fraction(6, 10)))


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
def test_dominance_needs_counts_of_countries(rows):
    with pytest.raises(NoSuchCell, match="area") as caught:
        dominance(table_of(rows))
    assert "Use a table with counts" in str(caught.value)


def squared(counts):
    return Fraction(sum(count**2 for count in counts), sum(counts) ** 2)


MEASURES = {
    "dominance": (dominance, lambda counts: Fraction(max(counts), sum(counts))),
    "top_share": (lambda table, **kwargs: top_share(table, n=2, **kwargs), lambda counts: Fraction(
        sum(sorted(counts)[-2:]), sum(counts))),
    "herfindahl": (herfindahl, squared),
    "effective_number": (effective_number, lambda counts: 1 / squared(counts)),
}  # fmt: skip


@pytest.mark.parametrize("name", MEASURES)
def test_bounds_contain_the_true_concentration_of_countries(name):
    indicator, formula = MEASURES[name]
    result = indicator(TABLE, by="period", period=YEARS, area=AREA, sex="female", rules=[])
    random = Random(1)
    for world, row in zip(WORLDS, result, strict=True):
        if "female" not in world.listed:
            continue
        counts = [world.truth[index]["female"] for index in COUNTRIES]
        joining = [random.randint(0, world.truth[index]["unknown"]) for index in COUNTRIES]
        joined = [first + more for first, more in zip(counts, joining, strict=True)]
        for interval, way in ((row.bounds, counts), (row.bounds_with_unknown, joined)):
            assert interval.contains(formula(way)) if sum(way) else interval.undefined
        assert row.bounds.undefined or row.bounds.within(row.bounds_with_unknown)


@pytest.mark.parametrize("name", ["top_share", "herfindahl", "effective_number"])
def test_bounds_contain_the_true_concentration_of_categories(name):
    indicator, formula = MEASURES[name]
    result = indicator(TABLE, by="period", period=YEARS, area=AREA, dimension="sex", rules=[])
    checked = 0
    for world, row in zip(WORLDS, result, strict=True):
        others = set(world.categories) - set(world.listed)
        if len(world.listed) < 2 or any(world.true(code) for code in others):
            continue
        counts = [world.true(code) for code in world.listed]
        checked += 1
        assert row.bounds.contains(formula(counts)) if sum(counts) else row.bounds.undefined
        for index in range(len(counts)):
            way = [
                count + world.true("unknown") * (index == other)
                for other, count in enumerate(counts)
            ]
            wide = row.bounds_with_unknown
            assert wide.contains(formula(way)) if sum(way) else wide.undefined
    assert checked > 30


def between_near_ends(value):
    """Return a count with few values, so that all tables can be tried."""
    near = Count.suppressed(upper=value + 1), Count.between(value, value + 1)
    return [Count.known(value), *near]


@pytest.mark.parametrize("countries", [COUNTRIES, ("BE",)])
def test_sharp_bounds_of_categories_are_the_extremes_of_every_completion(countries):
    drawn = drawn_worlds(40, between_near_ends, most=2, printed=False)
    where = {"area": "+".join(countries), "by": "period", "period": YEARS[:40]}
    table, sharp = table_of_years(drawn), 0
    for name in ("top_share", "herfindahl", "effective_number"):
        indicator, formula = MEASURES[name]
        panel = indicator(table, dimension="sex", rules=[], **where)
        for world, row in zip(drawn, panel, strict=True):
            ways = completions(world, countries)
            sums = [[way[code] for code in world.categories] for way in ways]
            values = [formula(way) for way in sums if sum(way)]
            if values:
                assert row.bounds.lower <= min(values)
                assert max(values) <= row.bounds.upper
                if row.sharp:
                    sharp += 1
                    assert (row.bounds.lower, row.bounds.upper) == (min(values), max(values))
    assert sharp or countries == COUNTRIES


@examples(15)
@given(st.lists(st.integers(0, 50), min_size=2, max_size=3).filter(any))
def test_index_is_between_equal_parts_and_a_single_part(counts):
    table = table_of(
        [(position, "total", count) for position, count in zip(COUNTRIES, counts, strict=False)]
    )
    index, number = herfindahl(table, rules=[]), effective_number(table, rules=[])
    assert Fraction(1, len(counts)) <= index.value.value <= 1
    assert number.value.value == 1 / Fraction(index.value.value)
    assert (index.value.value == 1) == (sum(map(bool, counts)) == 1)
    assert index.value == index.bounds == index.bounds_with_unknown
    assert dominance(table, rules=[]).value == top_share(table, n=1, rules=[]).value
    assert float(top_share(table, n=3, rules=[])) == 1


def forms(rows, **constant):
    return counts_of(
        rows,
        "exploitation",
        **{"kind": "victims", "area": "EU28", "period": "2015-2016", **constant},
    )


def test_the_forms_of_com_2018_777_are_as_concentrated_as_two_and_a_half_of_equal_size():
    # Of the victims of known form: 56% sexual, 26% labour, 18% other.
    table = forms([("total", 100), ("sexual", 56), ("labour", 26), ("other", 18)])
    assert effective_number(table, dimension="exploitation").formatted == "2.418"
    assert herfindahl(table, dimension="exploitation").value.value == Fraction(4136, 10000)
    assert top_share(table, n=1, dimension="exploitation").formatted == "56.0%"


def test_unknown_category_changes_concentration_in_both_directions():
    table = forms([("total", 10), ("sexual", 6), ("labour", 2), ("unknown", 2)])
    result = herfindahl(table, dimension="exploitation")
    assert result.value == result.bounds == Interval.point(Fraction(40, 64))
    assert result.bounds_with_unknown == Interval(Fraction(52, 100), Fraction(68, 100))
    assert result.unknown == Interval.point(2)
    assert "UNKNOWN" in top_share(table, n=1, dimension="exploitation").warnings.codes


def test_the_top_of_one_form_is_that_form():
    table = forms([("total", 10), ("sexual", 6), ("labour", 2), ("unknown", 2)])
    first = top_share(table, n=1, dimension="exploitation", rules=[])
    other = share(table, base="known", exploitation="sexual", rules=[])
    assert (first.value, first.numerator, first.denominator) == (
        other.value, other.numerator, other.denominator,
    )  # fmt: skip


def test_categories_of_one_person_each_are_shares_of_their_sum():
    table = forms([("total", 12), ("labour", 6), ("sexual", 7), ("other", 3)])
    result = top_share(table, n=1, dimension="exploitation")
    assert (result.value, result.denominator) == (
        Interval.point(Fraction(7, 16)),
        Interval.point(16),
    )
    assert "MULTIPLE_RESPONSE" in result.warnings.codes
    assert not result.sharp


def test_denominator_within_a_category_is_its_known_categories():
    rows = [("female", "sexual", 8), ("female", "labour", 2), ("male", "sexual", 1)]
    table = counts_of(rows, "sex exploitation", kind="victims", area="BE", period=2016)
    result = top_share(table, n=1, dimension="exploitation", sex="female")
    assert float(result) == 0.8
    assert result.base.label == "victims (female) of known form of exploitation"


def test_concentration_has_only_bounds_without_a_country_with_every_category():
    gap = Count.breakdown_not_reported()
    table = forms([("total", 10), ("sexual", 6), ("labour", gap)])
    result = herfindahl(table, dimension="exploitation")
    assert result.value is None
    assert result.bounds == Interval(Fraction(52, 100), 1)


def test_unbounded_count_can_have_the_whole_share():
    rows = [("BE", "total", 5), ("DE", "total", 5), ("FR", "total", Count.not_reported())]
    result = herfindahl(table_of(rows))
    assert result.bounds == Interval(Fraction(1, 3), 1)
    assert effective_number(table_of(rows)).bounds == Interval(1, 3)
    assert top_share(table_of(rows), n=2).bounds == Interval(Fraction(2, 3), 1)


def test_concentration_of_zero_counts_is_undefined():
    table = table_of([("BE", "total", 0), ("DE", "total", 0)])
    assert herfindahl(table).value == Interval(0, 1, undefined=True)
    assert effective_number(table).value == Interval(1, None, undefined=True)
    assert top_share(table, n=1).value == Interval(0, 1, undefined=True)


@pytest.mark.parametrize("n", [0, -1, True, 1.5])
def test_n_must_be_1_or_more(n):
    with pytest.raises(InvalidValue, match="n") as caught:
        top_share(table_of([("BE", "total", 5), ("DE", "total", 5)]), n=n)
    assert "integer of 1 or more" in str(caught.value)


def test_index_has_its_numerator_and_denominator():
    text = herfindahl(
        table_of([("UK", "total", 61), ("FR", "total", 20), ("DE", "total", 19)])
    ).explain()
    assert "from 4,482 and 10,000" in text


def test_published_total_does_not_narrow_suppressed_counts():
    rows = [(AREA, "total", 10), ("BE", "total", 6), ("DE", "total", Count.fewer_than(5)),
            ("FR", "total", Count.not_reported())]  # fmt: skip
    hidden = herfindahl(table_of(rows), area=AREA)
    assert hidden.bounds == Interval(squared([6, 4, 4]), 1)
    assert not hidden.sharp
    rows[2] = ("DE", "total", Count.between(0, 4))
    result = herfindahl(table_of(rows), area=AREA)
    assert result.bounds == Interval(squared([6, 2, 2]), squared([6, 4, 0]))
    assert result.sharp
    table = forms(
        [("total", 10), ("sexual", 6), ("labour", Count.suppressed(upper=9)), ("unknown", 0)]
    )
    assert herfindahl(table, dimension="exploitation").bounds == Interval(Fraction(1, 2), 1)
    assert not herfindahl(table, dimension="exploitation").sharp


# UNODC GLOTIP, file of 14 April 2025: victims of forced labour detected in 2016 in the countries of
# the EU; six have "<5", and two have no count.
GLOTIP = {
    "UK": 334, "NL": 177, "RO": 132, "PL": 124, "PT": 123, "IT": 69, "FR": 64, "BE": 62, "FI": 61,
    "DE": 48, "IE": 38, "BG": 31, "MT": 26, "ES": 25, "SK": 20, "LT": 12, "HU": 10, "CZ": 9,
    "EL": 9, "HR": 6,
}  # fmt: skip


def test_labour_in_glotip_is_less_concentrated_than_in_the_report_of_the_same_years():
    # In COM(2018) 777 the United Kingdom has 61% of it.
    hidden = dict.fromkeys(("CY", "DK", "EE", "LU", "LV", "SI"), Count.fewer_than(5))
    missing = dict.fromkeys(("AT", "SE"), Count.breakdown_not_reported())
    counts = {**GLOTIP, **hidden, **missing}
    table = table_of(
        [(index, "total", count) for index, count in counts.items()], status="detected"
    )
    result = dominance(table, area="EU28")
    assert (result.label, result.formatted) == ("UK", "23.8% to 24.2%")
    assert top_share(table, n=3, area="EU28").formatted == "45.8% to 46.6%"
    assert effective_number(table, area="EU28").formatted == "8.895 to 9.203"
    assert result.bounds == Interval(Fraction(334, 334 * 3 + 1380 - 334 + 24), 1)
    assert result.sharp
    assert "COVERAGE" in result.warnings.codes


@pytest.mark.parametrize("indicator", [dominance, herfindahl])
def test_concentration_ignores_a_total_of_other_countries(indicator):
    rows = [
        ("UK", 2015, 61),
        ("FR", 2015, 20),
        ("DE", 2015, 19),
        ("UK", 2016, 50),
        ("FR", 2016, 20),
    ]
    table = counts_of(rows, "area period", kind="victims")
    first, second = (indicator(table, area="DE+FR+UK", period=year) for year in (2015, 2016))
    result = compare(first, second)
    assert "COVERAGE" in result.warnings.at_least("caution").codes
    assert "like for like" not in str(result.warnings)
    assert result.nearest is None
