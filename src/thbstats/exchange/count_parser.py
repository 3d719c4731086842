"""Parsing of counts: digits, thousands, "<n" and missing-value signs."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.values import LARGEST_COUNT, Count, Reason, flag_mask

__all__ = ["MISSING_SIGNS", "CountParser", "CountProblem", "ParsedCounts"]

MISSING_SIGNS: Mapping[str, Reason] = {"": Reason.NOT_REPORTED, ":": Reason.NOT_REPORTED}
"""Default missing-value signs: an empty cell and Eurostat's colon."""

_FEWER = re.compile(r"(<=?|≤)\s*(\d{1,15})")
_WHOLE = re.compile(r"(\d+)(?:\.0+)?")
_GROUPED = re.compile(r"\d{1,3}(?:([ ,.'\u2019\xa0\u202f])\d{3})(?:\1\d{3})*")
_MARKED = re.compile(
    r"(\d[\d,. \xa0\u202f]*)(?:\s*[*\u2020\u2021\xa7#\xb9\xb2\xb3]+|\s*[(\[]?[a-z][)\]]?)", re.I
)
T = TypeVar("T")

_DIGITS = 15  # longer texts are not converted at once; their numbers exceed every count


@frozen(kw_only=True)
class CountParser:
    """Parser of the counts of a file.

    Parameters
    ----------
    thousands : str
        The thousands separator; empty by default.
    missing : mapping of str to Reason
        Missing-value signs and their reasons; by default `MISSING_SIGNS`.
    fewer_than_from : int
        The smallest count included in "<n": 0 (default) if zeros are written as "<n", otherwise 1.

    Examples
    --------
    >>> parser = CountParser(thousands=",")
    >>> parser.parse("1,432"), parser.parse("<5")
    (Count(1432), Count(0 to 4, fewer_than))
    """

    thousands: str = ""
    missing: Mapping[str, Reason] = field(default=MISSING_SIGNS)
    fewer_than_from: int = 0

    def parse(self, text: str) -> Count:
        """Return the count of a text.

        Raises
        ------
        InvalidValue
            If the text is not a count; ``field`` is the code of the problem.
        """
        plain = text.strip()
        if plain.isdigit() and plain.isascii() and len(plain) <= _DIGITS:
            return Count.known(int(plain))
        if plain in self.missing:
            return _missing_count(self.missing[plain])
        if match := _FEWER.fullmatch(plain):
            limit = int(match[2]) + (match[1] != "<")
            return self._fewer_than(text, limit)
        whole = self._whole(plain)
        if whole is None:
            raise _problem(plain, text)
        digits = whole.lstrip("0") or "0"
        if len(digits) > _DIGITS + 1 or int(digits) > LARGEST_COUNT:
            raise InvalidValue(
                "a count must be at most 2**53",
                field="TOO_LARGE",
                value=text,
                hint="Correct the figure",
            )
        return Count.known(int(digits))

    def parse_digits(self, text: str) -> int | None:
        """Return the number of a text of digits and thousands separators.

        ``None`` for every other text, which `parse` parses.
        """
        if text.isdigit() and text.isascii():
            return int(text) if len(text) <= _DIGITS else None
        if self.thousands and self.thousands in text:
            head, *groups = text.split(self.thousands)
            if not 0 < len(head) <= 3 or any(len(group) != 3 for group in groups):
                return None
            text = head + "".join(groups)
        known = len(text) <= _DIGITS and text.isascii() and text.isdigit()
        return int(text) if known else None

    def is_missing(self, text: str) -> bool:
        """Whether a text is a missing-value sign."""
        return text.strip() in self.missing

    def _whole(self, plain: str) -> str | None:
        """Return the digits of an integer without thousands separators."""
        if self.thousands and self.thousands in plain:
            sign = re.escape(self.thousands)
            if not re.fullmatch(rf"\d{{1,3}}(?:{sign}\d{{3}})+(?:\.0+)?", plain):
                return None
            plain = plain.replace(self.thousands, "")
        match = _WHOLE.fullmatch(plain) if plain.isascii() else None
        return match[1] if match else None

    def _fewer_than(self, text: str, limit: int) -> Count:
        if limit <= self.fewer_than_from:
            raise InvalidValue(
                "'<n' must include at least one count",
                field="NOT_A_COUNT",
                value=text,
                hint="Correct the figure",
            )
        return Count.fewer_than(limit, at_least=self.fewer_than_from)


