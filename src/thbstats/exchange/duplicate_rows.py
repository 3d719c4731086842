"""Rows of a file that describe one cell more than once."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.exchange.breakdown_conflicts import Conflicts, Repairs, repairs_of
from thbstats.exchange.count_parser import ParsedCounts
from thbstats.exchange.declaration import Repeated
from thbstats.exchange.draft_table import DraftTable, grouped
from thbstats.tables.findings import CellFinding
from thbstats.tables.keys import has_repeats
from thbstats.values import LARGEST_COUNT, Reason

__all__ = ["merge_repeats"]

_CONFLICTING = Reason.CONFLICTING.severity
_NOT_REPORTED = Reason.BREAKDOWN_NOT_REPORTED.severity
_SHOWN = 6


def merge_repeats(draft: DraftTable, treatment: Repeated) -> DraftTable:
    """Return one row for each cell.

    Of rows with the same count the first stays, with the flags of all. Rows with several counts
    become one conflicting count, from the smallest to the sum of all, unless the treatment names
    one of them. Where the counts are those of a complete breakdown of the cell, the count is the
    sum of that breakdown.
    """
    keys = draft.keys()
    if not has_repeats(keys):
        return draft
    group, first = grouped(keys)
    agreeing = np.ones(len(first), dtype=np.bool_)
    agreeing[group[~_agree(draft, first[group])]] = False
    stays = np.zeros(len(draft), dtype=np.bool_)
    stays[first] = True
    flags = draft.values.flags.copy()
    np.bitwise_or.at(flags, first[group], draft.values.flags)
    draft = evolve(draft, values=evolve(draft.values, flags=flags))
    _tell_repeated(draft, np.flatnonzero(agreeing[group] & ~stays))
    wrong = ~agreeing[group]
    if treatment != "conflicting":
        if treatment == "last":
            stays[wrong] = _last(group)[wrong]
        _tell_contradictory(draft, group, agreeing, wrong & ~stays, treatment)
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
    values = draft.values
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
    """Return the merged rows with the count of each conflict, and report the conflicts.

    Parameters
    ----------
    draft : DraftTable
        All rows.
    merged : DraftTable
        One row for each cell.
    rows : array of int, shape (n,)
        The conflicting rows, as positions in ``draft``.
    slot : array of int, shape (n,)
        The conflict of each.
    cells : array of int, shape (m,)
        The cell of each conflict, as a position in ``merged``.
    """
    if not len(cells):
        return merged
    values = draft.values.take(rows)
    conflicts = Conflicts(cells=cells, slot=slot, values=values)
    lower = np.full(len(cells), LARGEST_COUNT, dtype=np.int64)
    np.minimum.at(lower, slot, values.lower)
    upper = np.bincount(slot, weights=values.upper, minlength=len(cells))
    upper[upper > LARGEST_COUNT] = np.inf
    reason = np.full(len(cells), Reason.NOT_APPLICABLE.severity, dtype=np.uint8)
    np.minimum.at(reason, slot, values.reason)
    reason[reason < _NOT_REPORTED] = _CONFLICTING  # else no row reports a count
    repairs = repairs_of(merged, conflicts)
    lower[repairs.slots] = repairs.lower
    upper[repairs.slots] = repairs.upper
    reason[repairs.slots] = repairs.reason
    columns = {name: getattr(merged.values, name).copy() for name in ("lower", "upper", "reason")}
    for name, found in (("lower", lower), ("upper", upper), ("reason", reason)):
        columns[name][cells] = found
    merged = evolve(merged, values=evolve(merged.values, **columns))
    _tell_conflicts(draft, merged, rows, conflicts, repairs)
    return merged


@frozen(eq=False)
class _Told:
    """What a report says of one conflict."""

    label: str
    finding: CellFinding
    column: str


def _tell_conflicts(
    draft: DraftTable,
    merged: DraftTable,
    rows: NDArray[np.intp],
    conflicts: Conflicts,
    repairs: Repairs,
) -> None:
    order = np.argsort(conflicts.slot, kind="stable")
    ends = np.cumsum(np.bincount(conflicts.slot, minlength=len(conflicts.cells)))
    columns = _telling_columns(draft, rows, conflicts)
    breakdowns = dict(zip(repairs.slots.tolist(), repairs.breakdowns, strict=True))
    shown = []
    for slot, members in enumerate(np.split(order, ends[:-1])):
        cell = int(conflicts.cells[slot])
        texts = [_number(conflicts.values, member) for member in members.tolist()]
        indices = [draft.ledger.location(row) for row in draft.rows[rows[members]].tolist()]
        given = f"{_listed(texts)} in {_listed(indices)}"
        where, count = merged.cell(cell), _number(merged.values, cell)
        if slot in breakdowns:
            code, says = "REPAIRED_CONFLICT", f"these are its cells by {breakdowns[slot]}, so"
            label = f"{where}: {given} = {count} by {breakdowns[slot]}"
        else:
            code, says = "CONFLICTING", "from the smallest to their sum"
            label = f"{where}: {given}"
        sentence = (
            f"{draft.schema.kind.capitalize()}, {where}: the values are {given}; {says} the "
            f"count is {count}."
        )
        shown.append(_Told(label, CellFinding(code, sentence), columns[slot]))
    often = np.bincount(conflicts.slot)
    ledger = draft.ledger
    ledger.add_findings(draft.rows[rows], conflicts.slot, [(each.finding,) for each in shown])
    for code, column in dict.fromkeys((each.finding.code, each.column) for each in shown):
        chosen = np.array([(each.finding.code, each.column) == (code, column) for each in shown])
        found = draft.rows[rows[chosen[conflicts.slot]]]
        ledger.flag(
            code,
            found,
            column=column,
            message=_what(code, int(chosen.sum())),
            hint=_hint(code, column),
            texts={shown[slot].label: int(often[slot]) for slot in np.flatnonzero(chosen)},
        )


def _telling_columns(draft: DraftTable, rows: NDArray[np.intp], conflicts: Conflicts) -> list[str]:
    """Return for each conflict the column of the file whose words tell its rows apart, if any."""
    found = [""] * len(conflicts.cells)
    _, first = np.unique(conflicts.slot, return_index=True)
    file_rows = draft.rows[rows]
    for column in draft.dimensions.values():
        if column.name in draft.ledger.raw.columns:
            codes = draft.ledger.column(column.name).codes[file_rows]
            for slot in np.unique(conflicts.slot[codes != codes[first][conflicts.slot]]).tolist():
                found[slot] = found[slot] or column.name
    return found


def _what(code: str, cells: int) -> str:
    shared = "1 cell with several values" if cells == 1 else f"{cells} cells with several values"
    if code == "REPAIRED_CONFLICT":
        return f"{shared}, all of them cells of a breakdown by sex or age: their sum is used"
    return f"{shared}: the count is from the smallest value to the sum of all"


def _hint(code: str, column: str) -> str:
    if code == "REPAIRED_CONFLICT":
        return "Nothing to do: the sum is used"
    if column:
        return (
            f"Several words of {column} mean one category: map one of them to another category, "
            "or add up rows that exclude each other before you read the file"
        )
    return (
        "Ask the publisher for the labels of these rows; repeated='first' or 'last' in a "
        "declaration uses one of them"
    )


def _number(values: ParsedCounts, index: int) -> str:
    """Return a count in words."""
    lower = int(values.lower[index])
    upper = float(values.upper[index])
    if values.reason[index] >= _NOT_REPORTED:
        return str(tuple(Reason)[values.reason[index]].label)
    if np.isinf(upper):
        return f"{lower:,} or more"
    return f"{lower:,}" if lower == upper else f"{lower:,} to {int(upper):,}"


def _listed(texts: Iterable[str]) -> str:
    found = list(texts)
    if len(found) > _SHOWN:
        return f"{', '.join(found[:_SHOWN])} and {len(found) - _SHOWN} more"
    return " and ".join(filter(None, [", ".join(found[:-1]), found[-1]]))


def _tell_repeated(draft: DraftTable, rows: NDArray[np.intp]) -> None:
    draft.ledger.reject(
        "REPEATED",
        draft.rows[rows],
        message="a cell that an earlier row describes with the same count",
        hint="Nothing to do: the first row is used",
    )


def _tell_contradictory(
    draft: DraftTable,
    group: NDArray[np.intp],
    agreeing: NDArray[np.bool_],
    aside: NDArray[np.bool_],
    used: str,
) -> None:
    """Report the rows that are not used, apart by the column whose words mean one category."""
    rows, cells = np.flatnonzero(~agreeing[group]), np.flatnonzero(~agreeing)
    slot = (np.cumsum(~agreeing) - 1)[group[rows]]
    conflicts = Conflicts(cells=cells, slot=slot, values=draft.values.take(rows))
    columns = np.array(_telling_columns(draft, rows, conflicts), dtype=object)
    for column in dict.fromkeys(columns.tolist()):
        chosen = rows[(columns == column)[slot] & aside[rows]]
        draft.ledger.reject(
            "CONTRADICTORY",
            draft.rows[chosen],
            message=f"rows that describe one cell with different counts; the {used} is used",
            hint=_hint("CONTRADICTORY", column) if column else "Ask the publisher which one holds",
        )
