"""Keys of derived columns that an engine computes."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import frozen

from thbstats.cases.frames import DerivedKey, FrameRows
from thbstats.cases.queries import Collect

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

_DAY = len("2001-02-28")

_LAST = 9999_12_31
_OUTSIDE = "a day outside the years 1 to 9999"

# A day with a time, which is not part of any age or period.
_TIMESTAMP = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.[0-9]{3}(?:[0-9]{3})?)?)?\z"
)


@frozen(eq=False, kw_only=True)
class KeySource:
    """A source column of a key, with columns of its numbers.

    ``cell`` is the name of the column and ``parts`` are those of its numbers. The numbers of the
    distinct ``values`` are joined to the rows; without values, the rows contain them. ``size`` is
    the number of their combinations.
    """

    cell: str
    parts: Mapping[str, str]
    values: Sequence[Any] | None = None
    size: float

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns on which the key depends."""
        return tuple(self.parts.values()) if self.values is None else (self.cell,)


def add_source(
    rows: "nw.LazyFrame[Any]",
    key: DerivedKey,
    number: int,
    *,
    source: str,
    cell: str,
    distinct: "Callable[[nw.LazyFrame[Any], str], Sequence[Any]]",
) -> "tuple[nw.LazyFrame[Any], KeySource] | None":
    """Return the rows with a source; ``None`` if engines compare its type differently.

    An engine computes the numbers of days. It returns the distinct values of any other column.
    """
    import narwhals.stable.v2 as nw

    value = _comparable(rows, source, key.declared)
    if value is None:
        return None
    rows = rows.with_columns(value.alias(cell))
    if rows.collect_schema()[cell] != nw.Date:
        values = distinct(rows, cell)
        parts = {part: f"{cell}{part}" for part in key.codes(number, [])}
        return rows, KeySource(cell=cell, parts=parts, values=values, size=len(values))
    starts = key.starts(number)
    if starts is None:
        return None
    # As a number such as 20150401; 0 is an empty cell.
    day = nw.col(cell).dt
    year, month, of_month = (part.cast(nw.Int64) for part in (day.year(), day.month(), day.day()))
    plain = (year * 10000 + month * 100 + of_month).fill_null(0)
    rows, plain = rows.with_columns(plain.alias(f"{cell}day")), nw.col(f"{cell}day")
    steps = [first.year * 10000 + first.month * 100 + first.day for first in starts]
    made = {}
    for part, codes in key.codes(number, [None, _OUTSIDE, *starts, _OUTSIDE]).items():
        empty, before, *ranges = codes.tolist()
        result = nw.lit(before)
        for step, code in zip([*steps, _LAST + 1], ranges, strict=True):
            if code != before:
                result, before = nw.when(plain >= step).then(code).otherwise(result), code
        result = nw.when(plain == 0).then(empty).otherwise(result).cast(nw.Int64)
        made[part] = plain if part in ("first", "last") else result
    names = {part: f"{cell}{part}" for part in made}
    rows = rows.with_columns(result.alias(names[part]) for part, result in made.items())
    return rows, KeySource(cell=cell, parts=names, size=inf if "first" in made else len(starts) + 1)


def add_key(
    rows: "nw.LazyFrame[Any]",
    sources: Sequence[KeySource],
    key: DerivedKey,
    output: str,
    collect: Collect,
) -> "tuple[nw.LazyFrame[Any], Callable[[Any], Any]]":
    """Return the rows with the key of a derived column, and the function that decodes it."""
    import narwhals.stable.v2 as nw

    for number, source in enumerate(sources):
        if source.values is None:
            continue
        codes = key.codes(number, [*source.values, None])
        names = source.parts.values()
        if source.values:
            table = {f"{source.cell}value": source.values}
            table |= {source.parts[part]: code[:-1].tolist() for part, code in codes.items()}
            numbers = _joined_table(rows, table)
            rows = rows.join(
                numbers, left_on=source.cell, right_on=f"{source.cell}value", how="left"
            )
        else:
            rows = rows.with_columns(nw.lit(None, nw.Int64).alias(name) for name in names)
        rows = rows.with_columns(
            nw.col(source.parts[part]).fill_null(int(code[-1])) for part, code in codes.items()
        )
    parts = [{part: nw.col(name) for part, name in source.parts.items()} for source in sources]
    rows = rows.with_columns(key.combine(parts, _where).alias(output))
    cells = [source.cell for source in sources]

    def example(number: int) -> list[Any]:
        chosen = rows.filter(nw.col(output) == number).select(*cells).head(1)
        result = FrameRows.of(collect(chosen)).group(cells).columns
        return [result[name][0] for name in cells]

    def decode(number: Any) -> tuple[Any, ...]:
        return key.decode(int(number), partial(example, int(number)))

    return rows, decode


def _comparable(
    rows: "nw.LazyFrame[Any]", name: str, declared: frozenset[str | None]
) -> "nw.Expr | None":
    """Return a column as days, texts or numbers; ``None`` if engines compare its type differently.

    A timestamp is a day, also as text.
    """
    import narwhals.stable.v2 as nw

    dtype, cell, implementation = rows.collect_schema()[name], nw.col(name), rows.implementation
    if implementation.is_dask():  # which does not convert columns with missing values
        return None
    texts = sorted(text for text in declared if text is not None)
    # Timestamps of Spark usually have the time zone of the session.
    is_local = isinstance(dtype, nw.Datetime) and (
        dtype.time_zone is None or implementation.is_spark_like()
    )
    if dtype == nw.Date or (is_local and not any(map(re.compile(r"\d{4}.*:").match, texts))):
        return cell.cast(nw.Date)
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
