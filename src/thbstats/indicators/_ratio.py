"""The ratio of two flows over the same area: pooled over those who gave both."""

import numpy as np

from thbstats.indicators._flows import Flow, both
from thbstats.indicators._nested import Flags
from thbstats.results import Base, Context, Measure, Parts, Range, Ratio, words
from thbstats.values import Interval

__all__ = ["ratio_of"]


def ratio_of(
    numerator: Flow, denominator: Flow, *, indicator: str, label: str, measure: Measure
) -> Ratio:
    """Return a ratio, not yet assessed.

    Parameters
    ----------
    numerator, denominator : Flow
        Of the same area and members.
    indicator, label : str
        The function asked, and what the ratio says.
    measure : Measure
        ``ratio`` or ``per_100``.
    """
    given = both(numerator, denominator)
    printed = numerator.printed and denominator.printed
    if printed or not given.any():
        counts = numerator.whole.interval(), denominator.whole.interval()
    else:
        counts = numerator.over(given), denominator.over(given)
    scale = 100 if measure is Measure.PER_100 else 1
    among = f" ({words(numerator.category)})" if numerator.category else ""
    return Ratio(
        indicator=indicator,
        label=label,
        measure=measure,
        category=tuple(numerator.category.items()),
        numerator=counts[0],
        denominator=counts[1],
        base=_base(denominator),
        estimand=f"{numerator.counted.label} per {'100 ' if scale == 100 else ''}"
        f"{denominator.counted.label}{among}, same countries and period",
        reported=Interval.ratio(*counts).scale(scale) if printed or given.any() else None,
        bounds=_of(numerator.whole.interval(), denominator.whole.interval(), scale),
        possible=_of(numerator.possible, denominator.possible, scale),
        raw=None if printed else _raw(numerator, denominator, scale),
        context=_context(numerator, denominator, printed, given),
        parts=_parts(numerator, denominator, given, measure),
    )


def _of(numerator: Interval, denominator: Interval, scale: int) -> Interval:
    return Interval.ratio(numerator, denominator).scale(scale)


def _base(denominator: Flow) -> Base:
    among = f" ({words(denominator.category)})" if denominator.category else ""
    return Base(
        rule="series",
        label=f"{denominator.counted.label}{among}",
        within=tuple(denominator.category.items()),
    )


def _raw(numerator: Flow, denominator: Flow, scale: int) -> Interval | None:
    """The ratio of what anybody reported on either side, whoever that was."""
    if not numerator.each.given.any() or not denominator.each.given.any():
        return None
    sides = [side.over(side.each.given) for side in (numerator, denominator)]
    return Interval.ratio(*sides).scale(scale)


def _context(numerator: Flow, denominator: Flow, printed: bool, given: Flags) -> Context:
    """Return the context of both sides; where both are printed, on the word of both."""
    return numerator.context(printed, given).merge(denominator.context(printed, given))


def _parts(numerator: Flow, denominator: Flow, given: Flags, measure: Measure) -> Parts | None:
    applies = numerator.cells.applies
    if not given.any():
        return None
    return Parts(
        members=tuple(np.array(numerator.cells.scope.members)[applies].tolist()),
        numerator=Range(numerator.each.lower[applies], numerator.each.upper[applies]),
        rest=Range(denominator.each.lower[applies], denominator.each.upper[applies]),
        given=given[applies],
        measure=measure,
    )
