"""CONTRADICTED: the counts of a number do not contradict each other."""

import numpy as np
from numpy.typing import NDArray

from thbstats.panel import Contradiction, Message, Outcome, Panel, Result, Severity, Status
from thbstats.rules.rule import Codes, Finding, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds

__all__ = ["RULES"]

_LISTED = 3
# Within the tolerance; the sum that the file contains; categories that can overlap.
_MINOR = frozenset(("discrepancy", "REPAIRED_CONFLICT", "PARTS_EXCEED_TOTAL"))
_HINT = "Ask the publisher, or correct the data"

Mask = NDArray[np.bool_]
_Items = tuple[Contradiction, ...]


def _is_serious(items: _Items) -> bool:
    return any(item.code not in _MINOR for item in items)


def _has_counts(panel: Panel) -> Mask:
    """Return where the table has counts of this kind for one key."""
    without = (panel.status == Status.NO_ROW) | (panel.status == Status.AMBIGUOUS)
    return np.asarray(~without, dtype=np.bool_)


def _check_number(panel: Panel, _limits: Thresholds) -> Codes:
    listed = panel.contradictions.table(bool, np.bool_)
    return outcomes(_has_counts(panel) & (listed | (panel.status == Status.CONTRADICTORY)))


def _severity_number(panel: Panel, _limits: Thresholds) -> Codes:
    serious = panel.contradictions.table(_is_serious, np.int8)
    return np.where(
        panel.status == Status.CONTRADICTORY, np.int8(Severity.BLOCKING.weight), serious
    )


def _words_number(number: Result, _limits: Thresholds, _outcome: Outcome) -> Finding:
    items = number.contradictions
    if not items:
        return Finding(message="the counts contradict each other", hint=_HINT)
    serious = _is_serious(items) or number.status is Status.CONTRADICTORY
    return Finding(
        message=Message(
            "contradictory counts: {counts}" if serious else "counts to check: {counts}",
            counts=_listed(items),
        ),
        evidence=(("areas", ", ".join(dict.fromkeys(item.area for item in items))),),
        hint=_HINT,
    )


def _listed(items: _Items) -> tuple[str, ...]:
    """Return the first texts, serious ones before minor ones, and the number of the others."""
    ordered = sorted(items, key=lambda item: item.code in _MINOR)
    texts = tuple(dict.fromkeys(item.text.rstrip(".") for item in ordered))
    more = len(texts) - _LISTED
    if more <= 0:
        return texts
    return (*texts[:_LISTED], Message("and {n} more", n=more))


RULES = (
    library_rule(
        "CONTRADICTED.number",
        check=_check_number,
        severity=_severity_number,
        words=_words_number,
        explains_status=True,
        weighs_on_pairs=True,
    ),
)
