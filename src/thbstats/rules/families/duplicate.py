"""DOUBLE_COUNTING: one person is counted once."""

from collections.abc import Mapping

import numpy as np

from thbstats.display import count
from thbstats.panel import (
    ComparabilityWarning,
    Message,
    Outcome,
    Panel,
    Result,
    Severity,
    dimension_label,
)
from thbstats.rules.rule import Codes, Finding, library_rule, outcomes, per_kind
from thbstats.rules.thresholds import Thresholds
from thbstats.values import Period
from thbstats.vocabulary import CountingUnit

__all__ = ["RULES", "duplicates"]

_CODE, _TITLE = "DOUBLE_COUNTING", "Double counting"
_HINT = "Write registrations, not distinct persons"
_WAYS = {"area": "in two countries", "period": "in two periods"}


def _counts_persons(number: Result) -> bool:
    return any(
        side.get("unit") == CountingUnit.PERSONS for side in (number.counted, number.against)
    )


def _has_years(period: Period) -> bool:
    return period.years is not None and period.years > 1


def _check(panel: Panel, _limits: Thresholds) -> Codes:
    persons = per_kind(panel, ["counted", "against"], _counts_persons) == 1
    if not persons.any():
        return outcomes(persons)
    reporters = panel.reporters.table(lambda own: -1 if own is None else len(own), np.intp)
    members = panel.area.table(lambda area: len(area.members), np.intp)
    several = np.where(reporters < 0, members, reporters) > 1
    return outcomes(persons & (several | panel.period.table(_has_years, np.bool_)))


def _words(number: Result, _limits: Thresholds, _outcome: Outcome) -> Finding:
    reporters = number.area.members if number.reporters is None else number.reporters
    ways = ["in two countries"] if len(reporters) > 1 else []
    if _has_years(number.period):
        ways.append("in two years")
    return Finding(
        message=Message("a sum of registrations: one person can be counted {ways}", ways=ways),
        hint=_HINT,
    )


def duplicates(
    *, registrations: int, persons: int, several: Mapping[str, int], within: int
) -> ComparabilityWarning:
    """Return the warning about registrations of identified persons."""
    ways = [
        (
            _WAYS.get(name) or Message("in two categories of {name}", name=dimension_label([name])),
            count(number),
        )
        for name, number in several.items()
        if number
    ]
    if within:
        ways.append(("twice in one place and period", count(within)))
    return ComparabilityWarning(
        code=_CODE,
        title=_TITLE,
        severity=Severity.NOTE,
        scope="number",
        message=Message(
            "{registrations} registrations are of {persons} persons: one person is counted {ways}",
            registrations=count(registrations),
            persons=count(persons),
            ways=[way for way, _ in ways],
        ),
        evidence=(("registrations", count(registrations)), ("persons", count(persons)), *ways),
        hint=_HINT,
    )


RULES = (
    library_rule(
        "DOUBLE_COUNTING.number",
        check=_check,
        severity=Severity.NOTE,
        words=_words,
        is_limitation=True,
    ),
)
