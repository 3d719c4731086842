"""Counts of a file: values, bounds, reasons and flags."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.files.count_texts import (
    DIGITS,
    ONLY_THOUSANDS,
    CountParser,
    missing_count,
    separators,
)
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.tables.columns import Numbers
from thbstats.tables.keys import groups, pack
from thbstats.values import Count, Reason, flag_mask

_BOUNDS = ("lower", "upper", "reason")
_REQUIRE_BOUNDS = (
    *(Reason.KNOWN, Reason.ROUNDED, Reason.WIDER_CATEGORY),
    *(Reason.FEWER_THAN, Reason.CONFLICTING),
)
_FREE, _KNOWN = ("", "F"), ("C", "N")  # letters of CL_CONF_STATUS


class _CountTexts(NamedTuple):
    """Texts of the count of a row; value and bounds must agree."""

    value: str
    lower: str
    upper: str
    reason: str

    def __str__(self) -> str:
        return f"{self.value or '?'} in {self.lower} to {self.upper} ({self.reason or 'known'})"

    def parse(self, parser: CountParser) -> Count:
        reason = _reason(self.reason)
        if not (self.lower or self.upper):
            if reason is not None and not self.value:
                if reason in _REQUIRE_BOUNDS:
                    raise self._invalid("the reason requires bounds")
                is_none = reason is Reason.NOT_APPLICABLE
                return Count.not_applicable() if is_none else Count(0, None, reason)
            count = parser.parse(self.value)
            if reason not in (None, count.reason):
                raise self._invalid("the reason must agree with the value")
            return count
        lower = parser.parse(self.lower or self.value).lower
        unbounded = self.upper.lower() in ("", "inf")
        upper = None if unbounded else parser.parse(self.upper).upper
        has_value = self.value and not parser.is_missing(self.value)
        if has_value and not lower == upper == parser.parse(self.value).lower:
            raise self._invalid("the value must agree with the bounds")
        try:
            return Count(lower, upper, reason or Reason.KNOWN)
        except InvalidValue as error:
            raise self._invalid(error.problem) from None

    def _invalid(self, problem: str) -> InvalidValue:
        hint = "Write the value, or both bounds and a reason"
        return InvalidValue(problem, field="NOT_A_COUNT", value=str(self), hint=hint)


def _reason(text: str) -> Reason | None:
    plain = text.lower().replace(" ", "_").replace("-", "_")
    if plain and plain not in list(Reason):
        raise InvalidValue(
            "must be a reason code",
            field="UNMAPPED",
            value=text,
            hint="Use one of " + ", ".join(Reason),
        )
    return Reason(plain) if plain else None


def read_measures(
    ledger: Ledger, columns: Mapping[str, FileColumn], count_parser: CountParser
) -> Numbers:
    """Return the counts of all rows; reject rows with other texts.

    The columns are ``value``, and ``lower``, ``upper`` and ``reason`` with it or instead of it;
    ``flags``; ``confidentiality``, SDMX letters that set the flag c; ``unanswered``. The flag c
    makes a missing count suppressed, the flags m and z make it not applicable. Marks after a
    value add their flags.
    """
    size = len(ledger.lines)
    empty = FileColumn(np.full(size, -1, dtype=np.int8), ())
    published = columns.get("value", empty)
    marks = [count_parser.split(text) for text in published.categories]
    value = FileColumn(published.codes, tuple(plain for plain, _ in marks), published.name)
    of_marks = np.array([*(mask for _, mask in marks), 0], dtype=np.uint32)
    texts_of_numbers = [
        text.strip()
        for column in (value, columns.get("lower", empty), columns.get("upper", empty))
        for text in column.categories
        if not text.isdigit()
    ]
    count_parser = _with_separators(ledger, texts_of_numbers, count_parser, value.name)
    parse: Callable[[Any], Count] = count_parser.parse
    if any(name in columns for name in _BOUNDS):
        parts = [value, *(columns.get(name, empty) for name in _BOUNDS)]
        coded = [part.fill("").compact() for part in parts]
        codes, first = groups(pack(coded, size))
        texts: Sequence[Any] = [
            _CountTexts(*(column[row].strip() for column in coded)) for row in first.tolist()
        ]
        names = tuple(map(str, texts))
        signs = [count_parser.is_missing(item.value) and not any(item[1:]) for item in texts]
        parse = partial(_CountTexts.parse, parser=count_parser)
    else:
        codes, texts = value.codes.astype(np.intp), (*value.categories, "")  # -1 is the last one
        names = (*published.categories, "")
        signs = list(map(count_parser.is_missing, texts))
    lower, upper, reason, invalid = _parse_distinct(texts, parse, count_parser)
    is_missing = np.array(signs, dtype=np.bool_)[codes]
    flags: NDArray[np.uint32] = of_marks[published.codes]
    if "flags" in columns:
        flags |= read_flags(ledger, columns["flags"])
    if "confidentiality" in columns:
        flags |= _confidential(ledger, columns, flags, is_missing)
    unanswered = _unanswered(ledger, columns["unanswered"]) if "unanswered" in columns else None
    rows = FileColumn(codes % len(names) if names else codes, names, value.name)
    counts = rows.count_rows()
    for error, wrong in sorted(invalid.values(), key=lambda item: str(item[0].field)):
        ledger.reject(
            str(error.field),
            rows.isin(wrong) & ledger.is_used,
            column=value.name or "value",
            message=error.problem,
            hint=error.hint,
            texts={names[code]: int(counts[code]) for code in wrong if counts[code]},
        )
    lower, upper = lower.take(codes, mode="wrap"), upper.take(codes, mode="wrap")
    reason = reason.take(codes, mode="wrap")
    for letters, flag_reason in (("mz", Reason.NOT_APPLICABLE), ("c", Reason.SUPPRESSED)):
        selected = is_missing & ((flags & np.uint32(flag_mask(letters))) != 0)
        count = missing_count(flag_reason)
        lower[selected] = count.lower
        upper[selected] = np.inf if count.upper is None else count.upper
        reason[selected] = flag_reason.severity
    return Numbers(lower=lower, above=upper, reason=reason, flags=flags, unanswered=unanswered)


def _with_separators(
    ledger: Ledger, texts: Sequence[str], parser: CountParser, name: str
) -> CountParser:
    """Return the parser with the thousands separators that the texts certainly have.

    A note names each sign that is not declared.
    """
    thousands, decimals = separators(texts)
    declared = parser.thousands
    is_point_decimal = "." in decimals or ledger.has_decimal_point or bool(declared)
    parser = evolve(
        parser,
        thousands=declared + "".join(sign for sign in thousands if sign not in declared),
        decimal_point=is_point_decimal,
    )
    for sign in parser.thousands + ONLY_THOUSANDS:
        examples = (text for text in texts if sign in text and parser.digits(text) is not None)
        if sign not in declared and (longest := max(examples, key=len, default="")):
            where = f" in {name!r}" if name else ""
            ledger.note(f"{sign!r} separates thousands{where}, such as {longest!r}")
    return parser


def _parse_distinct(
    texts: Sequence[Any], parse: Callable[[Any], Count], parser: CountParser
) -> tuple[
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.uint8],
    dict[tuple[str, str], tuple[InvalidValue, list[int]]],
]:
    """Return the bounds and reason of each distinct text, and the texts with each problem."""
    lower = np.zeros(len(texts), dtype=np.int64)
    upper = np.zeros(len(texts), dtype=np.float64)
    reason = np.zeros(len(texts), dtype=np.uint8)
    # One error for each problem: an error with its traceback needs much memory.
    invalid: dict[tuple[str, str], tuple[InvalidValue, list[int]]] = {}
    for code, text in enumerate(texts):
        digits = parser.digits(text) if isinstance(text, str) else None
        if digits is not None and len(digits) <= DIGITS:
            lower[code] = upper[code] = int(digits)
            continue
        try:
            count = parse(text)
        except InvalidValue as error:
            key = (str(error.field), error.problem)
            invalid.setdefault(key, (error, []))[1].append(code)
            continue
        lower[code] = count.lower
        upper[code] = np.inf if count.upper is None else count.upper
        reason[code] = count.reason.severity
    return lower, upper, reason, invalid


def _unanswered(ledger: Ledger, column: FileColumn) -> NDArray[np.int64] | None:
    """Return the cases without an answer; reject rows with another text."""
    texts = [text.strip().removesuffix(".0") for text in column.categories]
    numbers = [int(text) if re.fullmatch("[0-9]{1,15}", text) else -1 for text in texts]
    wrong = [code for code, text in enumerate(texts) if text and numbers[code] < 0]
    ledger.reject(
        "NOT_A_COUNT",
        column.isin(wrong) & ledger.is_used,
        column=column.name or "unanswered",
        message="not a number of cases",
        hint="Write an integer, or leave the cell empty",
    )
    result = np.array([*numbers, -1], dtype=np.int64)[column.codes]
    return result if (result >= 0).any() else None


def _confidential(
    ledger: Ledger,
    columns: Mapping[str, FileColumn],
    flags: NDArray[np.uint32],
    is_missing: NDArray[np.bool_],
) -> NDArray[np.uint32]:
    """Return the flag c for rows with a confidentiality letter, but no reason.

    A published confidential figure is flagged as a problem.
    """
    column = columns["confidentiality"]
    letters = [text.strip().upper() for text in column.categories]
    confidential = [code for code, letter in enumerate(letters) if letter not in _FREE]
    rows = column.isin(confidential) & ledger.is_used
    if "reason" in columns:
        rows &= ~columns["reason"].where(lambda text: bool(text.strip()))
    flag = np.uint32(flag_mask("c"))
    ledger.flag(
        "CONFIDENTIAL",
        rows & ~is_missing & ((flags & flag) == 0),
        column=column.name or "confidentiality",
        message="a published figure that is marked as confidential",
        hint="Ask the publisher before you publish the figure; it has the flag c",
        texts=column.row_counts(confidential, rows & ~is_missing),
    )
    others = {letters[code] for code in confidential if letters[code] not in _KNOWN}
    if others and rows.any():
        ledger.note(f"Other confidentiality letters than C and N: {', '.join(sorted(others))}")
    return np.where(rows, flag, np.uint32(0))


def read_flags(ledger: Ledger, column: FileColumn) -> NDArray[np.uint32]:
    """Return the flags of all rows as masks; other signs are ignored."""

    def letters(text: str) -> list[str]:
        return [sign for sign in text.lower() if "a" <= sign <= "z"]

    ledger.flag_texts(
        "UNREADABLE_FLAG",
        column,
        lambda text: len(letters(text)) != len("".join(text.split())),
        name="flags",
        message="a flag that is not a letter; it is ignored",
        hint="Check its meaning, and remove the row if it changes the figure",
    )
    return column.table(lambda text: flag_mask(letters(text)), np.uint32)
