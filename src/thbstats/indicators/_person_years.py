"""Person-years: the population of an area, added up over the years of a period."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import field, frozen

from thbstats.columns import Coded, Ranges
from thbstats.errors import InvalidValue
from thbstats.panel.grid import Grid
from thbstats.panel.kind import category_label
from thbstats.records import Population, Populations
from thbstats.records.source import to_day
from thbstats.values import Period

__all__ = ["People", "PersonYears", "Years"]

Years = tuple[tuple[Population, ...], ...]
"""For each year the populations whose mean stands for it: one, or two of its ends."""


def _at(value: str | date) -> str:
    if value in ("start", "average"):
        return str(value)
    try:
        day = to_day(value)
    except InvalidValue:
        day = None
    if day is None:
        raise InvalidValue(
            "a population is that of the start of each year, of its average, or of one day",
            field="at",
            value=value,
            mend='Use at="start", at="average" or a day, such as at="2016-01-01"',
        )
    return str(day)


@frozen(kw_only=True)
class PersonYears:
    """The population that the rates of a period need, whatever the area.

    Parameters
    ----------
    populations : Populations
        The known populations.
    period : Period
        Whole years.
    at : str or date
        ``"start"`` of each year, its ``"average"``, or one day for all of them.
    among : mapping
        The sex and age of the inhabitants.

    Raises
    ------
    InvalidValue
        If the period is not made of whole years, ``at`` is none of these, or ``among`` names
        another dimension.
    """

    populations: Populations
    period: Period
    at: str = field(converter=_at)
    among: Mapping[str, str]

    def __attrs_post_init__(self) -> None:
        start = self.period.start
        if start is None or self.period.years is None or (start.month, start.day) == (2, 29):
            raise InvalidValue(
                "a rate needs whole years",
                field="period",
                value=str(self.period),
                mend="Choose counts of whole years",
            )
        for name in self.among:
            if name not in ("sex", "age"):
                raise InvalidValue(
                    "populations have categories of sex and age only",
                    field="among",
                    value=name,
                    mend='Use among={"sex": "female"}, or leave it out',
                )

    @property
    def _starts(self) -> list[date]:
        """The first day of each year, and of the one after the last."""
        first, years = self.period.start or date.min, self.period.years or 0
        return [first.replace(year=first.year + place) for place in range(years + 1)]

    def _ways(self, start: date, following: date) -> list[list[Period]]:
        """Return what can stand for a year, the best first; several times stand for their mean."""
        if self.at == "average":
            year = Period(start, following - timedelta(days=1))
            return [[year], [Period(start, start), Period(following, following)]]
        day = start if self.at == "start" else date.fromisoformat(self.at)
        return [[Period(day, day)]]

    def of(self, members: Iterable[str]) -> Years | None:
        """Return the populations of an area, if they are known for every year.

        Parameters
        ----------
        members : iterable of str
            The countries of the area.
        """
        area, found = frozenset(members), []
        for start, following in pairwise(self._starts):
            ways = (self._known(area, whens) for whens in self._ways(start, following))
            year = next((known for known in ways if known), None)
            if year is None:
                return None
            found.append(year)
        return tuple(found)

    def _known(self, area: frozenset[str], whens: Sequence[Period]) -> tuple[Population, ...]:
        """Return the populations at some times; none if not all of them are known."""
        found = [self.populations.find(area, when, **self.among) for when in whens]
        known = [item for item in found if item is not None and item.persons.upper is not None]
        return tuple(known) if len(known) == len(found) else ()

    @property
    def label(self) -> str:
        """The denominator in words."""
        among = self.among.items()
        who = f"{category_label(among)} population" if among else "population"
        several = len(self._starts) > 2
        each = f"each year of {self.period}" if several else str(self.period)
        if self.at == "average":
            label = f"average {who} of {each}"
        else:
            day = self._starts[0] if self.at == "start" else date.fromisoformat(self.at)
            same = several and self.at == "start"
            label = f"{who} on {day.day} {_MONTHS[day.month - 1]} "
            label += f"of {each}" if same else str(day.year)
        return f"person-years: {label}" if several else label


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _doubled(years: Years | None) -> tuple[int, float, bool]:
    """Return both bounds of twice the person-years, which are integers, and if they are known."""
    if years is None:
        return 0, np.inf, False
    lower = sum(2 // len(year) * item.persons.lower for year in years for item in year)
    upper = sum(2 // len(year) * (item.persons.upper or 0) for year in years for item in year)
    return lower, float(upper), True


def _ranges(rows: Iterable[Years | None], size: int) -> Ranges:
    ends = np.array([_doubled(years) for years in rows], dtype=object).reshape(size, 3)
    return Ranges(ends[:, 0].astype(np.int64), ends[:, 1].astype(np.float64), ends[:, 2])


@frozen(eq=False)
class People:
    """The person-years behind the numbers of a grid.

    Parameters
    ----------
    grid : Grid
        The numbers.
    period : Coded of Period
        The period of each number.
    wanted : mapping of Period to PersonYears
        The population that the rates of each period need.
    found : dict
        Populations that were looked up before.
    """

    grid: Grid
    period: Coded[Period]
    wanted: Mapping[Period, PersonYears]
    found: dict[Any, Years | None] = field(factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        grid: Grid,
        period: Coded[Period],
        populations: Populations,
        at: str | date,
        among: Mapping[str, str],
    ) -> "People":
        """Return the person-years of some numbers.

        Parameters
        ----------
        grid, period
            The numbers and their periods.
        populations, at, among
            As for `PersonYears`.
        """
        periods = [period.categories[code] for code in period.present]
        return cls(
            grid,
            period,
            {
                own: PersonYears(populations=populations, period=own, at=at, among=among)
                for own in periods
            },
        )

    def known(self, period: Period, members: frozenset[str]) -> Years | None:
        """Return the populations of an area: those of its countries, else its own.

        Parameters
        ----------
        period : Period
            The period.
        members : frozenset of str
            The countries of the area.
        """
        key = (period, members)
        if key not in self.found:
            wanted = self.wanted[period]
            each = [wanted.of([member]) for member in sorted(members)]
            years = [own for own in each if own is not None]
            self.found[key] = (
                tuple(year for own in years for year in own)
                if len(years) == len(members)
                else wanted.of(members)
            )
        return self.found[key]

    def areas(self, members: Coded[frozenset[str]]) -> tuple[Coded[Years | None], Ranges]:
        """Return the populations of the area of each number, and twice their person-years.

        Parameters
        ----------
        members : Coded of frozenset, shape (n,)
            The countries of each area; none for a number without one.
        """
        years = self.period.combine(
            members, lambda period, own: self.known(period, own) if own else None
        )
        ends = _ranges(years.categories, len(years.categories))
        return years, ends.take(years.codes)

    def countries(self) -> Ranges:
        """Return twice the person-years of each country of the numbers, shape (p,)."""
        member, period = self.grid.member, self.period.take(self.grid.number)
        years = period.combine(
            member.map(lambda code: frozenset({code})),
            self.known,
        )
        return _ranges(years.categories, len(years.categories)).take(years.codes)
