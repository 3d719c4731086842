"""Texts around a plot."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Transform, offset_copy

from thbstats.panel import Panel
from thbstats.plots.canvas import (
    FOOTER,
    INK,
    MUTED,
    POINTS,
    RULE,
    TEXT,
    TITLE,
    Chart,
    Description,
    capital,
    plot_width,
    sentences,
    text_height,
    text_width,
    wrap_text,
)
from thbstats.plots.footnotes import footer, where
from thbstats.plots.scale import axis_name
from thbstats.plots.wording import common_label

PAD = 8.0
"""The margin of a figure in points."""

_GAP = 6.0
_SPACING = 1.29  # matplotlib measures lines by the letters "lp"
_HANDLE, _HANDLE_GAP, _COLUMN_GAP = 2.2, 0.7, 1.6  # of the legend, in font sizes

Key = tuple[Artist, str]
"""An entry of a legend: a mark and its meaning."""


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(texts)


@frozen(kw_only=True)
class Labels:
    """The texts around a plot."""

    kind: str
    title: str
    where: str
    axis: str = ""
    footer: tuple[str, ...] = field(converter=_texts)
    numbers: tuple[str, ...] = field(converter=_texts)
    upright: bool = False

    @property
    def description(self) -> Description:
        """The alt text."""
        heading = f"{self.kind}: {self.title}, {self.where}"
        return Description(heading, sentences([heading, self.axis, *self.numbers, *self.footer]))


def panel_labels(panel: Panel, kind: str, numbers: Iterable[str], **more: Any) -> Labels:
    """Return the texts around a plot of a panel; an empty title becomes its caption."""
    axis = more.pop("axis", None) or axis_name(panel)
    title = more.pop("title", "") or capital(panel.caption or common_label(panel, axis))
    position, paragraphs = more.pop("where", None), more.pop("footer", None)
    return Labels(
        kind=kind,
        title=title,
        where=where(panel) if position is None else position,
        axis=axis,
        footer=footer(panel) if paragraphs is None else paragraphs,
        numbers=numbers,
        **more,
    )


@frozen(kw_only=True)
class PlotMargins:
    """The height of axes and the margins for their texts, in points."""

    height: float
    left: float = PAD
    right: float = PAD
    above: float = 0.0
    below: float = 16.0


def plain(ax: Axes) -> None:
    """Remove spines, tick marks, and the grid of a style."""
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.grid(visible=False)
    ax.tick_params(length=0, labelsize=TEXT, labelcolor=INK)
    ax.set_axisbelow(True)


def grid_lines(ax: Axes, axis: str) -> None:
    """Draw a light line at each tick of an axis."""
    ax.grid(visible=True, axis="x" if axis == "x" else "y", color=RULE, linewidth=0.7)


def frame(ax: Axes, labels: Labels, space: PlotMargins, keys: Sequence[Key] = ()) -> Axes:
    """Add the texts around a plot, and set the height of a new figure."""
    width = plot_width(ax)
    measure = width - 2 * PAD
    title = wrap_text(labels.title, measure, TITLE, bold=True)
    where = wrap_text(labels.where, measure, TEXT)
    axis = wrap_text(labels.axis, width - (PAD if labels.upright else space.left) - PAD, TEXT)
    footer = "\n".join(wrap_text(text, measure, FOOTER) for text in labels.footer)
    columns, rows = _columns(keys, measure)

    axis_height = text_height(axis, TEXT)
    legend = space.above + (axis_height + _GAP if labels.upright else 0.0) + _GAP
    upper = legend + rows * TEXT * 1.5 + _GAP * bool(rows)
    heading = upper + text_height(where, TEXT) + 4
    lower = space.below + (0.0 if labels.upright else axis_height) + _GAP
    if isinstance(ax, Chart):
        top, bottom = heading + text_height(title, TITLE) + PAD, lower + text_height(footer, FOOTER)
        tall = top + space.height + bottom + PAD
        ax.figure.figure.set_size_inches(width / POINTS, tall / POINTS)
        inner = width - space.left - space.right
        corner = (space.left / width, (bottom + PAD) / tall)
        ax.set_position((*corner, inner / width, space.height / tall))

    left = PAD - space.left
    artist = ax.set_title(
        title, loc="left", y=1.0, fontsize=TITLE, fontweight="bold", color=INK,
        linespacing=_SPACING,
    )  # fmt: skip
    artist.set_transform(_moved(ax, left, heading))
    _text(ax, where, (left, upper), TEXT, below=False, name="where")
    if rows:
        _legend(ax, keys, columns, (left, legend))
    if labels.upright:
        _text(ax, axis, (left, space.above + _GAP), TEXT, below=False, name="axis")
    else:
        _text(ax, axis, (0, -space.below), TEXT, below=True, name="axis")
    _text(ax, footer, (left, -lower), FOOTER, below=True, name="footer")
    ax.add_artist(labels.description)
    for text in ax.findobj(Text):  # "$" is a dollar sign here
        text.set_parse_math(False)
        text.set_usetex(False)
    return ax


def _moved(ax: Axes, x: float, y: float) -> Transform:
    return offset_copy(ax.transAxes, fig=ax.figure.figure, x=x, y=y, units="points")


def _text(
    ax: Axes, text: str, moved: tuple[float, float], size: float, *, below: bool, name: str
) -> None:
    """Write a text at a distance in points from a corner of the axes."""
    if text:
        artist = ax.text(
            0, 0 if below else 1, text, transform=_moved(ax, *moved), fontsize=size,
            color=MUTED if below else INK, va="top" if below else "bottom", linespacing=_SPACING,
        )  # fmt: skip
        artist.set_gid(name)


def _legend(ax: Axes, keys: Sequence[Key], columns: int, moved: tuple[float, float]) -> None:
    marks = [mark for mark, _ in keys]
    lines = [mark for mark in marks if isinstance(mark, Line2D) and mark.get_linestyle() != "None"]
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
        handler_map={mark: HandlerLine2D(numpoints=2) for mark in lines},
    )


def _columns(keys: Sequence[Key], width: float) -> tuple[int, int]:
    """Return the largest number of columns of a legend that fits, and its rows."""
    taken = [text_width(text, TEXT) + (_HANDLE + _HANDLE_GAP) * TEXT for _, text in keys]
    for columns in range(len(keys), 1, -1):
        parts = np.array_split(taken, columns)
        if sum(map(max, parts)) + _COLUMN_GAP * TEXT * (columns - 1) <= width:
            return columns, len(parts[0])
    return 1, len(keys)
