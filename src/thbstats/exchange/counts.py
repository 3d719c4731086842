"""Counts of a file: values, bounds, reasons and flags."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import InvalidValue
from thbstats.exchange.count_parser import CountParser, ParsedCounts
from thbstats.exchange.file_column import FileColumn
from thbstats.exchange.ledger import Ledger
from thbstats.tables.keys import groups, pack
from thbstats.values import Count, Reason, flag_mask

__all__ = ["read_flags", "read_measures"]

_BOUNDS = ("lower", "upper", "reason")
_REQUIRE_BOUNDS = (Reason.KNOWN, Reason.ROUNDED, Reason.FEWER_THAN, Reason.CONFLICTING)
_WHOLE = re.compile("[0-9]{1,15}")
_FREE, _KNOWN = ("", "F"), ("C", "N")


def read_measures(
    ledger: Ledger, columns: Mapping[str, FileColumn], count_parser: CountParser
) -> ParsedCounts:
    """Return the counts of all rows.

    Parameters
    ----------
    ledger : Ledger
        The rows of the file; unreadable flags are added to it.
    columns : mapping of str to FileColumn
        ``value``, and ``lower``, ``upper`` and ``reason`` with it or instead of it; ``flags``;
        ``confidentiality``, SDMX letters that set the flag c.
    count_parser : CountParser
        The parser of the counts.
    """
    empty = FileColumn(np.full(len(ledger.lines), -1, dtype=np.int8), ())
    value = columns.get("value", empty)
    if any(name in columns for name in _BOUNDS):
        bounds = [columns.get(name, empty) for name in _BOUNDS]
        values = _parse_bounds([value, *bounds], count_parser)
    else:
        texts = (*value.values, "")
        indices = value.codes.astype(np.intp)  # -1, missing, is the last one
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


def _unanswered(ledger: Ledger, column: FileColumn) -> NDArray[np.int64] | None:
    """Return the cases without an answer; reject rows with another text."""
    texts = [word.strip().removesuffix(".0") for word in column.values]
    wrong = [n for n, text in enumerate(texts) if text and not _WHOLE.fullmatch(text)]
    ledger.reject(
        "NOT_A_COUNT",
        column.isin(wrong) & ledger.is_used,
        column=column.name or "unanswered",
        message="not a number of cases",
        hint="Write an integer, or leave the cell empty",
    )
    numbers = [int(text) if _WHOLE.fullmatch(text) else -1 for text in texts]
    result = np.array([*numbers, -1], dtype=np.int64)[column.codes]
    return result if (result >= 0).any() else None


def _confidential(
    ledger: Ledger,
    columns: Mapping[str, FileColumn],
    flags: NDArray[np.uint32],
    is_missing: NDArray[np.bool_],
) -> NDArray[np.uint32]:
    """Return the flag c for rows with a confidentiality letter (CL_CONF_STATUS).

    Rows with a reason are skipped. A published confidential figure is flagged as a problem.
    """
    column = columns["confidentiality"]
    letters = [text.strip().upper() for text in column.values]
    confidential = [index for index, letter in enumerate(letters) if letter not in _FREE]
    rows = column.isin(confidential) & ledger.is_used
    if "reason" in columns:
        reasons = columns["reason"]
        with_reason = [index for index, text in enumerate(reasons.values) if text.strip()]
        rows &= ~reasons.isin(with_reason)
    flag = np.uint32(flag_mask("c"))
    ledger.flag(
        "CONFIDENTIAL",
        rows & ~is_missing & ((flags & flag) == 0),
        column=column.name or "confidentiality",
        message="a published figure that is marked as confidential",
        hint="Ask the publisher before you publish the figure; it has the flag c",
        texts=column.row_counts(confidential, rows & ~is_missing),
    )
    others = {letters[p] for p in confidential if rows.any() and letters[p] not in _KNOWN}
    if others:
        ledger.note(f"Other confidentiality letters than C and N: {', '.join(sorted(others))}")
    return np.where(rows, flag, np.uint32(0))


def _parse_bounds(columns: list[FileColumn], count_parser: CountParser) -> ParsedCounts:
    """Return the counts of rows with bounds; each combination is parsed once."""
    size = len(columns[0].codes)
    codes = [Coded(column.codes, column.values).fill("").compact() for column in columns]
    indices, first = groups(pack(codes, size))
    distinct = [_CountTexts(*(column[row].strip() for column in codes)) for row in first.tolist()]
    return ParsedCounts.from_texts(
        indices,
        distinct,
        lambda texts: texts.parse(count_parser),
        lambda texts: texts.is_missing(count_parser),
    )


class _CountTexts(NamedTuple):
    """Texts of the count of a row."""

    value: str
    lower: str
    upper: str
    reason: str

    def is_missing(self, count_parser: CountParser) -> bool:
        return count_parser.is_missing(self.value) and not (self.lower or self.upper or self.reason)

    def parse(self, count_parser: CountParser) -> Count:
        """Return the count; value and bounds must agree."""
        reason = _reason(self.reason)
        has_bounds = bool(self.lower or self.upper)
        if not has_bounds and (reason is None or self.value):
            result = count_parser.parse(self.value)
            return (
                result
                if reason in (None, result.reason)
                else self._invalid("the reason must agree with the value")
            )
        if not has_bounds and reason is not None:
            return self._from_reason(reason)
        lower = count_parser.parse(self.lower or self.value).lower
        unbounded = self.upper.lower() in ("", "inf")
        upper = None if unbounded else count_parser.parse(self.upper).upper
        if (
            self.value
            and (not count_parser.is_missing(self.value))
            and not lower == upper == count_parser.parse(self.value).lower
        ):
            return self._invalid("the value must agree with the bounds")
        return self._checked(lower, upper, reason or Reason.KNOWN)

    def _from_reason(self, reason: Reason) -> Count:
        """Return the count of a reason without value and bounds."""
        if reason is Reason.NOT_APPLICABLE:
            return Count.not_applicable()
        if reason in _REQUIRE_BOUNDS:
            return self._invalid("the reason requires bounds")
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
            hint="Write the value, or both bounds and a reason",
        )

    def __str__(self) -> str:
        return f"{self.value or '?'} in {self.lower} to {self.upper} ({self.reason or 'known'})"


def _reason(text: str) -> Reason | None:
    if not text:
        return None
    plain = text.lower().replace(" ", "_").replace("-", "_")
    if plain not in list(Reason):
        raise InvalidValue(
            "must be a reason", field="UNMAPPED", value=text, hint="Use one of " + ", ".join(Reason)
        )
    return Reason(plain)


def read_flags(ledger: Ledger, column: FileColumn) -> NDArray[np.uint32]:
    """Return the flags of all rows as masks; other signs are ignored."""
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
        message="a flag that is not a letter; it is ignored",
        hint="Check its meaning, and remove the row if it changes the figure",
        texts=column.row_counts(unmapped, rows),
    )
    result: NDArray[np.uint32] = masks[column.codes]
    return result
