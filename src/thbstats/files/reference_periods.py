"""Reference periods in statistical files and in the forms of offices."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from thbstats.columns import Coded
from thbstats.errors import ThbstatsError
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.words import (
    HALF_YEAR,
    MONTHS,
    ORDINALS,
    QUARTER,
    THIRD,
    plain_word,
    without_note,
)
from thbstats.records import Dimension
from thbstats.values import Period

_ANNUAL = re.compile(r"(\d{4})-?A0?1")
_STANDARD = re.compile(r"\d{4}(-[STQM]\d{1,2})?")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")
_NUMBER = re.compile(r"(\d{1,2})(?:\.0+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00)?(?:\.0+)?)?")
_PARTS = {"month": ("M", 1), "quarter": ("Q", 3), "half-year": ("S", 6)}
_DURATION = re.compile(r"(\d{4}-\d\d-\d\d)(?:T00:00:00)?/P(\d{1,7})([YMD])")

_DASH = re.compile(r"\s*[-\N{EN DASH}]\s*")
_YEARS = re.compile(r"(FY|(?:fiscal|financial) year)?\s*(\d{4})([/-])(\d{4}|\d\d)", re.I)
# A part of a year: its number, its word and the year, in the orders of several languages.
_ORDINAL = r"(?:st|nd|rd|th|er|re|e|ème|\u03bf|:[ae]|\.?[ºª°]|[.\u0384\u2019'])?"
_PART_OF_YEAR = r"(?P<year>\d{4}(?:[/-]\d\d)?)"
_PART_NUMBER = r"(?P<number>[1-4]|IV|I{1,3}|[\u0391-\u0394](?=[\u0384\u2019']))"
_PART_WORD = r"(?P<word>[^\W\d]+?)"
_PARTS_OF_YEARS = [
    re.compile(rf"{_PART_WORD}\.?\s*{_PART_NUMBER}[\s,/-]+{_PART_OF_YEAR}"),
    re.compile(
        rf"{_PART_NUMBER}{_ORDINAL}\s*{_PART_WORD}\.?[\s,/-]+(?:de\s+|del\s+|of\s+)?{_PART_OF_YEAR}"
    ),
    re.compile(rf"{_PART_OF_YEAR}[\s,/-]*{_PART_WORD}\.?\s*{_PART_NUMBER}"),
    re.compile(rf"{_PART_OF_YEAR}[\s.]+{_PART_NUMBER}\.\s*{_PART_WORD}"),
]
_SIGNS = [*"1234", "I", "II", "III", "IV", *"\u0391\u0392\u0393\u0394"]
PART_NUMBERS = {sign: position % 4 + 1 for position, sign in enumerate(_SIGNS)}
"""The number of a part of a year, such as ``IV``."""

_NAMED_MONTH = re.compile(r"([^\W\d]+)\.?,?[\s/-]+(?:de\s+)?(\d{4})|(\d{4})\.?[\s/-]+([^\W\d]+)\.?")
_NUMBERED_MONTH = re.compile(r"(0[1-9]|1[0-2])[/.](\d{4})")
_ENDING = re.compile(
    r"(?:the )?(?:year|12 months|twelve months|YE)(?: ending| ended| to)?(?: (\d\d?))? "
    r"([^\W\d]+) (\d{4})",
    re.I,
)
_SHORT_THIRD = re.compile(r"\d{4}T[1-3]")
_FIRST_WORD = re.compile(r"[^\W\d]+(?=\s)")
_LONGEST_TEXT = 60  # characters of a period
_LONGEST = 20  # years of a text such as 2014/16
_DIGIT = re.compile(r"\d")
_SPAN = re.compile(
    r"([^\W\d]+)(?: (\d{4}))?(?:-| to | bis | à | do | a | al | au )([^\W\d]+) (\d{4})"
)
Reading = tuple[str, Period]
"""A reading of a text: its name, such as ``"fiscal"``, and the period."""


def read_period(text: str) -> Period:
    """Return the period of a text.

    ``"2015"``, ``"2015.0"``, ``"2015-2016"``, ``"2015-Q2"``, ``"2015Q2"``, ``"2015-S1"``,
    ``"2015-M03"``, ``"2015-03"``, ``"2015-03-01"``, ``"2015-01-01/P2Y"``, or a text that
    `Period.parse` accepts. Other texts raise `InvalidValue`.
    """
    plain = text.strip()
    if match := _YEAR.fullmatch(plain):
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
        if start.day == 1:
            return _months(start.year, start.month, length * (12 if match[3] == "Y" else 1))
        return Period(start, start.replace(year=start.year + length) - timedelta(days=1))
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
        "UNMAPPED.date",
        column,
        [code for code, period in enumerate(periods) if period is None],
        name="period",
        values={"dates": dates},
    )
    pairs = zip(column.categories, periods, strict=True)
    return column.with_values([text if period is None else period for text, period in pairs])


def join_periods(ledger: Ledger, first: FileColumn, second: FileColumn) -> FileColumn:
    """Return the texts of two columns with a hyphen, the year first, such as ``2023-Q4``.

    A number next to a year is a month if the largest of its column is from 5 to 12; otherwise it
    can be a quarter or a week, and the rows with numbers are rejected.
    """
    has_years = [any(_YEAR.fullmatch(t.strip()) for t in own.categories) for own in (first, second)]
    is_reversed = has_years == [False, True]
    years, parts = (second, first) if is_reversed else (first, second)
    numbers = {
        code: int(match[1])
        for code, text in enumerate(parts.categories)
        if (match := _NUMBER.fullmatch(text.strip()))
    }
    if any(has_years) and not 4 < max(numbers.values(), default=5) <= 12:
        ledger.reject_texts("UNMAPPED.number", parts, list(numbers), name="period")
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
    return f"{period.start}/P{period.days}D"


def _month(word: str) -> int | None:
    """Return the month of a name, or of its first letters."""
    plain = plain_word(word)
    near = [own for name, own in MONTHS.items() if len(plain) > 2 and name.startswith(plain)]
    numbers = MONTHS.get(plain) or set().union(*near)
    return next(iter(numbers)) if len(numbers) == 1 else None


def _months(year: int, first: int, number: int = 1) -> Period:
    """Return the period of some months from a month of a year on, counted from 1."""
    ends = [divmod(year * 12 + month - 1, 12) for month in (first, first + number - 1)]
    (year, first), (last_year, last) = [(own, month + 1) for own, month in ends]
    return Period(date(year, first, 1), date(last_year, last, monthrange(last_year, last)[1]))


def _readings(text: str, first_month: int) -> list[Reading]:
    """Return the periods that a text can mean; ``first_month`` is that of fiscal years, or 0."""
    if match := _YEARS.fullmatch(text):
        return _two_years(match, first_month)
    # "primo semestre 2023" is read as "1 semestre 2023"
    word = _FIRST_WORD.match(text)
    ordinal = ORDINALS.get(plain_word(word[0])) if word else None
    part = text if word is None or ordinal is None else f"{ordinal}{text[word.end() :]}"
    if match := next(filter(None, (own.fullmatch(part) for own in _PARTS_OF_YEARS)), None):
        number = PART_NUMBERS[match["number"]]
        return _parts(plain_word(match["word"]), number, match["year"], first_month)
    if match := _NUMBERED_MONTH.fullmatch(text):
        return [("month", _months(int(match[2]), int(match[1])))]
    if (match := _NAMED_MONTH.fullmatch(text)) and (month := _month(match[1] or match[4])):
        return [("month", _months(int(match[2] or match[3]), month))]
    if (match := _ENDING.fullmatch(text)) and (month := _month(match[2])):
        result = _months(int(match[3]) - 1, month + 1, 12)
        is_end = result.end is not None and match[1] in (None, str(result.end.day))
        return [("year", result)] if is_end else []
    match = _SPAN.fullmatch(text)
    if match and (first := _month(match[1])) and (last := _month(match[3])):
        start, end = int(match[2] or match[4]), int(match[4])
        return [("months", _months(start, first, (end - start) * 12 + last - first + 1))]
    return []


def _two_years(match: re.Match[str], first_month: int) -> list[Reading]:
    """Return the readings of texts such as 2021/22 and 2010-11."""
    label, first, sign, last = match[1], int(match[2]), match[3], match[4]
    is_short, number = len(last) == 2, int(last)
    end = number + first // 100 * 100 + (100 if number < first % 100 else 0) if is_short else number
    if end == first + 1 and first_month:
        return [("fiscal", Period.fiscal(first, first_month))]
    readings: list[Reading] = []
    if is_short and number in range(1, 13) and not label:
        readings.append(("month", _months(first, number)))
    if first < end <= first + _LONGEST and not label and (end == first + 1 or not readings):
        readings.append(("years", Period.calendar(first, end)))
    if end == first + 1 and (is_short or sign == "/" or label):
        readings.append(("fiscal", Period.fiscal(first, 4)))
        readings += [("fiscal from July", Period.fiscal(first, 7))] if label else []
    return readings


def _parts(word: str, number: int, year: str, first_month: int) -> list[Reading]:
    """Return the readings of a part of a year, such as Q3, T3 or H1."""
    first, is_fiscal = int(year[:4]), len(year) > 4
    lengths = {"half-year": 6} if HALF_YEAR.match(word) and number < 3 else {}
    if THIRD.match(word) and number < 4:
        lengths = {"third": 4}
    elif word == "t" or QUARTER.match(word):
        lengths = {"quarter": 3, "third": 4} if word == "t" and number < 4 else {"quarter": 3}
    starts = {"": 1}
    if is_fiscal:
        starts = {"": first_month} if first_month else {" from April": 4, " from July": 7}
    return [
        (f"{name}{start}", _months(first, month + (number - 1) * length, length))
        for name, length in lengths.items()
        for start, month in starts.items()
    ]


def period_readings(text: str, first_month: int = 0) -> list[Reading]:
    """Return the periods that a text can mean, each with the name of its reading.

    ``first_month`` is the first month of fiscal years; 0 if it is not known.
    """
    plain = without_note(text)
    if len(plain) > _LONGEST_TEXT:
        return []
    plain = _DASH.sub("-", plain)
    try:
        readings = _readings(plain, first_month)
    except (ThbstatsError, ValueError, OverflowError):
        readings = []  # an impossible period, such as "Dec-Feb 2021" or "Q1 0000"
    if readings and (_YEARS.fullmatch(plain) or _SHORT_THIRD.fullmatch(plain)):
        return readings
    try:
        return [("standard", read_period(plain))]
    except ThbstatsError:
        return readings


def parser_of(dimension: Dimension) -> Callable[[str], str]:
    """Return the function from a text of a file to a category of a dimension."""
    if dimension.content != "period":
        return dimension.parse

    def parse(text: str) -> str:
        readings = period_readings(text)
        return str(readings[0][1] if readings else read_period(text))

    return parse


def readings_by_text(texts: Iterable[str], first_month: int = 0) -> dict[str, list[Reading]]:
    """Return the periods that each text can mean, next to the other ones.

    A text of the same form with one reading decides: ``2010-10`` shows that ``2010-11`` is a month,
    and ``2023T4`` that ``T`` means quarters.
    """
    readings = {text: period_readings(text, first_month) for text in texts}
    decided: dict[str, set[str]] = {}
    for text, own in readings.items():
        if len(own) == 1:
            decided.setdefault(_DIGIT.sub("9", text.strip()), set()).add(own[0][0])
    for text, own in readings.items():
        same_form = decided.get(_DIGIT.sub("9", text.strip()), set())
        readings[text] = [reading for reading in own if {reading[0]} == same_form] or own
    return readings


def is_fiscal(readings: Iterable[Reading]) -> bool:
    """Whether the first month of fiscal years decides between some readings."""
    return any(name.startswith("fiscal") or "from" in name for name, _ in readings)


def read_periods(ledger: Ledger, column: FileColumn, first_month: int = 0) -> Callable[[str], str]:
    """Return the function from the texts of a column to periods; reject ambiguous texts."""
    readings = readings_by_text(column.categories, first_month)
    unclear: dict[tuple[str, ...], list[int]] = {}
    for code, text in enumerate(column.categories):
        if len(own := readings[text]) > 1:
            unclear.setdefault(tuple(name for name, _ in own), []).append(code)
    for names, codes in unclear.items():
        text = column.categories[codes[0]]
        periods = [str(period) for _, period in readings[text]]
        choices = [f"recode={{{column.name!r}: {{{text!r}: {periods[0]!r}}}}}"]
        if is_fiscal(readings[text]):
            choices.insert(0, "fiscal_year=4 for years from April")
        pairs = zip(names, periods, strict=True)
        ledger.reject_texts(
            "UNMAPPED.readings",
            column,
            codes,
            name="period",
            values={
                "text": repr(text),
                "readings": " or ".join(f"{period} ({name})" for name, period in pairs),
                "choices": ", or ".join(choices),
            },
        )

    def parse(text: str) -> str:
        if text in readings and len(readings[text]) == 1:
            return str(readings[text][0][1])
        return str(read_period(text))

    return parse
