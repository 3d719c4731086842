"""Keys of derived columns that an engine computes.

Registers in an engine can have 10^8 rows, and nearly as many pairs of dates: of ten million rows,
nine million pairs came back. So the engine computes the age group or the group of citizenship of
each row, and returns one row for each group. A register in memory has the same formula in
`DerivedKey.combine`; only the integers that it combines are made here.

There are two ways from a source to its integers. Days are numbers such as 20150401: the engine
computes them, and an integer that depends on ranges of days is a step function of this number.
Texts and other values have no order that engines agree on: their distinct values come to Python,
are numbered there, and return to the engine as a small table that is joined to the rows.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.cases.coded_columns import DerivedKey, FrameRows

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

Collect: TypeAlias = "Callable[[nw.LazyFrame[Any]], Any]"
"""A function from a lazy frame to its result in memory."""

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


@frozen(eq=False, kw_only=True)
class EngineKey:
    """The key of a derived column, in a column of the rows of an engine.

    ``cells`` are the columns of its sources, from which an example of a key is read.
    """

    output: str
    cells: Sequence[str]
    key: DerivedKey
    rows: "nw.LazyFrame[Any]"
    collect: Collect

    @classmethod
    def of(
        cls,
        rows: "nw.LazyFrame[Any]",
        key: DerivedKey,
        sources: Sequence[tuple[str, str]],
        *,
        output: str,
        collect: Collect,
        distinct: "Callable[[nw.LazyFrame[Any], str, str], Sequence[Any]]",
    ) -> "EngineKey | None":
        """Add the key to the rows; return ``None`` if engines compare a type differently.

        Each source gives some integers by row: those of days are computed by the engine, and those
        of other columns are joined to their distinct values. One formula combines them.
        """
        import narwhals.stable.v2 as nw

        cells, parts = [], []
        for number, (name, source) in enumerate(sources):
            cell = f"{output}from{number}"
            codes_of = partial(key.codes, number)
            if (day := _day(rows, name, key.declared)) is not None:
                if (starts := key.starts(number)) is None:
                    return None
                rows, integers = _number_days(rows, day, cell, starts, codes_of)
            else:
                if (value := _comparable(rows, name, key.declared)) is None:
                    return None
                rows = rows.with_columns(value.alias(cell))
                rows, integers = _join_codes(rows, cell, distinct(rows, cell, source), codes_of)
            cells.append(cell)
            parts.append({part: nw.col(column) for part, column in integers.items()})
        rows = rows.with_columns(key.combine(parts, _where).alias(output))
        return cls(output=output, cells=cells, key=key, rows=rows, collect=collect)

    def decode(self, number: Any) -> tuple[Any, ...]:
        """Return the values of a key."""
        return self.key.decode(int(number), partial(self._example, int(number)))

    def _example(self, number: int) -> list[Any]:
        """Return the sources of one row with a key, for the text of an error."""
        import narwhals.stable.v2 as nw

        equal = self.rows.filter(nw.col(self.output) == number).select(*self.cells).head(1)
        result = FrameRows.of(self.collect(equal))
        return [result.column(name)[0] for name in self.cells]


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
    """Return the rows with the numbers of days, which change at the starts of ranges."""
    import narwhals.stable.v2 as nw

    # As a number such as 20150401; 0 is an empty cell.
    parts = (day.dt.year(), day.dt.month(), day.dt.day())
    year, month, of_month = (part.cast(nw.Int64) for part in parts)
    number = (year * 10000 + month * 100 + of_month).fill_null(0)
    rows = rows.with_columns(day.alias(cell), number.alias(f"{cell}day"))
    # The codes of an empty cell, of days before the first range, of each range, and of days after
    # the last one. As a chain of conditions: below, if day >= step 1 then code 1, and so on.
    names, made, plain = {}, [], nw.col(f"{cell}day")
    steps = [first.year * 10000 + first.month * 100 + first.day for first in starts]
    for part, codes in codes_of([None, _OUTSIDE, *starts, _OUTSIDE]).items():
        if part in ("first", "last"):  # the first and last day of a day are the day itself
            names[part] = f"{cell}day"
            continue
        empty, before, *ranges = codes.tolist()
        result = nw.lit(before)
        for step, code in zip([*steps, _LAST + 1], ranges, strict=True):
            if code != before:
                result, before = nw.when(plain >= step).then(code).otherwise(result), code
        result = nw.when(plain == 0).then(empty).otherwise(result).cast(nw.Int64)
        names[part] = f"{cell}{part}"
        made.append(result.alias(names[part]))
    return rows.with_columns(*made), names


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


def _where(condition: "nw.Expr", value: Any, other: Any) -> "nw.Expr":
    import narwhals.stable.v2 as nw

    return nw.when(condition).then(value).otherwise(other)


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
