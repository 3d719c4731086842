"""Rates: counts over the person-years of the same countries."""

from datetime import date
from fractions import Fraction
from random import Random

import pytest

from tests.indicators import strategies as made
from tests.indicators.strategies import AREA
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable, Interval, Source
from thbstats.errors import AmbiguousCell, NoSuchCell
from thbstats.indicators import rate
from thbstats.panel import ResultKind
from thbstats.records import Population

EUROSTAT = Source(title="Population on 1 January", publisher="Eurostat")


def people(*rows, **more):
    return [
        Population(area=area, when=when, persons=persons, source=EUROSTAT, **more)
        for area, when, persons in rows
    ]


def victims(*rows, **more):
    constant = {"kind": "victims", "period": 2020, "status": "detected"}
    return counts_of(list(rows), "area", **{**constant, **more})


# Detected victims of Malta in 2020 (National Statistics Office, SDG 16.2.2), and its inhabitants.
MALTA = victims(("MT", 12))
INHABITANTS = people(("MT", "2020-01-01", 514_564), ("MT", "2021-01-01", 516_100))
UNION = people(
    ("EU28", "2015-01-01", Count.between(508_250_000, 508_350_000)),
    ("EU28", "2016-01-01", Count.between(510_050_000, 510_150_000)),
)


def test_the_rate_of_malta_is_exact():
    result = rate(MALTA, INHABITANTS)
    assert result.value == Interval.point(Fraction(12 * 100_000, 514_564))
    assert (result.formatted, result.kind) == ("2.33", ResultKind.PER_100_000)
    assert result.bounds == result.bounds_with_unknown == result.value
    assert result.denominator == Interval.point(514_564)
    assert result.label == "detected victims per 100,000 inhabitants"
    assert result.base.label == "population on 1 January 2020"
    assert result.estimand.endswith("per 100,000 inhabitants and year, same countries and period")
    assert result.all_reported == result.value
    assert result.bounds_attained
    assert "100,000 * 12 / 514,564" in result.footnote()
    assert "Source: Population on 1 January." in result.footnote()
    assert result.to_dict()["sources"] == ["Population on 1 January"]
    assert result.sources == ()
    assert result.warnings.at_least("caution").codes == ("SMALL_DENOMINATOR",)
    assert rate(victims(("MT", 120)), INHABITANTS).warnings.at_least("caution") == ()


def test_per_million_is_ten_times_as_much():
    result = rate(MALTA, INHABITANTS, per=1_000_000)
    assert result.value == rate(MALTA, INHABITANTS).value.scale(10)
    assert (result.formatted, result.kind) == ("23.3", ResultKind.PER_MILLION)
    assert result.label == "detected victims per 1,000,000 inhabitants"


PUBLISHED_AVERAGE = [*INHABITANTS, *people(("MT", 2020, 515_345))]
JULY = people(("MT", "2020-07-01", 515_000))
FISCAL = people(("UK", "2015-04-01", 65_000_000), ("UK", "2016-01-01", 65_300_000))
UK = victims(("UK", 100), period="2015-04-01/2016-03-31")
TWO_YEARS = victims(("MT", 12), period="2019-2020")
AVERAGE = "average population of 2020"


