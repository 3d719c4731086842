"""Published figures: contradictory and suppressed counts, flags and precision."""

from collections.abc import Iterable
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from thbstats.display import count
from thbstats.panel import (
    ComparabilityWarning,
    Contradiction,
    Message,
    Outcome,
    Panel,
    Result,
    ResultKind,
    Severity,
    Status,
    Suppression,
)
from thbstats.rules.catalogue import library_rule
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import (
    DEFAULTS,
    Codes,
    Evidence,
    Level,
    Thresholds,
    Wording,
    cautions,
    outcomes,
    wording,
)
from thbstats.values import FLAG_LABELS, flag_mask, flag_set

__all__ = ["RULES", "disclosure_warning"]

_LISTED = 3
# Within the tolerance; the sum that the file contains; categories that can overlap.
_MINOR = frozenset(("discrepancy", "REPAIRED_CONFLICT", "PARTS_EXCEED_TOTAL"))

# Other families judge breaks, confidential and revised counts; m and z are reasons of missing ones.
_JUDGED = np.uint32(2**26 - 1 - flag_mask("bcmrz"))
_KNOWN = _JUDGED & np.uint32(flag_mask(FLAG_LABELS))
_SERIOUS = np.uint32(flag_mask("dfu"))

_ON_UNIT_SCALE = (ResultKind.SHARE, ResultKind.DIFFERENCE, ResultKind.RELATIVE_CHANGE)
_CONFIDENTIAL = np.uint32(flag_mask({"c"}))
_ROUNDING = 1e-12
"""The tolerance of a comparison of floats."""


def _is_serious(items: tuple[Contradiction, ...]) -> bool:
    return any(item.code not in _MINOR for item in items)


def _check_counts(panel: Panel, _limits: Thresholds) -> Codes:
    without = (panel.status == Status.NO_ROW) | (panel.status == Status.AMBIGUOUS)
    listed = panel.contradictions.table(bool, np.bool_)
    return outcomes(~without & (listed | (panel.status == Status.CONTRADICTORY)))


def _severity_of_counts(panel: Panel, _limits: Thresholds) -> Codes:
    serious = panel.contradictions.table(_is_serious, np.int8)
    blocking = np.int8(Severity.BLOCKING.rank)
    return np.where(panel.status == Status.CONTRADICTORY, blocking, serious)


def _wording_counts(number: Result, *_: object) -> Wording:
    items = number.contradictions
    if not items:
        return wording("unlisted")
    # The first texts, serious ones before minor ones, and the number of the others.
    ordered = sorted(items, key=lambda item: item.code in _MINOR)
    texts = tuple(dict.fromkeys(item.text.rstrip(".") for item in ordered))
    if len(texts) > _LISTED:
        texts = (*texts[:_LISTED], Message("and {n} more", n=len(texts) - _LISTED))
    serious = _is_serious(items) or number.status is Status.CONTRADICTORY
    return wording(
        "fail" if serious else "minor",
        (("areas", ", ".join(dict.fromkeys(item.area for item in items))),),
        counts=texts,
    )


def _wording_flags(number: Result, *_: object) -> Wording:
    flags = _letters(number, _JUDGED)
    name = "definition" if "d" in flags else "fail"
    return wording(name, (("flags", "".join(flags)),), flags=_labels(flags))


def _letters(number: Result, mask: np.uint32) -> list[str]:
    return sorted(flag_set(int(number.panel.flags[number.position] & mask)))


def _labels(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        FLAG_LABELS.get(flag) or Message("unknown flag {letter}", letter=flag) for flag in flags
    )


def _differing(pairs: Pairs) -> NDArray[np.uint32]:
    known = pairs.panel.flags & _KNOWN
    return known[pairs.first] ^ known[pairs.second]


def _wording_two_flags(first: Result, second: Result, *_: object) -> Wording:
    left, right = _letters(first, _KNOWN), _letters(second, _KNOWN)
    return wording(
        "fail",
        (("first", "".join(left) or "none"), ("second", "".join(right) or "none")),
        flags=_labels(sorted(set(left) ^ set(right))),
    )


