"""Populations of areas."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from attrs import field, frozen

from thbstats.errors import DuplicateKey, require
from thbstats.geography import Area
from thbstats.geography.subdivisions import parse_member
from thbstats.records.converters import area_members, to_area, to_count, to_period
from thbstats.records.source import Source, to_source
from thbstats.values import Certainty, Count, Period, parse_flags
from thbstats.vocabulary import AgeGroup, Sex

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _to_time(value: date | Period | str | int) -> Period:
    if isinstance(value, Period):
        return value
    text = str(value)
    return to_period(f"{text}/{text}" if _DAY.fullmatch(text) else text)


@frozen(kw_only=True)
class Population:
    """Population of an area, on a day or on average over a period.

    Parameters
    ----------
    area : str or Area
        The country or composition; stored as its canonical code.
    when : date, Period, str or int
        The day of a stock, such as ``"2020-01-01"``; the period of an average, such as ``2020``.
    persons : Count or int
        Number of inhabitants; a rounded figure is a `Count` with bounds.
    source : Source or str
        Source of the figure; required.
    sex, age : Sex, AgeGroup
        Category; default total.
    flags : str or iterable of str
        Observation flags, as letters.

    Raises
    ------
    InvalidValue
        If the day or the period is not exact.

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
    when: Period = field(converter=_to_time)
    persons: Count = field(converter=to_count)
    source: Source = field(converter=to_source)
    sex: Sex = field(default=Sex.TOTAL, converter=Sex)
    age: AgeGroup = field(default=AgeGroup.TOTAL, converter=AgeGroup)
    flags: frozenset[str] = field(default=frozenset(), converter=parse_flags)

    def __attrs_post_init__(self) -> None:
        hint = "Use a day, such as '2020-01-01', or the year of an average"
        is_exact = self.when.certainty is Certainty.EXACT
        require(is_exact, "must be an exact day or period", hint, when=str(self.when))

    @property
    def is_stock(self) -> bool:
        """Whether the population refers to one day."""
        return self.when.start == self.when.end


_Key = tuple[frozenset[str], Period, Sex, AgeGroup]


def _populations(items: Any) -> tuple[Population, ...]:
    """Return populations as a tuple, or raise an error for other objects."""
    is_list = isinstance(items, Iterable) and not isinstance(items, str)
    listed = tuple(items) if is_list else ()
    require(
        is_list and all(isinstance(item, Population) for item in listed),
        "`populations` must be Populations or a list of Population",
        "Use thbstats.sources.read_population(path).populations",
        populations=type(next(iter(listed), items)),
    )
    return listed


@frozen
class Populations:
    """Collection of populations by area, time, sex and age.

    Parameters
    ----------
    items : iterable of Population
        Populations with different area, time, sex or age; areas with the same countries are
        equal.

    Raises
    ------
    DuplicateKey
        If two populations have the same area, time, sex and age.

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

    items: tuple[Population, ...] = field(converter=_populations)
    _by_key: dict[_Key, Population] = field(init=False, factory=dict, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        for row, item in enumerate(self.items):
            key = area_members(item.area), item.when, item.sex, item.age
            if self._by_key.setdefault(key, item) is not item:
                raise DuplicateKey(
                    "must differ in area, time, sex or age from the other populations",
                    row=row,
                    field="items",
                    value=f"{item.area}, {item.when}",
                    hint="Remove one of the two populations",
                )

    def find(
        self,
        area: str | Area | Iterable[str],
        when: date | Period | str | int,
        *,
        sex: str = "total",
        age: str = "total",
    ) -> Population | None:
        """Return the population of an area at a time.

        Parameters
        ----------
        area : str, Area or iterable of str
            The area, or the codes of its countries.
        when : date, Period, str or int
            The day, or the period of an average.
        sex, age : str
            Category; default total.
        """
        members = (
            Area.parse(area).members
            if isinstance(area, str | Area)
            else frozenset(map(parse_member, area))
        )
        return self._by_key.get((members, _to_time(when), Sex(sex), AgeGroup(age)))

    @property
    def areas(self) -> tuple[str, ...]:
        """The distinct areas, in their order in the collection."""
        return tuple(dict.fromkeys(item.area for item in self.items))

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Population]:
        return iter(self.items)

    def __add__(self, other: "Populations") -> "Populations":
        return Populations((*self.items, *other.items))

    def __repr__(self) -> str:
        times = sorted({str(own.when.start if own.is_stock else own.when) for own in self.items})
        span = f", {times[0]} to {times[-1]}" if times else ""
        return f"<Populations {len(self)} of {len(self.areas)} areas{span}>"
