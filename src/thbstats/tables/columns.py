"""The columns of a table: codes for the dimensions, numbers for the counts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.records import Schema, schema_of
from thbstats.tables.origins import Origin

__all__ = ["Codes", "Columns", "Numbers", "narrowest", "sealed"]

Array = NDArray[Any]
Rows = NDArray[np.intp] | NDArray[np.bool_]


def sealed(array: Array) -> Array:
    """Return the array, no longer writable."""
    array.flags.writeable = False
    return array


def narrowest(size: int) -> Any:
    """Return the narrowest unsigned type for this many different values."""
    for dtype in (np.uint8, np.uint16, np.uint32):
        if size <= np.iinfo(dtype).max + 1:
            return dtype
    return np.uint64


@frozen(eq=False)
class Codes:
    """One dimension: a code per row, and what the codes stand for.

    Parameters
    ----------
    codes : array of unsigned int, shape (n,)
        Positions in ``categories``; a column of one category is a view of a single zero.
    categories : tuple of str
        Each stands in some row.
    """

    codes: Array = field(converter=sealed)
    categories: tuple[str, ...]

    @classmethod
    def constant(cls, category: str, size: int) -> "Codes":
        """Return a column in which every row has the same category."""
        zeros = np.broadcast_to(np.uint8(0), (size,))
        return cls(zeros, (category,) if size else ())

    @classmethod
    def compact(
        cls, codes: Array, categories: Sequence[str], counts: Array | None = None
    ) -> "Codes":
        """Return a column without the categories that stand in no row."""
        if counts is None:
            counts = np.bincount(codes, minlength=len(categories))
        present: list[int] = np.flatnonzero(counts).tolist()
        if len(present) <= 1:
            return cls.constant(categories[present[0]] if len(present) else "", len(codes))
        dtype = narrowest(len(present))
        if len(present) < len(categories):
            places = np.zeros(len(categories), dtype=dtype)
            places[present] = np.arange(len(present))
            codes = places[codes]
        return cls(codes.astype(dtype, copy=False), tuple(categories[place] for place in present))

    def take(self, rows: Rows) -> "Codes":
        """Return the column of some rows."""
        if len(self.categories) <= 1:
            size = int(np.count_nonzero(rows)) if rows.dtype == np.bool_ else len(rows)
            return Codes.constant(self.categories[0], size) if self.categories else self
        return Codes.compact(self.codes[rows], self.categories)

    def places(self, categories: Sequence[str]) -> Array:
        """Return the codes as positions in another, wider list of categories."""
        position = {category: place for place, category in enumerate(categories)}
        places = [position[category] for category in self.categories]
        if len(places) <= 1:
            return np.broadcast_to(np.array(places[0] if places else 0, np.intp), self.codes.shape)
        table = np.array(places, dtype=narrowest(len(categories)))
        return table[self.codes]


@frozen(eq=False, kw_only=True)
class Numbers:
    """What each count can be, and why.

    Parameters
    ----------
    lower : array of int64, shape (n,)
        The smallest possible values.
    upper : array of float64, shape (n,)
        The largest possible values; ``inf`` where nothing bounds them.
    reason : array of uint8, shape (n,)
        `Reason.gravity`.
    flags : array of uint32, shape (n,)
        `flag_mask`.
    """

    lower: NDArray[np.int64] = field(converter=sealed)
    upper: NDArray[np.float64] = field(converter=sealed)
    reason: NDArray[np.uint8] = field(converter=sealed)
    flags: NDArray[np.uint32] = field(converter=sealed)

    def take(self, rows: Rows) -> "Numbers":
        """Return the numbers of some rows."""
        return Numbers(
            lower=self.lower[rows],
            upper=self.upper[rows],
            reason=self.reason[rows],
            flags=self.flags[rows],
        )


@frozen(eq=False, kw_only=True)
class Columns:
    """All columns of a table.

    Parameters
    ----------
    kind : str
        The kind of record.
    dimensions : tuple of Codes
        In the order of the schema.
    numbers : Numbers
        The counts.
    origin : Codes
        Positions in ``origins``.
    origins : tuple of Origin
        Each stands behind some row.
    """

    kind: str
    dimensions: tuple[Codes, ...]
    numbers: Numbers
    origin: Array = field(converter=sealed)
    origins: tuple[Origin, ...]

    @property
    def schema(self) -> Schema:
        """The dimensions of the kind of record."""
        return schema_of(self.kind)

    def __len__(self) -> int:
        return len(self.numbers.lower)

    def __getitem__(self, name: str) -> Codes:
        self.schema[name]  # refuses a name that does not exist
        return self.dimensions[self.schema.names.index(name)]

    def take(self, rows: Rows) -> "Columns":
        """Return some rows."""
        return Columns(
            kind=self.kind,
            dimensions=tuple(column.take(rows) for column in self.dimensions),
            numbers=self.numbers.take(rows),
            origin=self.origin[rows],
            origins=self.origins,
        )

    def key(self, row: int) -> dict[str, str]:
        """Return the category of a row in each dimension."""
        pairs = zip(self.schema.names, self.dimensions, strict=True)
        return {name: column.categories[column.codes[row]] for name, column in pairs}
