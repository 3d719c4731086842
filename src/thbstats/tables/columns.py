"""Columns of a table: codes of dimensions and bounds of counts."""

from typing import Any

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.columns.codes import repeat, seal, take_rows
from thbstats.records import Schema, schema_of
from thbstats.tables.findings import NO_FINDINGS, CellFinding, FindingSets, unite_findings
from thbstats.tables.origins import Origin
from thbstats.values import Reason

__all__ = ["Columns", "Numbers"]

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
        """Return the counts of rows; row -1 is a count that was not reported.

        Parameters
        ----------
        rows : array of int
            Rows of the table, in any shape.
        """
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

    @property
    def schema(self) -> Schema:
        """The schema of the kind."""
        return schema_of(self.kind)

    def __len__(self) -> int:
        return len(self.numbers.lower)

    def __getitem__(self, name: str) -> Coded[str]:
        self.schema[name]  # raises UnknownName
        return self.dimensions[self.schema.names.index(name)]

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
        found = [
            any(not codes or finding.code in codes for finding in findings)
            for findings in self.findings
        ]
        if not any(found):
            return repeat(np.bool_(False), len(self))
        return np.array(found, dtype=np.bool_)[self.finding]

    def key(self, row: int) -> dict[str, str]:
        """Return the categories of a row by dimension."""
        pairs = zip(self.schema.names, self.dimensions, strict=True)
        return {name: column[row] for name, column in pairs}