@pytest.mark.parametrize(
    ("table", "inhabitants", "when", "denominator", "label"),
    [
        pytest.param(victims(("EU28", 20_532), period="2015-2016", status="registered"), UNION,
                     "start", Interval(1_018_300_000, 1_018_500_000),
                     "person-years: population on 1 January of each year of 2015-2016",
                     id="person-years"),
        (MALTA, INHABITANTS, "average", Interval.point(Fraction(514_564 + 516_100, 2)), AVERAGE),
        (MALTA, PUBLISHED_AVERAGE, "average", Interval.point(515_345), AVERAGE),
        (MALTA, PUBLISHED_AVERAGE, "start", Interval.point(514_564),
         "population on 1 January 2020"),
        (MALTA, JULY, "2020-07-01", Interval.point(515_000), "population on 1 July 2020"),
        (MALTA, JULY, date(2020, 7, 1), Interval.point(515_000), "population on 1 July 2020"),
        *((TWO_YEARS, JULY, day, Interval.point(1_030_000),
           "person-years: population on 1 July 2020") for day in ("2020-07-01", date(2020, 7, 1))),
        (MALTA, JULY, "middle", Interval.point(515_000), "population on 1 July 2020"),
        (TWO_YEARS, [*JULY, *people(("MT", "2019-07-01", 504_000))], "middle",
         Interval.point(1_019_000), "person-years: population on 1 July of each year of 2019-2020"),
        (UK, people(("UK", "2015-10-01", 65_100_000)), "middle", Interval.point(65_100_000),
         "population on 1 October 2015"),
        (TWO_YEARS, people(("MT", 2019, 504_000), ("MT", 2020, 515_000)), "average",
         Interval.point(1_019_000),
         "person-years: average population of each year of 2019-2020"),
        (UK, FISCAL, "start", Interval.point(65_000_000), "population on 1 April 2015"),
        (UK, FISCAL, "2016-01-01", Interval.point(65_300_000), "population on 1 January 2016"),
    ],
)  # fmt: skip
def test_denominator_is_the_population_of_a_time(table, inhabitants, when, denominator, label):
    result = rate(table, inhabitants, population_date=when)
    assert (result.denominator, result.base.label) == (denominator, label)
    assert "PERIOD" not in result.warnings.codes


def test_rate_of_the_union_is_per_person_year():
    table = victims(("EU28", 20_532), period="2015-2016", status="registered")
    result = rate(table, UNION, per=1_000_000)
    assert result.formatted == "20.1 to 20.2"
    assert result.value.contains(Fraction(20_532 * 10, 10_184))


def test_the_mean_of_two_days_can_be_half_a_person():
    inhabitants = people(("MT", "2020-01-01", 3), ("MT", "2021-01-01", 4), ("CY", 2020, 9))
    result = rate(victims(("MT", 1), ("CY", 1)), inhabitants, population_date="average")
    assert result.denominator == Interval.point(Fraction(25, 2))
    # Columns contain integers: the half is between two integers.
    assert result.parts.complement.lower.tolist() == [9, 3]
    assert result.parts.complement.upper.tolist() == [9, 4]
    assert result.value.within(result.parts.value(result.parts.reported))


def test_population_of_another_time_gives_a_warning():
    result = rate(MALTA, people(("MT", "2011-11-20", 417_432)), population_date="2011-11-20")
    (warning,) = result.warnings.select("PERIOD")
    assert (warning.severity, warning.evidence) == ("caution", (("population", "2011-11-20"),))


def test_a_window_of_years_has_the_person_years_of_all():
    table = CountTable.concat([victims(("MT", 18), period=2019), MALTA])
    inhabitants = people(("MT", "2019-01-01", 493_559), ("MT", "2020-01-01", 514_564))
    result = rate(table, inhabitants, period=[2019, 2020])
    assert result.value == Interval.point(Fraction(30 * 100_000, 493_559 + 514_564))
    with pytest.raises(AmbiguousCell):
        rate(table, inhabitants)


def test_rate_of_women_can_have_women_as_denominator():
    rows = [("MT", "total", 12), ("MT", "female", 7)]
    table = counts_of(rows, "area sex", kind="victims", period=2020, status="detected")
    women = people(("MT", "2020-01-01", 248_000), sex="female")
    result = rate(
        table, [*INHABITANTS, *women], sex="female", population_categories={"sex": "female"}
    )
    assert result.value == Interval.point(Fraction(7 * 100_000, 248_000))
    assert result.base.label == "population (women and girls) on 1 January 2020"
    assert (
        result.label
        == "detected victims (women and girls) per 100,000 inhabitants (women and girls)"
    )
    everyone = rate(table, [*INHABITANTS, *women], sex="female")
    assert everyone.denominator == Interval.point(514_564)
    assert everyone.base != result.base


def test_rate_has_the_flags_of_its_population():
    inhabitants = people(("MT", "2020-01-01", 514_564), flags="p")
    assert rate(MALTA, inhabitants).flags == {"p"}


# Several countries

THREE = people(("BE", "2020-01-01", 11), ("DE", "2020-01-01", 83), ("FR", "2020-01-01", 67))


