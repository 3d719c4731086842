"""Rows of one kind of count between a file and a table."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import repeat
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.records import Dimension, Schema, Source
from thbstats.records.reading import to_sources
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import Problems, coded
from thbstats.tables.findings import NO_FINDINGS, FindingSets, gather_findings
from thbstats.tables.keys import Keys, packed
from thbstats.tables.origins import Interner, Origin, read_origins, unite
from thbstats.values import to_integer


def _no_rows() -> NDArray[np.intp]:
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
    rows: NDArray[np.intp]
    dimensions: Mapping[str, FileColumn]
    numbers: Numbers
    more_rows: NDArray[np.intp] = field(factory=_no_rows)
    more_cells: NDArray[np.intp] = field(factory=_no_rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def lower(self) -> NDArray[np.int64]:
        """The lower bounds of the counts."""
        return self.numbers.lower

    @property
    def upper(self) -> NDArray[np.float64]:
        """The upper bounds of the counts."""
        return self.numbers.upper

    @property
    def is_used(self) -> NDArray[np.bool_]:
        """Whether each row is used."""
        used: NDArray[np.bool_] = self.ledger.is_used[self.rows]
        return used

    def take(self, positions: NDArray[np.intp]) -> "DraftTable":
        """Return a selection of rows that do not share cells."""
        return evolve(
            self,
            rows=self.rows[positions],
            dimensions={name: column.take(positions) for name, column in self.dimensions.items()},
            numbers=self.numbers.take(positions),
        )

    def cells(self, rows: NDArray[np.intp]) -> list[str]:
        """Return the area, period and categories of rows as texts, without totals."""
        where: list[Iterable[str]] = []
        others: list[Iterable[str]] = []
        for dimension in self.schema.dimensions:
            column = self.dimensions.get(dimension.name)
            if column is None:
                continue
            texts, name = column.values, f"{dimension.name.replace('_', ' ')} "
            if dimension.name not in ("area", "period"):
                name = "" if dimension.total is None else name
                texts = tuple("" if t == dimension.default else f"{name}{t}" for t in texts)
            labels = where if dimension.name in ("area", "period") else others
            labels.append(map(texts.__getitem__, column.codes[rows].tolist()))
        locations = map(" ".join, zip(*where, strict=True))
        return [", ".join(filter(None, texts)) for texts in zip(locations, *others, strict=True)]

    def keys(self, *, exclude: str = "") -> Keys:
        """Return the keys of the rows, optionally without one dimension."""
        names = [name for name in self.schema.names if name in self.dimensions and name != exclude]
        columns = [self.dimensions[name] for name in names]
        return packed([(column.codes, len(column.values)) for column in columns], len(self))

    def columns(self, origins: Mapping[str, FileColumn], source: Source | None) -> Columns:
        """Return the rows as the columns of a table, with the provenance of all rows of a cell.

        The source is for rows without one. A number of listed reporting countries that differs from
        the stated number raises `InvalidValue`.
        """
        rows = np.concatenate([self.rows, self.more_rows])
        columns = {name: _origins(name, column.take(rows)) for name, column in origins.items()}
        problems = Problems()
        origin, distinct = read_origins(
            columns, len(rows), Origin(sources=to_sources(source)), problems
        )
        problems.raise_any()
        origin, distinct = self._united(origin, distinct)
        finding, findings = self._findings()
        return Columns(
            kind=self.schema.kind,
            dimensions=tuple(self._dimension(dimension) for dimension in self.schema.dimensions),
            numbers=self._compact_numbers(),
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
        """Return the findings of the rows of each cell."""
        marked = self.ledger.findings
        if not marked:
            return repeat(np.uint32(0), len(self)), NO_FINDINGS
        cell = np.full(len(self.ledger.lines), -1, dtype=np.intp)
        cell[self.rows] = np.arange(len(self))
        cell[self.more_rows] = self.more_cells
        starts = np.cumsum([0, *(len(item.sets) for item in marked)]).tolist()
        cells = cell[np.concatenate([item.rows for item in marked])]
        codes = np.concatenate(
            [item.codes + start for item, start in zip(marked, starts, strict=False)]
        )
        sets = [findings for item in marked for findings in item.sets]
        in_table = cells >= 0
        return gather_findings(cells[in_table], codes[in_table], sets, len(self))

    def _dimension(self, dimension: Dimension) -> Coded[str]:
        """Return a dimension with sorted categories."""
        column = self.dimensions.get(dimension.name)
        if column is None or not column.values:  # rows without a category are rejected
            return Coded.constant(dimension.default or "", len(self))
        ordered = sorted(column.values, key=dimension.sort_key)
        return Coded(column.codes, column.values).recode(ordered).compact()

    def _compact_numbers(self) -> Numbers:
        numbers, size = self.numbers, len(self)
        known = not numbers.reason.any() and bool((numbers.lower == numbers.upper).all())
        return evolve(
            numbers,
            above=None if known else numbers.upper,
            reason=repeat(np.uint8(0), size) if known else numbers.reason,
            flags=numbers.flags if numbers.flags.any() else repeat(np.uint32(0), size),
        )


def _origins(name: str, column: FileColumn) -> Any:
    texts = coded(column.codes, column.values)
    if name != "n_reporters":
        return texts
    numbers = [to_integer(text) if isinstance(text, str) else None for text in texts.astype(object)]
    return pd.array(numbers, dtype="Int64")
