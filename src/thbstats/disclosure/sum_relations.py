"""Sums between cells."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

__all__ = ["Group", "SumRelations"]

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

Group = tuple[int, list[int], str, float, float]
"""The total, its parts, the dimension and the bounds of the difference."""


@frozen(eq=False, kw_only=True, slots=False)
class SumRelations:
    """Sums between the cells of a table, as columns.

    Parameters
    ----------
    relation, cell : array of int, shape (t,)
        The terms, sorted by relation; the total is the first term of each relation.
    sign : array of float64, shape (t,)
        1 for the total, -1 for a part.
    low, high : array of float64, shape (m,)
        The bounds of the total less its parts.
    along : tuple of str
        The dimension of each relation.
    """

    relation: Ints
    cell: Ints
    sign: Floats
    low: Floats
    high: Floats
    along: tuple[str, ...]

    @classmethod
    def of_groups(cls, groups: Iterable[Group]) -> "SumRelations":
        """Return the relations of some totals with their parts."""
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
        """The index of the first term of each relation, and the number of terms."""
        return np.searchsorted(self.relation, np.arange(len(self) + 1))

    def terms(self, relation: int) -> tuple[Ints, Floats]:
        """Return the cells of a relation and their signs."""
        terms = slice(self.starts[relation], self.starts[relation + 1])
        return self.cell[terms], self.sign[terms]

    @cached_property
    def _by_cell(self) -> tuple[Ints, Ints]:
        """Return the terms in the order of their cells, and those cells."""
        order = np.argsort(self.cell, kind="stable")
        return order, self.cell[order]

    def of(self, cells: Ints) -> Ints:
        """Return the relations of some cells."""
        order, sorted_ = self._by_cell
        unique = np.unique(cells)
        left, right = (np.searchsorted(sorted_, unique, side) for side in ("left", "right"))
        found = [self.relation[order[a:b]] for a, b in zip(left, right, strict=True)]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.intp)

    def take(self, selected: NDArray[np.bool_]) -> "SumRelations":
        """Return the selected relations."""
        terms = selected[self.relation]
        indices = np.cumsum(selected) - 1
        return SumRelations(
            relation=indices[self.relation[terms]],
            cell=self.cell[terms],
            sign=self.sign[terms],
            low=self.low[selected],
            high=self.high[selected],
            along=tuple(name for name, keep in zip(self.along, selected, strict=True) if keep),
        )
