"""DETECTION: registered is not prevalence."""

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES"]


def _of_victims(number: Result) -> Answer:
    kinds = (number.context.counted.kind, number.context.against.kind)
    return Answer.FAILS if "victims" in kinds else Answer.HOLDS


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _of_victims)


def _describe(_a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        message="victims known to authorities and organisations, not all victims: more can mean "
        "better identification",
        mend="Speak of registered or detected victims, never of prevalence",
    )


RULES = (
    Rule(
        code="DETECTION",
        scope="number",
        check=_check,
        describe=_describe,
        definition="The number counts all that it speaks of.",
        trigger="Fails, as a note, for every number with victims in it.",
        source="COM(2018) 777, section II: many victims remain undetected",
    ),
)
