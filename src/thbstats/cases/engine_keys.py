"""Keys of ages and groups of citizenship, which an engine computes for each row.

A register in an engine can have 10^8 rows. Its pairs of dates do not fit into memory, so the engine
groups by the key of a derived dimension, and one row comes back for each key. Cases in memory have
the same keys. The engine computes with integers only:

- It returns the distinct texts and numbers of a column. These are read here, and their integers are
  joined to the rows.
- Days become integers in the engine, because a column can have 10^5 distinct ones.
- Types that engines compare differently have no key: the engine returns distinct source values.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.cases.answers import Meaning, spelling
from thbstats.columns import Coded
from thbstats.errors import ThbstatsError
from thbstats.geography import membership_changes
from thbstats.tables.encoding import distinct
from thbstats.tables.frames import frame_columns
from thbstats.vocabulary.bands import AGE_LIMIT

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw


Collect: TypeAlias = "Callable[[nw.LazyFrame[Any]], Any]"
"""A function from a lazy frame to its result in memory."""

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
    are the values of the first digits by column, and ``further`` the sizes of other digits.
    """

    further: ClassVar[tuple[int, ...]] = ()

    def __init__(self, columns: tuple[str, ...], meaning: Meaning) -> None:
        self.columns, self.declared = columns, meaning.no_answer
        self.listed: list[list[Any]] = [[] for _ in columns]

    @abstractmethod
    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return integers of the distinct values of a column, one array for each name."""

    @abstractmethod
    def starts(self, column: int) -> list[date] | None:
        """Return the first days of ranges with equal integers; ``None`` if these are not days."""

    @abstractmethod
    def digits(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> list[Any]:
        """Return the digits of each row, from the integers of its values."""

    @abstractmethod
    def values(self, digits: Sequence[int], example: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        """Return the values of a key; ``example`` returns the source values of a row with it."""

    def number(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> Any:
        """Return the key of each row: its digits, as those of a number."""
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

    further = (_N_AGES, _N_AGES)

    def __init__(
        self, columns: tuple[str, ...], meaning: Meaning, event: date | None, *, with_values: bool
    ) -> None:
        super().__init__(columns, meaning)
        self._event, self._with_values = event, with_values

    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return the first and last day of each value, and the position of an invalid one."""
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
        first, last = _days(self._event, frozenset()) or (0, 0)
        birth, event = [*columns, {"first": first, "last": last}][:2]
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
    return None if day is None else (number := day.year * 10000 + day.month * 100 + day.day, number)


def _range_starts(declared: Iterable[str | None], days: Iterable[date] = ()) -> list[date]:
    """Return the first days of the ranges between some days, of which each declared day is one."""
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
        """Return the position of what each value means."""
        forms = Coded.from_values(self._form_or_value(column, value) for value in values)
        self.listed[column] = [values[forms.first_row(code)] for code in forms.present]
        return {"code": forms.codes.astype(np.int64)}

    def _form_or_value(self, column: int, value: Any) -> Hashable:
        try:
            return self._form(self.columns[column], value)
        except ThbstatsError:  # it is raised when the rows are read
            return type(value), spelling(value)

    def starts(self, column: int) -> list[date] | None:
        """Return the first days of ranges with one composition; ``None`` if it is not a period."""
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
    """Return the derived column of some columns."""
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


_DAY = len("2001-02-28")

_LAST = 9999_12_31
"""The last day that Python can represent; engines have later and earlier ones."""

_OUTSIDE = "a day outside the years 1 to 9999"
"""A value in place of such days. It is not a date, so it has the code of an invalid value."""

# A day with a time, which is not part of any age or period.
_TIMESTAMP = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.[0-9]{3}(?:[0-9]{3})?)?)?\z"
)


