"""Cases in an engine: DuckDB, polars, Spark, dask or Ibis.

Registers can have 10^8 rows, so the engine groups them, and one row for each group comes back. All
queries are expressions of narwhals. Errors of engines differ in type and text; they become errors
of this library, with the file, line or partition where the text names one.
"""

import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from functools import partial
from importlib.util import find_spec
from time import sleep
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.cases.coded_columns import WEIGHT_HINT, FrameRows, Grouped, check_weights
from thbstats.cases.derived_keys import DerivedKey, derive
from thbstats.cases.engine_keys import Collect, add_key
from thbstats.errors import (
    EngineFailed,
    InvalidFile,
    InvalidValue,
    ThbstatsError,
    UnknownName,
    did_you_mean,
    require,
)
from thbstats.files import Progress, no_progress
from thbstats.values import LARGEST_COUNT

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw


T = TypeVar("T")

Filter: TypeAlias = "tuple[nw.Expr, ...]"
"""Expressions that must all be true."""

Query = Callable[["nw.LazyFrame[Any]", Collect], T]
"""A query: a function of the rows and of a function that collects its result."""

_PAUSE = 0.002
"""Seconds between two questions whether polars has finished."""


def collect_frame(frame: "nw.LazyFrame[Any]") -> Any:
    """Return the result of an engine as a frame in memory."""
    import narwhals.stable.v2 as nw

    # polars collects in a thread of its own, is asked for its result again and again, and is
    # cancelled on Ctrl-C. Without a thread, one Ctrl-C raises KeyboardInterrupt twice.
    if frame.implementation.is_polars():
        running: Any = frame.to_native().collect(engine="streaming", background=True)
        try:
            while (result := running.fetch()) is None:
                sleep(_PAUSE)
        except BaseException:
            running.cancel()
            raise
        return result
    if find_spec("pyarrow"):
        return frame.collect("pyarrow").to_native()
    # Dates are texts in a pandas frame.
    days = [name for name, dtype in frame.collect_schema().items() if dtype == nw.Date]
    return frame.with_columns(nw.col(*days).cast(nw.String)).collect("pandas").to_native()


_COLUMN = re.compile(r"\bcol\((.*?)\)")
"""A column in the text of a narwhals expression."""


def parse_filter(filter: Any) -> Filter:
    """Return expressions that must all be true."""
    if filter is None:
        return ()
    import narwhals as nw

    items: Any = (filter,) if isinstance(filter, nw.Expr) else filter
    result: Filter = tuple(items) if isinstance(items, Iterable) else (items,)
    for item in result:
        hint = "Use filter=nw.col('year') == 2020 after import narwhals as nw"
        problem, kind = "`filter` must be a narwhals expression", type(item)
        require(isinstance(item, nw.Expr), problem, hint, filter=kind)
    return result


def apply_filter(frame: Any, filter: Filter) -> Any:
    """Return the rows of a narwhals frame that satisfy all expressions."""
    if not filter:
        return frame
    names = frame.collect_schema().names()
    named = [name for item in filter for name in _COLUMN.findall(repr(item))]
    missing = next((name for name in named if name not in names), None)
    try:
        result = frame.filter(*filter)
        result.collect_schema()  # a lazy frame checks the names only here
    except Exception as error:  # each engine raises its own
        if missing is not None:
            problem = "the columns of `filter` must be columns of all cases"
            hint = did_you_mean(missing, names)
            raise UnknownName(problem, field=missing, hint=hint) from None
        raise InvalidValue(
            f"`filter` must fit the types of the columns: {str(error).splitlines()[0]}",
            field="filter",
            hint="Use texts for cells of a CSV file: nw.col('year') == '2020'",
        ) from error
    return result


# Texts of errors: the file that could not be read, and the task of Spark.
_FILE = re.compile(r"(?:reading|read|open|opening|scan(?:ning)?) file:? *[\"']?([^\s\"',;]+)", re.I)
_QUOTED = re.compile(r"\bfile:? *(?:\"([^\"\n]+)\"|'([^'\n]+)')", re.I)
_PARTITION = re.compile(r"[Ll]ost task (\d+)\.\d+ in stage")
# DuckDB's message about a line of text, without its advice.
_LINE = re.compile(r"CSV Error on Line: (\d+)\n.*?([^\n]+)\n+Possible", re.DOTALL)
# The cause in a trace of Java, in a trace of Python, and the class name before a message.
_CAUSE = re.compile(r"^\s*Caused by: [\w.$]+: (.+)$", re.MULTILINE)
_RAISED = re.compile(r"^(\w[\w.]*: .+)$", re.MULTILINE)  # the last line of a Python trace
_EXCEPTION = re.compile(r"^(?:(?:[\w.$]+(?:Exception|Error)|[A-Z]\w+(?: \w+)? Error): )+")
_TRACE = ("at ", "An error occurred while calling")
_LONGEST = 300
_HINT = "Correct the cause, and count again"


