"""Which countries stand behind a number, and what it is over some of them only."""

from attrs import frozen

from thbstats.results import Context, Result
from thbstats.values import Interval, Rational

__all__ = ["Matched", "expected", "listed", "matched", "number_of_reporters", "shared"]


def expected(context: Context) -> frozenset[str]:
    """Return the countries that should report: as documented, else all of the area."""
    return context.area.members if context.expected is None else context.expected


def listed(context: Context) -> frozenset[str] | None:
    """Return the countries behind a number, where they are listed or can only be all of them."""
    if context.reporters is not None:
        return context.reporters
    everyone = context.n_reporters is not None and context.n_reporters >= len(expected(context))
    return expected(context) if everyone or len(context.area.members) == 1 else None


def number_of_reporters(context: Context) -> int | None:
    """Return how many of the expected countries stand behind a number."""
    reporters, should = listed(context), expected(context)
    if not should:
        return None
    return context.n_reporters if reporters is None else len(reporters & should)


def shared(a: Context, b: Context) -> frozenset[str] | None:
    """Return the countries behind both numbers, among those of both areas, where both list them."""
    one, two = listed(a), listed(b)
    if one is None or two is None:
        return None
    return one & two & a.area.members & b.area.members


@frozen
class Matched:
    """A number over some countries only.

    Parameters
    ----------
    numerator, denominator : Interval
        The counts of these countries.
    value : Interval
        The number that they make.
    held : int or Fraction
        The part of the base of the whole number that these countries certainly hold.
    """

    numerator: Interval
    denominator: Interval
    value: Interval
    held: Rational


def matched(number: Result, countries: frozenset[str] | None) -> Matched | None:
    """Return a number over some countries; ``None`` where their counts are not at hand.

    Parameters
    ----------
    number : Result
        With `Parts`, as numbers that were summed over countries have, unless it is of these
        countries already.
    countries : frozenset of str or None
        Those to which it is restricted.

    Returns
    -------
    Matched or None
        Exact, with sharp ends.
    """
    parts = number.parts
    if not countries:
        return None
    if listed(number.context) == countries and number.reported is not None:
        return Matched(number.numerator, number.denominator, number.reported, 1)
    # A change or an index of counts is not what its counts make over some countries.
    if parts is None or parts.measure is not number.measure:
        return None
    chosen = parts.among(countries)
    base = parts.base.total(chosen)
    rest = parts.base.total(parts.given & ~chosen)
    return Matched(
        parts.numerator.total(chosen),
        base,
        parts.value(chosen),
        Interval.share_of(base, rest).lower or 0,
    )
