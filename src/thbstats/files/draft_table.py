"""Rows of one kind of count between a file and a table, and one row for each of their cells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.display import count
from thbstats.files.declaration import Repeated
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.languages import Message, joined
from thbstats.records import Dimension, Schema, Source
from thbstats.records.converters import to_sources
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import Problems, coded, distinct_pairs, packed
from thbstats.tables.origins import (
    NO_FINDINGS,
    CellFinding,
    DeferredFindings,
    FindingSets,
    Origin,
    read_origins,
    unite,
    unite_findings,
)
from thbstats.values import LARGEST_COUNT, Interval, Reason, to_integer
from thbstats.vocabulary import code_text, dimension_text
from thbstats.vocabulary.codes import COMPLETE

Positions = NDArray[np.intp]

_STATED = Reason.FEWER_THAN.severity  # the last reason with a published number
_NOT_REPORTED = Reason.BREAKDOWN_NOT_REPORTED.severity
_NO_ROWS = np.zeros(0, dtype=np.intp)
_LISTED = 6
_NO_RECODE: Mapping[str, str] = MappingProxyType({})
_Cause = tuple[str, str]
"""The column of a dimension and the ignored column with different texts; empty if none."""


@frozen(eq=False)
class RowGroups:
    """Rows of a table in groups, such as those of one cell.

    ``index`` is the group of each row. A group has a first and a last row, and a number of rows:

    >>> groups = RowGroups.of(np.array([0, 1, 0]))
    >>> groups.first.tolist(), groups.last.tolist(), groups.size.tolist()
    ([0, 1], [2, 1], [2, 1])
    """

    index: Positions
    first: Positions
    last: Positions
    size: Positions

    @classmethod
    def of(cls, index: Positions) -> "RowGroups":
        """Return the groups with the numbers ``index``."""
        size, rows = np.bincount(index), np.arange(len(index))
        first, last = (np.zeros(len(size), dtype=np.intp) for _ in range(2))
        first[index[::-1]], last[index] = rows[::-1], rows
        return cls(index, first, last, size)

    def positions(self, selected: NDArray[np.bool_]) -> Positions:
        """Return by group the position of its row among selected rows, one of each group."""
        result = np.empty(len(self.size), dtype=np.intp)
        result[self.index[selected]] = np.arange(np.count_nonzero(selected))
        return result


@frozen(kw_only=True, eq=False)
class DraftTable:
    """Rows of one kind of count before they become a table.

    Three numbers identify a row: its position in the file (``rows``), its position in this table,
    which is that of its cell once each cell has one row, and its group in `RowGroups`.
    ``dimensions`` are the category codes. ``more_rows`` are rows of the file that share the cell at
    the position ``more_cells`` of this table. Problems are added to the ledger.

    The file has 3 women, 2 girls and 5 men. `add_parts` gives 5 female victims, if women and girls
    are parts; otherwise `merge_duplicates` gives one count from 2 to 5.

    >>> from thbstats.records import schema_of
    >>> ledger = Ledger(pd.DataFrame({"who": ["women", "girls", "men"]}), np.arange(1, 4))
    >>> sex = FileColumn([0, 0, 1], ("female", "male"), "who")
    >>> counts, zeros = np.array([3, 2, 5]), np.zeros(3, dtype=np.uint8)
    >>> draft = DraftTable(
    ...     ledger=ledger, schema=schema_of("victims"), rows=np.arange(3),
    ...     dimensions={"area": FileColumn.constant("BG", 3), "sex": sex},
    ...     numbers=Numbers(lower=counts, upper=counts, reason=zeros, flags=zeros),
    ... )
    >>> female = {"women": "female", "girls": "female"}
    >>> added = add_parts(draft, "who", ["women", "girls"], female)
    >>> added.rows.tolist(), added.more_rows.tolist(), added.numbers.lower.tolist()
    ([0, 2], [1], [5, 5])
    >>> merged = merge_duplicates(draft, "conflicting")
    >>> merged.numbers.lower.tolist(), merged.numbers.upper.tolist()
    ([2, 5], [5.0, 5.0])
    """

    ledger: Ledger
    schema: Schema
    rows: Positions
    dimensions: Mapping[str, FileColumn]
    numbers: Numbers
    more_rows: Positions = _NO_ROWS
    more_cells: Positions = _NO_ROWS

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, positions: Positions) -> "DraftTable":
        """Return a selection of rows that do not share cells."""
        return evolve(
            self,
            rows=self.rows[positions],
            dimensions={name: column.take(positions) for name, column in self.dimensions.items()},
            numbers=self.numbers.take(positions),
        )

    def with_numbers(self, rows: Positions, **columns: NDArray[Any]) -> "DraftTable":
        """Return the table with other numbers in some rows."""
        numbers = {}
        for name, values in columns.items():
            numbers[name] = getattr(self.numbers, name).copy()
            numbers[name][rows] = values
        return evolve(self, numbers=evolve(self.numbers, **numbers))

    def join(self, groups: RowGroups, selected: NDArray[np.bool_], more: Positions) -> "DraftTable":
        """Return selected rows, one of each group; more rows share the cells of their groups."""
        shared = groups.index[np.concatenate([self.more_cells, more])]
        self.ledger.shared += len(more)
        return evolve(
            self.take(np.flatnonzero(selected)),
            more_rows=np.concatenate([self.more_rows, self.rows[more]]),
            more_cells=groups.positions(selected)[shared],
        )

    def keys(self, *, exclude: str = "") -> NDArray[np.int64]:
        """Return the keys of the rows, optionally without one dimension."""
        names = [name for name in self.schema.names if name in self.dimensions and name != exclude]
        columns = [self.dimensions[name] for name in names]
        return packed([(column.codes, len(column.categories)) for column in columns], len(self))

    def cell_texts(self, rows: Positions) -> Iterator[tuple[str, ...]]:
        """Return the kind, area and period, and categories of rows as texts, without totals.

        The iterator does not refer to the rows of the file.
        """
        columns = [
            (dimension, self.dimensions[dimension.name].take(rows))
            for dimension in self.schema.dimensions
            if dimension.name in self.dimensions
        ]
        return _cell_texts(code_text(self.schema.kind.capitalize()), columns)

    def columns(self, origins: Mapping[str, FileColumn], source: Source | None) -> Columns:
        """Return the rows as the columns of a table, with the provenance of all rows of a cell.

        The source is for rows without one. A number of listed reporting countries that differs from
        the stated number raises `InvalidValue`.
        """
        rows = np.concatenate([self.rows, self.more_rows])
        problems = Problems()
        texts: dict[str, Any] = {}
        for name, column in origins.items():
            texts[name] = coded(column.codes[rows], column.categories)
            if name == "n_reporters":
                reporters = [to_integer(t) if isinstance(t, str) else None for t in texts[name]]
                texts[name] = pd.array(reporters, dtype="Int64")
        origin, distinct = read_origins(
            texts, len(rows), Origin(sources=to_sources(source)), problems
        )
        problems.raise_any()
        origin, distinct = self._united(origin, distinct)
        finding, findings = self._findings()
        return Columns(
            schema=self.schema,
            dimensions=tuple(self._dimension(dimension) for dimension in self.schema.dimensions),
            numbers=self.numbers,
            origin=origin,
            origins=distinct,
            finding=finding,
            findings=findings,
        )

    def _united(
        self, origin: NDArray[Any], origins: tuple[Origin, ...]
    ) -> tuple[NDArray[Any], tuple[Origin, ...]]:
        """Return the origin of each cell: the union over the rows that share it."""
        cells, shared = origin[: len(self)], origin[len(self) :]
        if (shared == cells[self.more_cells]).all():
            return cells, origins
        sets: dict[int, list[int]] = {}
        for cell, code in zip(self.more_cells.tolist(), shared.tolist(), strict=True):
            sets.setdefault(cell, [int(cells[cell])]).append(code)
        united = [unite(origins[code] for code in codes) for codes in sets.values()]
        distinct = Coded.from_values([*origins, *united])
        cells = distinct.codes[: len(origins)].astype(np.uint32)[cells]
        cells[list(sets)] = distinct.codes[len(origins) :]
        return cells, distinct.categories

    def _findings(self) -> tuple[NDArray[np.uint32], FindingSets]:
        """Return the findings of the rows of each cell; cells with one finding share its set."""
        marked = self.ledger.findings
        cell_of_row = np.full(len(self.ledger.lines), -1, dtype=np.intp)
        cell_of_row[self.rows] = np.arange(len(self))
        cell_of_row[self.more_rows] = self.more_cells
        cells = cell_of_row[np.concatenate([_NO_ROWS, *(item.rows for item in marked)])]
        in_table = cells >= 0
        if not in_table.any():
            return np.zeros(len(self), dtype=np.uint32), NO_FINDINGS
        starts = np.cumsum([0, *(len(item.sets) for item in marked)])
        codes = np.concatenate([item.codes + starts[n] for n, item in enumerate(marked)])
        owner, code = distinct_pairs(cells[in_table], codes[in_table], int(starts[-1]))
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        number = np.diff(first, append=len(owner))
        alone, several = first[number == 1], first[number > 1]
        distinct, position = np.unique(code[alone], return_inverse=True)
        finding = np.zeros(len(self), dtype=np.uint32)
        finding[owner[alone]] = 1 + position
        finding[owner[several]] = 1 + len(distinct) + np.arange(len(several))
        members = [(distinct, np.arange(len(distinct)), 1), (code, several, number[number > 1])]
        listed = [item.sets for item in marked]
        size = 1 + len(distinct) + len(several)
        return finding, DeferredFindings(size, lambda: _united(listed, members))

    def _dimension(self, dimension: Dimension) -> Coded[str]:
        """Return a dimension with sorted categories."""
        column = self.dimensions.get(dimension.name)
        if column is None or not column.categories:  # rows without a category are rejected
            return Coded.constant(dimension.default or "", len(self))
        ordered = sorted(column.categories, key=dimension.sort_key)
        return column.recode(ordered).compact()


def _cell_texts(
    kind: str, columns: Iterable[tuple[Dimension, FileColumn]]
) -> Iterator[tuple[str, ...]]:
    where: list[Iterable[str]] = []
    others: list[Iterable[str]] = []
    for dimension, column in columns:
        if dimension.name in ("area", "period"):
            where.append(map(column.categories.__getitem__, column.codes))
            continue
        own = [code for code in column.categories if code != dimension.default]
        texts = {code: code_text(code, dimension.name) for code in own}
        if dimension.total is not None:
            name = dimension_text(dimension.name)
            texts = {code: Message("{name} {n}", name=name, n=text) for code, text in texts.items()}
        words = [texts.get(code, "") for code in column.categories]
        others.append(map(words.__getitem__, column.codes))
    for location, *categories in zip(map(" ".join, zip(*where, strict=True)), *others, strict=True):
        yield kind, location, *filter(None, categories)


def _united(
    listed: Iterable[Sequence[Sequence[CellFinding]]],
    members: Iterable[tuple[Positions, Positions, Any]],
) -> Iterator[tuple[CellFinding, ...]]:
    """Yield no findings, then the united findings of codes from each start on."""
    sets = [findings for item in listed for findings in item]
    yield ()
    for codes, starts, numbers in members:
        for start, end in zip(starts.tolist(), (starts + numbers).tolist(), strict=True):
            yield unite_findings(f for code in codes[start:end].tolist() for f in sets[code])


def add_parts(
    draft: DraftTable, name: str, texts: Sequence[str], recode: Mapping[str, str] = _NO_RECODE
) -> DraftTable:
    """Return one row for each cell whose rows are different parts of it.

    ``texts`` are the parts in the column ``name`` of the file, and ``recode`` their categories. The
    count of a cell is the sum of its rows. A part without a row in a cell was not reported, and the
    sum has no upper bound.
    """
    column = draft.ledger.column(name).take(draft.rows)
    key = next((key for key, own in draft.dimensions.items() if own.name == name), "")
    is_part = column.isin(column.matching(lambda text: text.strip() in texts))
    if not key or not is_part.any():
        return draft
    target = draft.dimensions[key]
    # 1. Groups are the rows of one cell. A cell is a sum if all its rows are different parts.
    groups = RowGroups.of(pd.factorize(draft.keys())[0])
    group, first, n = groups.index, groups.first, len(groups.size)
    # A part with several rows cannot be added up: the check of conflicts decides on its cell.
    different = np.unique(np.stack([group, column.codes])[:, is_part], axis=1)[0]
    is_sum = np.bincount(different, minlength=n) == groups.size
    # 2. A sum with fewer parts than are declared for its category lacks a part.
    declared = [recode.get(text, text) for text in dict.fromkeys(texts)]
    categories, _ = FileColumn(range(len(declared)), declared).parse(draft.schema[key].parse)
    parts_of_category = np.array([categories.count(text) for text in target.categories])
    has_gap = is_sum & (groups.size < parts_of_category[target.codes[first]])
    rows = np.flatnonzero(is_sum[group])
    own, numbers = group[rows], draft.numbers
    if not len(rows):
        return draft
    # 3. Add up by cell; the first row of each sum stays.
    lower, upper = (np.bincount(own, ends[rows], n) for ends in (numbers.lower, numbers.upper))
    has_gap |= lower > LARGEST_COUNT
    lower, upper[upper > LARGEST_COUNT] = np.minimum(lower, LARGEST_COUNT), np.inf
    reason, flags = np.zeros(n, dtype=np.uint8), np.zeros(n, dtype=np.uint32)
    np.maximum.at(reason, own, numbers.reason[rows])
    np.bitwise_or.at(flags, own, numbers.flags[rows])
    upper[has_gap] = np.inf
    reason[has_gap] = np.maximum(reason[has_gap], Reason.NOT_REPORTED.severity)
    if len(rows) > np.count_nonzero(is_sum):
        draft.ledger.note(f"The parts of a category in {name!r} are added up")
    stays = ~is_sum[group]
    stays[first[is_sum]] = True
    draft = draft.with_numbers(
        first[is_sum],
        lower=lower[is_sum],
        upper=upper[is_sum],
        reason=reason[is_sum],
        flags=flags[is_sum],
    )
    return draft.join(groups, stays, np.flatnonzero(~stays))


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
