"""Partitions: the rows of a table without totals, whose sums are right."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from attrs import field, frozen

from thbstats.display import Cell, Column, DisplayTable, Tabular, count
from thbstats.errors import AmbiguousCell, require
from thbstats.geography.subdivisions import country_of, may_overlap
from thbstats.records import Dimension, Schema
from thbstats.records.converters import area_members
from thbstats.records.kind_schema import names_of
from thbstats.tables.columns import Columns
from thbstats.values import Interval, Reason
from thbstats.vocabulary.codes import COMPLETE

if TYPE_CHECKING:
    import pandas as pd


NOT_BROKEN_DOWN = "not_broken_down"
"""The category of persons or cases whose category is not in the table."""

_SHOWN = 20
_NOT_APPLICABLE = Reason.NOT_APPLICABLE.severity

Bounds = tuple[int, float]


class PartitionRow(NamedTuple):
    """A row of a partition: the codes of its columns, the bounds of its count, and their origin."""

    codes: tuple[str, ...]
    bounds: Bounds
    origin: str


@frozen(kw_only=True, eq=False, repr=False)
class TablePartition(Tabular):
    """Rows without totals: each person or case is in one row.

    Sums over any rows are bounds of the count of these rows. `CountTable.partition` makes it.

    Parameters
    ----------
    schema : Schema
        The schema of the table.
    by : tuple of str
        The breakdowns that are columns, in the order of the breakdown.
    common : mapping of str to str
        The categories that all rows have.
    rows : tuple
        The rows, each with its ``codes``, its ``bounds`` and its ``origin``.
    totals : tuple of str
        The areas that are left out in the periods in which the table has rows of their members.
    without_total : tuple of (str, str)
        The areas and periods that are left out because they have categories without a total,
        while others have totals. Their categories can overlap, and their total is missing.
    """

    schema: Schema
    by: tuple[str, ...]
    common: Mapping[str, str]
    rows: tuple[PartitionRow, ...] = field(converter=tuple[PartitionRow, ...])
    totals: tuple[str, ...] = ()
    without_total: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns with categories."""
        return ("area", "period", *self.by)

    def to_frame(self) -> "pd.DataFrame":
        """Return a frame with one row per category.

        Returns
        -------
        pandas.DataFrame
            ``area``, ``period``, the breakdowns, ``count_lower``, ``count_upper`` (missing if the
            count is not bounded), and ``origin``: ``reported`` for a row of the table,
            ``not_broken_down`` for the difference between a total and its categories, and
            ``contradictory`` for a total whose categories exceed it.
        """
        import pandas as pd

        lower = np.array([row.bounds[0] for row in self.rows], dtype=np.int64)
        upper = pd.array([_finite(row.bounds[1]) for row in self.rows], dtype="Int64")
        return pd.DataFrame(
            {
                **{name: [row.codes[i] for row in self.rows] for i, name in enumerate(self.names)},
                "count_lower": lower,
                "count_upper": upper,
                "origin": [row.origin for row in self.rows],
            }
        )

    def display_table(self) -> DisplayTable:
        """Return the first rows as a display table."""
        rows: list[list[Cell | str]] = [
            [*key, count(Interval(lower, _finite(upper))), origin.replace("_", " ")]
            for key, (lower, upper), origin in self.rows[:_SHOWN]
        ]
        notes = ["Each person or case is in one row."]
        if len(self.rows) > _SHOWN:
            notes.append(f"First {_SHOWN} of {count(len(self.rows))} rows.")
        if self.totals:
            notes.append(f"Left out where their members have rows: {', '.join(self.totals)}.")
        if self.without_total:
            number = count(len(self.without_total))
            notes.append(f"Left out, without a total: {number} combinations of area and period.")
        kind = ", ".join([self.schema.kind, *self.common.values()])
        return DisplayTable(
            caption=f"Rows without totals: {kind}",
            columns=[*self.names, Column("count", "right"), "origin"],
            rows=rows,
            notes=notes,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return (
            f"<TablePartition of {self.schema.kind} by {', '.join(self.names)}: {len(self)} rows>"
        )


def _finite(upper: float) -> int | None:
    return None if np.isinf(upper) else int(upper)


def make_partition(
    columns: Columns, by: str | Iterable[str], multiple: Sequence[str]
) -> TablePartition:
    """Return the partition of a table; see `CountTable.partition`."""
    names = tuple(name for name in names_of(by) if name not in ("area", "period"))
    schema = columns.schema
    for name in names:
        is_breakdown = schema[name].total is not None
        hint = "The columns area and period are always there; select other attributes with "
        hint += "table.where(...)"
        require(is_breakdown, "must be a breakdown, such as 'sex'", hint, by=name)
        problem = "must be a breakdown with exclusive categories"
        hint = "Its categories apply to one person together; use another breakdown"
        require(name not in multiple, problem, hint, by=name)
    # Rows are the total of every breakdown that is not a column.
    is_row = columns.numbers.reason != _NOT_APPLICABLE
    for item, column in zip(schema.dimensions, columns.dimensions, strict=True):
        if item.total is not None and item.name not in names:
            is_row = is_row & column.table(item.total.__eq__, np.bool_)
        elif item.total is None and item.name not in ("area", "period"):
            _check_attribute(item, column.categories)
    chosen = np.flatnonzero(is_row)
    lower, upper = columns.numbers.lower, columns.numbers.upper
    keys = [columns[name] for name in ("area", "period", *names)]
    cells = {
        tuple(column[row] for column in keys): (int(lower[row]), float(upper[row]))
        for row in chosen.tolist()
    }
    totals = _totals({key[:2] for key in cells})
    cells = {key: bounds for key, bounds in cells.items() if key[:2] not in totals}
    for first, second in combinations(sorted({key[1] for key in cells}), 2):
        is_apart = not schema["period"].overlaps(first, second)
        hint = "Select one of them with table.where(period=...)"
        both = f"{first}, {second}"
        require(is_apart, "must have periods without common days", hint, period=both)
    tree = _Tree([schema[name] for name in names], cells)
    pairs = dict.fromkeys(key[:2] for key in cells)
    whole = tuple(str(schema[name].total) for name in names)
    without_total = {pair: None for pair in pairs if (*pair, *whole) not in cells}
    if len(without_total) == len(pairs):  # a table of categories only
        without_total = {}
    rows = [
        row._replace(codes=(*pair, *row.codes))
        for pair in pairs
        if pair not in without_total
        for row in tree.rows(pair)
    ]
    # Categories without a total can lack persons.
    others = [pair for pair in pairs if (*pair, *whole) not in cells and pair not in without_total]
    none = (NOT_BROKEN_DOWN,) * len(whole)
    every = (*COMPLETE[names[0]], "unknown") if names and names[0] in COMPLETE else ()
    rows += [
        PartitionRow((*pair, *none), (0, np.inf), NOT_BROKEN_DOWN)
        for pair in others
        if not (every and tree.have_counts(pair, every, whole))
    ]
    return TablePartition(
        schema=schema,
        by=names,
        common=columns.common(),
        rows=rows,
        totals=tuple(sorted({area for area, _ in totals})),
        without_total=tuple(without_total),
    )


def _check_attribute(dimension: Dimension, categories: Sequence[str]) -> None:
    """Raise an error if an attribute has several categories."""
    if len(categories) > 1:
        raise AmbiguousCell(
            "must have one category, because counts of several do not add up",
            field=dimension.name,
            value=", ".join(categories[:5]),
            hint=f"Select one with table.where({dimension.name}={categories[0]!r})",
        )


def _totals(pairs: Collection[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return the omitted areas and periods: compositions whose members have rows.

    Of areas and periods, the areas of one period that remain have no common inhabitants.
    """
    areas = defaultdict(list)
    for area, period in sorted(pairs):
        areas[period].append(area)
    result: set[tuple[str, ...]] = set()
    for period, codes in areas.items():
        members = {code: area_members(code) for code in codes}
        countries = frozenset().union(*(own for own in members.values() if len(own) == 1))
        wide = {code for code, own in members.items() if len(own) > 1}
        left_out = {code for code in wide if not countries.isdisjoint(members[code])}
        result |= {(code, period) for code in left_out}
        # Two countries have no common inhabitants: a pair contains a composition or a region.
        regions = {code for code in codes if country_of(code)}
        for first in sorted((wide | regions) - left_out):
            for second in codes:
                is_apart = first == second or second in left_out
                is_apart = is_apart or not may_overlap(members[first], members[second])
                problem = "must have areas without common countries or regions in a period"
                hint = "Select one of them with table.where(area=...)"
                require(is_apart, problem, hint, area=f"{first}, {second}")
    return result


class _Tree:
    """The cells of each area and period, by breakdowns in sequence.

    A key is an area, a period and the codes of the first breakdowns. In FR in 2020 with the
    breakdown of sex:

    ======== ======== ============================================================
    total    female   rows of ("FR", "2020")
    ======== ======== ============================================================
    10       3        female 3 (reported), not_broken_down 7 (not_broken_down)
    10       12       not_broken_down 10 (contradictory)
    10       no row   not_broken_down 10 (reported)
    0 to 4   3        female 3 (reported), not_broken_down 0 to 1 (not_broken_down)
    no row   3        female 3 (reported)
    ======== ======== ============================================================
    """

    def __init__(
        self, dimensions: Sequence[Dimension], cells: Mapping[tuple[str, ...], Bounds]
    ) -> None:
        self.dimensions, self.cells = dimensions, cells
        # By key, the categories of the next breakdown.
        children: defaultdict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        for key in cells:
            for i, dimension in enumerate(dimensions, start=2):
                if key[i] != dimension.total:
                    children[key[:i]][key[i]] = None
        self.children = {key: list(codes) for key, codes in children.items()}

    def rows(self, key: tuple[str, ...]) -> list[PartitionRow]:
        """Return the rows of a key, which consists of codes of the breakdowns."""
        totals = tuple(str(item.total) for item in self.dimensions[len(key) - 2 :])
        total = self.cells.get((*key, *totals))
        if not totals:
            return [] if total is None else [PartitionRow(self._codes(key), total, "reported")]
        rows = [row for part in self._parts(key, total) for row in part]
        if not rows:  # the breakdown has no rows: perhaps the next one has
            return self.rows((*key, totals[0]))
        if total is None:
            return rows
        lower, upper = (sum(ends) for ends in zip(*(row.bounds for row in rows), strict=True))
        codes = (*self._codes(key), *(NOT_BROKEN_DOWN for _ in totals))
        if lower > total[1]:
            return [PartitionRow(codes, total, "contradictory")]
        is_complete = self._is_complete(key, totals) and lower <= total[0] and total[1] <= upper
        if is_complete or total[1] <= lower:
            return rows
        least = max(0, total[0] - int(upper)) if np.isfinite(upper) else 0
        return [*rows, PartitionRow(codes, (least, total[1] - lower), NOT_BROKEN_DOWN)]

    def _is_complete(self, key: tuple[str, ...], totals: Sequence[str]) -> bool:
        """Return whether each category of the next breakdown has a count, also unknown."""
        dimension = self.dimensions[len(key) - 2]
        if dimension.vocabulary is None or dimension.content != "codes":
            return False  # a list of countries is never complete
        children = dimension.vocabulary(totals[0]).children
        return self.have_counts(key, map(str, children), totals)

    def have_counts(
        self, key: tuple[str, ...], codes: Iterable[str], totals: Sequence[str]
    ) -> bool:
        """Return whether each of some categories of the next breakdown has a bounded count."""
        counts = (self.cells.get((*key, code, *totals[1:])) for code in codes)
        return all(own is not None and np.isfinite(own[1]) for own in counts)

    def _codes(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """Return the codes of the breakdowns of a key, without totals."""
        pairs = zip(key[2:], self.dimensions, strict=False)
        return tuple(NOT_BROKEN_DOWN if code == item.total else code for code, item in pairs)

    def _parts(self, key: tuple[str, ...], total: Bounds | None) -> Iterator[list[PartitionRow]]:
        """Yield the rows of each category; a row has no count only if its total has none.

        Categories have no common persons: the broadest ones, and groups before countries.
        """
        dimension = self.dimensions[len(key) - 2]
        codes = self.children.get(key, [])
        ranks = {code: (len(dimension.ancestors(code)), dimension.sort_key(code)) for code in codes}
        area, period = key[:2]
        chosen: list[str] = []
        for code in sorted(codes, key=ranks.__getitem__):
            if any(dimension.overlaps(code, own, area=area, period=period) for own in chosen):
                continue
            chosen.append(code)
            rows = self.rows((*key, code))
            if total is None or any(np.isfinite(row.bounds[1]) or row.bounds[0] for row in rows):
                yield rows
