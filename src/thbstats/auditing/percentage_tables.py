"""Tables of percentages: their columns by role, and the counts of their members."""

import os
import re
from collections.abc import Callable, Container, Mapping, Sequence
from itertools import compress
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.auditing.figure_checks import (
    CHANGE,
    KINDS,
    RATE,
    RATIO,
    SHARE,
    TOTAL,
    FigureColumns,
    MatchedSet,
    match_sets,
    text_column,
)
from thbstats.auditing.rounding_methods import CountColumn, PrintedColumn
from thbstats.columns import Coded, Integers, Mask
from thbstats.columns.grouped_rows import GroupRows
from thbstats.errors import (
    InvalidFile,
    InvalidValue,
    ThbstatsError,
    UnknownName,
    did_you_mean,
    require,
    require_name,
)
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
from thbstats.tables.encoding import Problems, distinct, read_integers
from thbstats.tables.frames import frame_columns
from thbstats.values import LARGEST_COUNT, Count, Percent, Reason
from thbstats.values.rate_change import RateChange

T = TypeVar("T")
Error = Callable[[int], ThbstatsError]

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
_COUNT = re.compile(r"[0-9<>≥≤]|at least", re.IGNORECASE)
_HINT = (
    "Give one number with its decimals, such as '56', '56.0%', '56,0%' or '-3.2%'; "
    "leave the cell empty if nothing is published; use a claims file for words"
)
_LONGEST, _DECIMALS = 17, 12
_LOST = "must be text, because a number loses its last decimals"
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
        is_valid = self.decimals is None or self.decimals in range(_MOST_DECIMALS + 1)
        hint = "Give the number of decimals in the publication, such as 1"
        requirement = f"`decimals` must be an integer from 0 to {_MOST_DECIMALS}"
        require(is_valid, requirement, hint, decimals=self.decimals)


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
            other = str(name).strip()
            role = other.lower()
            own, key = (self.roles, role) if role in roles else (self.others, other)
            if key in own:
                raise InvalidValue("must be the name of one column", field=key, hint="Rename one")
            own[key] = _floats(values)

    def rows(self, wrong: Mask, error: Error, *, is_shared: bool = False) -> None:
        """Add an error for each row of a mask."""
        if wrong.any():
            self._faults.append((wrong, error, is_shared))

    def refuse(
        self, wrong: Mask, field: str, problem: str, hint: str, values: Coded[str] | None = None
    ) -> None:
        """Add one problem of some rows, with their values in a column."""

        def error(row: int) -> InvalidValue:
            own = {} if values is None else {"value": values[row]}
            return InvalidValue(problem, row=self.locate(row), field=field, hint=hint, **own)

        self.rows(wrong, error)

    def raise_any(self) -> None:
        """Raise all problems, including the problems of rows."""
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
                name = f"{named[0]!r}" if len(named) == 1 else "of percentages"
                hint = f"Rename the column {name} to 'printed'"
            raise UnknownName(f"No column of {what}", field=roles[0], hint=hint)

    def parsed(self, role: str, read: Callable[[str], Any], default: Any) -> NDArray[Any]:
        """Return the values of a column of texts, with one row for each part of a value."""
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
        """Return the digits, the units in one hundredth, and whether a percentage is published."""
        values, decimals, numerals = self.roles["printed"], self.style.decimals, self.style.numerals
        is_share, is_stated = False, decimals is not None
        if getattr(getattr(values, "dtype", None), "kind", "") == "f":
            numbers = np.unique(np.asarray(values)[np.isfinite(values)]).tolist()
            texts = [f"{number:.{_DECIMALS}f}".rstrip("0") for number in numbers]
            if decimals is None:
                decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
            # Shares have two decimals more than their percentages: 0.438 is 43.8%.
            is_share = decimals > 1 and all(abs(number) <= 1 for number in numbers)
            decimals -= 2 if is_share else 0
            if not is_stated and (len(numbers) < 2 or not (decimals or is_share)):
                hint = "Pass the published texts, or decimals=1"
                self.add(InvalidValue(_LOST, field="printed", hint=hint))
            form = "shares from 0 to 1" if is_share else "numbers"
            origin = "stated" if is_stated else "in the column"
            note = f"The percentages are {form} with {decimals} decimals, as {origin}"
            self.notes += (note,) if is_share or not is_stated else ()

        def read(text: str) -> tuple[int, int, bool]:
            if numerals.is_missing(text):
                return 0, 100, False
            digits, printed = _percent(text, numerals.thousands)
            if is_share:
                digits, printed = digits * 10 ** max(2 - printed, 0), max(printed - 2, 0)
            if decimals is not None and printed > decimals:
                hint = "Round it as it was printed, or correct decimals=..."
                problem = f"must have at most {decimals} decimals, got {printed}"
                raise InvalidValue(problem, hint=hint)
            more = 0 if decimals is None else decimals - printed
            return digits * 10**more, 100 * 10 ** (printed + more), True

        if decimals is None:
            self.refuse(_is_float(values), "printed", _LOST, "Pass the published text")
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
        return counts.take(column.codes)


