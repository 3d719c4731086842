"""Comparison of totals with their parts."""

from collections import Counter

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.exchange.draft_table import DraftTable
from thbstats.exchange.file_column import FileColumn
from thbstats.records import Dimension
from thbstats.tables.findings import CellFinding
from thbstats.tables.keys import Keys, mixed
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["check_totals"]

_DENSE = 4  # maximum slots for each row


def check_totals(draft: DraftTable) -> None:
    """Flag totals that are below one of their parts or below their sum.

    The rows are used without change. The totals and their parts have a finding.
    """
    for dimension in draft.schema.dimensions:
        column = draft.dimensions.get(dimension.name)
        if column is not None and dimension.total in column.values:
            for by, family in _families(dimension, column).items():
                _check(draft, dimension, by, family)


def _families(dimension: Dimension, column: FileColumn) -> dict[str, list[int]]:
    """Return the codes of categories that add up to the total."""
    parts = [
        index
        for index, text in enumerate(column.values)
        if text != dimension.total and dimension.parent(text) == dimension.total
    ]
    if dimension.content != "citizenship":
        return {dimension.name.replace("_", " "): parts}
    groups = [index for index in parts if column.values[index] in list(CitizenshipGroup)]
    countries = [index for index in parts if index not in groups]
    return {"group of citizenship": groups, "country of citizenship": countries}


def _check(draft: DraftTable, dimension: Dimension, by: str, family: list[int]) -> None:
    """Find candidate totals, then compare exactly.

    Cells with the same hash add to each other's parts, so that no total is overlooked.
    """
    column = draft.dimensions[dimension.name]
    part = column.isin(family)
    total = column.isin([column.values.index(dimension.total or "")])
    if not (part.any() and total.any()):
        return
    keys = draft.keys(exclude=dimension.name)
    slot, slots = _slots(keys)
    made = np.bincount(slot, weights=np.where(part, draft.counts.lower, 0), minlength=slots)
    totals = np.flatnonzero(total)
    exceeding = totals[made[slot[totals]] > draft.counts.upper[totals]]
    if not len(exceeding):
        return
    candidate = np.zeros(slots, dtype=np.bool_)
    candidate[slot[exceeding]] = True
    rows = np.flatnonzero((part | total) & candidate[slot])
    group, _ = pd.factorize(keys.values[rows])
    _compare(draft, column.name or dimension.name, by, _TotalsAndParts(rows, group, part[rows]))


def _slots(keys: Keys) -> tuple[NDArray[np.intp], int]:
    """Return a slot for each row, equal for equal keys, and the number of slots."""
    if keys.cells <= _DENSE * keys.size:
        return keys.values.astype(np.intp), keys.cells
    bits = keys.size.bit_length()
    return mixed(keys.values, bits), 1 << bits


@frozen(eq=False)
class _TotalsAndParts:
    """Totals and parts: rows, cells, and whether a row is a part."""

    rows: NDArray[np.intp]
    group: NDArray[np.intp]
    part: NDArray[np.bool_]


def _compare(draft: DraftTable, column: str, by: str, cells: _TotalsAndParts) -> None:
    """Flag the totals below one part, and those below the sum of parts."""
    groups = int(cells.group.max()) + 1
    group = cells.group[cells.part]
    lower = draft.counts.lower[cells.rows[cells.part]]
    added = np.bincount(group, weights=lower, minlength=groups).astype(np.float64, copy=False)
    largest = np.zeros(groups)
    np.maximum.at(largest, group, lower)
    rows, own = cells.rows[~cells.part], cells.group[~cells.part]
    upper, made = draft.counts.upper[rows], added[own]
    above = largest[own] > upper
    exceeding = (made > upper) & ~above
    parts = cells.rows[cells.part]
    ceiling = np.full(groups, np.inf)
    ceiling[own] = upper
    too_large = lower > ceiling[group]
    for wrong, contradiction in ((above, True), (exceeding, False)):
        position = np.full(groups, -1, dtype=np.intp)
        position[own[wrong]] = np.arange(int(wrong.sum()))
        indices = position[group]
        selected = (indices >= 0) & (too_large | (not contradiction))
        exceeded = _ExceededTotals(
            column=column,
            by=by,
            rows=rows[wrong],
            added=made[wrong],
            largest=largest[own[wrong]],
            contradiction=contradiction,
            parts=parts[selected],
            total_of_part=indices[selected],
        )
        _flag(draft, exceeded)


