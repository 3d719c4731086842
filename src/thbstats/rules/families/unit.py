"""Counting units."""

import numpy as np
from numpy.typing import NDArray

from thbstats.panel import Outcome, Panel, Result, ResultKind, Severity
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, alike, library_rule, per_kind, worst
from thbstats.rules.thresholds import Thresholds
from thbstats.vocabulary import CountingUnit

__all__ = ["RULES"]

_Units = tuple[str | None, str | None]


def _units(number: Result) -> _Units:
    return number.counted.get("unit"), number.against.get("unit")


def _has_one_unit(number: Result) -> Outcome:
    flows = number.kind in (ResultKind.RATIO, ResultKind.PER_100)
    return alike(_units(number)) if flows else Outcome.HOLDS


def _check_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return per_kind(panel, ["kind", "counted", "against"], _has_one_unit)


def _weight(number: Result) -> Severity:
    return Severity.CAUTION if CountingUnit.PERSONS in _units(number) else Severity.NOTE


def _severity_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return per_kind(panel, ["counted", "against"], _weight)


def _words_number(number: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="the counting unit of both sides")
    return Finding(
        message="the ratio has two counting units, so one person can be in several units",
        evidence=(("units", _label(number)),),
        hint="Use it as a ratio across units, not as a share of persons",
    )


def _same(first: _Units, second: _Units) -> Outcome:
    return worst(*(alike(sides) for sides in zip(first, second, strict=True)))


def _check_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    return pairs.by_key(pairs.keys(["counted", "against"], _units), _same)


def _words_pair(
    first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome
) -> Finding:
    return Finding(
        message="a counting unit is not stated"
        if outcome is Outcome.NOT_ASSESSABLE
        else "the two numbers have different counting units",
        evidence=(("first", _label(first)), ("second", _label(second))),
        hint="Compare persons with persons, and convictions with convictions",
    )


def _label(number: Result) -> str:
    return " over ".join(dict.fromkeys(unit or "not stated" for unit in _units(number)))


RULES = (
    library_rule(
        "UNIT.number", check=_check_number, severity=_severity_number, words=_words_number
    ),
    library_rule(
        "UNIT.pair",
        check=_check_pair,
        severity=Severity.BLOCKING,
        words=_words_pair,
        essential=True,
    ),
)
