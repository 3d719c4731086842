"""How numbers through time are drawn: blocks as wide as their periods, lines, breaks, gaps."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from thbstats.plots.layout import Key
from thbstats.plots.moments import Moment, Step
from thbstats.plots.scale import Scale
from thbstats.plots.style import BLACK, HATCH, HIDDEN, INK, MUTED, PALE, PAPER
from thbstats.plots.wording import is_hidden, more
from thbstats.results import Verdict
from thbstats.values import Interval

__all__ = ["MARKERS", "Look", "Strokes"]

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""One for each date of publication, or each series; they begin again where there are more."""

_LINES: dict[Verdict, tuple[Any, str]] = {
    Verdict.COMPARABLE: ("-", "comparable"),
    Verdict.WITH_CAUTION: ((0, (3, 2)), "comparable with caution"),
}
_APART = 0.1
"""The part of a period that is left free at either side of a block."""
_EDGE = 0.9
_STUB = 0.07
"""How long an arrow is, as a part of the axis."""
_ORDER = (
    "series",
    "vintage",
    "line",
    "between",
    "hidden",
    "bounds",
    "open",
    "cut",
    "break",
    "absent",
)


@frozen
class Look:
    """What tells a series from others: its name, its colour and its marker."""

    name: str
    color: str
    marker: str


