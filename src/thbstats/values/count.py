"""A count of persons, cases or decisions: what it can be, and why it is not a point."""

from collections.abc import Iterable
from enum import StrEnum
from operator import index
from typing import Self

import numpy as np
from attrs import field, frozen

from thbstats.errors import InvalidValue
from thbstats.values.interval import Interval

__all__ = ["LARGEST_COUNT", "Count", "Reason"]

LARGEST_COUNT = 2**53
"""The largest count that float64 columns still hold exactly."""


class Reason(StrEnum):
    """Why a count is what it is, from harmless to grave; a sum takes the gravest.

    An unknown *category* (victims whose sex nobody wrote down) is no reason: it is a category
    with a count of its own.
    """

    KNOWN = "known"
    ROUNDED = "rounded"
    FEWER_THAN = "fewer_than"
    SUPPRESSED = "suppressed"
    CONFLICTING = "conflicting"
    BREAKDOWN_NOT_REPORTED = "breakdown_not_reported"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The reason in words."""
        return _LABELS[self]

    @property
    def gravity(self) -> int:
        """Position in the order of the class: the code of a reason in columns.

        Files contain the name of a reason and never this number, so that a new reason can
        stand at its place in the order.
        """
        return _GRAVITY[self]


_LABELS = {
    Reason.KNOWN: "known",
    Reason.ROUNDED: "known only from rounded figures",
    Reason.FEWER_THAN: "fewer than a stated number",
    Reason.SUPPRESSED: "suppressed by the source",
    Reason.CONFLICTING: "several values in one source",
    Reason.BREAKDOWN_NOT_REPORTED: "breakdown not reported by the country",
    Reason.NOT_REPORTED: "not reported by the country",
    Reason.NOT_APPLICABLE: "not applicable",
}
_GRAVITY = {reason: position for position, reason in enumerate(Reason)}


def _whole(value: object, name: str) -> int:
    try:
        number = None if isinstance(value, bool | np.bool_) else index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None:
        raise InvalidValue(
            "a count is a whole number",
            field=name,
            value=value,
            hint="Give an int; for a printed percentage use Percent",
        )
    if number < 0:
        raise InvalidValue(
            "a count cannot be negative",
            field=name,
            value=number,
            hint="Use Count.not_reported() for a missing count and Count.known(0) for none",
        )
    if number > LARGEST_COUNT:
        raise InvalidValue(
            "a count above 2**53 cannot be held exactly",
            field=name,
            value=number,
            hint="Check the figure: it is larger than any population",
        )
    return number


@frozen
class Count:
    """A count known exactly, or only between two ends, with the reason.

    Parameters
    ----------
    lower : int
        The smallest possible value.
    upper : int or None
        The largest possible value; ``None`` when nothing bounds it.
    reason : Reason
        Why the count is not a point; ``known`` for a point.

    Raises
    ------
    InvalidValue
        If an end is negative, not whole or above 2**53, if the ends are out of order, or if a
        known count is not a point.

    Examples
    --------
    >>> Count.known(20532)
    Count(20532)
    >>> Count.fewer_than(5)
    Count(0 to 4, fewer_than)
    """

    lower: int
    upper: int | None
    reason: Reason = field(default=Reason.KNOWN)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "lower", _whole(self.lower, "lower"))
        if self.upper is not None:
            object.__setattr__(self, "upper", _whole(self.upper, "upper"))
            if self.lower > self.upper:
                raise InvalidValue(
                    "the lower end is above the upper",
                    field="lower",
                    value=self.lower,
                    hint=f"Give at most {self.upper}, or a larger upper end",
                )
        object.__setattr__(self, "reason", _reason(self.reason))
        if self.reason is Reason.KNOWN and self.lower != self.upper:
            raise InvalidValue(
                "a known count has one value",
                field="reason",
                value="known",
                hint="Say why it is an interval, for example Reason.ROUNDED",
            )
        if self.reason is Reason.NOT_APPLICABLE and (self.lower, self.upper) != (0, 0):
            raise InvalidValue(
                "a count that does not apply adds nothing",
                field="upper",
                value=self.upper,
                hint="Use Count.not_applicable()",
            )

    @classmethod
    def known(cls, value: int) -> Self:
        """Return a count that is exactly this, zero included."""
        return cls(value, value)

    @classmethod
    def between(cls, lower: int, upper: int | None, reason: Reason = Reason.ROUNDED) -> Self:
        """Return a count known to lie between two ends."""
        return cls(lower, upper, reason)

    @classmethod
    def fewer_than(cls, limit: int, *, at_least: int = 0) -> Self:
        """Return what "<n" stands for: from ``at_least`` to n - 1."""
        n = _whole(limit, "limit")
        if n < 1:
            raise InvalidValue(
                "nothing is fewer than 0",
                field="limit",
                value=limit,
                hint="Give the n of '<n', 1 or more",
            )
        return cls(at_least, n - 1, Reason.FEWER_THAN)

    @classmethod
    def not_reported(cls) -> Self:
        """Return the count that a country did not send: 0 or more, without upper bound."""
        return cls(0, None, Reason.NOT_REPORTED)

    @classmethod
    def breakdown_not_reported(cls, total: int | None = None) -> Self:
        """Return the count of a category that a country did not send; its total bounds it."""
        return cls(0, total, Reason.BREAKDOWN_NOT_REPORTED)

    @classmethod
    def suppressed(cls, lower: int = 0, upper: int | None = None) -> Self:
        """Return the count that a source hides; the ends are the source's own."""
        return cls(lower, upper, Reason.SUPPRESSED)

    @classmethod
    def conflicting(cls, values: "Iterable[Count | int]") -> Self:
        """Return the count for which one source gives several values.

        The rows can be rival values of one count, or its parts whose labels were lost. The
        lower bound is therefore the smallest value, the upper bound the sum of all values. Such
        a count is reported.

        Parameters
        ----------
        values : iterable of Count or int
            All values that the source gives, two or more.

        Raises
        ------
        InvalidValue
            If there are fewer than two values.

        Examples
        --------
        Female victims in Bulgaria in 2018 (GLOTIP, file of 14 April 2025): two rows without an
        age group. The rows by age show that they are 336 women and 52 girls.

        >>> Count.conflicting([336, 52])
        Count(52 to 388, conflicting)
        """
        counts = [value if isinstance(value, Count) else cls.known(value) for value in values]
        if len(counts) < 2:
            raise InvalidValue(
                "a conflict needs two or more values",
                field="values",
                value=len(counts),
                hint="Use Count.known(value) for one value",
            )
        uppers = [count.upper for count in counts if count.upper is not None]
        upper = sum(uppers) if len(uppers) == len(counts) else None
        return cls(min(count.lower for count in counts), upper, Reason.CONFLICTING)

    @classmethod
    def not_applicable(cls) -> Self:
        """Return the count that cannot exist; it leaves the expected reporters and every sum."""
        return cls(0, 0, Reason.NOT_APPLICABLE)

    @property
    def is_point(self) -> bool:
        """Whether exactly one value is possible and the count applies."""
        return self.lower == self.upper and self.reason is not Reason.NOT_APPLICABLE

    @property
    def value(self) -> int | None:
        """The one possible value, or ``None``."""
        return self.lower if self.is_point else None

    @property
    def interval(self) -> Interval:
        """The possible values."""
        return Interval(self.lower, self.upper)

    def __add__(self, other: "Count") -> "Count":
        if self.reason is Reason.NOT_APPLICABLE:
            return other
        if other.reason is Reason.NOT_APPLICABLE:
            return self
        upper = None if self.upper is None or other.upper is None else self.upper + other.upper
        reason = max(self.reason, other.reason, key=lambda reason: reason.gravity)
        return Count(self.lower + other.lower, upper, reason)

    def __str__(self) -> str:
        return "not applicable" if self.reason is Reason.NOT_APPLICABLE else str(self.interval)

    def __repr__(self) -> str:
        reason = "" if self.reason is Reason.KNOWN else f", {self.reason}"
        return f"Count({self.interval}{reason})"


def _reason(value: object) -> Reason:
    try:
        return Reason(str(value))
    except ValueError:
        raise InvalidValue(
            "no such reason",
            field="reason",
            value=value,
            hint="Use one of " + ", ".join(Reason),
        ) from None