def test_rate_pools_countries_with_count_and_population():
    table = victims(("BE", 3), ("DE", 5), ("FR", Count.not_reported()))
    result = rate(table, THREE)
    assert result.value == Interval.point(Fraction(8 * 100_000, 94))
    assert result.reporters == {"BE", "DE"}
    # A country without a count has inhabitants too.
    assert result.all_reported == Interval.point(Fraction(8 * 100_000, 161))
    assert result.bounds == Interval(Fraction(8 * 100_000, 161), None)
    assert "COVERAGE" in result.warnings.codes


def test_country_without_a_population_leaves_the_value_and_widens_the_bounds():
    table = victims(("BE", 3), ("DE", 5), ("FR", 2))
    result = rate(table, THREE[:2])
    assert result.value == Interval.point(Fraction(8 * 100_000, 94))
    assert result.reporters == {"BE", "DE"}
    assert result.bounds == Interval(0, Fraction(10 * 100_000, 94))
    assert result.parts.reported.tolist() == [True, True, False]


def test_rate_has_no_value_without_a_country_with_count_and_population():
    table = victims(("BE", 3), ("DE", Count.not_reported()))
    result = rate(table, THREE[1:2])
    assert result.value is None
    assert result.parts is None
    assert result.all_reported == Interval(0, Fraction(3 * 100_000, 83))
    empty = rate(victims(("BE", Count.not_reported()), ("DE", Count.not_reported())), THREE)
    assert empty.all_reported is None


def test_published_total_is_divided_by_the_inhabitants_of_its_reporters():
    rows = [(AREA, 8, ("BE", "DE"))]
    table = counts_of(rows, "area value reporters", kind="victims", period=2020)
    result = rate(table, THREE)
    assert result.value == Interval.point(Fraction(8 * 100_000, 94))
    assert result.reporters == {"BE", "DE"}


def test_published_population_replaces_the_sum_of_its_countries():
    table = victims((AREA, 10))
    printed = people((AREA, "2020-01-01", 160))
    assert rate(table, printed).denominator == Interval.point(160)
    assert rate(table, [*printed, *THREE]).denominator == Interval.point(161)
    assert rate(table, [*printed, *THREE[:2]]).denominator == Interval.point(160)


def test_inhabitants_of_reporters_alone_are_not_those_of_the_area():
    rows = [(AREA, 8, ("BE", "DE"))]
    table = counts_of(rows, "area value reporters", kind="victims", period=2020)
    result = rate(table, people((AREA, "2020-01-01", 160)))
    assert result.value is None
    assert result.bounds == Interval(Fraction(8 * 100_000, 160), None)


def test_population_of_another_area_must_be_named_and_gives_a_warning():
    table = victims(("EU28", 9_000))
    union = people(("EU27_2020", "2020-01-01", 447_319_916))
    with pytest.raises(NoSuchCell):
        rate(table, union)
    result = rate(table, union, population_area="EU27_2020")
    assert result.value == Interval.point(Fraction(9_000 * 100_000, 447_319_916))
    (warning,) = result.warnings.select("AREA_COMPOSITION")
    assert (warning.severity, warning.evidence) == ("caution", (("only counted", "UK"),))
    assert (result.parts, result.all_reported) == (None, None)
    with pytest.raises(NoSuchCell):
        rate(table, union, population_area="EU28")


def test_members_are_pooled_with_the_population_of_another_area():
    table = victims(("BE", 3), ("DE", Count.not_reported()))
    population = people(("FR", "2020-01-01", 67))
    result = rate(table, population, population_area="FR")
    assert result.value == Interval.point(Fraction(3 * 100_000, 67))
    empty = victims(("BE", Count.not_reported()), ("DE", Count.not_reported()))
    assert rate(empty, population, population_area="FR").value is None


def test_count_not_applicable_has_no_inhabitants_in_the_rate():
    table = victims(("BE", 3), ("DE", 5), ("FR", Count.not_applicable()))
    result = rate(table, THREE)
    assert result.bounds == result.value == Interval.point(Fraction(8 * 100_000, 94))


# Laws

SIZES = {"BE": 11, "DE": 83, "FR": 67}


