"""What kind of number a result is, and how it is printed."""

from enum import StrEnum

from thbstats.display import count, decimal, percent, pp, signed, signed_percent
from thbstats.values import Interval

__all__ = ["Measure"]


class Measure(StrEnum):
    """The kind of a number: it decides the unit, and which numbers can be subtracted."""

    SHARE = "share"
    """A part of a whole, in [0, 1]."""
    RATIO = "ratio"
    """Two flows, 0 or more."""
    PER_100 = "per_100"
    """Two flows, times 100."""
    PER_100_000 = "per_100_000"
    """A flow over the person-years of a population, times 100 000."""
    PER_MILLION = "per_million"
    """A flow over the person-years of a population, times 1 000 000."""
    COUNT = "count"
    """Persons, cases or decisions."""
    PER_YEAR = "per_year"
    """A count over the years in which it was made."""
    CHANGE = "change"
    """New minus old count."""
    RELATIVE_CHANGE = "relative_change"
    """New minus old, over old."""
    DIFFERENCE = "difference"
    """New minus old share: printed in percentage points."""
    INDEX = "index"
    """A number on a scale of its own, such as a coefficient from -1 to 1."""

    @property
    def scale(self) -> int:
        """By how much numerator over denominator is multiplied."""
        return _SCALES.get(self, 1)

    def show(self, number: Interval) -> str:
        """Return a number of this kind as a reader expects it."""
        match self:
            case Measure.SHARE:
                return percent(number)
            case Measure.RATIO | Measure.INDEX:
                return decimal(number)
            case Measure.PER_100_000:
                return decimal(number, 2)
            case Measure.PER_100 | Measure.PER_MILLION | Measure.PER_YEAR:
                return decimal(number, 1)
            case Measure.COUNT:
                return count(number)
            case Measure.RELATIVE_CHANGE:
                return signed_percent(number)
            case Measure.DIFFERENCE:
                return pp(number)
        return signed(number)

    def show_difference(self, number: Interval) -> str:
        """Return the difference of two numbers of this kind."""
        match self:
            case Measure.RATIO | Measure.INDEX:
                return signed(number, 3)
            case Measure.PER_100_000:
                return signed(number, 2)
            case Measure.PER_100 | Measure.PER_MILLION | Measure.PER_YEAR:
                return signed(number, 1)
            case Measure.COUNT | Measure.CHANGE:
                return signed(number)
        return pp(number)


_SCALES = {Measure.PER_100: 100, Measure.PER_100_000: 100_000, Measure.PER_MILLION: 1_000_000}
