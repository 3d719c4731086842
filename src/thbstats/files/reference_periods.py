"""Reference periods in statistical files."""

import re
from datetime import date, timedelta

from thbstats.columns import Coded
from thbstats.errors import InvalidValue
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.values import Period

_ANNUAL = re.compile(r"(\d{4})-?A0?1")
_STANDARD = re.compile(r"\d{4}(-[STQM]\d{1,2})?")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")
_NUMBER = re.compile(r"(\d{1,2})(?:\.0+)?")
_DECIMAL_YEAR = re.compile(r"(\d{4})\.0+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00)?(?:\.0+)?)?")
_PARTS = {"month": ("M", 1), "quarter": ("Q", 3), "half-year": ("S", 6)}
_DURATION = re.compile(r"(\d{4}-\d\d-\d\d)(?:T00:00:00)?/P(\d{1,7})([YMD])")


def read_period(text: str) -> Period:
    """Return the period of a text.

    ``"2015"``, ``"2015.0"``, ``"2015-2016"``, ``"2015-Q2"``, ``"2015Q2"``, ``"2015-S1"``,
    ``"2015-M03"``, ``"2015-03"``, ``"2015-03-01"``, ``"2015-01-01/P2Y"``, or a text that
    `Period.parse` accepts. Other texts raise `InvalidValue`.
    """
    plain = text.strip()
    if match := _DECIMAL_YEAR.fullmatch(plain):
        plain = match[1]
    try:
        period = _sdmx(plain)
    except (ValueError, OverflowError):
        period = None
    return Period.parse(plain) if period is None else period


def _sdmx(text: str) -> Period | None:
    if match := _ANNUAL.fullmatch(text):
        return Period.calendar(int(match[1]))
    if match := _MONTH.fullmatch(text):
        return Period.part_of_year(int(match[1]), "M", int(match[2]))
    if _DAY.fullmatch(text):
        return Period(date.fromisoformat(text), date.fromisoformat(text))
    if match := _DURATION.fullmatch(text):
        start, length = date.fromisoformat(match[1]), int(match[2])
        if not length or (match[3] == "M" and start.day != 1):
            return None
        if match[3] == "D":
            return Period(start, start + timedelta(days=length - 1))
        months = start.month - 1 + length * (12 if match[3] == "Y" else 1)
        if start.day == 1 and months == 12 * (date.max.year + 1 - start.year):
            return Period(start, date.max)
        after = start.replace(year=start.year + months // 12, month=months % 12 + 1)
        return Period(start, after - timedelta(days=1))
    return None


def period_of_date(text: str, dates: str) -> str | None:
    """Return the period whose first or last day a date is; other texts are unchanged.

    ``dates`` is the length of the period, such as ``"quarter"``. The result is ``None`` for a date
    in the middle of a period.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None or dates == "day":
        return text
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return text
    sign, length = _PARTS.get(dates, ("", 12))
    number = (day.month - 1) // length + 1
    period = Period.part_of_year(day.year, sign, number) if sign else Period.calendar(day.year)
    return str(period) if day in (period.start, period.end) else None


def periods_of_dates(ledger: Ledger, column: FileColumn, dates: str) -> FileColumn:
    """Return a column with the periods of its dates; reject dates within a period."""
    periods = [period_of_date(text, dates) for text in column.categories]
    ledger.reject_texts(
        "UNMAPPED",
        column,
        [code for code, period in enumerate(periods) if period is None],
        name="period",
        message=f"a date that is not the first or last day of a {dates}",
        hint="Correct the date, or pass dates='day' if it is a day",
    )
    pairs = zip(column.categories, periods, strict=True)
    return column.with_values([text if period is None else period for text, period in pairs])


def join_periods(ledger: Ledger, first: FileColumn, second: FileColumn) -> FileColumn:
    """Return the texts of two columns with a hyphen, the year first, such as ``2023-Q4``.

    A number is a month if one of its column is above 4; otherwise it can be a quarter, and the
    rows with numbers are rejected.
    """
    has_years = [any(_YEAR.fullmatch(t.strip()) for t in own.categories) for own in (first, second)]
    is_reversed = has_years == [False, True]
    years, parts = (second, first) if is_reversed else (first, second)
    numbers = {
        code: int(match[1])
        for code, text in enumerate(parts.categories)
        if (match := _NUMBER.fullmatch(text.strip()))
    }
    if max(numbers.values(), default=5) < 5:
        ledger.reject_texts(
            "UNMAPPED",
            parts,
            list(numbers),
            name="period",
            message="a number that can be a quarter or a month",
            hint="Declare it: recode={column: {'1': 'Q1'}} for quarters, 'M01' for months",
        )
    texts = [
        f"{numbers[n]:02}" if n in numbers else t.strip() for n, t in enumerate(parts.categories)
    ]
    plain = [_YEAR.sub(r"\1", year.strip()) for year in years.categories]

    def joined(year: str | None, part: str | None) -> str | None:
        return None if year is None or part is None else f"{year}-{part}"

    both = Coded(years.codes, plain).combine(Coded(parts.codes, texts), joined)
    return FileColumn(both.codes, ()).with_values(both.categories)


def sdmx_period(text: str) -> str:
    """Return a period in SDMX notation: a year, a part of a year, or first day and duration.

    `read_period` parses it. Approximate periods and "not stated" are unchanged.
    """
    period = Period.parse(text)
    if period.start is None or text.startswith("~"):
        return text
    if _STANDARD.fullmatch(canonical := str(period)):
        return canonical
    years = period.years
    if years is not None and (period.start.month, period.start.day) != (2, 29):
        return f"{period.start}/P{years}Y"
    if period.days is None:  # pragma: no cover - a period with a start has days
        raise InvalidValue("must have a first and a last day", field="period", value=text)
    return f"{period.start}/P{period.days}D"
