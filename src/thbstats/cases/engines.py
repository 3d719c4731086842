"""Cases in an engine: DuckDB, polars, Spark, dask or Ibis."""

import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import date
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.cases.frames import (
    NOT_DERIVED,
    DerivedColumn,
    DerivedKey,
    FrameRows,
    GroupedRows,
    derive,
)
from thbstats.cases.queries import Collect, Query, collect_frame, engine_error, is_interrupted
from thbstats.errors import (
    ImpossibleResult,
    InvalidValue,
    ThbstatsError,
)
from thbstats.exchange import Progress, no_progress
from thbstats.values import LARGEST_COUNT

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

T = TypeVar("T")

_HINT = "Correct the data, or count files by their paths to see the name of the file"
_WEIGHT_HINT = "Correct the weight, or exclude such rows with filter=..."

_FEW = 1 << 17  # combinations of values up to which equal rows are grouped before any join
_DAY = len("2001-02-28")

# A day with a time, which is not part of any age or period.
_TIMESTAMP = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.[0-9]{3}(?:[0-9]{3})?)?)?\z"
)


_Sources: TypeAlias = "Sequence[tuple[nw.Expr, Sequence[Any]]]"
"""The expression of each source of a derived column, and its distinct values."""


class EngineRows:
    """Cases of a lazy frame."""

    def __init__(self, frame: "nw.LazyFrame[Any]", progress: Progress = no_progress) -> None:
        self.frame, self.progress = frame, progress
        self._distinct: MutableMapping[str, Sequence[Any]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.frame.collect_schema().names())

    def group(
        self,
        columns: Sequence[str],
        weights: str | None = None,
        derived: Mapping[str, DerivedColumn] = NOT_DERIVED,
    ) -> GroupedRows:
        """Return some columns of all cases, with equal rows as one."""
        sources = [name for item in derived.values() for name in item.columns]
        return self.run(
            [*columns, *sources, *([] if weights is None else [weights])],
            lambda frame, collect: self._grouped(
                frame, collect, columns, weights=weights, derived=derived
            ),
        )

    def run(self, _columns: Sequence[str], query: Query[T]) -> T:
        """Return the result of a query for some columns."""
        self.progress("counting", 0.0)
        try:
            result = query(self.frame, collect_frame)
        except ThbstatsError:
            raise
        except Exception as error:  # each engine raises its own
            if is_interrupted(error):
                raise KeyboardInterrupt from error
            raise engine_error(self.frame.implementation.name.lower(), error, _HINT) from error
        self.progress("counting", 1.0)
        return result

    def _grouped(
        self,
        frame: "nw.LazyFrame[Any]",
        collect: Collect,
        columns: Sequence[str],
        *,
        weights: str | None,
        derived: Mapping[str, DerivedColumn],
        number: str | None = None,
    ) -> GroupedRows:
        """Return groups; the weights as numbers can be a column of their own."""
        import narwhals.stable.v2 as nw

        sources = [name for item in derived.values() for name in item.columns]
        # New names of columns: none is that of the count, and engines allow different names.
        names = {name: f"key{n}" for n, name in enumerate(dict.fromkeys([*columns, *sources]))}
        selected = [column(frame, old).alias(new) for old, new in names.items()]
        counts = {"rows": nw.len()}
        if weights is not None:
            selected += _weight_columns(frame, weights, number or weights)
            counts |= {"sum": nw.col("number").sum(), "invalid": nw.col("invalid").sum()}
        rows = frame.select(*selected) if selected else frame
        if weights is not None:
            rows = _mark_invalid_weights(rows)
        plain, keys, decoders = rows, [names[name] for name in columns], {}
        few: dict[str, _Sources] = {}
        made = {name: f"made{n}" for n, name in enumerate(derived)}
        few_names: list[str] = []
        for name, item in derived.items():
            sources = [names[source] for source in item.columns]
            values = self._sources(plain, item, sources, collect)
            if values is None:
                keys += sources
            elif prod(len(distinct) for _, distinct in values) <= _FEW:
                few[name] = values
                few_names += sources
            else:
                rows, decoders[name] = _derived(rows, values, item.key, made[name], collect)
                keys.append(made[name])
        groups = _groups(rows, [*keys, *few_names], counts)
        for name, values in few.items():
            groups, decoders[name] = _derived(
                groups, values, derived[name].key, made[name], collect
            )
            keys.append(made[name])
        keys = list(dict.fromkeys(keys))
        if few:
            groups = _groups(groups, keys, {count: nw.col(count).sum() for count in counts})
        grouped = FrameRows.of(collect(groups))
        cases = _numbers(grouped.columns["rows"])
        if weights is not None:
            cases = _sum_weights(grouped, cases, rows, weights, collect)
        coded = grouped.group(keys).columns
        return GroupedRows(
            columns={name: coded[names[name]] for name in columns},
            derived={
                name: coded[made[name]].compact().map(decoders[name])
                if name in decoders
                else derive(item.key, [coded[names[source]] for source in item.columns])
                for name, item in derived.items()
            },
            size=grouped.size,
            weights=cases.astype(np.int64),
        )

    def _sources(
        self,
        rows: "nw.LazyFrame[Any]",
        item: DerivedColumn,
        names: Sequence[str],
        collect: Collect,
    ) -> "_Sources | None":
        """Return the expression and the distinct values of each source of a derived column.

        ``None`` if engines compare the type of a source in different ways.
        """
        import narwhals.stable.v2 as nw

        result = []
        for name, source in zip(names, item.columns, strict=True):
            value = _comparable(rows, name, item.key)
            if value is None:
                return None
            if source not in self._distinct:
                groups = rows.select(value.alias(name)).group_by(name).agg(nw.len().alias("rows"))
                coded = FrameRows.of(collect(groups.select(name))).group([name]).columns[name]
                self._distinct[source] = [
                    entry.item() if isinstance(entry, np.generic) else entry
                    for entry in (coded.categories[code] for code in coded.present)
                    if entry is not None
                ]
            result.append((value, self._distinct[source]))
        return result


