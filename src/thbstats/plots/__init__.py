"""Results as plots of matplotlib: one kind a file, each a function from a result to axes.

Every plot says what it shows and where, names its base, and has under it the source, the period,
how many countries reported and the warnings; `alt_text` says all of it in words. What is
reported, what is possible and what is not known have marks of their own, never colours alone.
"""

from thbstats.plots import _matplotlib as _matplotlib  # first, so that its absence is explained
from thbstats.plots.bar_plot import bars
from thbstats.plots.description import alt_text, save
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
