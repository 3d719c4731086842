"""Printed rates and ratios of a publication, and changes between rounded rates."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims.made_up import count, report
from thbstats import audit
from thbstats.errors import InvalidClaims


def rate(printed, **fields):
    return {"kind": "rate", "printed": printed, "per": 100_000} | fields


def ratio(printed, **fields):
    whole = {"stage": "prosecuted"}
    given = {"subject": "justice", "category": {"stage": "convicted"}, "of": whole}
    return {"kind": "ratio", "printed": printed} | given | fields


def stage(printed, name):
    return count(printed, subject="justice", category={"stage": name})


def change(printed, **fields):
    given = {"kind": "change", "printed": printed, "since": "2013-2014", "per": 100_000}
    return given | fields


def judged(*claims):
    return [(str(item.verdict), item.message) for item in audit(report(*claims), joint=False)]


def test_a_rate_without_its_count_or_another_rate_is_not_judged():
    assert judged(rate("1.6"))[0] == (
        "not_assessable",
        "1.6 per 100,000; the count is not published.",
    )
    assert judged(count("7155"), rate("1.6"))[1] == (
        "not_assessable",
        "1.6 per 100,000 of 7,155 requires a population of 433,636,364 to 461,612,903.",
    )


def test_two_rates_of_one_population_agree_on_it():
    """7,155 and 4,000 victims among the same inhabitants: 1.6 and 0.9 per 100,000."""
    sexual = {"exploitation": "sexual"}
    claims = [count("7155"), rate("1.6"), count("4000", category=sexual)]
    found = judged(*claims, rate("0.9", category=sexual))
    assert [verdict for verdict, _ in found[1::2]] == ["consistent"] * 2
    found = judged(*claims, rate("0.5", category=sexual))
    assert found[1] == (
        "contradicted",
        "1.6 per 100,000 of 7,155 requires a population of 433,636,364 to 461,612,903, "
        "0.5 per 100,000 of 4,000 requires a population of 727,272,728 to 888,888,888: "
        "no population fits both.",
    )
    assert found[3][0] == "contradicted"


def test_rates_of_women_and_of_all_have_other_populations():
    found = judged(
        count("7155"),
        rate("1.6"),
        count("4000", category={"sex": "female"}),
        rate("1.8", category={"sex": "female"}),
    )
    assert [verdict for verdict, _ in found[1::2]] == ["not_assessable"] * 2


def test_the_rate_of_a_part_is_at_most_that_of_its_whole():
    found = judged(rate("1.6"), rate("1.8", category={"exploitation": "sexual"}))
    assert [verdict for verdict, _ in found] == ["contradicted"] * 2
    assert found[0][1] == (
        "1.8 per 100,000 (section II) is a part of 1.6 per 100,000 (section II), but it is larger."
    )


def test_one_rate_printed_twice_agrees_with_itself():
    assert judged(rate("1.6"), rate("1.6", section="III"))[0] == (
        "consistent",
        "1.6 per 100,000; the count is not published. The same value is in section III.",
    )
    assert [verdict for verdict, _ in judged(rate("1.6"), rate("1.7"))] == ["contradicted"] * 2
    # 1.6 is 1.55 to 1.65, and 16 per million is another unit.
    assert [v for v, _ in judged(rate("1.6"), rate("1.58"))] == ["consistent"] * 2
    assert [v for v, _ in judged(rate("1.6"), rate("16", per=10**6))] == ["not_assessable"] * 2


@pytest.mark.parametrize(
    ("printed", "verdict", "message"),
    [
        ("0.49", "confirmed", "2,927 / 5,979 is 0.4895."),
        ("0.5", "confirmed", "2,927 / 5,979 is 0.490."),
        ("0.48", "contradicted", "2,927 / 5,979 is 0.4895, not 0.48."),
    ],
)
def test_a_ratio_is_judged_by_its_two_counts(printed, verdict, message):
    found = judged(stage("2927", "convicted"), stage("5979", "prosecuted"), ratio(printed))
    assert found[2] == (verdict, message)


def test_a_ratio_can_be_above_1_and_needs_both_counts():
    found = judged(stage("50", "convicted"), stage("40", "prosecuted"), ratio("1.25"))
    assert found[2][0] == "confirmed"
    assert judged(stage("50", "convicted"), ratio("1.25"))[1] == (
        "not_assessable",
        "1.25; its two counts are not published.",
    )


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("+67%", "consistent"),
        ("61%", "consistent"),
        ("+59%", "contradicted"),
        ("74%", "contradicted"),
    ],
)
def test_a_change_between_two_rounded_rates_rounds_both(printed, verdict):
    """From 0.21 to 0.35 is +60.5 to +73.2%, since each is rounded."""
    found = judged(rate("0.21", period="2013-2014"), rate("0.35"), change(printed))
    assert found[2][0] == verdict
    assert found[2][1].startswith(
        "From 0.21 to 0.35 per 100,000, each rounded, is +60.5% to +73.2%"
    )


def test_a_change_of_a_rate_is_not_one_of_the_counts():
    """The count doubles, and the rate does not."""
    found = judged(
        count("100", period="2013-2014"),
        count("200"),
        rate("1.0", period="2013-2014"),
        rate("1.5"),
        change("50%"),
    )
    assert [verdict for verdict, _ in found] == [
        "not_assessable",
        "not_assessable",
        "not_assessable",
        "not_assessable",
        "consistent",
    ]
    assert judged(change("50%"))[0][0] == "not_assessable"


@given(
    st.lists(st.integers(1, 10**5), min_size=2, max_size=3),
    st.integers(10**5, 10**8),
    st.integers(1, 3),
)
def test_rates_printed_from_one_true_population_are_never_contradicted(counts, people, decimals):
    forms = ["sexual", "labour", "other"]
    claims = []
    for number, form in zip(counts, forms, strict=False):
        category = {"exploitation": form}
        digits = int(Fraction(number * 100_000 * 10**decimals, people) + Fraction(1, 2))
        text = f"{digits // 10**decimals}.{digits % 10**decimals:0{decimals}d}"
        claims += [count(str(number), category=category), rate(text, category=category)]
    assert "contradicted" not in [verdict for verdict, _ in judged(*claims)]


def test_rates_stay_out_of_the_joint_audit():
    found = audit(
        report(count("7155"), rate("1.6"), rate("1.2", period="2013-2014"), change("30%"))
    )
    assert [item.joint for item in found][1:] == [None] * 3


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        (rate("1.6", per=0), "must be set for a rate"),
        (rate("1.6", per=12), "must be a power of ten"),
        (rate("1.6%"), "a number without a sign or %"),
        (rate("-1.6"), "a number without a sign or %"),
        (rate("one"), "must be a percentage"),
        (ratio("0.49", of={}), "must be set for a ratio"),
        (ratio("0.49", per=100), "field 'per'.*must not be set for"),
        (count("5", per=100), "field 'per'.*must not be set for"),
    ],
)
def test_rates_that_do_not_say_what_they_divide_are_refused(claim, problem):
    with pytest.raises(InvalidClaims, match=problem):
        report(claim)
