"""Ages as an engine makes them where its rows are: a number for each group, or for each age."""

from typing import Any

from thbstats.cases.derived.days import DATED
from thbstats.cases.derived.days_in_engines import EngineDays, engine_days, first_of
from thbstats.cases.derived.interval import Ages
from thbstats.cases.making import STRANGE, Made, Making
from thbstats.counting import Answer

__all__ = ["ADULT", "OLDEST", "age_key"]

ADULT = 18  # Directive 2011/36/EU, Article 2(6)
OLDEST = 120

_GROUPS = (Answer(("child",)), Answer(("adult",)), Answer(("unknown",)))
_RADIX = OLDEST + 2  # ages from 0 to 121, "older than anybody"
_ODD = _RADIX**2
_YEAR = 10000  # between two days of the same name, as numbers such as 20150401


def age_key(making: Making, birth: str, event: str) -> Made | None:
    """Return the ages, or ``None`` where the engine or the type of a column does not admit it.

    Parameters
    ----------
    making : Making
        What they are made of.
    birth, event : str
        The columns of the dates.
    """
    import narwhals.stable.v2 as nw

    born = engine_days(making, making.rows, birth, f"{making.into}b")
    seen = None if born is None else engine_days(making, born.rows, event, f"{making.into}e")
    if born is None or seen is None:
        return None
    # Ten thousand times the youngest age, and the oldest, without what is beyond whole years.
    low = nw.col(seen.first) - nw.col(born.last)
    high = nw.col(seen.last) - nw.col(born.first)
    odd_birth, odd_event = nw.col(born.odd), nw.col(seen.odd)
    cases: list[tuple[nw.Expr, Any]] = [
        ((odd_birth < 0) | (odd_event < 0), STRANGE),
        (
            (odd_birth > 0) | (odd_event > 0),
            odd_birth * (len(seen.values) + 1) + odd_event + _ODD,
        ),
        ((high < 0) | (low >= (OLDEST + 1) * _YEAR), STRANGE),
    ]
    if making.fine:
        lowest, highest = (_years(number).clip(0, OLDEST + 1) for number in (low, high))
        key = first_of(cases, lowest * _RADIX + highest)
    else:
        cases += [(high < ADULT * _YEAR, 0), (low >= ADULT * _YEAR, 1)]
        key = first_of(cases, 2)

    def told(number: int) -> Any:
        if number >= _ODD:
            before, after = divmod(number - _ODD, len(seen.values) + 1)
            return Ages(None, None, _odd(born, before), _odd(seen, after))
        return Ages(*divmod(number, _RADIX)) if making.fine else _GROUPS[number]

    return Made(name=making.into, rows=seen.rows.with_columns(key.alias(making.into)), told=told)


def _years(number: Any) -> Any:
    """Return the completed years; engines round what is below zero in one way or another."""
    return (number + _YEAR**2) // _YEAR - _YEAR


def _odd(days: EngineDays, place: int) -> Any:
    return days.values[place - 1] if place else DATED
