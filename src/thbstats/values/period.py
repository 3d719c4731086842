"""A reference period: the days to which a figure refers."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Self

from attrs import field, frozen

from thbstats.errors import InvalidValue

__all__ = ["Certainty", "Period"]


class Certainty(StrEnum):
    """How sure the reference period is."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    NOT_STATED = "not_stated"


_DASH = "\N{EN DASH}"
_FORMS = "'2015', '2015-2016', '2015-04-01/2016-03-31', '~2014-2016' or 'not stated'"
_YEARS = re.compile(rf"(\d{{4}})(?:\s*[-{_DASH}]\s*(\d{{4}}))?")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")
PERIOD = rf"(?:not stated|~?\s*(?:{_YEARS.pattern}|{_DAYS.pattern}))"
"""How a period is written, as a regular expression; days may still be none of the calendar."""


def _date(value: object) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise InvalidValue(
        "the first and the last day are dates without a time",
        field="period",
        value=value,
        hint=f"Give datetime.date objects, or use Period.parse with {_FORMS}",
    )


def _certainty(value: object) -> Certainty:
    try:
        return Certainty(str(value))
    except ValueError:
        raise InvalidValue(
            "no such certainty",
            field="certainty",
            value=value,
            hint="Use one of " + ", ".join(Certainty),
        ) from None


