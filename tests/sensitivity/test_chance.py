"""Intervals of chance, over all counts that are possible together."""

import re
from fractions import Fraction
from itertools import product
from math import inf

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from tests.indicators.worked_examples import counts_of
from tests.rules import panels
from thbstats import Count, formulas, publications, rate, share, total
from thbstats.errors import InvalidValue
from thbstats.panel import ResultKind
from thbstats.records import Population
from thbstats.sensitivity import ChanceInterval, binomial_interval, poisson_interval
from thbstats.tables import CountTable
from thbstats.values import Interval


def superpopulation(number, **options):
    is_share = number.kind is ResultKind.SHARE
    return (binomial_interval if is_share else poisson_interval)(number, **options)


def printed(text, **more):
    return panels.one(panels.printed(text, **more))


METHODS = {
    "wilson": formulas.wilson_interval,
    "clopper_pearson": formulas.clopper_pearson_interval,
    "jeffreys": formulas.jeffreys_interval,
}


def malta(**counts):
    rows = list(counts.items())
    return counts_of(rows, "exploitation", kind="victims", area="MT", period=2020)


# Malta 2020: National Statistics Office, SDG indicator 16.2.2.
SEXUAL = share(malta(total=12, sexual=7), exploitation="sexual", base="all")


def test_the_name_of_an_interval_has_all_digits_of_its_level():
    names = [superpopulation(SEXUAL, level=level).name for level in (0.9, 0.975, 0.9999)]
    assert [name.split()[-1] for name in names] == ["90%", "97.5%", "99.99%"]


def test_the_level_can_be_a_fraction_but_not_a_text():
    for number in (SEXUAL, total(malta(total=12))):
        result = superpopulation(number, level=Fraction(19, 20))
        assert result == superpopulation(number)
        assert result.name.endswith("95%")
        with pytest.raises(InvalidValue, match="`level` must be between 0 and 1"):
            superpopulation(number, level="0.95")


@pytest.mark.parametrize(
    ("method", "oracle"),
    [("wilson", "wilson"), ("clopper_pearson", "beta"), ("jeffreys", "jeffreys")],
)
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_interval_of_an_exact_share_equals_statsmodels(method, oracle, level):
    result = superpopulation(SEXUAL, method=method, level=level)
    expected = proportion_confint(7, 12, 1 - level, oracle)
    assert (result.lower, result.upper) == pytest.approx(expected, rel=1e-12)
    assert (result.method, result.level, result.result) == (method, level, SEXUAL)


def test_interval_explains_its_model_and_limits():
    result = superpopulation(SEXUAL)
    assert type(result) is ChanceInterval
    assert result.formatted == "31.9% to 80.7%"
    assert result.name == "Wilson interval at 95%"
    assert result.statement.startswith(
        "Wilson interval at 95% for the probability of sexual exploitation among victims "
        "(7 of 12), assuming that every person is drawn independently with one probability."
    )
    assert "are not a sample" in result.statement
    assert "not an error margin" in result.statement
    assert result.footnote() == f"31.9% to 80.7%. {result.statement}\n{SEXUAL.footnote()}"
    assert result.statement in str(result).replace("\n  ", " ")
    assert result.statement in result.to_markdown()
    assert repr(result) == (
        "<ChanceInterval sexual (7 of 12): 31.9% to 80.7%, Wilson interval at 95%>"
    )
    data = result.to_dict()
    assert (data["lower"], data["upper"]) == (result.lower, result.upper)
    assert (data["method"], data["level"], data["statement"]) == ("wilson", 0.95, result.statement)
    assert data["result"] == SEXUAL.to_dict()
    row = result.to_frame().iloc[0]
    assert (row["interval_lower"], row["interval_upper"]) == (result.lower, result.upper)
    assert (row["method"], row["level"]) == ("wilson", 0.95)
    assert row["label"] == "sexual"


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"level": 0.9}, "Wilson interval at 90%"),
        ({"level": 0.995}, "Wilson interval at 99.5%"),
        ({"level": 0.5}, "Wilson interval at 50%"),
        ({"method": "jeffreys"}, "Jeffreys interval at 95%"),
        ({"method": "clopper_pearson"}, "Clopper-Pearson interval at 95%"),
    ],
)
def test_method_and_level_are_in_the_name(options, name):
    assert superpopulation(SEXUAL, **options).name == name


def test_count_has_a_poisson_interval():
    convicted = total(
        publications.com_2018_777().data.justice, stage="convicted", offence="trafficking"
    )
    result = superpopulation(convicted)
    assert (result.lower, result.upper) == formulas.poisson_interval(2_927)
    assert result.formatted == "2,821 to 3,035"
    assert result.method == "poisson"
    assert "for the mean of" in result.statement
    assert "the count is one realisation of a Poisson process" in result.statement
    assert result.name == "Poisson (exact) interval at 95%"


