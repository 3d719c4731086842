"""BREAK: breaks in time series."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.geography import Area
from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.records import CountingRules
from thbstats.rules.documentation import applicable_to_both
from thbstats.rules.pairs import Column, Pairs
from thbstats.rules.rule import Codes, Finding, Rule, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds
from thbstats.values import Period, flag_mask

__all__ = ["RULES", "documented_rules"]

Mask = NDArray[np.bool_]
_Days = tuple[int, ...]
_Breaks = frozenset[tuple[str, str]]
_Sides = tuple[Coded[tuple[CountingRules, ...]], Coded[tuple[CountingRules, ...]]]

_FLAG = np.uint32(flag_mask("b"))
_DAY = timedelta(days=1)


@frozen(order=True)
class _Break:
    """A break in the series of an area: its first day, empty if not stated, and its source."""

    area: str
    day: str
    source: str = "flag b"


@frozen
class _Span:
    """A number in time: its areas, its period and the breaks in its series."""

    areas: frozenset[str]
    period: Period
    breaks: frozenset[_Break]


@frozen(eq=False)
class _Questions:
    """The checks of this family, with counting rules that a user documents."""

    own: tuple[CountingRules, ...]

    def sides(self, panel: Panel) -> _Sides:
        """Return the counting rules of both sides, of any time."""
        return applicable_to_both(self.own, panel, ever=True)

    def span(self, sides: _Sides, number: Result) -> _Span:
        area = number.area
        documented = (
            _Break(rules.reporter or area.code, day.isoformat(), str(rules.source))
            for side in sides
            for rules in side[number.position]
            for day in _turns(rules)
        )
        return _Span(
            frozenset({area.code, *area.members}),
            number.period,
            frozenset((*_flagged(number), *_flagged_here(number), *documented)),
        )

    def span_of(self, number: Result) -> _Span:
        alone = number.panel.take([number.position])
        return self.span(self.sides(alone), alone.row(0))

    def check_number(self, panel: Panel, _limits: Thresholds) -> Codes:
        return outcomes(_is_flagged(panel) | self._within(panel))

    def severity_number(self, panel: Panel, _limits: Thresholds) -> Codes:
        return self._within(panel).astype(np.int8)

    def _within(self, panel: Panel) -> Mask:
        """Return where a number has days on both sides of a break."""
        here = _is_flagged(panel)
        flagged = here | _has_days(panel.breaks, _flagged_days)
        sides = self.sides(panel)
        documented = [_has_days(side, _documented_days) for side in sides]
        if not flagged.any() and not any(mask.any() for mask in documented):
            return flagged
        start = panel.period.table(lambda own: _ordinal(own.start), np.intp)
        end = panel.period.table(lambda own: _ordinal(own.end), np.intp)
        # A flag at a number of several years can stand for a break in any of them.
        several = panel.period.table(lambda own: (own.years or 0) > 1, np.bool_) & (start > 0)
        found: Mask = here & several
        days, rows = _entries(panel.breaks, _flagged_days)
        inside = (start[rows] < days) & (days <= end[rows])
        inside |= (start[rows] == days) & several[rows]
        found[rows[inside & (start[rows] > 0)]] = True
        for side in sides:
            days, rows = _entries(side, _documented_days)
            inside = (start[rows] < days) & (days <= end[rows]) & (start[rows] > 0)
            found[rows[inside]] = True
        return found

    def words_number(self, number: Result, _limits: Thresholds, _outcome: Outcome) -> Finding:
        span, here = self.span_of(number), _flagged_here(number)
        listed = [own for own in sorted(span.breaks) if own in here or _is_within(own, span)]
        return Finding(
            message=Message(
                "the time series has a break within {period}"
                if any(_is_within(own, span) for own in listed)
                else "the time series has a break at {period}",
                period=number.period,
            ),
            evidence=_evidence(listed),
            hint="Ask for a number counted in one way throughout, or start with the next year",
        )

    def check_pair(self, pairs: Pairs, _limits: Thresholds) -> Codes:
        panel = pairs.panel
        sides = self.sides(panel)
        has_break = panel.breaks.table(bool, np.bool_) | _is_flagged(panel)
        for side in sides:
            has_break = has_break | _has_days(side, _documented_days)
        codes = np.ones(len(pairs), dtype=np.int8)
        some = np.flatnonzero(has_break[pairs.first] | has_break[pairs.second])
        if not len(some):
            return codes
        chosen = pairs.take(some)
        near = chosen.by_key(chosen.keys(["area"], _area), _overlap) == 1
        some, chosen = some[near], chosen.take(near)
        columns: list[Column] = ["area", "period", "breaks", panel.flags & _FLAG, *sides]
        spans = chosen.keys(columns, lambda number: self.span(sides, number))
        codes[some] = chosen.by_key(spans, _unbroken)
        return codes

    def words_pair(
        self, first: Result, second: Result, _limits: Thresholds, outcome: Outcome
    ) -> Finding:
        if outcome is Outcome.NOT_ASSESSABLE:
            return Finding(message="whether the time series has a break between the two periods")
        return Finding(
            message="the time series has a break between the two periods",
            evidence=_evidence(_between(self.span_of(first), self.span_of(second))),
            hint="Compare numbers from the same side of the break",
        )


def _is_flagged(panel: Panel) -> Mask:
    """Return where the source flags a break at the number itself."""
    return np.asarray((panel.flags & _FLAG) != 0, dtype=np.bool_)


def _ordinal(day: date | None) -> int:
    return 0 if day is None else day.toordinal()


@lru_cache(maxsize=4096)
def _first_day(period: str) -> str:
    return _start(Period.parse(period))


def _start(period: Period) -> str:
    return "" if period.start is None else period.start.isoformat()


def _flagged_days(breaks: _Breaks) -> _Days:
    days = (_first_day(period) for _, period in breaks)
    return tuple(date.fromisoformat(day).toordinal() for day in days if day)


def _documented_days(rules: tuple[CountingRules, ...]) -> _Days:
    return tuple(day.toordinal() for entry in rules for day in _turns(entry))


def _turns(rules: CountingRules) -> list[date]:
    """Return the days on which counting rules begin, and on which others follow them."""
    ends = (rules.valid_from, rules.valid_to and rules.valid_to + _DAY)
    return [day for day in ends if day is not None]


def _has_days(column: Coded[Any], days_of: Callable[[Any], _Days]) -> Mask:
    return column.table(lambda own: bool(days_of(own)), np.bool_)


def _entries(
    column: Coded[Any], days_of: Callable[[Any], _Days]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the days of all rows in one array, and the row of each day."""
    days = [days_of(own) for own in column.categories]
    sizes = np.array([len(own) for own in days], dtype=np.intp)
    flat = np.array([day for own in days for day in own], dtype=np.intp)
    own_sizes = sizes[column.codes]
    ends = np.cumsum(own_sizes)
    first = (np.cumsum(sizes) - sizes)[column.codes]
    position = np.arange(int(own_sizes.sum())) + np.repeat(first - (ends - own_sizes), own_sizes)
    return flat[position], np.repeat(np.arange(len(column)), own_sizes)


