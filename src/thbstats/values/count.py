"""Counts with bounds and the reason for the bounds, and observation flags."""

from collections.abc import Iterable
from operator import index
from typing import Self

from attrs import Factory, field, frozen

from thbstats._signatures import explain_arguments, explain_operators
from thbstats.errors import InvalidValue, require
from thbstats.values.choices import Choice
from thbstats.values.interval import Interval

LARGEST_COUNT = 2**53
"""The largest count that is exact in float64 columns."""


class Reason(Choice):
    """Reason for the bounds of a count, in order of severity.

    A sum has the most severe reason of its counts. An unknown *category* (victims of unknown
    sex) is not a reason: it is a category with its own count.
    """

    KNOWN = "known"
    ROUNDED = "rounded"
    WIDER_CATEGORY = "wider_category"
    FEWER_THAN = "fewer_than"
    SUPPRESSED = "suppressed"
    CONFLICTING = "conflicting"
    BREAKDOWN_NOT_REPORTED = "breakdown_not_reported"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The reason as a text."""
        return _LABELS[self]

    @property
    def severity(self) -> int:
        """Position in the order of the class, which is the code of the reason in columns.

        Files contain the name of the reason, not this number.
        """
        return _SEVERITY[self]


_LABELS = {
    Reason.KNOWN: "known",
    Reason.ROUNDED: "known only from rounded figures",
    Reason.WIDER_CATEGORY: "counted in a wider category",
    Reason.FEWER_THAN: "fewer than a stated number",
    Reason.SUPPRESSED: "suppressed by the source",
    Reason.CONFLICTING: "several values in one source",
    Reason.BREAKDOWN_NOT_REPORTED: "breakdown not reported by the country",
    Reason.NOT_REPORTED: "not reported by the country",
    Reason.NOT_APPLICABLE: "not applicable",
}
_SEVERITY = {reason: position for position, reason in enumerate(Reason)}


def _to_count(value: object, name: str) -> int:
    try:
        # A truth value of numpy has a dtype; numpy itself would be imported for it only.
        is_bool = isinstance(value, bool) or str(getattr(value, "dtype", "")) == "bool"
        number = None if is_bool else index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None:
        hint = "Use an integer, or Count.fewer_than(5) for the text '<5'"
        raise InvalidValue("must be an integer", field=name, value=value, hint=hint)
    hint = "Use Count.not_reported() for a missing count"
    require(number >= 0, "must be 0 or more", hint, **{name: number})
    require(number <= LARGEST_COUNT, "must be at most 2**53", "Check the figure", **{name: number})
    return number


@explain_operators("Use lower and upper, such as count.upper < 5")
@explain_arguments
@frozen
class Count:
    """Exact count, or bounds of a count with the reason.

    Parameters
    ----------
    lower : int
        Lower bound, 0 to 2**53.
    upper : int or None
        Upper bound, by default the lower bound; ``None`` means not bounded.
    reason : Reason
        Reason for the bounds; ``known`` if both bounds are equal.

    Raises
    ------
    InvalidValue
        If a bound is not an integer from 0 to 2**53, the lower bound exceeds the upper bound, or
        the bounds of a known count differ.

    Examples
    --------
    >>> Count.known(20532), sum([Count(336), Count(52)])
    (Count(20532), Count(388))
    >>> Count.fewer_than(5)
    Count(0 to 4, fewer_than)
    """

    lower: int
    upper: int | None = field(default=Factory(lambda self: self.lower, takes_self=True))
    reason: Reason = field(default=Reason.KNOWN)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "lower", _to_count(self.lower, "lower"))
        if self.upper is not None:
            object.__setattr__(self, "upper", _to_count(self.upper, "upper"))
            problem = f"must be at most the upper bound {self.upper}"
            require(self.lower <= self.upper, problem, "Swap the bounds", lower=self.lower)
        object.__setattr__(self, "reason", Reason(self.reason))
        require(
            self.reason is not Reason.KNOWN or self.lower == self.upper,
            "must not be 'known' if the bounds differ",
            "Use another reason, for example Reason.ROUNDED",
            reason="known",
        )
        require(
            self.reason is not Reason.NOT_APPLICABLE or (self.lower, self.upper) == (0, 0),
            "must be 0 if the count is not applicable",
            "Use Count.not_applicable()",
            upper=self.upper,
        )

    @classmethod
    def known(cls, value: int) -> Self:
        """Return an exact count."""
        return cls(value, value)

    @classmethod
    def between(cls, lower: int, upper: int | None, reason: Reason = Reason.ROUNDED) -> Self:
        """Return a count between two bounds."""
        return cls(lower, upper, reason)

    @classmethod
    def fewer_than(cls, limit: int, *, at_least: int = 0) -> Self:
        """Return the count printed as "<n": from ``at_least`` to n - 1."""
        n = _to_count(limit, "limit")
        require(n >= 1, "must be 1 or more", "Use the n of '<n'", limit=limit)
        return cls(at_least, n - 1, Reason.FEWER_THAN)

    @classmethod
    def not_reported(cls) -> Self:
        """Return a count that a country did not report: 0 or more, not bounded."""
        return cls(0, None, Reason.NOT_REPORTED)

    @classmethod
    def breakdown_not_reported(cls, total: int | None = None) -> Self:
        """Return the count of a category not reported by a country, up to the total."""
        return cls(0, total, Reason.BREAKDOWN_NOT_REPORTED)

    @classmethod
    def suppressed(cls, lower: int = 0, upper: int | None = None) -> Self:
        """Return a count suppressed by the source, with the stated bounds."""
        return cls(lower, upper, Reason.SUPPRESSED)

    @classmethod
    def conflicting(cls, values: "Iterable[Count | int]") -> Self:
        """Return a count with several values in one source.

        The rows can be versions of one count, or parts without their labels. The lower bound is
        therefore the smallest value, the upper bound the sum of all values. The count is
        reported.

        Examples
        --------
        Female victims in Bulgaria in 2018 (GLOTIP, file of 14 April 2025): two rows without an
        age group. The rows by age show that they are 336 women and 52 girls.

        >>> Count.conflicting([336, 52])
        Count(52 to 388, conflicting)
        """
        counts = [value if isinstance(value, Count) else cls.known(value) for value in values]
        hint = "Use Count.known(value) for one value"
        require(len(counts) >= 2, "must be two or more values", hint, values=len(counts))
        uppers = [count.upper for count in counts if count.upper is not None]
        upper = sum(uppers) if len(uppers) == len(counts) else None
        return cls(min(count.lower for count in counts), upper, Reason.CONFLICTING)

    @classmethod
    def not_applicable(cls) -> Self:
        """Return a count that is not applicable; sums and expected reporters exclude it."""
        return cls(0, 0, Reason.NOT_APPLICABLE)

    @property
    def is_point(self) -> bool:
        """Whether the count is exact and applicable."""
        return self.lower == self.upper and self.reason is not Reason.NOT_APPLICABLE

    @property
    def value(self) -> int | None:
        """The exact value, or ``None``."""
        return self.lower if self.is_point else None

    @property
    def interval(self) -> Interval:
        """The bounds."""
        return Interval(self.lower, self.upper)

    def __add__(self, other: "Count | int") -> "Count":
        if not isinstance(other, Count):
            return self + Count.known(other)
        if self.reason is Reason.NOT_APPLICABLE:
            return other
        if other.reason is Reason.NOT_APPLICABLE:
            return self
        upper = None if self.upper is None or other.upper is None else self.upper + other.upper
        reason = max(self.reason, other.reason, key=lambda reason: reason.severity)
        return Count(self.lower + other.lower, upper, reason)

    __radd__ = __add__  # `sum` starts with 0

    def __str__(self) -> str:
        return "not applicable" if self.reason is Reason.NOT_APPLICABLE else str(self.interval)

    def __repr__(self) -> str:
        reason = "" if self.reason is Reason.KNOWN else f", {self.reason}"
        return f"Count({self.interval}{reason})"


FLAG_LABELS = {
    "b": "break in time series",
    "c": "confidential",
    "d": "definition differs",
    "e": "estimated",
    "f": "forecast",
    "i": "imputed",
    "m": "missing; data cannot exist",
    "n": "not significant",
    "p": "provisional",
    "r": "revised",
    "s": "estimate by the statistical office",
    "u": "low reliability",
    "z": "not applicable",
}
"""Labels of the flags of the Eurostat code list; other letters have no label."""


def parse_flags(text: str | Iterable[str] | None) -> frozenset[str]:
    """Return the flags of a text such as ``"ep"`` or of a collection of letters.

    Examples
    --------
    >>> sorted(parse_flags("ep"))
    ['e', 'p']
    """
    source: object = text
    parts = [] if source is None else source if isinstance(source, Iterable) else [source]
    letters = set[object]()
    for part in parts:
        letters.update("".join(part.lower().split()) if isinstance(part, str) else [part])
    hint = "Write the letters without separators, for example 'ep'"
    for letter in sorted(letters, key=str):
        is_letter = isinstance(letter, str) and "a" <= letter <= "z"
        require(is_letter, "must be a letter from a to z", hint, flags=letter)
    return frozenset(map(str, letters))


def flag_mask(flags: Iterable[str]) -> int:
    """Return the bit mask of flags: bit 0 is ``a``, bit 25 is ``z``.

    Examples
    --------
    >>> flag_mask({"b", "d"})
    10
    """
    return sum(1 << (ord(letter) - ord("a")) for letter in parse_flags(flags))


def flag_set(mask: int) -> frozenset[str]:
    """Return the flags of a bit mask, as the inverse of `flag_mask`.

    Examples
    --------
    >>> sorted(flag_set(10))
    ['b', 'd']
    """
    is_mask = 0 <= mask < 1 << 26
    require(is_mask, "must be from 0 to 2**26 - 1", "Use a result of flag_mask", flags=mask)
    return frozenset(chr(ord("a") + bit) for bit in range(26) if mask >> bit & 1)
