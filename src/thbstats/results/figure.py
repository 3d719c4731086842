"""The data of one number: what it is, what it can be, and on whose word."""

from attrs import field, frozen

from thbstats.errors import ImpossibleResult
from thbstats.results.context import Base, Context, Excess
from thbstats.results.measure import Measure
from thbstats.results.parts import Parts
from thbstats.results.warning import Warnings
from thbstats.values import Interval, Percent

__all__ = ["Figure"]


@frozen(kw_only=True)
class Figure:
    """A number, what it can be, its numerator and base, and what it may be compared with.

    Parameters
    ----------
    indicator : str
        The function that made it.
    label : str
        What it says, in a few words.
    measure : Measure
        Share, ratio, count or change.
    numerator, denominator : Interval
        The counts over the reporters of ``reported``; where nobody reported, over the area.
    base : Base
        The denominator in words, and the rule that chose it.
    estimand : str
        The quantity that ``reported`` speaks of, in one sentence.
    reported : Interval or None
        The number over the countries that gave every input; ``None`` if none did.
    bounds : Interval
        The number for the whole area, gaps filled in every possible way.
    possible : Interval
        The same, with everyone of unknown category given one in every possible way.
    category : tuple of (str, str)
        The categories counted in the numerator, by dimension; empty for all.
    unknown : Interval or None
        How many are of unknown category, shown beside.
    gap : Interval or None
        The printed total minus the sum of its parts, 0 where they add up; ``None`` where
        nothing was printed that could be added.
    excess : Excess or None
        Where overlapping categories make more than their total; ``None`` where that is not
        certain anywhere.
    raw : Interval or None
        For ratios: sums over all who reported each side, whether or not they gave both.
    printed : Percent or None
        The text of the publication, for numbers that were read and not computed.
    context : Context
        Area, period, reporters, sources, flags.
    parts : Parts or None
        What each reporting country adds; ``None`` when only an aggregate was printed.
    sharp : bool
        Whether both ends of ``bounds`` are reached by some completion of the gaps.
    warnings : Warnings
        What to know before comparing.
    """

    indicator: str
    label: str
    measure: Measure
    numerator: Interval
    denominator: Interval
    base: Base
    estimand: str
    reported: Interval | None
    bounds: Interval
    possible: Interval
    context: Context
    category: tuple[tuple[str, str], ...] = ()
    unknown: Interval | None = None
    gap: Interval | None = None
    excess: Excess | None = None
    raw: Interval | None = None
    printed: Percent | None = None
    parts: Parts | None = field(default=None, repr=False, hash=False)
    sharp: bool = True
    warnings: Warnings = field(default=Warnings(), converter=Warnings)

    def __attrs_post_init__(self) -> None:
        nested = self.measure is Measure.SHARE
        low, high = self.numerator.lower, self.denominator.upper
        if nested and low is not None and high is not None and low > high:
            raise ImpossibleResult(
                "the numerator of a share is above its base",
                field="numerator",
                value=str(self.numerator),
                mend=f"Check the base {self.denominator}: a part cannot exceed its whole",
            )

    @property
    def value(self) -> float | None:
        """The reported number as a float when it is one point, else ``None``."""
        if self.reported is None or self.reported.value is None:
            return None
        return float(self.reported.value)

    @property
    def stated(self) -> Interval:
        """The reported number, or the bounds where nobody reported."""
        return self.bounds if self.reported is None else self.reported

    @property
    def area(self) -> str:
        """The area asked for."""
        return self.context.area.code

    @property
    def period(self) -> str:
        """The reference period as text."""
        return str(self.context.period)

    @property
    def reporters(self) -> frozenset[str] | None:
        """The countries behind ``reported``; ``None`` when the source does not list them."""
        return self.context.reporters

    @property
    def shown(self) -> str:
        """The number as a reader expects it: reported first, bounds where nobody reported."""
        return self.measure.show(self.stated)
