"""ADDITIVITY: categories sum to their total."""

import numpy as np

from thbstats.display import count, percent
from thbstats.panel import Message, Outcome, Panel, Result, ResultKind, Severity, dimension_label
from thbstats.rules.rule import Codes, Finding, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

__all__ = ["RULES"]


def _check(panel: Panel, _limits: Thresholds) -> Codes:
    exclusive = panel.base.table(
        lambda base: bool(base.dimension) and base.overlap is Overlap.EXCLUSIVE, np.bool_
    )
    open_overlap = panel.base.table(
        lambda base: bool(base.dimension) and base.overlap is Overlap.NOT_STATED, np.bool_
    )
    share = panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)
    gap = panel.gap
    differs = (gap.lower > 0) | (gap.upper < 0)
    return outcomes(share & exclusive & differs, share & (open_overlap | (exclusive & gap.missing)))


def _words(number: Result, _limits: Thresholds, outcome: Outcome) -> Finding:
    dimension = dimension_label(number.base.dimension)
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(
            message=Message(
                "whether one person can have several categories of {dimension}", dimension=dimension
            )
            if number.base.overlap is Overlap.NOT_STATED
            else "all parts of the total"
        )
    gap = number.gap or Interval.point(0)
    return Finding(
        message=Message(
            "the categories of {dimension} do not sum to their total", dimension=dimension
        ),
        evidence=(("total minus parts", count(gap) if number.printed is None else percent(gap)),),
        hint="Ask whether categories overlap, or which figure was revised",
    )


RULES = (library_rule("ADDITIVITY.number", check=_check, severity=Severity.CAUTION, words=_words),)
