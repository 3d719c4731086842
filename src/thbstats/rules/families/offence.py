"""Offences."""

import numpy as np
from numpy.typing import NDArray

from thbstats.panel import Outcome, Panel, Result, Severity
from thbstats.rules.families._kinds import is_justice_ratio, one_stage
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, alike, library_rule, per_kind
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES"]

_COLUMNS = ["kind", "counted", "against"]


def _offences(number: Result) -> tuple[str | None, ...]:
    sides = (number.counted, number.against)
    return tuple(side.get("offence") for side in sides if side.kind == "justice")


def _same_in_number(number: Result) -> Outcome:
    return alike(_offences(number)) if is_justice_ratio(number) else Outcome.HOLDS


def _check_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return per_kind(panel, _COLUMNS, _same_in_number)


def _words_number(number: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="the offence of numerator and denominator")
    counted, against = _offences(number)
    return Finding(
        message="numerator and denominator count different offences",
        evidence=(("numerator", _label(counted)), ("denominator", _label(against))),
        hint="Keep trafficking and the knowing use of services apart",
    )


def _is_one_stage(number: Result) -> Outcome:
    """Return whether both sides have one stage; only for one stated offence."""
    return one_stage(number) if _same_in_number(number) is Outcome.HOLDS else Outcome.HOLDS


def _check_stages(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    return per_kind(panel, _COLUMNS, _is_one_stage)


def _words_stages(number: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="the stage of numerator and denominator")
    return Finding(
        message="prosecutors can change the charge between stages, so a case leaves the later "
        "count and stays in the earlier one",
        evidence=(("offence", _label(_offences(number)[0])),),
        hint="Ask for convictions of any offence among those prosecuted for this one",
    )


def _same(first: tuple[str | None, ...], second: tuple[str | None, ...]) -> Outcome:
    return alike([*first, *second])


def _check_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    return pairs.by_key(pairs.keys(["counted", "against"], _offences), _same)


def _words_pair(
    first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome
) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="the offence of both numbers")
    labels = [" over ".join(dict.fromkeys(map(_label, _offences(x)))) for x in (first, second)]
    return Finding(
        message="the two numbers count different offences",
        evidence=(("first", labels[0] or "none"), ("second", labels[1] or "none")),
        hint="Keep trafficking and the knowing use of services apart",
    )


def _label(offence: str | None) -> str:
    return (offence or "not stated").replace("_", " ")


RULES = (
    library_rule(
        "OFFENCE.number", check=_check_number, severity=Severity.CAUTION, words=_words_number
    ),
    library_rule(
        "OFFENCE.number.stages",
        check=_check_stages,
        severity=Severity.NOTE,
        words=_words_stages,
        is_limitation=True,
    ),
    library_rule("OFFENCE.pair", check=_check_pair, severity=Severity.BLOCKING, words=_words_pair),
)
