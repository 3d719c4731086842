"""Frames of pandas, polars, pyarrow and DuckDB."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, overload

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.display.displayable import to_xarray
from thbstats.errors import InvalidValue, MissingExtra, require_name
from thbstats.tables.access import TableRows
from thbstats.tables.columns import Columns
from thbstats.tables.encoding import categorical, coded
from thbstats.tables.origins import finding_codes, reporters_text, source_text
from thbstats.values import Reason, flag_set

if TYPE_CHECKING:
    import duckdb
    import narwhals.stable.v2 as nw
    import polars as pl
    import pyarrow as pa
    import xarray as xr
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

    A pandas frame is read directly, with the named levels of its index; other frames are read
    through narwhals. A lazy frame is collected.
    """
    if not isinstance(frame, pd.DataFrame):
        frame = in_memory(frame)
    if not isinstance(frame, pd.DataFrame):
        read = {own.name: _as_python(_values, own, own.name) for own in frame.iter_columns()}
        return read, len(frame)
    columns = [(str(name), column) for name, column in frame.items()]
    columns = [*_named_levels(frame, dict(columns)), *columns]
    names = [name for name, _ in columns]
    if len(set(names)) < len(names):
        raise _repeated(names)
    return {
        name: _as_python(_objects, column, name)
        if getattr(column.dtype, "type", None) in _OBJECTS
        else column
        for name, column in columns
    }, len(frame)


def _named_levels(
    frame: pd.DataFrame, columns: Mapping[str, pd.Series]
) -> Iterable[tuple[str, pd.Series]]:
    """Yield the named levels of an index, as of ``groupby``, that do not repeat a column."""
    for position, name in enumerate(frame.index.names):
        if name is not None:
            level = frame.index.get_level_values(position).to_series().reset_index(drop=True)
            column = columns.get(str(name))
            if column is None or not level.equals(column.reset_index(drop=True)):
                yield str(name), level


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
        hint = "Use dates from year 1 to 9999, or texts"
        problem = f"must have values that Python can represent ({error})"
        raise InvalidValue(problem, field=name, hint=hint) from None


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
        hint = "Use a frame with named columns"
        problem = f"must have Arrow data that {reader.__name__} can read ({error})"
        raise InvalidValue(problem, value=type(frame), hint=hint) from error


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


