"""Reference periods and days of publication."""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.panel import Message, Outcome, Panel, Result, ResultKind, Severity
from thbstats.records import Source
from thbstats.rules.catalogue import library_rule
from thbstats.rules.families._kinds import both_numbers, vintages
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import (
    Codes,
    Evidence,
    Thresholds,
    Wording,
    by_key,
    cautions,
    outcomes,
    per_kind,
    wording,
)
from thbstats.values import Certainty, Period, flag_mask

__all__ = ["RULES"]

_Sources = frozenset[Source]
_DAY = timedelta(days=1)
_REVISED = np.uint32(flag_mask({"r"}))


def _is_whole(period: Period) -> Outcome:
    if period.certainty is not Certainty.EXACT:
        return Outcome.NOT_ASSESSABLE
    return Outcome.FAIL if period.years is None else Outcome.PASS


def _outside(number: Result) -> list[Period]:
    """Return the population counts outside the period."""
    period, inhabitants = number.period, number.inhabitants
    if inhabitants is None or period.end is None:
        return []
    after = period.end + _DAY
    return [
        counted
        for counted in inhabitants.counted
        if not period.covers(counted) and counted.start != after
    ]


def _is_population_outside(panel: Panel) -> NDArray[np.bool_]:
    if not any(panel.inhabitants.categories):
        return np.zeros(len(panel), dtype=np.bool_)
    is_outside = per_kind(panel, ["period", "inhabitants"], lambda number: bool(_outside(number)))
    return is_outside.astype(np.bool_)


def _check_number(panel: Panel, _limits: Thresholds) -> Codes:
    whole = panel.period.table(lambda period: _is_whole(period).code, np.int8)
    return outcomes((whole < 0) | _is_population_outside(panel), whole == 0)


def _wording_number(number: Result, *_: object) -> Wording:
    period, outside = number.period, _outside(number)
    if not outside:
        return wording("fail", (("days", period.days),), period=period)
    days = tuple(str(item.start) if item.days == 1 else str(item) for item in outside)
    evidence = (("population", ", ".join(days)),)
    return wording("population", evidence, period=period, days=days)


def _same_shape(first: Period, second: Period) -> Outcome:
    if not first.certainty == second.certainty == Certainty.EXACT:
        return Outcome.NOT_ASSESSABLE
    return Outcome.FAIL if first != second and _differences(first, second) else Outcome.PASS


def _differences(first: Period, second: Period) -> list[str]:
    differences: list[str] = []
    if not _same_length(first, second):
        differences.append(
            Message(
                "{first} has {days} days and {second} has {others}",
                first=first,
                days=first.days,
                second=second,
                others=second.days,
            )
        )
    if first.overlaps(second):
        differences.append(Message("{first} and {second} share days", first=first, second=second))
    # Parts of a year, such as quarters, start on different days by their nature.
    parts = all(own.years is None and (own.days or 0) < 365 for own in (first, second))
    starts = {own.start and (own.start.month, own.start.day) for own in (first, second)}
    if not parts and len(starts) > 1:
        differences.append("the years start on different days")
    return differences


def _same_length(first: Period, second: Period) -> bool:
    """Return whether both have the same number of years, months or days."""
    if first.years is not None and second.years is not None:
        return first.years == second.years
    months = _months(first), _months(second)
    if None not in months:
        return months[0] == months[1]
    return first.days == second.days


def _months(period: Period) -> int | None:
    """Return the number of calendar months, if there are no other days."""
    start, end = period.start, period.end
    if start is None or end is None or start.day != 1 or end == date.max:
        return None
    after = end + _DAY
    return None if after.day != 1 else 12 * (after.year - start.year) + after.month - start.month


def _is_grave(first: tuple[Period, bool], second: tuple[Period, bool]) -> Severity:
    lengths = (first[1] or second[1]) and not _same_length(first[0], second[0])
    return Severity.BLOCKING if lengths else Severity.CAUTION


def _wording_pair(first: Result, second: Result, *_: object) -> Wording:
    differences = _differences(first.period, second.period)
    periods = both_numbers(lambda number: str(number.period))(first, second)
    return wording("fail", periods, differences=differences)


def _undated(source: Source) -> Source:
    return evolve(source, published=None)


