"""A table that is being made: rows of one kind of count, in our words."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.exchange.defects import Ledger
from thbstats.exchange.numerals import ReadValues
from thbstats.exchange.words import Words
from thbstats.records import Schema
from thbstats.tables.columns import Codes, narrowest
from thbstats.tables.keys import Keys, pack

__all__ = ["Draft", "grouped"]


@frozen(kw_only=True, eq=False)
class Draft:
    """Rows of one kind before they are a table.

    Parameters
    ----------
    ledger : Ledger
        All rows of the file; what is odd is written into it.
    schema : Schema
        The kind of count.
    chosen : array of bool, shape (n,)
        Which rows are of that kind.
    dimensions : mapping of str to Words
        The dimensions that the file gives, in our codes.
    values : ReadValues
        The counts.
    """

    ledger: Ledger
    schema: Schema
    chosen: NDArray[np.bool_]
    dimensions: Mapping[str, Words]
    values: ReadValues

    @property
    def rows(self) -> NDArray[np.intp]:
        """The rows that are still used."""
        return np.flatnonzero(self.chosen & self.ledger.kept)

    def keys(self, rows: NDArray[np.intp], *, but: str = "") -> Keys:
        """Return what tells some rows apart, in every dimension or in all but one."""
        without = self.dimensions.get(but)
        told = (self.dimensions[name] for name in self.schema.names if name in self.dimensions)
        apart = [words for words in told if len(words.words) > 1 and words is not without]
        return pack([Codes(_places(words, rows), words.words) for words in apart], len(rows))


def grouped(keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the group of each row, and the first row of each group, in no order that matters."""
    group, found = pd.factorize(keys.values)
    first = np.empty(len(found), dtype=np.intp)
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
    return group, first


def _places(words: Words, rows: NDArray[np.intp]) -> NDArray[Any]:
    return words.codes.take(rows).astype(narrowest(len(words.words)))
