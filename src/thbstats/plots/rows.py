"""Plots of rows, each with a name, marks and a figure."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import offset_copy

from thbstats.errors import InvalidValue
from thbstats.panel import Panel
from thbstats.plots.canvas import open_axes, plot_width
from thbstats.plots.layout import PAD, PlotMargins, frame, grid_lines, panel_labels, plain
from thbstats.plots.marks import RowDrawer
from thbstats.plots.scale import Scale
from thbstats.plots.style import INK, TEXT
from thbstats.plots.text_size import text_height, text_width, wrap_text

__all__ = ["RowPlot"]

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
    kept = [line for line in others if text_width(line, TEXT) <= width]
    return "\n".join([wrap_text(first, width, TEXT), *kept])
