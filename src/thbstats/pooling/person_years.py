"""How long how many people lived in an area: its population, added up over years."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from operator import add

from attrs import field, frozen

from thbstats.errors import InvalidValue
from thbstats.records import Population, Populations
from thbstats.records.source import to_day
from thbstats.results import words
from thbstats.values import Interval, Period

__all__ = ["PersonYears", "Years", "together"]

Years = tuple[tuple[Population, ...], ...]
"""For each year the populations the mean of which stands for it: one, or two of its ends."""


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
            mend='Say at="start", at="average" or a day, such as at="2016-01-01"',
        )
    return str(day)


@frozen(kw_only=True)
class PersonYears:
    """The population that a rate asks for, whatever the area.

    Parameters
    ----------
    populations : Populations
        What is known of inhabitants.
    period : Period
        Whole years.
    at : str or date
        ``"start"`` of each year, its ``"average"``, or one day for all of them.
    among : mapping
        Which inhabitants, by sex and age.

    Raises
    ------
    InvalidValue
        If the period is not made of whole years, ``at`` is none of these, or inhabitants are
        told apart by anything else.
    """

    populations: Populations
    period: Period
    at: str = field(converter=_at)
    among: Mapping[str, str]

    def __attrs_post_init__(self) -> None:
        start = self.period.start
        if start is None or self.period.years is None or (start.month, start.day) == (2, 29):
            raise InvalidValue(
                "a rate is one of whole years",
                field="period",
                value=str(self.period),
                mend="Choose counts of whole years",
            )
        for name in self.among:
            if name not in ("sex", "age"):
                raise InvalidValue(
                    "populations are told apart by sex and age",
                    field="among",
                    value=name,
                    mend='Write among={"sex": "female"}, or leave it out',
                )

    @property
    def _starts(self) -> list[date]:
        """The first day of each year, and of the one after the last."""
        first, years = self.period.start or date.min, self.period.years or 0
        return [first.replace(year=first.year + place) for place in range(years + 1)]

    def _ways(self, start: date, following: date) -> list[list[Period]]:
        """Return what can stand for a year, the best first; the mean of several is meant."""
        if self.at == "average":
            year = Period(start, following - timedelta(days=1))
            return [[year], [Period(start, start), Period(following, following)]]
        day = start if self.at == "start" else date.fromisoformat(self.at)
        return [[Period(day, day)]]

    def of(self, members: Iterable[str]) -> Years | None:
        """Return what is known of an area, if that is enough for every year."""
        area, starts = frozenset(members), self._starts
        found = []
        for start, following in pairwise(starts):
            ways = (self._known(area, whens) for whens in self._ways(start, following))
            year = next((known for known in ways if known), None)
            if year is None:
                return None
            found.append(year)
        return tuple(found)

    def _known(self, area: frozenset[str], whens: Sequence[Period]) -> tuple[Population, ...]:
        """Return the populations at some times, none if not all of them are known."""
        found = [self.populations.find(area, when, **self.among) for when in whens]
        known = [item for item in found if item is not None and item.persons.upper is not None]
        return tuple(known) if len(known) == len(found) else ()

    @property
    def label(self) -> str:
        """The denominator in words."""
        who = f"{words(self.among)} population" if self.among else "population"
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


def together(years: Years) -> Interval:
    """Return the person-years of an area: the sum over years, of the mean in each."""
    means = (
        reduce(add, (item.persons.interval for item in year)).scale(Fraction(1, len(year)))
        for year in years
    )
    return reduce(add, means, Interval.point(0))
