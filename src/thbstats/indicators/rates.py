"""Rates per inhabitants.

A population is an input with an area, a day and a source. None is bundled, and none is taken from
a neighbouring year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import MAXYEAR, date, timedelta
from fractions import Fraction
from itertools import chain, pairwise
from typing import Any, overload

import numpy as np
from attrs import evolve, field, frozen

from thbstats.columns import Coded, Fractions, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.display import count
from thbstats.errors import InvalidValue, NoSuchCell, require
from thbstats.geography import Area
from thbstats.indicators import _shared
from thbstats.indicators._shared import Areas, By, Names, Periods, Reading, indicator
from thbstats.languages import Day, Message
from thbstats.panel import Panel, Result, ResultKind, Status
from thbstats.panel.category_names import people_name
from thbstats.panel.context import Inhabitants
from thbstats.panel.kind import Base, CountKind, count_label
from thbstats.panel.parts import Parts
from thbstats.panel.pooled_counts import PanelCounts, count_panel, of_published_areas
from thbstats.panel.systems import with_reading
from thbstats.records import Population, Populations
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable
from thbstats.values import Period, flag_mask
from thbstats.values.period import to_day

__all__ = ["rate"]

Date = str | date
Categories = Mapping[str, str]

_REFERENCES = ("start", "middle", "average")

_PER = {100_000: ResultKind.PER_100_000, 1_000_000: ResultKind.PER_MILLION}

Years = tuple[tuple[Population, ...], ...]
"""The populations of each year: one, or two whose mean is used."""


@overload
def rate(
    table: CountTable, populations: Populations | Iterable[Population], *, by: None = None,
    **options: Any,
) -> Result: ...  # fmt: skip
@overload
def rate(
    table: CountTable, populations: Populations | Iterable[Population], *,
    by: str | Sequence[str], **options: Any,
) -> Panel: ...  # fmt: skip
@indicator("ratio")
def rate(
    table: CountTable, populations: Populations | Iterable[Population], *, per: int = 100_000,
    by: By = None, area: Areas = None, period: Periods = None, complete_dimensions: Names = None,
    contradictory: Reading = "leave_out", thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, population_date: Date = "start",
    population_categories: Categories | None = None,
    population_area: str | Area | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return counts per 100,000 or per million inhabitants and year.

    ``rate = per * N / P``, both summed over the countries for which both are known. ``P`` is the
    sum of the populations of all years of the period (person-years).

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    populations : Populations or iterable of Population
        Inhabitants, with source and date. Periods of rates must consist of whole years.
    per : {100_000, 1_000_000}
        The number of inhabitants.
    by, area, period, complete_dimensions, contradictory, thresholds, rules : optional
        As for `total`. A row whose population is not known has the status ``not_reported``.
    population_date : {"start", "middle", "average"} or date
        The population of a year: that of its first day; that of the day six months later (1
        July), as in World Population Prospects; its average (as published, else the mean of its
        first day and that of the year after); or that of one day for all years.
    population_categories : mapping, optional
        The sex and age of the inhabitants, such as ``{"sex": "female"}``.
    population_area : str or Area, optional
        The area of the population; by default that of the counts.
    **where
        Attributes and categories of the counts, such as ``exploitation="sexual"``.

    Returns
    -------
    Result or Panel
        An exact number of 0 or more. `Result.all_reported` has all inhabitants in the denominator,
        also those of countries that did not report.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings: those of `total`, and SMALL_DENOMINATOR.

    Examples
    --------
    20,532 victims registered in two years, and the 508.3 and 510.1 million inhabitants of the
    EU on the first day of each:

    >>> import thbstats as thb
    >>> source = thb.Source(title="First population estimates, 8 July 2016", publisher="Eurostat")
    >>> inhabitants = [
    ...     thb.records.Population(
    ...         area="EU28", when=day, persons=thb.Count.between(*bounds), source=source
    ...     )
    ...     for day, *bounds in [
    ...         ("2015-01-01", 508_250_000, 508_350_000), ("2016-01-01", 510_050_000, 510_150_000)
    ...     ]
    ... ]
    >>> victims = thb.CountTable.from_rows(
    ...     [("EU28", 20532)], columns=["area", "value"], kind="victims", period="2015-2016",
    ...     status="registered",
    ... )
    >>> found = thb.rate(victims, inhabitants, per=1_000_000)
    >>> found.formatted, found.base.label
    ('20.1 to 20.2', 'person-years: population on 1 January of each year of 2015-2016')

    References
    ----------
    COM(2018) 777, section II: 20,532 registered victims. Eurostat, Statistics Explained,
    "Trafficking in human beings statistics": registered victims per million inhabitants.
    """
    require(
        per in _PER,
        "`per` must be 100_000 or 1_000_000",
        "Use per=100_000; for a rate per 100 of another count use thbstats.ratio",
        per=per,
    )
    counts = _shared.counts_in(
        table, where, by=by, area=area, period=period, complete_dimensions=complete_dimensions,
        contradictory=contradictory,
    )  # fmt: skip
    known = populations if isinstance(populations, Populations) else Populations(populations)
    years = _PersonYears(known, population_date, dict(population_categories or {}))
    if population_area is None:
        people = _own_people(counts, years)
    else:
        people = _people_of(Area.parse(population_area), counts, years)
    panel = _rate_panel(counts, years, _PER[per], people)
    if panel.inhabitants.is_constant and panel.bounds.missing.all():
        raise NoSuchCell(
            f"No {years.label(counts.period[0])} in `populations`",
            field="area",
            value=people.area[0].code,
            hint=f"The populations are: {known!r}; population_date= chooses another time",
        )
    return _shared.checked(panel, by, thresholds, rules)


