"""Columns of texts as codes; each distinct text is read once."""

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
    """Whether one value stands for every row."""
    single = isinstance(values, (str, bytes, set, frozenset))
    return single or not hasattr(values, "__len__")


def distinct(values: Any, name: str) -> Coded[Any]:
    """Return the distinct values of a column; the only place where rows are hashed.

    A missing value has the code -1. Categories of a categorical column can have no row.
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
            "values that cannot be compared", field=name, hint="Give one text per row"
        ) from None
    return Coded(codes, uniques)


def encode(
    values: Any, dimension: Dimension, problems: Problems, out: NDArray[np.uint8] | None = None
) -> Coded[str]:
    """Return a column of a dimension in codes; a value that cannot be read is a problem.

    Parameters
    ----------
    values : array or Series
        One value per row.
    dimension : Dimension
        The dimension.
    problems : Problems
        Where problems are added.
    out : array of uint8, optional
        Memory for the codes, if they fit: fresh memory is what takes most time.
    """
    column = distinct(values, dimension.name)
    codes = {code: _read(dimension, column, code, problems) for code in column.present}
    categories = sorted({own for own in codes.values() if own is not None}, key=dimension.order)
    renumbered = _renumbered(column, codes, categories, out)
    if _has_gaps(renumbered):
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
    total = f"'{dimension.total}' if it is not broken down, " if dimension.total else ""
    namibia = (
        " (a reader of files may have taken Namibia's code NA for a gap)"
        if dimension.holds in ("area", "citizenship")
        else ""
    )
    return InvalidValue(
        f"{np.count_nonzero(column.codes < 0)} rows do not say which{namibia}",
        row=column.first_row(-1),
        field=dimension.name,
        hint=f"Write {total}'unknown' or 'not_stated' where the list has it, or leave the row out",
    )


def _renumbered(
    column: Coded[Any],
    codes: Mapping[int, str | None],
    categories: Sequence[str],
    out: NDArray[np.uint8] | None,
) -> NDArray[Any]:
    """Return codes in the order of the code list; a missing value has the largest of the type.

    Narrow codes are searched for missing values faster than those of pandas. No column keeps the
    largest code: missing values are refused.
    """
    position: dict[str | None, int] = {code: place for place, code in enumerate(categories)}
    dtype = narrowest_type(len(categories) + 1)
    if all(position.get(own) == code for code, own in codes.items()):
        return narrow(column.codes, dtype, out)
    table = np.zeros(len(column.categories) + 1, dtype=dtype)
    table[-1] = np.iinfo(dtype).max
    for code, own in codes.items():
        table[code] = position.get(own, 0)
    return lookup(table, column.codes, out)


def _has_gaps(codes: NDArray[Any]) -> bool:
    return len(codes) > 0 and int(codes.max()) == np.iinfo(codes.dtype).max
