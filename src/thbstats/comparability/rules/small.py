"""SMALL: a base in which one case makes a visible difference."""

from fractions import Fraction

import numpy as np

from thbstats.comparability.rule import Answers, Finding, Rule
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count, percent
from thbstats.results import Answer, Measure, Message, Result, Results, Severity
from thbstats.values import Interval, Rational

__all__ = ["RULES"]

_ON_A_BASE = (Measure.SHARE, Measure.RATIO, Measure.PER_100, Measure.RELATIVE_CHANGE)
_OF_EVENTS = (Measure.PER_100_000, Measure.PER_MILLION)


def _decisive(number: Result) -> Interval:
    """What is small where one case shows: the base, or the count of a rate."""
    return number.numerator if number.measure in _OF_EVENTS else number.denominator


def _check(a: Results, _b: Results, limits: Thresholds) -> Answers:
    rates = np.array([number.measure in _OF_EVENTS for number in a], dtype=np.bool_)
    based = np.array([number.measure in _ON_A_BASE for number in a], dtype=np.bool_)
    lower = np.where(rates, a.numerator.lower, a.denominator.lower)
    upper = np.where(rates, a.numerator.upper, a.denominator.upper)
    judged = rates | based
    small, large = upper < float(limits.small_note), lower >= float(limits.small_note)
    return np.where(judged, np.where(small, -1, np.where(large, 1, 0)), 1).astype(np.int8)


def _describe(a: Result, _b: Result, limits: Thresholds, answer: Answer) -> Finding:
    rate = a.measure in _OF_EVENTS
    if answer is Answer.CANNOT_TELL:
        return Finding(
            severity=Severity.NOTE,
            message=Message(
                "whether the rate is of {limit} cases or more"
                if rate
                else "whether the base is {limit} or more",
                limit=count(limits.small_note),
            ),
        )
    base = _decisive(a).upper or 0
    tiny = base <= limits.small_caution
    if rate:
        return _few(a.numerator, base, tiny)
    return Finding(
        severity=Severity.CAUTION if tiny else Severity.NOTE,
        message=Message(
            "the base is {base}: one case is {share} of it",
            base=count(a.denominator),
            share=percent(Fraction(1, base)),
        )
        if base
        else Message("the base is {base}: there is nobody", base=count(a.denominator)),
        evidence=(("base", count(a.denominator)),),
        mend="Give the counts, pool years or countries, and do not rank by it",
    )


def _few(counted: Interval, most: Rational, tiny: bool) -> Finding:
    message = (
        Message(
            "the rate is of {n} cases: one of them is {share} of it",
            n=count(counted),
            share=percent(Fraction(1, most)),
        )
        if most
        else "the rate is of no case: one more would make it another"
    )
    return Finding(
        severity=Severity.CAUTION if tiny else Severity.NOTE,
        message=message,
        evidence=(("cases", count(counted)),),
        mend="Give the counts, pool years or countries, and do not rank by it",
    )


RULES = (
    Rule(
        code="SMALL",
        scope="number",
        check=_check,
        describe=_describe,
        definition="The base is large enough, and the count of a rate, that one case does not "
        "show.",
        trigger="Fails where the base, or the count of a rate, is certainly under `small_note`; "
        "caution at `small_caution` or fewer; cannot tell where it may be either.",
        source="In UNODC GLOTIP 74 % of the EU states' country-years have bases below 100",
        example="Malta, 2020: 12 victims, of whom one is 8.3 %.",
        mend="Give the counts, pool years or countries, and do not rank by it.",
    ),
)
