"""Group of a citizenship: reporting country, other EU or non-EU."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from thbstats.cases.ages import FULL_YEAR, day_of, range_starts
from thbstats.cases.answers import Answer, ColumnReading, Meaning, SingleColumn, spelling
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
from thbstats.vocabulary import CitizenshipGroup

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


class GroupKey:
    """Countries, reporting countries and compositions of the EU; their spellings are one value."""

    def __init__(self, reading: CitizenshipGroupAt, dimension: Dimension, meaning: Meaning) -> None:
        self._reading = reading
        self._dimension = dimension
        self._meaning = meaning
        self.columns: tuple[str, ...] = reading.columns
        self.declared: frozenset[str | None] = meaning.no_answer
        self._values: dict[int, list[Any]] = {}

    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return the numbers of the distinct values of a column."""
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

    def starts(self, column: int) -> list[date] | None:
        """Return the first days of ranges with one composition; ``None`` if it is not a period."""
        if self._reading.columns[column] != self._reading.period:
            return None
        return range_starts(self.declared, membership_changes())

    def combine(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> Any:
        """Return the key of each row, from the numbers of its columns."""
        key, *others = (column["code"] for column in columns)
        for number, code in enumerate(others, start=1):
            key = key * len(self._values[number]) + code
        return key

    def decode(self, key: int, example: Callable[[], Sequence[Any]]) -> tuple[Any, ...]:
        """Return the values that `read` of the reading takes."""
        own = [self._values[number] for number in range(len(self._values))]
        positions = np.unravel_index(key, [max(len(values), 1) for values in own])
        return tuple(values[position] for values, position in zip(own, positions, strict=True))


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
    if result == {"reporting_country"} and not any(
        home in states for states in _member_states(when)
    ):
        raise InvalidValue(
            "the reporting country must be a Member State; without area, its own nationals are "
            "non-EU citizens",
        )
    return Answer(result if len(result) == 1 else ("unknown",))
