"""Reference periods, and breaks in time series."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.display import count
from thbstats.geography import COMPOSITIONS
from thbstats.languages import Message
from thbstats.panel import Outcome, Panel, Result, ResultKind, Severity
from thbstats.records import CountingRules
from thbstats.rules.catalogue import Documents, Facts, Property, filled, library_rule
from thbstats.rules.documentation import SIDES, applicable_to_both, concerned
from thbstats.rules.pairs import FLOWS, Pairs, PanelColumn
from thbstats.rules.rule import Codes, Thresholds, failure, outcomes, passes, severity_of
from thbstats.values import Certainty, Period, flag_mask
from thbstats.vocabulary import Exploitation, Offence

_DAY = timedelta(days=1)


_Dates = tuple[Period, tuple[Period, ...]]
"""A period, and the population counts outside it."""

_Shape = tuple[Period, bool]
"""A period, and whether its number is a count."""


def _dates(number: Result) -> _Dates:
    period, inhabitants = number.period, number.inhabitants
    if inhabitants is None or period.end is None:
        return period, ()
    after = period.end + _DAY
    return period, tuple(
        counted
        for counted in inhabitants.counted
        if not period.covers(counted) and counted.start != after
    )


def _is_whole(dates: _Dates) -> Outcome | Severity:
    period, outside = dates
    exact = period.certainty is Certainty.EXACT
    if outside or (exact and period.years is None and not period.is_part_of_year):
        return severity_of(outside)
    return Outcome.PASS if exact else Outcome.NOT_ASSESSABLE


def _facts_of_dates(dates: _Dates) -> Facts:
    period, outside = dates
    if not outside:
        return {"length": period.days}
    days = tuple(str(item.start) if item.days == 1 else str(item) for item in outside)
    return {"case": "population", "days": days, "population": ", ".join(days)}


def _same_shape(first: _Shape, second: _Shape) -> Outcome | Severity:
    if not first[0].certainty == second[0].certainty == Certainty.EXACT:
        return Outcome.NOT_ASSESSABLE
    if first[0] == second[0] or not _differences(first[0], second[0]):
        return Outcome.PASS
    blocks = (first[1] or second[1]) and not _same_length(first[0], second[0])
    return Severity.BLOCKING if blocks else Severity.CAUTION


def _differences(first: Period, second: Period) -> list[str]:
    # Parts of a year, such as quarters, start on different days by their nature.
    parts = all(own.years is None and (own.days or 0) < 365 for own in (first, second))
    starts = {own.start and (own.start.month, own.start.day) for own in (first, second)}
    texts = {
        "{first} has {days} days and {second} has {others}": not _same_length(first, second),
        "{first} and {second} overlap": first.overlaps(second),
        "the years start on different days": not parts and len(starts) > 1,
    }
    values: dict[str, object] = {"first": first, "second": second}
    values |= {"days": count(first.days or 0), "others": count(second.days or 0)}
    return [filled(text, values) for text, applies in texts.items() if applies]


def _same_length(first: Period, second: Period) -> bool:
    """Return whether two periods have the same number of years, months or days."""
    if first.years is not None and second.years is not None:
        return first.years == second.years
    months = _months(first), _months(second)
    if None not in months:
        return months[0] == months[1]
    return first.days == second.days


def _months(period: Period) -> int | None:
    """Return the number of calendar months, if the period consists of whole months."""
    start, end = period.start, period.end
    if start is None or end is None or start.day != 1 or end == date.max:
        return None
    after = end + _DAY
    return None if after.day != 1 else 12 * (after.year - start.year) + after.month - start.month


# Breaks

_FLAG = np.uint32(flag_mask("b"))

_LAW, _LAW_DAY = "Directive (EU) 2024/1712", "2026-07-15"
"""Since the day by which it is transposed, Directive 2011/36/EU names more forms and an offence.

