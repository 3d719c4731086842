"""Concentration: values, and bounds over all completions of the counts."""

from fractions import Fraction
from functools import partial
from random import Random

import pytest

from tests.indicators import strategies as made
from tests.indicators.glotip import LABOUR
from tests.indicators.strategies import (
    AREA,
    COUNTRIES,
    completions,
    drawn_worlds,
    table_of_years,
)
from tests.indicators.worked_examples import Example, counts_of, with_examples
from tests.indicators.worked_examples import table_of as counted_of
from thbstats import Count, CountTable, Interval, compare, concentration, share
from thbstats.errors import InvalidValue
from thbstats.panel import Status
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
    derived = 0
    for world, row in zip(drawn, result, strict=True):
        shown = {index: world.formatted[index, "female"] for index in COUNTRIES}
        counts = {
            index: world.truth[index]["female"]
            for index, count in shown.items()
            if count is not None and count.reason is Reason.KNOWN
        }
        # Women that a country does not report can follow from its other counts.
        for index in set(COUNTRIES) - set(counts):
            possible = {way["female"] for way in completions(world.shown, (index,))}
            if len(possible) == 1:
                counts[index] = possible.pop()
                derived += 1
        assert (row.value is None) == (not any(counts.values()))
        if row.value is None:
            continue
        assert row.reporters == set(counts)
        assert counts[row.label] == max(counts.values())
        if sum(counts.values()):
            largest = Fraction(max(counts.values()), sum(counts.values()))
            assert row.value == Interval.point(largest)
        else:
            assert row.value.undefined
    assert derived


def squared(counts):
    return Fraction(sum(count**2 for count in counts), sum(counts) ** 2)


NAMES = ("top_share", "herfindahl", "effective_number", "dominance")
MEASURES = {
    "dominance": (dominance, lambda counts: Fraction(max(counts), sum(counts))),
    "top_share": (lambda table, **own: top_share(table, top=2, **own), lambda counts: Fraction(
        sum(sorted(counts)[-2:]), sum(counts))),
    "herfindahl": (herfindahl, squared),
    "effective_number": (effective_number, lambda counts: 1 / squared(counts)),
}  # fmt: skip


def test_each_measure_is_compared_with_every_completion() -> None:
    with pytest.raises(InvalidValue, match=f"must be one of {', '.join(NAMES)}, got"):
        concentration(TABLE, measure="none")
    assert {*MEASURES} == {*NAMES}


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
        if len(world.listed) < 2 or world.has_hidden_category:
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
                if row.bounds_attained:
                    sharp += 1
                    assert (row.bounds.lower, row.bounds.upper) == (min(values), max(values))
    assert sharp or countries == COUNTRIES


def test_persons_in_no_row_can_be_of_the_other_sex():
    rows = [("FR", 2015, "total", 20), ("FR", 2015, "female", 9), ("FR", 2016, "total", 19)]
    rows += [("FR", 2016, "female", 9), ("FR", 2016, "male", 8)]
    table = CountTable.from_rows(rows, columns=["area", "period", "sex", "value"], kind="victims")
    find = partial(concentration, table, measure="herfindahl", dimension="sex")
    alone = find(period=2015)
    assert (alone.value, alone.bounds) == (None, Interval(Fraction(1, 2), 1))
    assert find(by="period")[0].bounds == alone.bounds
    everyone = CountTable.from_rows(
        [("total", 20), ("female", 20)], columns=["sex", "value"],
        kind="victims", area="FR", period=2020,
    )  # fmt: skip
    assert concentration(everyone, measure="herfindahl", dimension="sex").value == Interval.point(1)


