"""Removal of a country from a table."""

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import ImpossibleResult, NoSuchCell
from thbstats.geography import Area, parse_country
from thbstats.tables.build import check_keys, concat
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.findings import gather_findings
from thbstats.tables.keys import pack
from thbstats.tables.origins import Interner, Origin, unite, without_country
from thbstats.tables.sums import resolve_origins
from thbstats.values import Reason

_NOT_APPLICABLE = Reason.NOT_APPLICABLE.severity
_MOST_LISTED = 5


@frozen(eq=False, kw_only=True)
class _Removal:
    """Rows of compositions with a country, and the matching rows of the country."""

    columns: Columns
    country: str
    composition: NDArray[np.intp]
    part: NDArray[np.intp]


def remove_country(columns: Columns, area: str) -> Columns:
    """Return the table without a country.

    The rows of the country are removed. From a composition that includes it, its row for the
    same cell is subtracted; the result is named "... without ...".
    """
    country = parse_country(area)
    rows = columns["area"].codes
    own = _rows_of(columns, [country])
    including = [code for code in columns["area"].categories if _includes(code, country)]
    composition = _rows_of(columns, including)
    if not len(own):
        raise _no_row(columns, country, including)
    part = _matched(columns, country, composition, own)
    remaining = np.ones(len(rows), dtype=np.bool_)
    remaining[own] = remaining[composition] = False
    retained = columns.take(remaining)
    if not len(composition):
        return retained
    removal = _Removal(columns=columns, country=country, composition=composition, part=part)
    return concat([retained, _without_existing(_remainders(removal), retained)])


def _rows_of(columns: Columns, codes: list[str]) -> NDArray[np.intp]:
    area = columns["area"]
    selected = np.array([code in codes for code in area.categories], dtype=np.bool_)
    return np.flatnonzero(selected[area.codes]) if selected.any() else np.zeros(0, dtype=np.intp)


def _includes(code: str, country: str) -> bool:
    return code != country and country in Area.parse(code).members


def _no_row(columns: Columns, country: str, including: list[str]) -> NoSuchCell:
    names = ", ".join(columns["area"].categories[:_MOST_LISTED])
    hint = (
        f"Use `infer` for bounds: {', '.join(including)} includes the country"
        if including
        else f"Use one of the areas {names or '(none)'}"
    )
    return NoSuchCell("must have rows in the table", field="area", value=country, hint=hint)


