"""Cells of a table of percentages as numbers."""

import re
from collections.abc import Callable, Iterable
from itertools import compress
from typing import Any, TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.auditing.figures import TextColumn
from thbstats.auditing.rounding import CountColumn
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.exchange import CountParser
from thbstats.tables.encoding import Problems, read_integers
from thbstats.values import LARGEST_COUNT, Count, Reason

T = TypeVar("T")
Error = Callable[[int], ThbstatsError]

_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_MINUS = "-\N{MINUS SIGN}\N{EN DASH}"
_GROUPED = re.compile(rf"(?<![0-9])[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+(?![0-9])")
_PERCENT = re.compile(
    rf"([{_MINUS}+]?)[{_SPACES}]*([0-9]+)(?:([.,])([0-9]+))?[{_SPACES}]*(?:%|per\s?cent)?",
    re.IGNORECASE,
)
_POINTS = re.compile(r"\b(?:pp|p\.p\.|percentage points?|points?)\s*$", re.IGNORECASE)
_BELOW = re.compile(r"\s*(?:<|less than\b|under\b|below\b)", re.IGNORECASE)
_RANGE = re.compile(rf"([0-9]{{1,18}})\s*(?:\.\.|[{_MINUS}]|\bto\b)\s*([0-9]{{1,18}})")
_FLOOR = re.compile(r"(>=?|≥|at least)\s*([0-9]{1,18})")
_LONGEST, _DECIMALS = 17, 12
_PLAIN = 15  # digits that are surely no count above 2**53
_STATED = (Reason.KNOWN, Reason.ROUNDED, Reason.FEWER_THAN)


@frozen(eq=False)
class _Fault:
    """Problem of some rows; a shared one is a text in all of them."""

    rows: NDArray[np.bool_]
    error: Error
    is_shared: bool


class RowProblems(Problems):
    """Problems of a table as a whole, and of single rows."""

    def __init__(self, locate: Callable[[int], int | str] = int) -> None:
        super().__init__()
        self.locate = locate
        self._faults: list[_Fault] = []

    def rows(self, wrong: NDArray[np.bool_], error: Error, *, is_shared: bool = False) -> None:
        """Add an error for each row of a mask."""
        if wrong.any():
            self._faults.append(_Fault(wrong, error, is_shared))

    def refuse(self, wrong: NDArray[np.bool_], field: str, problem: str, hint: str) -> None:
        """Add one problem of some rows."""
        self.rows(
            wrong,
            lambda row: InvalidValue(problem, row=self.locate(row), field=field, hint=hint),
        )

    def raise_any(self) -> None:
        """Raise all problems, also those of rows."""
        for fault in self._faults:
            if fault.is_shared:
                self.add_each([fault], _first)
            else:
                super().rows(fault.rows, fault.error)
        self._faults = []
        super().raise_any()

    def reasons(self, size: int) -> dict[int, str]:
        """Return the reason for each row that cannot be judged."""
        wrong = np.zeros(size, dtype=np.bool_)
        for fault in self._faults:
            wrong |= fault.rows
        if self._count or (size and wrong.all()):
            self.raise_any()
        reasons: dict[int, list[str]] = {row: [] for row in np.flatnonzero(wrong).tolist()}
        for fault in self._faults:
            for row in np.flatnonzero(fault.rows).tolist():
                error = fault.error(row)
                value = f" {error.value!r}" if error.has_value else ""
                hint = f" {error.hint}." if error.hint else ""
                text = f"{error.field}{value}: {error.problem.removesuffix('.')}.{hint}"
                reasons[row].append(text)
        return {row: " ".join(texts) for row, texts in reasons.items()}


def _first(fault: _Fault) -> ThbstatsError:
    """Return the error of a text with the number of its rows."""
    error, times = fault.error(int(np.argmax(fault.rows))), int(np.count_nonzero(fault.rows)) - 1
    more = f" (and in {times} more {'row' if times == 1 else 'rows'})" if times else ""
    value = {"value": error.value} if error.has_value else {}
    return type(error)(
        f"{error.problem}{more}", row=error.row, field=error.field, hint=error.hint, **value
    )


def read_cells(
    column: TextColumn,
    name: str,
    read: Callable[[str], T],
    problems: RowProblems,
    positions: Iterable[int] | None = None,
) -> dict[int, T]:
    """Return the values of distinct texts by position; unreadable texts become problems."""
    used = np.bincount(column.codes, minlength=len(column.values)) > 0
    values = {}
    for position in range(len(used)) if positions is None else positions:
        if not used[position]:
            continue
        text = column.values[position]
        try:
            values[position] = read(text)
        except ThbstatsError as error:
            problems.rows(
                column.codes == position, _located(problems, name, text, error), is_shared=True
            )
    return values


def _located(problems: RowProblems, name: str, text: str, error: ThbstatsError) -> Error:
    def located(row: int) -> ThbstatsError:
        return type(error)(
            error.problem, row=problems.locate(row), field=name, value=text, hint=error.hint
        )

    return located


