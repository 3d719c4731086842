"""Cases in an engine: DuckDB, polars, Spark, dask or Ibis."""

from collections.abc import Mapping, MutableMapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.cases.engine_keys import EngineKey
from thbstats.cases.frames import NOT_DERIVED, DerivedColumn, FrameRows, GroupedRows, derive
from thbstats.cases.queries import Collect, Query, collect_frame, engine_error, is_interrupted
from thbstats.errors import ImpossibleResult, InvalidValue, ThbstatsError
from thbstats.exchange import Progress, no_progress
from thbstats.values import LARGEST_COUNT

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

T = TypeVar("T")

_HINT = "Correct the data, or count files by their paths to see the name of the file"
_WEIGHT_HINT = "Correct the weight, or exclude such rows with filter=..."

_FEW = 1 << 17  # combinations of values up to which equal rows are grouped before any join


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
        query = partial(self._grouped, columns=columns, weights=weights, derived=derived)
        return self.run([*columns, *sources, *([] if weights is None else [weights])], query)

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
        *,
        columns: Sequence[str],
        weights: str | None,
        derived: Mapping[str, DerivedColumn],
        number: str | None = None,
    ) -> GroupedRows:
        """Return groups; the weights as numbers can be a column of their own."""
        import narwhals.stable.v2 as nw

        used = [*columns, *(name for item in derived.values() for name in item.columns)]
        # New names of columns: none is that of the count, and engines allow different names.
        names = {name: f"key{n}" for n, name in enumerate(dict.fromkeys(used))}
        selected = [column(frame, old).alias(new) for old, new in names.items()]
        counts = {"rows": nw.len()}
        if weights is not None:
            selected += _weight_columns(frame, weights, number or weights)
            counts |= {"sum": nw.col("number").sum(), "invalid": nw.col("invalid").sum()}
        rows = frame.select(*selected) if selected else frame
        plain, keys, made = rows, [names[name] for name in columns], {}
        for n, (name, item) in enumerate(derived.items()):
            distinct = partial(self._distinct_values, collect)
            sources = {names[source]: source for source in item.columns}
            numbered = EngineKey.of(rows, item.key, f"made{n}", sources, distinct)
            if numbered is None:
                keys += sources
            else:
                rows, made[name] = numbered
        few = [key for key in made.values() if key.size <= _FEW]
        for key in made.values():
            rows = rows if key in few else key.add(rows, collect)
        keys += (key.output for key in made.values() if key not in few)
        groups = _groups(rows, [*keys, *(name for key in few for name in key.columns)], counts)
        for key in few:
            groups = key.add(groups, collect)
        keys += (key.output for key in few)
        if few:
            groups = _groups(groups, keys, {count: nw.col(count).sum() for count in counts})
        grouped = FrameRows.of(collect(groups))
        cases = _numbers(grouped.columns["rows"])
        if weights is not None:
            cases = _sum_weights(grouped, cases, plain, weights, collect)
        coded = grouped.group(list(dict.fromkeys(keys))).columns
        return GroupedRows(
            columns={name: coded[names[name]] for name in columns},
            derived={
                name: coded[made[name].output].compact().map(made[name].decode)
                if name in made
                else derive(item.key, [coded[names[source]] for source in item.columns])
                for name, item in derived.items()
            },
            size=grouped.size,
            weights=cases.astype(np.int64),
        )

    def _distinct_values(
        self, collect: Collect, rows: "nw.LazyFrame[Any]", name: str, source: str
    ) -> Sequence[Any]:
        """Return the distinct values of a column, which later counts use again."""
        import narwhals.stable.v2 as nw

        if source not in self._distinct:
            groups = rows.group_by(name).agg(nw.len().alias("rows")).select(name)
            coded = FrameRows.of(collect(groups)).group([name]).columns[name]
            self._distinct[source] = [
                entry.item() if isinstance(entry, np.generic) else entry
                for entry in (coded.categories[code] for code in coded.present)
                if entry is not None
            ]
        return self._distinct[source]


def _groups(
    rows: "nw.LazyFrame[Any]", names: Sequence[str], counts: "Mapping[str, nw.Expr]"
) -> "nw.LazyFrame[Any]":
    sums = [count.alias(name) for name, count in counts.items()]
    return rows.group_by(*dict.fromkeys(names)).agg(*sums) if names else rows.select(*sums)


def column(frame: "nw.LazyFrame[Any]", name: str) -> "nw.Expr":
    """Return a column of a frame; Spark needs quotes around a name with a point."""
    import narwhals.stable.v2 as nw

    if frame.implementation.is_spark_like() and ("." in name or "`" in name):
        name = f"`{name.replace('`', '``')}`"
    return nw.col(name)


def _weight_columns(frame: "nw.LazyFrame[Any]", name: str, number: str) -> "list[nw.Expr]":
    """Return the weights unchanged, as numbers, and 1 for an invalid weight."""
    import narwhals.stable.v2 as nw

    dtype = frame.collect_schema()[number]
    if not dtype.is_numeric() and dtype != nw.Unknown:
        raise InvalidValue(
            f"must be a column of numbers, got {dtype}",
            field=number,
            hint="Name a column of integers in weights=",
        )
    numbers = column(frame, number).cast(nw.Float64)
    plain = numbers.fill_null(-1.0)
    is_integer = (plain >= 0) & (plain <= LARGEST_COUNT) & (plain == plain.round(0))
    invalid = nw.when(is_integer).then(0).otherwise(1)
    return [
        column(frame, name).alias("weight"),
        numbers.alias("number"),
        invalid.alias("invalid"),
    ]


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
        problem, hint = (
            "the sum of the weights must not exceed 2**53",
            "Check the column of the weights",
        )
        raise ImpossibleResult(problem, field=name, hint=hint)
    return sums


def _numbers(values: Any) -> NDArray[np.float64]:
    """Return a column as numbers, with NaN for missing values."""
    return pd.to_numeric(pd.Series(values)).to_numpy(np.float64, na_value=np.nan)
