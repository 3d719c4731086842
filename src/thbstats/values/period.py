"""Reference periods."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Self

from attrs import Factory, field, frozen

from thbstats._signatures import explain_arguments, explain_operators
from thbstats.errors import InvalidValue, require
from thbstats.values.choices import Choice


def to_day(value: date | str | None, name: str = "day") -> date | None:
    """Return the date of a value; ``None`` means not stated."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        hint = "Use a date or text such as '2018-12-03'"
        raise InvalidValue("must be a date", field=name, value=value, hint=hint) from None


class Certainty(Choice):
    """Certainty of a reference period."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    NOT_STATED = "not_stated"


_DASH = "\N{EN DASH}"
_FORMS = (
    "'2015', '2015-2016', '2015-Q4', '2015-M12', '2015-04-01/2016-03-31', '~2014-2016' "
    "or 'not stated'"
)
_YEARS = re.compile(rf"(\d{{4}})(?:\s*[-{_DASH}]\s*(\d{{4}}))?")
_PART = re.compile(r"(\d{4})-?([STQM])(\d{1,2})")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")
_FISCAL = re.compile(r"(\d{4})\s*[-/]\s*(\d\d(?:\d\d)?)")
PERIOD = rf"(?:not stated|~?\s*(?:{_YEARS.pattern}|{_PART.pattern}|{_DAYS.pattern}))"
"""Regular expression of a period; it does not check that the days exist."""

# Months in each part of a year, by the letter of SDMX: half-years, thirds, quarters, months.
_MONTHS = {"S": 6, "T": 4, "Q": 3, "M": 1}


def _date(value: object) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    hint = "Use a datetime.date"
    if isinstance(value, str | int) and not isinstance(value, bool):
        hint = f"Use Period.parse({value!r})"
    raise InvalidValue("must be a date without time", field="period", value=value, hint=hint)


@explain_operators("Use start and end, such as period.start")
@explain_arguments
@frozen
class Period:
    """Reference period with a first and a last day.

    Parameters
    ----------
    start, end : date or None
        First and last day, both included; ``None`` if not stated. The last day is by default the
        first.
    certainty : Certainty
        ``exact``, ``approximate`` ("mainly covers 2014-2016") or ``not_stated``.

    Raises
    ------
    InvalidValue
        If the period ends before it starts, only one day is given, or a day is not a date.

    Examples
    --------
    >>> p = Period.parse("2015-2016")
    >>> p.days, p.years, str(p)
    (731, 2, '2015-2016')
    >>> str(Period.fiscal(2015, first_month=4)), Period.parse("2023-Q4").days
    ('2015-04-01/2016-03-31', 92)
    """

    start: date | None = field(converter=_date)
    end: date | None = field(
        default=Factory(lambda self: self.start, takes_self=True), converter=_date
    )
    certainty: Certainty = field(default=Certainty.EXACT, converter=Certainty)

    def __attrs_post_init__(self) -> None:
        missing = self.certainty is Certainty.NOT_STATED
        require(
            (self.start is None) is missing and (self.end is None) is missing,
            "must have a first and a last day",
            "Set both days, or use Period.not_stated()",
            period=f"{self.start}/{self.end}",
        )
        if self.start is not None and self.end is not None and self.end < self.start:
            problem = f"must be on or after the first day {self.start}"
            raise InvalidValue(problem, field="end", value=str(self.end), hint="Swap the days")

    @classmethod
    def calendar(cls, first_year: int, last_year: int | None = None) -> Self:
        """Return the period of one or several calendar years.

        Parameters
        ----------
        first_year, last_year : int
            The first and the last year; default ``first_year``.

        Raises
        ------
        InvalidValue
            If a year is not from 1 to 9999 or the last year is before the first.

        Examples
        --------
        >>> Period.calendar(2015, 2016)
        Period('2015-2016')
        """
        last = first_year if last_year is None else last_year
        return cls(_day(first_year, 1), _day(last, 12, 31))

    @classmethod
    def fiscal(cls, year: int, first_month: int) -> Self:
        """Return the fiscal year starting in the given month.

        Parameters
        ----------
        year : int
            Year of the first day.
        first_month : int
            Month of the first day, 1 to 12.

        Raises
        ------
        InvalidValue
            If the year or month does not exist.

        Examples
        --------
        >>> Period.fiscal(2015, first_month=7)
        Period('2015-07-01/2016-06-30')
        """
        if first_month == 1:
            return cls.calendar(year)
        return cls(_day(year, first_month), _day(year + 1, first_month) - timedelta(days=1))

    @classmethod
    def part_of_year(cls, year: int, part: str, number: int) -> Self:
        """Return a half-year, a third, a quarter or a month.

        Parameters
        ----------
        year : int
            The calendar year.
        part : {"S", "T", "Q", "M"}
            Length: six months, four months, a quarter or a month. These are the letters of SDMX.
        number : int
            Number of the part, from 1 to 2, 3, 4 or 12.

        Raises
        ------
        InvalidValue
            If the year or the part does not exist.

        Examples
        --------
        >>> Period.part_of_year(2023, "Q", 4), Period.part_of_year(2023, "M", 2).days
        (Period('2023-Q4'), 28)
        """
        return cls(*_part_days(year, part, number))

    @classmethod
    def not_stated(cls) -> Self:
        """Return the period that is not stated."""
        return cls(None, None, Certainty.NOT_STATED)

    @classmethod
    def parse(cls, text: "str | int | Period") -> "Period":
        """Return the period of a text.

        The forms are ``"2015"``, ``"2015-2016"``, ``"2015-Q4"``, ``"2015-M12"``,
        ``"2015-04-01/2016-03-31"`` and ``"not stated"``. A leading ``~`` means approximate.
        ``"2015-12"`` is refused, because it can mean a month or two years.

        Parameters
        ----------
        text : str, int or Period
            The text, a year or a period.

        Raises
        ------
        InvalidValue
            If the text is not a period, or it ends before it starts.

        Examples
        --------
        >>> Period.parse("~2014-2016").certainty.value, str(Period.parse("2015 - 2015"))
        ('approximate', '2015')
        """
        return text if isinstance(text, Period) else _parsed(str(text).strip())

    @classmethod
    def joined(cls, periods: "Iterable[Period]") -> Self:
        """Return the union of consecutive periods.

        The union is approximate if one period is.

        Raises
        ------
        InvalidValue
            If the list is empty, a period is not stated, or they are not consecutive.

        Examples
        --------
        >>> Period.joined([Period.calendar(2016), Period.calendar(2015)])
        Period('2015-2016')
        """
        items = list(periods)
        days = sorted((p.start, p.end) for p in items if p.start is not None and p.end is not None)
        has_gap = any((start - end).days != 1 for (_, end), (start, _) in pairwise(days))
        require(
            days and len(days) == len(items) and not has_gap,
            "must be consecutive periods",
            "Use periods such as [2015, 2016]",
            period=", ".join(map(str, items)),
        )
        certain = all(period.certainty is Certainty.EXACT for period in items)
        certainty = Certainty.EXACT if certain else Certainty.APPROXIMATE
        return cls(days[0][0], days[-1][1], certainty)

    def earlier(self, years: int) -> "Period":
        """Return the same period some years earlier.

        The result has the same months or number of years and the same certainty.

        Raises
        ------
        InvalidValue
            If the period does not consist of whole years or months, or the year is below 1.

        Examples
        --------
        >>> Period.calendar(2016).earlier(1), Period.fiscal(2016, first_month=4).earlier(2)
        (Period('2015'), Period('2014-04-01/2015-03-31'))
        >>> Period.parse("2023-Q4").earlier(1)
        Period('2022-Q4')
        """
        start, end = self.start, self.end
        if start is None or end is None or not (self.years or _has_whole_months(start, end)):
            hint = "Use calendar years, fiscal years, quarters or months"
            problem = "must consist of whole years or months"
            raise InvalidValue(problem, field="period", value=str(self), hint=hint)
        first = _day(start.year - years, start.month, start.day)
        if (end.month, end.day) == (12, 31):
            return Period(first, _day(end.year - years, 12, 31), self.certainty)
        after = end + timedelta(days=1)
        following = _day(after.year - years, after.month, after.day)
        return Period(first, following - timedelta(days=1), self.certainty)

    @property
    def days(self) -> int | None:
        """Number of days; ``None`` if not stated."""
        if self.start is None or self.end is None:
            return None
        return (self.end - self.start).days + 1

    @property
    def is_calendar(self) -> bool:
        """Whether the period consists of whole calendar years."""
        if self.start is None or self.end is None:
            return False
        first, last = (self.start.month, self.start.day), (self.end.month, self.end.day)
        return (first, last) == ((1, 1), (12, 31))

    @property
    def years(self) -> int | None:
        """Number of whole years; ``None`` if the period has an incomplete year."""
        if self.start is None or self.end is None:
            return None
        if self.is_calendar:
            return self.end.year - self.start.year + 1
        if self.end == date.max:
            return None
        following = self.end + timedelta(days=1)
        if (following.month, following.day) != (self.start.month, self.start.day):
            return None
        return following.year - self.start.year

    @property
    def is_part_of_year(self) -> bool:
        """Whether the period is a half-year, a third of a year, a quarter or a month."""
        return bool(self._part())

    def _part(self) -> str:
        """Return the part of a year, such as ``Q4``; empty for other periods."""
        start, end = self.start, self.end
        if start is None or end is None or start.year != end.year:
            return ""
        if not _has_whole_months(start, end):
            return ""
        for letter, months in _MONTHS.items():
            if end.month - start.month + 1 == months and end.month % months == 0:
                return f"{letter}{end.month // months:0{2 if letter == 'M' else 1}}"
        return ""

    def overlaps(self, other: "Period") -> bool | None:
        """Return whether two periods have a day in common; ``None`` if not stated."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return None
        return self.start <= other.end and other.start <= self.end

    def covers(self, other: "Period") -> bool | None:
        """Return whether the period includes the other; ``None`` if not stated."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return None
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        if self.start is None or self.end is None:
            return "not stated"
        text = f"{self.start.isoformat()}/{self.end.isoformat()}"
        first, last = f"{self.start.year:04d}", f"{self.end.year:04d}"
        if self.is_calendar:
            text = first if first == last else f"{first}-{last}"
        elif part := self._part():
            text = f"{first}-{part}"
        return f"~{text}" if self.certainty is Certainty.APPROXIMATE else text

    def __repr__(self) -> str:
        return f"Period({str(self)!r})"


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Period:
    if text == "not stated":
        return Period.not_stated()
    start, end = _days(text.removeprefix("~").strip(), text)
    return Period(start, end, Certainty.APPROXIMATE if text[0] == "~" else Certainty.EXACT)


def _has_whole_months(start: date, end: date) -> bool:
    return start.day == 1 and end.day == monthrange(end.year, end.month)[1]


def _days(text: str, original: str) -> tuple[date, date]:
    if match := _YEARS.fullmatch(text):
        return _day(int(match[1]), 1), _day(int(match[2] or match[1]), 12, 31)
    if match := _PART.fullmatch(text):
        return _part_days(int(match[1]), match[2], int(match[3]))
    if match := _DAYS.fullmatch(text):
        try:
            return date.fromisoformat(match[1]), date.fromisoformat(match[2])
        except ValueError:
            pass
    hint = f"Write {_FORMS}"
    match = _FISCAL.fullmatch(text)
    if match is not None and int(match[2]) % 100 == (int(match[1]) + 1) % 100:
        first, after = match[1], int(match[1]) + 1
        hint = (
            f"Write '{first}-{after}' for two years, or '{first}-04-01/{after}-03-31' for a "
            "fiscal year from April"
        )
    raise InvalidValue("must be a reference period", field="period", value=original, hint=hint)


def _part_days(year: int, part: str, number: int) -> tuple[date, date]:
    months = _MONTHS.get(part)
    if months is None or isinstance(number, bool) or number not in range(1, 12 // months + 1):
        hint = "Write a half-year '2015-S2', a quarter '2015-Q4' or a month '2015-M12'"
        value = f"{year}-{part}{number}"
        raise InvalidValue("must be a part of a year", field="period", value=value, hint=hint)
    last = number * months
    first_day = _day(year, last - months + 1)
    return first_day, first_day.replace(month=last, day=monthrange(year, last)[1])


def _day(year: int, month: int, day: int = 1) -> date:
    try:
        return date(year, month, day)
    except (ValueError, TypeError, OverflowError) as error:
        hint = "Use a year from 1 to 9999 and a month from 1 to 12"
        value = f"{year}-{month}-{day}"
        raise InvalidValue(
            "must be a valid date", field="period", value=value, hint=hint
        ) from error