def _floats(values: Any) -> Any:
    """Return a column of numbers as float64, unless all numbers are integers.

    Objects, categories and nullable columns can have such numbers too.
    """
    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, pd.StringDtype) or (isinstance(dtype, np.dtype) and dtype.kind in "iuf"):
        return values
    content = pd.api.types.infer_dtype(np.asarray(values, dtype=object))
    if content in ("floating", "mixed-integer-float"):
        return pd.Series(values).astype("Float64").to_numpy(np.float64, na_value=np.nan)
    return values


def _is_float(values: Any) -> Mask:
    """Return the cells of a column that are floats, so that their printed decimals are lost."""
    if getattr(getattr(values, "dtype", None), "kind", "") == "f":
        return np.asarray(np.isfinite(np.asarray(values)), np.bool_)
    column = distinct(values, "")
    is_float = [isinstance(value, float | np.floating) for value in column.categories]
    return np.asarray(np.array([*is_float, False])[column.codes])


def _percent(text: str, thousands: str) -> tuple[int, int]:
    """Return the digits and the number of decimals of a printed percentage."""
    match = _PERCENT.fullmatch(_ungrouped(text, thousands))
    if match is None:
        problem, hint = "must be a percentage as published", _HINT
        if _POINTS.search(text):
            problem = "must be a percentage, not a number of percentage points"
            hint = "A change is printed in percent of the old value; leave this row out"
        elif _BELOW.match(text):
            problem = "must be a percentage, and this is only an upper limit"
            hint = "Leave the cell empty, and use a claims file for words"
        raise InvalidValue(problem, hint=hint)
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
    """Return a text without thousands separators."""
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


_COUNTS = ("numerator", "denominator", "new", "old")
_ROLES = ("id", "kind", "printed", "per", "group", "rank", *_COUNTS)
_MEMBER_ROLES = ("id", "member", *_COUNTS)
_TOPS = ("numerator_", "new_")
_DECIMAL = re.compile(r"0,[0-9]+|[0-9]+(?:\.[0-9]+|,[0-9]{1,2}|,[0-9]{4,})?")
_MOST_PER, _MOST_DIGITS = 10**6, 17
_PER = "Write 100000 for a rate per 100,000"
_RANK = re.compile(r"=?\s*([1-9][0-9]{0,8})\s*[=.]?")
_TOTAL_BASE = "the total"


