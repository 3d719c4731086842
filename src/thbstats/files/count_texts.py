"""Texts of counts in cells: digits, thousands separators, missing-value signs and marks."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from attrs import frozen

from thbstats.errors import InvalidValue
from thbstats.values import LARGEST_COUNT, Count, Reason, flag_mask

MISSING_SIGNS: Mapping[str, Reason] = {"": Reason.NOT_REPORTED, ":": Reason.NOT_REPORTED}
"""Default missing-value signs: an empty cell and Eurostat's colon."""

ONLY_THOUSANDS = " \xa0\u2009\u202f'\u2019"
"""Signs that separate thousands, and never decimals."""

DIGITS = 15
"""The largest number of digits of a count; numbers of more digits exceed every count."""

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
        if plain in self.missing and not plain.isdigit():
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
            if match is None or (self._is_point_unknown and _AMBIGUOUS.fullmatch(plain)):
                return None
            plain = match[1]
        return plain.lstrip("0") or "0"

    @property
    def _is_point_unknown(self) -> bool:
        return not self.thousands and not self.decimal_point

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


def _not_a_count(plain: str, text: str) -> InvalidValue:
    """Return the error for a text that is not a count."""
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
