"""How codes and warnings are put in words."""

import pytest

from thbstats.reports import Caution
from thbstats.reports.names import name_of, sentence


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("EL", "Greece"),
        ("QQ", "QQ"),
        ("eu", "EU"),
        ("total", "total"),
        ("by_joint_investigation_team", "by joint investigation team"),
    ],
)
def test_a_code_is_said_as_readers_say_it(code: str, name: str):
    assert name_of(code) == name


def test_a_sentence_keeps_its_capitals_and_has_one_stop():
    assert sentence("the UK and the EU.") == "The UK and the EU."
    assert sentence("") == ""


def caution(code: str, *messages: str) -> Caution:
    return Caution(
        code=code,
        title="",
        severity="note",
        outcome="fail",
        messages=messages,
        evidence=(),
        hint="",
        applies_to=(),
    )


def test_many_messages_that_differ_by_their_figures_are_one_example():
    assert caution("BASE", "a", "b").message == "a; b"
    assert caution("BASE", "a", "b", "c").message == "a; likewise for 2 others"


def test_gaps_in_documentation_are_all_named():
    found = caution("NOT_DOCUMENTED", "what each adds", "the period", "the status")
    assert found.message == "not documented: what each adds; the period; the status"
