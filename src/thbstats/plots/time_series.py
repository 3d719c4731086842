"""Series of the numbers of a panel, and the steps within each series."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.panel import Panel, Verdict
from thbstats.plots.footnotes import area_name
from thbstats.plots.wording import is_trivial
from thbstats.rules import DEFAULTS, Level, Pairs, Rule, Thresholds
from thbstats.rules.judgement import PairLevels, judge
from thbstats.values import Period

__all__ = ["Step", "TimeSeries", "make_series", "make_steps"]

_DAY = timedelta(days=1)
_SPREAD = 0.5
"""Several numbers of one period stand next to each other within this part of it."""
_JOINED = (Verdict.COMPARABLE, Verdict.WITH_CAUTION)


@frozen(kw_only=True, eq=False)
class TimeSeries:
    """Numbers in time, in years: rows by member in order, and positions of marks."""

    panel: Panel
    names: list[str]
    members: list[list[int]]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    x: NDArray[np.float64]
    vintage: list[str]
    breaks: list[tuple[float, ...]]

    def pieces(self, row: int) -> list[tuple[float, float]]:
        """Return the period of a number, in pieces if there is a break within it."""
        start, end = float(self.start[row]), float(self.end[row])
        inside = [day for day in self.breaks[row] if start < day < end]
        return list(pairwise([start, *inside, end]))


@frozen(kw_only=True)
class Step:
    """From one number of a series to the next."""

    first: int
    second: int
    verdict: Verdict
    joined: bool
    break_at: float | None


def make_series(panel: Panel) -> TimeSeries:
    """Return the numbers of a panel as one series per member.

    A member is a combination of all dimensions but the period. Areas of a panel without
    dimensions are members too, except compositions of the EU, which form one series.
    """
    undated = panel.period.table(lambda period: period.start is None, np.bool_)
    if undated.any():
        row = int(np.flatnonzero(undated)[0])
        raise InvalidValue(
            "every number must have a period",
            row=row,
            field="period",
            value=panel.label[row],
            hint="Add its period, or leave it out",
        )
    start = panel.period.table(lambda period: _year(period.start), np.float64)
    end = panel.period.table(lambda period: _year(period.end and period.end + _DAY), np.float64)
    vintage = _vintages(panel)
    keys = _members(panel)
    rows: dict[tuple[str, ...], list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    varying = [len(set(column)) > 1 for column in zip(*keys, strict=True)]
    names = [", ".join(word for word, own in zip(key, varying, strict=True) if own) for key in rows]
    members = [
        sorted(own, key=lambda row: (start[row], end[row], vintage[row])) for own in rows.values()
    ]
    x = (start + end) / 2
    for own in members:
        for alike in _periods(own, start, end):
            for position, row in enumerate(alike):
                shift = (position - (len(alike) - 1) / 2) / len(alike)
                x[row] += shift * _SPREAD * (end[row] - start[row])
    flagged = panel.breaks.map(_break_years)
    return TimeSeries(
        panel=panel, names=names, members=members, start=start, end=end, x=x, vintage=vintage,
        breaks=list(flagged),
    )  # fmt: skip


def _members(panel: Panel) -> list[tuple[str, ...]]:
    """Return the member of each row: its categories in all dimensions but the period."""
    columns = [
        list(panel.area.map(area_name))
        if name == "area"
        else [str(word).replace("_", " ") for word in own]
        for name, own in panel.keys.items()
        if name != "period"
    ]
    if not panel.keys:
        columns.append(list(panel.label))
    if "area" not in panel.keys:
        columns.append(list(panel.area.map(_composition)))
    return list(zip(*columns, strict=True))


def _composition(area: Area) -> str:
    """Return an area; all compositions of the EU are one."""
    return "EU" if area.code.startswith("EU") and "+" not in area.code else area_name(area)


def _vintages(panel: Panel) -> list[str]:
    days = panel.sources.map(
        lambda own: tuple(sorted({str(source.published or "") for source in own}))
    )
    return [" and ".join(filter(None, own)) for own in days]


def _periods(rows: Sequence[int], start: Any, end: Any) -> list[list[int]]:
    """Return rows in the order of time, in groups of the same period."""
    groups: dict[tuple[float, float], list[int]] = {}
    for row in rows:
        groups.setdefault((start[row], end[row]), []).append(row)
    return list(groups.values())


def make_steps(
    series: TimeSeries, rules: Iterable[Rule] | None, thresholds: Thresholds | None
) -> tuple[list[list[Step]], PairLevels]:
    """Return the steps of each series, and the levels of rules for all of them.

    Of several numbers of one period, each follows the number of the same publication, and the
    newest one also that of another publication.
    """
    pairs = [_pairs(series, rows) for rows in series.members]
    flat = [pair for own in pairs for pair in own]
    first, second = np.array(flat, dtype=np.intp).reshape(-1, 2).T
    limits = DEFAULTS if thresholds is None else thresholds
    judgement = judge(Pairs(series.panel, first, second), rules, limits)
    breaking = np.zeros(len(flat), dtype=np.bool_)
    for rule, levels in zip(judgement.rules, judgement.levels, strict=True):
        if rule.scope == "pair" and rule.code == "BREAK":
            breaking |= levels > Level.UNDOCUMENTED
    value = series.panel.value
    missing = value.missing | is_trivial(series.panel, value)
    steps = iter(zip(flat, judgement.verdicts.tolist(), breaking.tolist(), strict=True))
    result: list[list[Step]] = []
    for own in pairs:
        result.append([])
        for _ in own:
            (earlier, later), code, broken = next(steps)
            verdict = list(Verdict)[code]
            follows = series.end[earlier] == series.start[later] and not (
                missing[earlier] or missing[later]
            )
            result[-1].append(
                Step(
                    first=earlier,
                    second=later,
                    verdict=verdict,
                    joined=bool(follows) and verdict in _JOINED and not broken,
                    break_at=_break_position(series, earlier, later) if broken else None,
                )
            )
    return result, judgement


def _pairs(series: TimeSeries, rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return each number of a series with the number before it."""
    groups = _periods(rows, series.start, series.end)
    pairs = []
    for position, group in enumerate(groups):
        earlier = [own for own in groups[:position] if series.end[own[0]] <= series.start[group[0]]]
        if not earlier:
            continue
        before = max(earlier, key=lambda own: series.end[own[0]])
        for row in group:
            same = [own for own in before if series.vintage[own] == series.vintage[row]]
            if same:
                pairs.append((same[-1], row))
            elif row == group[-1]:
                pairs.append((before[-1], row))
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


def _year(day: date | None) -> float:
    if day is None:
        return float("nan")
    first = date(day.year, 1, 1)
    length = (date(day.year + 1, 1, 1) - first).days
    return day.year + (day - first).days / length
