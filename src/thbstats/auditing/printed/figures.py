"""A table of printed percentages: what each row prints, and the counts that stand beside it."""

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.auditing.printed.columns import Counts, Printed, Words

__all__ = ["CHANGE", "KINDS", "SHARE", "TOTAL", "Figures"]

KINDS = ("share", "change", "total")
"""What a row can be; a total is the whole that the shares of its group make."""

SHARE, CHANGE, TOTAL = range(3)


@frozen(eq=False, kw_only=True)
class Figures:
    """The rows of a table.

    Parameters
    ----------
    title : str
        What the table is called.
    ids : Words
        The name of each row.
    kinds : array of int8, shape (n,)
        Positions in `KINDS`.
    printed : Printed
        The percentages.
    texts : Words
        The same as they stand in the table.
    tops, bases : mapping of str to Counts
        Numerators or new counts, and denominators or old counts. What the rows themselves state
        is under the empty name and comes first; the others are candidates.
    group : array of int64, shape (n,), or None
        What belongs together, as positions in ``groups``; -1 for nothing.
    groups : tuple of str
        The names of the groups.
    rank : array of int64, shape (n,), or None
        The printed ranks, 0 where there is none.
    notes : tuple of str
        What is true of the table as a whole.
    """

    title: str
    ids: Words
    kinds: NDArray[np.int8]
    printed: Printed
    texts: Words
    tops: Mapping[str, Counts]
    bases: Mapping[str, Counts]
    group: NDArray[np.int64] | None = None
    groups: tuple[str, ...] = ()
    rank: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def is_change(self) -> NDArray[np.bool_]:
        """Which rows print a change."""
        return np.asarray(self.kinds == CHANGE)

    @property
    def top(self) -> Counts:
        """The numerators, or new counts, that the rows state."""
        return self.tops[""]

    @property
    def base(self) -> Counts:
        """The denominators, or old counts, that the rows state."""
        return self.bases[""]

    @property
    def others(self) -> list[tuple[str, str]]:
        """Every pair of a numerator and a base other than the stated one, by their names."""
        pairs = [(top, base) for top in self.tops for base in self.bases]
        return [pair for pair in pairs if pair != ("", "")]
