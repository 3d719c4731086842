"""BREAK: a series before and after somebody began to count differently."""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
from attrs import frozen

from thbstats.comparability.documentation import speaking
from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.records import CountingRules
from thbstats.results import Answer, Context, Message, Result, Results, Severity
from thbstats.values import Period

__all__ = ["RULES", "break_rules"]

_DAY = timedelta(days=1)


@frozen(order=True)
class _Event:
    """A day on which an area began to be counted differently; ``None`` where nobody says when."""

    area: str
    day: str
    source: str = "flag b"


@frozen
class _Span:
    """A number in time: its area, its period and the events in its series."""

    areas: frozenset[str]
    period: Period
    events: frozenset[_Event]


@frozen(eq=False)
class _Breaks:
    """The questions about breaks, asked of flags and of what is documented."""

    own: tuple[CountingRules, ...]

    def events(self, number: Result) -> frozenset[_Event]:
        return _flagged(number.context) | self._documented(number.context)

    def _documented(self, context: Context) -> frozenset[_Event]:
        return frozenset(
            _Event(rules.reporter or context.area.code, day.isoformat(), str(rules.source))
            for side in (context.counted, context.against)
            for rules in speaking(self.own, context, side, ever=True)
            for day in _turns(rules)
        )

    def span(self, number: Result) -> _Span:
        area = number.context.area
        return _Span(
            frozenset({area.code, *area.members}), number.context.period, self.events(number)
        )

    def check_number(self, a: Results, _b: Results, _limits: Thresholds) -> Answers:
        return each(a, lambda number: Answer.FAILS if self._inside(number) else Answer.HOLDS)

    def _inside(self, number: Result) -> list[_Event]:
        span = self.span(number)
        own = _flagged_here(number.context)
        return [event for event in sorted(span.events) if event in own or _within(event, span)]

    def describe_number(
        self, a: Result, _b: Result, _limits: Thresholds, _answer: Answer
    ) -> Finding:
        found = self._inside(a)
        inside = any(_within(event, self.span(a)) for event in found)
        return Finding(
            severity=Severity.CAUTION if inside else Severity.NOTE,
            message=Message(
                "within {period} somebody began to count differently"
                if inside
                else "with {period} somebody began to count differently",
                period=a.period,
            ),
            evidence=_evidence(found),
            mend="Ask for the figure counted in one way throughout, or start with the next year",
        )

    def check_pair(self, a: Results, b: Results, _limits: Thresholds) -> Answers:
        codes = by_key(a, b, self._eventful, lambda one, two: _holds(not (one or two)))
        some = np.flatnonzero(codes != Answer.HOLDS.code)
        codes[some] = by_key(a.pick(some), b.pick(some), self.span, _unbroken)
        return codes

    def _eventful(self, number: Result) -> bool:
        return bool(self.events(number))

    def describe_pair(self, a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
        if answer is Answer.CANNOT_TELL:
            return Finding(message="whether a break in the series lies between the two periods")
        return Finding(
            message="between the two periods somebody began to count differently",
            evidence=_evidence(_between(self.span(a), self.span(b))),
            mend="Compare numbers from the same side of the break",
        )


def _holds(condition: bool) -> Answer:
    return Answer.HOLDS if condition else Answer.FAILS


def _flagged(context: Context) -> frozenset[_Event]:
    """The breaks that a source flags in the series of a number, at any time."""
    told = [_Event(area, _first_day(Period.parse(period))) for area, period in context.breaks]
    return frozenset(told) | _flagged_here(context)


def _flagged_here(context: Context) -> frozenset[_Event]:
    """The breaks that a source flags at the number itself."""
    if "b" not in context.flags:
        return frozenset()
    day = _first_day(context.period)
    named = {
        _Event(area, day)
        for area, period in context.breaks
        if _first_day(Period.parse(period)) == day
    }
    return frozenset(named or {_Event(context.area.code, day)})


def _first_day(period: Period) -> str:
    return "" if period.start is None else period.start.isoformat()


def _turns(rules: CountingRules) -> list[date]:
    """The days on which counting rules begin, and on which others follow them."""
    ends = (rules.valid_from, rules.valid_to and rules.valid_to + _DAY)
    return [day for day in ends if day is not None]


def _within(event: _Event, span: _Span) -> bool:
    """Whether a number has days on both sides of a break, or more than one year and its flag."""
    start, end = span.period.start, span.period.end
    if start is None or end is None:
        return False
    if event.day == start.isoformat():
        return event.source == "flag b" and (span.period.years or 0) > 1
    return start.isoformat() < event.day <= end.isoformat()


def _shared(one: _Span, two: _Span) -> list[_Event]:
    """The breaks in what both numbers count."""
    return sorted(event for event in one.events | two.events if event.area in one.areas & two.areas)


def _unbroken(one: _Span, two: _Span) -> Answer:
    events = _shared(one, two)
    if not events or one.period == two.period:
        return Answer.HOLDS
    days = [_first_day(one.period), _first_day(two.period), *(event.day for event in events)]
    if not all(days):
        return Answer.CANNOT_TELL
    return _holds(not _between(one, two))


def _between(one: _Span, two: _Span) -> list[_Event]:
    """The breaks after the first day of the earlier number and up to the last of the later."""
    earlier, later = sorted((one, two), key=lambda span: _first_day(span.period))
    start, end = _first_day(earlier.period), str(later.period.end)
    return [
        event for event in _shared(one, two) if start < event.day <= end or _within(event, earlier)
    ]


def _evidence(events: Iterable[_Event]) -> tuple[tuple[str, object], ...]:
    return tuple((event.area, f"{event.day or 'not stated'} ({event.source})") for event in events)


def break_rules(documents: Iterable[CountingRules] = ()) -> tuple[Rule, ...]:
    """Return the rules of this family, with what somebody knows beside the library.

    Parameters
    ----------
    documents : iterable of CountingRules
        How reporters count, and since when; the library's own stand beside them.

    Returns
    -------
    tuple of Rule
        One for numbers, one for pairs.
    """
    ask = _Breaks(tuple(documents))
    return (
        Rule(
            code="BREAK",
            scope="number",
            check=ask.check_number,
            describe=ask.describe_number,
            definition="A figure is counted in one way from its first day to its last, and no "
            "break is flagged at it.",
            trigger="Fails, as a note, where the source flags a break (b) at the figure; with "
            "caution where documented rules of counting begin or end within its period, or a "
            "break is flagged inside several years.",
            source="Eurostat, observation flags; ONS, SDG indicator 16.2.2, footnote 2",
            example="The United Kingdom's referral mechanism began on 1 April 2009: its figure of "
            "2009 is one of nine months.",
            mend="Ask for the figure counted in one way throughout, or start with the next year.",
        ),
        Rule(
            code="BREAK",
            scope="pair",
            check=ask.check_pair,
            describe=ask.describe_pair,
            weight=Severity.CAUTION,
            definition="No break lies between two periods of one series.",
            trigger="Fails where the source flags a break (b) after the earlier figure and up to "
            "the later one, also at a year between them, or where documented rules of counting "
            "begin or end there; cannot tell where a period is not stated.",
            source="Eurostat, observation flags: b, break in time series",
            example="2015 and 2018, with the flag b at 2016.",
            mend="Compare numbers from the same side of the break.",
        ),
    )


RULES = break_rules()
