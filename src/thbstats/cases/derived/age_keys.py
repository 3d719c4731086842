"""Ages that an engine computes, as a number per age group or per age."""

from typing import Any

from attrs import frozen

from thbstats.cases.derived.days import VALID_DATE
from thbstats.cases.derived.days_in_engines import EngineDays, add_engine_days, first_match
from thbstats.cases.engine_columns import UNREADABLE, EngineColumn, EngineRequest
from thbstats.counting import Answer

__all__ = ["ADULT", "OLDEST", "Ages", "age_key"]

ADULT = 18  # Directive 2011/36/EU, Article 2(6)
OLDEST = 120

_GROUPS = (Answer(("child",)), Answer(("adult",)), Answer(("unknown",)))
_RADIX = OLDEST + 2  # ages from 0 to 121, which is above every valid age
_INVALID = _RADIX**2
_YEAR = 10000  # the difference of equal days in two years, as numbers such as 20150401


@frozen
class Ages:
    """The range of possible ages, in completed years.

    Parameters
    ----------
    lowest, highest : int or None
        The lowest and the highest age; -1 is before the birth. ``None`` if a date is missing.
    birth, event : object
        The value in place of a missing date, or the two dates of an impossible age.
    """

    lowest: int | None
    highest: int | None
    birth: Any = None
    event: Any = None

    def __str__(self) -> str:
        if self.lowest is None:
            return "no date"
        if self.lowest == self.highest:
            return f"{self.lowest}"
        return f"{self.lowest} to {self.highest}"


def age_key(request: EngineRequest, birth: str, event: str) -> EngineColumn | None:
    """Return the ages; ``None`` if the engine or a column type does not support it."""
    import narwhals.stable.v2 as nw

    born = add_engine_days(request, request.rows, birth, f"{request.output}b")
    registered = (
        None if born is None else add_engine_days(request, born.rows, event, f"{request.output}e")
    )
    if born is None or registered is None:
        return None
    # 10,000 times the lowest and the highest age, without parts of years.
    low = nw.col(registered.first) - nw.col(born.last)
    high = nw.col(registered.last) - nw.col(born.first)
    invalid_birth, invalid_event = nw.col(born.invalid), nw.col(registered.invalid)
    cases: list[tuple[nw.Expr, Any]] = [
        ((invalid_birth < 0) | (invalid_event < 0), UNREADABLE),
        (
            (invalid_birth > 0) | (invalid_event > 0),
            invalid_birth * (len(registered.values) + 1) + invalid_event + _INVALID,
        ),
        ((high < 0) | (low >= (OLDEST + 1) * _YEAR), UNREADABLE),
    ]
    if request.with_values:
        lowest, highest = (_years(number).clip(0, OLDEST + 1) for number in (low, high))
        key = first_match(cases, lowest * _RADIX + highest)
    else:
        cases += [(high < ADULT * _YEAR, 0), (low >= ADULT * _YEAR, 1)]
        key = first_match(cases, 2)

    def decode(number: int) -> Any:
        if number >= _INVALID:
            before, after = divmod(number - _INVALID, len(registered.values) + 1)
            return Ages(None, None, _date_value(born, before), _date_value(registered, after))
        return Ages(*divmod(number, _RADIX)) if request.with_values else _GROUPS[number]

    return EngineColumn(
        name=request.output,
        rows=registered.rows.with_columns(key.alias(request.output)),
        decode=decode,
    )


def _years(number: Any) -> Any:
    """Return completed years; engines differ in the rounding of negative numbers."""
    return (number + _YEAR**2) // _YEAR - _YEAR


def _date_value(days: EngineDays, position: int) -> Any:
    return days.values[position - 1] if position else VALID_DATE
