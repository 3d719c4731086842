"""What stands around a plot: title, place, legend, name of the axis, footer and alt text."""

from collections.abc import Iterable, Sequence

import numpy as np
from attrs import field, frozen
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Transform, offset_copy

from thbstats.plots.canvas import POINTS, Chart, room
from thbstats.plots.description import Description, sentences
from thbstats.plots.lettering import height_of, wide, wrapped
from thbstats.plots.style import FOOTER, INK, MUTED, RULE, TEXT, TITLE

__all__ = ["PAD", "Around", "Body", "Key", "frame", "plain", "rules"]

PAD = 8.0
"""Points of paper around a plot."""

_GAP = 6.0
_LINES = 1.29  # of matplotlib, which measures lines by the letters "lp"
_HANDLE, _HANDLE_GAP, _COLUMN_GAP = 2.2, 0.7, 1.6  # of the legend, in heights of a letter

Key = tuple[Artist, str]
"""An entry of a legend: a mark, and what it means."""


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(texts)


@frozen(kw_only=True)
class Around:
    """The texts around a plot.

    Parameters
    ----------
    kind : str
        The kind of plot, such as ``"Bar chart"``.
    title, where : str
        What it shows; of what area and period.
    axis : str
        What an axis measures: the horizontal one, or the upright one if it is ``upright``.
    footer : tuple of str
        Paragraphs: source, period, reporting countries, warnings.
    said : tuple of str
        Its numbers in words.
    upright : bool
        Whether the axis that has a name is the vertical one; the name then stands above it.
    """

    kind: str
    title: str
    where: str
    axis: str = ""
    footer: tuple[str, ...] = field(converter=_texts)
    said: tuple[str, ...] = field(converter=_texts)
    upright: bool = False

    @property
    def description(self) -> Description:
        """The alt text."""
        heading = f"{self.kind}: {self.title}, {self.where}"
        return Description(heading, sentences([heading, self.axis, *self.said, *self.footer]))


@frozen(kw_only=True)
class Body:
    """The room that a plot takes, in points.

    Parameters
    ----------
    left, right : float
        For texts beside the axes.
    height : float
        Of the axes.
    above, below : float
        For the texts of ticks.
    """

    left: float
    right: float
    height: float
    above: float = 0.0
    below: float = 16.0


def plain(ax: Axes) -> None:
    """Take away what a plot of rows does not need: frame, marks of ticks, the grid of a style."""
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.grid(visible=False)
    ax.tick_params(length=0, labelsize=TEXT, labelcolor=INK)
    ax.set_axisbelow(True)


def rules(ax: Axes, along: str = "x") -> None:
    """Draw a light line at each tick of an axis."""
    ax.grid(visible=True, axis="x" if along == "x" else "y", color=RULE, linewidth=0.7)


def frame(ax: Axes, around: Around, body: Body, keys: Sequence[Key] = ()) -> Axes:
    """Put the texts around a plot; a figure of our own gets the height that all of it needs."""
    width = room(ax)
    measure = width - 2 * PAD
    title = wrapped(around.title, measure, TITLE, bold=True)
    where = wrapped(around.where, measure, TEXT)
    beside = PAD if around.upright else body.left
    axis = wrapped(around.axis, width - beside - PAD, TEXT)
    named = height_of(axis, TEXT) + _GAP if around.upright else 0.0
    footer = "\n".join(wrapped(text, measure, FOOTER) for text in around.footer)
    columns, rows = _columns(keys, measure)

    legend = body.above + named + _GAP
    upper = legend + rows * TEXT * 1.5 + _GAP * bool(rows)
    top = upper + height_of(where, TEXT) + 4 + height_of(title, TITLE)
    lower = body.below + (0.0 if around.upright else height_of(axis, TEXT)) + _GAP
    bottom = lower + height_of(footer, FOOTER)

    if isinstance(ax, Chart):
        tall = PAD + top + body.height + bottom + PAD
        ax.figure.figure.set_size_inches(width / POINTS, tall / POINTS)
        inner = width - body.left - body.right
        foot = (bottom + PAD) / tall
        ax.set_position((body.left / width, foot, inner / width, body.height / tall))

    left = PAD - body.left
    heading = ax.set_title(
        title, loc="left", y=1.0, fontsize=TITLE, fontweight="bold", color=INK, linespacing=_LINES
    )
    heading.set_transform(_moved(ax, left, upper + height_of(where, TEXT) + 4))
    _text(ax, where, (left, upper), TEXT, below=False, name="where")
    if rows:
        _legend(ax, keys, columns, (left, legend))
    if around.upright:
        _text(ax, axis, (left, body.above + _GAP), TEXT, below=False, name="axis")
    else:
        _text(ax, axis, (0, -body.below), TEXT, below=True, name="axis")
    _text(ax, footer, (left, -lower), FOOTER, below=True, name="footer")
    ax.add_artist(around.description)
    for text in ax.findobj(Text):  # "$" is a dollar sign here
        text.set_parse_math(False)
        text.set_usetex(False)
    return ax


def _moved(ax: Axes, x: float, y: float) -> Transform:
    return offset_copy(ax.transAxes, fig=ax.figure.figure, x=x, y=y, units="points")


def _text(
    ax: Axes, text: str, moved: tuple[float, float], size: float, *, below: bool, name: str
) -> None:
    """Write a text that is so many points from the upper left corner of the axes, or the lower."""
    if not text:
        return
    made = ax.text(
        0,
        0 if below else 1,
        text,
        transform=_moved(ax, *moved),
        fontsize=size,
        color=MUTED if below else INK,
        va="top" if below else "bottom",
        linespacing=_LINES,
    )
    made.set_gid(name)


def _legend(ax: Axes, keys: Sequence[Key], columns: int, moved: tuple[float, float]) -> None:
    marks = [mark for mark, _ in keys]
    ax.legend(
        marks,
        [text for _, text in keys],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        bbox_transform=_moved(ax, *moved),
        ncols=columns,
        fontsize=TEXT,
        labelcolor=INK,
        frameon=False,
        borderpad=0,
        borderaxespad=0,
        handlelength=_HANDLE,
        handletextpad=_HANDLE_GAP,
        columnspacing=_COLUMN_GAP,
        labelspacing=0.4,
        handler_map={
            mark: HandlerLine2D(numpoints=2)
            for mark in marks
            if isinstance(mark, Line2D) and mark.get_linestyle() != "None"
        },
    )


def _columns(keys: Sequence[Key], width: float) -> tuple[int, int]:
    """Return in how many columns and rows a legend fits the width."""
    beside = (_HANDLE + _HANDLE_GAP) * TEXT
    taken = [wide(text, TEXT) + beside for _, text in keys]
    for columns in range(len(keys), 1, -1):
        parts = np.array_split(taken, columns)
        if sum(map(max, parts)) + _COLUMN_GAP * TEXT * (columns - 1) <= width:
            return columns, len(parts[0])
    return 1, len(keys)
