"""Irrelevant claims."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.claims.made_up import count, ranking, report, share
from tests.examples import examples
from thbstats.bounds import Evidence
from thbstats.bounds.claim_system import ClaimSystem
from thbstats.errors import ImpossibleResult

REPORT = thb.publications.com_2018_777()
IDLE = "it is not related to the query"
CHILD, ADULT, FEMALE = {"age": "child"}, {"age": "adult"}, {"sex": "female"}


def irrelevant_claims(publication, **query):
    result = Evidence(publication).infer(**query)
    return [claim.id for claim, why in result.rejected if why == IDLE]


def by_whole(evidence, **query):
    """Return the bounds of the system with all claims."""
    plain = Evidence.claim_system
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Evidence, "claim_system", lambda self, cells: plain(self, cells, whole=True))
        return evidence.infer(**query).bounds


def test_children_are_irrelevant_for_forms_of_exploitation():
    result = thb.infer(REPORT, area="UK", exploitation="labour", assume_base={"age": "all"})

    assert dict(result.rejected)[REPORT.claim("ii-child-share")] == IDLE
    assert not any("age" in dict(cuts) for cuts in result.cells.values())
    assert str(result.bounds) == "2666 to 2865"


def test_dimensions_of_the_query_are_relevant():
    result = thb.infer(REPORT, age="child", assume_base={"age": "all"})

    assert REPORT.claim("ii-child-share") in result.claims
    assert str(result.bounds) == "4620 to 4825"


def test_dimension_of_several_areas_is_relevant():
    result = thb.infer(REPORT, area="UK", assume_base={"sex": "all"})

    assert {claim.id for claim in result.claims} >= {
        "ii-female-share",
        "ii-female-share-without-uk",
    }


TOTAL, LABOUR = count("100"), count("40", category={"exploitation": "labour"})


@pytest.mark.parametrize(
    ("claims", "irrelevant"),
    [
        ([TOTAL, LABOUR, share("23%", category=CHILD)], ["claim-3"]),
        ([TOTAL, LABOUR, count("23", category=CHILD)], ["claim-3"]),
        ([LABOUR, share("23%", category=CHILD), count("9", category=CHILD)], []),
        ([count("100", at_least=True), LABOUR, share("23%", category=CHILD)], []),
        ([TOTAL, LABOUR, share("23%", category=CHILD | FEMALE)], []),
        ([TOTAL, LABOUR, share("23%", category=CHILD), count("9", category=FEMALE)], None),
        ([TOTAL, LABOUR, ranking("child", base_dimension="age"), count("9", category=CHILD)], []),
        (
            [
                *(TOTAL, LABOUR),
                share("23%", category=CHILD, makes="ages"),
                share("77%", category=ADULT, makes="ages"),
            ],
            [],
        ),
        ([TOTAL, LABOUR, share("23%", category=CHILD | {"exploitation": "labour"})], []),
    ],
)
def test_only_claims_that_split_one_published_total_are_irrelevant(claims, irrelevant):
    result = irrelevant_claims(report(*claims), exploitation="labour", area="EU28")
    assert result == (["claim-3", "claim-4"] if irrelevant is None else irrelevant)


def test_claims_that_contradict_each_other_are_not_excluded():
    wrong = report(TOTAL, LABOUR, share("60%", category=CHILD), share("60%", category=ADULT))
    with pytest.raises(ImpossibleResult, match="claim-3"):
        thb.infer(wrong, exploitation="labour")


def test_audit_uses_every_claim():
    readings = Evidence(report(TOTAL, LABOUR, share("23%", category=CHILD))).claim_systems()

    assert [len(reading.selection.included) for reading in readings] == [3]
    assert all(
        isinstance(reading, ClaimSystem) and not reading.selection.rejected for reading in readings
    )


percentages = st.integers(0, 100).map(lambda n: f"{n}%")


@given(
    total=st.integers(1, 40),
    labour=st.integers(0, 40),
    ages=st.lists(st.tuples(st.sampled_from([CHILD, ADULT]), percentages), max_size=2),
    women=percentages,
    both=st.booleans(),
)
@examples(30)
def test_answer_is_that_of_all_claims(total, labour, ages, women, both):
    claims = [
        count(str(total)),
        count(str(labour), category={"exploitation": "labour"}),
        *(share(printed, category=age) for age, printed in ages),
        share(women, category=FEMALE | ({"exploitation": "labour"} if both else {})),
    ]
    evidence = Evidence(report(*claims))
    for query in ({"exploitation": "labour"}, {"exploitation": "labour"} | FEMALE, FEMALE):
        try:
            expected = by_whole(Evidence(report(*claims)), **query)
        except ImpossibleResult:
            with pytest.raises(ImpossibleResult):
                evidence.infer(**query)
        else:
            assert evidence.infer(**query).bounds == expected
