"""A table that is being made: rows of one kind of count, in our words."""

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.exchange.defects import Ledger
from thbstats.exchange.numerals import ReadValues
from thbstats.exchange.words import Words
from thbstats.records import Schema
from thbstats.tables.columns import Codes
from thbstats.tables.keys import Keys, pack

__all__ = ["Draft"]


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
        codes = [
            Codes.compact(self.dimensions[name].codes[rows], self.dimensions[name].words)
            for name in self.schema.names
            if name in self.dimensions and name != but
        ]
        return pack(codes, len(rows))
