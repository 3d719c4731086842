"""Concentration of a sum on its largest members, and association of rows and columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from thbstats.errors import require
from thbstats.formulas._numbers import (
    Floats,
    Missing,
    as_counts,
    as_rows,
    column_formula,
    divide,
    plain,
    row_formula,
)


@row_formula
def largest_share(counts: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the share of the largest count along the last axis.

    ``largest_share = max(counts) / sum(counts)``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts per reporting country. A missing count makes its row missing.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` if the counts sum to 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> largest_share([61, 20, 19])
    0.61
    """
    members = as_rows(counts, "counts")
    return plain(divide(members.max(axis=-1), members.sum(axis=-1)))


@row_formula
def herfindahl(counts: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the Herfindahl-Hirschman index along the last axis.

    ``herfindahl = sum of (count / sum of counts)**2``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        As for `largest_share`.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` if the counts sum to 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(herfindahl([61, 20, 19]), 4)
    0.4482
    """
    return plain(squared_shares(as_rows(counts, "counts")))


@row_formula
def effective_number(counts: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the effective number of members along the last axis.

    ``effective_number = (sum of counts)**2 / sum of count**2``: the number of equal counts with
    the same Herfindahl-Hirschman index.

    Parameters
    ----------
    counts : array_like, shape (..., n)
        As for `largest_share`.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray, shape (...)
        In [1, n]; ``nan`` if the counts sum to 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(effective_number([61, 20, 19]), 3)
    2.231
    """
    return plain(divide(1.0, squared_shares(as_rows(counts, "counts"))))


def squared_shares(counts: Any) -> Any:
    """Return the sum of the squared shares along the last axis; exact for fractions."""
    return divide((counts**2).sum(axis=-1), counts.sum(axis=-1) ** 2)


@column_formula
def cramers_v(table: ArrayLike) -> float:
    """Return Cramér's V of a table.

    ``V = sqrt(X2 / (N * (k - 1)))``, with ``X2 = sum of (n - e)**2 / e``, ``e`` row total times
    column total over the total ``N``, and ``k`` the smaller number of rows and columns.

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts; rows and columns that sum to 0 are left out.

    Returns
    -------
    float
        In [0, 1]; ``nan`` if fewer than two rows or columns remain.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(cramers_v([[95, 20], [5, 80]]), 3)
    0.759

    References
    ----------
    Cramér, "Mathematical Methods of Statistics" (1946), section 21.9.
    """
    return float(np.sqrt(divide(*chi_square(_table(table)))))


@column_formula
def pearson_residuals(table: ArrayLike) -> Floats:
    """Return the Pearson residuals of a table.

    ``residual = (n - e) / sqrt(e)``, with ``e`` row total times column total over the total.

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts.

    Returns
    -------
    ndarray, shape (r, c)
        ``nan`` in rows and columns that sum to 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> pearson_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[4.95, -4.95], [-5.75, 5.75]]
    """
    counts = _table(table)
    expected, _ = independence(counts)
    residuals: Floats = divide(counts - expected, np.sqrt(expected))
    return residuals


@column_formula
def adjusted_residuals(table: ArrayLike) -> Floats:
    """Return the adjusted residuals of a table, approximately standard normal.

    ``residual = (n - e) / sqrt(e * (1 - row share) * (1 - column share))``

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts.

    Returns
    -------
    ndarray, shape (r, c)
        ``nan`` in rows and columns that sum to 0 or to the total.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> adjusted_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[10.73, -10.73], [-10.73, 10.73]]

    References
    ----------
    Haberman, "The analysis of residuals in cross-classified tables", Biometrics 29 (1973).
    """
    counts = _table(table)
    expected, variance = independence(counts)
    residuals: Floats = divide(counts - expected, np.sqrt(expected * variance))
    return residuals


def _table(table: ArrayLike) -> Floats:
    counts, hint = as_counts(table, "table"), "Give a list of rows of equal length"
    require(counts.ndim == 2, "must have rows and columns", hint, table=f"shape {counts.shape}")
    return counts


def independence(tables: Any, *, with_variance: bool = True) -> tuple[Any, Any]:
    """Return expected counts, and (1 - row share) * (1 - column share), of the last two axes."""
    across, down = (tables.sum(axis=axis, keepdims=True) for axis in (-1, -2))
    total = across.sum(axis=-2, keepdims=True)
    others = (divide(total - margin, total, 0) for margin in (across, down))
    return divide(across * down, total, 0), np.multiply(*others) if with_variance else None


def chi_square(tables: Any) -> tuple[Any, Any]:
    """Return the statistics of tables of the last two axes, and their largest possible values."""
    expected, _ = independence(tables, with_variance=False)
    smaller = np.minimum(*((expected != 0).any(axis=axis).sum(axis=-1) for axis in (-1, -2)))
    squares = divide((tables - expected) ** 2, expected, 0)
    largest = tables.sum(axis=(-1, -2)) * np.maximum(smaller - 1, 0)
    return squares.sum(axis=(-1, -2)), largest
