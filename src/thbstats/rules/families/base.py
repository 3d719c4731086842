"""BASE: the denominator of a number."""

import numpy as np
from attrs import evolve

from thbstats.panel import Base, CountKind, Message, Outcome, Panel, Result, ResultKind, Severity
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Codes, Finding, alike, library_rule, outcomes, worst
from thbstats.rules.thresholds import Thresholds
from thbstats.vocabulary import Overlap

__all__ = ["RULES"]

# The attributes that identify a flow. Other attributes have rules of their own.
_FLOW = ("stage", "measure", "outcome", "body", "kind")

_Key = tuple[ResultKind, CountKind, CountKind, tuple[object, ...] | None]


def _check_number(panel: Panel, _limits: Thresholds) -> Codes:
    missing = panel.base.table(lambda base: base.rule == "not_stated", np.bool_)
    return outcomes(np.zeros(len(panel), dtype=np.bool_), missing)


def _words_number(number: Result, _limits: Thresholds, _outcome: Outcome) -> Finding:
    return Finding(
        message="the source does not state the denominator",
        evidence=(("denominator", number.base.label),),
        hint="Ask for the denominator, or audit which denominators are possible",
    )


def _key(number: Result) -> _Key:
    return number.kind, number.counted, number.against, _divisor(number.base)


def _divisor(base: Base) -> tuple[object, ...] | None:
    """Return the properties that identify a base; ``None`` if it is not stated."""
    if base.rule == "not_stated":
        return None
    by_categories = base.rule in ("recorded", "mentions")
    return base.rule, base.within, (base.dimension, base.overlap) if by_categories else ()


def _one_kind(first: _Key, second: _Key) -> Outcome:
    return alike([first[0], second[0]])


def _one_flow(first: _Key, second: _Key) -> Outcome:
    return worst(_same_flow(first[1], second[1]), _same_flow(first[2], second[2]))


def _same_flow(one: CountKind, two: CountKind) -> Outcome:
    pairs = [(one.get(name), two.get(name)) for name in _FLOW]
    return worst(alike([one.kind, two.kind]), *(alike(pair) for pair in pairs if any(pair)))


def _one_base(first: _Key, second: _Key) -> Outcome:
    if None in (first[3], second[3]):
        return Outcome.NOT_ASSESSABLE
    return Outcome.HOLDS if first[3] == second[3] else Outcome.FAILS


_FAILS = "{reason}: their difference has no meaning of its own"
_OPEN = "{reason}: their difference may have no meaning of its own"
_QUESTIONS = (
    (_one_kind, "the two numbers are of different kinds", ""),
    (
        _one_flow,
        "the two numbers count different things",
        "the source does not state what is counted",
    ),
    (_one_base, "the two numbers have different denominators", "a denominator is not stated"),
)


def _same(first: _Key, second: _Key) -> Outcome:
    return worst(*(question(first, second) for question, _, _ in _QUESTIONS))


def _check_pair(pairs: Pairs, _limits: Thresholds) -> Codes:
    return pairs.by_key(pairs.keys(["kind", "counted", "against", "base"], _key), _same)


def _words_pair(first: Result, second: Result, _limits: Thresholds, outcome: Outcome) -> Finding:
    fails = outcome is Outcome.FAILS
    reason = next(
        failed if fails else missing
        for question, failed, missing in _QUESTIONS
        if question(_key(first), _key(second)) is outcome
    )
    return Finding(
        message=Message(_FAILS if fails else _OPEN, reason=reason),
        evidence=(("first", _shown(first)), ("second", _shown(second))),
        hint='Find out how both were counted; if both can overlap, pass overlap="overlapping"'
        if fails and _differ_in_overlap_only(first, second)
        else "Compute both from the same counts, with the same denominator",
    )


def _differ_in_overlap_only(first: Result, second: Result) -> bool:
    one, two = (
        (*_key(number)[:3], _divisor(evolve(number.base, overlap=Overlap.OVERLAPPING)))
        for number in (first, second)
    )
    return _same(one, two) is Outcome.HOLDS


def _shown(number: Result) -> str:
    kind, base = number.kind.replace("_", " "), number.base
    if base.rule == "none":
        return Message("{kind} of {counted}", kind=kind, counted=number.counted.label)
    if base.rule == "series":
        return Message("{counted} over {base}", counted=number.counted.label, base=base.label)
    if base.overlap is Overlap.EXCLUSIVE:
        return Message("{kind} of {base}", kind=kind, base=base.label)
    overlap = base.overlap.label.lower()
    return Message("{kind} of {base}, {overlap}", kind=kind, base=base.label, overlap=overlap)


RULES = (
    library_rule(
        "BASE.number",
        check=_check_number,
        severity=Severity.CAUTION,
        words=_words_number,
        essential=True,
    ),
    library_rule(
        "BASE.pair",
        check=_check_pair,
        severity=Severity.BLOCKING,
        words=_words_pair,
        essential=True,
    ),
)
