"""Suppressed counts, and bounds that are narrower than those of the source."""

import numpy as np
from attrs import evolve

from thbstats.display import count
from thbstats.panel import (
    ComparabilityWarning,
    Outcome,
    Panel,
    Result,
    ResultKind,
    Suppression,
)
from thbstats.rules.rule import (
    Codes,
    Evidence,
    Finding,
    Level,
    cautions,
    finding,
    library_rule,
    outcomes,
)
from thbstats.rules.thresholds import DEFAULTS, Thresholds
from thbstats.values import flag_mask

__all__ = ["RULES", "disclosure_warning"]

_ON_UNIT_SCALE = (ResultKind.SHARE, ResultKind.DIFFERENCE, ResultKind.RELATIVE_CHANGE)
_CONFIDENTIAL = np.uint32(flag_mask({"c"}))
_ROUNDING = 1e-12
"""The tolerance of a comparison of floats."""


def _check(panel: Panel, _limits: Thresholds) -> Codes:
    suppressed = panel.suppression.cells > 0
    flagged = (panel.flags & _CONFIDENTIAL) != 0
    if not suppressed.any():
        return outcomes(suppressed, flagged)
    wide = ~panel.value.missing & ~panel.value.is_point
    return outcomes(suppressed & wide, ~suppressed & flagged)


def _severity(panel: Panel, limits: Thresholds) -> Codes:
    """Return caution if the width is visible: of a share in points, else of the number itself."""
    lower, upper = panel.value.lower, panel.value.upper
    on_unit_scale = panel.kind.table(lambda own: own in _ON_UNIT_SCALE, np.bool_)
    with np.errstate(invalid="ignore"):
        size = np.where(on_unit_scale, 1.0, np.maximum(-lower, upper))
        wide = upper - lower >= float(limits.suppressed) * size - _ROUNDING
    return cautions(wide | np.isinf(lower) | np.isinf(upper))


def _words(number: Result, _limits: Thresholds, outcome: Outcome) -> Finding:
    suppression = number.suppression
    if outcome is Outcome.NOT_ASSESSABLE or suppression is None:
        return finding("whether the number contains confidential counts")
    counts = count(suppression.counts)
    return finding(
        "the number contains {n} suppressed counts, which sum to {counts}",
        (
            ("areas", ", ".join(sorted(suppression.areas))),
            ("suppressed counts", counts),
            ("number", number.shown),
        ),
        n=suppression.cells,
        counts=counts,
    )


def _disclosed(suppression: Suppression | None) -> Finding:
    evidence: Evidence = ()
    if suppression is not None:
        evidence = (
            ("suppressed in", ", ".join(sorted(suppression.areas))),
            ("bounds of the source", count(suppression.counts)),
        )
    return finding(
        "the number gives narrower bounds of a suppressed count than its source",
        evidence,
        "Do not publish it; keep the bounds of the source, which is the default",
    )


def disclosure_warning(suppression: Suppression) -> ComparabilityWarning:
    """Return the warning about bounds that are narrower than those of the source."""
    rule = evolve(_DISCLOSURE, words=lambda *_: _disclosed(suppression))
    return rule.warn(DEFAULTS, Level.BLOCKING)


_DISCLOSURE = library_rule(
    "DISCLOSURE.number",
    lambda panel, _limits: outcomes(panel.suppression.narrowed & (panel.suppression.cells > 0)),
    lambda number, *_: _disclosed(number.suppression),
)

RULES = (library_rule("SUPPRESSED.number", _check, _words, severity=_severity), _DISCLOSURE)