def _missing_count(reason: Reason) -> Count:
    return {
        Reason.SUPPRESSED: Count.suppressed(),
        Reason.NOT_APPLICABLE: Count.not_applicable(),
        Reason.BREAKDOWN_NOT_REPORTED: Count.breakdown_not_reported(),
    }.get(reason, Count.not_reported())


def _problem(plain: str, text: str) -> InvalidValue:
    """Return the error for a text that is not a count."""
    if re.fullmatch(r"[-\N{MINUS SIGN}]\s*\d[\d.,]*", plain):
        code, problem, hint = "NEGATIVE", "a count must be at least 0", "Correct the figure"
    elif match := _GROUPED.fullmatch(plain):
        code, problem = "NOT_A_COUNT", f"{match[1]!r} is not declared as thousands separator"
        hint = f"If it separates thousands, pass thousands={match[1]!r}"
        if match[1] == ".":
            code, problem = "NOT_WHOLE", "a count must be an integer"
            hint = "If the point separates thousands, pass thousands='.'"
    elif re.fullmatch(r"\d+\.\d+", plain):
        code, problem, hint = "NOT_WHOLE", "a count must be an integer", "Remove rates"
    elif match := _MARKED.fullmatch(plain):
        code, problem = "NOT_A_COUNT", "a count must be an integer without a mark"
        number = match[1].strip()
        hint = f"If the mark is a footnote, pass recode={{column: {{{plain!r}: {number!r}}}}}"
    else:
        code, problem = "NOT_A_COUNT", "a count must be an integer or a missing-value sign"
        hint = "If it is a missing-value sign, declare it: missing={'-': 'not_reported'}"
    return InvalidValue(problem, field=code, value=text, hint=hint)


@frozen(kw_only=True, eq=False)
class CountProblem:
    """A problem of texts that are not counts.

    Parameters
    ----------
    code, message, hint : str
        The code, the problem and the recommended action.
    rows : array of bool, shape (n,)
        The rows with such texts.
    texts : mapping of str to int
        The number of rows for each distinct text.
    """

    code: str
    message: str
    hint: str
    rows: NDArray[np.bool_]
    texts: Mapping[str, int]


