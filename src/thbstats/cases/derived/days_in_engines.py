"""Days of a column of dates that an engine computes."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import reduce
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from thbstats.cases.engine_columns import UNREADABLE, EngineRequest

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["EngineDays", "add_engine_days", "first_match"]

_DAY = (
    r"(?:0[13578]|1[02])-?(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-?(?:0[1-9]|[12][0-9]|30)"
    r"|02-?(?:0[1-9]|1[0-9]|2[0-8])"
)
_LEAP = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-?02-?29"
_TIME = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{3}(?:[0-9]{3})?)?)?"
_DATE = rf"^(?:[0-9]{{4}}(?:-(?:0[1-9]|1[0-2]))?|(?:[0-9]{{4}}-?(?:{_DAY})|{_LEAP})(?:{_TIME})?)$"
# The lengths of a year, a month, a day with or without dashes, and timestamps: texts that Python
# reads in the same way, regardless of line ends.
_YEAR, _MONTH, _LENGTHS = 4, 7, (4, 7, 8, 10, 16, 19, 23, 26)
_FIRST, _LAST = 1_01_01, 9999_12_31
_WHOLE = 99_99_99_99


@frozen(eq=False, kw_only=True)
class EngineDays:
    """The days of a column, as columns of numbers.

    Parameters
    ----------
    rows : LazyFrame of narwhals
        The rows with these columns.
    first, last : str
        The names of the columns with the first and the last day, as the number 20150401.
    invalid : str
        The name of the column that is zero for a date, the position from 1 of a declared value in
        ``values``, and `UNREADABLE` for other values.
    values : tuple of str or None
        The declared values.
    """

    rows: "nw.LazyFrame[Any]"
    first: str
    last: str
    invalid: str
    values: tuple[str | None, ...]


def first_match(cases: Sequence[tuple["nw.Expr", Any]], default: Any) -> "nw.Expr":
    """Return the value of the first true condition."""
    import narwhals.stable.v2 as nw

    return reduce(
        lambda others, case: nw.when(case[0]).then(case[1]).otherwise(others),
        reversed(cases),
        default if isinstance(default, nw.Expr) else nw.lit(default),
    )


def add_engine_days(
    request: EngineRequest, rows: "nw.LazyFrame[Any]", column: str, name: str
) -> EngineDays | None:
    """Return the days of a column.

    Returns
    -------
    EngineDays or None
        ``None`` if the type of the column contains no days, or engines read it differently.
    """
    import narwhals.stable.v2 as nw

    source = request.source_names[column]
    dtype = rows.collect_schema()[source]
    result = EngineDays(
        rows=rows,
        first=f"{name}first",
        last=f"{name}last",
        invalid=f"{name}odd",
        values=tuple(sorted(request.meaning.no_answer, key=str)),
    )
    if rows.implementation.is_dask():  # which does not convert columns with missing values
        return None
    # Timestamps of Spark usually have the time zone of the session.
    local = isinstance(dtype, nw.Datetime) and (
        dtype.time_zone is None or rows.implementation.is_spark_like()
    )
    if dtype == nw.Date or local:
        return _of_dates(result, nw.col(source))
    if dtype in (nw.String, nw.Categorical, nw.Enum) or dtype.is_integer():
        text = nw.col(source).cast(nw.String)
        return _of_texts(result, text, nw.col(source).is_null(), f"{name}text")
    if dtype.is_float():
        number = nw.col(source)
        whole = (number >= 0) & (number <= _WHOLE) & (number == number.round(0))
        text = nw.when(whole).then(number).cast(nw.Int64).cast(nw.String)
        return _of_texts(result, text, number.is_null() | number.is_nan(), f"{name}text")
    return None


def _of_dates(result: EngineDays, day: "nw.Expr") -> EngineDays:
    import narwhals.stable.v2 as nw

    number = nw.col(result.first)
    parts = [part.cast(nw.Int64) for part in (day.dt.year(), day.dt.month(), day.dt.day())]
    declared, uncertain = _declared_days(result.values)
    invalid = first_match(
        [
            (number.is_null(), _empty_position(result.values)),
            *((number == other, position) for other, position in declared),
            *((number == other, UNREADABLE) for other in uncertain),
            ((number >= _FIRST) & (number <= _LAST), 0),
        ],
        UNREADABLE,
    )
    rows = result.rows.with_columns(
        (parts[0] * 10000 + parts[1] * 100 + parts[2]).alias(result.first)
    ).with_columns(number.alias(result.last), invalid.alias(result.invalid))
    return evolve(result, rows=rows)


def _declared_days(values: Sequence[str | None]) -> tuple[list[tuple[int, int]], list[int]]:
    """Return declared days with their positions, and the days of declared timestamps."""
    declared, uncertain = [], []
    for position, text in enumerate(values, start=1):
        try:
            day = datetime.fromisoformat(text or "")
        except ValueError:
            continue
        number = day.year * 10000 + day.month * 100 + day.day
        if date(day.year, day.month, day.day).isoformat() == text:
            declared.append((number, position))
        else:
            uncertain.append(number)
    return declared, uncertain


def _of_texts(result: EngineDays, text: "nw.Expr", is_empty: "nw.Expr", name: str) -> EngineDays:
    import narwhals.stable.v2 as nw

    cell, length = nw.col(name), nw.col(name).str.len_chars()
    like_date = length.is_in(_LENGTHS) & cell.str.contains(_DATE) & ~cell.str.starts_with("0000")
    invalid = first_match(
        [
            (is_empty, _empty_position(result.values)),
            (cell.is_null(), UNREADABLE),
            *(
                (cell == value, position)
                for position, value in enumerate(result.values, start=1)
                if value is not None
            ),
            (like_date, 0),
        ],
        UNREADABLE,
    )
    digits = cell.str.slice(0, 10).str.replace_all("-", "", literal=True)
    number = nw.when(nw.col(result.invalid) == 0).then(digits).cast(nw.Int64)
    rows = (
        result.rows.with_columns(text.alias(name))
        .with_columns(invalid.alias(result.invalid), length.alias(f"{name}length"))
        .with_columns(number.alias(f"{name}number"))
    )
    whole, letters = nw.col(f"{name}number"), nw.col(f"{name}length")

    def day(of_year: int, of_month: int) -> "nw.Expr":
        year, month = whole * 10000 + of_year, whole * 100 + of_month
        return first_match([(letters == _YEAR, year), (letters == _MONTH, month)], whole)

    rows = rows.with_columns(day(1_01, 1).alias(result.first), day(12_31, 31).alias(result.last))
    return evolve(result, rows=rows)


def _empty_position(values: Sequence[str | None]) -> int:
    return values.index(None) + 1 if None in values else UNREADABLE