It entered into force on 14 July 2024. A state that transposed it earlier can document its day with
`CountingRules`.
"""

_BOUND = COMPOSITIONS["EU27_2020"].members - {"DK"}
_NEW_IN_LAW: Mapping[str, frozenset[str]] = {
    "exploitation": frozenset(
        (Exploitation.FORCED_MARRIAGE, Exploitation.ILLEGAL_ADOPTION, Exploitation.SURROGACY)
    ),
    "offence": frozenset((Offence.USE_OF_SERVICES,)),
}
_WIDENED = frozenset((Exploitation.TOTAL, Exploitation.OTHER, Exploitation.OTHER_OTHER))
"""The categories of forms that include the new ones."""
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
    flagged: frozenset[_Break]
    """The breaks that a source flags at the number itself."""

    def contains(self, own: _Break) -> bool:
        """Return whether the number has days on both sides of a break."""
        start, end = self.period.start, self.period.end
        if start is None or end is None:
            return False
        if own.day == start.isoformat():
            # A flag at a number of several years can mean a break in any of them.
            return own.source == "flag b" and (self.period.years or 0) > 1
        return start.isoformat() < own.day <= end.isoformat()

    @property
    def within(self) -> list[_Break]:
        """The breaks within the number."""
        return [own for own in self.breaks if self.contains(own)]


def _span(number: Result, flag: int, *sides: Documents) -> _Span:
    area, period = number.area, number.period
    breaks = [_Break(name, _first_day(day)) for name, day in number.breaks]
    here: list[_Break] = []
    if flag:
        day = _start(period)
        here = [own for own in breaks if own.day == day] or [_Break(area.code, day)]
    documented = (
        _Break(rules.reporter or area.code, day.isoformat(), str(rules.source))
        for side in sides
        for rules in side
        for day in _turns(rules)
    )
    bound = area.countries & _BOUND if _is_defined_by_law(number) else ()
    law = (_Break(name, _LAW_DAY, _LAW) for name in bound)
    every = frozenset((*breaks, *here, *documented, *law))
    return _Span(_areas(number), period, every, frozenset(here))


def _is_named(codes: Iterable[tuple[str, str]]) -> bool:
    return any(code in _NEW_IN_LAW.get(name, ()) for name, code in codes)


def _is_defined_by_law(number: Result) -> bool:
    """Return whether the law changes the definition of a number.

    A number that includes new forms, such as all victims, needs days on which they are law.
    """
    if _is_named((*number.category, *number.numerator_kind.attributes)):
        return True
    if not _is_late(number.period):
        return False
    within = number.base.within
    sides = [(number.numerator_kind, (*within, *number.category))]
    if number.kind in (ResultKind.SHARE, *FLOWS):
        sides.append((number.denominator_kind, within))
    forms = ((kind, dict(codes).get("exploitation", Exploitation.TOTAL)) for kind, codes in sides)
    return any(kind.kind in ("victims", "justice") and form in _WIDENED for kind, form in forms)


def _is_late(period: Period) -> bool:
    """Return whether a period has days during which the law is transposed."""
    return period.end is not None and period.end.isoformat() >= _LAW_DAY


@lru_cache(maxsize=4096)
def _first_day(period: str) -> str:
    return _start(Period.parse(period))


def _start(period: Period) -> str:
    return "" if period.start is None else period.start.isoformat()


def _turns(rules: CountingRules) -> list[date]:
    """Return the first day of counting rules, and the day after their last day."""
    ends = (rules.valid_from, rules.valid_to and rules.valid_to + _DAY)
    return [day for day in ends if day is not None]


def _has_break(documents: Documents, panel: Panel) -> NDArray[np.bool_]:
    """Return where a series has a break."""
    is_new = panel.category.table(_is_named, np.bool_)
    is_new |= panel.numerator_kind.table(lambda kind: _is_named(kind.attributes), np.bool_)
    is_new |= panel.period.table(_is_late, np.bool_)
    if is_new.any():
        is_new &= panel.area.table(lambda area: bool(area.countries & _BOUND), np.bool_)
    has_break = panel.breaks.table(bool, np.bool_) | ((panel.flags & _FLAG) != 0) | is_new
    for side in _rules_of_any_time(documents, panel):
        has_break |= side.table(lambda rules: any(map(_turns, rules)), np.bool_)
    return np.asarray(has_break, dtype=np.bool_)


def _rules_of_any_time(documents: Documents, panel: Panel) -> Sequence[Coded[Documents]]:
    """Return the counting rules of both sides, if some begin or end."""
    if not any(map(_turns, concerned(documents, panel))):
        return ()
    return applicable_to_both(documents, panel, ever=True)


def _columns_of_span(documents: Documents, panel: Panel) -> Sequence[PanelColumn]:
    columns = ("period", "breaks", "area", "category", "base", "kind", *SIDES)
    return [*columns, panel.flags & _FLAG, *_rules_of_any_time(documents, panel)]


_SPANS = Property(_columns_of_span, _span)


def _breaks_within(panel: Panel, _limits: Thresholds, documents: Documents) -> Codes:
    """Return caution for numbers with days on both sides of a break, and a note for a flag."""
    within = _has_break(documents, panel)
    rows = np.flatnonzero(within)
    if len(rows):
        group, spans = _SPANS.groups(documents, panel.take(rows))
        within[rows] = np.array([bool(span.within) for span in spans], dtype=np.bool_)[group]
    return outcomes(within | ((panel.flags & _FLAG) != 0), caution=within)


def _break_facts(span: _Span) -> Facts:
    case = "fail" if span.within else "flag"
    return {"case": case, "evidence": _evidence({*span.within, *span.flagged})}


def _evidence(breaks: Iterable[_Break]) -> list[tuple[str, str]]:
    values = []
    by_text = groupby(sorted(breaks), lambda own: f"{own.day or 'not stated'} ({own.source})")
    for text, group in by_text:
        areas: list[str] = [own.area for own in group]
        if _LAW in text and len(areas) > _LISTED:
            areas = [Message("{n} countries", n=len(areas))]
        values += [(area, text) for area in areas]
    return values


def _areas(number: Result) -> frozenset[str]:
    return frozenset({number.area.code, *number.area.members})


def _breaks_between(pairs: Pairs, _limits: Thresholds, documents: Documents) -> Codes:
    has_break = _has_break(documents, pairs.panel)
    codes = passes(pairs)
    some = np.flatnonzero(has_break[pairs.first] | has_break[pairs.second])
    if len(some):
        chosen = pairs.take(some)
        areas = chosen.keys(["area"], _areas)
        common = chosen.by_key(areas, lambda first, second: not first.isdisjoint(second)) == 1
        spans = _SPANS.of_all(documents, pairs.panel)
        codes[some[common]] = chosen.take(common).by_key(spans, _unbroken)
    return codes


def _shared(first: _Span, second: _Span) -> list[_Break]:
    """Return the breaks in the series of both numbers."""
    areas = first.areas & second.areas
    return [own for own in first.breaks | second.breaks if own.area in areas]


def _unbroken(first: _Span, second: _Span) -> Outcome:
    shared = _shared(first, second)
    if not shared or first.period == second.period:
        return Outcome.PASS
    days = [_start(first.period), _start(second.period), *(own.day for own in shared)]
    if not all(days):
        return Outcome.NOT_ASSESSABLE
    return failure(_between(first, second))


def _between(first: _Span, second: _Span) -> list[_Break]:
    """Return the breaks between the periods of two numbers."""
    earlier, later = sorted((first, second), key=lambda span: _start(span.period))
    start, end = _start(earlier.period), str(later.period.end)
    return [
        own for own in _shared(first, second) if start < own.day <= end or earlier.contains(own)
    ]


RULES = (
    library_rule(
        "PERIOD.number",
        of=Property(("period", "inhabitants"), _dates),
        judge=_is_whole,
        facts=_facts_of_dates,
    ),
    library_rule(
        "PERIOD.pair",
        of=Property(("period", "kind"), lambda own: (own.period, own.kind is ResultKind.COUNT)),
        judge=_same_shape,
        facts=lambda first, second: {"differences": _differences(first[0], second[0])},
    ),
    library_rule("BREAK.number", of=_SPANS, codes=_breaks_within, facts=_break_facts),
    library_rule(
        "BREAK.pair",
        of=_SPANS,
        codes=_breaks_between,
        facts=lambda first, second: {"evidence": _evidence(_between(first, second))},
    ),
)
"""The rules of these families."""
