"""Order of stages."""

import numpy as np
from numpy.typing import NDArray

from thbstats.display import count
from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.rules.families._kinds import is_protection_ratio, stages
from thbstats.rules.rule import Finding, library_rule, outcomes, per_kind
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES"]


def _has_order(number: Result) -> bool:
    if is_protection_ratio(number):
        return True
    found = stages(number)
    return found is not None and found[0].rank > found[1].rank


def _check(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    ordered = per_kind(panel, ["kind", "counted", "against"], _has_order).astype(np.bool_)
    if not ordered.any():
        return np.ones(len(panel), dtype=np.int8)
    numerator, denominator = panel.numerator, panel.denominator
    more = numerator.lower > denominator.upper
    fewer = numerator.upper <= denominator.lower
    return outcomes(ordered & more, ordered & ~more & ~fewer)


def _severity(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    """Return caution for several countries or years, and a note for one country and year."""
    pooled = panel.area.table(lambda area: len(area.members) > 1, np.bool_)
    longer = panel.period.table(lambda period: period.years != 1, np.bool_)
    return np.where(pooled | longer, Severity.CAUTION.weight, Severity.NOTE.weight).astype(np.int8)


def _words(number: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    numerator, denominator = count(number.numerator), count(number.denominator)
    return Finding(
        message=Message(
            "{counted} exceed {against}: {numerator} with {denominator}"
            if outcome is Outcome.FAILS
            else "{counted} can exceed {against}: {numerator} with {denominator}",
            counted=number.counted.label,
            against=number.against.label,
            numerator=numerator,
            denominator=denominator,
        ),
        evidence=(("numerator", numerator), ("denominator", denominator)),
        hint="Check coverage and counting units of both sides before you use this ratio",
    )


RULES = (
    library_rule(
        "STAGE_ORDER.number", check=_check, severity=_severity, words=_words, essential=True
    ),
)
