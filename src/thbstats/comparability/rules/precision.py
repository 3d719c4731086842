"""PRECISION: a difference that rounding could have made."""

import numpy as np
from numpy.typing import NDArray

from thbstats.comparability.rule import Answers, Finding, Rule
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES"]


def _check(a: Results, b: Results, _limits: Thresholds) -> Answers:
    pairs = list(zip(a, b, strict=True))
    printed = _flags([_printed(one, two) for one, two in pairs])
    there = _flags([one.reported is not None and two.reported is not None for one, two in pairs])
    overlap = (a.reported.lower < b.reported.upper) & (b.reported.lower < a.reported.upper)
    codes = np.where(there, np.where(overlap, -1, 1), 0)
    return np.where(printed, codes, 1).astype(np.int8)


def _flags(answers: list[bool]) -> NDArray[np.bool_]:
    return np.array(answers, dtype=np.bool_)


def _printed(one: Result, two: Result) -> bool:
    """Whether at least one of two numbers of a kind was read and not computed."""
    rounded = one.printed is not None or two.printed is not None
    return rounded and one.measure is two.measure


def _describe(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="the number beside the printed one")
    texts = [str(number.printed) if number.printed else number.shown for number in (a, b)]
    return Finding(
        severity=Severity.CAUTION,
        message=f"{texts[0]} and {texts[1]} can be the same number before rounding",
        evidence=(("first", a.shown), ("second", b.shown)),
        mend="Ask for the counts, or for one decimal more",
    )


RULES = (
    Rule(
        code="PRECISION",
        scope="pair",
        check=_check,
        describe=_describe,
        definition="The difference of two printed numbers is wider than their rounding.",
        trigger="Fails where the intervals that rounding allows overlap; cannot tell where one of "
        "the numbers was not reported.",
        source="Percentages printed without decimals, as in COM(2018) 777",
        example="56 % printed of two periods can be 55.5 % in one and 56.4 % in the other.",
        mend="Ask for the counts, or for one decimal more.",
    ),
)
