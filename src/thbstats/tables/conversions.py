"""Conversion of tables to frames of other libraries."""

from typing import TYPE_CHECKING, Any, Literal, overload

from attrs import frozen

from thbstats.errors import InvalidValue
from thbstats.tables.access import TableRows
from thbstats.tables.frames import arrow_stream, table_grid, to_frame

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
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
        return to_frame(self.columns, backend)

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
        return table_grid(self.columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the tidy frame as an Arrow stream (PyCapsule interface).

        Libraries that read Arrow data accept a table: ``polars.DataFrame(counts)``,
        ``pyarrow.table(counts)``, ``duckdb.sql("from counts")``.

        References
        ----------
        Apache Arrow, The Arrow PyCapsule Interface.
        """
        return arrow_stream(self.columns, requested_schema)

    def __array__(self, *args: object, **kwargs: object) -> object:
        # pandas.DataFrame(table) and numpy.asarray(table) would make objects of the rows.
        raise InvalidValue(
            "must be converted to a frame",
            field="table",
            value="CountTable",
            hint="Use table.to_frame(), or polars.DataFrame(table)",
        )
