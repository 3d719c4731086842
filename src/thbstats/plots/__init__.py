"""Plots of panels with matplotlib: one function for each kind of plot.

Each plot names its numbers, area, period and denominator, and contains its source, coverage and
warnings; `alt_text` returns all of it in words. Values, bounds, unknown categories and rows
without a value have different marks.
"""

try:
    import matplotlib as mpl  # noqa: F401
except ImportError:
    from thbstats.tables.frames import library

    library("matplotlib")  # its error names the extra

from thbstats.plots.canvas import alt_text, save
from thbstats.plots.canvas import picture as picture
from thbstats.plots.plane_plots import (
    estimates,
    heatmap,
    mosaic,
    revision_scatter,
    revision_triangle,
)
from thbstats.plots.row_plots import bars, dumbbell, funnel, inferred, ranking, tornado
from thbstats.plots.trend_plot import trend
from thbstats.plots.vega import to_vega

__all__ = [
    "alt_text",
    "bars",
    "dumbbell",
    "estimates",
    "funnel",
    "heatmap",
    "inferred",
    "mosaic",
    "ranking",
    "revision_scatter",
    "revision_triangle",
    "save",
    "to_vega",
    "tornado",
    "trend",
]
