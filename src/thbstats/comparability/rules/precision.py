"""PRECISION: a difference that rounding could have made."""

import numpy as np

from thbstats.comparability.rule import Answers, Finding, Rule
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES"]


def _check(a: Results, b: Results, _limits: Thresholds) -> Answers:
    printed = np.array(
        [one.printed is not None or two.printed is not None for one, two in zip(a, b, strict=True)],
        dtype=np.bool_,
    )
    overlap = (a.reported.lower < b.reported.upper) & (b.reported.lower < a.reported.upper)
    return np.where(printed & overlap, -1, 1).astype(np.int8)


def _describe(a: Result, b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
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
        trigger="Fails where the intervals that rounding allows overlap.",
        source="Percentages printed without decimals, as in COM(2018) 777",
    ),
)
