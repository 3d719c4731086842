"""Keys of ages and groups of citizenship: one integer of 64 bits for each row of cases.

A register in an engine can have 10^8 rows. Its pairs of dates do not fit into memory, so the rows
are grouped by the key of a derived dimension, and one row comes back for each key. Cases in memory
have the same keys, which `engine_keys` computes in an engine.

A key is a number with one digit for each property, as 23:59 is the number 23 * 60 + 59 with the
sizes 24 and 60. An age of 17 to 18 years, of rows with two dates, has the digits 0, 0, 18 and 19
(each age plus 1) with the sizes 1, 1, 123 and 123, and the key 18 * 123 + 19 = 2233. The product of
the sizes is below 2**63 while each of two columns has fewer than 10^7 values that are not dates.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import compress
from typing import Any, ClassVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.cases.answers import Meaning, spelling
from thbstats.columns import Coded
from thbstats.errors import ThbstatsError
from thbstats.geography import membership_changes
from thbstats.vocabulary.bands import AGE_LIMIT

OLDEST = 120
"""The highest age of a person; an older one is an error."""

FULL_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class DerivedKey(ABC):
    """The value of a derived dimension in each row, as a number that an engine can group by.

    A register has 10^8 rows and few distinct keys, and only these come back from an engine.

    1. `codes` gives integers for the distinct values of each source column.
    2. `digits` computes some integers of each row from those of its values. They are arrays in
       memory and expressions in an engine, and `number` writes them as one number.
    3. `decode` returns the values that ``read`` of the reading takes, once for each distinct key.

    ``columns`` are the source columns, and ``declared`` the values without an answer. ``listed``
    are the values of the first digits by column, and ``further`` the sizes of other digits. Of a
    day, the integers with the names ``day_parts`` are the day itself, such as 20150401.
    """

    further: ClassVar[tuple[int, ...]] = ()
    day_parts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, columns: tuple[str, ...], meaning: Meaning) -> None:
        self.columns: tuple[str, ...] = columns
        self.declared: frozenset[str | None] = meaning.no_answer
        self.listed: list[list[Any]] = [[] for _ in columns]

    @abstractmethod
    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return integers for the distinct values of a column, with one array for each name."""

    @abstractmethod
    def starts(self, column: int) -> list[date] | None:
        """Return the first days of ranges with equal integers; ``None`` if values are not days."""

    @abstractmethod
    def digits(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> list[Any]:
        """Return the digits of each row, from the integers of its values."""

    @abstractmethod
    def values(self, digits: Sequence[int], example: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        """Return the values of a key; ``example`` returns the source values of a row with it."""

    def number(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> Any:
        """Return the key of each row: one number that consists of the digits of the row."""
        number: Any = 0
        for digit, size in zip(self.digits(columns, where), self._sizes, strict=True):
            number = number * size + digit
        return number

    def decode(self, number: int, example: Callable[[], Sequence[Any]]) -> tuple[Any, ...]:
        """Return the values of a key that `number` returned."""
        digits = [int(digit) for digit in np.unravel_index(number, self._sizes)]
        return tuple(self.values(digits, example))

    @property
    def _sizes(self) -> tuple[int, ...]:
        return (*(max(len(values), 1) for values in self.listed), *self.further)


@frozen
class AgeRange:
    """The range of possible ages in completed years; -1 is before the birth.

    ``dates`` are the dates of an impossible age.
    """

    lowest: int
    highest: int
    dates: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{self.lowest}" + (f" to {self.highest}" if self.lowest != self.highest else "")


@frozen
class NoAge:
    """The columns without a date in a row, each with its value."""

    cells: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        return "no date"


_N_AGES = OLDEST + 3  # -1 (before the birth) to 121 (above every valid age)
_YEAR = 10000  # the difference of equal days in two years, as numbers such as 20150401


class AgeKey(DerivedKey):
    """The range of ages of each row, and its values that are not dates.

    The digits are, for each column, 0 for a date or the position of another value in ``listed``,
    and then the lowest and the highest age plus 1:

    ========== ========== =========== ==========================
    birth      event      digits      value
    ========== ========== =========== ==========================
    2000-03-01 2018-02-28 0 0 18 18   17 years
    2000       2018-06-01 0 0 18 19   17 to 18 years
    2018-06-01 2018-01-01 0 0 0 0     the event before the birth
    1890-01-01 2018-01-01 0 0 122 122 more than 120 years
    soon       2018-01-01 1 0 0 0     no age, because of "soon"
    ========== ========== =========== ==========================

    Without values, all ages of children are one key, and so are those of adults.
    """

    further: ClassVar[tuple[int, ...]] = (_N_AGES, _N_AGES)
    day_parts: ClassVar[tuple[str, ...]] = ("first", "last")

    def __init__(
        self, columns: tuple[str, ...], meaning: Meaning, event: date | None, *, with_values: bool
    ) -> None:
        super().__init__(columns, meaning)
        self._event, self._with_values = event, with_values

    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return the first and last day of each value, and the position of an invalid value."""
        days = [_days(value, self.declared) for value in values]
        is_invalid = np.array([day is None for day in days], dtype=np.int64)
        self.listed[column] = ["a date", *compress(values, is_invalid.tolist())]
        first, last = np.array([day or (0, 0) for day in days], np.int64).reshape(-1, 2).T
        return {"first": first, "last": last, "invalid": np.cumsum(is_invalid) * is_invalid}

    def starts(self, column: int) -> list[date]:
        """Return the first days of ranges whose days are all valid or all declared."""
        return _range_starts(self.declared)

    def digits(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> list[Any]:
        """Return the invalid values and the range of ages of each row."""
        birth, *events = columns
        # Without a column of events, all rows have the event of the reading.
        first, last = _days(self._event, frozenset()) or (0, 0)
        event = events[0] if events else {"first": first, "last": last}
        # The shortest and the longest time since the birth: 170000 to 179999 are 17 years.
        least, most = event["first"] - birth["last"], event["last"] - birth["first"]
        if self._with_values:
            # A person who may be born before the event was born before it.
            lowest, highest = where(least < 0, 0, least // _YEAR), most // _YEAR
        else:
            lowest = where(least >= AGE_LIMIT * _YEAR, AGE_LIMIT, 0)
            highest = where(most < AGE_LIMIT * _YEAR, 0, AGE_LIMIT)
        # Rows that need an error or have no age are one key each, whatever their dates.
        invalid = [column["invalid"] for column in columns]
        is_too_old = least >= (OLDEST + 1) * _YEAR
        for is_row, age in ((is_too_old, OLDEST + 1), (most < 0, -1), (sum(invalid) > 0, -1)):
            lowest, highest = where(is_row, age, lowest), where(is_row, age, highest)
        return [*invalid, lowest + 1, highest + 1]

    def values(self, digits: Sequence[int], example: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        """Return the range of ages, or the values that are not dates."""
        invalid, lowest, highest = digits[:-2], digits[-2] - 1, digits[-1] - 1
        if any(invalid):
            cells = zip(self.columns, self.listed, invalid, strict=True)
            return [NoAge(tuple((name, values[n]) for name, values, n in cells if n))]
        is_possible = highest >= 0 and lowest <= OLDEST
        dates = () if is_possible else (*example(), self._event)[:2]
        return [AgeRange(lowest, highest, dates)]


def _days(value: Any, declared: frozenset[str | None]) -> tuple[int, int] | None:
    """Return the first and last day, such as 20150401; ``None`` if the value is not a date."""
    is_day = type(value) is date  # not a timestamp
    text = value.isoformat() if is_day else spelling(value)
    if text is None or text in declared:
        return None
    if isinstance(value, date):
        day = value if is_day or iso_day(value) not in declared else None
    elif FULL_YEAR.fullmatch(text):
        return int(text) * 10000 + 101, int(text) * 10000 + 1231
    elif month := _MONTH.fullmatch(text):
        start = int(month[1]) * 10000 + int(month[2]) * 100
        return start + 1, start + 31
    else:
        day = day_of(text)
    if day is None:
        return None
    number = day.year * 10000 + day.month * 100 + day.day
    return number, number


def _range_starts(declared: Iterable[str | None], days: Iterable[date] = ()) -> list[date]:
    """Return the first days of the ranges between some days; each declared day is a range."""
    own = {day.date() for text in declared if text and (day := day_of(text))}
    after = {day + timedelta(days=1) for day in own if day < date.max}
    return sorted({date.min, *own, *after, *days})


def day_of(text: str) -> datetime | None:
    """Return the day of a text, or ``None``."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def iso_day(value: date) -> str:
    """Return a date, or the day of a timestamp, as 2001-02-28."""
    return value.isoformat().split("T", maxsplit=1)[0]


class GroupKey(DerivedKey):
    """The country, the reporting country and the composition of the EU of each row.

    There is a digit for each column: the position of its value in ``listed``, which has one
    spelling of each country and one period of each composition.
    """

    def __init__(
        self,
        columns: tuple[str, ...],
        meaning: Meaning,
        form: Callable[[str, Any], Hashable],
        period: object,
    ) -> None:
        super().__init__(columns, meaning)
        self._form = form  # of a column and a value: what equal values have in common
        self._period = period

    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return a position for the meaning of each value."""
        forms = Coded.from_values(self._form_or_value(column, value) for value in values)
        self.listed[column] = [values[forms.first_row(code)] for code in forms.present]
        return {"code": forms.codes.astype(np.int64)}

    def _form_or_value(self, column: int, value: Any) -> Hashable:
        try:
            return self._form(self.columns[column], value)
        except ThbstatsError:  # it is raised when the rows are read
            return type(value), spelling(value)

    def starts(self, column: int) -> list[date] | None:
        """Return the first days of ranges with one composition; ``None`` without periods."""
        if self.columns[column] != self._period:
            return None
        return _range_starts(self.declared, membership_changes())

    def digits(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> list[Any]:
        """Return the position of the value of each column."""
        return [column["code"] for column in columns]

    def values(self, digits: Sequence[int], example: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        """Return one spelling of the value of each column."""
        return [values[digit] for values, digit in zip(self.listed, digits, strict=True)]


def derive(key: DerivedKey, columns: Sequence[Coded[Any]]) -> Coded[Any]:
    """Return the derived column of some columns.

    >>> key = AgeKey(("birth", "event"), Meaning(missing=["-"]), None, with_values=True)
    >>> births = Coded.from_values(["2000-03-01", "2000", "soon", "2000-03-01"])
    >>> events = Coded.from_values(["2018-02-28", "2018-06-01", "2018-01-01", "2018-02-01"])
    >>> ages = derive(key, [births, events])
    >>> ages.codes.tolist(), [str(own) for (own,) in ages.categories]
    ([0, 1, 2, 0], ['17', '17 to 18', 'no date'])
    """
    # By column, the integers of its distinct values, spread to all rows; then one key per row.
    parts = [
        {name: part[column.codes] for name, part in key.codes(n, column.categories).items()}
        for n, column in enumerate(columns)
    ]
    keys = key.number(parts, np.where)
    # Each distinct key is decoded once; the first row with it is an example for errors.
    patterns, first, codes = np.unique(keys, return_index=True, return_inverse=True)

    def values(pattern: int, row: int) -> tuple[Any, ...]:
        return key.decode(pattern, lambda: [column[row] for column in columns])

    return Coded(codes, map(values, patterns.tolist(), first.tolist()))