def read_printed(
    values: Any, name: str, numerals: CountParser, decimals: int | None, problems: RowProblems
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the digits, the units of a hundredth, and whether a percentage is published."""
    if decimals is None and getattr(getattr(values, "dtype", None), "kind", "") == "f":
        problems.add(
            InvalidValue(
                "must be texts, because numbers lose their decimals",
                field=name,
                hint="Pass the published texts, or decimals=1",
            )
        )
        decimals = _DECIMALS

    def read(text: str) -> tuple[int, int, bool]:
        if numerals.is_missing(text):
            return 0, 100, False
        digits, printed = _percent(text, numerals.thousands)
        if decimals is not None and printed > decimals:
            raise InvalidValue(
                f"must have at most {decimals} decimals, got {printed}",
                hint="Round it as it was printed, or correct decimals=...",
            )
        more = 0 if decimals is None else decimals - printed
        return digits * 10**more, 100 * 10 ** (printed + more), True

    column = TextColumn.of(values, name)
    numbers = dict.fromkeys(range(len(column.values)), (0, 100, False))
    numbers |= read_cells(column, name, read, problems)
    digits, scale, present = map(np.array, zip(*numbers.values(), strict=True))
    codes = column.codes
    return digits.astype(np.int64)[codes], scale.astype(np.int64)[codes], present[codes]


def _percent(text: str, thousands: str) -> tuple[int, int]:
    """Return the digits and the number of decimals of a printed percentage."""
    match = _PERCENT.fullmatch(_ungrouped(text, thousands))
    if match is None:
        if _POINTS.search(text):
            raise InvalidValue(
                "must be a percentage, not a number of percentage points",
                hint="A change is printed in percent of the old value; leave this row out",
            )
        if _BELOW.match(text):
            raise InvalidValue(
                "must be a percentage, and this is only an upper limit",
                hint="Leave the cell empty, and use a claims file for words",
            )
        raise InvalidValue(
            "must be a percentage as published",
            hint="Give one number with its decimals, such as '56', '56.0%', '56,0%' or '-3.2%'; "
            "leave the cell empty if nothing is published; use a claims file for words",
        )
    sign, whole, mark, decimals = match[1], match[2], match[3], match[4] or ""
    if mark == "," and len(decimals) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        raise InvalidValue(
            "must have a clear decimal separator: three digits follow a comma",
            hint="Write a point before decimals, or pass thousands=','",
        )
    if len(whole) + len(decimals) > _LONGEST or len(decimals) > _DECIMALS:
        raise InvalidValue(
            f"must have at most {_LONGEST} digits and {_DECIMALS} decimals",
            hint="Give the percentage as it was printed",
        )
    number = int(whole + decimals)
    return (-number if sign and sign in _MINUS else number), len(decimals)


def _ungrouped(text: str, thousands: str) -> str:
    """Return a text without the signs between groups of three digits."""
    plain = _GROUPED.sub(lambda match: re.sub(rf"[{_SPACES}]", "", match[0]), text.strip())
    if thousands and thousands in plain:
        sign = re.escape(thousands)
        grouped = re.compile(rf"(?<![0-9])[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+(?![0-9])")
        plain = grouped.sub(lambda match: match[0].replace(thousands, ""), plain)
    return plain


def read_counts(
    values: Any, name: str, numerals: CountParser, problems: RowProblems
) -> CountColumn:
    """Return a column of counts; unreadable texts become problems."""
    if getattr(getattr(values, "dtype", None), "kind", "O") in "iuf":
        whole = read_integers(values, name, problems)
        stated = whole.present if whole.infinite is None else whole.present & ~whole.infinite
        low, high = (np.where(stated, whole.numbers, default) for default in (0, LARGEST_COUNT))
        return CountColumn.between(low, high, stated)
    column = TextColumn.of(values, name)
    texts = column.values
    plain = [t.isdigit() and t.isascii() and len(t) <= _PLAIN for t in texts]
    lower = np.zeros(len(texts), dtype=np.int64)
    lower[plain] = list(map(int, compress(texts, plain)))
    counts = CountColumn.between(lower, np.where(plain, lower, LARGEST_COUNT), plain)
    upper, stated, reason = counts.upper, counts.stated.copy(), counts.reason
    others = np.flatnonzero(~stated).tolist()
    parsed = read_cells(column, name, lambda text: parse_count(text, numerals), problems, others)
    for position, count in parsed.items():
        reason[position] = count.reason.severity
        if count.reason in _STATED:
            stated[position], lower[position] = True, count.lower
            upper[position] = LARGEST_COUNT if count.upper is None else count.upper
    return CountColumn(lower, upper, stated, reason)[column.codes]


def parse_count(text: str, numerals: CountParser) -> Count:
    """Return the count of a text, also of a range or a lower bound."""
    plain = text if numerals.is_missing(text) else _ungrouped(text, numerals.thousands)
    if match := _RANGE.fullmatch(plain):
        return Count(int(match[1]), int(match[2]), Reason.ROUNDED)
    if match := _FLOOR.fullmatch(plain):
        return Count(int(match[2]) + (match[1] == ">"), None, Reason.ROUNDED)
    try:
        return numerals.parse(plain)
    except InvalidValue as error:
        hint = error.hint
        if error.field == "NOT_A_COUNT":
            hint = (
                "Give a count, '<5', a range such as '17273-17583', or leave the cell empty; "
                "declare a marker of missing counts: missing={'-': 'not_reported'}"
            )
        raise InvalidValue(error.problem, hint=hint) from None
