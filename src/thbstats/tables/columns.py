"""The columns of a table: codes for the dimensions, numbers for the counts."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from thbstats.records import Schema, schema_of
from thbstats.tables.findings import NO_FINDINGS, CellFinding, FindingSets, united
from thbstats.tables.origins import Origin

__all__ = [
    "Codes",
    "Columns",
    "Numbers",
    "blocks",
    "looked_up",
    "narrowed",
    "narrowest",
    "repeat",
    "sealed",
    "standing",
]

Array = NDArray[Any]
_BLOCK = 1 << 16
_SAMPLE = 1 << 14  # rows in which every category usually stands

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


def blocks(size: int) -> Iterator[slice]:
    """Yield slices of rows that fit into the cache with what is made from them."""
    return (slice(start, min(start + _BLOCK, size)) for start in range(0, size, _BLOCK))


def looked_up(table: Array, codes: Array, found: Array | None = None) -> Array:
    """Return the entry of a table for each code; that of -1 is the last.

    The result is written into ``found``, if that is given and of the right type.
    """
    found = _room(len(codes), table.dtype, found)
    if table.dtype.itemsize == 1 and codes.dtype.itemsize == 1:
        _translate(table.view(np.uint8), codes, found.view(np.uint8))
        return found
    for block in blocks(len(codes)):
        # Without a mode, numpy would go through a copy of its own.
        np.take(table, codes[block], out=found[block], mode="wrap")
    return found


def narrowed(codes: Array, dtype: Any, found: Array | None = None) -> Array:
    """Return codes in a narrower type, written into ``found`` if that is of the type."""
    found = _room(len(codes), dtype, found)
    np.copyto(found, codes, casting="unsafe")
    return found


def _room(size: int, dtype: Any, found: Array | None) -> Array:
    return np.empty(size, dtype) if found is None or found.dtype != dtype else found


def _translate(table: Array, codes: Array, found: Array) -> None:
    """Look up bytes as text, which takes half as long as numpy, whose positions are words."""
    letters = np.zeros(256, dtype=np.uint8)
    letters[: len(table)] = table
    letters[-1] = table[-1]  # -1 as an unsigned byte
    for block in blocks(len(codes)):
        text = codes[block].tobytes().translate(letters.tobytes())
        found[block] = np.frombuffer(text, dtype=np.uint8)


def standing(codes: Array, size: int) -> list[int]:
    """Return which of so many codes stand in some row; -1 is none of them."""
    step = len(codes) // _SAMPLE | 1  # odd, since most cycles of categories are even
    found = _standing(codes[::step], size)
    return found if step == 1 or len(found) == size else _standing(codes, size)


def _standing(codes: Array, size: int) -> list[int]:
    places = codes.astype(np.intp)
    places += 1
    return np.flatnonzero(np.bincount(places, minlength=size + 1)[1:]).tolist()


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
        return cls(repeat(np.uint8(0), size), (category,) if size else ())

    @classmethod
    def compact(cls, codes: Array, categories: Sequence[str]) -> "Codes":
        """Return a column without the categories that stand in no row."""
        present = standing(codes, len(categories))
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
            return Codes.constant(self.categories[0], _count(rows)) if self.categories else self
        return Codes.compact(self.codes[rows], self.categories)

    def places(self, categories: Sequence[str]) -> Array:
        """Return the codes as positions in another, wider list of categories."""
        position = {category: place for place, category in enumerate(categories)}
        places = [position[category] for category in self.categories]
        if len(places) <= 1:
            return repeat(np.intp(places[0] if places else 0), len(self.codes))
        return looked_up(np.array(places, dtype=narrowest(len(categories))), self.codes)


@frozen(eq=False, kw_only=True)
class Numbers:
    """What each count can be, and why.

    Parameters
    ----------
    lower : array of int64, shape (n,)
        The smallest possible values.
    above : array of float64, shape (n,), or None
        The largest possible values, ``inf`` where nothing bounds them; ``None`` where all are
        the smallest, so that a table of known counts stores them once.
    reason : array of uint8, shape (n,)
        `Reason.gravity`.
    flags : array of uint32, shape (n,)
        `flag_mask`.
    unanswered : array of int64, shape (n,), or None
        Above each count of multiple response, the further cases to which its category may apply,
        because their answer is unknown; -1 for all other counts, ``None`` where all are others.
    """

    lower: NDArray[np.int64] = field(converter=sealed)
    above: NDArray[np.float64] | None = field(converter=optional(sealed), default=None)
    reason: NDArray[np.uint8] = field(converter=sealed)
    flags: NDArray[np.uint32] = field(converter=sealed)
    unanswered: NDArray[np.int64] | None = field(converter=optional(sealed), default=None)

    @property
    def further(self) -> NDArray[np.int64]:
        """The column `unanswered`; -1 in all rows where the table has none."""
        if self.unanswered is None:
            return sealed(repeat(np.int64(-1), len(self.lower)))
        return self.unanswered

    @property
    def upper(self) -> NDArray[np.float64]:
        """The largest possible values, ``inf`` where nothing bounds them."""
        return sealed(self.lower.astype(np.float64)) if self.above is None else self.above

    def upper_at(self, rows: Any) -> Any:
        """Return the largest possible values of some rows, or of one."""
        column = self.lower if self.above is None else self.above
        return column[rows]

    def take(self, rows: Rows) -> "Numbers":
        """Return the numbers of some rows."""
        return Numbers(
            lower=self.lower[rows],
            above=None if self.above is None else self.above[rows],
            reason=_taken(self.reason, rows),
            flags=_taken(self.flags, rows),
            unanswered=None if self.unanswered is None else self.unanswered[rows],
        )


def repeat(value: Any, size: int) -> Array:
    """Return a column in which every row has the same value, at no cost."""
    return np.broadcast_to(value, (size,))


def _taken(column: Array, rows: Rows) -> Array:
    if len(column) and column.strides == (0,):
        return repeat(column[0], _count(rows))
    return column[rows]


def _count(rows: Rows) -> int:
    return int(np.count_nonzero(rows)) if rows.dtype == np.bool_ else len(rows)


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
    finding : array of unsigned int, shape (n,), optional
        Positions in ``findings``; 0 in every row unless it is given.
    findings : tuple of tuple of CellFinding, optional
        The sets of findings that cells have; the first is empty.
    """

    kind: str
    dimensions: tuple[Codes, ...]
    numbers: Numbers
    origin: Array = field(converter=sealed)
    origins: tuple[Origin, ...]
    finding: Array = field(converter=sealed)
    findings: FindingSets = NO_FINDINGS

    @finding.default
    def _no_finding(self) -> Array:
        return repeat(np.uint32(0), len(self.numbers.lower))

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
            origin=_taken(self.origin, rows),
            origins=self.origins,
            finding=_taken(self.finding, rows),
            findings=self.findings,
        )

    def findings_at(self, rows: Any) -> tuple[CellFinding, ...]:
        """Return the distinct findings of some rows, or of one, in order."""
        codes = np.unique(self.finding[rows]).tolist() if len(self.findings) > 1 else []
        return united(finding for code in codes for finding in self.findings[code])

    def has_finding(self, *codes: str) -> NDArray[np.bool_]:
        """Return in which rows a cell has a finding of one of some codes, or any finding."""
        found = [
            any(not codes or finding.code in codes for finding in findings)
            for findings in self.findings
        ]
        if not any(found):
            return repeat(np.bool_(False), len(self))
        return np.array(found, dtype=np.bool_)[self.finding]

    def key(self, row: int) -> dict[str, str]:
        """Return the category of a row in each dimension."""
        pairs = zip(self.schema.names, self.dimensions, strict=True)
        return {name: column.categories[column.codes[row]] for name, column in pairs}
