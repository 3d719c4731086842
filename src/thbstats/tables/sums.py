"""Sums over dimensions without double counting."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.records import Schema
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.finding_columns import gather_findings
from thbstats.tables.findings import FindingSets
from thbstats.tables.keys import groups, pack
from thbstats.tables.mixing import Summing, check_mixing
from thbstats.tables.origins import Interner, Origin, resolve_reporters, unite
from thbstats.tables.sets import code_sets
from thbstats.tables.unions import union_column
from thbstats.values import LARGEST_COUNT, Reason

__all__ = ["common_reporters", "resolve_origins", "sum_rows"]

_NOT_APPLICABLE = Reason.NOT_APPLICABLE.severity
_NOT_REPORTED = Reason.BREAKDOWN_NOT_REPORTED.severity


def sum_rows(columns: Columns, by: Iterable[str]) -> Columns:
    """Return the sums over all dimensions that are not in ``by``.

    Raises
    ------
    UnknownName
        If a dimension does not exist.
    MixedTotals
        If a sum would count parts twice, or add different units or statuses.
    InvalidValue
        If a sum is above 2**53.
    """
    names = _names(columns.schema, by)
    if not len(columns):
        return columns
    retained = [columns[name] for name in names]
    group, first = groups(pack(retained, len(columns)))
    summing = Summing(columns=columns, by=names, group=group, first=first)
    check_mixing(summing)
    counted = _counted(summing)
    origin, origins = _origins(summing, counted)
    finding, findings = _findings(summing, counted)
    return Columns(
        kind=columns.kind,
        dimensions=tuple(
            union_column(summing, dimension) for dimension in columns.schema.dimensions
        ),
        numbers=_numbers(summing, counted),
        origin=origin,
        origins=origins,
        finding=finding,
        findings=findings,
    )


def _names(schema: Schema, by: Iterable[str]) -> tuple[str, ...]:
    names = (by,) if isinstance(by, str) else tuple(by)
    return tuple(schema[name].name for name in dict.fromkeys(names))


def _counted(summing: Summing) -> NDArray[np.bool_]:
    """Return the rows to add: without not applicable, unless a group has no others."""
    applies: NDArray[np.bool_] = summing.columns.numbers.reason != _NOT_APPLICABLE
    only_not_applicable: NDArray[np.bool_] = (
        np.bincount(summing.group[applies], minlength=len(summing.first)) == 0
    )
    return applies | only_not_applicable[summing.group]


def _numbers(summing: Summing, counted: NDArray[np.bool_]) -> Numbers:
    numbers = summing.columns.numbers
    group, size = summing.group[counted], len(summing.first)
    lower = _totals(group, numbers.lower[counted], size)
    upper = _totals(group, numbers.upper[counted], size)
    _check_size(summing, lower, upper)
    return Numbers(
        lower=lower.astype(np.int64),
        above=upper,
        reason=_reduced(np.maximum, numbers.reason, group, counted, size),
        flags=_reduced(np.bitwise_or, numbers.flags, group, counted, size),
        unanswered=_unanswered(numbers, group, counted, size),
    )


def _unanswered(
    numbers: Numbers, group: NDArray[np.intp], counted: NDArray[np.bool_], size: int
) -> NDArray[np.int64] | None:
    """Return the sums of unanswered cases; -1 for counts without multiple response."""
    if numbers.unanswered is None:
        return None
    further = numbers.unanswered[counted]
    lacking = np.bincount(group[further < 0], minlength=size) > 0
    found = _totals(group, np.maximum(further, 0), size).astype(np.int64)
    return np.where(lacking, -1, found)


def _totals(group: NDArray[np.intp], ends: NDArray[Any], size: int) -> NDArray[np.float64]:
    return np.bincount(group, weights=ends, minlength=size).astype(np.float64, copy=False)


def _check_size(summing: Summing, *bounds: NDArray[np.float64]) -> None:
    # Sums below 2**53 are exact; larger sums may be rounded.
    for bound in bounds:
        large = np.flatnonzero((bound >= LARGEST_COUNT) & np.isfinite(bound))
        if len(large):
            key = summing.columns.key(int(summing.first[large[0]]))
            raise InvalidValue(
                "must be below 2**53 in a sum",
                field="value",
                value={name: key[name] for name in summing.by},
                hint="Check the figures",
            )


def _reduced(
    operation: np.ufunc,
    values: NDArray[Any],
    group: NDArray[np.intp],
    counted: NDArray[np.bool_],
    size: int,
) -> NDArray[Any]:
    result = np.zeros(size, dtype=values.dtype)
    chosen = values[counted]
    if chosen.any():
        operation.at(result, group, chosen)
    return result


def resolve_origins(columns: Columns) -> tuple[NDArray[np.intp], tuple[Origin, ...]]:
    """Return the origin of each row, with the reporters that follow from its area."""
    reported = columns.numbers.reason < _NOT_REPORTED
    area = columns["area"]
    size = len(area.categories)
    combined = (columns.origin.astype(np.int64) * size + area.codes) * 2 + reported
    pairs, positions = np.unique(combined, return_inverse=True)
    interner = Interner()
    table = [
        interner.code(
            resolve_reporters(
                columns.origins[pair // 2 // size],
                area.categories[pair // 2 % size],
                bool(pair % 2),
            )
        )
        for pair in pairs.tolist()
    ]
    return np.array(table, dtype=np.intp)[positions], interner.values


def _origins(
    summing: Summing, counted: NDArray[np.bool_]
) -> tuple[NDArray[Any], tuple[Origin, ...]]:
    codes, origins = resolve_origins(summing.columns)
    found = code_sets(summing.group[counted], codes[counted], len(origins))
    interner = Interner()
    table = [
        interner.code(unite(origins[code] for code in sorted(members))) for members in found.sets
    ]
    return np.array(table, dtype=np.uint32)[found.of_group], interner.values


def _findings(
    summing: Summing, counted: NDArray[np.bool_]
) -> tuple[NDArray[np.uint32], FindingSets]:
    """Return the findings of the rows of each sum."""
    columns = summing.columns
    rows = np.flatnonzero(counted & columns.has_finding())
    return gather_findings(
        summing.group[rows], columns.finding[rows], columns.findings, len(summing.first)
    )


def common_reporters(columns: Columns, dimension: str) -> frozenset[str] | None:
    """Return the countries with data in every category; ``None`` if not documented."""
    if not len(columns):
        return frozenset()
    column = columns[dimension]
    codes, origins = resolve_origins(columns)
    found = code_sets(column.codes.astype(np.intp), codes, len(origins))
    shared: frozenset[str] | None = None
    for members in found.sets:
        reporters: set[str] = set()
        for code in members:
            listed = origins[code].reporters
            if listed is None:
                return None
            reporters |= listed
        shared = frozenset(reporters) if shared is None else shared & reporters
    return shared
