"""A level is an answer with its weight, in the order in which they decide."""

import numpy as np
import pytest
from attrs import evolve

from tests.comparability.numbers import column, count
from tests.comparability.test_judge import CAUTION, HOLDS, always
from thbstats.comparability import DEFAULTS, Finding, Level, Rule, compare, compare_all
from thbstats.comparability.levels import judge, verdicts
from thbstats.errors import InvalidValue
from thbstats.results import Answer, Severity, Verdict


def test_levels_are_in_the_order_in_which_they_decide() -> None:
    assert [level.verdict for level in Level] == [
        Verdict.COMPARABLE,
        Verdict.COMPARABLE,
        Verdict.COMPARABLE,
        Verdict.WITH_CAUTION,
        Verdict.CANNOT_TELL,
        Verdict.NOT_COMPARABLE,
    ]


def test_every_level_has_an_answer_and_a_name() -> None:
    assert {level.label: str(level.answer) for level in Level} == {
        "holds": "holds",
        "not documented": "cannot_tell",
        "note": "fails",
        "caution": "fails",
        "cannot tell": "cannot_tell",
        "blocking": "fails",
    }


def test_a_grid_tells_for_which_pairs_a_rule_holds() -> None:
    found = compare_all([count(1), count(2), count(3)], rules=[HOLDS, CAUTION])
    assert found.where("HOLDS", "holds").tolist() == [True] * 3
    assert found.where("HOLDS").tolist() == [False] * 3
    assert found.where("CAUTIONS").tolist() == [True] * 3


@pytest.mark.parametrize("severity", list(Severity))
def test_a_weight_is_one_severity_or_comes_from_the_columns(severity: Severity) -> None:
    plain = always("PLAIN", severity=severity)
    silent = evolve(plain, describe=lambda *_: Finding(message="PLAIN speaks", mend="none"))
    weighed = (
        plain,
        evolve(silent, weight=severity),
        evolve(silent, weight=lambda a, _b, _limits: np.full(len(a), severity.weight, np.int8)),
    )
    told = [compare(count(1), count(2), rules=[rule]) for rule in weighed]
    assert len({(found.verdict, found.warnings) for found in told}) == 1
    grids = [compare_all([count(1), count(2)], rules=[rule]).levels.tolist() for rule in weighed]
    assert grids == [[[Level[severity.name]]]] * 3


def test_only_failures_are_weighed() -> None:
    asked = []

    def weight(a: object, _b: object, _limits: object) -> np.ndarray:
        asked.append([number.numerator.value for number in a])  # type: ignore[attr-defined]
        return np.zeros(len(asked[-1]), dtype=np.int8)

    def check(a: object, _b: object, _limits: object) -> np.ndarray:
        return np.array([n.numerator.value - 2 for n in a], dtype=np.int8)  # type: ignore[attr-defined]

    rule = evolve(always("SOME"), check=check, weight=weight)
    numbers = column(count(1), count(2), count(3))
    levels = judge([rule], numbers, numbers, DEFAULTS)
    assert levels.tolist() == [[Level.NOTE, Level.ASIDE, Level.HOLDS]]
    assert asked == [[1]]
    assert verdicts(levels).tolist() == levels[0].tolist()


def test_a_failure_whose_weight_nobody_says_is_refused() -> None:
    silent = evolve(always("SILENT"), describe=lambda *_: Finding(message="SILENT speaks"))
    with pytest.raises(InvalidValue, match="how much a failure weighs"):
        compare(count(1), count(2), rules=[silent])


def test_what_cannot_be_told_is_a_note_unless_it_says_more() -> None:
    open_: Rule = evolve(
        always("OPEN", answer="cannot_tell", essential=True),
        describe=lambda *_: Finding(message="nobody knows", mend="ask"),
        weight=Severity.BLOCKING,
    )
    (warning,) = compare(count(1), count(2), rules=[open_]).warnings
    assert (warning.severity, warning.answer) == (Severity.NOTE, Answer.CANNOT_TELL)


def test_a_rule_that_gives_too_few_answers_is_refused() -> None:
    short = evolve(always("SHORT"), check=lambda *_: np.ones(3, dtype=np.int8))
    with pytest.raises(InvalidValue, match="SHORT"):
        compare(count(1), count(2), rules=[short])
