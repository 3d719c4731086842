"""Selection of rows and of single cells, and removal of a country."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.coded import lookup
from thbstats.errors import AmbiguousCell, ImpossibleResult, NoSuchCell
from thbstats.geography import Area, parse_country
from thbstats.records import Schema
from thbstats.tables.build import check_keys, concat
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import pack
from thbstats.tables.origins import Origin, gather_findings, unite
from thbstats.tables.sums import resolve_origins
from thbstats.values import Period, Reason

Selection = Mapping[str, tuple[str, ...]]

_MOST_LISTED = 5


def parse_selection(schema: Schema, selection: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the canonical codes of a selection."""
    selected = {}
    for name, values in selection.items():
        single = isinstance(values, (str, Period, Area)) or not hasattr(values, "__iter__")
        codes = map(schema.keyword(name).parse, (values,) if single else values)
        selected[name] = tuple(dict.fromkeys(codes))
    return selected


def find_rows(columns: Columns, selected: Selection) -> NDArray[np.intp]:
    """Return the rows with a selected code in every selected dimension."""
    mask: NDArray[np.bool_] | None = None
    for name, codes in selected.items():
        matching = _matching(columns[name], codes)
        if matching is False:
            return np.zeros(0, dtype=np.intp)
        if matching is not True:
            mask = matching if mask is None else mask & matching
    return np.arange(len(columns)) if mask is None else np.flatnonzero(mask)


def _matching(column: Coded[str], selected: Collection[str]) -> NDArray[np.bool_] | bool:
    """Return a mask of rows with a selected code, or a bool for all rows."""
    positions = [position for position, code in enumerate(column.categories) if code in selected]
    if len(positions) == len(column.categories):
        return True
    if not positions:
        return False
    if len(positions) == 1:
        return column.codes == positions[0]  # type: ignore[no-any-return]
    table = np.zeros(len(column.categories), dtype=np.bool_)
    table[positions] = True
    return lookup(table, column.codes)


def where(columns: Columns, selection: Mapping[str, Any]) -> Columns:
    """Return the rows of a selection."""
    rows = find_rows(columns, parse_selection(columns.schema, selection))
    return columns if len(rows) == len(columns) else columns.take(rows)


def with_totals(schema: Schema, selected: Selection) -> dict[str, tuple[str, ...]]:
    """Return a selection with the total of every breakdown that is not selected."""
    totals = {
        dimension.name: (dimension.total,)
        for dimension in schema.dimensions
        if dimension.total is not None
    }
    return {**totals, **selected}


def find_cell(columns: Columns, selection: Mapping[str, Any]) -> int:
    """Return the row of the only cell of a selection."""
    selected = with_totals(columns.schema, parse_selection(columns.schema, selection))
    rows = find_rows(columns, selected)
    if len(rows) == 1:
        return int(rows[0])
    if len(rows):
        raise _several_cells(columns, rows)
    query = ", ".join(f"{name}={value!s}" for name, value in selection.items()) or "the total"
    if not len(columns):
        raise NoSuchCell("The table has no rows", hint="Check the file or the selection")
    nearest, absent = [], []
    for name, codes in selected.items():
        others = {other: own for other, own in selected.items() if other != name}
        matches = find_rows(columns, others)
        if len(matches):
            nearest.append(f"{name}: {_listed(columns[name].take(matches).compact().categories)}")
        if _matching(columns[name], codes) is False:
            absent.append(f"{name}: {_listed(columns[name].categories)}")
    hint = "Select fewer dimensions: no row has all of them"
    if nearest or absent:
        hint = f"Choose from {'; '.join(nearest or absent)}"
    raise NoSuchCell(f"No cell for {query}", hint=hint)


def _several_cells(columns: Columns, rows: NDArray[np.intp]) -> AmbiguousCell:
    matches = columns.take(rows)
    varying = {
        name: column.categories
        for name, column in zip(matches.schema.names, matches.dimensions, strict=True)
        if len(column.categories) > 1
    }
    choices = "; ".join(f"{name} ({_listed(codes)})" for name, codes in varying.items())
    return AmbiguousCell(
        f"{len(rows)} cells match the selection: {_cells_listed(columns, rows, varying)}",
        hint=f"Select {choices}",
    )


def _cells_listed(columns: Columns, rows: NDArray[np.intp], names: Iterable[str]) -> str:
    """Return the categories of the first rows in some dimensions."""
    keys = [columns.key(row) for row in rows[:_MOST_LISTED].tolist()]
    cells = [", ".join(f"{name} {key[name]}" for name in names) for key in keys]
    return " | ".join(cells) + _more(len(rows))


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(codes[:_MOST_LISTED]) + _more(len(codes))


def _more(number: int) -> str:
    return f" and {number - _MOST_LISTED} more" if number > _MOST_LISTED else ""


_NOT_APPLICABLE = Reason.NOT_APPLICABLE.severity


