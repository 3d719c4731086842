"""ADDITIVITY: categories sum to their total."""

import numpy as np

from thbstats.display import count, percent
from thbstats.panel import Message, Outcome, Panel, Result, ResultKind, Severity, dimension_label
from thbstats.rules.rule import Codes, Finding, Rule, outcomes
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
                "whether one person can have several categories of {dimension}",
                dimension=dimension,
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


RULES = (
    Rule(
        code="ADDITIVITY",
        title="Parts differ from total",
        scope="number",
        check=_check,
        severity=Severity.CAUTION,
        words=_words,
        definition="Exclusive categories and unknown sum to the total, within missing counts and "
        "rounding.",
        trigger="Fails where the sum certainly differs. Not assessable where a part is not "
        "published, or the source does not state whether categories are exclusive.",
        source="UNODC GLOTIP: forms exceed the total in 94 of 341 country-years that can be tested",
        example="In the collection of 2015 figures, 1,088 male and 3,621 female victims and 550 "
        "others or unknown differ from the published 4,858.",
        hint="Ask whether categories overlap or which figure was revised, and keep the published "
        "total as denominator.",
    ),
)
