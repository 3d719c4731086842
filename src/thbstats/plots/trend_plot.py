"""Numbers through time: one line per member, never through a break."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, pairwise
from math import ceil, inf, isfinite
from typing import Any

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from thbstats.panel import Panel, Verdict
from thbstats.plots.canvas import (
    BLACK,
    BLUE,
    INK,
    MARKERS,
    MUTED,
    SERIES,
    TEXT,
    WIDTH,
    Look,
    open_axes,
    plot_width,
    text_height,
    text_width,
    wrap_text,
)
from thbstats.plots.footnotes import footer
from thbstats.plots.layout import LABEL_GAP, PAD, moved, panel_frame, plain
from thbstats.plots.marks import Marks
from thbstats.plots.numbers import SPOKEN, PlotNumbers, spoken
from thbstats.plots.scale import FloatBounds, Scale, value_scale
from thbstats.plots.series import Step, TimeSeries, make_series, make_steps
from thbstats.rules import Rule, Thresholds

_LOW, _HIGH, _RATIO = 170.0, 300.0, 0.42
"""The least and the largest height in points; the height as a part of the width."""
_TEXT_GAP, _LIFT = 6.0, 7.0
_NARROW, _SHORT, _LINE_GAP = 96.0, 58.0, 12.0
"""Small multiples: the least width, the height, and the distance of axes, in points."""
_FREE = 0.1
"""The free part of a period at either side of a block."""
_STUB = 0.07
"""The length of an arrow, as a part of the axis."""
_LINES: dict[Verdict, tuple[Any, str]] = {
    Verdict.COMPARABLE: ("-", "comparable"),
    Verdict.WITH_CAUTION: ((0, (3, 2)), "comparable with caution"),
}


def trend(
    numbers: Panel,
    *,
    thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw numbers through time, one line per member, joined where they are comparable.

    A member is a combination of the dimensions of ``by=`` other than the period, such as a
    country; no line joins two members. More than six members become small multiples: axes of
    their own with the same scales, and their name as the title. A full line joins adjacent periods
    that are comparable, a dashed one those comparable with caution, none the others. A break in
    the time series is an upright line, which no line crosses.

    Parameters
    ----------
    numbers : Panel
        Numbers of one kind, such as a panel with ``by=["area", "period"]``, in any order.
    thresholds : Thresholds, optional
        The limits of rules; by default those of the library.
    rules : iterable of Rule, optional
        The rules for pairs; by default all. Those of `rules_with` include documented breaks.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes
        For small multiples, the axes around them; `Axes.child_axes` contains those of members.

    Raises
    ------
    InvalidValue
        If there are no numbers, numbers of several kinds, or a number without a period.

    Notes
    -----
    Numbers of one period with several dates of publication stand next to each other, with a marker
    for each date. The labels of periods of a single series contain the number of reporting
    countries and of the countries of the area.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [(area, year, 10 + year % 7) for area in ("BE", "FR") for year in (2014, 2015)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "period", "value"], kind="victims", status="registered"
    ... )
    >>> ax = thb.plots.trend(thb.total(table, by=["area", "period"]))
    >>> [text.get_text() for text in ax.texts if text.get_gid().startswith("series")]
    ['Belgium', 'France']
    """
    rows = PlotNumbers(numbers)
    panel = rows.panel
    bounds = [end for ends in rows.bounds["bounds"] for end in ends or () if isfinite(end)]
    scale = value_scale(panel, bounds)
    series = make_series(panel)
    steps, judgement = make_steps(series, None if rules is None else tuple(rules), thresholds)
    axes, size = open_axes(ax, width), len(series.names)
    marks = _TimeMarks(axes, scale, rows, series, steps)
    several = size > len(SERIES)
    height = (_draw_multiples if several else _draw_lines)(marks, plot_width(axes))
    members = f", {size} members" if size > 1 else ""
    return panel_frame(
        axes,
        panel,
        f"{'Small multiples' if several else 'Line plot'}{members}, {len(panel)} numbers",
        height,
        marks.legend(),
        numbers=_sentences(series, steps),
        title=title,
        upright=True,
        lines=footer(panel, _notes(rows, series, steps), judgement),
    )


@frozen(kw_only=True)
class _Style:
    """The name, colour, marker and size of a series; whether it has separate axes.

    ``lift`` is the height of its rows without a value above the end of the axis.
    """

    name: str = ""
    color: str = BLUE
    marker: str = "o"
    size: float = 6.0
    alone: bool = True
    lift: float = 0.0


