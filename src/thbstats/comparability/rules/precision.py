"""PRECISION: a difference that rounding could have made."""

import numpy as np
from numpy.typing import NDArray

from thbstats.comparability.keys import by_key, per_number
from thbstats.comparability.rule import Answers, Finding, Rule
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Measure, Message, Result, Results, Severity

__all__ = ["RULES"]


_Key = tuple[Measure, bool, bool]


def _check(a: Results, b: Results, _limits: Thresholds) -> Answers:
    codes = by_key(a, b, _key, _asked)
    asked = np.flatnonzero(codes == Answer.FAILS.code)
    one, two = (per_number(numbers.pick(asked), _ends).T for numbers in (a, b))
    overlap = (one[0] < two[1]) & (two[0] < one[1])
    codes[asked] = np.where(overlap, Answer.FAILS.code, Answer.HOLDS.code)
    return codes


def _key(number: Result) -> _Key:
    return number.measure, number.printed is not None, number.reported is not None


def _ends(numbers: Results) -> NDArray[np.float64]:
    return np.stack([numbers.reported.lower, numbers.reported.upper], axis=1)


def _asked(one: _Key, two: _Key) -> Answer:
    """What follows unless the figures are apart: asked of two of a kind, one of them printed."""
    if one[0] is not two[0] or not (one[1] or two[1]):
        return Answer.HOLDS
    return Answer.FAILS if one[2] and two[2] else Answer.CANNOT_TELL


def _describe(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="the number beside the printed one")
    texts = [str(number.printed) if number.printed else number.shown for number in (a, b)]
    return Finding(
        message=Message(
            "{first} and {second} can be the same number before rounding",
            first=texts[0],
            second=texts[1],
        ),
        evidence=(("first", a.shown), ("second", b.shown)),
        mend="Ask for the counts, or for one decimal more",
    )


RULES = (
    Rule(
        code="PRECISION",
        scope="pair",
        check=_check,
        describe=_describe,
        weight=Severity.CAUTION,
        definition="The difference of two printed numbers is wider than their rounding.",
        trigger="Fails where the intervals that rounding allows overlap; cannot tell where one of "
        "the numbers was not reported.",
        source="Percentages printed without decimals, as in COM(2018) 777",
        example="56 % printed of two periods can be 55.5 % in one and 56.4 % in the other.",
        mend="Ask for the counts, or for one decimal more.",
    ),
)
