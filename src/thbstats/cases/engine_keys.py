"""Keys of derived dimensions, which an engine computes for each row with integers only.

- The engine returns the distinct texts and numbers of a column. These are read here, and their
  integers are joined to the rows.
- Days become integers in the engine, because a column can have 10^5 distinct ones.
- Types that engines compare differently have no key: the engine returns distinct source values.
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

from thbstats.cases.derived_keys import DerivedKey
from thbstats.tables.encoding import distinct
from thbstats.tables.frames import frame_columns

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

Collect: TypeAlias = "Callable[[nw.LazyFrame[Any]], Any]"
"""A function from a lazy frame to its result in memory."""

Lists: TypeAlias = Mapping[str, Sequence[Any]]
"""The values of each column of a small table."""

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


def _polars_table(_rows: "nw.LazyFrame[Any]", columns: Lists) -> "nw.LazyFrame[Any]":
    import narwhals.stable.v2 as nw

    return nw.from_dict(columns, backend="polars").lazy()


def _duckdb_table(rows: "nw.LazyFrame[Any]", columns: Lists) -> "nw.LazyFrame[Any]":
    """Return a small table on the connection of a relation.

    A relation does not show its connection, on which a table could be registered. But in a query on
    the relation, a table that is not in the database is the variable of this name. The name has a
    prefix, because DuckDB would first read a table of the user.
    """
    import narwhals.stable.v2 as nw

    thbstats_small_table = pd.DataFrame(columns)  # noqa: F841 - the query reads it
    query = rows.to_native().query("thbstats_rows", "SELECT * FROM thbstats_small_table")
    result: nw.LazyFrame[Any] = nw.from_native(query)
    return result


def _spark_table(rows: "nw.LazyFrame[Any]", columns: Lists) -> "nw.LazyFrame[Any]":
    import narwhals.stable.v2 as nw

    eager, session = nw.from_dict(columns, backend="pandas"), rows.to_native().sparkSession
    result: nw.LazyFrame[Any] = eager.lazy(rows.implementation, session=session)
    return result


def _ibis_table(_rows: "nw.LazyFrame[Any]", columns: Lists) -> "nw.LazyFrame[Any]":
    import narwhals.stable.v2 as nw

    return nw.from_dict(columns, backend="pyarrow").lazy("ibis")


@frozen
class KeyEngine:
    """The properties of an engine that computes keys.

    ``small_table`` returns a table in the engine of some rows. With ``any_zone``, timestamps with a
    time zone are days too: those of Spark usually have the zone of the session.
    """

    small_table: "Callable[[nw.LazyFrame[Any], Lists], nw.LazyFrame[Any]]"
    any_zone: bool = False


# Each comment is the test in tests/cases that compares an engine with pandas.
KEY_ENGINES = {
    "polars": KeyEngine(_polars_table),  # test_pushed_derived.py
    "duckdb": KeyEngine(_duckdb_table),  # test_pushed_derived.py
    "ibis": KeyEngine(_ibis_table),  # test_pushed_derived.py, if Ibis is installed
    "pyspark": KeyEngine(_spark_table, any_zone=True),  # test_spark.py, with Java
    "pyspark[connect]": KeyEngine(_spark_table, any_zone=True),  # no test
    "sqlframe": KeyEngine(_spark_table, any_zone=True),  # no test
}
"""The engines with keys, by their names in narwhals.

