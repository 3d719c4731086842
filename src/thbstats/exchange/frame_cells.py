"""Cells of a data frame as texts."""

from datetime import datetime, time
from typing import Any

import numpy as np
import pandas as pd

from thbstats.exchange.files.delimited import RawTable
from thbstats.tables.encoding import distinct
from thbstats.tables.frames import Frame, frame_columns

__all__ = ["cells_of_frame"]


def cells_of_frame(frame: Frame) -> RawTable:
    """Return the cells of a frame as texts; missing values are empty texts.

    Parameters
    ----------
    frame : frame of pandas, polars, pyarrow, DuckDB or another library that narwhals supports
        Or an object with ``__arrow_c_stream__``; a lazy frame is collected.

    Returns
    -------
    RawTable
        Its lines are row numbers, from 1.

    Raises
    ------
    InvalidValue
        If the object is not a frame, two columns have the same name, or cells contain lists or
        records.
    MissingExtra
        If the required library is not installed.

    Examples
    --------
    >>> frame = pd.DataFrame({"sex": ["female", None], "value": [12.0, float("inf")]})
    >>> table = cells_of_frame(frame)
    >>> list(table.frame["sex"]), list(table.frame["value"])
    (['female', ''], ['12', 'inf'])
    """
    columns, size = frame_columns(frame)
    texts = {name: _texts(values, name) for name, values in columns.items()}
    index = pd.RangeIndex(size)
    return RawTable(frame=pd.DataFrame(texts, index=index), lines=np.arange(1, size + 1))


def _texts(values: Any, name: str) -> pd.Categorical:
    distinct_values = distinct(values, name)
    indices: dict[str, int] = {}
    present = set(distinct_values.present)
    table = [
        indices.setdefault(_text(value) if index in present else "", len(indices))
        for index, value in enumerate(distinct_values.categories)
    ]
    table.append(indices.setdefault("", len(indices)))  # for -1, a missing value
    codes = np.array(table, dtype=np.int64)[distinct_values.codes]
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(indices), dtype=object))


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
