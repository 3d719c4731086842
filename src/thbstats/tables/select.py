"""Rows by what they say: filters, and the one cell of a selection."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import lookup
from thbstats.errors import AmbiguousCell, NoSuchCell, UnknownName, did_you_mean
from thbstats.geography import Area
from thbstats.records import Schema
from thbstats.tables.columns import Columns
from thbstats.values import Period

__all__ = ["find_one", "find_rows", "parse_selection", "where", "with_totals"]

Wanted = Mapping[str, tuple[str, ...]]

_SHOWN = 8


def parse_selection(schema: Schema, selection: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the canonical codes of a selection, several for a collection.

    Raises
    ------
    UnknownName
        If a dimension does not exist, or a word is none of the dimension.
    """
    _check_dimensions(schema, selection)
    return {
        name: tuple(dict.fromkeys(schema[name].parse(value) for value in _several(values)))
        for name, values in selection.items()
    }


def _check_dimensions(schema: Schema, names: Iterable[str]) -> None:
    for name in names:
        if name not in schema.names:
            raise UnknownName(
                f"{schema.kind} have no such dimension",
                field=str(name),
                hint=did_you_mean(name, schema.names),
            )


def _several(values: Any) -> Iterable[Any]:
    if isinstance(values, (str, Period, Area)) or not hasattr(values, "__iter__"):
        return (values,)
    return values  # type: ignore[no-any-return]


def find_rows(columns: Columns, wanted: Wanted) -> NDArray[np.intp]:
    """Return the rows in which every named dimension has one of the wanted codes."""
    chosen: NDArray[np.bool_] | None = None
    for name, codes in wanted.items():
        matching = _matching(columns[name], codes)
        if matching is False:
            return np.zeros(0, dtype=np.intp)
        if matching is not True:
            chosen = matching if chosen is None else chosen & matching
    return np.arange(len(columns)) if chosen is None else np.flatnonzero(chosen)


def _matching(column: Coded[str], wanted: Collection[str]) -> NDArray[np.bool_] | bool:
    """Return where a column has a wanted code, or that it is so everywhere or nowhere."""
    places = [place for place, code in enumerate(column.categories) if code in wanted]
    if len(places) == len(column.categories):
        return True
    if not places:
        return False
    if len(places) == 1:
        return column.codes == places[0]  # type: ignore[no-any-return]
    table = np.zeros(len(column.categories), dtype=np.bool_)
    table[places] = True
    return lookup(table, column.codes)


def where(columns: Columns, selection: Mapping[str, Any]) -> Columns:
    """Return the rows of a selection; what is not named may be anything."""
    rows = find_rows(columns, parse_selection(columns.schema, selection))
    return columns if len(rows) == len(columns) else columns.take(rows)


def with_totals(schema: Schema, wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """Return a selection in which every breakdown that is not named is the total."""
    totals = {
        dimension.name: (dimension.total,)
        for dimension in schema.dimensions
        if dimension.total is not None
    }
    return {**totals, **wanted}


def find_one(columns: Columns, selection: Mapping[str, Any]) -> int:
    """Return the row of the one cell of a selection.

    Raises
    ------
    NoSuchCell
        If there is none; the error says what there is.
    AmbiguousCell
        If there are several; the error says what would tell them apart.
    """
    wanted = with_totals(columns.schema, parse_selection(columns.schema, selection))
    rows = find_rows(columns, wanted)
    if len(rows) == 1:
        return int(rows[0])
    raise _none(columns, selection, wanted) if not len(rows) else _several_cells(columns, rows)


def _none(columns: Columns, selection: Mapping[str, Any], wanted: Wanted) -> NoSuchCell:
    asked = ", ".join(f"{name}={value!s}" for name, value in selection.items()) or "the total"
    if not len(columns):
        return NoSuchCell(f"no cell for {asked}", hint="The table is empty: it has no rows")
    nearest = [
        f"all else as asked, {name} can be {_listed(codes)}"
        for name in wanted
        if (codes := _found_codes(columns, wanted, name))
    ]
    absent = [
        f"{name} is {_listed(columns[name].categories)} and never {_listed(codes)}"
        for name, codes in wanted.items()
        if _matching(columns[name], codes) is False
    ]
    hint = "; ".join(nearest or absent) or "Each word has rows, but no row has them all together"
    return NoSuchCell(f"no cell for {asked}", hint=hint[0].upper() + hint[1:])


def _found_codes(columns: Columns, wanted: Wanted, free: str) -> tuple[str, ...]:
    """Return what a dimension has where all others are as wanted."""
    rows = find_rows(columns, {name: codes for name, codes in wanted.items() if name != free})
    return columns[free].take(rows).compact().categories if len(rows) else ()


def _several_cells(columns: Columns, rows: NDArray[np.intp]) -> AmbiguousCell:
    found = columns.take(rows)
    apart = {
        name: column.categories
        for name, column in zip(found.schema.names, found.dimensions, strict=True)
        if len(column.categories) > 1
    }
    choices = "; ".join(f"{name} ({_listed(codes)})" for name, codes in apart.items())
    cells = [
        ", ".join(f"{name} {found.key(row)[name]}" for name in apart)
        for row in range(min(len(found), _SHOWN))
    ]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return AmbiguousCell(
        f"{len(rows)} cells match: {' | '.join(cells)}{more}", hint=f"Name {choices}"
    )


def _listed(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
    return ", ".join(codes[:_SHOWN]) + more
