"""Shares and ratios of counts."""

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
    divide,
    plain,
    require_part,
    require_reporters,
)

__all__ = ["leave_one_out_share", "ratio", "share", "share_of_one_case", "total_without"]


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
        Whether a missing count raises an error (default) or gives ``nan``.

    Returns
    -------
    float or ndarray
        In [0, 1]; ``nan`` for a denominator of 0.

    Raises
    ------
    ImpossibleResult
        If a numerator is above its denominator.
    InvalidValue
        If a value is not a count.

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
    part, whole = as_counts(numerator, "numerator"), as_counts(denominator, "denominator")
    require_part(part, whole, ("numerator", "denominator"))
    return plain(divide(part, whole))


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
    missing : {"raise", "propagate"}
        Whether a missing count raises an error (default) or gives ``nan``.

    Returns
    -------
    float or ndarray
        0 or more; ``nan`` for a denominator of 0.

    Raises
    ------
    InvalidValue
        If a value is not a count, or ``per`` is not above 0.

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
    if not 0 < per < np.inf:
        raise InvalidValue(
            "must be a number above 0", field="per", value=per, hint="Use 1, 100 or 100_000"
        )
    above, below = as_counts(numerator, "numerator"), as_counts(denominator, "denominator")
    return plain(per * divide(above, below))


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
    missing : {"raise", "propagate"}
        Whether a missing count raises an error (default) or gives ``nan``.

    Returns
    -------
    float or ndarray
        0 or more.

    Raises
    ------
    ImpossibleResult
        If a member is above its total.
    InvalidValue
        If a value is not a count.

    Examples
    --------
    >>> total_without(20532, 9759)
    10773.0
    """
    totals, members = as_counts(total, "total"), as_counts(member, "member")
    require_part(members, totals, ("member", "total"))
    return plain(np.asarray(totals - members))


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
        If a value is not a count, or there is no axis.

    Examples
    --------
    >>> leave_one_out_share([60, 40, 0], [40, 20, 50]).round(3).tolist()
    [0.364, 0.4, 0.625]
    """
    part, other = np.broadcast_arrays(
        as_counts(numerator, "numerator"), as_counts(complement, "complement")
    )
    require_reporters(np.asarray(part), "numerator", numerator, least=0)
    remaining = part.sum(axis=-1, keepdims=True) - part
    return divide(remaining, remaining + other.sum(axis=-1, keepdims=True) - other)


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
    missing : {"raise", "propagate"}
        Whether a missing count raises an error (default) or gives ``nan``.

    Returns
    -------
    float or ndarray
        ``nan`` for a denominator of 0.

    Raises
    ------
    InvalidValue
        If a value is not a count.

    Examples
    --------
    >>> share_of_one_case(20)
    0.05
    """
    return plain(divide(np.ones(()), as_counts(denominator, "denominator")))
