"""Results as plots of matplotlib: one kind a file, each a function from a result to axes.

Every plot says what it shows and where, names its base, and has under it the source, the period,
how many countries reported and the warnings; `alt_text` says all of it in words. What is
reported, what is possible and what is not known have marks of their own, never colours alone.
"""

from thbstats.plots import _matplotlib as _matplotlib  # first, so that its absence is explained
from thbstats.plots.bars import bars
from thbstats.plots.description import alt_text, save
from thbstats.plots.dumbbell import dumbbell
from thbstats.plots.funnel import funnel
from thbstats.plots.heatmap import heatmap
from thbstats.plots.inferred import inferred
from thbstats.plots.mosaic import mosaic
from thbstats.plots.ranking import ranking
from thbstats.plots.tornado import tornado
from thbstats.plots.trend import trend

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
