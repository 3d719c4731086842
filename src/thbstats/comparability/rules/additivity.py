"""ADDITIVITY: the parts make the total."""

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count, percent
from thbstats.results import Answer, Measure, Message, Result, Results, Severity, named
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

__all__ = ["RULES"]


def _closes(number: Result) -> Answer:
    divided = number.measure is Measure.SHARE and bool(number.base.dimension)
    if not divided or number.base.overlap is Overlap.OVERLAPPING:
        return Answer.HOLDS
    if number.base.overlap is Overlap.NOT_STATED or number.gap is None:
        return Answer.CANNOT_TELL
    return Answer.HOLDS if number.gap.contains(0) else Answer.FAILS


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _closes)


def _describe(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message=_untold(a))
    gap = a.gap or Interval.point(0)
    return Finding(
        severity=Severity.CAUTION,
        message=Message(
            "the categories of {dimension} do not make their total",
            dimension=named(a.base.dimension),
        ),
        evidence=(("total less parts", count(gap) if a.printed is None else percent(gap)),),
        mend="Ask whether categories overlap, or which figure was revised",
    )


def _untold(number: Result) -> str:
    if number.base.overlap is Overlap.NOT_STATED:
        return Message(
            "whether one person can be in several categories of {dimension}",
            dimension=named(number.base.dimension),
        )
    return "all parts of the total"


RULES = (
    Rule(
        code="ADDITIVITY",
        scope="number",
        check=_check,
        describe=_describe,
        definition="Exclusive categories and the unknown make the total, within what gaps and "
        "rounding allow.",
        trigger="Fails where they certainly do not; cannot tell where a part is not printed, or "
        "where the source does not say whether categories are exclusive.",
        source="UNODC GLOTIP: forms exceed the total in 94 of 341 country-years that can be tested",
        example="In the collection of 2015 figures, 1 088 male and 3 621 female victims and 550 "
        "others or unknown do not make the printed 4 858.",
        mend="Ask whether categories overlap or which figure was revised, and keep the printed "
        "total as the base.",
    ),
)
