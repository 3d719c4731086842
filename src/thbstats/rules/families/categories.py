"""Categories: their classification, unknown categories, and sums of categories."""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.display import count, percent
from thbstats.panel import Outcome, Panel, Result, ResultKind, dimension_label
from thbstats.records import schema_of
from thbstats.rules.catalogue import library_rule
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import (
    Codes,
    Evidence,
    Thresholds,
    Wording,
    at_most,
    by_key,
    cautions,
    outcomes,
    per_kind,
    wording,
)
from thbstats.values import Interval
from thbstats.vocabulary import Code, Overlap

__all__ = ["RULES"]

_PLACED = ("numerator_kind", "category", "base", "sources")

_Column = NDArray[np.float64]


@frozen
class _Placement:
    """The disputed categories of a number, and its publishers."""

    noted: frozenset[Code]
    within: frozenset[Code]
    publishers: frozenset[str]


def _noted(categories: Iterable[Code]) -> frozenset[Code]:
    return frozenset(category for category in categories if category.note)


# Categories of two code lists can have the same text.
@lru_cache(maxsize=None, typed=True)
def _noted_within(category: Code) -> frozenset[Code]:
    """Return the categories with a note within a category."""
    if category.parent is None:
        return frozenset()
    return _noted(category.children).union(*map(_noted_within, category.children))


def _placement(number: Result) -> _Placement:
    schema = schema_of(number.numerator_kind.kind)
    categories = [
        vocabulary(category)
        for name, category in dict.fromkeys((*number.category, *number.base.within))
        if name in schema.names
        and (vocabulary := schema[name].vocabulary) is not None
        and category in vocabulary._value2member_map_
    ]
    within = frozenset[Code]().union(*map(_noted_within, categories))
    publishers = frozenset(source.publisher for source in number.sources)
    return _Placement(_noted(categories), within, publishers - {""})


def _listed(categories: Iterable[Code]) -> Wording:
    ordered = sorted(categories, key=lambda category: category.label)
    notes = tuple((category.label, category.note) for category in ordered)
    return wording("fail", notes, categories=[category.label for category in ordered])


def _shared(first: _Placement, second: _Placement) -> frozenset[Code]:
    """Return the categories of both numbers that classifications place differently."""
    return (first.noted | first.within) & (second.noted | second.within)


def _same_placement(first: _Placement, second: _Placement) -> Outcome:
    if first.publishers == second.publishers or not _shared(first, second):
        return Outcome.PASS
    return Outcome.FAIL if first.publishers and second.publishers else Outcome.NOT_ASSESSABLE


def _is_divided(panel: Panel) -> NDArray[np.bool_]:
    """Return where a number is a share of categories that can be unknown."""
    shares = panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)
    return np.asarray(shares & panel.base.table(lambda base: bool(base.dimension), np.bool_))


def _outside(panel: Panel) -> tuple[_Column, _Column]:
    """Return the bounds of unknown where the denominator excludes it, else 0."""
    is_outside = panel.base.table(lambda base: base.rule in ("known", "mentions"), np.bool_)
    lower, upper = panel.unknown.lower, panel.unknown.upper
    return np.where(is_outside, lower, 0), np.where(is_outside, upper, 0)