def _flagged(number: Result) -> list[_Break]:
    """Return the breaks that a source flags in the series of a number, at any time."""
    return [_Break(area, _first_day(period)) for area, period in number.breaks]


def _flagged_here(number: Result) -> frozenset[_Break]:
    """Return the breaks that a source flags at the number itself."""
    if "b" not in number.flags:
        return frozenset()
    day = _start(number.period)
    return frozenset(
        [own for own in _flagged(number) if own.day == day] or [_Break(number.area.code, day)]
    )


def _is_within(own: _Break, span: _Span) -> bool:
    """Return whether a number has days on both sides of a break."""
    start, end = span.period.start, span.period.end
    if start is None or end is None:
        return False
    if own.day == start.isoformat():
        return own.source == "flag b" and (span.period.years or 0) > 1
    return start.isoformat() < own.day <= end.isoformat()


def _area(number: Result) -> Area:
    return number.area


def _overlap(one: Area, two: Area) -> bool:
    return not one.members.isdisjoint(two.members) or one.code == two.code


def _shared(one: _Span, two: _Span) -> list[_Break]:
    """Return the breaks in the series of both numbers."""
    areas = one.areas & two.areas
    return sorted(own for own in one.breaks | two.breaks if own.area in areas)


def _unbroken(one: _Span, two: _Span) -> Outcome:
    shared = _shared(one, two)
    if not shared or one.period == two.period:
        return Outcome.HOLDS
    days = [_start(one.period), _start(two.period), *(own.day for own in shared)]
    if not all(days):
        return Outcome.NOT_ASSESSABLE
    return Outcome.FAILS if _between(one, two) else Outcome.HOLDS


def _between(one: _Span, two: _Span) -> list[_Break]:
    """Return the breaks after the first day of the earlier number, up to the end of the later."""
    earlier, later = sorted((one, two), key=lambda span: _start(span.period))
    start, end = _start(earlier.period), str(later.period.end)
    return [own for own in _shared(one, two) if start < own.day <= end or _is_within(own, earlier)]


def _evidence(breaks: Iterable[_Break]) -> tuple[tuple[str, object], ...]:
    return tuple((own.area, f"{own.day or 'not stated'} ({own.source})") for own in breaks)


def documented_rules(documents: Iterable[CountingRules] = ()) -> tuple[Rule, ...]:
    """Return the rules of this family, with counting rules that a user documents."""
    questions = _Questions(tuple(documents))
    return (
        library_rule(
            "BREAK.number",
            check=questions.check_number,
            severity=questions.severity_number,
            words=questions.words_number,
        ),
        library_rule(
            "BREAK.pair",
            check=questions.check_pair,
            severity=Severity.CAUTION,
            words=questions.words_pair,
        ),
    )


RULES = documented_rules()
