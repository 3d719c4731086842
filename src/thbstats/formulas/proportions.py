"""Shares and ratios of counts, their bounds and their changes."""

from __future__ import annotations

from sys import float_info
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.columns import Floats
from thbstats.errors import require
from thbstats.formulas._numbers import (
    Bounds,
    Missing,
    as_counts,
    as_numbers,
    as_part,
    as_positive,
    as_ranges,
    as_rows,
    column_formula,
    divide,
    plain,
    refuse,
)
from thbstats.values import is_integer


@overload
def share(numerator: float, denominator: float, *, missing: Missing = "raise") -> float: ...
@overload
def share(
    numerator: ArrayLike, denominator: ArrayLike, *, missing: Missing = "raise"
) -> Floats: ...
@column_formula
def share(
    numerator: ArrayLike, denominator: ArrayLike, *, missing: Missing = "raise"
) -> float | Floats:
    """Return the share of a part in its denominator.

    ``share = numerator / denominator``

    Parameters
    ----------
    numerator, denominator : number or array_like, shapes that broadcast
        Counts of one unit. The denominator includes the numerator.
    missing : {"raise", "propagate"}
        Whether a missing value raises an error (default) or gives ``nan``.

    Returns
    -------
    float or ndarray
        In [0, 1]; ``nan`` for a denominator of 0.

    Raises
    ------
    InvalidValue
        If a number is missing or not allowed, such as -1 for a count, or the shapes do not fit.
    ImpossibleResult
        If a part is above its whole, or a lower bound above its upper bound.

    Examples
    --------
    9,759 of 20,532 registered victims were victims of sexual exploitation:

    >>> round(share(9759, 20532), 3)
    0.475
    >>> share([3, None], [4, 5], missing="propagate").tolist()
    [0.75, nan]

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    return plain(divide(*as_part(numerator, denominator, ("numerator", "denominator"))))


@overload
def ratio(
    numerator: float, denominator: float, per: float = 1, *, missing: Missing = "raise"
) -> float: ...
@overload
def ratio(
    numerator: ArrayLike, denominator: ArrayLike, per: float = 1, *, missing: Missing = "raise"
) -> Floats: ...
@column_formula
def ratio(
    numerator: ArrayLike, denominator: ArrayLike, per: float = 1, *, missing: Missing = "raise"
) -> float | Floats:
    """Return the ratio of two counts, such as convictions per prosecution.

    ``ratio = per * numerator / denominator``

    Parameters
    ----------
    numerator, denominator : number or array_like, shapes that broadcast
        Counts. The numerator need not be part of the denominator.
    per : float
        The number of units of the denominator: 1 (default), 100, 100_000 or another number
        above 0.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray
        0 or more; ``nan`` for a denominator of 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    2,927 convictions, 5,979 prosecutions and 20,532 registered victims in 2015-2016:

    >>> round(ratio(2927, 5979), 2)
    0.49
    >>> round(ratio(2927, 20532, per=100), 1)
    14.3

    References
    ----------
    COM(2018) 777, sections II and III.2.
    """
    problem, hint = "must be a number above 0", "Use 1, 100 or 100_000"
    factor = as_positive(per, "per", float_info.max, problem, hint)
    above, below = as_counts(numerator, "numerator"), as_counts(denominator, "denominator")
    return plain(factor * divide(above, below))


@overload
def total_without(total: float, member: float, *, missing: Missing = "raise") -> float: ...
@overload
def total_without(total: ArrayLike, member: ArrayLike, *, missing: Missing = "raise") -> Floats: ...
@column_formula
def total_without(
    total: ArrayLike, member: ArrayLike, *, missing: Missing = "raise"
) -> float | Floats:
    """Return a total without one of its members.

    ``total_without = total - member``

    Parameters
    ----------
    total, member : number or array_like, shapes that broadcast
        Counts. The total includes the member.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray
        0 or more.

    Raises
    ------
    InvalidValue, ImpossibleResult
        As for `share`.

    Examples
    --------
    >>> total_without(20532, 9759)
    10773.0
    """
    part, whole = as_part(member, total, ("member", "total"))
    return plain(whole - part)


@column_formula
def leave_one_out_share(numerator: ArrayLike, complement: ArrayLike) -> Floats:
    """Return the pooled share without each reporting country.

    ``share_i = (N - numerator_i) / (N - numerator_i + R - complement_i)``, with ``N`` and ``R``
    the sums over the last axis.

    Parameters
    ----------
    numerator, complement : array_like, shape (..., n)
        Counts per reporting country: in the category, and in the other categories.

    Returns
    -------
    ndarray, shape (..., n)
        In [0, 1]; ``nan`` for a denominator of 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> leave_one_out_share([60, 40, 0], [40, 20, 50]).round(3).tolist()
    [0.364, 0.4, 0.625]
    """
    part = as_rows(numerator, "numerator", least=0)
    part, other = np.broadcast_arrays(part, as_counts(complement, "complement"))
    remaining, others = (own.sum(axis=-1, keepdims=True) - own for own in (part, other))
    quotients: Floats = divide(remaining, remaining + others)
    return quotients


@overload
def share_of_one_case(denominator: float, *, missing: Missing = "raise") -> float: ...
@overload
def share_of_one_case(denominator: ArrayLike, *, missing: Missing = "raise") -> Floats: ...
@column_formula
def share_of_one_case(denominator: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the share of one case in a denominator.

    ``share_of_one_case = 1 / denominator``: the change of a share if one case moves.

    Parameters
    ----------
    denominator : number or array_like
        Counts.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray
        ``nan`` for a denominator of 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> share_of_one_case(20)
    0.05
    """
    return plain(divide(np.ones(()), as_counts(denominator, "denominator")))


