"""Labels of tables in another language."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from attrs import evolve

from thbstats.display import Cell, DisplayTable, Group, Row
from thbstats.records import KINDS, schema_of
from thbstats.vocabulary import ALL, Code, labels

_SEPARATOR = re.compile(r"(; | / |, )")


def translator(language: str) -> Callable[[DisplayTable], DisplayTable]:
    """Return a function that translates the labels of the code lists in a table.

    It changes the names of columns and groups, the first column, and columns that are named after
    a dimension. A label that two lists translate differently stays, unless its column names the
    code list. In English everything stays.
    """
    agreed: dict[str, set[str]] = {}
    for codes in ALL:
        for spelling, text in _spelled(codes, language).items():
            agreed.setdefault(spelling, set()).add(text)
    if language == "en":
        return lambda table: table
    common = {spelling: texts.pop() for spelling, texts in agreed.items() if len(texts) == 1}
    dimensions = {
        dimension.name: _spelled(dimension.vocabulary, language)
        for kind in KINDS
        for dimension in schema_of(kind).dimensions
        if dimension.vocabulary is not None
    }

    def translate(table: DisplayTable) -> DisplayTable:
        names = [column.name.replace(" ", "_") for column in table.columns]
        own = [dimensions.get(name, {} if i else common) for i, name in enumerate(names)]
        columns = [evolve(column, name=_label(column.name, common)) for column in table.columns]
        rows: list[Row | Group] = [
            evolve(line, heading=_label(line.heading, common))
            if isinstance(line, Group)
            else evolve(line, cells=list(map(_cell, line.cells, own)))
            for line in table.rows
        ]
        return evolve(table, columns=columns, rows=rows)

    return translate


def _cell(cell: Cell, known: Mapping[str, str]) -> Cell:
    text = _label(cell.text, known)
    # A formatted number stays one.
    return cell if text == cell.text else evolve(cell, text=text)


def _label(text: str, known: Mapping[str, str]) -> str:
    """Return a text with each label in the language."""
    return "".join(known.get(piece, piece) for piece in _SEPARATOR.split(text))


@cache
def _spelled(codes: type[Code], language: str) -> Mapping[str, str]:
    """Return the labels of a code list by label, by code, and by code with spaces."""
    by_code = labels(codes, language)
    by_label = {codes(code).label: text for code, text in by_code.items()}
    spaced = {code.replace("_", " "): text for code, text in by_code.items()}
    return {**by_label, **spaced, **by_code}
