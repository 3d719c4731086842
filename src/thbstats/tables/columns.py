"""Columns of a table: codes, bounds of counts, and records of rows."""

from typing import Any

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Ranges
from thbstats.columns.codes import repeat, seal, take_rows
from thbstats.records import Record, Schema
from thbstats.tables.cell_findings import NO_FINDINGS, CellFinding, FindingSets, unite_findings
from thbstats.tables.keys import pack
from thbstats.tables.origins import Origin
from thbstats.values import Count, Reason, flag_set

_MISSING = (Reason.BREAKDOWN_NOT_REPORTED, Reason.NOT_REPORTED)

_IS_REPORTED = np.array([reason not in _MISSING for reason in Reason], dtype=np.bool_)

_REASONS = tuple(Reason)

Array = NDArray[Any]

Rows = NDArray[np.intp] | NDArray[np.bool_]


@frozen(eq=False, kw_only=True)
class Numbers:
    """Bounds of counts, with `Reason.severity` and `flag_mask` of each.

    ``above`` is ``inf`` without bound, and ``None`` if all counts are exact. ``unanswered`` has
    further cases of a category with multiple response; -1 for other counts, ``None`` for all.
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
    def all(self) -> tuple[Array, ...]:
        """All columns: bounds, reasons, flags and unanswered cases."""
        return self.lower, self.upper, self.reason, self.flags, self.further

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
    """Columns of a table: dimensions in the order of the schema, counts, origins and findings.

    ``origin`` and ``finding`` are positions in ``origins`` and ``findings``. The first set of
    findings is empty.
    """

    schema: Schema
    dimensions: tuple[Coded[str], ...]
    numbers: Numbers
    origin: Array = field(converter=seal)
    origins: tuple[Origin, ...]
    finding: Array = field(converter=seal)
    findings: FindingSets = NO_FINDINGS

    @finding.default
    def _no_finding(self) -> Array:
        return repeat(np.uint32(0), len(self.numbers.lower))

    @property
    def kind(self) -> str:
        """The kind of counts."""
        return self.schema.kind

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
            schema=self.schema,
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
        return {name: column[row] for name, column in self._by_name.items()}

    def common(self) -> dict[str, str]:
        """Return the categories that all rows have, without defaults, by dimension."""
        pairs = zip(self.schema.dimensions, self.dimensions, strict=True)
        return {
            dimension.name: column.categories[0]
            for dimension, column in pairs
            if len(column.categories) == 1 and column.categories != (dimension.default,)
        }

    def count(self, row: int) -> Count:
        """Return the count of a row."""
        numbers, upper = self.numbers, self.numbers.upper_at(row)
        above = None if np.isinf(upper) else int(upper)
        return Count(int(numbers.lower[row]), above, _REASONS[numbers.reason[row]])

    def record(self, row: int) -> Record:
        """Return the record of a row."""
        origin, further = self.origins[self.origin[row]], self.numbers.unanswered
        return self.schema.record(
            **self.key(row),
            count=self.count(row),
            source=origin.sources,
            reporters=origin.reporters,
            n_reporters=origin.n_reporters,
            flags=flag_set(int(self.numbers.flags[row])),
            unanswered=None if further is None or further[row] < 0 else int(further[row]),
        )


def same_rows(left: Columns, right: Columns) -> bool:
    """Return whether two tables have the same cells with the same counts and origins.

    Findings are not compared: they depend on the file format.
    """
    if left.schema != right.schema or len(left) != len(right):
        return False
    size = len(left)
    pairs = zip(left.dimensions, right.dimensions, strict=True)
    dimensions = [Coded.concat(pair) for pair in pairs]
    origins = [Coded(columns.origin, columns.origins) for columns in (left, right)]
    keys = pack(dimensions, 2 * size).values
    first, second = np.argsort(keys[:size]), np.argsort(keys[size:])
    joined = [
        keys,
        Coded.concat(origins).codes,
        *(np.concatenate(pair) for pair in zip(left.numbers.all, right.numbers.all, strict=True)),
    ]
    return all(np.array_equal(own[:size][first], own[size:][second]) for own in joined)
