"""A change between two printed rates, each of which is rounded."""

from collections.abc import Iterable
from fractions import Fraction

from attrs import evolve, field, frozen

from thbstats.values import Interval, Percent, Rational, Rounding, exact

__all__ = ["OpenInterval", "RateChange"]


@frozen(kw_only=True)
class OpenInterval:
    """The numbers that rounded operands allow.

    Parameters
    ----------
    interval : Interval
        The bounds.
    lower_closed, upper_closed : bool
        Whether each bound can be attained.
    """

    interval: Interval
    lower_closed: bool
    upper_closed: bool

    @classmethod
    def of(cls, number: Percent) -> "OpenInterval":
        """Return the numbers that print as a rounded one."""
        return cls(
            interval=number.interval,
            lower_closed=number.lower_closed,
            upper_closed=number.upper_closed,
        )

    def overlaps(self, other: "OpenInterval") -> bool:
        """Whether both allow one number."""
        return not (_is_below(self, other) or _is_below(other, self))

    def is_inside(self, other: "OpenInterval") -> bool:
        """Whether the other allows every number that this one allows."""
        first, two = self.interval, other.interval
        low = two.lower is None or (
            first.lower is not None
            and (first.lower > two.lower or (first.lower == two.lower and other.lower_closed))
        )
        high = two.upper is None or (
            first.upper is not None
            and (first.upper < two.upper or (first.upper == two.upper and other.upper_closed))
        )
        return low and high


def _is_below(first: OpenInterval, two: OpenInterval) -> bool:
    end, start = first.interval.upper, two.interval.lower
    if end is None or start is None:
        return False
    return end < start or (end == start and not (first.upper_closed and two.lower_closed))


@frozen
class RateChange:
    """The new and the old one of two rates, as printed.

    A rate has a numerator and a denominator that are not printed, so that its true value is any
    number that rounds to it: 0.35 is 0.345 to 0.355. From 0.21 to 0.35 is therefore +60.5% to
    +73.2%, and a change that is printed between these is consistent with both rates.

    Parameters
    ----------
    new, old : Percent
        The printed numbers; their unit does not matter, as long as both have the same.

    Examples
    --------
    >>> change = RateChange(Percent("0.35"), Percent("0.21"))
    >>> change.room().interval
    Interval(26/43 to 30/41)
    >>> change.fits(Percent("+67"), [Rounding.HALF_UP])
    True
    """

    new: Percent = field()
    old: Percent = field()

    def room(self, way: Rounding = Rounding.HALF_UP) -> OpenInterval:
        """Return the changes that the rates allow, as shares of the old one.

        Parameters
        ----------
        way : Rounding
            How both were rounded.
        """
        new, old = evolve(self.new, rounding=way), evolve(self.old, rounding=way)
        least, most = max(new.lower, 0), max(old.lower, 0)
        upper = None if most == 0 else _ratio(new.upper, most)
        if old.upper <= 0:
            # No rate above 0 prints as the old one, and from 0 a relative change is undefined.
            return OpenInterval(
                interval=Interval(None, None), lower_closed=False, upper_closed=False
            )
        return OpenInterval(
            interval=Interval(_ratio(least, old.upper), upper),
            lower_closed=least == 0 or (new.lower_closed and old.upper_closed),
            upper_closed=new.upper_closed and old.lower_closed,
        )

    def fits(self, printed: Percent, ways: Iterable[Rounding]) -> bool:
        """Whether some way of rounding gives all three numbers.

        Parameters
        ----------
        printed : Percent
            The change as printed.
        ways : iterable of Rounding
            The ways of rounding that count.
        """
        return any(
            self.room(way).overlaps(OpenInterval.of(evolve(printed, rounding=way))) for way in ways
        )


def _ratio(new: Rational, old: Rational) -> Rational:
    return exact(Fraction(new) / Fraction(old) - 1)
