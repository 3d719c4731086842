"""The cells of a file in our words, dimension by dimension."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import ThbstatsError
from thbstats.exchange.declaration import MULTIPLE, Declaration
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.periods import read_period
from thbstats.exchange.text_column import TextColumn
from thbstats.records import KINDS, Dimension

__all__ = ["parsed", "translated", "with_table"]

_NEAR = 100
"""For how many strange words of a column one that is almost alike is looked for."""


def translated(ledger: Ledger, declaration: Declaration) -> dict[str, TextColumn]:
    """Return our columns, in the file's words or in those that the declaration puts for them."""
    found: dict[str, TextColumn] = {}
    for name, ours in declaration.columns.items():
        column = ledger.column(name)
        declared = declaration.recode.get(name, {})
        if ours == MULTIPLE:
            _add(found, _spread(ledger, column, declared))
        else:
            plain = [declared.get(text.strip(), text) for text in column.values]
            found[ours] = column.with_values(plain) if declared else column
    size = len(ledger.lines)
    for name, text in declaration.constants.items():
        _add(found, {name: TextColumn.constant(text, size)})
    found = with_table(found)
    if declaration.kind is not None:
        _add(found, {"table": TextColumn.constant(declaration.kind, size)})
    return found


def with_table(columns: Mapping[str, TextColumn]) -> dict[str, TextColumn]:
    """Return columns in which ``table`` says the kind of count, where ``kind`` did so.

    Cooperation has a dimension of that name; its words are no kinds of count.
    """
    kind = columns.get("kind")
    if "table" in columns or kind is None or not any(text in KINDS for text in kind.values):
        return dict(columns)
    return {"table" if name == "kind" else name: column for name, column in columns.items()}


def _add(found: dict[str, TextColumn], more: Mapping[str, TextColumn]) -> None:
    """Put columns beside others; where both say something, what was there first stays."""
    for name, column in more.items():
        found[name] = found[name].fill_missing(column) if name in found else column


def _spread(
    ledger: Ledger, column: TextColumn, declared: Mapping[str, Any]
) -> dict[str, TextColumn]:
    """Return all that the words of one column say; what says nothing is set aside."""
    plain = [text.strip() for text in column.values]
    unmapped = [index for index, text in enumerate(plain) if text not in declared]
    _set_unmapped_aside(
        ledger, column, column.isin(unmapped), f"no word that {column.name!r} is declared to have"
    )
    no_count = [index for index, text in enumerate(plain) if declared.get(text, {}) is None]
    rows = column.isin(no_count) & ledger.is_used
    ledger.reject(
        "NO_COUNT",
        rows,
        column=column.name,
        message="no count of persons, cases or decisions, such as a rate",
        hint="Nothing is lost: rates follow from counts and a population",
        texts=column.row_counts(no_count, rows),
    )
    spread = [declared.get(text) or {} for text in plain]
    names = dict.fromkeys(name for entry in spread for name in entry)
    return {name: column.with_values([entry.get(name) for entry in spread]) for name in names}


def parsed(
    ledger: Ledger, column: TextColumn, dimension: Dimension, rows: NDArray[np.intp]
) -> TextColumn:
    """Return some rows of a column in the codes of a dimension.

    Rows whose word has no code, or that have no word, are set aside.
    """
    read = _reader(dimension)
    found = column.take(rows)
    codes: list[str | None] = [None] * len(column.values)
    unmapped: list[int] = []
    for index in found.used_codes():
        try:
            codes[index] = read(column.values[index])
        except ThbstatsError:
            unmapped.append(index)
    if unmapped or (len(rows) and found.codes.min() < 0):
        _tell_unread(ledger, column, dimension, rows, unmapped)
    return found.with_values(codes)


def _tell_unread(
    ledger: Ledger,
    column: TextColumn,
    dimension: Dimension,
    rows: NDArray[np.intp],
    unmapped: list[int],
) -> None:
    """Set the rows aside whose word is strange, or that have none."""
    chosen = np.zeros(len(ledger.lines), dtype=np.bool_)
    chosen[rows] = True
    counted = column.count_rows(chosen & ledger.is_used)
    name = dimension.name.replace("_", " ")
    left = tuple(column.values[index] for index in unmapped if counted[index])
    wrong = column.isin(unmapped) & chosen
    near = _Near(_reader(dimension), left)
    _set_unmapped_aside(ledger, column, wrong, f"no {name} that is known here", near)
    ledger.reject(
        "EMPTY",
        (column.codes < 0) & chosen & ledger.is_used,
        column=column.name or dimension.name,
        message=f"no {name} is said",
        hint="Say what it is for all rows, or declare what an empty cell means",
    )


def _reader(dimension: Dimension) -> Callable[[str], str]:
    if dimension.content == "period":
        return lambda text: str(read_period(text))
    return dimension.parse


@frozen
class _Near(Mapping[str, str]):
    """The question with which a hint begins, where something is written almost alike.

    It is looked for only when somebody reads it: to look takes long, and a file can have as many
    strange words as rows.
    """

    read: Callable[[str], str]
    strange: tuple[str, ...]

    def __getitem__(self, text: str) -> str:
        try:
            self.read(text)
        except ThbstatsError as error:
            question, mark, _ = error.hint.partition("?")
            if mark and question.startswith("Did you mean"):
                return f"{question}{mark}"
        raise KeyError(text)

    def __iter__(self) -> Iterator[str]:
        return (text for text in self.strange[:_NEAR] if text in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _set_unmapped_aside(
    ledger: Ledger,
    column: TextColumn,
    wrong: NDArray[np.bool_],
    what: str,
    near: Mapping[str, str] | None = None,
) -> None:
    rows = wrong & ledger.is_used
    if not rows.any():
        return
    ledger.reject(
        "UNMAPPED",
        rows,
        column=column.name,
        message=what,
        hint="Declare what each of them is: recode={column: {theirs: ours}}; nothing is guessed",
        texts=column.row_counts(range(len(column.values)), rows),
        suggestions=near,
    )
