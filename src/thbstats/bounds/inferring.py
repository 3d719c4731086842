"""Ask the claims of a publication for a number that it does not print."""

from collections.abc import Iterable, Mapping

from attrs import evolve

from thbstats.bounds.bounds import Bounds
from thbstats.bounds.grid import SPLITS, UNKNOWN
from thbstats.bounds.hidden import infer_count
from thbstats.bounds.inference import Inference
from thbstats.bounds.reading import Reading, has_number, kind_of
from thbstats.bounds.translation import narrowed
from thbstats.claims import DIMENSIONS, Cell, Claim, Report, cell_of
from thbstats.claims.selection import parse_code
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, UnknownName, did_you_mean
from thbstats.geography import Area, parse_area
from thbstats.results import words
from thbstats.tables import CountTable
from thbstats.values import Interval, Period, Rounding

__all__ = ["infer"]


def infer(
    report: Report | CountTable,
    subject: str = "victims",
    *,
    area: str | Area | None = None,
    period: str | Period | None = None,
    status: str | None = None,
    recorded: str | Iterable[str] = (),
    of: Mapping[str, str] | None = None,
    base: str = "all",
    bases: Mapping[str, str] | None = None,
    overlapping: Iterable[str] = (),
    rounding: Rounding | str = Rounding.HALF_UP,
    closed: bool = False,
    leave_out: Iterable[str] = (),
    narrow: bool = False,
    **category: str,
) -> Inference:
    """Return what all claims together imply of a count or a share that need not be printed.

    Each count, percentage, change and ranking of the same kind of count becomes inequalities
    between whole numbers. A percentage enters if its base is printed, or read in the publication,
    or given in `bases`, and if something printed says that its base holds anybody: a percentage
    of nobody knows how many is a proportion and no count. Qualifying words never enter.

    Parameters
    ----------
    report : Report or CountTable
        A publication as claims, or a table, of which counts alone can be asked; see
        `infer_count`.
    subject : str
        What is counted, such as ``"victims"``.
    area : str or Area, optional
        The area; by default the one of which the publication mostly speaks.
    period : str or Period, optional
        The reference period, where numbers are printed for several.
    status : str, optional
        The status of victims, where numbers are printed for several.
    recorded : str or iterable of str
        Dimensions: only those are counted whose category is recorded, such as all victims of a
        country with a recorded form of exploitation.
    of : mapping of str to str, optional
        Ask for the share of this whole instead of the count: codes by dimension, ``{}`` for
        everybody in the area; with ``area`` for another area.
    base : {"all", "recorded"}
        For a share: whether its base holds those whose category is unknown.
    bases : mapping of str to str, optional
        The base, ``"all"`` or ``"recorded"``, of percentages of which it is not printed: by
        dimension, such as ``{"sex": "all"}``, or by the id of a claim.
    overlapping : iterable of str
        Dimensions of which one person can have several categories; they are exclusive otherwise.
    rounding : Rounding
        How percentages were rounded.
    closed : bool
        Whether a half may have been rounded either way, whatever the rounding says.
    leave_out : iterable of str
        Ids of claims that do not enter.
    narrow : bool
        Whether a count that a table hides may be told more closely than its source does; the
        answer then carries the blocking warning ``DISCLOSURE``.
    **category : str
        What is asked for, by dimension.

    Returns
    -------
    Inference
        The ends, a table for each that satisfies every claim, what was assumed and used; or no
        information.

    Raises
    ------
    ImpossibleResult
        If no table satisfies all claims; the error names a smallest set that conflicts.
    NoSuchCell
        If nothing is printed of such counts.
    AmbiguousCell
        If numbers are printed for several periods, statuses or kinds of count.
    UnknownName
        If a dimension, code, claim or base does not exist.
    NarrowingForbidden
        If a hidden count is to be narrowed and the terms of its source forbid that.
    InvalidValue
        If a table is asked for what only claims can tell.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> thb.infer(report, "victims", area="UK", exploitation="labour")
    <Inference labour, UK: 2 666..2 865>
    >>> thb.infer(report, "victims", area="UK", recorded="exploitation").bounds
    Interval(4848..6387)
    >>> thb.infer(report, "victims", area="UK", sex="female")
    <Inference female, UK: no information>
    >>> thb.infer(report, "victims", area="UK", sex="female", bases={"sex": "all"}).bounds
    Interval(1705..5693)

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    if isinstance(report, CountTable):
        _check_table(report, subject, recorded=recorded, of=of, bases=bases, leave_out=leave_out)
        table = report if status is None else report.where(status=status)
        return infer_count(
            table, area=area, period=period, overlapping=overlapping, narrow=narrow, **category
        )
    known = (recorded,) if isinstance(recorded, str) else tuple(recorded)
    _check(report, bases or {}, base, recorded=known, overlapping=overlapping, leave_out=leave_out)
    place = parse_area(area or report.area)
    codes = _codes(category)
    cell = _cell(report, _asked(subject, place, codes), period=period, status=status)
    asked = [cell, *(narrowed(cell, name, UNKNOWN) for name in known)]
    if of is not None:
        wide = dict(of)
        inside = parse_area(wide.pop("area", place))
        whole = evolve(cell, members=inside.members, codes=frozenset(_codes(wide).items()))
        asked.append(whole)
    reading = Reading(
        claims=report.claims,
        asked=asked,
        bases=bases,
        overlapping=overlapping,
        rounding=rounding,
        closed=closed,
        left_out=leave_out,
    )
    if of is None:
        found, told = _count(reading, cell, known)
    else:
        found, told = _share(reading, cell, whole, known, recorded=base == "recorded")
    named = words(codes) if codes else str(subject)
    named += f" with recorded {' and '.join(known)}" if known else ""
    return Inference(
        title=report.title,
        label=f"{named}, {place.code}" if of is None else f"{named}, {place.code}, as a share",
        category=tuple(codes.items()),
        area=place.code,
        period=cell.period,
        bounds=told,
        found=found,
        cells={
            name: tuple((cut, part.label) for cut, part in parts.items())
            for name, parts in reading.grid.cells.items()
        },
        assumptions=reading.system.assumptions,
        claims=[claim for claim in report.claims if claim in reading.used],
        set_aside=reading.set_aside,
        is_share=of is not None,
    )


def _count(reading: Reading, cell: Cell, known: tuple[str, ...]) -> tuple[Bounds, Interval | None]:
    system, grid = reading.system, reading.grid
    found = system.bounds(grid.sum(cell, recorded=known))
    if found.lower:
        return found, found.interval
    # Nobody may be counted here, so that only an end below that of those around it says more.
    around = [*reading.around(cell), *([cell] if known else [])]
    told = found.upper is not None and all(
        system.bounds(grid.sum(wider)).upper != found.upper for wider in around
    )
    return found, found.interval if told else None


def _share(
    reading: Reading, cell: Cell, whole: Cell, known: tuple[str, ...], *, recorded: bool
) -> tuple[Bounds, Interval | None]:
    grid = reading.grid
    cuts = [name for name, code in sorted(cell.codes - whole.codes) if name in SPLITS]
    base = grid.sum(whole, recorded=[*known, *cuts] if recorded else known)
    found = reading.system.share(grid.sum(cell, recorded=known), base)
    return found, None if found.interval == Interval(0, 1) else found.interval


def _codes(category: Mapping[str, str]) -> dict[str, str]:
    codes = {name: parse_code(name, code) for name, code in category.items()}
    return {name: code for name, code in codes.items() if code != "total"}


def _asked(subject: str, place: Area, codes: Mapping[str, str]) -> Cell:
    """What is asked for, read as a claim would be."""
    return cell_of(
        Claim(
            id="asked",
            section="asked",
            paragraph="asked",
            kind="count",
            words="asked",
            subject=subject,
            category=codes,
            area=place.code,
        )
    )


def _cell(report: Report, asked: Cell, *, period: str | Period | None, status: str | None) -> Cell:
    """The same with the period and status of the numbers that are printed of it."""
    when = None if period is None else Period.parse(period)
    kind = _kind(asked)
    cells: dict[object, Cell] = {}
    for claim in filter(has_number, report.claims):
        cell = cell_of(claim)
        if when is not None and when == claim.since:
            cell = evolve(cell, period=when)
        if (
            cell.subject == asked.subject
            and when in (None, cell.period)
            and status in (None, str(cell.status))
            and kind == _kind(cell)
        ):
            cells.setdefault((kind_of(cell), cell.period), cell)
    if not cells:
        there = sorted({_told(cell_of(claim)) for claim in report.claims if has_number(claim)})
        raise NoSuchCell(
            "no numbers of this kind are printed",
            field="subject",
            value=str(asked.subject),
            mend=f"Numbers are printed of {'; '.join(there) or 'nothing'}",
        )
    if len(cells) > 1:
        raise AmbiguousCell(
            "numbers are printed of several kinds of counts",
            field="subject",
            value=str(asked.subject),
            mend=f"Name period or status: {'; '.join(map(_told, cells.values()))}",
        )
    [one] = cells.values()
    return evolve(one, members=asked.members, codes=asked.codes)


def _kind(cell: Cell) -> frozenset[tuple[str, str]]:
    return frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)


def _told(cell: Cell) -> str:
    kind = " ".join(str(code) for _, code in sorted(_kind(cell)))
    return " ".join(filter(None, [str(cell.status), str(cell.subject), kind, str(cell.period)]))


def _check_table(table: CountTable, subject: str, **of_claims: object) -> None:
    if subject != table.kind:
        raise NoSuchCell(
            f"the table counts {table.kind}", field="subject", value=subject, mend="Say so"
        )
    for field, value in of_claims.items():
        if value is not None and value != ():
            raise InvalidValue(
                "a table is asked for counts, and has no claims",
                field=field,
                value=value,
                mend="Leave it out",
            )


def _check(
    report: Report,
    bases: Mapping[str, str],
    base: str,
    *,
    recorded: Iterable[str],
    overlapping: Iterable[str],
    leave_out: Iterable[str],
) -> None:
    ids = [claim.id for claim in report.claims]
    choices = ("all", "recorded")
    asked = [
        *(("bases", name, (*DIMENSIONS, *ids)) for name in bases),
        *(("bases", value, choices) for value in bases.values()),
        ("base", base, choices),
        *(("recorded", name, SPLITS) for name in recorded),
        *(("overlapping", name, SPLITS) for name in overlapping),
        *(("leave_out", name, ids) for name in leave_out),
    ]
    for field, value, options in asked:
        if value not in options:
            raise UnknownName(
                "there is no such choice",
                field=field,
                value=value,
                mend=did_you_mean(value, options),
            )
