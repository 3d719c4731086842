"""Dimensions that are derived from other columns: age at an event, and group of citizenship."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import compress
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from thbstats.cases.answers import (
    Answer,
    ColumnReading,
    Meaning,
    SingleColumn,
    empty_cell,
    spelling,
)
from thbstats.columns import Coded
from thbstats.errors import InvalidValue, ThbstatsError, require
from thbstats.geography import (
    Area,
    citizenship_group,
    eu_members,
    membership_changes,
    straddles_change,
)
from thbstats.geography.subdivisions import country_of, parse_member
from thbstats.records import Dimension
from thbstats.values import Period
from thbstats.vocabulary import AgeConcept, CitizenshipGroup
from thbstats.vocabulary.bands import ages_of_band, includes

_FULL_YEAR = re.compile(r"\d{4}")

_ADULT = 18  # Directive 2011/36/EU, Article 2(6)
_OLDEST = 120
_AGES = {"child": (0, _ADULT - 1), "adult": (_ADULT, None)}
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class DerivedKey(ABC):
    """The value of a derived dimension in each row, as a number that an engine can group by.

    A register has 10^8 rows and few distinct keys, and only these come back from an engine.

    1. `codes` gives integers for the distinct values of each source column.
    2. `digits` computes some integers of each row from those of its values. They are arrays in
       memory and expressions in an engine, and `number` writes them as one number.
    3. `decode` returns the values that ``read`` of the reading takes, once for each distinct key.

    ``columns`` are the source columns, and ``declared`` the values without an answer. ``listed``
    are the values of the first digits by column, and ``further`` the sizes of other digits.
    """

    further: ClassVar[tuple[int, ...]] = ()

    def __init__(self, columns: tuple[str, ...], meaning: Meaning) -> None:
        self.columns, self.declared = columns, meaning.no_answer
        self.listed: list[list[Any]] = [[] for _ in columns]

    @abstractmethod
    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return integers of the distinct values of a column, one array for each name."""

    @abstractmethod
    def starts(self, column: int) -> list[date] | None:
        """Return the first days of ranges with equal integers; ``None`` if these are not days."""

    @abstractmethod
    def digits(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> list[Any]:
        """Return the digits of each row, from the integers of its values."""

    @abstractmethod
    def values(self, digits: Sequence[int], example: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        """Return the values of a key; ``example`` returns the source values of a row with it."""

    def number(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> Any:
        """Return the key of each row: its digits, as those of a number."""
        number: Any = 0
        for digit, size in zip(self.digits(columns, where), self._sizes, strict=True):
            number = number * size + digit
        return number

    def decode(self, number: int, example: Callable[[], Sequence[Any]]) -> tuple[Any, ...]:
        """Return the values of a key that `number` returned."""
        digits = [int(digit) for digit in np.unravel_index(number, self._sizes)]
        return tuple(self.values(digits, example))

    @property
    def _sizes(self) -> tuple[int, ...]:
        return (*(max(len(values), 1) for values in self.listed), *self.further)


@frozen
class _AgeRange:
    """The range of possible ages in completed years; -1 is before the birth.

    ``dates`` are the dates of an impossible age.
    """

    lowest: int
    highest: int
    dates: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{self.lowest}" + (f" to {self.highest}" if self.lowest != self.highest else "")


@frozen
class _NoAge:
    """The columns without a date in a row, each with its value."""

    cells: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        return "no date"


def _concept(concept: str) -> str:
    return AgeConcept.parse(concept).value


@frozen(kw_only=True)
class AgeAt(ColumnReading):
    r"""Child or adult at an event, by completed years since birth.

    .. math:: \text{age} = \text{year}_e - \text{year}_b - [\text{day}_e < \text{day}_b]

    where a day is a month and a day of the month. A person under 18 is a child. A date with only a
    year or a month gives an interval of ages; if the interval includes both sides of 18, the age is
    unknown.

    Parameters
    ----------
    birth : str
        The column of the dates of birth: dates, texts such as ``"2001-02-28"``, ``"2001-02"``,
        ``"2001"``, or years as numbers.
    event : str or date
        The column of the dates of the event, or the reference date of all cases.
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

    DuckDB, polars, Spark and Ibis compute the age group of each row. They return distinct dates
    only if these are texts or numbers. Dates of dask and timestamps with a time zone (except those
    of Spark, which are local) are returned as pairs of values.

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
    event: str | date
    concept: str = field(converter=_concept)
    dimension: ClassVar[str | None] = "age"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the dates."""
        return (self.birth,) if isinstance(self.event, date) else (self.birth, self.event)

    @property
    def constants(self) -> Mapping[str, str]:
        """The age concept."""
        return {"age_concept": self.concept}

    def _key(self, dimension: Dimension, meaning: Meaning, *, with_values: bool) -> "AgeKey":
        """Return the key of the ages; with values, of each interval of ages."""
        event = self.event if isinstance(self.event, date) else None
        return AgeKey(self.columns, meaning, event, with_values=with_values)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return child, adult, or unknown if both are possible."""
        ages: _AgeRange | _NoAge = values[0]
        if isinstance(ages, _NoAge):
            is_unknown = [_is_unknown_date(meaning, *cell) for cell in ages.cells]
            return Answer(("unknown",) if all(is_unknown) else ())
        if ages.dates:
            birth, event = map(spelling, ages.dates)
            limit = f"at most {_OLDEST} years after" if ages.highest >= 0 else "on or after"
            raise InvalidValue(
                f"must be {limit} the birth",
                field=self.columns[-1],
                value=event,
                hint=f"Correct the date or the birth ({birth}), or declare one in missing=[...]",
            )
        if ages.highest < _ADULT:
            return Answer(("child",))
        return Answer(("adult",)) if ages.lowest >= _ADULT else Answer(("unknown",))


@frozen(kw_only=True)
class AgeInYears(ColumnReading):
    """Child or adult, or a band of ages, by the age in completed years.

    Parameters
    ----------
    column : str
        The column of the ages.
    concept : {"not_stated", "at_registration", "at_exploitation", "at_entry", "at_referral"}
        The event at which the age is stated. Every count by age has it as ``age_concept``.

    Raises
    ------
    InvalidValue
        When cases are counted: if a value is neither an age nor declared, or no category of a
        classification of age bands contains it.

    Examples
    --------
    >>> import pandas as pd
    >>> from thbstats.cases import count_cases
    >>> cases = pd.DataFrame({"age": [17, 18, None]})
    >>> age = AgeInYears(column="age", concept="at_registration")
    >>> table = count_cases(
    ...     cases, by="age", derive={"age": age}, missing=[None], area="MT", period=2020
    ... )
    >>> [table.count(age=code).lower for code in ("child", "adult", "unknown")]
    [1, 1, 1]
    """

    column: str
    concept: str = field(default="not_stated", converter=_concept)
    dimension: ClassVar[str | None] = "age"

    @property
    def columns(self) -> tuple[str, ...]:
        """The column of the ages."""
        return (self.column,)

    @property
    def constants(self) -> Mapping[str, str]:
        """The age concept."""
        return {"age_concept": self.concept}

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the category that contains an age."""
        text = spelling(values[0])
        if text in meaning.no_answer:
            return Answer(("unknown",) if text in meaning.unknown else ())
        if text is None:
            raise empty_cell(self.column)
        if text.isdecimal() and int(text) <= _OLDEST and dimension.vocabulary is not None:
            categories = dimension.vocabulary.classification().categories
            ages = {own.code: _AGES[own.code] for own in categories if own.code in _AGES}
            for category in categories:
                texts = filter(None, map(ages_of_band, category.spellings))
                if category.code not in ages and (band := next(texts, None)) is not None:
                    ages = {category.code: band, **ages}  # before child and adult
            for code, own in ages.items():
                if includes(own, (int(text), int(text))):
                    return Answer((code,))
        raise InvalidValue(
            f"must be an age of at most {_OLDEST} years, or a declared value",
            field=self.column,
            value=text,
            hint=f"Correct the age, or declare it: missing=[{text!r}]",
        )


_N_AGES = _OLDEST + 3  # -1 (before the birth) to 121 (above every valid age)
_YEAR = 10000  # the difference of equal days in two years, as numbers such as 20150401


class AgeKey(DerivedKey):
    """The range of ages of each row, and its values that are not dates.

    The digits are, for each column, 0 for a date or the position of another value in ``listed``,
    and then the lowest and the highest age plus 1:

    ========== ========== =========== ==========================
    birth      event      digits      value
    ========== ========== =========== ==========================
    2000-03-01 2018-02-28 0 0 18 18   17 years
    2000       2018-06-01 0 0 18 19   17 to 18 years
    2018-06-01 2018-01-01 0 0 0 0     the event before the birth
    1890-01-01 2018-01-01 0 0 122 122 more than 120 years
    soon       2018-01-01 1 0 0 0     no age, because of "soon"
    ========== ========== =========== ==========================

    Without values, all ages of children are one key, and so are those of adults.
    """

    further = (_N_AGES, _N_AGES)

    def __init__(
        self, columns: tuple[str, ...], meaning: Meaning, event: date | None, *, with_values: bool
    ) -> None:
        super().__init__(columns, meaning)
        self._event, self._with_values = event, with_values

    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return the first and last day of each value, and the position of an invalid one."""
        days = [_days(value, self.declared) for value in values]
        is_invalid = np.array([day is None for day in days], dtype=np.int64)
        self.listed[column] = ["a date", *compress(values, is_invalid.tolist())]
        first, last = np.array([day or (0, 0) for day in days], np.int64).reshape(-1, 2).T
        return {"first": first, "last": last, "invalid": np.cumsum(is_invalid) * is_invalid}

    def starts(self, column: int) -> list[date]:
        """Return the first days of ranges whose days are all valid or all declared."""
        return _range_starts(self.declared)

    def digits(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> list[Any]:
        """Return the invalid values and the range of ages of each row."""
        first, last = _days(self._event, frozenset()) or (0, 0)
        birth, event = [*columns, {"first": first, "last": last}][:2]
        # The shortest and the longest time since the birth: 170000 to 179999 are 17 years.
        least, most = event["first"] - birth["last"], event["last"] - birth["first"]
        if self._with_values:
            # A person who may be born before the event was born before it.
            lowest, highest = where(least < 0, 0, least // _YEAR), most // _YEAR
        else:
            lowest = where(least >= _ADULT * _YEAR, _ADULT, 0)
            highest = where(most < _ADULT * _YEAR, 0, _ADULT)
        # Rows that need an error or have no age are one key each, whatever their dates.
        invalid = [column["invalid"] for column in columns]
        is_too_old = least >= (_OLDEST + 1) * _YEAR
        for is_row, age in ((is_too_old, _OLDEST + 1), (most < 0, -1), (sum(invalid) > 0, -1)):
            lowest, highest = where(is_row, age, lowest), where(is_row, age, highest)
        return [*invalid, lowest + 1, highest + 1]

    def values(self, digits: Sequence[int], example: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        """Return the range of ages, or the values that are not dates."""
        invalid, lowest, highest = digits[:-2], digits[-2] - 1, digits[-1] - 1
        if any(invalid):
            cells = zip(self.columns, self.listed, invalid, strict=True)
            return [_NoAge(tuple((name, values[n]) for name, values, n in cells if n))]
        is_possible = highest >= 0 and lowest <= _OLDEST
        dates = () if is_possible else (*example(), self._event)[:2]
        return [_AgeRange(lowest, highest, dates)]


def _days(value: Any, declared: frozenset[str | None]) -> tuple[int, int] | None:
    """Return the first and last day, such as 20150401; ``None`` if the value is not a date."""
    is_day = type(value) is date  # not a timestamp
    text = value.isoformat() if is_day else spelling(value)
    if text is None or text in declared:
        return None
    if isinstance(value, date):
        day = value if is_day or _iso_day(value) not in declared else None
    elif _FULL_YEAR.fullmatch(text):
        return int(text) * 10000 + 101, int(text) * 10000 + 1231
    elif month := _MONTH.fullmatch(text):
        start = int(month[1]) * 10000 + int(month[2]) * 100
        return start + 1, start + 31
    else:
        day = _day_of(text)
    return None if day is None else (number := day.year * 10000 + day.month * 100 + day.day, number)


def _range_starts(declared: Iterable[str | None], days: Iterable[date] = ()) -> list[date]:
    """Return the first days of the ranges between some days, of which each declared day is one."""
    own = {day.date() for text in declared if text and (day := _day_of(text))}
    after = {day + timedelta(days=1) for day in own if day < date.max}
    return sorted({date.min, *own, *after, *days})


def _day_of(text: str) -> datetime | None:
    """Return the day of a text, or ``None``."""
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


_GROUPS = frozenset(map(str, CitizenshipGroup))


def _country(text: str) -> str:
    """Return the code of a country, or of the country of a region."""
    code = parse_member(text)
    return country_of(code) or code


ReferenceTimes: TypeAlias = tuple[Area | date, ...]
"""The compositions of the EU, or a day of each, that decide about a group."""


def _composition(area: str | Area) -> Area:
    return Area.parse(area)


@frozen(kw_only=True)
class CitizenshipGroupAt(ColumnReading):
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
    dimension: ClassVar[str | None] = "citizenship"

    def __attrs_post_init__(self) -> None:
        is_valid, problem = self.on in (None, "start", "end"), "`on` must be 'start' or 'end'"
        require(is_valid, problem, "Use on='start'", on=self.on)
        if self.eu is None and self.period is None:
            hint = "Name the column of the period, or use eu='EU28'"
            raise InvalidValue("`period` or `eu` must be given", field="period", hint=hint)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of citizenship, area and period."""
        named = (self.citizenship, self.area, self.period if self.eu is None else None)
        return tuple(name for name in named if isinstance(name, str))

    def _key(
        self, dimension: Dimension, meaning: Meaning, *, with_values: bool
    ) -> "GroupKey | None":
        """Return the key of the groups; ``None`` with values, which are those of its columns."""
        return None if with_values else GroupKey(self, dimension, meaning)

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
            text, problem = spelling(value), error.problem
            hint = f"Use recode={{'citizenship': {{{text!r}: 'unknown'}}}} if it is unknown, or "
            hint += "write the present citizenship"
            raise InvalidValue(problem, field=self.citizenship, value=text, hint=hint) from None

    def _home(self, value: Any, meaning: Meaning) -> str | None:
        """Return the reporting country, or ``None`` if it is not recorded."""
        if self.area is None or isinstance(self.area, Area):
            return None if self.area is None else _country(self.area.code)
        text = spelling(value)
        if text in meaning.no_answer:
            return None
        try:
            return _country(text or "")
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


class GroupKey(DerivedKey):
    """The country, the reporting country and the composition of the EU of each row.

    There is a digit for each column: the position of its value in ``listed``, which has one
    spelling of each country and one period of each composition.
    """

    def __init__(self, reading: CitizenshipGroupAt, dimension: Dimension, meaning: Meaning) -> None:
        super().__init__(reading.columns, meaning)
        self._reading, self._dimension, self._meaning = reading, dimension, meaning

    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return the position of what each value means."""
        forms = Coded.from_values(self._form(column, value) for value in values)
        self.listed[column] = [values[forms.first_row(code)] for code in forms.present]
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

    def starts(self, column: int) -> list[date] | None:
        """Return the first days of ranges with one composition; ``None`` if it is not a period."""
        if self._reading.columns[column] != self._reading.period:
            return None
        return _range_starts(self.declared, membership_changes())

    def digits(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> list[Any]:
        """Return the position of the value of each column."""
        return [column["code"] for column in columns]

    def values(self, digits: Sequence[int], example: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        """Return one spelling of the value of each column."""
        return [values[digit] for values, digit in zip(self.listed, digits, strict=True)]


_changes = lru_cache(maxsize=1 << 12)(straddles_change)


@lru_cache(maxsize=1 << 12)
def _period(value: Any, column: str) -> Period:
    """Return the period of a value, which may be one day."""
    text = spelling(value) or ""
    day = value if isinstance(value, date) else _day_of(text)
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
    is_member = any(home in states for states in _member_states(when))
    if result == {"reporting_country"} and not is_member:
        problem = "the reporting country must be a Member State; without area, its own nationals"
        raise InvalidValue(f"{problem} are non-EU citizens")
    return Answer(result if len(result) == 1 else ("unknown",))