@column_formula
def share_bounds(
    numerator_lower: ArrayLike, numerator_upper: ArrayLike, complement_lower: ArrayLike,
    complement_upper: ArrayLike, *, missing: Missing = "raise",
) -> Bounds:  # fmt: skip
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
    missing
        As for `share`.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; both ``nan`` if the denominator is certainly 0.

    Raises
    ------
    InvalidValue, ImpossibleResult
        As for `share`.

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

    def limit(part: Floats, other: Floats) -> Floats:
        with np.errstate(invalid="ignore"):
            quotient = part / (part + other)
        return np.where((other == 0) | np.isinf(part), 1.0, quotient)

    none = (high == 0) & (other_high == 0)
    upper = np.where(high == 0, 0.0, limit(high, other_low))
    lower = np.where(none, np.nan, limit(low, other_high))
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
    missing
        As for `share`.

    Returns
    -------
    lower, upper : float or ndarray
        In [0, 1]; ``nan`` for a denominator of 0.

    Raises
    ------
    InvalidValue
        As for `share`.

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
    high = low + as_counts(unknown, "unknown")
    denominator = high + as_counts(complement, "complement")
    return plain(divide(low, denominator)), plain(divide(high, denominator))


@column_formula
def ratio_bounds(
    numerator_lower: ArrayLike, numerator_upper: ArrayLike, denominator_lower: ArrayLike,
    denominator_upper: ArrayLike, *, missing: Missing = "raise",
) -> Bounds:  # fmt: skip
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
    missing
        As for `share`.

    Returns
    -------
    lower, upper : float or ndarray
        0 or more; the upper bound can be ``inf``; both ``nan`` if the denominator is certainly 0.

    Raises
    ------
    InvalidValue, ImpossibleResult
        As for `share`.

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


@column_formula
def largest_remainder(counts: ArrayLike, units: int = 100) -> NDArray[np.int64]:
    """Return integer units in proportion to counts, by largest remainders.

    ``u_c = floor(units n_c / N)``, plus 1 for the largest remainders until the sum is ``units``.

    Parameters
    ----------
    counts : array of int, shape (..., n)
        Counts; each row along the last axis is apportioned. A row must not sum to 0.
    units : int
        The sum of each row: 100 for percentages (default), 1000 for one decimal.

    Returns
    -------
    array of int64, same shape
        Each less than 1 from its exact proportion. Of equal remainders the larger count has
        priority, then the first one.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> largest_remainder([1, 1, 1])
    array([34, 33, 33])
    >>> largest_remainder([9759, 4532, 3137], 1000)
    array([560, 260, 180])

    References
    ----------
    M. L. Balinski and H. P. Young, Fair Representation (Yale, 1982).
    """
    numbers = as_rows(counts, "counts")
    wrong = numbers != np.floor(numbers)
    hint = "Give counts, not rates or percentages"
    refuse(wrong, "must be integers", hint, field="counts", values=numbers)
    hint = "Give 100 for percentages"
    require(is_integer(units, least=1), "must be an integer above 0", hint, units=units)
    apportioned = []
    # Python integers: counts times units can exceed 2**63.
    for row in numbers.reshape(-1, numbers.shape[-1]).astype(np.int64).tolist():
        require(sum(row), "must not sum to 0", "Leave this row out", counts=row)
        pairs = [divmod(n * units, sum(row)) for n in row]
        left = units - sum(floor for floor, _ in pairs)
        order = sorted(range(len(row)), key=lambda i: (-pairs[i][1], -row[i], i))
        apportioned.append([floor + (i in order[:left]) for i, (floor, _) in enumerate(pairs)])
    return np.array(apportioned, np.int64).reshape(numbers.shape)


