"""A total and the categories that divide it, for many countries at once."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Ranges

__all__ = ["SLIP_COUNT", "SLIP_SHARE", "Division", "excess_of", "unknown_hull", "unknown_sum"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = NDArray[np.intp]

SLIP_SHARE, SLIP_COUNT = 0.005, 10
"""An excess of the parts up to this share and this number of persons is a discrepancy."""


@frozen(kw_only=True, eq=False)
class Division:
    """A total and the categories that divide it, for p countries."""

    total: Ranges  # (p,): the total
    parts: Ranges  # (k, p): the recorded categories; 0 and given where a category is not in use
    unknown: Ranges  # (u, p): the unknown categories; 0 and given where one is not in use
    has_unknown: Mask  # (p,): whether any unknown category is in use
    closed: Mask  # (p,): whether the categories are all that the source records
    suppressed: Mask  # (p,): whether the source suppresses the total or any category
    # Whether one person can have several categories; ``None`` to judge by the counts.
    overlaps: bool | None
    can_overlap: bool  # Whether the dimension allows it at all
    # (k, p): for tables of cases, the further persons to whom a category may apply; ``nan`` where
    # that is not documented. It documents that the categories overlap.
    unanswered: Floats | None = None


def excess_of(division: Division) -> tuple[Mask, Mask, Mask, Floats]:
    """Return where parts exceed their total."""
    total, unknown = division.total.upper, unknown_sum(division).lower
    low = division.parts.lower.astype(np.float64)
    excess = low.sum(axis=0) + unknown - total
    # One person can be in several unknown cells too.
    largest = low.max(axis=0, initial=0) + unknown_hull(division).lower - total
    allowed = np.minimum(np.floor(SLIP_SHARE * np.where(np.isinf(total), 0, total)), SLIP_COUNT)
    if division.overlaps is None:
        over = (excess > allowed) & (largest <= 0)
        if division.unanswered is not None:
            over |= (division.unanswered >= 0).any(axis=0)
        over &= division.can_overlap
    else:
        over = np.full(len(total), division.overlaps)
    beyond = np.where(over, largest, excess)
    return beyond > allowed, (beyond > 0) & (beyond <= allowed), over, beyond


def unknown_sum(division: Division) -> Ranges:
    """Return the sum of the unknown categories; missing where none is in use."""
    cells = division.unknown
    if not len(cells.lower):
        return Ranges.missing(*division.total.shape)
    return cells.sum(axis=0).where(division.has_unknown, Ranges.missing(*division.total.shape))


def unknown_hull(division: Division) -> Ranges:
    """Return the unknown where one person can be in several cells: the largest to the sum."""
    cells = division.unknown
    if not len(cells.lower):
        return Ranges.missing(*division.total.shape)
    summed = cells.sum(axis=0)
    hull = Ranges(cells.lower.max(axis=0), summed.upper, summed.given)
    return hull.where(division.has_unknown, Ranges.missing(*division.total.shape))
