"""Conversion of panels to frames of other libraries."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.display.displayable import to_xarray
from thbstats.errors import InvalidValue, require_name
from thbstats.panel.frame_fields import PanelSchema
from thbstats.panel.kind import Status
from thbstats.panel.numbers import PanelColumns
from thbstats.panel.warning import Warnings
from thbstats.tables.frames import library

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import xarray as xr


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class ConvertiblePanel(PanelColumns):
    """The columns of a `Panel`, with conversions to frames."""

    @property
    @abstractmethod
    def limitations(self) -> Warnings:
        """The limitations of all rows, each once."""

    @property
    def schema(self) -> PanelSchema:
        """The fields of the frame, and their schemas for pandera, JSON Schema and pydantic."""
        return PanelSchema(keys=self.keys, further=self.frame_fields)

    @overload
    def to_frame(
        self, backend: Literal["pandas"] | None = None, *, iso3: bool = False, labels: bool = False
    ) -> "pd.DataFrame": ...
    @overload
    def to_frame(
        self, backend: Literal["polars"], *, iso3: bool = False, labels: bool = False
    ) -> "pl.DataFrame": ...
    @overload
    def to_frame(
        self, backend: Literal["pyarrow"], *, iso3: bool = False, labels: bool = False
    ) -> "pa.Table": ...
    @overload
    def to_frame(
        self, backend: Literal["duckdb"], *, iso3: bool = False, labels: bool = False
    ) -> "duckdb.DuckDBPyRelation": ...
    @overload
    def to_frame(self, backend: str | None, *, iso3: bool = False, labels: bool = False) -> Any: ...
    def to_frame(
        self, backend: str | None = None, *, iso3: bool = False, labels: bool = False
    ) -> Any:
        """Return a tidy frame, one row per number.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow", "duckdb"}, optional
            The library of the frame; pandas by default. DuckDB returns a relation of its default
            connection; use ``connection.from_arrow(panel)`` for another connection.
        iso3 : bool
            Whether to add a column with the ISO 3166 alpha-3 code of each country.
        labels : bool
            Whether to add a column with the name of each area.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame, pyarrow.Table or duckdb.DuckDBPyRelation
            One column per dimension of ``by=`` (else ``area`` and ``period``), then ``value``
            (missing unless it is one number), ``value_lower``, ``value_upper``, ``lower``,
            ``upper``, ``lower_with_unknown``, ``upper_with_unknown``, ``numerator``,
            ``denominator``, ``unknown`` and ``not_listed`` with their bounds, ``complete``,
            ``derived``, ``coverage``, ``status``, ``severity`` and ``warnings`` (lists of codes). A
            missing number is ``nan`` in pandas and null elsewhere; ``inf`` means
            "not bounded". `schema` describes the columns.

        Raises
        ------
        UnknownName
            If the backend is another name.
        MissingExtra
            If its library is not installed.

        Examples
        --------
        >>> import thbstats as thb
        >>> victims = thb.CountTable.from_rows(
        ...     [("PL", "total", 199), ("PL", "female", 74), ("ES", "total", 193)],
        ...     columns=["area", "sex", "value"], kind="victims", period=2016, status="detected",
        ... )
        >>> panel = thb.share(victims, sex="female", base="all", by="area")
        >>> panel.to_frame("pyarrow")["value"].null_count
        1
        """
        name = "pandas" if backend is None else backend
        require_name(name, _BACKENDS, "must be a backend", field="backend")
        schema = evolve(self.schema, iso3=iso3, labels=labels)
        return _BACKENDS[name](schema, schema.columns(self))

    def to_xarray(self) -> "xr.Dataset":
        """Return the numbers as variables of xarray over the dimensions of ``by=``.

        Returns
        -------
        xarray.Dataset
            The columns of `to_frame` as variables. A combination without a row has the status
            ``no_data``, and its numbers are NaN. The attributes are the caption and the codes of
            the limitations.

        Raises
        ------
        DuplicateKey
            If the panel has several rows for one combination.
        MissingExtra
            If xarray is not installed.

        Examples
        --------
        >>> import thbstats as thb
        >>> victims = thb.CountTable.from_rows(
        ...     [("PL", "total", 199), ("PL", "female", 74), ("ES", "total", 193),
        ...      ("ES", "female", 165)],
        ...     columns=["area", "sex", "value"], kind="victims", period=2016, status="detected",
        ... )
        >>> grid = thb.share(victims, sex="female", base="all", by=["area", "period"]).to_xarray()
        >>> float(grid["value"].sel(area="ES", period="2016").round(3))
        0.855
        """
        frame = self.to_pandas()
        names = [*self.keys] or ["area", "period"]
        return to_xarray(
            frame.drop(columns="label", errors="ignore"),
            {name: list(dict.fromkeys(frame[name])) for name in names},
            {"caption": self.caption, "limitations": ", ".join(self.limitations.codes)},
            {"status": Status.NO_DATA.code},
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the columns of `to_frame` through the Arrow PyCapsule interface."""
        frame = self.to_frame(library("pyarrow", "polars").__name__)
        return frame.__arrow_c_stream__(requested_schema)

    def __array__(self, dtype: object = None, copy: object = None) -> NDArray[Any]:
        """Refuse arrays of results, also in ``pandas.DataFrame(panel)``."""
        raise InvalidValue(
            "must be converted with to_frame()",
            field="panel",
            value=type(self),
            hint="Use panel.to_frame(), or panel.value.lower for an array",
        )


def _pandas(_: PanelSchema, columns: Mapping[str, Any]) -> Any:
    import pandas as pd

    return pd.DataFrame(columns)


def _pyarrow(schema: PanelSchema, columns: Mapping[str, Any]) -> Any:
    pa = library("pyarrow")
    types = {
        "string": pa.string(),
        "number": pa.float64(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "codes": pa.list_(pa.string()),
    }
    arrays = [
        # A missing number is ``nan`` in the column, and null in Arrow.
        pa.array(_items(columns[item.name]), types[item.type], from_pandas=True)
        for item in schema.fields
    ]
    return pa.table(arrays, names=[item.name for item in schema.fields])


def _polars(schema: PanelSchema, columns: Mapping[str, Any]) -> Any:
    pl = library("polars")
    types = {
        "string": pl.String,
        "number": pl.Float64,
        "integer": pl.Int64,
        "boolean": pl.Boolean,
        "codes": pl.List(pl.String),
    }
    return pl.DataFrame(
        {name: _items(column) for name, column in columns.items()},
        {item.name: types[item.type] for item in schema.fields},
        nan_to_null=True,
    )


def _duckdb(schema: PanelSchema, columns: Mapping[str, Any]) -> Any:
    duckdb = library("duckdb")
    # DuckDB needs pyarrow for a polars frame.
    name = library("pyarrow", "polars").__name__
    return duckdb.from_arrow(_BACKENDS[name](schema, columns))


_BACKENDS: Mapping[str, Callable[[PanelSchema, Mapping[str, Any]], Any]] = {
    "pandas": _pandas,
    "polars": _polars,
    "pyarrow": _pyarrow,
    "duckdb": _duckdb,
}


def _items(column: Any) -> Any:
    """Return a column for constructors that do not read arrays of objects."""
    return column.tolist() if column.dtype.kind == "O" else column