def _groups(
    rows: "nw.LazyFrame[Any]", names: Sequence[str], counts: "Mapping[str, nw.Expr]"
) -> "nw.LazyFrame[Any]":
    sums = [count.alias(name) for name, count in counts.items()]
    return rows.group_by(*dict.fromkeys(names)).agg(*sums) if names else rows.select(*sums)


def _derived(
    rows: "nw.LazyFrame[Any]",
    sources: _Sources,
    key: DerivedKey,
    output: str,
    collect: Collect,
) -> "tuple[nw.LazyFrame[Any], Callable[[Any], Any]]":
    """Return the rows with the key of a derived column, and the function that decodes it.

    The numbers of the distinct values of each source are joined to the rows.
    """
    import narwhals.stable.v2 as nw

    parts = []
    for number, (value, distinct) in enumerate(sources):
        prefix = f"{output}from{number}"
        codes = key.codes(number, [*distinct, None])
        made = {part: f"{prefix}{part}" for part in codes}
        rows = rows.with_columns(value.alias(prefix))
        if distinct:
            table = {f"{prefix}value": distinct}
            table |= {made[part]: code[:-1].tolist() for part, code in codes.items()}
            numbers = _joined_table(rows, table)
            rows = rows.join(numbers, left_on=prefix, right_on=f"{prefix}value", how="left")
        else:
            rows = rows.with_columns(nw.lit(None, nw.Int64).alias(n) for n in made.values())
        rows = rows.with_columns(
            nw.col(made[part]).fill_null(int(code[-1])) for part, code in codes.items()
        )
        parts.append({part: nw.col(made_name) for part, made_name in made.items()})
    rows = rows.with_columns(key.combine(parts, _where).alias(output))
    names = [f"{output}from{number}" for number in range(len(sources))]

    def example(number: int) -> list[Any]:
        chosen = rows.filter(nw.col(output) == number).select(*names).head(1)
        result = FrameRows.of(collect(chosen)).group(names).columns
        return [result[name][0] for name in names]

    def decode(number: Any) -> tuple[Any, ...]:
        return key.decode(int(number), partial(example, int(number)))

    return rows, decode


