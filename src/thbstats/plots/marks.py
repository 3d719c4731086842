"""Marks of numbers on rows, and plots of rows."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import isfinite
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import offset_copy

from thbstats.errors import InvalidValue
from thbstats.panel import Panel, Status
from thbstats.plots.canvas import (
    BLACK,
    BLUE,
    GREY,
    INK,
    MUTED,
    PALE,
    PAPER,
    STATUS_MARKS,
    TEXT,
    VERMILION,
    open_axes,
    plot_width,
    text_height,
    text_width,
    wrap_text,
)
from thbstats.plots.layout import PAD, Key, PlotMargins, frame, grid_lines, panel_labels, plain
from thbstats.plots.scale import FloatBounds, Scale
from thbstats.plots.wording import Width

_EDGE = 0.9

_LAST = ("line", "range", "bounds", "open", "cut", "break", "conflict", "status")

"""The legend explains these after the kinds of number, in this order."""

_ARROWS = {"open": "not bounded", "cut": "continues beyond the axis"}

_CONFLICTS = {"contradictory": "s", "conflicting": "D"}

BOUNDS: dict[str, Any] = {"color": BLACK, "linewidth": 1.2, "marker": "|", "markersize": 6}

UNKNOWN: dict[str, Any] = {
    "color": VERMILION,
    "linewidth": 1.2,
    "linestyle": (0, (1, 1.5)),
    "marker": "o",
    "markersize": 4,
    "markerfacecolor": PAPER,
}

"""The lines of bounds, and of bounds with unknown."""


class MarkDrawer:
    """Draws marks on axes, and lists them for the legend.

    Each mark has a name and the position of its number as ``gid``, such as ``bounds-0``.
    """

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.keys: dict[str, Key] = {}

    def legend(self) -> list[Key]:
        """Return each kind of mark with its meaning."""
        kinds = {name: name.split(" ", maxsplit=1)[0] for name in self.keys}
        order = {name: _LAST.index(kind) if kind in _LAST else -1 for name, kind in kinds.items()}
        return [self.keys[name] for name in sorted(self.keys, key=lambda name: order[name])]

    def plot(self, ax: Axes, x: Any, y: Any, gid: str, **options: Any) -> None:
        """Draw a line or markers under a name."""
        (artist,) = ax.plot(x, y, **options)
        artist.set_gid(gid)

    def box(
        self, ax: Axes, corner: FloatBounds, size: FloatBounds, gid: str, **options: Any
    ) -> None:
        """Draw a rectangle under a name."""
        artist = Rectangle(corner, *size, linewidth=_EDGE, **options)
        artist.set_gid(gid)
        ax.add_patch(artist)

    def range_options(self, width: Width, color: str) -> dict[str, Any]:
        """Return the hatch of a range, and add its reason to the legend."""
        options: dict[str, Any] = {
            "facecolor": PALE,
            "edgecolor": color,
            "hatch": Width(width).hatch,
        }
        self.keys.setdefault(f"range {int(width)}", (Patch(**options), Width(width).label))
        return options

    def limit(
        self, ax: Axes, corner: FloatBounds, end: float, shape: str, *, color: str, gid: str
    ) -> bool:
        """Draw an arrow for a missing bound, or for a bound beyond the axis."""
        if isfinite(end) and not self.scale.beyond(end):
            return False
        kind = "cut" if isfinite(end) else "open"
        options: dict[str, Any] = {"color": color, "markersize": 5.5, "linestyle": ""}
        options |= {"marker": shape, "markerfacecolor": PAPER if kind == "cut" else color}
        self.plot(ax, corner[:1], corner[1:], f"{kind}-{gid}", clip_on=False, zorder=5, **options)
        self.keys.setdefault(kind, (Line2D([], [], **options), _ARROWS[kind]))
        return True

    def ring(self, ax: Axes, x: float, y: float, conflict: str, gid: str) -> None:
        """Mark a value with contradictory or conflicting counts."""
        options: dict[str, Any] = {
            "marker": _CONFLICTS[conflict],
            "markersize": 10,
            "markerfacecolor": "none",
            "color": VERMILION,
            "linestyle": "",
        }
        self.plot(ax, [x], [y], f"{conflict}-{gid}", zorder=4.5, clip_on=False, **options)
        self.keys.setdefault(
            f"conflict {conflict}", (Line2D([], [], **options), f"{conflict} counts")
        )

    def absent(self, ax: Axes, x: float, y: float, status: Status, gid: str) -> None:
        """Draw the marker of a row without a value."""
        marker, color = STATUS_MARKS[status]
        options: dict[str, Any] = {
            "marker": marker,
            "color": color,
            "markersize": 6,
            "linestyle": "",
        }
        self.plot(ax, [x], [y], f"absent-{gid}", clip_on=False, zorder=5, **options)
        self.keys.setdefault(f"status {status.code}", (Line2D([], [], **options), status.label))


class RowDrawer(MarkDrawer):
    """The marks on the rows of axes."""

    def __init__(self, ax: Axes, scale: Scale) -> None:
        super().__init__(scale)
        self.ax = ax

    def bar(
        self,
        y: float,
        ends: FloatBounds,
        *,
        position: int,
        height: float,
        name: str,
        text: str,
        width: Width,
        color: str = BLUE,
        start: float = 0.0,
    ) -> None:
        """Draw a bar to the nearer bound, and a hatched range to the other one."""
        low, high = self.scale.clip(ends)
        near = min(max(start, low), high)
        top = y - height / 2
        self.keys.setdefault(name, (Patch(facecolor=color, edgecolor=color), text))
        if near != start:
            left, size = min(start, near), abs(near - start)
            gid = f"{name}-certain-{position}"
            self.box(self.ax, (left, top), (size, height), gid, facecolor=color, edgecolor=color)
        if low < high:
            options = self.range_options(width, color)
            self.box(
                self.ax, (low, top), (high - low, height), f"{name}-range-{position}", **options
            )
        if low == high == start:
            gid = f"{name}-zero-{position}"
            self.plot(self.ax, [start] * 2, [top, top + height], gid, color=color, linewidth=3)
        self._arrows(y, ends, color, f"{name}-{position}")

    def line(
        self, y: float, ends: FloatBounds, *, position: int, name: str, text: str, **options: Any
    ) -> None:
        """Draw a line between two bounds, with a marker at each."""
        marked = [
            position
            for position, end in enumerate(ends)
            if isfinite(end) and not self.scale.beyond(end)
        ]
        positions, gid = self.scale.clip(ends), f"{name}-{position}"
        self.plot(self.ax, positions, [y, y], gid, markevery=marked, zorder=3, **options)
        single = {"linestyle": ""} if ends[0] == ends[1] else {}
        self.keys.setdefault(name, (Line2D([], [], **options | single), text))
        self._arrows(y, ends, options["color"], gid)

    def join(self, y: float, ends: FloatBounds, *, position: int) -> None:
        """Draw a thin line from one number to another."""
        self.plot(self.ax, ends, [y, y], f"join-{position}", color=GREY, linewidth=1.2, zorder=2)

    def words(self, y: float, text: str, *, position: int, status: Status | None = None) -> None:
        """Write the reason why nothing is drawn, next to the marker of its status."""
        if status is not None:
            self.absent(self.ax, self.scale.low, y, status, str(position))
        artist = self.ax.annotate(
            text,
            (self.scale.low, y),
            xytext=(3 if status is None else 9, 0),
            textcoords="offset points",
            va="center",
            fontsize=TEXT - 0.5,
            fontstyle="italic",
            color=MUTED,
        )
        artist.set_gid(f"words-{position}")

    def _arrows(self, y: float, ends: FloatBounds, color: str, gid: str) -> None:
        for end, edge, shape in zip(ends, (self.scale.low, self.scale.high), "<>", strict=True):
            self.limit(self.ax, (edge, y), end, shape, color=color, gid=gid)


_LABEL_GAP, _LINE_GAP = 7.0, 5.0

_NAMES, _FIGURES = 0.34, 0.30

"""The largest parts of the width for names and figures."""

_MOST = 120


class RowPlot:
    """Axes with a row for each number. Their vertical axis is in points."""

    def __init__(
        self,
        ax: Axes | None,
        width: float,
        names: Sequence[str],
        figures: Sequence[str],
        heights: Sequence[float],
    ) -> None:
        if not 0 < len(names) <= _MOST:
            raise InvalidValue(
                f"a plot of rows must have 1 to {_MOST} rows",
                field="numbers",
                value=len(names),
                hint="Select rows, such as panel.where(period=2020)",
            )
        self.ax: Axes = open_axes(ax, width)
        whole = plot_width(self.ax)
        self.names: list[str] = [wrap_text(name, whole * _NAMES, TEXT) for name in names]
        self.figures: list[str] = [_fitting(figure, whole * _FIGURES) for figure in figures]
        pairs = zip(self.names, self.figures, heights, strict=True)
        self.heights: list[float] = [
            max(height, *(text_height(text, TEXT) + _LINE_GAP for text in texts))
            for *texts, height in pairs
        ]
        left = max(text_width(name, TEXT) for name in self.names) + _LABEL_GAP + PAD
        right = max(text_width(figure, TEXT) for figure in self.figures) + _LABEL_GAP + PAD
        self.length: float = whole - left - right
        self.margins: PlotMargins = PlotMargins(left=left, right=right, height=sum(self.heights))
        ends = accumulate(self.heights)
        pairs_of_ends = zip(ends, self.heights, strict=True)
        self.middles: list[float] = [end - own / 2 for end, own in pairs_of_ends]

    def marks(self, scale: Scale) -> RowDrawer:
        """Set up the axes, the first row on top, and return marks to draw with."""
        plain(self.ax)
        grid_lines(self.ax, "x")
        self.ax.set_xlim(scale.low, scale.high)
        self.ax.set_xticks(scale.ticks, scale.texts)
        self.ax.set_ylim(sum(self.heights), 0)
        self.ax.set_yticks(self.middles, self.names)
        self.ax.tick_params(axis="y", pad=_LABEL_GAP)
        label_transform = offset_copy(
            self.ax.get_yaxis_transform(), fig=self.ax.figure.figure, x=_LABEL_GAP, units="points"
        )
        for position, (middle, text) in enumerate(zip(self.middles, self.figures, strict=True)):
            artist = self.ax.text(
                1, middle, text, transform=label_transform, va="center", fontsize=TEXT, color=INK
            )
            artist.set_gid(f"figure-{position}")
        return RowDrawer(self.ax, scale)

    def finish(
        self, marks: RowDrawer, kind: str, panel: Panel, numbers: Iterable[str], **more: Any
    ) -> Axes:
        """Add the texts around the plot, those of ``more`` instead of those of the panel."""
        rows = f"{kind}, {len(self.names)} row{'s' if len(self.names) > 1 else ''}"
        texts = panel_labels(panel, rows, numbers, **more)
        return frame(self.ax, texts, self.margins, marks.legend())


def _fitting(figure: str, width: float) -> str:
    first, *others = figure.split("\n")
    retained = [line for line in others if text_width(line, TEXT) <= width]
    return "\n".join([wrap_text(first, width, TEXT), *retained])
