import pytest

from tests.comparability.numbers import SOURCE, context, count, judged, justice, ratio, share
from thbstats.comparability.rules.age import RULES, age_rules
from thbstats.records import CountingRules, Source
from thbstats.results import Result, Series

NRM = Source(title="National Referral Mechanism statistics")


def victims(concept: str) -> Series:
    return Series("victims", [("age_concept", concept), ("status", "registered")])


def children(concept: str = "not_stated", area: str = "BE", **more) -> Result:
    where = context(area, **{"counted": victims(concept), "sources": (SOURCE,), **more})
    return share(23, 100, dimension=("age",), category=(("age", "child"),), where=where)


def test_a_stated_moment_holds() -> None:
    assert judged(RULES, children("at_registration")) is None
    assert judged(RULES, children("at_entry"), children("at_entry", "FR")) is None


def test_numbers_without_ages_are_not_asked() -> None:
    assert judged(RULES, share(68, 100)) is None
    assert judged(RULES, share(68, 100), children()) is None
    offenders = context(counted=justice("convicted"))
    young = count(9, offenders, category=(("age", "child"),))
    assert judged(RULES, young) is None


def test_a_moment_that_is_not_stated_cannot_be_told() -> None:
    found = judged(RULES, children())
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("AGE", "cannot_tell", "note")
    assert found.message == "the moment at which an age was taken"
    found = judged(RULES, children(), children("at_entry", "FR"))
    assert found is not None
    assert found.answer == "cannot_tell"


def test_one_source_place_and_series_is_presumed_to_take_ages_alike() -> None:
    assert judged(RULES, children(), children(period="2016")) is None
    assert judged(RULES, children(), children(area="FR")) is not None


def test_two_moments_in_one_number_ask_for_caution() -> None:
    number = ratio(
        3,
        4,
        counted=victims("at_entry"),
        against=victims("at_registration"),
        category=(("age", "child"),),
    )
    found = judged(RULES, number)
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "caution")
    assert found.evidence == (("ages taken", "at entry, at registration"),)


def test_two_moments_ask_for_caution() -> None:
    found = judged(RULES, children("at_entry"), children("at_registration"))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
    assert found.message == (
        "children are told from adults differently: at entry and at registration"
    )
    assert "one moment" in found.mend


def test_a_documented_moment_stands_in_for_one_that_the_source_does_not_state() -> None:
    referred = children(area="UK", sources=(NRM,))
    assert judged(RULES, referred) is None
    found = judged(RULES, referred, children("at_registration", "FR"))
    assert found is not None
    assert dict(found.evidence)["first"] == "at exploitation"


@pytest.mark.parametrize(("limit", "differs"), [(16, True), (18, False)])
def test_documented_limits_of_age_are_compared(limit: int, differs: bool) -> None:
    known = [
        CountingRules(about="victims", reporter=area, child_below=age, source="Ministry")
        for area, age in (("BE", 18), ("FR", limit))
    ]
    _, pair = age_rules(known)
    found = judged((pair,), children("at_entry"), children("at_entry", "FR"))
    assert (found is not None) is differs
    if found is not None:
        assert dict(found.evidence) == {
            "first": "at entry, under 18",
            "second": "at entry, under 16",
        }
