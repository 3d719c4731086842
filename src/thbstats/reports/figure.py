"""Pictures of reports."""

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

from attrs import field, frozen

from thbstats.display.strings import clean
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Figure", "drawn"]

_PNG = b"\x89PNG\r\n\x1a\n"


@frozen(kw_only=True)
class Figure:
    """A picture with its caption and description.

    Parameters
    ----------
    data : bytes
        The picture, SVG or PNG.
    alt : str
        The description, for readers who cannot see it and for formats without pictures.
    caption : str
        The caption below it.

    Raises
    ------
    InvalidValue
        If it is neither SVG nor PNG, or has no description.

    Examples
    --------
    >>> dot = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>'
    >>> Figure(data=dot, alt="A dot", caption="One victim").words
    'One victim. Picture: A dot.'
    """

    data: bytes = field(repr=False)
    alt: str = field(converter=clean)
    caption: str = field(default="", converter=clean)

    def __attrs_post_init__(self) -> None:
        if not self.alt:
            raise InvalidValue(
                "`alt` must describe the picture",
                field="alt",
                hint="Write one sentence on its contents",
            )
        if not self.data.startswith(_PNG) and b"<svg" not in self.data[:4096]:
            raise InvalidValue(
                "`data` must be an SVG or PNG picture",
                field="data",
                value=self.data[:20],
                hint="Pass the bytes of an SVG or PNG file",
            )

    @property
    def words(self) -> str:
        """Caption and description, for formats without pictures."""
        texts = (self.caption, f"Picture: {self.alt}")
        return " ".join(f"{text.rstrip('.')}." for text in texts if text)

    @property
    def html(self) -> str:
        """The picture with everything that it needs, on white paper in dark pages too."""
        kind = "png" if self.data.startswith(_PNG) else "svg+xml"
        source = f"data:image/{kind};base64,{b64encode(self.data).decode('ascii')}"
        caption = f'<figcaption style="{_CAPTION}">{escape(self.caption)}</figcaption>'
        return (
            '<figure class="thb-picture">'
            f'<img src="{source}" alt="{escape(self.alt)}" style="{_PICTURE}">'
            f"{caption if self.caption else ''}</figure>"
        )


_PICTURE = "display: block; max-width: 100%; height: auto; background: #fff"
_CAPTION = "margin-top: 0.5rem; color: var(--soft); font-size: 0.8125rem"


def drawn(ax: "Axes", caption: str = "") -> Figure:
    """Return a plot of this library as a picture with its alt text.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The return value of a function of `thbstats.plots`.
    caption : str
        The caption below it.

    Returns
    -------
    Figure
        As SVG; the same plot gives the same bytes.

    Raises
    ------
    InvalidValue
        If the axes have no plot of this library.

    Examples
    --------
    >>> import thbstats as thb
    >>> funnel = thb.justice.funnel(thb.publications.com_2018_777().data.justice)
    >>> drawn(thb.plots.funnel(funnel)).alt[:6]
    'Funnel'
    """
    from matplotlib import rc_context

    from thbstats.plots import alt_text, picture

    with rc_context({"svg.hashsalt": "thbstats"}):
        return Figure(data=picture(ax, "svg"), alt=alt_text(ax), caption=caption)
