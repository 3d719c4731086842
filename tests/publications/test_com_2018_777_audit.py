"""What the report says of itself."""

from collections import Counter

import pytest

import thbstats as thb


@pytest.fixture(scope="module")
def found():
    return thb.audit(thb.publications.com_2018_777())


def test_every_claim_has_a_verdict_and_its_arithmetic(found):
    report = thb.publications.com_2018_777()
    assert [item.claim for item in found] == list(report.claims)
    assert all(item.message for item in found)
    assert Counter(str(item.verdict) for item in found) == {
        "confirmed": 2,
        "consistent": 23,
        "not_assessable": 122,
    }


@pytest.mark.parametrize("name", ["ii-sexual-share", "ii-1-sexual-share"])
def test_56_is_of_those_with_a_recorded_form_and_not_of_all(found, name):
    assert found[name].verdict == "consistent"
    assert found[name].message.startswith(
        "9,759 is 56% of 17,273 to 17,583. It is 47.5% of all 20,532, so 56% refers to a "
        "smaller denominator."
    )


@pytest.mark.parametrize(
    ("names", "total"),
    [
        (["ii-sexual-share", "ii-labour-share", "ii-other-share"], "56 + 26 + 18 = 100%"),
        (["ii-1-sexual-share", "ii-1-labour-share", "ii-1-other-share"], "56 + 26 + 18 = 100%"),
        (
            [f"ii-{form}-share-without-uk" for form in ("sexual", "labour", "other")],
            "65 + 15 + 20 = 100%",
        ),
    ],
)
def test_the_forms_make_100(found, names, total):
    for name in names:
        assert f"{total}: the parts add up." in found[name].message
        assert found[name].verdict == "consistent"


def test_around_a_quarter_is_doubtful_for_18(found):
    other = found["ii-1-other-share"]
    assert (other.verdict, other.wording.verdict) == ("consistent", "doubtful")
    assert other.wording.reason == (
        "Section II.1 describes 18% as “around a quarter”. A fifth (20%) is closer."
    )


def test_other_words_next_to_a_percentage_fit_or_name_no_share(found):
    verdicts = {
        item.claim.wording: str(item.wording.verdict)
        for item in found
        if item.claim.percent is not None and item.wording is not None
    }
    assert verdicts == {
        "Over half": "fitting",
        "over half": "fitting",
        "Around one quarter": "fitting",
        "around one quarter": "fitting",
        "made up the remainder": "not_assessable",
        "The majority": "fitting",
        "over two-thirds": "fitting",
        "rise to": "not_assessable",
        "almost one quarter": "fitting",
        "predominantly women and girls": "fitting",
        "primarily affects males": "fitting",
        "around a quarter": "doubtful",
    }


def test_words_without_a_number_are_not_assessable_and_listed(found):
    wordy = [item for item in found if item.claim.wording and not item.claim.printed]
    assert len(wordy) > 90
    assert {str(item.wording.verdict) for item in wordy} == {"not_assessable"}
    assert Counter(str(item.verdict) for item in wordy) == {
        "confirmed": 2,
        "consistent": 2,
        "not_assessable": len(wordy) - 4,
    }


def test_75_of_28_is_exactly_21(found):
    for name in ("iii-2-eurojust-cases", "iii-2-eurojust-joint-team-share"):
        assert found[name].verdict == "consistent"
        assert found[name].message == "75% of 28 is exactly 21."


def test_stages_run_backwards_for_the_use_of_services(found):
    odd = {item.claim.id: item.remark for item in found if item.remark}
    assert odd == {
        "iii-1-prosecutions": (
            "More people prosecuted (135) than suspected (2). Check coverage and counting units."
        ),
        "iii-1-convictions": (
            "More people convicted (18) than suspected (2). Check coverage and counting units."
        ),
    }


def test_everyone_is_more_than_those_with_a_recorded_form(found):
    assert found["ii-victims"].message == (
        "Total: 20,532. With a known form of exploitation: 17,273 to 17,583, which is "
        "not more than the total."
    )


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("ii-prosecutions", "The same value is in section III.2."),
        ("ii-convictions", "The same value is in section III.2."),
        ("iii-2-convictions", "The same value is in section II."),
    ],
)
def test_repeated_count_is_consistent(found, name, again):
    assert (found[name].verdict, found[name].message) == ("consistent", again)


def test_the_united_kingdom_has_61_of_what_labour_can_be(found):
    assert found["ii-labour-uk-share"].message == "61% of 4,405 to 4,659 is 2,666 to 2,865."
    assert found["ii-labour-uk-share"].joint.message.startswith(
        "The other figures allow 46.8% to 100.0%."
    )
    assert found["ii-labour-uk-share"].verdict == "consistent"


@pytest.mark.parametrize(
    "name",
    ["ii-female-share", "ii-child-share", "ii-eu-citizen-share", "ii-1-male-share-of-labour"],
)
def test_share_without_a_stated_base_is_not_assessable(found, name):
    assert found[name].verdict == "not_assessable"
    assert found[name].message.startswith("The denominator is not stated. A denominator of up to")


def test_share_of_females_rises_as_published(found):
    rises = found["ii-female-share-without-uk"]
    assert rises.verdict == "consistent"
    assert rises.message.endswith("77% in EU28 without UK against 68% in EU28, as stated.")


def test_sexual_is_the_most_widespread_form(found):
    for name in ("ii-sexual-most-widespread", "ii-1-sexual-most-reported"):
        assert found[name].verdict == "confirmed"
        assert found[name].message == "sexual 56% against labour 26%, other 18%."


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("ii-top-eu-citizenships", "is in EU28"),
        ("ii-top-eu-citizenships-first-report", "is in EU28"),
        ("ii-top-eu-citizenships-2010-2012", "is in the EU throughout 2010-2012"),
        ("ii-top-non-eu-citizenships", "is not in EU28"),
    ],
)
def test_the_top_five_belong_to_their_group(found, name, group):
    assert found[name].verdict == "consistent"
    assert found[name].message.startswith(f"Each country listed {group};")


def test_three_claims_are_such_that_a_reader_should_know(found):
    assert [item.claim.id for item in found.issues] == [
        "ii-1-other-share",
        "iii-1-prosecutions",
        "iii-1-convictions",
    ]