def read_figures(source: Any, style: TableStyle) -> FigureColumns:
    """Return the rows of a table; a row that cannot be read has its reason in ``unread``.

    Problems of the table as a whole, or of every row, are raised.
    """
    columns = TableColumns(source, "printed", _ROLES, style)
    size, roles = columns.size, columns.roles
    columns.require("printed", what="printed percentages")
    columns.require("numerator", "new", what="counts")
    rates = _rates(columns)
    counts = {role: columns.counts(role) for role in _COUNTS}
    kinds = _kinds(columns, counts)
    kinds[list(rates)] = CHANGE
    digits, scale, present = columns.printed()
    per = _per(columns, kinds)
    tops, bases, notes = _candidates(columns)
    group, groups = None, tuple[str, ...]()
    if "group" in roles:
        words = pd.Series(list(text_column(roles["group"], "group")), dtype=object)
        group, names = pd.factorize(words.where(words != ""))
        group, groups = group.astype(np.int64), tuple(map(str, names))
    keys = np.zeros(size, dtype=np.int64) if group is None else group
    totals = np.flatnonzero(kinds == TOTAL)
    hint = "Add a column 'group' with the rows of each total"
    alone, again = np.zeros((2, size), dtype=np.bool_)
    alone[totals], again[totals] = keys[totals] < 0, pd.Index(keys[totals]).duplicated()
    columns.refuse(alone, "group", "a total belongs to no group", hint)
    columns.refuse(again & ~alone, "group", "a second total of the same group", hint)
    is_change = kinds == CHANGE
    top, base = (
        counts[change].or_else(counts[share]).where(is_change, counts[share])
        for change, share in (("new", "numerator"), ("old", "denominator"))
    )
    if len(totals) and _TOTAL_BASE not in bases:
        # The total of the group of each share can be its denominator.
        row_of = np.full(int(keys.max(initial=0)) + 1, -1)
        row_of[keys[totals[keys[totals] >= 0]]] = totals[keys[totals] >= 0]
        rows = np.where((keys >= 0) & (kinds == SHARE), row_of[keys], -1)
        bases = {_TOTAL_BASE: top.take(rows).where(rows >= 0, CountColumn.missing(size)), **bases}
    tops, bases = {"": top, **tops}, {"": base, **bases}
    ids = _ids(columns)
    rank = columns.parsed("rank", _rank, 0) if "rank" in roles else None
    if not size:
        columns.add_each(columns.ragged, lambda error: error)
    unread = columns.reasons()
    if unread:
        # A row that cannot be read is a part of which nothing is known.
        read, missing = np.ones(size, dtype=np.bool_), CountColumn.missing(size)
        read[list(unread)] = False
        kinds, per = np.where(read, kinds, SHARE).astype(np.int8), np.where(read, per, 100)
        tops = {name: column.where(read, missing) for name, column in tops.items()}
        bases = {name: column.where(read, missing) for name, column in bases.items()}
        rank = None if rank is None else np.where(read, rank, 0)
        present = present & read
        rates = {row: change for row, change in rates.items() if read[row]}
    is_part = np.isin(kinds, (SHARE, TOTAL))
    return FigureColumns(
        title=columns.title,
        ids=ids,
        texts=text_column(roles["printed"], "printed"),
        kinds=kinds,
        printed=PrintedColumn(digits, scale // 100 * per, present, kinds == CHANGE, is_part),
        per=per,
        tops=tops,
        bases=bases,
        group=group,
        groups=groups,
        rank=rank,
        notes=(
            *(columns.notes if style.decimals is None else ()),
            *(f"Not read: {str(error).removesuffix('.')}" for error in columns.ragged),
            *notes,
        ),
        rates=rates,
        unread=unread,
    )


def _ids(columns: TableColumns) -> Coded[str]:
    """Return the names of the rows, or their locations."""
    if "id" not in columns.roles:
        rows = np.arange(columns.size)
        locations = map(columns.locate, rows.tolist())
        return Coded(rows, [w if isinstance(w, str) else f"row {w}" for w in locations])
    ids = text_column(columns.roles["id"], "id")
    unnamed = ids.table(lambda text: text == "", np.bool_)
    again = pd.Index(ids.table(str, object)).duplicated()
    hint = "Give each row its own"
    columns.refuse(unnamed, "id", "a row has no name", hint)
    columns.refuse(again & ~unnamed, "id", "must be the name of one row", hint, ids)
    return ids


def _kinds(columns: TableColumns, counts: Mapping[str, CountColumn]) -> NDArray[np.int8]:
    """Return the kind of each row; counts that do not belong to it are refused."""

    def read(text: str) -> int:
        if text.lower() not in KINDS:
            raise UnknownName("must be a kind of figure", hint=did_you_mean(text.lower(), KINDS))
        return KINDS.index(text.lower())

    if "kind" in columns.roles:
        kinds = columns.parsed("kind", read, SHARE)
    else:
        alone = not {"numerator", "denominator"} & set(columns.roles)
        is_change = counts["new"].stated | counts["old"].stated
        kinds = np.where(is_change | alone, CHANGE, SHARE)
    for change, share in (("new", "numerator"), ("old", "denominator")):
        counted, other = counts[change], counts[share]
        problem = f"{change!r} must be empty in a row that is not a change"
        hint = f"Put it under {share!r}, or call the row a change"
        columns.refuse((kinds != CHANGE) & counted.stated, change, problem, hint)
        differ = (counted.lower != other.lower) | (counted.upper != other.upper)
        differ &= (kinds == CHANGE) & counted.stated & other.stated
        problem = f"{change!r} and {share!r} of a change have different counts"
        hint = "Leave one of them empty; another version of a count goes under "
        columns.refuse(differ, change, problem, f"{hint}{change}_2020 or a similar name")
    wrong, problem = (kinds == TOTAL) & counts["denominator"].stated, "a total has no denominator"
    columns.refuse(wrong, "denominator", problem, "Leave it empty, or call the row a share")
    return kinds.astype(np.int8)


def _rates(columns: TableColumns) -> dict[int, RateChange]:
    """Return the changes between two rounded rates, and take these out of the counts."""
    roles = columns.roles
    if not {"new", "old"} <= set(roles):
        return {}

    rows = np.zeros(columns.size, dtype=np.bool_)
    for role in ("new", "old"):
        rows |= columns.parsed(role, lambda text: not text.isdecimal() and _is_decimal(text), False)
    if "kind" in roles:
        rows &= columns.parsed("kind", lambda text: text.lower() == KINDS[CHANGE], False)
    for role in ("new", "old"):
        columns.refuse(rows & _is_float(roles[role]), role, _LOST, "Pass the published text")
    pair = {role: text_column(roles[role], role) for role in ("new", "old")}
    rates: dict[int, RateChange] = {}
    for row in np.flatnonzero(rows).tolist():
        texts = [column[row] for column in pair.values()]
        if all(map(_is_decimal, texts)):
            rates[row] = RateChange(*(Percent(text.replace(",", ".")) for text in texts))
    if rates:
        for role, column in pair.items():
            roles[role] = column.table(str, object)
            roles[role][list(rates)] = ""
    return rates


def _is_decimal(text: str) -> bool:
    return len(text) <= _MOST_DIGITS and _DECIMAL.fullmatch(text) is not None


def _per(columns: TableColumns, kinds: NDArray[np.int8]) -> Integers:
    """Return the unit of the number in each row."""

    def read(text: str) -> int:
        digits = re.sub(r"[\s,]", "", text)
        number = int(digits) if digits.isdecimal() and len(digits) <= len(str(_MOST_PER)) else 0
        if text and (not 1 < number <= _MOST_PER or set(str(number)) != {"1", "0"}):
            raise InvalidValue("must be a power of ten from 10 to 1,000,000", hint=_PER)
        return number

    is_rate, is_ratio = kinds == RATE, kinds == RATIO
    per = np.zeros(len(kinds), dtype=np.int64)
    if "per" in columns.roles:
        per = columns.parsed("per", read, 0)
    if not (is_rate | is_ratio).any():
        return np.full(len(kinds), 100, dtype=np.int64)
    problem, hint = "a rate needs the number of inhabitants that it is for", _PER
    columns.refuse(is_rate & (per == 0), "per", problem, hint)
    wrong = (is_rate | is_ratio) & columns.parsed("printed", lambda text: "%" in text, False)
    problem, hint = (
        "a rate or a ratio is not a percentage",
        "Leave the % out, or call the row a share",
    )
    columns.refuse(wrong, "printed", problem, hint)
    return np.select([is_rate, is_ratio], [np.maximum(per, 1), 1], 100).astype(np.int64)


def _rank(text: str) -> int:
    match = _RANK.fullmatch(text)
    if match is None and text:
        hint = "Write an integer from 1, or leave the cell empty"
        raise InvalidValue("must be a rank", hint=hint)
    return int(match[1]) if match else 0


def _candidates(
    columns: TableColumns,
) -> tuple[dict[str, CountColumn], dict[str, CountColumn], list[str]]:
    """Return further numerators and denominators, and remarks on other columns."""
    chosen, others = columns.style.bases, columns.others
    names = list(others if chosen is None else chosen)
    for name in names:
        require_name(name, others, "no further column has this name", field="bases")
    # Without a choice, columns of words or of numbers with decimals do not contain counts.
    contents = {name: "" if chosen else _unread(columns, name) for name in names}
    counts = {n: columns.counts(n, others[n]) for n, content in contents.items() if not content}
    tops = {name: c for name, c in counts.items() if name.lower().startswith(_TOPS)}
    bases = {name: c for name, c in counts.items() if name not in tops}
    left_out: dict[str, list[str]] = {}
    for name in names:
        left_out.setdefault(contents[name], []).append(repr(name))
    text = "Not read, because the columns have {content}: {names}"
    notes = [text.format(content=w, names=", ".join(n)) for w, n in left_out.items() if w]
    return tops, bases, notes


def _unread(columns: TableColumns, name: str) -> str:
    """Return the reason why a further column is not read, or an empty text."""
    numerals, is_count = columns.style.numerals, False
    column = text_column(columns.others[name], name)
    filled = [text for text in column.categories if not numerals.is_missing(text)]
    for text in filter(_COUNT.match, filled):  # words take long to refuse
        has_decimals = _is_decimal(text) and not text.isdecimal()
        if has_decimals or not is_count:
            try:
                is_count = bool(parse_count(text, numerals))
            except ThbstatsError:
                if has_decimals:
                    return "numbers with decimals"
    return "" if is_count or not filled else "no numbers"


def read_members(
    source: Any, figures: FigureColumns, selected: Mask, style: TableStyle, *, allowed: int
) -> dict[int, list[MatchedSet]]:
    """Return the sets of members that were tried for some rows.

    The table has a row for each member of each figure: ``id``, ``member``, and their counts.
    """
    columns = TableColumns(source, "member", _MEMBER_ROLES, style)
    columns.add_each(columns.ragged, lambda error: error)
    columns.require("id", what="names of figures")
    columns.require("member", what="members")
    names = text_column(columns.roles["member"], "member")
    ids, own = text_column(columns.roles["id"], "id"), list(figures.ids)
    first = {name: row for row, name in reversed(list(enumerate(own)))}
    keys = np.array([first.get(name, -1) for name in ids], dtype=np.int64)
    columns.rows(
        keys < 0,
        lambda row: UnknownName(
            "no figure has this name",
            row=columns.locate(row),
            field="id",
            value=ids[row],
            hint=lambda: did_you_mean(ids[row], own[:1000]),
        ),
    )
    again = pd.DataFrame({"key": keys, "name": list(names)}).duplicated().to_numpy()
    problem, hint = "must be listed once for each figure", "Leave one of the rows out"
    columns.refuse(again & (keys >= 0), "member", problem, hint, names)
    top = columns.counts("new").or_else(columns.counts("numerator"))
    base = columns.counts("old").or_else(columns.counts("denominator"))
    columns.raise_any()
    chosen = (keys >= 0) & selected[keys] & (top.stated | base.stated)
    return match_sets(figures, GroupRows.of(keys, chosen), names, top, base, allowed=allowed)
