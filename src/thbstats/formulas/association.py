"""Association of the rows and columns of a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from thbstats.errors import InvalidValue
from thbstats.formulas._columns import column_formula
from thbstats.formulas._numbers import Floats, as_counts, divide

__all__ = ["adjusted_residuals", "cramers_v", "pearson_residuals"]


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
        If a value is not a count, or there are not two axes.

    Examples
    --------
    >>> round(cramers_v([[95, 20], [5, 80]]), 3)
    0.759

    References
    ----------
    Cramér, "Mathematical Methods of Statistics" (1946), section 21.9.
    """
    counts, expected, _ = _independent(table)
    smaller = min(int((expected > 0).any(axis=axis).sum()) for axis in (0, 1))
    squares = np.nansum(divide((counts - expected) ** 2, expected))
    largest = np.asarray(max(counts.sum() * (smaller - 1), 0.0))
    return float(np.sqrt(divide(np.asarray(squares), largest)))


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
        If a value is not a count, or there are not two axes.

    Examples
    --------
    >>> pearson_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[4.95, -4.95], [-5.75, 5.75]]
    """
    counts, expected, _ = _independent(table)
    return divide(counts - expected, np.sqrt(expected))


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
        If a value is not a count, or there are not two axes.

    Examples
    --------
    >>> adjusted_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[10.73, -10.73], [-10.73, 10.73]]

    References
    ----------
    Haberman, "The analysis of residuals in cross-classified tables", Biometrics 29 (1973).
    """
    counts, expected, variance = _independent(table)
    return divide(counts - expected, np.sqrt(expected * variance))


def _independent(table: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return counts, expected counts, and (1 - row share) * (1 - column share)."""
    counts = as_counts(table, "table")
    if counts.ndim != 2:
        raise InvalidValue(
            "must have rows and columns",
            field="table",
            value=f"shape {counts.shape}",
            hint="Give a list of rows of equal length",
        )
    rows, columns, total = counts.sum(axis=1), counts.sum(axis=0), np.asarray(counts.sum())
    expected = np.nan_to_num(divide(np.outer(rows, columns), total))
    variance = np.outer(divide(total - rows, total), divide(total - columns, total))
    return counts, expected, np.nan_to_num(variance)
