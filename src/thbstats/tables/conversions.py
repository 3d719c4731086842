"""Conversion of tables to frames of other libraries."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.display.grids import to_xarray
from thbstats.errors import InvalidValue, require_name
from thbstats.tables.access import TableRows
from thbstats.tables.cell_findings import finding_codes
from thbstats.tables.columns import Columns
from thbstats.tables.encoding import categorical, coded
from thbstats.tables.frames import library
from thbstats.tables.origins import reporters_text, source_text
from thbstats.values import Reason, flag_set

if TYPE_CHECKING:
    import duckdb
    import polars as pl
    import pyarrow as pa
    import xarray as xr


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
        raise InvalidValue(
            "must be converted to a frame",
            field="table",
            value="CountTable",
            hint="Use table.to_frame(), or polars.DataFrame(table)",
        )


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
