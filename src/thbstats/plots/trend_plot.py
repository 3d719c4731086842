"""Numbers through time: one line per member, never through a break."""

from calendar import isleap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import cycle, pairwise
from math import ceil, isfinite
from statistics import median
from typing import Any, Self

import numpy as np
from attrs import evolve, frozen
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from thbstats._signatures import explain_arguments
from thbstats.errors import InvalidValue
from thbstats.geography import COMPOSITIONS
from thbstats.languages import Language, Message, Plural, capitalised, joined, lowered
from thbstats.panel import Panel, Status, Verdict
from thbstats.panel.names import area_labels
from thbstats.plots.canvas import (
    BLACK,
    BLUE,
    INK,
    LABEL_GAP,
    MARKERS,
    MUTED,
    PAD,
    PAPER,
    RULE,
    SERIES,
    TEXT,
    VERMILION,
    WIDTH,
    FloatBounds,
    Look,
    Scale,
    axis_name,
    category_words,
    common_kind,
    moved,
    open_axes,
    plain,
    plot_width,
    scale_of,
    text_height,
    text_width,
    title_words,
    wrap_text,
)
from thbstats.plots.drawing import (
    SUPPRESSED,
    UNCERTAIN,
    Data,
    Drawing,
    Style,
    arrow,
    number_records,
)
from thbstats.plots.drawn_numbers import SPOKEN, PlotNumbers, footer, shortened, where, years_text
from thbstats.rules import DEFAULTS, Level, Pairs, Rule, Thresholds
from thbstats.rules.judgement import PairLevels, judge
from thbstats.rules.rule import checked_rules
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
    """Two consecutive numbers of a member, with the reasons why no line joins them."""

    member: int
    first: int
    second: int
    verdict: Verdict
    joined: bool
    break_at: float | None
    reasons: tuple[str, ...] = ()


