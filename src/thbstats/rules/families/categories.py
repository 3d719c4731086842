"""Categories: their classification, ages, unknown categories, and sums of categories."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.display import count, percent
from thbstats.panel import Base, Outcome, Panel, Result, ResultKind, Severity, dimension_label
from thbstats.records import CountingRules, schema_of
from thbstats.rules.catalogue import Documents, Facts, Property, library_rule
from thbstats.rules.documentation import SIDES, counting
from thbstats.rules.pairs import Pairs, PanelColumn, breakdowns, is_share
from thbstats.rules.rule import (
    Codes,
    Thresholds,
    all_equal,
    at_most,
    failure,
    outcomes,
    passes,
    severity_of,
)
from thbstats.values import Interval
from thbstats.vocabulary import Code, Overlap

_Column = NDArray[np.float64]


@frozen
class _Placement:
    """The categories of a number with a note, and its publishers."""

    noted: frozenset[Code]
    within: frozenset[Code]
    publishers: frozenset[str]


_PLACED = ("numerator_kind", "category", "base", "sources")


def _noted(categories: Iterable[Code]) -> frozenset[Code]:
    return frozenset(category for category in categories if category.note)


# Categories of two code lists can have the same text.
@lru_cache(maxsize=None, typed=True)
def _noted_within(category: Code) -> frozenset[Code]:
    """Return the categories with a note that belong to a category."""
    if category.parent is None:
        return frozenset()
    return _noted(category.children).union(*map(_noted_within, category.children))


def _categories(number: Result) -> list[Code]:
    """Return the categories of a number that are in the code lists of the library."""
    schema = schema_of(number.numerator_kind.kind)
    return [
        vocabulary(category)
        for name, category in dict.fromkeys((*number.category, *number.base.within))
        if name in schema.names
        and (vocabulary := schema[name].vocabulary) is not None
        and category in vocabulary._value2member_map_
    ]


def _placement(number: Result) -> _Placement:
    categories = _categories(number)
    within = frozenset[Code]().union(*map(_noted_within, categories))
    publishers = frozenset(source.publisher for source in number.sources)
    return _Placement(_noted(categories), within, publishers - {""})


def _listed(categories: Iterable[Code]) -> Facts:
    ordered = sorted(categories, key=lambda category: category.label)
    evidence = [(category.label, category.note) for category in ordered]
    return {"categories": [label for label, _ in evidence], "evidence": evidence}


def _shared(first: _Placement, second: _Placement) -> frozenset[Code]:
    """Return the categories of both numbers that classifications place differently."""
    return (first.noted | first.within) & (second.noted | second.within)


def _same_placement(first: _Placement, second: _Placement) -> Outcome | Severity:
    if first.publishers == second.publishers or not _shared(first, second):
        return Outcome.PASS
    if not (first.publishers and second.publishers):
        return Outcome.NOT_ASSESSABLE
    return severity_of(first.noted & second.noted)


@frozen
class _Ages:
    """The concepts of age of the victims of a number, and the limits between child and adult."""

    concepts: tuple[str | None, ...]
    limits: tuple[str | None, ...]

    @property
    def labels(self) -> list[str]:
        concepts = [concept or "not stated" for concept in self.concepts]
        return [*concepts, *(f"under {limit}" for limit in self.limits if limit)]


def _columns_of_ages(documents: Documents, panel: Panel) -> Sequence[PanelColumn]:
    names = {name for category in panel.category.categories for name, _ in category}
    for base in panel.base.categories:
        names |= {*base.dimension, *(name for name, _ in base.within)}
    if "age" not in names:
        return ()
    documented = (counting(documents, panel, side) for side in SIDES)
    return [*SIDES, "category", "base", *documented]


def _ages(number: Result, *documented: CountingRules | None) -> _Ages | None:
    kinds = (number.numerator_kind, number.denominator_kind)
    sides = dict(zip(kinds, documented, strict=True))
    sides = {kind: rules for kind, rules in sides.items() if kind.kind == "victims"}
    if not sides or "age" not in breakdowns(number):
        return None

    def text(rules: CountingRules | None, name: str) -> str | None:
        value = None if rules is None else rules.stated_value(name)
        return None if value is None else str(value)

    concepts = (kind.get("age_concept") or text(own, "age_concept") for kind, own in sides.items())
    return _Ages(tuple(concepts), tuple(text(own, "child_below") for own in sides.values()))


_AGES = Property(_columns_of_ages, _ages)


def _same_ages(first: _Ages, second: _Ages) -> Outcome:
    concepts = all_equal([*first.concepts, *second.concepts])
    limits = {limit for limit in (*first.limits, *second.limits) if limit is not None}
    return Outcome.FAIL if len(limits) > 1 else concepts


def _is_divided(panel: Panel) -> NDArray[np.bool_]:
    """Return where a number is a share of categories that can be unknown."""
    divided = panel.base.table(lambda base: bool(base.dimension), np.bool_)
    return np.asarray(divided & is_share(panel))


def _outside(panel: Panel) -> tuple[_Column, _Column]:
    """Return the bounds of the unknown count if the denominator excludes it, else 0."""
    is_outside = panel.base.table(lambda base: base.rule in ("known", "responses"), np.bool_)
    lower, upper = panel.unknown.lower, panel.unknown.upper
    return np.where(is_outside, lower, 0), np.where(is_outside, upper, 0)


def _quotient(part: _Column, whole: _Column, empty: float) -> _Column:
    """Return part / whole, at most 1, or another number for an undefined quotient."""
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.minimum(part / whole, 1)
    return np.where(np.isnan(result), empty, result)


def _unknown_share(panel: Panel) -> tuple[_Column, _Column]:
    """Return the share of the unknown category among all persons."""
    lower, upper, base = panel.unknown.lower, panel.unknown.upper, panel.denominator
    lowest, highest = _outside(panel)
    largest = _quotient(upper, base.lower + highest, 1)
    return _quotient(lower, base.upper + lowest, 0), np.where(upper == 0, 0.0, largest)


def _with_unknown(panel: Panel) -> tuple[_Column, _Column]:
    """Return the share with the unknown category allocated.

    It is within `bounds_with_unknown`, which also include missing counts. Where the counts of the
    other countries contradict the share of those that reported, it is that of the latter alone.
    """
    part, base, highest = panel.numerator, panel.denominator, panel.unknown.upper
    (_, added), limits = _outside(panel), panel.bounds_with_unknown
    lower = _quotient(part.lower, base.upper + added, 0)
    upper = _quotient(part.upper + highest, base.lower + added, 1)
    lowest, highest = np.fmax(lower, limits.lower), np.fmin(upper, limits.upper)
    is_apart = lowest > highest
    return np.where(is_apart, lower, lowest), np.where(is_apart, upper, highest)


def _percent(bounds: tuple[_Column, _Column]) -> str:
    """Return the only share as text."""
    return percent(Interval(*(Fraction(x.item()).limit_denominator(10**9) for x in bounds)))


def _unknown(panel: Panel, limits: Thresholds, *_: object) -> Codes:
    divided = _is_divided(panel)
    if not (divided & (panel.unknown.upper != 0)).any():
        return passes(panel)
    lower, upper = _unknown_share(panel)
    serious = float(limits.unknown_caution)
    codes = at_most(lower, upper, min(float(limits.unknown_note), serious))
    codes[(lower > 0) & (lower >= serious)] = -2
    return np.where(divided, codes, np.int8(1))


def _unknown_facts(number: Result) -> Facts:
    share = _percent(_unknown_share(number.panel.take([number.position])))
    return {"share": share, "dimension": dimension_label(number.base.dimension, "or")}


def _reversal(pairs: Pairs, *_: object) -> Codes:
    panel, first, second = pairs.panel, pairs.first, pairs.second
    divided = _is_divided(panel)
    if not divided.any():
        return passes(pairs)
    lowest, highest = _with_unknown(panel)
    lower, upper = panel.value.lower, panel.value.upper
    differ = (upper[first] < lower[second]) | (upper[second] < lower[first])
    meet = (lowest[first] <= highest[second]) & (lowest[second] <= highest[first])
    is_relevant = divided[first] & divided[second] & differ & meet
    missing = panel.unknown.missing
    not_stated = missing[first] | missing[second]
    return outcomes(is_relevant & ~not_stated, is_relevant & not_stated)


def _shares_with_unknown(*pair: Result) -> Facts:
    texts = [_percent(_with_unknown(own.panel.take([own.position]))) for own in pair]
    return dict(zip(("first", "second"), texts, strict=True))


def _sum(panel: Panel, *_: object) -> Codes:
    shares, difference = _is_divided(panel), panel.discrepancy
    exclusive = panel.base.table(lambda base: base.overlap is Overlap.EXCLUSIVE, np.bool_)
    not_stated = panel.base.table(lambda base: base.overlap is Overlap.NOT_STATED, np.bool_)
    differs = (difference.lower > 0) | (difference.upper < 0)
    unknown = not_stated | (exclusive & difference.missing)
    return outcomes(shares & exclusive & differs, shares & unknown)


def _sum_facts(number: Result) -> Facts:
    difference = number.discrepancy or Interval.point(0)
    text = count(difference) if number.printed is None else percent(difference)
    return {"dimension": dimension_label(number.base.dimension), "difference": text}


def _open_sum(number: Result) -> Facts:
    if number.base.overlap is not Overlap.NOT_STATED:
        return {}
    return {"case": "overlap", "dimension": dimension_label(number.base.dimension)}


def _response(panel: Panel, *_: object) -> Codes:
    """Return a failure if categories overlap: a note for shares of responses and for counts.

    Where a source does not state it, ADDITIVITY applies.
    """
    overlapping = panel.base.table(lambda base: base.overlap is Overlap.OVERLAPPING, np.bool_)
    of_persons = panel.base.table(lambda base: base.rule != "responses", np.bool_)
    return outcomes(overlapping, caution=is_share(panel) & of_persons)


def _response_facts(number: Result) -> Facts:
    excess = number.panel.excess[number.position]
    dimension = dimension_label(number.base.dimension or [name for name, _ in number.category])
    if excess is None or not excess.areas:
        return {"dimension": dimension}
    areas = ", ".join(excess.areas)
    return {"case": "excess", "dimension": dimension, "excess": excess, "areas": areas}


def _total_base(number: Result) -> Base | None:
    """Return the base of a share of all persons."""
    base = number.base
    is_share = number.kind is ResultKind.SHARE and base.dimension
    return base if is_share and base.rule == "all" else None


def _same_response(first: Base, second: Base) -> Outcome:
    overlaps = {first.overlap, second.overlap} - {Overlap.NOT_STATED}
    return failure(first.dimension == second.dimension and len(overlaps) > 1)


RULES = (
    library_rule(
        "CLASSIFICATION.number",
        of=Property(_PLACED[:-1], lambda own: _noted(_categories(own))),
        facts=_listed,
    ),
    library_rule(
        "CLASSIFICATION.pair",
        of=Property(_PLACED, _placement),
        judge=_same_placement,
        facts=lambda first, second: _listed(_shared(first, second)),
    ),
    library_rule("AGE.number", of=_AGES, judge=lambda ages: all_equal(ages.concepts)),
    library_rule("AGE.pair", of=_AGES, judge=_same_ages, presumed=bool),
    library_rule("UNKNOWN.number", codes=_unknown, facts=_unknown_facts),
    library_rule("UNKNOWN.pair", codes=_reversal, facts=_shares_with_unknown),
    library_rule("ADDITIVITY.number", codes=_sum, facts=_sum_facts, open_facts=_open_sum),
    library_rule("MULTIPLE_RESPONSE.number", codes=_response, facts=_response_facts),
    library_rule(
        "MULTIPLE_RESPONSE.pair",
        of=Property(("kind", "base"), _total_base),
        judge=_same_response,
        facts=lambda first, _: {"dimension": dimension_label(first.dimension)},
    ),
)
"""The rules of these families."""