@frozen(eq=False, kw_only=True)
class _ExceededTotals:
    """Totals below their parts, with the positions of the parts.

    ``contradiction`` is whether one part alone exceeds the total; ``total_of_part`` are positions
    in ``rows``.
    """

    column: str
    by: str
    rows: NDArray[np.intp]
    added: NDArray[np.float64]
    largest: NDArray[np.float64]
    contradiction: bool
    parts: NDArray[np.intp]
    total_of_part: NDArray[np.intp]


def _flag(draft: DraftTable, exceeded: _ExceededTotals) -> None:
    """Flag the totals, those with the largest difference first."""
    if not len(exceeded.rows):
        return
    order = np.argsort(draft.counts.upper[exceeded.rows] - exceeded.added, kind="stable")
    rows = exceeded.rows[order]
    cells = _comparison_texts(draft, exceeded.by, rows, exceeded.added[order])
    formatted = dict(zip(draft.rows[rows].tolist(), cells, strict=True))
    code = "PART_ABOVE_TOTAL" if exceeded.contradiction else "PARTS_EXCEED_TOTAL"
    parts = "one of its parts" if exceeded.contradiction else "the sum of its parts"
    hint = (
        "Ask the publisher which figure is correct"
        if exceeded.contradiction
        else "Check for multiple response before you calculate shares, or ask the publisher"
    )
    draft.ledger.flag(
        code,
        draft.rows[rows],
        column=exceeded.column,
        message=f"a total of {draft.schema.kind} is below {parts} by {exceeded.by}",
        hint=hint,
        example=formatted.__getitem__,
        texts=Counter(cells),
    )
    _add_findings(draft, exceeded, code)


def _add_findings(draft: DraftTable, exceeded: _ExceededTotals, code: str) -> None:
    """Add the findings to the totals and their parts."""
    findings = []
    numbers = (
        draft.counts.lower[exceeded.rows].tolist(),
        draft.counts.upper[exceeded.rows].astype(int).tolist(),
        exceeded.largest.astype(int).tolist(),
        exceeded.added.astype(int).tolist(),
    )
    for row, lower, upper, largest, added in zip(exceeded.rows.tolist(), *numbers, strict=True):
        total = f"{lower:,}" if lower == upper else f"{lower:,} to {upper:,}"
        one = (
            f"the largest part by {exceeded.by} is {largest:,}, and "
            if exceeded.contradiction
            else ""
        )
        sentence = (
            f"{draft.schema.kind.capitalize()}, {draft.cell(row)}: the total is {total}, {one}"
            f"the parts by {exceeded.by} add up to {added:,}."
        )
        findings.append((CellFinding(code, sentence),))
    draft.ledger.add_findings(
        draft.rows[np.concatenate([exceeded.rows, exceeded.parts])],
        np.concatenate([np.arange(len(exceeded.rows)), exceeded.total_of_part]),
        findings,
    )


def _comparison_texts(
    draft: DraftTable, by: str, rows: NDArray[np.intp], added: NDArray[np.float64]
) -> list[str]:
    area, period = (_texts(draft.dimensions[name], rows) for name in ("area", "period"))
    numbers = (
        draft.counts.lower[rows].tolist(),
        draft.counts.upper[rows].astype(int).tolist(),
        added.astype(int).tolist(),
    )
    return [
        f"{where} {when}: total {lower if lower == upper else f'{lower} to {upper}'}, "
        f"parts by {by} {parts}"
        for where, when, lower, upper, parts in zip(area, period, *numbers, strict=True)
    ]


def _texts(column: FileColumn, rows: NDArray[np.intp]) -> list[str]:
    return [column.values[code] for code in column.codes[rows].tolist()]
