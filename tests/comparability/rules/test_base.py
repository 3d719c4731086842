from typing import Any

import pytest

from tests.comparability.numbers import context, count, judged, justice, ratio, share
from thbstats.comparability.rules.base import RULES
from thbstats.results import Result, Series


def measures(measure: str, outcome: str) -> Result:
    attributes = [("measure", measure), ("outcome", outcome)]
    return count(5, context(counted=Series("protection", attributes)))


def test_a_stated_base_holds() -> None:
    assert judged(RULES, share(68, 98)) is None
    assert judged(RULES, share(68, 100, rule="all")) is None


def test_a_percentage_without_its_base_cannot_be_told_and_says_so() -> None:
    found = judged(RULES, share(68, 98, rule="not_stated"))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("BASE", "cannot_tell", "caution")
    assert found.message == "the source does not state the base"
    assert found.evidence == (("base", "registered victims"),)
    assert "denominator" in found.mend
    assert all(rule.essential for rule in RULES)


def test_two_shares_of_all_have_one_base_whatever_they_count() -> None:
    female = share(68, 100, rule="all", dimension=("sex",))
    sexual = share(56, 100, rule="all", dimension=("exploitation",))
    assert judged(RULES, female, sexual) is None


def test_all_and_recorded_are_different_bases() -> None:
    found = judged(RULES, share(68, 98), share(68, 100, rule="all"))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "blocking", "pair")
    assert found.message.startswith("the two numbers have different bases")
    assert dict(found.evidence)["first"] == "share of registered victims"
    assert "same base" in found.mend


@pytest.mark.parametrize(
    "other",
    [
        share(68, 98, dimension=("exploitation",)),
        share(68, 98, overlap="overlapping"),
        share(68, 98, within=(("exploitation", "sexual"),)),
    ],
    ids=["dimension", "overlap", "selection"],
)
def test_recorded_bases_differ_by_how_they_were_divided_and_selected(other: Result) -> None:
    found = judged(RULES, share(68, 98), other)
    assert found is not None
    assert found.answer == "fails"


@pytest.mark.parametrize(("more", "overlapping"), [({}, True), ({"dimension": ("age",)}, False)])
def test_bases_that_differ_in_overlap_alone_are_mended_by_saying_so(
    more: dict[str, Any], overlapping: bool
) -> None:
    found = judged(RULES, share(68, 98), share(68, 98, overlap="overlapping", **more))
    assert found is not None
    assert found.severity == "blocking"
    assert ('say overlap="overlapping"' in found.mend) is overlapping
    assert ("on the same base" in found.mend) is not overlapping


def test_an_overlap_is_part_of_the_evidence() -> None:
    found = judged(RULES, share(68, 98), share(68, 98, overlap="not_stated"))
    assert found is not None
    first, second = dict(found.evidence).values()
    assert first != second


def test_a_base_that_is_not_stated_decides_nothing() -> None:
    found = judged(RULES, share(68, 98), share(68, 98, rule="not_stated"))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "caution")
    assert found.message == (
        "a base is not stated, so that their difference may have no meaning of its own"
    )


def test_a_share_and_a_count_are_different_kinds_of_number() -> None:
    found = judged(RULES, share(68, 98), count(68))
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "blocking")
    assert found.message.startswith("the two numbers are of different kinds")
    assert dict(found.evidence) == {
        "first": "share of registered victims",
        "second": "count of registered victims",
    }


def test_counts_of_one_flow_need_no_base() -> None:
    assert judged(RULES, count(5), count(6)) is None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (count(5), count(5, context(counted=justice("convicted")))),
        (
            count(5, context(counted=justice("suspected"))),
            count(5, context(counted=justice("convicted"))),
        ),
        (measures("assistance", "sought"), measures("assistance", "granted")),
        (ratio(3, 4), ratio(3, 4, against=justice("suspected"))),
        (ratio(3, 4), ratio(3, 4, counted=justice("investigated"))),
    ],
    ids=["kinds of record", "stages", "outcomes", "stage below", "stage above"],
)
def test_different_flows_are_different_things(a: Result, b: Result) -> None:
    found = judged(RULES, a, b)
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "blocking")
    assert found.message.startswith("the two numbers count different things")
    assert len(dict(found.evidence)) == 2


def test_a_ratio_names_both_flows_in_its_evidence() -> None:
    found = judged(RULES, ratio(3, 4), ratio(3, 4, against=justice("suspected")))
    assert found is not None
    assert dict(found.evidence)["second"] == "persons convicted over persons suspected"


def test_a_stage_that_one_source_does_not_state_cannot_be_told() -> None:
    unstated = count(5, context(counted=justice("")))
    found = judged(RULES, unstated, count(5, context(counted=justice("convicted"))))
    assert found is not None
    assert found.answer == "cannot_tell"
    assert found.message.startswith("what is counted is not stated")
    assert judged(RULES, unstated, unstated) is None
