"""Age at an event, from the dates of birth and event."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import compress
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.cases.answers import Answer, ColumnReading, Meaning, empty_cell, spelling
from thbstats.errors import InvalidValue
from thbstats.records import Dimension
from thbstats.vocabulary import AgeConcept
from thbstats.vocabulary.bands import ages_of_band, includes

FULL_YEAR = re.compile(r"\d{4}")

_ADULT = 18  # Directive 2011/36/EU, Article 2(6)
_OLDEST = 120
_AGES = {"child": (0, _ADULT - 1), "adult": (_ADULT, None)}
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_VALID_DATE = object()
"""The entry for a valid date, if only the other date is invalid."""


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
        return AgeKey(self.columns, meaning, with_values=with_values, event=event)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return child, adult, or unknown if both are possible."""
        ages: _AgeRange = values[0]
        if ages.lowest is None or ages.highest is None:
            dates = ((self.birth, ages.birth), (str(self.event), ages.event))
            invalid = [date for date in dates if date[1] is not _VALID_DATE]
            is_unknown = [_is_unknown_date(meaning, *date) for date in invalid]
            return Answer(("unknown",) if all(is_unknown) else ())
        if ages.highest < 0 or ages.lowest > _OLDEST:
            limit = f"at most {_OLDEST} years after" if ages.highest >= 0 else "on or after"
            raise InvalidValue(
                f"must be {limit} the birth",
                field=self.birth if isinstance(self.event, date) else self.event,
                value=spelling(ages.event),
                hint=f"Correct the date or the birth ({spelling(ages.birth)}), or declare one in "
                "missing=[...]",
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


class AgeKey:
    """Ages plus 1, from 0 (before the birth) to 122 (above every valid age)."""

    _RADIX = _OLDEST + 3
    _UNKNOWN = _RADIX + _ADULT + 1  # 0 to 18
    _YEAR = 10000  # the difference of equal days in two years, as numbers such as 20150401

    def __init__(
        self,
        columns: tuple[str, ...],
        meaning: Meaning,
        *,
        with_values: bool,
        event: date | None = None,
    ) -> None:
        self.columns = columns
        self.declared: frozenset[str | None] = meaning.no_answer
        self._with_values = with_values
        self._invalid: dict[int, list[Any]] = {1: [_VALID_DATE]}
        first, last = _days(event, frozenset()) or (0, 0)
        self._event = ((event,), {"first": first, "last": last, "invalid": 0})

    def codes(self, column: int, values: Sequence[Any]) -> Mapping[str, NDArray[np.int64]]:
        """Return the numbers of the distinct values of a column."""
        days = [_days(value, self.declared) for value in values]
        is_invalid = np.array([day is None for day in days], dtype=np.int64)
        self._invalid[column] = [_VALID_DATE, *compress(values, is_invalid.tolist())]
        first, last = np.array([day or (0, 0) for day in days], np.int64).reshape(-1, 2).T
        return {"first": first, "last": last, "invalid": np.cumsum(is_invalid) * is_invalid}

    def starts(self, _column: int) -> list[date]:
        """Return the first days of ranges whose days are all valid or all declared."""
        return range_starts(self.declared)

    def combine(self, columns: Sequence[Mapping[str, Any]], where: Callable[..., Any]) -> Any:
        """Return the key of each row, from the numbers of its columns."""
        birth, event = (*columns, self._event[1])[:2]
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
        """Return the values that `read` of the reading takes."""
        if key >= self._RADIX**2:
            before, after = divmod(key - self._RADIX**2 + 1, len(self._invalid[1]))
            return (_AgeRange(None, None, self._invalid[0][before], self._invalid[1][after]),)
        lowest, highest = (age - 1 for age in divmod(key, self._RADIX))
        is_possible = highest >= 0 and lowest <= _OLDEST
        dates = () if is_possible else (*example(), *self._event[0])[:2]
        return (_AgeRange(lowest, highest, *dates),)


def _days(value: Any, declared: frozenset[str | None]) -> tuple[int, int] | None:
    """Return the first and last day, such as 20150401; ``None`` if the value is not a date."""
    is_day = type(value) is date  # not a timestamp
    text = value.isoformat() if is_day else spelling(value)
    if text is None or text in declared:
        return None
    if isinstance(value, date):
        day = value if is_day or _iso_day(value) not in declared else None
    elif FULL_YEAR.fullmatch(text):
        return int(text) * 10000 + 101, int(text) * 10000 + 1231
    elif month := _MONTH.fullmatch(text):
        start = int(month[1]) * 10000 + int(month[2]) * 100
        return start + 1, start + 31
    else:
        day = day_of(text)
    return None if day is None else (number := day.year * 10000 + day.month * 100 + day.day, number)


def range_starts(declared: Iterable[str | None], days: Iterable[date] = ()) -> list[date]:
    """Return the first days of the ranges between some days, of which each declared day is one."""
    own = {day.date() for text in declared if text and (day := day_of(text))}
    after = {day + timedelta(days=1) for day in own if day < date.max}
    return sorted({date.min, *own, *after, *days})


def day_of(text: str) -> datetime | None:
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
