"""What shares and ratios can be where counts are known only between two ends."""

import numpy as np
from numpy.typing import ArrayLike

from thbstats.formulas._labels import labelled
from thbstats.formulas._numbers import Floats, as_counts, as_range, divided, formatted

__all__ = ["possible_share", "ratio_bounds", "share_bounds"]


@labelled
def share_bounds(
    part_lower: ArrayLike, part_upper: ArrayLike, rest_lower: ArrayLike, rest_upper: ArrayLike
) -> tuple[float | Floats, float | Floats]:
    """Return the smallest and the largest share of counts known only between two ends.

    ``lower = part_lower / (part_lower + rest_upper)``,
    ``upper = part_upper / (part_upper + rest_lower)``: the part and the rest are disjoint, so
    both ends are reached.

    Parameters
    ----------
    part_lower, part_upper, rest_lower, rest_upper : number or array_like, shapes that broadcast
        Ends of the part and of the rest of its whole; an upper end can be ``inf``.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; both ``nan`` where part and rest are certainly 0.

    Raises
    ------
    ImpossibleResult
        If a lower end is above its upper end.
    InvalidValue
        If an end is negative or not a number.

    Examples
    --------
    "<5" of which 0 to 4 are possible, beside 6 others:

    >>> share_bounds(0, 4, 6, 6)
    (0.0, 0.4)
    """
    low, high = as_range(part_lower, part_upper, "part")
    rest_low, rest_high = as_range(rest_lower, rest_upper, "rest")
    low, high, rest_low, rest_high = np.broadcast_arrays(low, high, rest_low, rest_high)
    lower = _part_of(low, rest_high)
    upper = _part_of(high, rest_low)
    none = (high == 0) & (rest_high == 0)
    lower = np.where(none, np.nan, lower)
    upper = np.where(none, np.nan, np.where(high == 0, 0.0, upper))
    return formatted(lower), formatted(upper)


@labelled
def possible_share(
    part: ArrayLike, unknown: ArrayLike, rest: ArrayLike
) -> tuple[float | Floats, float | Floats]:
    """Return the smallest and the largest share once every unknown finds its category.

    ``lower = part / (part + unknown + rest)``,
    ``upper = (part + unknown) / (part + unknown + rest)``

    Parameters
    ----------
    part, unknown, rest : number or array_like, any shapes that broadcast
        Counts recorded in the category, in none, and in the others.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; ``nan`` where nobody is counted.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    9,759 recorded as sexual, 3,259 without a recorded form, 7,514 recorded as another form:

    >>> [round(end, 3) for end in possible_share(9759, 3259, 7514)]
    [0.475, 0.634]

    References
    ----------
    COM(2018) 777, section II.1.
    """
    parts, unknowns = as_counts(part, "part"), as_counts(unknown, "unknown")
    everyone = np.asarray(parts + unknowns + as_counts(rest, "rest"))
    most = np.asarray(parts + unknowns)
    return formatted(divided(parts, everyone)), formatted(divided(most, everyone))


@labelled
def ratio_bounds(
    numerator_lower: ArrayLike,
    numerator_upper: ArrayLike,
    denominator_lower: ArrayLike,
    denominator_upper: ArrayLike,
) -> tuple[float | Floats, float | Floats]:
    """Return the smallest and the largest ratio of two flows known only between two ends.

    ``lower = numerator_lower / denominator_upper``,
    ``upper = numerator_upper / denominator_lower``, over 1 where the denominator can be 0: counts
    are whole, so 1 is then the smallest denominator that gives a ratio at all.

    Parameters
    ----------
    numerator_lower, numerator_upper : number or array_like
        Ends of the numerator; the upper end can be ``inf``.
    denominator_lower, denominator_upper : number or array_like
        Ends of the denominator; the upper end can be ``inf``.

    Returns
    -------
    lower, upper : float or ndarray
        0 or more; the upper end can be ``inf``; both ``nan`` where the denominator is
        certainly 0.

    Raises
    ------
    ImpossibleResult
        If a lower end is above its upper end.
    InvalidValue
        If an end is negative or not a number.

    Examples
    --------
    18 convictions over "fewer than 5" prosecutions:

    >>> ratio_bounds(18, 18, 0, 4)
    (4.5, 18.0)
    """
    low, high = as_range(numerator_lower, numerator_upper, "numerator")
    base_low, base_high = as_range(denominator_lower, denominator_upper, "denominator")
    low, high, base_low, base_high = np.broadcast_arrays(low, high, base_low, base_high)
    none = (base_low == 0) & (base_high < 1)
    upper = np.where(none, np.nan, high / np.where(base_low == 0, 1, base_low))
    return formatted(np.where(none, np.nan, divided(low, base_high))), formatted(upper)


def _part_of(part: Floats, rest: Floats) -> Floats:
    """Return part / (part + rest) in the limit; 1 for a part that is all there is."""
    with np.errstate(invalid="ignore"):
        quotient = part / (part + rest)
    return np.where((rest == 0) | np.isinf(part), 1.0, quotient)
