"""Numbers of the few values of a column, for look-ups in an engine."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from thbstats.cases.engine_columns import UNREADABLE, EngineRequest
from thbstats.counting import spelling
from thbstats.errors import ThbstatsError

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["ValueReadings", "add_value_codes", "read_values"]

ValueReadings = Mapping[Any, Any]
"""The reading of each value of a column; `UNREADABLE` if it raises an error."""


def read_values(
    request: EngineRequest, column: str | None, read: Callable[[Any], Any]
) -> ValueReadings | None:
    """Return the reading of each value of a column.

    Returns
    -------
    mapping or None
        ``None`` if there are too many values, or engines compare their type differently.
    """
    if column is None:
        return {None: _read_or_unreadable(read, None)}
    if request.rows.implementation.is_dask() or not _is_plain(request, column):
        return None
    values = request.distinct(column)
    if values is None:
        return None
    there = (value for value in values if spelling(value) is not None)
    return {value: _read_or_unreadable(read, value) for value in (*there, None)}


def _is_plain(request: EngineRequest, column: str) -> bool:
    """Return whether the values are texts or numbers."""
    import narwhals.stable.v2 as nw

    dtype = request.rows.collect_schema()[request.source_names[column]]
    return dtype in (nw.String, nw.Categorical, nw.Enum) or dtype.is_integer() or dtype.is_float()


def _read_or_unreadable(read: Callable[[Any], Any], value: Any) -> Any:
    # The error is raised where the value is read: here no row may have the value.
    try:
        return read(value)
    except ThbstatsError:
        return UNREADABLE


def add_value_codes(
    rows: "nw.LazyFrame[Any]", column: str | None, numbers: Mapping[Any, int], name: str
) -> "nw.LazyFrame[Any]":
    """Return rows with the number of the value in a column."""
    import narwhals.stable.v2 as nw

    if column is None:
        return rows.with_columns(nw.lit(numbers[None]).alias(name))
    dtype = rows.collect_schema()[column]
    cell = nw.col(column)
    is_empty = cell.is_null() | cell.is_nan() if dtype.is_float() else cell.is_null()
    if not dtype.is_numeric():
        cell = cell.cast(nw.String)
    result = nw.lit(UNREADABLE)
    if there := [value for value in numbers if value is not None]:
        codes = [numbers[value] for value in there]
        result = cell.replace_strict(there, codes, default=result, return_dtype=nw.Int64)
    number = nw.when(is_empty).then(numbers[None]).otherwise(result)
    return rows.with_columns(number.cast(nw.Int64).alias(name))
