"""Ages as an engine makes them where its rows are: a number for each group, or for each age."""

from typing import Any

from thbstats.cases.derived.age_range import Ages
from thbstats.cases.derived.days import VALID_DATE
from thbstats.cases.derived.days_in_engines import EngineDays, add_engine_days, first_match
from thbstats.cases.engine_columns import UNREADABLE, EngineColumn, EngineRequest
from thbstats.counting import Answer

__all__ = ["ADULT", "OLDEST", "age_key"]

ADULT = 18  # Directive 2011/36/EU, Article 2(6)
OLDEST = 120

_GROUPS = (Answer(("child",)), Answer(("adult",)), Answer(("unknown",)))
_RADIX = OLDEST + 2  # ages from 0 to 121, "older than anybody"
_ODD = _RADIX**2
_YEAR = 10000  # between two days of the same name, as numbers such as 20150401


def age_key(request: EngineRequest, birth: str, event: str) -> EngineColumn | None:
    """Return the ages, or ``None`` where the engine or the type of a column does not admit it.

    Parameters
    ----------
    request : EngineRequest
        What they are made of.
    birth, event : str
        The columns of the dates.
    """
    import narwhals.stable.v2 as nw

    born = add_engine_days(request, request.rows, birth, f"{request.output}b")
    seen = (
        None if born is None else add_engine_days(request, born.rows, event, f"{request.output}e")
    )
    if born is None or seen is None:
        return None
    # Ten thousand times the youngest age, and the oldest, without what is beyond whole years.
    low = nw.col(seen.first) - nw.col(born.last)
    high = nw.col(seen.last) - nw.col(born.first)
    odd_birth, odd_event = nw.col(born.odd), nw.col(seen.odd)
    cases: list[tuple[nw.Expr, Any]] = [
        ((odd_birth < 0) | (odd_event < 0), UNREADABLE),
        (
            (odd_birth > 0) | (odd_event > 0),
            odd_birth * (len(seen.values) + 1) + odd_event + _ODD,
        ),
        ((high < 0) | (low >= (OLDEST + 1) * _YEAR), UNREADABLE),
    ]
    if request.with_values:
        lowest, highest = (_years(number).clip(0, OLDEST + 1) for number in (low, high))
        key = first_match(cases, lowest * _RADIX + highest)
    else:
        cases += [(high < ADULT * _YEAR, 0), (low >= ADULT * _YEAR, 1)]
        key = first_match(cases, 2)

    def told(number: int) -> Any:
        if number >= _ODD:
            before, after = divmod(number - _ODD, len(seen.values) + 1)
            return Ages(None, None, _odd(born, before), _odd(seen, after))
        return Ages(*divmod(number, _RADIX)) if request.with_values else _GROUPS[number]

    return EngineColumn(
        name=request.output, rows=seen.rows.with_columns(key.alias(request.output)), decode=told
    )


def _years(number: Any) -> Any:
    """Return the completed years; engines round what is below zero in one way or another."""
    return (number + _YEAR**2) // _YEAR - _YEAR


def _odd(days: EngineDays, place: int) -> Any:
    return days.values[place - 1] if place else VALID_DATE
