"""Growth between two periods: of what was published, and over the countries that gave both."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess, compare
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.pooling import (
    Window,
    area_throughout,
    complete,
    counted,
    periods_of,
    require_counts,
    window,
)
from thbstats.results import Base, Change, Context, Growth, Measure, Result
from thbstats.tables import CountTable
from thbstats.values import Interval, Period, Rational

__all__ = ["growth"]

_NAME = "growth"


def growth(
    table: CountTable,
    *,
    old: str | int | Period | Iterable[str | int | Period],
    new: str | int | Period | Iterable[str | int | Period],
    per: str | None = None,
    area: str | Area | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Growth:
    """Return by how much a count grew, as published and like for like.

    ``growth = (N - O) / O``: as published with all that was counted in each period, by whomever;
    like for like with the sums over the countries that gave both. With ``per="year"`` both counts
    are first divided by the years of their period.

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    old, new : str, int, Period or iterable of them
        The earlier and the later period; several that follow one another are added up, over the
        countries that gave each of them.
    per : {"year"}, optional
        Compare annual averages; by default the counts as they are, however long their periods.
    area : str or Area, optional
        The area asked for; by default the one area of the table, or all its countries together.
    thresholds, rules : optional
        Passed to `assess` and `compare`.
    **selection
        Attributes and categories, such as ``stage="convicted"``.

    Returns
    -------
    Growth
        Two `Change`, ``"as published"`` and ``"like for like"``, exact, with the countries that
        are matched and the share of each published count that they hold. `bounds` of both are the
        growth of the whole area. Where no country has rows, nothing is like for like.

    Raises
    ------
    NoSuchCell
        If the table has no such counts in a period.
    AmbiguousCell
        If the area or an attribute of the counts must be named.
    InvalidValue
        If ``per`` is not ``"year"``, or a period has no whole years to divide by.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, COVERAGE, DEFINITION, DETECTION, DOMINANCE,
    DUPLICATE, FLAGS, MEMBERSHIP, OFFENCE, PERIOD, REGISTER, SMALL, SOURCE, STATUS, SUPPRESSED,
    UNIT, VINTAGE.

    Examples
    --------
    Raw totals of persons convicted that grow from 1 295 to 2 517 grow by 94.4 %, also where a
    large country is new among them:

    >>> import thbstats as thb
    >>> rows = [("BE", 2020, 900), ("BE", 2021, 1300), ("FR", 2021, 900), ("DE", 2020, 395),
    ...         ("DE", 2021, 317)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "period", "value"], kind="justice", stage="convicted",
    ...     unit="persons",
    ... )
    >>> found = thb.growth(table, old=2020, new=2021)
    >>> found.as_published.shown, found.like_for_like.shown, sorted(found.matched)
    ('+94.4 %', '+24.9 %', ['BE', 'DE'])
    >>> found.held_old, found.held_new
    (Interval(1), Interval(539/839))

    Two years and three can only be set beside each other as annual averages:

    >>> rows = [("2013-2014", 15846), ("2015-2016", 20532), ("2010-2012", 30146)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["period", "value"], kind="victims", area="EU28", status="registered"
    ... )
    >>> thb.growth(table, old="2013-2014", new="2015-2016").as_published.shown
    '+29.6 %'
    >>> thb.growth(table, old="2010-2012", new="2013-2014", per="year").as_published.reported
    Interval(-6377/30146)

    References
    ----------
    Eurostat, release of 9 February 2023: convictions grew by 54.9 % from 2020 to 2021 over the
    countries that gave both years. COM(2016) 267 and COM(2018) 777: registered victims.
    """
    if per not in (None, "year"):
        raise InvalidValue(
            "growth is of counts, or of annual averages",
            field="per",
            value=per,
            mend='Leave it out, or say per="year"',
        )
    sides = _sides(table, area, selection, (old, new))
    published = [counted(side, _NAME) for side in sides]
    matched = _matched(sides, published)
    alike = frozenset.intersection(*(number.reporters or frozenset() for number in matched))
    held = [_held(*each, alike) for each in zip(sides, published, matched, strict=True)]
    items = [
        _judged(_growth(label, pair, published, per), pair, thresholds, tuple(rules))
        for label, pair in (("as published", published), ("like for like", matched))
    ]
    listed = alike or any(side.each.given.any() for side in sides)
    return Growth(
        caption=f"growth: {published[0].estimand}",
        items=items,
        matched=alike if listed else None,
        held_old=held[0] if listed else None,
        held_new=held[1] if listed else None,
    )


def _sides(
    table: CountTable, area: str | Area | None, selection: Mapping[str, Any], periods: Iterable[Any]
) -> list[Window]:
    """Return the earlier and the later counts, of one area."""
    questions = [{**selection, "period": periods_of(period)} for period in periods]
    require_counts(table, questions)
    table = complete(table, questions)
    every = dict.fromkeys(period for question in questions for period in question["period"])
    where = area_throughout(table, area, {**selection, "period": list(every)})
    return [window(table, where, _NAME, question) for question in questions]


def _matched(sides: list[Window], published: list[Result]) -> list[Result]:
    """Return both counts over the members that gave both."""
    if not any(side.members for side in sides):
        return published
    applies = sides[0].applies & sides[1].applies
    shared = [side.over(applies) for side in sides]
    given = shared[0].each.given & shared[1].each.given
    return [counted(side, _NAME, given) for side in shared]


def _held(side: Window, published: Result, matched: Result, alike: frozenset[str]) -> Interval:
    """Return the share of a published count that some members hold."""
    part = matched.numerator if alike else Interval.point(0)
    if side.members and published.reported is not None and side.printed:
        rest = published.reported - part
        return Interval.share_of(part, Interval(max(rest.lower or 0, 0), _above(rest)))
    others = side.each.given & np.array([member not in alike for member in side.members], np.bool_)
    return Interval.share_of(part, side.each.over(others).pooled().interval())


def _above(rest: Interval) -> Rational | None:
    """The upper end of a remainder, where parts above their total leave nothing."""
    return None if rest.upper is None else max(rest.upper, 0)


def _growth(label: str, pair: list[Result], published: list[Result], per: str | None) -> Change:
    """Return the growth of one pair of counts, with what it can be for the whole area."""
    old, new = pair
    years = [_years(number) if per else 1 for number in pair]

    longer = Fraction(years[0], years[1])
    first, second = published
    return Change(
        indicator=_NAME,
        label=label,
        measure=Measure.RELATIVE_CHANGE,
        category=new.category,
        numerator=new.numerator.scale(Fraction(1, years[1])),
        denominator=old.numerator.scale(Fraction(1, years[0])),
        base=Base(
            rule="earlier", label=f"{old.estimand}, {old.period}{', per year' if per else ''}"
        ),
        estimand=f"{new.estimand}: {new.period} against {old.period}, {label}",
        reported=None
        if old.reported is None or new.reported is None
        else _relative(old.reported, new.reported, longer),
        bounds=_relative(first.bounds, second.bounds, longer),
        possible=_relative(first.possible, second.possible, longer),
        context=_context(old.context, new.context),
        parts=new.parts,
        sharp=first.sharp and second.sharp,
    )


def _relative(old: Interval, new: Interval, longer: Fraction) -> Interval:
    """Return the growth of a count, whose earlier period may be longer than the later one."""
    return Interval.ratio(new, old).scale(longer) - Interval.point(1)


def _context(old: Context, new: Context) -> Context:
    """Return the later context, with the sources and flags of both."""
    merged = new.merge(evolve(old, period=new.period))
    return evolve(
        merged, reporters=new.reporters, expected=new.expected, n_reporters=new.n_reporters
    )


def _years(number: Result) -> int:
    years = number.context.period.years
    if years is None:
        raise InvalidValue(
            "an annual average needs whole years",
            field="period",
            value=number.period,
            mend='Leave out per="year", or give a period of whole years',
        )
    return years


def _judged(
    found: Change, pair: list[Result], limits: Thresholds, rules: tuple[Rule, ...]
) -> Change:
    """Return a growth with the warnings of both counts, of their pair, and its own."""
    # What the source hides of either count, the growth says of both together.
    old, new = (
        number.with_warnings(number.warnings.without("SUPPRESSED"))
        for number in (assess(each, thresholds=limits, rules=rules) for each in pair)
    )
    said = compare(old, new, thresholds=limits, rules=rules).warnings
    if found.base.label.endswith("per year"):
        # The division settles that lengths differ; what else PERIOD says of rates stands.
        rates = (evolve(number, measure=Measure.PER_YEAR) for number in (old, new))
        periods = compare(*rates, thresholds=limits, rules=rules).warnings.of("PERIOD")
        said = said.without("PERIOD").and_also(periods)
    own = assess(found, thresholds=limits, rules=rules).warnings
    return found.with_warnings(own.and_also(said))
