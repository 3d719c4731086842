"""Derived dimensions: age at an event, and group of a citizenship."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from thbstats.cases.answers import Answer, Meaning, SingleColumn, empty_cell
from thbstats.cases.coding import spelling
from thbstats.columns import Coded
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.geography import (
    Area,
    citizenship_group,
    eu_members,
    parse_country,
    straddles_change,
)
from thbstats.records import Dimension
from thbstats.values import Period
from thbstats.vocabulary import AgeConcept, CitizenshipGroup

__all__ = ["AgeAt", "CitizenshipGroupAt", "DerivedKey", "key_of"]

_ADULT = 18  # Directive 2011/36/EU, Article 2(6)
_OLDEST = 120

_FULL_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_VALID_DATE = object()
"""The entry for a valid date, if only the other date is invalid."""

_GROUPS = frozenset(map(str, CitizenshipGroup))

ReferenceTimes: TypeAlias = tuple[Area | date, ...]
"""The compositions of the EU, or a day of each, that decide about a group."""


@frozen
class _AgeRange:
    """The range of possible ages, in completed years.

    -1 is before the birth; ``None`` if a date is missing. ``birth`` and ``event`` are the values in
    place of a missing date, or the two dates of an impossible age.
    """

    lowest: int | None
    highest: int | None
    birth: Any = None
    event: Any = None

    def __str__(self) -> str:
        if self.lowest is None:
            return "no date"
        return f"{self.lowest}" + (f" to {self.highest}" if self.lowest != self.highest else "")


def _concept(concept: str) -> str:
    return AgeConcept.parse(concept).value


@frozen(kw_only=True)
class AgeAt:
    r"""Child or adult at an event, by completed years since birth.

    .. math:: \text{age} = \text{year}_e - \text{year}_b - [\text{day}_e < \text{day}_b]

    where a day is a month and a day of the month. A person under 18 is a child. A date with only a
    year or a month gives an interval of ages; if the interval includes both sides of 18, the age is
    unknown.

    Parameters
    ----------
    birth, event : str
        The columns of the dates: dates, texts such as ``"2001-02-28"``, ``"2001-02"``,
        ``"2001"``, or years as numbers.
    concept : {"at_registration", "at_exploitation", "at_entry", "at_referral"}
        The event. Every count by age has it as ``age_concept``.

    Raises
    ------
    InvalidValue
        When cases are counted: if a value is neither a date nor declared, if an event is before the
        birth, or if a person would be older than 120 years.

    Notes
    -----
    The birthday of a person born on 29 February is 1 March in other years.

    DuckDB, polars, Spark and Ibis return their distinct dates, and compute the age group of each
    row. Dates of dask and timestamps with a time zone (except those of Spark, which are local) are
    returned as pairs of values.

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
    categories: tuple[str, ...] = field(default=(), init=False)
    is_multiple: bool = field(default=False, init=False)
    dimension: str = field(default="age", init=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the two dates."""
        return (self.birth, self.event)

    @property
    def constants(self) -> Mapping[str, str]:
        """The age concept."""
        return {"age_concept": self.concept}

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return child, adult, or unknown if both are possible."""
        ages: _AgeRange = values[0]
        if ages.lowest is None or ages.highest is None:
            dates = ((self.birth, ages.birth), (self.event, ages.event))
            is_unknown = [
                _is_unknown_date(meaning, column, value)
                for column, value in dates
                if value is not _VALID_DATE
            ]
            return Answer(("unknown",) if all(is_unknown) else ())
        if ages.highest < 0 or ages.lowest > _OLDEST:
            raise InvalidValue(
                "must be on or after the birth"
                if ages.highest < 0
                else f"must be at most {_OLDEST} years after the birth",
                field=self.event,
                value=spelling(ages.event),
                hint=f"Correct the date or the birth ({spelling(ages.birth)}), or declare one in "
                "missing=[...]",
            )
        if ages.highest < _ADULT:
            return Answer(("child",))
        return Answer(("adult",)) if ages.lowest >= _ADULT else Answer(("unknown",))


class _AgeKey:
    """Ages plus 1, from 0 (before the birth) to 122 (above every valid age)."""

    _RADIX = _OLDEST + 3
    _UNKNOWN = _RADIX + _ADULT + 1  # 0 to 18
    _YEAR = 10000  # the difference of equal days in two years, as numbers such as 20150401

    def __init__(self, meaning: Meaning, *, with_values: bool) -> None:
        self.declared, self._with_values = meaning.no_answer, with_values
        self._invalid: dict[int, list[Any]] = {}

    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        days = [_days(value, self.declared) for value in values]
        is_invalid = np.array([day is None for day in days], dtype=np.int64)
        invalid = [value for value, day in zip(values, days, strict=True) if day is None]
        self._invalid[column] = [_VALID_DATE, *invalid]
        first, last = np.array([day or (0, 0) for day in days], np.int64).reshape(-1, 2).T
        return {"first": first, "last": last, "invalid": np.cumsum(is_invalid) * is_invalid}

    def combine(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> Any:
        birth, event = columns
        least, most = event["first"] - birth["last"], event["last"] - birth["first"]
        invalid = birth["invalid"] * len(self._invalid[1]) + event["invalid"]
        is_too_old = least >= (_OLDEST + 1) * self._YEAR
        if self._with_values:
            # A person who may be born before the event was born before it.
            lowest, highest = where(least < 0, 0, least // self._YEAR), most // self._YEAR
            key = (lowest + 1) * self._RADIX + highest + 1
        else:
            key = where(least >= _ADULT * self._YEAR, self._key(_ADULT, _ADULT), self._UNKNOWN)
            key = where(most < _ADULT * self._YEAR, self._key(0, 0), key)
        key = where(is_too_old, self._key(_OLDEST + 1, _OLDEST + 1), key)
        key = where(most < 0, self._key(-1, -1), key)
        return where(invalid > 0, self._RADIX**2 - 1 + invalid, key)

    @classmethod
    def _key(cls, lowest: int, highest: int) -> int:
        return (lowest + 1) * cls._RADIX + highest + 1

    def decode(self, key: int, example: Callable[[], Sequence[Any]]) -> tuple[Any, ...]:
        if key >= self._RADIX**2:
            before, after = divmod(key - self._RADIX**2 + 1, len(self._invalid[1]))
            return (_AgeRange(None, None, self._invalid[0][before], self._invalid[1][after]),)
        lowest, highest = (age - 1 for age in divmod(key, self._RADIX))
        is_possible = highest >= 0 and lowest <= _OLDEST
        return (_AgeRange(lowest, highest, *(() if is_possible else example())),)


def _days(value: Any, declared: frozenset[str | None]) -> tuple[int, int] | None:
    """Return the first and last day, such as 20150401; ``None`` if the value is not a date."""
    text = spelling(value)
    if text is None or text in declared:
        return None
    if isinstance(value, date):
        day = None if _iso_day(value) in declared else value
    elif _FULL_YEAR.fullmatch(text):
        return int(text) * 10000 + 101, int(text) * 10000 + 1231
    elif month := _MONTH.fullmatch(text):
        start = int(month[1]) * 10000 + int(month[2]) * 100
        return start + 1, start + 31
    else:
        day = _day(text)
    return None if day is None else (number := day.year * 10000 + day.month * 100 + day.day, number)


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _iso_day(value: date) -> str:
    """Return a date, or the day of a timestamp, as 2001-02-28."""
    return value.isoformat().split("T", maxsplit=1)[0]


def _is_unknown_date(meaning: Meaning, column: str, value: Any) -> bool:
    """Return whether a value that is not a date is declared as unknown, not as missing."""
    text = spelling(value)
    texts = {text, _iso_day(value) if isinstance(value, date) else text}
    if texts & meaning.missing:
        return False
    if texts & meaning.unknown:
        return True
    if text is None:
        raise empty_cell(column)
    raise InvalidValue(
        "must be a date, or a declared value",
        field=column,
        value=text,
        hint=f"Write 2001-02-28, 2001-02 or 2001, or declare missing=[{text!r}]",
    )


def _composition(area: str | Area) -> Area:
    return Area.parse(area)


@frozen(kw_only=True)
class CitizenshipGroupAt:
    """Group of a citizenship in a period: reporting country, other EU or non-EU.

    Parameters
    ----------
    citizenship : str
        The column of the country of citizenship; its values may also be groups.
    area : str, Area or None
        The column of the reporting country, or the reporting country of all cases; ``None`` for the
        groups ``eu`` and ``non_eu`` only.
    period : str, Period or None
        The column of a period or a day, or the period of all cases; not needed with ``eu``.
    eu : str or Area, optional
        The composition of the EU in the source, such as ``"EU28"``; by default the Member States
        in the period.
    on : {"start", "end"}, optional
        The day of the period that decides, if a country joined or left within it. By default the
        group of its citizens is unknown.

    Raises
    ------
    InvalidValue
        If neither a composition nor a period is given. When cases are counted: if the nationals of
        a dissolved state can have several groups, or the reporting country is not a Member State,
        so that the group ``eu`` would include its own nationals.

    References
    ----------
    Eurostat, concepts of citizenship: nationals, citizens of other EU Member States, citizens
    of non-member countries.

    Examples
    --------
    >>> import pandas as pd
    >>> from thbstats.cases import count_cases
    >>> from thbstats.geography import Area
    >>> cases = pd.DataFrame({"nationality": ["IT", "Croatia", "NG", "Romania"], "year": 2013})
    >>> group = CitizenshipGroupAt(citizenship="nationality", area=Area.parse("IT"), period="year")
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
    categories: tuple[str, ...] = field(default=(), init=False)
    is_multiple: bool = field(default=False, init=False)
    constants: Mapping[str, str] = field(factory=dict, init=False)
    dimension: str = field(default="citizenship", init=False)

    def __attrs_post_init__(self) -> None:
        if self.on not in (None, "start", "end"):
            raise InvalidValue(
                "`on` must be 'start' or 'end'", field="on", value=self.on, hint="Use on='start'"
            )
        if self.eu is None and self.period is None:
            raise InvalidValue(
                "`period` or `eu` must be given",
                field="period",
                hint="Name the column of the period, or use eu='EU28'",
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of citizenship, area and period."""
        named = (self.citizenship, self.area, self.period if self.eu is None else None)
        return tuple(name for name in named if isinstance(name, str))

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the group."""
        row = dict(zip(self.columns, values, strict=True))
        value = row[self.citizenship]
        answer = SingleColumn(self.citizenship).read(dimension, meaning, (value,))
        codes = set(answer.codes)
        if not codes or codes & _GROUPS:
            return answer
        when = self._when(row.get(str(self.period)), meaning)
        home = self._home(row.get(str(self.area)), meaning)
        if when is None or (home is None and self.area is not None):
            return Answer(("unknown",))
        try:
            return _group(codes.pop(), home, when)
        except ThbstatsError as error:
            text = spelling(value)
            raise InvalidValue(
                error.problem,
                field=self.citizenship,
                value=text,
                hint=f"Use recode={{'citizenship': {{{text!r}: 'unknown'}}}} if it is unknown, or "
                "write the present citizenship",
            ) from None

    def _home(self, value: Any, meaning: Meaning) -> str | None:
        """Return the reporting country, or ``None`` if it is not recorded."""
        if self.area is None or isinstance(self.area, Area):
            return None if self.area is None else parse_country(self.area.code)
        text = spelling(value)
        if text in meaning.no_answer:
            return None
        try:
            return parse_country(text or "")
        except ThbstatsError as error:
            raise error.with_location(field=self.area, value=text) from None

    def _when(self, value: Any, meaning: Meaning) -> ReferenceTimes | None:
        """Return the compositions or days that decide; ``None`` if no day is recorded."""
        if self.eu is not None:
            return (self.eu,)
        if isinstance(self.period, str):
            if spelling(value) in meaning.no_answer:
                return None
            period = _period(value, self.period)
        else:
            period = Period.parse(self.period or "not stated")
        if period.start is None or period.end is None:
            return None
        if self.on is not None:
            return (period.start if self.on == "start" else period.end,)
        return (period.start, *_changes(period.start, period.end))


class _GroupKey:
    """Countries, reporting countries and compositions of the EU; their spellings are one value."""

    def __init__(self, reading: CitizenshipGroupAt, dimension: Dimension, meaning: Meaning) -> None:
        self._reading, self._dimension, self._meaning = reading, dimension, meaning
        self.declared = meaning.no_answer
        self._values: dict[int, list[Any]] = {}

    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        forms = Coded.from_values(self._form(column, value) for value in values)
        self._values[column] = [values[forms.first_row(code)] for code in forms.present]
        return {"code": forms.codes.astype(np.int64)}

    def _form(self, column: int, value: Any) -> Hashable:
        """Return what equal values of a column have in common."""
        reading, meaning = self._reading, self._meaning
        name = reading.columns[column]
        try:
            if name == reading.citizenship:
                single = SingleColumn(name)
                return single.read(self._dimension, meaning, (value,))
            if name == reading.area:
                return reading._home(value, meaning)
            when = reading._when(value, meaning)
            return when if when is None else tuple(_member_states(when))
        except ThbstatsError:  # it is raised when the rows are read
            return type(value), spelling(value)

    def combine(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> Any:
        key, *others = (column["code"] for column in columns)
        for number, code in enumerate(others, start=1):
            key = key * len(self._values[number]) + code
        return key

    def decode(self, key: int, example: Callable[[], Sequence[Any]]) -> tuple[Any, ...]:
        values = []
        for number in sorted(self._values, reverse=True):
            key, code = divmod(key, max(len(self._values[number]), 1))
            values.append(self._values[number][code])
        return tuple(reversed(values))


DerivedKey: TypeAlias = _AgeKey | _GroupKey
"""A derived dimension as a number, computed from numbers of the distinct values of its columns.

`combine` uses operators only and a function of a condition and two values, so that arrays of numpy
and expressions of engines have one implementation. `decode` returns the values that ``read`` of the
reading takes; an example is a row of the key.
"""


def key_of(
    reading: object, dimension: Dimension, meaning: Meaning, *, with_values: bool
) -> DerivedKey | None:
    """Return the key of a derived dimension; ``None`` if its columns are read one by one."""
    if isinstance(reading, AgeAt):
        return _AgeKey(meaning, with_values=with_values)
    if isinstance(reading, CitizenshipGroupAt) and not with_values:
        return _GroupKey(reading, dimension, meaning)
    return None


@lru_cache(maxsize=1 << 12)
def _changes(start: date, end: date) -> tuple[date, ...]:
    return straddles_change(start, end)


@lru_cache(maxsize=1 << 12)
def _period(value: Any, column: str) -> Period:
    """Return the period of a value, which may be one day."""
    text = spelling(value) or ""
    day = value if isinstance(value, date) else _day(text)
    if day is None or _FULL_YEAR.fullmatch(text):
        try:
            return Period.parse(text)
        except ThbstatsError as error:
            raise error.with_location(field=column, value=text) from None
    plain = date(day.year, day.month, day.day)
    return Period(plain, plain)


def _member_states(when: ReferenceTimes) -> list[frozenset[str]]:
    return [eu_members(day) if isinstance(day, date) else day.members for day in when]


@lru_cache(maxsize=1 << 16)
def _group(country: str, home: str | None, when: ReferenceTimes) -> Answer:
    """Return the group of a country; unknown if the compositions differ."""
    result = {str(citizenship_group(country, home, day)) for day in when}
    if result == {"reporting_country"} and not any(
        home in states for states in _member_states(when)
    ):
        raise InvalidValue(
            "the reporting country must be a Member State; without area, its own nationals are "
            "non-EU citizens",
        )
    return Answer(result if len(result) == 1 else ("unknown",))
