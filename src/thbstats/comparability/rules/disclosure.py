"""DISCLOSURE: a hidden count told more closely than its source does."""

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count
from thbstats.results import Answer, ComparabilityWarning, Hidden, Result, Results, Severity

__all__ = ["RULES", "disclosure"]


def _kept(number: Result) -> Answer:
    hidden = number.context.hidden
    return Answer.FAILS if hidden is not None and hidden.narrowed else Answer.HOLDS


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _kept)


def _describe(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return _finding(a.context.hidden)


def _finding(hidden: Hidden | None) -> Finding:
    evidence = (
        ()
        if hidden is None
        else (
            ("hidden in", ", ".join(sorted(hidden.areas))),
            ("as its source has it", count(hidden.counts)),
        )
    )
    return Finding(
        severity=Severity.BLOCKING,
        message="it tells a hidden count more closely than its source does, and can undo "
        "somebody's protection",
        evidence=evidence,
        mend="Do not publish it; keep the source's own interval, which is the default",
    )


def disclosure(hidden: Hidden) -> ComparabilityWarning:
    """Return what is said of counts that are told more closely than their source does.

    Parameters
    ----------
    hidden : Hidden
        The counts.
    """
    finding = _finding(hidden)
    return ComparabilityWarning(
        code="DISCLOSURE",
        severity=Severity.BLOCKING,
        scope="number",
        message=finding.message,
        evidence=finding.evidence,
        mend=finding.mend,
    )


RULES = (
    Rule(
        code="DISCLOSURE",
        scope="number",
        check=_check,
        describe=_describe,
        definition="Nothing says more of a hidden count than its source does.",
        trigger="Fails where a number was made by narrowing hidden counts, which sums, "
        "differences, shares, leave-one-out and exports never do. Sources whose terms forbid to "
        "identify anybody refuse such a number altogether.",
        source='In UNODC GLOTIP the published totals fix 58 % of the "<5" cells by sex exactly; '
        "CTDC terms of use",
        example='A total of 100 with 97 men and "<5" women: the women are 3.',
        mend="Do not publish it; keep the source's own interval, which is the default.",
    ),
)
