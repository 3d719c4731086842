"""Status of victims."""

import numpy as np
from numpy.typing import NDArray

from thbstats.panel import Outcome, Panel, Result, Severity
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, alike, library_rule, per_kind
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES"]

_NOT_STATED = "the status of the victims"
_COLUMNS = ["counted", "against"]


def _statuses(number: Result) -> tuple[str | None, ...]:
    sides = (number.counted, number.against)
    return tuple(side.get("status") for side in sides if side.kind == "victims")


def _check_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return per_kind(panel, _COLUMNS, lambda number: alike(_statuses(number)))


def _words_number(number: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message=_NOT_STATED)
    return Finding(
        message="numerator and denominator count victims of different status",
        evidence=(("numerator", number.counted.label), ("denominator", number.against.label)),
        hint="Take victims of one status, or name both",
    )


def _same(first: tuple[str | None, ...], second: tuple[str | None, ...]) -> Outcome:
    return alike([*first, *second])


def _check_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    return pairs.by_key(pairs.keys(_COLUMNS, _statuses), _same)


def _words_pair(
    first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome
) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message=_NOT_STATED)
    return Finding(
        message="the two numbers count victims of different status",
        evidence=(("first", _label(first)), ("second", _label(second))),
        hint="Compare registered with registered, and identified with identified",
    )


def _label(number: Result) -> str:
    return ", ".join(dict.fromkeys(status or "not stated" for status in _statuses(number)))


RULES = (
    library_rule(
        "STATUS.number", check=_check_number, severity=Severity.CAUTION, words=_words_number
    ),
    library_rule("STATUS.pair", check=_check_pair, severity=Severity.CAUTION, words=_words_pair),
)
