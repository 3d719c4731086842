"""Cases that stay in their engine: one group-by is pushed down, and only its groups come back."""

from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.cases.failures import failed, stopped
from thbstats.cases.in_memory import FrameRows
from thbstats.cases.rows import Grouped
from thbstats.errors import ImpossibleResult, InvalidValue, ThbstatsError
from thbstats.exchange import Progress, quiet
from thbstats.values import LARGEST_COUNT

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["Collect", "LazyRows", "Question", "collected", "column", "groups_of", "stoppable"]

Collect = Callable[["nw.LazyFrame[Any]"], Any]
"""What runs a question of an engine and gives its answer as a frame in memory."""

T = TypeVar("T")

Question = Callable[["nw.LazyFrame[Any]", Collect], T]
"""What is asked of the rows, with what runs it."""

_ROWS, _SUM, _WEIGHT, _NUMBER, _WRONG = "rows", "sum", "weight", "number", "wrong"
"""Names of columns of the question; those of the cases become others first."""


@frozen(eq=False, slots=False)
class LazyRows:
    """Cases of a frame that is not in memory: of DuckDB, polars, Spark, dask, Ibis.

    Parameters
    ----------
    frame : LazyFrame of narwhals
        The cases.
    progress : callable
        Told that counting has begun, and that it is done.
    """

    frame: "nw.LazyFrame[Any]"
    progress: Progress = quiet

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.frame.collect_schema().names())

    def grouped(self, columns: Sequence[str], weights: str | None = None) -> Grouped:
        """Return some columns of all cases, with equal rows as one."""
        return self.asked(
            columns, lambda frame, collect: groups_of(frame, columns, weights, collect=collect)
        )

    def asked(self, _columns: Sequence[str], question: Question[T]) -> T:
        """Return the answer to a question about some columns."""
        self.progress("counting", 0.0)
        try:
            found = question(self.frame, collected)
        except ThbstatsError:
            raise
        except Exception as error:  # each engine raises its own
            if stopped(error):
                raise KeyboardInterrupt from error
            raise failed(self.frame.implementation.name.lower(), error) from error
        self.progress("counting", 1.0)
        return found


def groups_of(
    frame: "nw.LazyFrame[Any]",
    columns: Sequence[str],
    weights: str | None = None,
    *,
    collect: Collect | None = None,
    number: str | None = None,
) -> Grouped:
    """Return the groups of equal rows that an engine makes.

    Parameters
    ----------
    frame : LazyFrame of narwhals
        The cases.
    columns : sequence of str
        The columns that tell the groups apart.
    weights : str, optional
        The column that says for how many cases a row stands.
    collect : callable, optional
        What runs the question; `collected` unless given.
    number : str, optional
        The column that has the weights as numbers; that of the weights unless given.

    Raises
    ------
    InvalidValue
        If a weight is no whole number from 0.
    ImpossibleResult
        If the weights make more than 2**53.
    """
    import narwhals.stable.v2 as nw

    collect = collect or collected
    keys = {name: f"key{number}" for number, name in enumerate(columns)}
    # A new name for each column: none is that of the count, and engines differ in what they admit.
    chosen = [column(frame, name).alias(key) for name, key in keys.items()]
    counts = [nw.len().alias(_ROWS)]
    if weights is not None:
        _check_type(frame, number or weights)
        weight = column(frame, number or weights).cast(nw.Float64)
        chosen += [column(frame, weights).alias(_WEIGHT), weight.alias(_NUMBER)]
        counts += [nw.col(_NUMBER).sum().alias(_SUM), nw.col(_WRONG).sum()]
    rows = frame.select(*chosen) if chosen else frame
    if weights is not None:
        rows = rows.with_columns(_wrong().alias(_WRONG))
    made = rows.group_by(*keys.values()).agg(*counts) if keys else rows.select(*counts)
    found = FrameRows.of(collect(made))
    cases = _numbers(found.columns[_ROWS])
    if weights is not None:
        _check_weights(found, rows, weights, collect)
        cases = np.where(cases > 0, _numbers(found.columns[_SUM]), 0)  # no rows have no sum
    slots = found.grouped(list(keys.values())).columns
    return Grouped(
        columns={name: slots[key] for name, key in keys.items()},
        size=found.size,
        weights=cases.astype(np.int64),
    )


