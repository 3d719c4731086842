"""What a plot shows, in words: for those who cannot see it, and inside the files that are saved."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase

from thbstats.errors import InvalidValue

__all__ = ["Description", "alt_text", "save", "sentences"]

_UNDATED: dict[str, dict[str, Any]] = {
    "svg": {"Date": None},
    "svgz": {"Date": None},
    "pdf": {"CreationDate": None},
}
"""No file says when it was made, so that the same figures give the same file."""

_KEYS = {
    "png": ("Title", "Description"),
    "svg": ("Title", "Description"),
    "svgz": ("Title", "Description"),
    "pdf": ("Title", "Subject"),
}


class Description(Artist):
    """A text that belongs to axes and is not drawn.

    Parameters
    ----------
    title, text : str
        What the plot shows in a few words, and in full.
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title = title
        self.text = text
        self.set_in_layout(False)

    def draw(self, renderer: RendererBase) -> None:
        """Draw nothing."""


def alt_text(ax: Axes) -> str:
    """Return what a plot of this library shows, in words.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        What one of these functions returned.

    Returns
    -------
    str
        The kind of plot, what it shows, each number with its ends, source and warnings. A text
        for ``alt`` in HTML and for the accessible description of a document.

    Raises
    ------
    InvalidValue
        If nothing of this library is drawn on the axes.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> forms = report.breakdown(by="exploitation", base="recorded")
    >>> thb.plots.alt_text(thb.plots.bars(forms))[:9]
    'Bar chart'
    """
    found = _descriptions(ax)
    if not found:
        raise InvalidValue(
            "these axes have no alt text",
            field="ax",
            value=ax.get_title(),
            mend="Give axes that a function of thbstats.plots returned",
        )
    return "\n".join(item.text for item in found)


def save(ax: Axes, path: str | Path, *, dpi: float = 200) -> None:
    """Write the figure of a plot into a file, with its title and its alt text in the metadata.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        What one of these functions returned; the whole figure is written.
    path : str or Path
        Where to; the ending says the format.
    dpi : float
        Pixels in an inch, for formats that have pixels.

    Raises
    ------
    InvalidValue
        If nothing of this library is drawn on the axes.

    Notes
    -----
    PNG and SVG keep the alt text as ``Description``, PDF as ``Subject``; other formats have no
    place for it. No date is written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import thbstats as thb
    >>> funnel = thb.funnel(thb.publications.com_2018_777().data.justice)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "funnel.svg"
    ...     thb.plots.save(thb.plots.funnel(funnel), path)
    ...     "2 927" in path.read_text("utf-8")
    True
    """
    alt_text(ax)  # says so where there is none
    figure = ax.figure.figure
    described = [item for each in figure.axes for item in _descriptions(each)]
    kind = Path(path).suffix.removeprefix(".").lower()
    metadata = dict(_UNDATED.get(kind, {}))
    if kind in _KEYS:
        heading, body = _KEYS[kind]
        metadata[heading] = "; ".join(item.title for item in described)
        metadata[body] = "\n".join(item.text for item in described)
    figure.savefig(path, dpi=dpi, metadata=metadata or None)


def _descriptions(ax: Axes) -> list[Description]:
    return [item for item in ax.get_children() if isinstance(item, Description)]


def sentences(parts: Iterable[str]) -> str:
    """Return texts as sentences."""
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)
