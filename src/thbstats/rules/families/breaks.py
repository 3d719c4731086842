"""Breaks in time series."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import groupby

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.geography import COMPOSITIONS
from thbstats.panel import Message, Outcome, Panel, Result
from thbstats.records import CountingRules
from thbstats.rules.catalogue import library_rule
from thbstats.rules.documentation import applicable_to_both
from thbstats.rules.pairs import Pairs, PanelColumn
from thbstats.rules.rule import (
    Codes,
    Evidence,
    Rule,
    Thresholds,
    Wording,
    cautions,
    outcomes,
    per_kind,
    wording,
)
from thbstats.values import Period, flag_mask
from thbstats.vocabulary import Exploitation, Offence

__all__ = ["documented_rules"]

_Documents = tuple[CountingRules, ...]
_Sides = tuple[Coded[_Documents], Coded[_Documents]]

_FLAG = np.uint32(flag_mask("b"))

_LAW, _LAW_DAY = "Directive (EU) 2024/1712", "2026-07-15"
"""Since the day by which it is transposed, Directive 2011/36/EU names more forms and an offence."""

_BOUND = COMPOSITIONS["EU27_2020"].members - {"DK"}
_NEW_IN_LAW: Mapping[str, frozenset[str]] = {
    "exploitation": frozenset(
        (Exploitation.FORCED_MARRIAGE, Exploitation.ILLEGAL_ADOPTION, Exploitation.SURROGACY)
    ),
    "offence": frozenset((Offence.USE_OF_SERVICES,)),
}
_LISTED = 3


@frozen(order=True)
class _Break:
    """A break in the time series of an area."""

    area: str
    day: str
    source: str = "flag b"


@frozen
class _Span:
    """A number in time: its areas, its period and the breaks in its series."""

    areas: frozenset[str]
    period: Period
    breaks: frozenset[_Break]


def _span(sides: _Sides, number: Result) -> _Span:
    area = number.area
    flagged = [_Break(position, _first_day(period)) for position, period in number.breaks]
    documented = (
        _Break(rules.reporter or area.code, day.isoformat(), str(rules.source))
        for side in sides
        for rules in side[number.position]
        for day in _turns(rules)
    )
    law = [_Break(position, _LAW_DAY, _LAW) for position in area.members & _BOUND]
    if not _is_named((*number.category, *number.numerator_kind.attributes)):
        law = []
    return _Span(
        frozenset({area.code, *area.members}),
        number.period,
        frozenset((*flagged, *_flagged_here(number), *documented, *law)),
    )


def _is_named(codes: Iterable[tuple[str, str]]) -> bool:
    return any(code in _NEW_IN_LAW.get(name, ()) for name, code in codes)


def _is_new_in_law(panel: Panel) -> NDArray[np.bool_]:
    """Return the numbers of forms and offences that a new law added."""
    is_new = panel.category.table(_is_named, np.bool_)
    is_new = is_new | panel.numerator_kind.table(lambda kind: _is_named(kind.attributes), np.bool_)
    if is_new.any():
        is_new = is_new & panel.area.table(lambda area: bool(area.members & _BOUND), np.bool_)
    return np.asarray(is_new, dtype=np.bool_)


def _span_of(documents: _Documents, number: Result) -> _Span:
    alone = number.panel.take([number.position])
    return _span(applicable_to_both(documents, alone, ever=True), alone.row(0))


@lru_cache(maxsize=4096)
def _first_day(period: str) -> str:
    return _start(Period.parse(period))


def _start(period: Period) -> str:
    return "" if period.start is None else period.start.isoformat()


def _turns(rules: CountingRules) -> list[date]:
    """Return the first day of counting rules and the day after their last."""
    ends = (rules.valid_from, rules.valid_to and rules.valid_to + timedelta(days=1))
    return [day for day in ends if day is not None]


def _flagged_here(number: Result) -> frozenset[_Break]:
    """Return the breaks that a source flags at the number itself."""
    if "b" not in number.flags:
        return frozenset()
    day = _start(number.period)
    breaks = [_Break(area, day) for area, period in number.breaks if _first_day(period) == day]
    return frozenset(breaks or [_Break(number.area.code, day)])


def _is_within(documents: _Break, span: _Span) -> bool:
    """Return whether a number has days on both sides of a break."""
    start, end = span.period.start, span.period.end
    if start is None or end is None:
        return False
    if documents.day == start.isoformat():
        # A flag at a number of several years can mean a break in any of them.
        return documents.source == "flag b" and (span.period.years or 0) > 1
    return start.isoformat() < documents.day <= end.isoformat()


def _is_flagged(panel: Panel) -> NDArray[np.bool_]:
    return np.asarray((panel.flags & _FLAG) != 0, dtype=np.bool_)


def _documented(documents: _Documents, panel: Panel) -> tuple[_Sides, NDArray[np.bool_]]:
    """Return the counting rules of any time, and where a series has a break."""
    sides = applicable_to_both(documents, panel, ever=True)
    has_break = panel.breaks.table(bool, np.bool_) | _is_flagged(panel) | _is_new_in_law(panel)
    for side in sides:
        has_break = has_break | side.table(lambda rules: any(map(_turns, rules)), np.bool_)
    return sides, has_break


def _has_break_within(documents: _Documents, panel: Panel) -> NDArray[np.bool_]:
    """Return where a number has days on both sides of a break."""
    sides, has_break = _documented(documents, panel)
    rows = np.flatnonzero(has_break)
    if len(rows):
        some, (counted, against) = panel.take(rows), (side.take(rows) for side in sides)
        columns: list[PanelColumn] = [
            *("period", "breaks", "area", "category", "numerator_kind"),
            *(some.flags & _FLAG, counted, against),
        ]

        def is_within(number: Result) -> bool:
            span = _span((counted, against), number)
            return any(_is_within(item, span) for item in span.breaks)

        has_break[rows] = per_kind(some, columns, is_within)
    return has_break


def _wording_number(documents: _Documents, number: Result, *_: object) -> Wording:
    span, flagged_here = _span_of(documents, number), _flagged_here(number)
    within = {item for item in span.breaks if _is_within(item, span)}
    name = "fail" if within else "flag"
    return wording(name, _evidence(sorted(within | flagged_here)), period=number.period)


def _evidence(breaks: Iterable[_Break]) -> Evidence:
    values: list[tuple[str, object]] = []
    for text, group in groupby(breaks, lambda own: f"{own.day or 'not stated'} ({own.source})"):
        areas: list[str] = [own.area for own in group]
        if _LAW in text and len(areas) > _LISTED:
            areas = [Message("{n} countries", n=len(areas))]
        values += [(area, text) for area in areas]
    return tuple(values)


def _check_pair(documents: _Documents, pairs: Pairs, _limits: Thresholds) -> Codes:
    sides, has_break = _documented(documents, pairs.panel)
    codes = np.ones(len(pairs), dtype=np.int8)
    some = np.flatnonzero(has_break[pairs.first] | has_break[pairs.second])
    if not len(some):
        return codes
    chosen = pairs.take(some)
    areas = chosen.keys(
        ["area"], lambda number: frozenset({number.area.code, *number.area.members})
    )
    common = chosen.by_key(areas, lambda first, second: not first.isdisjoint(second)) == 1
    some, chosen = some[common], chosen.take(common)
    flags = pairs.panel.flags & _FLAG
    spans = chosen.keys(
        ["area", "period", "breaks", "category", "numerator_kind", flags, *sides],
        lambda number: _span(sides, number),
    )
    codes[some] = chosen.by_key(spans, _unbroken)
    return codes


def _shared(first: _Span, second: _Span) -> list[_Break]:
    """Return the breaks in the series of both numbers."""
    areas = first.areas & second.areas
    return sorted(own for own in first.breaks | second.breaks if own.area in areas)


def _unbroken(first: _Span, second: _Span) -> Outcome:
    shared = _shared(first, second)
    if not shared or first.period == second.period:
        return Outcome.PASS
    days = [_start(first.period), _start(second.period), *(own.day for own in shared)]
    if not all(days):
        return Outcome.NOT_ASSESSABLE
    return Outcome.FAIL if _between(first, second) else Outcome.PASS


def _between(first: _Span, second: _Span) -> list[_Break]:
    """Return the breaks between the periods of two numbers."""
    earlier, later = sorted((first, second), key=lambda span: _start(span.period))
    start, end = _start(earlier.period), str(later.period.end)
    return [
        own for own in _shared(first, second) if start < own.day <= end or _is_within(own, earlier)
    ]


def documented_rules(documents: _Documents) -> tuple[Rule, ...]:
    """Return the rules of this family, with counting rules that a user documents."""
    return (
        library_rule(
            "BREAK.number",
            documents=documents,
            check=lambda panel, _: outcomes(
                _is_flagged(panel) | _has_break_within(documents, panel)
            ),
            wording=partial(_wording_number, documents),
            severity=lambda panel, _: cautions(_has_break_within(documents, panel)),
        ),
        library_rule(
            "BREAK.pair",
            documents=documents,
            check=partial(_check_pair, documents),
            evidence=lambda first, second: _evidence(
                _between(_span_of(documents, first), _span_of(documents, second))
            ),
        ),
    )
