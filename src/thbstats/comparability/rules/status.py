"""STATUS: identified, presumed, registered and detected victims are different counts."""

from thbstats.comparability.rule import Answers, Finding, Rule, each, each_pair
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES"]


def _statuses(number: Result) -> list[str | None]:
    context = number.context
    sides = (context.counted, context.against)
    return [side.get("status") for side in sides if side.kind == "victims"]


def _stated(number: Result) -> Answer:
    return Answer.CANNOT_TELL if None in _statuses(number) else Answer.HOLDS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _stated)


def _describe_number(_a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    return Finding(severity=Severity.NOTE, message="the status of the victims counted")


def _same(a: Result, b: Result) -> Answer:
    statuses = {*_statuses(a), *_statuses(b)}
    if len(statuses) <= 1:
        return Answer.CANNOT_TELL if None in statuses else Answer.HOLDS
    return Answer.CANNOT_TELL if None in statuses and len(statuses) == 2 else Answer.FAILS


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return each_pair(a, b, _same)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="the status of the victims on both sides")
    return Finding(
        severity=Severity.CAUTION,
        message="the two numbers count victims of different status",
        evidence=(
            ("first", a.context.counted.label),
            ("second", b.context.counted.label),
        ),
        mend="Compare registered with registered, identified with identified",
    )


RULES = (
    Rule(
        code="STATUS",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="The source says whether victims are registered, identified, presumed or "
        "detected.",
        trigger="Cannot tell where it does not.",
        source="Eurostat collection of 2015 figures: 2 746 identified and 658 presumed beside a "
        "total of 4 858",
    ),
    Rule(
        code="STATUS",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        definition="Both numbers count victims of the same status.",
        trigger="Fails where the statuses differ.",
        source="COM(2016) 267: registered victims are identified or presumed",
    ),
)