@frozen(kw_only=True, eq=False)
class _People:
    """The populations that n rates of p countries need.

    They are twice the person-years, to be integers: 100 persons on the first day of a year and 101
    on the last have the mean 100.5, and 201 here.
    """

    area: Coded[Area]  # (n,): the area of the population
    everyone: Ranges  # (n,): its inhabitants
    partial: Mask  # (n,): whether counts of a country apply in some of the years only
    unknown: Mask  # (n,): whether neither the area nor a country has a population
    by_country: Ranges | None  # (p,): the inhabitants of each country, unless it is another area
    has_rate: Mask  # (p,): countries with a count that can be divided by a population
    from_area: Mask  # (n,): whether the value is a published count divided by a population
    # (n,): the countries of the denominator; missing where they are those of counts in the value.
    countries: Coded[frozenset[str]]


def _own_people(counts: PanelCounts, years: _PersonYears) -> _People:
    """Return the populations of the countries and areas of counts."""
    grid, period, start = counts.grid, counts.period.compact(), counts.grid.start
    published = of_published_areas([counts])
    documented, members, _ = counts.coverage(np.zeros_like(counts.applies), published)
    people, partial = _people_by_country(counts, years)
    of_area, everyone = years.column(members, period)
    # A published count is divided by the population of the countries that it includes.
    countries = documented.combine(members, lambda own, every: own or every)
    of_published = period.combine(countries, years.known)
    from_area = published & of_published.table(lambda own: own is not None, np.bool_)
    no_area = of_area.table(lambda own: own is None, np.bool_)
    return _People(
        area=grid.area,
        # Without the population of the area, it has that of the known countries or more.
        everyone=everyone.where(everyone.reported & ~partial, people.pool(start, counts.applies)),
        partial=partial & ~from_area,
        unknown=no_area & ~any_of(people.reported & counts.applies, start),
        by_country=people,
        has_rate=counts.reported & people.reported,
        from_area=from_area,
        countries=Coded(np.where(from_area, countries.positions, -1), countries.categories),
    )


