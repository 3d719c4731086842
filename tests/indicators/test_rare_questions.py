"""Rare selections: no numbers, many contradictory countries, other kinds."""

from fractions import Fraction

import pytest
from attrs import evolve

import thbstats as thb
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable, Interval
from thbstats.columns import Fractions
from thbstats.errors import AmbiguousCell, ImpossibleResult, NoSuchCell
from thbstats.formulas.ranks import rank_correlation
from thbstats.panel import Status

COUNTRIES = ("BE", "DE", "FR", "IT", "NL")


def table_of(rows, *columns, **constant):
    return CountTable.from_rows(
        rows, columns=[*columns, "value"], **{"kind": "victims", "status": "registered", **constant}
    )


def contradictory(countries):
    """Return two years of counts, in which the women of some countries exceed the total of 2016."""
    rows = [
        (
            area,
            year,
            sex,
            100 if sex == "total" else 120 if area in countries and year == 2016 else 60,
        )
        for area in COUNTRIES
        for year in (2015, 2016)
        for sex in ("total", "female")
    ]
    return table_of(rows, "area", "period", "sex")


def evidence(number):
    (warning,) = number.warnings.select("CONTRADICTED")
    return dict(warning.evidence)


def change(table, **more):
    return thb.change(table, old=2015, new=2016, countries="all", **more)


def test_a_change_names_three_of_many_contradictory_countries():
    result = evidence(change(contradictory(COUNTRIES[:4])))
    assert "with BE, DE, FR and 1 more as published" in result


def test_change_of_a_single_contradictory_country_has_no_value():
    with pytest.raises(ImpossibleResult, match="female 120"):
        change(contradictory(["DE"]), area="DE")
    row = change(contradictory(["DE"]), by="area")["DE"]
    assert (row.value, row.status) == (None, Status.CONTRADICTORY)
    assert row.bounds == Interval(Fraction(0), Fraction(1, 5))
    assert dict(row.warnings.select("CONTRADICTED")[0].evidence) == {
        "areas": "DE",
        "printed result": "0.0% to +20.0%",
        "with DE as published": "0.0%",
        "with the sum of its parts": "+20.0%",
    }


def test_change_without_sums_of_parts_has_no_version_with_them():
    result = change(contradictory(["DE"]))
    bare = evolve(result.panel, with_sum_of_parts=Fractions.none(1))
    assert "with the sum of its parts" in evidence(result)
    assert "with the sum of its parts" not in evidence(bare.row(0))


def test_agreement_of_rankings_of_ties_is_undefined():
    table = table_of([(area, 5) for area in COUNTRIES[:3]], "area", period=2015)
    first = thb.ranking(table, by="area")
    result = first.agreement(first, method="kendall_tau")
    assert result.bounds == Interval(-1, 1, undefined=True)


def test_correlation_is_undefined_for_a_ranking_of_ties_and_many_orders():
    names = [f"n{i}" for i in range(9)]
    bounds, tau, is_sharp = rank_correlation(
        dict.fromkeys(names, (0, 5)), dict.fromkeys(names, (1, 1))
    )
    assert (bounds, tau, is_sharp) == (
        Interval(0, 0), Interval(-1, 1, undefined=True), False
    )  # fmt: skip


def test_rows_of_an_association_keep_their_residuals():
    rows = [
        (sex, form, count)
        for sex, counts in (("female", (30, 10)), ("male", (10, 30)))
        for form, count in zip(("sexual", "labour"), counts, strict=True)
    ]
    table = table_of(rows, "sex", "exploitation", area="BE", period=2015)
    result = thb.association(table, rows="sex", columns="exploitation")
    assert result[::-1].adjusted == result.adjusted[::-1]


def test_the_concentration_of_no_counts_is_undefined():
    table = table_of([("BE", Count.not_applicable())], "area", period=2015)
    result = thb.concentration(table, measure="herfindahl", by="period")
    assert result[0].value is None


def test_a_decomposition_of_one_period_has_no_effects():
    table = contradictory([])
    result = thb.decompose(table, old=2015, new=2015, base="all", sex="female")
    assert {effect.value for effect in result} == {Interval.point(0)}


def test_a_ratio_of_an_aggregate_without_a_member_is_subtracted():
    rows = [
        ("BE+FR", "prosecuted", 50), ("BE+FR", "convicted", 30),
        ("BE", "prosecuted", 20), ("BE", "convicted", 10),
        ("FR", "prosecuted", 30), ("FR", "convicted", 20),
    ]  # fmt: skip
    table = counts_of(rows, "area stage", kind="justice", period=2015, unit="persons")
    ratio = thb.conviction_to_prosecution(table, area="BE+FR")
    assert thb.leave_out(ratio)["BE"].value == Interval.point(Fraction(2, 3))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: thb.ranking(table_of([("BE", "BE", 1)], "area", "citizenship", period=2015),
                                by="citizenship", group="non_eu"),
            NoSuchCell,
            "No counts to rank by citizenship with group=non_eu",
        ),
        (
            lambda: thb.ranking(
                counts_of([("BE", "registered", 1), ("BE", "presumed", 2)], "area status",
                          kind="victims", period=2015),
                by="area",
            ),
            AmbiguousCell,
            "status",
        ),
    ],
)  # fmt: skip
def test_wrong_arguments_are_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_a_ratio_per_100_of_other_dimensions_is_named_by_its_counts():
    rows = [("total", "prosecuted", 50), ("female", "convicted", 30)]
    table = counts_of(rows, "sex stage", kind="justice", period=2015, unit="persons", area="BE")
    ratio = thb.ratio(
        table, per=100, numerator={"stage": "convicted", "sex": "female"},
        denominator={"stage": "prosecuted"},
    )  # fmt: skip
    assert ratio.label.endswith("per 100 persons prosecuted")
