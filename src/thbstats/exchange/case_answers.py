"""Answers of persons in a case file, and the cases that follow from them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, require
from thbstats.exchange.cases import Cases
from thbstats.exchange.declaration import Declaration
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.exchange.periods import read_period
from thbstats.records import Dimension, Schema, Source, schema_of
from thbstats.tables.encoding import coded

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


def parse_answers(
    ledger: Ledger, column: FileColumn, parse: Callable[[str], str], unknown: str | None = "unknown"
) -> FileColumn:
    """Return a column in category codes."""

    def answer(text: str) -> str | None:
        sign = SIGNS.get(_plain(text))
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
    known = [_YES_OR_NO.get(_plain(text)) for text in column.values]
    _flag_unmapped(ledger, column, [code for code, answer in enumerate(known) if answer is None])
    answers = [NOTHING if answer is None else answer for answer in known]
    truth: Truth = np.array([*answers, NOTHING], dtype=np.int8)[column.codes]
    return truth


def either(answers: Iterable[Truth]) -> Truth:
    """Return the logical "or" of answers: true if one is true, false if all are."""
    result: Truth = np.maximum.reduce(list(answers))
    return result


@frozen(kw_only=True, eq=False)
class Lists:
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
    def from_column(cls, column: FileColumn, separator: str = ";") -> "Lists":
        """Return the lists of a column."""
        answers = np.full(len(column.values) + 1, FALSE, dtype=np.int8)
        answers[-1] = NOTHING
        codes: dict[str, list[int]] = {}
        spellings: dict[str, str] = {}
        key_of = cache(squashed)  # lists repeat few items
        for index, text in enumerate(column.values):
            if _plain(text) in SIGNS:
                answers[index] = NOTHING
                continue
            for item in filter(None, map(str.strip, text.split(separator))):
                key = key_of(item)
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


def _add_wider(
    ledger: Ledger, dimension: Dimension, answers: Mapping[str, Truth], columns: Mapping[str, str]
) -> dict[str, Truth]:
    """Return the answers to categories and to their wider categories."""
    result = dict(answers)
    wider = {other for code in answers for other in dimension.ancestors(code)} - {dimension.total}
    # From the narrowest: a wider category can be a part of another one.
    for whole in sorted(wider, key=lambda code: -len(dimension.ancestors(code))):
        parts = [result[code] for code in result if dimension.parent(code) == whole]
        any_part = either(parts)
        if whole in result:
            without_wider = (result[whole] != TRUE) & (any_part == TRUE)
            ledger.flag(
                "PART_WITHOUT_WHOLE",
                without_wider & ledger.is_used,
                column=columns[whole],
                message=f"a category of {whole} is recorded and {whole} is not; counted under both",
                hint="Ask the publisher for the definition of the column",
            )
            any_part = np.where(without_wider, np.int8(TRUE), result[whole])
        result[whole] = any_part
    return {code: result[code] for code in sorted(result, key=dimension.sort_key)}


def declared_schema(declare: Declaration | None, kind: str | Schema | None) -> Schema:
    """Return the schema of cases; a declaration may contain classifications only."""
    declare = declare or Declaration()
    if evolve(declare, classifications=()) != Declaration():
        raise InvalidValue(
            "must contain classifications only for a file of cases",
            field="declare",
            hint="Remove the rest; pass values that apply to every case as name=...",
        )
    name = kind.kind if isinstance(kind, Schema) else kind
    is_victims = name in (None, "victims")
    require(is_victims, "must be 'victims' for a file of cases", "Remove it", kind=name)
    schema = schema_of(kind or "victims")
    further = [item for item in declare.classifications if item not in schema.classifications]
    return schema_of(schema, *further)


def year(text: str) -> str:
    """Return the period of a year."""
    return str(read_period(text))


@frozen(eq=False, kw_only=True)
class FileAnswers:
    """The answers of persons to the dimensions of a file.

    ``columns`` are the dimensions with one answer. ``multiple`` are the answers to each category of
    a dimension with multiple response, and ``names`` are the columns of these categories.
    """

    columns: dict[str, FileColumn]
    multiple: dict[str, dict[str, Truth]] = field(factory=dict)
    names: dict[str, dict[str, str]] = field(factory=dict)

    def remove(self, name: str) -> None:
        """Remove a dimension."""
        for mapping in (self.columns, self.multiple, self.names):
            mapping.pop(name, None)


def frame_of_cases(
    ledger: Ledger,
    file_columns: Mapping[str, FileColumn],
    answers: FileAnswers,
    *,
    schema: Schema,
    source: Source,
    age_concept: str,
    constants: Mapping[str, Any],
    default_area: str | None = None,
) -> Cases:
    """Return the cases of a file; the age concept applies to a file with ages."""
    columns = answers.columns
    if "age" in columns:
        constants = {"age_concept": age_concept, **constants}
    declared = {
        name: schema[name].parse(value) if name in schema.names else str(value)
        for name, value in constants.items()
    }
    data: dict[str, Any] = {
        name: coded(column.codes, column.values)
        for name, column in columns.items()
        if name not in declared
    }
    names = tuple(data)
    flags = {
        name: _add_wider(ledger, schema[name], by_code, answers.names.get(name, {}))
        for name, by_code in answers.multiple.items()
        if by_code
    }
    for name, by_code in flags.items():
        for code, answer in by_code.items():
            data[f"{name}={code}"] = pd.arrays.BooleanArray(answer == TRUE, answer == NOTHING)
    # A column of the file may have the name of a dimension.
    other = {
        f"{name} (file)" if name in data else name: ledger.raw[name].array
        for name in map(str, ledger.raw.columns)
    }
    lacking = int(((columns["area"].codes < 0) & ledger.is_used).sum()) if "area" in names else 0
    if lacking:
        ledger.note(
            f"NO_AREA: {lacking} cases have no {columns['area'].name}; count all with area=..., or "
            "exclude these with .cases.known('area')"
        )
    frame = pd.DataFrame({**data, **other})
    return Cases(
        frame=frame if ledger.is_used.all() else frame.loc[ledger.is_used].reset_index(drop=True),
        columns=names,
        multiple={name: tuple(answers) for name, answers in flags.items()},
        other=tuple(other),
        source=source,
        constants=declared,
        default_area=default_area,
        kind=schema,
        answer_counts=_count_answers(ledger, file_columns),
    )


def _count_answers(ledger: Ledger, columns: Mapping[str, FileColumn]) -> pd.DataFrame:
    """Return the number of answered and unanswered cells of each column."""
    names = ["known", *dict.fromkeys(SIGNS.values())]
    rows = []
    for column in columns.values():
        counted = dict.fromkeys(names, 0)
        numbers = column.count_rows().tolist()
        for text, number in zip((*column.values, ""), numbers, strict=True):
            counted[SIGNS.get(_plain(text), "known")] += number
        rows.append(list(counted.values()))
    counts = pd.DataFrame(
        rows, columns=names, index=pd.Index(columns, name="column"), dtype="int64"
    )
    parts = [
        f"{int(number)} {sign} in {int((counts[sign] > 0).sum())} columns"
        for sign, number in counts.drop(columns="known").sum().items()
        if number
    ]
    if parts:
        ledger.note(f"Cells without an answer: {', '.join(parts)}; see .cases.answer_counts")
    return counts
