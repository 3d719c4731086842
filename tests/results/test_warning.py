import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.results import (
    GATHERED,
    Answer,
    ComparabilityWarning,
    Severity,
    Verdict,
    Warnings,
    not_documented,
)

CODES = ["BASE", "SMALL", "UNIT", "STATUS"]
single = st.builds(
    ComparabilityWarning,
    code=st.sampled_from(CODES),
    severity=st.sampled_from(Severity),
    scope=st.sampled_from(["number", "pair"]),
    message=st.sampled_from(["one", "two"]),
)
gap = st.tuples(st.sampled_from(CODES), st.sampled_from(["the unit", "the status"]))
notes = st.builds(
    lambda gaps, scope: not_documented(gaps, scope)[0],
    st.lists(gap, min_size=1),
    st.sampled_from(["number", "pair"]),
)
several = st.lists(st.one_of(single, notes))


def warning(
    code: str = "SMALL", severity: str = "note", message: str = "m"
) -> ComparabilityWarning:
    return ComparabilityWarning(
        code=code, severity=Severity(severity), scope="number", message=message
    )


def gaps(found: Warnings) -> set[tuple[str, str]]:
    return {gap for note in found.of(GATHERED) for gap in note.evidence}


@given(several)
def test_each_warning_is_there_once_the_gravest_first(found: list[ComparabilityWarning]) -> None:
    warnings = Warnings([*found, *found])
    assert len(set(warnings)) == len(warnings)
    weights = [item.severity.weight for item in warnings]
    assert weights == sorted(weights, reverse=True)
    assert {w for w in warnings if w.code != GATHERED} == {w for w in found if w.code != GATHERED}


@given(several)
def test_all_gaps_in_documentation_are_one_note(found: list[ComparabilityWarning]) -> None:
    warnings = Warnings(found)
    assert len(warnings.of(GATHERED)) <= 1
    assert gaps(warnings) == {gap for w in found if w.code == GATHERED for gap in w.evidence}


@given(several, several)
def test_warnings_taken_together_do_not_depend_on_the_order(
    one: list[ComparabilityWarning], two: list[ComparabilityWarning]
) -> None:
    forth, back = Warnings(one).and_also(two), Warnings(two).and_also(one)
    assert {w for w in forth if w.code != GATHERED} == {w for w in back if w.code != GATHERED}
    assert gaps(forth) == gaps(back)
    assert forth.codes == back.codes


@given(several, st.sampled_from(CODES))
def test_filters_by_code_divide_the_warnings(found: list[ComparabilityWarning], code: str) -> None:
    warnings = Warnings(found)
    assert warnings.of(code).and_also(warnings.without(code)) == warnings
    assert set(warnings.of(code).codes) <= {code}
    assert code not in warnings.without(code).codes


@given(several, st.sampled_from(Severity))
def test_a_filter_by_weight_keeps_what_weighs_as_much_or_more(
    found: list[ComparabilityWarning], severity: Severity
) -> None:
    kept = Warnings(found).at_least(severity)
    assert all(item.severity.weight >= severity.weight for item in kept)
    assert Warnings(found).at_least("note") == Warnings(found)


@given(several)
def test_a_copy_is_equal(found: list[ComparabilityWarning]) -> None:
    warnings = Warnings(found)
    for other in (copy.deepcopy(warnings), pickle.loads(pickle.dumps(warnings))):
        assert other == warnings
        assert type(other) is Warnings


def test_codes_are_named_once_the_gravest_first() -> None:
    found = Warnings([warning("UNIT"), warning("UNIT", "caution"), warning("BASE")])
    assert found.codes == ("UNIT", "BASE")


def test_a_note_on_gaps_names_each_missing_thing_once_and_every_rule_that_asks() -> None:
    asked = [("STATUS", "the status"), ("DETECTION", "the status"), ("UNIT", "the unit")]
    (note,) = not_documented(asked, "number")
    assert str(note) == "NOT_DOCUMENTED (note): not documented: the status; the unit"
    assert note.evidence == tuple(asked)
    assert (note.severity, note.answer, note.scope) == ("note", "cannot_tell", "number")
    assert note.mend


def test_where_nothing_is_missing_there_is_no_note() -> None:
    assert not_documented([], "pair") == ()


def test_a_note_that_speaks_of_a_pair_stays_one_when_it_is_united() -> None:
    number = not_documented([("UNIT", "the unit")], "number")
    pair = not_documented([("STATUS", "the status")], "pair")
    assert [note.scope for note in Warnings([*number, *pair])] == ["pair"]


def test_a_warning_is_plain_data() -> None:
    found = ComparabilityWarning(
        code="SMALL",
        severity="caution",  # type: ignore[arg-type]
        scope="number",
        message="the base is 12",
        evidence=[("base", 12)],  # type: ignore[arg-type]
        mend="Pool years",
    )
    assert json.loads(json.dumps(found.to_dict())) == {
        "code": "SMALL",
        "severity": "caution",
        "answer": "fails",
        "scope": "number",
        "message": "the base is 12",
        "evidence": {"base": "12"},
        "mend": "Pool years",
    }
    assert str(found) == "SMALL (caution): the base is 12"


@pytest.mark.parametrize(("severity", "weight"), [("note", 0), ("caution", 1), ("blocking", 2)])
def test_a_severity_weighs_more_the_graver_it_is(severity: str, weight: int) -> None:
    assert Severity(severity).weight == weight


def test_verdicts_and_answers_are_words() -> None:
    assert [verdict.label for verdict in Verdict] == [
        "comparable",
        "comparable with caution",
        "not comparable",
        "cannot tell",
    ]
    assert [answer.code for answer in Answer] == [1, -1, 0]
