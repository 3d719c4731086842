"""Integer percentages that sum to 100."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import InvalidValue
from thbstats.formulas._columns import column_formula
from thbstats.formulas._numbers import as_counts, positions, require_reporters
from thbstats.values import is_integer

__all__ = ["largest_remainder"]


@column_formula
def largest_remainder(counts: ArrayLike, units: int = 100) -> NDArray[np.int64]:
    """Return integer units in proportion to counts, by largest remainders.

    ``u_c = floor(units n_c / N)``, plus 1 for the largest remainders until the sum is ``units``.

    Parameters
    ----------
    counts : array of int, shape (..., n)
        Counts; each row along the last axis is apportioned.
    units : int
        The sum of each row: 100 for percentages (default), 1000 for one decimal.

    Returns
    -------
    array of int64, same shape
        Each less than 1 from its exact proportion. Of equal remainders the larger count has
        priority, then the first one.

    Raises
    ------
    InvalidValue
        If a count is negative or not an integer, a row sums to 0, or ``units`` is below 1.

    Examples
    --------
    >>> largest_remainder([1, 1, 1])
    array([34, 33, 33])
    >>> largest_remainder([9759, 4532, 3137], 1000)
    array([560, 260, 180])

    References
    ----------
    M. L. Balinski and H. P. Young, Fair Representation (Yale, 1982).
    """
    numbers = as_counts(counts, "counts")
    require_reporters(numbers, "counts", counts)
    wrong = numbers != np.floor(numbers)
    if wrong.any():
        raise InvalidValue(
            f"must be integers, wrong at {positions(wrong)}",
            field="counts",
            value=float(numbers[wrong].flat[0]),
            hint="Give counts, not rates or percentages",
        )
    if not is_integer(units, least=1):
        raise InvalidValue(
            "must be an integer above 0",
            field="units",
            value=units,
            hint="Give 100 for percentages",
        )
    rows = numbers.reshape(-1, numbers.shape[-1]).astype(np.int64).tolist()
    return np.array([_apportion(row, units) for row in rows], np.int64).reshape(numbers.shape)


def _apportion(row: list[int], units: int) -> list[int]:
    """Return units in Python integers: counts times units can exceed 2**63."""
    total = sum(row)
    if total == 0:
        raise InvalidValue(
            "must not sum to 0", field="counts", value=row, hint="Leave this row out"
        )
    pairs = [divmod(n * units, total) for n in row]
    left = units - sum(floor for floor, _ in pairs)
    order = sorted(range(len(row)), key=lambda i: (-pairs[i][1], -row[i], i))
    raised = set(order[:left])
    return [floor + (i in raised) for i, (floor, _) in enumerate(pairs)]
