"""Removal of a country from a table."""

from collections.abc import Collection

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import ImpossibleResult, NoSuchCell
from thbstats.geography import Area, parse_country
from thbstats.tables.build import check_keys, concat
from thbstats.tables.cell_findings import gather_findings
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.keys import pack
from thbstats.tables.origins import Origin, unite
from thbstats.tables.sums import resolve_origins
from thbstats.values import Reason

_NOT_APPLICABLE = Reason.NOT_APPLICABLE.severity
_MOST_LISTED = 5


def remove_country(columns: Columns, area: str) -> Columns:
    """Return the table without a country.

    The rows of the country and of its regions are removed. From a composition that includes it,
    its row for the same cell is subtracted; the result is named "... without ...".
    """
    country = parse_country(area)
    including, inside = [], []
    for code in columns["area"].categories:
        territory = Area.parse(code)
        if country in territory.members:
            including += [code] * (code != country)
        elif country in territory.countries:
            if len(territory.countries) > 1:
                raise ImpossibleResult(
                    f"must not contain regions of {country} with other countries",
                    field="area",
                    value=code,
                    hint=f"Select other areas with where(area=...) before you remove {country}",
                )
            inside.append(code)
    own, wholes = _rows_of(columns, [country]), _rows_of(columns, including)
    if not len(own) and inside and not including:
        return columns.take(~columns["area"].table(inside.__contains__, np.bool_))
    if not len(own):
        names = ", ".join(columns["area"].categories[:_MOST_LISTED])
        hint = f"Use one of the areas {names or '(none)'}"
        if including:
            hint = f"Use `infer` for bounds: {', '.join(including)} includes the country"
        problem = f"No counts of {country}"
        raise NoSuchCell(problem, field="area", value=country, hint=hint)
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
    names = columns.schema.names
    keys = pack([columns[name] for name in names if name != "area"], len(columns)).values
    order = own[np.argsort(keys[own])]
    positions = np.searchsorted(keys[order], keys[wholes])
    result = order[np.minimum(positions, len(order) - 1)]
    unmatched = wholes[keys[result] != keys[wholes]]
    if not len(unmatched):
        return result
    varying = [name for name in names if len(columns[name].categories) > 1]
    cells = []
    for row in unmatched[:_MOST_LISTED].tolist():
        key = columns.key(row)
        cells.append(", ".join(f"{name} {key[name]}" for name in varying))
    more = f" and {len(unmatched) - _MOST_LISTED} more" if len(unmatched) > _MOST_LISTED else ""
    raise NoSuchCell(
        f"No counts of {country} for {' | '.join(cells)}{more}",
        field="area",
        value=country,
        hint=f"Select other cells with where(...), or add the rows of {country} with a reason",
    )


def _remainders(
    columns: Columns, country: str, wholes: NDArray[np.intp], parts: NDArray[np.intp]
) -> Columns:
    """Return the rows of the compositions minus the country."""
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
        raise ImpossibleResult(
            f"must be at least the count of {country}",
            row=f"{row} and {part}",
            value=columns.key(row),
            hint="Check both figures and their counting units",
        )
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
    """Return the differences of independent counts, of rows with both."""
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
        above=whole.upper - np.where(subtracted, part.lower, 0),
        reason=np.where(subtracted, np.maximum(whole.reason, part.reason), whole.reason),
        flags=np.where(subtracted, whole.flags | part.flags, whole.flags),
        unanswered=unanswered,
    )