@overload
def change(new: float, old: float, *, missing: Missing = "raise") -> float: ...
@overload
def change(new: ArrayLike, old: ArrayLike, *, missing: Missing = "raise") -> Floats: ...
@column_formula
def change(new: ArrayLike, old: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the change of a count.

    ``change = new - old``

    Parameters
    ----------
    new, old : number or array_like, shapes that broadcast
        Counts.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray
        Negative for a decrease.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    Registered victims in 2015-2016 and 2013-2014:

    >>> change(20532, 15846)
    4686.0

    References
    ----------
    COM(2018) 777, section II; COM(2016) 267.
    """
    return plain(as_counts(new, "new") - as_counts(old, "old"))


@overload
def relative_change(new: float, old: float, *, missing: Missing = "raise") -> float: ...
@overload
def relative_change(new: ArrayLike, old: ArrayLike, *, missing: Missing = "raise") -> Floats: ...
@column_formula
def relative_change(
    new: ArrayLike, old: ArrayLike, *, missing: Missing = "raise"
) -> float | Floats:
    """Return the relative change of a count.

    ``relative_change = (new - old) / old``

    Parameters
    ----------
    new, old : number or array_like, shapes that broadcast
        Counts.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray
        -1 or more; ``nan`` for an old count of 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(relative_change(20532, 15846), 3)
    0.296

    References
    ----------
    COM(2018) 777, section II; COM(2016) 267.
    """
    newer, older = as_counts(new, "new"), as_counts(old, "old")
    return plain(divide(newer - older, older))


@overload
def difference_pp(new: float, old: float, *, missing: Missing = "raise") -> float: ...
@overload
def difference_pp(new: ArrayLike, old: ArrayLike, *, missing: Missing = "raise") -> Floats: ...
@column_formula
def difference_pp(new: ArrayLike, old: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the difference of two shares in percentage points.

    ``difference_pp = 100 * (new - old)``

    Parameters
    ----------
    new, old : number or array_like, shapes that broadcast
        Shares in [0, 1].
    missing
        As for `share`.

    Returns
    -------
    float or ndarray
        In [-100, 100].

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(difference_pp(0.65, 0.56), 1)
    9.0

    References
    ----------
    COM(2018) 777, section II: sexual exploitation without and with the United Kingdom.
    """
    shares = {"new": as_numbers(new, "new"), "old": as_numbers(old, "old")}
    hint = "Divide percentages by 100"
    for name, own in shares.items():
        refuse((own < 0) | (own > 1), "must be shares from 0 to 1", hint, field=name, values=own)
    return plain(100 * np.subtract(*shares.values()))


@column_formula
def decomposition(
    old_numerator: ArrayLike, old_complement: ArrayLike, new_numerator: ArrayLike,
    new_complement: ArrayLike,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return the contribution of each country to the change of a pooled share.

    ``within = (w0 + w1) * (s1 - s0) / 2``,
    ``composition = ((s0 - S0) + (s1 - S1)) * (w1 - w0) / 2``, with ``w`` the weight of a country
    in the pooled denominator, ``s`` its share and ``S`` the pooled share. Together they sum to
    ``S1 - S0``. A country with a denominator of 0 in one period has its share of the other.

    Parameters
    ----------
    old_numerator, old_complement, new_numerator, new_complement : array_like, shape (..., n)
        Counts per country in two periods: in the category, and in the other categories.

    Returns
    -------
    within, composition : ndarray, shape (..., n)
        In [-1, 1]; ``nan`` if the pooled denominator of a period is 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    Both shares are constant, and the country with the higher share counts more victims:

    >>> within, composition = decomposition([50, 0], [50, 150], [400, 0], [400, 200])
    >>> within.tolist(), composition.round(3).tolist()
    ([0.0, 0.0], [0.08, 0.12])

    References
    ----------
    E. M. Kitagawa, Components of a difference between two rates, 1955.
    """
    old, old_other, new, new_other = np.broadcast_arrays(
        as_rows(old_numerator, "old_numerator", least=0),
        as_counts(old_complement, "old_complement"),
        as_counts(new_numerator, "new_numerator"),
        as_counts(new_complement, "new_complement"),
    )
    parts, bases = np.stack([old, new]), np.stack([old + old_other, new + new_other])
    totals = bases.sum(axis=-1, keepdims=True)
    shares = divide(parts, bases)
    # A denominator of 0 in both periods has no weight.
    shares = np.nan_to_num(np.where(bases == 0, shares[::-1], shares))
    pooled = divide(parts.sum(axis=-1, keepdims=True), totals)
    return effects(shares, divide(bases, totals), pooled)


def effects(shares: Any, weights: Any, pooled: Any, half: Any = None) -> tuple[Any, Any]:
    """Return the within effect and the composition effect.

    ``half`` is half of the product of two arrays, for arrays of intervals.
    """
    half = half or (lambda first, second: first * second / 2)
    distance = (shares[0] - pooled[0]) + (shares[1] - pooled[1])
    within = half(weights[0] + weights[1], shares[1] - shares[0])
    return within, half(distance, weights[1] - weights[0])
