"""Ratios of flows: one cohort, and the order of stages."""

import numpy as np

from thbstats.display import count
from thbstats.panel import Outcome, Panel, Result
from thbstats.rules.families._kinds import is_justice_ratio, is_protection_ratio, one_stage, stated
from thbstats.rules.rule import (
    Codes,
    Finding,
    by_kind,
    cautions,
    finding,
    library_rule,
    outcomes,
    per_kind,
)
from thbstats.rules.thresholds import Thresholds
from thbstats.vocabulary import Stage

__all__ = ["RULES"]

_COLUMNS = ["kind", "counted", "against"]


def _has_one_cohort(number: Result) -> Outcome:
    return Outcome.FAILS if is_protection_ratio(number) else one_stage(number)


def _words_cohort(number: Result, *_: object) -> Finding:
    if is_protection_ratio(number):
        return finding(
            "the ratio compares two flows: {counted} can concern victims or requests of another "
            "period",
            hint="Call it a ratio; a share needs a source that counts the same persons on both "
            "sides",
            counted=number.counted.label,
        )
    return finding(
        "the ratio compares two flows, not one cohort: cases can belong to different periods",
        hint="Call it a ratio; write of attrition only if the source follows cases",
    )


def _has_order(number: Result) -> bool:
    if is_protection_ratio(number):
        return True
    one, two = stated(number, "stage")
    if not is_justice_ratio(number) or one is None or two is None:
        return False
    return Stage(one).rank > Stage(two).rank


def _check_order(panel: Panel, _limits: Thresholds) -> Codes:
    ordered = per_kind(panel, _COLUMNS, _has_order).astype(np.bool_)
    if not ordered.any():
        return np.ones(len(panel), dtype=np.int8)
    numerator, denominator = panel.numerator, panel.denominator
    more = numerator.lower > denominator.upper
    fewer = numerator.upper <= denominator.lower
    return outcomes(ordered & more, ordered & ~more & ~fewer)


def _severity_of_order(panel: Panel, _limits: Thresholds) -> Codes:
    """Return caution for several countries or years, and a note for one country and year."""
    pooled = panel.area.table(lambda area: len(area.members) > 1, np.bool_)
    longer = panel.period.table(lambda period: period.years != 1, np.bool_)
    return cautions(pooled | longer)


def _words_order(number: Result, _limits: Thresholds, outcome: Outcome) -> Finding:
    numerator, denominator = count(number.numerator), count(number.denominator)
    return finding(
        "{counted} exceed {against}: {numerator} with {denominator}"
        if outcome is Outcome.FAILS
        else "{counted} can exceed {against}: {numerator} with {denominator}",
        (("numerator", numerator), ("denominator", denominator)),
        "Check coverage and counting units of both sides before you use this ratio",
        counted=number.counted.label,
        against=number.against.label,
        numerator=numerator,
        denominator=denominator,
    )


RULES = (
    library_rule("COHORT.number", by_kind(_COLUMNS, _has_one_cohort), _words_cohort),
    library_rule("STAGE_ORDER.number", _check_order, _words_order, severity=_severity_of_order),
)
