"""Recoding of the texts of a file to categories."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import ThbstatsError
from thbstats.exchange.declaration import MULTIPLE, Declaration
from thbstats.exchange.file_column import FileColumn
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.periods import read_period
from thbstats.records import KINDS, Dimension

__all__ = ["parse_column", "recode_columns", "with_table"]

_MAX_SUGGESTIONS = 100
"""The number of unmapped texts of a column for which a suggestion is computed."""


def recode_columns(ledger: Ledger, declaration: Declaration) -> dict[str, FileColumn]:
    """Return the declared columns, recoded as the declaration states."""
    columns: dict[str, FileColumn] = {}
    for name, target in declaration.columns.items():
        column = ledger.column(name)
        declared = declaration.recode.get(name, {})
        if target == MULTIPLE:
            _add(columns, _spread(ledger, column, declared))
        else:
            plain = [declared.get(text.strip(), text) for text in column.values]
            columns[target] = column.with_values(plain) if declared else column
    size = len(ledger.lines)
    for name, text in declaration.constants.items():
        _add(columns, {name: FileColumn.constant(text, size)})
    columns = with_table(columns)
    if declaration.kind is not None:
        _add(columns, {"table": FileColumn.constant(declaration.kind, size)})
    return columns


def with_table(columns: Mapping[str, FileColumn]) -> dict[str, FileColumn]:
    """Return columns with ``table`` as the kind of count.

    ``kind`` is renamed to ``table`` if it contains kinds of count. Cooperation has a dimension
    ``kind`` with other categories.
    """
    kind = columns.get("kind")
    if "table" in columns or kind is None or not any(text in KINDS for text in kind.values):
        return dict(columns)
    return {"table" if name == "kind" else name: column for name, column in columns.items()}


def _add(columns: dict[str, FileColumn], more: Mapping[str, FileColumn]) -> None:
    """Add columns, and fill the missing texts of existing columns."""
    for name, column in more.items():
        columns[name] = columns[name].fill_missing(column) if name in columns else column


def _spread(
    ledger: Ledger, column: FileColumn, declared: Mapping[str, Any]
) -> dict[str, FileColumn]:
    """Return the columns that the texts of a "*" column set; reject rates."""
    plain = [text.strip() for text in column.values]
    unmapped = [index for index, text in enumerate(plain) if text not in declared]
    _reject_texts(
        ledger, column, column.isin(unmapped), f"not declared in recode for {column.name!r}"
    )
    no_count = [index for index, text in enumerate(plain) if declared.get(text, {}) is None]
    rows = column.isin(no_count) & ledger.is_used
    ledger.reject(
        "NO_COUNT",
        rows,
        column=column.name,
        message="not a count of persons, cases or decisions, such as a rate",
        hint="No action needed: rates can be calculated from counts and a population",
        texts=column.row_counts(no_count, rows),
    )
    spread = [declared.get(text) or {} for text in plain]
    names = dict.fromkeys(name for entry in spread for name in entry)
    return {name: column.with_values([entry.get(name) for entry in spread]) for name in names}


def parse_column(
    ledger: Ledger, column: FileColumn, dimension: Dimension, rows: NDArray[np.intp]
) -> FileColumn:
    """Return a selection of rows of a column in the codes of a dimension.

    Rows with an unmapped or missing text are rejected.
    """
    read = _reader(dimension)
    result = column.take(rows)
    codes: list[str | None] = [None] * len(column.values)
    unmapped: list[int] = []
    for index in result.used_codes():
        try:
            codes[index] = read(column.values[index])
        except ThbstatsError:
            unmapped.append(index)
    if unmapped or (len(rows) and result.codes.min() < 0):
        _reject_unmapped(ledger, column, dimension, rows, unmapped)
    return result.with_values(codes)


def _reject_unmapped(
    ledger: Ledger,
    column: FileColumn,
    dimension: Dimension,
    rows: NDArray[np.intp],
    unmapped: list[int],
) -> None:
    """Reject the rows with an unmapped or a missing text."""
    selected = np.zeros(len(ledger.lines), dtype=np.bool_)
    selected[rows] = True
    counted = column.count_rows(selected & ledger.is_used)
    name = dimension.name.replace("_", " ")
    left = tuple(column.values[index] for index in unmapped if counted[index])
    wrong = column.isin(unmapped) & selected
    suggestions = _Suggestions(_reader(dimension), left)
    _reject_texts(ledger, column, wrong, f"not a known {name}", suggestions)
    ledger.reject(
        "EMPTY",
        (column.codes < 0) & selected & ledger.is_used,
        column=column.name or dimension.name,
        message=f"the {name} is missing",
        hint="Pass one value for all rows, or recode the empty text",
    )


def _reader(dimension: Dimension) -> Callable[[str], str]:
    if dimension.content == "period":
        return lambda text: str(read_period(text))
    return dimension.parse


@frozen
class _Suggestions(Mapping[str, str]):
    """Suggestions for unmapped texts.

    They are computed at the first access, because a search takes long and a file can have as many
    unmapped texts as rows.
    """

    read: Callable[[str], str]
    unmapped: tuple[str, ...]

    def __getitem__(self, text: str) -> str:
        try:
            self.read(text)
        except ThbstatsError as error:
            question, mark, _ = error.hint.partition("?")
            if mark and question.startswith("Did you mean"):
                return f"{question}{mark}"
        raise KeyError(text)

    def __iter__(self) -> Iterator[str]:
        return (text for text in self.unmapped[:_MAX_SUGGESTIONS] if text in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _reject_texts(
    ledger: Ledger,
    column: FileColumn,
    wrong: NDArray[np.bool_],
    message: str,
    suggestions: Mapping[str, str] | None = None,
) -> None:
    rows = wrong & ledger.is_used
    if not rows.any():
        return
    ledger.reject(
        "UNMAPPED",
        rows,
        column=column.name,
        message=message,
        hint="Declare each text: recode={column: {text: category}}",
        texts=column.row_counts(range(len(column.values)), rows),
        suggestions=suggestions,
    )
