"""The audit as a whole: every claim has a verdict, in every shape of output."""

import json

import pandas as pd
import pytest
from attrs import evolve

import thbstats as thb
from tests.claims.made_up import SEXUAL, count, direction, ranking, recorded, report, share
from tests.rows import check_rows
from thbstats import audit
from thbstats.auditing import Audit, ClaimVerdict, TableAudit
from thbstats.bounds import Evidence
from thbstats.claims import Publication
from thbstats.display import Group, Row
from thbstats.errors import InvalidValue, UnknownName

CLAIMS = [
    count("20,532"),
    count("9,759", category=SEXUAL),
    share("56%", category=SEXUAL, wording="over half"),
    recorded("18%", "other", wording="around a quarter"),
    direction("up", wording="on the rise"),
    ranking("sexual"),
    {"kind": "statement", "wording": "low numbers"},
    {"kind": "number", "printed": "four", "subject": "institutions"},
]

CONFLICT = ["claim-1, claim-2", ""]


@pytest.fixture(scope="module")
def folded():
    return audit(report(*CLAIMS))


@pytest.fixture(scope="module")
def every():
    """The audit with all statements listed."""
    return audit(report(*CLAIMS), all=True)


def test_every_claim_has_a_verdict_in_the_order_of_the_text(folded):
    assert [item.claim.id for item in folded] == [f"claim-{n}" for n in range(1, len(CLAIMS) + 1)]
    assert len(folded) == sum(folded.counts().values()) == len(CLAIMS)
    assert all(item.message for item in folded)


def test_words_are_judged_apart_and_never_left_out(folded, worded):
    words = {item.claim.id: item.wording and str(item.wording.verdict) for item in folded}
    assert words == {
        "claim-1": None,
        "claim-2": None,
        "claim-3": "fitting",
        "claim-4": "doubtful",
        "claim-5": "not_assessable",
        "claim-6": "not_assessable",
        "claim-7": "not_assessable",
        "claim-8": None,
    }
    assert folded["claim-3"].verdict == "contradicted"
    worded(folded["claim-4"].wording.reason)


def test_statements_and_other_numbers_are_not_assessable(folded, worded):
    assert [folded[f"claim-{n}"].verdict for n in (7, 8)] == ["not_assessable"] * 2
    worded(folded["claim-7"].message, folded["claim-8"].message)


def test_claims_are_found_by_name_and_by_a_condition(folded):
    assert [item.claim.id for item in folded.issues] == [f"claim-{n}" for n in range(1, 5)]
    assert folded["claim-2"].claim.printed == "9,759"
    with pytest.raises(UnknownName, match=r"'claim2'.*Did you mean"):
        folded["claim2"]
    contradicted = folded.where(lambda item: item.verdict is ClaimVerdict.CONTRADICTED)
    assert (len(contradicted), contradicted.title) == (3, folded.title)


def test_plain_data_survive_json(folded):
    data = json.loads(json.dumps(folded.to_dict()))
    assert data == folded.to_dict()
    assert data["claims"][2] == {
        "id": "claim-3",
        "section": "II",
        "paragraph": "paragraph 1",
        "kind": "share",
        "printed": "56%",
        "wording": "over half",
        "qualitative": False,
        "verdict": "contradicted",
        "message": folded["claim-3"].message,
        "remark": "",
        "wording_verdict": "fitting",
        "wording_message": folded["claim-3"].wording.reason,
        "publication": "made-up",
        "against": ["claim-1", "claim-2"],
        "differences": [],
        "likely_reason": "",
        "revision": None,
        "joint": {
            "verdict": "contradicted",
            "message": folded["claim-3"].joint.message,
            "others": None,
            "conflict": ["claim-1", "claim-2"],
            "outer": False,
        },
    }
    assert data["claims"][0]["wording_verdict"] is None


def test_a_frame_has_one_row_per_claim(folded):
    frame = folded.to_frame()
    assert list(frame["id"]) == [item.claim.id for item in folded]
    assert list(frame.columns) == [
        *list(folded["claim-1"].to_dict())[:-1],
        *("joint_verdict", "joint_message", "others_lower", "others_upper"),
        *("conflict", "outer"),
    ]
    assert list(frame["conflict"])[:4] == ["claim-2, claim-3", "claim-1, claim-3", *CONFLICT]


HIDDEN = "3 qualitative statements not listed (option all)."


