"""The ratio of two flows over the same area: pooled over those who gave both."""

from thbstats.errors import InvalidValue
from thbstats.pooling.flows import Flow
from thbstats.pooling.nested import Flags
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

    Raises
    ------
    InvalidValue
        If the two are of different periods.
    """
    numerator, denominator = numerator.among(denominator), denominator.among(numerator)
    given = numerator.each.given & denominator.each.given
    printed = numerator.printed and denominator.printed
    counts = numerator.used(printed, given), denominator.used(printed, given)
    scale = 100 if measure is Measure.PER_100 else 1
    return Ratio(
        indicator=indicator,
        label=label,
        measure=measure,
        category=tuple(numerator.category.items()),
        numerator=counts[0],
        denominator=counts[1],
        base=_base(denominator),
        estimand=f"{numerator.counted.label}{_among(numerator)} per "
        f"{'100 ' if scale == 100 else ''}{denominator.counted.label}{_among(denominator)}, "
        "same countries and period",
        reported=_of(counts[0], counts[1], scale) if printed or given.any() else None,
        bounds=_of(numerator.whole.interval(), denominator.whole.interval(), scale),
        possible=_of(numerator.possible, denominator.possible, scale),
        raw=None if printed else _raw(numerator, denominator, scale),
        context=_context(numerator, denominator, printed, given),
        parts=_parts(numerator, denominator, given, measure),
        sharp=numerator.sharp and denominator.sharp,
    )


def _of(numerator: Interval, denominator: Interval, scale: int) -> Interval:
    return Interval.ratio(numerator, denominator).scale(scale)


def _among(side: Flow) -> str:
    return f" ({words(side.category)})" if side.category else ""


def _base(denominator: Flow) -> Base:
    return Base(
        rule="series",
        label=f"{denominator.counted.label}{_among(denominator)}",
        within=tuple(denominator.category.items()),
    )


def _raw(numerator: Flow, denominator: Flow, scale: int) -> Interval | None:
    """The ratio of what anybody reported on either side, whoever that was."""
    sides = [(side, side.each.given) for side in (numerator, denominator)]
    if not all(given.any() for _, given in sides):
        return None
    first, second = (side.used(False, given) for side, given in sides)
    return _of(first, second, scale)


def _context(numerator: Flow, denominator: Flow, printed: bool, given: Flags) -> Context:
    """Return the context of both sides; where both are printed, on the word of both."""
    first, second = (side.context(printed, given) for side in (numerator, denominator))
    if first.period != second.period:
        raise InvalidValue(
            f"{first.period} and {second.period} are different periods",
            field="period",
            value=str(second.period),
            mend="A ratio is of one period: select the same on both sides",
        )
    return first.merge(second)


def _parts(numerator: Flow, denominator: Flow, given: Flags, measure: Measure) -> Parts | None:
    if not given.any():
        return None
    each, against = numerator.each, denominator.each
    return Parts(
        members=numerator.cells.members,
        numerator=Range(each.lower, each.upper),
        rest=Range(against.lower, against.upper),
        given=given,
        measure=measure,
    )
