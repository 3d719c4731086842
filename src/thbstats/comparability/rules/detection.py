"""DETECTION: registered is not prevalence."""

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES"]


def _known_only(number: Result) -> Answer:
    context = number.context
    victims = [side for side in (context.counted, context.against) if side.kind == "victims"]
    if not victims:
        return Answer.HOLDS
    stated = [side.get("status") for side in victims]
    return Answer.CANNOT_TELL if None in stated else Answer.FAILS


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _known_only)


def _describe(_a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        message = "the source does not say whether these victims were registered or estimated"
    else:
        message = (
            "victims known to authorities and organisations, not all victims: more can mean "
            "better identification"
        )
    return Finding(
        severity=Severity.NOTE,
        message=message,
        mend="Speak of registered or detected victims, never of prevalence",
    )


RULES = (
    Rule(
        code="DETECTION",
        scope="number",
        check=_check,
        describe=_describe,
        essential=True,
        definition="The number counts all that it speaks of.",
        trigger="Fails, as a note, for every number with victims in it; cannot tell, and says so, "
        "where the status of the victims is not stated.",
        source="COM(2018) 777, section II: many victims remain undetected",
        example="20 532 victims were registered in 2015-2016; how many there were is not known.",
        mend="Speak of registered or detected victims, never of prevalence.",
    ),
)
