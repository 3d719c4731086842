"""Rows of one kind of count between a file and a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.coded import repeat
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.records import Dimension, Schema, Source
from thbstats.records.converters import to_sources
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import Keys, Problems, coded, distinct_pairs, packed
from thbstats.tables.origins import (
    NO_FINDINGS,
    CellFinding,
    DeferredFindings,
    FindingSets,
    Interner,
    Origin,
    read_origins,
    unite,
    unite_findings,
)
from thbstats.values import to_integer

Positions = NDArray[np.intp]


def _no_rows() -> Positions:
    return np.zeros(0, dtype=np.intp)


@frozen(kw_only=True, eq=False)
class DraftTable:
    """Rows of one kind of count before they become a table.

    ``rows`` are their positions in the file, ``dimensions`` their category codes. ``more_rows`` are
    rows of the file that share the cell of one of these rows, at the position ``more_cells``.
    Problems are added to the ledger.
    """

    ledger: Ledger
    schema: Schema
    rows: Positions
    dimensions: Mapping[str, FileColumn]
    numbers: Numbers
    more_rows: Positions = field(factory=_no_rows)
    more_cells: Positions = field(factory=_no_rows)

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
            numbers[name] = getattr(self.numbers, "upper" if name == "above" else name).copy()
            numbers[name][rows] = values
        return evolve(self, numbers=evolve(self.numbers, **numbers))

    def join(
        self, group: NDArray[np.intp], selected: NDArray[np.bool_], more: Positions
    ) -> "DraftTable":
        """Return selected rows, one of each group; more rows share the cells of their groups."""
        index = np.empty(int(group.max(initial=-1)) + 1, dtype=np.intp)
        index[group[selected]] = np.arange(np.count_nonzero(selected))
        self.ledger.shared += len(more)
        return evolve(
            self.take(np.flatnonzero(selected)),
            more_rows=np.concatenate([self.more_rows, self.rows[more]]),
            more_cells=index[group[np.concatenate([self.more_cells, more])]],
        )

    def keys(self, *, exclude: str = "") -> Keys:
        """Return the keys of the rows, optionally without one dimension."""
        names = [name for name in self.schema.names if name in self.dimensions and name != exclude]
        columns = [self.dimensions[name] for name in names]
        return packed([(column.codes, len(column.categories)) for column in columns], len(self))

    def labels(self, rows: Positions) -> Iterator[str]:
        """Return the area, period and categories of rows as texts, without totals.

        The iterator does not refer to the rows of the file.
        """
        columns = [
            (dimension, self.dimensions[dimension.name].take(rows))
            for dimension in self.schema.dimensions
            if dimension.name in self.dimensions
        ]
        return _labels(columns)

    def columns(self, origins: Mapping[str, FileColumn], source: Source | None) -> Columns:
        """Return the rows as the columns of a table, with the provenance of all rows of a cell.

        The source is for rows without one. A number of listed reporting countries that differs from
        the stated number raises `InvalidValue`.
        """
        rows, size = np.concatenate([self.rows, self.more_rows]), len(self)
        problems = Problems()
        texts: dict[str, Any] = {}
        for name, column in origins.items():
            texts[name] = coded(column.codes[rows], column.categories)
            if name == "n_reporters":
                reporters = [to_integer(t) if isinstance(t, str) else None for t in texts[name]]
                texts[name] = pd.array(reporters, dtype="Int64")
        origin, distinct = read_origins(
            texts,
            len(rows),
            Origin(sources=to_sources(source)),
            problems,
        )
        problems.raise_any()
        origin, distinct = self._united(origin, distinct)
        finding, findings = self._findings()
        numbers = self.numbers
        known = not numbers.reason.any() and bool((numbers.lower == numbers.upper).all())
        return Columns(
            schema=self.schema,
            dimensions=tuple(self._dimension(dimension) for dimension in self.schema.dimensions),
            numbers=evolve(
                numbers,
                above=None if known else numbers.upper,
                reason=repeat(np.uint8(0), size) if known else numbers.reason,
                flags=numbers.flags if numbers.flags.any() else repeat(np.uint32(0), size),
            ),
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
        interner = Interner()
        table = [interner.code(item) for item in origins]
        cells = np.array(table, dtype=np.uint32)[cells]
        for cell, codes in sets.items():
            cells[cell] = interner.code(unite(origins[code] for code in codes))
        return cells, interner.values

    def _findings(self) -> tuple[NDArray[np.uint32], FindingSets]:
        """Return the findings of the rows of each cell; cells with one finding share its set."""
        marked = self.ledger.findings
        cell_of_row = np.full(len(self.ledger.lines), -1, dtype=np.intp)
        cell_of_row[self.rows] = np.arange(len(self))
        cell_of_row[self.more_rows] = self.more_cells
        cells = cell_of_row[np.concatenate([_no_rows(), *(item.rows for item in marked)])]
        in_table = cells >= 0
        if not in_table.any():
            return repeat(np.uint32(0), len(self)), NO_FINDINGS
        starts = np.cumsum([0, *(len(item.sets) for item in marked)])
        codes = np.concatenate([item.codes + starts[n] for n, item in enumerate(marked)])
        owner, code = distinct_pairs(cells[in_table], codes[in_table], (len(self), int(starts[-1])))
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


def _labels(columns: Iterable[tuple[Dimension, FileColumn]]) -> Iterator[str]:
    where: list[Iterable[str]] = []
    others: list[Iterable[str]] = []
    for dimension, column in columns:
        is_location, texts = dimension.name in ("area", "period"), column.categories
        if not is_location:
            title = dimension.name.replace("_", " ")
            name = "" if dimension.total is None else f"{title} "
            texts = tuple("" if t == dimension.default else f"{name}{t}" for t in texts)
        (where if is_location else others).append(map(texts.__getitem__, column.codes))
    locations = map(" ".join, zip(*where, strict=True))
    for texts in zip(locations, *others, strict=True):
        yield ", ".join(filter(None, texts))


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