@pytest.mark.parametrize("size", [2, 3])
def test_index_is_between_equal_parts_and_a_single_part(size):
    random = Random(size)
    drawn = [[random.choice((0, random.randint(0, 50))) for _ in range(size)] for _ in range(20)]
    drawn = [counts for counts in drawn if any(counts)]
    rows = [
        (1000 + i, *row)
        for i, counts in enumerate(drawn)
        for row in zip(COUNTRIES, counts, strict=False)
    ]
    table = counts_of(rows, "period area", kind="victims")
    index, number, largest, first, three = (
        indicator(table, by="period", rules=[], **more)
        for indicator, more in ((herfindahl, {}), (effective_number, {}), (dominance, {}),
                                (top_share, {"top": 1}), (top_share, {"top": 3}))
    )  # fmt: skip
    for counts, own, other in zip(drawn, index, number, strict=True):
        assert Fraction(1, size) <= own.value.value <= 1
        assert other.value.value == 1 / Fraction(own.value.value)
        assert (own.value.value == 1) == (sum(map(bool, counts)) == 1)
    assert index.value == index.bounds == index.bounds_with_unknown
    assert largest.value == first.value
    assert {float(row) for row in three} == {1}


MISSING, GAP = Count.not_reported(), Count.breakdown_not_reported()
DOMINANCE, HERFINDAHL, EFFECTIVE = (
    {"measure": name} for name in ("dominance", "herfindahl", "effective_number")
)
FORM = {"dimension": "exploitation"}
LARGEST = {"measure": "top_share", "top": 1}
THREE = [("UK", 61), ("FR", 20), ("DE", 19)]
UNBOUNDED = [("BE", 5), ("DE", 5), ("FR", MISSING)]
ZEROS = [("BE", 0), ("DE", 0)]
# COM(2018) 777: of the victims of known form 56% sexual, 26% labour, 18% other.
REPORT = [("total", 100), ("sexual", 56), ("labour", 26), ("other", 18)]
HIDDEN = [("total", 10), ("sexual", 6), ("labour", Count.suppressed(upper=9)), ("unknown", 0)]
UNKNOWN = [("total", 10), ("sexual", 6), ("labour", 2), ("unknown", 2)]
NOT_DEFINED = {"value": None, "status": Status.UNDEFINED}


def next_to_total(count):
    return [(AREA, 10), ("BE", 6), ("DE", count), ("FR", MISSING)]


