"""Verdicts of counts, shares, changes, rates and ratios of a publication."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.auditing.verdicts import check_verdicts, first, judged, verdict
from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, recorded, report, share
from tests.rows import check_rows
from thbstats import audit
from thbstats.errors import InvalidFile

BEFORE = {"period": "2013-2014"}
OTHER = {"exploitation": "other"}
EVERYONE, SEXUAL_VICTIMS = count("20,532"), count("9,759", category=SEXUAL)
UNSTATED = [{"area": None}, {"period": "not stated"}]


def change(printed: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "change", "printed": printed, "since": "2013-2014"} | fields


def rate(printed: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "rate", "printed": printed, "per": 100_000} | fields


def ratio(printed: str, **fields: Any) -> dict[str, Any]:
    stages = {"category": {"stage": "convicted"}, "of": {"stage": "prosecuted"}}
    return {"kind": "ratio", "printed": printed, "subject": "justice"} | stages | fields


def stage(name: str, printed: str, **fields: Any) -> dict[str, Any]:
    return count(printed, subject="justice", category={"stage": name}, **fields)


def unstated(printed: str, **fields: Any) -> dict[str, Any]:
    return share(printed, category=FEMALE, base="not_stated", **fields)


CASES = share("75%", of={"body": "eurojust", "kind": "cases"}, subject="cooperation") | {
    "category": {"body": "eurojust", "kind": "cases", "topic": "by_team"}
}


def cases(printed: str) -> dict[str, Any]:
    return count(printed, subject="cooperation", category=CASES["of"])


ENDS = (count("100", **BEFORE), count("129"))
STAGES = (stage("convicted", "2927"), stage("prosecuted", "5979"))
RATES = (rate("0.35"), rate("0.21", **BEFORE))
CONTRADICTED, CONSISTENT, CONFIRMED = "contradicted", "consistent", "confirmed"
NOT_ASSESSABLE = "not_assessable"


VERDICTS = {
    # Counts
    "a count in words": (NOT_ASSESSABLE, count("", wording="numerous")),
    "a count alone": (NOT_ASSESSABLE, count("7,503")),
    "a repeated count": (
        CONSISTENT,
        count("5979"),
        count("5,979", section="III"),
        count("5979", section="III"),
    ),
    "another value": (CONTRADICTED, count("5979"), count("5,997", section="III")),
    "counts of other reporters": (
        NOT_ASSESSABLE,
        count("10", reporters=3),
        count("12", reporters=4),
    ),
    "a part of a total": (CONSISTENT, count("20", category=FEMALE), count("30")),
    "the total of a part": (CONSISTENT, count("30"), count("20", category=FEMALE)),
    "a numerator of a smaller denominator": (
        CONSISTENT,
        SEXUAL_VICTIMS,
        recorded("56%", "sexual"),
        EVERYONE,
    ),
    "a total above a recorded denominator": (
        CONSISTENT,
        EVERYONE,
        recorded("56%", "sexual"),
        SEXUAL_VICTIMS,
    ),
    "a total above a denominator that is not stated": (
        CONSISTENT,
        count("100"),
        unstated("68%"),
        count("60", category=FEMALE),
    ),
    "a total that fits one of two shares": (
        "contradicted",
        EVERYONE,
        share("47.5%", category=SEXUAL),
        share("10%", category=LABOUR),
        SEXUAL_VICTIMS,
        count("9,000", category=LABOUR),
    ),
    "a numerator without a common denominator": (
        CONTRADICTED,
        count("1,000", category=LABOUR),
        recorded("26%", "labour"),
        recorded("56%", "sexual"),
        SEXUAL_VICTIMS,
    ),
    "a total of two shares that disagree": (
        NOT_ASSESSABLE,
        EVERYONE,
        recorded("26%", "labour"),
        recorded("56%", "sexual"),
        count("1,000", category=LABOUR),
        SEXUAL_VICTIMS,
    ),
    "a small total that fits": (CONSISTENT, cases("28"), CASES),
    "a small total that does not": (CONTRADICTED, cases("27"), CASES),
    "a large total": (NOT_ASSESSABLE, cases("2,800"), CASES),
    "a lower bound": (NOT_ASSESSABLE, count("100", at_least=True)),
    "a lower bound that is attained": (NOT_ASSESSABLE, count("100", at_least=True), count("100")),
    "a lower bound above the value": (CONTRADICTED, count("100", at_least=True), count("99")),
    # Shares
    "a share that counts give": (
        CONFIRMED,
        share("48%", category=SEXUAL),
        EVERYONE,
        SEXUAL_VICTIMS,
    ),
    "a share that counts do not give": (
        CONTRADICTED,
        share("56%", category=SEXUAL),
        EVERYONE,
        SEXUAL_VICTIMS,
    ),
    "a share of a smaller denominator": (
        CONSISTENT,
        recorded("56%", "sexual"),
        EVERYONE,
        SEXUAL_VICTIMS,
    ),
    "a share of nearly all": (CONSISTENT, recorded("48%", "sexual"), EVERYONE, SEXUAL_VICTIMS),
    **{
        f"a share of more than everyone, {base}": (
            CONTRADICTED,
            share("40%", category=SEXUAL, base=base),
            EVERYONE,
            SEXUAL_VICTIMS,
        )
        for base in ("known", "not_stated")
    },
    "a share of an unbounded denominator": (
        NOT_ASSESSABLE,
        recorded("56%", "sexual"),
        SEXUAL_VICTIMS,
    ),
    "two shares of one denominator": (
        CONSISTENT,
        recorded("56%", "sexual"),
        SEXUAL_VICTIMS,
        recorded("26%", "labour"),
        count("4,500", category=LABOUR),
    ),
    "a share next to two that disagree": (
        "contradicted",
        recorded("18%", "other"),
        recorded("56%", "sexual"),
        SEXUAL_VICTIMS,
        recorded("26%", "labour"),
        count("1,000", category=LABOUR),
    ),
    "above 100%": (CONTRADICTED, share("120%", category=SEXUAL)),
    "below 0%": (CONTRADICTED, share("-5%", category=SEXUAL)),
    "no integer": (CONTRADICTED, share("74%", category=SEXUAL), count("28")),
    "no integer of a smaller denominator": (CONTRADICTED, recorded("20%", "sexual"), count("4")),
    "a share of 0": (CONTRADICTED, share("10%", category=SEXUAL), count("0")),
    "no denominator": (CONTRADICTED, share("40%", category=SEXUAL), count("1", category=SEXUAL)),
    "a part of 0": (
        "contradicted",
        share("50%", category=SEXUAL),
        count("0"),
        count("3", category=SEXUAL),
    ),
    "a numerator above its share": (
        CONTRADICTED,
        share("50%", category=SEXUAL),
        count("100"),
        count("80", category=SEXUAL | FEMALE),
    ),
    "a numerator below its share": (
        CONTRADICTED,
        share("50%", category=SEXUAL, area="UK"),
        count("100", area="UK"),
        count("30", category=SEXUAL),
    ),
    "a numerator above a share of a smaller denominator": (
        CONTRADICTED,
        recorded("50%", "sexual"),
        count("100"),
        count("80", category=SEXUAL | FEMALE),
    ),
    "an exact integer": (CONSISTENT, share("75%", category=SEXUAL), count("28")),
    "the only integer": (CONSISTENT, share("74%", category=SEXUAL), count("27")),
    "a share of a large denominator": (NOT_ASSESSABLE, share("68%", category=FEMALE), EVERYONE),
    "a denominator that is not stated": (NOT_ASSESSABLE, unstated("68%"), EVERYONE),
    "a denominator of any size": (NOT_ASSESSABLE, unstated("68%")),
    "a denominator without bounds": (NOT_ASSESSABLE, recorded("26%", "labour")),
    "a denominator with an upper bound": (
        NOT_ASSESSABLE,
        recorded("65%", "sexual", area="EU28 without UK"),
        EVERYONE,
        SEXUAL_VICTIMS,
    ),
    "a country within a category": (
        NOT_ASSESSABLE,
        share("61%", category=LABOUR, of=LABOUR | {"area": "EU28"}, area="UK"),
        recorded("56%", "sexual"),
        recorded("26%", "labour"),
        SEXUAL_VICTIMS,
    ),
    "a share of a share": (
        NOT_ASSESSABLE,
        share("95%", category=SEXUAL | FEMALE, of=SEXUAL),
        SEXUAL_VICTIMS,
    ),
    "another percentage": (
        CONTRADICTED,
        recorded("56%", "sexual"),
        recorded("65%", "sexual", section="III"),
    ),
    **{
        f"56% and {printed}": (
            CONSISTENT,
            recorded("56%", "sexual"),
            recorded(printed, "sexual", section="III"),
        )
        for printed in ("56%", "56.0%", "56.5%", "55.5%")
    },
    **{
        f"56% and not {printed}": (
            CONTRADICTED,
            recorded("56%", "sexual"),
            recorded(printed, "sexual", section="III"),
        )
        for printed in ("57%", "56.6%", "55.4%", "55%")
    },
    "two percentages of denominators that are not stated": (
        NOT_ASSESSABLE,
        unstated("68%"),
        unstated("66%", section="III"),
    ),
    # Changes
    "a change": (CONFIRMED, change("+29%"), *ENDS),
    "a change without a sign": (CONFIRMED, change("29"), *ENDS),
    "another change": (CONTRADICTED, change("30%"), *ENDS),
    "a change of the other sign": (CONTRADICTED, change("-29%"), *ENDS),
    "a decrease in words": (
        CONFIRMED,
        change("13%", wording="decreased by", direction="down"),
        ENDS[0],
        count("87"),
    ),
    "a change with one count": (NOT_ASSESSABLE, change("+29%"), ENDS[1]),
    "a change of other countries": (
        NOT_ASSESSABLE,
        change("+55%", category={"topic": "countries_with_both_years"}),
        *ENDS,
    ),
    "a repeated change": (CONSISTENT, change("-25%"), change("-24.9%")),
    "two changes": (CONTRADICTED, change("-26%"), change("-24.9%")),
    "changes since other periods": (
        NOT_ASSESSABLE,
        change("-26%"),
        change("-24.9%", since="2011-2012"),
    ),
    "a change in words": (NOT_ASSESSABLE, change("", wording="a marked increase", direction="up")),
    # Rates and ratios
    "a rate": (NOT_ASSESSABLE, rate("1.6")),
    "a rate with its count": (NOT_ASSESSABLE, rate("1.6"), count("7155")),
    "a repeated rate": (CONSISTENT, rate("1.6"), rate("1.6", section="III")),
    "rates of different reporting countries": (
        NOT_ASSESSABLE,
        rate("2.0"),
        count("10000"),
        rate("1.0", subject="justice", category={"stage": "prosecuted"}, reporters=20),
        stage("prosecuted", "3000", reporters=20),
    ),
    "a rate of a count of 0": (CONTRADICTED, rate("2.0"), count("0")),
    "a rate of 0 of a count of 0": (CONFIRMED, rate("0.0"), count("0")),
    "a ratio with denominator 0": (
        CONTRADICTED,
        ratio("0.5"),
        stage("convicted", "5"),
        stage("prosecuted", "0"),
    ),
    "a ratio": (CONFIRMED, ratio("0.49"), *STAGES),
    "a ratio with one decimal": (CONFIRMED, ratio("0.5"), *STAGES),
    "another ratio": (CONTRADICTED, ratio("0.48"), *STAGES),
    "a ratio above 1": (
        CONFIRMED,
        ratio("1.25"),
        stage("convicted", "50"),
        stage("prosecuted", "40"),
    ),
    "a ratio with one count": (NOT_ASSESSABLE, ratio("1.25"), stage("convicted", "50")),
    **{
        f"a change of rates of {printed}": (
            expected,
            change(printed, per=100_000),
            *RATES,
        )
        for printed, expected in [
            ("+67%", CONSISTENT),
            ("61%", CONSISTENT),
            ("+59%", CONTRADICTED),
            ("74%", CONTRADICTED),
        ]
    },
    "a change of rates that are not published": (NOT_ASSESSABLE, change("50%", per=100_000)),
}


def test_a_number_has_a_verdict_and_its_arithmetic(worded):
    check_verdicts(worded, VERDICTS)


def test_a_contradicted_count_is_an_issue():
    assert first(count("5979"), count("5,997", section="III")).has_issue


@pytest.mark.parametrize("missing", UNSTATED)
def test_figures_without_area_or_period_are_compared_with_their_own_parts_only(missing):
    result = verdict(count("10", **missing), count("12", section="V", **missing))
    assert result[0] == NOT_ASSESSABLE
    assert result[1].startswith(
        "10 here, 12 in section V for the same quantity. The text does not state whether"
    )
    claims = [share("48%", category=SEXUAL), EVERYONE, SEXUAL_VICTIMS]
    assert verdict(*(claim | missing for claim in claims))[0] == CONFIRMED


def test_figures_of_other_quantities_do_not_contradict_each_other():
    for fields in ({"period": "2014"}, {"area": "UK"}, {"unit": "cases"}, {"status": "identified"}):
        assert verdict(count("10"), count("8", **fields))[0] != CONTRADICTED
    # A share of the known is at least that of all.
    assert verdict(recorded("56%", "sexual"), share("47.5%", category=SEXUAL))[0] == CONSISTENT
    others = [
        recorded("47%", "sexual", area="EU28 without UK"),
        recorded("47%", "sexual", period="2014"),
        recorded("47%", "sexual", status="identified"),
        recorded("47%", "sexual", reporters=3),
        share("47%", category=SEXUAL | FEMALE, of=FEMALE, base="known"),
    ]
    for other in others:
        assert verdict(recorded("56%", "sexual"), other)[0] == NOT_ASSESSABLE


@pytest.mark.parametrize(
    ("part", "total"),
    [({"category": FEMALE}, {}), ({"area": "UK"}, {}), ({"reporters": 3}, {"reporters": 28})],
)
def test_a_part_above_its_total_contradicts_it(part, total, worded):
    claims = count("30", section="III", **part), count("20", **total)
    (verdict, message), *_ = results = judged(*claims)
    assert verdict == CONTRADICTED
    assert results == judged(*claims[::-1]) == [(verdict, message)] * 2
    worded(message)


def test_a_share_contradicts_numerator_and_total_that_do_not_give_it(worded):
    claims = [count("5,000", category=SEXUAL), share("47.5%", category=SEXUAL), EVERYONE]
    verdicts, messages = zip(*judged(*claims), strict=True)
    assert verdicts == (CONTRADICTED,) * 3
    worded(*messages)


def test_shares_of_different_denominators_contradict_each_other():
    labour = recorded("26%", "labour"), count("1,000", category=LABOUR)
    result = judged(recorded("56%", "sexual"), SEXUAL_VICTIMS, *labour)
    # 9,759 are more than the 3,774 to 3,921 of whom 1,000 are 26%, whatever their share is.
    assert [item for item, _ in result] == [NOT_ASSESSABLE] + [CONTRADICTED] * 3


def test_an_impossible_share_does_not_bound_counts(worded):
    result = audit(
        report(count("1,000"), count("350", category=SEXUAL), share("-5%", category=SEXUAL))
    )
    assert str(result["claim-3"].verdict) == CONTRADICTED
    worded(result["claim-2"].message)


@pytest.mark.parametrize(("base", "expected"), [("99", CONSISTENT), ("100", NOT_ASSESSABLE)])
def test_every_integer_percentage_of_100_is_possible(base, expected):
    assert judged(count(base), share("37%", category=SEXUAL))[1][0] == expected


def test_words_of_a_share_without_a_number_are_not_assessable():
    result = first(share("", wording="the majority", category=SEXUAL))
    assert (result.verdict, result.wording.verdict) == (NOT_ASSESSABLE, NOT_ASSESSABLE)
    impossible = first(share("120%", wording="over half", category=SEXUAL))
    assert impossible.wording.verdict == NOT_ASSESSABLE


def of_services(name, printed, **fields):
    category = {"stage": name, "offence": "use_of_services"}
    return stage(name, printed, reporters=3, **fields) | {"category": category}


def test_a_later_stage_above_an_earlier_one_of_the_same_period_and_offence_is_a_remark(worded):
    claims = of_services("prosecuted", "135", unit="prosecutions"), of_services("suspected", "2")
    result = first(*claims)
    assert (result.verdict, result.has_issue) == (NOT_ASSESSABLE, True)
    convicted = first(of_services("convicted", "1"), of_services("prosecuted", "0"))
    assert convicted.remark
    worded(result.remark, convicted.remark)
    prosecuted, suspected = of_services("prosecuted", "135"), of_services("suspected", "2")
    others = {
        "equal": [of_services("prosecuted", "2"), suspected],
        "forwards": [of_services("suspected", "135"), of_services("prosecuted", "2")],
        "recorded offences": [
            of_services("suspected", "135"),
            of_services("recorded", "2", unit="offences"),
        ],
        "another year": [prosecuted, of_services("suspected", "2", period="2014")],
        "two values": [prosecuted, suspected, of_services("suspected", "200", section="III")],
        "a hedge": [of_services("prosecuted", "135", wording="up to"), suspected],
        "a number that is not a count": [prosecuted | {"kind": "number"}, suspected],
        "another offence": [stage("prosecuted", "135"), suspected],
    }
    assert {name: first(*claims).remark for name, claims in others.items()} == dict.fromkeys(
        others, ""
    )


# Sums of percentages


def makes(*printed, others=(), **fields):
    parts = zip(printed, ("sexual", "labour", "other"), strict=False)
    claims = [recorded(text, form, makes="forms", **fields) for text, form in parts]
    return verdict(*claims, *others)


WITHOUT_NUMBER = [recorded("", "other", wording="the remainder", makes="forms")]
SUMS = {
    ("56%", "26%", "18%"): CONSISTENT,
    ("33%", "33%", "33%"): CONSISTENT,
    ("34%", "34%", "33%"): CONSISTENT,
    ("56%", "26%", "15%"): CONTRADICTED,
    # Half up never gives the upper bound.
    ("49%", "50%"): CONTRADICTED,
    ("50%", "51%"): CONSISTENT,
}


def test_percentages_of_one_denominator_sum_to_100(worded):
    results = {printed: makes(*printed) for printed in SUMS}
    assert {printed: result[0] for printed, result in results.items()} == SUMS
    worded(**{" + ".join(key): result[1] for key, result in results.items()})


def test_a_sum_has_the_decimals_of_its_parts(worded):
    worded(makes("33.3%", "33.3%", "33%")[1])


def test_a_part_without_a_number_can_be_the_difference_to_100(worded):
    result = makes("56%", "26%", others=WITHOUT_NUMBER)
    assert result[0] == CONSISTENT
    worded(result[1])
    assert makes("56%", "46%", others=WITHOUT_NUMBER)[0] == CONTRADICTED
    assert makes("56%", others=WITHOUT_NUMBER)[0] == NOT_ASSESSABLE


def test_integers_of_the_parts_must_reach_their_denominator(worded):
    thirds = [share("33%", category=form, makes="forms") for form in (SEXUAL, LABOUR, OTHER)]
    assert verdict(*thirds, count("3"))[0] == CONSISTENT
    result = verdict(*thirds, count("100"))
    assert result[0] == CONTRADICTED
    worded(result[1])


def test_parts_of_different_denominators_are_only_added():
    parts = recorded("33%", "sexual"), share("33%", category=LABOUR), share("34%", category=OTHER)
    result = verdict(*(part | {"makes": "forms"} for part in parts), count("100"))
    assert result[0] == CONSISTENT


def test_an_impossible_part_does_not_bound_the_denominator_of_the_others(worded):
    parts = recorded("56%", "sexual", makes="forms"), recorded("44%", "labour", makes="forms")
    counts = count("5", category=LABOUR), SEXUAL_VICTIMS, EVERYONE
    assert verdict(*parts, *counts)[0] == "contradicted"
    other = verdict(*parts[::-1], *counts)
    assert other[0] == "contradicted"
    worded(other[1])


# Directions of shares


def test_a_share_without_a_country_is_compared_with_all(worded):
    def check(printed, way, expected):
        result = verdict(unstated(printed, area="EU28 without UK", direction=way), unstated("68%"))
        assert result[0] == expected
        worded(result[1])

    rows = [
        ("77%", "up", CONSISTENT),
        ("60%", "up", CONTRADICTED),
        ("77%", "down", CONTRADICTED),
        ("68%", "up", CONSISTENT),
    ]
    check_rows(check, rows)


def test_a_country_is_not_compared_with_its_union():
    claims = unstated("20%", area="UK", direction="up"), unstated("68%")
    assert verdict(*claims)[0] == NOT_ASSESSABLE


# Changes, rates and hedges


def test_a_change_from_0_is_not_confirmed():
    assert verdict(change("+29%"), count("0", **BEFORE), ENDS[1])[0] != CONFIRMED


@pytest.mark.parametrize("words", ["nearly", "around", "just over", "more than", "approximately"])
def test_a_hedged_number_is_not_exact(words):
    """98.2% is nearly 100%, and not 100% rounded."""
    counts = count("820", **BEFORE), count("1,625")
    result = [item for item, _ in judged(*counts, change("100%", wording=words))]
    assert result[2] == NOT_ASSESSABLE
    assert CONTRADICTED not in result
    exact = judged(*counts, change("100%", wording="over the years"))
    assert exact[2][0] == CONTRADICTED


def test_a_hedged_count_is_not_in_the_table():
    made = report(count("820", wording="about"), count("400", category=FEMALE))
    (row,) = made.data.victims
    assert (row.sex, row.count.lower) == ("female", 400)


def test_rates_of_one_population_require_it(worded):
    """7,155 and 4,000 victims among the same inhabitants: 1.6 and 0.9 per 100,000."""
    claims = [count("7155"), rate("1.6"), count("4000", category=SEXUAL)]
    result = judged(*claims, rate("0.9", category=SEXUAL))
    assert [item for item, _ in result[1::2]] == [CONSISTENT] * 2
    result = judged(*claims, rate("0.5", category=SEXUAL))
    assert [item for item, _ in result[1::2]] == [CONTRADICTED] * 2
    worded(result[1][1])
    women = count("4000", category=FEMALE), rate("1.8", category=FEMALE)
    result = judged(*claims[:2], *women)
    assert [item for item, _ in result[1::2]] == [NOT_ASSESSABLE] * 2


def test_the_rate_of_a_part_is_at_most_that_of_its_total(worded):
    result = judged(rate("1.6"), rate("1.8", category=SEXUAL))
    assert [item for item, _ in result] == [CONTRADICTED] * 2
    worded(result[0][1])


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (rate("1.7"), CONTRADICTED),
        # 1.6 is 1.55 to 1.65, and 16 per million is another unit.
        (rate("1.58"), CONSISTENT),
        (rate("16", per=10**6), NOT_ASSESSABLE),
    ],
)
def test_two_rates_agree_within_rounding_in_one_unit(other, expected):
    assert [item for item, _ in judged(rate("1.6"), other)] == [expected] * 2


def test_a_change_of_a_rate_is_not_compared_with_counts():
    """The count doubles, and the rate does not."""
    rates = rate("1.0", **BEFORE), rate("1.5"), change("50%", per=100_000)
    result = judged(count("100", **BEFORE), count("200"), *rates)
    assert [item for item, _ in result] == [NOT_ASSESSABLE] * 4 + [CONSISTENT]


@given(
    st.lists(st.integers(1, 10**5), min_size=2, max_size=3),
    st.integers(10**5, 10**8),
    st.integers(1, 3),
)
def test_rates_of_one_true_population_are_never_contradicted(counts, people, decimals):
    claims = []
    for number, form in zip(counts, ["sexual", "labour", "other"], strict=False):
        category = {"exploitation": form}
        digits = int(Fraction(number * 100_000 * 10**decimals, people) + Fraction(1, 2))
        text = f"{digits // 10**decimals}.{digits % 10**decimals:0{decimals}d}"
        claims += [count(str(number), category=category), rate(text, category=category)]
    assert CONTRADICTED not in [item for item, _ in judged(*claims)]


def test_rates_are_not_in_the_joint_audit():
    claims = count("7155"), rate("1.6"), rate("1.2", **BEFORE), change("30%", per=100_000)
    assert [item.joint for item in audit(report(*claims))][1:] == [None] * 3


def test_an_incomplete_number_is_refused():
    def check(claim, problem):
        with pytest.raises(InvalidFile, match=problem):
            report(claim)

    rows = [
        (change("+1%", since=None), "must be set for a change only"),
        (count("1", since="2013-2014"), "must be set for a change only"),
        (change("-1%", direction="up"), "must agree with the sign"),
        (change("+1%", direction="down"), "must agree with the sign"),
        (change("much"), "must be a percentage"),
        (rate("1.6", per=0), "must be set for a rate"),
        (rate("1.6", per=12), "must be a power of ten"),
        (rate("1.6%"), "a number without a sign or %"),
        (rate("-1.6"), "a number without a sign or %"),
        (rate("one"), "must be a percentage"),
        (ratio("0.49", of={}), "must be set for a ratio"),
        (ratio("0.49", per=100), "`per`.*must not be set for"),
        (count("5", per=100), "`per`.*must not be set for"),
    ]
    check_rows(check, rows)
