"""The marks of numbers in time, and the strip of periods without a value."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from math import isfinite
from typing import Any, Self

from attrs import evolve, frozen

from thbstats.languages import Language, Message, Plural, joined
from thbstats.panel import Status, Verdict
from thbstats.plots.canvas import BLACK, BLUE, MARKERS, MUTED, PAPER, SERIES, VERMILION
from thbstats.plots.drawing import Data, Drawing, Style, arrow, number_records
from thbstats.plots.drawn_numbers import SPOKEN, PlotNumbers, shortened
from thbstats.plots.footnotes import footer, where, years_text
from thbstats.plots.scale import FloatBounds, Scale, axis_name, common_kind, scale_of
from thbstats.plots.series import Step, TimeSeries, make_series, make_steps
from thbstats.plots.titles import title_words
from thbstats.rules import Rule, Thresholds
from thbstats.values import Period

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
_OPEN = "value of the reporting countries; that of the area is not bounded"
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
    """Numbers in time; marks have a ``place``, and those in the strip a ``strip``."""

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
    steps, judgement = make_steps(series, None if rules is None else tuple(rules), thresholds)
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
        names = [", ".join(filter(None, own.values())) for own in keys]
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
        for date, marker in zip(self.dates, cycle(MARKERS), strict=False):
            text = Message("date of publication not stated")
            if date:
                text = Message("published {day}", day=date)
            self.styles[f"point {date}"] = Style(shape="point", marker=marker, size=6, text=text)
        looks = zip(SERIES, MARKERS, series.names, strict=False)
        for member, (color, marker, name) in enumerate(looks if self.shared else ()):
            look: Data = {"color": color, "marker": marker, "size": 6, "text": name}
            self.styles[f"point {member}"] = Style(shape="point", **look)
        if not self.dates:
            self.styles["point "] = Style(shape="point", marker="o", size=6)
        ranges = [i for i, own in enumerate(rows.drawn) if own and own[0] < own[1]]
        span: str = Message("range of the value; a line joins its middle")
        if all(rows.suppressed[i] for i in ranges):
            span = Message("range of the value: suppressed counts; a line joins its middle")
        for name, own_text in {"range": span, "bounds": rows.bounds_text}.items():
            self.styles[name] = evolve(self.styles[name], text=own_text)
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
        """Join the middles of two numbers, and mark a break."""
        ends = [self.rows.drawn[row] for row in (step.first, step.second)]
        if step.break_at is not None:
            known = [end for own in ends for end in own or ()]
            self._break(step.break_at, known, step.member, step.second)
        if step.joined:
            x = self.series.x[[step.first, step.second]].tolist()
            middles = [sum(self.scale.clip(own)) / 2 for own in ends if own]
            self._add(f"line {step.verdict}", step.member, step.second, x, middles)

    def _number(self, member: int, row: int) -> None:
        """Add a point on a stroke of the width of its period, a band, or a mark in the strip."""
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
        """Show in the strip why a period has no value; without data, the free space does."""
        if reason == "No data":
            return
        marker, text = _GAPS.get(reason, "o"), reason[:1].lower() + reason[1:]
        look: Data = {"color": VERMILION if marker == "X" else MUTED, "marker": marker, "size": 5}
        style = Style(shape="point", text=text, fill=PAPER if marker == "o" else "", **look)
        self._strip(member, row, x, reason, style)

    def _strip(self, member: int, row: int, x: float, name: str, style: Style) -> None:
        self.styles[name] = style
        lane = self.lanes.setdefault(member if self.shared else 0, len(self.lanes))
        mark = self._add(name, member, row, (x, x), (self.scale.low, self.scale.low))
        mark["strip"] = lane

    def _break(self, x: float, ends: Sequence[float], member: int, row: int) -> None:
        """Add an upright line, over the whole axis of a series alone."""
        if (member, x) in self.breaks:
            return
        self.breaks.add((member, x))
        reach = self.scale.low, self.scale.high
        if self.shared and ends:
            reach = self.scale.clip((min(ends) - self.stub, max(ends) + self.stub))
        self._add("break", member, row, (x, x), reach)


def coverage_text(series: TimeSeries, row: int) -> str:
    """Return the number of reporting countries of an area, and of its countries."""
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
        yield Message("{reason}: {rows}.", reason=reason, rows=texts)


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
