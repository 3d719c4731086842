"""The numbers of a series in time, and what may be said from one to the next."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from attrs import frozen

from thbstats.comparability import Rule, compare
from thbstats.errors import InvalidValue
from thbstats.results import Comparison, Result, Verdict
from thbstats.values import Period

__all__ = ["Moment", "Step", "moments_of", "steps_of"]

_DAY = timedelta(days=1)
_SPREAD = 0.5
"""Figures of one period stand beside each other within so much of it."""


@frozen(kw_only=True)
class Moment:
    """A number with its place in time, in years.

    Parameters
    ----------
    number : Result
        The number.
    start, end : float
        The first day of its period, and the day after the last.
    x : float
        Where its mark stands: in the middle, beside others of the same period.
    breaks : tuple of float
        Where its source flags that somebody began to count differently, at any time.
    """

    number: Result
    start: float
    end: float
    x: float
    breaks: tuple[float, ...]

    @property
    def pieces(self) -> list[tuple[float, float]]:
        """The period, in pieces where a break lies within it."""
        inside = [day for day in self.breaks if self.start < day < self.end]
        return list(pairwise([self.start, *inside, self.end]))

    @property
    def vintage(self) -> str:
        """When it was published: one day, several, or not stated."""
        days = sorted({str(source.published or "") for source in self.number.context.cited})
        return " and ".join(filter(None, days))


@frozen(kw_only=True)
class Step:
    """From one number to the next: what `compare` says of them.

    Parameters
    ----------
    first, second : Moment
        The two.
    pair : Comparison
        The two compared.
    """

    first: Moment
    second: Moment
    pair: Comparison

    @property
    def is_break(self) -> bool:
        """Whether somebody began to count differently between the two."""
        return any(warning.scope == "pair" for warning in self.pair.warnings.of("BREAK"))

    @property
    def where(self) -> float:
        """The place of a break: a day that a source flags, between the two if there is one."""
        days = sorted({*self.first.breaks, *self.second.breaks})
        near = [day for day in days if self.first.start <= day < self.second.end]
        between = [day for day in near if self.first.end <= day <= self.second.start]
        return next(iter([*between, *near]), self.first.end)

    @property
    def follows(self) -> bool:
        """Whether no time lies between the two periods, and none belongs to both."""
        return _follows(self.first.number, self.second.number)

    @property
    def joined(self) -> Verdict | None:
        """The verdict of a line between the two; ``None`` where there is none."""
        numbers = (self.first.number, self.second.number)
        if self.is_break or not self.follows or any(item.reported is None for item in numbers):
            return None
        verdict = self.pair.verdict
        return verdict if verdict in (Verdict.COMPARABLE, Verdict.WITH_CAUTION) else None


def moments_of(numbers: Sequence[Result]) -> list[Moment]:
    """Return numbers in the order of time; those of one period in the order of publication.

    Raises
    ------
    InvalidValue
        If a number does not state its period.
    """
    for place, number in enumerate(numbers):
        if number.context.period.start is None:
            raise InvalidValue(
                "a number without a period has no place in time",
                row=place,
                field="period",
                value=number.label,
                mend="Leave it out, or give its period",
            )
    ordered = sorted(numbers, key=_when)
    moments = []
    for number in ordered:
        alike = [each for each in ordered if each.period == number.period]
        start, end = _years(number)
        own = next(place for place, each in enumerate(alike) if each is number)
        shift = (own - (len(alike) - 1) / 2) / len(alike) * _SPREAD * (end - start)
        moments.append(
            Moment(
                number=number,
                start=start,
                end=end,
                x=(start + end) / 2 + shift,
                breaks=_breaks(number),
            )
        )
    return moments


def steps_of(moments: Sequence[Moment], rules: Iterable[Rule]) -> list[Step]:
    """Return each number with the one before it.

    Of several figures of one period the one before is that of the same publication, else the
    newest; only the newest figure of a period goes on from another publication.
    """
    applied = tuple(rules)
    steps = []
    for moment in moments:
        before = _before(moment, moments)
        if before is not None:
            pair = compare(before.number, moment.number, rules=applied)
            steps.append(Step(first=before, second=moment, pair=pair))
    return steps


def _before(moment: Moment, moments: Sequence[Moment]) -> Moment | None:
    earlier = [each for each in moments if each.end <= moment.start]
    if not earlier:
        return None
    latest = max(each.end for each in earlier)
    last = [each for each in earlier if each.end == latest]
    same = [each for each in last if each.vintage == moment.vintage]
    if same:
        return same[-1]
    newest = [each for each in moments if each.number.period == moment.number.period][-1]
    return last[-1] if moment is newest else None


def _when(number: Result) -> tuple[date, date, str]:
    period = number.context.period
    days = sorted(str(source.published or "") for source in number.context.cited)
    return period.start or date.min, period.end or date.min, days[-1] if days else ""


def _years(number: Result) -> tuple[float, float]:
    period = number.context.period
    first, last = period.start or date.min, (period.end or date.min) + _DAY
    return _year(first), _year(last)


def _breaks(number: Result) -> tuple[float, ...]:
    flagged = (Period.parse(period).start for _, period in number.context.breaks)
    return tuple(sorted({_year(day) for day in flagged if day is not None}))


def _year(day: date) -> float:
    first = date(day.year, 1, 1)
    length = (date(day.year + 1, 1, 1) - first).days
    return day.year + (day - first).days / length


def _follows(one: Result, two: Result) -> bool:
    end, start = one.context.period.end, two.context.period.start
    return end is not None and start is not None and end + _DAY == start