def remove_country(columns: Columns, area: str) -> Columns:
    """Return the table without a country.

    The rows of the country and of its regions are removed. From a composition that includes it,
    its row for the same cell is subtracted; the result is named "... without ...".
    """
    country = parse_country(area)
    including, inside = [], []  # the compositions with the country, and its regions
    for code in columns["area"].categories:
        territory = Area.parse(code)
        if country in territory.members:
            including += [code] * (code != country)
        elif country in territory.countries:
            if len(territory.countries) > 1:
                hint = f"Select other areas with where(area=...) before you remove {country}"
                problem = f"must not contain regions of {country} with other countries"
                raise ImpossibleResult(problem, field="area", value=code, hint=hint)
            inside.append(code)
    own, wholes = _rows_of(columns, [country]), _rows_of(columns, including)
    if not len(own):
        if inside and not including:  # its regions only
            return columns.take(~columns["area"].table(inside.__contains__, np.bool_))
        hint = f"Use one of the areas {_listed(columns['area'].categories) or '(none)'}"
        if including:
            hint = f"Use `infer` for bounds: {', '.join(including)} includes the country"
        raise NoSuchCell(f"No counts of {country}", field="area", value=country, hint=hint)
    parts = _matched(columns, country, wholes, own)
    remaining = np.ones(len(columns), dtype=np.bool_)
    remaining[own] = remaining[wholes] = remaining[_rows_of(columns, inside)] = False
    retained = columns.take(remaining)
    if not len(wholes):
        return retained
    remainders = _remainders(columns, country, wholes, parts)
    if len(retained):  # a row that the table contains stays
        rows = _rows_of(retained, remainders["area"].categories)
        existing = {tuple(retained.key(row).items()) for row in rows}
        keys = (tuple(remainders.key(row).items()) for row in range(len(remainders)))
        new = [row for row, key in enumerate(keys) if key not in existing]
        remainders = remainders.take(np.array(new, dtype=np.intp))
    return concat([retained, remainders])


def _rows_of(columns: Columns, areas: Collection[str]) -> NDArray[np.intp]:
    return np.flatnonzero(columns["area"].table(areas.__contains__, np.bool_))


def _matched(
    columns: Columns, country: str, wholes: NDArray[np.intp], own: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the row of the country for each row of a composition."""
    # Rows of one cell have one key; each composition finds its key among those of the country.
    names = columns.schema.names
    keys = pack([columns[name] for name in names if name != "area"], len(columns))
    order = own[np.argsort(keys[own])]
    positions = np.searchsorted(keys[order], keys[wholes])
    result = order[np.minimum(positions, len(order) - 1)]
    unmatched = wholes[keys[result] != keys[wholes]]
    if not len(unmatched):
        return result
    varying = [name for name in names if len(columns[name].categories) > 1]
    hint = f"Select other cells with where(...), or add the rows of {country} with a reason"
    problem = f"No counts of {country} for {_cells_listed(columns, unmatched, varying)}"
    raise NoSuchCell(problem, field="area", value=country, hint=hint)


def _remainders(
    columns: Columns, country: str, wholes: NDArray[np.intp], parts: NDArray[np.intp]
) -> Columns:
    """Return the rows of compositions, with the counts of the country subtracted."""
    resolved, remainders = resolve_origins(columns), columns.take(wholes)

    def without_country(whole: Origin, part: Origin) -> Origin:
        sources = unite([whole, part]).sources if _has_reporter(whole, country) else whole.sources
        reporters = None if whole.reporters is None else whole.reporters - {country}
        return evolve(whole, sources=sources, reporters=reporters, n_reporters=None)

    origin = resolved.take(wholes).combine(resolved.take(parts), without_country)
    # Nothing is subtracted from a composition whose documented reporters exclude the country.
    inside = resolved.take(wholes).table(lambda whole: _has_reporter(whole, country), np.bool_)
    numbers = _subtracted(columns.numbers.take(wholes), columns.numbers.take(parts), inside)
    if len(below := np.flatnonzero(numbers.upper < 0)):
        row, part = int(wholes[below[0]]), int(parts[below[0]])
        hint = "Check both figures and their counting units"
        problem = f"must be at least the count of {country}"
        raise ImpossibleResult(problem, row=f"{row} and {part}", value=columns.key(row), hint=hint)
    # The difference has the findings of both rows.
    rows = np.concatenate([wholes, parts[inside]])
    positions = np.concatenate([np.arange(len(wholes)), np.flatnonzero(inside)])
    finding, findings = gather_findings(
        positions, columns.finding[rows], columns.findings, len(wholes)
    )
    area = remainders["area"]
    names = [Area.parse(code).without(country).code for code in area.categories]
    return check_keys(
        evolve(
            remainders,
            dimensions=tuple(
                Coded(area.codes, names) if name == "area" else column
                for name, column in zip(columns.schema.names, remainders.dimensions, strict=True)
            ),
            numbers=numbers,
            origin=origin.codes,
            origins=origin.categories,
            finding=finding,
            findings=findings,
        )
    )


def _has_reporter(origin: Origin, country: str) -> bool:
    return origin.reporters is None or country in origin.reporters


def _subtracted(whole: Numbers, part: Numbers, inside: NDArray[np.bool_]) -> Numbers:
    """Return the differences of independent counts, for rows that have both."""
    subtracted = inside & (part.reason != _NOT_APPLICABLE) & (whole.reason != _NOT_APPLICABLE)
    upper = np.where(subtracted, part.upper, 0.0)
    bounded = np.where(np.isinf(upper), 0, upper).astype(np.int64)
    unanswered = None
    if whole.unanswered is not None:
        difference = np.maximum(whole.further - np.maximum(part.further, 0), 0)
        unknown = (whole.further < 0) | (subtracted & (part.further < 0))
        cases = np.where(subtracted, difference, whole.further)
        unanswered = np.where(unknown, -1, cases)
    return Numbers(
        lower=np.where(np.isinf(upper), 0, np.maximum(whole.lower - bounded, 0)),
        upper=whole.upper - np.where(subtracted, part.lower, 0),
        reason=np.where(subtracted, np.maximum(whole.reason, part.reason), whole.reason),
        flags=np.where(subtracted, whole.flags | part.flags, whole.flags),
        unanswered=unanswered,
    )
