"""Known problems of GLOTIP rows."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import UnknownName
from thbstats.exchange import FileColumn, Ledger, ParsedCounts
from thbstats.records.reading import to_area
from thbstats.sources.glotip._categories import BY_CITIZENSHIP, BY_FORM
from thbstats.sources.glotip._layout import (
    CATEGORY,
    COUNTRY,
    DIMENSION,
    INDICATOR,
    ISO3,
    OFFENCES,
    VALUE,
)
from thbstats.tables.findings import CellFinding
from thbstats.tables.keys import Keys, distinct_pairs, groups, packed

__all__ = [
    "flag_equal_victims",
    "reject_contradictory_areas",
    "reject_offences",
    "reject_question_codes",
]

_QUESTION = re.compile(r"Q\d+\.\d+_\d+s_20\d\d")
# The digits of such a code: Q6.1_10s_2019 is 61102019, which is above every real count.
_QUESTION_AS_COUNT = re.compile(r"[1-9]\d[1-9]\d?20\d\d")
_SHORTEST = 7


def _codes(column: FileColumn, *texts: str) -> list[int]:
    return [index for index, text in enumerate(column.values) if text.strip() in texts]


def reject_question_codes(ledger: Ledger) -> None:
    """Reject rows with the code of a question instead of an answer."""
    category, value = (ledger.column(name) for name in (CATEGORY, VALUE))
    dimension = ledger.column(DIMENSION)
    question_rows = [
        index
        for index, text in enumerate(category.values)
        if text.startswith("Q") and _QUESTION.fullmatch(text)
    ]
    coded = [
        index
        for index, text in enumerate(value.values)
        if len(text) >= _SHORTEST and _QUESTION_AS_COUNT.fullmatch(text.replace(",", ""))
    ]
    rows = category.isin(question_rows) | value.isin(coded)
    rows &= dimension.isin(_codes(dimension, BY_CITIZENSHIP)) & ledger.is_used
    ledger.reject(
        "JUNK",
        rows,
        column=VALUE,
        message="the code of a question instead of an answer, such as 61,102,019 for Q6.1_10s_2019",
        hint="Ask the publisher for the answers",
        texts=value.row_counts(range(len(value.values)), rows),
    )


def reject_offences(ledger: Ledger) -> None:
    """Reject recorded offences."""
    indicator = ledger.column(INDICATOR)
    rows = indicator.isin(_codes(indicator, OFFENCES)) & ledger.is_used
    ledger.reject(
        "NO_STAGE",
        rows,
        column=INDICATOR,
        message="recorded offences, which are not a stage of justice",
        hint="Analyse these rows outside of this library",
        texts={OFFENCES: int(rows.sum())},
    )


def reject_contradictory_areas(ledger: Ledger) -> None:
    """Reject rows with different countries in code and name."""
    if COUNTRY not in ledger.raw.columns:
        return
    code, name = (ledger.column(column) for column in (ISO3, COUNTRY))
    width = len(name.values)
    pairs = distinct_pairs(code.codes, name.codes, (len(code.values), width))
    wrong = [
        left * width + right
        for left, right in zip(*(column.tolist() for column in pairs), strict=True)
        if _contradict(code.values[left], name.values[right])
    ]
    if not wrong:
        return
    ledger.reject(
        "AREA_CONTRADICTED",
        np.isin(code.codes.astype(np.int64) * width + name.codes, wrong) & ledger.is_used,
        column=ISO3,
        message="the country code and the country name differ",
        hint="Correct the country in the file",
        example=lambda row: f"{code.value_at(row)}, {name.value_at(row)}",
    )


def _contradict(code: str, name: str) -> bool:
    """Whether a code and a name are known and differ."""
    try:
        return to_area(code) != to_area(name)
    except UnknownName:
        return False


def flag_equal_victims(ledger: Ledger, values: ParsedCounts) -> None:
    """Flag convictions that equal the victims of the same form of exploitation.

    One small equal count can be a coincidence; two forms or a large count are flagged.
    """
    columns = {name: ledger.column(name) for name in _FORM}
    by_form = ledger.is_used.copy()
    for name, text in ((DIMENSION, BY_FORM), ("Sex", "Total"), ("Age", "Total")):
        column = ledger.column(name)
        by_form &= column.isin(_codes(column, text))
    rows = np.flatnonzero(by_form)
    cells = _keys(columns.values(), rows).values
    indicator = ledger.column(INDICATOR)
    victims, convicted = (
        _known_once(cells, rows, values, indicator.isin(_codes(indicator, text))[rows])
        for text in ("Detected trafficking victims", "Persons convicted")
    )
    _, left, right = np.intersect1d(cells[victims], cells[convicted], return_indices=True)
    left, right = rows[victims[left]], rows[convicted[right]]
    equal = values.lower[left] == values.lower[right]
    by_row = np.argsort(right[equal])
    victims_of, same = left[equal][by_row], right[equal][by_row]
    if not len(same):
        return
    where = [columns[ISO3], columns["Year"]]
    group, first = groups(_keys(where, same))
    forms, largest = np.bincount(group), np.zeros(len(first), dtype=np.int64)
    np.maximum.at(largest, group, values.lower[same])
    flagged = (forms >= _FORMS) | (largest >= _LARGE)
    order = [index for index in np.argsort(-largest, kind="stable").tolist() if flagged[index]]
    labels = _labels(where, same[first[order]])
    ledger.flag(
        "SAME_AS_VICTIMS",
        same[flagged[group]],
        column=INDICATOR,
        message="convictions equal the detected victims of a form of exploitation",
        hint="Ask the publisher before you use these convictions: they may be victims",
        texts=dict(zip(labels, forms[order].tolist(), strict=True)),
    )
    is_flagged = flagged[group]
    rows = same[is_flagged]
    cell_texts = _labels(columns.values(), rows)
    findings = [
        (
            CellFinding(
                "SAME_AS_VICTIMS",
                f"{where}: {number:,} persons convicted and {number:,} victims detected.",
            ),
        )
        for where, number in zip(cell_texts, values.lower[rows].tolist(), strict=True)
    ]
    both = np.concatenate([rows, victims_of[is_flagged]])
    ledger.add_findings(both, np.tile(np.arange(len(rows)), 2), findings)


def _known_once(
    cells: NDArray[np.integer[Any]],
    rows: NDArray[np.intp],
    values: ParsedCounts,
    selected: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """Return the first selected row of each cell with left known value."""
    indices = np.flatnonzero(selected)
    _, first, group = np.unique(cells[indices], return_index=True, return_inverse=True)
    first = indices[first].astype(np.intp)
    lower, upper = values.lower[rows], values.upper[rows]
    known = lower[first] == upper[first]
    differ = (lower[indices] != lower[first][group]) | (upper[indices] != upper[first][group])
    known[group[differ]] = False
    rows_: NDArray[np.intp] = first[known]
    return rows_


_FORM = (ISO3, "Year", CATEGORY)
_FORMS, _LARGE = 2, 50


def _keys(columns: Iterable[FileColumn], rows: NDArray[np.intp]) -> Keys:
    return packed([(column.codes[rows], len(column.values)) for column in columns], len(rows))


def _labels(columns: Iterable[FileColumn], rows: NDArray[np.intp]) -> list[str]:
    """Return the texts of columns, joined for each row."""
    texts = [np.array(column.values, dtype=object)[column.codes[rows]] for column in columns]
    return [", ".join(filter(None, row)) for row in zip(*texts, strict=True)]
