"""Rows of one kind of count between a file and a table, and one row for each of their cells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.row_groups import Positions, RowGroups
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.languages import Message
from thbstats.records import Dimension, Schema, Source
from thbstats.records.converters import to_sources
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import Problems, coded, distinct_pairs, packed
from thbstats.tables.origins import (
    NO_FINDINGS,
    DeferredFindings,
    FindingSets,
    Origin,
    origins_of_cells,
    read_origins,
    sets_of_findings,
)
from thbstats.values import LARGEST_COUNT, Reason, to_integer
from thbstats.vocabulary import code_text, dimension_text

_NO_ROWS = np.zeros(0, dtype=np.intp)
_NO_RECODE: Mapping[str, str] = MappingProxyType({})


@frozen(kw_only=True, eq=False)
class DraftTable:
    """Rows of one kind of count before they become a table.

    Three numbers identify a row: its position in the file (``rows``), its position in this table,
    which is that of its cell once each cell has one row, and its group in `RowGroups`.
    ``dimensions`` are the category codes. ``more_rows`` are rows of the file that share the cell at
    the position ``more_cells`` of this table. Problems are added to the ledger.

    The file has 3 women, 2 girls and 5 men. `add_parts` gives 5 female victims, if women and girls
    are parts; otherwise `merge_duplicates` of `duplicate_rows` gives one count from 2 to 5.

    >>> from thbstats.files.duplicate_rows import merge_duplicates
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
        origin, distinct = origins_of_cells(origin, distinct, self.more_cells)
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
        return finding, DeferredFindings(size, lambda: sets_of_findings(listed, members))

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
