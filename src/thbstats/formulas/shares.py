"""Parts of wholes, and what is left when a part leaves."""

from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from thbstats.errors import InvalidValue
from thbstats.formulas._labels import labelled
from thbstats.formulas._numbers import Floats, as_counts, divided, formatted, no_more_than

__all__ = ["leave_one_out_share", "one_case", "share", "without"]


@overload
def share(part: float, whole: float) -> float: ...
@overload
def share(part: ArrayLike, whole: ArrayLike) -> Floats: ...
@labelled
def share(part: ArrayLike, whole: ArrayLike) -> float | Floats:
    """Return the share of a part in its whole.

    ``share = part / whole``

    Parameters
    ----------
    part, whole : number or array_like, any shapes that broadcast
        Counts of the same unit; the part is counted in the whole too.

    Returns
    -------
    float or ndarray
        In [0, 1]; ``nan`` where the whole is 0.

    Raises
    ------
    ImpossibleResult
        If a part is above its whole.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    9,759 of 20,532 registered victims were recorded as sexually exploited.

    >>> round(share(9759, 20532), 3)
    0.475

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    parts, wholes = as_counts(part, "part"), as_counts(whole, "whole")
    no_more_than(parts, wholes, "part", "whole")
    return formatted(divided(parts, wholes))


@overload
def without(total: float, member: float) -> float: ...
@overload
def without(total: ArrayLike, member: ArrayLike) -> Floats: ...
@labelled
def without(total: ArrayLike, member: ArrayLike) -> float | Floats:
    """Return a total without one of its members.

    ``without = total - member``

    Parameters
    ----------
    total, member : number or array_like, any shapes that broadcast
        Counts; the member is counted in the total.

    Returns
    -------
    float or ndarray
        0 or more.

    Raises
    ------
    ImpossibleResult
        If a member is above its total.
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    >>> without(20532, 9759)
    10773.0
    """
    totals, members = as_counts(total, "total"), as_counts(member, "member")
    no_more_than(members, totals, "member", "total")
    return formatted(np.asarray(totals - members))


@labelled
def leave_one_out_share(part: ArrayLike, rest: ArrayLike) -> Floats:
    """Return the pooled share without each of its reporters in turn.

    ``share_i = (P - part_i) / (P - part_i + R - rest_i)`` with ``P``, ``R`` the sums over the
    last axis.

    Parameters
    ----------
    part, rest : array_like, shape (..., n)
        Counts per reporter: in the category, and in the rest of its base.

    Returns
    -------
    ndarray, shape (..., n)
        In [0, 1]; ``nan`` where nobody is left.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there is no axis to leave
        one out of.

    Examples
    --------
    >>> leave_one_out_share([60, 40, 0], [40, 20, 50]).round(3).tolist()
    [0.364, 0.4, 0.625]
    """
    parts, rests = np.broadcast_arrays(as_counts(part, "part"), as_counts(rest, "rest"))
    if parts.ndim == 0:
        raise InvalidValue(
            "leaving one out needs several",
            field="part",
            value=float(parts),
            hint="Give one count per reporter",
        )
    kept = parts.sum(axis=-1, keepdims=True) - parts
    return divided(kept, kept + rests.sum(axis=-1, keepdims=True) - rests)


@overload
def one_case(base: float) -> float: ...
@overload
def one_case(base: ArrayLike) -> Floats: ...
@labelled
def one_case(base: ArrayLike) -> float | Floats:
    """Return by how much one case more moves a result over a base.

    ``one case = 1 / base``

    Parameters
    ----------
    base : number or array_like
        The denominator of the result.

    Returns
    -------
    float or ndarray
        As a share; ``nan`` where the base is 0.

    Raises
    ------
    InvalidValue
        If a base is negative, ``nan``, infinite or not a number.

    Examples
    --------
    >>> one_case(20)
    0.05
    """
    return formatted(divided(np.ones(()), as_counts(base, "base")))
