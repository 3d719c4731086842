"""Figures: contradictory and suppressed counts, flags, precision, and estimates from lists."""

from collections.abc import Iterable
from types import SimpleNamespace

import numpy as np

from thbstats.languages import Message
from thbstats.panel import (
    ComparabilityWarning,
    Contradiction,
    Panel,
    Result,
    ResultKind,
    Status,
    Suppression,
)
from thbstats.rules.catalogue import Facts, library_rule, library_warning
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Codes, Thresholds, outcomes, passes
from thbstats.values import FLAG_LABELS, flag_mask, flag_set

_LISTED = 3
# Within the tolerance; the sum that the file contains; categories that can overlap.
_MINOR = frozenset(("discrepancy", "REPAIRED_CONFLICT", "PARTS_EXCEED_TOTAL"))

# Other families judge breaks, confidential and revised counts; m and z are reasons of missing ones.
_JUDGED = np.uint32(2**26 - 1 - flag_mask("bcmrz"))
_KNOWN = _JUDGED & np.uint32(flag_mask(FLAG_LABELS))
_SERIOUS = np.uint32(flag_mask("dfu"))
_CONFIDENTIAL = np.uint32(flag_mask("c"))

_ON_UNIT_SCALE = (ResultKind.SHARE, ResultKind.DIFFERENCE, ResultKind.RELATIVE_CHANGE)
_ROUNDING = 1e-12
"""The tolerance of a comparison of floats."""


_CONTRADICTORY = Status.CONTRADICTORY.value
_BLOCKS = np.int8(-3)
_HAS_COUNTS = np.array([own not in (Status.NO_DATA, Status.AMBIGUOUS) for own in Status])


def _is_serious(items: tuple[Contradiction, ...]) -> bool:
    return any(item.code not in _MINOR for item in items)


def _counts(panel: Panel, *_: object) -> Codes:
    contradictory = panel.status == _CONTRADICTORY
    listed = panel.contradictions.table(bool, np.bool_) & _HAS_COUNTS[panel.status]
    if not (listed | contradictory).any():
        return passes(panel)
    serious = panel.contradictions.table(_is_serious, np.bool_)
    return np.where(contradictory, _BLOCKS, outcomes(listed, caution=serious))


def _count_facts(number: Result) -> Facts:
    items = number.contradictions
    if not items:
        return {"case": "unlisted"}
    # The first texts, serious ones before minor ones, and the number of the others.
    ordered = sorted(items, key=lambda item: item.code in _MINOR)
    texts = tuple(dict.fromkeys(item.text for item in ordered))
    if len(texts) > _LISTED:
        texts = (*texts[:_LISTED], Message("and {n} more", n=len(texts) - _LISTED))
    serious = _is_serious(items) or number.status is Status.CONTRADICTORY
    areas = ", ".join(dict.fromkeys(item.area for item in items))
    return {"case": "fail" if serious else "minor", "counts": texts, "areas": areas}


def _flags(panel: Panel, *_: object) -> Codes:
    return outcomes((panel.flags & _JUDGED) != 0, caution=(panel.flags & _SERIOUS) != 0)


def _flags_of_pairs(pairs: Pairs, *_: object) -> Codes:
    known = pairs.panel.flags & _KNOWN
    differing = known[pairs.first] ^ known[pairs.second]
    return outcomes(differing != 0, caution=(differing & _SERIOUS) != 0)


def _letters(number: Result, mask: np.uint32) -> str:
    return "".join(sorted(flag_set(int(number.panel.flags[number.position] & mask))))


def _labels(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        FLAG_LABELS.get(flag) or Message("unknown flag {letter}", letter=flag) for flag in flags
    )


def _flag_facts(number: Result) -> Facts:
    letters = _letters(number, _JUDGED)
    case = "definition" if "d" in letters else "fail"
    return {"case": case, "letters": letters, "flags": _labels(letters)}


