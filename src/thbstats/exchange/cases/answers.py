"""The answers of persons in a file of cases: recorded, recorded as unknown, or not there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.errors import ThbstatsError
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.text_column import TextColumn
from thbstats.records import Dimension

__all__ = [
    "FALSE",
    "NOTHING",
    "SIGNS",
    "TRUE",
    "Lists",
    "Truth",
    "booleans",
    "codes",
    "either",
    "seen",
    "squashed",
    "tell_items",
    "truth",
    "wholes",
]

Truth = NDArray[np.int8]
"""A yes-or-no answer of each person: `FALSE`, `NOTHING` or `TRUE`."""

# In this order the larger of two answers is the answer to "one or the other".
FALSE, NOTHING, TRUE = 0, 1, 2

SIGNS: Mapping[str, str] = {"": "empty", "-99": "-99", "-99.0": "-99", "unknown": "Unknown"}
"""What a cell without an answer holds, in small letters, and what it is called."""

_YES_OR_NO = {
    "1": TRUE,
    "1.0": TRUE,
    "true": TRUE,
    "0": FALSE,
    "0.0": FALSE,
    "false": FALSE,
    **dict.fromkeys(SIGNS, NOTHING),
}
_HINT = "Correct it in the file, or tell us what it means; nothing is guessed"


def _plain(text: str) -> str:
    return text.strip().lower()


def seen(columns: Mapping[str, TextColumn]) -> pd.DataFrame:
    """Return how many cells of each column hold an answer, and how many each sign for none.

    Parameters
    ----------
    columns : mapping of str to TextColumn
        The columns of the file.

    Returns
    -------
    DataFrame
        A row for each column of the file: ``recorded``, ``empty``, ``-99``, ``Unknown``.
    """
    names = ["recorded", *dict.fromkeys(SIGNS.values())]
    rows = []
    for column in columns.values():
        counted = dict.fromkeys(names, 0)
        numbers = column.count_rows().tolist()
        for text, number in zip((*column.values, ""), numbers, strict=True):
            counted[SIGNS.get(_plain(text), "recorded")] += number
        rows.append(list(counted.values()))
    return pd.DataFrame(rows, columns=names, index=pd.Index(columns, name="column"), dtype="int64")


def codes(
    ledger: Ledger, column: TextColumn, read: Callable[[str], str], unknown: str | None = "unknown"
) -> TextColumn:
    """Return a column in our codes.

    Parameters
    ----------
    ledger : Ledger
        What cannot be read is told there; the person stays, without an answer.
    words : TextColumn
        The column of the file.
    read : callable
        From what stands there to our code; it raises a `ThbstatsError` where there is none.
    unknown : str or None
        The code for what the file says is unknown; ``None`` where it is the same as no answer.

    Returns
    -------
    TextColumn
        With -1 where nothing is recorded.
    """
    found: list[str | None] = []
    unmapped: list[int] = []
    for index, text in enumerate(column.values):
        sign = SIGNS.get(_plain(text))
        try:
            silent = unknown if sign == "Unknown" else None
            found.append(read(text.strip()) if sign is None else silent)
        except ThbstatsError:
            found.append(None)
            unmapped.append(index)
    _tell_unmapped(ledger, column, unmapped)
    return column.with_values(found)


def _tell_unmapped(ledger: Ledger, column: TextColumn, unmapped: Sequence[int]) -> None:
    if unmapped:
        rows = column.isin(unmapped) & ledger.is_used
        ledger.flag(
            "UNMAPPED_ANSWER",
            rows,
            column=column.name,
            message="an answer that is not known here, read as none",
            hint=_HINT,
            texts=column.row_counts(unmapped, rows),
        )


def truth(ledger: Ledger, column: TextColumn) -> Truth:
    """Return a column of 1 and 0; what is neither is told and read as no answer."""
    found = [_YES_OR_NO.get(_plain(text), -1) for text in column.values]
    _tell_unmapped(ledger, column, [index for index, answer in enumerate(found) if answer < 0])
    return _taken([answer if answer >= 0 else NOTHING for answer in found], column)


def _taken(answers: Sequence[int], column: TextColumn) -> Truth:
    """Return the answer of each row, from that of each word; none where nothing is said."""
    found: Truth = np.array([*answers, NOTHING], dtype=np.int8)[column.codes]
    return found


def either(answers: Iterable[Truth]) -> Truth:
    """Return "one or the other": true where one is true, false where all are false."""
    found: Truth = np.maximum.reduce(list(answers))
    return found


@frozen(kw_only=True, eq=False)
class Lists:
    """A column whose cells list what applies.

    Parameters
    ----------
    column : TextColumn
        The column.
    answers : array of int8
        What a list without an item says of it: `FALSE`, or `NOTHING` where there is no list;
        one for each word, and one for rows without any.
    places : mapping of str to list of int
        Which words list an item; items are spelt as `squashed` leaves them.
    texts : mapping of str to str
        How an item is written where it first stands.
    """

    column: TextColumn
    answers: Truth
    places: Mapping[str, list[int]]
    texts: Mapping[str, str]

    @classmethod
    def of(cls, column: TextColumn, separator: str = ";") -> "Lists":
        """Return what the cells of a column list."""
        answers = np.full(len(column.values) + 1, FALSE, dtype=np.int8)
        answers[-1] = NOTHING
        indices: dict[str, list[int]] = {}
        texts: dict[str, str] = {}
        for index, text in enumerate(column.values):
            if _plain(text) in SIGNS:
                answers[index] = NOTHING
                continue
            for item in filter(None, map(str.strip, text.split(separator))):
                key = squashed(item)
                texts.setdefault(key, item)
                indices.setdefault(key, []).append(index)
        return cls(column=column, answers=answers, places=indices, texts=texts)

    def doubting(self, unmapped: Iterable[str]) -> "Lists":
        """Return them with no answer of a list to what it lacks, where it has a strange item.

        What is not understood can be any of what is not listed beside it.
        """
        answers = self.answers.copy()
        for item in unmapped:
            answers[self.places[item]] = NOTHING
        return evolve(self, answers=answers)

    def hold(self, *items: str) -> Truth:
        """Return to whom one of some items applies; a list without it says that it does not."""
        table = self.answers.copy()
        for item in items:
            table[self.places.get(item, [])] = TRUE
        found: Truth = table[self.column.codes]
        return found


def squashed(text: str) -> str:
    """Return the letters and digits of a text, small; what is written alike is one."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def tell_items(ledger: Ledger, lists: Lists, unmapped: Iterable[str]) -> None:
    """Say which items of lists are not known here."""
    items = list(unmapped)[:_ITEMS]
    rows = {lists.texts[item]: (lists.hold(item) == TRUE) & ledger.is_used for item in items}
    if rows:
        ledger.flag(
            "UNMAPPED_ANSWER",
            np.logical_or.reduce(list(rows.values())),
            column=lists.column.name,
            message="items of a list that are not known here",
            hint=_HINT,
            texts={text: int(found.sum()) for text, found in rows.items() if found.any()},
        )


