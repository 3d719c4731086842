"""Ask a table for a count that it does not hold, without undoing what its source hides."""

from collections.abc import Iterable

from attrs import evolve, frozen

from thbstats.bounds.bounds import Bounds
from thbstats.bounds.constraint import Constraint
from thbstats.bounds.grid import CellGrid
from thbstats.bounds.inference import Inference
from thbstats.bounds.system import System
from thbstats.claims import Cell
from thbstats.claims.selection import SPLITS, parse_code
from thbstats.errors import AmbiguousCell, NoSuchCell
from thbstats.geography import Area
from thbstats.panel import Suppression, Warnings, category_label, refuse_narrowing
from thbstats.records import Record
from thbstats.rules.families.figures import disclosure_warning
from thbstats.tables import CountTable
from thbstats.values import Period, Reason

__all__ = ["infer_count"]

_HIDDEN = (Reason.FEWER_THAN, Reason.SUPPRESSED)


@frozen
class _Row:
    """A row of the table, as the cell that it counts."""

    record: Record
    cell: Cell

    @property
    def is_hidden(self) -> bool:
        return self.record.count.reason in _HIDDEN


def infer_count(
    table: CountTable,
    *,
    area: str | Area | None = None,
    period: str | Period | None = None,
    overlapping: Iterable[str] = (),
    allow_disclosure: bool = False,
    **category: str,
) -> Inference:
    """Return what the rows of one area and period imply of a count that is missing or hidden.

    A count that its source hides is what the source says it is. Asked for, it is answered by the
    source's own interval, and other answers come without tables, which would show it.

    Parameters
    ----------
    table : CountTable
        Rows of one area and period, or of several of which one is named.
    area : str or Area, optional
        The area.
    period : str or Period, optional
        The reference period.
    overlapping : iterable of str
        Dimensions of which one person can have several categories.
    allow_disclosure : bool
        Whether a hidden count may be told more closely than its source does. The answer then
        carries the blocking warning ``DISCLOSURE``.
    **category : str
        What is asked for, by dimension.

    Returns
    -------
    Inference
        As of a publication; its claims are rows, so `Inference.claims` is empty.

    Raises
    ------
    NarrowingForbidden
        If a hidden count is to be narrowed and the terms of its source forbid that.
    ImpossibleResult
        If no whole numbers satisfy all rows.
    NoSuchCell
        If there are no such rows.
    AmbiguousCell
        If the rows are of several areas, periods or kinds of count.

    Examples
    --------
    >>> import thbstats as thb
    >>> source = thb.Source(title="A made-up table")
    >>> rows = [
    ...     thb.records.VictimCount(area="FR", period="2020", source=source, count=100),
    ...     thb.records.VictimCount(area="FR", period="2020", source=source, sex="male", count=97),
    ...     thb.records.VictimCount(
    ...         area="FR",
    ...         period="2020",
    ...         source=source,
    ...         sex="female",
    ...         count=thb.Count.fewer_than(5),
    ...     ),
    ... ]
    >>> table = thb.CountTable.from_records(rows)
    >>> infer_count(table, sex="female")
    <Inference female, FR: 0 to 4>
    >>> infer_count(table, sex="female", allow_disclosure=True)
    <Inference female, FR: 0 to 3; DISCLOSURE>
    """
    rows = _rows(table, area, period)
    first = rows[0]
    codes = {name: parse_code(name, code) for name, code in category.items()}
    codes = {name: code for name, code in codes.items() if code != "total"}
    plain = frozenset(pair for pair in first.cell.codes if pair[0] not in SPLITS)
    asked = evolve(first.cell, codes=plain | frozenset(codes.items()))
    hidden = [row for row in rows if row.is_hidden]
    around = [row for row in hidden if row.cell.codes <= asked.codes]
    if allow_disclosure:
        refuse_narrowing(source for row in hidden for source in row.record.sources)
    kept = rows if allow_disclosure else tuple(row for row in rows if not _is_above(row, around))
    grid = CellGrid.of([asked, *(row.cell for row in kept)], overlapping=overlapping)
    system = System(grid.cells, [_statement(grid, row) for row in kept], _assumed(grid))
    found = system.bounds(grid.sum(asked))
    if hidden and not allow_disclosure:
        found = _kept(found, asked, around)
    told = found.interval if found.upper is not None or found.lower else None
    place = Area.parse(first.record.area)
    warned = [
        Suppression(
            cells=1,
            areas=frozenset({place.code}),
            counts=row.record.count.interval,
            narrowed=True,
        )
        for row in around
        if allow_disclosure and found.interval != row.record.count.interval
    ][:1]
    return Inference(
        title="; ".join(sorted({str(source) for row in rows for source in row.record.sources})),
        label=f"{category_label(codes.items()) if codes else table.kind}, {place.code}",
        category=tuple(codes.items()),
        area=place.code,
        period=first.record.period,
        bounds=told,
        exact_bounds=found,
        cells={
            name: tuple((cut, part.label) for cut, part in parts.items())
            for name, parts in grid.cells.items()
        },
        assumptions=system.assumptions,
        warnings=Warnings(map(disclosure_warning, warned)),
    )


