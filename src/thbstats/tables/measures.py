"""Numbers of a table from its columns of values, bounds, reasons and flags."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns.codes import repeat
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.tables.columns import Numbers
from thbstats.tables.encoding import (
    IntegerColumn,
    Problems,
    distinct,
    empty_column,
    is_scalar,
    read_integers,
)
from thbstats.values import Reason, flag_mask
from thbstats.values.choices import to_choice

MEASURES = ("value", "lower", "upper", "reason", "flags", "unanswered")

_NOT_GIVEN = 255
_KNOWN, _FEWER, _NOT_APPLICABLE = (
    reason.severity for reason in (Reason.KNOWN, Reason.FEWER_THAN, Reason.NOT_APPLICABLE)
)
# Reasons that need bounds.
_NEED_BOUNDS = (_KNOWN, Reason.ROUNDED.severity, _FEWER, Reason.CONFLICTING.severity)


@frozen(eq=False, kw_only=True)
class _Input:
    value: IntegerColumn
    lower: IntegerColumn
    upper: IntegerColumn
    reason: NDArray[np.uint8]


def read_numbers(columns: Mapping[str, Any], size: int, problems: Problems) -> Numbers:
    """Return the numbers of a table from its columns.

    A value alone is an exact count. A row without a value needs a reason, and bounds if the
    reason does not imply them.
    """
    flags = _read_flags(columns.get("flags"), size, problems)
    further = _read_unanswered(columns, size, problems)
    value = _read(columns, "value", size, problems)
    is_exact = not any(columns.get(name) is not None for name in ("lower", "upper", "reason"))
    if is_exact and value.missing is None and value.infinite is None:
        return Numbers(
            lower=value.numbers,
            reason=repeat(np.uint8(0), size),
            flags=flags,
            unanswered=further,
        )
    stated = _Input(
        value=value,
        lower=_read(columns, "lower", size, problems),
        upper=_read(columns, "upper", size, problems),
        reason=_read_reasons(columns.get("reason"), size, problems),
    )
    return evolve(_resolved(stated, flags, problems), unanswered=further)


def _read_unanswered(
    columns: Mapping[str, Any], size: int, problems: Problems
) -> NDArray[np.int64] | None:
    if columns.get("unanswered") is None:
        return None
    column = _read(columns, "unanswered", size, problems)
    cases = np.where(column.present, column.numbers, -1)
    return cases if (cases >= 0).any() else None


def _read(columns: Mapping[str, Any], name: str, size: int, problems: Problems) -> IntegerColumn:
    values = columns.get(name)
    if values is None:
        return empty_column(size)
    column = read_integers([values] * size if is_scalar(values) else values, name, problems)
    if column.infinite is not None and name != "upper":
        problems.rows(
            column.infinite,
            lambda row: InvalidValue(
                "must be finite: only `upper` can be infinite",
                row=row,
                field=name,
                value=np.inf,
                hint="Use a reason such as 'not_reported' for a missing count",
            ),
        )
    return column


def _read_reasons(values: Any, size: int, problems: Problems) -> NDArray[np.uint8]:
    reasons = _lookup(values, "reason", size, problems, read=_severity, gap=_NOT_GIVEN)
    return reasons.astype(np.uint8)


def _read_flags(values: Any, size: int, problems: Problems) -> NDArray[np.uint32]:
    return _lookup(values, "flags", size, problems, read=flag_mask, gap=0)


def _severity(text: object) -> int:
    plain = str(text).strip().lower().replace(" ", "_").replace("-", "_")
    return to_choice(Reason, plain, "reason").severity


def _lookup(
    values: Any, name: str, size: int, problems: Problems, *, read: Callable[[Any], int], gap: int
) -> NDArray[np.uint32]:
    """Return the number of each value; every distinct value is parsed once."""
    if values is None:
        return repeat(np.uint32(gap), size)
    if is_scalar(values):
        return repeat(np.uint32(read(values)), size)
    result = distinct(values, name)
    table: NDArray[np.uint32] = np.full(len(result.categories) + 1, gap, dtype=np.uint32)
    for code in result.present:
        value = result.categories[code]
        try:
            table[code] = read(value)
        except ThbstatsError as error:
            problems.add(error.with_location(row=result.first_row(code), field=name, value=value))
    return np.take(table, result.codes)


def _resolved(stated: _Input, flags: NDArray[np.uint32], problems: Problems) -> Numbers:
    point, reason = stated.value.present, stated.reason
    value, zero = stated.value.numbers, reason == _NOT_APPLICABLE
    lower = np.where(stated.lower.present, stated.lower.numbers, value)
    upper = np.where(point, value.astype(np.float64), np.where(zero, 0.0, np.inf))
    upper = np.where(stated.upper.present, stated.upper.numbers, upper)
    if stated.upper.infinite is not None:
        upper[stated.upper.infinite] = np.inf
    _check(stated, lower, upper, problems)
    reason = np.where(reason == _NOT_GIVEN, np.uint8(_KNOWN), reason)
    return Numbers(lower=lower, above=upper, reason=reason, flags=flags)


def _check(
    stated: _Input, lower: NDArray[np.int64], upper: NDArray[np.float64], problems: Problems
) -> None:
    """Add a problem for each row that is not valid, one per row."""
    reported = np.zeros(len(lower), dtype=np.bool_)
    for wrong, problem, field, hint in _faults(stated, lower, upper):
        problems.rows(
            wrong & ~reported,
            partial(_fault, problem=problem, field=field, hint=hint, lower=lower, upper=upper),
        )
        reported |= wrong


def _fault(
    row: int,
    *,
    problem: str,
    field: str,
    hint: str,
    lower: NDArray[np.int64],
    upper: NDArray[np.float64],
) -> InvalidValue:
    bounds = "missing" if field == "value" else f"{lower[row]} to {upper[row]:.0f}"
    return InvalidValue(problem, row=row, field=field, value=bounds, hint=hint)


def _faults(
    stated: _Input, lower: NDArray[np.int64], upper: NDArray[np.float64]
) -> list[tuple[NDArray[np.bool_], str, str, str]]:
    point, reason = stated.value.present, stated.reason
    has_reason = reason != _NOT_GIVEN
    fewer, both = reason == _FEWER, stated.lower.present & stated.upper.present
    enough = both | (fewer & stated.upper.present)
    return [
        (
            ~point & ~has_reason & ~both,
            "must be given if there is no reason",
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
            point & ((lower != stated.value.numbers) | (upper != stated.value.numbers)),
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
