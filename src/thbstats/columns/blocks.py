"""Blocks of adjacent items, and copies of them."""

import numpy as np
from attrs import frozen

from thbstats.columns.coded import Index


@frozen(eq=False)
class Copies:
    """Copies of c blocks of items, in sequence."""

    item: Index  # (items of all copies,): the item of which each one is a copy
    block: Index  # The same shape: the number of the copy
    shift: Index  # (c,): the place of an item among the copies less its place among the items


@frozen(eq=False)
class Blocks:
    """Blocks of different numbers of items, in sequence.

    Items 0 1 and 2 3 4 are two blocks. With copies of block 1, of block 0, and of block 1 again,
    item 2 is at place 0 of the first copy, and 5 of the last one:

    >>> copies = Blocks(np.array([0, 2, 5])).copies(np.array([1, 0, 1]))
    >>> copies.item, copies.block
    (array([2, 3, 4, 0, 1, 2, 3, 4]), array([0, 0, 0, 1, 1, 2, 2, 2]))
    >>> copies.shift
    array([-2,  3,  3])
    """

    starts: Index  # The first item of each block, and the end of the last one

    def copies(self, blocks: Index) -> Copies:
        """Return copies of some blocks, which can repeat."""
        stops = self.starts[blocks + 1]
        sizes = stops - self.starts[blocks]
        shift = np.cumsum(sizes) - stops
        block = np.repeat(np.arange(len(blocks)), sizes)
        return Copies(np.arange(len(block)) - shift[block], block, shift)
