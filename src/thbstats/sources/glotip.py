"""Data of UNODC's Global Report on Trafficking in Persons (GLOTIP), xlsx or CSV.

A row is a count of one country and year, by indicator, ``Dimension`` and ``Category``, sex and age.
``<5`` is a small count, and ``1,432`` has a thousands separator. Detected victims become counts of
victims; recorded offences and persons in formal contact, prosecuted and convicted become counts of
justice. Victims by country of repatriation become counts of protection.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns.coded import narrowest_type
from thbstats.errors import InvalidValue, UnknownName
from thbstats.files.assembly import assemble, recode_columns
from thbstats.files.count_columns import read_measures
from thbstats.files.declaration import Declaration, require_valid
from thbstats.files.delimited import first_lines, read_delimited
from thbstats.files.input_file import InputFile
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reading import Reading
from thbstats.files.sheets import read_sheet
from thbstats.files.workbooks import is_workbook, peek
from thbstats.geography import repair_name
from thbstats.geography.spellings import citizenships, plain
from thbstats.records import Source
from thbstats.records.converters import to_area, to_citizenship
from thbstats.sources._formats import FilePath, Format, crosswalk
from thbstats.tables.columns import Numbers
from thbstats.tables.encoding import distinct_pairs, groups, pack
from thbstats.tables.origins import CellFinding
from thbstats.vocabulary import CitizenshipGroup, ProtectionMeasure, bundled_classification

__all__ = ["FORMAT", "read", "recognise"]

_ISO3, _COUNTRY, _INDICATOR = "Iso3_code", "Country", "Indicator"
_DIMENSION, _CATEGORY, _VALUE = "Dimension", "Category", "txtVALUE"
_COLUMNS = (_ISO3, _INDICATOR, _DIMENSION, _CATEGORY, _VALUE)
"""The columns that identify the format."""

_VICTIMS, _CONVICTED = "Detected trafficking victims", "Persons convicted"
_CROSSWALK = crosswalk("glotip")
_COUNTRIES: Mapping[str, str] = _CROSSWALK.pop("countries_of_repatriation")
_RETURN = bundled_classification("country_of_repatriation")
DECLARATION = Declaration(**_CROSSWALK)
"""The declaration of the columns, except ``Category``, which depends on ``Dimension``."""

_TOTAL, _BY_CITIZENSHIP, _BY_FORM = "Total", "by citizenship", "by form of exploitation"
_BY_REPATRIATION = "by country of repatriation"
_DIMENSIONS = (_TOTAL, _BY_CITIZENSHIP, _BY_FORM, _BY_REPATRIATION)
_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
_QUESTION = re.compile(r"Q\d+\.\d+_\d+s_20\d\d")
# The digits of such a code: Q6.1_10s_2019 is 61102019, which is above every real count.
_QUESTION_AS_COUNT = re.compile(r"[1-9]\d[1-9]\d?20\d\d")
_SHORTEST = 7
_FORMS, _LARGE = 2, 50  # equal forms, or an equal count, that are not a coincidence


def _is_header(names: Sequence[str]) -> bool:
    return set(_COLUMNS) <= set(names)


def recognise(file: InputFile) -> str:
    """Return the columns that identify a GLOTIP file; empty for other files."""
    if is_workbook(file):
        content = peek(file)
        # Whole cells, because a note can contain the names.
        is_glotip = all(f">{name}<".encode() in content for name in _COLUMNS)
    else:
        is_glotip = any(map(_is_header, first_lines(file)))
    return f"by its columns {', '.join(_COLUMNS)}" if is_glotip else ""


def read(
    path: FilePath,
    *,
    fewer_than_from: int | None = None,
    sheet: str | None = None,
    separator: str | None = None,
    **options: Any,
) -> Reading:
    """Read the counts of a GLOTIP file.

    Every row is used for victims, justice or protection, or rejected with a problem in the log. By
    default, ``<5`` includes 0, because the file contains no 0.
    """
    request = FORMAT.request(path, options)
    if is_workbook(request.file):
        ledger = read_sheet(request.file, sheet, header=_is_header)
    elif sheet is not None:
        problem = "must not be passed for a text"
        raise InvalidValue(problem, field="sheet", value=sheet, hint="Remove it")
    else:
        ledger = read_delimited(request.file, separator, header=_is_header)
    # The rows state their kind of count.
    declared = evolve(request.declared(), kind=None).with_defaults(DECLARATION)
    if fewer_than_from is not None:
        declared = evolve(declared, fewer_than_from=fewer_than_from)
    request.progress("mapping", 0.0)
    require_valid(declared, ledger)
    _reject_question_codes(ledger)
    columns = recode_columns(ledger, declared)
    columns |= _categories(ledger, columns, declared.recode.get(_CATEGORY, {}))
    if _COUNTRY in ledger.raw.columns:
        _reject_contradictory_areas(ledger)
        area = columns["area"]
        if "" in area.categories:  # an area without a code is identified by its name
            coded = area.with_values([text or None for text in area.categories])
            columns["area"] = coded.fill_missing(ledger.column(_COUNTRY))
    values = read_measures(ledger, columns, declared.count_parser)
    _flag_equal_victims(ledger, values)
    ledger.note(f"A published '<n' is read as {declared.fewer_than_from} to n - 1")
    # The date of the publication is in a line before the header.
    days = [match for line in ledger.preamble for cell in line if (match := _DAY.fullmatch(cell))]
    own = Source(
        title="GLOTIP data set",
        publisher="United Nations Office on Drugs and Crime (UNODC)",
        url="https://dataunodc.un.org/",
        published="-".join(reversed(days[0].groups())) if days else None,
        kind="primary",
        terms="Attribution to UNODC",
    )
    declared = evolve(declared, classifications=(*declared.classifications, _RETURN))
    data = assemble(
        ledger,
        columns,
        values,
        request.publication(own),
        declaration=declared,
        progress=request.progress,
    )
    return request.finish(ledger, data=data)


def _with(column: FileColumn, *texts: str) -> NDArray[np.bool_]:
    """Return a mask of the rows with one of the texts."""
    return column.where(lambda text: text.strip() in texts)


def _categories(
    ledger: Ledger, columns: Mapping[str, FileColumn], declared: Mapping[str, Any]
) -> dict[str, FileColumn]:
    """Return the columns that depend on the dimension of a row, recoded as declared.

    Rows of unknown dimensions, and rows with a category but no dimension, are rejected.
    """
    dimensions = ledger.column(_DIMENSION)
    column = ledger.column(_CATEGORY)
    column = column.with_values([declared.get(text.strip(), text) for text in column.categories])
    ledger.reject_texts(
        "UNMAPPED.dimension",
        dimensions,
        lambda text: text.strip() not in _DIMENSIONS,
        values={"listed": ", ".join(_DIMENSIONS)},
    )
    ledger.reject_texts(
        "UNMAPPED.category",
        column,
        lambda text: text.strip() != _TOTAL,
        within=_with(dimensions, _TOTAL),
    )
    by_citizenship = _with(dimensions, _BY_CITIZENSHIP) & ledger.is_used
    returned = _with(dimensions, _BY_REPATRIATION) & ledger.is_used
    names = _restore_names(ledger, column, by_citizenship | returned)
    nationals = returned
    if returned.any():
        national = (CitizenshipGroup.REPORTING_COUNTRY,)
        nationals = returned & names.where(lambda text: citizenships().get(plain(text)) == national)
    result = {
        "citizenship": _where(by_citizenship | nationals, names),
        "exploitation": _where(_with(dimensions, _BY_FORM), column),
    }
    return result | _repatriation(ledger, columns, returned, _where(returned & ~nationals, names))


def _repatriation(
    ledger: Ledger,
    columns: Mapping[str, FileColumn],
    returned: NDArray[np.bool_],
    countries: FileColumn,
) -> dict[str, FileColumn]:
    """Return the columns of rows by country of repatriation, which are counts of protection."""
    if not returned.any():
        return {}
    ledger.note(
        "Repatriation: the file does not state a direction. Until 2016 most countries are those to "
        "which victims return, since 2017 those from which they return"
    )
    ledger.reject_texts(
        "EMPTY_CELL.repatriation", countries, lambda text: not text.strip(), within=returned
    )
    names = [_COUNTRIES.get(text.strip(), text) for text in countries.categories]
    kinds = columns["table"]
    protection = FileColumn(np.where(returned, 0, -1), ("protection",), kinds.name)
    return {
        "table": protection.fill_missing(kinds),
        "status": _where(~returned, columns["status"], None),
        "measure": protection.with_values([ProtectionMeasure.REPATRIATION]),
        _RETURN.name: _where(returned, countries.with_values(names), None),
    }


def _where(rows: NDArray[np.bool_], column: FileColumn, other: str | None = _TOTAL) -> FileColumn:
    """Return the texts of a column in selected rows, and another text in the others."""
    total = -1 if other is None else len(column.categories)
    code = np.array(total, dtype=narrowest_type(len(column.categories) + 1, signed=True))
    values = (*column.categories, *([] if other is None else [other]))
    return FileColumn(np.where(rows, column.codes, code), values, column.name)


def _restore_names(ledger: Ledger, column: FileColumn, rows: NDArray[np.bool_]) -> FileColumn:
    """Return countries and groups, with names restored that a wrong encoding damaged."""
    counted = column.count_rows(rows)
    original = {}
    for index, text in enumerate(column.categories):
        if counted[index] and ("?" in text or not text.isascii()):
            try:
                to_citizenship(text)
            except UnknownName:
                if (name := repair_name(text)) is not None:
                    original[text] = name
    restored = column.matching(original.__contains__)
    texts = column.row_counts(restored, rows)
    ledger.flag(
        "CORRECTED",
        column.isin(restored) & rows,
        column=_CATEGORY,
        texts={f"{text} = {original[text]}": number for text, number in texts.items()},
    )
    return column.with_values([original.get(text, text) for text in column.categories])


def _reject_question_codes(ledger: Ledger) -> None:
    """Reject rows with the code of a question instead of an answer."""
    category, value = ledger.column(_CATEGORY), ledger.column(_VALUE)
    is_code = category.where(lambda text: text.startswith("Q") and bool(_QUESTION.fullmatch(text)))
    is_code |= value.where(
        lambda text: (
            len(text) >= _SHORTEST and bool(_QUESTION_AS_COUNT.fullmatch(text.replace(",", "")))
        )
    )
    ledger.reject_texts(
        "UNREADABLE_ANSWER",
        value,
        range(len(value.categories)),
        within=is_code & _with(ledger.column(_DIMENSION), _BY_CITIZENSHIP),
    )


def _reject_contradictory_areas(ledger: Ledger) -> None:
    """Reject rows with different countries in code and name."""
    code, name = ledger.column(_ISO3), ledger.column(_COUNTRY)
    width = len(name.categories)
    pairs = distinct_pairs(code.codes, name.codes, width)
    wrong = []
    for left, right in zip(*(column.tolist() for column in pairs), strict=True):
        with suppress(UnknownName):
            if to_area(code.categories[left]) != to_area(name.categories[right]):
                wrong.append(left * width + right)
    if wrong:
        ledger.reject(
            "AREA_CONTRADICTED",
            np.isin(code.codes.astype(np.int64) * width + name.codes, wrong) & ledger.is_used,
            column=_ISO3,
            example=lambda row: f"{code.value_at(row)}, {name.value_at(row)}",
        )


def _flag_equal_victims(ledger: Ledger, values: Numbers) -> None:
    """Flag convictions that equal the victims of the same form of exploitation.

    One small equal count can be a coincidence; two forms or a large count are flagged.
    """
    by_form = ledger.is_used & _with(ledger.column(_DIMENSION), _BY_FORM)
    by_form &= _with(ledger.column("Sex"), _TOTAL) & _with(ledger.column("Age"), _TOTAL)
    columns = [ledger.column(name) for name in (_ISO3, "Year", _CATEGORY)]
    victims, convictions = (
        np.flatnonzero(by_form & _with(ledger.column(_INDICATOR), indicator))
        for indicator in (_VICTIMS, _CONVICTED)
    )
    rows = np.concatenate([victims, convictions])
    cell, first = groups(pack([column.take(rows) for column in columns], len(rows)))
    number, upper = values.lower[rows], values.upper[rows]
    differs = (number != upper) | (number != number[first[cell]])
    has_one_count = np.bincount(cell[differs], minlength=len(first)) == 0
    size = len(victims)
    # The first row of each cell with victims and convictions.
    both, *positions = np.intersect1d(cell[:size], cell[size:], return_indices=True)
    detected, convicted = victims[positions[0]], convictions[positions[1]]
    selected = np.flatnonzero(has_one_count[both])
    equal: dict[tuple[int, ...], list[tuple[int, int, int]]] = {}
    for index in selected[np.argsort(convicted[selected])].tolist():
        row = int(convicted[index])
        country_and_year = tuple(int(column.codes[row]) for column in columns[:2])
        equal.setdefault(country_and_year, []).append(
            (int(values.lower[row]), row, int(detected[index]))
        )

    def label(row: int, columns: Iterable[FileColumn]) -> str:
        return ", ".join(filter(None, (column.value_at(row) for column in columns)))

    flagged = {
        cell: same for cell, same in equal.items() if len(same) >= _FORMS or max(same)[0] >= _LARGE
    }
    largest_first = sorted(flagged.items(), key=lambda item: (-max(item[1])[0], *item[0]))
    listed = sorted((pair for same in flagged.values() for pair in same), key=itemgetter(1))
    convicted = np.array([row for _, row, _ in listed], dtype=np.intp)
    ledger.flag(
        "SAME_AS_VICTIMS",
        convicted,
        column=_INDICATOR,
        texts={label(same[0][1], columns[:2]): len(same) for _, same in largest_first},
    )
    texts = [
        f"{label(row, columns)}: {number:,} persons convicted and {number:,} victims detected."
        for number, row, _ in listed
    ]
    detected = np.array([row for *_, row in listed], dtype=np.intp)
    ledger.add_findings(
        np.concatenate([convicted, detected]),
        np.tile(np.arange(len(listed)), 2),
        [(CellFinding("SAME_AS_VICTIMS", text),) for text in texts],
    )


FORMAT = Format.named("glotip", recognise, read)
