"""Sums of counts."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import InvalidValue, MixedTotals
from thbstats.geography import COMPOSITIONS, Area
from thbstats.records import Dimension, Schema
from thbstats.tables.columns import CodeSets, Columns, Numbers, code_sets
from thbstats.tables.findings import FindingSets, gather_findings
from thbstats.tables.keys import groups, pack
from thbstats.tables.origins import Interner, Origin, resolve_reporters, unite
from thbstats.values import LARGEST_COUNT, Period, Reason


@frozen(eq=False, kw_only=True)
class Summing:
    """Rows and groups of a sum.

    Parameters
    ----------
    columns : Columns
        The rows.
    by : tuple of str
        The dimensions of the result.
    group : array of int, shape (rows,)
        The row of the result to which each row adds.
    first : array of int
        The first row of each group.
    """

    columns: Columns
    by: tuple[str, ...]
    group: NDArray[np.intp]
    first: NDArray[np.intp]

    def sets(self, name: str) -> CodeSets:
        """Return the codes of a dimension in each group."""
        column = self.columns[name]
        return code_sets(self.group, column.codes, len(column.categories))


def check_mixing(summing: Summing) -> None:
    """Raise an error if a sum counts parts twice or adds different units or statuses."""
    for dimension in summing.columns.schema.dimensions:
        varies = len(summing.columns[dimension.name].categories) > 1
        if not varies or dimension.name in summing.by:
            continue
        if dimension.total is not None:
            _check_parts(summing, dimension)
        elif dimension.content in ("area", "period"):
            _check_overlaps(summing, dimension)
        else:
            _check_equal(summing, dimension)


def _check_parts(summing: Summing, dimension: Dimension) -> None:
    """Check for totals and parts within one area and period."""
    names = dict.fromkeys((*summing.by, "area", "period"))
    finer = [summing.columns[name] for name in names]
    group, first = groups(pack(finer, len(summing.columns)))
    within = Summing(columns=summing.columns, by=tuple(names), group=group, first=first)
    _check_overlaps(within, dimension)


def _check_overlaps(summing: Summing, dimension: Dimension) -> None:
    categories = summing.columns[dimension.name].categories
    possible = _overlaps(dimension, categories)
    if not possible:
        return
    result = summing.sets(dimension.name)
    for number, codes in enumerate(result.sets):
        for single, other in possible:
            if {single, other} <= codes:
                first = summing.first[result.of_group == number]
                _raise_if_mixed(summing, dimension, (categories[single], categories[other]), first)


@lru_cache(maxsize=256)
def _overlaps(dimension: Dimension, categories: tuple[str, ...]) -> list[tuple[int, int]]:
    return [
        (single, other)
        for single, other in combinations(range(len(categories)), 2)
        if dimension.overlaps(categories[single], categories[other])
    ]


def _raise_if_mixed(
    summing: Summing, dimension: Dimension, pair: tuple[str, str], rows: NDArray[np.intp]
) -> None:
    """Raise an error if two codes overlap in an area and period of the rows."""
    columns = summing.columns.take(rows)
    context = pack([columns["area"], columns["period"]], len(rows))
    for row in rows[groups(context)[1]]:
        key = summing.columns.key(int(row))
        if dimension.content != "citizenship" or dimension.overlaps(
            *pair, area=key["area"], period=key["period"]
        ):
            where = {name: key[name] for name in summing.by}
            raise _overlap_error(dimension, pair, where, summing.columns[dimension.name].categories)


def _overlap_error(
    dimension: Dimension,
    pair: tuple[str, str],
    where: dict[str, str],
    categories: Sequence[str],
) -> MixedTotals:
    single, other = pair
    parts = [code for code in categories if code != single and not dimension.overlaps(single, code)]
    name = dimension.name
    remaining = parts or [code for code in categories if code != single]
    return MixedTotals(
        f"must not overlap in a sum: {single!r} and {other!r}",
        field=name,
        value=where,
        hint=f"Select where({name}={single!r}) or where({name}={_list_text(remaining)}), "
        f"or add by=(..., {name!r})",
    )


def _list_text(codes: Sequence[str]) -> str:
    return f"[{', '.join(map(repr, codes[:5]))}{', ...' if len(codes) > 5 else ''}]"


def _check_equal(summing: Summing, dimension: Dimension) -> None:
    result = summing.sets(dimension.name)
    categories = summing.columns[dimension.name].categories
    for codes in result.sets:
        if len(codes) > 1:
            names = sorted(categories[code] for code in codes)
            raise _difference_error(dimension.name, names, summing.by)


def _difference_error(name: str, codes: Sequence[str], by: Iterable[str]) -> MixedTotals:
    names = ", ".join(repr(other) for other in (*by, name))
    return MixedTotals(
        "must be equal in all rows of a sum",
        field=name,
        value=", ".join(codes),
        hint=f"Select one with where({name}={codes[0]!r}), or add by=({names})",
    )


def union_column(summing: Summing, dimension: Dimension) -> Coded[str]:
    """Return the column of a dimension in the result of a sum."""
    column, size = summing.columns[dimension.name], len(summing.first)
    if len(column.categories) <= 1 or dimension.name in summing.by:
        return column.take(summing.first).compact()
    if dimension.total is not None:
        return Coded.constant(dimension.common_parent(column.categories), size)
    if dimension.content == "area":
        return _labelled(summing, dimension, _area)
    if dimension.content == "period":
        return _labelled(summing, dimension, _period)
    return column.take(summing.first).compact()


def _labelled(
    summing: Summing, dimension: Dimension, label: Callable[[Sequence[str]], str]
) -> Coded[str]:
    """Return one label per group, made once for each distinct set of codes."""
    result = summing.sets(dimension.name)
    names = summing.columns[dimension.name].categories
    labels = [label([names[code] for code in sorted(codes)]) for codes in result.sets]
    categories = sorted(set(labels), key=dimension.sort_key)
    positions = np.array([categories.index(name) for name in labels], dtype=np.intp)
    return Coded(positions[result.of_group], categories).compact()


def _area(codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return codes[0]
    members = frozenset().union(*(Area.parse(code).members for code in codes))
    named = (area.code for area in COMPOSITIONS.values() if area.members == members)
    return next(named, None) or Area.from_countries(members).code


def _period(codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return codes[0]
    try:
        return str(Period.joined(map(Period.parse, codes)))
    except InvalidValue:
        raise MixedTotals(
            "must be consecutive in a sum",
            field="period",
            value=", ".join(codes),
            hint="Select consecutive periods with where(period=[...]), or add by=(..., 'period')",
        ) from None


_NOT_APPLICABLE = Reason.NOT_APPLICABLE.severity

_NOT_REPORTED = Reason.BREAKDOWN_NOT_REPORTED.severity


def sum_rows(columns: Columns, by: Iterable[str]) -> Columns:
    """Return the sums over all dimensions that are not in ``by``."""
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
    result = _totals(group, np.maximum(further, 0), size).astype(np.int64)
    return np.where(lacking, -1, result)


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
    result = code_sets(summing.group[counted], codes[counted], len(origins))
    interner = Interner()
    table = [
        interner.code(unite(origins[code] for code in sorted(members))) for members in result.sets
    ]
    return np.array(table, dtype=np.uint32)[result.of_group], interner.values


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
    result = code_sets(column.codes.astype(np.intp), codes, len(origins))
    shared: frozenset[str] | None = None
    for members in result.sets:
        reporters: set[str] = set()
        for code in members:
            listed = origins[code].reporters
            if listed is None:
                return None
            reporters |= listed
        shared = frozenset(reporters) if shared is None else shared & reporters
    return shared
