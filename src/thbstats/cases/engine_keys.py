"""Keys of derived columns that an engine computes."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from math import inf, prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.cases.frames import DerivedKey, FrameRows

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

Collect: TypeAlias = "Callable[[nw.LazyFrame[Any]], Any]"
"""A function from a lazy frame to its result in memory."""

_DAY = len("2001-02-28")

_LAST = 9999_12_31
_OUTSIDE = "a day outside the years 1 to 9999"

# A day with a time, which is not part of any age or period.
_TIMESTAMP = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.[0-9]{3}(?:[0-9]{3})?)?)?\z"
)


@frozen(eq=False, kw_only=True)
class _Source:
    """A source column of a key, with columns of its numbers.

    ``cell`` is the name of the column and ``parts`` are those of its numbers. The numbers of the
    distinct ``values`` are joined to the rows; without values, the rows contain them. ``size`` is
    the number of their combinations.
    """

    cell: str
    parts: Mapping[str, str]
    values: Sequence[Any] | None = None
    size: float


class EngineKey:
    """The key of a derived column, which an engine computes from its sources."""

    def __init__(self, key: DerivedKey, output: str, sources: Sequence[_Source]) -> None:
        self.output, self._key, self._sources = output, key, sources

    @classmethod
    def of(
        cls,
        rows: "nw.LazyFrame[Any]",
        key: DerivedKey,
        output: str,
        sources: Sequence[tuple[str, str]],
        distinct: "Callable[[nw.LazyFrame[Any], str, str], Sequence[Any]]",
    ) -> "tuple[nw.LazyFrame[Any], EngineKey] | None":
        """Return the rows with the sources; ``None`` if engines compare their types differently.

        An engine computes the numbers of days. It returns the distinct values of other columns.
        """
        result = []
        for number, (name, source) in enumerate(sources):
            cell = f"{output}from{number}"
            if (day := _day(rows, name, key.declared)) is not None:
                if (starts := key.starts(number)) is None:
                    return None
                rows, parts = _number_days(rows, day, cell, starts, partial(key.codes, number))
                size = inf if "first" in parts else len(starts) + 1
                result.append(_Source(cell=cell, parts=parts, size=size))
                continue
            value = _comparable(rows, name, key.declared)
            if value is None:
                return None
            rows = rows.with_columns(value.alias(cell))
            values = distinct(rows, cell, source)
            parts = {part: f"{cell}{part}" for part in key.codes(number, [])}
            result.append(_Source(cell=cell, parts=parts, values=values, size=len(values)))
        return rows, cls(key, output, result)

    @property
    def size(self) -> float:
        """The number of possible combinations of values of the sources."""
        return prod(source.size for source in self._sources)

    @property
    def columns(self) -> list[str]:
        """The columns on which the key depends."""
        return [
            name
            for source in self._sources
            for name in ([source.cell] if source.values is not None else source.parts.values())
        ]

    def add(self, rows: "nw.LazyFrame[Any]", collect: Collect) -> "nw.LazyFrame[Any]":
        """Return rows or groups with the key."""
        import narwhals.stable.v2 as nw

        for number, source in enumerate(self._sources):
            if source.values is None:
                continue
            codes = self._key.codes(number, [*source.values, None])
            if source.values:
                table = {f"{source.cell}value": source.values}
                table |= {source.parts[part]: code[:-1].tolist() for part, code in codes.items()}
                numbers = _joined_table(rows, table)
                rows = rows.join(
                    numbers, left_on=source.cell, right_on=f"{source.cell}value", how="left"
                )
            else:
                empty = nw.lit(None, nw.Int64)
                rows = rows.with_columns(empty.alias(name) for name in source.parts.values())
            rows = rows.with_columns(
                nw.col(source.parts[part]).fill_null(int(code[-1])) for part, code in codes.items()
            )
        parts = [{p: nw.col(name) for p, name in source.parts.items()} for source in self._sources]
        self._rows = rows.with_columns(self._key.combine(parts, _where).alias(self.output))
        self._collect = collect
        return self._rows

    def decode(self, number: Any) -> tuple[Any, ...]:
        """Return the values of a key."""
        return self._key.decode(int(number), partial(self._example, int(number)))

    def _example(self, number: int) -> list[Any]:
        import narwhals.stable.v2 as nw

        cells = [source.cell for source in self._sources]
        chosen = self._rows.filter(nw.col(self.output) == number).select(*cells).head(1)
        result = FrameRows.of(self._collect(chosen)).group(cells).columns
        return [result[name][0] for name in cells]


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
    names, made, plain = {}, [], nw.col(f"{cell}day")
    steps = [first.year * 10000 + first.month * 100 + first.day for first in starts]
    for part, codes in codes_of([None, _OUTSIDE, *starts, _OUTSIDE]).items():
        if part in ("first", "last"):
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
