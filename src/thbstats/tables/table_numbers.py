"""Numbers of a table from its columns of values, bounds, reasons and flags."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from thbstats.columns.codes import repeat
from thbstats.errors import InvalidValue
from thbstats.tables.columns import Numbers
from thbstats.tables.encoding import (
    IntegerColumn,
    Problems,
    is_scalar,
    parse_column,
    read_integers,
)
from thbstats.values import Reason, flag_mask

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
    flags = masks.table(int, np.uint32) if letters is not None else repeat(np.uint32(0), size)
    further = None
    if columns.get("unanswered") is not None:
        column = _read(columns, "unanswered", size, problems)
        cases = np.where(column.present, column.numbers, -1)
        further = cases if (cases >= 0).any() else None
    value = _read(columns, "value", size, problems)
    is_exact = not any(columns.get(name) is not None for name in ("lower", "upper", "reason"))
    if is_exact and value.missing is None and value.infinite is None:
        reason = repeat(np.uint8(0), size)
        return Numbers(lower=value.numbers, reason=reason, flags=flags, unanswered=further)
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
    for wrong, problem, field, hint in faults:

        def fault(row: int, problem: str = problem, field: str = field, hint: str = hint) -> Any:
            bounds = "missing" if field == "value" else f"{lower[row]} to {upper[row]:.0f}"
            return InvalidValue(problem, row=row, field=field, value=bounds, hint=hint)

        problems.rows(wrong & ~reported, fault)  # one problem per row
        reported |= wrong
    return Numbers(
        lower=lower,
        above=upper,
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