def _check_precision(pairs: Pairs, _limits: Thresholds) -> Codes:
    panel, first, second = pairs.panel, pairs.first, pairs.second
    published = panel.printed.table(lambda printed: printed is not None, np.bool_)
    if not published.any():
        return np.ones(len(pairs), dtype=np.int8)
    kind, value = panel.kind.codes, panel.value
    is_relevant = (kind[first] == kind[second]) & (published[first] | published[second])
    lower, upper, missing = value.lower, value.upper, value.missing
    overlap = (lower[first] < upper[second]) & (lower[second] < upper[first])
    return outcomes(is_relevant & overlap, is_relevant & (missing[first] | missing[second]))


def _wording_precision(first: Result, second: Result, *_: object) -> Wording:
    left, right = (str(x.printed) if x.printed else x.formatted for x in (first, second))
    return wording(
        "fail", (("first", first.formatted), ("second", second.formatted)), first=left, second=right
    )


def _check_suppressed(panel: Panel, _limits: Thresholds) -> Codes:
    suppressed = panel.suppression.cells > 0
    flagged = (panel.flags & _CONFIDENTIAL) != 0
    if not suppressed.any():
        return outcomes(suppressed, flagged)
    wide = ~panel.value.missing & ~panel.value.is_point
    return outcomes(suppressed & wide, ~suppressed & flagged)


def _severity_of_suppressed(panel: Panel, limits: Thresholds) -> Codes:
    """Return caution for wide numbers, else a note."""
    lower, upper = panel.value.lower, panel.value.upper
    on_unit_scale = panel.kind.table(lambda own: own in _ON_UNIT_SCALE, np.bool_)
    with np.errstate(invalid="ignore"):
        size = np.where(on_unit_scale, 1.0, np.maximum(-lower, upper))
        wide = upper - lower >= float(limits.suppressed) * size - _ROUNDING
    return cautions(wide | np.isinf(lower) | np.isinf(upper))


def _wording_suppressed(number: Result, _limits: Thresholds, outcome: Outcome) -> Wording:
    suppression = number.suppression
    if outcome is Outcome.NOT_ASSESSABLE or suppression is None:
        return wording("open")
    counts = count(suppression.counts)
    return wording(
        "fail",
        (
            ("areas", ", ".join(sorted(suppression.areas))),
            ("suppressed counts", counts),
            ("number", number.formatted),
        ),
        n=suppression.cells,
        counts=counts,
    )


def _disclosed(suppression: Suppression | None) -> Wording:
    evidence: Evidence = ()
    if suppression is not None:
        evidence = (
            ("suppressed in", ", ".join(sorted(suppression.areas))),
            ("bounds of the source", count(suppression.counts)),
        )
    return wording("fail", evidence)


def disclosure_warning(suppression: Suppression) -> ComparabilityWarning:
    """Return the warning about bounds that are narrower than those of the source."""
    return _DISCLOSURE.warn(SimpleNamespace(suppression=suppression), DEFAULTS, Level.BLOCKING)


_DISCLOSURE = library_rule(
    "DISCLOSURE.number",
    lambda panel, _limits: outcomes(panel.suppression.narrowed & (panel.suppression.cells > 0)),
    lambda number, *_: _disclosed(number.suppression),
)


RULES = (
    library_rule(
        "CONTRADICTED.number", _check_counts, _wording_counts, severity=_severity_of_counts
    ),
    library_rule(
        "OBSERVATION_FLAG.number",
        lambda panel, _limits: outcomes((panel.flags & _JUDGED) != 0),
        _wording_flags,
        severity=lambda panel, _limits: cautions((panel.flags & _SERIOUS) != 0),
    ),
    library_rule(
        "OBSERVATION_FLAG.pair",
        lambda pairs, _limits: outcomes(_differing(pairs) != 0),
        _wording_two_flags,
        severity=lambda pairs, _limits: cautions((_differing(pairs) & _SERIOUS) != 0),
    ),
    library_rule("PRECISION.pair", _check_precision, _wording_precision),
    library_rule(
        "SUPPRESSED.number",
        _check_suppressed,
        _wording_suppressed,
        severity=_severity_of_suppressed,
    ),
    _DISCLOSURE,
)
