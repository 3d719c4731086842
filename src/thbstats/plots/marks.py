"""Marks of numbers on a row.

Colour is never the only sign: a range has a hatch for its reason, a missing bound is an arrow,
zero is a stroke, and a row without a value has the marker and the words of its status.
"""

from math import isfinite
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from thbstats.panel import Status
from thbstats.plots.layout import Key
from thbstats.plots.scale import FloatBounds, Scale
from thbstats.plots.style import (
    BLACK,
    BLUE,
    GREY,
    MUTED,
    PALE,
    PAPER,
    STATUS_MARKS,
    TEXT,
    VERMILION,
)
from thbstats.plots.wording import Width

__all__ = ["BOUNDS", "UNKNOWN", "MarkDrawer", "RowDrawer"]

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
