"""One flow over another."""

from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from thbstats.errors import InvalidValue
from thbstats.formulas._labels import labelled
from thbstats.formulas._numbers import Floats, as_counts, divided, formatted

__all__ = ["per", "ratio"]


@overload
def ratio(numerator: float, denominator: float) -> float: ...
@overload
def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Floats: ...
@labelled
def ratio(numerator: ArrayLike, denominator: ArrayLike) -> float | Floats:
    """Return the ratio of two flows, neither of which is part of the other.

    ``ratio = numerator / denominator``

    Parameters
    ----------
    numerator, denominator : number or array_like, any shapes that broadcast
        Counts of two flows, such as convictions and prosecutions of the same years.

    Returns
    -------
    float or ndarray
        0 or more, above 1 too; ``nan`` where the denominator is 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number.

    Examples
    --------
    2,927 convictions and 5,979 prosecutions in 2015-2016:

    >>> round(ratio(2927, 5979), 3)
    0.49

    References
    ----------
    COM(2018) 777, sections II and III.2.
    """
    return formatted(
        divided(as_counts(numerator, "numerator"), as_counts(denominator, "denominator"))
    )


@overload
def per(numerator: float, denominator: float, base: float = ...) -> float: ...
@overload
def per(numerator: ArrayLike, denominator: ArrayLike, base: float = ...) -> Floats: ...
@labelled
def per(numerator: ArrayLike, denominator: ArrayLike, base: float = 100) -> float | Floats:
    """Return a ratio per hundred, or per any other base.

    ``per = base * numerator / denominator``

    Parameters
    ----------
    numerator, denominator : number or array_like, any shapes that broadcast
        Counts.
    base : float
        Per how many units of the denominator; above 0.

    Returns
    -------
    float or ndarray
        0 or more; ``nan`` where the denominator is 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or the base is not above 0.

    Examples
    --------
    Convictions per 100 registered victims, a ratio across units:

    >>> round(per(2927, 20532), 1)
    14.3

    References
    ----------
    COM(2018) 777, section II.
    """
    if not 0 < base < np.inf:
        raise InvalidValue(
            "a base is a number above 0",
            field="base",
            value=base,
            hint="Use 100, 100_000 or 1_000_000",
        )
    numerators, denominators = (
        as_counts(numerator, "numerator"),
        as_counts(denominator, "denominator"),
    )
    return formatted(base * divided(numerators, denominators))