def _flags_of_both(first: Result, second: Result) -> Facts:
    left, right = _letters(first, _KNOWN), _letters(second, _KNOWN)
    labels = _labels(sorted(set(left) ^ set(right)))
    return {"first": left or "none", "second": right or "none", "flags": labels}


def _precision(pairs: Pairs, *_: object) -> Codes:
    panel, first, second = pairs.panel, pairs.first, pairs.second
    published = panel.printed.table(lambda printed: printed is not None, np.bool_)
    if not published.any():
        return passes(pairs)
    kind, value = panel.kind.codes, panel.value
    is_relevant = (kind[first] == kind[second]) & (published[first] | published[second])
    lower, upper, missing = value.lower, value.upper, value.missing
    overlap = (lower[first] < upper[second]) & (lower[second] < upper[first])
    return outcomes(is_relevant & overlap, is_relevant & (missing[first] | missing[second]))


def _texts_of_both(first: Result, second: Result) -> Facts:
    left, right = (str(x.printed) if x.printed else x.formatted for x in (first, second))
    return {"left": left, "right": right}


def _suppressed(panel: Panel, limits: Thresholds, *_: object) -> Codes:
    """Return caution for wide numbers with suppressed counts, else a note."""
    suppressed = panel.suppression.cells > 0
    flagged = (panel.flags & _CONFIDENTIAL) != 0
    if not suppressed.any():
        return outcomes(suppressed, flagged)
    lower, upper = panel.value.lower, panel.value.upper
    on_unit_scale = panel.kind.table(lambda own: own in _ON_UNIT_SCALE, np.bool_)
    with np.errstate(invalid="ignore"):
        size = np.where(on_unit_scale, 1.0, np.maximum(-lower, upper))
        wide = upper - lower >= float(limits.suppressed) * size - _ROUNDING
    wide |= np.isinf(lower) | np.isinf(upper)
    is_range = ~panel.value.missing & ~panel.value.is_point
    return outcomes(suppressed & is_range, ~suppressed & flagged, caution=wide)


def disclosure_warning(suppression: Suppression) -> ComparabilityWarning:
    """Return the warning about bounds that are narrower than those of the source."""
    return library_warning("DISCLOSURE.number", number=SimpleNamespace(suppression=suppression))


_ASSUMED = {"lists.hidden": "fail", "lists.chao": "chao"}


def _assumed(panel: Panel, *_: object) -> Codes:
    return outcomes(panel.indicator.table(_ASSUMED.__contains__, np.bool_))


def _disagree(panel: Panel, limits: Thresholds, *_: object) -> Codes:
    lower, upper = panel.bounds.lower, panel.bounds.upper
    are_close = (upper <= float(limits.model_range) * lower) & ~panel.value.missing
    return outcomes(panel.indicator.table("lists.models".__eq__, np.bool_) & ~are_close)


RULES = (
    library_rule("CONTRADICTED.number", codes=_counts, facts=_count_facts),
    library_rule("OBSERVATION_FLAG.number", codes=_flags, facts=_flag_facts),
    library_rule("OBSERVATION_FLAG.pair", codes=_flags_of_pairs, facts=_flags_of_both),
    library_rule("PRECISION.pair", codes=_precision, facts=_texts_of_both),
    library_rule("SUPPRESSED.number", codes=_suppressed),
    library_rule(
        "DISCLOSURE.number",
        codes=lambda panel, *_: outcomes(
            panel.suppression.narrowed & (panel.suppression.cells > 0)
        ),
    ),
    library_rule(
        "LIST_DEPENDENCE.number",
        codes=_assumed,
        facts=lambda number: {"case": _ASSUMED[number.indicator]},
    ),
    library_rule(
        "MODEL_DEPENDENCE.number",
        codes=_disagree,
        facts=lambda number: {"case": "few" if number.bounds.upper is None else "fail"},
    ),
)
"""The rules of these families."""