class Strokes:
    """Draws numbers through time, and remembers for the legend what it drew.

    Each mark has a name, the series and its place in it as its ``gid``, such as ``point-0-3``.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    scale : Scale
        The vertical axis.
    vintages : dict of str to str
        The marker of each date of publication; empty where there is one only, so that markers
        tell series apart.
    alone : bool
        Whether there is one series: a break of it goes from top to bottom. One of several goes no
        further than its own figures.
    """

    def __init__(
        self, ax: Axes, scale: Scale, vintages: dict[str, str], *, alone: bool = True
    ) -> None:
        self.ax = ax
        self.scale = scale
        self.vintages = vintages
        self.alone = alone
        self.keys: dict[str, Key] = {}
        self.breaks: set[tuple[str, float]] = set()

    def legend(self) -> list[Key]:
        """Return what was drawn and what it means."""
        return [self.keys[name] for name in sorted(self.keys, key=_order)]

    def moment(self, moment: Moment, line: Look, name: str) -> None:
        """Draw a number: a marker on a stroke as wide as its period, or a hatched block."""
        number, color = moment.number, line.color
        if number.reported is None:
            self._absent(moment, name)
            return
        low, high = self.scale.clip(number.reported)
        if low < high:
            self._block(moment, (low, high), color, name)
        else:
            for start, end in _within(moment):
                self._plot([start, end], [low, low], f"period-{name}", color=color)
        for day in moment.breaks:
            if moment.start < day < moment.end:
                self._break(day, [low, high], line, name)
        self._open(moment.x, number.reported, color, f"reported-{name}")
        self._whiskers(moment, low, high, name)
        marker = self.vintages.get(moment.vintage, line.marker)
        point: dict[str, Any] = {"marker": marker, "markersize": 6, "linestyle": ""}
        ends = sorted({low, high})
        self._plot([moment.x] * len(ends), ends, f"point-{name}", color=color, zorder=4, **point)
        if self.vintages:
            key = Line2D([], [], color=BLACK, **point)
            told = moment.vintage or "on a day not stated"
            self.keys.setdefault(f"vintage {moment.vintage}", (key, f"published {told}"))
        elif line.name:
            key = Line2D([], [], color=color, **point)
            self.keys.setdefault(f"series {line.name}", (key, line.name))

    def _block(self, moment: Moment, ends: tuple[float, float], color: str, name: str) -> None:
        hidden = is_hidden(moment.number)
        hatch = HIDDEN if hidden else HATCH
        look: dict[str, Any] = {"facecolor": PALE, "edgecolor": color, "hatch": hatch}
        for start, end in _within(moment):
            block = Rectangle((start, ends[0]), end - start, ends[1] - ends[0], **look)
            block.set_linewidth(_EDGE)
            block.set_gid(f"between-{name}")
            self.ax.add_patch(block)
        kind, why = ("hidden", ": hidden by the source") if hidden else ("between", "")
        self.keys.setdefault(kind, (Patch(**look), f"between its ends{why}"))

    def _open(self, x: float, number: Interval, color: str, name: str) -> None:
        """Draw an arrow at an edge of the axis: filled where no end is known, else hollow."""
        edges = ((number.lower, self.scale.low, "v", -1), (number.upper, self.scale.high, "^", 1))
        for end, edge, shape, side in edges:
            cut = self.scale.beyond(end, side)
            if end is None or cut:
                self._arrow((x, edge), shape, color, name, hollow=cut)

    def _arrow(
        self, where: tuple[float, float], shape: str, color: str, name: str, *, hollow: bool = False
    ) -> None:
        face = PAPER if hollow else color
        look: dict[str, Any] = {"marker": shape, "color": color, "markerfacecolor": face}
        kind, text = ("cut", "ends beyond the axis") if hollow else ("open", "no end is known")
        x, y = where
        self._plot([x], [y], f"{kind}-{name}", markersize=4.5, clip_on=False, zorder=5, **look)
        key = Line2D([], [], linestyle="", markersize=4.5, **look | {"marker": "^"})
        self.keys.setdefault(kind, (key, text))

    def _whiskers(self, moment: Moment, low: float, high: float, name: str) -> None:
        """Draw how far the whole area could go: a thin line, an arrow where no end is known."""
        found = dict(more(moment.number)).get("bounds")
        if found is None:
            return
        key = Line2D([], [], color=MUTED, linewidth=0.9, marker="|", markersize=6)
        self.keys.setdefault("bounds", (key, "bounds: the whole area"))
        stub = _STUB * (self.scale.high - self.scale.low)
        least, most = self.scale.clip(found)
        sides = (
            (low, least, found.lower, low - stub, "v", -1),
            (high, most, found.upper, high + stub, "^", 1),
        )
        for start, end, known, open_end, shape, side in sides:
            where = open_end if known is None else end
            self._plot(
                [moment.x, moment.x],
                [start, where],
                f"bounds-{name}",
                color=MUTED,
                linewidth=0.9,
                clip_on=False,
                zorder=1.5,
            )
            cut = self.scale.beyond(known, side)
            if known is None or cut:
                self._arrow((moment.x, where), shape, MUTED, f"bounds-{name}", hollow=cut)
            else:
                self._plot([moment.x], [where], f"cap-{name}", color=MUTED, marker="_")

    def step(self, step: Step, line: Look, name: str) -> None:
        """Join two numbers where they may be compared, end with end, and mark a break."""
        if step.is_break:
            ends = [*self._ends(step.first), *self._ends(step.second)]
            self._break(step.where, ends, line, name)
        verdict = step.joined
        if verdict is None:
            return
        look, text = _LINES[verdict]
        places = [step.first.x, step.second.x]
        pairs = zip(self._ends(step.first), self._ends(step.second), strict=True)
        for heights in dict.fromkeys(pairs):
            self._plot(
                places, heights, f"line-{name}", color=line.color, linestyle=look, linewidth=1.4
            )
        key = Line2D([], [], color=INK, linestyle=look, linewidth=1.4)
        self.keys.setdefault(f"line {verdict}", (key, text))

    def _break(self, where: float, ends: Sequence[float], line: Look, name: str) -> None:
        if (line.name, where) in self.breaks:
            return
        self.breaks.add((line.name, where))
        beyond = _STUB * (self.scale.high - self.scale.low)
        reach = [min(ends) - beyond, max(ends) + beyond]
        if self.alone:
            reach = [self.scale.low, self.scale.high]
        look: dict[str, Any] = {"linewidth": 1.4, "linestyle": (0, (1, 1))}
        color = BLACK if self.alone else line.color
        self._plot([where, where], reach, f"break-{name}", color=color, zorder=2, **look)
        key = Line2D([], [], color=BLACK, **look)
        self.keys.setdefault("break", (key, "break: counted differently from here on"))

    def _absent(self, moment: Moment, name: str) -> None:
        look: dict[str, Any] = {"marker": "x", "color": MUTED, "markersize": 6, "linestyle": ""}
        self._plot([moment.x], [self.scale.low], f"absent-{name}", **look, clip_on=False)
        self.keys.setdefault("absent", (Line2D([], [], **look), "not reported"))

    def _ends(self, moment: Moment) -> tuple[float, float]:
        return self.scale.clip(moment.number.stated)

    def _plot(self, x: Sequence[float], y: Sequence[float], gid: str, **look: Any) -> None:
        (made,) = self.ax.plot(x, y, **look)
        made.set_gid(gid)


def _within(moment: Moment) -> list[tuple[float, float]]:
    """Return from where to where a number is drawn; a break within its period stays free."""
    free = (moment.end - moment.start) * _APART
    return [
        (start + min(free, (end - start) / 4), end - min(free, (end - start) / 4))
        for start, end in moment.pieces
    ]


def _order(name: str) -> tuple[int, str]:
    return _ORDER.index(name.split(" ", maxsplit=1)[0]), name
