"""Rows of a file that describe the same cell."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.exchange.breakdown_conflicts import Conflicts, Repairs, find_repairs
from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.declaration import Repeated
from thbstats.exchange.draft_table import DraftTable, grouped
from thbstats.tables.findings import CellFinding
from thbstats.tables.keys import has_repeats
from thbstats.values import LARGEST_COUNT, Reason

__all__ = ["merge_duplicates"]

_CONFLICTING = Reason.CONFLICTING.severity
_NOT_REPORTED = Reason.BREAKDOWN_NOT_REPORTED.severity
_LISTED = 6


def merge_duplicates(draft: DraftTable, treatment: Repeated) -> DraftTable:
    """Return one row for each cell.

    Of rows with equal counts, the first is used, with the flags of all. Rows with different counts
    become one conflicting count, between the smallest count and the sum of all, unless
    ``treatment``
    selects one row. If the counts are those of a complete breakdown of the cell, the count is their
    sum.
    """
    keys = draft.keys()
    if not has_repeats(keys):
        return draft
    group, first = grouped(keys)
    agreeing = np.ones(len(first), dtype=np.bool_)
    agreeing[group[~_agree(draft, first[group])]] = False
    stays = np.zeros(len(draft), dtype=np.bool_)
    stays[first] = True
    flags = draft.counts.flags.copy()
    np.bitwise_or.at(flags, first[group], draft.counts.flags)
    draft = evolve(draft, counts=evolve(draft.counts, flags=flags))
    _reject_repeated(draft, np.flatnonzero(agreeing[group] & ~stays))
    wrong = ~agreeing[group]
    if treatment != "conflicting":
        if treatment == "last":
            stays[wrong] = _last(group)[wrong]
        _reject_contradictory(draft, group, agreeing, wrong & ~stays, treatment)
        return draft.take(np.flatnonzero(stays))
    cells = np.flatnonzero(stays)
    index = np.empty(len(first), dtype=np.intp)
    index[group[cells]] = np.arange(len(cells))
    slot = np.cumsum(~agreeing) - 1
    rows = np.flatnonzero(wrong)
    more = np.flatnonzero(wrong & ~stays)
    draft.ledger.shared += len(more)
    merged = evolve(draft.take(cells), more_rows=draft.rows[more], more_cells=index[group[more]])
    return _resolved(draft, merged, rows, slot[group[rows]], index[~agreeing])


def _agree(draft: DraftTable, others: NDArray[np.intp]) -> NDArray[np.bool_]:
    values = draft.counts
    columns: list[NDArray[Any]] = [values.lower, values.upper, values.reason]
    agree: NDArray[np.bool_] = np.logical_and.reduce([c == c[others] for c in columns])
    return agree


def _last(group: NDArray[np.intp]) -> NDArray[np.bool_]:
    index = np.zeros(int(group.max()) + 1, dtype=np.intp)
    index[group] = np.arange(len(group))
    last = np.zeros(len(group), dtype=np.bool_)
    last[index] = True
    return last


def _resolved(
    draft: DraftTable,
    merged: DraftTable,
    rows: NDArray[np.intp],
    slot: NDArray[np.intp],
    cells: NDArray[np.intp],
) -> DraftTable:
    """Return the merged rows with the count of each conflict; record the conflicts.

    Parameters
    ----------
    draft : DraftTable
        All rows.
    merged : DraftTable
        One row for each cell.
    rows : array of int, shape (n,)
        The conflicting rows, as positions in ``draft``.
    slot : array of int, shape (n,)
        The conflict of each row.
    cells : array of int, shape (m,)
        The cell of each conflict, as a position in ``merged``.
    """
    if not len(cells):
        return merged
    values = draft.counts.take(rows)
    conflicts = Conflicts(cells=cells, slot=slot, counts=values)
    lower = np.full(len(cells), LARGEST_COUNT, dtype=np.int64)
    np.minimum.at(lower, slot, values.lower)
    upper = np.bincount(slot, weights=values.upper, minlength=len(cells))
    upper[upper > LARGEST_COUNT] = np.inf
    reason = np.full(len(cells), Reason.NOT_APPLICABLE.severity, dtype=np.uint8)
    np.minimum.at(reason, slot, values.reason)
    reason[reason < _NOT_REPORTED] = _CONFLICTING  # otherwise no row contains a count
    repairs = find_repairs(merged, conflicts)
    lower[repairs.slots] = repairs.lower
    upper[repairs.slots] = repairs.upper
    reason[repairs.slots] = repairs.reason
    columns = {name: getattr(merged.counts, name).copy() for name in ("lower", "upper", "reason")}
    for name, result in (("lower", lower), ("upper", upper), ("reason", reason)):
        columns[name][cells] = result
    merged = evolve(merged, counts=evolve(merged.counts, **columns))
    _flag_conflicts(draft, merged, rows, conflicts, repairs)
    return merged


@frozen(eq=False)
class _Conflict:
    """Text, finding and column of one conflict."""

    label: str
    finding: CellFinding
    column: str


def _flag_conflicts(
    draft: DraftTable,
    merged: DraftTable,
    rows: NDArray[np.intp],
    conflicts: Conflicts,
    repairs: Repairs,
) -> None:
    order = np.argsort(conflicts.slot, kind="stable")
    ends = np.cumsum(np.bincount(conflicts.slot, minlength=len(conflicts.cells)))
    columns = _differing_columns(draft, rows, conflicts)
    breakdowns = dict(zip(repairs.slots.tolist(), repairs.breakdowns, strict=True))
    described = []
    for slot, members in enumerate(np.split(order, ends[:-1])):
        cell = int(conflicts.cells[slot])
        texts = [_number(conflicts.counts, member) for member in members.tolist()]
        locations = [draft.ledger.location(row) for row in draft.rows[rows[members]].tolist()]
        values_and_lines = f"{_listed(texts)} in {_listed(locations)}"
        where, count = merged.cell(cell), _number(merged.counts, cell)
        if slot in breakdowns:
            code, relation = "REPAIRED_CONFLICT", f"they are the cells by {breakdowns[slot]}, so"
            label = f"{where}: {values_and_lines} = {count} by {breakdowns[slot]}"
        else:
            code, relation = "CONFLICTING", "between the smallest value and their sum"
            label = f"{where}: {values_and_lines}"
        sentence = (
            f"{draft.schema.kind.capitalize()}, {where}: the values are {values_and_lines}; "
            f"{relation} the count is {count}."
        )
        described.append(_Conflict(label, CellFinding(code, sentence), columns[slot]))
    often = np.bincount(conflicts.slot)
    ledger = draft.ledger
    ledger.add_findings(draft.rows[rows], conflicts.slot, [(item.finding,) for item in described])
    for code, column in dict.fromkeys((item.finding.code, item.column) for item in described):
        selected = np.array(
            [(item.finding.code, item.column) == (code, column) for item in described]
        )
        result = draft.rows[rows[selected[conflicts.slot]]]
        ledger.flag(
            code,
            result,
            column=column,
            message=_message(code, int(selected.sum())),
            hint=_hint(code, column),
            texts={described[slot].label: int(often[slot]) for slot in np.flatnonzero(selected)},
        )


def _differing_columns(
    draft: DraftTable, rows: NDArray[np.intp], conflicts: Conflicts
) -> list[str]:
    """Return the column with different texts in each conflict; empty if none."""
    result = [""] * len(conflicts.cells)
    _, first = np.unique(conflicts.slot, return_index=True)
    file_rows = draft.rows[rows]
    for column in draft.dimensions.values():
        if column.name in draft.ledger.raw.columns:
            codes = draft.ledger.column(column.name).codes[file_rows]
            for slot in np.unique(conflicts.slot[codes != codes[first][conflicts.slot]]).tolist():
                result[slot] = result[slot] or column.name
    return result


def _message(code: str, cells: int) -> str:
    shared = "1 cell with several values" if cells == 1 else f"{cells} cells with several values"
    if code == "REPAIRED_CONFLICT":
        return f"{shared}, which are the cells of a breakdown by sex or age; their sum is used"
    return f"{shared}; the count is between the smallest value and the sum of all"


def _hint(code: str, column: str) -> str:
    if code == "REPAIRED_CONFLICT":
        return "No action needed: the sum is used"
    if column:
        return (
            f"Several texts of {column} have the same category: recode one of them, "
            "or add up disjoint rows before you read the file"
        )
    return (
        "Ask the publisher for the labels of these rows, or use one of them with "
        "repeated='first' or 'last' in a declaration"
    )


def _number(values: ParsedCounts, index: int) -> str:
    """Return a count as text."""
    lower = int(values.lower[index])
    upper = float(values.upper[index])
    if values.reason[index] >= _NOT_REPORTED:
        return str(tuple(Reason)[values.reason[index]].label)
    if np.isinf(upper):
        return f"{lower:,} or more"
    return f"{lower:,}" if lower == upper else f"{lower:,} to {int(upper):,}"


def _listed(texts: Iterable[str]) -> str:
    result = list(texts)
    if len(result) > _LISTED:
        return f"{', '.join(result[:_LISTED])} and {len(result) - _LISTED} more"
    return " and ".join(filter(None, [", ".join(result[:-1]), result[-1]]))


def _reject_repeated(draft: DraftTable, rows: NDArray[np.intp]) -> None:
    draft.ledger.reject(
        "REPEATED",
        draft.rows[rows],
        message="an earlier row has the same cell and count",
        hint="No action needed: the first row is used",
    )


def _reject_contradictory(
    draft: DraftTable,
    group: NDArray[np.intp],
    agreeing: NDArray[np.bool_],
    unused: NDArray[np.bool_],
    used: str,
) -> None:
    """Reject the unused rows, grouped by their differing column."""
    rows, cells = np.flatnonzero(~agreeing[group]), np.flatnonzero(~agreeing)
    slot = (np.cumsum(~agreeing) - 1)[group[rows]]
    conflicts = Conflicts(cells=cells, slot=slot, counts=draft.counts.take(rows))
    columns = np.array(_differing_columns(draft, rows, conflicts), dtype=object)
    for column in dict.fromkeys(columns.tolist()):
        selected = rows[(columns == column)[slot] & unused[rows]]
        draft.ledger.reject(
            "CONTRADICTORY",
            draft.rows[selected],
            message=f"rows with one cell and different counts; the {used} row is used",
            hint=_hint("CONTRADICTORY", column)
            if column
            else "Ask the publisher which row is correct",
        )
