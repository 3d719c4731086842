"""Labels of code lists in display tables and texts."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from attrs import evolve

from thbstats.display import DisplayTable, Group, Row
from thbstats.records import KINDS, schema_of
from thbstats.vocabulary import ALL, Classification, Code, code_list, labels

_SEPARATOR = re.compile(r"(; | / |, )")

_COMMON = ("total", "unknown", "not_stated")
"""The codes of every classification, which English texts contain as words."""


def labeller(classifications: Iterable[Classification]) -> Callable[[str], str]:
    """Return a function that writes labels for the codes of further classifications in a text."""
    known: dict[str, str] = {}
    for item in classifications:
        known |= _spelled(code_list(item), "en")
    return lambda text: _label(text, known)


def translator(
    language: str, classifications: Iterable[Classification] = ()
) -> Callable[[DisplayTable], DisplayTable]:
    """Return a function that translates the labels of the code lists in a table.

    It changes the names of columns and groups, the first column, and columns that are named after
    a dimension. A label that two lists translate differently stays, unless its column names the
    code list. In English the codes of further classifications become labels, and others stay.

    Parameters
    ----------
    language : str
        ``"en"``, ``"fr"`` or ``"de"``.
    classifications : iterable of Classification
        Further dimensions, or other code lists, of the tables.
    """
    further = {item.name: code_list(item) for item in classifications}
    is_english = language == "en"
    agreed: dict[str, set[str]] = {}
    for codes in (*(() if is_english else ALL), *further.values()):
        for spelling, text in _spelled(codes, language).items():
            agreed.setdefault(spelling, set()).add(text)
    common = {spelling: texts.pop() for spelling, texts in agreed.items() if len(texts) == 1}
    dimensions = {
        dimension.name: _spelled(dimension.vocabulary, language)
        for kind in KINDS
        for dimension in schema_of(kind).dimensions
        if dimension.vocabulary is not None and not is_english
    }
    dimensions |= {name: _spelled(codes, language) for name, codes in further.items()}

    def translate(table: DisplayTable) -> DisplayTable:
        names = [column.name.replace(" ", "_") for column in table.columns]
        own = [dimensions.get(name, {} if i else common) for i, name in enumerate(names)]
        columns = [evolve(column, name=_label(column.name, common)) for column in table.columns]
        rows: list[Row | Group] = []
        for line in table.rows:
            if isinstance(line, Group):
                rows.append(evolve(line, heading=_label(line.heading, common)))
                continue
            cells = list(line.cells)
            for i, (cell, known) in enumerate(zip(line.cells, own, strict=False)):
                text = _label(cell.text, known)
                if text != cell.text:  # a formatted number stays one
                    cells[i] = evolve(cell, text=text)
            rows.append(evolve(line, cells=cells))
        return evolve(table, columns=columns, rows=rows)

    return translate


def _label(text: str, known: Mapping[str, str]) -> str:
    """Return a text with each label in the language."""
    own = "".join(known.get(piece, piece) for piece in _SEPARATOR.split(text))
    return text if own == text else own


@cache
def _spelled(codes: type[Code], language: str) -> Mapping[str, str]:
    """Return the labels of a code list by label, by code, and by code as in names of shares."""
    by_code = labels(codes, language)
    if language == "en":
        by_code = {code: text for code, text in by_code.items() if code not in _COMMON}
    by_label = {codes(code).label: text for code, text in by_code.items()}
    spaced = {code.replace("_", " "): text for code, text in by_code.items()}
    subjects = {f"{name[:1].upper()}{name[1:]}": text for name, text in spaced.items()}
    return {**subjects, **by_label, **spaced, **by_code}