@pytest.mark.parametrize(
    ("area", "numerator", "years"), [("FR", 10, 300), ("IT", 7, 100), (None, 17, 400)]
)
@pytest.mark.parametrize("lacking", [False, True])
def test_year_that_does_not_apply_has_no_inhabitants_in_a_rate_of_several(
    area, numerator, years, lacking
):
    rows = [
        ("FR", 2019, Count.not_applicable()),
        ("FR", 2020, 10),
        ("IT", 2019, 3),
        ("IT", 2020, 4),
    ]
    table = counts_of(rows, "area period", kind="victims")
    inhabitants = people(
        ("FR", "2019-01-01", 200_000), ("FR", "2020-01-01", 300_000),
        ("IT", "2019-01-01", 50_000), ("IT", "2020-01-01", 50_000),
    )[lacking:]  # fmt: skip
    result = rate(table, inhabitants, area=area, period=[2019, 2020])
    assert result.numerator == Interval.point(numerator)
    assert result.denominator == Interval.point(years * 1000)
    assert result.value == result.bounds == Interval.point(Fraction(numerator * 100, years))
    assert result.complete


def test_quarter_that_does_not_apply_keeps_the_inhabitants_of_its_year():
    rows = [(f"2020-Q{i}", Count.not_applicable() if i == 1 else i) for i in range(1, 5)]
    table = counts_of(rows, "period", kind="victims", area="MT")
    result = rate(table, INHABITANTS, period=[period for period, _ in rows])
    assert result.numerator == Interval.point(9)
    assert result.denominator == Interval.point(514_564)


@pytest.mark.parametrize("hidden", [(), ("BE",), ("DE", "FR")])
def test_bounds_contain_the_true_rate(hidden):
    worlds = made.drawn_worlds(60)
    inhabitants = [
        own
        for year in range(1000, 1060)
        for own in people(*((area, f"{year}-01-01", n) for area, n in SIZES.items()))
        if own.area not in hidden
    ]
    result = rate(made.table_of_years(worlds), inhabitants, by="period", area=AREA, rules=[])
    assert len(result) > 40
    judged = 0
    for name, row in zip(result.keys["period"], result, strict=True):
        world = worlds[int(name) - 1000]
        if world.has_hidden_category:
            continue
        true = Fraction(world.true("total") * 100_000, sum(SIZES.values()))
        assert row.bounds.contains(true)
        assert row.bounds_with_unknown.contains(true)
        judged += 1
    assert judged > 20


def test_a_rate_grows_with_the_count_and_falls_with_the_inhabitants():
    """Three years for each case: as drawn, with more victims, and with more inhabitants."""
    random, rows, inhabitants = Random(0), [], []
    for case in range(60):
        first, more, size = random.randint(0, 50), random.randint(0, 50), random.randint(1, 90)
        years = ((first, size), (first + more, size), (first, size + more))
        for year, (n, persons) in enumerate(years, 1000 + 3 * case):
            rows.append(("MT", year, n))
            inhabitants += people(("MT", f"{year}-01-01", persons))
    table = counts_of(rows, "area period", kind="victims")
    values = rate(table, inhabitants, by="period", rules=[]).value.lower.reshape(-1, 3)
    assert (values[:, 0] <= values[:, 1]).all()
    assert (values[:, 2] <= values[:, 0]).all()


def test_rows_of_a_panel_have_the_population_of_their_period():
    rows = [("BE", 2020, 3), ("BE", 2021, 4), ("DE", 2020, 5), ("FR", 2021, Count.not_reported())]
    table = counts_of(rows, "area period", kind="victims", status="detected")
    known = [*THREE, *people(("BE", "2021-01-01", 12), ("FR", "2021-01-01", 68))]
    panel = rate(table, known, by=["area", "period"])
    assert panel["BE", 2021].base.label == "population on 1 January 2021"
    pooled = rate(table, known, by="period")
    assert [row.reporters for row in pooled] == [{"BE", "DE"}, {"BE"}]
    assert pooled["2021"].value == Interval.point(Fraction(4 * 100_000, 12))


def test_a_row_without_a_population_stays_a_row():
    table = counts_of([("BE", 2020, 3), ("BE", 2021, 4)], "area period", kind="victims")
    panel = rate(table, THREE, by="period")
    assert [row.status.code for row in panel] == ["ok", "not_reported"]
    with pytest.raises(NoSuchCell, match="No population on 1 January 2021"):
        rate(table, THREE, period=2021)


def test_suppressed_counts_give_an_interval():
    result = rate(victims(("MT", Count.fewer_than(5))), INHABITANTS)
    assert result.value == Interval(0, Fraction(400_000, 514_564))
