"""Answers of persons in a case file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reference_periods import read_period

Truth = NDArray[np.int8]
"""Answers of persons: `FALSE`, `NOTHING` (missing) or `TRUE`."""

# In this order, the maximum of two answers is their logical "or".
FALSE, NOTHING, TRUE = 0, 1, 2

YES_OR_NO = dict.fromkeys(("1", "true", "True", "TRUE"), TRUE)
YES_OR_NO |= dict.fromkeys(("0", "false", "False", "FALSE"), FALSE)
"""Texts that answer a question with yes or no."""

SIGNS: Mapping[str, str] = {"": "empty", "-99": "-99", "-99.0": "-99", "unknown": "Unknown"}
"""Texts of unanswered cells in lower case, and their labels."""

_ANSWERS = {**YES_OR_NO, "1.0": TRUE, "0.0": FALSE, **dict.fromkeys(SIGNS, NOTHING)}
_HINT = "Correct it in the file, or report the new answer to the developers"


def plain(text: str) -> str:
    """Return a text in lower case, without spaces around it."""
    return text.strip().lower()


def parse_answers(
    ledger: Ledger, column: FileColumn, parse: Callable[[str], str], unknown: str | None = "unknown"
) -> FileColumn:
    """Return a column in category codes."""

    def answer(text: str) -> str | None:
        sign = SIGNS.get(plain(text))
        if sign is None:
            return parse(text.strip())
        return unknown if sign == "Unknown" else None

    result, unmapped = column.parse(answer)
    _flag_unmapped(ledger, column, unmapped)
    return column.with_values(result)


def _flag_unmapped(ledger: Ledger, column: FileColumn, unmapped: Sequence[int]) -> None:
    message = "an unmapped answer, read as missing"
    ledger.flag_texts("UNMAPPED_ANSWER", column, unmapped, message=message, hint=_HINT)


def yes_or_no(ledger: Ledger, column: FileColumn) -> Truth:
    """Return the answers of a 1/0 column; other texts are flagged and missing."""
    known = [_ANSWERS.get(plain(text)) for text in column.categories]
    _flag_unmapped(ledger, column, [code for code, answer in enumerate(known) if answer is None])
    answers = [NOTHING if answer is None else answer for answer in known]
    truth: Truth = np.array([*answers, NOTHING], dtype=np.int8)[column.codes]
    return truth


def either(answers: Iterable[Truth]) -> Truth:
    """Return the logical "or" of answers: true if one is true, false if all are."""
    result: Truth = np.maximum.reduce(list(answers))
    return result


@frozen(kw_only=True, eq=False)
class AnswerLists:
    """A column of lists of categories.

    ``answers`` is, by text and last for rows without text, the answer for items that the list does
    not contain. ``codes`` and ``spellings`` are, by `squashed` item, the texts that list it and its
    first spelling.
    """

    column: FileColumn
    answers: Truth
    codes: Mapping[str, list[int]]
    spellings: Mapping[str, str]

    @classmethod
    def from_column(cls, column: FileColumn, separator: str = ";") -> "AnswerLists":
        """Return the lists of a column."""
        answers = np.full(len(column.categories) + 1, FALSE, dtype=np.int8)
        answers[-1] = NOTHING
        codes: dict[str, list[int]] = {}
        spellings: dict[str, str] = {}
        key_of = cache(squashed)  # lists repeat few items
        for index, text in enumerate(column.categories):
            if plain(text) in SIGNS:
                answers[index] = NOTHING
                continue
            for item in filter(None, map(str.strip, text.split(separator))):
                key = key_of(item)
                spellings.setdefault(key, item)
                codes.setdefault(key, []).append(index)
        return cls(column=column, answers=answers, codes=codes, spellings=spellings)

    def with_unmapped(self, unmapped: Iterable[str]) -> "AnswerLists":
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


def flag_items(ledger: Ledger, lists: AnswerLists, unmapped: Iterable[str]) -> None:
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


def year(text: str) -> str:
    """Return the period of a year."""
    return str(read_period(text))
