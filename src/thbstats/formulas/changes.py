"""Changes of counts and shares."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from thbstats.errors import InvalidValue
from thbstats.formulas._columns import column_formula
from thbstats.formulas._numbers import (
    Floats,
    Missing,
    as_counts,
    as_numbers,
    divide,
    plain,
    positions,
    require_reporters,
)

__all__ = ["change", "decomposition", "difference_pp", "relative_change"]


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
    missing : {"raise", "propagate"}
        Whether a missing count raises an error (default) or gives ``nan``.

    Returns
    -------
    float or ndarray
        Negative for a decrease.

    Raises
    ------
    InvalidValue
        If a value is not a count.

    Examples
    --------
    Registered victims in 2015-2016 and 2013-2014:

    >>> change(20532, 15846)
    4686.0

    References
    ----------
    COM(2018) 777, section II; COM(2016) 267.
    """
    return plain(np.asarray(as_counts(new, "new") - as_counts(old, "old")))


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
    missing : {"raise", "propagate"}
        Whether a missing count raises an error (default) or gives ``nan``.

    Returns
    -------
    float or ndarray
        -1 or more; ``nan`` for an old count of 0.

    Raises
    ------
    InvalidValue
        If a value is not a count.

    Examples
    --------
    >>> round(relative_change(20532, 15846), 3)
    0.296

    References
    ----------
    COM(2018) 777, section II; COM(2016) 267.
    """
    newer, older = as_counts(new, "new"), as_counts(old, "old")
    return plain(divide(np.asarray(newer - older), older))


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
    missing : {"raise", "propagate"}
        Whether a missing share raises an error (default) or gives ``nan``.

    Returns
    -------
    float or ndarray
        In [-100, 100].

    Raises
    ------
    InvalidValue
        If a value is not a number from 0 to 1.

    Examples
    --------
    >>> round(difference_pp(0.65, 0.56), 1)
    9.0

    References
    ----------
    COM(2018) 777, section II: sexual exploitation without and with the United Kingdom.
    """
    shares = as_numbers(new, "new"), as_numbers(old, "old")
    for name, values in zip(("new", "old"), shares, strict=True):
        wrong = (values < 0) | (values > 1)
        if wrong.any():
            raise InvalidValue(
                f"must be shares from 0 to 1, wrong at {positions(wrong)}",
                field=name,
                value=float(values[wrong].flat[0]),
                hint="Divide percentages by 100",
            )
    return plain(100 * np.subtract(*shares))


@column_formula
def decomposition(
    old_numerator: ArrayLike,
    old_complement: ArrayLike,
    new_numerator: ArrayLike,
    new_complement: ArrayLike,
) -> tuple[Floats, Floats]:
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
        If a value is not a count, or there is no axis.

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
    names = ("old_numerator", "old_complement", "new_numerator", "new_complement")
    values = (old_numerator, old_complement, new_numerator, new_complement)
    counts = [as_counts(own, name) for own, name in zip(values, names, strict=True)]
    old, old_other, new, new_other = map(np.asarray, np.broadcast_arrays(*counts))
    require_reporters(old, names[0], old_numerator, least=0)
    parts, bases = (old, new), (np.asarray(old + old_other), np.asarray(new + new_other))
    first, second = (divide(part, base) for part, base in zip(parts, bases, strict=True))
    # A denominator of 0 in both periods has no weight.
    first, second = (
        np.nan_to_num(np.where(base == 0, other, own))
        for own, other, base in ((first, second, bases[0]), (second, first, bases[1]))
    )
    totals = [base.sum(axis=-1, keepdims=True) for base in bases]
    weights = [divide(base, total) for base, total in zip(bases, totals, strict=True)]
    pooled = [
        divide(part.sum(axis=-1, keepdims=True), total)
        for part, total in zip(parts, totals, strict=True)
    ]
    within = (weights[0] + weights[1]) * (second - first) / 2
    distance = (first - pooled[0]) + (second - pooled[1])
    return within, distance * (weights[1] - weights[0]) / 2
