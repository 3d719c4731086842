"""DISCLOSURE: bounds of suppressed counts are not narrower than published."""

from thbstats.display import count
from thbstats.panel import ComparabilityWarning, Outcome, Panel, Result, Severity, Suppression
from thbstats.rules.rule import Codes, Finding, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES", "disclosure_warning"]


def _check(panel: Panel, _limits: Thresholds) -> Codes:
    return outcomes(panel.suppression.narrowed & (panel.suppression.cells > 0))


def _words(number: Result, _limits: Thresholds, _outcome: Outcome) -> Finding:
    return _finding(number.suppression)


def _finding(suppression: Suppression | None) -> Finding:
    evidence = (
        ()
        if suppression is None
        else (
            ("suppressed in", ", ".join(sorted(suppression.areas))),
            ("bounds of the source", count(suppression.counts)),
        )
    )
    return Finding(
        message="the number gives narrower bounds of a suppressed count than its source",
        evidence=evidence,
        hint="Do not publish it; keep the bounds of the source, which is the default",
    )


def disclosure_warning(suppression: Suppression) -> ComparabilityWarning:
    """Return the warning about bounds that are narrower than those of the source."""
    finding, (rule,) = _finding(suppression), RULES
    return ComparabilityWarning(
        code=rule.code,
        title=rule.title,
        severity=Severity.BLOCKING,
        scope="number",
        message=finding.message,
        evidence=finding.evidence,
        hint=finding.hint,
    )


RULES = (library_rule("DISCLOSURE.number", check=_check, severity=Severity.BLOCKING, words=_words),)
