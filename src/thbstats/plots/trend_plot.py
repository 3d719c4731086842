"""Numbers through time: one line per member, never through a break."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil, isfinite

from matplotlib.axes import Axes
from matplotlib.transforms import offset_copy

from thbstats.panel import Panel
from thbstats.plots.canvas import (
    BLUE,
    INK,
    MARKERS,
    SERIES,
    TEXT,
    WIDTH,
    open_axes,
    plot_width,
    text_height,
    text_width,
    wrap_text,
)
from thbstats.plots.footnotes import footer
from thbstats.plots.layout import PAD, PlotMargins, frame, grid_lines, panel_labels, plain
from thbstats.plots.lines import LineDrawer, MarkStyle, Step, TimeSeries, make_series, make_steps
from thbstats.plots.scale import Scale, common_kind, value_scale
from thbstats.plots.wording import (
    SPOKEN,
    as_panel,
    is_trivial,
    row_figures,
    row_sentences,
    visible_bounds,
)
from thbstats.rules import Rule, Thresholds

_LOW, _HIGH, _RATIO = 170.0, 300.0, 0.42
"""The least and the largest height in points; the height as a part of the width."""
_LABEL_GAP, _APART, _LIFT = 7.0, 6.0, 7.0
_NARROW, _SHORT, _LINE_GAP = 96.0, 58.0, 12.0
"""Small multiples: the least width, the height, and the distance of axes, in points."""


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
    panel = as_panel(numbers)
    common_kind(panel)
    series = make_series(panel)
    steps, judgement = make_steps(series, None if rules is None else tuple(rules), thresholds)
    axes = open_axes(ax, width)
    whole = plot_width(axes)
    several = len(series.names) > len(SERIES)
    tall = _SHORT if several else min(max(_LOW, whole * _RATIO), _HIGH)
    bounds = [end for ends in visible_bounds(panel)["bounds"] if ends for end in ends]
    scale = value_scale(panel, tall, optional=filter(isfinite, bounds), upright=True)
    marks = LineDrawer(series, scale)
    if several:
        space = _multiples(axes, marks, steps, whole)
    else:
        space = _lines(axes, marks, steps, whole, tall)
    flat = [step for own in steps for step in own]
    members = f", {len(series.names)} members" if len(series.names) > 1 else ""
    kind = f"{'Small multiples' if several else 'Line plot'}{members}, {len(panel)} numbers"
    labels = panel_labels(
        panel,
        kind,
        _sentences(series, steps),
        title=title,
        upright=True,
        footer=footer(panel, _notes(series, flat), judgement),
    )
    return frame(axes, labels, space, marks.legend())


def _draw(
    ax: Axes, marks: LineDrawer, steps: Sequence[Step], member: int, style: MarkStyle
) -> None:
    """Draw one series."""
    for position, step in enumerate(steps):
        marks.step(ax, step, style, f"{member}-{position}")
    for position, row in enumerate(marks.series.members[member]):
        marks.number(ax, row, style, f"{member}-{position}")


def _lines(
    ax: Axes, marks: LineDrawer, steps: Sequence[Sequence[Step]], whole: float, tall: float
) -> PlotMargins:
    """Draw all series on the same axes, with their names at their ends."""
    series, scale = marks.series, marks.scale
    names = series.names if len(series.names) > 1 else [""]
    label_transform = max(text_width(name, TEXT) for name in names)
    left = max(text_width(text, TEXT) for text in scale.texts) + _LABEL_GAP + PAD
    right = label_transform + _LABEL_GAP + PAD
    texts = _period_texts(series, whole - left - right, coverage=len(names) == 1)
    _axes(ax, scale, series, texts)
    lift = _LIFT / tall * (scale.high - scale.low)
    styles = [
        MarkStyle(
            name=name, color=color, marker=marker, alone=len(names) == 1, lift=lift * position
        )
        for position, (name, color, marker) in enumerate(zip(names, SERIES, MARKERS, strict=False))
    ]
    for member, style in enumerate(styles):
        _draw(ax, marks, steps[member], member, style)
    if label_transform:
        _write_names(ax, marks, styles, tall)
    below = max(text_height(text, TEXT) for text in texts.values()) + _LABEL_GAP
    return PlotMargins(left=left, right=right, height=tall, below=below)


def _multiples(
    ax: Axes, marks: LineDrawer, steps: Sequence[Sequence[Step]], whole: float
) -> PlotMargins:
    """Draw each series on separate axes with shared scales, within some axes."""
    series, scale = marks.series, marks.scale
    plain(ax)
    ax.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
    ax.patch.set_alpha(0)
    left = max(text_width(text, TEXT - 1) for text in scale.texts) + _LABEL_GAP + PAD
    inner = whole - left - PAD
    columns = max(1, min(len(series.names), int((inner + _LINE_GAP) / (_NARROW + _LINE_GAP))))
    across = (inner - (columns - 1) * _LINE_GAP) / columns
    texts = _period_texts(series, across, size=TEXT - 1)
    titles = [wrap_text(name, across, TEXT) for name in series.names]
    head = max(text_height(text, TEXT) for text in titles) + 6
    rows = ceil(len(titles) / columns)
    row_height = head + _SHORT
    tall = rows * row_height + (rows - 1) * _LINE_GAP
    for member, name in enumerate(titles):
        row, column = divmod(member, columns)
        bottom = tall - (row + 1) * row_height - row * _LINE_GAP
        corner = (column * (across + _LINE_GAP) / inner, bottom / tall)
        own = ax.inset_axes((*corner, across / inner, _SHORT / tall))
        _axes(own, scale, series, texts)
        last = member + columns >= len(titles)
        own.tick_params(labelsize=TEXT - 1, labelbottom=last, labelleft=column == 0)
        own.set_title(name, loc="left", fontsize=TEXT, color=INK, pad=3, y=1.0)
        style = MarkStyle(name=name, color=BLUE, marker="o", size=2.6)
        _draw(own, marks, steps[member], member, style)
    below = max(text_height(text, TEXT) for text in texts.values()) + _LABEL_GAP
    return PlotMargins(left=left, right=PAD, height=tall, below=below)


def _axes(ax: Axes, scale: Scale, series: TimeSeries, texts: Mapping[float, str]) -> None:
    """Give axes their scales and ticks."""
    plain(ax)
    grid_lines(ax, "y")
    ax.set_xlim(series.start.min(), series.end.max())
    ax.set_ylim(scale.low, scale.high)
    ax.set_yticks(scale.ticks, scale.texts)
    ax.set_xticks(list(texts), list(texts.values()))
    ax.tick_params(pad=_LABEL_GAP / 2)


def _coverage(series: TimeSeries, row: int) -> str:
    """Return the number of reporting countries of a union, of the expected ones."""
    number = series.panel.row(row)
    reporters = number.n_reporters if number.reporters is None else len(number.reporters)
    if reporters is None or len(number.area.members) == 1:
        return ""
    return f"{reporters}" if number.expected is None else f"{reporters}/{len(number.expected)}"


def _period_texts(
    series: TimeSeries, across: float, *, coverage: bool = False, size: float = TEXT
) -> dict[float, str]:
    """Return the names of as many periods as fit next to each other."""
    points = across / float(series.end.max() - series.start.min())
    names: dict[float, tuple[str, str]] = {}
    for row, period in enumerate(series.panel.period):
        middle = float(series.start[row] + series.end[row]) / 2
        names.setdefault(middle, (str(period), _coverage(series, row) if coverage else ""))
    positions = sorted(names)
    choices = (
        {
            position: "\n".join(
                filter(None, [names[position][0].replace("-", hyphen), names[position][1]])
            )
            for position in positions[::-1][::step][::-1]
        }
        for step in range(1, len(positions) + 1)
        for hyphen in ("-", "-\n")
    )
    return next(texts for texts in choices if _is_apart(texts, points, size))


def _is_apart(texts: Mapping[float, str], points: float, size: float) -> bool:
    ends = [
        (
            position * points - text_width(text, size) / 2,
            position * points + text_width(text, size) / 2,
        )
        for position, text in texts.items()
    ]
    return all(single[1] + _APART <= two[0] for single, two in pairwise(ends))


def _write_names(ax: Axes, marks: LineDrawer, styles: Sequence[MarkStyle], tall: float) -> None:
    """Write the name of each series after its last number, without overlap."""
    scale = marks.scale
    label_transform = offset_copy(
        ax.get_yaxis_transform(), fig=ax.figure.figure, x=_LABEL_GAP, y=0, units="points"
    )
    apart = TEXT * 1.4 / tall * (scale.high - scale.low)
    heights = {}
    for style, rows in zip(styles, marks.series.members, strict=True):
        known = [ends for row in rows if (ends := marks.values[row]) is not None]
        heights[style] = sum(scale.clip(known[-1])) / 2 if known else scale.low
    lowest = scale.low
    for style, height in sorted(heights.items(), key=lambda item: item[1]):
        y = max(height, lowest)
        lowest = y + apart
        artist = ax.text(
            1,
            y,
            style.name,
            transform=label_transform,
            va="center",
            fontsize=TEXT,
            color=style.color,
        )
        artist.set_gid(f"series-{style.name}")


def _notes(series: TimeSeries, steps: Sequence[Step]) -> Iterator[str]:
    panel = series.panel
    if len(series.names) == 1 and any(_coverage(series, row) for row in range(len(panel))):
        yield "Below each period: reporting countries / countries of the area."
    if any(not step.joined for step in steps):
        yield (
            "No line: not comparable, not assessable, time between the periods, a break, no value, "
            "or a value that is not bounded."
        )
    if (is_trivial(panel, panel.bounds) & ~panel.value.missing).any():
        yield "Values without a line for bounds: not bounded, or equal to their bounds."


def _sentences(series: TimeSeries, steps: Sequence[Sequence[Step]]) -> list[str]:
    """Return each number in words, and the verdicts for few numbers."""
    panel = series.panel
    order = [row for rows in series.members for row in rows]
    figures = row_figures(panel.take(order[:SPOKEN]))
    owner = {
        row: f"{name}, " if name else ""
        for name, rows in zip(series.names, series.members, strict=True)
        for row in rows
    }
    names = [f"{owner[row]}{panel.period[row]}" for row in order]
    for position, row in enumerate(order[:SPOKEN]):
        covered = _coverage(series, row).replace("/", " of ")
        figures[position] += f"\n{covered} countries" if covered else ""
    verdicts = [
        f"{owner[step.first]}{panel.period[step.first]} to {panel.period[step.second]}: "
        f"{step.verdict.label if step.break_at is None else 'break in time series'}"
        for own in steps
        for step in own
    ]
    return [*row_sentences(names, figures), *(verdicts if len(order) <= SPOKEN else [])]
