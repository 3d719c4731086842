"""COHORT: numerator and denominator follow the same cases."""

from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.rules.families._kinds import is_protection_ratio, one_stage
from thbstats.rules.rule import Codes, Finding, library_rule, per_kind
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES"]


def _one_cohort(number: Result) -> Outcome:
    return Outcome.FAILS if is_protection_ratio(number) else one_stage(number)


def _check(panel: Panel, _limits: Thresholds) -> Codes:
    return per_kind(panel, ["kind", "counted", "against"], _one_cohort)


def _words(number: Result, _limits: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="the stages of justice on both sides")
    if is_protection_ratio(number):
        return Finding(
            message=Message(
                "the ratio compares two flows: {counted} can concern victims or requests of "
                "another period",
                counted=number.counted.label,
            ),
            hint="Call it a ratio; a share needs a source that counts the same persons on both "
            "sides",
        )
    return Finding(
        message="the ratio compares two flows, not one cohort: cases can belong to different "
        "periods",
        hint="Call it a ratio; write of attrition only if the source follows cases",
    )


RULES = (
    library_rule(
        "COHORT.number", check=_check, severity=Severity.NOTE, words=_words, is_limitation=True
    ),
)
