"""Comparison of tables independent of the order of rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.tables.columns import Columns
from thbstats.tables.keys import pack
from thbstats.tables.origins import Origin

__all__ = ["same_rows"]


def same_rows(left: Columns, right: Columns) -> bool:
    """Return whether two tables have the same cells with the same counts and origins.

    Findings are not compared: they depend on the file format.
    """
    if left.kind != right.kind or len(left) != len(right):
        return False
    categories = [set(column.categories) for column in left.dimensions]
    if categories != [set(column.categories) for column in right.dimensions]:
        return False
    order, other_order = _sorted(left, left), _sorted(right, left)
    return all(
        np.array_equal(left[order], right[other_order]) for left, right in _pairs(left, right)
    )


def _sorted(columns: Columns, model: Columns) -> NDArray[np.intp]:
    """Return the rows in the order of their keys, in codes of another table."""
    return np.argsort(pack(_recoded(columns, model), len(columns)).values, kind="stable")


def _recoded(columns: Columns, model: Columns) -> list[Coded[str]]:
    return [
        column.recode(reference.categories)
        for column, reference in zip(columns.dimensions, model.dimensions, strict=True)
    ]


def _pairs(left: Columns, right: Columns) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    dimensions: list[tuple[NDArray[Any], NDArray[Any]]] = [
        (first.codes, second.codes)
        for first, second in zip(left.dimensions, _recoded(right, left), strict=True)
        if len(first.categories) > 1
    ]
    left_numbers, right_numbers = left.numbers, right.numbers
    numbers: list[tuple[NDArray[Any], NDArray[Any]]] = [
        (left_numbers.lower, right_numbers.lower),
        (left_numbers.upper, right_numbers.upper),
        (left_numbers.reason, right_numbers.reason),
        (left_numbers.flags, right_numbers.flags),
        (left_numbers.further, right_numbers.further),
    ]
    return [*dimensions, *numbers, *_origins(left, right)]


def _origins(left: Columns, right: Columns) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    origins = {*left.origins, *right.origins}
    positions = {origin: position for position, origin in enumerate(origins)}
    return [(_origin_codes(left, positions), _origin_codes(right, positions))]


def _origin_codes(columns: Columns, positions: Mapping[Origin, int]) -> NDArray[Any]:
    table = np.array([positions[origin] for origin in columns.origins], dtype=np.intp)
    return np.take(table, columns.origin)
