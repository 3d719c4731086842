"""A table without one of its countries."""

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import ImpossibleResult, NoSuchCell
from thbstats.geography import Area, parse_country
from thbstats.tables.build import check_keys
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.concatenation import concat
from thbstats.tables.finding_columns import gathered
from thbstats.tables.keys import pack
from thbstats.tables.origins import Interner, Origin, unite, without_country
from thbstats.tables.sums import resolve_origins
from thbstats.values import Reason

__all__ = ["removed"]

_NOT_APPLICABLE = Reason.NOT_APPLICABLE.severity
_SHOWN = 5


@frozen(eq=False, kw_only=True)
class _Removal:
    """A removal: which rows are compositions with the country, and their rows of the country."""

    columns: Columns
    country: str
    whole: NDArray[np.intp]
    part: NDArray[np.intp]


def removed(columns: Columns, area: str) -> Columns:
    """Return the table without a country.

    Its own rows go. From a composition that includes it, its row for the same cell is
    subtracted, and the result is called "... without ...".

    Raises
    ------
    UnknownName
        If there is no such country.
    NoSuchCell
        If the table has no row of the country for a cell of a composition that includes it.
    ImpossibleResult
        If the country's count is above the composition's.
    """
    country = parse_country(area)
    rows = columns["area"].codes
    own = _rows_of(columns, [country])
    including = [code for code in columns["area"].categories if _includes(code, country)]
    whole = _rows_of(columns, including)
    if not len(own):
        raise _no_row(columns, country, including)
    part = _matched(columns, country, whole, own)
    rest = np.ones(len(rows), dtype=np.bool_)
    rest[own] = rest[whole] = False
    kept = columns.take(rest)
    if not len(whole):
        return kept
    removal = _Removal(columns=columns, country=country, whole=whole, part=part)
    return concat([kept, _unprinted(_remainders(removal), kept)])


def _rows_of(columns: Columns, codes: list[str]) -> NDArray[np.intp]:
    area = columns["area"]
    wanted = np.array([code in codes for code in area.categories], dtype=np.bool_)
    return np.flatnonzero(wanted[area.codes]) if wanted.any() else np.zeros(0, dtype=np.intp)


def _includes(code: str, country: str) -> bool:
    return code != country and country in Area.parse(code).members


def _no_row(columns: Columns, country: str, including: list[str]) -> NoSuchCell:
    names = ", ".join(columns["area"].categories[:_SHOWN])
    hint = (
        f"{', '.join(including)} includes it, but what it adds is not printed: `infer` gives bounds"
        if including
        else f"The areas are {names or 'none'}"
    )
    return NoSuchCell("the table has no row of it", field="area", value=country, hint=hint)


