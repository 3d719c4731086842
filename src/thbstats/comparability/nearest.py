"""Make two numbers equal in what can be made equal: base, reporters, period length, precision."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.comparability.levels import Level, Levels, judge, verdicts
from thbstats.comparability.matching import listed, matched, shared
from thbstats.comparability.rule import Rule
from thbstats.comparability.thresholds import Thresholds
from thbstats.results import Base, Measure, Message, Nearest, Result, Results, Verdict
from thbstats.values import Certainty, Interval, Period, Rational

__all__ = ["nearest_pair"]

_Pair = tuple[Result, Result]


def nearest_pair(
    first: Result, second: Result, rules: Sequence[Rule], limits: Thresholds, levels: Levels
) -> tuple[Nearest | None, str]:
    """Return the nearest pair that may be compared, or in words why there is none.

    Parameters
    ----------
    first, second : Result
        The two numbers.
    rules : sequence of Rule
        Rules for pairs.
    limits : Thresholds
        Where they change their answer or weight.
    levels : array of int8, shape (rules, 1)
        What they find.
    """
    if Level(verdicts(levels)[0]).verdict is Verdict.COMPARABLE:
        return None, "nothing needs to be made equal"
    pair, done = (first, second), []
    for name, mend in _MENDS.items() if first.measure is second.measure else ():
        made = mend(*pair)
        if made is not None:
            pair = made
            done.append(name)
    if not done:
        return None, "the figures at hand give nothing that could be made equal"
    one, two = (Results(caption="", items=[number]) for number in pair)
    after = judge(rules, one, two, limits)
    # What can no longer be told is not mended.
    after = np.where((after == Level.ASIDE) & (levels > Level.ASIDE), levels, after)
    verdict = Level(verdicts(after)[0]).verdict
    if verdict in (Verdict.NOT_COMPARABLE, Verdict.CANNOT_TELL):
        codes = _codes(rules, after > Level.CAUTION)
        return None, Message("{codes} would still speak against it", codes=codes)
    removes = _codes(rules, (levels > Level.ASIDE) & (after == Level.HOLDS))
    if not removes:
        return None, "what can be made equal is not what tells the two numbers apart"
    return Nearest(
        measure=pair[0].measure,
        first=pair[0].stated,
        second=pair[1].stated,
        made_equal=tuple(done),
        removes=removes,
        countries=tuple(sorted(pair[0].context.area.members)) if "reporters" in done else (),
        verdict=verdict,
    ), ""


def _codes(rules: Sequence[Rule], chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    found = (rule.code for rule, own in zip(rules, chosen[:, 0], strict=True) if own)
    return tuple(dict.fromkeys(found))


def _one_base(first: Result, second: Result) -> _Pair | None:
    """Take both shares over those with a recorded category."""
    one, two = first.base, second.base
    rules = {one.rule, two.rule}
    same = (one.dimension, one.within, one.overlap) == (two.dimension, two.within, two.overlap)
    if rules != {"all", "recorded"} or not same or _needs_restriction(first, second):
        return None
    base = one if one.rule == "recorded" else two
    made = [_recorded(number, base) for number in (first, second)]
    return None if made[0] is None or made[1] is None else (made[0], made[1])


def _recorded(number: Result, base: Base) -> Result | None:
    if number.base == base:
        return number
    if number.unknown is None or number.reported is None:
        return None
    known = _at_least_0(number.denominator - number.numerator - number.unknown)
    share = Interval.share_of(number.numerator, known)
    return evolve(
        number,
        denominator=number.numerator + known,
        base=base,
        reported=share,
        bounds=share,
        parts=None,
    )


def _at_least_0(number: Interval) -> Interval:
    """The counts among the numbers that a difference of dependent counts can be."""
    lower, upper = number.lower, number.upper
    return Interval(max(lower or 0, 0), None if upper is None else max(upper, 0))


def _same_reporters(first: Result, second: Result) -> _Pair | None:
    """Restrict both numbers to the countries behind both."""
    if not _needs_restriction(first, second):
        return None
    countries = shared(first.context, second.context)
    one, two = _among(first, countries), _among(second, countries)
    return None if one is None or two is None else (one, two)


def _needs_restriction(first: Result, second: Result) -> bool:
    """Whether other countries stand behind one number than behind the other."""
    areas = [number.context.area.members for number in (first, second)]
    if len(areas[0]) == len(areas[1]) == 1:
        return False
    return areas[0] != areas[1] or listed(first.context) != listed(second.context)


def _among(number: Result, countries: frozenset[str] | None) -> Result | None:
    found = matched(number, countries)
    if found is None or countries is None:
        return None
    context = number.context
    return evolve(
        number,
        numerator=found.numerator,
        denominator=found.denominator,
        reported=found.value,
        bounds=found.value,
        # How many are of unknown category is not kept country by country.
        unknown=None,
        possible=Interval(0, 1) if number.measure is Measure.SHARE else found.value,
        context=evolve(
            context,
            area=evolve(context.area, members=countries),
            reporters=countries,
            expected=countries,
            n_reporters=len(countries),
        ),
    )


def _per_year(first: Result, second: Result) -> _Pair | None:
    """Take both counts per year, where they are of calendar years that are apart."""
    one, two = first.context.period, second.context.period
    whole = all(period.is_calendar and period.certainty is Certainty.EXACT for period in (one, two))
    if first.measure is not Measure.COUNT or not whole:
        return None
    if one.years == two.years or one.overlaps(two):
        return None
    return _yearly(first), _yearly(second)


def _yearly(number: Result) -> Result:
    period = number.context.period
    start, years = period.start, period.years or 1
    per_year = {
        name: getattr(number, name).scale(Fraction(1, years))
        for name in ("numerator", "reported", "bounds", "possible")
        if getattr(number, name) is not None
    }
    year = period if start is None else Period.calendar(start.year)
    context = evolve(number.context, period=year)
    return evolve(number, parts=None, context=context, **per_year)


def _same_precision(first: Result, second: Result) -> _Pair | None:
    """Round the finer of two figures like the other, which is printed as a percentage."""
    units = [None if item.printed is None else item.printed.unit for item in (first, second)]
    if units[0] == units[1]:
        return None
    unit = max(unit for unit in units if unit is not None)
    one, two = (_rounded(item, unit) for item in (first, second))
    return None if one is None or two is None else (one, two)


def _rounded(number: Result, unit: Fraction) -> Result | None:
    if number.printed is not None and number.printed.unit == unit:
        return number
    found = number.reported
    if found is None or found.lower is None or found.upper is None:
        return None
    ends = Interval(_nearest(found.lower, unit) - unit / 2, _nearest(found.upper, unit) + unit / 2)
    return evolve(number, reported=ends, bounds=ends)


def _nearest(value: Rational, unit: Fraction) -> Fraction:
    return floor(value / unit + Fraction(1, 2)) * unit


_MENDS = {
    "base": _one_base,
    "reporters": _same_reporters,
    "period length": _per_year,
    "precision": _same_precision,
}
