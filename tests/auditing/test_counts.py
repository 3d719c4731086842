"""Verdicts of counts."""

import pytest

from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, recorded, report, share
from thbstats import audit


def first(*claims):
    return audit(report(*claims), joint=False)["claim-1"]


def test_a_count_in_words_cannot_be_told():
    found = first(count("", wording="numerous"))

    assert found.verdict == "not_assessable"
    assert found.message == "Qualitative statement (no figure)."


def test_a_count_that_stands_alone_cannot_be_told():
    found = first(count("7,503"))

    assert found.verdict == "not_assessable"
    assert found.message == "7,503 is published once, and no other figure relates to it."


def test_a_count_that_is_printed_again_is_consistent():
    found = first(count("5979"), count("5,979", section="III"), count("5979", section="III"))

    assert found.verdict == "consistent"
    assert found.message == "The same value is in section III."


def test_a_count_that_is_printed_with_another_value_is_contradicted():
    found = first(count("5979"), count("5,997", section="III"))

    assert found.verdict == "contradicted"
    assert found.message == "5,979 here, 5,997 in section III for the same count."
    assert found.has_issue


@pytest.mark.parametrize("unsaid", [{"area": None}, {"period": "not stated"}])
def test_two_values_are_no_contradiction_where_the_text_does_not_say_of_what(unsaid):
    found = first(count("10", **unsaid), count("12", section="V", **unsaid))

    assert found.verdict == "not_assessable"
    assert found.message.startswith("10 here, 12 in section V: the text does not state whether")


@pytest.mark.parametrize(
    "other", [{"period": "2014"}, {"area": "UK"}, {"unit": "cases"}, {"status": "identified"}]
)
def test_another_value_of_something_else_is_no_contradiction(other):
    assert first(count("10"), count("8", **other)).verdict != "contradicted"


def test_counts_from_other_reporters_are_not_the_same():
    assert first(count("10", reporters=3), count("12", reporters=4)).verdict == "not_assessable"


@pytest.mark.parametrize(
    ("part", "whole"),
    [({"category": FEMALE}, {}), ({"area": "UK"}, {}), ({"reporters": 3}, {"reporters": 28})],
)
def test_a_part_that_is_larger_than_its_whole_is_contradicted_with_it(part, whole):
    claims = count("30", section="III", **part), count("20", **whole)
    message = "30 (section III) is a part of 20 (section II), but it is larger."

    for order in (claims, claims[::-1]):
        assert (first(*order).verdict, first(*order).message) == ("contradicted", message)


def test_a_part_and_its_whole_are_consistent_with_each_other():
    assert first(count("20", category=FEMALE), count("30")).message == (
        "20 is a part of 30 (section II)."
    )
    assert first(count("30"), count("20", category=FEMALE)).message == (
        "20 (section II) is a part of 30."
    )
    assert first(count("30"), count("20", category=FEMALE)).verdict == "consistent"


def test_a_numerator_is_consistent_with_a_share_whose_base_it_allows():
    found = first(count("9,759", category=SEXUAL), recorded("56%", "sexual"), count("20,532"))

    assert found.verdict == "consistent"
    assert found.message == (
        "9,759 is 56% of 17,273 to 17,583. It is 47.5% of all 20,532, so 56% refers to a "
        "smaller denominator."
    )


def test_everyone_is_consistent_with_a_recorded_base_that_is_not_more():
    found = first(count("20,532"), recorded("56%", "sexual"), count("9,759", category=SEXUAL))

    assert found.verdict == "consistent"
    assert found.message == (
        "Total: 20,532. With a known form of exploitation: 17,273 to 17,583, which is "
        "not more than the total."
    )


def test_everyone_is_consistent_with_a_base_that_is_not_stated_and_not_more():
    female = share("68%", category=FEMALE, base="not_stated")
    found = first(count("100"), female, count("60", category=FEMALE))

    assert found.message == "Total: 100. Denominator of 68%: 88, which is not more than the total."


def test_numerator_and_whole_are_contradicted_by_a_share_that_neither_gives():
    claims = [count("5,000", category=SEXUAL), share("47.5%", category=SEXUAL), count("20,532")]
    message = "5,000 of 20,532 is 24.35%, not 47.5%."

    assert [item.verdict for item in audit(report(*claims), joint=False)] == ["contradicted"] * 3
    assert {item.message for item in audit(report(*claims), joint=False)} == {message}


