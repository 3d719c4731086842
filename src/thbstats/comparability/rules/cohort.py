"""COHORT: two stages in one period are not the fate of the same people."""

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.rules._stages import is_protection_ratio, one_stage
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Message, Result, Results, Severity

__all__ = ["RULES"]


def _one_cohort(number: Result) -> Answer:
    return Answer.FAILS if is_protection_ratio(number) else one_stage(number)


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _one_cohort)


def _describe(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="the stages of justice on both sides")
    if is_protection_ratio(a):
        return _other_victims(a)
    return Finding(
        severity=Severity.NOTE,
        message=Message(
            "a ratio of two flows of {period}, not the fate of a cohort: those convicted were "
            "often prosecuted in earlier years",
            period=a.period,
        ),
        mend="Call it a ratio; speak of attrition only where cases were followed",
    )


def _other_victims(number: Result) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        message=Message(
            "a ratio of two flows of {period}, not of persons followed: {counted} can be of "
            "victims who were registered, or of requests that were made, in another period",
            period=number.period,
            counted=number.context.counted.label,
        ),
        mend="Call it a ratio; a share needs a source that counts the same persons on both sides",
    )


RULES = (
    Rule(
        code="COHORT",
        scope="number",
        check=_check,
        describe=_describe,
        definition="Numerator and denominator follow the same cases.",
        trigger="Fails, as a note, for every ratio between two stages of one period, and between "
        "what victims were given and the victims or requests of one period; cannot tell where a "
        "stage is not stated.",
        source="COM(2018) 777, sections II and III.2: 2 927 convictions and 5 979 prosecutions",
        example="2 927 convictions for 5 979 prosecutions in 2015-2016 are 0.490, and no rate of "
        "conviction.",
        mend="Call it a ratio; speak of attrition only where cases were followed.",
    ),
)
