"""Printed changes against the counts at both ends, and against each other."""

from typing import Any

import pytest

from tests.claims.made_up import count, report
from thbstats import audit
from thbstats.errors import InvalidFile


def change(printed: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "change", "printed": printed, "id": "it", "since": "2013-2014"} | fields


def judged(*claims: dict[str, Any]):
    return audit(report(*claims), joint=False)["it"]


ENDS = (count("100", period="2013-2014"), count("129", period="2015-2016"))


@pytest.mark.parametrize(
    ("printed", "verdict", "message"),
    [
        ("+29%", "confirmed", "From 100 to 129 is +29.0%."),
        ("29", "confirmed", "From 100 to 129 is +29.0%."),
        ("30%", "contradicted", "From 100 to 129 is +29.0%, not +30%."),
        ("-29%", "contradicted", "From 100 to 129 is +29.0%, not \N{MINUS SIGN}29%."),
    ],
)
def test_a_change_is_held_against_the_counts_at_both_ends(printed, verdict, message):
    found = judged(change(printed), *ENDS)

    assert (found.verdict, found.message) == (verdict, message)


def test_words_that_say_less_give_the_number_its_sign():
    fell = change("13%", wording="decreased by", direction="down")
    found = judged(fell, count("100", period="2013-2014"), count("87", period="2015-2016"))

    assert (found.verdict, found.message) == (
        "confirmed",
        "From 100 to 87 is \N{MINUS SIGN}13.0%.",
    )


def test_without_both_counts_nobody_can_tell():
    found = judged(change("+29%"), ENDS[1])

    assert found.verdict == "not_assessable"
    assert found.message == "+29% since 2013-2014; the counts of both periods are not published."


def test_after_nothing_there_is_no_percentage_to_hold_a_change_against():
    found = judged(change("+29%"), count("0", period="2013-2014"), ENDS[1])

    assert found.verdict != "confirmed"


def test_a_change_over_other_countries_is_not_held_against_the_totals():
    both = change("+55%", category={"topic": "countries_with_both_years"})

    assert judged(both, *ENDS).verdict == "not_assessable"


def test_two_changes_of_one_count_agree_within_their_rounding_or_contradict_each_other():
    again = change("-24.9%", id="again")

    assert judged(change("-25%"), again).verdict == "consistent"
    assert judged(change("-25%"), again).message.endswith("The same value is in section II.")
    assert judged(change("-26%"), again).verdict == "contradicted"
    assert judged(change("-26%"), again | {"since": "2011-2012"}).verdict == "not_assessable"


def test_a_change_in_words_alone_is_only_said():
    found = judged(change("", wording="a marked increase", direction="up"))

    assert found.message == "Qualitative statement (no figure)."


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        (change("+1%", since=None), "must be set for a change only"),
        (count("1", since="2013-2014"), "must be set for a change only"),
        (change("-1%", direction="up"), "must agree with the sign"),
        (change("+1%", direction="down"), "must agree with the sign"),
        (change("much"), "must be a percentage"),
    ],
)
def test_a_change_has_two_ends_and_one_direction(claim, problem):
    with pytest.raises(InvalidFile, match=problem):
        report(claim)


@pytest.mark.parametrize("words", ["nearly", "around", "just over", "more than", "approximately"])
def test_a_number_that_the_text_calls_inexact_contradicts_nothing(words):
    """98.2% is nearly 100%, and not 100% rounded."""
    found = audit(
        report(
            count("820", period="2013-2014"),
            count("1,625"),
            {"kind": "change", "printed": "100%", "since": "2013-2014", "wording": words},
        )
    )
    assert [str(item.verdict) for item in found][2] == "not_assessable"
    assert "contradicted" not in {str(item.verdict) for item in found}
    exact = audit(
        report(
            count("820", period="2013-2014"),
            count("1,625"),
            {
                "kind": "change",
                "printed": "100%",
                "since": "2013-2014",
                "wording": "over the years",
            },
        )
    )
    assert str(exact["claim-3"].verdict) == "contradicted"


def test_a_hedged_count_is_no_cell_of_the_table():
    made = report(count("820", wording="about"), count("400", category={"sex": "female"}))
    (row,) = made.data.victims
    assert (row.sex, row.count.lower) == ("female", 400)
