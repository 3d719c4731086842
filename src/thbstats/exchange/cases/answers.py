"""Answers of persons in a case file: known, unknown or missing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.errors import ThbstatsError
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.records import Dimension

__all__ = [
    "FALSE",
    "NOTHING",
    "SIGNS",
    "TRUE",
    "Lists",
    "Truth",
    "add_wider",
    "booleans",
    "count_answers",
    "either",
    "flag_items",
    "parse_answers",
    "squashed",
    "yes_or_no",
]

Truth = NDArray[np.int8]
"""Answers of persons: `FALSE`, `NOTHING` (missing) or `TRUE`."""

# In this order, the maximum of two answers is their logical "or".
FALSE, NOTHING, TRUE = 0, 1, 2

SIGNS: Mapping[str, str] = {"": "empty", "-99": "-99", "-99.0": "-99", "unknown": "Unknown"}
"""Texts of unanswered cells in lower case, and their labels."""

_YES_OR_NO = {
    "1": TRUE,
    "1.0": TRUE,
    "true": TRUE,
    "0": FALSE,
    "0.0": FALSE,
    "false": FALSE,
    **dict.fromkeys(SIGNS, NOTHING),
}
_HINT = "Correct it in the file, or report the new answer to the developers"


def _plain(text: str) -> str:
    return text.strip().lower()


def count_answers(columns: Mapping[str, FileColumn]) -> pd.DataFrame:
    """Return the number of answered and unanswered cells of each column.

    Parameters
    ----------
    columns : mapping of str to FileColumn
        The columns of the file.

    Returns
    -------
    DataFrame
        A row for each column of the file: ``known``, ``empty``, ``-99``, ``Unknown``.
    """
    names = ["known", *dict.fromkeys(SIGNS.values())]
    rows = []
    for column in columns.values():
        counted = dict.fromkeys(names, 0)
        numbers = column.count_rows().tolist()
        for text, number in zip((*column.values, ""), numbers, strict=True):
            counted[SIGNS.get(_plain(text), "known")] += number
        rows.append(list(counted.values()))
    return pd.DataFrame(rows, columns=names, index=pd.Index(columns, name="column"), dtype="int64")


def parse_answers(
    ledger: Ledger, column: FileColumn, parse: Callable[[str], str], unknown: str | None = "unknown"
) -> FileColumn:
    """Return a column in category codes.

    Parameters
    ----------
    ledger : Ledger
        The rows of the file; unmapped answers are flagged and become missing.
    column : FileColumn
        The column of the file.
    parse : callable
        Function from a text to its code; it raises `ThbstatsError` for other texts.
    unknown : str or None
        The code of "Unknown"; ``None`` treats it as missing.

    Returns
    -------
    FileColumn
        -1 for missing answers.
    """
    result: list[str | None] = []
    unmapped: list[int] = []
    for index, text in enumerate(column.values):
        sign = SIGNS.get(_plain(text))
        try:
            unanswered = unknown if sign == "Unknown" else None
            result.append(parse(text.strip()) if sign is None else unanswered)
        except ThbstatsError:
            result.append(None)
            unmapped.append(index)
    _flag_unmapped(ledger, column, unmapped)
    return column.with_values(result)


def _flag_unmapped(ledger: Ledger, column: FileColumn, unmapped: Sequence[int]) -> None:
    if unmapped:
        rows = column.isin(unmapped) & ledger.is_used
        ledger.flag(
            "UNMAPPED_ANSWER",
            rows,
            column=column.name,
            message="an unmapped answer, read as missing",
            hint=_HINT,
            texts=column.row_counts(unmapped, rows),
        )


def yes_or_no(ledger: Ledger, column: FileColumn) -> Truth:
    """Return the answers of a 1/0 column; other texts are flagged and missing."""
    result = [_YES_OR_NO.get(_plain(text), -1) for text in column.values]
    _flag_unmapped(ledger, column, [index for index, answer in enumerate(result) if answer < 0])
    return _answers_of_rows([answer if answer >= 0 else NOTHING for answer in result], column)


def _answers_of_rows(answers: Sequence[int], column: FileColumn) -> Truth:
    """Return the answer of each row from the answer of each text."""
    result: Truth = np.array([*answers, NOTHING], dtype=np.int8)[column.codes]
    return result


def either(answers: Iterable[Truth]) -> Truth:
    """Return the logical "or" of answers: true if one is true, false if all are."""
    result: Truth = np.maximum.reduce(list(answers))
    return result


@frozen(kw_only=True, eq=False)
class Lists:
    """A column of lists of categories.

    Parameters
    ----------
    column : FileColumn
        The column.
    answers : array of int8
        The answer for items that a list does not contain: `FALSE`, or `NOTHING` for a missing list;
        one for each text, and one for rows without text.
    codes : mapping of str to list of int
        The codes of the texts that list an item; items are normalised by `squashed`.
    spellings : mapping of str to str
        The first spelling of each item.
    """

    column: FileColumn
    answers: Truth
    codes: Mapping[str, list[int]]
    spellings: Mapping[str, str]

    @classmethod
    def from_column(cls, column: FileColumn, separator: str = ";") -> "Lists":
        """Return the lists of a column."""
        answers = np.full(len(column.values) + 1, FALSE, dtype=np.int8)
        answers[-1] = NOTHING
        codes: dict[str, list[int]] = {}
        spellings: dict[str, str] = {}
        for index, text in enumerate(column.values):
            if _plain(text) in SIGNS:
                answers[index] = NOTHING
                continue
            for item in filter(None, map(str.strip, text.split(separator))):
                key = squashed(item)
                spellings.setdefault(key, item)
                codes.setdefault(key, []).append(index)
        return cls(column=column, answers=answers, codes=codes, spellings=spellings)

    def with_unmapped(self, unmapped: Iterable[str]) -> "Lists":
        """Return the lists with missing answers for lists with unmapped items.

        An unmapped item may have the meaning of any item that the list does not contain.
        """
        answers = self.answers.copy()
        for item in unmapped:
            answers[self.codes[item]] = NOTHING
        return evolve(self, answers=answers)

    def contains(self, *items: str) -> Truth:
        """Return the answers to "the list contains one of these items"."""
        table = self.answers.copy()
        for item in items:
            table[self.codes.get(item, [])] = TRUE
        result: Truth = table[self.column.codes]
        return result


def squashed(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def flag_items(ledger: Ledger, lists: Lists, unmapped: Iterable[str]) -> None:
    """Flag the unmapped items of lists."""
    items = list(unmapped)[:_ITEMS]
    rows = {
        lists.spellings[item]: (lists.contains(item) == TRUE) & ledger.is_used for item in items
    }
    if rows:
        ledger.flag(
            "UNMAPPED_ANSWER",
            np.logical_or.reduce(list(rows.values())),
            column=lists.column.name,
            message="unmapped items of a list",
            hint=_HINT,
            texts={text: int(result.sum()) for text, result in rows.items() if result.any()},
        )


_ITEMS = 100


def add_wider(
    ledger: Ledger, dimension: Dimension, answers: Mapping[str, Truth], columns: Mapping[str, str]
) -> dict[str, Truth]:
    """Return the answers to categories and to their wider categories.

    Parameters
    ----------
    ledger : Ledger
        The rows of the file; narrow categories without the wider one are flagged.
    dimension : Dimension
        The dimension of the categories.
    answers : mapping of str to Truth
        By category, the answers in the file.
    columns : mapping of str to str
        By category, the column of the file with the wider category, if it exists.

    Returns
    -------
    dict of str to Truth
        In the order of the code list. A wider category applies if it or one of its parts applies.
    """
    result = dict(answers)
    wider = {other for code in answers for other in dimension.ancestors(code)} - {dimension.total}
    # From the narrowest: a wider category can be a part of another one.
    for whole in sorted(wider, key=lambda code: -len(dimension.ancestors(code))):
        parts = [result[code] for code in result if dimension.parent(code) == whole]
        any_part = either(parts)
        if whole in result:
            without_wider = (result[whole] != TRUE) & (any_part == TRUE)
            _flag_part(ledger, columns[whole], whole, without_wider)
            any_part = np.where(without_wider, np.int8(TRUE), result[whole])
        result[whole] = any_part
    return {code: result[code] for code in sorted(result, key=dimension.sort_key)}


def _flag_part(ledger: Ledger, column: str, whole: str, rows: NDArray[np.bool_]) -> None:
    ledger.flag(
        "PART_WITHOUT_WHOLE",
        rows & ledger.is_used,
        column=column,
        message=f"a form of {whole} exploitation is recorded and {whole} exploitation is not; "
        "counted under both",
        hint="Ask the publisher for the definition of the column",
    )


def booleans(answers: Truth) -> Any:
    """Return answers as a nullable boolean array of pandas."""
    return pd.arrays.BooleanArray(answers == TRUE, answers == NOTHING)
