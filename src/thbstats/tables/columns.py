"""Columns of a table: codes, bounds of counts, and records of rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen
from attrs.converters import optional
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Ranges
from thbstats.columns.coded import seal
from thbstats.columns.records import ColumnRecord
from thbstats.errors import InvalidValue
from thbstats.records import Record, Schema
from thbstats.tables.encoding import (
    IntegerColumn,
    Problems,
    is_scalar,
    pack,
    parse_column,
    read_integers,
)
from thbstats.tables.origins import NO_FINDINGS, CellFinding, FindingSets, Origin, unite_findings
from thbstats.values import Count, Reason, flag_mask, flag_set

_MISSING = (Reason.BREAKDOWN_NOT_REPORTED, Reason.NOT_REPORTED)

_IS_REPORTED = np.array([reason not in _MISSING for reason in Reason], dtype=np.bool_)

_REASONS = tuple(Reason)

Array = NDArray[Any]

Rows = NDArray[np.intp] | NDArray[np.bool_]


def _floats(values: Any) -> NDArray[np.float64]:
    return seal(np.asarray(values, dtype=np.float64))


@frozen(eq=False, kw_only=True)
class Numbers(ColumnRecord):
    """Bounds of counts, with `Reason.severity` and `flag_mask` of each.

    ``upper`` is ``inf`` without bound. ``unanswered`` has further cases of a category with multiple
    response; -1 for other counts, ``None`` for all.
    """

    lower: NDArray[np.int64] = field(converter=seal)
    upper: NDArray[np.float64] = field(converter=_floats)
    reason: NDArray[np.uint8] = field(converter=seal)
    flags: NDArray[np.uint32] = field(converter=seal)
    unanswered: NDArray[np.int64] | None = field(converter=optional(seal), default=None)

    @property
    def further(self) -> NDArray[np.int64]:
        """The column ``unanswered``, with -1 instead of ``None``."""
        return np.full(len(self.lower), -1) if self.unanswered is None else self.unanswered

    @property
    def all(self) -> tuple[Array, ...]:
        """All columns: bounds, reasons, flags and unanswered cases."""
        return self.lower, self.upper, self.reason, self.flags, self.further

    def ranges(self, rows: NDArray[np.intp]) -> Ranges:
        """Return the counts of rows; row -1 is a count that was not reported."""
        if not len(self.lower):
            return Ranges.missing(*rows.shape)
        exists = rows >= 0
        return Ranges(
            np.where(exists, self.lower[rows], 0),
            np.where(exists, self.upper[rows], np.inf),
            exists & _IS_REPORTED[self.reason[rows]],
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
        return np.zeros(len(self.numbers.lower), dtype=np.uint32)

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
        try:
            return self._by_name[name]
        except (KeyError, TypeError):
            self.schema[name]  # raises UnknownName
            raise

    def take(self, rows: Rows) -> "Columns":
        """Return selected rows."""
        return Columns(
            schema=self.schema,
            dimensions=tuple(column.take(rows).compact() for column in self.dimensions),
            numbers=self.numbers.take(rows),
            origin=self.origin[rows],
            origins=self.origins,
            finding=self.finding[rows],
            findings=self.findings,
        )

    def findings_at(self, rows: Any) -> tuple[CellFinding, ...]:
        """Return the distinct findings of rows, or of one row, in order."""
        codes = np.unique(self.finding[rows]).tolist() if len(self.findings) > 1 else []
        return unite_findings(finding for code in codes for finding in self.findings[code])

    def has_finding(self, *codes: str) -> NDArray[np.bool_]:
        """Return a mask of rows with a finding of the codes, or with any finding."""
        has_code = np.zeros(len(self.findings), dtype=np.bool_)
        # A selection of rows has the findings of the whole table.
        for present in np.flatnonzero(np.bincount(self.finding)).tolist():
            findings = self.findings[present]
            has_code[present] = any(not codes or own.code in codes for own in findings)
        return np.asarray(has_code[self.finding])

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
        numbers, upper = self.numbers, self.numbers.upper[row]
        most = None if np.isinf(upper) else int(upper)
        return Count(int(numbers.lower[row]), most, _REASONS[numbers.reason[row]])

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
    keys = pack(dimensions, 2 * size)
    first, second = np.argsort(keys[:size]), np.argsort(keys[size:])
    joined = [
        keys,
        Coded.concat(origins).codes,
        *(np.concatenate(pair) for pair in zip(left.numbers.all, right.numbers.all, strict=True)),
    ]
    return all(np.array_equal(own[:size][first], own[size:][second]) for own in joined)


MEASURES = ("value", "lower", "upper", "reason", "flags", "unanswered")

_NOT_GIVEN = 255
_KNOWN, _FEWER, _NOT_APPLICABLE = (
    reason.severity for reason in (Reason.KNOWN, Reason.FEWER_THAN, Reason.NOT_APPLICABLE)
)
_NEED_BOUNDS = (
    *(_KNOWN, Reason.ROUNDED.severity, Reason.WIDER_CATEGORY.severity),
    *(_FEWER, Reason.CONFLICTING.severity),
)
"""Reasons that need bounds."""


def read_numbers(columns: Mapping[str, Any], size: int, problems: Problems) -> Numbers:
    """Return the numbers of a table from its columns.

    A value alone is an exact count. A row without a value needs a reason, and bounds if the
    reason does not imply them.
    """
    letters = columns.get("flags")
    masks = parse_column(letters, flag_mask, "flags", size, problems, missing=0)
    flags = masks.table(int, np.uint32) if letters is not None else np.zeros(size, dtype=np.uint32)
    further = None
    if columns.get("unanswered") is not None:
        column = _read(columns, "unanswered", size, problems)
        cases = np.where(column.present, column.numbers, -1)
        further = cases if (cases >= 0).any() else None
    value = _read(columns, "value", size, problems)
    is_exact = not any(columns.get(name) is not None for name in ("lower", "upper", "reason"))
    if is_exact and value.missing is None and value.infinite is None:
        exact, known = value.numbers, np.zeros(size, dtype=np.uint8)
        return Numbers(lower=exact, upper=exact, reason=known, flags=flags, unanswered=further)
    least, most = (_read(columns, name, size, problems) for name in ("lower", "upper"))
    reason = parse_column(
        columns.get("reason"), _severity, "reason", size, problems, missing=_NOT_GIVEN
    ).table(int, np.uint8)
    point = value.present
    implied = np.where(reason == _NOT_APPLICABLE, 0.0, np.inf)
    lower = np.where(least.present, least.numbers, value.numbers)
    upper = np.where(point, value.numbers.astype(np.float64), implied)
    upper = np.where(most.present, most.numbers, upper)
    if most.infinite is not None:
        upper[most.infinite] = np.inf
    has_reason, both = reason != _NOT_GIVEN, least.present & most.present
    enough = both | ((reason == _FEWER) & most.present)
    faults = [
        (
            ~point & ~has_reason & ~both,
            "must be given for a count without a reason",
            "value",
            "Add a column `reason`, for example 'not_reported'",
        ),
        (
            ~point & np.isin(reason, _NEED_BOUNDS) & ~enough,
            "must be given for this reason",
            "upper",
            "Add lower and upper: '<5' is lower 0, upper 4",
        ),
        (
            point & ((lower != value.numbers) | (upper != value.numbers)),
            "must agree with the value",
            "lower",
            "Use the value, or the bounds with a reason",
        ),
        (lower > upper, "must be at most the upper bound", "lower", "Correct the bounds"),
        (
            (lower != upper) & (~has_reason | (reason == _KNOWN)),
            "must not be 'known' if the bounds differ",
            "reason",
            "Use another reason, for example 'rounded'",
        ),
        (
            (upper != 0) & (reason == _NOT_APPLICABLE),
            "must be 0 if the count is not applicable",
            "upper",
            "Omit the bounds, or use another reason",
        ),
    ]
    reported = np.zeros(size, dtype=np.bool_)
    for wrong, problem, name, hint in faults:

        def fault(row: int, problem: str = problem, name: str = name, hint: str = hint) -> Any:
            bounds = "missing" if name == "value" else f"{lower[row]} to {upper[row]:.0f}"
            return InvalidValue(problem, row=row, field=name, value=bounds, hint=hint)

        problems.rows(wrong & ~reported, fault)  # one problem per row
        reported |= wrong
    return Numbers(
        lower=lower,
        upper=upper,
        reason=np.where(has_reason, reason, np.uint8(_KNOWN)),
        flags=flags,
        unanswered=further,
    )


def _read(columns: Mapping[str, Any], name: str, size: int, problems: Problems) -> IntegerColumn:
    values = columns.get(name)
    if values is None:
        missing = np.ones(size, dtype=np.bool_)
        return IntegerColumn(numbers=np.zeros(size, dtype=np.int64), missing=missing)
    column = read_integers([values] * size if is_scalar(values) else values, name, problems)
    if column.infinite is not None and name != "upper":
        problem = "must be finite: only `upper` can be infinite"
        hint = "Use a reason such as 'not_reported' for a missing count"
        problems.values(column.infinite, name, np.full(size, np.inf), problem, hint)
    return column


def _severity(text: object) -> int:
    plain = str(text).strip().lower().replace(" ", "_").replace("-", "_")
    return Reason(plain).severity