def test_a_whole_that_fits_one_of_its_shares_is_not_contradicted_by_another():
    found = first(
        count("20,532"),
        share("47.5%", category=SEXUAL),
        share("10%", category=LABOUR),
        count("9,759", category=SEXUAL),
        count("9,000", category=LABOUR),
    )

    assert found.verdict == "consistent"
    assert found.message == "9,759 of 20,532 is 47.53%."


def test_a_numerator_is_contradicted_where_no_base_fits_it_and_its_neighbour():
    found = first(
        count("1,000", category=LABOUR),
        recorded("26%", "labour"),
        recorded("56%", "sexual"),
        count("9,759", category=SEXUAL),
    )

    assert found.verdict == "contradicted"
    assert found.message == (
        "1,000 is 26% of 3,774 to 3,921, but 9,759 is 56% of 17,273 to 17,583: no "
        "denominator fits both."
    )


def test_a_whole_is_not_blamed_where_two_of_its_shares_disagree():
    found = first(
        count("20,532"),
        recorded("26%", "labour"),
        recorded("56%", "sexual"),
        count("1,000", category=LABOUR),
        count("9,759", category=SEXUAL),
    )

    assert found.verdict == "consistent"


def test_a_small_whole_is_tested_by_a_share_alone_and_a_large_one_is_not():
    stage = {"subject": "cooperation", "category": {"body": "eurojust", "kind": "cases"}}
    part = share(
        "75%",
        subject="cooperation",
        category=stage["category"] | {"topic": "by_team"},
        of=stage["category"],
    )

    assert first(count("28", **stage), part).message == "75% of 28 is exactly 21."
    assert first(count("28", **stage), part).verdict == "consistent"
    assert first(count("27", **stage), part).message == "No integer is 75% of 27."
    assert first(count("27", **stage), part).verdict == "contradicted"
    assert first(count("2,800", **stage), part).verdict == "not_assessable"


STAGES = {"subject": "justice", "reporters": 3}


def stage(name, printed, **fields):
    return count(
        printed, category={"stage": name, "offence": "use_of_services"}, **STAGES, **fields
    )


def test_stages_that_run_backwards_are_odd_and_no_contradiction():
    found = first(stage("prosecuted", "135", unit="prosecutions"), stage("suspected", "2"))

    assert found.verdict == "not_assessable"
    assert found.remark == (
        "More people prosecuted (135) than suspected (2). Check coverage and counting units."
    )
    assert found.has_issue


def test_stages_that_run_backwards_from_nothing_have_no_ratio():
    found = first(stage("convicted", "1"), stage("prosecuted", "0"))

    assert (
        found.remark
        == "More people convicted (1) than prosecuted (0). Check coverage and counting "
        "units."
    )


@pytest.mark.parametrize(
    "claims",
    [
        [stage("prosecuted", "2"), stage("suspected", "2")],
        [stage("suspected", "135"), stage("prosecuted", "2")],
        [stage("prosecuted", "135"), stage("suspected", "2", period="2014")],
        [
            stage("prosecuted", "135"),
            stage("suspected", "2"),
            stage("suspected", "200", section="III"),
        ],
        [
            count("135", category={"stage": "prosecuted"}, subject="justice"),
            stage("suspected", "2"),
        ],
    ],
    ids=["equal", "forwards", "another year", "printed with two values", "another offence"],
)
def test_stages_run_backwards_only_within_one_period_and_offence(claims):
    assert first(*claims).remark == ""


def test_the_least_that_a_count_can_be_is_contradicted_by_less_alone():
    least = count("100", at_least=True)
    assert first(least).verdict == "not_assessable"
    assert first(least, count("100")).verdict == "not_assessable"
    found = first(least, count("99"))
    assert found.verdict == "contradicted"
    assert found.message == "At least 100 here, 99 in section II for the same count."


def test_a_share_that_no_part_of_a_whole_has_says_nothing_of_counts():
    found = audit(
        report(count("1,000"), count("350", category=SEXUAL), share("-5%", category=SEXUAL))
    )

    assert str(found["claim-3"].verdict) == "contradicted"
    assert found["claim-2"].message == "350 is a part of 1,000 (section II)."
