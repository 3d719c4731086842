"""Totals of a file against the parts that it prints beside them."""

from collections import Counter

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.exchange.draft_table import DraftTable
from thbstats.exchange.text_column import TextColumn
from thbstats.records import Dimension
from thbstats.tables.findings import CellFinding
from thbstats.tables.keys import Keys, mixed
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["check_totals"]

_DENSE = 4  # cells per row up to which most of them are in use


def check_totals(draft: DraftTable) -> None:
    """Say which totals are certainly below one of their parts, or below all of them together.

    The rows are used as they are: whether categories overlap or a figure is wrong is not ours to
    say. The totals and the parts concerned carry the finding.
    """
    for dimension in draft.schema.dimensions:
        column = draft.dimensions.get(dimension.name)
        if column is not None and dimension.total in column.values:
            for by, family in _families(dimension, column).items():
                _check(draft, dimension, by, family)


def _families(dimension: Dimension, column: TextColumn) -> dict[str, list[int]]:
    """Return the places of categories that divide the total; groups and countries apart."""
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
    """Look for totals below what stands in their slot, and then at what really is their own.

    Cells that share a slot by accident only add to each other's parts: none is overlooked.
    """
    column = draft.dimensions[dimension.name]
    part = column.isin(family)
    total = column.isin([column.values.index(dimension.total or "")])
    if not (part.any() and total.any()):
        return
    keys = draft.keys(but=dimension.name)
    slot, slots = _slots(keys)
    made = np.bincount(slot, weights=np.where(part, draft.values.lower, 0), minlength=slots)
    totals = np.flatnonzero(total)
    exceeding = totals[made[slot[totals]] > draft.values.upper[totals]]
    if not len(exceeding):
        return
    doubtful = np.zeros(slots, dtype=np.bool_)
    doubtful[slot[exceeding]] = True
    rows = np.flatnonzero((part | total) & doubtful[slot])
    group, _ = pd.factorize(keys.values[rows])
    _compare(draft, column.name or dimension.name, by, _Cells(rows, group, part[rows]))


def _slots(keys: Keys) -> tuple[NDArray[np.intp], int]:
    """Return a number for each row, the same where the keys are, and below which they all are."""
    if keys.cells <= _DENSE * keys.size:
        return keys.values.astype(np.intp), keys.cells
    bits = keys.size.bit_length()
    return mixed(keys.values, bits), 1 << bits


@frozen(eq=False)
class _Cells:
    """Totals and parts: their rows, the cell of each, and whether it is a part."""

    rows: NDArray[np.intp]
    group: NDArray[np.intp]
    part: NDArray[np.bool_]


def _compare(draft: DraftTable, column: str, by: str, cells: _Cells) -> None:
    """Say which totals are below one part of their cell, and which below all of them."""
    groups = int(cells.group.max()) + 1
    group = cells.group[cells.part]
    lower = draft.values.lower[cells.rows[cells.part]]
    added = np.bincount(group, weights=lower, minlength=groups).astype(np.float64, copy=False)
    largest = np.zeros(groups)
    np.maximum.at(largest, group, lower)
    rows, own = cells.rows[~cells.part], cells.group[~cells.part]
    upper, made = draft.values.upper[rows], added[own]
    above = largest[own] > upper
    exceeding = (made > upper) & ~above
    parts = cells.rows[cells.part]
    ceiling = np.full(groups, np.inf)
    ceiling[own] = upper
    too_large = lower > ceiling[group]
    for wrong, contradiction in ((above, True), (exceeding, False)):
        concerned = np.full(groups, -1, dtype=np.intp)
        concerned[own[wrong]] = np.arange(int(wrong.sum()))
        indices = concerned[group]
        chosen = (indices >= 0) & (too_large | (not contradiction))
        found = _Found(
            column=column,
            by=by,
            rows=rows[wrong],
            added=made[wrong],
            largest=largest[own[wrong]],
            contradiction=contradiction,
            parts=parts[chosen],
            places=indices[chosen],
        )
        _tell(draft, found)


@frozen(eq=False, kw_only=True)
class _Found:
    """Totals below their parts: the sum and the largest of these, and the parts concerned.

    ``contradiction`` is whether one part alone is above the total; ``places`` are the totals of
    ``parts``, as positions in ``rows``.
    """

    column: str
    by: str
    rows: NDArray[np.intp]
    added: NDArray[np.float64]
    largest: NDArray[np.float64]
    contradiction: bool
    parts: NDArray[np.intp]
    places: NDArray[np.intp]


def _tell(draft: DraftTable, found: _Found) -> None:
    """Say which totals it is, with the cell of each: those that are furthest below come first."""
    if not len(found.rows):
        return
    order = np.argsort(draft.values.upper[found.rows] - found.added, kind="stable")
    rows = found.rows[order]
    cells = _shown(draft, found.by, rows, found.added[order])
    formatted = dict(zip(draft.rows[rows].tolist(), cells, strict=True))
    code = "PART_ABOVE_TOTAL" if found.contradiction else "PARTS_EXCEED_TOTAL"
    parts = "one of its parts" if found.contradiction else "the sum of its parts"
    hint = (
        "One of the two is wrong: ask the publisher before either is used"
        if found.contradiction
        else "Persons can stand in several categories: read shares with that in mind, or ask the "
        "publisher"
    )
    draft.ledger.flag(
        code,
        draft.rows[rows],
        column=found.column,
        message=f"a total of {draft.schema.kind} below {parts} by {found.by}",
        hint=hint,
        example=formatted.__getitem__,
        texts=Counter(cells),
    )
    _mark(draft, found, code)


def _mark(draft: DraftTable, found: _Found, code: str) -> None:
    """Keep the finding for each total and for the parts concerned."""
    findings = []
    numbers = (
        draft.values.lower[found.rows].tolist(),
        draft.values.upper[found.rows].astype(int).tolist(),
        found.largest.astype(int).tolist(),
        found.added.astype(int).tolist(),
    )
    for row, lower, upper, largest, added in zip(found.rows.tolist(), *numbers, strict=True):
        total = f"{lower:,}" if lower == upper else f"{lower:,} to {upper:,}"
        one = f"the largest part by {found.by} is {largest:,}, and " if found.contradiction else ""
        sentence = (
            f"{draft.schema.kind.capitalize()}, {draft.cell(row)}: the total is {total}, {one}"
            f"the parts by {found.by} add up to {added:,}."
        )
        findings.append((CellFinding(code, sentence),))
    draft.ledger.add_findings(
        draft.rows[np.concatenate([found.rows, found.parts])],
        np.concatenate([np.arange(len(found.rows)), found.places]),
        findings,
    )


def _shown(
    draft: DraftTable, by: str, rows: NDArray[np.intp], added: NDArray[np.float64]
) -> list[str]:
    area, period = (_words(draft.dimensions[name], rows) for name in ("area", "period"))
    numbers = (
        draft.values.lower[rows].tolist(),
        draft.values.upper[rows].astype(int).tolist(),
        added.astype(int).tolist(),
    )
    return [
        f"{where} {when}: total {lower if lower == upper else f'{lower} to {upper}'}, "
        f"parts by {by} {parts}"
        for where, when, lower, upper, parts in zip(area, period, *numbers, strict=True)
    ]


def _words(column: TextColumn, rows: NDArray[np.intp]) -> list[str]:
    return [column.values[code] for code in column.codes[rows].tolist()]