def test_statements_without_a_number_are_counted_and_not_listed(folded):
    """The direction, the ranking and the statement have no number, and nothing bears on them."""
    assert [item.claim.id for item in folded if item.is_qualitative] == [
        "claim-5",
        "claim-6",
        "claim-7",
    ]
    for formatted in (str(folded), folded.to_markdown()):
        assert "claim-7" not in formatted
        assert "claim-8" in formatted
    assert HIDDEN in folded.display_table().notes
    data = folded.to_dict()
    assert ([element["id"] for element in data["claims"]][-2:], data["not_shown"]) == (
        ["claim-4", "claim-8"],
        3,
    )
    assert list(folded.to_frame()["qualitative"]) == [False] * 4 + [True] * 3 + [False]


def test_all_statements_are_listed_on_request_with_their_wording(every, worded):
    assert HIDDEN not in every.display_table().notes
    assert len(every.to_dict()["claims"]) == len(CLAIMS)
    assert every.to_dict()["not_shown"] == 0
    for formatted in (str(every), every._repr_html_(), every.to_markdown()):
        assert "claim-7" in formatted
        assert "not assessable" in formatted
        assert "Audit of A made-up report" in formatted
    why = [row.cells[-1].text for row in every.display_table().rows if isinstance(row, Row)]
    assert "“over half”" in why[2]
    worded(why[2], why[4])


def test_a_ranking_that_other_figures_confirm_is_listed():
    result = audit(
        report(
            recorded("56%", "sexual"), recorded("26%", "labour"), ranking("sexual", wording="top")
        )
    )
    assert str(result["claim-3"].verdict) in ("confirmed", "consistent")
    assert "claim-3" in str(result)


def test_claims_are_grouped_by_section_and_issues_are_noted(folded):
    sheet = folded.display_table()
    groups = [row.heading for row in sheet.rows if isinstance(row, Group)]
    assert groups == ["Section II"]
    assert "Issues: claim-1, claim-2, claim-3, claim-4." in sheet.notes
    issues = folded.where(lambda item: item.has_issue).display_table()
    assert not any(note.startswith("Issues") for note in issues.notes)
    assert repr(folded) == (
        "<Audit of A made-up report: 0 confirmed, 0 consistent, 3 contradicted, "
        "5 not assessable; 4 issues>"
    )


def test_an_audit_is_the_same_every_time_and_changes_nothing(folded):
    made_up = report(*CLAIMS)
    before = made_up.claims
    assert audit(made_up) == audit(made_up) == folded
    assert made_up.claims == before


def test_a_report_without_claims_has_an_empty_audit():
    empty = audit(Publication(id="empty", title="Nothing"))
    assert len(empty) == 0
    assert "Audit of Nothing" in str(empty)
    assert empty.to_frame().empty


def test_audit_takes_publications_and_tables():
    table = pd.DataFrame({"printed": ["50%"], "numerator": [1], "denominator": [2]})
    assert isinstance(thb.audit(table), TableAudit)
    assert isinstance(thb.audit("docs/_data/eu_percentages.csv"), TableAudit)
    assert isinstance(thb.audit(thb.publications.com_2018_777()), Audit)


def test_options_of_another_source_are_refused():
    def check(source, options, field):
        with pytest.raises((InvalidValue, UnknownName)) as caught:
            thb.audit(source, **options)
        assert caught.value.field == field

    rows = [
        (report(*CLAIMS), {"rounding": "odd"}, "rounding"),
        (report(*CLAIMS), {"rounding": 10}, "rounding"),
        (report(*CLAIMS), {"rounding": {"count": 0}}, "rounding"),
        (report(*CLAIMS), {"rounding": {"claim-99": 10}}, "rounding"),
        (Evidence(report(*CLAIMS)), {"rounding": "up"}, "rounding"),
        (report(*CLAIMS), {"decimals": 1}, "decimals"),
        (pd.DataFrame({"printed": []}), {"all": True}, "all"),
        ("docs/_data/eu_percentages.csv", {"time_limit": 5}, "time_limit"),
        ("claims.toml", {}, "source"),
        (report(*CLAIMS), {"time_limit": "60"}, "time_limit"),
        (report(*CLAIMS), {"lists": 5}, "lists"),
        (report(*CLAIMS), {"lists": {"claim-1": None}}, "lists"),
    ]
    check_rows(check, rows)


def test_the_text_of_an_audit_has_no_control_character():
    title = "a\x1b[31m\u202e"
    assert repr(audit(evolve(report(count("1")), title=title))) == (
        r"<Audit of a\x1b[31m\u202e: 0 confirmed, 0 consistent, 0 contradicted, "
        "1 not assessable; 0 issues>"
    )
