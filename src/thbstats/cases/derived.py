"""Dimensions that follow from other columns: the age at an event, the group of a citizenship."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from thbstats.cases.answers import Meaning, OneAnswer
from thbstats.counting import Answer, Slots, spelling
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.geography import (
    Area,
    citizenship_group,
    eu_members,
    parse_area,
    parse_country,
    straddles_change,
)
from thbstats.records import Dimension
from thbstats.tables.columns import blocks, looked_up, narrowest
from thbstats.values import Period
from thbstats.vocabulary import AgeConcept, CitizenshipGroup

__all__ = ["AgeAt", "Ages", "CitizenshipGroupAt"]

_ADULT = 18  # Directive 2011/36/EU, Article 2(6)
_OLDEST = 120
_RADIX = _OLDEST + 3  # ages from -1, "before the birth", to 121, "older than anybody"
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

Days = tuple[int, int]
"""The first and the last day that a value can be, each as the number 20150401."""


def _concept(given: str) -> str:
    return AgeConcept.parse(given).value


@frozen
class Ages:
    """How old a person can have been, in completed years, as far as the dates say.

    Parameters
    ----------
    lowest, highest : int or None
        The youngest and the oldest; -1 is before the birth. ``None`` where a date is not there.
    birth, event : object
        What stands there instead of a date; of impossible ages, dates that make them.
    """

    lowest: int | None
    highest: int | None
    birth: Any = None
    event: Any = None

    def __str__(self) -> str:
        if self.lowest is None:
            return "no date"
        if self.lowest == self.highest:
            return f"{self.lowest}"
        return f"{self.lowest}..{self.highest}"


@frozen(kw_only=True)
class AgeAt:
    r"""Child or adult by the completed years between the birth and an event.

    .. math:: \text{age} = \text{year}_e - \text{year}_b - [\text{day}_e < \text{day}_b]

    where a day is a month and a day of the month. Who is under 18 is a child. A date of which
    only the year or the month is recorded leaves an interval of ages: who can have been on either
    side of 18 is of unknown age.

    Parameters
    ----------
    birth, event : str
        The columns of the dates: dates, texts such as ``"2001-02-28"``, ``"2001-02"``,
        ``"2001"``, or years as numbers.
    concept : str
        What the event is: ``"at_registration"``, ``"at_exploitation"``, ``"at_entry"`` or
        ``"at_referral"``. Every count by age says it.

    Raises
    ------
    InvalidValue
        When cases are counted: if a value is no date and was not declared, if an event is before
        the birth, or if somebody would have been older than 120 years.

    Notes
    -----
    Who was born on 29 February has a birthday on 1 March in other years.

    Frames in memory never list the pairs of dates. An engine elsewhere is asked how many cases
    have each pair, of which there can be nearly as many as cases: where they are too many to come
    here, let it make a column of child and adult first.

    References
    ----------
    Directive 2011/36/EU, Article 2(6): a child is any person below 18 years of age.

    Examples
    --------
    >>> import pandas as pd
    >>> from thbstats.cases import count_cases
    >>> cases = pd.DataFrame(
    ...     {
    ...         "born": ["2000-02-29", "1998-03-02", "2000"],
    ...         "registered": ["2018-02-28", "2016-03-02", "2018-06-01"],
    ...     }
    ... )
    >>> age = AgeAt(birth="born", event="registered", concept="at_registration")
    >>> table = count_cases(cases, by="age", derive={"age": age}, area="MT", period="2016-2018")
    >>> [table.count(age=code).lower for code in ("child", "adult", "unknown")]
    [1, 1, 1]
    """

    birth: str
    event: str
    concept: str = field(converter=_concept)
    also: tuple[str, ...] = field(default=(), init=False)
    several: bool = field(default=False, init=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the two dates."""
        return (self.birth, self.event)

    @property
    def says(self) -> Mapping[str, str]:
        """The age concept."""
        return {"age_concept": self.concept}

    def joined(self, columns: Sequence[Slots], meaning: Meaning) -> Slots:
        """Return the ages of all cases, from the columns of their dates.

        There are far more pairs of days than ages, so that the pairs are never listed.
        """
        birth, event = (_Dates.of(column, meaning) for column in columns)
        codes = np.empty(len(columns[0]), dtype=np.int32)
        for block in blocks(len(codes)):
            b, e = columns[0].codes[block], columns[1].codes[block]
            lowest = np.clip((event.first[e] - birth.last[b]) // 10000, -1, _OLDEST + 1)
            highest = np.clip((event.last[e] - birth.first[b]) // 10000, -1, _OLDEST + 1)
            ages = (lowest + 1) * _RADIX + highest + 1
            odd = birth.odd[b] * len(event.strange) + event.odd[e]
            codes[block] = np.where(odd > 0, _RADIX**2 + odd - 1, ages)
        there = np.flatnonzero(np.bincount(codes))
        values = [_ages(code, codes, columns, birth, event) for code in there.tolist()]
        places = np.zeros(int(codes.max(initial=0)) + 1, dtype=narrowest(max(len(values), 1)))
        places[there] = np.arange(len(there))
        return Slots(looked_up(places, codes), tuple((value,) for value in values))

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return child, adult, or unknown where it can be either."""
        _require(dimension, "age")
        ages: Ages = values[0]
        if ages.lowest is None or ages.highest is None:
            said = [
                _undated(meaning, column, value)
                for column, value in ((self.birth, ages.birth), (self.event, ages.event))
                if value is not _DATED
            ]
            return Answer() if None in said else Answer(("unknown",))
        if ages.highest < 0 or ages.lowest > _OLDEST:
            raise InvalidValue(
                f"a birth on {spelling(ages.birth)} is "
                + ("after it" if ages.highest < 0 else f"more than {_OLDEST} years before it"),
                field=self.event,
                value=spelling(ages.event),
                mend="Correct the dates, or say missing=[...] of those that stand for no date",
            )
        if ages.highest < _ADULT:
            return Answer(("child",))
        return Answer(("adult",)) if ages.lowest >= _ADULT else Answer(("unknown",))


_DATED = object()
_GROUPS = frozenset(map(str, CitizenshipGroup))


@frozen(eq=False)
class _Dates:
    """The distinct values of a column as days, by place."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    odd: NDArray[np.int64]  # 0 for a date, else the place among ``strange``
    strange: tuple[Any, ...]

    @classmethod
    def of(cls, column: Slots, meaning: Meaning) -> "_Dates":
        declared = meaning.missing | meaning.unknown
        found = [_days(value, declared) for value in column.values]
        strange = [_DATED, *(v for v, days in zip(column.values, found, strict=True) if not days)]
        odd = np.array([days is None for days in found], dtype=np.int64)
        return cls(
            np.array([days[0] if days else 0 for days in found], dtype=np.int64),
            np.array([days[1] if days else 0 for days in found], dtype=np.int64),
            np.cumsum(odd) * odd,
            tuple(strange),
        )


def _days(value: Any, declared: frozenset[str | None]) -> Days | None:
    """Return the first and last day that a value can be; ``None`` where it is no date."""
    text = spelling(value)
    if text is None or text in declared:
        return None
    if isinstance(value, date):
        return None if value.isoformat().split("T", maxsplit=1)[0] in declared else _day(value)
    if _YEAR.fullmatch(text):
        return int(text) * 10000 + 101, int(text) * 10000 + 1231
    if month := _MONTH.fullmatch(text):
        start = int(month[1]) * 10000 + int(month[2]) * 100
        return start + 1, start + 31
    try:
        return _day(datetime.fromisoformat(text))
    except ValueError:
        return None


def _day(day: date) -> Days:
    number = day.year * 10000 + day.month * 100 + day.day
    return number, number


def _ages(
    code: int, codes: NDArray[Any], columns: Sequence[Slots], birth: _Dates, event: _Dates
) -> Ages:
    if code >= _RADIX**2:
        before, after = divmod(code - _RADIX**2 + 1, len(event.strange))
        return Ages(None, None, birth.strange[before], event.strange[after])
    lowest, highest = (age - 1 for age in divmod(code, _RADIX))
    if highest >= 0 and lowest <= _OLDEST:
        return Ages(max(lowest, 0), highest)
    row = int(np.argmax(codes == code))
    dates = [column.values[column.codes[row]] for column in columns]
    return Ages(lowest, highest, *dates)


def _undated(meaning: Meaning, column: str, value: Any) -> str | None:
    """Return "unknown" if that is what stands there, ``None`` if nothing was recorded."""
    text = value.isoformat().split("T", maxsplit=1)[0] if isinstance(value, date) else None
    said = {spelling(value), text or spelling(value)}
    if said & meaning.missing:
        return None
    if said & meaning.unknown:
        return "unknown"
    if spelling(value) is None:
        raise InvalidValue(
            "a cell holds nothing, and nobody has said what that means",
            field=column,
            mend="missing=[None] if nothing was recorded, unknown=[None] if it is unknown",
        )
    raise InvalidValue(
        "no date, and nobody has said what it means",
        field=column,
        value=spelling(value),
        mend=f"Write 2001-02-28, 2001-02 or 2001, or say missing=[{spelling(value)!r}]",
    )


def _composition(given: str | Area) -> Area:
    return parse_area(given)


@frozen(kw_only=True)
class CitizenshipGroupAt:
    """The group of a citizenship: reporting country, other EU or non-EU, at a time.

    Parameters
    ----------
    citizenship : str
        The column of the country of citizenship; a group that stands there is kept.
    area : str, Area or None
        The column of the reporting country, or the one that reports all cases; ``None`` for
        ``eu`` and ``non_eu`` alone.
    period : str, Period or None
        The column of a period or a day, or the period of all cases; not needed with ``eu``.
    eu : str or Area, optional
        The composition that the source uses, such as ``"EU28"``. Without it, the Member States
        of the period count.
    on : {"start", "end"}, optional
        By which day of the period, where a country joined or left within it. Without it those
        citizens are of unknown group, since some were and some were not citizens of the Union.

    Raises
    ------
    InvalidValue
        If neither a composition nor a period is given; when cases are counted, if the nationals
        of a dissolved state can be of several groups, or the reporting country is outside the
        Union, whose own nationals the group ``eu`` would include.

    References
    ----------
    Eurostat, concepts of citizenship: nationals, citizens of other EU Member States, citizens
    of non-member countries.

    Examples
    --------
    >>> import pandas as pd
    >>> from thbstats.cases import count_cases
    >>> from thbstats.geography import parse_area
    >>> cases = pd.DataFrame({"nationality": ["IT", "Croatia", "NG", "Romania"], "year": 2013})
    >>> group = CitizenshipGroupAt(citizenship="nationality", area=parse_area("IT"), period="year")
    >>> table = count_cases(
    ...     cases, by="citizenship", derive={"citizenship": group}, area="IT", period=2013
    ... )
    >>> {code: table.count(citizenship=code).lower for code in table.categories("citizenship")}
    {'total': 4, 'eu': 2, 'reporting_country': 1, 'other_eu': 1, 'non_eu': 1, 'unknown': 1}
    """

    citizenship: str
    area: str | Area | None = None
    period: str | Period | None = None
    eu: Area | None = field(default=None, converter=optional(_composition))
    on: Literal["start", "end"] | None = None
    also: tuple[str, ...] = field(default=(), init=False)
    several: bool = field(default=False, init=False)
    says: Mapping[str, str] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        if self.on not in (None, "start", "end"):
            raise InvalidValue("no such day", field="on", value=self.on, mend="'start' or 'end'")
        if self.eu is None and self.period is None:
            raise InvalidValue(
                "nothing says which countries were Member States",
                field="period",
                mend="Name the column of the period, or the composition as eu='EU28'",
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that say it."""
        named = (self.citizenship, self.area, self.period if self.eu is None else None)
        return tuple(name for name in named if isinstance(name, str))

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the group."""
        _require(dimension, "citizenship")
        said = dict(zip(self.columns, values, strict=True))
        value = said[self.citizenship]
        answer = OneAnswer(self.citizenship).read(dimension, meaning, (value,))
        codes = set(answer.codes)
        if not codes or codes & _GROUPS:
            return answer
        when = self._when(said, meaning)
        home = self._home(said, meaning)
        if when is None or (home is None and self.area is not None):
            return Answer(("unknown",))
        try:
            return _grouped(codes.pop(), home, when)
        except ThbstatsError as error:
            text = spelling(value)
            raise InvalidValue(
                error.problem,
                field=self.citizenship,
                value=text,
                mend=f"words={{'citizenship': {{{text!r}: 'unknown'}}}} if nobody can tell, or "
                "write the citizenship of today",
            ) from None

    def _home(self, said: Mapping[str, Any], meaning: Meaning) -> str | None:
        """Return the reporting country, or ``None`` where it is not recorded."""
        if self.area is None or isinstance(self.area, Area):
            return None if self.area is None else parse_country(self.area.code)
        text = spelling(said[self.area])
        if text in meaning.missing | meaning.unknown:
            return None
        try:
            return parse_country(text or "")
        except ThbstatsError as error:
            raise error.at(field=self.area, value=text) from None

    def _when(self, said: Mapping[str, Any], meaning: Meaning) -> tuple[Area | date, ...] | None:
        """Return the compositions or days that decide, or ``None`` where no day is recorded."""
        if self.eu is not None:
            return (self.eu,)
        if isinstance(self.period, str):
            value = said[self.period]
            text = spelling(value)
            if text in meaning.missing | meaning.unknown:
                return None
            period = _period(value, self.period)
        else:
            period = Period.parse(self.period or "not stated")
        if period.start is None or period.end is None:
            return None
        if self.on is not None:
            return (period.start if self.on == "start" else period.end,)
        return _deciding(period.start, period.end)


@lru_cache(maxsize=1 << 12)
def _deciding(start: date, end: date) -> tuple[date, ...]:
    """Return a day of each composition of the Union within a period."""
    return (start, *straddles_change(start, end))


@lru_cache(maxsize=1 << 12)
def _period(value: Any, column: str) -> Period:
    """Return the period that a value is, which may be one day."""
    text = spelling(value) or ""
    try:
        day = value if isinstance(value, date) else datetime.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or _YEAR.fullmatch(text):
        try:
            return Period.parse(text)
        except ThbstatsError as error:
            raise error.at(field=column, value=text) from None
    plain = date(day.year, day.month, day.day)
    return Period(plain, plain)


@lru_cache(maxsize=1 << 16)
def _grouped(country: str, home: str | None, when: tuple[Area | date, ...]) -> Answer:
    members = [eu_members(day) if isinstance(day, date) else day.members for day in when]
    found = {str(citizenship_group(country, home, day)) for day in when}
    if found == {"reporting_country"} and not any(home in states for states in members):
        raise InvalidValue(
            "a state outside the Union reports its own nationals, whom the group of EU citizens "
            "would include; leave area out, and they are among the non-EU citizens",
        )
    return Answer(found if len(found) == 1 else ("unknown",))


def _require(dimension: Dimension, name: str) -> None:
    if dimension.name != name:
        raise InvalidValue(
            f"it says {name}", field=dimension.name, mend=f"derive={{{name!r}: ...}}"
        )
