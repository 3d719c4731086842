"""Inhabitants: how many, of which area, on which day, on whose word."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

from attrs import field, frozen

from thbstats.errors import DuplicateKey, InvalidValue
from thbstats.geography import Area
from thbstats.records.reading import (
    area_members,
    to_age,
    to_area,
    to_count,
    to_flags,
    to_period,
    to_sex,
)
from thbstats.records.source import Source
from thbstats.values import Certainty, Count, Period
from thbstats.vocabulary import AgeGroup, Sex

__all__ = ["Population", "Populations"]


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _when(value: date | Period | str | int) -> Period:
    if isinstance(value, Period):
        return value
    text = str(value)
    return to_period(f"{text}/{text}" if _DAY.fullmatch(text) else text)


def _source(value: Source | str) -> Source:
    return value if isinstance(value, Source) else Source(title=value)


@frozen(kw_only=True)
class Population:
    """How many inhabitants an area had, on a day or on average over a period.

    Parameters
    ----------
    area : str or Area
        The country or composition; stored as its canonical code.
    when : date, Period, str or int
        The day of a stock, such as ``"2020-01-01"``; the period of an average, such as ``2020``.
    persons : Count or int
        The inhabitants; a rounded figure is a `Count` between two ends.
    source : Source or str
        Where it was published; always asked for.
    sex, age : Sex, AgeGroup
        Who is counted; all unless said otherwise.
    flags : str or iterable of str
        Observation flags, as letters.

    Raises
    ------
    InvalidValue
        If it is not certain to which days it refers.

    Examples
    --------
    >>> malta = Population(
    ...     area="Malta", when="2020-01-01", persons=514564,
    ...     source="National Statistics Office of Malta",
    ... )
    >>> malta.area, malta.is_stock
    ('MT', True)

    References
    ----------
    Regulation (EU) No 1260/2013 on European demographic statistics, Article 2.
    """

    area: str = field(converter=to_area)
    when: Period = field(converter=_when)
    persons: Count = field(converter=to_count)
    source: Source = field(converter=_source)
    sex: Sex = field(default=Sex.TOTAL, converter=to_sex)
    age: AgeGroup = field(default=AgeGroup.TOTAL, converter=to_age)
    flags: frozenset[str] = field(default=frozenset(), converter=to_flags)

    def __attrs_post_init__(self) -> None:
        if self.when.certainty is not Certainty.EXACT:
            raise InvalidValue(
                "a population is counted on a day, or on average over a period",
                field="when",
                value=str(self.when),
                hint="Give the day, such as '2020-01-01', or the year of an average",
            )

    @property
    def is_stock(self) -> bool:
        """Whether it was counted on one day."""
        return self.when.start == self.when.end


_Key = tuple[frozenset[str], Period, Sex, AgeGroup]


def _listed(populations: Iterable[Population]) -> tuple[Population, ...]:
    return tuple(populations)


@frozen(slots=False)
class Populations:
    """Populations, found by area, time, sex and age.

    Parameters
    ----------
    items : iterable of Population
        Each of another area, time, sex or age; areas are the same if their countries are.

    Raises
    ------
    DuplicateKey
        If two speak of the same inhabitants.

    Examples
    --------
    The European Union of 28, as Eurostat rounded it in its release of 8 July 2016:

    >>> source = Source(title="First population estimates", publisher="Eurostat")
    >>> union = Populations(
    ...     Population(area="EU28", when=day, persons=Count.between(low, high), source=source)
    ...     for day, low, high in [
    ...         ("2015-01-01", 508_250_000, 508_350_000), ("2016-01-01", 510_050_000, 510_150_000)
    ...     ]
    ... )
    >>> union.find("EU27_2020", "2015-01-01") is None
    True
    >>> union.find("EU28", "2015-01-01").persons
    Count(508250000 to 508350000, rounded)
    """

    items: tuple[Population, ...] = field(converter=_listed)

    def __attrs_post_init__(self) -> None:
        for place, item in enumerate(self.items):
            if self._places[_key(item)] != place:
                raise DuplicateKey(
                    "two populations are of the same area, time, sex and age",
                    row=place,
                    field="items",
                    value=f"{item.area}, {item.when}",
                    hint="Keep one of them, such as that of the later publication",
                )

    @cached_property
    def _places(self) -> dict[_Key, int]:
        places: dict[_Key, int] = {}
        for place, item in enumerate(self.items):
            places.setdefault(_key(item), place)
        return places

    def find(
        self,
        area: str | Area | Iterable[str],
        when: date | Period | str | int,
        *,
        sex: str = "total",
        age: str = "total",
    ) -> Population | None:
        """Return the population of an area at a time, if it is there.

        Parameters
        ----------
        area : str, Area or iterable of str
            The area, or the codes of its countries.
        when : date, Period, str or int
            The day, or the period of an average.
        sex, age : str
            Who is counted.

        Returns
        -------
        Population or None
        """
        members = _members(area)
        place = self._places.get((members, _when(when), to_sex(sex), to_age(age)))
        return None if place is None else self.items[place]

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas, each once, in the order in which they come."""
        return tuple(dict.fromkeys(item.area for item in self.items))

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Population]:
        return iter(self.items)

    def __add__(self, other: "Populations") -> "Populations":
        return Populations((*self.items, *other.items))

    def __repr__(self) -> str:
        times = sorted({_spoken(item) for item in self.items})
        span = f", {times[0]} to {times[-1]}" if times else ""
        return f"<Populations {len(self)} of {len(self.areas)} areas{span}>"


def _spoken(item: Population) -> str:
    return str(item.when.start if item.is_stock else item.when)


def _members(area: Any) -> frozenset[str]:
    return Area.parse(area).members if isinstance(area, str | Area) else frozenset(area)


def _key(item: Population) -> _Key:
    return area_members(item.area), item.when, item.sex, item.age
