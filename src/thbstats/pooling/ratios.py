"""The ratio of two flows over the same area: pooled over those who gave both."""

from collections.abc import Sequence
from functools import reduce
from operator import and_

from attrs import evolve

from thbstats.errors import InvalidValue
from thbstats.pooling.nested import Flags
from thbstats.pooling.windows import Window
from thbstats.results import Base, Context, Measure, Parts, Range, Ratio, words
from thbstats.values import Interval, Period

__all__ = ["ratio_of"]


def ratio_of(
    numerator: Window,
    denominator: Window,
    *,
    indicator: str,
    label: str,
    measure: Measure,
    lag: int | None = None,
    beside: Sequence[Window] = (),
) -> Ratio:
    """Return a ratio, not yet assessed.

    Parameters
    ----------
    numerator, denominator : Window
        Of the same area and members.
    indicator, label : str
        The function asked, and what the ratio says.
    measure : Measure
        ``ratio`` or ``per_100``.
    lag : int, optional
        How many years the denominator is before the numerator, where that is a question.
    beside : sequence of Window
        Counts of ratios that stand beside this one: `reported` is over those who gave them too.

    Raises
    ------
    InvalidValue
        If the two are of different periods, and no lag is named.
    """
    every = (numerator, denominator, *beside)
    applies = reduce(and_, (side.applies for side in every))
    numerator, denominator, *beside = (side.over(applies) for side in every)
    every = (numerator, denominator, *beside)
    given = reduce(and_, (side.each.given for side in every))
    printed = all(side.printed for side in every)
    counts = numerator.used(printed, given), denominator.used(printed, given)
    scale = measure.scale
    first, second = (side.context(printed, given) for side in (numerator, denominator))
    return Ratio(
        indicator=indicator,
        label=label,
        measure=measure,
        category=tuple(numerator.category.items()),
        numerator=counts[0],
        denominator=counts[1],
        base=_base(denominator, second.period, lag),
        estimand=_estimand(numerator, denominator, scale, lag),
        reported=_of(counts[0], counts[1], scale) if printed or given.any() else None,
        bounds=_of(numerator.whole.interval(), denominator.whole.interval(), scale),
        possible=_of(numerator.possible, denominator.possible, scale),
        raw=None if printed else _raw(numerator, denominator, scale),
        context=_context(first, second, lag),
        parts=_parts(numerator, denominator, given, measure),
        sharp=numerator.sharp and denominator.sharp,
    )


def _of(numerator: Interval, denominator: Interval, scale: int) -> Interval:
    return Interval.ratio(numerator, denominator).scale(scale)


def _among(side: Window) -> str:
    return f" ({words(side.category)})" if side.category else ""


def _estimand(numerator: Window, denominator: Window, scale: int, lag: int | None) -> str:
    above, below = (f"{side.counted.label}{_among(side)}" for side in (numerator, denominator))
    when = "and period" if not lag else f"{lag} year{'s' if lag > 1 else ''} before"
    return f"{above} per {'100 ' if scale == 100 else ''}{below}, same countries {when}"


def _base(denominator: Window, period: Period, lag: int | None) -> Base:
    when = "" if lag is None else f", {period}"
    return Base(
        rule=f"lag_{lag}" if lag else "series",
        label=f"{denominator.counted.label}{_among(denominator)}{when}",
        within=tuple(denominator.category.items()),
    )


def _raw(numerator: Window, denominator: Window, scale: int) -> Interval | None:
    """The ratio of what anybody reported on either side, whoever that was."""
    sides = [(side, side.each.given) for side in (numerator, denominator)]
    if not all(given.any() for _, given in sides):
        return None
    first, second = (side.used(False, given) for side, given in sides)
    return _of(first, second, scale)


def _context(first: Context, second: Context, lag: int | None) -> Context:
    """Return the context of both sides; where both are printed, on the word of both."""
    if lag is not None:
        # The period is that of the numerator; the base names its own.
        return first.merge(evolve(second, period=first.period))
    if first.period != second.period:
        raise InvalidValue(
            f"{first.period} and {second.period} are different periods",
            field="period",
            value=str(second.period),
            mend="A ratio is of one period: select the same on both sides",
        )
    return first.merge(second)


def _parts(numerator: Window, denominator: Window, given: Flags, measure: Measure) -> Parts | None:
    if not given.any():
        return None
    each, against = numerator.each, denominator.each
    return Parts(
        members=numerator.members,
        numerator=Range(each.lower, each.upper),
        rest=Range(against.lower, against.upper),
        given=given,
        measure=measure,
    )