@frozen(kw_only=True, eq=False)
class ParsedCounts:
    """The counts of all rows.

    Parameters
    ----------
    lower : array of int64, shape (n,)
        Lower bounds.
    upper : array of float64, shape (n,)
        Upper bounds; ``inf`` for an unbounded count.
    reason : array of uint8, shape (n,)
        `Reason.severity`.
    flags : array of uint32, shape (n,)
        `flag_mask`.
    is_missing : array of bool, shape (n,)
        Whether a row has a missing-value sign.
    unanswered : array of int64, shape (n,), or None
        Cases without an answer on the category; -1 if the file does not contain them.
    problems : tuple of CountProblem
        Texts that are not counts.
    """

    lower: NDArray[np.int64]
    upper: NDArray[np.float64]
    reason: NDArray[np.uint8]
    flags: NDArray[np.uint32]
    is_missing: NDArray[np.bool_]
    unanswered: NDArray[np.int64] | None = None
    problems: tuple[CountProblem, ...] = ()

    @classmethod
    def from_texts(
        cls,
        codes: NDArray[Any],
        distinct: Sequence[T],
        parse: Callable[[T], Count],
        is_missing: Callable[[T], bool],
        parse_digits: Callable[[T], int | None] = lambda _: None,
    ) -> "ParsedCounts":
        """Return the counts of all rows; each distinct text is parsed once.

        Parameters
        ----------
        codes : array of int, shape (n,)
            The position in ``distinct`` for each row; -1 is the last one.
        distinct : sequence
            Texts, or other objects that contain a count.
        parse : callable
            Function from an item to its count; it raises `InvalidValue` with the code of the
            problem as ``field``.
        is_missing : callable
            Function from an item to whether it is a missing-value sign.
        parse_digits : callable, optional
            Faster function for the most frequent items; ``None`` passes an item on to ``parse``.
        """
        lower = np.zeros(len(distinct), dtype=np.int64)
        upper = np.zeros(len(distinct), dtype=np.float64)
        reason = np.zeros(len(distinct), dtype=np.uint8)
        missing = np.zeros(len(distinct), dtype=np.bool_)
        invalid: dict[tuple[str, str], tuple[InvalidValue, list[int]]] = {}
        for i, text in enumerate(distinct):
            number = parse_digits(text)
            if number is not None:
                lower[i] = upper[i] = number
                continue
            try:
                count = parse(text)
            except InvalidValue as error:
                # One error for each problem: an error with its traceback needs much memory.
                key = (str(error.field), error.problem)
                invalid.setdefault(key, (error, []))[1].append(i)
                continue
            lower[i] = count.lower
            upper[i] = np.inf if count.upper is None else count.upper
            reason[i] = count.reason.severity
            missing[i] = is_missing(text)
        return cls(
            lower=lower.take(codes, mode="wrap"),
            upper=upper.take(codes, mode="wrap"),
            reason=reason.take(codes, mode="wrap"),
            flags=np.zeros(len(codes), dtype=np.uint32),
            is_missing=missing.take(codes, mode="wrap"),
            problems=_count_problems(list(invalid.values()), codes, list(map(str, distinct))),
        )

    def take(self, rows: NDArray[np.intp]) -> "ParsedCounts":
        """Return the counts of a selection of rows without problems."""
        return ParsedCounts(
            lower=self.lower.take(rows),
            upper=self.upper.take(rows),
            reason=self.reason.take(rows),
            flags=self.flags.take(rows),
            is_missing=self.is_missing.take(rows),
            unanswered=None if self.unanswered is None else self.unanswered.take(rows),
        )

    def with_flags(self, flags: NDArray[np.uint32]) -> "ParsedCounts":
        """Return the counts with flags; flags set the reason of missing counts.

        A missing count with flag c is suppressed; with flag m or z it is not applicable.
        """
        lower, upper, reason = self.lower.copy(), self.upper.copy(), self.reason.copy()
        missing = np.flatnonzero(self.is_missing)
        for letters, flag_reason in (("mz", Reason.NOT_APPLICABLE), ("c", Reason.SUPPRESSED)):
            rows = missing[(flags[missing] & np.uint32(flag_mask(letters))) != 0]
            count = _missing_count(flag_reason)
            lower[rows] = count.lower
            upper[rows] = np.inf if count.upper is None else count.upper
            reason[rows] = flag_reason.severity
        return ParsedCounts(
            lower=lower,
            upper=upper,
            reason=reason,
            flags=self.flags | flags,
            is_missing=self.is_missing,
            unanswered=self.unanswered,
            problems=self.problems,
        )


def _count_problems(
    invalid: Sequence[tuple[InvalidValue, list[int]]], codes: NDArray[Any], texts: Sequence[str]
) -> tuple[CountProblem, ...]:
    """Return the problems that occur in at least one row."""
    if not invalid:
        return ()
    rows = np.bincount(codes % len(texts), minlength=len(texts))
    problems = []
    for error, affected in sorted(invalid, key=lambda item: str(item[0].field)):
        wrong = np.zeros(len(texts), dtype=np.bool_)
        wrong[affected] = rows[affected] > 0
        if wrong.any():
            problems.append(
                CountProblem(
                    code=str(error.field),
                    message=error.problem,
                    hint=error.hint,
                    rows=wrong[codes],
                    texts={texts[i]: int(rows[i]) for i in np.flatnonzero(wrong).tolist()},
                )
            )
    return tuple(problems)