_ITEMS = 100


def wholes(
    ledger: Ledger, dimension: Dimension, answers: Mapping[str, Truth], columns: Mapping[str, str]
) -> dict[str, Truth]:
    """Return the answers to categories and to the wider ones that include them.

    Parameters
    ----------
    ledger : Ledger
        Persons with a part whose whole is not recorded are told there.
    dimension : Dimension
        Whose categories they are.
    answers : mapping of str to Truth
        By category, as the file has them.
    columns : mapping of str to str
        By category, the column of the file that asks for the whole, if there is one.

    Returns
    -------
    dict of str to Truth
        A whole applies where it or a part of it does; in the order of the vocabulary.
    """
    found = dict(answers)
    wider = {index for code in answers for index in dimension.ancestors(code)} - {dimension.total}
    # From the narrowest: a whole can be a part itself.
    for whole in sorted(wider, key=lambda code: -len(dimension.ancestors(code))):
        parts = [found[code] for code in found if dimension.parent(code) == whole]
        any_part = either(parts)
        if whole in found:
            lacking = (found[whole] != TRUE) & (any_part == TRUE)
            _tell_part(ledger, columns[whole], whole, lacking)
            any_part = np.where(lacking, np.int8(TRUE), found[whole])
        found[whole] = any_part
    return {code: found[code] for code in sorted(found, key=dimension.sort_key)}


def _tell_part(ledger: Ledger, column: str, whole: str, rows: NDArray[np.bool_]) -> None:
    ledger.flag(
        "PART_WITHOUT_WHOLE",
        rows & ledger.is_used,
        column=column,
        message=f"a form of {whole} exploitation is recorded and {whole} exploitation is not; "
        "counted under both",
        hint="Who has a part has the whole; ask the publisher what the column means",
    )


def booleans(answers: Truth) -> Any:
    """Return answers as a nullable boolean array of pandas."""
    return pd.arrays.BooleanArray(answers == TRUE, answers == NOTHING)
