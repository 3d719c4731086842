"""The alt text of plots, and saved files that contain it."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase

from thbstats._files import write_file
from thbstats.display.strings import clean
from thbstats.errors import InvalidValue

__all__ = ["Description", "alt_text", "picture", "save", "sentences"]

_UNDATED: dict[str, dict[str, Any]] = {
    "svg": {"Date": None},
    "svgz": {"Date": None},
    "pdf": {"CreationDate": None},
}
"""Files contain no date, so that the same figures give the same file."""

_KEYS = {
    "png": ("Title", "Description"),
    "svg": ("Title", "Description"),
    "svgz": ("Title", "Description"),
    "pdf": ("Title", "Subject"),
}


class Description(Artist):
    """A text of axes that is not drawn."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title = clean(title)
        self.text = clean(text)
        self.set_in_layout(False)

    def draw(self, renderer: RendererBase) -> None:
        """Draw nothing."""


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
    >>> forms = report.breakdown(by="exploitation", base="known")
    >>> thb.plots.alt_text(thb.plots.bars(forms))[:9]
    'Bar chart'
    """
    is_axes = hasattr(ax, "get_children")
    found = _descriptions(ax) if is_axes else []
    if not found:
        raise InvalidValue(
            "`ax` must be axes with a plot of this library",
            field="ax",
            value=(ax.get_title() or "empty axes") if is_axes else type(ax).__name__,
            hint="Pass the axes that a function of thbstats.plots returned",
        )
    return "\n".join(item.text for item in found)


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
    """Return the content of a file with the figure of a plot, as `save` writes it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes that a function of `thbstats.plots` returned.
    kind : str
        The format, such as ``"svg"``.
    dpi : float
        Pixels per inch, for formats with pixels.
    """
    alt_text(ax)  # raises if there is none
    figure = ax.figure.figure
    described = [item for each in figure.axes for item in _descriptions(each)]
    kind = kind.lower()
    metadata = dict(_UNDATED.get(kind, {}))
    if kind in _KEYS:
        heading, body = _KEYS[kind]
        metadata[heading] = "; ".join(item.title for item in described)
        metadata[body] = "\n".join(item.text for item in described)
    content = BytesIO()
    figure.savefig(content, format=kind, dpi=dpi, metadata=metadata or None)
    return content.getvalue()


def _descriptions(ax: Axes) -> list[Description]:
    return [item for item in ax.get_children() if isinstance(item, Description)]


def sentences(parts: Iterable[str]) -> str:
    """Return texts as sentences."""
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)
