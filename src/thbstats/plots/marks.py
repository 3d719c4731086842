"""Marks of numbers with their legend, and axes with a row for each number."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import isfinite
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from thbstats.errors import require
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
    Look,
    open_axes,
    plot_width,
    text_height,
    text_width,
    wrap_text,
)
from thbstats.plots.layout import LABEL_GAP, PAD, Key, moved, panel_frame, plain
from thbstats.plots.numbers import Width
from thbstats.plots.scale import FloatBounds, Scale

_LAST = ("line", "range", "bounds", "open", "cut", "break", "conflict", "status")
"""The legend explains these after the kinds of number, in this order."""
_CONFLICTS = {"contradictory": "s", "conflicting": "D"}

BOUNDS: Look = {"color": BLACK, "linewidth": 1.2, "marker": "|", "markersize": 6}
UNKNOWN: Look = {
    "color": VERMILION,
    "linewidth": 1.2,
    "linestyle": (0, (1, 1.5)),
    "marker": "o",
    "markersize": 4,
    "markerfacecolor": PAPER,
}
"""The lines of bounds, and of bounds with unknown."""

_LINE_GAP = 5.0
_NAMES, _FIGURES = 0.34, 0.30
"""The largest parts of the width for names and figures."""
_MOST = 120


class Marks:
    """Draws marks on axes, and lists them for the legend.

    Each mark has a name and the position of its number as ``gid``, such as ``bounds-0``. A ``key``
    and a ``text`` add a mark to the legend.
    """

    def __init__(self, ax: Axes, scale: Scale) -> None:
        self.ax: Axes = ax
        self.scale: Scale = scale
        self.keys: dict[str, Key] = {}

    def legend(self) -> list[Key]:
        """Return each kind of mark with its meaning."""
        kinds = {name: name.split(" ", maxsplit=1)[0] for name in self.keys}
        order = {name: _LAST.index(kind) if kind in _LAST else -1 for name, kind in kinds.items()}
        return [self.keys[name] for name in sorted(self.keys, key=lambda name: order[name])]

    def plot(
        self, x: Any, y: Any, gid: str, *, key: str = "", text: str = "", **options: Any
    ) -> None:
        """Draw a line or markers."""
        self.ax.plot(x, y, gid=gid, **options)
        if key:
            self.keys.setdefault(key, (Line2D([], [], **options), text))

    def box(
        self, corner: FloatBounds, size: FloatBounds, gid: str, width: Width | None, color: str
    ) -> None:
        """Draw a rectangle; that of a range has the hatch of the reason for its width."""
        options: Look = {"facecolor": color, "edgecolor": color}
        if width is not None:
            options |= {"facecolor": PALE, "hatch": width.hatch}
            self.keys.setdefault(f"range {width.label}", (Patch(**options), width.label))
        self.ax.add_patch(Rectangle(corner, *size, linewidth=0.9, gid=gid, **options))

    def limit(self, corner: FloatBounds, end: float, shape: str, color: str, gid: str) -> bool:
        """Draw an arrow for a missing bound, or for a bound beyond the axis."""
        if isfinite(end) and not self.scale.beyond(end):
            return False
        key, text, face = "open", "not bounded", color
        if isfinite(end):
            key, text, face = "cut", "continues beyond the axis", PAPER
        look: Look = {"color": color, "markersize": 5.5, "marker": shape, "markerfacecolor": face}
        self._marker(corner, f"{key}-{gid}", key=key, text=text, zorder=5, **look)
        return True

    def ring(self, corner: FloatBounds, conflict: str, gid: str, size: float = 10) -> None:
        """Mark a value with contradictory or conflicting counts."""
        look: Look = {"marker": _CONFLICTS[conflict], "markersize": size, "markerfacecolor": "none"}
        key, text = f"conflict {conflict}", f"{conflict} counts"
        gid = f"{conflict}-{gid}"
        self._marker(corner, gid, key=key, text=text, color=VERMILION, zorder=4.5, **look)

    def absent(
        self, corner: FloatBounds, status: Status, gid: str, size: float = 6, color: str = ""
    ) -> None:
        """Draw the marker of a row without a value."""
        marker, usual = STATUS_MARKS[status]
        look: Look = {"marker": marker, "markersize": 6, "linestyle": "", "color": usual}
        self.keys.setdefault(f"status {status.code}", (Line2D([], [], **look), status.label))
        look |= {"markersize": size, "color": color or usual}
        self._marker(corner, f"absent-{gid}", zorder=5, **look)

    def _marker(self, corner: FloatBounds, gid: str, **options: Any) -> None:
        self.plot(corner[:1], corner[1:], gid, clip_on=False, **(options | {"linestyle": ""}))


class RowPlot(Marks):
    """Axes with a row for each number, the first on top. Their vertical axis is in points."""

    def __init__(
        self,
        ax: Axes | None,
        width: float,
        names: Sequence[str],
        figures: Sequence[str],
        *,
        heights: Sequence[float] | float,
        scale: Scale,
    ) -> None:
        problem = f"a plot of rows must have 1 to {_MOST} rows"
        hint = "Select rows, such as panel.where(period=2020)"
        require(0 < len(names) <= _MOST, problem, hint, numbers=len(names))
        super().__init__(open_axes(ax, width), scale)
        ax, whole = self.ax, plot_width(self.ax)
        names = [wrap_text(name, whole * _NAMES, TEXT) for name in names]
        room, shown = whole * _FIGURES, []
        for figure in figures:  # the first line, and the further lines that fit
            first, *others = figure.split("\n")
            further = [line for line in others if text_width(line, TEXT) <= room]
            shown.append("\n".join([wrap_text(first, room, TEXT), *further]))
        lowest = np.broadcast_to(heights, len(names)).tolist()
        rows = zip(lowest, names, shown, strict=True)
        sizes = [
            max(height, *(text_height(text) + _LINE_GAP for text in texts))
            for height, *texts in rows
        ]
        self.height: float = sum(sizes)
        ends = zip(accumulate(sizes), sizes, strict=True)
        self.middles: list[float] = [end - size / 2 for end, size in ends]
        room = whole - 2 * (LABEL_GAP + PAD)
        room -= sum(max(text_width(text, TEXT) for text in own) for own in (names, shown))
        plain(ax, "x")
        ticks = scale.ticks(room)
        ax.set_xticks(list(ticks), list(ticks.values()))
        ax.set_xlim(scale.low, scale.high)
        ax.set_yticks(self.middles, names)
        ax.set_ylim(self.height, 0)
        ax.tick_params(axis="y", pad=LABEL_GAP)
        side = moved(ax, ax.get_yaxis_transform(), LABEL_GAP)
        look: Look = {"va": "center", "fontsize": TEXT, "color": INK, "transform": side}
        for position, (middle, figure) in enumerate(zip(self.middles, shown, strict=True)):
            ax.text(1, middle, figure, gid=f"figure-{position}", **look)

    def bar(
        self,
        y: float,
        ends: FloatBounds,
        *,
        height: float,
        position: int,
        name: str,
        text: str,
        width: Width,
        color: str = BLUE,
        start: float = 0.0,
    ) -> None:
        """Draw a bar to the nearer bound, and a hatched range to the other one."""
        low, high = self.scale.clip(ends)
        near, top = min(max(start, low), high), y - height / 2
        self.keys.setdefault(name, (Patch(facecolor=color, edgecolor=color), text))
        if near != start:
            corner, size = (min(start, near), top), (abs(near - start), height)
            self.box(corner, size, f"{name}-certain-{position}", None, color)
        if low < high:
            size = (high - low, height)
            self.box((low, top), size, f"{name}-range-{position}", width, color)
        if low == high == start:
            lane = [top, top + height]
            self.plot([start] * 2, lane, f"{name}-zero-{position}", color=color, linewidth=3)
        self._arrows(y, ends, color, f"{name}-{position}")

    def line(
        self, y: float, ends: FloatBounds, position: int, name: str, text: str, **options: Any
    ) -> None:
        """Draw a line between two bounds, with a marker at each."""
        shown = [isfinite(end) and not self.scale.beyond(end) for end in ends]
        marked, single = (
            [i for i in (0, 1) if shown[i]],
            {"linestyle": ""} if ends[0] == ends[1] else {},
        )
        gid = f"{name}-{position}"
        self.plot(self.scale.clip(ends), [y, y], gid, markevery=marked, zorder=3, **options)
        self.keys.setdefault(name, (Line2D([], [], **options | single), text))
        self._arrows(y, ends, options["color"], gid)

    def join(self, y: float, ends: FloatBounds, position: int) -> None:
        """Draw a thin line from one number to another."""
        self.plot(ends, [y, y], f"join-{position}", color=GREY, linewidth=1.2, zorder=2)

    def words(self, y: float, text: str, position: int, status: Status | None = None) -> None:
        """Write the reason why nothing is drawn, next to the marker of its status."""
        if status is not None:
            self.absent((self.scale.low, y), status, str(position))
        self.ax.annotate(
            text, (self.scale.low, y), (3 if status is None else 9, 0),
            textcoords="offset points", va="center", fontsize=TEXT - 0.5, fontstyle="italic",
            color=MUTED, gid=f"words-{position}",
        )  # fmt: skip

    def _arrows(self, y: float, ends: FloatBounds, color: str, gid: str) -> None:
        for end, edge, shape in zip(ends, (self.scale.low, self.scale.high), "<>", strict=True):
            self.limit((edge, y), end, shape, color, gid)

    def finish(self, kind: str, panel: Panel, numbers: Iterable[str], **texts: Any) -> Axes:
        """Add the texts around the plot, those of ``texts`` instead of those of the panel."""
        rows = f"{kind}, {len(self.middles)} row{'s' if len(self.middles) > 1 else ''}"
        keys = self.legend()
        return panel_frame(self.ax, panel, rows, self.height, keys, numbers=numbers, **texts)
