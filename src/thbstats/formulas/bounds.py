"""Bounds of shares and ratios of uncertain counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from thbstats.formulas._columns import column_formula
from thbstats.formulas._numbers import Floats, Missing, as_counts, as_ranges, divide, plain

__all__ = ["ratio_bounds", "share_bounds", "share_bounds_with_unknown"]

Bounds = tuple[float | Floats, float | Floats]


@column_formula
def share_bounds(
    numerator_lower: ArrayLike,
    numerator_upper: ArrayLike,
    complement_lower: ArrayLike,
    complement_upper: ArrayLike,
    *,
    missing: Missing = "raise",
) -> Bounds:
    """Return the bounds of a share of uncertain counts.

    ``lower = numerator_lower / (numerator_lower + complement_upper)``,
    ``upper = numerator_upper / (numerator_upper + complement_lower)``. Both bounds are attained,
    because numerator and complement are disjoint.

    Parameters
    ----------
    numerator_lower, numerator_upper : number or array_like
        Bounds of the count in the category; the upper one can be ``inf``.
    complement_lower, complement_upper : number or array_like
        Bounds of all other counts in the denominator; the upper one can be ``inf``.
    missing : {"raise", "propagate"}
        Whether a missing count raises an error (default) or gives ``nan``.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; both ``nan`` if the denominator is certainly 0.

    Raises
    ------
    ImpossibleResult
        If a lower bound is above its upper bound.
    InvalidValue
        If a value is not a count.

    Examples
    --------
    "<5", which is 0 to 4, and 6 others:

    >>> share_bounds(0, 4, 6, 6)
    (0.0, 0.4)
    """
    low, high, other_low, other_high = np.broadcast_arrays(
        *as_ranges(numerator_lower, numerator_upper, "numerator"),
        *as_ranges(complement_lower, complement_upper, "complement"),
    )
    none = (high == 0) & (other_high == 0)
    upper = np.where(high == 0, 0.0, _limit_share(high, other_low))
    lower = np.where(none, np.nan, _limit_share(low, other_high))
    return plain(lower), plain(np.where(none, np.nan, upper))


@column_formula
def share_bounds_with_unknown(
    numerator: ArrayLike, unknown: ArrayLike, complement: ArrayLike, *, missing: Missing = "raise"
) -> Bounds:
    """Return the bounds of a share with unknown categories allocated.

    ``lower = numerator / denominator``, ``upper = (numerator + unknown) / denominator``, with
    ``denominator = numerator + unknown + complement``.

    Parameters
    ----------
    numerator, unknown, complement : number or array_like, shapes that broadcast
        Counts in the category, in the unknown category and in the other categories.
    missing : {"raise", "propagate"}
        Whether a missing count raises an error (default) or gives ``nan``.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; ``nan`` for a denominator of 0.

    Raises
    ------
    InvalidValue
        If a value is not a count.

    Examples
    --------
    9,759 victims of sexual exploitation, 3,259 of unknown and 7,514 of other forms:

    >>> [round(bound, 3) for bound in share_bounds_with_unknown(9759, 3259, 7514)]
    [0.475, 0.634]

    References
    ----------
    COM(2018) 777, section II.1.
    """
    low = as_counts(numerator, "numerator")
    high = np.asarray(low + as_counts(unknown, "unknown"))
    denominator = np.asarray(high + as_counts(complement, "complement"))
    return plain(divide(low, denominator)), plain(divide(high, denominator))


@column_formula
def ratio_bounds(
    numerator_lower: ArrayLike,
    numerator_upper: ArrayLike,
    denominator_lower: ArrayLike,
    denominator_upper: ArrayLike,
    *,
    missing: Missing = "raise",
) -> Bounds:
    """Return the bounds of a ratio of uncertain counts.

    ``lower = numerator_lower / denominator_upper``,
    ``upper = numerator_upper / max(denominator_lower, 1)``: counts are integers, so that 1 is the
    smallest denominator with a ratio.

    Parameters
    ----------
    numerator_lower, numerator_upper : number or array_like
        Bounds of the numerator; the upper one can be ``inf``.
    denominator_lower, denominator_upper : number or array_like
        Bounds of the denominator; the upper one can be ``inf``.
    missing : {"raise", "propagate"}
        Whether a missing count raises an error (default) or gives ``nan``.

    Returns
    -------
    lower, upper : float or ndarray
        0 or more; the upper bound can be ``inf``; both ``nan`` if the denominator is certainly 0.

    Raises
    ------
    ImpossibleResult
        If a lower bound is above its upper bound.
    InvalidValue
        If a value is not a count.

    Examples
    --------
    18 convictions and "fewer than 5" prosecutions:

    >>> ratio_bounds(18, 18, 0, 4)
    (4.5, 18.0)
    """
    low, high, below_low, below_high = np.broadcast_arrays(
        *as_ranges(numerator_lower, numerator_upper, "numerator"),
        *as_ranges(denominator_lower, denominator_upper, "denominator"),
    )
    none = (below_low == 0) & (below_high < 1)
    upper = np.where(none, np.nan, high / np.where(below_low == 0, 1, below_low))
    return plain(np.where(none, np.nan, divide(low, below_high))), plain(upper)


def _limit_share(part: Floats, other: Floats) -> Floats:
    """Return part / (part + other), in the limit for infinite counts."""
    with np.errstate(invalid="ignore"):
        quotient = part / (part + other)
    return np.where((other == 0) | np.isinf(part), 1.0, quotient)
