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
    """The population that the rates of a period need, whatever the area."""

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

    def of(self, members: Iterable[str]) -> Years | None:
        """Return the populations of an area, if they are known for every year."""
        area, found = frozenset(members), []
        for start, following in pairwise(self._starts):
            day = start if self.at in ("start", "average") else date.fromisoformat(self.at)
            days = [Period(day, day)]
            if self.at == "average":
                # The published average, else the mean of both ends.
                whole = Period(start, following - timedelta(days=1))
                days.append(Period(following, following))
                year = self._known(area, [whole]) or self._known(area, days)
            else:
                year = self._known(area, days)
            if not year:
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
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _doubled(rows: Sequence[Years | None]) -> Ranges:
    """Return twice the person-years, which are integers."""
    found: list[tuple[int, float, bool]] = []
    for years in rows:
        each = [(2 // len(year), item.persons) for year in years or () for item in year]
        lower = sum(factor * persons.lower for factor, persons in each)
        upper = sum(factor * (persons.upper or 0) for factor, persons in each)
        found.append((0, np.inf, False) if years is None else (lower, float(upper), True))
    ends = np.array(found, dtype=object).reshape(-1, 3)
    return Ranges(ends[:, 0].astype(np.int64), ends[:, 1].astype(np.float64), ends[:, 2])


@frozen(eq=False)
class People:
    """The person-years behind the numbers of a grid."""

    grid: Grid
    period: Coded[Period]
    wanted: Mapping[Period, PersonYears]
    found: dict[Any, Years | None] = field(factory=dict, repr=False)

    def known(self, period: Period, members: frozenset[str]) -> Years | None:
        """Return the populations of an area: those of its countries, else its own."""
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
        """Return the populations of the area of each number, and twice their person-years."""
        years = self.period.combine(
            members, lambda period, own: self.known(period, own) if own else None
        )
        return years, _doubled(years.categories).take(years.codes)

    def countries(self) -> Ranges:
        """Return twice the person-years of each country of the numbers, shape (p,)."""
        member, period = self.grid.member, self.period.take(self.grid.number)
        years = period.combine(member.map(lambda code: frozenset({code})), self.known)
        return _doubled(years.categories).take(years.codes)
