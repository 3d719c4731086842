"""Publications whose audits contradicted true figures, or said nothing."""

from random import Random

import numpy as np
import pytest

import thbstats as thb
from tests.auditing import campaign
from tests.claims.made_up import LABOUR, SEXUAL, count, recorded, report, share
from thbstats import audit
from thbstats.auditing.claims_audit import audit_within
from thbstats.bounds import Evidence, minimal_conflicts
from thbstats.bounds._simplex import Budget
from thbstats.bounds.system import ConflictSearch
from thbstats.claims import Claim, Publication
from thbstats.errors import InvalidValue

MEN = {"sex": "male", "exploitation": "labour"}


def _claim(id, kind, printed, period="2021", **fields):
    return Claim(
        id=id,
        section="1",
        paragraph="1",
        kind=kind,
        printed=printed,
        subject="victims",
        status="registered",
        area="EU27_2020",
        period=period,
        wording="as published",
        **fields,
    )


SIX = [
    _claim("men", "share", "37.3%", "2020-2021", category=MEN, of=LABOUR, base="known"),
    _claim("labour", "share", "17%", "2020-2021", category=LABOUR, base="known"),
    _claim("victims", "count", "188"),
    _claim("all", "share", "19%", category=LABOUR, base="all"),
    _claim("rise", "change", "+194%", category=SEXUAL, since="2020"),
    _claim("other", "change", "+89%", category={"exploitation": "other"}, since="2020"),
]
SEVENTH = _claim("fall", "change", "-27%", category=MEN, since="2020")


def systems(claims):
    publication = Publication(id="impossible", title="Impossible", claims=claims)
    return publication, next(Evidence(publication).claim_systems()).system


def test_a_claim_outside_every_contradictory_set_is_not_contradicted(worded):
    """46 is 59.8% of no integer, whatever the 94 are."""
    claims = count("94"), count("46", category=LABOUR), recorded("59.8%", "labour")
    result = audit(report(*claims))
    assert [str(item.verdict) for item in result] == ["not_assessable"] + ["contradicted"] * 2
    assert [[claim.id for claim in claims] for claims in result.conflicts] == [
        ["claim-2", "claim-3"]
    ]
    worded(result["claim-1"].reason)


def test_six_claims_that_cannot_all_be_true_are_one_minimal_set():
    """A search with 100 subproblems does not decide them, and counted them as possible."""
    (conflict,) = minimal_conflicts(systems(SIX)[1])
    assert sorted(item.name for item in conflict) == sorted(claim.id for claim in SIX)
    assert conflict.is_minimal


def test_six_claims_are_the_only_minimal_set_beside_a_seventh():
    publication, _ = systems([*SIX, SEVENTH])
    result = audit(publication)
    (conflict,) = result.conflicts
    assert sorted(claim.id for claim in conflict) == sorted(claim.id for claim in SIX)
    assert not result.left_open  # no smaller set is open
    assert [i.claim for i in result if i.verdict != "contradicted"] == [SEVENTH]


def test_an_undecided_subset_is_listed_as_undecided(monkeypatch):
    """Seven claims are impossible; whether six of them are, the search does not decide."""
    whole = ConflictSearch._status

    def status(search, subset):
        if subset.bit_count() != len(SIX):
            return whole(search, subset)
        search.undecided.add(subset)
        return None

    monkeypatch.setattr(ConflictSearch, "_status", status)
    publication, system = systems([*SIX, SEVENTH])
    sets = minimal_conflicts(system)
    assert [(len(conflict), conflict.is_minimal) for conflict in sets] == [(7, False)]
    result = audit(publication)
    assert any("a smaller set of these claims" in text for text in result.left_open)
    assert {str(item.verdict) for item in result} == {"contradicted"}
    _, undecided = systems(SIX)
    with pytest.raises(InvalidValue, match="must be decided whether the system is feasible"):
        minimal_conflicts(undecided)
    six = audit(systems(SIX)[0])
    assert "it is not decided whether all claims of 1 sets can be true" in six.left_open[0]
    assert {str(item.verdict) for item in six} == {"not_assessable"}


def test_a_search_that_did_not_end_has_open_claims_and_no_verdict():
    publication, _ = systems(SIX)
    result = audit_within(publication, Budget(0))
    assert result.left_open
    assert {str(item.verdict) for item in result} == {"not_assessable"}


def test_a_count_with_bounds_has_a_relation(worded):
    claims = count("10,093"), recorded("40%", "sexual"), count("4,037", category=SEXUAL)
    item = audit(report(*claims, share("40%", category=SEXUAL)))["claim-1"]
    alone = audit(report(count("7,503")))["claim-1"]
    worded(item.reason, alone.reason)


def test_bounds_that_hold_for_any_change_are_not_printed(worded):
    """A change is at least -100%, and the largest is that from one person to all."""
    change = {"kind": "change", "printed": "+20%", "since": "2013-2014"}
    before = count("50", category=SEXUAL, period="2013-2014")
    open_ = audit(report(count("17,247"), change, count("9", category=SEXUAL)))["claim-2"]
    upper = audit(report(count("100"), change, before))["claim-2"]
    assert upper.joint.others == thb.values.Interval(None, 1)
    worded(open_.reason, upper.joint.message)


def test_a_page_and_the_publication_itself_are_different_places(worded):
    page = {"read_at": "https://example.org", "section": "example.org"}
    result = audit(report(count("10"), count("12", **page)))
    assert result["claim-1"].differences == ("source",)
    worded(result["claim-1"].likely_reason)


def test_a_claim_file_of_many_dimensions_is_checked_by_dimension(monkeypatch):
    monkeypatch.setattr("thbstats.bounds.claim_grid._MAX_CELLS", 20)
    sexes = [count(n, category={"sex": s}) for n, s in (("60", "female"), ("50", "male"))]
    forms = [
        count(n, category={"exploitation": f}) for n, f in (("70", "sexual"), ("20", "labour"))
    ]
    age = [count("30", category={"age": "child"})]
    result = audit(report(count("100"), *sexes, *forms, *age))
    verdicts = [str(item.verdict) for item in result]
    assert (
        verdicts == ["contradicted"] * 3 + ["consistent"] * 3
        or verdicts[:3] == ["contradicted"] * 3
    )
    assert result.left_open == ()


def test_topics_can_overlap_and_are_parts_of_their_total():
    topics = [
        share(text, category={"topic": name})
        for text, name in (("60%", "online"), ("55%", "homes"))
    ]
    assert "contradicted" not in {str(i.verdict) for i in audit(report(count("1,000"), *topics))}
    larger = count("30", category={"topic": "online"}), count("20")
    assert {str(item.verdict) for item in audit(report(*larger))} == {"contradicted"}


def test_random_publications_with_planted_errors_are_judged_as_an_integer_program_does():
    random = Random(7)
    total = sum(
        (campaign.judge(campaign.case(random)) for _ in range(20)), start=campaign.Counter()
    )
    assert not {name for name, number in total.items() if name.startswith("FAILURE") and number}
    assert total["impossible"] >= 5
    assert np.isclose(total["contradicted planted"], total["impossible"])
