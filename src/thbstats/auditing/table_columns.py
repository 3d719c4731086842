"""Columns of a table of percentages by their role, and their cells as numbers."""

import os
import re
from collections.abc import Callable, Container, Mapping, Sequence
from itertools import compress
from typing import Any, TypeVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.auditing.figure_columns import text_column
from thbstats.auditing.rounding_methods import CountColumn
from thbstats.columns import Coded
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.files import (
    LIMITS,
    PARQUET,
    CountParser,
    InputFile,
    Limits,
    is_workbook,
    open_input,
    read_delimited,
    read_parquet,
    read_sheet,
)
from thbstats.tables.encoding import Problems, read_integers
from thbstats.tables.frames import frame_columns
from thbstats.values import LARGEST_COUNT, Count, Reason

T = TypeVar("T")
Error = Callable[[int], ThbstatsError]
Mask = NDArray[np.bool_]

_MOST_DECIMALS = 15
"""The largest number of exact decimals of a number in a file."""

_WORKBOOK = (
    "A workbook stores 56.0 as 56: percentages have the remaining decimals, unless "
    "the option decimals is given"
)
_IS_PERCENTAGE = re.compile("percent|share|pct|%", re.IGNORECASE)
_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_MINUS = "-\N{MINUS SIGN}\N{EN DASH}"
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


@frozen(kw_only=True)
class TableStyle:
    """Options of a table."""

    numerals: CountParser = field(factory=CountParser)
    decimals: int | None = None
    bases: Sequence[str] | None = None
    encoding: str | None = None
    limits: Limits = LIMITS

    def __attrs_post_init__(self) -> None:
        if self.decimals is not None and self.decimals not in range(_MOST_DECIMALS + 1):
            hint = "Give the number of decimals in the publication, such as 1"
            problem = f"`decimals` must be an integer from 0 to {_MOST_DECIMALS}"
            raise InvalidValue(problem, field="decimals", value=self.decimals, hint=hint)


