"""Rows: a name on the left, marks in the middle, a figure in print on the right."""

from collections.abc import Sequence
from itertools import accumulate

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.transforms import offset_copy

from thbstats.plots.canvas import room
from thbstats.plots.layout import PAD, Body, plain, rules
from thbstats.plots.lettering import height_of, wide, wrapped
from thbstats.plots.scale import Scale
from thbstats.plots.style import INK, TEXT

__all__ = ["Rows", "rows_of", "rows_said"]

_BESIDE = 7.0
_BETWEEN = 5.0
_NAMES, _FIGURES = 0.34, 0.30
"""The parts of the width that names and figures may take."""


@frozen(kw_only=True)
class Rows:
    """Rows that have their room and are not yet drawn on. The vertical axis is in points.

    Parameters
    ----------
    names, figures : tuple of str
        On the left and on the right, in lines.
    left, right : float
        The room that they take.
    length : float
        Of the axis between them.
    heights : tuple of float
        Of the rows.
    """

    names: tuple[str, ...]
    figures: tuple[str, ...]
    left: float
    right: float
    length: float
    heights: tuple[float, ...]

    @property
    def middles(self) -> tuple[float, ...]:
        """Where the middle of each row is, from the top."""
        ends = accumulate(self.heights)
        return tuple(end - height / 2 for end, height in zip(ends, self.heights, strict=True))

    def set_up(self, ax: Axes, scale: Scale) -> Body:
        """Give axes these rows, the first on top, and a scale."""
        plain(ax)
        rules(ax)
        ax.set_xlim(scale.low, scale.high)
        ax.set_xticks(scale.ticks, scale.texts)
        ax.set_ylim(sum(self.heights), 0)
        ax.set_yticks(self.middles, self.names)
        ax.tick_params(axis="y", pad=_BESIDE)
        beside = offset_copy(
            ax.get_yaxis_transform(), fig=ax.figure.figure, x=_BESIDE, y=0, units="points"
        )
        for place, (middle, text) in enumerate(zip(self.middles, self.figures, strict=True)):
            made = ax.text(1, middle, text, transform=beside, va="center", fontsize=TEXT, color=INK)
            made.set_gid(f"figure-{place}")
        return Body(left=self.left, right=self.right, height=sum(self.heights))


def rows_of(
    ax: Axes, names: Sequence[str], figures: Sequence[str], heights: Sequence[float]
) -> Rows:
    """Return rows with names and figures in lines that leave room for the marks.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where they will be.
    names : sequence of str
        Of the rows.
    figures : sequence of str
        In print. Lines after the first are left out where they do not fit.
    heights : sequence of float
        What the marks of each row need, in points.
    """
    whole = room(ax)
    told = [wrapped(name, whole * _NAMES, TEXT) for name in names]
    printed = [_fitting(figure, whole * _FIGURES) for figure in figures]
    left = max(wide(name, TEXT) for name in told) + _BESIDE + PAD
    right = max(wide(figure, TEXT) for figure in printed) + _BESIDE + PAD
    pairs = zip(told, printed, strict=True)
    texts = [max(height_of(text, TEXT) for text in pair) for pair in pairs]
    return Rows(
        names=tuple(told),
        figures=tuple(printed),
        left=left,
        right=right,
        length=whole - left - right,
        heights=tuple(
            max(height, text + _BETWEEN) for height, text in zip(heights, texts, strict=True)
        ),
    )


def _fitting(figure: str, width: float) -> str:
    first, *others = figure.split("\n")
    kept = [line for line in others if wide(line, TEXT) <= width]
    return "\n".join([wrapped(first, width, TEXT), *kept])


def rows_said(number: int) -> str:
    """Return how many rows there are, in words for the alt text."""
    return f"{number} row" if number == 1 else f"{number} rows"