def engine_error(engine: str, error: Exception, hint: str = _HINT) -> ThbstatsError:
    """Return an error of this library for the error of an engine."""
    text = str(error)
    file, partition = _QUOTED.search(text) or _FILE.search(text), _PARTITION.search(text)
    location = f", in partition {partition[1]}" if partition else ""
    if file:
        return file_error(next(filter(None, file.groups())).rstrip("."), error, location)
    return EngineFailed(f"{engine} failed{location}: {error_summary(error)}", hint=hint)


def file_error(file: str, error: Exception, location: str = "") -> InvalidFile:
    """Return an error of this library for a file that an engine could not read."""
    line = _LINE.search(str(error))
    return InvalidFile(
        f"{file} cannot be counted{location}: {line[2] if line else error_summary(error)}",
        row=f"line {line[1]}" if line else None,
        hint="Download or repair the file, or exclude it",
    )


def error_summary(error: Exception) -> str:
    r"""Return the message of an engine without its traces.

    Examples
    --------
    >>> error = ValueError("Job aborted.\n\tat Scheduler.run\nCaused by: java.io.EOFException: End")
    >>> error_summary(error)
    'End'
    """
    text = str(error)
    traced = _RAISED.findall(text) if "Traceback (most" in text else []
    causes = [*_CAUSE.findall(text)[-1:], *traced[-1:]]
    lines = (_EXCEPTION.sub("", line.strip()) for line in text.splitlines())
    first = (line for line in lines if line and not line.startswith(_TRACE))
    cause = causes[-1] if causes else next(first, type(error).__name__)
    cause = cause.strip()
    return cause if len(cause) <= _LONGEST else f"{cause[: _LONGEST - 3]}..."


