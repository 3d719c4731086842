"""The counts of each country in the shares of a panel."""

from typing import Any

import numpy as np

from thbstats.columns import Coded
from thbstats.columns.blocks import Blocks
from thbstats.columns.ranges import any_of
from thbstats.panel.kind import ResultKind
from thbstats.panel.parts import Parts
from thbstats.panel.pooled_shares import PooledShares
from thbstats.panel.share_bounds import Side


def parts_of_shares(shares: PooledShares) -> Parts:
    """Return the counts of each country in each row: number by number, one row per category.

    A number without any reported count has rows without countries.
    """
    read, width = shares.read, len(shares.categories)
    is_reported = read.windows.counts.reported[:, read.windows.countries].any(axis=0)
    has_counts = any_of(is_reported, read.cells.start)
    index: Any = 0, slice(int(read.start[-1]))
    if width > 1 or not has_counts.all():
        # Each category of a number has a copy of the countries of this number.
        numbers = np.flatnonzero(has_counts)
        copies = Blocks(read.start).copies(np.repeat(numbers, width))
        index = np.tile(np.arange(width), len(numbers))[copies.block], copies.item
    sizes = np.repeat(np.where(has_counts, read.sizes, 0), width)
    own = shares.sides[(slice(None), *index)].split()
    denominators = [Side.PART, Side.BASE, Side.FULL_COMPLEMENT, Side.FULL_BASE]
    return Parts(
        start=np.concatenate([[0], np.cumsum(sizes)]),
        members=read.member.take(index[1]),
        numerator=own[Side.PART],
        complement=own[Side.COMPLEMENT],
        reported=shares.complete.by_country[index],
        kind=Coded.constant(ResultKind.SHARE, len(sizes)),
        numerator_with_unknown=own[Side.PART_WITH_UNKNOWN],
        complement_with_unknown=own[Side.COMPLEMENT_WITH_UNKNOWN],
        unknown=own[Side.UNKNOWN],
        base=own[Side.BASE],
        positive_with_unknown=np.any([own[side].lower > 0 for side in denominators], axis=0),
    )
