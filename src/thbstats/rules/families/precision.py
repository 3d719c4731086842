"""Precision of published figures."""

import numpy as np
from numpy.typing import NDArray

from thbstats.panel import Message, Outcome, Result, Severity
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES"]


def _check(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    panel, first, second = pairs.panel, pairs.first, pairs.second
    published = panel.printed.table(lambda printed: printed is not None, np.bool_)
    if not published.any():
        return np.ones(len(pairs), dtype=np.int8)
    kind, value = panel.kind.codes, panel.value
    asked = (kind[first] == kind[second]) & (published[first] | published[second])
    lower, upper, missing = value.lower, value.upper, value.missing
    overlap = (lower[first] < upper[second]) & (lower[second] < upper[first])
    return outcomes(asked & overlap, asked & (missing[first] | missing[second]))


def _words(first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="the number that is compared with the published one")
    texts = [str(x.printed) if x.printed else x.shown for x in (first, second)]
    return Finding(
        message=Message(
            "{first} and {second} can be the same number before rounding",
            first=texts[0],
            second=texts[1],
        ),
        evidence=(("first", first.shown), ("second", second.shown)),
        hint="Ask for the counts, or for one more decimal",
    )


RULES = (library_rule("PRECISION.pair", check=_check, severity=Severity.CAUTION, words=_words),)