class _TimeMarks(Marks):
    """The marks of numbers in time, with the series and the row in ``gid``: ``point-0-3``."""

    def __init__(
        self, ax: Axes, scale: Scale, rows: PlotNumbers, series: TimeSeries, steps: Sequence[Step]
    ) -> None:
        super().__init__(ax, scale)
        self.rows: PlotNumbers = rows
        self.series: TimeSeries = series
        self.steps: Sequence[Step] = steps
        self.stub: float = _STUB * (scale.high - scale.low)
        self.trivial: list[bool] = rows.is_trivial(rows.panel.value).tolist()
        valued = zip(series.vintage, rows.values, strict=True)
        days = sorted({day for day, value in valued if value is not None})
        marked = days if len(days) > 1 else []
        self.vintages: dict[str, str] = dict(zip(marked, cycle(MARKERS), strict=False))
        self.breaks: set[tuple[str, float]] = set()

    def draw(self, member: int, style: _Style) -> None:
        """Draw a series."""
        own = [step for step in self.steps if step.member == member]
        for position, step in enumerate(own):
            self._step(step, style, f"{member}-{position}")
        for position, row in enumerate(self.series.members[member]):
            self._number(row, style, f"{member}-{position}")

    def _step(self, step: Step, style: _Style, gid: str) -> None:
        """Join two comparable numbers, bound to bound, and mark a break."""
        ends = self.rows.stated[step.first], self.rows.stated[step.second]
        single, two = map(self.scale.clip, ends)
        if step.break_at is not None:
            self._break(step.break_at, [*single, *two], style, gid)
        if not step.joined:
            return
        dashes, text = _LINES[step.verdict]
        x = self.series.x[[step.first, step.second]].tolist()
        look: Look = {"linestyle": dashes, "linewidth": 1.4 if style.size > 4 else 1.0}
        for heights in dict.fromkeys(zip(single, two, strict=True)):
            self.plot(x, heights, f"line-{gid}", color=style.color, **look)
        key = Line2D([], [], color=INK, linestyle=dashes, linewidth=1.4)
        self.keys.setdefault(f"line {step.verdict}", (key, text))

    def _number(self, row: int, style: _Style, gid: str) -> None:
        """Draw a marker on a stroke of the width of its period, or a hatched block."""
        rows, series, color = self.rows, self.series, style.color
        x, value, shared = float(series.x[row]), rows.values[row], not style.alone
        if value is None:
            own: Look = {"size": min(style.size, 5), "color": color if shared else ""}
            self.absent((x, self.scale.low + style.lift), rows.statuses[row], gid, **own)
            return
        if self.trivial[row] and shared:
            value = (-inf, inf)  # a block over the whole axis would cover other series
        low, high = self.scale.clip(value)
        drawn = style.alone or isfinite(value[0])
        free = float(series.end[row] - series.start[row]) * _FREE
        for start, end in series.pieces(row) if drawn else ():
            space = min(free, (end - start) / 4)
            left, right = start + space, end - space
            if low < high:
                size = (right - left, high - low)
                self.box((left, low), size, f"range-{gid}", rows.widths[row], color)
            else:
                self.plot([left, right], [low, low], f"period-{gid}", color=color)
        for day in series.inner_breaks(row):
            self._break(day, [low, high], style, gid)
        for end, edge, shape in zip(value, (self.scale.low, self.scale.high), "v^", strict=True):
            self.limit((x, edge), end, shape, color, f"value-{gid}")
        self._whiskers(row, (low, high), gid, style.size)
        vintage = series.vintage[row]
        look: Look = {"marker": self.vintages.get(vintage, style.marker), "markersize": style.size}
        heights = sorted({low, high}) if drawn else []
        point: Look = {"linestyle": "", "zorder": 4, "clip_on": False}
        self.plot([x] * len(heights), heights, f"point-{gid}", color=color, **look, **point)
        if rows.conflicts[row]:
            self.ring((x, high), rows.conflicts[row], gid, 1.7 * style.size)
        if self.vintages:
            key = Line2D([], [], color=BLACK, linestyle="", **look)
            text = f"published {vintage or 'on an unknown day'}"
            self.keys.setdefault(f"vintage {vintage}", (key, text))
        elif style.name and shared:
            key = Line2D([], [], color=color, linestyle="", **look)
            self.keys.setdefault(f"series {style.name}", (key, style.name))

    def _whiskers(self, row: int, value: FloatBounds, gid: str, size: float) -> None:
        """Draw the bounds of a number as thin lines from its value."""
        bounds = self.rows.bounds["bounds"][row]
        if bounds is None:
            return
        thin: Look = {"color": MUTED, "linewidth": 0.9}
        key = Line2D([], [], marker="|", markersize=6, **thin)
        self.keys.setdefault("bounds", (key, self.rows.bounds_label))
        x, stubs = float(self.series.x[row]), (-self.stub, self.stub)
        sides = zip(value, bounds, self.scale.clip(bounds), stubs, "v^", strict=True)
        for start, end, edge, short, shape in sides:
            to = edge if isfinite(end) else start + short
            self.plot([x, x], [start, to], f"bounds-{gid}", clip_on=False, zorder=1.5, **thin)
            if not self.limit((x, to), end, shape, MUTED, f"bounds-{gid}"):
                self.plot([x], [to], f"cap-{gid}", color=MUTED, marker="_", markersize=size)

    def _break(self, x: float, ends: Sequence[float], style: _Style, gid: str) -> None:
        """Draw an upright line, over the whole axes of a series alone."""
        if (style.name, x) in self.breaks:
            return
        self.breaks.add((style.name, x))
        reach = [min(ends) - self.stub, max(ends) + self.stub]
        if style.alone:
            reach = [self.scale.low, self.scale.high]
        look: Look = {"linewidth": 1.4, "linestyle": (0, (1, 1))}
        color = BLACK if style.alone else style.color
        self.plot([x, x], reach, f"break-{gid}", color=color, zorder=2, **look)
        key = Line2D([], [], color=BLACK, **look)
        self.keys.setdefault("break", (key, "break in time series"))


