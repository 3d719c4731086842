"""Rates per inhabitants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.columns.ranges import any_of
from thbstats.display import count
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.geography import Area
from thbstats.indicators._arguments import Areas, By, Periods, for_tables, require
from thbstats.indicators._grids import checked, counts_in
from thbstats.panel import Panel, ResultKind, Status
from thbstats.panel.cells import sets_of
from thbstats.panel.context import Inhabitants
from thbstats.panel.count_panels import count_panel
from thbstats.panel.counts import PanelCounts
from thbstats.panel.kind import Base, CountKind, category_label
from thbstats.panel.parts import Parts
from thbstats.records import Population, Populations
from thbstats.records.source import to_day
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable
from thbstats.values import Period, flag_mask

__all__ = ["rate"]

Mask = NDArray[np.bool_]

_PER = {100_000: ResultKind.PER_100_000, 1_000_000: ResultKind.PER_MILLION}

Categories = Mapping[str, str] | None
"""Categories by dimension."""

Years = tuple[tuple[Population, ...], ...]
"""The populations of each year: one, or two whose mean is used."""


@for_tables("ratio")
def rate(
    table: CountTable, populations: Populations | Iterable[Population], *, per: int = 100_000,
    by: By = None, area: Areas = None, period: Periods = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None,
    population_date: str | date = "start",
    population_categories: Categories = None,
    population_area: str | Area | None = None, **selection: Any,
) -> Any:  # fmt: skip
    """Return counts per 100,000 or per million inhabitants and year.

    ``rate = per * N / P``, both summed over the countries of which both are known. ``P`` is the
    sum of the populations of all years of the period (person-years).

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    populations : Populations or iterable of Population
        Inhabitants, with source and date.
    per : {100_000, 1_000_000}
        The number of inhabitants.
    by, area, period, thresholds, rules : optional
        As for `total`. A row whose population is not known has the status ``not_reported``.
    population_date : {"start", "average"} or date
        The population of a year: that of its first day; its average (as published, else the mean
        of its first day and that of the year after); or that of one day for all years.
    population_categories : mapping, optional
        The sex and age of the inhabitants, such as ``{"sex": "female"}``.
    population_area : str or Area, optional
        The area of the population; by default that of the counts.
    **selection
        Attributes and categories of the counts, such as ``exploitation="sexual"``.

    Returns
    -------
    Result or Panel
        0 or more, exact. `Result.raw` has all inhabitants in the denominator, also those of
        countries that did not report.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `share`; also if no population of that date is known, a period does not consist of
        whole years, or ``per``, ``population_date`` or ``population_categories`` is not allowed.

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
    ('20.2', 'person-years: population on 1 January of each year of 2015-2016')

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
    counts = counts_in(table, selection, use="a rate", by=by, area=area, period=period)
    known = populations if isinstance(populations, Populations) else Populations(populations)
    categories = dict(population_categories or {})
    present = [counts.period.categories[code] for code in counts.period.present]
    person_years = {
        own: PersonYears(
            populations=known, period=own, reference=population_date, categories=categories
        )
        for own in present
    }
    people = AreaPopulations(counts.period, person_years)
    other_area = None if population_area is None else Area.parse(population_area)
    panel = _rate_panel(counts, people, _PER[per], categories, other_area)
    if panel.inhabitants.is_constant and panel.bounds.missing.all():
        raise NoSuchCell(
            f"`populations` must include the {person_years[counts.period[0]].label}",
            field="area",
            value=(counts.grid.area[0] if other_area is None else other_area).code,
            hint=f"The populations are: {known!r}; population_date= chooses another time",
        )
    return checked(panel, by, thresholds, rules)


