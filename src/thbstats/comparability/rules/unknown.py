"""UNKNOWN: those whose category nobody recorded could change the picture."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from thbstats.comparability.keys import by_key, per_number
from thbstats.comparability.rule import Answers, Finding, Rule, Weights, beyond
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count, percent
from thbstats.results import Answer, Measure, Message, Result, Results, Severity, named
from thbstats.values import Interval

__all__ = ["RULES"]

_UNTOLD = "how many are of unknown category"
_Ends = tuple[NDArray[np.float64], NDArray[np.float64]]


def _flags(answers: list[bool]) -> NDArray[np.bool_]:
    return np.array(answers, dtype=np.bool_)


def _divided(numbers: Results) -> NDArray[np.bool_]:
    """Where a number is a share of categories that can be unknown."""
    return _flags([_key(item)[0] for item in numbers])


def _beside(numbers: Results) -> NDArray[np.bool_]:
    """Where the unknown stand beside the base, and not in it."""
    return _flags([item.base.rule == "recorded" for item in numbers])


def _over(
    part: NDArray[np.float64], whole: NDArray[np.float64], nothing: float
) -> NDArray[np.float64]:
    """Return parts over wholes, at most 1; what stands in where there is no quotient."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.minimum(np.nan_to_num(part / whole, nan=nothing, posinf=1.0), 1.0)


def _unknown_share(numbers: Results) -> _Ends:
    """The share of the unknown among everyone."""
    unknown, base, beside = numbers.unknown, numbers.denominator, _beside(numbers)
    lower = _over(unknown.lower, base.upper + np.where(beside, unknown.lower, 0), 0)
    upper = _over(unknown.upper, base.lower + np.where(beside, unknown.upper, 0), 1)
    return lower, np.where(unknown.upper == 0, 0.0, upper)


def _completed(numbers: Results) -> _Ends:
    """The share among those who reported once every unknown is counted somewhere.

    No wider than `possible`, which also fills the gaps of those who did not report.
    """
    part, base, unknown = numbers.numerator, numbers.denominator, numbers.unknown
    beside, possible = _beside(numbers), numbers.possible
    lower = _over(part.lower, base.upper + np.where(beside, unknown.upper, 0), 0)
    most = part.upper + unknown.upper
    upper = _over(most, base.lower + np.where(beside, unknown.upper, 0), 1)
    return np.maximum(lower, possible.lower), np.minimum(upper, possible.upper)


def _shown(ends: _Ends) -> str:
    """Print the one share there is; floats are near enough for that."""
    return percent(Interval(*(Fraction(end.item()).limit_denominator(10**9) for end in ends)))


def _alone(number: Result) -> Results:
    return Results(caption="", items=[number])


def _check_number(a: Results, _b: Results, limits: Thresholds) -> Answers:
    lower, upper = _unknown_share(a)
    return np.where(_divided(a), beyond(lower, upper, float(limits.unknown_note)), 1).astype(
        np.int8
    )


def _weight_number(a: Results, _b: Results, limits: Thresholds) -> Weights:
    heavy = _unknown_share(a)[0] >= float(limits.unknown_caution)
    return np.where(heavy, Severity.CAUTION.weight, Severity.NOTE.weight).astype(np.int8)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message=_UNTOLD)
    return Finding(
        message=Message(
            "{share} have no recorded {dimension} and could belong to any category",
            share=_shown(_unknown_share(_alone(a))),
            dimension=named(a.base.dimension, "or"),
        ),
        evidence=(("unknown", count(a.unknown or Interval.at_least(0))),),
        mend="Print the unknown beside the share, and say which base was used",
    )


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    codes = by_key(a, b, _key, _asked)
    asked = np.flatnonzero(codes != Answer.HOLDS.code)
    one, two = (per_number(numbers.pick(asked), _ends).T for numbers in (a, b))
    apart = (one[1] < two[0]) | (two[1] < one[0])
    reversible = (one[2] <= two[3]) & (two[2] <= one[3])
    codes[asked[~(apart & reversible)]] = Answer.HOLDS.code
    return codes


def _key(number: Result) -> tuple[bool, bool]:
    divided = number.measure is Measure.SHARE and bool(number.base.dimension)
    return divided, number.unknown is not None


def _asked(one: tuple[bool, bool], two: tuple[bool, bool]) -> Answer:
    """What follows where the unknown could reverse the difference of two shares of categories."""
    if not (one[0] and two[0]):
        return Answer.HOLDS
    return Answer.FAILS if one[1] and two[1] else Answer.CANNOT_TELL


def _ends(numbers: Results) -> NDArray[np.float64]:
    """The ends of each share as reported, and with the unknown counted somewhere."""
    reported = numbers.reported
    return np.stack([reported.lower, reported.upper, *_completed(numbers)], axis=1)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message=_UNTOLD)
    return Finding(
        message="the unknown could reverse the difference between the two shares",
        evidence=(
            ("first, with the unknown", _shown(_completed(_alone(a)))),
            ("second, with the unknown", _shown(_completed(_alone(b)))),
        ),
        mend="Compare only what is recorded and say so, or find out about the unknown",
    )


RULES = (
    Rule(
        code="UNKNOWN",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        weight=_weight_number,
        definition="Hardly anyone is of unknown category.",
        trigger="Fails where the unknown are more than `unknown_note` of all; caution from "
        "`unknown_caution`; cannot tell where they are not documented.",
        source="COM(2018) 777, section II.1: 14.4..15.9 % of the registered victims have no "
        "recorded form",
        example="56 % of the recorded forms are sexual; 2 949 to 3 259 of 20 532 victims have "
        "none.",
        mend="Print the unknown beside the share, and say which base was used.",
    ),
    Rule(
        code="UNKNOWN",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=Severity.CAUTION,
        definition="However the unknown are distributed, the order of two shares stays.",
        trigger="Fails where the reported shares are apart and meet once the unknown are counted "
        "somewhere; cannot tell where the unknown are not documented.",
        source="Design rule of this library; exact bounds",
        example="47.5 % can be 63.4 % once all of unknown form are counted.",
        mend="Compare only what is recorded and say so, or find out about the unknown.",
    ),
)
