"""Formulas for numbers, numpy arrays and pandas Series.

Every function takes numbers or arrays of shapes that broadcast together. It returns a float for
numbers and an array of float64 for arrays. Counts are between 0 and 2**53, so that a quotient is
rounded once and correctly. A share or ratio with a denominator of 0 is ``nan``.

Missing values (``nan``, ``None``, ``pandas.NA``) raise an error that gives their positions. Most
formulas accept ``missing="propagate"``: the result is then ``nan`` at these positions. For bounds
of shares with missing counts use `share_bounds`.

A pandas Series returns a Series on the same index, and a frame returns a frame. Two Series are
paired by label, in any order. If their labels differ, the formula raises an error. The result has
the name of the Series, if all have one name.
"""

from thbstats.formulas.concentration import (
    adjusted_residuals,
    cramers_v,
    effective_number,
    herfindahl,
    largest_share,
    pearson_residuals,
)
from thbstats.formulas.intervals import (
    clopper_pearson_interval,
    jeffreys_interval,
    poisson_interval,
    wilson_interval,
)
from thbstats.formulas.proportions import (
    change,
    decomposition,
    difference_pp,
    largest_remainder,
    leave_one_out_share,
    ratio,
    ratio_bounds,
    relative_change,
    share,
    share_bounds,
    share_bounds_with_unknown,
    share_of_one_case,
    total_without,
)
from thbstats.formulas.ranks import competition_ranks, kendall_tau_b, overlap, rank_biased_overlap

__all__ = [
    "adjusted_residuals", "change", "clopper_pearson_interval", "competition_ranks", "cramers_v",
    "decomposition", "difference_pp", "effective_number", "herfindahl", "jeffreys_interval",
    "kendall_tau_b", "largest_remainder", "largest_share", "leave_one_out_share", "overlap",
    "pearson_residuals", "poisson_interval", "rank_biased_overlap", "ratio", "ratio_bounds",
    "relative_change", "share", "share_bounds", "share_bounds_with_unknown", "share_of_one_case",
    "total_without", "wilson_interval",
]  # fmt: skip
