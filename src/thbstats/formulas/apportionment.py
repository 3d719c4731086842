"""Whole percentages that make 100."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import InvalidValue
from thbstats.formulas._labels import labelled
from thbstats.formulas._numbers import as_counts
from thbstats.values import is_integer

__all__ = ["largest_remainder"]


@labelled
def largest_remainder(counts: ArrayLike, units: int = 100) -> NDArray[np.int64]:
    """Return counts as so many units that add up, the largest remainders rounded up.

    ``u_c = floor(units n_c / N)``, plus 1 for as many of the largest remainders as units are left

    Parameters
    ----------
    counts : array of int, shape (..., n)
        Counts; each row along the last axis is divided by itself.
    units : int
        How many units each row gets: 100 for percentages, 1000 for one digit after the point.

    Returns
    -------
    array of int64, same shape
        Each less than 1 from its share of the units. Of equal remainders the larger count comes
        first, then the one that is listed first.

    Raises
    ------
    InvalidValue
        If a count is negative or not whole, a row counts nobody, or there are no units.

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
    whole = as_counts(counts, "counts")
    if not whole.ndim or not whole.shape[-1] or (whole != np.floor(whole)).any():
        raise InvalidValue(
            "rows of whole counts are needed",
            field="counts",
            value=np.asarray(counts).tolist(),
            hint="Give counts, not rates or percentages",
        )
    if not is_integer(units, least=1):
        raise InvalidValue(
            "at least one whole unit", field="units", value=units, hint="Give for example 100"
        )
    rows = whole.reshape(-1, whole.shape[-1]).astype(np.int64).tolist()
    return np.array([_apportioned(row, units) for row in rows], np.int64).reshape(whole.shape)


def _apportioned(row: list[int], units: int) -> list[int]:
    """Units in Python's numbers: counts times units can pass 2**63."""
    total = sum(row)
    if total == 0:
        raise InvalidValue(
            "nobody is counted", field="counts", value=row, hint="Leave out rows without anybody"
        )
    pairs = [divmod(n * units, total) for n in row]
    left = units - sum(floor for floor, _ in pairs)
    order = sorted(range(len(row)), key=lambda place: (-pairs[place][1], -row[place], place))
    raised = set(order[:left])
    return [floor + (place in raised) for place, (floor, _) in enumerate(pairs)]
