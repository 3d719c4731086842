"""Newer numbers minus older ones, and where a change comes from."""

from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from thbstats.errors import InvalidValue
from thbstats.formulas._labels import labelled
from thbstats.formulas._numbers import Floats, as_counts, as_numbers, divided, formatted, positions

__all__ = ["change", "decomposition", "difference_pp", "relative_change"]


@overload
def change(new: float, old: float) -> float: ...
@overload
def change(new: ArrayLike, old: ArrayLike) -> Floats: ...
@labelled
def change(new: ArrayLike, old: ArrayLike) -> float | Floats:
    """Return by how many units a count changed.

    ``change = new - old``

    Parameters
    ----------
    new, old : number or array_like, any shapes that broadcast
        Counts.

    Returns
    -------
    float or ndarray
        Negative for a decrease.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    Registered victims, 2015-2016 against 2013-2014:

    >>> change(20532, 15846)
    4686.0

    References
    ----------
    COM(2018) 777, section II; COM(2016) 267.
    """
    return formatted(np.asarray(as_counts(new, "new") - as_counts(old, "old")))


@overload
def relative_change(new: float, old: float) -> float: ...
@overload
def relative_change(new: ArrayLike, old: ArrayLike) -> Floats: ...
@labelled
def relative_change(new: ArrayLike, old: ArrayLike) -> float | Floats:
    """Return by which part of the old count the new one differs.

    ``relative change = (new - old) / old``

    Parameters
    ----------
    new, old : number or array_like, any shapes that broadcast
        Counts.

    Returns
    -------
    float or ndarray
        -1 or more; ``nan`` where the old count is 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    >>> round(relative_change(20532, 15846), 3)
    0.296

    References
    ----------
    COM(2018) 777, section II; COM(2016) 267.
    """
    news, olds = as_counts(new, "new"), as_counts(old, "old")
    return formatted(divided(np.asarray(news - olds), olds))


@overload
def difference_pp(new: float, old: float) -> float: ...
@overload
def difference_pp(new: ArrayLike, old: ArrayLike) -> Floats: ...
@labelled
def difference_pp(new: ArrayLike, old: ArrayLike) -> float | Floats:
    """Return the difference of two shares in percentage points.

    ``difference = 100 * (new - old)``

    Parameters
    ----------
    new, old : number or array_like, any shapes that broadcast
        Shares in [0, 1].

    Returns
    -------
    float or ndarray
        In [-100, 100], in percentage points.

    Raises
    ------
    InvalidValue
        If a share lies outside [0, 1] or is not a number.

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
                f"shares must be between 0 and 1, which fails at {positions(wrong)}",
                field=name,
                value=float(values[wrong].flat[0]),
                hint="Divide percentages by 100",
            )
    return formatted(100 * np.subtract(*shares))


@labelled
def decomposition(
    old_part: ArrayLike, old_rest: ArrayLike, new_part: ArrayLike, new_rest: ArrayLike
) -> tuple[Floats, Floats]:
    """Return what each reporter adds to the change of a pooled share, within it and by its weight.

    ``within = (w0 + w1) * (s1 - s0) / 2``,
    ``composition = ((s0 - S0) + (s1 - S1)) * (w1 - w0) / 2``, with ``w`` the weight of a reporter
    in the base of all, ``s`` its share and ``S`` the pooled one; together they sum to
    ``S1 - S0``. A reporter without a base in one period takes its share from the other.

    Parameters
    ----------
    old_part, old_rest, new_part, new_rest : array_like, shape (..., n)
        Counts per reporter in two periods: in the category, and in the rest of its base.

    Returns
    -------
    within, composition : ndarray, shape (..., n)
        In [-1, 1]; ``nan`` where nobody has a base in one of the periods.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there is no axis to sum.

    Examples
    --------
    Both shares stay as they are, and the reporter with the larger one counts more:

    >>> within, composition = decomposition([50, 0], [50, 150], [400, 0], [400, 200])
    >>> within.tolist(), composition.round(3).tolist()
    ([0.0, 0.0], [0.08, 0.12])

    References
    ----------
    E. M. Kitagawa, Components of a difference between two rates, 1955.
    """
    names = ("old_part", "old_rest", "new_part", "new_rest")
    given = zip((old_part, old_rest, new_part, new_rest), names, strict=True)
    parts = np.broadcast_arrays(*(as_counts(values, name) for values, name in given))
    if parts[0].ndim == 0:
        raise InvalidValue(
            "a change is split over several",
            field="old_part",
            value=float(parts[0]),
            hint="Give one count per reporter",
        )
    bases = np.asarray(parts[0] + parts[1]), np.asarray(parts[2] + parts[3])
    old, new = (divided(part, base) for part, base in zip((parts[0], parts[2]), bases, strict=True))
    # Nobody's share matters where the base is empty in both periods.
    old, new = (
        np.nan_to_num(np.where(base == 0, other, own))
        for own, other, base in ((old, new, bases[0]), (new, old, bases[1]))
    )
    totals = [base.sum(axis=-1, keepdims=True) for base in bases]
    weights = [divided(base, total) for base, total in zip(bases, totals, strict=True)]
    first, second = (
        divided(part.sum(axis=-1, keepdims=True), total)
        for part, total in zip((parts[0], parts[2]), totals, strict=True)
    )
    within = (weights[0] + weights[1]) * (new - old) / 2
    return within, ((old - first) + (new - second)) * (weights[1] - weights[0]) / 2
