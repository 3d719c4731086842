"""Inferred bounds of counts and shares of a publication or a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from thbstats._characters import escape
from thbstats._properties import cached_property
from thbstats._signatures import explain_arguments
from thbstats.bounds._simplex import Budget, SearchEnded, spend
from thbstats.bounds.claim_grid import (
    BASES,
    CellGrid,
    ClaimOptions,
    check_names,
    to_codes,
    to_names,
    with_category,
)
from thbstats.bounds.claim_system import (
    REGISTERED_STATUSES,
    ClaimSystem,
    Kind,
    QueryType,
    are_linked,
    has_number,
    is_audited,
    kind_of,
    plain_codes,
)
from thbstats.bounds.constraint import Bounds, Constraint
from thbstats.bounds.system import TIME_LIMIT, System
from thbstats.claims import DIMENSIONS, Claim, ClaimKind, CountCell, Publication, cell_of
from thbstats.claims.relations import UNKNOWN, RoundingMethod
from thbstats.claims.selection import SPLITS, parse_code
from thbstats.display import (
    Cell,
    Column,
    DisplayTable,
    RoundingDirection,
    Tabular,
    decimal,
    percent,
    round_exact,
)
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, UnknownName, require
from thbstats.geography import Area
from thbstats.panel import ResultKind, Suppression, Warnings, category_label, refuse_narrowing
from thbstats.records import Record
from thbstats.rules.families.published_figures import disclosure_warning
from thbstats.tables import CountTable
from thbstats.values import Count, Interval, Period, Rational, Reason

if TYPE_CHECKING:
    import pandas as pd


Labels = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Inference(Tabular):
    """Bounds of a count or a share, with everything that was used.

    Parameters
    ----------
    title : str
        The title of the publication.
    label : str
        The query as text.
    category : tuple of (str, str)
        The category as codes by dimension.
    area : str
        The area.
    period : Period
        The reference period.
    bounds : Interval or None
        The attained bounds; ``None`` if the claims give no information.
    exact_bounds : Bounds
        The bounds with a table and a proof for each.
    cells : mapping of str to tuple of (str, str)
        The codes of each cell of these tables, by dimension.
    assumptions : tuple of str
        The assumptions.
    claims : tuple of Claim
        The claims that were used.
    rejected : tuple of (Claim, str)
        The claims with a number that were not used, with reasons.
    is_share : bool
        Whether it is a share.
    warnings : Warnings
        The warnings; ``DISCLOSURE`` if the bounds of a suppressed count were narrowed.
    """

    title: str
    label: str
    category: Labels
    area: str
    period: Period
    bounds: Interval | None
    exact_bounds: Bounds
    cells: Mapping[str, Labels] = field(repr=False)
    assumptions: tuple[str, ...] = field(converter=tuple[str, ...], default=())
    claims: tuple[Claim, ...] = field(converter=tuple[Claim, ...], default=())
    rejected: tuple[tuple[Claim, str], ...] = field(
        converter=tuple[tuple[Claim, str], ...], default=()
    )
    is_share: bool = False
    warnings: Warnings = field(factory=Warnings, converter=Warnings)

    @property
    def left_open(self) -> tuple[str, ...]:
        """The bounds that the search did not decide within its time limit, as for `Bounds`."""
        return self.exact_bounds.left_open

    @property
    def formatted(self) -> str:
        """The bounds as text."""
        if self.bounds is None:
            return "no information"
        kind = ResultKind.SHARE if self.is_share else ResultKind.COUNT
        return kind.format_value(self.bounds)

    @property
    def _ends(self) -> tuple[Rational | None, Rational | None]:
        return (None, None) if self.bounds is None else (self.bounds.lower, self.bounds.upper)

    @property
    def lower_table(self) -> pd.DataFrame | None:
        """A consistent table with the lower bound, or ``None``."""
        return self._frame(self.exact_bounds.lower_table)

    @property
    def upper_table(self) -> pd.DataFrame | None:
        """A consistent table with the upper bound, or ``None``."""
        return self._frame(self.exact_bounds.upper_table)

    def _frame(self, table: Mapping[str, int] | None) -> pd.DataFrame | None:
        import pandas as pd

        if table is None:
            return None
        return pd.DataFrame([{**dict(self.cells[name]), "count": n} for name, n in table.items()])

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; a missing bound is ``None``."""
        lower, upper = (n if n is None or isinstance(n, int) else str(n) for n in self._ends)
        return {
            "title": self.title,
            "label": self.label,
            "category": {name: str(code) for name, code in self.category},
            "area": self.area,
            "period": str(self.period),
            "is_informative": self.bounds is not None,
            "lower": lower,
            "upper": upper,
            "lower_table": self.exact_bounds.lower_table,
            "upper_table": self.exact_bounds.upper_table,
            "assumptions": list(self.assumptions),
            "claims": [claim.id for claim in self.claims],
            "rejected": {claim.id: why for claim, why in self.rejected},
            "left_open": list(self.left_open),
            "warnings": list(self.warnings.codes),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a tidy frame of one row."""
        return Inferences(caption="", items=[self]).to_frame()

    def footnote(self) -> str:
        """Return the derivation of the bounds as a footnote."""
        return escape(" ".join(f"{line}." for line in self.notes()))

    def notes(self) -> Iterator[str]:
        """Yield proofs, assumptions, unused claims and warnings, without full stops."""
        exact = self.exact_bounds
        sides = [
            (exact.lower_proof, exact.lower, "Lower", "at least"),
            (exact.upper_proof, exact.upper, "Upper", "at most"),
        ]
        if self.bounds is None:
            yield "The claims do not restrict this number"
            sides = []
        for proof, bound, end, side in sides:
            if proof is None or bound is None:
                continue
            if not proof.terms:
                yield "Lower bound 0: a count cannot be negative"
                continue
            way = RoundingDirection.DOWN if side == "at least" else RoundingDirection.UP
            rounded = round_exact(proof.limit, 3 if self.is_share else 2, way)
            limit = percent(rounded) if self.is_share else decimal(rounded, 2)
            kind = ResultKind.SHARE if self.is_share else ResultKind.COUNT
            number = kind.format_value(Interval.point(bound))
            names = ", ".join(proof.constraints)
            gap = "no integer between satisfies all claims"
            cases = f" ({proof.parts} cases)" if proof.parts > 1 else ""
            integers = f", and {gap}{cases}" if proof.parts else ""
            yield f"{end} bound {number}: {side} {limit} follows from {names}{integers}"
        yield from self.caveats()

    def caveats(self) -> Iterator[str]:
        """Yield assumptions, unused claims and warnings."""
        if sides := [side for side in self.left_open if side != "feasible"]:
            bounds = "bound is" if len(sides) == 1 else "bounds are"
            names = f"the {' and '.join(sides)} {bounds}"
            yield f"The time limit was reached: {names} proved, but can be wider than attained ones"
        if "feasible" in self.left_open:
            yield "The time limit was reached: it is not decided whether the claims are consistent"
        yield from (f"Assumed: {text}" for text in self.assumptions)
        if self.rejected:
            unused = "; ".join(f"{claim.id}: {reason}" for claim, reason in self.rejected)
            yield f"Not used: {unused}"
        yield from (f"{warning.code}: {warning.message}" for warning in self.warnings)

    def display_table(self) -> DisplayTable:
        """Return a table of one row, with the interval as a bar."""
        caption = f"{self.title}: inferred numbers" if self.title else "Inferred numbers"
        table = Inferences(caption=caption, items=[self]).display_table()
        return evolve(table, notes=[f"{line}." for line in self.notes()])

    def __repr__(self) -> str:
        codes = ", ".join(self.warnings.codes)
        return f"<Inference {self.label}: {self.formatted}{'; ' + codes if codes else ''}>"


@frozen(kw_only=True)
class Inferences(Tabular):
    """Several inferences, with intervals as bars on one scale.

    Parameters
    ----------
    caption : str
        The caption.
    items : iterable of Inference
        Counts only, or shares only.
    scale : int, optional
        The count at the right end of the bars; by default the largest upper bound.
    """

    caption: str
    items: tuple[Inference, ...] = field(converter=tuple[Inference, ...])
    scale: int | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return a tidy frame with one row per inference."""
        import pandas as pd

        rows = []
        for item in self.items:
            lower, upper = (None if bound is None else float(bound) for bound in item._ends)
            row: dict[str, object] = {name: str(code) for name, code in item.category}
            row |= {"area": item.area, "period": str(item.period)}
            row |= {"is_informative": item.bounds is not None, "lower": lower, "upper": upper}
            rows.append(row)
        return pd.DataFrame(rows)

    def display_table(self) -> DisplayTable:
        """Return a table with one row per inference."""
        largest = self.scale or max((item._ends[1] or 0 for item in self.items), default=1) or 1
        full = Fraction(1 if any(item.is_share for item in self.items) else largest)
        rows = []
        for item in self.items:
            lower, upper = (
                None if bound is None else min(Fraction(1), max(Fraction(0), bound / full))
                for bound in item._ends
            )
            bar = None if lower is None or upper is None else (lower, upper)
            rows.append([Cell(item.label), Cell(item.formatted, bar=bar)])
        notes = dict.fromkeys(f"{line}." for item in self.items for line in item.caveats())
        return DisplayTable(
            caption=self.caption,
            columns=["indicator", Column("bounds", "right")],
            rows=rows,
            notes=list(notes),
        )


def parse_codes(category: Mapping[str, str]) -> dict[str, str]:
    """Return the codes of a category by dimension, without totals."""
    codes = {name: parse_code(name, code) for name, code in category.items()}
    return {name: code for name, code in codes.items() if code != "total"}


@frozen(slots=False, eq=False)
class Evidence(ClaimOptions):
    """Claims of a publication, prepared for repeated queries.

    Results that later queries need are cached for the lifetime of the object.

    Parameters
    ----------
    publication : Publication or list of Publication
        A publication as claims, or several. With several, each claim id is prefixed with the id of
        its publication, such as ``com_2018_777-ii-victims``. If two publications have different
        values for one count, the counts of the earlier release are excluded.
    assume_base : mapping of str to str, optional
        The denominator, ``"all"`` or ``"known"``, of percentages that do not state it: by
        dimension, such as ``{"sex": "all"}``, or by claim id.
    overlapping : str or iterable of str
        Dimensions in which one person can have several categories; all others are exclusive.
    rounding : Rounding, str or mapping, optional
        The rounding method of the publisher. A mapping has a method, or for counts a unit, by kind
        of claim or by claim id: ``{"count": 10, "share": "half_away", "total": 1}``. By default a
        share is rounded half up, and a change or a ratio to the nearest with any tie-breaking rule.
    allow_tie_either_way : bool
        Whether ties may be rounded either up or down, regardless of `rounding`.
    use_wording : bool
        Whether the wording of shares without a number, such as "the majority", is used, with the
        meaning of `thbstats.judge_wording`.
    exclude : str or iterable of str
        Ids of claims to exclude, and names of groups that need not add up to 100%.

    Raises
    ------
    UnknownName
        If a dimension, claim, denominator or rounding does not exist.
    InvalidValue
        If the argument is not a publication.

    Examples
    --------
    >>> import thbstats as thb
    >>> evidence = thb.bounds.Evidence(thb.publications.com_2018_777())
    >>> evidence.infer(area="UK", exploitation="labour")
    <Inference labour, UK: 2,666 to 2,865>
    >>> evidence.infer(area="UK", exploitation="other").bounds
    Interval(472 to 1070)

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """

    def infer(
        self,
        subject: str = "victims",
        *,
        area: str | Area | None = None,
        period: str | Period | None = None,
        status: str | None = None,
        exclude_unknown: str | Iterable[str] = (),
        denominator: Mapping[str, str] | None = None,
        base: str = "all",
        time_limit: float | None = TIME_LIMIT,
        **category: str,
    ) -> Inference:
        """Return the bounds of a count or a share that need not be published.

        Parameters, errors and result are those of `thbstats.infer`.
        """
        dimensions = to_names("exclude_unknown", exclude_unknown)
        check_names("base", [base], BASES)
        problem = "`denominator` must be set for base='known'"
        hint = "Use denominator={}, or exclude_unknown='sex' for a count"
        require(base == "all" or denominator is not None, problem, hint, denominator=denominator)
        check_names("exclude_unknown", dimensions, SPLITS)
        # All numbers of a publication without areas refer to the same area.
        code, codes = _area_code(area or self.publication.area), parse_codes(category)
        cell = self._cell(subject, code, codes, period=period, status=status)
        cells = [cell, *(with_category(cell, name, UNKNOWN) for name in dimensions)]
        whole = None
        if denominator is not None:
            wide = to_codes("denominator", denominator)
            inside = _area_code(wide.pop("area", code))
            members = Area.parse(inside).members if inside else None
            whole = evolve(cell, members=members, codes=frozenset(parse_codes(wide).items()))
            cells.append(whole)
        budget = Budget(time_limit)
        try:
            with budget.applied():
                claims, dropped = self._system(cells)
        except SearchEnded as ended:
            spend()  # the limit of an outer search
            problem = f"it must be decided which claims are feasible ({ended})"
            hint = "Pass a longer time_limit, or exclude claims"
            raise InvalidValue(problem, field="time_limit", value=time_limit, hint=hint) from None
        system, grid = claims.system, claims.grid
        part = grid.sum(cell, recorded=dimensions)
        if whole is None:
            bounds = system.bounds(part, time_limit=budget.seconds_left)
            # With a lower bound of 0, only an upper bound below those of containing cells counts.
            wider = [*claims.containing_cells(cell), *([cell] if dimensions else [])]
            is_informative = bool(bounds.lower) or (
                bounds.upper is not None
                and all(
                    system.bounds(grid.sum(item), time_limit=budget.seconds_left).upper
                    != bounds.upper
                    for item in wider
                )
            )
        else:
            cuts = [name for name, _ in sorted(cell.codes - whole.codes) if name in SPLITS]
            recorded = [*dimensions, *cuts] if base == "known" else dimensions
            denominator_sum = grid.sum(whole, recorded=recorded)
            require(
                set(part.cells) <= set(denominator_sum.cells),
                "the category must be a part of `denominator`",
                "Repeat the codes of `denominator` in the category, such as sex='female'",
                denominator=dict(sorted(whole.codes)),
            )
            bounds = system.share(part, denominator_sum, time_limit=budget.seconds_left)
            is_informative = (bounds.interval.lower, bounds.interval.upper) != (0, 1)
        label = category_label(codes.items()) if codes else str(subject)
        label += f" of known {' and '.join(dimensions)}" if dimensions else ""
        texts = [label, code, "" if whole is None else "as a share"]
        used = claims.used
        return Inference(
            title=self.publication.title,
            label=", ".join(filter(None, texts)),
            category=tuple(codes.items()),
            area=code,
            period=cell.period,
            bounds=bounds.interval if is_informative else None,
            exact_bounds=bounds,
            cells=grid.labels,
            assumptions=(*system.assumptions, *dropped),
            claims=[claim for claim in self.publication.claims if claim in used],
            rejected=claims.selection.rejected,
            is_share=whole is not None,
        )

    def only(self, name: str, claims: Iterable[Claim]) -> Evidence:
        """Return the evidence with some of its claims.

        Parameters
        ----------
        name : str
            The id of the resulting publication.
        claims : iterable of Claim
            Claims of this evidence.
        """
        publication = Publication(id=name, title=name, claims=claims)
        names = {name for claim in publication.claims for name in (claim.id, claim.makes)}
        rounding = self.rounding
        if isinstance(rounding, Mapping):
            rounding = {n: way for n, way in rounding.items() if n in {*ClaimKind, *names}}
        return evolve(
            self,
            publication=publication,
            assume_base={
                id: base for id, base in self.assume_base.items() if id in {*DIMENSIONS, *names}
            },
            exclude=self.exclude & names,
            rounding=rounding,
        )

    def _system(self, cells: list[CountCell]) -> tuple[ClaimSystem, tuple[str, ...]]:
        """Return the system of a query, with statuses as a sum if feasible."""
        separate = self.claim_system(cells)
        if len(self._statuses(cells)) < 2:
            return separate, ()
        summed = self.claim_system(cells, statuses=True)
        if summed.system.is_feasible or not separate.system.is_feasible:
            return summed, ()
        return separate, (
            "registered victims are not the sum of identified and presumed victims, as the "
            "published figures contradict that",
        )

    @cached_property
    def _statuses_by_kind(self) -> dict[Kind, set[str]]:
        kinds: dict[Kind, set[str]] = {}
        for claim in filter(has_number, self.publication.claims):
            cell = cell_of(claim)
            kinds.setdefault(kind_of(cell, statuses=True), set()).add(str(cell.status))
        return kinds

    def _statuses(self, cells: list[CountCell]) -> set[str]:
        """Return the statuses of some cells and of related numbers."""
        kinds = self._statuses_by_kind
        related = (kinds.get(kind_of(cell, statuses=True), set()) for cell in cells)
        return {str(cell.status) for cell in cells}.union(*related) & REGISTERED_STATUSES

    def claim_system(
        self, targets: Iterable[CountCell], *, whole: bool = False, statuses: bool = False
    ) -> ClaimSystem:
        """Return the system of constraints for some cells of one kind.

        Claims that are not related to the cells are excluded, except with `whole`. With
        `statuses`, registered victims are the sum of identified and presumed victims.
        """
        query_type = QueryType.ALL if whole else QueryType.RELATED
        return ClaimSystem(options=self, targets=targets, type=query_type, statuses=statuses)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions for all claims with a number."""
        texts = (text for claims in self.claim_systems() for text in claims.system.assumptions)
        return tuple(dict.fromkeys(texts))

    def claim_systems(self, *, statuses: bool = False) -> Iterator[ClaimSystem]:
        """Yield one system for each kind of count with published numbers.

        Systems without an area come last. A system of too many cells is replaced by systems of
        fewer dimensions. Shares without a stated denominator have further systems. With `statuses`,
        yield only systems in which registered victims and their parts are counted.
        """
        done: set[str] = set()
        claims = sorted(filter(is_audited, self.publication.claims), key=lambda c: not c.area)
        if statuses:
            claims = [claim for claim in claims if len(self._statuses([cell_of(claim)])) > 1]
        for claim in claims:
            if claim.id not in done:
                cell = cell_of(claim)
                target = evolve(cell, codes=plain_codes(cell), recorded=frozenset())
                system = self.claim_system([target], whole=True, statuses=statuses)
                done.add(claim.id)
                done |= {c.id for c in system.selection.numbers if bool(c.area) == bool(claim.area)}
                yield from system.by_dimensions()

    def _cell(
        self,
        subject: str,
        area: str,
        codes: Mapping[str, str],
        *,
        period: str | Period | None,
        status: str | None,
    ) -> CountCell:
        """Return the cell of a query with the period and status of related numbers.

        A period or status without published numbers is allowed if it is a part or the sum of
        others.
        """
        names: dict[str, Any] = dict.fromkeys(("id", "section", "paragraph", "wording"), "query")
        query = Claim(**names, kind="count", subject=subject, category=codes, area=area)
        target, when = cell_of(query), None if period is None else Period.parse(period)
        numbers = list(filter(has_number, self.publication.claims))
        cells = [
            cell
            for claim in numbers
            for cell in (cell_of(claim), claim.since and evolve(cell_of(claim), period=claim.since))
            if cell
        ]
        kind = (target.subject, plain_codes(target))
        related = [cell for cell in cells if (cell.subject, plain_codes(cell)) == kind]
        # The base period of a change is used only if `period` selects it.
        periods = {cell_of(claim).period for claim in numbers} if when is None else {when}
        published = [
            cell for cell in related if cell.period in periods and status in (None, cell.status)
        ] or [
            evolve(cell, period=when or cell.period, status=status or cell.status)
            for cell in related
            if (when is None or are_linked(when, cell.period))
            and (status in (None, cell.status) or {status, str(cell.status)} <= REGISTERED_STATUSES)
        ]
        result = {(kind_of(cell), cell.period): cell for cell in reversed(published)}
        if not result:
            kinds = sorted({_description(cell) for cell in cells})
            raise NoSuchCell(
                f"The publication has no numbers of {target.subject}",
                field="subject",
                value=str(target.subject),
                hint=f"Use one of: {'; '.join(kinds[:5])}" if kinds else "Add its counts",
            )
        if len(result) > 1:
            kinds = list(map(_description, reversed(result.values())))
            raise AmbiguousCell(
                "Several kinds of count of the publication fit this query",
                field="subject",
                value=str(target.subject),
                hint=f"Set `period` or `status`: {'; '.join(kinds[:5])}",
            )
        [cell] = result.values()
        return evolve(cell, members=target.members, codes=target.codes, recorded=frozenset())


def _area_code(area: str | Area) -> str:
    """Return the code of an area, or an empty text."""
    try:
        return Area.parse(area).code if area else ""
    except UnknownName as error:
        raise error.with_location(field="area", value=str(area)) from None


def _description(cell: CountCell) -> str:
    kind = " ".join(str(code) for _, code in sorted(plain_codes(cell)))
    return " ".join(filter(None, [str(cell.status), str(cell.subject), kind, str(cell.period)]))


AreaName = str | Area | None
Codes = Mapping[str, str] | None
Names = str | Iterable[str]
PeriodName = str | Period | None
Source = Publication | CountTable


@explain_arguments
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
    unused: dict[str, tuple[object, object]] = {
        "exclude_unknown": (exclude_unknown, ()),
        "denominator": (denominator, None),
        "base": (base, "all"),
        "assume_base": (assume_base, None),
        "rounding": (rounding, None),
        "allow_tie_either_way": (allow_tie_either_way, False),
        "use_wording": (use_wording, False),
        "exclude": (exclude, ()),
    }
    for name, (value, default) in unused.items():
        requirement = f"`{name}` must not be set for a table, which has no claims"
        require(value == default, requirement, "Remove the argument", **{name: value})
    table = publication if status is None else publication.where(status=status)
    overlaps = to_names("overlapping", overlapping)
    check_names("overlapping", overlaps, SPLITS)
    codes = parse_codes(category)
    return _infer_count(
        _rows(table, area, period, codes),
        codes,
        kind=table.kind,
        overlapping={*overlaps, *table.multiple_response},
        allow_disclosure=allow_disclosure,
        time_limit=time_limit,
    )


@frozen(kw_only=True)
class _Row(CountCell):
    """A row of a table as a cell with a count."""

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
    category = {pair for pair in codes.items() if pair[0] in SPLITS}
    target = evolve(first, codes=plain_codes(first) | category)
    suppressed = [r for r in rows if r.count.reason in (Reason.FEWER_THAN, Reason.SUPPRESSED)]
    around, used = [row for row in suppressed if row.codes <= target.codes], list(rows)
    if allow_disclosure:
        refuse_narrowing(source for row in suppressed for source in row.record.sources)
    else:  # a row that contains a suppressed one could disclose it
        used = [row for row in rows if not any(row.codes < other.codes for other in around)]
    grid = CellGrid.of([target, *used], overlapping=overlapping)
    constraints = []
    pairs = {pair for row in used for pair in row.codes if pair[0] in SPLITS}
    times = Counter(code for _, code in pairs)
    for row in used:
        labels = (
            code if times[code] == 1 else f"{dimension} {code}"
            for dimension, code in row.codes & pairs
        )
        name = " ".join(sorted(labels)) or "total"
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


def _rows(
    table: CountTable, area: AreaName, period: PeriodName, category: Mapping[str, str]
) -> list[_Row]:
    """Return the rows of an area, a period and a kind of count, such as a stage."""
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
    kind = {name: code for name, code in category.items() if name not in SPLITS}
    rows = []
    for record in table.records():
        members = Area.parse(record.area).members
        counted = record.count.reason is not Reason.NOT_APPLICABLE
        if not counted or position not in (None, members) or when not in (None, record.period):
            continue
        if any(str(getattr(record, name, "")) != code for name, code in kind.items()):
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
        kind_text = " ".join(f"{name} {code}" for name, code in sorted(kind.items()))
        raise NoSuchCell(
            f"No counts of {kind_text}" if kind else "No counts for this area and period",
            field=next(iter(kind), "area"),
            value=next(iter(kind.values()), str(area or "any")),
            hint="Use an area, a period and categories of the table",
        )
    kinds = {(row.status, row.period, row.members, plain_codes(row), row.unit) for row in rows}
    if len(kinds) > 1:
        raise AmbiguousCell(
            "The selected rows have several areas, periods or kinds of count",
            field="table",
            value=table.kind,
            hint="Set `area`, `period` or a category such as stage, or select rows with "
            "CountTable.where",
        )
    return rows
