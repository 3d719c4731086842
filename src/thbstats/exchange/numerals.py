"""Texts that say a count: digits, thousands, "<n" and signs for a gap."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.values import LARGEST_COUNT, Count, Reason, flag_mask

__all__ = ["GAPS", "Numerals", "ReadValues", "ValueFault"]

GAPS: Mapping[str, Reason] = {"": Reason.NOT_REPORTED, ":": Reason.NOT_REPORTED}
"""Signs of a gap that nobody needs to declare: an empty cell and Eurostat's colon."""

_FEWER = re.compile(r"(<=?|≤)\s*(\d{1,15})")
_WHOLE = re.compile(r"(\d+)(?:\.0+)?")
T = TypeVar("T")

_DIGITS = 15  # no more are read as a number at once; larger ones are above every count


@frozen(kw_only=True)
class Numerals:
    """How a file writes counts.

    Parameters
    ----------
    thousands : str
        The sign between groups of three digits; empty where there is none.
    gaps : mapping of str to Reason
        Texts that stand for a count that is not there, and why it is not.
    fewer_than_from : int
        The smallest count that "<n" covers: 0 where zeros are written so too, else 1.

    Examples
    --------
    >>> style = Numerals(thousands=",")
    >>> style.read("1,432"), style.read("<5")
    (Count(1432), Count(0 to 4, fewer_than))
    """

    thousands: str = ""
    gaps: Mapping[str, Reason] = field(default=GAPS)
    fewer_than_from: int = 0

    def read(self, text: str) -> Count:
        """Return the count of a text.

        Raises
        ------
        InvalidValue
            If it says none; ``field`` is the code of the defect.
        """
        plain = text.strip()
        if plain.isdigit() and plain.isascii() and len(plain) <= _DIGITS:
            return Count.known(int(plain))
        if plain in self.gaps:
            return _gap(self.gaps[plain])
        if match := _FEWER.fullmatch(plain):
            limit = int(match[2]) + (match[1] != "<")
            return self._fewer_than(text, limit)
        whole = self._whole(plain)
        if whole is None:
            raise _fault(text, *_why(plain))
        digits = whole.lstrip("0") or "0"
        if len(digits) > _DIGITS + 1 or int(digits) > LARGEST_COUNT:
            raise _fault(text, "TOO_LARGE", "a count above 2**53", "Check the figure")
        return Count.known(int(digits))

    def plain(self, text: str) -> int | None:
        """Return the number of a text of nothing but digits and signs between thousands.

        ``None`` for every other text: `read` says what it is.
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

    def is_gap(self, text: str) -> bool:
        """Whether a text stands for a count that is not there."""
        return text.strip() in self.gaps

    def _whole(self, plain: str) -> str | None:
        """Return the digits of a whole number without the signs between thousands."""
        if self.thousands and self.thousands in plain:
            sign = re.escape(self.thousands)
            if not re.fullmatch(rf"\d{{1,3}}(?:{sign}\d{{3}})+(?:\.0+)?", plain):
                return None
            plain = plain.replace(self.thousands, "")
        match = _WHOLE.fullmatch(plain) if plain.isascii() else None
        return match[1] if match else None

    def _fewer_than(self, text: str, limit: int) -> Count:
        if limit <= self.fewer_than_from:
            raise _fault(text, "NOT_A_COUNT", "fewer than nothing", "Check the figure")
        return Count.fewer_than(limit, at_least=self.fewer_than_from)


def _gap(reason: Reason) -> Count:
    return {
        Reason.SUPPRESSED: Count.suppressed(),
        Reason.NOT_APPLICABLE: Count.not_applicable(),
        Reason.BREAKDOWN_NOT_REPORTED: Count.breakdown_not_reported(),
    }.get(reason, Count.not_reported())


def _why(plain: str) -> tuple[str, str, str]:
    if re.fullmatch(r"[-\N{MINUS SIGN}]\s*\d[\d.,]*", plain):
        return "NEGATIVE", "a negative number", "A count cannot be below 0; check the figure"
    if re.fullmatch(r"\d+\.\d+", plain):
        return "NOT_WHOLE", "a number with decimals", "Counts are whole; leave rates out"
    return (
        "NOT_A_COUNT",
        "no number",
        "If it is a sign for a gap, declare it with its reason: missing={'-': 'not_reported'}",
    )


def _fault(text: str, code: str, problem: str, hint: str) -> InvalidValue:
    return InvalidValue(problem, field=code, value=text, hint=hint)


@frozen(kw_only=True, eq=False)
class ValueFault:
    """A kind of text that says no count.

    Parameters
    ----------
    code, what, hint : str
        The kind, what is wrong, and what to do about it.
    rows : array of bool, shape (n,)
        Where such texts stand.
    labels : mapping
        The distinct texts and in how many rows each stands.
    """

    code: str
    what: str
    hint: str
    rows: NDArray[np.bool_]
    labels: Mapping[str, int]


@frozen(kw_only=True, eq=False)
class ReadValues:
    """The counts of all rows.

    Parameters
    ----------
    lower : array of int64, shape (n,)
    upper : array of float64, shape (n,)
        ``inf`` where nothing bounds it.
    reason : array of uint8, shape (n,)
        `Reason.severity`.
    flags : array of uint32, shape (n,)
        `flag_mask`.
    gap : array of bool, shape (n,)
        Where a sign for a gap stands in place of a number.
    unanswered : array of int64, shape (n,), or None
        Further cases to which the category may apply; -1 where the file does not have them.
    faults : tuple of ValueFault
        Texts that say no count, by kind.
    """

    lower: NDArray[np.int64]
    upper: NDArray[np.float64]
    reason: NDArray[np.uint8]
    flags: NDArray[np.uint32]
    gap: NDArray[np.bool_]
    unanswered: NDArray[np.int64] | None = None
    faults: tuple[ValueFault, ...] = ()

    @classmethod
    def of(
        cls,
        places: NDArray[Any],
        distinct: Sequence[T],
        read: Callable[[T], Count],
        is_gap: Callable[[T], bool],
        plain: Callable[[T], int | None] = lambda _: None,
    ) -> "ReadValues":
        """Return the counts of all rows; each distinct text is read once.

        Parameters
        ----------
        places : array of int, shape (n,)
            Which of the distinct texts stands in each row; -1 is the last of them.
        distinct : sequence
            Texts, or whatever else says a count.
        read : callable
            From one of them to a count; what it raises is a fault, whose ``field`` is its code.
        is_gap : callable
            Whether one of them is a sign for a gap, whose reason flags can tell.
        plain : callable, optional
            From one of them to the number that it says without any doubt; most do, and `read`
            takes longer.
        """
        lower = np.zeros(len(distinct), dtype=np.int64)
        upper = np.zeros(len(distinct), dtype=np.float64)
        reason = np.zeros(len(distinct), dtype=np.uint8)
        gap = np.zeros(len(distinct), dtype=np.bool_)
        faults: dict[str, tuple[InvalidValue, list[int]]] = {}
        for place, text in enumerate(distinct):
            number = plain(text)
            if number is not None:
                lower[place] = upper[place] = number
                continue
            try:
                found = read(text)
            except InvalidValue as error:
                # One error of a kind is kept: with its traceback it holds on to much.
                faults.setdefault(str(error.field), (error, []))[1].append(place)
                continue
            lower[place] = found.lower
            upper[place] = np.inf if found.upper is None else found.upper
            reason[place] = found.reason.severity
            gap[place] = is_gap(text)
        return cls(
            lower=lower.take(places, mode="wrap"),
            upper=upper.take(places, mode="wrap"),
            reason=reason.take(places, mode="wrap"),
            flags=np.zeros(len(places), dtype=np.uint32),
            gap=gap.take(places, mode="wrap"),
            faults=_by_kind(faults, places, list(map(str, distinct))),
        )

    def take(self, rows: NDArray[np.intp]) -> "ReadValues":
        """Return the counts of some rows, none of which is a fault."""
        return ReadValues(
            lower=self.lower.take(rows),
            upper=self.upper.take(rows),
            reason=self.reason.take(rows),
            flags=self.flags.take(rows),
            gap=self.gap.take(rows),
            unanswered=None if self.unanswered is None else self.unanswered.take(rows),
        )

    def with_flags(self, flags: NDArray[np.uint32]) -> "ReadValues":
        """Return the counts with flags; a gap takes its reason from them.

        A confidential gap (c) is suppressed; data that cannot exist (m) or do not apply (z) are
        not applicable.
        """
        lower, upper, reason = self.lower.copy(), self.upper.copy(), self.reason.copy()
        gaps = np.flatnonzero(self.gap)
        for letters, why in (("mz", Reason.NOT_APPLICABLE), ("c", Reason.SUPPRESSED)):
            rows = gaps[(flags[gaps] & np.uint32(flag_mask(letters))) != 0]
            gap = _gap(why)
            lower[rows] = gap.lower
            upper[rows] = np.inf if gap.upper is None else gap.upper
            reason[rows] = why.severity
        return ReadValues(
            lower=lower,
            upper=upper,
            reason=reason,
            flags=self.flags | flags,
            gap=self.gap,
            unanswered=self.unanswered,
            faults=self.faults,
        )


def _by_kind(
    faults: Mapping[str, tuple[InvalidValue, list[int]]],
    places: NDArray[Any],
    texts: Sequence[str],
) -> tuple[ValueFault, ...]:
    """Return the faults that stand in some row; a pass over the rows for each kind, not text."""
    if not faults:
        return ()
    rows = np.bincount(places % len(texts), minlength=len(texts))
    found = []
    for code, (error, faulty) in sorted(faults.items()):
        wrong = np.zeros(len(texts), dtype=np.bool_)
        wrong[faulty] = rows[faulty] > 0
        if wrong.any():
            found.append(
                ValueFault(
                    code=code,
                    what=error.problem,
                    hint=error.hint,
                    rows=wrong[places],
                    labels={texts[p]: int(rows[p]) for p in np.flatnonzero(wrong).tolist()},
                )
            )
    return tuple(found)
