"""Denominators: different denominators, and small ones."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.display import count, percent
from thbstats.panel import Base, CountKind, Message, Outcome, Panel, Result, ResultKind
from thbstats.rules.catalogue import library_rule
from thbstats.rules.families._kinds import both_numbers
from thbstats.rules.rule import (
    Codes,
    Thresholds,
    Wording,
    all_equal,
    by_key,
    cautions,
    outcomes,
    wording,
    worst_outcome,
)
from thbstats.vocabulary import Overlap

__all__ = ["RULES"]

# The attributes that identify a flow. Other attributes have rules of their own.
_FLOW = ("stage", "measure", "outcome", "body", "kind")

_Key = tuple[ResultKind, CountKind, CountKind, tuple[object, ...] | None]

_EVENTS = frozenset((ResultKind.PER_100_000, ResultKind.PER_MILLION))
_DIVIDED = frozenset(
    (
        *(ResultKind.SHARE, ResultKind.RATIO, ResultKind.PER_100),
        *(ResultKind.RELATIVE_CHANGE, ResultKind.DIFFERENCE),
    )
)


def _key(number: Result) -> _Key:
    return number.kind, number.numerator_kind, number.denominator_kind, _divisor(number.base)


def _divisor(base: Base) -> tuple[object, ...] | None:
    """Return the properties that identify a base, if it is stated."""
    if base.rule == "not_stated":
        return None
    by_categories = base.rule in ("known", "mentions")
    return base.rule, base.within, (base.dimension, base.overlap) if by_categories else ()


def _same_flow(first: CountKind, second: CountKind) -> Outcome:
    pairs = [(first.get(name), second.get(name)) for name in _FLOW]
    return worst_outcome(
        all_equal([first.kind, second.kind]), *(all_equal(pair) for pair in pairs if any(pair))
    )


def _one_base(first: _Key, second: _Key) -> Outcome:
    if None in (first[3], second[3]):
        return Outcome.NOT_ASSESSABLE
    return Outcome.PASS if first[3] == second[3] else Outcome.FAIL


_QUESTIONS: tuple[tuple[Callable[[_Key, _Key], Outcome], str, str], ...] = (
    (
        lambda first, second: all_equal([first[0], second[0]]),
        "the two numbers are of different kinds",
        "",
    ),
    (
        lambda first, second: worst_outcome(*map(_same_flow, first[1:3], second[1:3])),
        "the two numbers count different things",
        "the source does not state what is counted",
    ),
    (_one_base, "the two numbers have different denominators", "a denominator is not stated"),
)


def _same(first: _Key, second: _Key) -> Outcome:
    return worst_outcome(*(question(first, second) for question, _, _ in _QUESTIONS))


def _wording_bases(first: Result, second: Result, _limits: Thresholds, outcome: Outcome) -> Wording:
    fails = outcome is Outcome.FAIL
    reason = next(
        failed if fails else missing
        for question, failed, missing in _QUESTIONS
        if question(_key(first), _key(second)) is outcome
    )
    # Whether the two differ in overlap only.
    left, right = (
        (*_key(number)[:3], _divisor(evolve(number.base, overlap=Overlap.OVERLAPPING)))
        for number in (first, second)
    )
    name = "open"
    if fails:
        name = "overlap" if _same(left, right) is Outcome.PASS else "fail"
    return wording(name, both_numbers(_label)(first, second), reason=reason)


def _label(number: Result) -> str:
    kind, base = number.kind.replace("_", " "), number.base
    if base.rule == "none":
        return Message("{kind} of {counted}", kind=kind, counted=number.numerator_kind.label)
    if base.rule == "series":
        return Message(
            "{counted} over {base}", counted=number.numerator_kind.label, base=base.label
        )
    if base.overlap is Overlap.EXCLUSIVE:
        return Message("{kind} of {base}", kind=kind, base=base.label)
    overlap = base.overlap.label.lower()
    return Message("{kind} of {base}, {overlap}", kind=kind, base=base.label, overlap=overlap)


def _decisive(panel: Panel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bounds of the decisive count.

    It is the denominator, the numerator of a rate, and the larger count of a change.
    """
    numerator, denominator = panel.numerator, panel.denominator
    bounds = denominator.lower, denominator.upper
    if {panel.kind.categories[code] for code in panel.kind.present} <= _DIVIDED:
        return bounds
    divided = panel.kind.table(_DIVIDED.__contains__, np.bool_)
    events = panel.kind.table(_EVENTS.__contains__, np.bool_)
    change = panel.kind.table(lambda own: own is ResultKind.CHANGE, np.bool_)
    lower, upper = (
        np.select([divided, events, change], [below, above, np.fmax(above, below)], np.inf)
        for above, below in zip((numerator.lower, numerator.upper), bounds, strict=True)
    )
    return lower, upper


def _check_size(panel: Panel, limits: Thresholds) -> Codes:
    lower, upper = _decisive(panel)
    limit = float(limits.small_note)
    return outcomes(upper < limit, ~(lower >= limit))


def _wording_size(number: Result, limits: Thresholds, outcome: Outcome) -> Wording:
    events, change = number.kind in _EVENTS, number.kind is ResultKind.CHANGE
    if outcome is Outcome.NOT_ASSESSABLE:
        name = "open_rate" if events else "open_change" if change else "open"
        return wording(name, limit=count(limits.small_note))
    if change:
        earlier, later = count(number.denominator), count(number.numerator)
        return wording(
            "change", (("earlier", earlier), ("later", later)), earlier=earlier, later=later
        )
    counts = number.numerator if events else number.denominator
    n = count(counts)
    evidence = (("cases", n),) if events else (("denominator", n),)
    if not counts.upper:
        return wording("zero_rate" if events else "zero", evidence, n=n)
    share = percent(Fraction(1, counts.upper))
    return wording("rate" if events else "fail", evidence, n=n, share=share)


RULES = (
    library_rule(
        "BASE.number",
        lambda panel, _: panel.base.table(lambda base: base.rule != "not_stated", np.int8),
        evidence=lambda number: (("denominator", number.base.label),),
    ),
    library_rule(
        "BASE.pair",
        by_key(["kind", "numerator_kind", "denominator_kind", "base"], _key, _same),
        _wording_bases,
    ),
    library_rule(
        "SMALL_DENOMINATOR.number",
        _check_size,
        _wording_size,
        severity=lambda panel, limits: cautions(_decisive(panel)[1] <= float(limits.small_caution)),
    ),
)
