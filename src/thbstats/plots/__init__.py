"""Plots of panels with matplotlib: one function for each kind of plot.

Each plot names its numbers, area, period and denominator, and contains its source, coverage and
warnings; `alt_text` returns all of it in words. Values, bounds, unknown categories and rows
without a value have different marks.
"""

from thbstats.plots import _matplotlib as _matplotlib  # first: its error names the extra
from thbstats.plots.bar_plot import bars
from thbstats.plots.canvas import alt_text, save
from thbstats.plots.canvas import picture as picture
from thbstats.plots.dumbbell_plot import dumbbell
from thbstats.plots.funnel_plot import funnel
from thbstats.plots.heatmap_plot import heatmap
from thbstats.plots.inferred_plot import inferred
from thbstats.plots.mosaic_plot import mosaic
from thbstats.plots.ranking_plot import ranking
from thbstats.plots.tornado_plot import tornado
from thbstats.plots.trend_plot import trend

__all__ = [
    "alt_text",
    "bars",
    "dumbbell",
    "funnel",
    "heatmap",
    "inferred",
    "mosaic",
    "ranking",
    "save",
    "tornado",
    "trend",
]
