"""Frames of pandas, polars, pyarrow and DuckDB."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, MissingExtra
from thbstats.tables.encoding import categorical

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw
    from narwhals.stable.v2.typing import IntoFrame


_EXTRAS = {
    "duckdb": "duckdb",
    "hypothesis": "testing",
    "matplotlib": "plot",
    "polars": "polars",
    "pyarrow": "parquet",
    "python_calamine": "excel",
    "xlsxwriter": "excel",
}


def library(*names: str) -> Any:
    """Return the first library that can be imported."""
    reasons = []
    for name in names:
        try:
            return import_module(name)
        except ImportError as error:
            reasons.append(str(error))
    commands = " or ".join(f"pip install 'thbstats[{_EXTRAS[name]}]'" for name in names)
    raise MissingExtra(
        f"must be installed: {' or '.join(names)}", value="; ".join(reasons), hint=commands
    )


class ArrowStream(Protocol):
    """Object with the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Return a stream of record batches as a capsule."""
        ...


Frame: TypeAlias = "IntoFrame | ArrowStream"


def frame_columns(frame: Any) -> tuple[dict[str, Any], int]:
    """Return the columns of a frame by name, and the number of rows.

    A pandas frame is read directly, other frames through narwhals. A lazy frame is collected.
    """
    if not isinstance(frame, pd.DataFrame):
        frame = in_memory(frame)
    if not isinstance(frame, pd.DataFrame):
        read = {own.name: _as_python(_values, own, own.name) for own in frame.iter_columns()}
        return read, len(frame)
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        raise _repeated(names)
    columns = (column for _, column in frame.items())
    types = (getattr(dtype, "type", None) for dtype in frame.dtypes)
    return {
        name: _as_python(_objects, column, name) if type_ in _OBJECTS else column
        for name, column, type_ in zip(names, columns, types, strict=True)
    }, len(frame)


_OBJECTS = (Decimal, date, datetime, time, timedelta)
"""The types of pandas columns with objects of Python; those of Arrow have other ranges."""


def _as_python(convert: Callable[[Any], Any], column: Any, name: str) -> Any:
    """Return the converted values of a column; a library raises its own exceptions."""
    try:
        return convert(column)
    except BaseException as error:
        # A panic of polars is not an Exception.
        is_panic = type(error).__name__ == "PanicException"
        if not is_panic and not isinstance(error, (ArithmeticError, ValueError)):
            raise
        raise InvalidValue(
            f"must have values that Python can represent ({error})",
            field=name,
            hint="Use dates from year 1 to 9999, or texts",
        ) from None


def in_memory(frame: Any) -> Any:
    """Return a pandas frame, or a narwhals frame in memory."""
    import narwhals.stable.v2 as nw

    try:
        result = nw.from_native(frame, pass_through=True)
        if isinstance(result, nw.LazyFrame) and not hasattr(
            result.to_native(), "__arrow_c_stream__"
        ):
            result = result.collect()
        if not isinstance(result, nw.DataFrame):
            native = result.to_native() if isinstance(result, nw.LazyFrame) else result
            result = nw.from_native(_from_stream(native), eager_only=True)
    except nw.exceptions.DuplicateError:
        raise _repeated(getattr(frame, "column_names", getattr(frame, "columns", []))) from None
    return result.to_pandas() if result.implementation.is_pandas_like() else result


def _from_stream(frame: Any) -> Any:
    if not hasattr(frame, "__arrow_c_stream__"):
        raise InvalidValue(
            "must be a data frame, or the path of a file",
            field="data",
            value=type(frame),
            hint="Use a frame of pandas, polars, pyarrow or DuckDB; for lists use "
            "CountTable.from_rows",
        )
    reader = library("pyarrow", "polars")
    try:
        return reader.table(frame) if reader.__name__ == "pyarrow" else reader.DataFrame(frame)
    except Exception as error:  # each library raises its own exceptions
        raise InvalidValue(
            f"must have Arrow data that {reader.__name__} can read ({error})",
            value=type(frame),
            hint="Use a frame with named columns",
        ) from error


def _repeated(names: Sequence[str]) -> InvalidValue:
    repeated = [name for name in names if names.count(name) > 1]
    return InvalidValue(
        "must have unique column names",
        field=repeated[0] if repeated else None,
        hint="Rename or remove one of the columns",
    )


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
        if not series.null_count():
            return pd.Series(series.to_numpy(), copy=False)
        missing = series.is_null().to_numpy()
        numbers = series.fill_null(0).to_numpy()
        return pd.Series(pd.arrays.IntegerArray(numbers, missing), copy=False)
    return _objects(series.to_list())


def _objects(values: Iterable[Any]) -> NDArray[Any]:
    """Return an object array; decimals without decimal positions become integers.

    DuckDB returns sums as decimals; Arrow stores integers above 64 bits as decimals.
    """
    items = [
        int(value) if isinstance(value, Decimal) and value.as_tuple().exponent == 0 else value
        for value in values
    ]
    return np.fromiter(items, dtype=object, count=len(items))


def _coded(series: "nw.Series[Any]") -> pd.Categorical:
    """Return a categorical column with the codes of the library."""
    missing = series.is_null().to_numpy()
    column: Any = series.to_native()
    if series.implementation.is_pyarrow():
        array = column.unify_dictionaries().combine_chunks()
        # Cast before filling missing values: the codes of DuckDB are unsigned bytes.
        read = array.indices.cast("int64").fill_null(0).to_numpy(zero_copy_only=False)
        codes, values = np.array(read), array.dictionary.to_pylist()
    else:
        present = column.drop_nulls().unique()
        physical, values = present.to_physical().to_numpy(), present.to_list()
        # Physical codes are positions in the global list of texts of polars.
        positions = np.zeros(int(physical.max(initial=0)) + 1, dtype=np.int64)
        positions[physical] = np.arange(len(physical))
        codes = positions[column.to_physical().fill_null(0).to_numpy()]
    codes[missing] = len(values)
    return categorical(codes, [*values, None])
