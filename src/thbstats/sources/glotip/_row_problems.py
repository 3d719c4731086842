"""What is wrong with rows of this file in particular."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import UnknownName
from thbstats.exchange import Ledger, ParsedCounts, TextColumn
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
    "set_contradicting_areas_aside",
    "set_junk_aside",
    "set_offences_aside",
    "tell_same_as_victims",
]

_QUESTION = re.compile(r"Q\d+\.\d+_\d+s_20\d\d")
# The digits of such a code: Q6.1_10s_2019 is 61102019. No country counts millions of victims or
# perpetrators by citizenship, so no count can be hit.
_QUESTION_AS_COUNT = re.compile(r"[1-9]\d[1-9]\d?20\d\d")
_SHORTEST = 7


def _places(column: TextColumn, *wanted: str) -> list[int]:
    return [index for index, text in enumerate(column.values) if text.strip() in wanted]


def set_junk_aside(ledger: Ledger) -> None:
    """Set rows aside that hold the code of a question in place of an answer."""
    category, value = (ledger.column(name) for name in (CATEGORY, VALUE))
    dimension = ledger.column(DIMENSION)
    asked = [
        index
        for index, text in enumerate(category.values)
        if text.startswith("Q") and _QUESTION.fullmatch(text)
    ]
    coded = [
        index
        for index, text in enumerate(value.values)
        if len(text) >= _SHORTEST and _QUESTION_AS_COUNT.fullmatch(text.replace(",", ""))
    ]
    rows = category.isin(asked) | value.isin(coded)
    rows &= dimension.isin(_places(dimension, BY_CITIZENSHIP)) & ledger.is_used
    ledger.reject(
        "JUNK",
        rows,
        column=VALUE,
        message="the code of a question of the questionnaire in place of an answer, such as "
        "61,102,019 for Q6.1_10s_2019",
        hint="Ask the publisher for the answers; there is no count in these rows",
        texts=value.row_counts(range(len(value.values)), rows),
    )


def set_offences_aside(ledger: Ledger) -> None:
    """Set recorded offences aside: nobody need be suspected yet, nor an investigation opened."""
    indicator = ledger.column(INDICATOR)
    rows = indicator.isin(_places(indicator, OFFENCES)) & ledger.is_used
    ledger.reject(
        "NO_STAGE",
        rows,
        column=INDICATOR,
        message="recorded offences, which are at no stage of justice: nobody need be suspected",
        hint="Keep them in a table of their own; nothing here can hold them",
        texts={OFFENCES: int(rows.sum())},
    )


def set_contradicting_areas_aside(ledger: Ledger) -> None:
    """Set rows aside whose country is not that of their code."""
    if COUNTRY not in ledger.raw.columns:
        return
    code, name = (ledger.column(column) for column in (ISO3, COUNTRY))
    several = len(name.values)
    pairs = distinct_pairs(code.codes, name.codes, (len(code.values), several))
    wrong = [
        one * several + other
        for one, other in zip(*(column.tolist() for column in pairs), strict=True)
        if _contradict(code.values[one], name.values[other])
    ]
    if not wrong:
        return
    ledger.reject(
        "AREA_CONTRADICTED",
        np.isin(code.codes.astype(np.int64) * several + name.codes, wrong) & ledger.is_used,
        column=ISO3,
        message="the code of one country beside the name of another",
        hint="Find out of which country it speaks, and correct the file",
        example=lambda row: f"{code.value_at(row)}, {name.value_at(row)}",
    )


def _contradict(code: str, name: str) -> bool:
    """Whether both are known, and not the same country."""
    try:
        return to_area(code) != to_area(name)
    except UnknownName:
        return False


def tell_same_as_victims(ledger: Ledger, values: ParsedCounts) -> None:
    """Say where persons convicted by form of exploitation are as many as the victims of that form.

    One small count can be the same by chance: two forms are not, nor is a large count.
    """
    columns = {name: ledger.column(name) for name in _FORM}
    by_form = ledger.is_used.copy()
    for name, text in ((DIMENSION, BY_FORM), ("Sex", "Total"), ("Age", "Total")):
        column = ledger.column(name)
        by_form &= column.isin(_places(column, text))
    rows = np.flatnonzero(by_form)
    cells = _keys(columns.values(), rows).values
    indicator = ledger.column(INDICATOR)
    victims, convicted = (
        _known_once(cells, rows, values, indicator.isin(_places(indicator, text))[rows])
        for text in ("Detected trafficking victims", "Persons convicted")
    )
    _, one, other = np.intersect1d(cells[victims], cells[convicted], return_indices=True)
    one, other = rows[victims[one]], rows[convicted[other]]
    alike = values.lower[one] == values.lower[other]
    by_row = np.argsort(other[alike])
    victims_of, same = one[alike][by_row], other[alike][by_row]
    if not len(same):
        return
    where = [columns[ISO3], columns["Year"]]
    group, first = groups(_keys(where, same))
    forms, largest = np.bincount(group), np.zeros(len(first), dtype=np.int64)
    np.maximum.at(largest, group, values.lower[same])
    shown = (forms >= _FORMS) | (largest >= _LARGE)
    order = [index for index in np.argsort(-largest, kind="stable").tolist() if shown[index]]
    labels = _labels(where, same[first[order]])
    ledger.flag(
        "SAME_AS_VICTIMS",
        same[shown[group]],
        column=INDICATOR,
        message="as many persons convicted as victims detected for a form of exploitation",
        hint="Victims may have been written where convictions belong: ask the publisher before "
        "they are used as convictions",
        texts=dict(zip(labels, forms[order].tolist(), strict=True)),
    )
    told_of = shown[group]
    rows = same[told_of]
    cells_told = _labels(columns.values(), rows)
    findings = [
        (
            CellFinding(
                "SAME_AS_VICTIMS",
                f"{where}: {number:,} persons convicted and {number:,} victims detected.",
            ),
        )
        for where, number in zip(cells_told, values.lower[rows].tolist(), strict=True)
    ]
    both = np.concatenate([rows, victims_of[told_of]])
    ledger.add_findings(both, np.tile(np.arange(len(rows)), 2), findings)


def _known_once(
    cells: NDArray[np.integer[Any]],
    rows: NDArray[np.intp],
    values: ParsedCounts,
    chosen: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """Return the first of the chosen rows of each cell that has one known value."""
    indices = np.flatnonzero(chosen)
    _, first, group = np.unique(cells[indices], return_index=True, return_inverse=True)
    first = indices[first].astype(np.intp)
    lower, upper = values.lower[rows], values.upper[rows]
    known = lower[first] == upper[first]
    differ = (lower[indices] != lower[first][group]) | (upper[indices] != upper[first][group])
    known[group[differ]] = False
    found: NDArray[np.intp] = first[known]
    return found


_FORM = (ISO3, "Year", CATEGORY)
_FORMS, _LARGE = 2, 50


def _keys(columns: Iterable[TextColumn], rows: NDArray[np.intp]) -> Keys:
    return packed([(column.codes[rows], len(column.values)) for column in columns], len(rows))


def _labels(columns: Iterable[TextColumn], rows: NDArray[np.intp]) -> list[str]:
    """Return what stands in some columns of some rows, in a word for each row."""
    texts = [np.array(column.values, dtype=object)[column.codes[rows]] for column in columns]
    return [", ".join(filter(None, row)) for row in zip(*texts, strict=True)]
