"""Changes of counts and shares."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from thbstats.formulas._columns import column_formula
from thbstats.formulas._numbers import (
    Floats,
    Missing,
    as_counts,
    as_numbers,
    as_rows,
    divide,
    plain,
    refuse,
)


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

    Returns
    -------
    float or ndarray
        Negative for a decrease.

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

    Returns
    -------
    float or ndarray
        -1 or more; ``nan`` for an old count of 0.

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

    Returns
    -------
    float or ndarray
        In [-100, 100].

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