def _rate_panel(
    counts: PanelCounts,
    people: AreaPopulations,
    kind: ResultKind,
    categories: Mapping[str, str],
    other_area: Area | None,
) -> Panel:
    """Return the panel of rates."""
    # Person-years are doubled, so that the mean of two days is an integer.
    grid, size, scale = counts.grid, len(counts.grid), 2 * kind.scale
    start, number = grid.start, grid.number
    inside = np.flatnonzero(counts.applies)
    members = sets_of(number[inside], grid.member.take(inside), size)
    given = counts.by_country.reported & counts.applies
    if other_area is None:
        countries = grid.member.map(lambda code: frozenset({code}))
        each = people.areas(countries, people.period.take(number))[1]
        whole, everyone = people.areas(members)
        # Without the population of the area, it has that of the known countries or more.
        least = each.pool(start, counts.applies)
        everyone = everyone.where(everyone.reported, least)
        unknown = whole.table(lambda own: own is None, np.bool_) & ~any_of(
            each.reported & counts.applies, start
        )
        given = given & each.reported
    else:
        everyone = people.areas(Coded.constant(other_area.members, size))[1]
        each, unknown = Ranges.missing(len(number)), ~everyone.reported
    from_area, used_countries = _published(counts, people, members, other_area)
    chosen = given & ~from_area[number]
    some = (from_area | any_of(chosen, start)) & ~unknown
    # The countries of a value have a count and a population.
    panel = count_panel(
        evolve(
            counts,
            by_country=evolve(counts.by_country, reported=counts.by_country.reported & given),
            published=evolve(counts.published, reported=from_area),
        ),
        "rate",
    )  # fmt: skip
    reporters: Coded[Any] = (
        panel.reporters if other_area is None else Coded.constant(other_area.members, size)
    )
    used, of_used = people.areas(reporters.combine(used_countries, lambda own, area: area or own))
    of_value = (
        of_used if other_area is not None else of_used.where(from_area, each.pool(start, chosen))
    )
    numerator = counts.used(chosen, from_area)
    reported = counts.by_country.reported & counts.applies
    has_raw = any_of(reported, start) & ~from_area & ~unknown & (other_area is None)
    gone = panel.bounds.missing | unknown
    doubled = Fractions.counts(of_value.where(some, everyone))
    who = f"{category_label(categories.items())} inhabitants" if categories else "inhabitants"
    rated = counts.kind.combine(
        panel.category,
        lambda own, pairs: (
            f"{own.label}{f' ({category_label(pairs)})' if pairs else ''} "
            f"per {count(kind.scale)} {who}"
        ),
    )
    lost = (panel.status == Status.OK) & ~some
    populations_used = used.combine(
        Coded.from_values(some.tolist()),
        lambda years, has: tuple(item for year in (years if has else None) or () for item in year),
    )
    return evolve(
        panel,
        caption=rated[0] if size else "rates",
        kind=Coded.constant(kind, size),
        label=rated,
        estimand=rated.map(lambda own: f"{own} and year, same countries and period"),
        base=people.period.map(
            lambda own: Base(
                rule="population",
                label=people.person_years[own].label if own in people.person_years else "",
                within=tuple(categories.items()),
            )
        ),
        denominator_kind=Coded.constant(CountKind("population", [("unit", "persons")]), size),
        inhabitants=(grid.area if other_area is None else Coded.constant(other_area, size)).combine(
            populations_used,
            lambda own, items: Inhabitants(
                area=own,
                counted=dict.fromkeys(item.when for item in items),
                sources=dict.fromkeys(item.source for item in items),
            ),
        ),
        flags=panel.flags
        | populations_used.table(
            lambda items: flag_mask(frozenset().union(*(item.flags for item in items))), np.uint32
        ),
        status=np.where(lost, np.int8(Status.NOT_REPORTED), panel.status),
        complete=panel.complete & everyone.reported & everyone.is_point & some,
        numerator=Fractions.counts(numerator.where(some, counts.whole)),
        denominator=evolve(
            doubled, lower_den=2 * doubled.lower_den, upper_den=2 * doubled.upper_den
        ).without(unknown),
        unknown=Fractions.none(size),
        value=Fractions.ratios(numerator, of_value, scale).without(panel.value.missing | ~some),
        bounds=Fractions.ratios(counts.whole, everyone, scale).without(gone),
        bounds_with_unknown=Fractions.ratios(counts.whole_joined, everyone, scale).without(gone),
        raw=Fractions.ratios(
            counts.by_country.pool(start, reported), everyone, scale
        ).without(~has_raw),
        parts=Parts.empty(size) if other_area is not None else Parts(
            start=start,
            members=grid.member,
            numerator=counts.by_country,
            # A column holds integers: half a person is between two.
            complement=Ranges(each.lower // 2, np.ceil(each.upper / 2), each.reported),
            reported=chosen,
            kind=Coded.constant(kind, size),
        ).select(counts.applies & any_of(given, start)[number]),
    )  # fmt: skip


def _published(
    counts: PanelCounts,
    people: AreaPopulations,
    members: Coded[frozenset[str]],
    other_area: Area | None,
) -> tuple[Mask, Coded[Any]]:
    """Return where a published count is used, and the countries of its population."""
    from_area = counts.published.reported.copy()
    reporters = counts.coverage(np.zeros(len(counts.grid.number), dtype=np.bool_), from_area)[0]
    used_countries: list[frozenset[str] | None] = [None] * len(members)
    for i in [] if other_area is not None else np.flatnonzero(from_area).tolist():
        known = reporters[i] or members[i]
        from_area[i] = people.known(people.period[i], known) is not None
        used_countries[i] = known if from_area[i] else None
    return from_area, Coded.from_values(used_countries)


def _population_date(value: str | date) -> str:
    if value in ("start", "average"):
        return str(value)
    try:
        day = to_day(value)
    except InvalidValue:
        day = None
    require(
        day is not None,
        "`population_date` must be 'start', 'average' or a day",
        'Use population_date="start" or population_date="2016-01-01"',
        population_date=value,
    )
    return str(day)


@frozen(kw_only=True)
class PersonYears:
    """The populations that the rates of a period need."""

    populations: Populations
    period: Period
    reference: str = field(converter=_population_date)
    categories: Mapping[str, str]

    def __attrs_post_init__(self) -> None:
        start, period = self.period.start, str(self.period)
        is_integer = start and self.period.years is not None and (start.month, start.day) != (2, 29)
        require(
            is_integer,
            "the period of a rate must consist of whole years",
            "Choose counts of whole years",
            period=period,
        )
        for name in self.categories:
            require(
                name in ("sex", "age"),
                "`population_categories` must name sex or age",
                'Use population_categories={"sex": "female"}',
                population_categories=name,
            )

    @property
    def _starts(self) -> list[date]:
        """The first day of each year, and of the one after the last."""
        first, years = self.period.start or date.min, self.period.years or 0
        return [first.replace(year=first.year + place) for place in range(years + 1)]

    def populations_of(self, members: Iterable[str]) -> Years | None:
        """Return the populations of an area, if every year has one."""
        area, years = frozenset(members), list[tuple[Population, ...]]()
        for start, following in pairwise(self._starts):
            day = (
                start
                if self.reference in ("start", "average")
                else date.fromisoformat(self.reference)
            )
            ways = [[Period(day, day)]]
            if self.reference == "average":
                # The published average, else the mean of both ends.
                whole = Period(start, following - timedelta(days=1))
                ways = [[whole], [*ways[0], Period(following, following)]]
            for way in ways:
                values = (self.populations.find(area, when, **self.categories) for when in way)
                known = [item for item in values if item and item.persons.upper is not None]
                if len(known) == len(way):
                    years.append(tuple(known))
                    break
            else:
                return None
        return tuple(years)

    @property
    def label(self) -> str:
        """The denominator in words."""
        categories = self.categories.items()
        population = f"{category_label(categories)} population" if categories else "population"
        several = len(self._starts) > 2
        each = f"each year of {self.period}" if several else str(self.period)
        if self.reference == "average":
            label = f"average {population} of {each}"
        else:
            day = (
                self._starts[0] if self.reference == "start" else date.fromisoformat(self.reference)
            )
            same = several and self.reference == "start"
            label = f"{population} on {day.day} {_MONTHS[day.month - 1]} "
            label += f"of {each}" if same else str(day.year)
        return f"person-years: {label}" if several else label


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@frozen(eq=False)
class AreaPopulations:
    """The person-years of areas."""

    period: Coded[Period]
    person_years: Mapping[Period, PersonYears]
    cache: dict[Any, Years | None] = field(factory=dict, repr=False)

    def known(self, period: Period, members: frozenset[str]) -> Years | None:
        """Return the populations of the countries of an area, else of the area."""
        key = (period, members)
        if key not in self.cache:
            person_years = self.person_years[period]
            each = [person_years.populations_of([member]) for member in sorted(members)]
            years = [own for own in each if own is not None]
            self.cache[key] = (
                tuple(year for own in years for year in own)
                if len(years) == len(members)
                else person_years.populations_of(members)
            )
        return self.cache[key]

    def areas(
        self, members: Coded[frozenset[str]], period: Coded[Period] | None = None
    ) -> tuple[Coded[Years | None], Ranges]:
        """Return the populations of areas, and twice their person-years."""
        years = (self.period if period is None else period).combine(
            members, lambda when, own: self.known(when, own) if own else None
        )
        values: list[tuple[int, float, bool]] = []
        for populations in years.categories:
            each = [(2 // len(year), own.persons) for year in populations or () for own in year]
            lower = sum(factor * persons.lower for factor, persons in each)
            upper = sum(factor * (persons.upper or 0) for factor, persons in each)
            known = populations is not None
            values.append((lower if known else 0, float(upper) if known else np.inf, known))
        ends = np.array(values, dtype=object).reshape(-1, 3)
        doubled = Ranges(ends[:, 0].astype(np.int64), ends[:, 1].astype(np.float64), ends[:, 2])
        return years, doubled.take(years.codes)