ATTAINED = {"bounds_attained": True}
EXAMPLES = [
    Example("largest country", THREE, "area", DOMINANCE,
            {"label": "UK", "formatted": "61.0%", "bounds": Fraction(61, 100), **ATTAINED}),
    # Germany can have as many as the United Kingdom, or almost all victims.
    Example("missing country", [("UK", 61), ("FR", 39), ("DE", MISSING)], "area", DOMINANCE,
            {"value": Fraction(61, 100), "bounds": Interval(Fraction(61, 161), 1), **ATTAINED}),
    Example("published total", [("EU28", 100), ("UK", 61)], "area", {**DOMINANCE, "area": "EU28"},
            {"bounds": Fraction(61, 100)}),
    Example("count that does not apply", [("BE", 6), ("DE", Count.not_applicable()), ("FR", 4)],
            "area", DOMINANCE, {"label": "BE", "bounds": Fraction(6, 10)}),
    Example("equal counts", [("FR", 5), ("BE", 5)], "area", DOMINANCE, {"label": "BE"}),
    Example("forms of the report", REPORT, "exploitation", {**EFFECTIVE, **FORM},
            {"formatted": "2.418"}),
    Example("index of the report", REPORT, "exploitation", {**HERFINDAHL, **FORM},
            {"value": Fraction(4136, 10000)}),
    Example("largest form of the report", REPORT, "exploitation", {**LARGEST, **FORM},
            {"formatted": "56.0%"}),
    Example("unknown form", UNKNOWN, "exploitation", {**HERFINDAHL, **FORM},
            {"value": Fraction(40, 64), "bounds": Fraction(40, 64), "unknown": 2,
             "bounds_with_unknown": Interval(Fraction(52, 100), Fraction(68, 100))}),
    Example("several forms of one person",
            [("total", 12), ("labour", 6), ("sexual", 7), ("other", 3)], "exploitation",
            {**LARGEST, **FORM}, {"value": Fraction(7, 16), "denominator": 16,
                                "bounds_attained": False}),
    Example("no country with every form", [*UNKNOWN[:2], ("labour", GAP)], "exploitation",
            {**HERFINDAHL, **FORM}, {"value": None, "bounds": Interval(Fraction(52, 100), 1)}),
    Example("index of an unbounded count", UNBOUNDED, "area", HERFINDAHL,
            {"bounds": Interval(Fraction(1, 3), 1)}),
    Example("effective number of an unbounded count", UNBOUNDED, "area", EFFECTIVE,
            {"bounds": Interval(1, 3)}),
    Example("two largest of an unbounded count", UNBOUNDED, "area", {**LARGEST, "top": 2},
            {"bounds": Interval(Fraction(2, 3), 1)}),
    Example("index of zeros", ZEROS, "area", HERFINDAHL, NOT_DEFINED),
    Example("effective number of zeros", ZEROS, "area", EFFECTIVE, NOT_DEFINED),
    Example("largest of zeros", ZEROS, "area", LARGEST, NOT_DEFINED),
    Example("suppressed count below a total", next_to_total(Count.fewer_than(5)), "area",
            {**HERFINDAHL, "area": AREA}, {"bounds": Interval(squared([6, 4, 4]), 1),
                                           "bounds_attained": False}),
    Example("interval below a total", next_to_total(Count.between(0, 4)), "area",
            {**HERFINDAHL, "area": AREA},
            {"bounds": Interval(squared([6, 2, 2]), squared([6, 4, 0])), "bounds_attained": True}),
    Example("suppressed form below a total", HIDDEN, "exploitation", {**HERFINDAHL, **FORM},
            {"bounds": Interval(Fraction(1, 2), 1), "bounds_attained": False}),
]  # fmt: skip


@with_examples(EXAMPLES)
def test_concentration_of_a_worked_example(example):
    assert not example.differences(concentration(example.table(), **example.arguments))


def test_largest_form_is_the_share_of_that_form_with_its_warnings():
    table = counted_of(UNKNOWN, "exploitation")
    first = top_share(table, top=1, **FORM)
    other = share(table, base="known", exploitation="sexual", rules=[])
    for name in ("value", "numerator", "denominator"):
        assert getattr(first, name) == getattr(other, name)
    assert "UNKNOWN" in first.warnings.codes
    several = counted_of([("total", 12), ("labour", 6), ("sexual", 7)], "exploitation")
    assert "MULTIPLE_RESPONSE" in top_share(several, top=1, **FORM).warnings.codes


def test_denominator_within_a_category_is_its_known_categories():
    rows = [("female", "sexual", 8), ("female", "labour", 2), ("male", "sexual", 1)]
    result = top_share(counted_of(rows, "sex exploitation"), top=1, **FORM, sex="female")
    assert float(result) == 0.8
    assert result.base.label == "registered victims (women and girls) of known form of exploitation"


def test_index_has_its_numerator_and_denominator():
    assert "from 4,482 and 10,000" in herfindahl(counted_of(THREE, "area")).footnote()


def test_labour_in_glotip_is_less_concentrated_than_in_the_report_of_the_same_years():
    # In COM(2018) 777 the United Kingdom has 61% of it.
    counts = [(area, GAP if own[0] is None else own[0]) for area, own in LABOUR.items()]
    table = counted_of(counts, "area", status="detected")
    result = dominance(table, area="EU28")
    assert (result.label, result.formatted) == ("UK", "23.7% to 24.3%")
    assert top_share(table, top=3, area="EU28").formatted == "45.7% to 46.6%"
    assert effective_number(table, area="EU28").formatted == "8.895 to 9.204"
    assert result.bounds == Interval(Fraction(334, 334 * 3 + 1380 - 334 + 24), 1)
    assert result.bounds_attained
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
