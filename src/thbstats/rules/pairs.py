"""Pairs of numbers by their positions in a panel."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.panel import Outcome, Panel, Result, Severity

__all__ = ["Column", "Pairs"]

Column = str | Coded[Any] | NDArray[Any]
"""A column of a panel by its name, or another column of the same length."""

Key = TypeVar("Key", bound=Hashable)


@frozen(eq=False)
class Pairs:
    """Pairs of numbers.

    Parameters
    ----------
    panel : Panel
        The numbers.
    first, second : array of int, shape (m,)
        The positions of the two numbers of each pair.
    cache : dict
        Keys of numbers that were computed before, by function.
    """

    panel: Panel
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    cache: dict[Any, Any] = field(factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.first)

    def take(self, rows: Any) -> "Pairs":
        """Return some pairs.

        Parameters
        ----------
        rows : array of int or bool
            Positions or a mask.
        """
        return Pairs(self.panel, self.first[rows], self.second[rows], self.cache)

    def keys(self, columns: Sequence[Column], key: Callable[[Result], Key]) -> Coded[Key]:
        """Return a key of each number of the panel, computed once per combination of columns.

        Parameters
        ----------
        columns : sequence of str, Coded or array
            The columns on which the key depends.
        key : callable
            From a number to a hashable key.
        """
        name = (key, tuple(column for column in columns if isinstance(column, str)))
        if name not in self.cache:
            code, first = self.panel.kinds(columns)
            values = Coded.of([key(self.panel.row(i)) for i in first.tolist()])
            self.cache[name] = Coded(values.codes[code], values.categories)
        coded: Coded[Key] = self.cache[name]
        return coded

    def by_key(
        self, keys: Coded[Key], find: Callable[[Key, Key], Outcome | Severity | bool]
    ) -> NDArray[np.int8]:
        """Return what a function of two keys gives, called once per pair of keys.

        Parameters
        ----------
        keys : Coded
            The key of each number of the panel.
        find : callable
            From two keys to an `Outcome`, a `Severity` or a bool.

        Returns
        -------
        array of int8, shape (m,)
            Codes of outcomes, weights of severities, or 0 and 1.
        """
        size = len(keys.categories)
        if size == 1:
            only = _code(find(keys.categories[0], keys.categories[0]))
            return np.full(len(self), only, dtype=np.int8)
        pairs = keys.positions[self.first] * size + keys.positions[self.second]
        if size * size <= 4 * len(pairs) + 64:
            occurs = np.zeros(size * size, dtype=np.bool_)
            occurs[pairs] = True
            table = np.zeros(size * size, dtype=np.int8)
            for pair in np.flatnonzero(occurs).tolist():
                one, two = divmod(pair, size)
                table[pair] = _code(find(keys.categories[one], keys.categories[two]))
            found: NDArray[np.int8] = table[pairs]
            return found
        occurring, inverse = np.unique(pairs, return_inverse=True)
        codes = [
            _code(find(keys.categories[pair // size], keys.categories[pair % size]))
            for pair in occurring.tolist()
        ]
        return np.array(codes, dtype=np.int8)[inverse]


def _code(found: Outcome | Severity | bool) -> int:
    if isinstance(found, Outcome):
        return found.code
    return found.weight if isinstance(found, Severity) else int(found)
