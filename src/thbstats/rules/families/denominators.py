"""Denominators: different denominators, and small denominators."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from attrs import evolve

from thbstats.display import count, percent
from thbstats.panel import Base, CountKind, Outcome, Panel, Result, ResultKind
from thbstats.rules.catalogue import Facts, Property, filled, library_rule
from thbstats.rules.rule import Codes, Thresholds, all_equal, failure, outcomes, worst_outcome
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

# The attributes that identify a flow. Other attributes have rules of their own.
_FLOW = ("stage", "measure", "outcome", "body", "kind")

_Quotient = tuple[ResultKind, CountKind, CountKind, Base]

_quotients = Property(
    ("kind", "numerator_kind", "denominator_kind", "base"),
    lambda number: (number.kind, number.numerator_kind, number.denominator_kind, number.base),
)

_EVENTS = frozenset((ResultKind.PER_100_000, ResultKind.PER_MILLION))
_DIVIDED = frozenset(
    (
        *(ResultKind.SHARE, ResultKind.RATIO, ResultKind.PER_100),
        *(ResultKind.RELATIVE_CHANGE, ResultKind.DIFFERENCE),
    )
)


def _divisor(base: Base) -> tuple[object, ...]:
    """Return the properties that identify a base."""
    by_categories = base.rule in ("known", "responses")
    return base.rule, base.within, (base.dimension, base.overlap) if by_categories else ()


def _same_flow(first: CountKind, second: CountKind) -> Outcome:
    pairs = [(first.get(name), second.get(name)) for name in _FLOW]
    return worst_outcome(
        all_equal([first.kind, second.kind]), *(all_equal(pair) for pair in pairs if any(pair))
    )


def _one_base(first: Base, second: Base) -> Outcome:
    if "not_stated" in (first.rule, second.rule):
        return Outcome.NOT_ASSESSABLE
    return failure(_divisor(first) != _divisor(second))


_QUESTIONS: tuple[tuple[Callable[[_Quotient, _Quotient], Outcome], str, str], ...] = (
    (
        lambda first, second: failure(first[0] is not second[0]),
        "the two numbers are of different kinds",
        "",
    ),
    (
        lambda first, second: worst_outcome(*map(_same_flow, first[1:3], second[1:3])),
        "the two numbers count different things",
        "the source does not state what is counted",
    ),
    (
        lambda first, second: _one_base(first[3], second[3]),
        "the two numbers have different denominators",
        "a denominator is not stated",
    ),
)


def _same(first: _Quotient, second: _Quotient) -> Outcome:
    return worst_outcome(*(question(first, second) for question, _, _ in _QUESTIONS))


def _facts(first: _Quotient, second: _Quotient) -> Facts:
    outcome = _same(first, second)
    reason = next(
        failed if outcome is Outcome.FAIL else missing
        for question, failed, missing in _QUESTIONS
        if question(first, second) is outcome
    )
    facts = {"first": _label(first), "second": _label(second), "reason": reason}
    # Whether the two differ in overlap only.
    overlapping = (
        (*own[:3], evolve(own[3], overlap=Overlap.OVERLAPPING)) for own in (first, second)
    )
    return facts | ({"case": "overlap"} if _same(*overlapping) is Outcome.PASS else {})


def _label(quotient: _Quotient) -> str:
    kind, counted, _, base = quotient
    template = "{kind} of {base}"
    if base.rule == "none":
        template = "{kind} of {counted}"
    elif base.rule == "series":
        template = "{counted} over {base}"
    elif base.overlap is not Overlap.EXCLUSIVE:
        template = "{kind} of {base}, {overlap}"
    labels = {"kind": kind.replace("_", " "), "counted": counted.label, "base": base.label}
    return filled(template, labels | {"overlap": base.overlap.label.lower()})


def _size(panel: Panel, limits: Thresholds, *_: object) -> Codes:
    """Return whether the denominator, the cases of a rate or a count of a change are small."""
    numerator, denominator = panel.numerator, panel.denominator
    lower, upper = denominator.lower, denominator.upper
    if not {panel.kind.categories[code] for code in panel.kind.present} <= _DIVIDED:
        divided = panel.kind.table(_DIVIDED.__contains__, np.bool_)
        events = panel.kind.table(_EVENTS.__contains__, np.bool_)
        change = panel.kind.table(lambda own: own is ResultKind.CHANGE, np.bool_)
        lower, upper = (
            np.select([divided, events, change], [below, above, np.fmax(above, below)], np.inf)
            for above, below in ((numerator.lower, lower), (numerator.upper, upper))
        )
    limit, serious = float(limits.small_note), float(limits.small_caution)
    is_serious, is_large = upper <= serious, (lower >= limit) & (lower > serious)
    return outcomes((upper < limit) | is_serious, ~is_large, caution=is_serious)


def _open_facts(number: Result) -> Facts:
    if number.kind is ResultKind.CHANGE:
        return {"case": "change"}
    return {"case": "rate"} if number.kind in _EVENTS else {}


def _size_facts(number: Result) -> Facts:
    above, below = number.numerator, number.denominator
    if number.kind is ResultKind.CHANGE:
        return {"case": "change", "earlier": count(below), "later": count(above)}
    is_rate = number.kind in _EVENTS
    cases = above if is_rate else below
    facts = {"n": count(cases), "cases" if is_rate else "denominator": count(cases)}
    if not cases.upper:
        return facts | {"case": "zero_rate" if is_rate else "zero"}
    most = Fraction(1, cases.lower) if cases.lower else None
    share = percent(Interval(Fraction(1, cases.upper), most))
    return facts | {"case": "rate" if is_rate else "fail", "share": share}


RULES = (
    library_rule(
        "BASE.number",
        of=Property(("base",), lambda own: own.base.rule),
        judge=lambda rule: Outcome.NOT_ASSESSABLE if rule == "not_stated" else Outcome.PASS,
    ),
    library_rule("BASE.pair", of=_quotients, judge=_same, facts=_facts, open_facts=_facts),
    library_rule(
        "SMALL_DENOMINATOR.number", codes=_size, facts=_size_facts, open_facts=_open_facts
    ),
)
"""The rules of these families."""
