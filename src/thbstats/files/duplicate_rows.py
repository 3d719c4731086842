"""One row for each cell of a table, of rows with the same or with different counts."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns.row_groups import Positions, RowGroups
from thbstats.display import count
from thbstats.files.declaration import Repeated
from thbstats.files.draft_table import DraftTable
from thbstats.languages import Message, joined
from thbstats.tables.columns import Numbers
from thbstats.tables.origins import CellFinding
from thbstats.values import LARGEST_COUNT, Interval, Reason
from thbstats.vocabulary import dimension_text
from thbstats.vocabulary.codes import COMPLETE

_STATED = Reason.FEWER_THAN.severity  # the last reason with a published number
_NOT_REPORTED = Reason.BREAKDOWN_NOT_REPORTED.severity
_LISTED = 6
_Cause = tuple[str, str]
"""The column of a dimension and the ignored column with different texts; empty if none."""


def merge_duplicates(
    draft: DraftTable, treatment: Repeated, ignored: Sequence[str] = ()
) -> DraftTable:
    """Return one row for each cell.

    Of rows with equal counts, the first is used, with the flags of all. Rows with different counts
    become one conflicting count, between the smallest count and the sum of all, unless
    ``treatment`` selects one row. If the counts are those of a complete breakdown of the cell, the
    count is their sum. Rows that differ in an ignored column can be parts of the count, such as
    regions: the log names the column.
    """
    group, distinct = pd.factorize(draft.keys())
    if len(distinct) == len(group):
        return draft
    groups = RowGroups.of(group)
    first = groups.first
    # Cells whose rows agree keep their first row, with the flags of all.
    numbers = draft.numbers
    agreeing = np.ones(len(first), dtype=np.bool_)
    for column in (numbers.lower, numbers.upper, numbers.reason):
        agreeing[group[column != column[first[group]]]] = False
    stays = np.zeros(len(draft), dtype=np.bool_)
    stays[first] = True
    flags = numbers.flags.copy()
    np.bitwise_or.at(flags, first[group], numbers.flags)
    draft = evolve(draft, numbers=evolve(numbers, flags=flags))
    _reject_repeated(draft, np.flatnonzero(agreeing[group]), groups, stays, ignored=ignored)
    # The rows of the other cells; `slot` is the number of the cell of each among these.
    rows = np.flatnonzero(~agreeing[group])
    slot = (np.cumsum(~agreeing) - 1)[group[rows]]
    if treatment == "last":
        stays[rows] = groups.last[group[rows]] == rows
    shared = rows[~stays[rows]] if treatment == "conflicting" else rows[:0]
    merged = draft.join(groups, stays, shared)
    if not len(rows):
        return merged
    conflicts = Conflicts(draft, rows, slot, merged, groups.positions(stays)[~agreeing], ignored)
    if treatment == "conflicting":
        return conflicts.resolved()
    conflicts.reject(~stays[rows], treatment)
    return merged


def _reject_repeated(
    draft: DraftTable,
    rows: Positions,
    groups: RowGroups,
    stays: NDArray[np.bool_],
    *,
    ignored: Sequence[str],
) -> None:
    """Reject rows with the cell and the count of an earlier row, which they name."""
    ledger, group = draft.ledger, groups.index[rows]
    used = draft.rows[groups.first[group]].tolist()
    earlier = dict(zip(draft.rows[rows].tolist(), used, strict=True))
    of_rows = np.full(len(rows), "", dtype=object)
    if ignored and len(rows):
        columns = _differing_columns(draft, rows, group, ignored)
        of_rows = np.array(columns, dtype=object)[group]
    for name in dict.fromkeys(of_rows.tolist()):
        ledger.reject(
            "REPEATED.parts" if name else "REPEATED",
            draft.rows[rows[(of_rows == name) & ~stays[rows]]],
            values={"column": repr(name)},
            example=lambda row: f"{ledger.location(earlier[row])} is used",
        )


@frozen(eq=False)
class Conflicts:
    """The cells whose rows have different counts.

    Each of the ``rows`` of the draft is of the conflict at the position ``slot``. Each conflict is
    one of the ``merged`` rows, at the position ``cells``. The user ignores the columns ``ignored``
    of the file.
    """

    draft: DraftTable
    rows: Positions
    slot: Positions
    merged: DraftTable
    cells: Positions
    ignored: Sequence[str]

    def reject(self, is_unused: NDArray[np.bool_], treatment: Repeated) -> None:
        """Reject the unused rows by differing column: the treatment selects another row."""
        causes = self._causes()
        for cause in dict.fromkeys(causes):
            own = np.array([other == cause for other in causes], dtype=np.bool_)[self.slot]
            self.draft.ledger.reject(
                _with_cause("CONTRADICTORY", cause),
                self.draft.rows[self.rows[own & is_unused]],
                values={"treatment": treatment, "column": repr(cause[0] or cause[1])},
            )

    def resolved(self) -> DraftTable:
        """Return the merged rows with the count of each conflict; flag the conflicts.

        The values 3 and 5 of a cell are a count from 3 to 8. If the file has 3 women and 5 men in
        this cell, the rows are the cells by sex, and the count is 8.
        """
        # By conflict: the counts of its rows, and the breakdown that they equal, or an empty text.
        order = np.argsort(self.slot, kind="stable")
        starts = np.flatnonzero(np.diff(self.slot[order], prepend=-1))
        counts = self.draft.numbers.take(self.rows[order])
        breakdowns = np.full(len(self.cells), "", dtype=object)
        for name in (own for own in COMPLETE if own in self.draft.dimensions):
            fits = self._equals_breakdown(name)
            breakdowns[fits & (breakdowns == "")] = name
        is_repaired = breakdowns != ""
        # The sum of a complete breakdown is the total: all breakdowns give the same count.
        sum_of_lower = np.add.reduceat(counts.lower, starts)
        sum_of_upper = np.add.reduceat(counts.upper, starts)
        lower = np.where(is_repaired, sum_of_lower, np.minimum.reduceat(counts.lower, starts))
        upper = np.where(~is_repaired & (sum_of_upper > LARGEST_COUNT), np.inf, sum_of_upper)
        # If no row of a conflict contains a count, the reason of the rows stays.
        lowest_reason = np.minimum.reduceat(counts.reason, starts)
        reason = np.where(lowest_reason < _NOT_REPORTED, Reason.CONFLICTING.severity, lowest_reason)
        reason = np.where(is_repaired, np.maximum.reduceat(counts.reason, starts), reason)
        merged = self.merged.with_numbers(self.cells, lower=lower, upper=upper, reason=reason)
        self._flag(merged.numbers, breakdowns.tolist())
        return merged

    def _flag(self, counts: Numbers, breakdowns: Sequence[str]) -> None:
        """Flag the rows by code and differing column, and add a finding to each conflict."""
        draft, rows, slot = self.draft, self.rows, self.slot
        ledger, often = draft.ledger, np.bincount(slot)
        members = np.split(rows[np.argsort(slot, kind="stable")], np.cumsum(often)[:-1])
        findings, labels = list[tuple[CellFinding]](), list[str]()
        slots: dict[tuple[str, _Cause], list[int]] = {}
        causes, cell_texts = self._causes(), self.merged.cell_texts(self.cells)
        of_cells = zip(self.cells.tolist(), cell_texts, members, breakdowns, causes, strict=True)
        for index, (cell, texts_of_cell, own, breakdown, cause) in enumerate(of_cells):
            number = _number(counts, cell)
            values = _listed(_number(draft.numbers, row) for row in own.tolist())
            locations = _listed(map(ledger.location, draft.rows[own].tolist()))
            text: dict[str, object] = {
                "place": joined(texts_of_cell, ", "), "values": values,
                "locations": locations, "n": number,
            }  # fmt: skip
            code, label = "CONFLICTING", f"{', '.join(texts_of_cell[1:])}: {values} in {locations}"
            sentence = Message(
                "{place}: the values are {values} in {locations}; between the smallest value and "
                "their sum the count is {n}",
                **text,
            )
            if breakdown:
                code, label = "REPAIRED_CONFLICT", f"{label} = {number} by {breakdown}"
                sentence = Message(
                    "{place}: the values are {values} in {locations}; they are the cells by "
                    "{dimension}, so the count is {n}",
                    dimension=dimension_text(breakdown), **text,
                )  # fmt: skip
            labels.append(label)
            findings.append((CellFinding(code, Message("{text}.", text=sentence)),))
            slots.setdefault((code, cause), []).append(index)
        ledger.add_findings(draft.rows[rows], slot, findings)
        for (code, cause), own_slots in slots.items():
            ledger.flag(
                _with_cause(code, cause),
                draft.rows[rows[np.isin(slot, own_slots)]],
                column=cause[0],
                values={"column": repr(cause[0] or cause[1])},
                texts={labels[index]: int(often[index]) for index in own_slots},
            )

    def _equals_breakdown(self, name: str) -> NDArray[np.bool_]:
        """Return the conflicts that equal their complete breakdown by a dimension.

        The cell must be a total of the breakdown, the file must contain all its categories, and
        their cells may not be in conflict.

        Two rows without sex have 3 and 5 victims, and the file has 3 women and 5 men:

        >>> from thbstats.files.ledger import FileColumn
        >>> from thbstats.records import schema_of
        >>> columns = {"sex": FileColumn([0, 0, 1, 2], ("total", "female", "male"))}
        >>> counts, zeros = np.array([3, 5, 3, 5]), np.zeros(4)
        >>> draft = DraftTable(
        ...     ledger=None, schema=schema_of("victims"), rows=np.arange(4), dimensions=columns,
        ...     numbers=Numbers(lower=counts, upper=counts, reason=zeros, flags=zeros),
        ... )
        >>> rows, slot, cells = np.array([0, 1]), np.array([0, 0]), np.array([0])
        >>> merged = draft.take(np.array([0, 2, 3]))
        >>> Conflicts(draft, rows, slot, merged, cells, ignored=())._equals_breakdown("sex")
        array([ True])
        """
        merged, cells, slot = self.merged, self.cells, self.slot
        dimension, column, size = merged.schema[name], merged.dimensions[name], len(cells)
        total, required, values = dimension.total or "", COMPLETE[name], column.categories
        if not {total, *required} <= set(values):
            return np.zeros(size, dtype=np.bool_)
        is_total = column.codes[cells] == values.index(total)
        parts = [code for code, text in enumerate(values) if dimension.parent(text) == total]
        part = np.flatnonzero(column.isin(parts))
        # The parts of a cell have the same key in all other dimensions.
        keys = merged.keys(exclude=name)
        totals = np.flatnonzero(is_total)
        owner = pd.Index(keys[cells[totals]]).get_indexer(pd.Index(keys[part]))
        part, owner = part[owner >= 0], totals[owner[owner >= 0]]
        has_number = np.bincount(owner, minlength=size) == np.bincount(slot)
        fits: NDArray[np.bool_] = is_total & has_number
        for text in required:
            with_category = owner[column.codes[part] == values.index(text)]
            fits &= np.bincount(with_category, minlength=size) > 0
        fits[owner[np.isin(part, cells) | (merged.numbers.reason[part] > _STATED)]] = False
        # The counts of the rows and of the parts, sorted in each conflict, are the same.
        sorted_counts = []
        for table, positions, slots in ((self.draft, self.rows, slot), (merged, part, owner)):
            used = fits[slots]
            numbers = table.numbers.take(positions[used])
            counts = np.column_stack([slots[used], numbers.lower, numbers.upper, numbers.reason])
            sorted_counts.append(counts[np.lexsort(counts.T[::-1])])
        own, of_parts = sorted_counts
        fits[own[(own != of_parts).any(axis=1), 0].astype(np.intp)] = False
        return fits

    def _causes(self) -> list[_Cause]:
        """Return the columns in which the rows of each conflict differ."""
        names = [column.name for column in self.draft.dimensions.values()]
        groups = self.draft, self.rows, self.slot
        sides = (_differing_columns(*groups, own) for own in (names, self.ignored))
        return list(zip(*sides, strict=True))


def _differing_columns(
    draft: DraftTable, rows: Positions, slot: Positions, names: Sequence[str]
) -> list[str]:
    """Return the first column with different texts in each group of rows; empty if none."""
    first = RowGroups.of(slot).first
    result = [""] * len(first)
    for name in filter(draft.ledger.raw.columns.__contains__, names):
        codes = draft.ledger.column(name).codes[draft.rows[rows]]
        for index in np.unique(slot[codes != codes[first][slot]]).tolist():
            result[index] = result[index] or name
    return result


def _with_cause(code: str, cause: _Cause) -> str:
    """Return the key of the texts of a conflict: its rows differ in a column, or in none."""
    column, ignored = cause
    if code == "REPAIRED_CONFLICT" or not (column or ignored):
        return code
    return f"{code}.{'category' if column else 'parts'}"


def _number(numbers: Numbers, index: int) -> str:
    lower, upper = int(numbers.lower[index]), float(numbers.upper[index])
    if numbers.reason[index] >= _NOT_REPORTED:
        return str(tuple(Reason)[numbers.reason[index]].label)
    return count(Interval(lower, None if np.isinf(upper) else int(upper)))


def _listed(texts: Iterable[str]) -> str:
    result = list(texts)
    if len(result) > _LISTED:
        names = joined(result[:_LISTED], ", ")
        return Message("{names} and {more} more", names=names, more=len(result) - _LISTED)
    return joined(result)