def _is_above(row: _Row, around: list[_Row]) -> bool:
    """Whether a row counts others beside those of a hidden one, and so could tell it."""
    return any(row.cell.codes < each.cell.codes for each in around)


def _kept(found: Bounds, asked: Cell, around: list[_Row]) -> Bounds:
    """Bounds without the tables that would show hidden counts; a hidden count as it is."""
    found = evolve(found, lower_table=None, upper_table=None)
    for row in around:
        if row.cell == asked:
            own = row.record.count.interval
            return Bounds(lower=own.lower, upper=own.upper)
    return found


def _rows(
    table: CountTable, area: str | Area | None, period: str | Period | None
) -> tuple[_Row, ...]:
    place = None if area is None else Area.parse(area).members
    when = None if period is None else Period.parse(period)
    rows = []
    for record in table.records():
        members = Area.parse(record.area).members
        counted = record.count.reason is not Reason.NOT_APPLICABLE
        if counted and place in (None, members) and when in (None, record.period):
            rows.append(_Row(record, _cell(table, record, members)))
    if not rows:
        raise NoSuchCell(
            "the table has no rows of this area and period",
            field="area",
            value=str(area or "any"),
            hint="Name an area and a period of the table",
        )
    kinds = {_kind(row.cell) for row in rows}
    if len(kinds) > 1:
        raise AmbiguousCell(
            "the rows are of several areas, periods or kinds of count",
            field="table",
            value=table.kind,
            hint="Name the area and the period, and keep one kind with CountTable.where",
        )
    return tuple(rows)


def _cell(table: CountTable, record: Record, members: frozenset[str]) -> Cell:
    said = {
        name: str(getattr(record, name))
        for name in table.dimensions
        if name not in ("area", "period", "status", "unit")
    }
    return Cell(
        subject=table.kind,
        status=str(getattr(record, "status", "")),
        period=record.period,
        members=members,
        codes=frozenset(
            (name, code) for name, code in said.items() if code not in ("total", "not_stated")
        ),
        unit=str(getattr(record, "unit", "")),
    )


def _kind(cell: Cell) -> tuple[object, ...]:
    plain = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
    return (cell.status, cell.period, cell.members, plain, cell.unit)


def _statement(grid: CellGrid, row: _Row) -> Constraint:
    count = row.record.count
    codes = sorted(code for name, code in row.cell.codes if name in SPLITS)
    name = " ".join(codes) or "total"
    return Constraint.between(
        name, grid.sum(row.cell), count.lower, count.upper, text=f"{name}: {count}"
    )


def _assumed(grid: CellGrid) -> Iterable[str]:
    named = [name for name in grid.parts if name in SPLITS]
    return [f"the rows of one category of {name} are its count" for name in named]