def _quotient(part: _Column, whole: _Column, empty: float) -> _Column:
    """Return part over whole, at most 1, and another number where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.minimum(np.nan_to_num(part / whole, nan=empty, posinf=1.0), 1.0)


def _unknown_share(panel: Panel) -> tuple[_Column, _Column]:
    """Return the share of the unknown category among all persons."""
    lower, upper, base = panel.unknown.lower, panel.unknown.upper, panel.denominator
    lowest, highest = _outside(panel)
    largest = _quotient(upper, base.lower + highest, 1)
    smallest = _quotient(lower, base.upper + lowest, 0)
    return smallest, np.where(upper == 0, 0.0, largest)


def _with_unknown(panel: Panel) -> tuple[_Column, _Column]:
    """Return the share with the unknown category allocated.

    It is within `bounds_with_unknown`, which also include missing counts.
    """
    part, base, highest = panel.numerator, panel.denominator, panel.unknown.upper
    (_, added), limits = _outside(panel), panel.bounds_with_unknown
    lower = _quotient(part.lower, base.upper + added, 0)
    upper = _quotient(part.upper + highest, base.lower + added, 1)
    return np.fmax(lower, limits.lower), np.fmin(upper, limits.upper)


def _percent(bounds: tuple[_Column, _Column]) -> str:
    """Return the only share as text."""
    return percent(Interval(*(Fraction(x.item()).limit_denominator(10**9) for x in bounds)))


def _check_unknown(panel: Panel, limits: Thresholds) -> Codes:
    divided = _is_divided(panel)
    if not divided.any():
        return np.ones(len(panel), dtype=np.int8)
    codes = at_most(*_unknown_share(panel), float(limits.unknown_note))
    return np.where(divided, codes, 1).astype(np.int8)


def _wording_unknown(number: Result, *_: object) -> Wording:
    return wording(
        "fail",
        (("unknown", count(number.unknown or Interval.at_least(0))),),
        share=_percent(_unknown_share(number.panel.take([number.position]))),
        dimension=dimension_label(number.base.dimension, "or"),
    )


def _check_reversal(pairs: Pairs, _limits: Thresholds) -> Codes:
    panel, first, second = pairs.panel, pairs.first, pairs.second
    if _check_reversal not in pairs.cache:
        value = panel.value
        result = (_is_divided(panel), value.lower, value.upper, *_with_unknown(panel))
        pairs.cache[_check_reversal] = result
    divided, lower, upper, lowest, highest = pairs.cache[_check_reversal]
    if not divided.any():
        return np.ones(len(pairs), dtype=np.int8)
    differ = (upper[first] < lower[second]) | (upper[second] < lower[first])
    meet = (lowest[first] <= highest[second]) & (lowest[second] <= highest[first])
    is_relevant = divided[first] & divided[second] & differ & meet
    missing = panel.unknown.missing
    not_stated = missing[first] | missing[second]
    return outcomes(is_relevant & ~not_stated, is_relevant & not_stated)


def _check_sum(panel: Panel, _limits: Thresholds) -> Codes:
    overlap = panel.base.map(lambda base: base.overlap if base.dimension else None)
    exclusive = overlap.table(lambda own: own is Overlap.EXCLUSIVE, np.bool_)
    open_overlap = overlap.table(lambda own: own is Overlap.NOT_STATED, np.bool_)
    share = panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)
    gap = panel.discrepancy
    differs = (gap.lower > 0) | (gap.upper < 0)
    return outcomes(share & exclusive & differs, share & (open_overlap | (exclusive & gap.missing)))


def _wording_sum(number: Result, _limits: Thresholds, outcome: Outcome) -> Wording:
    dimension = dimension_label(number.base.dimension)
    if outcome is Outcome.NOT_ASSESSABLE:
        if number.base.overlap is not Overlap.NOT_STATED:
            return wording("parts")
        return wording("overlap", dimension=dimension)
    gap = number.discrepancy or Interval.point(0)
    return wording(
        "fail",
        (
            (
                "total minus sum of categories",
                count(gap) if number.printed is None else percent(gap),
            ),
        ),
        dimension=dimension,
    )


def _unknown_of_both(first: Result, second: Result) -> Evidence:
    left, right = (
        _percent(_with_unknown(number.panel.take([number.position]))) for number in (first, second)
    )
    return ("first with unknown", left), ("second with unknown", right)


RULES = (
    library_rule(
        "CLASSIFICATION.number",
        lambda panel, _: outcomes(
            per_kind(panel, _PLACED[:3], lambda own: bool(_placement(own).noted)) == 1
        ),
        lambda number, *_: _listed(_placement(number).noted),
    ),
    library_rule(
        "CLASSIFICATION.pair",
        by_key(_PLACED, _placement, _same_placement),
        lambda first, second, *_: _listed(_shared(_placement(first), _placement(second))),
        severity=by_key(
            _PLACED, _placement, lambda first, second: bool(first.noted & second.noted)
        ),
    ),
    library_rule(
        "UNKNOWN.number",
        _check_unknown,
        _wording_unknown,
        severity=lambda panel, limits: cautions(
            _unknown_share(panel)[0] >= float(limits.unknown_caution)
        ),
    ),
    library_rule("UNKNOWN.pair", _check_reversal, evidence=_unknown_of_both),
    library_rule("ADDITIVITY.number", _check_sum, _wording_sum),
)