Days are the columns of `_day`, and other types that all of them compare equally those of
`_comparable`. Dask has no keys, because it does not convert columns with missing values.
"""


@frozen
class AddedKey:
    """The rows with a key as a column, and the function from a key to its values."""

    rows: "nw.LazyFrame[Any]"
    decode: Callable[[Any], tuple[Any, ...]]


@frozen
class DayCodes:
    """The codes of days for one part of a key.

    ``empty`` is the code of an empty cell, and ``outside`` that of a day outside the years 1 to
    9999. ``steps`` are the first days of ranges, as numbers, each with the code of its range.

    If 2020-02-01 is declared as no answer, the ranges start at 0001-01-01, 2020-02-01, 2020-02-02
    and after 9999-12-31. Days with the code 0 are dates, and other codes are those of values:

    >>> from thbstats.cases.answers import Meaning
    >>> from thbstats.cases.derived_keys import AgeKey
    >>> meaning = Meaning(missing=["2020-02-01"])
    >>> key = AgeKey(("birth",), meaning, None, with_values=True)
    >>> codes = DayCodes.by_part(key, 0, key.starts(0))["invalid"]
    >>> codes.empty, codes.outside
    (1, 2)
    >>> codes.steps
    [(10101, 0), (20200201, 3), (20200202, 0), (99991232, 2)]
    """

    empty: int
    outside: int
    steps: list[tuple[int, int]]

    @classmethod
    def by_part(cls, key: DerivedKey, column: int, starts: Sequence[date]) -> dict[str, "DayCodes"]:
        """Return the codes of each part that is not the day itself."""
        numbers = [first.year * 10000 + first.month * 100 + first.day for first in starts]
        result = {}
        for part, codes in key.codes(column, [None, _OUTSIDE, *starts]).items():
            if part not in key.day_parts:
                empty, outside, *of_ranges = codes.tolist()
                steps = [*zip(numbers, of_ranges, strict=True), (_LAST + 1, outside)]
                result[part] = cls(empty, outside, steps)
        return result


def add_key(
    rows: "nw.LazyFrame[Any]",
    key: DerivedKey,
    sources: Sequence[tuple[str, str]],
    *,
    output: str,
    collect: Collect,
    values_of: "Callable[[nw.LazyFrame[Any], str, str], Sequence[Any]]",
) -> AddedKey | None:
    """Add the key of each row as a column.

    Return ``None`` if ``KEY_ENGINES`` does not contain the engine, or if engines compare the type
    of a source differently. ``sources`` are the names of the source columns, in the rows and in the
    cases. The integers of days are computed by the engine, and those of other columns are joined to
    their distinct values, from ``values_of``.
    """
    import narwhals.stable.v2 as nw

    if (engine := KEY_ENGINES.get(rows.implementation.value)) is None:
        return None
    cells, parts = [], []
    for position, (name, source) in enumerate(sources):
        cell = f"{output}from{position}"
        if (day := _day(rows, name, key.declared, engine)) is not None:
            if (starts := key.starts(position)) is None:
                return None
            rows, integers = _number_days(
                rows, day, cell, DayCodes.by_part(key, position, starts), key.day_parts
            )
        else:
            if (value := _comparable(rows, name, key.declared)) is None:
                return None
            rows = rows.with_columns(value.alias(cell))
            codes_of = partial(key.codes, position)
            values = values_of(rows, cell, source)
            rows, integers = _join_codes(rows, cell, values, codes_of, engine)
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

    return AddedKey(rows, lambda n: key.decode(int(n), partial(example, int(n))))


def _join_codes(
    rows: "nw.LazyFrame[Any]",
    cell: str,
    values: Sequence[Any],
    codes_of: Callable[[Sequence[Any]], Mapping[str, NDArray[np.int64]]],
    engine: KeyEngine,
) -> "tuple[nw.LazyFrame[Any], dict[str, str]]":
    """Return the rows with the integers of the distinct values of a column."""
    import narwhals.stable.v2 as nw

    # By part, the code of each distinct value; the last is that of an empty cell.
    codes = codes_of([*values, None])
    names = {part: f"{cell}{part}" for part in codes}
    if values:
        table = {f"{cell}value": values}
        table |= {names[part]: code[:-1].tolist() for part, code in codes.items()}
        numbers = engine.small_table(rows, table)
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
    codes_of_part: Mapping[str, DayCodes],
    day_parts: Sequence[str],
) -> "tuple[nw.LazyFrame[Any], dict[str, str]]":
    """Return the rows with the integers of days, which are equal within each range of days.

    The engine computes the code of each range by conditions on a number such as 20200201. The first
    condition that is true gives the code. The conditions for the example of `DayCodes` are::

        WHEN day = 0 THEN 1 WHEN day >= 99991232 THEN 2 WHEN day >= 20200202 THEN 0
        WHEN day >= 20200201 THEN 3 WHEN day >= 10101 THEN 0 ELSE 2
    """
    import narwhals.stable.v2 as nw

    # As a number such as 20150401; 0 is an empty cell.
    parts = (day.dt.year(), day.dt.month(), day.dt.day())
    year, month, of_month = (part.cast(nw.Int64) for part in parts)
    number = (year * 10000 + month * 100 + of_month).fill_null(0)
    rows = rows.with_columns(day.alias(cell), number.alias(f"{cell}day"))
    names, added, of_row = dict.fromkeys(day_parts, f"{cell}day"), [], nw.col(f"{cell}day")
    for part, codes in codes_of_part.items():
        # Each condition is put around those of earlier days, so the latest start is tested first.
        code = nw.lit(codes.outside)
        for start, of_range in codes.steps:
            code = nw.when(of_row >= start).then(of_range).otherwise(code)
        code = nw.when(of_row == 0).then(codes.empty).otherwise(code).cast(nw.Int64)
        names[part] = f"{cell}{part}"
        added.append(code.alias(names[part]))
    return rows.with_columns(*added), names


def _day(
    rows: "nw.LazyFrame[Any]", name: str, declared: frozenset[str | None], engine: KeyEngine
) -> "nw.Expr | None":
    """Return a column of days, or of timestamps if none is declared; ``None`` for other columns."""
    import narwhals.stable.v2 as nw

    dtype = rows.collect_schema()[name]
    is_local = isinstance(dtype, nw.Datetime) and (dtype.time_zone is None or engine.any_zone)
    is_declared = any(re.match(r"\d{4}.*:", text) for text in declared if text is not None)
    if dtype == nw.Date or (is_local and not is_declared):
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
