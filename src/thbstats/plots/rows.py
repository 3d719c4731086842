"""Plots of rows: a name on the left, marks in the middle, a figure in print on the right."""

from collections.abc import Sequence
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.transforms import offset_copy

from thbstats.errors import InvalidValue
from thbstats.plots.canvas import open_axes, room
from thbstats.plots.layout import PAD, Labels, Room, frame, grid_lines, plain
from thbstats.plots.marks import RowMarks
from thbstats.plots.scale import Scale
from thbstats.plots.style import INK, TEXT
from thbstats.plots.text_size import height_of, wide, wrapped

__all__ = ["RowPlot"]

_BESIDE, _BETWEEN = 7.0, 5.0
_NAMES, _FIGURES = 0.34, 0.30
"""The largest parts of the width for names and figures."""
_MOST = 120


class RowPlot:
    """Axes with a row for each number. Their vertical axis is in points.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        The axes; new ones of the given width if ``None``.
    width : float
        The width of new axes, in inches.
    names : sequence of str
        The names of rows.
    figures : sequence of str
        The figures in print. Lines after the first are left out where they do not fit.
    heights : sequence of float
        The height of the marks of each row, in points.
    """

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
                mend="Select rows, such as panel.where(period=2020)",
            )
        self.ax = open_axes(ax, width)
        whole = room(self.ax)
        self.names = [wrapped(name, whole * _NAMES, TEXT) for name in names]
        self.figures = [_fitting(figure, whole * _FIGURES) for figure in figures]
        pairs = zip(self.names, self.figures, heights, strict=True)
        self.heights = [
            max(height, *(height_of(text, TEXT) + _BETWEEN for text in texts))
            for *texts, height in pairs
        ]
        self.left = max(wide(name, TEXT) for name in self.names) + _BESIDE + PAD
        self.right = max(wide(figure, TEXT) for figure in self.figures) + _BESIDE + PAD
        self.length = whole - self.left - self.right
        ends = accumulate(self.heights)
        self.middles = [end - own / 2 for end, own in zip(ends, self.heights, strict=True)]

    def marks(self, scale: Scale) -> RowMarks:
        """Set up the axes, the first row on top, and return marks to draw with."""
        plain(self.ax)
        grid_lines(self.ax, "x")
        self.ax.set_xlim(scale.low, scale.high)
        self.ax.set_xticks(scale.ticks, scale.texts)
        self.ax.set_ylim(sum(self.heights), 0)
        self.ax.set_yticks(self.middles, self.names)
        self.ax.tick_params(axis="y", pad=_BESIDE)
        beside = offset_copy(
            self.ax.get_yaxis_transform(), fig=self.ax.figure.figure, x=_BESIDE, units="points"
        )
        for position, (middle, text) in enumerate(zip(self.middles, self.figures, strict=True)):
            made = self.ax.text(
                1, middle, text, transform=beside, va="center", fontsize=TEXT, color=INK
            )
            made.set_gid(f"figure-{position}")
        return RowMarks(self.ax, scale)

    def framed(self, labels: Labels, marks: RowMarks) -> Axes:
        """Add the texts around the plot, and return its axes."""
        space = Room(left=self.left, right=self.right, height=sum(self.heights))
        return frame(self.ax, labels, space, marks.legend())

    def kind(self, name: str) -> str:
        """Return a kind of plot with its number of rows, for the alt text."""
        return f"{name}, {len(self.names)} row{'s' if len(self.names) > 1 else ''}"


def _fitting(figure: str, width: float) -> str:
    first, *others = figure.split("\n")
    kept = [line for line in others if wide(line, TEXT) <= width]
    return "\n".join([wrapped(first, width, TEXT), *kept])