class TableColumns(Problems):
    """Columns of a frame or a file by role, with the problems of the table and of its rows.

    A problem of rows is a mask, its error by row, and whether it is a text in all of them. Lines of
    a file with too many or few cells (``ragged``) are not rows. The header row of a workbook
    contains a given name.
    """

    def __init__(self, source: Any, header: str, roles: Sequence[str], style: TableStyle) -> None:
        super().__init__()
        self.style = style
        self.title: str = "table"
        self.noun: str = ""
        self.notes: tuple[str, ...] = ()
        self.ragged: tuple[InvalidFile, ...] = ()
        self.lines: Any = None
        self._faults: list[tuple[Mask, Error, bool]] = []
        columns, self.size = self._opened(source, header)
        self.roles: dict[str, Any] = {}
        self.others: dict[str, Any] = {}
        for name, values in columns.items():
            role = str(name).strip().lower()
            if role in self.roles:
                raise InvalidValue("must be the name of one column", field=role, hint="Rename one")
            if role in roles:
                self.roles[role] = values
            else:
                self.others[str(name).strip()] = values

    def rows(self, wrong: Mask, error: Error, *, is_shared: bool = False) -> None:
        """Add an error for each row of a mask."""
        if wrong.any():
            self._faults.append((wrong, error, is_shared))

    def refuse(self, wrong: Mask, field: str, problem: str, hint: str) -> None:
        """Add one problem of some rows."""
        self.rows(
            wrong, lambda row: InvalidValue(problem, row=self.locate(row), field=field, hint=hint)
        )

    def raise_any(self) -> None:
        """Raise all problems, also those of rows."""
        for wrong, error, is_shared in self._faults:
            first, *others = np.flatnonzero(wrong).tolist()
            if is_shared and others:
                noun = "row" if len(others) == 1 else "rows"
                item = error(first)
                problem = f"{item.problem} (and in {len(others)} more {noun})"
                where: dict[str, Any] = {"row": item.row, "field": item.field, "value": item.value}
                self.add(type(item)(problem, hint=item.hint, **where))
            else:
                super().rows(wrong, error)
        self._faults = []
        super().raise_any()

    def reasons(self) -> dict[int, str]:
        """Return the reason for each row that cannot be judged."""
        texts: dict[int, list[str]] = {}
        for wrong, error_of, _ in self._faults:
            for row in np.flatnonzero(wrong).tolist():
                error = error_of(row)
                value = f" {error.value!r}" if error.has_value else ""
                hint = f" {error.hint}." if error.hint else ""
                text = f"{error.field}{value}: {error.problem.removesuffix('.')}.{hint}"
                texts.setdefault(row, []).append(text)
        if self._count or (self.size and len(texts) == self.size):
            self.raise_any()
        return {row: " ".join(texts[row]) for row in sorted(texts)}

    def _opened(self, source: Any, header: str) -> tuple[Mapping[str, Any], int]:
        """Return the columns of a frame or a file, and the number of rows."""
        if not isinstance(source, str | os.PathLike | InputFile):
            return frame_columns(source)
        opened = open_input(source, self.style.encoding, self.style.limits)
        self.title = opened.name
        self.noun = "row"
        if opened.data.startswith(PARQUET):
            return frame_columns(read_parquet(opened))
        if is_workbook(opened):
            grid = read_sheet(opened, header=lambda names: header in map(str.lower, names))
            self.notes = (*grid.notes, _WORKBOOK)
        else:
            grid, self.noun = read_delimited(opened), "line"
            self.notes = tuple(grid.notes)
        self.lines = grid.lines
        self.ragged = tuple(
            InvalidFile(
                f"The line has {len(cells)} cells, the header {len(grid.raw.columns)}",
                row=f"{self.noun} {line}",
                hint="Put a cell that contains the separator in quotation marks",
            )
            for line, cells in grid.ragged
        )
        return {str(name): cells for name, cells in grid.raw.items()}, len(grid.lines)

    def locate(self, row: int) -> int | str:
        """Return the location of a row in messages."""
        if not self.noun:
            return int(row)
        return f"{self.noun} {row + 1 if self.lines is None else self.lines[row]}"

    def require(self, *roles: str, what: str) -> None:
        """Refuse a table without a column for some roles."""
        if not set(roles) & set(self.roles):
            hint = did_you_mean(roles[0], [*self.roles, *self.others])
            if "printed" in roles:
                named = [name for name in self.others if _IS_PERCENTAGE.search(name)]
                hint = f"Rename the column {named[0]!r} to 'printed'" if len(named) == 1 else hint
            raise UnknownName(f"No column of {what}", field=roles[0], hint=hint)

    def parsed(self, role: str, read: Callable[[str], Any], default: Any) -> NDArray[Any]:
        """Return the values of each row of a column of texts; a row for each part of a value."""
        column = text_column(self.roles[role], role)
        values = dict.fromkeys(range(len(column.categories)), default)
        values |= self.cells(column, role, read)
        return np.asarray(np.array(list(values.values())).T[..., column.codes])

    def cells(
        self,
        column: Coded[str],
        name: str,
        read: Callable[[str], T],
        positions: Container[int] | None = None,
    ) -> dict[int, T]:
        """Return the values of distinct texts by position; unreadable texts become problems."""
        values = {}

        def located(text: str, error: ThbstatsError) -> Error:
            return lambda row: error.with_location(row=self.locate(row), field=name, value=text)

        for position in column.present:
            if positions is not None and position not in positions:
                continue
            text = column.categories[position]
            try:
                values[position] = read(text)
            except ThbstatsError as error:
                self.rows(column.codes == position, located(text, error), is_shared=True)
        return values

    def printed(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Mask]:
        """Return the digits, the units of a hundredth, and whether a percentage is published."""
        values, decimals, numerals = self.roles["printed"], self.style.decimals, self.style.numerals
        is_share = False
        if decimals is None and getattr(getattr(values, "dtype", None), "kind", "") == "f":
            numbers = np.unique(np.asarray(values)[np.isfinite(values)]).tolist()
            texts = [f"{number:.{_DECIMALS}f}".rstrip("0") for number in numbers]
            decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
            is_share = decimals > 1 and all(abs(number) <= 1 for number in numbers)
            decimals -= 2 if is_share else 0
            if len(numbers) < 2 or not (decimals or is_share):
                self.add(
                    InvalidValue(
                        "must be texts, because numbers lose their decimals",
                        field="printed",
                        hint="Pass the published texts, or decimals=1",
                    )
                )
            form = "shares from 0 to 1" if is_share else "numbers"
            self.notes += (
                f"The percentages are {form} with {decimals} decimals, as in the column",
            )

        def read(text: str) -> tuple[int, int, bool]:
            if numerals.is_missing(text):
                return 0, 100, False
            digits, printed = _percent(text, numerals.thousands)
            if is_share:
                digits, printed = digits * 10 ** max(2 - printed, 0), max(printed - 2, 0)
            if decimals is not None and printed > decimals:
                raise InvalidValue(
                    f"must have at most {decimals} decimals, got {printed}",
                    hint="Round it as it was printed, or correct decimals=...",
                )
            more = 0 if decimals is None else decimals - printed
            return digits * 10**more, 100 * 10 ** (printed + more), True

        digits, scale, present = self.parsed("printed", read, (0, 100, False))
        return digits, scale, present.astype(np.bool_)

    def counts(self, role: str, values: Any = None) -> CountColumn:
        """Return a column of counts; without the column all are missing."""
        values = self.roles.get(role) if values is None else values
        if values is None:
            return CountColumn.missing(self.size)
        if getattr(getattr(values, "dtype", None), "kind", "O") in "iuf":
            whole = read_integers(values, role, self)
            stated = whole.present if whole.infinite is None else whole.present & ~whole.infinite
            low, high = (np.where(stated, whole.numbers, default) for default in (0, LARGEST_COUNT))
            return CountColumn.between(low, high, stated)
        column = text_column(values, role)
        # Digits alone are read at once, and the other distinct texts one by one.
        texts = column.categories
        plain = [t.isdigit() and t.isascii() and len(t) <= _PLAIN for t in texts]
        lower = np.zeros(len(texts), dtype=np.int64)
        lower[plain] = list(map(int, compress(texts, plain)))
        counts = CountColumn.between(lower, np.where(plain, lower, LARGEST_COUNT), np.array(plain))

        def read(text: str) -> tuple[int, int, bool, int]:
            count = parse_count(text, self.style.numerals)
            if count.reason not in _STATED:
                return 0, LARGEST_COUNT, False, count.reason.severity
            upper = LARGEST_COUNT if count.upper is None else count.upper
            return count.lower, upper, True, count.reason.severity

        others = set(np.flatnonzero(~counts.stated).tolist())
        for position, values in self.cells(column, role, read, others).items():
            for part, value in zip(counts.arrays, values, strict=True):
                part[position] = value
        return counts[column.codes]


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
    plain = text.strip()
    for sign in (f"[{_SPACES}]", re.escape(thousands)):
        if sign and re.search(sign, plain):
            grouped = rf"(?<![0-9])[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+(?![0-9])"
            parts = re.split(f"({grouped})", plain)
            parts[1::2] = [re.sub(sign, "", part) for part in parts[1::2]]
            plain = "".join(parts)
    return plain


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
