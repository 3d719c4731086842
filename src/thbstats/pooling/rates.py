"""A flow over the person-years of a population: pooled over those of whom both are known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import ceil, floor, inf

import numpy as np
from attrs import evolve, frozen

from thbstats.display import count
from thbstats.errors import NoSuchCell
from thbstats.geography import Area, parse_area
from thbstats.pooling.nested import Flags
from thbstats.pooling.person_years import PersonYears, Years, together
from thbstats.pooling.windows import Window
from thbstats.records import Populations
from thbstats.results import Base, Context, Exposure, Measure, Parts, Range, Rate, Series, words
from thbstats.values import Interval

__all__ = ["rate_of"]


def rate_of(
    counted: Window,
    populations: Populations,
    *,
    measure: Measure,
    at: str | date,
    among: Mapping[str, str],
    inhabitants: str | Area | None = None,
) -> Rate:
    """Return a rate, not yet assessed.

    Parameters
    ----------
    counted : Window
        The flow.
    populations : Populations
        The inhabitants.
    measure : Measure
        ``per_100_000`` or ``per_million``.
    at : str or date
        Which population stands for a year: see `PersonYears`.
    among : mapping
        Which inhabitants, by sex and age.
    inhabitants : str or Area, optional
        The area of the population, where it is another than that of the counts.

    Raises
    ------
    NoSuchCell
        If nobody's population is known at that time.
    InvalidValue
        If the period is not made of whole years, or what is asked of the population is wrong.
    """
    where = counted.flows[0].cells.scope.area
    period = counted.context(False, counted.each.given).period
    wanted = PersonYears(populations=populations, period=period, at=at, among=among)
    area = where if inhabitants is None else parse_area(inhabitants)
    sides = _own(wanted, counted, where) if inhabitants is None else _lent(wanted, counted, area)
    number = counted.used(sides.printed, sides.given)
    people = sides.everyone if sides.used is None else together(sides.used)
    rated = f"{counted.counted.label}{_among(counted.category)} per {count(measure.scale)}"
    who = f"{words(among)} inhabitants" if among else "inhabitants"
    return Rate(
        indicator="rate",
        label=f"{rated} {who}",
        measure=measure,
        category=tuple(counted.category.items()),
        numerator=number,
        denominator=people,
        base=Base(rule="population", label=wanted.label, within=tuple(among.items())),
        estimand=f"{rated} {who} and year, same countries and period",
        reported=None if sides.used is None else _of(number, people, measure),
        bounds=_of(counted.whole.interval(), sides.everyone, measure),
        possible=_of(counted.possible, sides.everyone, measure),
        raw=_raw(counted, sides, measure),
        context=_context(counted.context(sides.printed, sides.given), sides, area),
        parts=_parts(counted, sides, measure),
        sharp=counted.sharp,
    )


@frozen(kw_only=True, eq=False)
class _Sides:
    """Which counts stand over which inhabitants.

    Parameters
    ----------
    printed : bool
        Whether `reported` is of the count that is printed for the area.
    given : array of bool, shape (n,)
        Else of which members.
    used : Years or None
        The populations behind `reported`; ``None`` where there is none.
    everyone : Interval
        The person-years of the whole area.
    each : sequence of (Years or None), length n, or None
        Those of each member; ``None`` where counts and inhabitants are of two areas.
    """

    printed: bool
    given: Flags
    used: Years | None
    everyone: Interval
    each: Sequence[Years | None] | None


def _own(wanted: PersonYears, counted: Window, area: Area) -> _Sides:
    """Return the counts over the inhabitants of the same countries."""
    each = [wanted.of([member]) for member in counted.members]
    given = counted.each.given & np.array([years is not None for years in each], dtype=np.bool_)
    whole = _whole(wanted, counted.members or area.members)
    if whole is None and not any(each):
        raise _unknown(wanted, area)
    behind = whole
    if counted.printed and counted.members:
        reporters = counted.context(True, given).reporters
        behind = whole if reporters is None else _whole(wanted, reporters)
    printed = counted.printed and behind is not None
    known = _picked(each, [True] * len(each))
    return _Sides(
        printed=printed,
        given=given,
        used=behind if printed else _picked(each, given) if given.any() else None,
        everyone=Interval(together(known).lower, None) if whole is None else together(whole),
        each=each,
    )


def _lent(wanted: PersonYears, counted: Window, area: Area) -> _Sides:
    """Return the counts over the inhabitants of another area."""
    whole, given = _whole(wanted, area.members), counted.each.given
    if whole is None:
        raise _unknown(wanted, area)
    return _Sides(
        printed=counted.printed,
        given=given,
        used=whole if counted.printed or given.any() else None,
        everyone=together(whole),
        each=None,
    )


def _whole(wanted: PersonYears, members: Iterable[str]) -> Years | None:
    """Return the populations of an area: those of its countries, else its own."""
    countries = list(members)
    each = [wanted.of([country]) for country in countries]
    return wanted.of(countries) if None in each else _picked(each, [True] * len(each))


def _picked(each: Sequence[Years | None], chosen: Iterable[bool]) -> Years:
    """Return the populations of some countries, as far as they are known."""
    return tuple(
        year
        for years, own in zip(each, chosen, strict=True)
        if own and years is not None
        for year in years
    )


def _unknown(wanted: PersonYears, area: Area) -> NoSuchCell:
    return NoSuchCell(
        f"nothing is known of the {wanted.label}",
        field="area",
        value=area.code,
        mend=f"What there is: {wanted.populations!r}; at= chooses another time",
    )


def _of(number: Interval, people: Interval, measure: Measure) -> Interval:
    return Interval.ratio(number, people).scale(measure.scale)


def _among(category: Mapping[str, str]) -> str:
    return f" ({words(category)})" if category else ""


def _raw(counted: Window, sides: _Sides, measure: Measure) -> Interval | None:
    """Return what anybody counted over all inhabitants, whoever did not count."""
    given = counted.each.given
    if sides.printed or sides.each is None or not given.any():
        return None
    return _of(counted.used(False, given), sides.everyone, measure)


def _context(context: Context, sides: _Sides, area: Area) -> Context:
    """Return the context of a count, with what its inhabitants add to it."""
    used = [item for year in sides.used or () for item in year]
    return evolve(
        context,
        against=Series("population", [("unit", "persons")]),
        flags=context.flags.union(*(item.flags for item in used)),
        exposure=Exposure(
            area=area,
            counted=dict.fromkeys(item.when for item in used),
            sources=dict.fromkeys(item.source for item in used),
        ),
    )


def _parts(counted: Window, sides: _Sides, measure: Measure) -> Parts | None:
    if sides.each is None or not sides.given.any():
        return None
    people = [Interval.at_least(0) if years is None else together(years) for years in sides.each]
    # Half a person, as the mean of two days can have, is between two whole ones.
    lower = [floor(item.lower or 0) for item in people]
    upper = [inf if item.upper is None else ceil(item.upper) for item in people]
    return Parts(
        members=counted.members,
        numerator=Range(counted.each.lower, counted.each.upper),
        rest=Range(lower, upper),
        given=sides.given,
        measure=measure,
    )