def _people_by_country(counts: PanelCounts, years: _PersonYears) -> tuple[Ranges, Mask]:
    """Return the population of each country in the years in which its counts apply.

    The mask has the numbers for which it lacks a year, (n,).
    """
    grid, applies, windows = counts.grid, counts.applies_in, counts.grid.periods
    partly = ~applies.all(axis=0) & counts.applies
    if not partly.any() or not all(own.years for column in windows for own in column.categories):
        windows, partly = (counts.period.compact(),), np.zeros_like(partly)
        applies = np.ones((1, len(partly)), dtype=np.bool_)
    single, none = grid.member.map(lambda code: frozenset({code})), Ranges.zero(len(partly))
    columns = (years.column(single, window.take(grid.number))[1] for window in windows)
    people = [own.where(mask, none) for own, mask in zip(columns, applies, strict=True)]
    return sum(people[1:], people[0]), any_of(partly, grid.start)


def _people_of(area: Area, counts: PanelCounts, years: _PersonYears) -> _People:
    """Return the population of one area for all counts."""
    size = len(counts.grid)
    countries = Coded.constant(area.members, size)
    _, everyone = years.column(countries, counts.period.compact())
    return _People(
        area=Coded.constant(area, size),
        everyone=everyone,
        partial=np.zeros(size, dtype=np.bool_),
        unknown=~everyone.reported,
        by_country=None,
        has_rate=counts.reported,
        from_area=counts.published.reported,
        countries=countries,
    )


def _rate_panel(
    counts: PanelCounts, years: _PersonYears, kind: ResultKind, people: _People
) -> Panel:
    """Return the panel of rates.

    With 30 victims among 2 million inhabitants of one country, 10 victims in another country
    without a population, and 5 million inhabitants of both, the value is 1.5 per 100,000, and
    `all_reported` is 40 victims among 5 million, or 0.8.
    """
    start, unknown = counts.grid.start, people.unknown
    # 1. The value is a published count, or the counts of the countries that also have a population.
    in_value = people.has_rate & ~people.from_area[counts.grid.number]
    has_value = (people.from_area | any_of(in_value, start)) & ~unknown
    counted = evolve(counts.by_country, reported=people.has_rate)
    published = evolve(counts.published, reported=people.from_area)
    panel = count_panel(evolve(counts, by_country=counted, published=published), "rate")
    numerator = counts.used(in_value, people.from_area)
    reporters: Coded[Any] = panel.reporters.combine(people.countries, lambda own, area: area or own)
    of_reporters, denominator = years.column(reporters, counts.period.compact())
    if people.by_country is not None:
        summed = people.by_country.pool(start, in_value)
        denominator = summed.where(people.partial, denominator)
    # 2. All reported counts, also without a population of the country, by all inhabitants.
    has_raw = any_of(counts.reported, start) & ~people.from_area & ~unknown
    has_raw &= people.by_country is not None
    raw = counts.by_country.pool(start, counts.reported)
    # 3. Bounds: all victims of the area, among all its inhabitants.
    everyone, no_bounds = people.everyone, panel.bounds.missing | unknown
    persons = denominator.where(has_value, everyone)
    ratios, scale = Fractions.ratios, 2 * kind.scale
    is_lost = (panel.status == Status.OK) & ~has_value
    rates = evolve(
        panel,
        status=np.where(is_lost, np.int8(Status.NOT_REPORTED), panel.status),
        complete=panel.complete & everyone.reported & everyone.is_point & has_value,
        numerator=Fractions.counts(numerator.where(has_value, counts.whole)),
        denominator=Fractions.counts(persons).scale(Fraction(1, 2)).without(unknown),
        unknown=Fractions.none(len(panel)),
        value=ratios(numerator, denominator, scale).without(panel.value.missing | ~has_value),
        bounds=ratios(counts.whole, everyone, scale).without(no_bounds),
        bounds_with_unknown=ratios(counts.whole_joined, everyone, scale).without(no_bounds),
        all_reported=ratios(raw, everyone, scale).without(~has_raw),
        parts=_parts_of(counts, kind, people, in_value),
    )
    populations = of_reporters.combine(
        Coded.from_values(has_value.tolist()),
        lambda own, has: tuple(chain.from_iterable(own)) if own and has else (),
    )
    return _with_names(rates, counts, years, people.area, populations, kind=kind)


