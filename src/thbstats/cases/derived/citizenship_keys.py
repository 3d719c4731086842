"""Groups of citizenship as an engine makes them where its rows are: a number for each."""

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

# Besides the numbers of countries and times, columns have those of values that nobody can read
# (`UNREADABLE`), of nothing recorded, and below it of answers that name a group already.
_NOTHING = -2


@frozen(kw_only=True)
class GroupParts:
    """What the group of a citizenship follows from.

    Parameters
    ----------
    citizenship : str
        The column of the citizenship.
    area, period : str or None
        The columns of the reporting country and of the time; ``None`` where all cases have one.
    answer, home, when : callable
        What a value of each says; without a column, of all cases.
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
    """Return the groups, or ``None`` where the engine or the type of a column does not admit it.

    Parameters
    ----------
    request : EngineRequest
        What they are made of.
    parts : GroupParts
        What they follow from.
    """
    said = read_values(request, parts.citizenship, lambda value: _country(parts.answer(value)))
    homes = read_values(request, parts.area, parts.home)
    times = _times(request, parts)
    if said is None or homes is None or times is None:
        return None
    key = _Key.of(request.output, parts.reported, said, homes, times)

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
    """The compositions of the Union that count.

    ``rows`` have the column from which one is told, ``numbers`` which one by its value; ``None``
    for ``column`` where all cases have one.
    """

    rows: "nw.LazyFrame[Any]"
    column: str | None
    numbers: Mapping[Any, int]
    deciding: Sequence[ReferenceTimes]


@frozen(eq=False, kw_only=True)
class _Key:
    """The number of a group, from those of a citizenship, a reporting country and a time."""

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
        cls, name: str, reported: bool, said: ValueReadings, homes: ValueReadings, times: _Times
    ) -> "_Key":
        there = {code for code in (*said.values(), *homes.values()) if isinstance(code, str)}
        groups = {
            code: [_abroad(code, time, reported) for time in times.deciding] for code in there
        }
        # Countries of the same groups at all times are neighbours: engines compare faster than
        # they look into lists.
        countries = sorted(there, key=lambda code: (*map(str, groups[code]), code))
        named = (answer for answer in said.values() if isinstance(answer, Answer))
        told = (group for code in countries for group in groups[code])
        answers = list(dict.fromkeys([_UNKNOWN, _OWN, *named, *told]))
        return cls(
            who=f"{name}who",
            where=f"{name}where",
            when=f"{name}when",
            reported=reported,
            countries=countries,
            answers=answers,
            citizenships=_numbers(said, countries, answers),
            homes=_numbers(homes, countries, ()),
            reporting=frozenset(code for code in homes.values() if isinstance(code, str)),
            times=times.deciding,
        )

    def cases(self) -> list[tuple["nw.Expr", Any]]:
        """Return the number of the answer for each case, the first that holds."""
        import narwhals.stable.v2 as nw

        own, home, time = nw.col(self.who), nw.col(self.where), nw.col(self.when)
        unknown = self.answers.index(_UNKNOWN)
        found: list[tuple[nw.Expr, Any]] = [
            (own <= _NOTHING, _NOTHING - own),
            ((own == UNREADABLE) | (time == UNREADABLE), UNREADABLE),
            (time == _NOTHING, unknown),
        ]
        if self.reported:
            found += [(home == UNREADABLE, UNREADABLE), (home == _NOTHING, unknown)]
        for number, deciding in enumerate(self.times):
            now = time == number
            if self.reported:
                outside = self.reporting.difference(*member_states(deciding))
                if outside:
                    found.append((now & (own == home) & self._among(home, outside), UNREADABLE))
                found.append((now & (own == home), self.answers.index(_OWN)))
            groups: dict[Answer, list[str]] = {}
            for code in self.countries:
                groups.setdefault(_abroad(code, deciding, self.reported), []).append(code)
            for group, codes in groups.items():
                found.append((now & self._among(own, codes), self.answers.index(group)))
        return found

    def _among(self, number: "nw.Expr", codes: Container[str]) -> "nw.Expr":
        """Return whether a number is that of one of some countries."""
        places = (place for place, code in enumerate(self.countries) if code in codes)
        # What follows each other has the same distance from its rank.
        runs = [list(run) for _, run in groupby(enumerate(places), lambda item: item[1] - item[0])]
        return reduce(or_, ((number >= run[0][1]) & (number <= run[-1][1]) for run in runs))


def _country(answer: Answer) -> str | Answer | int:
    """Return the country that an answer names, or the answer that is a group already."""
    (code,) = answer.codes or ("",)
    if not code or code in GROUPS:
        return answer
    # The group of a dissolved state can depend on who reports.
    return code if with_successors(code) == {code} else UNREADABLE


def _abroad(code: str, deciding: ReferenceTimes, reported: bool) -> Answer:
    """Return the group of a country for whoever else reports."""
    if not reported:
        return group_citizenship(code, None, deciding)
    return group_citizenship(code, "MT" if code != "MT" else "IT", deciding)


def _numbers(
    said: ValueReadings, countries: Sequence[str], answers: Sequence[Answer]
) -> dict[Any, int]:
    """Return the number of each value."""
    found = {}
    for value, what in said.items():
        if isinstance(what, Answer):
            found[value] = _NOTHING - answers.index(what)
        elif isinstance(what, str):
            found[value] = countries.index(what)
        else:
            found[value] = _NOTHING if what is None else UNREADABLE
    return found


def _times(request: EngineRequest, parts: GroupParts) -> _Times | None:
    """Return the compositions that count, told from few values or from days."""
    told = read_values(request, parts.period, parts.when)
    if told is not None:
        times = list(dict.fromkeys(time for time in told.values() if isinstance(time, tuple)))
        return _Times(
            rows=request.rows,
            column=parts.period and request.source_names[parts.period],
            numbers={
                value: times.index(time) if isinstance(time, tuple) else (time or _NOTHING)
                for value, time in told.items()
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
    """Return the rows with the place of the composition of the Union on their day."""
    import narwhals.stable.v2 as nw

    days = add_engine_days(request, request.rows, column, f"{name}s")
    if days is None:
        return None
    first, last = nw.col(days.first), nw.col(days.last)
    cases: list[tuple[nw.Expr, Any]] = [
        (nw.col(days.odd) < 0, UNREADABLE),
        (nw.col(days.odd) > 0, _NOTHING),
    ]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], date.max], strict=True)):
        cases.append(((first >= _plain(start)) & (last < _plain(end)), number))
    return days.rows.with_columns(first_match(cases, UNREADABLE).alias(name))


def _plain(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day