def make_series(panel: Panel) -> TimeSeries:
    """Return the numbers of a panel as one series per member.

    A member is a combination of all dimensions but the period, and of a kind of count. Areas of a
    panel without dimensions are members too, except compositions of the EU, which form one series.
    """
    undated = panel.period.table(lambda period: period.start is None, np.bool_)
    if undated.any():
        row = int(np.flatnonzero(undated)[0])
        problem, hint = "every number must have a period", "Add its period, or leave it out"
        raise InvalidValue(problem, row=row, field="period", value=panel.label[row], hint=hint)
    start = panel.period.table(lambda period: _year(period.start), np.float64)
    end = panel.period.table(lambda period: _year(period.end, days=1), np.float64)
    days = panel.sources.map(lambda own: tuple(sorted({str(item.published or "") for item in own})))
    vintage = [joined(filter(None, own)) for own in days]

    areas = area_labels(panel.area)
    columns = [
        areas if name == "area" else [category_words({name: str(word)}) for word in own]
        for name, own in panel.keys.items()
        if name != "period"
    ]
    columns += [] if panel.keys else [list(panel.label)]
    if "area" not in panel.keys:
        unions = panel.area.map(lambda own: own.code in COMPOSITIONS)
        columns.append(["EU" if u else name for u, name in zip(unions, areas, strict=True)])
    # Counts of two kinds, such as of two statuses of victims, are two members.
    counted = list(panel.numerator_kind.map(lambda own: capitalised(own.label)))
    if len({*zip(*columns, counted, strict=True)}) > len({*zip(*columns, strict=True)}):
        columns.append(counted)
    keys = list(zip(*columns, strict=True))
    varying = [len(set(column)) > 1 for column in columns]
    names = {
        key: joined((word for word, own in zip(key, varying, strict=True) if own), ", ")
        for key in keys
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
        is_joined = bool(both[i] & near[i] & ~broken[i] & ~apart[i]) and verdicts[i] in _JOINED
        reasons = _reasons(judgement, i) if near[i] else [Message("time between the periods")]
        steps.append(
            Step(
                member=member, first=earlier, second=later, verdict=verdicts[i], joined=is_joined,
                break_at=_break_position(series, earlier, later) if broken[i] else None,
                reasons=tuple(reasons) if both[i] and not is_joined else (),
            )
        )  # fmt: skip
    return steps, judgement


def _reasons(judgement: PairLevels, i: int) -> list[str]:
    """Return the titles of the rules that prevent a line between two numbers."""
    limits = {"COVERAGE": Level.CAUTION, "BREAK": Level.NOTE}
    titles = (
        lowered(rule.title)
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
    """Return a day as a number of years, moved by some days."""
    if day is None:
        return float("nan")
    passed = (day - date(day.year, 1, 1)).days + days
    return day.year + passed / (366 if isleap(day.year) else 365)


_FREE = 0.1
"""The free part of a period at either side of a stroke."""
_STUB = 0.07
"""The length of an arrow, and of a break beyond its numbers, as a part of the axis."""
_NAMED = 6
"""A line names the members without a value if there are at most so many."""

_GAPS = {
    "Not reported": "x", "No total": "1", "Several values in the source": "d",
    "Contradictory counts, no value": "X", "Several counts in the table": "p",
    "Denominator 0": "*", "Unknown category for most persons": "s", "Not bounded": "D",
}  # fmt: skip
"""The markers in the strip by the reason that a value is not drawn; a circle for small counts."""
_OPEN = Message("value of the reporting countries; that of the area is not bounded")
_STYLES = {
    "range": Style(shape="box", fill=BLUE, alpha=0.35),
    f"line {Verdict.COMPARABLE}": Style(shape="line", size=1.4, text=Message("comparable")),
    f"line {Verdict.WITH_CAUTION}": Style(
        shape="line", size=1.4, dashes=(0, (3, 2)), text=Message("comparable with caution")
    ),
    "bounds": Style(shape="line", color=MUTED, size=0.9, marker="_", text=Message("bounds")),
    "contradictory": Style(
        shape="line", color=VERMILION, fill=PAPER, size=0.9, marker="s",
        text=Message("bounds of contradictory counts"),
    ),
    "break": Style(
        shape="line", color=BLACK, size=1.4, dashes=(0, (1, 1)),
        text=Message("break in time series"),
    ),
    "period": Style(shape="line", size=1.4),
}  # fmt: skip


@frozen(kw_only=True)
class TrendDrawing(Drawing):
    """Numbers in time; marks have a ``place``, and marks in the strip have a ``strip``."""

    series: TimeSeries
    several: bool
    lanes: int

    def in_language(self, language: "str | Language") -> Self:
        """Return the drawing with its texts in a language."""
        text = Language.of(language).text
        own = super().in_language(language)
        return evolve(
            own, series=evolve(own.series, names=[text(name) for name in own.series.names])
        )


def _kind(several: bool, members: int, n: int) -> str:
    """Return the kind of the plot with the numbers of its members and points."""
    own = {"members": members, "n": n}
    if several:
        return Message("Small multiples, {members} members, {n} numbers", **own)
    if members > 1:
        return Message("Line plot, {members} members, {n} numbers", **own)
    return Message("Line plot, {n} numbers", **own)


def trend_drawing(
    numbers: object, thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None
) -> TrendDrawing:
    """Return the marks of numbers in time, and the strip of periods without a value."""
    rows = PlotNumbers(numbers)
    panel = rows.panel
    series = make_series(panel)
    steps, judgement = make_steps(
        series, None if rules is None else checked_rules(rules), thresholds
    )
    bounds = [end for ends in rows.bounds["bounds"] for end in ends or () if isfinite(end)]
    needed = [end for own in rows.drawn for end in own or ()]
    scale = scale_of(common_kind(panel), needed, bounds)
    marks = _TrendMarks(rows, series, steps, scale)
    size = len(series.names)
    several = size > len(SERIES)

    def records() -> list[Data]:
        owners = zip(series.names, series.members, strict=True)
        owner = {row: name for name, own in owners for row in own}
        keys = [{"member": owner[i], "period": str(own)} for i, own in enumerate(panel.period)]
        names = [joined(filter(None, own.values()), ", ") for own in keys]
        return [a | b for a, b in zip(number_records(rows, names), keys, strict=True)]

    axis = axis_name(panel)
    middles = ((series.start + series.end) / 2).tolist()
    return TrendDrawing(
        kind=_kind(several, size, len(panel)),
        title=title_words(panel, axis), subtitle=where(panel), axis=axis, scale=scale,
        names=series.names, columns=dict(zip(middles, map(str, panel.period), strict=True)),
        styles=marks.styles, marks=marks.marks, numbers=records, series=series, several=several,
        lanes=len(marks.lanes), panel=panel, spoken=_sentences(rows, series, steps),
        footer=footer(rows, _notes(rows, series, steps), judgement),
    )  # fmt: skip


class _TrendMarks:
    """Collects the marks of numbers in time."""

    def __init__(
        self, rows: PlotNumbers, series: TimeSeries, steps: Sequence[Step], scale: Scale
    ) -> None:
        self.rows: PlotNumbers = rows
        self.series: TimeSeries = series
        self.scale: Scale = scale
        self.shared: bool = 1 < len(series.names) <= len(SERIES)
        self.stub: float = _STUB * (scale.high - scale.low)
        self.marks: list[Data] = []
        self.lanes: dict[int, int] = {}
        self.breaks: set[tuple[int, float]] = set()
        self.styles: dict[str, Style] = dict(_STYLES)
        dates = {series.vintage[i] for i, own in enumerate(rows.drawn) if own}
        self.dates: list[str] = sorted(dates) if len(dates) > 1 else []
        for day, marker in zip(self.dates, cycle(MARKERS), strict=False):
            text = Message("date of publication not stated")
            if day:
                text = Message("published {day}", day=day)
            self.styles[f"point {day}"] = Style(shape="point", marker=marker, size=6, text=text)
        looks = zip(SERIES, MARKERS, series.names, strict=False)
        for member, (color, marker, name) in enumerate(looks if self.shared else ()):
            look: Data = {"color": color, "marker": marker, "size": 6, "text": name}
            self.styles[f"point {member}"] = Style(shape="point", **look)
        if not self.dates:
            self.styles["point "] = Style(shape="point", marker="o", size=6)
        ranges = [i for i, own in enumerate(rows.drawn) if own and own[0] < own[1]]
        is_suppressed = all(rows.suppressed[i] for i in ranges)
        span = SUPPRESSED.text if is_suppressed else UNCERTAIN.text
        if any(step.joined for step in steps):
            span = Message("{range}; a line joins its middle", range=span)
        for name, own_text in {"range": span, "bounds": rows.bounds_text}.items():
            self.styles[name] = evolve(self.styles[name], text=own_text)
        # A mark of several members has the colour of its member, and its key has no such colour.
        for name in _STYLES if self.shared else ():
            if self.styles[name].text and self.styles[name].color in (BLUE, VERMILION):
                fill = self.styles[name].fill.replace(BLUE, MUTED)
                self.styles[name] = evolve(self.styles[name], color=MUTED, fill=fill)
        for step in steps:
            self._step(step)
        for member, own in enumerate(series.members):
            for row in own:
                self._number(member, row)

    def _add(self, name: str, member: int, row: int, x: Any, y: Any) -> Data:
        ends = dict(zip(("x", "x_end", "y", "y_end"), (*x, *y), strict=True))
        mark: Data = {"mark": name, "row": row, "place": member, **ends}
        if self.shared and name != "bounds" and not name.endswith(("v", "^")):
            mark["color"] = SERIES[member]
        self.marks.append(mark)
        return mark

    def _step(self, step: Step) -> None:
        """Draw the line between two consecutive numbers, and mark a break."""
        ends = [self.rows.drawn[row] for row in (step.first, step.second)]
        if step.break_at is not None:
            known = [end for own in ends for end in own or ()]
            self._break(step.break_at, known, step.member, step.second)
        if step.joined:
            x = self.series.x[[step.first, step.second]].tolist()
            middles = [sum(self.scale.clip(own)) / 2 for own in ends if own]
            self._add(f"line {step.verdict}", step.member, step.second, x, middles)

    def _number(self, member: int, row: int) -> None:
        """Add a point on a line as wide as its period, a band, or a mark in the strip."""
        rows, series = self.rows, self.series
        x, value, bounds = float(series.x[row]), rows.drawn[row], rows.bounds["bounds"][row]
        if bounds is not None:
            is_disputed = rows.panel.status[row] == Status.CONTRADICTORY
            name = "contradictory" if is_disputed else "bounds"
            self._bounds(name, member, row, x, bounds)
        if value is None:
            self._absent(member, row, x, rows.reasons[row])
            return
        low, high = self.scale.clip(value)
        free = float(series.end[row] - series.start[row]) * _FREE
        for left, right in series.pieces(row):
            space = min(free, (right - left) / 4) if low == high else 0.0
            name = "range" if low < high else "period"
            self._add(name, member, row, (left + space, right - space), (low, high))
        for day in series.inner_breaks(row):
            self._break(day, [low, high], member, row)
        self._arrows(member, row, x, value, (low, high))
        if low == high:
            own = series.vintage[row] if self.dates else member if self.shared else ""
            self._add(f"point {own}", member, row, (x, x), (low, low))
        if rows.is_open[row]:
            style = Style(shape="point", color=MUTED, marker="updown", size=5, text=_OPEN)
            self._strip(member, row, x, "open bounds", style)

    def _bounds(self, name: str, member: int, row: int, x: float, bounds: FloatBounds) -> None:
        """Join two bounds; without one of them, a short line ends in an arrow."""
        low, high = self.scale.clip(bounds)
        if not isfinite(bounds[1]):
            high = min(low + self.stub, high)
        elif not isfinite(bounds[0]):
            low = max(high - self.stub, low)
        self._add(name, member, row, (x, x), (low, high))
        self._arrows(member, row, x, bounds, (low, high))

    def _arrows(
        self, member: int, row: int, x: float, ends: FloatBounds, edges: FloatBounds
    ) -> None:
        for end, edge, shape in zip(ends, edges, "v^", strict=True):
            if not isfinite(end) or self.scale.beyond(end):
                style = arrow(shape, is_open=not isfinite(end), color=MUTED)
                self.styles[style.text + shape] = style
                self._add(style.text + shape, member, row, (x, x), (edge, edge))

    def _absent(self, member: int, row: int, x: float, reason: str) -> None:
        """Show in the strip why a period has no value; a period without data has no mark."""
        if reason == "No data":
            return
        marker, text = _GAPS.get(reason, "o"), lowered(_not_drawn(reason))
        color = VERMILION if marker == "X" and not self.shared else MUTED
        look: Data = {"color": color, "marker": marker, "size": 5}
        style = Style(shape="point", text=text, fill=PAPER if marker == "o" else "", **look)
        self._strip(member, row, x, reason, style)

    def _strip(self, member: int, row: int, x: float, name: str, style: Style) -> None:
        self.styles[name] = style
        lane = self.lanes.setdefault(member if self.shared else 0, len(self.lanes))
        mark = self._add(name, member, row, (x, x), (self.scale.low, self.scale.low))
        mark["strip"] = lane

    def _break(self, x: float, ends: Sequence[float], member: int, row: int) -> None:
        """Add an upright line at a break; for a single series, it spans the whole axis."""
        if (member, x) in self.breaks:
            return
        self.breaks.add((member, x))
        reach = self.scale.low, self.scale.high
        if self.shared and ends:
            reach = self.scale.clip((min(ends) - self.stub, max(ends) + self.stub))
        self._add("break", member, row, (x, x), reach)


def coverage_text(series: TimeSeries, row: int) -> str:
    """Return the number of reporting countries of an area, and the number of its countries."""
    number = series.panel.row(row)
    reporters = number.n_reporters if number.reporters is None else len(number.reporters)
    size = len(number.area.members)
    return "" if reporters is None or size == 1 else f"{reporters}/{size}"


def _notes(rows: PlotNumbers, series: TimeSeries, steps: Sequence[Step]) -> Iterator[str]:
    """Yield the reasons of this plot for periods without a line and without a value."""
    panel = series.panel
    alone = len(series.names) == 1
    if alone and any(coverage_text(series, row) for row in range(len(panel))):
        yield Message("Below each period: reporting countries / countries of the area.")
    if len(series.names) > len(SERIES):
        ends = ([end for row in own for end in rows.drawn[row] or ()] for own in series.members)
        highest = [max(own, default=0) for own in ends]
        if median(highest) < max(highest) / 10:
            yield Message("All charts have the same axis: changes of small numbers do not show.")
    reasons = dict.fromkeys(reason for step in steps for reason in step.reasons)
    if reasons:
        yield Message("No line between some periods: {reasons}.", reasons=list(reasons))
    if "different countries" in reasons and alone:
        known = [panel.reporters[i] for i, own in enumerate(rows.drawn) if own is not None]
        if None not in known:
            same = frozenset.intersection(*known)  # type: ignore[arg-type]
            n = len(same)
            yield (
                Plural(
                    "{n} country reported in every period with a value.",
                    "{n} countries reported in every period with a value.",
                    n,
                    n=n,
                )
                if n
                else Message("None reported in every period with a value.")
            )
    names: dict[str, dict[str, list[Period]]] = {}
    for member, own in zip(series.names, series.members, strict=True):
        for row in own:
            own_periods = names.setdefault(rows.reasons[row], {}).setdefault(member, [])
            own_periods.append(panel.period[row])
    for reason, members in names.items():
        if reason in ("", "No data") or len(members) > _NAMED:
            continue
        texts = [
            joined(filter(None, (name, years_text(own))), " ", " ") for name, own in members.items()
        ]
        yield Message("{reason}: {rows}.", reason=_not_drawn(reason), rows=texts)


def _not_drawn(reason: str) -> str:
    """Return the reason that a value is not drawn; a plot of time has no counts as text."""
    if isinstance(reason, Message) and "counted" in reason.parameters:
        return Message("Fewer than {n} {counted}, not drawn", **reason.parameters)
    return reason


def _sentences(rows: PlotNumbers, series: TimeSeries, steps: Sequence[Step]) -> list[str]:
    """Return each number in words, and the verdicts for few numbers."""
    period, texts = series.panel.period, []
    heads = list(series.names)
    order = [(heads[member], row) for member, own in enumerate(series.members) for row in own]
    for head, row in order[:SPOKEN]:
        n, _, total = coverage_text(series, row).partition("/")
        covered = Message("{n} of {total}", n=n, total=total)
        more = [Message("{coverage} countries", coverage=covered)] if n else []
        name = joined(filter(None, (head, str(period[row]))), ", ")
        texts.append(Message("{name}: {figure}", name=name, figure=rows.spoken(row, *more)))
    verdicts = [
        Message(
            "{name}: {figure}",
            name=joined(filter(None, (heads[step.member], years)), ", "),
            figure=step.verdict.label if step.break_at is None else Message("break in time series"),
        )
        for step in steps
        for years in [
            Message("{first} to {last}", first=period[step.first], last=period[step.second])
        ]
    ]
    return [*shortened(texts, len(order)), *(verdicts if len(order) <= SPOKEN else [])]


_LOW, _HIGH, _RATIO = 170.0, 300.0, 0.42
"""The least and the largest height in points; the height as a part of the width."""
_TEXT_GAP, LANE = 6.0, 9.0
"""The distance of two texts, and the height of a lane of the strip below the axis, in points."""
_NARROW, _SHORT, _LINE_GAP = 96.0, 58.0, 12.0
"""Small multiples: the least width, the height, and the distance of panes, in points."""
_SMALL = 0.45
"""The size of markers in small multiples, as a part of the usual one."""


@explain_arguments
def trend(
    numbers: Panel,
    *,
    thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
    language: "str | Language" = "en",
) -> Axes:
    """Draw numbers through time, one line per member, joined where they are comparable.

    A member is a combination of the dimensions of ``by=`` other than the period, such as a country;
    no line joins two members. More than six members become small multiples with the same scales. A
    full line joins adjacent periods that are comparable, and a dashed line periods that are
    comparable with caution. No line joins other periods. A line also ends where the reporting
    countries differ by more than `Thresholds.coverage`. A range is a band, and the line joins its
    middle. A break in the time series is an upright line, which no line crosses.

    Parameters
    ----------
    numbers : Panel
        Numbers of one kind, such as a panel with ``by=["area", "period"]``, in any order.
    thresholds : Thresholds, optional
        The limits of rules; by default those of the library.
    rules : iterable of Rule, optional
        The rules for pairs; by default all. Those of `rules_with` include documented breaks.
    ax, width, title, language : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes
        The axes of all members. For small multiples, their coordinates are points of the page.

    Raises
    ------
    InvalidValue
        If the panel is empty, has numbers of several kinds, or a number without a period.

    Notes
    -----
    The strip below the axis shows why a period has no value: contradictory counts, a denominator
    below 20, and so on. A thin line with hollow ends shows the bounds of contradictory counts. The
    labels of periods of a single series contain the number of reporting countries and of the
    countries of the area. Numbers of one period with several dates of publication stand next to
    each other, with a marker for each date.

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
    drawing = trend_drawing(numbers, thresholds, rules).in_language(language)
    axes = open_axes(ax, width)
    draw = _draw_multiples if drawing.several else _draw_lines
    height = draw(axes, drawing, plot_width(axes))
    return drawing.frame(axes, height, title, upright=True)


def _draw_lines(ax: Axes, drawing: TrendDrawing, whole: float) -> float:
    """Draw all series on common axes, with their names at their ends; return their height."""
    series, scale = drawing.series, drawing.scale
    alone = len(series.names) == 1
    names = [""] if alone else series.names
    height = min(max(_LOW, whole * _RATIO), _HIGH)
    ticks = scale.ticks(height, upright=True)
    room = whole - max(text_width(text, TEXT) for text in ticks.values())
    room -= max(text_width(name, TEXT) for name in names) + 2 * (LABEL_GAP + PAD)
    texts = _period_texts(series, room, coverage=alone)
    plain(ax, "y")
    ax.set(xlim=(series.start.min(), series.end.max()), ylim=(scale.low, scale.high))
    ax.set_yticks(list(ticks), list(ticks.values()))
    ax.set_xticks(list(texts), list(texts.values()))
    ax.tick_params(axis="x", pad=LABEL_GAP / 2 + LANE * drawing.lanes)
    below, side = ax.get_xaxis_transform(), moved(ax, ax.get_yaxis_transform(), LABEL_GAP)
    strips = [moved(ax, below, 0, -LANE * (lane + 0.5) - 1) for lane in range(drawing.lanes)]
    marks = [mark | {"y": 0, "y_end": 0} if "strip" in mark else mark for mark in drawing.marks]
    drawing.draw(ax, marks, strips)
    ends = {
        mark["place"]: (mark["y"] + mark["y_end"]) / 2
        for mark in drawing.marks
        if mark["mark"] in ("range", "period", "contradictory")
    }
    if not ends:
        look: Look = {"transform": ax.transAxes, "ha": "center", "color": MUTED, "fontsize": TEXT}
        text = drawing.language.text("No period has a value.")
        ax.text(0.5, 0.5, text, gid="empty", **look)
    lowest, step = scale.low, TEXT * 1.4 * (scale.high - scale.low) / height
    order = sorted(range(len(names)), key=lambda member: ends.get(member, scale.low))
    for member in order if not alone else ():
        y = max(ends.get(member, scale.low), lowest)
        lowest = y + step
        look = {"color": SERIES[member], "fontsize": TEXT, "va": "center", "transform": side}
        ax.text(1, y, names[member], gid=f"series-{names[member]}", **look)
    return height


def _draw_multiples(ax: Axes, drawing: TrendDrawing, whole: float) -> float:
    """Draw each series on a pane of the axes with the same scales; return their height."""
    series, scale = drawing.series, drawing.scale
    size, ticks = len(series.names), scale.ticks(_SHORT, upright=True)
    inner = whole - max(text_width(text, TEXT - 1) for text in ticks.values()) - LABEL_GAP - 2 * PAD
    columns = max(1, min(size, int((inner + _LINE_GAP) / (_NARROW + _LINE_GAP))))
    across = (inner - (columns - 1) * _LINE_GAP) / columns
    texts = _period_texts(series, across, size=TEXT - 1)
    titles = [wrap_text(name, across, TEXT) for name in series.names]
    strip = LANE * drawing.lanes
    row_height = max(text_height(text) for text in titles) + 4 + _SHORT + strip + _LINE_GAP
    height = ceil(size / columns) * row_height - _LINE_GAP
    plain(ax)
    ax.set(xticks=[], yticks=[], xlim=(0, inner), ylim=(0, height))
    x_factor = across / float(series.end.max() - series.start.min())
    y_factor = _SHORT / (scale.high - scale.low)

    def corner(member: int) -> tuple[float, float]:
        line, column = divmod(member, columns)
        return column * (across + _LINE_GAP), height + _LINE_GAP - (line + 1) * row_height + strip

    grid = []
    small: Look = {"fontsize": TEXT - 1, "color": INK, "gid": "tick"}
    for member, name in enumerate(titles):
        left, bottom = corner(member)
        ax.text(left, bottom + _SHORT + 3, name, fontsize=TEXT, color=INK, gid=f"series-{name}")
        for tick, text in ticks.items():
            y = bottom + (tick - scale.low) * y_factor
            grid.append([(left, y), (left + across, y)])
            if member % columns == 0:
                ax.text(-LABEL_GAP / 2, y, text, ha="right", va="center", **small)
        for year, text in texts.items() if member + columns >= size else ():
            x, y = left + (year - series.start.min()) * x_factor, bottom - strip - LABEL_GAP / 2
            ax.text(x, y, text, ha="center", va="top", **small)
    ax.add_collection(LineCollection(grid, colors=RULE, linewidths=0.7, zorder=0.5), autolim=False)

    def placed(mark: Data) -> Data:
        left, bottom = corner(mark["place"])
        x = {end: left + (mark[end] - series.start.min()) * x_factor for end in ("x", "x_end")}
        y = {end: bottom + (mark[end] - scale.low) * y_factor for end in ("y", "y_end")}
        below = {"y": bottom - strip / 2 - 1, "y_end": bottom - strip / 2 - 1}
        return mark | x | (below if "strip" in mark else y)

    drawing.draw(ax, [placed(mark) for mark in drawing.marks], factor=_SMALL)
    return height


def _period_texts(
    series: TimeSeries, room: float, *, coverage: bool = False, size: float = TEXT
) -> dict[float, str]:
    """Return the names of as many periods as fit side by side in some points."""
    points = room / float(series.end.max() - series.start.min())
    names: dict[float, list[str]] = {}
    for row, period in enumerate(series.panel.period):
        middle = float(series.start[row] + series.end[row]) / 2
        names.setdefault(middle, [str(period), coverage_text(series, row) if coverage else ""])
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
