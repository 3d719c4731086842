"""Bounds of counts and shares of a publication or a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, field, frozen

from thbstats._signatures import explain_arguments, short_signature
from thbstats.bounds.bounds import Bounds
from thbstats.bounds.claim_system import CellGrid, plain_codes
from thbstats.bounds.constraint import Constraint
from thbstats.bounds.evidence import Evidence, parse_codes
from thbstats.bounds.inference import Inference
from thbstats.bounds.system import TIME_LIMIT, System
from thbstats.claims import DIMENSIONS, CountCell, Publication
from thbstats.claims.rounding_rules import RoundingMethod
from thbstats.claims.selection import SPLITS
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, require
from thbstats.geography import Area
from thbstats.panel import Suppression, Warnings, category_label, refuse_narrowing
from thbstats.records import Record
from thbstats.rules.families.published_figures import disclosure_warning
from thbstats.tables import CountTable
from thbstats.values import Count, Period, Reason

AreaName = str | Area | None
Codes = Mapping[str, str] | None
Names = str | Iterable[str]
PeriodName = str | Period | None
Source = Publication | CountTable


@explain_arguments
@short_signature
def infer(
    publication: Source,
    subject: str = "victims",
    *,
    area: AreaName = None,
    period: PeriodName = None,
    status: str | None = None,
    exclude_unknown: Names = (),
    denominator: Codes = None,
    base: str = "all",
    assume_base: Codes = None,
    overlapping: Names = (),
    rounding: RoundingMethod | Mapping[str, RoundingMethod] | None = None,
    allow_tie_either_way: bool = False,
    use_wording: bool = False,
    exclude: Names = (),
    allow_disclosure: bool = False,
    time_limit: float | None = TIME_LIMIT,
    **category: str,
) -> Inference:
    """Return the bounds of a count or a share that need not be published.

    Each count, percentage, change and ranking of the same kind of count is a constraint on
    integers. A percentage is used if its denominator is stated or set in `assume_base`, and a
    published count belongs to that denominator: a percentage without a known denominator cannot
    be converted to a count. For repeated queries, create an `Evidence` object once.

    Parameters
    ----------
    publication : Publication or CountTable
        A publication as claims, or a table with rows of one area and period, or of several if
        `area` and `period` select one. A table supports counts only. The bounds of a suppressed
        count are the published ones, and results do not contain tables that would disclose it.
    subject : str
        The kind of count, such as ``"victims"``.
    area : str or Area, optional
        The area; by default the main area of the publication.
    period : str or Period, optional
        The reference period, required if there are several.
    status : str, optional
        The status of victims, required if there are several.
    exclude_unknown : str or iterable of str
        Dimensions of which the unknown category is not counted.
    denominator : mapping of str to str, optional
        The denominator of a share, as codes by dimension and ``area``; ``{}`` for all persons in
        the area. By default the result is a count.
    base : {"all", "known"}
        For a share: "all" includes the unknown category in the denominator, "known" excludes it.
    assume_base, overlapping, rounding, allow_tie_either_way, use_wording, exclude : optional
        The assumptions to read claims, as for `thbstats.bounds.Evidence`. A table has
        `overlapping` only.
    allow_disclosure : bool
        Whether the bounds of a suppressed count of a table may be narrower than the published
        ones. The result then has the blocking warning ``DISCLOSURE``.
    time_limit : float, optional
        The seconds after which the search ends; ``None`` for no limit. The bounds are then proved
        and possibly wider than the attained ones, and `Inference.left_open` states it.
    **category : str
        The category, by dimension.

    Returns
    -------
    Inference
        The bounds, a consistent table for each bound, the assumptions and the claims used; or no
        information.

    Raises
    ------
    ImpossibleResult
        If the claims are inconsistent; the error names a minimal conflicting set.
    NoSuchCell
        If no such counts are published.
    AmbiguousCell
        If there are several periods, statuses or kinds of count.
    UnknownName
        If a dimension, code, claim, denominator or rounding does not exist.
    NarrowingForbidden
        If `allow_disclosure` is set and the terms of a source prohibit re-identification.
    InvalidValue
        If the first argument is neither a publication nor a table, the numerator of a share is
        not a part of its denominator, an argument does not apply to a table, or a table is
        divided by a dimension of a classification.

    Examples
    --------
    >>> import thbstats as thb
    >>> publication = thb.publications.com_2018_777()
    >>> thb.infer(publication, "victims", area="UK", exploitation="labour")
    <Inference labour, UK: 2,666 to 2,865>
    >>> thb.infer(publication, "victims", area="UK", exclude_unknown="exploitation").bounds
    Interval(4848 to 6387)
    >>> thb.infer(publication, "victims", area="UK", sex="female")
    <Inference female, UK: no information>
    >>> assumed = {"sex": "all"}
    >>> thb.infer(publication, "victims", area="UK", sex="female", assume_base=assumed).bounds
    Interval(1705 to 5693)

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    if not isinstance(publication, CountTable):
        evidence = Evidence(
            publication,
            assume_base=assume_base,
            overlapping=overlapping,
            rounding=rounding,
            allow_tie_either_way=allow_tie_either_way,
            use_wording=use_wording,
            exclude=exclude,
        )
        return evidence.infer(
            subject,
            area=area,
            period=period,
            status=status,
            exclude_unknown=exclude_unknown,
            denominator=denominator,
            base=base,
            time_limit=time_limit,
            **category,
        )
    if subject != publication.kind:
        raise NoSuchCell(
            f"`subject` must be {publication.kind!r} for this table",
            field="subject",
            value=subject,
            hint=f"Use subject={publication.kind!r}",
        )
    unused = {
        "exclude_unknown": exclude_unknown,
        "denominator": denominator,
        "assume_base": assume_base,
        "exclude": exclude,
    }
    for name, value in unused.items():
        requirement = f"`{name}` must not be set for a table, which has no claims"
        require(value in (None, ()), requirement, "Remove the argument", **{name: value})
    table = publication if status is None else publication.where(status=status)
    return _infer_count(
        _rows(table, area, period),
        parse_codes(category),
        kind=table.kind,
        overlapping=overlapping,
        allow_disclosure=allow_disclosure,
        time_limit=time_limit,
    )


