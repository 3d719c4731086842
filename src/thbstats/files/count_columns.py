"""Counts of a file: values, bounds, reasons and flags."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.tables.columns import Numbers
from thbstats.tables.encoding import groups, pack
from thbstats.values import LARGEST_COUNT, Count, Reason, flag_mask

MISSING_SIGNS: Mapping[str, Reason] = {"": Reason.NOT_REPORTED, ":": Reason.NOT_REPORTED}
"""Default missing-value signs: an empty cell and Eurostat's colon."""

MISSING_REASONS = (
    *(Reason.NOT_REPORTED, Reason.SUPPRESSED),
    *(Reason.NOT_APPLICABLE, Reason.BREAKDOWN_NOT_REPORTED),
)
"""The reasons of counts without a number; the others require bounds."""

ONLY_THOUSANDS = " \xa0\u2009\u202f'\u2019"
"""Signs that separate thousands, and never decimals."""

DIGITS = 15
"""The largest number of digits of a count; numbers of more digits exceed every count."""

_FLAG_LETTERS = re.compile(r"[a-z]{0,3}|[a-z](?:[\s,;]+[a-z])*")
_FEWER = re.compile(r"(<=?|≤)\s*(\d{1,15})")
_WHOLE = re.compile(r"([0-9]+)(?:\.0+)?")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}\.000")
_SIGNED = re.compile(r"[0-9]+(?:[,.][0-9]+)+")
_GROUPED = re.compile(r"\d{1,3}(?:([,.])\d{3})(?:\1\d{3})*")
_MARKED = re.compile(
    r"(\d[\d,.' \u2019\xa0\u2009\u202f]*?)\s*"
    r"([*\u2020\u2021\xa7#\xb9\xb2\xb3\u2070-\u2079]+|[(\[][a-z0-9]{1,3}[)\]]|[a-z]{1,2})",
    re.I,
)


@lru_cache(maxsize=64)
def _grouped(signs: str) -> re.Pattern[str]:
    """Return the pattern of a number with one of several thousands separators."""
    decimals = "" if "." in signs else r"(?:\.0+)?"
    return re.compile(rf"[0-9]{{1,3}}([{re.escape(signs)}])[0-9]{{3}}(?:\1[0-9]{{3}})*{decimals}")


@frozen(kw_only=True)
class CountParser:
    """Parser of counts: digits, thousands, "<n", missing-value signs and marks after numbers.

    ``thousands`` are the signs that separate thousands, in addition to spaces and apostrophes.
    ``missing`` are missing-value signs and their reasons, ``fewer_than_from`` is the smallest count
    included in "<n", and ``flags`` are marks after a number and their flags. ``decimal_point`` is
    whether a point is known to separate decimals; otherwise ``12.000`` is ambiguous.
    """

    thousands: str = ""
    missing: Mapping[str, Reason] = MISSING_SIGNS
    fewer_than_from: int = 0
    flags: Mapping[str, str] = MappingProxyType({})
    decimal_point: bool = False

    def parse(self, text: str) -> Count:
        """Return the count of a text; the field of `InvalidValue` is the code of the problem."""
        plain = text.strip()
        if plain in self.missing:
            return missing_count(self.missing[plain])
        if match := _FEWER.fullmatch(plain):
            limit = int(match[2]) + (match[1] != "<")
            if limit <= self.fewer_than_from:
                raise InvalidValue(
                    "'<n' must include at least one count",
                    field="NOT_A_COUNT",
                    value=text,
                    hint="Correct the figure",
                )
            return Count.fewer_than(limit, at_least=self.fewer_than_from)
        digits = self.digits(plain)
        if digits is None:
            raise _not_a_count(plain, text)
        if len(digits) > DIGITS + 1 or int(digits) > LARGEST_COUNT:
            raise InvalidValue(
                "a count must be at most 2**53",
                field="TOO_LARGE",
                value=text,
                hint="Correct the figure",
            )
        return Count.known(int(digits))

    def digits(self, plain: str) -> str | None:
        """Return the digits of an integer without zeros before it; ``None`` for other texts."""
        if not (plain.isascii() and plain.isdigit()):
            signs = self.thousands + ONLY_THOUSANDS
            if any(sign in plain for sign in signs):
                if not _grouped(signs).fullmatch(plain):
                    return None
                for sign in signs:
                    plain = plain.replace(sign, "")
            match = _WHOLE.fullmatch(plain)
            is_unknown = not self.thousands and not self.decimal_point
            if match is None or (is_unknown and _AMBIGUOUS.fullmatch(plain)):
                return None
            plain = match[1]
        return plain.lstrip("0") or "0"

    def is_missing(self, text: str) -> bool:
        """Whether a text is a missing-value sign."""
        return text.strip() in self.missing

    def split(self, text: str) -> tuple[str, int]:
        """Return a text without the marks after its number, and the mask of their flags."""
        plain, mask = text.strip(), 0
        marks = sorted(self.flags, key=len, reverse=True)
        while marks and plain not in self.missing:
            mark = next((m for m in marks if plain.endswith(m) and plain != m), None)
            if mark is None:
                break
            plain, mask = plain.removesuffix(mark).rstrip(), mask | flag_mask(self.flags[mark])
        return plain, mask


