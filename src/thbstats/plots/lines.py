"""Series in time, their steps and marks."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import cycle, pairwise
from math import inf, isfinite
from typing import Any

import numpy as np
from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.panel import Panel, Status, Verdict
from thbstats.plots.canvas import BLACK, INK, MARKERS, MUTED
from thbstats.plots.footnotes import area_name
from thbstats.plots.marks import MarkDrawer
from thbstats.plots.scale import FloatBounds, Scale, float_bounds, stated_bounds
from thbstats.plots.wording import (
    Width,
    bounds_label,
    conflict_marks,
    is_trivial,
    visible_bounds,
    width_reasons,
)
from thbstats.rules import DEFAULTS, Level, Pairs, Rule, Thresholds
from thbstats.rules.judgement import PairLevels, judge
from thbstats.values import Period

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


_VERDICTS: dict[Verdict, tuple[Any, str]] = {
    Verdict.COMPARABLE: ("-", "comparable"),
    Verdict.WITH_CAUTION: ((0, (3, 2)), "comparable with caution"),
}

_APART = 0.1

"""The free part of a period at either side of a block."""

_STUB = 0.07

"""The length of an arrow, as a part of the axis."""


@frozen(kw_only=True)
class MarkStyle:
    """The name, colour, marker and size of a series; whether it has separate axes.

    ``lift`` is the height of its rows without a value above the end of the axis.
    """

    name: str
    color: str
    marker: str
    size: float = 6.0
    alone: bool = True
    lift: float = 0.0

    @property
    def status_color(self) -> dict[str, str]:
        """The colour of rows without a value, if it distinguishes series."""
        return {} if self.alone else {"color": self.color}


class LineDrawer(MarkDrawer):
    """The marks of numbers in time.

    Each mark has a name, the series and the row as ``gid``, such as ``point-0-3``.
    """

    def __init__(self, series: TimeSeries, scale: Scale) -> None:
        super().__init__(scale)
        self.series = series
        panel = series.panel
        self.values: list[FloatBounds | None] = float_bounds(panel.value)
        self.stated: list[FloatBounds] = stated_bounds(panel)
        self.trivial: list[bool] = is_trivial(panel, panel.value).tolist()
        self.bounds: list[FloatBounds | None] = visible_bounds(panel)["bounds"]
        self.bounds_label: str = bounds_label(panel)
        self.widths: list[Width] = [Width(code) for code in width_reasons(panel).tolist()]
        self.conflicts: list[str] = conflict_marks(panel)
        valued = zip(series.vintage, self.values, strict=True)
        days = sorted({day for day, value in valued if value is not None})
        marked = days if len(days) > 1 else []
        self.vintages: dict[Any, Any] = dict(zip(marked, cycle(MARKERS), strict=False))
        self.breaks: set[tuple[str, float]] = set()

    def number(self, ax: Axes, row: int, style: MarkStyle, gid: str) -> None:
        """Draw a marker on a stroke of the width of its period, or a hatched block."""
        series, color, size = self.series, style.color, style.size
        x, value = float(series.x[row]), self.values[row]
        if value is None:
            status = Status(series.panel.status[row])
            self.absent(ax, x, self.scale.low + style.lift, status, gid)
            ax.lines[-1].set(markersize=min(size, 5), **style.status_color)
            return
        if self.trivial[row] and not style.alone:
            value = (-inf, inf)  # a block over the whole axis would cover other series
        low, high = self.scale.clip(value)
        for start, end in self._strokes(row) if isfinite(value[0]) or style.alone else ():
            if low < high:
                options = self.range_options(self.widths[row], color)
                self.box(ax, (start, low), (end - start, high - low), f"range-{gid}", **options)
            else:
                self.plot(ax, [start, end], [low, low], f"period-{gid}", color=color)
        for day in series.breaks[row]:
            if series.start[row] < day < series.end[row]:
                self._break(ax, day, [low, high], style, gid)
        for end, edge, shape in zip(value, (self.scale.low, self.scale.high), "v^", strict=True):
            self.limit(ax, (x, edge), end, shape, color=color, gid=f"value-{gid}")
        self._whiskers(ax, row, (low, high), gid, size)
        vintage = series.vintage[row]
        point: dict[str, Any] = {"marker": self.vintages.get(vintage, style.marker)}
        point |= {"markersize": size, "linestyle": "", "zorder": 4, "clip_on": False}
        ends = sorted({low, high} if isfinite(value[0]) or style.alone else ())
        self.plot(ax, [x] * len(ends), ends, f"point-{gid}", color=color, **point)
        if self.conflicts[row]:
            self.ring(ax, x, high, self.conflicts[row], gid)
            ax.lines[-1].set_markersize(1.7 * size)
        if self.vintages:
            text = f"published {vintage or 'on an unknown day'}"
            key = Line2D([], [], color=BLACK, **point)
            self.keys.setdefault(f"vintage {vintage}", (key, text))
        elif style.name and not style.alone:
            key = Line2D([], [], color=color, **point)
            self.keys.setdefault(f"series {style.name}", (key, style.name))

    def step(self, ax: Axes, step: Step, style: MarkStyle, gid: str) -> None:
        """Join two comparable numbers, bound to bound, and mark a break."""
        ends = self.stated[step.first], self.stated[step.second]
        single, two = (self.scale.clip(own) for own in ends)
        if step.break_at is not None:
            self._break(ax, step.break_at, [*single, *two], style, gid)
        if not step.joined:
            return
        options, text = _VERDICTS[step.verdict]
        x = self.series.x[[step.first, step.second]].tolist()
        width = 1.4 if style.size > 4 else 1.0
        for heights in dict.fromkeys(zip(single, two, strict=True)):
            line = {"color": style.color, "linestyle": options, "linewidth": width}
            self.plot(ax, x, heights, f"line-{gid}", **line)
        key = Line2D([], [], color=INK, linestyle=options, linewidth=1.4)
        self.keys.setdefault(f"line {step.verdict}", (key, text))

    def _strokes(self, row: int) -> list[tuple[float, float]]:
        """Return the extent of a number in time, with space around each break."""
        series = self.series
        free = float(series.end[row] - series.start[row]) * _APART
        return [
            (start + min(free, (end - start) / 4), end - min(free, (end - start) / 4))
            for start, end in series.pieces(row)
        ]

    def _whiskers(self, ax: Axes, row: int, value: FloatBounds, gid: str, size: float) -> None:
        """Draw the bounds of a number as thin lines from its value."""
        bounds = self.bounds[row]
        if bounds is None:
            return
        key = Line2D([], [], color=MUTED, linewidth=0.9, marker="|", markersize=6)
        self.keys.setdefault("bounds", (key, self.bounds_label))
        x, stub = float(self.series.x[row]), _STUB * (self.scale.high - self.scale.low)
        clipped = self.scale.clip(bounds)
        sides = zip(value, bounds, clipped, (-stub, stub), "v^", strict=True)
        for start, end, edge, short, shape in sides:
            to = edge if abs(end) != float("inf") else start + short
            options = {"color": MUTED, "linewidth": 0.9, "clip_on": False, "zorder": 1.5}
            self.plot(ax, [x, x], [start, to], f"bounds-{gid}", **options)
            if not self.limit(ax, (x, to), end, shape, color=MUTED, gid=f"bounds-{gid}"):
                cap = {"color": MUTED, "marker": "_", "markersize": size}
                self.plot(ax, [x], [to], f"cap-{gid}", **cap)

    def _break(self, ax: Axes, x: float, ends: Sequence[float], style: MarkStyle, gid: str) -> None:
        """Draw an upright line, over the whole axes of a series alone."""
        if (style.name, x) in self.breaks:
            return
        self.breaks.add((style.name, x))
        beyond = _STUB * (self.scale.high - self.scale.low)
        reach = [min(ends) - beyond, max(ends) + beyond]
        if style.alone:
            reach = [self.scale.low, self.scale.high]
        options: dict[str, Any] = {"linewidth": 1.4, "linestyle": (0, (1, 1))}
        color = BLACK if style.alone else style.color
        self.plot(ax, [x, x], reach, f"break-{gid}", color=color, zorder=2, **options)
        key = Line2D([], [], color=BLACK, **options)
        self.keys.setdefault("break", (key, "break in time series"))
