"""What the category of a row is, which its dimension says: a form, a citizenship, or nothing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns.codes import narrowest_type
from thbstats.errors import UnknownName
from thbstats.exchange import Ledger, TextColumn
from thbstats.geography import repair_name
from thbstats.records.reading import to_citizenship
from thbstats.sources.glotip._layout import CATEGORY, DIMENSION

__all__ = ["BY_CITIZENSHIP", "BY_FORM", "categories"]

BY_CITIZENSHIP, BY_FORM = "by citizenship", "by form of exploitation"
_BY_REPATRIATION = "by country of repatriation"
_TOTAL = "Total"


def categories(ledger: Ledger, declared: Mapping[str, Any]) -> dict[str, TextColumn]:
    """Return citizenship and form of exploitation, in the file's words or in those put for them.

    Rows whose dimension has no place in our tables are set aside, and so are rows of no dimension
    that have a category nevertheless.
    """
    dimensions = ledger.column(DIMENSION)
    column = ledger.column(CATEGORY)
    column = column.with_values([declared.get(text.strip(), text) for text in column.values])
    _set_repatriated_aside(ledger, dimensions)
    _set_strange_aside(ledger, dimensions, column)
    by_citizenship = _rows(dimensions, BY_CITIZENSHIP) & ledger.is_used
    return {
        "citizenship": _where(by_citizenship, _repaired(ledger, column, by_citizenship)),
        "exploitation": _where(_rows(dimensions, BY_FORM), column),
    }


def _rows(column: TextColumn, *wanted: str) -> NDArray[np.bool_]:
    return column.isin([p for p, text in enumerate(column.values) if text.strip() in wanted])


def _where(rows: NDArray[np.bool_], column: TextColumn) -> TextColumn:
    """Return a column of words in some rows, and of totals in all others."""
    total = len(column.values)
    codes = np.where(
        rows, column.codes, np.array(total, dtype=narrowest_type(total + 1, signed=True))
    )
    return TextColumn(codes, (*column.values, _TOTAL), column.name)


def _set_repatriated_aside(ledger: Ledger, dimensions: TextColumn) -> None:
    rows = _rows(dimensions, _BY_REPATRIATION) & ledger.is_used
    ledger.reject(
        "NO_PLACE",
        rows,
        column=DIMENSION,
        message="victims are not told apart by country of repatriation here",
        hint="Keep them in a table of their own; nothing here can hold them",
        texts={_BY_REPATRIATION: int(rows.sum())},
    )


def _set_strange_aside(ledger: Ledger, dimensions: TextColumn, column: TextColumn) -> None:
    known = (_TOTAL, BY_CITIZENSHIP, BY_FORM, _BY_REPATRIATION)
    unmapped = [p for p, text in enumerate(dimensions.values) if text.strip() not in known]
    rows = dimensions.isin(unmapped) & ledger.is_used
    ledger.reject(
        "UNMAPPED",
        rows,
        column=DIMENSION,
        message="no dimension that is known here",
        hint=f"The dimensions are {', '.join(known)}; nothing is guessed",
        texts=dimensions.row_counts(unmapped, rows),
    )
    broken_down = [p for p, text in enumerate(column.values) if text.strip() != _TOTAL]
    rows = column.isin(broken_down) & _rows(dimensions, _TOTAL) & ledger.is_used
    ledger.reject(
        "UNMAPPED",
        rows,
        column=CATEGORY,
        message="a category of no dimension",
        hint="Its dimension says that it is a total, and it is none: ask the publisher",
        texts=column.row_counts(broken_down, rows),
    )


def _repaired(ledger: Ledger, column: TextColumn, rows: NDArray[np.bool_]) -> TextColumn:
    """Return the labels of citizenships as they were before wrong encodings broke them."""
    counted = column.count_rows(rows)
    found = [
        _unbroken(text) if counted[index] else None for index, text in enumerate(column.values)
    ]
    mended = [index for index, name in enumerate(found) if name is not None]
    wrong = column.isin(mended) & rows
    ledger.flag(
        "REPAIRED",
        wrong,
        column=CATEGORY,
        message="a name that a wrong encoding broke, and that only one country or group can have had",
        hint="If one of them is read wrongly, declare it: recode={'Category': {theirs: ours}}",
        texts={
            f"{column.values[index]} = {found[index]}": int(counted[index])
            for index in sorted(mended, key=lambda index: (-counted[index], column.values[index]))
        },
    )
    return column.with_values(
        [name or text for name, text in zip(found, column.values, strict=True)]
    )


def _unbroken(text: str) -> str | None:
    """Return what a label was, if it means nothing as it stands."""
    if text.isascii() and "?" not in text:
        return None
    try:
        to_citizenship(text)
    except UnknownName:
        return repair_name(text)
    return None
