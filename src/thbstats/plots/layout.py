"""Texts and legend around a plot."""

from collections.abc import Iterable, Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Transform, offset_copy

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
    Look,
    plot_width,
    wrap_text,
)

PAD = 8.0
"""The margin of a figure in points."""
LABEL_GAP = 7.0
"""The distance of a label from its axes, in points."""
_GAP = 6.0
_SPACING = 1.29  # matplotlib measures lines by the letters "lp"

Key = tuple[Artist, str]
"""An entry of a legend: a mark and its meaning."""


def plain(ax: Axes, grid: str = "") -> None:
    """Remove spines, tick marks, and the grid of a style; draw light lines at ticks of an axis."""
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.grid(visible=False)
    if grid:
        ax.grid(visible=True, axis="x" if grid == "x" else "y", color=RULE, linewidth=0.7)
    ax.tick_params(length=0, pad=LABEL_GAP / 2, labelsize=TEXT, labelcolor=INK)
    ax.set_axisbelow(True)


def moved(ax: Axes, transform: Transform, x: float, y: float = 0.0) -> Transform:
    """Return a transform with an offset in points."""
    return offset_copy(transform, fig=ax.figure.figure, x=x, y=y, units="points")


def frame(
    ax: Axes,
    kind: str,
    height: float,
    keys: Sequence[Key],
    *,
    title: str,
    subtitle: str,
    numbers: Iterable[str],
    lines: Iterable[str],
    further: Iterable[str] = (),
    axis: str = "",
    upright: bool = False,
    length: float | None = None,
) -> Axes:
    """Add the texts around a plot, and give a new figure the height that it needs.

    Matplotlib measures labels, legend and texts. ``height`` and ``length`` are those of the axes.
    """
    whole, figure = plot_width(ax), ax.figure.figure
    if isinstance(ax, Chart):
        figure.set_size_inches(whole / POINTS, height / POINTS)
    _write_literally(ax)
    scale = POINTS / figure.dpi
    own, labels = ax.bbox, ax.get_tightbbox() or ax.bbox
    left = (own.x0 - labels.x0) * scale + PAD
    right = (labels.x1 - own.x1) * scale + PAD if length is None else whole - left - length
    top, bottom = (labels.y1 - own.y1) * scale + _GAP, (own.y0 - labels.y0) * scale + _GAP / 2

    x, measure, footnotes = PAD - left, whole - 2 * PAD, list(lines)
    if upright or not axis:
        bottom += _GAP
        top += _text(ax, wrap_text(axis, measure, TEXT), (x, top), TEXT, "axis", gap=_GAP)
    else:
        line = wrap_text(axis, whole - left - PAD, TEXT)
        bottom += _text(ax, line, (0, -bottom), TEXT, "axis", gap=_GAP, color=MUTED, va="top")
    if keys:
        top += _legend(ax, keys, (x, top), measure) * scale + _GAP
    top += _text(ax, wrap_text(subtitle, measure, TEXT), (x, top), TEXT, "where", gap=4.0)
    heading = ax.set_title(
        wrap_text(title, measure, TITLE, bold=True), loc="left", y=1.0, fontsize=TITLE,
        fontweight="bold", color=INK, linespacing=_SPACING, parse_math=False, usetex=False,
        transform=moved(ax, ax.transAxes, x, top),
    )  # fmt: skip
    top += heading.get_window_extent().height * scale + PAD
    text = "\n".join(wrap_text(line, measure, FOOTER) for line in footnotes)
    bottom += _text(ax, text, (x, -bottom), FOOTER, "footer", gap=PAD, color=MUTED, va="top")
    summary = f"{kind}: {title}, {subtitle}"
    parts = filter(None, (summary, axis, *numbers, *footnotes, *further))
    sentences = [f"{part.rstrip('.')}." for part in parts]
    ax.add_artist(Description(summary, " ".join(sentences)))

    if isinstance(ax, Chart):
        tall = top + height + bottom
        figure.set_size_inches(whole / POINTS, tall / POINTS)
        inner = whole - left - right
        ax.set_position((left / whole, bottom / tall, inner / whole, height / tall))
    return ax


def _write_literally(artist: Artist) -> None:
    """Write "$" as a dollar sign."""
    for text in artist.findobj(Text):
        text.set_parse_math(False)
        text.set_usetex(False)


def _text(
    ax: Axes, text: str, corner: tuple[float, float], size: float, name: str, *, gap: float,
    color: str = INK, va: str = "bottom",
) -> float:  # fmt: skip
    """Write a text at a distance in points from a corner of the axes; return its height."""
    if not text:
        return 0.0
    artist = ax.text(
        0, 0 if va == "top" else 1, text, transform=moved(ax, ax.transAxes, *corner), fontsize=size,
        color=color, va=va, linespacing=_SPACING, parse_math=False, usetex=False, gid=name,
    )  # fmt: skip
    return float(artist.get_window_extent().height) / float(ax.figure.dpi) * POINTS + gap


def _legend(ax: Axes, keys: Sequence[Key], corner: tuple[float, float], width: float) -> float:
    """Draw a legend in as many columns as fit; return its height in pixels."""
    lines = [mark for mark, _ in keys if isinstance(mark, Line2D)]
    ends = {own: HandlerLine2D(numpoints=2) for own in lines if own.get_linestyle() != "None"}
    look: Look = {
        "loc": "lower left", "bbox_to_anchor": (0, 1), "fontsize": TEXT, "labelcolor": INK,
        "bbox_transform": moved(ax, ax.transAxes, *corner), "frameon": False, "borderpad": 0,
        "borderaxespad": 0, "handlelength": 2.2, "handletextpad": 0.7, "columnspacing": 1.6,
        "labelspacing": 0.4, "handler_map": ends,
    }  # fmt: skip
    for columns in range(len(keys), 0, -1):
        legend = ax.legend(*zip(*keys, strict=True), ncols=columns, **look)
        _write_literally(legend)
        box = legend.get_window_extent()
        if box.width / ax.figure.dpi * POINTS <= width:
            break
    return float(box.height)
