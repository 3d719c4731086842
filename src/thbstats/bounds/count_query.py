"""Bounds of single counts of a table."""

from collections.abc import Iterable

from attrs import evolve, frozen

from thbstats.bounds.bounds import Bounds
from thbstats.bounds.constraint import Constraint
from thbstats.bounds.grid import CellGrid
from thbstats.bounds.inference import Inference
from thbstats.bounds.system import System
from thbstats.claims import CountCell
from thbstats.claims.selection import SPLITS, parse_code
from thbstats.errors import AmbiguousCell, NoSuchCell
from thbstats.geography import Area
from thbstats.panel import Suppression, Warnings, category_label, refuse_narrowing
from thbstats.records import Record
from thbstats.rules.families.figures import disclosure_warning
from thbstats.tables import CountTable
from thbstats.values import Period, Reason

__all__ = ["infer_count"]

_SUPPRESSED = (Reason.FEWER_THAN, Reason.SUPPRESSED)


@frozen
class _Row:
    """Row of the table and the cell that it counts."""

    record: Record
    cell: CountCell

    @property
    def is_suppressed(self) -> bool:
        return self.record.count.reason in _SUPPRESSED


def infer_count(
    table: CountTable,
    *,
    area: str | Area | None = None,
    period: str | Period | None = None,
    overlapping: Iterable[str] = (),
    allow_disclosure: bool = False,
    **category: str,
) -> Inference:
    """Return the bounds of a missing or suppressed count of one area and period.

    The bounds of a suppressed count are the published ones, and results do not contain tables
    that would disclose it.

    Parameters
    ----------
    table : CountTable
        Rows of one area and period, or of several if `area` and `period` select one.
    area : str or Area, optional
        The area.
    period : str or Period, optional
        The reference period.
    overlapping : iterable of str
        Dimensions in which one person can have several categories.
    allow_disclosure : bool
        Whether the bounds of a suppressed count may be narrower than the published ones. The
        result then has the blocking warning ``DISCLOSURE``.
    **category : str
        The category, by dimension.

    Returns
    -------
    Inference
        The bounds, without claims.

    Raises
    ------
    NarrowingForbidden
        If `allow_disclosure` is set and the terms of a source prohibit re-identification.
    ImpossibleResult
        If the rows are inconsistent.
    NoSuchCell
        If the table has no such rows.
    AmbiguousCell
        If the rows have several areas, periods or kinds of count.

    Examples
    --------
    >>> import thbstats as thb
    >>> source = thb.Source(title="Synthetic data")
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
    target = evolve(first.cell, codes=plain | frozenset(codes.items()))
    suppressed = [row for row in rows if row.is_suppressed]
    around = [row for row in suppressed if row.cell.codes <= target.codes]
    if allow_disclosure:
        refuse_narrowing(source for row in suppressed for source in row.record.sources)
    used = rows if allow_disclosure else tuple(row for row in rows if not _is_above(row, around))
    grid = CellGrid.of([target, *(row.cell for row in used)], overlapping=overlapping)
    system = System(grid.cells, [_constraint(grid, row) for row in used], _assumed(grid))
    found = system.bounds(grid.sum(target))
    if suppressed and not allow_disclosure:
        found = _without_disclosure(found, target, around)
    bounds = found.interval if found.upper is not None or found.lower else None
    place = Area.parse(first.record.area)
    suppressions = [
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
        bounds=bounds,
        exact_bounds=found,
        cells={
            name: tuple((cut, part.label) for cut, part in parts.items())
            for name, parts in grid.cells.items()
        },
        assumptions=system.assumptions,
        warnings=Warnings(map(disclosure_warning, suppressions)),
    )


def _is_above(row: _Row, around: list[_Row]) -> bool:
    """Whether a row contains a suppressed one, so that it could disclose it."""
    return any(row.cell.codes < other.cell.codes for other in around)


def _without_disclosure(bounds: Bounds, target: CountCell, around: list[_Row]) -> Bounds:
    """Return bounds without tables, and the published bounds of a suppressed count."""
    bounds = evolve(bounds, lower_table=None, upper_table=None)
    for row in around:
        if row.cell == target:
            published = row.record.count.interval
            return Bounds(lower=published.lower, upper=published.upper)
    return bounds


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
            "the table must have rows of the area and period",
            field="area",
            value=str(area or "any"),
            hint="Use an area and a period of the table",
        )
    kinds = {_kind(row.cell) for row in rows}
    if len(kinds) > 1:
        raise AmbiguousCell(
            "the rows must have one area, one period and one kind of count",
            field="table",
            value=table.kind,
            hint="Set `area` and `period`, or select rows with CountTable.where",
        )
    return tuple(rows)


def _cell(table: CountTable, record: Record, members: frozenset[str]) -> CountCell:
    codes = {
        name: str(getattr(record, name))
        for name in table.dimensions
        if name not in ("area", "period", "status", "unit")
    }
    return CountCell(
        subject=table.kind,
        status=str(getattr(record, "status", "")),
        period=record.period,
        members=members,
        codes=frozenset(
            (name, code) for name, code in codes.items() if code not in ("total", "not_stated")
        ),
        unit=str(getattr(record, "unit", "")),
    )


def _kind(cell: CountCell) -> tuple[object, ...]:
    plain = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
    return (cell.status, cell.period, cell.members, plain, cell.unit)


def _constraint(grid: CellGrid, row: _Row) -> Constraint:
    count = row.record.count
    codes = sorted(code for name, code in row.cell.codes if name in SPLITS)
    name = " ".join(codes) or "total"
    return Constraint.between(
        name, grid.sum(row.cell), count.lower, count.upper, text=f"{name}: {count}"
    )


def _assumed(grid: CellGrid) -> Iterable[str]:
    named = [name for name in grid.parts if name in SPLITS]
    return [f"the rows of a category of {name} are its count" for name in named]
