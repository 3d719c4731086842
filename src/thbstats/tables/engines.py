"""Columns of frames of any library."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.tables.categories import categorical
from thbstats.tables.libraries import library

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw
    from narwhals.stable.v2.typing import IntoFrame

__all__ = ["ArrowStream", "Frame", "frame_columns", "in_memory"]


class ArrowStream(Protocol):
    """Object with the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Return a stream of record batches as a capsule."""
        ...


Frame: TypeAlias = "IntoFrame | ArrowStream"


def frame_columns(frame: Any) -> tuple[dict[str, Any], int]:
    """Return the columns of a frame by name, and the number of rows.

    A pandas frame is read directly, other frames through narwhals. A lazy frame is collected.

    Raises
    ------
    InvalidValue
        If it is not a frame, or two columns have the same name.
    MissingExtra
        If the library of the frame is not installed.
    """
    if not isinstance(frame, pd.DataFrame):
        frame = in_memory(frame)
    if not isinstance(frame, pd.DataFrame):
        return {series.name: _values(series) for series in frame.iter_columns()}, len(frame)
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        raise _repeated(names)
    return {str(name): _pandas_values(column) for name, column in frame.items()}, len(frame)


def in_memory(frame: Any) -> Any:
    """Return a pandas frame, or a narwhals frame in memory."""
    import narwhals.stable.v2 as nw

    try:
        found = nw.from_native(frame, pass_through=True)
        if isinstance(found, nw.LazyFrame) and not hasattr(found.to_native(), "__arrow_c_stream__"):
            found = found.collect()
        if not isinstance(found, nw.DataFrame):
            native = found.to_native() if isinstance(found, nw.LazyFrame) else found
            found = nw.from_native(_from_stream(native), eager_only=True)
    except nw.exceptions.DuplicateError:
        raise _repeated(getattr(frame, "column_names", getattr(frame, "columns", []))) from None
    return found.to_pandas() if found.implementation.is_pandas_like() else found


def _from_stream(frame: Any) -> Any:
    if not hasattr(frame, "__arrow_c_stream__"):
        raise InvalidValue(
            "must be a frame",
            value=type(frame).__name__,
            hint="Use a frame of pandas, polars, pyarrow or DuckDB, or from_rows for mappings "
            "and sequences",
        )
    reader = library("pyarrow", "polars")
    try:
        return reader.table(frame) if reader.__name__ == "pyarrow" else reader.DataFrame(frame)
    except Exception as error:  # each library raises its own exceptions
        raise InvalidValue(
            f"must have Arrow data that {reader.__name__} can read ({error})",
            value=type(frame).__name__,
            hint="Use a frame with named columns",
        ) from error


def _repeated(names: Sequence[str]) -> InvalidValue:
    repeated = [name for name in names if names.count(name) > 1]
    return InvalidValue(
        "must have unique column names",
        field=repeated[0] if repeated else None,
        hint="Rename or remove one of the columns",
    )


def _pandas_values(series: "pd.Series[Any]") -> Any:
    return _objects(series) if getattr(series.dtype, "type", None) is Decimal else series


def _values(series: "nw.Series[Any]") -> Any:
    """Return a column for pandas: categories, masked integers, numbers or objects."""
    import narwhals.stable.v2 as nw

    dtype = series.dtype
    if dtype == nw.String:
        # The library finds distinct texts faster than pandas.
        return _coded(series.cast(nw.String).cast(nw.Categorical))
    if dtype in (nw.Categorical, nw.Enum):
        return _coded(series)
    if dtype.is_float() or (dtype == nw.Boolean and len(series) and not series.null_count()):
        return pd.Series(series.to_numpy(), copy=False)
    if dtype.is_integer() and dtype not in (nw.Int128, nw.UInt128):
        return _integers(series)
    return _objects(series.to_list())


def _integers(series: "nw.Series[Any]") -> Any:
    if not series.null_count():
        return pd.Series(series.to_numpy(), copy=False)
    missing = series.is_null().to_numpy()
    return pd.Series(pd.arrays.IntegerArray(series.fill_null(0).to_numpy(), missing), copy=False)


def _objects(values: Iterable[Any]) -> NDArray[Any]:
    """Return an object array; decimals without decimal positions become integers.

    DuckDB returns sums as decimals; Arrow stores integers above 64 bits as decimals.
    """
    items = [int(value) if _is_integer(value) else value for value in values]
    return np.fromiter(items, dtype=object, count=len(items))


def _is_integer(value: object) -> bool:
    return isinstance(value, Decimal) and value.as_tuple().exponent == 0


def _coded(series: "nw.Series[Any]") -> pd.Categorical:
    """Return a categorical column with the codes of the library."""
    missing = series.is_null().to_numpy()
    native = series.to_native()
    read = _arrow_codes if series.implementation.is_pyarrow() else _polars_codes
    codes, values = read(native)
    codes[missing] = len(values)
    return categorical(codes, [*values, None])


def _arrow_codes(column: Any) -> tuple[NDArray[np.int64], list[Any]]:
    array = column.unify_dictionaries().combine_chunks()
    # Cast before filling missing values: the codes of DuckDB are unsigned bytes.
    codes = array.indices.cast("int64").fill_null(0).to_numpy(zero_copy_only=False)
    return np.array(codes), array.dictionary.to_pylist()


def _polars_codes(column: Any) -> tuple[NDArray[np.int64], list[Any]]:
    present = column.drop_nulls().unique()
    physical = present.to_physical().to_numpy()
    # Physical codes are positions in the global list of texts of polars.
    positions = np.zeros(int(physical.max(initial=0)) + 1, dtype=np.int64)
    positions[physical] = np.arange(len(physical))
    return positions[column.to_physical().fill_null(0).to_numpy()], present.to_list()