def test_formatted_interval_is_rounded_outwards():
    result = superpopulation(total(malta(total=10)))
    assert (result.lower, result.upper) == pytest.approx((4.795, 18.390), abs=1e-3)
    assert result.formatted == "4 to 19"


@given(
    st.integers(0, 400),
    st.integers(0, 400),
    st.sampled_from(["share", "count", 100_000, 1_000_000]),
)
def test_formatted_interval_contains_the_interval(sexual, others, kind):
    table = malta(total=sexual + others + 1, sexual=sexual)
    if kind == "share":
        result, unit = superpopulation(share(table, exploitation="sexual", base="all")), 1000
    elif kind == "count":
        result, unit = superpopulation(total(table, exploitation="sexual")), 1
    else:
        number = rate(table, inhabitants(514_564), per=kind)
        result, unit = superpopulation(number), 100 if kind == 100_000 else 10
    text = result.formatted.replace("at most ", "0 to ")
    text = re.sub(r"^at least (.*)$", r"\1 to 100", text)
    lower, upper = (
        Fraction(bound.replace(",", "")) / (100 if kind == "share" else 1)
        for bound in text.replace("%", "").split(" to ")
    )
    assert Fraction(result.lower) - Fraction(1, unit) < lower <= Fraction(result.lower)
    assert Fraction(result.upper) <= upper < Fraction(result.upper) + Fraction(1, unit)


def inhabitants(persons):
    return [Population(area="MT", when="2020-01-01", persons=persons, source="NSO")]


@pytest.mark.parametrize(
    ("per", "formatted"), [(100_000, "1.20 to 4.08"), (1_000_000, "12.0 to 40.8")]
)
def test_rate_has_the_poisson_interval_of_its_count(per, formatted):
    result = superpopulation(rate(malta(total=12), inhabitants(514_564), per=per))
    lower, upper = formulas.poisson_interval(12)
    assert result.lower == pytest.approx(per * lower / 514_564, rel=1e-14)
    assert result.upper == pytest.approx(per * upper / 514_564, rel=1e-14)
    assert result.formatted == formatted


def test_uncertain_rate_has_the_widest_bounds():
    number = rate(malta(total=Count.between(3, 12)), inhabitants(Count.between(500, 600)))
    result = superpopulation(number, level=0.9)
    lower, upper = (formulas.poisson_interval(n, level=0.9)[side] for side, n in enumerate((3, 12)))
    assert result.lower == pytest.approx(100_000 * lower / 600, rel=1e-14)
    assert result.upper == pytest.approx(100_000 * upper / 500, rel=1e-14)


def test_count_without_upper_bound_has_an_interval_without_one():
    number = total(malta(total=Count.suppressed()))
    result = superpopulation(number)
    assert (result.lower, result.upper) == (0, inf)
    assert result.to_dict()["lower"] == 0
    assert result.to_dict()["upper"] is None


def test_rate_of_a_population_that_can_be_0_has_no_upper_bound():
    result = superpopulation(rate(malta(total=3), inhabitants(Count.between(0, 10))))
    assert result.upper == inf
    assert result.lower > 0
    with pytest.raises(InvalidValue, match="rate with a value"):
        superpopulation(rate(malta(total=3), inhabitants(0)))


# over all counts that are possible

counts = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(sorted)


@given(counts, counts, st.sampled_from(sorted(METHODS)), st.sampled_from([0.8, 0.95]))
@example([0, 4], [6, 6], "wilson", 0.95)
@example([0, 0], [0, 0], "jeffreys", 0.95)
@example([0, 0], [0, 3], "wilson", 0.8)
def test_bounds_are_those_of_all_possible_counts(part, others, method, level):
    table = malta(
        sexual=Count.between(*part) if part[0] < part[1] else part[0],
        labour=Count.between(*others) if others[0] < others[1] else others[0],
    )
    number = share(
        table, exploitation="sexual", base="known", complete_dimensions="exploitation", rules=[]
    )
    if not part[1] + others[1]:
        with pytest.raises(InvalidValue, match="share with a value"):
            superpopulation(number, method=method, level=level)
        return
    result = superpopulation(number, method=method, level=level)
    ends = [
        METHODS[method](own, own + other, level=level)
        for own, other in product(range(part[0], part[1] + 1), range(others[0], others[1] + 1))
    ]
    assert result.lower == pytest.approx(min(low for low, _ in ends), abs=1e-12)
    assert result.upper == pytest.approx(max(high for _, high in ends), abs=1e-12)