@frozen(kw_only=True)
class _Row(CountCell):
    """Row of a table as the cell that it counts."""

    record: Record = field(eq=False)

    @property
    def count(self) -> Count:
        """The count of the row."""
        return self.record.count


def _infer_count(
    rows: Sequence[_Row],
    codes: Mapping[str, str],
    *,
    kind: str,
    overlapping: Iterable[str],
    allow_disclosure: bool,
    time_limit: float | None,
) -> Inference:
    """Return the bounds of a missing or suppressed count of one area and period."""
    first = rows[0]
    target = evolve(first, codes=plain_codes(first) | frozenset(codes.items()))
    suppressed = [r for r in rows if r.count.reason in (Reason.FEWER_THAN, Reason.SUPPRESSED)]
    around, used = [row for row in suppressed if row.codes <= target.codes], list(rows)
    if allow_disclosure:
        refuse_narrowing(source for row in suppressed for source in row.record.sources)
    else:  # a row that contains a suppressed one could disclose it
        used = [row for row in rows if not any(row.codes < other.codes for other in around)]
    grid = CellGrid.of([target, *used], overlapping=overlapping)
    constraints = []
    for row in used:
        name = " ".join(sorted(code for name, code in row.codes if name in SPLITS)) or "total"
        low, high, text = row.count.lower, row.count.upper, f"{name}: {row.count}"
        constraints.append(Constraint.between(name, grid.sum(row), low, high, text=text))
    assumptions = [
        f"the rows of a category of {name} are its count" for name in grid.parts if name in SPLITS
    ]
    system = System(grid.cells, constraints, assumptions)
    result = system.bounds(grid.sum(target), time_limit=time_limit)
    if suppressed and not allow_disclosure:
        result = evolve(result, lower_table=None, upper_table=None)
        for row in around:
            if row.codes == target.codes:
                published = row.count.interval
                result = Bounds(lower=published.lower, upper=published.upper)
    intervals = [row.count.interval for row in around]
    narrowed = [published for published in intervals if result.interval != published]
    code = Area.parse(first.record.area).code
    suppressions = [
        Suppression(cells=1, areas=frozenset({code}), counts=published, narrowed=True)
        for published in narrowed[: int(allow_disclosure)]
    ]
    return Inference(
        title="; ".join(sorted({str(source) for row in rows for source in row.record.sources})),
        label=f"{category_label(codes.items()) if codes else kind}, {code}",
        category=tuple(codes.items()),
        area=code,
        period=first.period,
        bounds=result.interval if result.upper is not None or result.lower else None,
        exact_bounds=result,
        cells=grid.labels,
        assumptions=system.assumptions,
        warnings=Warnings(map(disclosure_warning, suppressions)),
    )


def _rows(table: CountTable, area: AreaName, period: PeriodName) -> list[_Row]:
    """Return the rows of an area and a period, which have one kind."""
    schema = table.columns.schema
    for name in (own.name for own in schema.classifications if schema[own.name].total is not None):
        if name not in DIMENSIONS and len(table.categories(name)) > 1:
            raise InvalidValue(
                "the table must not be divided by a dimension of a classification",
                field="table",
                value=name,
                hint=f"Use a table with rows of one category of {name}, such as its total",
            )
    position = None if area is None else Area.parse(area).members
    when = None if period is None else Period.parse(period)
    rows = []
    for record in table.records():
        members = Area.parse(record.area).members
        counted = record.count.reason is not Reason.NOT_APPLICABLE
        if not counted or position not in (None, members) or when not in (None, record.period):
            continue
        codes = {
            (name, str(getattr(record, name)))
            for name in table.dimensions
            if name not in ("area", "period", "status", "unit")
        }
        row = _Row(
            subject=table.kind,
            status=str(getattr(record, "status", "")),
            period=record.period,
            members=members,
            codes=frozenset(pair for pair in codes if pair[1] not in ("total", "not_stated")),
            unit=str(getattr(record, "unit", "")),
            record=record,
        )
        rows.append(row)
    if not rows:
        raise NoSuchCell(
            "No counts for this area and period",
            field="area",
            value=str(area or "any"),
            hint="Use an area and a period of the table",
        )
    kinds = {(row.status, row.period, row.members, plain_codes(row), row.unit) for row in rows}
    if len(kinds) > 1:
        raise AmbiguousCell(
            "The selected rows have several areas, periods or kinds of count",
            field="table",
            value=table.kind,
            hint="Set `area` and `period`, or select rows with CountTable.where",
        )
    return rows
