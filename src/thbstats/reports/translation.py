"""Labels of tables in another language."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from attrs import evolve

from thbstats.display import Cell, Column, DisplayTable, Group, Row
from thbstats.records import KINDS, schema_of
from thbstats.reports.section import RenderedSection
from thbstats.vocabulary import ALL, Code, labels

__all__ = ["sheet_in", "translated"]

_SEPARATOR = re.compile(r"(; | / |, )")


def translated(parts: Iterable[RenderedSection], language: str) -> tuple[RenderedSection, ...]:
    """Return sections with the words of the vocabularies in a language.

    Parameters
    ----------
    parts : iterable of RenderedSection
        The sections.
    language : str
        One of `thbstats.vocabulary.LANGUAGES`.

    Returns
    -------
    tuple of RenderedSection

    Raises
    ------
    UnknownName
        If there are no labels in the language.
    """
    _words(language)  # says so where there is no such language
    return tuple(
        evolve(part, tables=tuple(sheet_in(table, language) for table in part.tables))
        for part in parts
    )


def sheet_in(sheet: DisplayTable, language: str) -> DisplayTable:
    """Return a sheet with the words of the vocabularies in a language.

    Parameters
    ----------
    sheet : DisplayTable
        The sheet.
    language : str
        One of `thbstats.vocabulary.LANGUAGES`; in English everything stays as it is.

    Returns
    -------
    DisplayTable
        With other words in the names of its columns and groups, in its first column, and in those
        that are named as a dimension is. A word that two lists translate differently stays,
        unless its column names the code list.

    Raises
    ------
    UnknownName
        If there are no labels in the language.

    Examples
    --------
    >>> sheet = DisplayTable(caption="", columns=["stage", "n"], rows=[["convicted", "9"]])
    >>> sheet_in(sheet, "de").texts
    ('Verurteilt', '9')
    """
    known = _words(language)
    if language == "en":
        return sheet
    lists = [_of_column(column, language) for column in sheet.columns]
    named = [lists[0] or known, *lists[1:]]
    return evolve(
        sheet,
        columns=[evolve(each, name=_translated_labels(each.name, known)) for each in sheet.columns],
        rows=[_row(row, named, known) for row in sheet.rows],
    )


def _row(row: Row | Group, named: list[Mapping[str, str]], known: Mapping[str, str]) -> Row | Group:
    if isinstance(row, Group):
        return evolve(row, heading=_translated_labels(row.heading, known))
    cells = [_cell(cell, words) for cell, words in zip(row.cells, named, strict=True)]
    return evolve(row, cells=cells)


def _cell(cell: Cell, words: Mapping[str, str]) -> Cell:
    text = _translated_labels(cell.text, words)
    # A printed number stays one, which remembers what it is.
    return cell if text == cell.text else evolve(cell, text=text)


def _translated_labels(text: str, words: Mapping[str, str]) -> str:
    """Return a text with each label in the language."""
    return "".join(words.get(piece, piece) for piece in _SEPARATOR.split(text))


def _of_column(column: Column, language: str) -> Mapping[str, str]:
    """Return the words of the dimension that a column is named after, or none."""
    words = _dimensions().get(column.name.replace(" ", "_"))
    return {} if words is None else _spelled(words, language)


@cache
def _dimensions() -> Mapping[str, type[Code]]:
    """Return the list of words of each dimension that has one."""
    every = (dimension for kind in KINDS for dimension in schema_of(kind).dimensions)
    return {each.name: each.vocabulary for each in every if each.vocabulary is not None}


@cache
def _spelled(words: type[Code], language: str) -> Mapping[str, str]:
    """Return the labels of a list by everything that our tables write for its words."""
    found = labels(words, language)
    by_label = {words(code).label: text for code, text in found.items()}
    spaced = {code.replace("_", " "): text for code, text in found.items()}
    return {**by_label, **spaced, **found}


@cache
def _words(language: str) -> Mapping[str, str]:
    """Return the labels that all lists with such a word agree on."""
    agreed: dict[str, set[str]] = {}
    for words in ALL:
        for spelling, text in _spelled(words, language).items():
            agreed.setdefault(spelling, set()).add(text)
    return {spelling: texts.pop() for spelling, texts in agreed.items() if len(texts) == 1}