def _with_several_days(sources: Iterable[Source]) -> list[Source]:
    """Return the publications that occur with several days, in order."""
    days: dict[Source, set[date | None]] = {}
    values = list(sources)
    for source in values:
        days.setdefault(_undated(source), set()).add(source.published)
    several = [source for source in values if len(days[_undated(source)]) > 1]
    return sorted(several, key=lambda source: (source.title, str(source.published)))


def _is_mixed(panel: Panel) -> NDArray[np.bool_]:
    return panel.sources.table(
        lambda own: len(own) > 1 and bool(_with_several_days(vintages(own))), np.bool_
    )


def _wording_vintage(number: Result, *_: object) -> Wording:
    sources = vintages(number.sources)
    mixed = _with_several_days(sources)
    if mixed:
        return wording("mixed", _days(mixed))
    return wording("fail", (("flags", "r"), *_days(sources)))


def _quantity(number: Result) -> tuple[object, ...]:
    """Return the quantity of a number, whatever its publication."""
    base = number.base
    position = number.area.members, number.period, number.numerator_kind, number.denominator_kind
    return (*position, number.category, base.within, base.rule)


def _check_vintages(pairs: Pairs, _limits: Thresholds) -> Codes:
    sources = pairs.panel.sources.map(vintages)
    codes = pairs.by_key(sources, _one_vintage)
    other = np.flatnonzero(codes == Outcome.NOT_ASSESSABLE.code)
    if not len(other):
        return codes
    columns = ["area", "period", "numerator_kind", "denominator_kind", "category", "base"]
    quantity = pairs.keys(columns, _quantity).codes
    codes[other] = Outcome.PASS.code
    same = other[quantity[pairs.first[other]] == quantity[pairs.second[other]]]
    if len(same):
        codes[same] = pairs.take(same).by_key(sources, _published_once)
    return codes


def _one_vintage(first: _Sources, second: _Sources) -> Outcome:
    """Return whether the publications of both numbers are of one day."""
    if first == second or not (first and second):
        return Outcome.PASS
    return Outcome.FAIL if _moved(first, second) else Outcome.NOT_ASSESSABLE


def _moved(first: _Sources, second: _Sources) -> list[Source]:
    """Return the publications that the two numbers have with different days."""
    shared = {_undated(source) for source in first} & {_undated(source) for source in second}
    return _with_several_days(source for source in first ^ second if _undated(source) in shared)


def _published_once(first: _Sources, second: _Sources) -> Outcome:
    """Return whether one quantity is published on one day."""
    names = [{source.publisher for source in sources} - {""} for sources in (first, second)]
    if names[0] and names[1] and names[0].isdisjoint(names[1]):
        return Outcome.PASS
    days = [{source.published for source in sources} for sources in (first, second)]
    if None in days[0] | days[1]:
        return Outcome.NOT_ASSESSABLE
    return Outcome.PASS if days[0] == days[1] else Outcome.FAIL


def _wording_vintages(first: Result, second: Result, *_: object) -> Wording:
    left, right = vintages(first.sources), vintages(second.sources)
    moved = _moved(left, right)
    return wording("fail" if moved else "quantity", _days(moved or (*left, *right)))


def _days(sources: Iterable[Source]) -> Evidence:
    return tuple(
        (source.title, "no day stated" if source.published is None else str(source.published))
        for source in sorted(sources, key=lambda source: (str(source.published), source.title))
    )


RULES = (
    library_rule(
        "PERIOD.number",
        _check_number,
        _wording_number,
        severity=lambda panel, _limits: cautions(_is_population_outside(panel)),
    ),
    library_rule(
        "PERIOD.pair",
        by_key(["period"], lambda number: number.period, _same_shape),
        _wording_pair,
        severity=by_key(
            ["period", "kind"],
            lambda number: (number.period, number.kind is ResultKind.COUNT),
            _is_grave,
        ),
    ),
    library_rule(
        "VINTAGE.number",
        lambda panel, _: outcomes(_is_mixed(panel) | ((panel.flags & _REVISED) != 0)),
        _wording_vintage,
        severity=lambda panel, _limits: cautions(_is_mixed(panel)),
    ),
    library_rule("VINTAGE.pair", _check_vintages, _wording_vintages),
)
