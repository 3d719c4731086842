"""Grids of xarray with one cell for each combination of categories."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from thbstats.display.displayable import import_optional
from thbstats.errors import DuplicateKey, require

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_MOST_CELLS = 10_000_000


def to_xarray(
    frame: "pd.DataFrame",
    dimensions: Mapping[str, Sequence[str]],
    attributes: Mapping[str, str],
    no_data: Mapping[str, str],
) -> "xr.Dataset":
    """Return the columns of a frame as variables of an xarray data set.

    Parameters
    ----------
    frame : DataFrame
        The rows, with a column for each dimension.
    dimensions : mapping
        The categories of each dimension, in their order.
    attributes : mapping
        Texts about the data set.
    no_data : mapping
        The text of a variable in a combination without a row; by default an empty text. Numbers
        are NaN there, and truth values are false.
    """
    library = import_optional("xarray", "a data set of xarray", extra="xarray")
    shape = tuple(map(len, dimensions.values()))
    size = int(np.prod(shape, dtype=np.float64))
    problem = f"must have at most {_MOST_CELLS:,} combinations of categories"
    hint = "Select rows with table.where(...) or fewer dimensions with by=[...]"
    require(size <= _MOST_CELLS, problem, hint, table=f"{size:,}")
    positions = tuple(
        frame[name].map({code: i for i, code in enumerate(codes)}).to_numpy(dtype=np.intp)
        for name, codes in dimensions.items()
    )
    repeated = frame.duplicated(list(dimensions)).to_numpy()
    if repeated.any():
        row = int(np.argmax(repeated))
        raise DuplicateKey(
            "must have at most one row for each combination of categories",
            row=row,
            field=", ".join(dimensions),
            value=", ".join(str(frame[name].iloc[row]) for name in dimensions),
            hint="Use one panel per category, or a further dimension in by=[...]",
        )
    variables = {}
    for name, column in frame.drop(columns=list(dimensions)).items():
        values: Any
        if column.dtype.kind in "iuf":
            values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        elif column.dtype.kind == "b":
            values = column.to_numpy()
        else:
            texts = column.astype(object)
            values = texts.where(texts.notna(), "").to_numpy()
        empty = {"f": np.nan, "b": False}.get(values.dtype.kind, no_data.get(str(name), ""))
        grid = np.full(shape, empty, dtype=values.dtype)
        grid[positions] = values
        variables[name] = (tuple(dimensions), grid)
    coordinates = {name: list(codes) for name, codes in dimensions.items()}
    result: xr.Dataset = library.Dataset(variables, coordinates, dict(attributes))
    return result
