"""What the report says of itself."""

from collections import Counter

import pytest

import thbstats as thb
from tests.auditing.verdicts import audit_of_report


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


CONSISTENT, NOT_ASSESSABLE, CONFIRMED = "consistent", "not_assessable", "confirmed"
VERDICTS = {
    "ii-sexual-share": CONSISTENT,
    "ii-1-sexual-share": CONSISTENT,
    "iii-2-eurojust-cases": CONSISTENT,
    "iii-2-eurojust-joint-team-share": CONSISTENT,
    "ii-victims": CONSISTENT,
    "ii-prosecutions": CONSISTENT,
    "ii-convictions": CONSISTENT,
    "iii-2-convictions": CONSISTENT,
    "ii-labour-uk-share": CONSISTENT,
    "ii-female-share": NOT_ASSESSABLE,
    "ii-child-share": NOT_ASSESSABLE,
    "ii-eu-citizen-share": NOT_ASSESSABLE,
    "ii-1-male-share-of-labour": NOT_ASSESSABLE,
    "ii-female-share-without-uk": CONSISTENT,
    "ii-sexual-most-widespread": CONFIRMED,
    "ii-1-sexual-most-reported": CONFIRMED,
    "ii-top-eu-citizenships": CONSISTENT,
    "ii-top-eu-citizenships-first-report": CONSISTENT,
    "ii-top-eu-citizenships-2010-2012": CONSISTENT,
    "ii-top-non-eu-citizenships": CONSISTENT,
    # The forms make 100.
    **{
        f"{section}-{form}-share{area}": CONSISTENT
        for section, area in (("ii", ""), ("ii-1", ""), ("ii", "-without-uk"))
        for form in ("sexual", "labour", "other")
    },
}


def test_a_claim_has_its_verdict_and_its_arithmetic(audit, worded):
    assert {name: str(audit[name].verdict) for name in VERDICTS} == VERDICTS
    worded(**{item.claim.id: item.reason for item in audit if not item.is_qualitative})


def test_around_a_quarter_is_doubtful_for_18(audit):
    other = audit["ii-1-other-share"]
    assert (other.verdict, other.wording.verdict) == ("consistent", "doubtful")


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
    odd = [item.claim.id for item in audit if item.remark]
    assert odd == ["iii-1-prosecutions", "iii-1-convictions"]


def test_three_claims_are_such_that_a_reader_should_know(audit):
    assert [item.claim.id for item in audit.issues] == [
        "ii-1-other-share",
        "iii-1-prosecutions",
        "iii-1-convictions",
    ]
