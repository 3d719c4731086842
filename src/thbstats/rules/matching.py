"""Numbers over the countries of two numbers."""

from attrs import frozen

from thbstats.panel import Result
from thbstats.values import Interval, Rational

__all__ = ["Matched", "countries_expected", "countries_listed", "countries_shared", "matched"]


def countries_expected(number: Result) -> frozenset[str]:
    """Return the countries that should report: as documented, else all of the area."""
    return number.area.members if number.expected is None else number.expected


def countries_listed(number: Result) -> frozenset[str] | None:
    """Return the countries of a number, as listed or because all of them reported."""
    if number.reporters is not None:
        return number.reporters
    expected = countries_expected(number)
    everyone = number.n_reporters is not None and number.n_reporters >= len(expected)
    return expected if everyone or len(number.area.members) == 1 else None


def countries_shared(first: Result, second: Result) -> frozenset[str] | None:
    """Return the countries of both areas that reported both numbers."""
    left, right = countries_listed(first), countries_listed(second)
    if left is None or right is None:
        return None
    return left & right & first.area.members & second.area.members


@frozen
class Matched:
    """A number over some of its countries.

    Parameters
    ----------
    numerator, denominator : Interval
        The counts of these countries.
    value : Interval
        Their number.
    coverage : int or Fraction
        The smallest share of the denominator that these countries can have.
    """

    numerator: Interval
    denominator: Interval
    value: Interval
    coverage: Rational


def matched(number: Result, countries: frozenset[str] | None) -> Matched | None:
    """Return a number over some of its countries.

    Parameters
    ----------
    number : Result
        A number with `Parts`, or one that is of these countries already.
    countries : frozenset of str or None
        The countries.

    Returns
    -------
    Matched or None
        ``None`` if the counts of these countries are not available.
    """
    if not countries:
        return None
    if countries_listed(number) == countries and number.value is not None:
        return Matched(number.numerator, number.denominator, number.value, 1)
    parts = number.parts
    # The counts of a change or an index do not make that number.
    if parts is None or parts.kind[0] is not number.kind:
        return None
    chosen = parts.among(countries)
    base = parts.base.total(chosen)
    rest = parts.base.total(parts.reported & ~chosen)
    coverage = Interval.share_of(base, rest).lower or 0
    return Matched(parts.numerator.total(chosen), base, parts.value(chosen), coverage)
