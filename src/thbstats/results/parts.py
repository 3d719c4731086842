"""The reporting countries behind a number: what each adds to it."""

from typing import Any, ClassVar

import numpy as np
from attrs import cmp_using, field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import InvalidValue
from thbstats.results.measure import Measure
from thbstats.values import Interval

__all__ = ["Parts", "Range"]


def _fixed(values: ArrayLike, dtype: Any) -> NDArray[Any]:
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def _whole(values: ArrayLike) -> NDArray[np.int64]:
    return _fixed(values, np.int64)


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return _fixed(values, np.float64)


def _flags(values: ArrayLike) -> NDArray[np.bool_]:
    return _fixed(values, np.bool_)


@frozen(eq=False)
class Range:
    """Counts per country known between two ends.

    Parameters
    ----------
    lower : array of int64, shape (n,)
        The smallest possible counts.
    upper : array of float64, shape (n,)
        The largest possible counts; ``inf`` where nothing bounds them.
    """

    lower: NDArray[np.int64] = field(converter=_whole)
    upper: NDArray[np.float64] = field(converter=_floats)

    @classmethod
    def zero(cls, size: int) -> "Range":
        """Return counts that are certainly 0."""
        return cls(np.zeros(size), np.zeros(size))

    @classmethod
    def free(cls, size: int) -> "Range":
        """Return counts about which nothing is known."""
        return cls(np.zeros(size), np.full(size, np.inf))

    def __len__(self) -> int:
        return len(self.lower)

    def total(self, chosen: NDArray[np.bool_] | None = None) -> Interval:
        """Return what the sum over some countries can be."""
        lower, upper = self.lower, self.upper
        if chosen is not None:
            lower, upper = lower[chosen], upper[chosen]
        highest = float(upper.sum())
        return Interval(int(lower.sum()), None if np.isinf(highest) else int(highest))

    def where(self, chosen: NDArray[np.bool_]) -> "Range":
        """Return the counts of some countries."""
        return Range(self.lower[chosen], self.upper[chosen])

    def __add__(self, other: "Range") -> "Range":
        return Range(self.lower + other.lower, self.upper + other.upper)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Range):
            return NotImplemented
        return np.array_equal(self.lower, other.lower) and np.array_equal(self.upper, other.upper)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


@frozen(kw_only=True)
class Parts:
    """Per reporting country, the counts of which a pooled number is made.

    Parameters
    ----------
    members : tuple of str, length n
        Country codes.
    numerator : Range
        What each adds to the numerator.
    rest : Range
        What each adds to the rest of the base (shares), or to the denominator (ratios).
    given : array of bool, shape (n,)
        Which of them gave every input.
    measure : Measure
        What they make together: a share (the numerator is part of its base), a ratio of two
        flows, or a count (the rest is empty).
    """

    members: tuple[str, ...]
    numerator: Range
    rest: Range
    given: NDArray[np.bool_] = field(converter=_flags, eq=cmp_using(eq=np.array_equal))
    measure: Measure

    def __attrs_post_init__(self) -> None:
        sizes = {len(self.members), len(self.numerator), len(self.rest), len(self.given)}
        if len(sizes) > 1:
            raise InvalidValue(
                "every country needs one entry in every column",
                field="members",
                value=len(self.members),
                mend="Give columns of equal length",
            )

    @property
    def nested(self) -> bool:
        """Whether the numerator is part of the denominator."""
        return self.measure is Measure.SHARE

    @property
    def base(self) -> Range:
        """What each country adds to the base of the number; to the count itself where none is."""
        if self.measure is Measure.COUNT:
            return self.numerator
        return self.numerator + self.rest if self.nested else self.rest

    @property
    def reporters(self) -> frozenset[str]:
        """The countries that gave every input."""
        return frozenset(
            member for member, given in zip(self.members, self.given, strict=True) if given
        )

    def value(self, chosen: NDArray[np.bool_]) -> Interval:
        """Return the pooled number over some countries, with sharp ends."""
        numerator, rest = self.numerator.total(chosen), self.rest.total(chosen)
        if self.measure is Measure.COUNT:
            return numerator
        if self.nested:
            return Interval.share_of(numerator, rest)
        return Interval.ratio(numerator, rest).scale(self.measure.scale)

    def among(self, countries: frozenset[str]) -> NDArray[np.bool_]:
        """Return which entries belong to some countries and gave every input."""
        inside = np.array([member in countries for member in self.members], dtype=np.bool_)
        return inside & self.given