def column(frame: "nw.LazyFrame[Any]", name: str) -> "nw.Expr":
    """Return a column of a frame; Spark takes a point in its name for a field within it."""
    import narwhals.stable.v2 as nw

    if frame.implementation.is_spark_like() and ("." in name or "`" in name):
        name = f"`{name.replace('`', '``')}`"
    return nw.col(name)


_MEND = "Correct it, or leave such rows out with filter=..."


def _check_type(frame: "nw.LazyFrame[Any]", weights: str) -> None:
    import narwhals.stable.v2 as nw

    dtype = frame.collect_schema()[weights]
    if not dtype.is_numeric() and dtype != nw.Unknown:
        raise InvalidValue(
            f"a column of {dtype} cannot say for how many cases a row stands",
            field=weights,
            mend="Give a column of whole numbers",
        )


def _wrong() -> "nw.Expr":
    """Return 1 for a weight that is no whole number from 0 to what can be held, else 0."""
    import narwhals.stable.v2 as nw

    number = nw.col(_NUMBER).fill_null(-1.0)
    whole = (number >= 0) & (number <= LARGEST_COUNT) & (number == number.round(0))
    return nw.when(whole).then(0).otherwise(1)


def _check_weights(
    found: FrameRows, rows: "nw.LazyFrame[Any]", weights: str, collect: Collect
) -> None:
    import narwhals.stable.v2 as nw

    wrong = np.nan_to_num(_numbers(found.columns[_WRONG]))
    if wrong.any():
        some = rows.filter(nw.col(_WRONG) == 1).select(_WEIGHT).head(1)
        slots = FrameRows.of(collect(some)).grouped([_WEIGHT]).columns[_WEIGHT]
        cases = int(wrong.sum())
        raise InvalidValue(
            f"no whole number of cases, in {cases} row{'' if cases == 1 else 's'}",
            field=weights,
            value=slots.values[slots.codes[0]] if len(slots) else None,
            mend=_MEND,
        )
    sums = _numbers(found.columns[_SUM])[_numbers(found.columns[_ROWS]) > 0]
    if np.isnan(sums).any():
        # DuckDB leaves out a test that the statistics of a Parquet file seem to have answered,
        # and those pass over NaN.
        raise InvalidValue("no whole number of cases", field=weights, value=np.nan, mend=_MEND)
    # Sums of doubles are exact as long as they are below 2**53, in whatever order they are made.
    if sums.sum() >= LARGEST_COUNT:
        raise ImpossibleResult(
            "the weights make more than 2**53 cases, which cannot be held exactly",
            field=weights,
            mend="Check the column: it is larger than any population",
        )


def _numbers(column: Any) -> NDArray[np.float64]:
    return pd.to_numeric(pd.Series(column)).to_numpy(np.float64, na_value=np.nan)


def collected(frame: "nw.LazyFrame[Any]") -> Any:
    """Return the answer of an engine as a frame in memory."""
    if frame.implementation.is_polars():
        return stoppable(frame.to_native())
    if find_spec("pyarrow"):
        return frame.collect("pyarrow").to_native()
    return _by_pandas(frame)


def _by_pandas(frame: "nw.LazyFrame[Any]") -> Any:
    """Return the answer as pandas holds it, which has no days without an hour."""
    import narwhals.stable.v2 as nw

    schema = frame.collect_schema()
    days = [name for name, dtype in schema.items() if dtype == nw.Date]
    return frame.with_columns(nw.col(*days).cast(nw.String)).collect("pandas").to_native()


def stoppable(frame: Any) -> Any:
    """Return the rows of a lazy frame of polars, which does not stop for Ctrl-C by itself."""
    from time import sleep

    running = frame.collect(engine="streaming", background=True)
    try:
        while (found := running.fetch()) is None:
            sleep(_PAUSE)
    except BaseException:
        running.cancel()
        raise
    return found


_PAUSE = 0.002
