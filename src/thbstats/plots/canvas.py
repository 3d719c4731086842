"""The axes that a plot is drawn on: those of the caller, or axes of our own that show themselves.

Own axes belong to a bare `matplotlib.figure.Figure`. pyplot would keep each figure in a list of the
process until somebody closes it, and notebooks would show it at the end of the cell, asked for or
not. A bare figure is shown by no notebook, though, so that the axes do it: as an image with its
alt text.
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

__all__ = ["DPI", "POINTS", "WIDTH", "Chart", "open_axes", "room"]

POINTS = 72
"""Points in an inch."""

DPI = 100
"""Pixels in an inch, so that a figure 4 inches wide is 400 pixels wide."""

WIDTH = 7.0
"""How wide a figure is if nobody says otherwise: what fits between the margins of a page."""

_NARROWEST, _WIDEST = 3.0, 40.0
_SHARP = 2
"""A notebook gets so many pixels for each that it shows, for screens that have them."""


class Chart(Axes):
    """Axes that a notebook shows, with their alt text for those who hear the page."""

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
    """Return the axes given, or new ones that fill a figure of this width in inches."""
    if ax is not None:
        return ax
    if not _NARROWEST <= width <= _WIDEST:
        raise InvalidValue(
            "a figure of this width cannot be read",
            field="width",
            value=width,
            mend=f"Give inches from {_NARROWEST:g} to {_WIDEST:g}, or axes of your own with ax=",
        )
    figure = Figure(figsize=(width, width), dpi=DPI, facecolor=PAPER)
    made: Any = figure.add_axes((0, 0, 1, 1), axes_class=Chart)
    return made  # type: ignore[no-any-return]


def room(ax: Axes) -> float:
    """Return how wide a plot may be with its labels, in points.

    Axes in a grid of axes have the width of their column, others their own.
    """
    figure = ax.figure
    whole = float(figure.bbox.width) / float(figure.dpi) * POINTS
    place = ax.get_subplotspec()
    if place is None:
        return whole * (1.0 if isinstance(ax, Chart) else float(ax.get_position().width))
    columns = place.get_gridspec().ncols
    return whole * len(place.colspan) / columns
