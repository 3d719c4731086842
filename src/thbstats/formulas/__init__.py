"""The arithmetic of the library for plain numbers and numpy arrays, and nothing else.

Every function takes numbers or arrays of any shapes that broadcast together and gives a float
for numbers, an array of float64 for arrays. Counts are 0 or more and at most 2**53, so that one
division is rounded once and correctly. A quantity without value, such as a share of an empty
base, is ``nan``: floats have no other word for it, and no other ``nan`` ever comes out. ``nan``
never goes in: a missing count has bounds, see `share_bounds`.

A pandas Series gives a Series on the same index. Two Series are paired by label, in any order; if
their labels differ, the formula raises an error. An array next to a Series has one number per
label. The result has the name of the Series, if all have one name.
"""

from thbstats.formulas.apportionment import largest_remainder
from thbstats.formulas.association import adjusted_residuals, cramers_v, pearson_residuals
from thbstats.formulas.bounds import possible_share, ratio_bounds, share_bounds
from thbstats.formulas.changes import change, decomposition, difference_pp, relative_change
from thbstats.formulas.concentration import effective_number, herfindahl, largest_share
from thbstats.formulas.intervals import (
    clopper_pearson_interval,
    jeffreys_interval,
    poisson_interval,
    wilson_interval,
)
from thbstats.formulas.rankings import (
    competition_ranks,
    kendall_tau_b,
    overlap,
    rank_biased_overlap,
)
from thbstats.formulas.ratios import per, ratio
from thbstats.formulas.shares import leave_one_out_share, one_case, share, without

__all__ = [
    "adjusted_residuals",
    "change",
    "clopper_pearson_interval",
    "competition_ranks",
    "cramers_v",
    "decomposition",
    "difference_pp",
    "effective_number",
    "herfindahl",
    "jeffreys_interval",
    "kendall_tau_b",
    "largest_remainder",
    "largest_share",
    "leave_one_out_share",
    "one_case",
    "overlap",
    "pearson_residuals",
    "per",
    "poisson_interval",
    "possible_share",
    "rank_biased_overlap",
    "ratio",
    "ratio_bounds",
    "relative_change",
    "share",
    "share_bounds",
    "wilson_interval",
    "without",
]
