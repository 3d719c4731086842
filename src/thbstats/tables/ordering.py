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


def same_rows(one: Columns, other: Columns) -> bool:
    """Return whether two tables have the same cells with the same counts and origins.

    Findings are not compared: they depend on the file format.
    """
    if one.kind != other.kind or len(one) != len(other):
        return False
    categories = [set(column.categories) for column in one.dimensions]
    if categories != [set(column.categories) for column in other.dimensions]:
        return False
    order, other_order = _sorted(one, one), _sorted(other, one)
    return all(
        np.array_equal(left[order], right[other_order]) for left, right in _pairs(one, other)
    )


def _sorted(columns: Columns, model: Columns) -> NDArray[np.intp]:
    """Return the rows in the order of their keys, in codes of another table."""
    return np.argsort(pack(_recoded(columns, model), len(columns)).values, kind="stable")


def _recoded(columns: Columns, model: Columns) -> list[Coded[str]]:
    return [
        column.recode(reference.categories)
        for column, reference in zip(columns.dimensions, model.dimensions, strict=True)
    ]


def _pairs(one: Columns, other: Columns) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    dimensions: list[tuple[NDArray[Any], NDArray[Any]]] = [
        (first.codes, second.codes)
        for first, second in zip(one.dimensions, _recoded(other, one), strict=True)
        if len(first.categories) > 1
    ]
    left, right = one.numbers, other.numbers
    numbers: list[tuple[NDArray[Any], NDArray[Any]]] = [
        (left.lower, right.lower),
        (left.upper, right.upper),
        (left.reason, right.reason),
        (left.flags, right.flags),
        (left.further, right.further),
    ]
    return [*dimensions, *numbers, *_origins(one, other)]


def _origins(one: Columns, other: Columns) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    positions = {origin: position for position, origin in enumerate({*one.origins, *other.origins})}
    return [(_origin_codes(one, positions), _origin_codes(other, positions))]


def _origin_codes(columns: Columns, positions: Mapping[Origin, int]) -> NDArray[Any]:
    table = np.array([positions[origin] for origin in columns.origins], dtype=np.intp)
    return np.take(table, columns.origin)
