"""UNKNOWN: those whose category nobody recorded could change the picture."""

import numpy as np

from thbstats.comparability.rule import Answers, Finding, Rule, beyond
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count, percent
from thbstats.results import Answer, Measure, Result, Results, Severity
from thbstats.values import Interval

__all__ = ["RULES"]


def _unknown_share(number: Result) -> Interval:
    """The share of the unknown among everyone: in its base, or beside a recorded one."""
    unknown, base = number.unknown, number.denominator
    if unknown is None:
        return Interval(0, 1)
    if number.base.rule == "recorded":
        return Interval.share_of(unknown, base)
    among = Interval.ratio(unknown, base)
    return Interval(min(1, among.lower or 0), 1 if among.upper is None else min(1, among.upper))


def _check_number(a: Results, _b: Results, limits: Thresholds) -> Answers:
    shares = [_unknown_share(number) for number in a]
    lower = np.array([float(share.lower or 0) for share in shares])
    upper = np.array([float(share.upper or 0) for share in shares])
    return np.where(_shares(a), beyond(lower, upper, float(limits.unknown_note)), 1).astype(np.int8)


def _shares(numbers: Results) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Where a number is a share of categories that can be unknown."""
    return np.array(
        [number.measure is Measure.SHARE and bool(number.base.dimension) for number in numbers]
    )


def _describe_number(a: Result, _b: Result, limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="how many are of unknown category")
    share = _unknown_share(a)
    heavy = (share.lower or 0) >= limits.unknown_caution
    return Finding(
        severity=Severity.CAUTION if heavy else Severity.NOTE,
        message=f"{percent(share)} have no recorded {' or '.join(a.base.dimension)} and could "
        "belong to any category",
        evidence=(("unknown", count(a.unknown or Interval.at_least(0))),),
        mend="Print the unknown beside the share, and say which base was used",
    )


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    apart = (a.reported.upper < b.reported.lower) | (b.reported.upper < a.reported.lower)
    safe = (a.possible.upper < b.possible.lower) | (b.possible.upper < a.possible.lower)
    documented = np.array(
        [one.unknown is not None and two.unknown is not None for one, two in zip(a, b, strict=True)]
    )
    open_question = _shares(a) & _shares(b) & apart & ~safe
    return np.where(open_question, np.where(documented, -1, 0), 1).astype(np.int8)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(severity=Severity.NOTE, message="how many are of unknown category")
    return Finding(
        severity=Severity.CAUTION,
        message="the unknown could reverse the difference between the two shares",
        evidence=(
            ("first possible", a.measure.show(a.possible)),
            ("second possible", b.measure.show(b.possible)),
        ),
        mend="Compare only what is recorded and say so, or find out about the unknown",
    )


RULES = (
    Rule(
        code="UNKNOWN",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="Hardly anyone is of unknown category.",
        trigger="Fails where the unknown are more than `unknown_note` of all; caution from "
        "`unknown_caution`.",
        source="COM(2018) 777, section II.1: 14.4..15.9 % of the registered victims have no "
        "recorded form",
    ),
    Rule(
        code="UNKNOWN",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        definition="However the unknown are distributed, the order of two shares stays.",
        trigger="Fails where the reported shares are apart and the possible ones overlap.",
        source="Design rule of this library; exact bounds",
    ),
)
