"""Changes between rounded rates."""

from collections.abc import Iterable
from fractions import Fraction
from math import inf, isinf

from attrs import evolve, frozen

from thbstats.values.interval import Interval, Rational, exact
from thbstats.values.percent import Percent, Rounding

Bound = tuple[Rational | float, int]
"""A bound and its step inwards: 0 if it is attained, 1 or -1 if only numbers inside it are."""


@frozen
class Span:
    """Real numbers between two bounds, without bounds by default."""

    lower: Bound = (-inf, 0)
    upper: Bound = (inf, 0)

    @classmethod
    def of(cls, number: Percent) -> "Span":
        """Return the numbers that are printed as a percentage."""
        return cls(
            (number.lower, int(not number.lower_closed)),
            (number.upper, -int(not number.upper_closed)),
        )

    @property
    def interval(self) -> Interval:
        """The closed interval."""
        ends = (None if isinf(end) else exact(Fraction(end)) for end, _ in (self.lower, self.upper))
        return Interval(*ends)

    def overlaps(self, other: "Span") -> bool:
        """Return whether two spans contain a common number."""
        return max(self.lower, other.lower) <= min(self.upper, other.upper)

    def is_inside(self, other: "Span") -> bool:
        """Return whether another span contains every number of this span."""
        return other.lower <= self.lower and self.upper <= other.upper


@frozen
class RateChange:
    """Change between two rounded rates.

    The numerator and the denominator of a rate are not printed, so its true value is any number
    that rounds to it: 0.35 is 0.345 to 0.355. From 0.21 to 0.35 is therefore +60.5% to +73.2%.
    """

    new: Percent
    old: Percent

    def room(self, way: Rounding = Rounding.HALF_UP) -> Span:
        """Return the changes that the rates allow, as shares of the old rate."""
        new, old = evolve(self.new, rounding=way), evolve(self.old, rounding=way)
        if old.upper <= 0:  # only 0 is printed so, and from 0 a relative change is undefined
            return Span()
        # The smallest change is from the largest old to the smallest new rate. A change of -100%
        # is attained by any old rate.
        least, lowest_base = max(new.lower, 0), max(old.lower, 0)
        low_closed = least == 0 or (new.lower_closed and old.upper_closed)
        lower = (Fraction(least) / Fraction(old.upper) - 1, int(not low_closed))
        if not lowest_base:  # from nearly 0 a change can have any size
            return Span(lower)
        high_closed = new.upper_closed and old.lower_closed
        return Span(lower, (Fraction(new.upper) / lowest_base - 1, -int(not high_closed)))

    def fits(self, printed: Percent, ways: Iterable[Rounding]) -> bool:
        """Return whether some rounding method gives all three numbers."""
        return any(self.room(way).overlaps(Span.of(evolve(printed, rounding=way))) for way in ways)

    def implies(self, printed: Percent, ways: Iterable[Rounding]) -> bool:
        """Return whether every rounding method gives the printed number for all true rates."""
        return all(self.room(way).is_inside(Span.of(evolve(printed, rounding=way))) for way in ways)
