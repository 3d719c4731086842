"""ORDER: a later stage with more than an earlier one."""

import numpy as np

from thbstats.comparability.rule import Answers, Finding, Rule
from thbstats.comparability.rules._stages import is_protection_ratio, stages
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count
from thbstats.results import Answer, Message, Result, Results, Severity

__all__ = ["RULES"]


def _later(number: Result) -> bool:
    if is_protection_ratio(number):
        return True
    found = stages(number)
    return found is not None and found[0].rank > found[1].rank


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    numerator, denominator = a.numerator, a.denominator
    more = numerator.lower > denominator.upper
    fewer = numerator.upper <= denominator.lower
    judged = np.array([_later(number) for number in a], dtype=np.bool_)
    return np.where(judged, np.where(more, -1, np.where(fewer, 1, 0)), 1).astype(np.int8)


def _describe(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    pooled = len(a.context.area.members) > 1 or a.context.period.years != 1
    certain = answer is Answer.FAILS
    return Finding(
        severity=Severity.CAUTION if certain and pooled else Severity.NOTE,
        message=Message(
            "{counted} exceed {against}: {numerator} against {denominator}"
            if certain
            else "{counted} may exceed {against}: {numerator} against {denominator}",
            counted=a.context.counted.label,
            against=a.context.against.label,
            numerator=count(a.numerator),
            denominator=count(a.denominator),
        ),
        evidence=(("numerator", count(a.numerator)), ("denominator", count(a.denominator))),
        mend="Check coverage and counting units of both sides before reading this as a ratio",
    )


RULES = (
    Rule(
        code="ORDER",
        scope="number",
        check=_check,
        describe=_describe,
        essential=True,
        definition="A later stage counts no more than an earlier one, and no more is given to "
        "victims than there are victims or requests.",
        trigger="Fails where it certainly counts more: caution for pooled figures, note for one "
        "country and year.",
        source="COM(2018) 777, section III.1: 2 suspects, 135 prosecutions, 18 convictions for "
        "the use of services",
        example="135 prosecutions for 2 suspects, in the use of services.",
        mend="Check coverage and counting units of both sides before reading it as a ratio.",
    ),
)
