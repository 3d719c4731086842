"""The days that a value in a column of dates can be, as far as it says."""

import re
from datetime import date, datetime
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.cases.answers import Meaning
from thbstats.columns import Coded
from thbstats.counting import spelling
from thbstats.errors import InvalidValue

__all__ = ["VALID_DATE", "YEAR", "Dates", "Days", "iso_day", "parse_days", "undated_answer"]

YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

VALID_DATE = object()
"""Stands for a date where only the value beside it is odd."""

Days = tuple[int, int]
"""The first and the last day that a value can be, each as the number 20150401."""


@frozen(eq=False)
class Dates:
    """The distinct values of a column as days, by place.

    Parameters
    ----------
    first, last : array of int64
        The first and the last day; zero where there is no date.
    odd : array of int64
        Zero for a date, else the place among ``strange``.
    strange : tuple
        What stands instead of dates, after `VALID_DATE`.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    odd: NDArray[np.int64]
    strange: tuple[Any, ...]

    @classmethod
    def of(cls, column: Coded[Any], meaning: Meaning) -> "Dates":
        """Return the days of a column."""
        found = [parse_days(value, meaning.no_answer) for value in column.categories]
        strange = [
            VALID_DATE,
            *(v for v, days in zip(column.categories, found, strict=True) if not days),
        ]
        odd = np.array([days is None for days in found], dtype=np.int64)
        return cls(
            np.array([days[0] if days else 0 for days in found], dtype=np.int64),
            np.array([days[1] if days else 0 for days in found], dtype=np.int64),
            np.cumsum(odd) * odd,
            tuple(strange),
        )


def parse_days(value: Any, declared: frozenset[str | None]) -> Days | None:
    """Return the first and last day that a value can be; ``None`` where it is no date."""
    text = spelling(value)
    if text is None or text in declared:
        return None
    if isinstance(value, date):
        return None if iso_day(value) in declared else _day(value)
    if YEAR.fullmatch(text):
        return int(text) * 10000 + 101, int(text) * 10000 + 1231
    if month := _MONTH.fullmatch(text):
        start = int(month[1]) * 10000 + int(month[2]) * 100
        return start + 1, start + 31
    try:
        return _day(datetime.fromisoformat(text))
    except ValueError:
        return None


def _day(day: date) -> Days:
    number = day.year * 10000 + day.month * 100 + day.day
    return number, number


def iso_day(value: date) -> str:
    """Return a date, or the day of a moment, as 2001-02-28."""
    return value.isoformat().split("T", maxsplit=1)[0]


def undated_answer(meaning: Meaning, column: str, value: Any) -> str | None:
    """Return "unknown" if that is what stands there, ``None`` if nothing was recorded.

    Raises
    ------
    InvalidValue
        If nobody has said what it means.
    """
    text = iso_day(value) if isinstance(value, date) else None
    said = {spelling(value), text or spelling(value)}
    if said & meaning.missing:
        return None
    if said & meaning.unknown:
        return "unknown"
    if spelling(value) is None:
        raise InvalidValue(
            "a cell holds nothing, and nobody has said what that means",
            field=column,
            hint="missing=[None] if nothing was recorded, unknown=[None] if it is unknown",
        )
    raise InvalidValue(
        "no date, and nobody has said what it means",
        field=column,
        value=spelling(value),
        hint=f"Write 2001-02-28, 2001-02 or 2001, or say missing=[{spelling(value)!r}]",
    )
