"""Frames of pandas, polars, pyarrow and DuckDB."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from thbstats.errors import UnknownName, did_you_mean
from thbstats.tables.columns import Columns
from thbstats.tables.frames import tidy_columns
from thbstats.tables.libraries import library

__all__ = ["BACKENDS", "arrow_stream", "to_frame"]


def to_frame(columns: Columns, backend: str | None = None) -> Any:
    """Return the tidy frame of a table; default pandas.

    Raises
    ------
    UnknownName
        If the backend does not exist.
    MissingExtra
        If the library is not installed.
    """
    name = "pandas" if backend is None else backend
    if name not in BACKENDS:
        raise UnknownName(
            "must be a backend", field="backend", value=name, hint=did_you_mean(name, BACKENDS)
        )
    return BACKENDS[name](columns)


def arrow_stream(columns: Columns, requested_schema: object = None) -> object:
    """Return the tidy frame of a table as an Arrow stream.

    Raises
    ------
    MissingExtra
        If neither pyarrow nor polars is installed.
    """
    frame = to_frame(columns, library("pyarrow", "polars").__name__)
    return frame.__arrow_c_stream__(requested_schema)


def _pandas(columns: Columns) -> pd.DataFrame:
    return pd.DataFrame(tidy_columns(columns))


def _pyarrow(columns: Columns) -> Any:
    pa = library("pyarrow")

    def array(values: Any) -> Any:
        if isinstance(values, pd.Categorical):
            codes = pa.array(values.codes, mask=values.codes < 0)
            return pa.DictionaryArray.from_arrays(codes, pa.array(values.categories, pa.string()))
        numbers, missing = _with_missing(values)
        return pa.array(numbers, mask=missing)

    return pa.table({name: array(values) for name, values in tidy_columns(columns).items()})


def _polars(columns: Columns) -> Any:
    pl = library("polars")

    def numbered(numbers: Any, missing: Any) -> Any:
        return pl.Series(numbers).set(pl.Series(missing, dtype=pl.Boolean), None)

    def series(values: Any) -> Any:
        if isinstance(values, pd.Categorical):
            categories = pl.Series(list(values.categories), dtype=pl.Categorical)
            return categories.gather(numbered(values.codes.astype(np.int64), values.codes < 0))
        return numbered(*_with_missing(values))

    return pl.DataFrame({name: series(values) for name, values in tidy_columns(columns).items()})


def _duckdb(columns: Columns) -> Any:
    duckdb = library("duckdb")
    name = library("pyarrow", "polars").__name__
    frame = to_frame(columns, name)
    # DuckDB needs pyarrow for a polars frame; version 1 scans a stream only once.
    return duckdb.from_arrow(frame if name == "pyarrow" else _ArrowFrame(frame))


@frozen(eq=False)
class _ArrowFrame:
    """Frame that DuckDB reads as a stream."""

    frame: Any

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


BACKENDS: Mapping[str, Callable[[Columns], Any]] = {
    "pandas": _pandas,
    "polars": _polars,
    "pyarrow": _pyarrow,
    "duckdb": _duckdb,
}


def _with_missing(values: Any) -> tuple[Any, Any]:
    """Return numbers and the mask of missing values."""
    if isinstance(values, pd.arrays.IntegerArray):
        return values.to_numpy(dtype=np.int64, na_value=0), values.isna()
    return values, np.zeros(len(values), dtype=np.bool_)