@frozen
class Period:
    """The first and the last day of a reference period.

    Parameters
    ----------
    start, end : date or None
        The first and the last day, both included; ``None`` when not stated.
    certainty : Certainty
        ``exact``, ``approximate`` ("mainly covers 2014-2016") or ``not_stated``.

    Raises
    ------
    InvalidValue
        If the period ends before it starts, or lacks a day although it is stated, or a day is
        something other than a date.

    Examples
    --------
    >>> p = Period.parse("2015-2016")
    >>> p.days, p.years, str(p)
    (731, 2, '2015-2016')
    >>> str(Period.fiscal(2015, first_month=4))
    '2015-04-01/2016-03-31'
    """

    start: date | None = field(converter=_date)
    end: date | None = field(converter=_date)
    certainty: Certainty = field(default=Certainty.EXACT, converter=_certainty)

    def __attrs_post_init__(self) -> None:
        missing = self.certainty is Certainty.NOT_STATED
        if (self.start is None) is not missing or (self.end is None) is not missing:
            raise InvalidValue(
                "a period has both days, or is not stated and has none",
                field="period",
                value=f"{self.start}/{self.end}",
                hint="Give both days, or use Period.not_stated()",
            )
        if self.start is not None and self.end is not None and self.end < self.start:
            raise InvalidValue(
                "the period ends before it starts",
                field="end",
                value=str(self.end),
                hint=f"Give a last day on or after {self.start}",
            )

    @classmethod
    def calendar(cls, first_year: int, last_year: int | None = None) -> Self:
        """Return one calendar year, or all days from one year to another.

        Parameters
        ----------
        first_year : int
            The first year.
        last_year : int, optional
            The last year, if it is another.

        Returns
        -------
        Period
            From 1 January to 31 December.

        Raises
        ------
        InvalidValue
            If there is no such year or the last is before the first.

        Examples
        --------
        >>> Period.calendar(2015, 2016)
        Period('2015-2016')
        """
        last = first_year if last_year is None else last_year
        return cls(_day(first_year, 1), _day(last, 12, 31))

    @classmethod
    def fiscal(cls, year: int, first_month: int) -> Self:
        """Return the twelve months that start in a month of a year.

        Parameters
        ----------
        year : int
            The year in which it starts.
        first_month : int
            From 1 to 12.

        Returns
        -------
        Period
            Exactly one year, from the first day of the month.

        Raises
        ------
        InvalidValue
            If there is no such year or month.

        Examples
        --------
        >>> Period.fiscal(2015, first_month=7)
        Period('2015-07-01/2016-06-30')
        """
        if first_month == 1:
            return cls.calendar(year)
        return cls(_day(year, first_month), _day(year + 1, first_month) - timedelta(days=1))

    @classmethod
    def not_stated(cls) -> Self:
        """Return the period of a figure that does not say to which days it refers."""
        return cls(None, None, Certainty.NOT_STATED)

    @classmethod
    def parse(cls, text: "str | int | Period") -> "Period":
        """Read a period as this library writes it.

        ``"2015"``, ``"2015-2016"``, ``"2015-04-01/2016-03-31"``; a leading ``~`` says
        approximate; ``"not stated"``.

        Parameters
        ----------
        text : str, int or Period
            The text; a number is a year, and a period is returned as it is.

        Returns
        -------
        Period
            The period whose ``str`` is the canonical form of the text.

        Raises
        ------
        InvalidValue
            If the text is no period, or one that ends before it starts.

        Examples
        --------
        >>> Period.parse("~2014-2016").certainty.value, str(Period.parse("2015 - 2015"))
        ('approximate', '2015')
        """
        if isinstance(text, Period):
            return text
        stripped = str(text).strip()
        if stripped == "not stated":
            return cls.not_stated()
        approximate = stripped.startswith("~")
        start, end = _days(stripped.removeprefix("~").strip(), stripped)
        return cls(start, end, Certainty.APPROXIMATE if approximate else Certainty.EXACT)

    @classmethod
    def joined(cls, periods: "Iterable[Period]") -> Self:
        """Return the one period that several make together.

        Parameters
        ----------
        periods : iterable of Period
            Periods that follow one another without gap or overlap, in any order.

        Returns
        -------
        Period
            From the first day to the last; approximate if one of them is.

        Raises
        ------
        InvalidValue
            If there is none, one is not stated, or they do not follow one another.

        Examples
        --------
        >>> Period.joined([Period.calendar(2016), Period.calendar(2015)])
        Period('2015-2016')
        """
        given = list(periods)
        days = sorted((p.start, p.end) for p in given if p.start is not None and p.end is not None)
        apart = any(start != end + timedelta(days=1) for (_, end), (start, _) in pairwise(days))
        if not days or len(days) < len(given) or apart:
            raise InvalidValue(
                "only periods that follow one another make one together",
                field="period",
                value=", ".join(map(str, given)),
                hint="Give consecutive periods, such as [2015, 2016]",
            )
        certain = all(period.certainty is Certainty.EXACT for period in given)
        certainty = Certainty.EXACT if certain else Certainty.APPROXIMATE
        return cls(days[0][0], days[-1][1], certainty)

    def earlier(self, years: int) -> "Period":
        """Return the period of the same days some years before.

        Parameters
        ----------
        years : int
            How many years; 0 is the same period.

        Returns
        -------
        Period
            As many whole years as this one, as certain as it.

        Raises
        ------
        InvalidValue
            If this one is not made of whole years, or there are no such days.

        Examples
        --------
        >>> Period.calendar(2016).earlier(1), Period.fiscal(2016, first_month=4).earlier(2)
        (Period('2015'), Period('2014-04-01/2015-03-31'))
        """
        start, end = self.start, self.end
        if start is None or end is None or self.years is None:
            raise InvalidValue(
                "only whole years have the same days in earlier years",
                field="period",
                value=str(self),
                hint="Give calendar years, or other years of twelve months",
            )
        first = _day(start.year - years, start.month, start.day)
        if self.is_calendar:
            return Period(first, _day(end.year - years, 12, 31), self.certainty)
        after = end + timedelta(days=1)
        following = _day(after.year - years, after.month, after.day)
        return Period(first, following - timedelta(days=1), self.certainty)

    @property
    def days(self) -> int | None:
        """How many days it has; ``None`` when not stated."""
        if self.start is None or self.end is None:
            return None
        return (self.end - self.start).days + 1

    @property
    def is_calendar(self) -> bool:
        """Whether it is made of whole calendar years."""
        if self.start is None or self.end is None:
            return False
        return (self.start.month, self.start.day) == (1, 1) and (
            self.end.month,
            self.end.day,
        ) == (12, 31)

    @property
    def years(self) -> int | None:
        """How many whole years of any kind it has; ``None`` when it has a broken one."""
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

    def overlaps(self, other: "Period") -> bool | None:
        """Whether some day belongs to both; ``None`` when a period is not stated."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return None
        return self.start <= other.end and other.start <= self.end

    def covers(self, other: "Period") -> bool | None:
        """Whether every day of the other belongs to this one; ``None`` when not stated."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return None
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        if self.start is None or self.end is None:
            return "not stated"
        text = f"{self.start.isoformat()}/{self.end.isoformat()}"
        if self.is_calendar:
            first, last = f"{self.start.year:04d}", f"{self.end.year:04d}"
            text = first if first == last else f"{first}-{last}"
        return f"~{text}" if self.certainty is Certainty.APPROXIMATE else text

    def __repr__(self) -> str:
        return f"Period({str(self)!r})"


def _days(text: str, given: str) -> tuple[date, date]:
    if match := _YEARS.fullmatch(text):
        return _day(int(match[1]), 1), _day(int(match[2] or match[1]), 12, 31)
    if match := _DAYS.fullmatch(text):
        try:
            return date.fromisoformat(match[1]), date.fromisoformat(match[2])
        except ValueError:
            pass
    raise InvalidValue(
        "this is not a reference period",
        field="period",
        value=given,
        hint=f"Write {_FORMS}",
    )


def _day(year: int, month: int, day: int = 1) -> date:
    try:
        return date(year, month, day)
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidValue(
            "there is no such day",
            field="period",
            value=f"{year}-{month}-{day}",
            hint="Give a year from 1 to 9999 and a month from 1 to 12",
        ) from error
