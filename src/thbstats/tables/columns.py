"""Columns of a table: codes, bounds of counts, and records of rows."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.columns.codes import repeat, seal, take_rows
from thbstats.records import Record, Schema, schema_of
from thbstats.tables.findings import NO_FINDINGS, CellFinding, FindingSets, unite_findings
from thbstats.tables.keys import distinct_pairs, pack
from thbstats.tables.origins import Origin
from thbstats.values import Count, Reason, flag_set

_MISSING = (Reason.BREAKDOWN_NOT_REPORTED, Reason.NOT_REPORTED)

_IS_REPORTED = np.array([reason not in _MISSING for reason in Reason], dtype=np.bool_)

Array = NDArray[Any]

Rows = NDArray[np.intp] | NDArray[np.bool_]


@frozen(eq=False, kw_only=True)
class Numbers:
    """Bounds of counts, with reasons and flags.

    Parameters
    ----------
    lower : array of int64, shape (n,)
        Lower bounds.
    above : array of float64, shape (n,), or None
        Upper bounds, ``inf`` if not bounded; ``None`` if all counts are exact.
    reason : array of uint8, shape (n,)
        `Reason.severity`.
    flags : array of uint32, shape (n,)
        `flag_mask`.
    unanswered : array of int64, shape (n,), or None
        Further cases of a category with multiple response whose answer is unknown; -1 for other
        counts, ``None`` if no count has multiple response.
    """

    lower: NDArray[np.int64] = field(converter=seal)
    above: NDArray[np.float64] | None = field(converter=optional(seal), default=None)
    reason: NDArray[np.uint8] = field(converter=seal)
    flags: NDArray[np.uint32] = field(converter=seal)
    unanswered: NDArray[np.int64] | None = field(converter=optional(seal), default=None)

    @property
    def further(self) -> NDArray[np.int64]:
        """The column ``unanswered``, with -1 instead of ``None``."""
        if self.unanswered is None:
            return seal(repeat(np.int64(-1), len(self.lower)))
        return self.unanswered

    @property
    def upper(self) -> NDArray[np.float64]:
        """Upper bounds, ``inf`` if not bounded."""
        return seal(self.lower.astype(np.float64)) if self.above is None else self.above

    def upper_at(self, rows: Any) -> Any:
        """Return the upper bounds of rows, or of one row."""
        column = self.lower if self.above is None else self.above
        return column[rows]

    def ranges(self, rows: NDArray[np.intp]) -> Ranges:
        """Return the counts of rows; row -1 is a count that was not reported."""
        if not len(self.lower):
            return Ranges.missing(*rows.shape)
        exists = rows >= 0
        return Ranges(
            np.where(exists, self.lower[rows], 0),
            np.where(exists, self.upper_at(rows), np.inf),
            exists & _IS_REPORTED[self.reason[rows]],
        )

    def take(self, rows: Rows) -> "Numbers":
        """Return the numbers of selected rows."""
        return Numbers(
            lower=self.lower[rows],
            above=None if self.above is None else self.above[rows],
            reason=take_rows(self.reason, rows),
            flags=take_rows(self.flags, rows),
            unanswered=None if self.unanswered is None else self.unanswered[rows],
        )


@frozen(eq=False, kw_only=True)
class Columns:
    """Columns of a table.

    Parameters
    ----------
    kind : str
        The kind of record.
    dimensions : tuple of Coded
        In the order of the schema.
    numbers : Numbers
        The counts.
    origin : array of unsigned int, shape (n,)
        Positions in ``origins``.
    origins : tuple of Origin
        Sources and reporting countries.
    finding : array of unsigned int, shape (n,), optional
        Positions in ``findings``; default 0 in all rows.
    findings : tuple of tuple of CellFinding, optional
        Distinct sets of findings; the first is empty.
    """

    kind: str
    dimensions: tuple[Coded[str], ...]
    numbers: Numbers
    origin: Array = field(converter=seal)
    origins: tuple[Origin, ...]
    finding: Array = field(converter=seal)
    findings: FindingSets = NO_FINDINGS

    @finding.default
    def _no_finding(self) -> Array:
        return repeat(np.uint32(0), len(self.numbers.lower))

    @cached_property
    def schema(self) -> Schema:
        """The schema of the kind."""
        return schema_of(self.kind)

    @cached_property
    def _by_name(self) -> dict[str, Coded[str]]:
        return dict(zip(self.schema.names, self.dimensions, strict=True))

    def __len__(self) -> int:
        return len(self.numbers.lower)

    def __getitem__(self, name: str) -> Coded[str]:
        if name not in self._by_name:
            self.schema[name]  # raises UnknownName
        return self._by_name[name]

    def take(self, rows: Rows) -> "Columns":
        """Return selected rows."""
        return Columns(
            kind=self.kind,
            dimensions=tuple(column.take(rows).compact() for column in self.dimensions),
            numbers=self.numbers.take(rows),
            origin=take_rows(self.origin, rows),
            origins=self.origins,
            finding=take_rows(self.finding, rows),
            findings=self.findings,
        )

    def findings_at(self, rows: Any) -> tuple[CellFinding, ...]:
        """Return the distinct findings of rows, or of one row, in order."""
        codes = np.unique(self.finding[rows]).tolist() if len(self.findings) > 1 else []
        return unite_findings(finding for code in codes for finding in self.findings[code])

    def has_finding(self, *codes: str) -> NDArray[np.bool_]:
        """Return a mask of rows with a finding of the codes, or with any finding."""
        result = [
            any(not codes or finding.code in codes for finding in findings)
            for findings in self.findings
        ]
        if not any(result):
            return repeat(np.bool_(False), len(self))
        return np.array(result, dtype=np.bool_)[self.finding]

    def key(self, row: int) -> dict[str, str]:
        """Return the categories of a row by dimension."""
        pairs = zip(self.schema.names, self.dimensions, strict=True)
        return {name: column[row] for name, column in pairs}


_BITS = 64


@frozen(eq=False, kw_only=True)
class CodeSets:
    """Distinct sets of codes of groups.

    Parameters
    ----------
    of_group : array of int, shape (groups,)
        Position in ``sets`` of each group.
    sets : list of frozenset of int
        The distinct sets.
    """

    of_group: NDArray[np.intp]
    sets: list[frozenset[int]]


def code_sets(group: NDArray[np.intp], codes: NDArray[Any], n_codes: int) -> CodeSets:
    """Return the set of codes of each group."""
    owner, code = distinct_pairs(group, codes, (int(group.max()) + 1, n_codes))
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    if len(starts) == len(owner):
        result, of_group = np.unique(code, return_inverse=True)
        return CodeSets(of_group=of_group, sets=[frozenset({int(item)}) for item in result])
    masks = np.stack([_mask(code, block, starts) for block in range(-(-n_codes // _BITS))], axis=1)
    of_group, first = _same_rows(masks)
    return CodeSets(of_group=of_group, sets=[_bits(row) for row in masks[first]])


def _same_rows(masks: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the number of each distinct row, and its first position."""
    column: NDArray[Any] = masks[:, 0]
    for block in masks.T[1:]:
        _, left = np.unique(column, return_inverse=True)
        result, right = np.unique(block, return_inverse=True)
        column = left.astype(np.int64) * len(result) + right
    _, first, of_group = np.unique(column, return_index=True, return_inverse=True)
    return of_group, first


