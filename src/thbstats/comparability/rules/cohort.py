"""COHORT: two stages in one period are not the fate of the same people."""

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.rules._stages import one_stage
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Message, Result, Results, Severity

__all__ = ["RULES"]


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, one_stage)


def _describe(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="the stages of justice on both sides")
    return Finding(
        severity=Severity.NOTE,
        message=Message(
            "a ratio of two flows of {period}, not the fate of a cohort: those convicted were "
            "often prosecuted in earlier years",
            period=a.period,
        ),
        mend="Call it a ratio; speak of attrition only where cases were followed",
    )


RULES = (
    Rule(
        code="COHORT",
        scope="number",
        check=_check,
        describe=_describe,
        definition="Numerator and denominator follow the same cases.",
        trigger="Fails, as a note, for every ratio between two stages of one period; cannot tell "
        "where a stage is not stated.",
        source="COM(2018) 777, sections II and III.2: 2 927 convictions and 5 979 prosecutions",
        example="2 927 convictions for 5 979 prosecutions in 2015-2016 are 0.490, and no rate of "
        "conviction.",
        mend="Call it a ratio; speak of attrition only where cases were followed.",
    ),
)