def _matched(
    columns: Columns, country: str, composition: NDArray[np.intp], own: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the row of the country for each row of a composition."""
    names = columns.schema.names
    others = [columns[name] for name in names if name != "area"]
    keys = pack(others, len(columns)).values
    order = own[np.argsort(keys[own])]
    positions = np.searchsorted(keys[order], keys[composition])
    result = order[np.minimum(positions, len(order) - 1)]
    unmatched = composition[keys[result] != keys[composition]]
    if len(unmatched):
        raise _unmatched_error(columns, country, unmatched)
    return result


def _unmatched_error(columns: Columns, country: str, rows: NDArray[np.intp]) -> NoSuchCell:
    varying = [name for name in columns.schema.names if len(columns[name].categories) > 1]
    keys = [
        ", ".join(
            f"{name} {code}" for name, code in columns.key(int(row)).items() if name in varying
        )
        for row in rows[:_MOST_LISTED]
    ]
    more = f" and {len(rows) - _MOST_LISTED} more" if len(rows) > _MOST_LISTED else ""
    return NoSuchCell(
        f"must have a row of {country} for {' | '.join(keys)}{more}",
        field="area",
        value=country,
        hint=f"Select other cells with where(...), or add the rows of {country} with a reason",
    )


def _remainders(removal: _Removal) -> Columns:
    """Return the rows of the compositions minus the country."""
    columns = removal.columns.take(removal.composition)
    area = columns["area"]
    names = [Area.parse(code).without(removal.country).code for code in area.categories]
    origin, origins, inside = _origins(removal)
    renamed = Coded(area.codes, names) if names else area
    dimensions = tuple(
        renamed if name == "area" else column
        for name, column in zip(columns.schema.names, columns.dimensions, strict=True)
    )
    # The difference has the findings of both rows.
    both = np.concatenate([removal.composition, removal.part[inside]])
    positions = np.concatenate([np.arange(len(removal.composition)), np.flatnonzero(inside)])
    having = removal.columns.has_finding()[both]
    finding, findings = gather_findings(
        positions[having],
        removal.columns.finding[both[having]],
        removal.columns.findings,
        len(removal.composition),
    )
    return check_keys(
        evolve(
            columns,
            dimensions=dimensions,
            numbers=_subtracted(removal, inside),
            origin=origin,
            origins=origins,
            finding=finding,
            findings=findings,
        )
    )


def _origins(
    removal: _Removal,
) -> tuple[NDArray[Any], tuple[Origin, ...], NDArray[np.bool_]]:
    """Return the new origins, and a mask of compositions that include the country."""
    codes, origins = resolve_origins(removal.columns)
    size = len(origins)
    pairs, positions = np.unique(
        codes[removal.composition] * size + codes[removal.part], return_inverse=True
    )
    interner, table, inside = Interner(), [], []
    for pair in pairs.tolist():
        composition, part = origins[pair // size], origins[pair % size]
        within = composition.reporters is None or removal.country in composition.reporters
        sources = unite([composition, part]).sources if within else composition.sources
        left = without_country(composition, removal.country)
        table.append(interner.code(evolve(left, sources=sources)))
        inside.append(within)
    return (
        np.array(table, dtype=np.uint32)[positions],
        interner.values,
        np.array(inside, dtype=np.bool_)[positions],
    )


def _subtracted(removal: _Removal, inside: NDArray[np.bool_]) -> Numbers:
    """Return the differences of independent counts.

    Nothing is subtracted from a composition whose documented reporters exclude the country.
    """
    numbers = removal.columns.numbers
    composition, part = numbers.take(removal.composition), numbers.take(removal.part)
    subtracted = inside & (part.reason != _NOT_APPLICABLE) & (composition.reason != _NOT_APPLICABLE)
    upper_part = np.where(subtracted, part.upper, 0.0)
    lower_part = np.where(subtracted, part.lower, 0)
    bounded = np.where(np.isinf(upper_part), 0, upper_part).astype(np.int64)
    lower = np.where(np.isinf(upper_part), 0, np.maximum(composition.lower - bounded, 0))
    upper = composition.upper - lower_part
    _check_possible(removal, upper)
    return Numbers(
        lower=lower,
        above=upper,
        reason=np.where(
            subtracted, np.maximum(composition.reason, part.reason), composition.reason
        ),
        flags=np.where(subtracted, composition.flags | part.flags, composition.flags),
        unanswered=_unanswered(composition, part, subtracted),
    )


def _unanswered(
    composition: Numbers, part: Numbers, subtracted: NDArray[np.bool_]
) -> NDArray[np.int64] | None:
    """Return the unanswered cases minus those of the country."""
    if composition.unanswered is None:
        return None
    difference = np.maximum(composition.further - np.maximum(part.further, 0), 0)
    unknown = (composition.further < 0) | (subtracted & (part.further < 0))
    return np.where(unknown, -1, np.where(subtracted, difference, composition.further))


def _check_possible(removal: _Removal, upper: NDArray[np.float64]) -> None:
    below = np.flatnonzero(upper < 0)
    if len(below):
        row, part = int(removal.composition[below[0]]), int(removal.part[below[0]])
        key = removal.columns.key(row)
        raise ImpossibleResult(
            f"must be at least the count of {removal.country}",
            row=f"{row} and {part}",
            value=key,
            hint="Check both figures and their counting units",
        )


def _without_existing(remainders: Columns, retained: Columns) -> Columns:
    """Return the computed rows that the table does not contain."""
    if not len(retained):
        return remainders
    areas = remainders["area"].categories
    existing = {_key(retained, row) for row in _rows_of(retained, list(areas))}
    rows = [row for row in range(len(remainders)) if _key(remainders, row) not in existing]
    return remainders.take(np.array(rows, dtype=np.intp))


def _key(columns: Columns, row: int) -> tuple[tuple[str, str], ...]:
    return tuple(columns.key(row).items())