def _matched(
    columns: Columns, country: str, whole: NDArray[np.intp], own: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return for each row of a composition the country's row of the same cell."""
    names = columns.schema.names
    others = [columns[name] for name in names if name != "area"]
    keys = pack(others, len(columns)).values
    order = own[np.argsort(keys[own])]
    places = np.searchsorted(keys[order], keys[whole])
    found = order[np.minimum(places, len(order) - 1)]
    lacking = whole[keys[found] != keys[whole]]
    if len(lacking):
        raise _not_everywhere(columns, country, lacking)
    return found


def _not_everywhere(columns: Columns, country: str, rows: NDArray[np.intp]) -> NoSuchCell:
    varying = [name for name in columns.schema.names if len(columns[name].categories) > 1]
    keys = [
        ", ".join(
            f"{name} {code}" for name, code in columns.key(int(row)).items() if name in varying
        )
        for row in rows[:_SHOWN]
    ]
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return NoSuchCell(
        f"no row of {country} for {' | '.join(keys)}{more}",
        field="area",
        value=country,
        hint=f"Choose the cells that have one with where(...), or add {country}'s counts, "
        "with a reason where they are not known",
    )


def _remainders(removal: _Removal) -> Columns:
    """Return the rows of the compositions, less the country."""
    columns = removal.columns.take(removal.whole)
    area = columns["area"]
    names = [Area.parse(code).without(removal.country).code for code in area.categories]
    origin, origins, inside = _origins(removal)
    renamed = Coded(area.codes, names) if names else area
    dimensions = tuple(
        renamed if name == "area" else column
        for name, column in zip(columns.schema.names, columns.dimensions, strict=True)
    )
    # The findings on the composition and on what is taken out of it both bear on the rest.
    both = np.concatenate([removal.whole, removal.part[inside]])
    places = np.concatenate([np.arange(len(removal.whole)), np.flatnonzero(inside)])
    having = removal.columns.has_finding()[both]
    finding, findings = gathered(
        places[having],
        removal.columns.finding[both[having]],
        removal.columns.findings,
        len(removal.whole),
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
    """Return the new origins, and whether the country's figure is in the composition's."""
    codes, origins = resolve_origins(removal.columns)
    size = len(origins)
    pairs, places = np.unique(
        codes[removal.whole] * size + codes[removal.part], return_inverse=True
    )
    interner, table, inside = Interner(), [], []
    for pair in pairs.tolist():
        whole, part = origins[pair // size], origins[pair % size]
        within = whole.reporters is None or removal.country in whole.reporters
        sources = unite([whole, part]).sources if within else whole.sources
        left = without_country(whole, removal.country)
        table.append(interner.code(evolve(left, sources=sources)))
        inside.append(within)
    return (
        np.array(table, dtype=np.uint32)[places],
        interner.values,
        np.array(inside, dtype=np.bool_)[places],
    )


def _subtracted(removal: _Removal, inside: NDArray[np.bool_]) -> Numbers:
    """Return the differences as those of independent counts.

    What a country adds is not taken out of a composition whose documented reporters do not
    include it.
    """
    numbers = removal.columns.numbers
    whole, part = numbers.take(removal.whole), numbers.take(removal.part)
    taken = inside & (part.reason != _NOT_APPLICABLE) & (whole.reason != _NOT_APPLICABLE)
    most = np.where(taken, part.upper, 0.0)
    least = np.where(taken, part.lower, 0)
    bounded = np.where(np.isinf(most), 0, most).astype(np.int64)
    lower = np.where(np.isinf(most), 0, np.maximum(whole.lower - bounded, 0))
    upper = whole.upper - least
    _check_possible(removal, upper)
    return Numbers(
        lower=lower,
        above=upper,
        reason=np.where(taken, np.maximum(whole.reason, part.reason), whole.reason),
        flags=np.where(taken, whole.flags | part.flags, whole.flags),
        unanswered=_unanswered(whole, part, taken),
    )


def _unanswered(
    whole: Numbers, part: Numbers, taken: NDArray[np.bool_]
) -> NDArray[np.int64] | None:
    """Return the cases without an answer, less those of the country."""
    if whole.unanswered is None:
        return None
    rest = np.maximum(whole.further - np.maximum(part.further, 0), 0)
    unknown = (whole.further < 0) | (taken & (part.further < 0))
    return np.where(unknown, -1, np.where(taken, rest, whole.further))


def _check_possible(removal: _Removal, upper: NDArray[np.float64]) -> None:
    below = np.flatnonzero(upper < 0)
    if len(below):
        row, part = int(removal.whole[below[0]]), int(removal.part[below[0]])
        key = removal.columns.key(row)
        raise ImpossibleResult(
            f"{removal.country} counts more than {key['area']}",
            row=f"{row} and {part}",
            value=key,
            hint="One of the two figures is wrong, or they count different things",
        )


def _unprinted(remainders: Columns, kept: Columns) -> Columns:
    """Return the computed rows for which the table prints none of its own."""
    if not len(kept):
        return remainders
    areas = remainders["area"].categories
    printed = {_key(kept, row) for row in _rows_of(kept, list(areas))}
    rows = [row for row in range(len(remainders)) if _key(remainders, row) not in printed]
    return remainders.take(np.array(rows, dtype=np.intp))


def _key(columns: Columns, row: int) -> tuple[tuple[str, str], ...]:
    return tuple(columns.key(row).items())
