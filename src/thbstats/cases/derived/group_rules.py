"""Rules for the group of a citizenship."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from thbstats.cases.derived.days import YEAR
from thbstats.counting import Answer, spelling
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.geography import Area, citizenship_group, eu_members, straddles_change
from thbstats.values import Period

__all__ = [
    "ReferenceTimes",
    "group_citizenship",
    "member_states",
    "parse_period",
    "reference_times",
]

ReferenceTimes: TypeAlias = tuple[Area | date, ...]
"""The compositions of the EU, or a day of each, that decide about a group."""


def reference_times(period: Period, on: Literal["start", "end"] | None) -> ReferenceTimes | None:
    """Return a day of each composition of the EU that decides, or ``None``."""
    if period.start is None or period.end is None:
        return None
    if on is not None:
        return (period.start if on == "start" else period.end,)
    return (period.start, *_changes(period.start, period.end))


@lru_cache(maxsize=1 << 12)
def _changes(start: date, end: date) -> tuple[date, ...]:
    return straddles_change(start, end)


@lru_cache(maxsize=1 << 12)
def parse_period(value: Any, column: str) -> Period:
    """Return the period of a value, which may be one day."""
    text = spelling(value) or ""
    try:
        day = value if isinstance(value, date) else datetime.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or YEAR.fullmatch(text):
        try:
            return Period.parse(text)
        except ThbstatsError as error:
            raise error.with_location(field=column, value=text) from None
    plain = date(day.year, day.month, day.day)
    return Period(plain, plain)


def member_states(when: Iterable[Area | date]) -> list[frozenset[str]]:
    """Return the Member States of each composition."""
    return [eu_members(day) if isinstance(day, date) else day.members for day in when]


@lru_cache(maxsize=1 << 16)
def group_citizenship(country: str, home: str | None, when: ReferenceTimes) -> Answer:
    """Return the group of a country; unknown if the compositions differ.

    Raises
    ------
    InvalidValue
        If the group is ambiguous, or a reporting country outside the EU reports its own nationals.
    """
    result = {str(citizenship_group(country, home, day)) for day in when}
    if result == {"reporting_country"} and not any(
        home in states for states in member_states(when)
    ):
        raise InvalidValue(
            "the reporting country must be a Member State; without area, its own nationals are "
            "non-EU citizens",
        )
    return Answer(result if len(result) == 1 else ("unknown",))
