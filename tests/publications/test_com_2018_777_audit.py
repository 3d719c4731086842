"""What the report says of itself."""

from collections import Counter

import pytest

import thbstats as thb
from tests.auditing.verdicts import agrees, audit_of_report


@pytest.fixture(scope="module")
def audit():
    return audit_of_report()


def test_every_claim_has_a_verdict_and_its_arithmetic(audit):
    report = thb.publications.com_2018_777()
    assert [item.claim for item in audit] == list(report.claims)
    assert all(item.message for item in audit)
    assert Counter(str(item.verdict) for item in audit) == {
        "confirmed": 2,
        "consistent": 23,
        "not_assessable": 122,
    }


SMALLER = (
    "9,759 is 56% of 17,273 to 17,583. It is 47.5% of all 20,532, so 56% refers to a smaller "
    "denominator.…"
)
UNSTATED = "The denominator is not stated. A denominator of up to…"
TOTAL = "9,759 (section II.1) is a part of 20,532."
WIDEST = "sexual 56% against labour 26%, other 18%."
CONSISTENT, NOT_ASSESSABLE, CONFIRMED = "consistent", "not_assessable", "confirmed"
VERDICTS = {
    "ii-sexual-share": (CONSISTENT, SMALLER),
    "ii-1-sexual-share": (CONSISTENT, SMALLER),
    "iii-2-eurojust-cases": (CONSISTENT, "75% of 28 is exactly 21."),
    "iii-2-eurojust-joint-team-share": (CONSISTENT, "75% of 28 is exactly 21."),
    "ii-victims": (CONSISTENT, TOTAL),
    "ii-prosecutions": (CONSISTENT, "The same value is in section III.2."),
    "ii-convictions": (CONSISTENT, "The same value is in section III.2."),
    "iii-2-convictions": (CONSISTENT, "The same value is in section II."),
    "ii-labour-uk-share": (CONSISTENT, "61% of 4,405 to 4,659 is 2,666 to 2,865."),
    "ii-female-share": (NOT_ASSESSABLE, UNSTATED),
    "ii-child-share": (NOT_ASSESSABLE, UNSTATED),
    "ii-eu-citizen-share": (NOT_ASSESSABLE, UNSTATED),
    "ii-1-male-share-of-labour": (NOT_ASSESSABLE, UNSTATED),
    "ii-female-share-without-uk": (
        CONSISTENT,
        "…77% in EU28 without UK against 68% in EU28, as stated.",
    ),
    "ii-sexual-most-widespread": (CONFIRMED, WIDEST),
    "ii-1-sexual-most-reported": (CONFIRMED, WIDEST),
    **{
        f"ii-top-{name}": (CONSISTENT, f"{group};…")
        for name, group in {
            "eu-citizenships": "Each country listed is in EU28",
            "eu-citizenships-first-report": "Each country listed is in EU28",
            "eu-citizenships-2010-2012": "Each country listed is in the EU throughout 2010-2012",
            "non-eu-citizenships": "No country listed is in EU28",
        }.items()
    },
}


@pytest.mark.parametrize("name", VERDICTS)
def test_a_claim_has_its_verdict_and_its_arithmetic(audit, name):
    verdict, message = VERDICTS[name]
    assert audit[name].verdict == verdict
    assert agrees(audit[name].message, message), audit[name].message


def test_the_united_kingdom_has_bounds_by_all_other_figures(audit):
    message = audit["ii-labour-uk-share"].joint.message
    assert message.startswith("The other figures allow at least 46.7%.")


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
def test_the_forms_make_100(audit, names, total):
    for name in names:
        assert f"{total}: the parts add up." in audit[name].message
        assert audit[name].verdict == "consistent"


def test_around_a_quarter_is_doubtful_for_18(audit):
    other = audit["ii-1-other-share"]
    assert (other.verdict, other.wording.verdict) == ("consistent", "doubtful")
    assert other.wording.reason == (
        "Section II.1 describes 18% as “around a quarter”. A fifth (20%) is closer."
    )


def test_other_words_next_to_a_percentage_fit_or_name_no_share(audit):
    verdicts = {
        item.claim.wording: str(item.wording.verdict)
        for item in audit
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


def test_words_without_a_number_are_not_assessable_and_listed(audit):
    wordy = [item for item in audit if item.claim.wording and not item.claim.printed]
    assert len(wordy) > 90
    assert {str(item.wording.verdict) for item in wordy} == {"not_assessable"}
    assert Counter(str(item.verdict) for item in wordy) == {
        "confirmed": 2,
        "consistent": 2,
        "not_assessable": len(wordy) - 4,
    }


def test_stages_run_backwards_for_the_use_of_services(audit):
    odd = {item.claim.id: item.remark for item in audit if item.remark}
    assert odd == {
        "iii-1-prosecutions": (
            "More people prosecuted (135) than suspected (2). Check coverage and counting units."
        ),
        "iii-1-convictions": (
            "More people convicted (18) than suspected (2). Check coverage and counting units."
        ),
    }


def test_three_claims_are_such_that_a_reader_should_know(audit):
    assert [item.claim.id for item in audit.issues] == [
        "ii-1-other-share",
        "iii-1-prosecutions",
        "iii-1-convictions",
    ]