def add_key(
    rows: "nw.LazyFrame[Any]",
    key: DerivedKey,
    sources: Sequence[tuple[str, str]],
    *,
    output: str,
    collect: Collect,
    values_of: "Callable[[nw.LazyFrame[Any], str, str], Sequence[Any]]",
) -> "tuple[nw.LazyFrame[Any], Callable[[Any], tuple[Any, ...]]] | None":
    """Add the key of each row as a column, and return it with the function that decodes it.

    Return ``None`` if engines compare the type of a source differently. ``sources`` are the names
    of the source columns, in the rows and in the cases. The integers of days are computed by the
    engine, and those of other columns are joined to their distinct values, from ``values_of``.
    """
    import narwhals.stable.v2 as nw

    cells, parts = [], []
    for position, (name, source) in enumerate(sources):
        cell = f"{output}from{position}"
        codes_of = partial(key.codes, position)
        if (day := _day(rows, name, key.declared)) is not None:
            if (starts := key.starts(position)) is None:
                return None
            rows, integers = _number_days(rows, day, cell, starts, codes_of)
        else:
            if (value := _comparable(rows, name, key.declared)) is None:
                return None
            rows = rows.with_columns(value.alias(cell))
            rows, integers = _join_codes(rows, cell, values_of(rows, cell, source), codes_of)
        cells.append(cell)
        parts.append({part: nw.col(column) for part, column in integers.items()})

    def where(condition: nw.Expr, value: Any, other: Any) -> nw.Expr:
        return nw.when(condition).then(value).otherwise(other)

    rows = rows.with_columns(key.number(parts, where).alias(output))

    def example(number: int) -> list[Any]:
        # The sources of one row with a key, for the text of an error.
        equal = rows.filter(nw.col(output) == number).select(*cells).head(1)
        columns, _ = frame_columns(collect(equal))
        return [distinct(columns[name], name).fill(None)[0] for name in cells]

    return rows, lambda number: key.decode(int(number), partial(example, int(number)))


def _join_codes(
    rows: "nw.LazyFrame[Any]",
    cell: str,
    values: Sequence[Any],
    codes_of: Callable[[Sequence[Any]], Mapping[str, NDArray[np.int64]]],
) -> "tuple[nw.LazyFrame[Any], dict[str, str]]":
    """Return the rows with the integers of the distinct values of a column."""
    import narwhals.stable.v2 as nw

    # By part, the code of each distinct value; the last is that of an empty cell.
    codes = codes_of([*values, None])
    names = {part: f"{cell}{part}" for part in codes}
    if values:
        table = {f"{cell}value": values}
        table |= {names[part]: code[:-1].tolist() for part, code in codes.items()}
        numbers = _joined_table(rows, table)
        rows = rows.join(numbers, left_on=cell, right_on=f"{cell}value", how="left")
    else:
        rows = rows.with_columns(nw.lit(None, nw.Int64).alias(name) for name in names.values())
    # An empty cell equals no value of the table, so its joined code is null.
    empty = (nw.col(names[part]).fill_null(int(code[-1])) for part, code in codes.items())
    return rows.with_columns(empty), names