def _mask(code: NDArray[np.int64], block: int, starts: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Return for each group the bits of the codes of one 64-bit block."""
    bits = np.left_shift(np.uint64(1), (code % _BITS).astype(np.uint64))
    inside = np.where(code // _BITS == block, bits, np.uint64(0))
    return np.bitwise_or.reduceat(inside, starts)


def _bits(blocks: NDArray[np.uint64]) -> frozenset[int]:
    return frozenset(
        position * _BITS + bit
        for position, block in enumerate(blocks.tolist())
        for bit in range(_BITS)
        if block >> bit & 1
    )


_REASONS = tuple(Reason)


def count(columns: Columns, row: int) -> Count:
    """Return the count of a row."""
    numbers = columns.numbers
    upper = numbers.upper_at(row)
    return Count(
        int(numbers.lower[row]),
        None if np.isinf(upper) else int(upper),
        _REASONS[numbers.reason[row]],
    )


def record(columns: Columns, row: int) -> Record:
    """Return the record of a row."""
    origin = columns.origins[columns.origin[row]]
    return columns.schema.record(
        **columns.key(row),
        count=count(columns, row),
        source=origin.sources,
        reporters=origin.reporters,
        n_reporters=origin.n_reporters,
        flags=flag_set(int(columns.numbers.flags[row])),
        unanswered=_unanswered(columns, row),
    )


def _unanswered(columns: Columns, row: int) -> int | None:
    further = columns.numbers.unanswered
    return None if further is None or further[row] < 0 else int(further[row])


def iterate(columns: Columns) -> Iterator[Record]:
    """Yield the records of all rows."""
    return (record(columns, row) for row in range(len(columns)))


def same_rows(left: Columns, right: Columns) -> bool:
    """Return whether two tables have the same cells with the same counts and origins.

    Findings are not compared: they depend on the file format.
    """
    if left.kind != right.kind or len(left) != len(right):
        return False
    categories = [set(column.categories) for column in left.dimensions]
    if categories != [set(column.categories) for column in right.dimensions]:
        return False
    order, other_order = _sorted(left, left), _sorted(right, left)
    return all(
        np.array_equal(left[order], right[other_order]) for left, right in _pairs(left, right)
    )


def _sorted(columns: Columns, model: Columns) -> NDArray[np.intp]:
    """Return the rows in the order of their keys, in codes of another table."""
    return np.argsort(pack(_recoded(columns, model), len(columns)).values, kind="stable")


def _recoded(columns: Columns, model: Columns) -> list[Coded[str]]:
    return [
        column.recode(reference.categories)
        for column, reference in zip(columns.dimensions, model.dimensions, strict=True)
    ]


def _pairs(left: Columns, right: Columns) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    dimensions: list[tuple[NDArray[Any], NDArray[Any]]] = [
        (first.codes, second.codes)
        for first, second in zip(left.dimensions, _recoded(right, left), strict=True)
        if len(first.categories) > 1
    ]
    left_numbers, right_numbers = left.numbers, right.numbers
    numbers: list[tuple[NDArray[Any], NDArray[Any]]] = [
        (left_numbers.lower, right_numbers.lower),
        (left_numbers.upper, right_numbers.upper),
        (left_numbers.reason, right_numbers.reason),
        (left_numbers.flags, right_numbers.flags),
        (left_numbers.further, right_numbers.further),
    ]
    return [*dimensions, *numbers, *_origins(left, right)]


def _origins(left: Columns, right: Columns) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    origins = {*left.origins, *right.origins}
    positions = {origin: position for position, origin in enumerate(origins)}
    return [(_origin_codes(left, positions), _origin_codes(right, positions))]


def _origin_codes(columns: Columns, positions: Mapping[Origin, int]) -> NDArray[Any]:
    table = np.array([positions[origin] for origin in columns.origins], dtype=np.intp)
    return np.take(table, columns.origin)
