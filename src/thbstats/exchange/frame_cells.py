"""The cells of a frame of any engine, as texts like those of a file."""

from datetime import datetime, time
from typing import Any

import numpy as np
import pandas as pd

from thbstats.exchange.files.delimited import RawTable
from thbstats.tables.encoding import distinct
from thbstats.tables.engines import Frame, frame_columns

__all__ = ["cells_of_frame"]


def cells_of_frame(frame: Frame) -> RawTable:
    """Return the cells of a frame: all of them text, and an empty text where nothing stands.

    Parameters
    ----------
    frame : frame of pandas, polars, pyarrow, DuckDB or any that narwhals knows
        Or anything with ``__arrow_c_stream__``; a lazy frame is collected.

    Returns
    -------
    RawTable
        Its lines are the rows, from 1.

    Raises
    ------
    InvalidValue
        If it is no frame, two columns have one name, or cells hold several things.
    MissingExtra
        If a library that could read it is not installed.

    Examples
    --------
    >>> grid = cells_of_frame(pd.DataFrame({"sex": ["female", None], "value": [12.0, float("inf")]}))
    >>> list(grid.columns["sex"]), list(grid.columns["value"])
    (['female', ''], ['12', 'inf'])
    """
    columns, size = frame_columns(frame)
    texts = {name: _texts(values, name) for name, values in columns.items()}
    index = pd.RangeIndex(size)
    return RawTable(columns=pd.DataFrame(texts, index=index), lines=np.arange(1, size + 1))


def _texts(values: Any, name: str) -> pd.Categorical:
    found = distinct(values, name)
    indices: dict[str, int] = {}
    used = set(found.present)
    table = [
        indices.setdefault(_text(value) if index in used else "", len(indices))
        for index, value in enumerate(found.categories)
    ]
    table.append(indices.setdefault("", len(indices)))  # the place of -1, where nothing stands
    codes = np.array(table, dtype=np.int64)[found.codes]
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(indices), dtype=object))


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
