"""Groups of citizenship that an engine computes, as numbers."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import groupby
from operator import or_
from typing import TYPE_CHECKING, Any

from attrs import frozen

from thbstats.cases.derived.days_in_engines import add_engine_days, first_match
from thbstats.cases.derived.group_rules import ReferenceTimes, group_citizenship, member_states
from thbstats.cases.derived.value_codes import ValueReadings, add_value_codes, read_values
from thbstats.cases.engine_columns import UNREADABLE, EngineColumn, EngineRequest
from thbstats.counting import Answer
from thbstats.geography import membership_changes, with_successors
from thbstats.vocabulary import CitizenshipGroup

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["GROUPS", "GroupParts", "group_key"]

GROUPS = frozenset(map(str, CitizenshipGroup))

_UNKNOWN, _OWN = Answer(("unknown",)), Answer(("reporting_country",))

# Columns contain the numbers of countries and times, of unreadable values (`UNREADABLE`), of
# missing records, and below that of answers that are groups already.
_NOTHING = -2


@frozen(kw_only=True)
class GroupParts:
    """The columns and readings of a group of citizenship.

    Parameters
    ----------
    citizenship : str
        The column of the citizenship.
    area, period : str or None
        The columns of the reporting country and of the period; ``None`` if all cases have the same.
    answer, home, when : callable
        The reading of a value of each column; without a column, of all cases.
    reported : bool
        Whether there is a reporting country.
    """

    citizenship: str
    area: str | None
    period: str | None
    answer: Callable[[Any], Answer]
    home: Callable[[Any], str | None]
    when: Callable[[Any], ReferenceTimes | None]
    reported: bool


def group_key(request: EngineRequest, parts: GroupParts) -> EngineColumn | None:
    """Return the groups; ``None`` if the engine or a column type does not support it."""
    citizenships_read = read_values(
        request, parts.citizenship, lambda value: _country(parts.answer(value))
    )
    homes = read_values(request, parts.area, parts.home)
    times = _times(request, parts)
    if citizenships_read is None or homes is None or times is None:
        return None
    key = _Key.of(request.output, parts.reported, citizenships_read, homes, times)

    def finish(rows: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        rows = add_value_codes(
            rows, request.source_names[parts.citizenship], key.citizenships, key.who
        )
        rows = add_value_codes(
            rows, parts.area and request.source_names[parts.area], key.homes, key.where
        )
        rows = add_value_codes(rows, times.column, times.numbers, key.when)
        return rows.with_columns(first_match(key.cases(), UNREADABLE).alias(request.output))

    columns = (
        request.source_names[parts.citizenship],
        parts.area and request.source_names[parts.area],
    )
    return EngineColumn(
        name=request.output,
        rows=times.rows,
        decode=lambda number: key.answers[number],
        sources=tuple(name for name in (*columns, times.column) if name),
        finish=finish,
    )


@frozen(eq=False, kw_only=True)
class _Times:
    """The compositions of the EU that decide.

    ``numbers`` contains the position of the composition of each value in ``column``, which is
    ``None`` if all cases have the same.
    """

    rows: "nw.LazyFrame[Any]"
    column: str | None
    numbers: Mapping[Any, int]
    deciding: Sequence[ReferenceTimes]


@frozen(eq=False, kw_only=True)
class _Key:
    """Numbers of groups, from those of citizenship, reporting country and period."""

    who: str
    where: str
    when: str
    reported: bool
    countries: Sequence[str]
    answers: Sequence[Answer]
    citizenships: Mapping[Any, int]
    homes: Mapping[Any, int]
    reporting: frozenset[str]
    times: Sequence[ReferenceTimes]

    @classmethod
    def of(
        cls,
        name: str,
        reported: bool,
        citizenships_read: ValueReadings,
        homes: ValueReadings,
        times: _Times,
    ) -> "_Key":
        there = {
            code for code in (*citizenships_read.values(), *homes.values()) if isinstance(code, str)
        }
        groups = {
            code: [_abroad(code, time, reported) for time in times.deciding] for code in there
        }
        # Countries of the same groups at all times are neighbours: comparisons are faster than
        # look-ups in lists.
        countries = sorted(there, key=lambda code: (*map(str, groups[code]), code))
        named = (answer for answer in citizenships_read.values() if isinstance(answer, Answer))
        abroad = (group for code in countries for group in groups[code])
        answers = list(dict.fromkeys([_UNKNOWN, _OWN, *named, *abroad]))
        return cls(
            who=f"{name}who",
            where=f"{name}where",
            when=f"{name}when",
            reported=reported,
            countries=countries,
            answers=answers,
            citizenships=_numbers(citizenships_read, countries, answers),
            homes=_numbers(homes, countries, ()),
            reporting=frozenset(code for code in homes.values() if isinstance(code, str)),
            times=times.deciding,
        )

    def cases(self) -> list[tuple["nw.Expr", Any]]:
        """Return conditions with the number of the group; the first true one applies."""
        import narwhals.stable.v2 as nw

        own, home, time = nw.col(self.who), nw.col(self.where), nw.col(self.when)
        unknown = self.answers.index(_UNKNOWN)
        result: list[tuple[nw.Expr, Any]] = [
            (own <= _NOTHING, _NOTHING - own),
            ((own == UNREADABLE) | (time == UNREADABLE), UNREADABLE),
            (time == _NOTHING, unknown),
        ]
        if self.reported:
            result += [(home == UNREADABLE, UNREADABLE), (home == _NOTHING, unknown)]
        for number, deciding in enumerate(self.times):
            now = time == number
            if self.reported:
                outside = self.reporting.difference(*member_states(deciding))
                if outside:
                    result.append((now & (own == home) & self._among(home, outside), UNREADABLE))
                result.append((now & (own == home), self.answers.index(_OWN)))
            groups: dict[Answer, list[str]] = {}
            for code in self.countries:
                groups.setdefault(_abroad(code, deciding, self.reported), []).append(code)
            for group, codes in groups.items():
                result.append((now & self._among(own, codes), self.answers.index(group)))
        return result

    def _among(self, number: "nw.Expr", codes: Container[str]) -> "nw.Expr":
        """Return whether a number is the number of one of some countries."""
        positions = (position for position, code in enumerate(self.countries) if code in codes)
        # Consecutive positions have the same distance from their rank.
        runs = [
            list(run) for _, run in groupby(enumerate(positions), lambda item: item[1] - item[0])
        ]
        return reduce(or_, ((number >= run[0][1]) & (number <= run[-1][1]) for run in runs))


def _country(answer: Answer) -> str | Answer | int:
    """Return the country of an answer, or the answer if it is a group."""
    (code,) = answer.codes or ("",)
    if not code or code in GROUPS:
        return answer
    # The group of a dissolved state can depend on the reporting country.
    return code if with_successors(code) == {code} else UNREADABLE


def _abroad(code: str, deciding: ReferenceTimes, reported: bool) -> Answer:
    """Return the group of a country if another country reports."""
    if not reported:
        return group_citizenship(code, None, deciding)
    return group_citizenship(code, "MT" if code != "MT" else "IT", deciding)


def _numbers(
    citizenships_read: ValueReadings, countries: Sequence[str], answers: Sequence[Answer]
) -> dict[Any, int]:
    """Return the number of each value."""
    result = {}
    for value, reading in citizenships_read.items():
        if isinstance(reading, Answer):
            result[value] = _NOTHING - answers.index(reading)
        elif isinstance(reading, str):
            result[value] = countries.index(reading)
        else:
            result[value] = _NOTHING if reading is None else UNREADABLE
    return result


def _times(request: EngineRequest, parts: GroupParts) -> _Times | None:
    """Return the compositions that decide, from few values or from days."""
    readings = read_values(request, parts.period, parts.when)
    if readings is not None:
        times = list(dict.fromkeys(time for time in readings.values() if isinstance(time, tuple)))
        return _Times(
            rows=request.rows,
            column=parts.period and request.source_names[parts.period],
            numbers={
                value: times.index(time) if isinstance(time, tuple) else (time or _NOTHING)
                for value, time in readings.items()
            },
            deciding=times,
        )
    starts = [date.min, *membership_changes()]
    column = f"{request.output}day"
    rows = _by_day(request, str(parts.period), starts, column)
    if rows is None:
        return None
    numbers = range(_NOTHING, len(starts))
    return _Times(
        rows=rows,
        column=column,
        numbers={None: UNREADABLE, **dict(zip(numbers, numbers, strict=True))},
        deciding=[(start,) for start in starts],
    )


def _by_day(
    request: EngineRequest, column: str, starts: Sequence[date], name: str
) -> "nw.LazyFrame[Any] | None":
    """Return the rows with the position of the composition of the EU on their day."""
    import narwhals.stable.v2 as nw

    days = add_engine_days(request, request.rows, column, f"{name}s")
    if days is None:
        return None
    first, last = nw.col(days.first), nw.col(days.last)
    cases: list[tuple[nw.Expr, Any]] = [
        (nw.col(days.invalid) < 0, UNREADABLE),
        (nw.col(days.invalid) > 0, _NOTHING),
    ]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], date.max], strict=True)):
        cases.append(((first >= _plain(start)) & (last < _plain(end)), number))
    return days.rows.with_columns(first_match(cases, UNREADABLE).alias(name))


def _plain(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day
