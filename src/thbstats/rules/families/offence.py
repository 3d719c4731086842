"""Offences."""

import numpy as np
from numpy.typing import NDArray

from thbstats.panel import Outcome, Panel, Result, Severity
from thbstats.rules.families._kinds import is_justice_ratio, one_stage
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, Rule, alike, per_kind
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
    Rule(
        code="OFFENCE",
        title="Different offences",
        scope="number",
        check=_check_number,
        severity=Severity.CAUTION,
        words=_words_number,
        definition="Numerator and denominator count the same offence.",
        trigger="Fails for a ratio of two different offences. Not assessable if one of them is "
        "not stated.",
        source="Directive 2011/36/EU, articles 2 and 18(4)",
        example="Convictions for trafficking over prosecutions for the use of services.",
        hint="Keep trafficking and the knowing use of services apart.",
    ),
    Rule(
        code="OFFENCE",
        title="Charges change between stages",
        scope="number",
        check=_check_stages,
        severity=Severity.NOTE,
        words=_words_stages,
        is_limitation=True,
        definition="Numerator and denominator count the same stage.",
        trigger="Fails for every ratio between two stages of one offence. Not assessable if a "
        "stage is not stated.",
        source="COM(2018) 777, section III.2: charges for money laundering or offences related "
        "to prostitution instead",
        example="Persons charged with money laundering instead of trafficking are among the 7,503 "
        "suspects and not among the 2,927 convictions.",
        hint="Ask for convictions of any offence among those prosecuted for this one.",
    ),
    Rule(
        code="OFFENCE",
        title="Different offences",
        scope="pair",
        check=_check_pair,
        severity=Severity.BLOCKING,
        words=_words_pair,
        definition="Both numbers count the same offence.",
        trigger="Fails if one number counts trafficking and the other the knowing use of services. "
        "Not assessable if one of them is not stated.",
        source="Directive 2011/36/EU, articles 2 and 18(4)",
        example="18 convictions for the use of services with 2,927 for trafficking.",
        hint="Keep trafficking and the knowing use of services apart.",
    ),
)
