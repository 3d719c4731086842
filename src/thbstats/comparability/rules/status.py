"""STATUS: identified, presumed, registered and detected victims are different counts."""

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, alike, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES"]


_UNTOLD = "the status of the victims counted"


def _statuses(number: Result) -> tuple[str | None, ...]:
    sides = (number.context.counted, number.context.against)
    return tuple(side.get("status") for side in sides if side.kind == "victims")


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, lambda number: alike(_statuses(number)))


def _describe_number(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message=_UNTOLD)
    return Finding(
        severity=Severity.CAUTION,
        message="numerator and denominator count victims of different status",
        evidence=(
            ("numerator", a.context.counted.label),
            ("denominator", a.context.against.label),
        ),
        mend="Take victims of one status, or name both",
    )


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _statuses, lambda one, two: alike([*one, *two]))


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message=_UNTOLD)
    first, second = (_listed(number) for number in (a, b))
    return Finding(
        message="the two numbers count victims of different status",
        evidence=(("first", first), ("second", second)),
        mend="Compare registered with registered, identified with identified",
    )


def _listed(number: Result) -> str:
    return ", ".join(dict.fromkeys(status or "not stated" for status in _statuses(number)))


RULES = (
    Rule(
        code="STATUS",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="The source says whether victims are registered, identified, presumed or "
        "detected, and both sides of a number count the same.",
        trigger="Fails where they do not; cannot tell where the source does not say.",
        source="Eurostat collection of 2015 figures: 2 746 identified and 658 presumed beside a "
        "total of 4 858",
        example="2 746 identified over 4 858 registered victims.",
        mend="Take victims of one status, or name both.",
    ),
    Rule(
        code="STATUS",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=Severity.CAUTION,
        definition="Both numbers count victims of the same status.",
        trigger="Fails where the statuses differ; cannot tell where one is not stated.",
        source="COM(2016) 267: registered victims are identified or presumed",
        example="Registered victims of Eurostat beside detected victims of GLOTIP.",
        mend="Compare registered with registered, identified with identified.",
    ),
)
