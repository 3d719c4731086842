"""DETECTED_ONLY: registered victims are not all victims."""

from thbstats.panel import Outcome, Panel, Result, Severity
from thbstats.rules.rule import Codes, Finding, library_rule, per_kind
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES"]


def _all_victims(number: Result) -> Outcome:
    victims = [side for side in (number.counted, number.against) if side.kind == "victims"]
    if not victims:
        return Outcome.HOLDS
    stated = all(side.get("status") for side in victims)
    return Outcome.FAILS if stated else Outcome.NOT_ASSESSABLE


def _check(panel: Panel, _limits: Thresholds) -> Codes:
    return per_kind(panel, ["counted", "against"], _all_victims)


def _words(_number: Result, _limits: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="the status of the victims")
    return Finding(
        message="the number includes detected victims only: an increase can mean better "
        "identification",
        hint='Write "registered" or "detected" victims, not "prevalence"',
    )


RULES = (
    library_rule(
        "DETECTED_ONLY.number",
        check=_check,
        severity=Severity.NOTE,
        words=_words,
        is_limitation=True,
    ),
)
