"""Series in time and the comparability of their steps."""

from calendar import isleap
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Verdict
from thbstats.panel.names import area_label
from thbstats.plots.drawn_numbers import PlotNumbers
from thbstats.plots.titles import category_words
from thbstats.rules import DEFAULTS, Level, Pairs, Rule, Thresholds
from thbstats.rules.judgement import PairLevels, judge
from thbstats.values import Period

_SPREAD = 0.5
"""Several numbers of one period stand next to each other within this part of it."""
_JOINED = (Verdict.COMPARABLE, Verdict.WITH_CAUTION)


@frozen(kw_only=True, eq=False)
class TimeSeries:
    """Numbers in time, in years: rows by member in order, and positions of marks.

    ``periods`` contains the rows of each member and period, in the order of publication.
    """

    panel: Panel
    names: list[str]
    periods: list[list[list[int]]]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    x: NDArray[np.float64]
    vintage: list[str]
    breaks: list[tuple[float, ...]]

    @property
    def members(self) -> list[list[int]]:
        """The rows of each member, in the order of time."""
        return [[row for rows in own for row in rows] for own in self.periods]

    def pieces(self, row: int) -> list[tuple[float, float]]:
        """Return the period of a number, in pieces if there is a break within it."""
        start, end = float(self.start[row]), float(self.end[row])
        return list(pairwise([start, *self.inner_breaks(row), end]))

    def inner_breaks(self, row: int) -> list[float]:
        """Return the breaks within the period of a number."""
        return [day for day in self.breaks[row] if self.start[row] < day < self.end[row]]


@frozen(kw_only=True)
class Step:
    """From one number of a member to the next, with the reasons why no line joins them."""

    member: int
    first: int
    second: int
    verdict: Verdict
    joined: bool
    break_at: float | None
    reasons: tuple[str, ...] = ()


def make_series(panel: Panel) -> TimeSeries:
    """Return the numbers of a panel as one series per member.

    A member is a combination of all dimensions but the period. Areas of a panel without
    dimensions are members too, except compositions of the EU, which form one series.
    """
    undated = panel.period.table(lambda period: period.start is None, np.bool_)
    if undated.any():
        row = int(np.flatnonzero(undated)[0])
        problem, hint = "every number must have a period", "Add its period, or leave it out"
        raise InvalidValue(problem, row=row, field="period", value=panel.label[row], hint=hint)
    start = panel.period.table(lambda period: _year(period.start), np.float64)
    end = panel.period.table(lambda period: _year(period.end, days=1), np.float64)
    days = panel.sources.map(lambda own: tuple(sorted({str(item.published or "") for item in own})))
    vintage = [" and ".join(filter(None, own)) for own in days]

    areas = list(panel.area.map(area_label))
    columns = [
        areas if name == "area" else [category_words({name: str(word)}) for word in own]
        for name, own in panel.keys.items()
        if name != "period"
    ]
    columns += [] if panel.keys else [list(panel.label)]
    if "area" not in panel.keys:
        unions = panel.area.map(lambda own: own.code.startswith("EU") and "+" not in own.code)
        columns.append(["EU" if u else name for u, name in zip(unions, areas, strict=True)])
    keys = list(zip(*columns, strict=True))
    varying = [len(set(column)) > 1 for column in columns]
    names = {
        key: ", ".join(word for word, own in zip(key, varying, strict=True) if own) for key in keys
    }
    groups: dict[tuple[str, ...], dict[tuple[float, float], list[int]]] = {key: {} for key in names}
    for row in sorted(range(len(panel)), key=lambda row: (start[row], end[row], vintage[row])):
        groups[keys[row]].setdefault((start[row], end[row]), []).append(row)
    x = (start + end) / 2
    for rows in (rows for own in groups.values() for rows in own.values()):
        shifts = (np.arange(len(rows)) - (len(rows) - 1) / 2) / len(rows)
        x[rows] += shifts * _SPREAD * (end[rows] - start[rows])
    return TimeSeries(
        panel=panel, names=list(names.values()), start=start, end=end, x=x, vintage=vintage,
        periods=[list(own.values()) for own in groups.values()],
        breaks=list(panel.breaks.map(_break_years)),
    )  # fmt: skip


