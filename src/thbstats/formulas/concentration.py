"""Concentration of a sum on its largest members."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from thbstats.formulas._columns import row_formula
from thbstats.formulas._numbers import (
    Floats,
    Missing,
    as_counts,
    divide,
    plain,
    require_reporters,
)

__all__ = ["effective_number", "herfindahl", "largest_share"]


@row_formula
def largest_share(counts: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the share of the largest count along the last axis.

    ``largest_share = max(counts) / sum(counts)``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts per reporting country.
    missing : {"raise", "propagate"}
        Whether a missing count raises an error (default) or makes its row ``nan``.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` if the counts sum to 0.

    Raises
    ------
    InvalidValue
        If a value is not a count, or there is none.

    Examples
    --------
    >>> largest_share([61, 20, 19])
    0.61
    """
    members = as_counts(counts, "counts")
    require_reporters(members, "counts", counts)
    return plain(divide(members.max(axis=-1), np.asarray(members.sum(axis=-1))))


@row_formula
def herfindahl(counts: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the Herfindahl-Hirschman index along the last axis.

    ``herfindahl = sum of (count / sum of counts)**2``

    Parameters
    ----------
    counts, missing
        As for `largest_share`.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` if the counts sum to 0.

    Raises
    ------
    InvalidValue
        If a value is not a count, or there is none.

    Examples
    --------
    >>> round(herfindahl([61, 20, 19]), 4)
    0.4482
    """
    squares, square = _squares(counts)
    return plain(divide(squares, square))


@row_formula
def effective_number(counts: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the effective number of members along the last axis.

    ``effective_number = (sum of counts)**2 / sum of count**2``: the number of equal counts with
    the same Herfindahl-Hirschman index.

    Parameters
    ----------
    counts, missing
        As for `largest_share`.

    Returns
    -------
    float or ndarray, shape (...)
        In [1, n]; ``nan`` if the counts sum to 0.

    Raises
    ------
    InvalidValue
        If a value is not a count, or there is none.

    Examples
    --------
    >>> round(effective_number([61, 20, 19]), 3)
    2.231
    """
    squares, square = _squares(counts)
    return plain(divide(square, squares))


def _squares(counts: ArrayLike) -> tuple[Floats, Floats]:
    """Return the sum of squares and the square of the sum along the last axis."""
    members = as_counts(counts, "counts")
    require_reporters(members, "counts", counts)
    return np.asarray((members**2).sum(axis=-1)), np.asarray(members.sum(axis=-1) ** 2)
