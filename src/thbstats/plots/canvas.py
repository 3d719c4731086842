"""Canvas of plots: words, colours, text sizes, axes, their scale, texts around a plot and files."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from html import escape
from io import BytesIO
from math import inf, isfinite
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen
from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Transform, offset_copy

from thbstats._files import write_file
from thbstats.columns import Fractions
from thbstats.display import count, decimal, percent
from thbstats.display.strings import clean, wrap
from thbstats.errors import require
from thbstats.geography import Area
from thbstats.languages import Language, Message, Phrase, Plural, capitalised, lowered
from thbstats.panel import Panel, Result, ResultKind
from thbstats.panel.category_names import categories_name, category_name, country_or_code
from thbstats.panel.kind import stage_nouns
from thbstats.panel.names import area_label, inhabitants_name, row_name

Pairs = Mapping[str, str]
"""Categories by dimension."""


def category_words(pairs: Pairs, within: Pairs | None = None) -> str:
    """Return categories in words, without an age that the title states."""
    own = {name: str(code) for name, code in pairs.items()}
    if own.get("sex") in ("female", "male") and "age" in (within or {}) and "age" not in own:
        # The title states that all are adults.
        name = categories_name({**own, "age": str((within or {})["age"])})
        return Phrase(name.replace(" (adult)", ""), name)
    [(name, code)] = list(own.items())[:1]
    if len(own) > 1 or name in ("sex", "age", "exploitation"):
        return categories_name(own)
    if name == "area":
        return area_label(Area.parse(code))
    # A row of one country of citizenship has the name of the country, like a row of one area.
    is_country = country_or_code(code) != code
    if is_country:
        return country_or_code(code)
    above, slash, below = code.partition(" / ")
    if slash:
        own = {"counted": stage_nouns(above)[0], "unit": stage_nouns(below)[1]}
        return capitalised(Message("{counted} per {unit}", **own))
    return category_name(name, code)


def countries_words(number: int) -> str:
    """Return a number of countries."""
    return Plural("{n} country", "{n} countries", number, n=number)


def title_words(panel: Panel, axis: str = "") -> str:
    """Return the title of a plot: the caption, or the label if there is none.

    The caption of the first of several kinds of count is not the title.
    """
    kinds = [panel.numerator_kind.categories[code].label for code in panel.numerator_kind.present]
    caption, first = lowered(panel.caption), panel.numerator_kind[0].label
    names_one = first in caption and any(own not in caption for own in kinds)
    if panel.caption not in ("", "numbers") and not names_one:
        return capitalised(panel.caption)
    label = panel.label[0] if panel.label.is_constant else "total"
    return capitalised(axis if label == "total" else row_name(panel.row(0)))


def counted_words(result: Result) -> str:
    """Return the denominator of a share, or the counts of another number."""
    is_share = result.kind is ResultKind.SHARE
    return capitalised(result.base.label if is_share else result.numerator_kind.label)


def unit_words(panel: Panel) -> str:
    """Return the name of the denominator of ratios, to state how small it is."""
    labels = {panel.base.categories[code].label for code in panel.base.present}
    if len(labels) > 1 or panel.kind[0] is ResultKind.RELATIVE_CHANGE:
        return Message("persons or cases in the denominator")
    return labels.pop()


Look = dict[str, Any]
"""The options of a mark or a text of matplotlib."""

BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
BLACK, GREY, PAPER = "#000000", "#767676", "#FFFFFF"
INK, MUTED = "#1A1A1A", "#595959"
RULE = "#D9D9D9"
"""Grid lines."""
PALE = "#E8F1F8"
"""The colour under a hatch."""

SERIES = (BLUE, VERMILION, GREEN, BLACK, PURPLE, GREY)
MARKERS = ("o", "s", "^", "D", "v", "P")
"""The colours and markers of several series, in order; the markers of dates of publication."""

TITLE, TEXT, FOOTER = 10.5, 8.5, 7.5
"""Font sizes in points."""
_LEADING = 1.25
"""The distance of two lines, in font sizes."""
_MEASURED = 10.0
"""The font size at which texts are measured."""
_HINTING = 1.06
"""Screens set letters on pixels: a line is up to this factor wider."""

POINTS, DPI = 72, 100
"""Points and pixels in an inch: a figure of 4 inches has 400 pixels."""
WIDTH = 7.0
"""The default width of a figure in inches: the text width of a page."""
_NARROWEST, _WIDEST = 3.0, 40.0
_SHARP = 2
"""The image pixels for each pixel in a notebook, for screens of high resolution."""

_DESCRIBED = {"png": "Description", "svg": "Description", "svgz": "Description", "pdf": "Subject"}
_DATES = {"svg": "Date", "svgz": "Date", "pdf": "CreationDate"}
"""Metadata by format. Without a date, the same figures give the same file."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of the longest line of a text, in points."""
    face = str(findfont(FontProperties(weight="bold" if bold else "normal")))
    return max(_line_width(line, face) for line in text.split("\n")) * size * _HINTING


