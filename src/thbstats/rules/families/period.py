"""Reference periods."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from thbstats.panel import Message, Outcome, Panel, Result, ResultKind, Severity
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, library_rule, outcomes, per_kind
from thbstats.rules.thresholds import Thresholds
from thbstats.values import Certainty, Period

__all__ = ["RULES"]

_NOT_STATED = "the exact reference period"


def _is_whole(period: Period) -> Outcome:
    if period.certainty is not Certainty.EXACT:
        return Outcome.NOT_ASSESSABLE
    return Outcome.FAILS if period.years is None else Outcome.HOLDS


def _outside(number: Result) -> list[Period]:
    """Return the population counts outside the period; the day after it is its end too."""
    period, inhabitants = number.period, number.inhabitants
    if inhabitants is None or period.end is None:
        return []
    after = period.end + timedelta(days=1)
    return [
        counted
        for counted in inhabitants.counted
        if not period.covers(counted) and counted.start != after
    ]


def _is_population_outside(panel: Panel) -> NDArray[np.bool_]:
    if not any(panel.inhabitants.categories):
        return np.zeros(len(panel), dtype=np.bool_)
    columns = ["period", "inhabitants"]
    return per_kind(panel, columns, lambda number: bool(_outside(number))).astype(np.bool_)


def _check_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    whole = panel.period.table(lambda period: _is_whole(period).code, np.int8)
    return outcomes((whole < 0) | _is_population_outside(panel), whole == 0)


def _severity_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    outside = _is_population_outside(panel)
    return np.where(outside, Severity.CAUTION.weight, Severity.NOTE.weight).astype(np.int8)


def _words_number(number: Result, _thresholds: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message=_NOT_STATED)
    period, outside = number.period, _outside(number)
    if not outside:
        return Finding(
            message=Message("{period} does not consist of whole years", period=period),
            evidence=(("days", period.days),),
            hint="Ask for the figures of whole years",
        )
    days = tuple(str(item.start) if item.days == 1 else str(item) for item in outside)
    return Finding(
        message=Message(
            "the counts are of {period}, and the population is of another time: {days}",
            period=period,
            days=days,
        ),
        evidence=(("population", ", ".join(days)),),
        hint="Take the population of the period",
    )


def _period(number: Result) -> Period:
    return number.period


def _same_shape(first: Period, second: Period) -> Outcome:
    if not first.certainty == second.certainty == Certainty.EXACT:
        return Outcome.NOT_ASSESSABLE
    return Outcome.FAILS if first != second and _differences(first, second) else Outcome.HOLDS


def _differences(first: Period, second: Period) -> list[str]:
    found: list[str] = []
    if not _same_length(first, second):
        found.append(
            Message(
                "{first} has {days} days and {second} has {others}",
                first=first,
                days=first.days,
                second=second,
                others=second.days,
            )
        )
    if first.overlaps(second):
        found.append(Message("{first} and {second} share days", first=first, second=second))
    # Parts of a year, such as quarters, start on different days by their nature.
    if not _is_part_of_year(first, second) and _first_day(first) != _first_day(second):
        found.append("the years start on different days")
    return found


def _same_length(first: Period, second: Period) -> bool:
    """Return whether both have as many years, months or days; leap days do not matter."""
    if first.years is not None and second.years is not None:
        return first.years == second.years
    months = _months(first), _months(second)
    if None not in months:
        return months[0] == months[1]
    return first.days == second.days


def _months(period: Period) -> int | None:
    """Return the number of whole calendar months; ``None`` if there are other days."""
    start, end = period.start, period.end
    if start is None or end is None or start.day != 1 or end == date.max:
        return None
    after = end + timedelta(days=1)
    return None if after.day != 1 else 12 * (after.year - start.year) + after.month - start.month


def _is_part_of_year(*periods: Period) -> bool:
    return all(period.years is None and (period.days or 0) < 365 for period in periods)


def _first_day(period: Period) -> tuple[int, int] | None:
    """Return the first day of its years, such as 1 January or 1 April."""
    return None if period.start is None else (period.start.month, period.start.day)


def _check_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    return pairs.by_key(pairs.keys(["period"], _period), _same_shape)


def _severity_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    return pairs.by_key(pairs.keys(["period", "kind"], _length_and_kind), _severity_of_pair)


def _length_and_kind(number: Result) -> tuple[Period, bool]:
    return number.period, number.kind is ResultKind.COUNT


def _severity_of_pair(first: tuple[Period, bool], second: tuple[Period, bool]) -> Severity:
    lengths = (first[1] or second[1]) and not _same_length(first[0], second[0])
    return Severity.BLOCKING if lengths else Severity.CAUTION


def _words_pair(
    first: Result, second: Result, _thresholds: Thresholds, outcome: Outcome
) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message=_NOT_STATED)
    one, two = first.period, second.period
    return Finding(
        message=Message(
            "the reference periods differ: {differences}", differences=_differences(one, two)
        ),
        evidence=(("first", str(one)), ("second", str(two))),
        hint="Compare periods of the same length that share no day",
    )


RULES = (
    library_rule(
        "PERIOD.number", check=_check_number, severity=_severity_number, words=_words_number
    ),
    library_rule("PERIOD.pair", check=_check_pair, severity=_severity_pair, words=_words_pair),
)