def _comparable(rows: "nw.LazyFrame[Any]", name: str, key: DerivedKey) -> "nw.Expr | None":
    """Return a column as texts or numbers, with days in place of timestamps.

    ``None`` if engines compare its type differently.
    """
    import narwhals.stable.v2 as nw

    dtype, cell, implementation = rows.collect_schema()[name], nw.col(name), rows.implementation
    if implementation.is_dask():  # which does not convert columns with missing values
        return None
    declared = sorted(text for text in key.declared if text is not None)
    # Timestamps of Spark usually have the time zone of the session.
    is_local = isinstance(dtype, nw.Datetime) and (
        dtype.time_zone is None or implementation.is_spark_like()
    )
    if dtype == nw.Date or (is_local and not any(map(re.compile(r"\d{4}.*:").match, declared))):
        return cell.cast(nw.Date)
    if dtype in (nw.String, nw.Categorical, nw.Enum):
        text = cell.cast(nw.String)
        is_timestamp = text.str.contains(_TIMESTAMP)
        if declared:
            is_timestamp &= ~text.is_in(declared)
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
    days = [name for name, values in columns.items() if isinstance(values[0], date)]
    columns = {**columns, **{name: list(map(str, columns[name])) for name in days}}
    if implementation.is_duckdb():
        value_numbers = pd.DataFrame(columns)  # noqa: F841 - DuckDB finds it by its name
        frame = nw.from_native(native.query("thbstats_rows", "SELECT * FROM value_numbers"))
    else:
        session: Any = getattr(native, "sparkSession", None)
        eager = nw.from_dict(columns, backend="pyarrow" if session is None else "pandas")
        frame = eager.lazy(implementation, session=session)
    result: nw.LazyFrame[Any] = frame.with_columns(nw.col(*days).cast(nw.Date)) if days else frame
    return result


def column(frame: "nw.LazyFrame[Any]", name: str) -> "nw.Expr":
    """Return a column of a frame; Spark needs quotes around a name with a point."""
    import narwhals.stable.v2 as nw

    if frame.implementation.is_spark_like() and ("." in name or "`" in name):
        name = f"`{name.replace('`', '``')}`"
    return nw.col(name)


def _weight_columns(frame: "nw.LazyFrame[Any]", name: str, number: str) -> "list[nw.Expr]":
    """Return the weights unchanged and as numbers."""
    import narwhals.stable.v2 as nw

    dtype = frame.collect_schema()[number]
    if not dtype.is_numeric() and dtype != nw.Unknown:
        raise InvalidValue(
            f"must be a column of numbers, got {dtype}",
            field=number,
            hint="Name a column of integers in weights=",
        )
    numbers = column(frame, number).cast(nw.Float64)
    return [column(frame, name).alias("weight"), numbers.alias("number")]


def _mark_invalid_weights(rows: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
    """Return the rows with 1 for an invalid weight, else 0."""
    import narwhals.stable.v2 as nw

    number = nw.col("number").fill_null(-1.0)
    is_integer = (number >= 0) & (number <= LARGEST_COUNT) & (number == number.round(0))
    return rows.with_columns(nw.when(is_integer).then(0).otherwise(1).alias("invalid"))


def _sum_weights(
    grouped: FrameRows,
    sizes: NDArray[np.float64],
    rows: "nw.LazyFrame[Any]",
    name: str,
    collect: Collect,
) -> NDArray[np.float64]:
    """Return the number of cases of each group, after a check of the weights."""
    import narwhals.stable.v2 as nw

    error = partial(InvalidValue, field=name, hint=_WEIGHT_HINT)
    invalid = int(np.nan_to_num(_numbers(grouped.columns["invalid"])).sum())
    if invalid:
        example = collect(rows.filter(nw.col("invalid") == 1).select("weight").head(1))
        values = FrameRows.of(example).group(["weight"]).columns["weight"]
        raise error(
            f"must be an integer of 0 or more ({invalid} row{'' if invalid == 1 else 's'})",
            value=values[0] if len(values) else None,
        )
    # A group without rows has no sum.
    sums = np.where(sizes > 0, _numbers(grouped.columns["sum"]), 0)
    if np.isnan(sums).any():
        # DuckDB skips a test if the statistics of a Parquet file imply its result; they ignore NaN.
        raise error("must be an integer of 0 or more", value=np.nan)
    # Sums of doubles below 2**53 are exact, in whatever order they are made.
    if sums.sum() >= LARGEST_COUNT:
        raise ImpossibleResult(
            "the sum of the weights must not exceed 2**53",
            field=name,
            hint="Check the column of the weights",
        )
    return sums


def _numbers(values: Any) -> NDArray[np.float64]:
    """Return a column as numbers, with NaN for missing values."""
    return pd.to_numeric(pd.Series(values)).to_numpy(np.float64, na_value=np.nan)
