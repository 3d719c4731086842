"""Suppressed counts."""

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.display import count
from thbstats.panel import Message, Outcome, Panel, Result, ResultKind, Severity
from thbstats.rules.rule import Finding, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds
from thbstats.values import flag_mask

__all__ = ["RULES"]

_ON_UNIT_SCALE = (ResultKind.SHARE, ResultKind.DIFFERENCE, ResultKind.RELATIVE_CHANGE)
_CONFIDENTIAL = np.uint32(flag_mask({"c"}))
_ROUNDING = 1e-12
"""The tolerance of a comparison of floats."""


def _check(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    suppressed = panel.suppression.cells > 0
    flagged = (panel.flags & _CONFIDENTIAL) != 0
    if not suppressed.any():
        return outcomes(suppressed, flagged)
    wide = ~panel.value.missing & ~panel.value.is_point
    return outcomes(suppressed & wide, ~suppressed & flagged)


def _severity(panel: Panel, thresholds: Thresholds) -> NDArray[np.int8]:
    """Return caution if the width is visible: of a share in points, else of the number itself."""
    lower, upper = panel.value.lower, panel.value.upper
    on_unit_scale = _is_on_unit_scale(panel.kind)
    with np.errstate(invalid="ignore"):
        size = np.where(on_unit_scale, 1.0, np.maximum(-lower, upper))
        wide = upper - lower >= float(thresholds.suppressed) * size - _ROUNDING
    wide |= np.isinf(lower) | np.isinf(upper)
    return np.where(wide, Severity.CAUTION.weight, Severity.NOTE.weight).astype(np.int8)


def _is_on_unit_scale(kind: Coded[ResultKind]) -> NDArray[np.bool_]:
    return kind.table(lambda own: own in _ON_UNIT_SCALE, np.bool_)


def _words(number: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    suppression = number.suppression
    if outcome is Outcome.NOT_ASSESSABLE or suppression is None:
        return Finding(message="whether the number contains confidential counts")
    return Finding(
        message=Message(
            "the number contains {n} suppressed counts, which sum to {counts}",
            n=suppression.cells,
            counts=count(suppression.counts),
        ),
        evidence=(
            ("areas", ", ".join(sorted(suppression.areas))),
            ("suppressed counts", count(suppression.counts)),
            ("number", number.shown),
        ),
        hint="Publish both bounds; combine categories or years so that fewer are suppressed",
    )


RULES = (
    library_rule(
        "SUPPRESSED.number", check=_check, severity=_severity, words=_words, weighs_on_pairs=True
    ),
)
