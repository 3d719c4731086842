"""Sums of the cells of a table, as columns."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

__all__ = ["Group", "Relations"]

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

Group = tuple[int, list[int], str, float, float]
"""The whole, its parts, the dimension, and what the whole less its parts can be."""


@frozen(eq=False, kw_only=True, slots=False)
class Relations:
    """Sums, as columns: for each a whole less its parts, and what that difference can be.

    Parameters
    ----------
    relation, cell : array of int, shape (t,)
        The terms, sorted by relation; the whole is the first term of each.
    sign : array of float64, shape (t,)
        1 for the whole, -1 for a part.
    low, high : array of float64, shape (m,)
        What the whole less its parts is at least and at most.
    along : tuple of str
        The dimension of each.
    """

    relation: Ints
    cell: Ints
    sign: Floats
    low: Floats
    high: Floats
    along: tuple[str, ...]

    @classmethod
    def of_groups(cls, groups: Iterable[Group]) -> "Relations":
        """Return the sums of some wholes with their parts."""
        groups = list(groups)
        sizes = np.array([1 + len(parts) for _, parts, *_ in groups], dtype=np.intp)
        cells = [cell for whole, parts, *_ in groups for cell in (whole, *parts)]
        sign = np.full(len(cells), -1.0)
        sign[np.cumsum(sizes) - sizes] = 1.0
        return cls(
            relation=np.repeat(np.arange(len(groups)), sizes),
            cell=np.array(cells, dtype=np.intp),
            sign=sign,
            low=np.array([low for *_, low, _ in groups], dtype=np.float64),
            high=np.array([high for *_, high in groups], dtype=np.float64),
            along=tuple(along for _, _, along, _, _ in groups),
        )

    def __len__(self) -> int:
        return len(self.low)

    @cached_property
    def starts(self) -> Ints:
        """Where the terms of each begin, and behind them how many terms there are."""
        return np.searchsorted(self.relation, np.arange(len(self) + 1))

    def terms(self, relation: int) -> tuple[Ints, Floats]:
        """Return the cells of a relation and their signs."""
        at = slice(self.starts[relation], self.starts[relation + 1])
        return self.cell[at], self.sign[at]

    @cached_property
    def _by_cell(self) -> tuple[Ints, Ints]:
        """The terms in the order of their cells, and those cells."""
        order = np.argsort(self.cell, kind="stable")
        return order, self.cell[order]

    def of(self, cells: Ints) -> Ints:
        """Return the relations of some cells."""
        order, sorted_ = self._by_cell
        unique = np.unique(cells)
        left, right = (np.searchsorted(sorted_, unique, side) for side in ("left", "right"))
        found = [self.relation[order[a:b]] for a, b in zip(left, right, strict=True)]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.intp)

    def take(self, kept: NDArray[np.bool_]) -> "Relations":
        """Return some of them."""
        terms = kept[self.relation]
        places = np.cumsum(kept) - 1
        return Relations(
            relation=places[self.relation[terms]],
            cell=self.cell[terms],
            sign=self.sign[terms],
            low=self.low[kept],
            high=self.high[kept],
            along=tuple(name for name, keep in zip(self.along, kept, strict=True) if keep),
        )