def _draw_lines(marks: _TimeMarks, whole: float) -> float:
    """Draw all series on the same axes, with their names at their ends; return their height."""
    ax, series, scale = marks.ax, marks.series, marks.scale
    alone = len(series.names) == 1
    names = [""] if alone else series.names
    height = min(max(_LOW, whole * _RATIO), _HIGH)
    ticks = scale.ticks(height, upright=True)
    room = whole - max(text_width(text, TEXT) for text in ticks.values())
    room -= max(text_width(name, TEXT) for name in names) + 2 * (LABEL_GAP + PAD)
    _set_axes(ax, scale, series, ticks, _period_texts(series, room, coverage=alone))
    pixel = (scale.high - scale.low) / height
    looks = zip(names, SERIES, MARKERS, strict=False)
    ends: dict[int, float] = {}
    for member, (name, color, marker) in enumerate(looks):
        lift = _LIFT * pixel * member
        look: Look = {"name": name, "color": color, "marker": marker}
        marks.draw(member, _Style(alone=alone, lift=lift, **look))
        values = [marks.rows.values[row] for row in series.members[member]]
        known = [value for value in values if value is not None]
        ends[member] = sum(scale.clip(known[-1])) / 2 if known else scale.low
    lowest, side = scale.low, moved(ax, ax.get_yaxis_transform(), LABEL_GAP)
    for member, end in sorted(ends.items(), key=lambda item: item[1]) if not alone else ():
        name, y = names[member], max(end, lowest)
        lowest = y + TEXT * 1.4 * pixel
        own: Look = {"color": SERIES[member], "fontsize": TEXT, "va": "center", "transform": side}
        ax.text(1, y, name, gid=f"series-{name}", **own)
    return height


def _draw_multiples(marks: _TimeMarks, whole: float) -> float:
    """Draw each series on separate axes with shared scales, within some axes."""
    outer, series, scale = marks.ax, marks.series, marks.scale
    plain(outer)
    outer.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
    outer.patch.set_alpha(0)
    size, ticks = len(series.names), scale.ticks(_SHORT, upright=True)
    inner = whole - max(text_width(text, TEXT - 1) for text in ticks.values()) - LABEL_GAP - 2 * PAD
    columns = max(1, min(size, int((inner + _LINE_GAP) / (_NARROW + _LINE_GAP))))
    across = (inner - (columns - 1) * _LINE_GAP) / columns
    texts = _period_texts(series, across, size=TEXT - 1)
    titles = [wrap_text(name, across, TEXT) for name in series.names]
    row_height = max(text_height(text) for text in titles) + 6 + _SHORT + _LINE_GAP
    height = ceil(size / columns) * row_height - _LINE_GAP
    for member, name in enumerate(titles):
        row, column = divmod(member, columns)
        bottom = height + _LINE_GAP - (row + 1) * row_height
        corner = (column * (across + _LINE_GAP) / inner, bottom / height)
        marks.ax = outer.inset_axes((*corner, across / inner, _SHORT / height))
        _set_axes(marks.ax, scale, series, ticks, texts)
        last = member + columns >= size
        marks.ax.tick_params(labelsize=TEXT - 1, labelbottom=last, labelleft=column == 0)
        marks.ax.set_title(name, loc="left", fontsize=TEXT, color=INK, pad=3, y=1.0)
        marks.draw(member, _Style(name=name, size=2.6))
    return height


