"""Selection of rows and of single cells."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.coded import lookup
from thbstats.errors import AmbiguousCell, NoSuchCell
from thbstats.geography import Area
from thbstats.records import Schema
from thbstats.tables.columns import Columns
from thbstats.values import Period

Selection = Mapping[str, tuple[str, ...]]

_MOST_LISTED = 5


def parse_selection(schema: Schema, selection: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the canonical codes of a selection."""
    selected = {}
    for name, values in selection.items():
        single = isinstance(values, (str, Period, Area)) or not hasattr(values, "__iter__")
        codes = map(schema.keyword(name).parse, (values,) if single else values)
        selected[name] = tuple(dict.fromkeys(codes))
    return selected


def find_rows(columns: Columns, selected: Selection) -> NDArray[np.intp]:
    """Return the rows with a selected code in every selected dimension."""
    mask: NDArray[np.bool_] | None = None
    for name, codes in selected.items():
        matching = _matching(columns[name], codes)
        if matching is False:
            return np.zeros(0, dtype=np.intp)
        if matching is not True:
            mask = matching if mask is None else mask & matching
    return np.arange(len(columns)) if mask is None else np.flatnonzero(mask)


def _matching(column: Coded[str], selected: Collection[str]) -> NDArray[np.bool_] | bool:
    """Return a mask of rows with a selected code, or a bool for all rows."""
    positions = [position for position, code in enumerate(column.categories) if code in selected]
    if len(positions) == len(column.categories):
        return True
    if not positions:
        return False
    if len(positions) == 1:
        return column.codes == positions[0]  # type: ignore[no-any-return]
    table = np.zeros(len(column.categories), dtype=np.bool_)
    table[positions] = True
    return lookup(table, column.codes)


def where(columns: Columns, selection: Mapping[str, Any]) -> Columns:
    """Return the rows of a selection."""
    rows = find_rows(columns, parse_selection(columns.schema, selection))
    return columns if len(rows) == len(columns) else columns.take(rows)


def with_totals(schema: Schema, selected: Selection) -> dict[str, tuple[str, ...]]:
    """Return a selection with the total of every breakdown that is not selected."""
    totals = {
        dimension.name: (dimension.total,)
        for dimension in schema.dimensions
        if dimension.total is not None
    }
    return {**totals, **selected}


def find_cell(columns: Columns, selection: Mapping[str, Any]) -> int:
    """Return the row of the one cell of a selection."""
    selected = with_totals(columns.schema, parse_selection(columns.schema, selection))
    rows = find_rows(columns, selected)
    if len(rows) == 1:
        return int(rows[0])
    if len(rows):
        raise _several_cells(columns, rows)
    query = ", ".join(f"{name}={value!s}" for name, value in selection.items()) or "the total"
    if not len(columns):
        raise NoSuchCell("The table has no rows", hint="Check the file or the selection")
    nearest, absent = [], []
    for name, codes in selected.items():
        others = {other: own for other, own in selected.items() if other != name}
        matches = find_rows(columns, others)
        if len(matches):
            nearest.append(f"{name}: {_listed(columns[name].take(matches).compact().categories)}")
        if _matching(columns[name], codes) is False:
            absent.append(f"{name}: {_listed(columns[name].categories)}")
    hint = "Select fewer dimensions: no row has all of them"
    if nearest or absent:
        hint = f"Choose from {'; '.join(nearest or absent)}"
    raise NoSuchCell(f"No cell for {query}", hint=hint)


def _several_cells(columns: Columns, rows: NDArray[np.intp]) -> AmbiguousCell:
    matches = columns.take(rows)
    varying = {
        name: column.categories
        for name, column in zip(matches.schema.names, matches.dimensions, strict=True)
        if len(column.categories) > 1
    }
    choices = "; ".join(f"{name} ({_listed(codes)})" for name, codes in varying.items())
    cells = [
        ", ".join(f"{name} {matches.key(row)[name]}" for name in varying)
        for row in range(min(len(matches), _MOST_LISTED))
    ]
    more = f" and {len(matches) - _MOST_LISTED} more" if len(matches) > _MOST_LISTED else ""
    return AmbiguousCell(
        f"{len(rows)} cells match the selection: {' | '.join(cells)}{more}",
        hint=f"Select {choices}",
    )


def _listed(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - _MOST_LISTED} more" if len(codes) > _MOST_LISTED else ""
    return ", ".join(codes[:_MOST_LISTED]) + more
