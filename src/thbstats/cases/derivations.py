"""Dimensions that are derived from other columns: age at an event, and group of citizenship."""

from collections.abc import Hashable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import field, frozen
from attrs.converters import optional

from thbstats.cases.answers import (
    Answer,
    ColumnReading,
    Meaning,
    SingleColumn,
    empty_cell,
    spelling,
)
from thbstats.cases.derived_keys import (
    FULL_YEAR,
    OLDEST,
    AgeKey,
    AgeRange,
    GroupKey,
    NoAge,
    day_of,
    iso_day,
)
from thbstats.errors import InvalidValue, ThbstatsError, require
from thbstats.geography import (
    Area,
    citizenship_group,
    eu_members,
    straddles_change,
)
from thbstats.geography.subdivisions import country_of, parse_member
from thbstats.records import Dimension
from thbstats.values import Period
from thbstats.vocabulary import AgeConcept, CitizenshipGroup
from thbstats.vocabulary.bands import AGE_LIMIT, ages_of_band, includes

_AGES = {"child": (0, AGE_LIMIT - 1), "adult": (AGE_LIMIT, None)}


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

    def _key(self, dimension: Dimension, meaning: Meaning, *, with_values: bool) -> AgeKey:
        """Return the key of the ages; with values, it is the key of each interval of ages."""
        event = self.event if isinstance(self.event, date) else None
        return AgeKey(self.columns, meaning, event, with_values=with_values)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return child, adult, or unknown if both are possible."""
        ages: AgeRange | NoAge = values[0]
        if isinstance(ages, NoAge):
            is_unknown = [_is_unknown_date(meaning, *cell) for cell in ages.cells]
            return Answer(("unknown",) if all(is_unknown) else ())
        if ages.dates:
            birth, event = map(spelling, ages.dates)
            limit = f"at most {OLDEST} years after" if ages.highest >= 0 else "on or after"
            raise InvalidValue(
                f"must be {limit} the birth",
                field=self.columns[-1],
                value=event,
                hint=f"Correct the date or the birth ({birth}), or declare one in missing=[...]",
            )
        if ages.highest < AGE_LIMIT:
            return Answer(("child",))
        return Answer(("adult",)) if ages.lowest >= AGE_LIMIT else Answer(("unknown",))


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
        if text.isdecimal() and int(text) <= OLDEST and dimension.vocabulary is not None:
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
            f"must be an age of at most {OLDEST} years, or a declared value",
            field=self.column,
            value=text,
            hint=f"Correct the age, or declare it: missing=[{text!r}]",
        )


def _is_unknown_date(meaning: Meaning, column: str, value: Any) -> bool:
    """Return whether a value that is not a date is declared as unknown, not as missing."""
    text = spelling(value)
    texts = {text, iso_day(value) if isinstance(value, date) else text}
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

    def _key(self, dimension: Dimension, meaning: Meaning, *, with_values: bool) -> GroupKey | None:
        """Return the key of the groups; ``None`` with values, which come from the columns."""
        form = partial(self._form, dimension, meaning)
        return None if with_values else GroupKey(self.columns, meaning, form, self.period)

    def _form(self, dimension: Dimension, meaning: Meaning, name: str, value: Any) -> Hashable:
        """Return the common form of equal values of a column, such as the code of a country."""
        if name == self.citizenship:
            return SingleColumn(name).read(dimension, meaning, (value,))
        if name == self.area:
            return self._home(value, meaning)
        when = self._when(value, meaning)
        return when if when is None else tuple(_member_states(when))

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
        """Return the EU compositions or days that determine the group; ``None`` without a day."""
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


_changes = lru_cache(maxsize=1 << 12)(straddles_change)


@lru_cache(maxsize=1 << 12)
def _period(value: Any, column: str) -> Period:
    """Return the period of a value, which may be one day."""
    text = spelling(value) or ""
    day = value if isinstance(value, date) else day_of(text)
    if day is None or FULL_YEAR.fullmatch(text):
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