def make_steps(
    series: TimeSeries, rules: Iterable[Rule] | None, thresholds: Thresholds | None
) -> tuple[list[Step], PairLevels]:
    """Return the steps of all series, and the levels of rules for them.

    Of several numbers of one period, each follows the number of the same publication, and the
    newest one also that of another publication.
    """
    pairs = [
        (member, *pair)
        for member, periods in enumerate(series.periods)
        for pair in _pairs(series, periods)
    ]
    _, first, second = np.array(pairs, dtype=np.intp).reshape(-1, 3).T
    limits = DEFAULTS if thresholds is None else thresholds
    judgement = judge(Pairs(series.panel, first, second), rules, limits)
    broken, apart = np.zeros((2, len(pairs)), dtype=np.bool_)
    for rule, levels in zip(judgement.rules, judgement.levels, strict=True):
        if rule.scope == "pair" and rule.code == "BREAK":
            broken |= levels > Level.UNDOCUMENTED
        if rule.scope == "pair" and rule.code == "COVERAGE":
            apart |= levels >= Level.CAUTION
    drawn = np.array([value is not None for value in PlotNumbers(series.panel).drawn])
    both = drawn[first] & drawn[second]
    near = series.end[first] == series.start[second]
    verdicts = [list(Verdict)[code] for code in judgement.verdicts.tolist()]
    steps = []
    for i, (member, earlier, later) in enumerate(pairs):
        joined = bool(both[i] & near[i] & ~broken[i] & ~apart[i]) and verdicts[i] in _JOINED
        reasons = _reasons(judgement, i) if near[i] else ["time between the periods"]
        steps.append(
            Step(
                member=member, first=earlier, second=later, verdict=verdicts[i], joined=joined,
                break_at=_break_position(series, earlier, later) if broken[i] else None,
                reasons=tuple(reasons) if both[i] and not joined else (),
            )
        )  # fmt: skip
    return steps, judgement


def _reasons(judgement: PairLevels, i: int) -> list[str]:
    """Return the titles of the rules that keep a pair apart."""
    limits = {"COVERAGE": Level.CAUTION, "BREAK": Level.NOTE}
    titles = (
        rule.title[:1].lower() + rule.title[1:]
        for rule, level in zip(judgement.rules, judgement.levels[:, i].tolist(), strict=True)
        if level >= limits.get(rule.code, Level.OPEN)
    )
    return list(dict.fromkeys(titles))


def _pairs(series: TimeSeries, periods: list[list[int]]) -> list[tuple[int, int]]:
    """Return each number of a member with the number before it."""
    pairs = []
    for position, rows in enumerate(periods):
        start = series.start[rows[0]]
        earlier = [own for own in periods[:position] if series.end[own[0]] <= start]
        before = max(earlier, key=lambda own: series.end[own[0]], default=[])
        for row in rows if before else []:
            same = [own for own in before if series.vintage[own] == series.vintage[row]]
            if same or row == rows[-1]:
                pairs.append(((same or before)[-1], row))
    return pairs


def _break_position(series: TimeSeries, first: int, second: int) -> float:
    """Return the position of a break, if possible between the two periods."""
    days = sorted({*series.breaks[first], *series.breaks[second]})
    near = [day for day in days if series.start[first] <= day < series.end[second]]
    between = [day for day in near if series.end[first] <= day <= series.start[second]]
    return float(next(iter([*between, *near]), series.end[first]))


def _break_years(breaks: Iterable[tuple[str, str]]) -> tuple[float, ...]:
    days = (Period.parse(period).start for _, period in breaks)
    return tuple(sorted({_year(day) for day in days if day is not None}))


def _year(day: date | None, days: int = 0) -> float:
    """Return a day as a number of years, plus some days of its year."""
    if day is None:
        return float("nan")
    passed = (day - date(day.year, 1, 1)).days + days
    return day.year + passed / (366 if isleap(day.year) else 365)