@lru_cache(maxsize=10_000)
def _line_width(line: str, face: str) -> float:
    font = FontProperties(fname=face, size=_MEASURED)
    width = text_to_path.get_text_width_height_descent(line, font, False)[0] if line else 0.0
    return float(width) / _MEASURED


def text_height(text: str) -> float:
    """Return the height of a text in points; 0 for an empty text."""
    return (text.count("\n") + 1) * TEXT * _LEADING if text else 0.0


def wrap_text(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text in lines of a maximum width in points, broken between words if possible."""
    measure = partial(text_width, size=size, bold=bold)
    lines = [line for own in text.split("\n") for line in wrap(clean(own), width, measure)]
    return "\n".join(lines)


class Description(Artist):
    """A text of axes that is not drawn."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title: str = clean(title)
        self.text: str = clean(text)
        self.set_in_layout(False)

    def draw(self, renderer: RendererBase) -> None:
        """Draw nothing."""


def _descriptions(ax: Axes) -> list[Description]:
    children = ax.get_children() if hasattr(ax, "get_children") else []
    return [item for item in children if isinstance(item, Description)]


def alt_text(ax: Axes) -> str:
    """Return the description of a plot in words.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes that a function of `thbstats.plots` returned.

    Returns
    -------
    str
        The kind of plot, its title, each number with its bounds, source and warnings: the ``alt``
        text in HTML, and the accessible description in a document.

    Raises
    ------
    InvalidValue
        If the axes contain no plot of this library.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> forms = report.breakdown(of="exploitation", base="known")
    >>> thb.plots.alt_text(thb.plots.bars(forms))[:9]
    'Bar chart'
    """
    result = _descriptions(ax)
    empty = hasattr(ax, "get_title") and (ax.get_title() or "empty axes")
    hint = "Pass the axes that a function of thbstats.plots returned"
    problem = "`ax` must be axes with a plot of this library"
    require(result, problem, hint, ax=empty or type(ax).__name__)
    return "\n".join(item.text for item in result)


def save(ax: Axes, path: str | Path, *, dpi: float = 200) -> None:
    """Write the figure of a plot to a file, with title and alt text in its metadata.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes that a function of `thbstats.plots` returned; the whole figure is written.
    path : str or Path
        The file, which is replaced if it exists; its extension decides the format.
    dpi : float
        Pixels per inch, for formats with pixels.

    Raises
    ------
    InvalidValue
        If the axes contain no plot of this library.

    Notes
    -----
    PNG and SVG contain the alt text as ``Description``, PDF as ``Subject``; other formats cannot
    contain it. No date is written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import thbstats as thb
    >>> funnel = thb.justice.funnel(thb.publications.com_2018_777().data.justice)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "funnel.svg"
    ...     thb.plots.save(thb.plots.funnel(funnel), path)
    ...     "2,927" in path.read_text("utf-8")
    True
    """
    file = Path(path)
    if not file.suffix:
        file = file.with_name(f"{file.name}.{rcParams['savefig.format']}")
    write_file(file, picture(ax, file.suffix.removeprefix("."), dpi=dpi))


def picture(ax: Axes, kind: str, *, dpi: float = 200) -> bytes:
    """Return the content of a file with the figure of a plot, as `save` writes it."""
    alt_text(ax)  # raises if there is none
    figure, kind = ax.figure.figure, kind.lower()
    described = [item for element in figure.axes for item in _descriptions(element)]
    metadata: dict[str, Any] = {_DATES[kind]: None} if kind in _DATES else {}
    if kind in _DESCRIBED:
        metadata["Title"] = "; ".join(item.title for item in described)
        metadata[_DESCRIBED[kind]] = "\n".join(item.text for item in described)
    content = BytesIO()
    figure.savefig(content, format=kind, dpi=dpi, metadata=metadata or None)
    return content.getvalue()


class Chart(Axes):
    """Axes that a notebook shows, with their alt text."""

    def _repr_html_(self) -> str:
        width, height = (round(inches * DPI) for inches in self.figure.figure.get_size_inches())
        data = base64.b64encode(self._repr_png_()).decode("ascii")
        return (
            f'<img src="data:image/png;base64,{data}" alt="{escape(alt_text(self))}" '
            f'width="{width}" height="{height}" style="max-width: 100%; height: auto">'
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Return HTML and the alt text; a notebook adds the picture of `_repr_png_`."""
        return {"text/html": self._repr_html_(), "text/plain": alt_text(self)}

    def _repr_png_(self) -> bytes:
        image = BytesIO()
        figure = self.figure.figure
        figure.savefig(image, format="png", dpi=_SHARP * DPI, metadata={"Software": None})
        return image.getvalue()


def open_axes(ax: Axes | None, width: float) -> Axes:
    """Return the axes of the caller, or the axes of a new figure with a width in inches."""
    if ax is not None:
        return ax
    problem = f"`width` must be {_NARROWEST:g} to {_WIDEST:g} inches"
    hint = "Use width=7, or pass axes with ax="
    require(_NARROWEST <= width <= _WIDEST, problem, hint, width=width)
    figure = Figure(figsize=(width, width), dpi=DPI, facecolor=PAPER)
    chart: Axes = figure.add_axes((0, 0, 1, 1), axes_class=Chart)
    return chart


def plot_width(ax: Axes) -> float:
    """Return the width of a plot with its labels, in points.

    Axes in a grid have the width of their column, other axes their own.
    """
    whole = float(ax.figure.bbox.width) / float(ax.figure.dpi) * POINTS
    position = ax.get_subplotspec()
    if position is None:
        return whole * (1.0 if isinstance(ax, Chart) else float(ax.get_position().width))
    return whole * len(position.colspan) / position.get_gridspec().ncols


FloatBounds = tuple[float, float]
"""A number as its lower and upper bound; infinite where it has none."""

PERCENT = (ResultKind.SHARE, ResultKind.RELATIVE_CHANGE, ResultKind.DIFFERENCE)
_INTEGERS = (ResultKind.COUNT, ResultKind.CHANGE)
_APART = 7.0
"""The points between the texts of ticks."""
_MARGIN, _TICKS = 0.06, 10
_STRETCH = 0.35
"""Optional numbers make an axis longer by at most this factor; an arrow shows larger ones."""
_MORE = 0.12
"""The extra length of an axis, as a factor, where something continues beyond it."""

_RATE = partial(Message, "{counted} per {scale} {inhabitants} and year")
_AXES = {
    ResultKind.SHARE: partial(Message, "Share of {base}"),
    ResultKind.RATIO: partial(Message, "{counted} divided by {base}"),
    ResultKind.PER_100: partial(Message, "{counted} per 100 {base}"),
    ResultKind.PER_100_000: _RATE,
    ResultKind.PER_MILLION: _RATE,
    ResultKind.PER_YEAR: partial(Message, "{counted} per year"),
    ResultKind.DIFFERENCE: partial(Message, "Change in percentage points, {base}"),
    ResultKind.RELATIVE_CHANGE: partial(Message, "Change in per cent of {base}"),
    ResultKind.CHANGE: partial(Message, "Change, {plain}"),
}
"""The name of an axis by kind of number; the label of the number for other kinds."""


@frozen(kw_only=True)
class Scale:
    """The limits of an axis and its kind of number."""

    kind: ResultKind
    low: float
    high: float
    language: Language = field(factory=lambda: Language.of("en"))

    def clip(self, ends: FloatBounds) -> FloatBounds:
        """Return both bounds of a number, cut at the limits of the axis."""
        lower, upper = (min(max(end, self.low), self.high) for end in ends)
        return lower, upper

    def beyond(self, end: float) -> bool:
        """Whether a finite bound is outside the axis."""
        return isfinite(end) and not self.low <= end <= self.high

    def ticks(self, room: float, *, upright: bool = False) -> dict[float, str]:
        """Return as many ticks as fit side by side in some points, with their texts."""
        texts: dict[float, str] = {}
        integer = self.kind in _INTEGERS
        for most in range(_TICKS, 0, -1):
            locator = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=integer)
            positions = np.round(locator.tick_values(self.low, self.high), 12)
            positions = np.unique(np.rint(positions) if integer else positions)
            step = float(np.diff(positions).min()) if len(positions) > 1 else self.high - self.low
            inside = positions[(positions >= self.low) & (positions <= self.high)].tolist()
            texts = {position: self._text(position, step) for position in inside}
            sizes = [0.8 * TEXT if upright else text_width(text, TEXT) for text in texts.values()]
            if max(sizes, default=0.0) + _APART <= room * step / (self.high - self.low):
                break
        return texts

    def _text(self, position: float, step: float) -> str:
        exact = Fraction(position).limit_denominator(10**9)
        if self.kind in _INTEGERS:
            return self.language.text(count(exact))
        step = step * 100 if self.kind in PERCENT else step
        decimals = next((n for n in range(6) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 6)
        form = percent if self.kind in PERCENT else decimal
        return self.language.text(form(exact, decimals))


def float_bounds(column: Fractions) -> list[FloatBounds | None]:
    """Return the numbers of a column as floats; ``None`` for a row without a number."""
    pairs = zip(column.lower.tolist(), column.upper.tolist(), strict=True)
    return [None if end[0] != end[0] else end for end in pairs]


def scale_of(
    kind: ResultKind, needed: Sequence[float], optional: Sequence[float] = (), *, zero: bool = True
) -> Scale:
    """Return the axis of some numbers of one kind."""
    start = [0.0] if zero else []
    every = [*needed, *optional]
    all_finite = [end for end in every if isfinite(end)] + start or [0.0]
    known = [end for end in needed if isfinite(end)]
    known = known + start if known else all_finite
    low, high = min(known), max(known)
    span = (high - low) or abs(high) or 1.0
    stretch = 1.0 if kind is ResultKind.SHARE else span * _STRETCH  # a share is at most 1
    least, most = min(all_finite), max(all_finite)
    low = least if least >= low - stretch else low
    high = most if most <= high + stretch else high
    if high < most or inf in every:
        high += (high - low or span) * _MORE
    if low > least or -inf in every:
        low -= (high - low or span) * _MORE
    if low == high:
        low, high = (low, low + span) if zero else (low - span / 2, high + span / 2)
    margin = (high - low) * _MARGIN
    low -= margin if low < 0 or not zero else 0.0
    high += margin if high > 0 or not zero else 0.0
    if kind is ResultKind.SHARE:
        low, high = max(low, 0.0), min(high, 1.0)
    return Scale(kind=kind, low=low, high=high)


def common_kind(panel: Panel) -> ResultKind:
    """Return the common kind of some numbers."""
    kinds = [panel.kind.categories[code] for code in panel.kind.present]
    hint = "Draw each kind on its own axes"
    require(len(kinds) == 1, "`numbers` must be of one kind", hint, kind=", ".join(kinds))
    return kinds[0]


def axis_name(panel: Panel) -> str:
    """Return the name of an axis with these numbers."""
    columns = ["kind", "numerator_kind", "base", "label"]
    columns += ["area", "inhabitants"] if any(panel.inhabitants.categories) else []
    _, first = panel.group_rows(columns)
    names = set[str]()
    for number in map(panel.row, first.tolist()):
        plain = number.numerator_kind.label
        counted = capitalised(plain)
        if number.kind in _AXES:
            names.add(
                _AXES[number.kind](
                    base=number.base.label, plain=plain, counted=counted,
                    scale=count(number.kind.scale), inhabitants=inhabitants_name(number),
                )
            )  # fmt: skip
        else:
            names.add(counted if number.kind is ResultKind.COUNT else capitalised(number.label))
    if len(names) == 1:
        return names.pop()
    if all(kind is ResultKind.COUNT for kind in panel.kind):
        return Message("Counts of several kinds")
    kind = panel.kind[0].replace("_", " ")
    return Message("{kind} (denominators differ)", kind=capitalised(kind))


PAD = 8.0
"""The margin of a figure in points."""
LABEL_GAP = 7.0
"""The distance of a label from its axes, in points."""
_GAP = 6.0
_SPACING = 1.29  # matplotlib measures lines by the letters "lp"

Key = tuple[Artist, str]
"""An entry of a legend: a mark and its meaning."""


def plain(ax: Axes, grid: str = "") -> None:
    """Remove spines, tick marks and the grid of a style; draw light lines at ticks of an axis."""
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
