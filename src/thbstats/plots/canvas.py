"""Colours, text sizes, axes, alt text and files of plots."""

import base64
from functools import lru_cache, partial
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.textpath import text_to_path

from thbstats._files import write_file
from thbstats.display.strings import clean, wrap
from thbstats.errors import require

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
    """Return the axes of the caller, or those of a new figure of a width in inches."""
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
