"""Corners of shares: the counts of the lowest and of the highest share.

A share grows with its part and falls with the others of its denominator. So the highest share has
the largest part and the least others, and the lowest share has the reverse.

10 victims are 3 women and girls, 5 men and boys, and 2 of unknown sex. 3 of 8 victims of known sex
are female. The 2 others can all be female, 5 in 10, or all male, 3 in 10:

>>> from thbstats.panel.share_bounds import SIDES
>>> low, high = np.zeros((2, SIDES, 1))
>>> bounds = {
...     Side.PART: (3, 3), Side.COMPLEMENT: (5, 5), Side.BASE: (8, 8),
...     Side.PART_WITH_UNKNOWN: (3, 5), Side.COMPLEMENT_WITH_UNKNOWN: (5, 7),
...     Side.FULL_COMPLEMENT: (7, 7), Side.FULL_BASE: (10, 10),
... }
>>> for side, own in bounds.items():
...     low[side], high[side] = own
>>> counts = Ranges(low, high, np.ones(low.shape))
>>> for corners in (ShareCorners.of(counts), ShareCorners.with_unknown(counts)):
...     print(corners.shares().interval(0))
3/8
3/10 to 1/2
"""

from typing import Self

import numpy as np
from attrs import frozen

from thbstats.columns import Floats, Fractions, Integers, Mask, Ranges
from thbstats.columns.records import ColumnRecord
from thbstats.panel.share_bounds import Side


@frozen(kw_only=True, eq=False)
class ShareCorners(ColumnRecord):
    """The counts of the lowest and of the highest share of n numbers, (n,) each."""

    least_part: Integers
    most_others: Floats
    largest_part: Floats
    least_others: Integers
    can_be_empty: Mask  # Whether all counts of the denominator can be 0

    @classmethod
    def of(cls, counts: Ranges) -> Self:
        """Return the corners without unknown persons; the counts are by `Side`, (9, n)."""
        low, high = counts.lower, counts.upper
        return cls(
            least_part=low[Side.PART],
            most_others=high[Side.COMPLEMENT],
            largest_part=high[Side.PART],
            least_others=low[Side.COMPLEMENT],
            can_be_empty=_are_zero(low[[Side.PART, Side.COMPLEMENT, Side.BASE]]),
        )

    @classmethod
    def with_unknown(cls, counts: Ranges) -> Self:
        """Return the corners; unknown persons are on the side that widens the bounds."""
        low, high = counts.lower, counts.upper
        sides = [Side.PART, Side.FULL_COMPLEMENT, Side.BASE, Side.FULL_BASE]
        return cls(
            least_part=low[Side.PART],
            most_others=high[Side.FULL_COMPLEMENT],
            largest_part=high[Side.PART_WITH_UNKNOWN],
            least_others=low[Side.COMPLEMENT_WITH_UNKNOWN],
            can_be_empty=_are_zero(low[sides]),
        )

    def shares(self) -> Fractions:
        """Return the lowest and the highest share of each number."""
        empty = self.can_be_empty
        part = Ranges(self.least_part, self.largest_part, empty)
        others = Ranges(self.least_others, self.most_others, empty)
        return Fractions.shares(part, others, empty)


def _are_zero(counts: Integers) -> Mask:
    return np.asarray((counts == 0).all(axis=0))
