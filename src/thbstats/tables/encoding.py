"""Encoding of columns as codes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import lookup, narrow, narrowest_type
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.records import Dimension
from thbstats.tables.problems import Problems

__all__ = ["distinct", "encode", "is_scalar"]


def is_scalar(values: object) -> bool:
    """Return whether a value is one value for all rows."""
    single = isinstance(values, (str, bytes, set, frozenset))
    return single or not hasattr(values, "__len__")


def distinct(values: Any, name: str) -> Coded[Any]:
    """Return the distinct values of a column with codes.

    A missing value has the code -1. A categorical column can have categories without rows.
    """
    if isinstance(values, (list, tuple)):
        column = np.empty(len(values), dtype=object)
        column[:] = values
        values = column
    dtype = getattr(values, "dtype", None)
    try:
        if isinstance(dtype, pd.CategoricalDtype):
            return Coded(getattr(values, "array", values).codes, dtype.categories)
        codes, uniques = pd.factorize(values)
    except TypeError:
        raise InvalidValue(
            "must be hashable values", field=name, hint="Use one text per row"
        ) from None
    return Coded(codes, uniques)


def encode(
    values: Any, dimension: Dimension, problems: Problems, out: NDArray[np.uint8] | None = None
) -> Coded[str]:
    """Return the codes of a column; values that are not valid become problems.

    Parameters
    ----------
    values : array or Series
        One value per row.
    dimension : Dimension
        The dimension.
    problems : Problems
        List of problems.
    out : array of uint8, optional
        Memory for the codes, used if they fit one byte.
    """
    column = distinct(values, dimension.name)
    codes = {code: _read(dimension, column, code, problems) for code in column.present}
    categories = sorted(
        {parsed for parsed in codes.values() if parsed is not None}, key=dimension.sort_key
    )
    renumbered = _renumbered(column, codes, categories, out)
    if _has_missing(renumbered):
        problems.add(_missing(dimension, column))
    if len(categories) <= 1:
        return Coded.constant(categories[0] if categories else "", len(renumbered))
    return Coded(renumbered, categories)


def _read(dimension: Dimension, column: Coded[Any], code: int, problems: Problems) -> str | None:
    try:
        return dimension.parse(column.categories[code])
    except ThbstatsError as error:
        row, value = column.first_row(code), column.categories[code]
        problems.add(error.with_location(row=row, field=dimension.name, value=value))
        return None


def _missing(dimension: Dimension, column: Coded[Any]) -> ThbstatsError:
    total = f"'{dimension.total}', " if dimension.total else ""
    note = (
        "; check that Namibia's code NA was not read as missing"
        if dimension.content in ("area", "citizenship")
        else ""
    )
    return InvalidValue(
        f"must be given for every row (missing: {np.count_nonzero(column.codes < 0)}){note}",
        row=column.first_row(-1),
        field=dimension.name,
        hint=f"Write {total}'unknown' or 'not_stated', or remove the rows",
    )


def _renumbered(
    column: Coded[Any],
    codes: Mapping[int, str | None],
    categories: Sequence[str],
    out: NDArray[np.uint8] | None,
) -> NDArray[Any]:
    """Return codes in the order of the code list.

    A missing value has the largest code of the dtype.
    """
    position: dict[str | None, int] = {code: index for index, code in enumerate(categories)}
    dtype = narrowest_type(len(categories) + 1)
    if all(position.get(parsed) == code for code, parsed in codes.items()):
        return narrow(column.codes, dtype, out)
    table = np.zeros(len(column.categories) + 1, dtype=dtype)
    table[-1] = np.iinfo(dtype).max
    for code, parsed in codes.items():
        table[code] = position.get(parsed, 0)
    return lookup(table, column.codes, out)


def _has_missing(codes: NDArray[Any]) -> bool:
    return len(codes) > 0 and int(codes.max()) == np.iinfo(codes.dtype).max
