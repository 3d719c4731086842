"""ADDITIVITY: the parts make the total."""

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count, percent
from thbstats.results import Answer, Measure, Result, Results, Severity
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

__all__ = ["RULES"]


def _closes(number: Result) -> Answer:
    exclusive = number.base.overlap is Overlap.EXCLUSIVE
    if number.measure is not Measure.SHARE or not number.base.dimension or not exclusive:
        return Answer.HOLDS
    if number.gap is None:
        return Answer.CANNOT_TELL
    return Answer.HOLDS if number.gap.contains(0) else Answer.FAILS


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _closes)


def _describe(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    if a.gap is None:
        return Finding(severity=Severity.NOTE, message="parts that could be added to the total")
    return Finding(
        severity=Severity.CAUTION,
        message=f"the categories of {' and '.join(a.base.dimension)} do not make their total",
        evidence=(("total minus parts", _shown(a, a.gap)),),
        mend="Ask whether categories overlap, or which figure was revised",
    )


def _shown(number: Result, gap: Interval) -> str:
    return percent(gap) if number.printed is not None else count(gap)


RULES = (
    Rule(
        code="ADDITIVITY",
        scope="number",
        check=_check,
        describe=_describe,
        definition="Exclusive categories and the unknown make the total, within what gaps and "
        "rounding allow.",
        trigger="Fails where they certainly do not.",
        source="UNODC GLOTIP: forms exceed the total in 94 of 341 country-years that can be tested",
    ),
)
