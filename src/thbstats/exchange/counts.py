"""The counts of a file: a text that says one, or a value with ends and a reason beside it."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import InvalidValue
from thbstats.exchange.count_parser import CountParser, ParsedCounts
from thbstats.exchange.ledger import Ledger
from thbstats.exchange.text_column import TextColumn
from thbstats.tables.keys import groups, pack
from thbstats.values import Count, Reason, flag_mask

__all__ = ["read_flags", "read_measures"]

_ENDS = ("lower", "upper", "reason")
_NEED_ENDS = (Reason.KNOWN, Reason.ROUNDED, Reason.FEWER_THAN, Reason.CONFLICTING)
_WHOLE = re.compile("[0-9]{1,15}")
_FREE, _USUAL = ("", "F"), ("C", "N")


def read_measures(
    ledger: Ledger, columns: Mapping[str, TextColumn], count_parser: CountParser
) -> ParsedCounts:
    """Return the counts of all rows.

    Parameters
    ----------
    ledger : Ledger
        The rows of the file; flags that cannot be kept are written into it.
    columns : mapping of str to TextColumn
        ``value``, or ``lower``, ``upper`` and ``reason`` beside it or in its place; ``flags``;
        ``confidentiality``, the letters of which the flag c stands for.
    count_parser : CountParser
        How counts are written.

    Returns
    -------
    ParsedCounts
    """
    nothing = TextColumn(np.full(len(ledger.lines), -1, dtype=np.int8), ())
    value = columns.get("value", nothing)
    if any(name in columns for name in _ENDS):
        ends = [columns.get(name, nothing) for name in _ENDS]
        values = _with_ends([value, *ends], count_parser)
    else:
        texts = (*value.values, "")
        indices = value.codes.astype(np.intp)  # that of nothing, -1, is the last
        values = ParsedCounts.from_texts(
            indices, texts, count_parser.parse, count_parser.is_missing, count_parser.parse_digits
        )
    flags = np.zeros(len(ledger.lines), dtype=np.uint32)
    if "flags" in columns:
        flags |= read_flags(ledger, columns["flags"])
    if "confidentiality" in columns:
        flags |= _confidential(ledger, columns, flags, values.is_missing)
    if "unanswered" in columns:
        values = evolve(values, unanswered=_unanswered(ledger, columns["unanswered"]))
    return values.with_flags(flags) if flags.any() else values


def _unanswered(ledger: Ledger, column: TextColumn) -> NDArray[np.int64] | None:
    """Return the cases without an answer; rows in which no number of cases stands are rejected."""
    texts = [word.strip().removesuffix(".0") for word in column.values]
    wrong = [n for n, text in enumerate(texts) if text and not _WHOLE.fullmatch(text)]
    ledger.reject(
        "NOT_A_COUNT",
        column.isin(wrong) & ledger.is_used,
        column=column.name or "unanswered",
        message="no number of cases",
        hint="Write an integer, or leave the cell empty",
    )
    numbers = [int(text) if _WHOLE.fullmatch(text) else -1 for text in texts]
    found = np.array([*numbers, -1], dtype=np.int64)[column.codes]
    return found if (found >= 0).any() else None


def _confidential(
    ledger: Ledger,
    columns: Mapping[str, TextColumn],
    flags: NDArray[np.uint32],
    gap: NDArray[np.bool_],
) -> NDArray[np.uint32]:
    """Return the flag c where a letter of SDMX's CL_CONF_STATUS says that a figure is not free.

    A row that says the reason itself needs no other. A figure that is printed all the same is
    told.
    """
    column = columns["confidentiality"]
    letters = [text.strip().upper() for text in column.values]
    closed = [index for index, letter in enumerate(letters) if letter not in _FREE]
    rows = column.isin(closed) & ledger.is_used
    if "reason" in columns:
        reasons = columns["reason"]
        declared = [index for index, text in enumerate(reasons.values) if text.strip()]
        rows &= ~reasons.isin(declared)
    flag = np.uint32(flag_mask("c"))
    ledger.flag(
        "CONFIDENTIAL",
        rows & ~gap & ((flags & flag) == 0),
        column=column.name or "confidentiality",
        message="a figure that is marked as confidential, and printed",
        hint="It has the flag c; ask the publisher before it is published again",
        texts=column.row_counts(closed, rows & ~gap),
    )
    others = {letters[p] for p in closed if rows.any() and letters[p] not in _USUAL}
    if others:
        ledger.note(f"Confidential in other ways than C or N: {', '.join(sorted(others))}")
    return np.where(rows, flag, np.uint32(0))


def _with_ends(columns: list[TextColumn], count_parser: CountParser) -> ParsedCounts:
    """Return the counts of rows that say ends and a reason; each combination is read once."""
    size = len(columns[0].codes)
    codes = [Coded(words.codes, words.values).fill("").compact() for words in columns]
    indices, first = groups(pack(codes, size))
    declared = [_Said(*(column[row].strip() for column in codes)) for row in first.tolist()]
    return ParsedCounts.from_texts(
        indices, declared, lambda one: one.read(count_parser), lambda one: one.is_gap(count_parser)
    )


class _Said(NamedTuple):
    value: str
    lower: str
    upper: str
    reason: str

    def is_gap(self, count_parser: CountParser) -> bool:
        return count_parser.is_missing(self.value) and not (self.lower or self.upper or self.reason)

    def read(self, count_parser: CountParser) -> Count:
        """Return the count; the ends must be those of the value, if both are said."""
        reason = _reason(self.reason)
        ends = bool(self.lower or self.upper)
        if not ends and (reason is None or self.value):
            found = count_parser.parse(self.value)
            return (
                found if reason in (None, found.reason) else self._invalid("the reason is another")
            )
        if not ends and reason is not None:
            return self._bare(reason)
        lower = count_parser.parse(self.lower or self.value).lower
        unbounded = self.upper.lower() in ("", "inf")
        upper = None if unbounded else count_parser.parse(self.upper).upper
        if (
            self.value
            and (not count_parser.is_missing(self.value))
            and not lower == upper == count_parser.parse(self.value).lower
        ):
            return self._invalid("the value and the ends disagree")
        return self._checked(lower, upper, reason or Reason.KNOWN)

    def _bare(self, reason: Reason) -> Count:
        """Return what a reason alone says a count can be."""
        if reason is Reason.NOT_APPLICABLE:
            return Count.not_applicable()
        if reason in _NEED_ENDS:
            return self._invalid("the reason does not say what the count can be")
        return Count(0, None, reason)

    def _checked(self, lower: int, upper: int | None, reason: Reason) -> Count:
        try:
            return Count(lower, upper, reason)
        except InvalidValue as error:
            return self._invalid(error.problem)

    def _invalid(self, problem: str) -> Count:
        raise InvalidValue(
            problem,
            field="NOT_A_COUNT",
            value=str(self),
            hint="Say the value, or the ends with the reason why they differ",
        )

    def __str__(self) -> str:
        return f"{self.value or '?'} in {self.lower} to {self.upper} ({self.reason or 'known'})"


def _reason(text: str) -> Reason | None:
    if not text:
        return None
    plain = text.lower().replace(" ", "_").replace("-", "_")
    if plain not in list(Reason):
        raise InvalidValue(
            "no such reason", field="UNMAPPED", value=text, hint="Use one of " + ", ".join(Reason)
        )
    return Reason(plain)


def read_flags(ledger: Ledger, column: TextColumn) -> NDArray[np.uint32]:
    """Return the flags of all rows as masks; what is no letter is told and left out."""
    masks = np.zeros(len(column.values) + 1, dtype=np.uint32)
    unmapped = []
    for index, text in enumerate(column.values):
        letters = [sign for sign in text.lower() if "a" <= sign <= "z"]
        masks[index] = flag_mask(letters)
        if len(letters) != len("".join(text.split())):
            unmapped.append(index)
    rows = column.isin(unmapped) & ledger.is_used
    ledger.flag(
        "UNREADABLE_FLAG",
        rows,
        column=column.name or "flags",
        message="a sign among the flags that is no letter and is not kept",
        hint="Look up what it means; if it changes the figure, leave the row out",
        texts=column.row_counts(unmapped, rows),
    )
    found: NDArray[np.uint32] = masks[column.codes]
    return found
