"""First and last day of a value in a column of dates."""

import re
from datetime import date, datetime
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.cases.answers import Meaning, empty_cell
from thbstats.columns import Coded
from thbstats.counting import spelling
from thbstats.errors import InvalidValue

__all__ = ["VALID_DATE", "YEAR", "Dates", "Days", "iso_day", "parse_days", "undated_answer"]

YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

VALID_DATE = object()
"""The entry for a valid date, if only the other date is invalid."""

Days = tuple[int, int]
"""The first and the last day of a value, each as the number 20150401."""


@frozen(eq=False)
class Dates:
    """The distinct values of a column as days, by position.

    Parameters
    ----------
    first, last : array of int64
        The first and the last day; zero if the value is not a date.
    invalid : array of int64
        Zero for a date, else the position in ``invalid_values``.
    invalid_values : tuple
        The values that are not dates, after `VALID_DATE`.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    invalid: NDArray[np.int64]
    invalid_values: tuple[Any, ...]

    @classmethod
    def of(cls, column: Coded[Any], meaning: Meaning) -> "Dates":
        """Return the days of a column."""
        result = [parse_days(value, meaning.no_answer) for value in column.categories]
        invalid_values = [
            VALID_DATE,
            *(v for v, days in zip(column.categories, result, strict=True) if not days),
        ]
        invalid = np.array([days is None for days in result], dtype=np.int64)
        return cls(
            np.array([days[0] if days else 0 for days in result], dtype=np.int64),
            np.array([days[1] if days else 0 for days in result], dtype=np.int64),
            np.cumsum(invalid) * invalid,
            tuple(invalid_values),
        )


def parse_days(value: Any, declared: frozenset[str | None]) -> Days | None:
    """Return the first and last day of a value; ``None`` if it is not a date."""
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
    """Return a date, or the day of a timestamp, as 2001-02-28."""
    return value.isoformat().split("T", maxsplit=1)[0]


def undated_answer(meaning: Meaning, column: str, value: Any) -> str | None:
    """Return "unknown" if the value records it, ``None`` if nothing was recorded.

    Raises
    ------
    InvalidValue
        If the value is not declared.
    """
    text = iso_day(value) if isinstance(value, date) else None
    texts = {spelling(value), text or spelling(value)}
    if texts & meaning.missing:
        return None
    if texts & meaning.unknown:
        return "unknown"
    if spelling(value) is None:
        raise empty_cell(column)
    raise InvalidValue(
        "must be a date, or a declared value",
        field=column,
        value=spelling(value),
        hint=f"Write 2001-02-28, 2001-02 or 2001, or declare missing=[{spelling(value)!r}]",
    )
