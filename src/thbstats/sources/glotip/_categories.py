"""Categories of rows by their dimension: citizenship or form of exploitation."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns.codes import narrowest_type
from thbstats.errors import UnknownName
from thbstats.exchange import FileColumn, Ledger
from thbstats.geography import repair_name
from thbstats.records.reading import to_citizenship
from thbstats.sources.glotip._layout import CATEGORY, DIMENSION

__all__ = ["BY_CITIZENSHIP", "BY_FORM", "categories"]

BY_CITIZENSHIP, BY_FORM = "by citizenship", "by form of exploitation"
_BY_REPATRIATION = "by country of repatriation"
_TOTAL = "Total"


def categories(ledger: Ledger, declared: Mapping[str, Any]) -> dict[str, FileColumn]:
    """Return citizenship and form of exploitation, recoded as declared.

    Rows of unsupported dimensions, and rows with a category but no dimension, are rejected.
    """
    dimensions = ledger.column(DIMENSION)
    column = ledger.column(CATEGORY)
    column = column.with_values([declared.get(text.strip(), text) for text in column.values])
    _reject_repatriated(ledger, dimensions)
    _reject_unmapped(ledger, dimensions, column)
    by_citizenship = _rows(dimensions, BY_CITIZENSHIP) & ledger.is_used
    return {
        "citizenship": _where(by_citizenship, _restore_names(ledger, column, by_citizenship)),
        "exploitation": _where(_rows(dimensions, BY_FORM), column),
    }


def _rows(column: FileColumn, *texts: str) -> NDArray[np.bool_]:
    return column.isin([p for p, text in enumerate(column.values) if text.strip() in texts])


def _where(rows: NDArray[np.bool_], column: FileColumn) -> FileColumn:
    """Return the texts of a column in selected rows, and "Total" in the others."""
    total = len(column.values)
    codes = np.where(
        rows, column.codes, np.array(total, dtype=narrowest_type(total + 1, signed=True))
    )
    return FileColumn(codes, (*column.values, _TOTAL), column.name)


def _reject_repatriated(ledger: Ledger, dimensions: FileColumn) -> None:
    rows = _rows(dimensions, _BY_REPATRIATION) & ledger.is_used
    ledger.reject(
        "NO_PLACE",
        rows,
        column=DIMENSION,
        message="the dimension country of repatriation is not supported",
        hint="Analyse these rows outside of this library",
        texts={_BY_REPATRIATION: int(rows.sum())},
    )


def _reject_unmapped(ledger: Ledger, dimensions: FileColumn, column: FileColumn) -> None:
    known = (_TOTAL, BY_CITIZENSHIP, BY_FORM, _BY_REPATRIATION)
    unmapped = [p for p, text in enumerate(dimensions.values) if text.strip() not in known]
    rows = dimensions.isin(unmapped) & ledger.is_used
    ledger.reject(
        "UNMAPPED",
        rows,
        column=DIMENSION,
        message="not a known dimension",
        hint=f"Use one of {', '.join(known)}",
        texts=dimensions.row_counts(unmapped, rows),
    )
    broken_down = [p for p, text in enumerate(column.values) if text.strip() != _TOTAL]
    rows = column.isin(broken_down) & _rows(dimensions, _TOTAL) & ledger.is_used
    ledger.reject(
        "UNMAPPED",
        rows,
        column=CATEGORY,
        message="a category without a dimension",
        hint="Ask the publisher for the dimension",
        texts=column.row_counts(broken_down, rows),
    )


def _restore_names(ledger: Ledger, column: FileColumn, rows: NDArray[np.bool_]) -> FileColumn:
    """Return citizenships, with names restored that a wrong encoding damaged."""
    counted = column.count_rows(rows)
    names = [
        _restored(text) if counted[index] else None for index, text in enumerate(column.values)
    ]
    restored = [index for index, name in enumerate(names) if name is not None]
    wrong = column.isin(restored) & rows
    ledger.flag(
        "REPAIRED",
        wrong,
        column=CATEGORY,
        message="a name was damaged by a wrong encoding and has been restored",
        hint="Check the names, and declare wrong ones: recode={'Category': {text: country}}",
        texts={
            f"{column.values[index]} = {names[index]}": int(counted[index])
            for index in sorted(restored, key=lambda index: (-counted[index], column.values[index]))
        },
    )
    return column.with_values(
        [name or text for name, text in zip(names, column.values, strict=True)]
    )


def _restored(text: str) -> str | None:
    """Return the original of a damaged name; ``None`` if it is not damaged."""
    if text.isascii() and "?" not in text:
        return None
    try:
        to_citizenship(text)
    except UnknownName:
        return repair_name(text)
    return None
