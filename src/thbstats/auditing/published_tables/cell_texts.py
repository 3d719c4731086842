"""Published percentages and counts as text."""

import re
from collections.abc import Callable, Iterable
from itertools import compress
from typing import Any, TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.auditing.published_tables.columns import CountColumn, PublishedNumbers, texts_of
from thbstats.auditing.published_tables.unreadable_rows import UnreadableRows
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.exchange import CountParser
from thbstats.tables.encoding import read_integers
from thbstats.values import LARGEST_COUNT, Count, Reason

__all__ = ["CellProblems", "looked_up", "read_counts", "read_printed"]

T = TypeVar("T")

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
_GIVEN_AS_COUNT = (Reason.KNOWN, Reason.ROUNDED, Reason.FEWER_THAN)


@frozen(eq=False)
class CellProblems:
    """What is wrong with a table, gathered, and how a row of it is named."""

    problems: UnreadableRows
    locate: Callable[[int], int | str] = int

    def add(self, field: str, code: int, codes: NDArray[Any], text: str, error: Any) -> None:
        """Remember the error of a text for the rows in which it stands."""

        def placed(row: int) -> ThbstatsError:
            cls: type[ThbstatsError] = type(error)
            return cls(
                error.problem, row=self.locate(row), field=field, value=text, hint=error.hint
            )

        self.problems.add_equal(codes == code, placed)


def looked_up(
    values: Any, name: str, read: Callable[[str], T], gap: T, faults: CellProblems
) -> tuple[NDArray[np.intp], list[T]]:
    """Return which of some values each row has; every distinct text is read once."""
    codes, texts = texts_of(values, name)
    found = dict.fromkeys(range(len(texts)), gap)
    found |= _each_read(found, (codes, texts), name, read, faults)
    return codes, list(found.values())


def _each_read(
    rows: Iterable[int],
    column: tuple[NDArray[np.intp], list[str]],
    name: str,
    read: Callable[[str], T],
    faults: CellProblems,
) -> dict[int, T]:
    """Return the values of some texts; unreadable texts become problems."""
    codes, texts = column
    used = np.bincount(codes, minlength=len(texts)) > 0
    found = {}
    for place in rows:
        if used[place]:
            try:
                found[place] = read(texts[place])
            except ThbstatsError as error:
                faults.add(name, place, codes, texts[place], error)
    return found


def read_printed(
    values: Any,
    name: str,
    *,
    numerals: CountParser,
    decimals: int | None,
    faults: CellProblems,
) -> PublishedNumbers:
    """Return a column of percentages; unreadable texts become problems."""
    if decimals is None and getattr(getattr(values, "dtype", None), "kind", "") == "f":
        faults.problems.add(
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

    codes, found = looked_up(values, name, read, (0, 100, False), faults)
    digits, scale, given = zip(*found, strict=True)
    return PublishedNumbers(
        digits=np.array(digits, dtype=np.int64)[codes],
        scale=np.array(scale, dtype=np.int64)[codes],
        present=np.array(given, dtype=np.bool_)[codes],
    )


def _percent(text: str, thousands: str) -> tuple[int, int]:
    """Return the digits and the number of decimals of a printed percentage."""
    plain = _ungrouped(text, thousands)
    match = _PERCENT.fullmatch(plain)
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
    sign, whole, mark, rest = match.group(1), match.group(2), match.group(3), match.group(4) or ""
    if mark == "," and len(rest) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        raise InvalidValue(
            "must have a clear decimal separator: three digits follow a comma",
            hint="Write a point before decimals, or pass thousands=','",
        )
    if len(whole) + len(rest) > _LONGEST or len(rest) > _DECIMALS:
        raise InvalidValue(
            f"must have at most {_LONGEST} digits and {_DECIMALS} decimals",
            hint="Give the percentage as it was printed",
        )
    number = int(whole + rest)
    return (-number if sign and sign in _MINUS else number), len(rest)


def _ungrouped(text: str, thousands: str) -> str:
    """Return a text without the signs between groups of three digits."""
    plain = _GROUPED.sub(lambda match: re.sub(rf"[{_SPACES}]", "", match[0]), text.strip())
    if thousands and thousands in plain:
        sign = re.escape(thousands)
        grouped = re.compile(rf"(?<![0-9])[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+(?![0-9])")
        plain = grouped.sub(lambda match: match[0].replace(thousands, ""), plain)
    return plain


def read_counts(
    values: Any, name: str, *, numerals: CountParser, faults: CellProblems
) -> CountColumn:
    """Return a column of counts; unreadable texts become problems."""
    if getattr(getattr(values, "dtype", None), "kind", "O") in "iuf":
        whole = read_integers(values, name, faults.problems)
        stated = whole.present if whole.infinite is None else whole.present & ~whole.infinite
        known = np.where(stated, Reason.KNOWN.severity, Reason.NOT_REPORTED.severity)
        return CountColumn(
            lower=np.where(stated, whole.numbers, 0),
            upper=np.where(stated, whole.numbers, LARGEST_COUNT),
            stated=stated,
            reason=known.astype(np.uint8),
        )
    codes, texts = texts_of(values, name)
    plain = [t.isdigit() and t.isascii() and len(t) <= _PLAIN for t in texts]
    lower = np.zeros(len(texts), dtype=np.int64)
    lower[plain] = list(map(int, compress(texts, plain)))
    upper = np.where(plain, lower, LARGEST_COUNT)
    stated = np.array(plain, dtype=np.bool_)
    reason = np.where(plain, Reason.KNOWN.severity, Reason.NOT_REPORTED.severity).astype(np.uint8)
    others = np.flatnonzero(~stated).tolist()
    counts_by_code = _each_read(
        others, (codes, texts), name, lambda text: _count(text, numerals), faults
    )
    for place, count in counts_by_code.items():
        reason[place] = count.reason.severity
        if count.reason in _GIVEN_AS_COUNT:
            stated[place], lower[place] = True, count.lower
            upper[place] = LARGEST_COUNT if count.upper is None else count.upper
    return CountColumn(
        lower=lower[codes], upper=upper[codes], stated=stated[codes], reason=reason[codes]
    )


def _count(text: str, numerals: CountParser) -> Count:
    """Return the count of a text, which can also be a range or a least count."""
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
