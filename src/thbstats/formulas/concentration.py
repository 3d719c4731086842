"""How unevenly a sum is divided."""

import numpy as np
from numpy.typing import ArrayLike

from thbstats.errors import InvalidValue
from thbstats.formulas._labels import labelled
from thbstats.formulas._numbers import Floats, as_counts, divided, formatted

__all__ = ["effective_number", "herfindahl", "largest_share"]


@labelled
def largest_share(counts: ArrayLike) -> float | Floats:
    """Return the share of the largest member along the last axis: how far one dominates.

    ``largest = max(counts) / sum(counts)``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts per reporter.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` where the counts sum to 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or none is given.

    Examples
    --------
    >>> largest_share([61, 20, 19])
    0.61
    """
    members = as_counts(counts, "counts")
    if members.ndim == 0 or members.shape[-1] == 0:
        raise InvalidValue(
            "the largest of none does not exist",
            field="counts",
            value=counts,
            hint="Give one count per reporter, at least one",
        )
    return formatted(divided(members.max(axis=-1), np.asarray(members.sum(axis=-1))))


@labelled
def herfindahl(counts: ArrayLike) -> float | Floats:
    """Return the Herfindahl-Hirschman index along the last axis: how unevenly a sum is divided.

    ``HHI = sum of (count / sum of counts)**2``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts per reporter.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` where the counts sum to 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or none is given.

    Examples
    --------
    >>> round(herfindahl([61, 20, 19]), 4)
    0.4482
    """
    squares, square = _squares(counts)
    return formatted(divided(squares, square))


@labelled
def effective_number(counts: ArrayLike) -> float | Floats:
    """Return how many equal counts would be as concentrated as those along the last axis.

    ``effective number = (sum of counts)**2 / sum of count**2``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts per reporter.

    Returns
    -------
    float or ndarray, shape (...)
        In [1, n]; ``nan`` where the counts sum to 0.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or none is given.

    Examples
    --------
    >>> round(effective_number([61, 20, 19]), 3)
    2.231
    """
    squares, square = _squares(counts)
    return formatted(divided(square, squares))


def _squares(counts: ArrayLike) -> tuple[Floats, Floats]:
    """Return the sum of squares and the square of the sum along the last axis."""
    members = as_counts(counts, "counts")
    if members.ndim == 0 or members.shape[-1] == 0:
        raise InvalidValue(
            "none are not concentrated",
            field="counts",
            value=counts,
            hint="Give one count per reporter, at least one",
        )
    return np.asarray((members**2).sum(axis=-1)), np.asarray(members.sum(axis=-1) ** 2)
