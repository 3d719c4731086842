"""OFFENCE: the charge can change between stages."""

from thbstats.comparability.rule import Answers, Finding, Rule, each, each_pair
from thbstats.comparability.rules._stages import stages
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES"]


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, lambda number: Answer.FAILS if stages(number) else Answer.HOLDS)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        message="charges can be brought for other offences on the way, which leave the later "
        "count and stay in the earlier one",
        evidence=(("offence", a.context.counted.get("offence") or "not stated"),),
        mend="Ask for convictions of any offence among those prosecuted for this one",
    )


def _same(a: Result, b: Result) -> Answer:
    offences = [
        series.get("offence")
        for context in (a.context, b.context)
        for series in (context.counted, context.against)
        if series.kind == "justice"
    ]
    return Answer.HOLDS if len(set(offences)) <= 1 else Answer.FAILS


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return each_pair(a, b, _same)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(
        severity=Severity.BLOCKING,
        message="the two numbers speak of different offences",
        evidence=(
            ("first", a.context.counted.get("offence") or "not stated"),
            ("second", b.context.counted.get("offence") or "not stated"),
        ),
        mend="Keep trafficking and the knowing use of services apart",
    )


RULES = (
    Rule(
        code="OFFENCE",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="Both stages count the same offence as it was charged first.",
        trigger="Fails, as a note, for every ratio between two stages.",
        source="COM(2018) 777, section III.2: charges for money laundering or offences related "
        "to prostitution instead",
    ),
    Rule(
        code="OFFENCE",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        definition="Both numbers speak of the same offence.",
        trigger="Fails where trafficking meets the knowing use of services.",
        source="Directive 2011/36/EU, articles 2 and 18(4)",
    ),
)