def separators(texts: Iterable[str]) -> tuple[str, str]:
    """Return the signs (comma or point) that certainly separate thousands, and decimals.

    ``1,234,567`` and ``1,234.5`` show that a comma separates thousands, ``12.5`` that a point
    separates decimals. ``1,234`` shows neither. A sign with both uses is in neither result.
    """
    thousands, decimals = set[str](), set[str]()
    for text in texts:
        if text.isdigit() or not _SIGNED.fullmatch(text):
            continue
        first, *groups = re.split(r"[,.]", text)
        *signs, last = (sign for sign in text if sign in ",.")
        if not signs:
            if len(groups[0]) != 3 or len(first) > 3 or first == "0":
                decimals.add(last)
            continue
        whole = groups if last == signs[0] else groups[:-1]
        if len(set(signs)) == 1 and len(first) < 4 and all(len(group) == 3 for group in whole):
            thousands.add(signs[0])
            decimals.update({last} - {signs[0]})
    return "".join(sorted(thousands - decimals)), "".join(sorted(decimals - thousands))


def missing_count(reason: Reason) -> Count:
    """Return a missing count with a reason."""
    return {
        Reason.SUPPRESSED: Count.suppressed(),
        Reason.NOT_APPLICABLE: Count.not_applicable(),
        Reason.BREAKDOWN_NOT_REPORTED: Count.breakdown_not_reported(),
    }.get(reason, Count.not_reported())


def flag_letters(text: str) -> str | None:
    """Return the letters of a text of flags; ``None`` for words.

    Letters without signs between them are at most three, or in alphabetical order, as in the files
    of this library.

    Examples
    --------
    >>> flag_letters("ep"), flag_letters("(B, e)"), flag_letters("bdeip"), flag_letters("missing")
    ('ep', 'be', 'bdeip', None)
    """
    plain = text.strip(" ()[]").lower()
    letters = "".join(re.findall("[a-z]", plain))
    is_sorted = plain == letters == "".join(sorted({*letters}))
    return letters if is_sorted or _FLAG_LETTERS.fullmatch(plain) else None


def _not_a_count(plain: str, text: str) -> InvalidValue:
    code, problem = "NOT_A_COUNT", "a count must be an integer or a missing-value sign"
    hint = "If it is a missing-value sign, declare it: missing={'-': 'not_reported'}"
    if re.fullmatch(r"[-\N{MINUS SIGN}]\s*\d[\d.,]*", plain):
        code, problem, hint = "NEGATIVE", "a count must be at least 0", "Correct the figure"
    elif _AMBIGUOUS.fullmatch(plain):
        problem = "a count must show whether its point separates thousands or decimals"
        hint = f"Pass thousands='.' for {plain.replace('.', '')}, or remove the decimals"
    elif match := _GROUPED.fullmatch(plain):
        problem = f"{match[1]!r} is not declared as thousands separator"
        hint = f"If it separates thousands, pass thousands={match[1]!r}"
        if match[1] == ".":
            code, problem = "NOT_WHOLE", "a count must be an integer"
            hint = "If the point separates thousands, pass thousands='.'"
    elif re.fullmatch(r"\d+\.\d+", plain):
        code, problem, hint = "NOT_WHOLE", "a count must be an integer", "Remove rates"
    elif match := _MARKED.fullmatch(plain):
        problem = "a count must be an integer, or have a declared mark"
        flag = match[2].strip("()[]").lower()
        flag = flag if re.fullmatch("[a-z]", flag) else "d"
        hint = f"If the mark is a footnote or a flag, declare it: flags={{{match[2]!r}: {flag!r}}}"
    return InvalidValue(problem, field=code, value=text, hint=hint)


_BOUNDS = ("lower", "upper", "reason")
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
                if reason not in MISSING_REASONS:
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
        column = columns["flags"]
        ledger.flag_texts(
            "UNREADABLE_FLAG", column, lambda text: flag_letters(text) is None, name="flags"
        )
        flags |= column.table(lambda text: flag_mask(flag_letters(text) or ""), np.uint32)
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
    return Numbers(lower=lower, upper=upper, reason=reason, flags=flags, unanswered=unanswered)


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
        is_number = isinstance(text, str) and not parser.is_missing(text)
        digits = parser.digits(text) if is_number else None
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
        "NOT_A_COUNT.unanswered",
        column.isin(wrong) & ledger.is_used,
        column=column.name or "unanswered",
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
        rows & ~is_missing & (flags & flag == 0),
        column=column.name or "confidentiality",
        texts=column.row_counts(confidential, rows & ~is_missing),
    )
    others = {letters[code] for code in confidential if letters[code] not in _KNOWN}
    if others and rows.any():
        ledger.note(f"Other confidentiality letters than C and N: {', '.join(sorted(others))}")
    return np.where(rows, flag, np.uint32(0))