def _number_days(
    rows: "nw.LazyFrame[Any]",
    day: "nw.Expr",
    cell: str,
    starts: Sequence[date],
    codes_of: Callable[[Sequence[Any]], Mapping[str, NDArray[np.int64]]],
) -> "tuple[nw.LazyFrame[Any], dict[str, str]]":
    """Return the rows with the integers of days, which are equal within each range of days.

    If 2020-02-01 is declared as no answer, the ranges start at 0001-01-01, 2020-02-01 and
    2020-02-02, and the engine computes the code of each range by conditions on a number such as
    20200201.
    """
    import narwhals.stable.v2 as nw

    # As a number such as 20150401; 0 is an empty cell.
    parts = (day.dt.year(), day.dt.month(), day.dt.day())
    year, month, of_month = (part.cast(nw.Int64) for part in parts)
    number = (year * 10000 + month * 100 + of_month).fill_null(0)
    rows = rows.with_columns(day.alias(cell), number.alias(f"{cell}day"))
    names, added, of_row = {}, [], nw.col(f"{cell}day")
    steps = [first.year * 10000 + first.month * 100 + first.day for first in starts]
    for part, codes in codes_of([None, _OUTSIDE, *starts]).items():
        if part in ("first", "last"):  # the first and last day of a day are the day itself
            names[part] = f"{cell}day"
            continue
        empty, outside, *of_ranges = codes.tolist()
        # The last start that is not after the day gives the code; later conditions replace it.
        code = nw.lit(outside)
        for step, next_code in zip([*steps, _LAST + 1], [*of_ranges, outside], strict=True):
            code = nw.when(of_row >= step).then(next_code).otherwise(code)
        code = nw.when(of_row == 0).then(empty).otherwise(code).cast(nw.Int64)
        names[part] = f"{cell}{part}"
        added.append(code.alias(names[part]))
    return rows.with_columns(*added), names


def _day(rows: "nw.LazyFrame[Any]", name: str, declared: frozenset[str | None]) -> "nw.Expr | None":
    """Return a column of days, or of timestamps if none is declared; ``None`` for others."""
    import narwhals.stable.v2 as nw

    dtype, implementation = rows.collect_schema()[name], rows.implementation
    # Timestamps of Spark usually have the time zone of the session.
    is_local = isinstance(dtype, nw.Datetime) and (
        dtype.time_zone is None or implementation.is_spark_like()
    )
    is_declared = any(re.match(r"\d{4}.*:", text) for text in declared if text is not None)
    # Dask does not convert columns with missing values.
    if (dtype == nw.Date or (is_local and not is_declared)) and not implementation.is_dask():
        return nw.col(name).cast(nw.Date)
    return None


def _comparable(
    rows: "nw.LazyFrame[Any]", name: str, declared: frozenset[str | None]
) -> "nw.Expr | None":
    """Return a column as texts or numbers; ``None`` if engines compare its type differently.

    A text of a timestamp is cut to its day.
    """
    import narwhals.stable.v2 as nw

    dtype, cell = rows.collect_schema()[name], nw.col(name)
    if rows.implementation.is_dask():
        return None
    texts = sorted(text for text in declared if text is not None)
    if dtype in (nw.String, nw.Categorical, nw.Enum):
        text = cell.cast(nw.String)
        is_timestamp = text.str.contains(_TIMESTAMP)
        if texts:
            is_timestamp &= ~text.is_in(texts)
        # The length is tested first, because an engine needs much longer for the pattern.
        day = nw.when(is_timestamp).then(text.str.slice(0, 10)).otherwise(text)
        return nw.when(text.str.len_chars() > _DAY).then(day).otherwise(text)
    if dtype.is_integer() and dtype not in (nw.UInt64, nw.Int128, nw.UInt128):
        return cell.cast(nw.Int64)
    if dtype.is_float():
        return nw.when(~cell.is_nan()).then(cell.cast(nw.Float64))
    return None


def _joined_table(
    rows: "nw.LazyFrame[Any]", columns: Mapping[str, Sequence[Any]]
) -> "nw.LazyFrame[Any]":
    """Return a small table in the engine of some rows."""
    import narwhals.stable.v2 as nw

    implementation, native = rows.implementation, rows.to_native()
    if implementation.is_polars():
        return nw.from_dict(columns, backend="polars").lazy()
    result: nw.LazyFrame[Any]
    if implementation.is_duckdb():
        value_numbers = pd.DataFrame(columns)  # noqa: F841 - DuckDB finds it by its name
        result = nw.from_native(native.query("thbstats_rows", "SELECT * FROM value_numbers"))
        return result
    session: Any = getattr(native, "sparkSession", None)
    eager = nw.from_dict(columns, backend="pyarrow" if session is None else "pandas")
    result = eager.lazy(implementation, session=session)
    return result