def _parts_of(counts: PanelCounts, kind: ResultKind, people: _People, in_value: Mask) -> Parts:
    """Return the counts and inhabitants of each country; none if the population is an area's."""
    grid = counts.grid
    if people.by_country is None:
        return Parts.empty(len(grid))
    lower, upper, reported = people.by_country.arrays
    return Parts(
        start=grid.start,
        members=grid.member,
        numerator=counts.by_country,
        # A column holds integers: half a person is between two.
        complement=Ranges(lower // 2, np.ceil(upper / 2), reported),
        reported=in_value,
        kind=Coded.constant(kind, len(grid)),
    ).select(counts.applies & any_of(people.has_rate, grid.start)[grid.number])


def _with_names(
    rates: Panel, counts: PanelCounts, years: _PersonYears, area: Coded[Area],
    populations: Coded[tuple[Population, ...]], *, kind: ResultKind,
) -> Panel:  # fmt: skip
    """Return rates with their names, and with the days, sources and flags of populations."""
    categories, size, reading = tuple(years.categories.items()), len(rates), counts.grid.reading
    labels = _labels(counts.kind, rates.category, count(kind.scale), categories)
    return evolve(
        rates,
        caption=labels[0] if size else "rates",
        kind=Coded.constant(kind, size),
        label=labels,
        estimand=labels.map(
            lambda own: Message(
                "{rate}, same countries and period",
                rate=with_reading(Message("{rate} and year", rate=own), reading),
            )
        ),
        base=counts.period.compact().map(
            lambda own: Base(rule="population", label=years.label(own), within=categories)
        ),
        denominator_kind=Coded.constant(CountKind("population", [("unit", "persons")]), size),
        inhabitants=area.combine(
            populations,
            lambda own, items: Inhabitants(
                area=own,
                counted=dict.fromkeys(item.when for item in items),
                sources=dict.fromkeys(item.source for item in items),
            ),
        ),
        flags=rates.flags
        | populations.table(
            lambda items: flag_mask(frozenset().union(*(item.flags for item in items))), np.uint32
        ),
    )


def _labels(
    counted: Coded[CountKind], category: Coded[Any], scale: str, within: Sequence[tuple[str, str]]
) -> Coded[str]:
    """Return the labels of rates, such as "victims (women and girls) per 100,000 inhabitants"."""
    people = Message("inhabitants")
    if within:
        people = Message("inhabitants ({category})", category=people_name(dict(within)))

    text = "{counted} per {scale} {inhabitants}"
    own = {"scale": scale, "inhabitants": people}
    return counted.combine(
        category, lambda kind, pairs: Message(text, counted=count_label(kind, pairs), **own)
    )


def _reference(value: str | date) -> str | date:
    with suppress(InvalidValue):
        day = value if value in _REFERENCES else to_day(value)
        if day is not None:
            return day
    raise InvalidValue(
        "`population_date` must be 'start', 'middle', 'average' or a day",
        field="population_date",
        value=value,
        hint='Use population_date="start" or population_date="2016-01-01"',
    )


@frozen(eq=False)
class _PersonYears:
    """The populations that rates need, by period and area."""

    populations: Populations
    reference: str | date = field(converter=_reference)
    categories: Mapping[str, str] = field()
    cache: dict[Any, Years | None] = field(factory=dict, repr=False, init=False)

    @categories.validator
    def _check_categories(self, _: object, categories: Mapping[str, str]) -> None:
        for name in categories:
            require(
                name in ("sex", "age"),
                "`population_categories` must name sex or age",
                'Use population_categories={"sex": "female"}',
                population_categories=name,
            )

    def _days(self, period: Period) -> list[date]:
        """Return the first day of each year, and of the year after the last one."""
        start, years = period.start, period.years
        require(
            start and years is not None and (start.month, start.day) != (2, 29),
            "the period of a rate must consist of whole years",
            "Choose counts of whole years",
            period=str(period),
        )
        first = start or date.min
        after = first.year + (years or 0)
        require(
            after <= MAXYEAR,
            "the period of a rate must end before 9999",
            "Correct the period of the counts",
            period=str(period),
        )
        return [first.replace(year=year) for year in range(first.year, after + 1)]

    def _day_of(self, start: date) -> date:
        """Return the day to which the population of a year refers, from its first day."""
        if self.reference != "middle":
            return start if isinstance(self.reference, str) else self.reference
        later, month = divmod(start.month + 5, 12)
        return start.replace(year=start.year + later, month=month + 1, day=min(start.day, 28))

    def _years(self, period: Period, members: frozenset[str]) -> Years | None:
        """Return the populations of an area, if every year has one."""
        years = list[tuple[Population, ...]]()
        for start, following in pairwise(self._days(period)):
            day = self._day_of(start)
            ways = [[Period(day, day)]]
            if self.reference == "average":
                # The published average, else the mean of both ends.
                whole = Period(start, following - timedelta(days=1))
                ways = [[whole], [*ways[0], Period(following, following)]]
            for way in ways:
                values = (self.populations.find(members, own, **self.categories) for own in way)
                known = [item for item in values if item and item.persons.upper is not None]
                if len(known) == len(way):
                    years.append(tuple(known))
                    break
            else:
                return None
        return tuple(years)

    def known(self, period: Period, members: frozenset[str]) -> Years | None:
        """Return the populations of the countries of an area, else of the area."""
        key = (period, members)
        if key not in self.cache:
            listed = [self._years(period, frozenset([member])) for member in sorted(members)]
            years = [own for own in listed if own is not None]
            self.cache[key] = (
                tuple(year for own in years for year in own)
                if len(years) == len(members)
                else self._years(period, members)
            )
        return self.cache[key]

    def column(
        self, members: Coded[frozenset[str]], period: Coded[Period]
    ) -> tuple[Coded[Years | None], Ranges]:
        """Return the populations of areas, and twice their person-years."""
        years = period.combine(members, lambda when, own: self.known(when, own) if own else None)
        values: list[tuple[int, float, bool]] = []
        for populations in years.categories:
            # A single population of a year counts twice, and each of two once.
            counts = [(2 // len(year), own.persons) for year in populations or () for own in year]
            lower = sum(factor * persons.lower for factor, persons in counts)
            upper = sum(factor * (persons.upper or 0) for factor, persons in counts)
            known = populations is not None
            values.append((lower, float(upper) if known else np.inf, known))
        ends = np.array(values, dtype=object).reshape(-1, 3)
        doubled = Ranges(ends[:, 0].astype(np.int64), ends[:, 1].astype(np.float64), ends[:, 2])
        return years, doubled.take(years.codes)

    def label(self, period: Period) -> str:
        """Return the denominator in words."""
        days = self._days(period)
        people = Message("population")
        if self.categories:
            people = Message("population ({category})", category=people_name(self.categories))
        several, day = len(days) > 2, self._day_of(days[0])
        text = Message("{people} on {day}", people=people, day=Day(day))
        if several and self.reference in ("start", "middle"):
            text = Message(
                "{people} on {day} of each year of {period}",
                people=people, day=Day(day, has_year=False), period=period,
            )  # fmt: skip
        if self.reference == "average":
            text = Message("average {people} of {period}", people=people, period=period)
            if several:
                text = Message(
                    "average {people} of each year of {period}", people=people, period=period
                )
        return Message("person-years: {text}", text=text) if several else text
