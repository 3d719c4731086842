"""Marks of numbers in time: blocks, lines, breaks, missing values."""

from collections.abc import Sequence
from itertools import cycle
from math import inf, isfinite
from typing import Any

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from thbstats.panel import Status, Verdict
from thbstats.plots.marks import MarkDrawer
from thbstats.plots.scale import FloatBounds, Scale, float_bounds, stated_bounds
from thbstats.plots.style import BLACK, INK, MARKERS, MUTED
from thbstats.plots.time_series import Step, TimeSeries
from thbstats.plots.wording import (
    Width,
    bounds_label,
    conflict_marks,
    is_trivial,
    visible_bounds,
    width_reasons,
)

__all__ = ["LineDrawer", "MarkStyle"]

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
        one, two = (self.scale.clip(own) for own in ends)
        if step.break_at is not None:
            self._break(ax, step.break_at, [*one, *two], style, gid)
        if not step.joined:
            return
        options, text = _VERDICTS[step.verdict]
        x = self.series.x[[step.first, step.second]].tolist()
        width = 1.4 if style.size > 4 else 1.0
        for heights in dict.fromkeys(zip(one, two, strict=True)):
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