@frozen(eq=False, repr=False)
class ConvertibleRows(TableRows):
    """Rows of a table, with conversions to frames."""

    @overload
    def to_frame(self, backend: Literal["pandas"] | None = None) -> "pd.DataFrame": ...
    @overload
    def to_frame(self, backend: Literal["polars"]) -> "pl.DataFrame": ...
    @overload
    def to_frame(self, backend: Literal["pyarrow"]) -> "pa.Table": ...
    @overload
    def to_frame(self, backend: Literal["duckdb"]) -> "duckdb.DuckDBPyRelation": ...
    @overload
    def to_frame(self, backend: str | None) -> Any: ...
    def to_frame(self, backend: str | None = None) -> Any:
        """Return the table as a tidy frame for `from_frame`.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow", "duckdb"}, optional
            Library of the frame; default pandas. DuckDB returns a relation of its default
            connection; use ``connection.from_arrow(counts)`` for another connection.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame, pyarrow.Table or duckdb.DuckDBPyRelation
            The dimensions as categories (polars: Categorical, pyarrow: dictionary, DuckDB: text);
            ``value`` (an integer, missing unless the count is exact), ``lower``, ``upper``
            (``inf`` if not bounded), ``reason`` (the name of a `Reason`); ``flags``,
            ``findings`` (codes such as ``PART_ABOVE_TOTAL``), ``source``, ``reporters`` as
            text, ``n_reporters``. A table with multiple response also has ``unanswered``.

        Raises
        ------
        UnknownName
            If the backend does not exist.
        MissingExtra
            If the library is not installed.

        Examples
        --------
        >>> from thbstats.tables import CountTable
        >>> table = CountTable.from_rows(
        ...     [{"stage": "prosecuted", "value": 5979}, {"stage": "convicted", "value": 2927}],
        ...     kind="justice", area="EU28", period="2015-2016",
        ... )
        >>> table.to_frame("polars")["value"].to_list()
        [5979, 2927]
        """
        name = "pandas" if backend is None else backend
        require_name(name, _BACKENDS, "must be a backend", field="backend")
        return _BACKENDS[name](self)

    def to_xarray(self) -> "xr.Dataset":
        """Return the counts as variables of xarray over the dimensions that vary.

        Returns
        -------
        xarray.Dataset
            The columns of `to_frame` as variables. A combination without a row has an empty
            ``reason``, and its numbers are NaN. The attributes are the kind and the categories
            of all rows.

        Raises
        ------
        InvalidValue
            If there are more than 10 million combinations.
        MissingExtra
            If xarray is not installed.

        Examples
        --------
        >>> from thbstats.tables import CountTable
        >>> from thbstats.values import Count
        >>> table = CountTable.from_rows(
        ...     [("PL", "female", 74), ("PL", "male", 47), ("LU", "female", Count.suppressed())],
        ...     columns=["area", "sex", "value"], kind="victims", period=2016,
        ... )
        >>> table.to_xarray()["lower"].sum("sex").to_series().to_dict()
        {'LU': 0.0, 'PL': 121.0}
        """
        columns, common = self.columns, self.columns.common()
        dimensions = {
            item.name: sorted(columns[item.name].categories, key=item.sort_key)
            for item in columns.schema.dimensions
            if item.name not in common and len(columns[item.name].categories) > 1
        } or {"area": list(columns["area"].categories)}
        others = [name for name in columns.schema.names if name not in dimensions]
        frame = self.to_frame().drop(columns=others)
        return to_xarray(frame, dimensions, {"kind": columns.kind, **common}, {})

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the tidy frame as an Arrow stream (PyCapsule interface).

        Libraries that read Arrow data accept a table: ``polars.DataFrame(counts)``,
        ``pyarrow.table(counts)``, ``duckdb.sql("from counts")``.

        References
        ----------
        Apache Arrow, The Arrow PyCapsule Interface.
        """
        frame = self.to_frame(library("pyarrow", "polars").__name__)
        return frame.__arrow_c_stream__(requested_schema)

    def __array__(self, *args: object, **kwargs: object) -> object:
        # pandas.DataFrame(table) and numpy.asarray(table) would make objects of the rows.
        hint = "Use table.to_frame(), or polars.DataFrame(table)"
        problem = "must be converted to a frame"
        raise InvalidValue(problem, field="table", value="CountTable", hint=hint)


_APPLICABLE = np.array([reason is not Reason.NOT_APPLICABLE for reason in Reason])


def _tidy_columns(columns: Columns) -> dict[str, Any]:
    """Return the columns of dimensions, numbers and provenance.

    Text is a `pandas.Categorical`. Integers with missing values are a masked array, other
    numbers a numpy array.
    """
    numbers, origin, origins = columns.numbers, columns.origin, columns.origins
    point = (numbers.lower == numbers.upper) & _APPLICABLE[numbers.reason]
    masks, flags = np.unique(numbers.flags, return_inverse=True)
    letters = ["".join(sorted(flag_set(mask))) for mask in masks.tolist()]
    reporters = [-1 if own.n_reporters is None else own.n_reporters for own in origins]
    further = numbers.unanswered
    return {
        **{
            name: coded(column.positions, column.categories)
            for name, column in zip(columns.schema.names, columns.dimensions, strict=True)
        },
        "value": pd.arrays.IntegerArray(numbers.lower.copy(), ~point),
        "lower": numbers.lower.copy(),
        "upper": numbers.upper.copy(),
        "reason": categorical(numbers.reason, [str(reason) for reason in Reason]),
        "flags": categorical(flags, letters),
        "findings": categorical(columns.finding, list(map(finding_codes, columns.findings))),
        **({} if further is None else {"unanswered": _masked(further)}),
        "source": categorical(origin, [source_text(own.sources) or None for own in origins]),
        "reporters": categorical(origin, [reporters_text(own.reporters) for own in origins]),
        "n_reporters": _masked(np.array(reporters, dtype=np.int64)[origin]),
    }


def _masked(numbers: NDArray[np.int64]) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(np.maximum(numbers, 0), numbers < 0)


def _pyarrow(table: ConvertibleRows) -> Any:
    pa = library("pyarrow")

    def array(values: Any) -> Any:
        if isinstance(values, pd.Categorical):
            codes = pa.array(values.codes, mask=values.codes < 0)
            return pa.DictionaryArray.from_arrays(codes, pa.array(values.categories, pa.string()))
        numbers, missing = _with_missing(values)
        return pa.array(numbers, mask=missing)

    return pa.table({name: array(values) for name, values in _tidy_columns(table.columns).items()})


def _polars(table: ConvertibleRows) -> Any:
    pl = library("polars")

    def numbered(numbers: Any, missing: Any) -> Any:
        return pl.Series(numbers).set(pl.Series(missing, dtype=pl.Boolean), None)

    def series(values: Any) -> Any:
        if isinstance(values, pd.Categorical):
            categories = pl.Series(list(values.categories), dtype=pl.Categorical)
            return categories.gather(numbered(values.codes.astype(np.int64), values.codes < 0))
        return numbered(*_with_missing(values))

    return pl.DataFrame(
        {name: series(values) for name, values in _tidy_columns(table.columns).items()}
    )


def _with_missing(values: Any) -> tuple[Any, Any]:
    """Return numbers and the mask of missing values."""
    if isinstance(values, pd.arrays.IntegerArray):
        return values.to_numpy(dtype=np.int64, na_value=0), values.isna()
    return values, np.zeros(len(values), dtype=np.bool_)


def _duckdb(table: ConvertibleRows) -> Any:
    duckdb = library("duckdb")
    is_arrow = library("pyarrow", "polars").__name__ == "pyarrow"
    # A table is a stream that DuckDB can scan several times; it needs pyarrow for a polars frame.
    return duckdb.from_arrow(_pyarrow(table) if is_arrow else table)


_BACKENDS: Mapping[str, Callable[[ConvertibleRows], Any]] = {
    "pandas": lambda table: pd.DataFrame(_tidy_columns(table.columns)),
    "polars": _polars,
    "pyarrow": _pyarrow,
    "duckdb": _duckdb,
}