def _set_axes(
    ax: Axes, scale: Scale, series: TimeSeries, ticks: dict[float, str], texts: dict[float, str]
) -> None:
    """Give axes their scales and ticks."""
    plain(ax, "y")
    ax.set(xlim=(series.start.min(), series.end.max()), ylim=(scale.low, scale.high))
    ax.set_yticks(list(ticks), list(ticks.values()))
    ax.set_xticks(list(texts), list(texts.values()))


def _coverage(series: TimeSeries, row: int) -> str:
    """Return the number of reporting countries of a union, of the expected ones."""
    number = series.panel.row(row)
    reporters = number.n_reporters if number.reporters is None else len(number.reporters)
    if reporters is None or len(number.area.members) == 1:
        return ""
    return f"{reporters}" if number.expected is None else f"{reporters}/{len(number.expected)}"


def _period_texts(
    series: TimeSeries, room: float, *, coverage: bool = False, size: float = TEXT
) -> dict[float, str]:
    """Return the names of as many periods as fit next to each other within some points."""
    points = room / float(series.end.max() - series.start.min())
    names: dict[float, list[str]] = {}
    for row, period in enumerate(series.panel.period):
        middle = float(series.start[row] + series.end[row]) / 2
        names.setdefault(middle, [str(period), _coverage(series, row) if coverage else ""])
    positions = sorted(names, reverse=True)
    choices = (
        {
            position: "\n".join(filter(None, [name.replace("-", hyphen), reporters]))
            for position in positions[::step][::-1]
            for name, reporters in [names[position]]
        }
        for step in range(1, len(positions) + 1)
        for hyphen in ("-", "-\n")
    )
    return next(texts for texts in choices if _is_apart(texts, points, size))


def _is_apart(texts: Mapping[float, str], points: float, size: float) -> bool:
    halves = [(position * points, text_width(text, size) / 2) for position, text in texts.items()]
    return all(a + half + _TEXT_GAP <= b - other for (a, half), (b, other) in pairwise(halves))


def _notes(rows: PlotNumbers, series: TimeSeries, steps: Sequence[Step]) -> Iterator[str]:
    panel = series.panel
    if len(series.names) == 1 and any(_coverage(series, row) for row in range(len(panel))):
        yield "Below each period: reporting countries / countries of the area."
    if any(not step.joined for step in steps):
        yield (
            "No line: not comparable, not assessable, time between the periods, a break, no value, "
            "or a value that is not bounded."
        )
    if (rows.is_trivial(panel.bounds) & ~panel.value.missing).any():
        yield "Values without a line for bounds: not bounded, or equal to their bounds."


def _sentences(series: TimeSeries, steps: Sequence[Step]) -> list[str]:
    """Return each number in words, and the verdicts for few numbers."""
    panel, names, figures = series.panel, [], []
    prefixes = [f"{name}, " if name else "" for name in series.names]
    order = [(prefixes[member], row) for member, own in enumerate(series.members) for row in own]
    names = [f"{prefix}{panel.period[row]}" for prefix, row in order]
    figures = PlotNumbers(panel.take([row for _, row in order[:SPOKEN]])).figures
    for position, (_, row) in enumerate(order[:SPOKEN]):
        covered = _coverage(series, row).replace("/", " of ")
        figures[position] += f"\n{covered} countries" if covered else ""
    verdicts = [
        f"{prefixes[step.member]}{panel.period[step.first]} to {panel.period[step.second]}: "
        f"{step.verdict.label if step.break_at is None else 'break in time series'}"
        for step in steps
    ]
    return [*spoken(names, figures), *(verdicts if len(order) <= SPOKEN else [])]
