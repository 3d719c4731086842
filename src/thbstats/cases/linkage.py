"""Record linkage by a key: the persons among the rows.

A person is a key, and can have several rows with different categories. Persons are counted by the
set of categories of their rows, so that a table can count each person once in every category, or
once. Sets of positions are built for patterns of values, and then renamed to
categories, because many rows have few patterns.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.cases.ages import AgeAt
from thbstats.cases.answers import FlagColumns, ListColumn, spelling
from thbstats.cases.case_tables import missing_area, unknown_code
from thbstats.cases.coded_columns import combine_columns
from thbstats.cases.counted import Rows
from thbstats.cases.declarations import Declarations
from thbstats.cases.persons import CellCodes, Conflict, PersonCell, Persons
from thbstats.columns import Coded
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.tables.encoding import Problems
from thbstats.tables.keys import code_sets

_PLAIN = (str, int, float, np.integer, np.floating, type(None))
_WHOLE = re.compile(r"-?\d{1,15}")
"""Text of an integer that a float represents exactly."""


@frozen(eq=False, kw_only=True)
class KeyLinks:
    """The patterns of values in the rows of each key.

    ``rows`` and ``without_key`` are the number of rows of each pattern, and of those without a key.
    ``sets`` are sets of positions in ``values``, with the number of keys whose rows have exactly
    these patterns.
    """

    values: Sequence[tuple[Any, ...]]
    rows: Sequence[int]
    without_key: Sequence[int]
    sets: Sequence[tuple[frozenset[int], int]]


def count_persons(
    rows: Rows,
    declarations: Declarations,
    key: str,
    dimensions: Sequence[str],
    check_equal: Sequence[str],
) -> Persons:
    """Return the persons, counted by some dimensions."""
    schema = declarations.schema
    # 1. The cell of each pattern: its categories, or those of cases without a category.
    links, patterns = _link_dimensions(rows, declarations, key, dimensions)
    defaults = [unknown_code(schema[name]) for name in dimensions]
    cells_of: list[CellCodes] = [
        tuple(code or default for code, default in zip(codes, defaults, strict=True))
        for codes in patterns
    ]
    if "area" in dimensions and any(cell[dimensions.index("area")] == "" for cell in cells_of):
        raise missing_area()
    # 2. Rows, rows without a key, and persons by cell; several patterns can have one cell.
    registrations, without_key = Counter[CellCodes](), Counter[CellCodes]()
    for cell, number, keyless in zip(cells_of, links.rows, links.without_key, strict=True):
        registrations[cell] += number
        without_key[cell] += keyless
    sets = Counter[frozenset[CellCodes]]()
    for own, persons in links.sets:
        sets[frozenset(cells_of[position] for position in own)] += persons
    # 3. Persons whose rows have different categories in a dimension that should be equal.
    conflicts = []
    for name in check_equal:
        links_of_name, codes_of = _link_dimensions(rows, declarations, key, [name])
        different = Counter[tuple[str, ...]]()
        for own, persons in links_of_name.sets:
            codes = {code for number in own for code in codes_of[number]} - {None, "unknown"}
            if len(codes) > 1:
                different[tuple(sorted(map(str, codes)))] += persons
        conflicts += [
            Conflict(dimension=name, codes=codes, persons=persons)
            for codes, persons in sorted(different.items(), key=lambda item: (-item[1], item[0]))
        ]
    orders = [schema[name].sort_key for name in dimensions]
    return Persons(
        key=key,
        schema=schema,
        dimensions=tuple(dimensions),
        cells=tuple(
            PersonCell(codes=cell, rows=registrations[cell], without_key=without_key[cell])
            for cell in sorted(
                registrations,
                key=lambda cell: [order(code) for order, code in zip(orders, cell, strict=True)],
            )
        ),
        sets=sets,
        conflicts=tuple(conflicts),
    )


def _link_dimensions(
    rows: Rows, declarations: Declarations, key: str, names: Sequence[str]
) -> tuple[KeyLinks, list[tuple[str | None, ...]]]:
    """Return the rows by some dimensions, and the codes of each pattern."""
    readings = {name: declarations.reading(name) for name in names}
    for name, reading in readings.items():
        if isinstance(reading, (FlagColumns, ListColumn, AgeAt)):
            raise InvalidValue(
                "must have one category per case, and not be computed from dates",
                field=name,
                hint="Add a column with its categories to the cases",
            )
    columns = list(dict.fromkeys(c for reading in readings.values() for c in reading.columns))
    meanings = declarations.meanings
    links = link_rows(rows, key, columns, next(iter(meanings.values())).no_answer)
    problems, codes = Problems(), []
    for pattern in links.values:
        row, own = dict(zip(columns, pattern, strict=True)), []
        try:
            for name, reading in readings.items():
                values = tuple(row[column] for column in reading.columns)
                answer = reading.read(declarations.schema[name], meanings[name], values)
                own.append(next(iter(answer.codes), None))
        except ThbstatsError as error:
            problems.add(error)
        codes.append(tuple(own))
    problems.raise_any()
    return links, codes


def link_rows(
    rows: Rows, key: str, columns: Sequence[str], missing: frozenset[str | None]
) -> KeyLinks:
    """Return the patterns of values in the rows of each key."""
    # Groups of rows with equal key and pattern. `cells` has the pattern of each.
    grouped = rows.group(list(dict.fromkeys([key, *columns])))
    keys = grouped.columns[key]
    cells = combine_columns([grouped.columns[name] for name in columns])
    empty = next((code for code, value in enumerate(keys.categories) if value is None), -1)
    if None not in missing and (keys.codes == empty).any():
        raise _no_key(key)
    # Values that stand for no key, by spelling: -99, -99.0 and "-99" are equal.
    no_keys: set[Any] = {*missing}
    values: tuple[Any, ...] = keys.categories
    if all(issubclass(kind, _PLAIN) for kind in set(map(type, values))):
        # Equal numbers have equal spellings, so that numbers are compared without spellings.
        no_keys |= {int(text) for text in missing if text and _WHOLE.fullmatch(text)}
    else:
        values = tuple(map(spelling, values))
    has_key = np.array([value not in no_keys for value in values], dtype=np.bool_)[keys.codes]
    # The set of patterns of each key; equal sets are one category.
    sets: Coded[frozenset[int]] = Coded([], ())
    if has_key.any():
        persons = keys.codes[has_key].astype(np.intp)
        sets = code_sets(persons, cells.codes[has_key], len(cells.categories))
    # Rows by pattern: a group is one row in memory, and has its number of rows in an engine.
    numbers = np.ones(grouped.size, np.int64) if grouped.weights is None else grouped.weights
    size = len(cells.categories)
    return KeyLinks(
        values=cells.categories,
        rows=np.bincount(cells.codes, numbers, size).astype(int).tolist(),
        without_key=np.bincount(cells.codes, numbers * ~has_key, size).astype(int).tolist(),
        sets=list(zip(sets.categories, sets.frequencies().tolist(), strict=True)),
    )


def _no_key(name: str) -> InvalidValue:
    return InvalidValue(
        "empty cells must be declared",
        field=name,
        hint="Use missing=[None]: their rows are counted separately",
    )
