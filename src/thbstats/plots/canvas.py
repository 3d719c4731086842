"""The axes of a plot: those of the caller, or new ones that notebooks show.

New axes belong to a bare `matplotlib.figure.Figure`: pyplot would keep each figure until it is
closed. Notebooks do not show a bare figure; its axes show it, as an image with its alt text.
"""

import base64
from html import escape
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from thbstats.errors import InvalidValue
from thbstats.plots.description import alt_text
from thbstats.plots.style import PAPER

__all__ = ["DPI", "POINTS", "WIDTH", "Chart", "open_axes", "plot_width"]

POINTS = 72
"""Points in an inch."""

DPI = 100
"""Pixels in an inch, so that a figure of 4 inches has 400 pixels."""

WIDTH = 7.0
"""The default width of a figure in inches: the text width of a page."""

_NARROWEST, _WIDEST = 3.0, 40.0
_SHARP = 2
"""The image pixels for each pixel in a notebook, for screens of high resolution."""


class Chart(Axes):
    """Axes that a notebook shows, with their alt text."""

    def _repr_html_(self) -> str:
        figure = self.figure.figure
        width, height = (round(inches * DPI) for inches in figure.get_size_inches())
        data = base64.b64encode(_png(self)).decode("ascii")
        return (
            f'<img src="data:image/png;base64,{data}" alt="{escape(alt_text(self))}" '
            f'width="{width}" height="{height}" style="max-width: 100%; height: auto">'
        )

    def _repr_png_(self) -> bytes:
        return _png(self)


def _png(chart: Chart) -> bytes:
    image = BytesIO()
    figure = chart.figure.figure
    figure.savefig(image, format="png", dpi=_SHARP * DPI, metadata={"Software": None})
    return image.getvalue()


def open_axes(ax: Axes | None, width: float) -> Axes:
    """Return the axes of the caller, or those of a new figure of a width in inches."""
    if ax is not None:
        return ax
    if not _NARROWEST <= width <= _WIDEST:
        raise InvalidValue(
            f"`width` must be {_NARROWEST:g} to {_WIDEST:g} inches",
            field="width",
            value=width,
            hint="Use width=7, or pass axes with ax=",
        )
    figure = Figure(figsize=(width, width), dpi=DPI, facecolor=PAPER)
    artist: Any = figure.add_axes((0, 0, 1, 1), axes_class=Chart)
    return artist  # type: ignore[no-any-return]


def plot_width(ax: Axes) -> float:
    """Return the width of a plot with its labels, in points.

    Axes in a grid have the width of their column, other axes their own.
    """
    figure = ax.figure
    whole = float(figure.bbox.width) / float(figure.dpi) * POINTS
    position = ax.get_subplotspec()
    if position is None:
        return whole * (1.0 if isinstance(ax, Chart) else float(ax.get_position().width))
    columns = position.get_gridspec().ncols
    return whole * len(position.colspan) / columns
