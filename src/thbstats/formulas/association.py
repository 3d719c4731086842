"""How strongly the rows and columns of a table go together."""

import numpy as np
from numpy.typing import ArrayLike

from thbstats.errors import InvalidValue
from thbstats.formulas._numbers import Floats, as_counts, divided

__all__ = ["adjusted_residuals", "cramers_v", "pearson_residuals"]


def cramers_v(table: ArrayLike) -> float:
    """Return Cramér's V of a table: how strongly rows and columns go together.

    ``V = sqrt(X2 / (N * (k - 1)))``, with ``X2 = sum of (n - e)**2 / e``, ``e`` row total times
    column total over the total ``N``, and k the smaller number of rows and columns

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts; rows and columns with nobody in them do not count.

    Returns
    -------
    float
        In [0, 1]; ``nan`` where fewer than two rows or columns are left.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there are not two axes.

    Examples
    --------
    >>> round(cramers_v([[95, 20], [5, 80]]), 3)
    0.759

    References
    ----------
    Cramér, "Mathematical Methods of Statistics" (1946), section 21.9.
    """
    counts, expected, _ = _independent(table)
    smaller = int((expected > 0).any(axis=1).sum()), int((expected > 0).any(axis=0).sum())
    squares = divided((counts - expected) ** 2, expected)
    most = counts.sum() * (min(smaller) - 1)
    return float(np.sqrt(divided(np.asarray(np.nansum(squares)), np.asarray(max(most, 0.0)))))


def pearson_residuals(table: ArrayLike) -> Floats:
    """Return by how much each cell of a table is off independence, in roots of the expected.

    ``residual = (n - e) / sqrt(e)``, with ``e`` row total times column total over the total

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts.

    Returns
    -------
    ndarray, shape (r, c)
        ``nan`` in empty rows and columns.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there are not two axes.

    Examples
    --------
    >>> pearson_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[4.95, -4.95], [-5.75, 5.75]]
    """
    counts, expected, _ = _independent(table)
    return divided(counts - expected, np.sqrt(expected))


def adjusted_residuals(table: ArrayLike) -> Floats:
    """Return residuals that can be held against a standard normal.

    ``residual = (n - e) / sqrt(e * (1 - row share) * (1 - column share))``

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts.

    Returns
    -------
    ndarray, shape (r, c)
        ``nan`` in rows and columns that are empty or hold everybody.

    Raises
    ------
    InvalidValue
        If a count is negative, ``nan``, infinite or not a number, or there are not two axes.

    Examples
    --------
    >>> adjusted_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[10.73, -10.73], [-10.73, 10.73]]

    References
    ----------
    Haberman, "The analysis of residuals in cross-classified tables", Biometrics 29 (1973).
    """
    counts, expected, left = _independent(table)
    return divided(counts - expected, np.sqrt(expected * left))


def _independent(table: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return a table, what it would be were it independent, and what its margins leave."""
    counts = as_counts(table, "table")
    if counts.ndim != 2:
        raise InvalidValue(
            "a table has rows and columns",
            field="table",
            value=f"shape {counts.shape}",
            hint="Give a list of rows of equal length",
        )
    rows, columns, total = counts.sum(axis=1), counts.sum(axis=0), np.asarray(counts.sum())
    expected = np.nan_to_num(divided(np.outer(rows, columns), total))
    left = np.outer(divided(total - rows, total), divided(total - columns, total))
    return counts, expected, np.nan_to_num(left)
