"""Numbers through time: one line per member, never through a break."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import ceil

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from thbstats.languages import Language
from thbstats.panel import Panel
from thbstats.plots.canvas import (
    INK,
    MUTED,
    RULE,
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
from thbstats.plots.drawing import Data
from thbstats.plots.layout import LABEL_GAP, PAD, moved, plain
from thbstats.plots.series import TimeSeries
from thbstats.plots.trend_marks import TrendDrawing, coverage_text, trend_drawing
from thbstats.rules import Rule, Thresholds

_LOW, _HIGH, _RATIO = 170.0, 300.0, 0.42
"""The least and the largest height in points; the height as a part of the width."""
_TEXT_GAP, LANE = 6.0, 9.0
"""The distance of two texts, and the height of a lane of the strip below the axis, in points."""
_NARROW, _SHORT, _LINE_GAP = 96.0, 58.0, 12.0
"""Small multiples: the least width, the height, and the distance of panes, in points."""
_SMALL = 0.45
"""The size of markers in small multiples, as a part of the usual one."""


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

    A member is a combination of the dimensions of ``by=`` other than the period, such as a
    country; no line joins two members. More than six members become small multiples with the same
    scales. A full line joins adjacent periods that are comparable, a dashed one those comparable
    with caution, none the others. A line also ends where the reporting countries differ by more
    than `Thresholds.coverage`. A range is a band, and the line joins its middle. A break in the
    time series is an upright line, which no line crosses.

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
    """Draw all series on the same axes, with their names at their ends; return their height."""
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
        ax.text(0.5, 0.5, "No period has a value.", gid="empty", **look)
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
    """Return the names of as many periods as fit next to each other within some points."""
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
