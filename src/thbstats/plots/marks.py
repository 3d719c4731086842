"""How a number is drawn on a row: a point, an interval, no end, zero, hidden or not reported.

None of them is told by colour alone: what lies between two ends is hatched, hidden counts are
hatched crosswise, a missing end is an arrow, zero is a stroke, and what was not reported says so.
"""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from thbstats.plots.layout import Key
from thbstats.plots.scale import Scale
from thbstats.plots.style import BLACK, BLUE, GREY, HATCH, HIDDEN, MUTED, PALE, PAPER, TEXT
from thbstats.values import Interval

__all__ = ["Pen"]

_EDGE = 0.9
_LAST = ("between", "hidden", "bounds", "possible", "open", "cut")
"""What a legend explains after the kinds of number, in this order."""
_ARROWS = {"open": "no end is known", "cut": "ends beyond the axis"}


class Pen:
    """Draws numbers on the rows of axes, and remembers for the legend what it drew.

    Each mark has a name and the place of its row as its ``gid``, such as ``bounds-0``.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    scale : Scale
        The axis along which the numbers lie.
    """

    def __init__(self, ax: Axes, scale: Scale) -> None:
        self.ax = ax
        self.scale = scale
        self.keys: dict[str, Key] = {}

    def legend(self) -> list[Key]:
        """Return what was drawn and what it means."""
        return [self.keys[name] for name in sorted(self.keys, key=_order)]

    def bar(
        self,
        y: float,
        number: Interval,
        *,
        place: int,
        height: float,
        name: str,
        text: str,
        color: str = BLUE,
        start: float = 0.0,
        hidden: bool = False,
    ) -> None:
        """Draw a bar from a start: filled as far as it is certain, hatched between the ends."""
        low, high = self.scale.clip(number)
        near = min(max(start, low), high)
        top = y - height / 2
        look: dict[str, Any]
        self.keys.setdefault(name, (Patch(facecolor=color, edgecolor=color), text))
        if near != start:
            look = {"facecolor": color, "edgecolor": color}
            self._box(f"{name}-certain-{place}", (start, near), (top, height), look)
        if low < high:
            look = {
                "facecolor": PALE,
                "edgecolor": color,
                "hatch": HIDDEN if hidden else HATCH,
            }
            self._box(f"{name}-between-{place}", (low, high), (top, height), look)
            kind, why = ("hidden", ": hidden by the source") if hidden else ("between", "")
            self.keys.setdefault(kind, (Patch(**look), f"between its ends{why}"))
        if low == high == start:
            (stroke,) = self.ax.plot([start, start], [top, top + height], color=color, linewidth=3)
            stroke.set_gid(f"{name}-zero-{place}")
        self._arrows(y, number, color=color, name=name, place=place)

    def _box(
        self,
        gid: str,
        across: tuple[float, float],
        down: tuple[float, float],
        look: dict[str, Any],
    ) -> None:
        low, high = sorted(across)
        box = Rectangle((low, down[0]), high - low, down[1], linewidth=_EDGE, **look)
        box.set_gid(gid)
        self.ax.add_patch(box)

    def line(
        self,
        y: float,
        number: Interval,
        *,
        place: int,
        name: str,
        text: str,
        color: str = BLACK,
        dotted: bool = False,
    ) -> None:
        """Draw a line between the ends: with strokes at its ends, or dotted with rings."""
        look = _dotted(color) if dotted else _capped(color)
        self._between(y, number, place=place, name=name, text=text, look=look)

    def span(
        self,
        y: float,
        number: Interval,
        *,
        place: int,
        name: str,
        text: str,
        color: str,
        marker: str,
        hollow: bool = False,
    ) -> None:
        """Draw a marker; of an interval one at each end, and a line between them."""
        look: dict[str, Any] = {
            "color": color,
            "linewidth": 2.5,
            "marker": marker,
            "markersize": 7,
            "markeredgewidth": 1.6,
            "markerfacecolor": PAPER if hollow else color,
        }
        self._between(y, number, place=place, name=name, text=text, look=look)

    def _between(
        self, y: float, number: Interval, *, place: int, name: str, text: str, look: dict[str, Any]
    ) -> None:
        low, high = self.scale.clip(number)
        marked = [
            position
            for position, end, side in ((0, number.lower, -1), (1, number.upper, 1))
            if end is not None and not self.scale.beyond(end, side)
        ]
        (made,) = self.ax.plot([low, high], [y, y], markevery=marked, zorder=3, **look)
        made.set_gid(f"{name}-{place}")
        single = {"linestyle": ""} if number.is_point else {}
        self.keys.setdefault(name, (Line2D([], [], **look | single), text))
        self._arrows(y, number, color=look["color"], name=name, place=place)

    def join(self, y: float, ends: tuple[float, float], *, place: int) -> None:
        """Draw a thin line from one number to another."""
        (made,) = self.ax.plot(ends, [y, y], color=GREY, linewidth=1.2, zorder=2)
        made.set_gid(f"join-{place}")

    def absent(self, y: float, text: str, *, place: int) -> None:
        """Say in words why nothing is drawn."""
        made = self.ax.annotate(
            text,
            (self.scale.low, y),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=TEXT - 0.5,
            fontstyle="italic",
            color=MUTED,
        )
        made.set_gid(f"absent-{place}")

    def _arrows(self, y: float, number: Interval, *, color: str, name: str, place: int) -> None:
        """Draw an arrow where a number has no end, a hollow one where the axis ends before it."""
        sides = ((number.lower, self.scale.low, "<", -1), (number.upper, self.scale.high, ">", 1))
        for end, where, shape, side in sides:
            cut = self.scale.beyond(end, side)
            if end is not None and not cut:
                continue
            kind = "cut" if cut else "open"
            look = _arrow(shape, color, hollow=cut)
            (made,) = self.ax.plot([where], [y], clip_on=False, zorder=4, **look)
            made.set_gid(f"{name}-{kind}-{place}")
            key = Line2D([], [], linestyle="", **_arrow(">", BLACK, hollow=cut))
            self.keys.setdefault(kind, (key, _ARROWS[kind]))


def _order(name: str) -> int:
    return _LAST.index(name) if name in _LAST else -1


def _capped(color: str) -> dict[str, Any]:
    return {"color": color, "linewidth": 1.2, "marker": "|", "markersize": 6}


def _dotted(color: str) -> dict[str, Any]:
    return {
        "color": color,
        "linewidth": 1.2,
        "linestyle": (0, (1, 1.5)),
        "marker": "o",
        "markersize": 4,
        "markerfacecolor": PAPER,
    }


def _arrow(shape: str, color: str, *, hollow: bool) -> dict[str, Any]:
    return {
        "marker": shape,
        "color": color,
        "markersize": 5.5,
        "markerfacecolor": PAPER if hollow else color,
    }