def is_interrupted(error: BaseException | None) -> bool:
    """Return whether the user stopped an engine; Spark and DuckDB report it as text."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or str(error) == "Query interrupted":
            return True
        error = error.__cause__ or error.__context__
    return False


_FILE_HINT = "Correct the data, or count files by their paths to see the name of the file"


class EngineRows:
    """Cases of a lazy frame."""

    def __init__(self, frame: "nw.LazyFrame[Any]", progress: Progress = no_progress) -> None:
        self.frame = frame
        self.progress = progress
        self._distinct: MutableMapping[str, Sequence[Any]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.frame.collect_schema().names())

    def group(
        self, columns: Sequence[str], weights: str | None, derived: Mapping[str, DerivedKey]
    ) -> Grouped:
        """Return some columns of all cases, with equal rows as one."""
        sources = [name for item in derived.values() for name in item.columns]
        query = partial(self._grouped, columns=columns, weights=weights, derived=derived)
        return self.run([*columns, *sources, *([] if weights is None else [weights])], query)

    def run(self, columns: Sequence[str], query: Query[T]) -> T:
        """Return the result of a query for some columns."""
        self.progress("counting", 0.0)
        try:
            result = query(self.rows(columns), self._collect)
        except ThbstatsError:
            raise
        except Exception as error:  # each engine raises its own
            raise self._failure(columns, query, error) from error
        self.progress("counting", 1.0)
        return result

    def rows(self, _columns: Sequence[str] = ()) -> "nw.LazyFrame[Any]":
        """Return the rows with some columns."""
        return self.frame

    def _collect(self, frame: "nw.LazyFrame[Any]") -> Any:
        return collect_frame(frame)

    def _failure(
        self, _columns: Sequence[str], _query: Query[Any], error: Exception
    ) -> BaseException:
        """Return the error that is raised for the error of an engine."""
        if is_interrupted(error):
            return KeyboardInterrupt()
        return engine_error(self.frame.implementation.name.lower(), error, _FILE_HINT)

    def _grouped(
        self,
        frame: "nw.LazyFrame[Any]",
        collect: Collect,
        *,
        columns: Sequence[str],
        weights: str | None,
        derived: Mapping[str, DerivedKey],
        number: str | None = None,
    ) -> Grouped:
        """Return groups; numeric weights can be in a separate column."""
        import narwhals.stable.v2 as nw

        # 1. Select the columns of the keys, and the weights.
        used = [*columns, *(name for item in derived.values() for name in item.columns)]
        # New names of columns: none is that of the count, and engines allow different names.
        names = {name: f"key{n}" for n, name in enumerate(dict.fromkeys(used))}
        selected = [column(frame, old).alias(new) for old, new in names.items()]
        counts = {"rows": nw.len()}
        if weights is not None:
            selected += _weight_columns(frame, weights, number or weights)
            counts |= {"sum": nw.col("number").sum(), "invalid": nw.col("invalid").sum()}
        # 2. Add the keys of derived dimensions, such as ages. Where engines would compare the
        # sources differently, the sources themselves are keys, and Python derives from them.
        rows = frame.select(*selected) if selected else frame
        plain, keys, made = rows, [names[name] for name in columns], {}
        values_of = partial(self._distinct_values, collect)
        for n, (name, item) in enumerate(derived.items()):
            sources, output = [(names[source], source) for source in item.columns], f"made{n}"
            added = add_key(
                rows, item, sources, output=output, collect=collect, values_of=values_of
            )
            if added is None:
                keys += (new for new, _ in sources)
            else:
                rows, made[name] = added.rows, added.decode
                keys.append(output)
        # 3. Group in the engine; the groups come back as a frame in memory.
        sums = [expression.alias(name) for name, expression in counts.items()]
        groups = rows.group_by(*dict.fromkeys(keys)).agg(*sums) if keys else rows.select(*sums)
        grouped = FrameRows.of(collect(groups))
        cases = _numbers(grouped.columns["rows"])
        if weights is not None:
            cases = _sum_weights(grouped, cases, plain, weights, collect)
        # 4. Encode the groups like rows in memory.
        coded = {}
        for n, (name, item) in enumerate(derived.items()):
            if name in made:
                coded[name] = grouped.column(f"made{n}").compact().map(made[name])
            else:
                coded[name] = derive(item, [grouped.column(names[own]) for own in item.columns])
        plain_columns = {name: grouped.column(names[name]) for name in columns}
        return plain_columns, coded, cases.astype(np.int64)

    def _distinct_values(
        self, collect: Collect, rows: "nw.LazyFrame[Any]", name: str, source: str
    ) -> Sequence[Any]:
        """Return the distinct values of a column, and store them for later counts."""
        import narwhals.stable.v2 as nw

        if source not in self._distinct:
            groups = rows.group_by(name).agg(nw.len().alias("rows")).select(name)
            coded = FrameRows.of(collect(groups)).column(name)
            self._distinct[source] = [
                entry.item() if isinstance(entry, np.generic) else entry
                for entry in (coded.categories[code] for code in coded.present)
                if entry is not None
            ]
        return self._distinct[source]


def column(frame: "nw.LazyFrame[Any]", name: str) -> "nw.Expr":
    """Return a column of a frame; Spark needs quotes around a name with a point."""
    import narwhals.stable.v2 as nw

    if frame.implementation.is_spark_like() and ("." in name or "`" in name):
        name = f"`{name.replace('`', '``')}`"
    return nw.col(name)


def _weight_columns(frame: "nw.LazyFrame[Any]", name: str, number: str) -> "list[nw.Expr]":
    """Return expressions: the weights, the weights as numbers, and 1 for an invalid weight."""
    import narwhals.stable.v2 as nw

    dtype = frame.collect_schema()[number]
    if not dtype.is_numeric() and dtype != nw.Unknown:
        problem = f"must be a column of numbers, got {dtype}"
        hint = "Name a column of integers in weights="
        raise InvalidValue(problem, field=number, hint=hint)
    # A missing weight becomes -1, which is invalid.
    numbers = column(frame, number).cast(nw.Float64)
    plain = numbers.fill_null(-1.0)
    is_integer = (plain >= 0) & (plain <= LARGEST_COUNT) & (plain == plain.round(0))
    invalid = nw.when(is_integer).then(0).otherwise(1)
    every = {"weight": column(frame, name), "number": numbers, "invalid": invalid}
    return [expression.alias(label) for label, expression in every.items()]


def _sum_weights(
    grouped: FrameRows,
    sizes: NDArray[np.float64],
    rows: "nw.LazyFrame[Any]",
    name: str,
    collect: Collect,
) -> NDArray[np.float64]:
    """Return the number of cases of each group, after a check of the weights."""
    import narwhals.stable.v2 as nw

    error = partial(InvalidValue, field=name, hint=WEIGHT_HINT)
    problem = "must be an integer of 0 or more"
    invalid = int(np.nan_to_num(_numbers(grouped.columns["invalid"])).sum())
    if invalid:
        example = collect(rows.filter(nw.col("invalid") == 1).select("weight").head(1))
        values = FrameRows.of(example).column("weight")
        number = f"{invalid} row{'' if invalid == 1 else 's'}"
        raise error(f"{problem} ({number})", value=values[0] if len(values) else None)
    # A group without rows has no sum.
    sums = np.where(sizes > 0, _numbers(grouped.columns["sum"]), 0)
    if np.isnan(sums).any():
        # DuckDB skips a test if the statistics of a Parquet file imply its result; they ignore NaN.
        raise error(problem, value=np.nan)
    # Sums of doubles below 2**53 are exact, in whatever order they are made.
    check_weights(sums.sum() < LARGEST_COUNT, name)
    return sums


def _numbers(values: Any) -> NDArray[np.float64]:
    """Return a column as numbers, with NaN for missing values."""
    return pd.to_numeric(pd.Series(values)).to_numpy(np.float64, na_value=np.nan)
