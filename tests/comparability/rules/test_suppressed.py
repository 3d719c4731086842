from fractions import Fraction

import pytest
from attrs import evolve

from tests.comparability.numbers import context, count, judged, ratio, share
from thbstats.comparability.rules.suppressed import RULES
from thbstats.results import Hidden, Measure, Result
from thbstats.values import Interval

FEW = Hidden(cells=2, areas=frozenset({"SE", "AT"}), counts=Interval(0, 8))


def hiding(number: Result, hidden: Hidden | None = FEW, flags: str = "") -> Result:
    where = evolve(number.context, hidden=hidden, flags=frozenset(flags))
    return evolve(number, context=where)


def test_nothing_hidden_holds() -> None:
    assert judged(RULES, count(Interval(3, 9))) is None


def test_what_is_hidden_and_leaves_a_point_holds() -> None:
    assert judged(RULES, hiding(count(100))) is None
    assert judged(RULES, hiding(count(Interval(0, 9), reported=None))) is None


def test_hidden_counts_are_told_with_how_many_whose_and_how_wide() -> None:
    found = judged(RULES, hiding(count(Interval(97, 105))))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("SUPPRESSED", "fails", "caution")
    assert found.message == ("the source hides 2 of the counts in it, which are 0..8 together")
    assert dict(found.evidence) == {
        "hidden in": "AT, SE",
        "hidden counts": "0..8",
        "number": "97..105",
    }
    assert "both ends" in found.mend


@pytest.mark.parametrize(
    ("number", "severity"),
    [
        (count(Interval(7_281, 7_285)), "note"),
        (count(Interval(95, 100)), "caution"),
        (count(Interval(96, 100)), "note"),
        (count(Interval.at_least(9)), "caution"),
        (share(3, 10, reported=Interval(Fraction(20, 100), Fraction(25, 100))), "caution"),
        (share(3, 10, reported=Interval(Fraction(20, 100), Fraction(24, 100))), "note"),
        (ratio(3, 4, reported=Interval(2, Fraction(205, 100))), "note"),
        (ratio(3, 4, reported=Interval(2, Fraction(220, 100))), "caution"),
        (count(9, measure=Measure.CHANGE, reported=Interval(-100, -95)), "caution"),
    ],
)
def test_ends_that_reports_would_print_apart_ask_for_caution(number, severity) -> None:
    found = judged(RULES, hiding(number))
    assert found is not None
    assert found.severity == severity


def test_another_threshold_can_be_given() -> None:
    found = judged(RULES, hiding(count(Interval(97, 105))), suppressed=Fraction(1, 2))
    assert found is not None
    assert found.severity == "note"


def test_confidential_counts_that_nobody_counts_cannot_be_told() -> None:
    found = judged(RULES, hiding(count(Interval(97, 105)), None, "c"))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "whether confidential counts are in the figure"
    assert judged(RULES, count(9, context(flags=frozenset("p")))) is None