@given(st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted), st.integers(6, 9))
def test_uncertain_part_of_an_exact_total_has_one_denominator(part, whole):
    counted = Count.between(*part) if part[0] < part[1] else part[0]
    number = share(malta(total=whole, sexual=counted), exploitation="sexual", base="all", rules=[])
    result = superpopulation(number)
    assert result.lower == pytest.approx(formulas.wilson_interval(part[0], whole)[0], abs=1e-12)
    assert result.upper == pytest.approx(formulas.wilson_interval(part[1], whole)[1], abs=1e-12)


@pytest.mark.parametrize("counts", [(Count.suppressed(), 6), (6, Count.suppressed())])
def test_part_without_upper_bound_can_equal_the_total(counts):
    table = malta(**dict(zip(("sexual", "labour"), counts, strict=True)))
    number = share(table, exploitation="sexual", base="known", complete_dimensions="exploitation")
    result = superpopulation(number)
    assert (result.lower, result.upper) == (0, 1)


@given(st.integers(1, 40), st.integers(0, 40), st.sampled_from([0, 1]))
def test_interval_of_a_published_percentage_contains_those_of_its_counts(base, more, places):
    number = printed("56" if places == 0 else "56.3", denominator=Interval(base, base + more))
    result = superpopulation(number)
    ends = [
        formulas.wilson_interval(part, whole)
        for whole in range(base, base + more + 1)
        for part in range(whole + 1)
        if number.value.contains(Fraction(part, whole))
    ]
    assume(ends)
    assert result.lower <= min(low for low, _ in ends) + 1e-12
    assert result.upper >= max(high for _, high in ends) - 1e-12


def test_interval_of_a_published_percentage_depends_on_its_denominator():
    result = superpopulation(
        publications.com_2018_777().breakdown(of="exploitation", base="known")["sexual"]
    )
    low, high = Fraction(555, 1000), Fraction(565, 1000)
    assert low - Fraction(1, 100) < result.lower < low
    assert high < result.upper < high + Fraction(1, 100)
    nothing = superpopulation(printed("56"))
    assert (nothing.lower, nothing.upper) == (0, 1)


def test_narrow_denominator_narrows_the_interval():
    # 2 to 4 of a total that is known to be 30 to 31, and not of 28 to 40.
    value = Interval(Fraction(2, 40), Fraction(4, 28))
    number = panels.one(panels.share(Interval(2, 4), Interval(30, 31), value=value))
    result = superpopulation(number)
    assert result.lower == pytest.approx(formulas.wilson_interval(2, 31)[0])
    assert result.upper == pytest.approx(formulas.wilson_interval(4, 30)[1])


# refusals


@pytest.mark.parametrize(
    "fields",
    [
        panels.ratio(2_927, 5_979),
        panels.ratio(2_927, 20_532, kind="per_100"),
        panels.share(3, 5, value=None),
    ],
    ids=["ratio", "per 100", "without a value"],
)
@pytest.mark.parametrize("function", [binomial_interval, poisson_interval])
def test_only_shares_counts_and_rates_have_an_interval(function, fields):
    number = panels.one(fields)
    with pytest.raises(InvalidValue, match="with a value") as caught:
        function(number)
    assert caught.value.field == "result"
    assert caught.value.value == repr(number)


@pytest.mark.parametrize("method", ["poisson", "wald"])
def test_share_has_three_methods(method):
    with pytest.raises(InvalidValue, match="wilson, clopper_pearson, jeffreys"):
        binomial_interval(SEXUAL, method=method)


def test_level_is_between_0_and_1():
    with pytest.raises(InvalidValue, match="must be between 0 and 1"):
        superpopulation(SEXUAL, level=95)


@pytest.mark.parametrize(
    ("base", "words"),
    [
        (None, "excludes unregistered persons and countries that did not report."),
        ("known", "excludes unregistered persons, persons of unknown category and countries"),
        ("all", "Persons of unknown category are in the denominator alone."),
    ],
)
def test_statement_names_persons_of_unknown_category_only_where_they_are_excluded(base, words):
    rows = [("total", 12), ("sexual", 7), ("unknown", 5)]
    table = CountTable.from_rows(
        rows, columns=["exploitation", "value"], kind="victims", area="MT", period=2020
    )
    number = total(table) if base is None else share(table, exploitation="sexual", base=base)
    statement = superpopulation(number).statement
    assert words in statement
    assert ("persons of unknown category and" in statement) == (base == "known")
    of_category = superpopulation(total(table, exploitation="sexual")).statement
    assert "persons of unknown category and" in of_category
