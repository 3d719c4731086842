"""What the values of a column say, and their numbers, as an engine looks them up."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from thbstats.cases.engine_columns import UNREADABLE, EngineRequest
from thbstats.counting import spelling
from thbstats.errors import ThbstatsError

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["ValueReadings", "add_value_codes", "read_values"]

ValueReadings = Mapping[Any, Any]
"""What the values of a column say; `UNREADABLE` for what is told where it is read."""


def read_values(
    request: EngineRequest, column: str | None, read: Callable[[Any], Any]
) -> ValueReadings | None:
    """Return what the values of a column say.

    Parameters
    ----------
    request : EngineRequest
        What has the column.
    column : str or None
        The column; ``None`` where all cases have one answer.
    read : callable
        From a value to what it says; from ``None`` where there is none.

    Returns
    -------
    mapping or None
        ``None`` where there are too many values, or of a type that engines do not compare alike.
    """
    if column is None:
        return {None: _tried(read, None)}
    if request.rows.implementation.is_dask() or not _is_plain(request, column):
        return None
    values = request.distinct(column)
    if values is None:
        return None
    there = (value for value in values if spelling(value) is not None)
    return {value: _tried(read, value) for value in (*there, None)}


def _is_plain(request: EngineRequest, column: str) -> bool:
    """Whether the values are texts or numbers, which engines compare alike."""
    import narwhals.stable.v2 as nw

    dtype = request.rows.collect_schema()[request.source_names[column]]
    return dtype in (nw.String, nw.Categorical, nw.Enum) or dtype.is_integer() or dtype.is_float()


def _tried(read: Callable[[Any], Any], value: Any) -> Any:
    # What is wrong with a value is told where it is read: here it may stand for nothing.
    try:
        return read(value)
    except ThbstatsError:
        return UNREADABLE


def add_value_codes(
    rows: "nw.LazyFrame[Any]", column: str | None, numbers: Mapping[Any, int], name: str
) -> "nw.LazyFrame[Any]":
    """Return rows with the number of what stands in a column.

    Parameters
    ----------
    rows : LazyFrame of narwhals
        The rows.
    column : str or None
        Its name in them; ``None`` where all cases have one answer.
    numbers : mapping
        The number of each value, and under ``None`` that of no value.
    name : str
        The name of the column of numbers.
    """
    import narwhals.stable.v2 as nw

    if column is None:
        return rows.with_columns(nw.lit(numbers[None]).alias(name))
    dtype = rows.collect_schema()[column]
    said = nw.col(column)
    nothing = said.is_null() | said.is_nan() if dtype.is_float() else said.is_null()
    if not dtype.is_numeric():
        said = said.cast(nw.String)
    found = nw.lit(UNREADABLE)
    if there := [value for value in numbers if value is not None]:
        each = [numbers[value] for value in there]
        found = said.replace_strict(there, each, default=found, return_dtype=nw.Int64)
    number = nw.when(nothing).then(numbers[None]).otherwise(found)
    return rows.with_columns(number.cast(nw.Int64).alias(name))
