"""Comparison of totals and categories with their parts."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from attrs import evolve
from numpy.typing import NDArray

from thbstats.exchange.draft_table import DraftTable
from thbstats.exchange.ledger import FileColumn
from thbstats.records import Dimension
from thbstats.tables.findings import CellFinding
from thbstats.tables.keys import mixed
from thbstats.vocabulary import CitizenshipGroup

_DENSE = 4  # maximum slots for each row

Rows = NDArray[np.bool_]


def _parts(dimension: Dimension, column: FileColumn, whole: str | None) -> list[int]:
    """Return the codes of the parts of a category."""
    return [code for code, text in enumerate(column.values) if dimension.parent(text) == whole]


def check_totals(draft: DraftTable) -> None:
    """Flag totals that are below one of their parts or below their sum.

    The rows are used without change. The totals and their parts have a finding.
    """
    for dimension in draft.schema.dimensions:
        column = draft.dimensions.get(dimension.name)
        if column is None or dimension.total not in column.values:
            continue
        total = column.values.index(dimension.total or "")
        parts = [code for code in _parts(dimension, column, dimension.total) if code != total]
        families = {dimension.name.replace("_", " "): parts}
        if dimension.content == "citizenship":
            groups = [code for code in parts if column.values[code] in list(CitizenshipGroup)]
            countries = [code for code in parts if code not in groups]
            families = {"group of citizenship": groups, "country of citizenship": countries}
        for by, family in families.items():
            _check(draft, dimension.name, by, column.isin([total]), column.isin(family))


def _check(draft: DraftTable, name: str, by: str, total: Rows, part: Rows) -> None:
    """Find candidate totals, then compare exactly.

    Cells with the same hash add to each other's parts, so that no total is overlooked.
    """
    if not (part.any() and total.any()):
        return
    keys = draft.keys(exclude=name)
    slot, slots = keys.values.astype(np.intp, copy=False), keys.cells
    if keys.cells > _DENSE * keys.size:
        bits = keys.size.bit_length()
        slot, slots = mixed(keys.values, bits), 1 << bits
    in_slot = np.bincount(slot, weights=np.where(part, draft.lower, 0), minlength=slots)
    candidate = np.zeros(slots, dtype=np.bool_)
    candidate[slot[total & (in_slot[slot] > draft.upper)]] = True
    if not candidate.any():
        return
    rows = np.flatnonzero((part | total) & candidate[slot])
    group, _ = pd.factorize(keys.values[rows])
    totals, parts = rows[total[rows]], rows[part[rows]]
    own, of_part = group[total[rows]], group[part[rows]]
    size = int(group.max()) + 1
    lower, upper = draft.lower[parts], draft.upper[totals]
    added = np.bincount(of_part, weights=lower, minlength=size).astype(np.float64)[own]
    largest = np.zeros(size)
    np.maximum.at(largest, of_part, lower)
    above = largest[own] > upper
    ceiling = np.full(size, np.inf)
    ceiling[own] = upper
    too_large = lower > ceiling[of_part]
    for wrong, code in ((above, "PART_ABOVE_TOTAL"), ((added > upper) & ~above, _EXCEEDED)):
        if not wrong.any():
            continue
        position = np.full(size, -1, dtype=np.intp)
        position[own[wrong]] = np.arange(int(wrong.sum()))
        indices = position[of_part]
        selected = (indices >= 0) & (too_large | (code == _EXCEEDED))
        exceeded = totals[wrong]
        bounds = [draft.lower[exceeded], upper[wrong]]
        numbers = np.column_stack([*bounds, added[wrong], largest[own[wrong]]]).astype(np.int64)
        _flag(draft, code, exceeded, numbers, name=name, by=by)
        draft.ledger.add_findings(
            draft.rows[np.concatenate([exceeded, parts[selected]])],
            np.concatenate([np.arange(len(exceeded)), indices[selected]]),
            _findings(draft, code, by, exceeded, numbers),
        )


_EXCEEDED = "PARTS_EXCEED_TOTAL"


def _flag(
    draft: DraftTable,
    code: str,
    rows: NDArray[np.intp],
    numbers: NDArray[np.int64],
    *,
    name: str,
    by: str,
) -> None:
    """Flag the totals, those with the largest difference first.

    The columns of ``numbers`` are the bounds of the total, the sum and the largest of its parts.
    """
    order = np.argsort(numbers[:, 1] - numbers[:, 2], kind="stable")
    rows = rows[order]
    area, period = (draft.dimensions[item].take(rows) for item in ("area", "period"))
    cells = [
        f"{area.values[where]} {period.values[when]}: "
        f"total {lower if lower == upper else f'{lower} to {upper}'}, parts by {by} {added}"
        for where, when, (lower, upper, added, _) in zip(
            area.codes.tolist(),
            period.codes.tolist(),
            numbers[order].tolist(),
            strict=True,
        )
    ]
    parts = "the sum of its parts" if code == _EXCEEDED else "one of its parts"
    hint = "Ask the publisher which figure is correct"
    if code == _EXCEEDED:
        hint = "Check for multiple response before you calculate shares, or ask the publisher"
    draft.ledger.flag(
        code,
        draft.rows[rows],
        column=draft.dimensions[name].name or name,
        message=f"a total of {draft.schema.kind} is below {parts} by {by}",
        hint=hint,
        example=dict(zip(draft.rows[rows].tolist(), cells, strict=True)).__getitem__,
        texts=Counter(cells),
    )


def _findings(
    draft: DraftTable, code: str, by: str, rows: NDArray[np.intp], numbers: NDArray[np.int64]
) -> list[tuple[CellFinding]]:
    findings = []
    kind, cells = draft.schema.kind.capitalize(), draft.cells(rows)
    for where, (lower, upper, added, largest) in zip(cells, numbers.tolist(), strict=True):
        total = f"{lower:,}" if lower == upper else f"{lower:,} to {upper:,}"
        part = "" if code == _EXCEEDED else f"the largest part by {by} is {largest:,}, and "
        sentence = (
            f"{kind}, {where}: the total is {total}, {part}the parts by {by} add up to {added:,}."
        )
        findings.append((CellFinding(code, sentence),))
    return findings


def check_residuals(draft: DraftTable) -> DraftTable:
    """Return the rows with residuals under the residual category; flag other categories.

    A file can publish "Other" next to "Begging", which is a part of "other" in this library. If
    "Other" excludes begging, it is the residual ``other_other``.

    Notes
    -----
    The figures of an area show that a category excludes its parts if a part is larger, or if all
    categories add up to the total only with the parts. They show the opposite if the parts add up
    to the category, or the categories add up to the total without the parts. Other categories stay
    unchanged, and are flagged if their parts exceed them.
    """
    for name, column in draft.dimensions.items():
        dimension = draft.schema[name]
        if dimension.content != "codes" or dimension.total is None:
            continue
        for code, text in enumerate(column.values):
            residual = f"{text}_other" if text == "other" else f"other_{text}"
            known = dimension.vocabulary is not None and residual in list(dimension.vocabulary)
            parts = _parts(dimension, column, text)
            if known and parts and residual not in column.values:
                draft = _move_residuals(draft, dimension, code, parts, residual)
    return draft


def _move_residuals(
    draft: DraftTable, dimension: Dimension, code: int, parts: Sequence[int], residual: str
) -> DraftTable:
    """Return the rows with the residuals of a category in their own category."""
    name, column = dimension.name, draft.dimensions[dimension.name]
    cell, distinct = pd.factorize(draft.keys(exclude=name).values)
    size, lower = len(distinct), draft.lower

    def sum_of(codes: Sequence[int]) -> tuple[NDArray[np.float64], Rows]:
        """Return sums of categories for each cell, and where they are present and exact."""
        rows = column.isin(codes)
        exact = np.bincount(cell[rows & (lower != draft.upper)], minlength=size) == 0
        present = np.bincount(cell[rows], minlength=size) > 0
        sums = np.bincount(cell[rows], lower[rows], minlength=size).astype(np.float64)
        return sums, exact & present

    (whole, has_whole), (added, has_parts) = sum_of([code]), sum_of(parts)
    all_top, exact_top = sum_of(_parts(dimension, column, dimension.total))
    totals = [index for index, text in enumerate(column.values) if text == dimension.total]
    total, has_total = sum_of(totals)
    largest, rows = np.zeros(size), column.isin(parts)
    np.maximum.at(largest, cell[rows], lower[rows])
    comparable = has_whole & has_parts & (added > 0)
    adds_up = comparable & exact_top & has_total
    excludes = comparable & (largest > whole) | adds_up & (all_top + added == total)
    includes = comparable & (added == whole) & ~excludes | adds_up & (all_top == total)
    is_below = comparable & (added > whole)

    raw = None
    candidates = column.isin([code])
    if column.name in draft.ledger.raw.columns:
        # A text that is the category code itself stays in the category.
        raw = FileColumn.from_values(draft.ledger.raw[column.name]).take(draft.rows)
        text = column.values[code]
        candidates &= ~raw.isin([n for n, value in enumerate(raw.values) if value.strip() == text])
    area = np.zeros(len(draft), dtype=np.intp)
    if "area" in draft.dimensions:
        area = draft.dimensions["area"].codes.astype(np.intp)
    areas = int(area.max(initial=0)) + 1

    def in_area(cells: Rows) -> Rows:
        """Return the rows of areas with a candidate in some cells."""
        has_cells: Rows = np.bincount(area[candidates & cells[cell]], minlength=areas) > 0
        return has_cells[area]

    moved = candidates & in_area(excludes) & ~in_area(includes)
    below = candidates & is_below[cell] & ~moved & ~in_area(includes)
    for problem, selected, message, hint in (
        (
            "RESIDUAL",
            moved,
            f"a category that excludes the parts next to it; it is read as {residual}",
            f"Recode it as {residual!r}, or correct the figures if it includes its parts",
        ),
        (
            "WHOLE_BELOW_PARTS",
            below,
            "a category below the sum of the parts next to it",
            f"If it excludes its parts, recode it as {residual!r}",
        ),
    ):
        draft.ledger.flag(
            problem,
            draft.rows[selected],
            column=column.name or name,
            message=message,
            hint=hint,
            texts=Counter(map(raw.value_at, np.flatnonzero(selected).tolist())) if raw else {},
        )
    if not moved.any():
        return draft
    codes = np.where(moved, len(column.values), column.codes.astype(np.int64))
    recoded = FileColumn(codes, (*column.values, residual), column.name)
    used = set(recoded.used_codes())
    recoded = recoded.with_values([t if n in used else None for n, t in enumerate(recoded.values)])
    return evolve(draft, dimensions={**draft.dimensions, name: recoded})
