"""DUPLICATE: one person can be in a figure twice."""

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Message, Result, Results, Severity
from thbstats.vocabulary import CountingUnit

__all__ = ["RULES"]


def _persons(number: Result) -> bool:
    sides = (number.context.counted, number.context.against)
    return any(side.get("unit") == CountingUnit.PERSONS for side in sides)


def _ways(number: Result) -> tuple[str, ...]:
    """Over what one person can be registered again."""
    context = number.context
    reporters = context.area.members if context.reporters is None else context.reporters
    found = ["in two countries"] if len(reporters) > 1 else []
    years = context.period.years
    return tuple([*found, "in two years"] if years is not None and years > 1 else found)


def _once(number: Result) -> Answer:
    return Answer.FAILS if _persons(number) and _ways(number) else Answer.HOLDS


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _once)


def _describe(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        message=Message("a sum of registrations: one person can be counted {ways}", ways=_ways(a)),
        mend="Speak of registrations, not of distinct persons",
    )


RULES = (
    Rule(
        code="DUPLICATE",
        scope="number",
        check=_check,
        describe=_describe,
        definition="Nobody is counted twice.",
        trigger="Fails, as a note, for persons added up over several countries or years. Repeated "
        "rows and totals added to their parts are refused when a table is read or summed.",
        source="EIGE, metadata of the view genvio_tra_adm_conv: double counting is minimised and "
        "not excluded",
        example="A victim registered in 2015 in one Member State and in 2016 in another is two of "
        "the 20 532 of EU28.",
        mend="Speak of registrations, not of distinct persons.",
    ),
)
