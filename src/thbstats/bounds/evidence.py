"""Claims as evidence for repeated queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from thbstats._properties import cached_property
from thbstats.bounds._simplex import Budget, SearchEnded, spend
from thbstats.bounds.claim_system import (
    BASES,
    REGISTERED_STATUSES,
    ClaimOptions,
    ClaimSystem,
    Kind,
    are_linked,
    check_names,
    has_number,
    is_audited,
    kind_of,
    plain_codes,
    with_category,
)
from thbstats.bounds.inference import Inference
from thbstats.bounds.system import TIME_LIMIT
from thbstats.claims import DIMENSIONS, Claim, ClaimKind, CountCell, Publication, cell_of
from thbstats.claims.relations import UNKNOWN
from thbstats.claims.selection import SPLITS, parse_code
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, UnknownName, require
from thbstats.geography import Area
from thbstats.panel import category_label
from thbstats.values import Period


def parse_codes(category: Mapping[str, str]) -> dict[str, str]:
    """Return the codes of a category by dimension, without totals."""
    codes = {name: parse_code(name, code) for name, code in category.items()}
    return {name: code for name, code in codes.items() if code != "total"}


@frozen(slots=False, eq=False)
class Evidence(ClaimOptions):
    """Claims of a publication, prepared for repeated queries.

    Results of one query that later ones need are cached for the lifetime of the object.

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
        dimensions = (
            (exclude_unknown,) if isinstance(exclude_unknown, str) else tuple(exclude_unknown)
        )
        check_names("base", [base], BASES)
        check_names("exclude_unknown", dimensions, SPLITS)
        # All numbers of a publication without areas refer to the same area.
        code, codes = _area_code(area or self.publication.area), parse_codes(category)
        cell = self._cell(subject, code, codes, period=period, status=status)
        cells = [cell, *(with_category(cell, name, UNKNOWN) for name in dimensions)]
        whole = None
        if denominator is not None:
            wide = dict(denominator)
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
            rejected=claims.rejected,
            is_share=whole is not None,
        )

    def only(self, name: str, claims: Iterable[Claim]) -> Evidence:
        """Return the evidence of some of the claims.

        Parameters
        ----------
        name : str
            The id of the resulting publication.
        claims : iterable of Claim
            Claims of this evidence.
        """
        publication = Publication(id=name, title=name, claims=claims)
        names = {name for claim in publication.claims for name in (claim.id, claim.makes)}
        return evolve(
            self,
            publication=publication,
            assume_base={
                id: base for id, base in self.assume_base.items() if id in {*DIMENSIONS, *names}
            },
            exclude=self.exclude & names,
            rounding=_rounding_of(self.rounding, names),
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
        return ClaimSystem(options=self, targets=targets, whole=whole, statuses=statuses)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions for all claims with a number."""
        texts = (text for claims in self.claim_systems() for text in claims.system.assumptions)
        return tuple(dict.fromkeys(texts))

    def claim_systems(self, *, statuses: bool = False) -> Iterator[ClaimSystem]:
        """Yield one system for each kind of count with published numbers.

        Systems without an area come last. A system of too many cells is replaced by those of fewer
        dimensions, and shares of denominators that are not stated have further ones. With
        `statuses`, yield only those in which registered victims and their parts are counted.
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
                done |= {c.id for c in system.numbers if bool(c.area) == bool(claim.area)}
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


def _rounding_of(rounding: Any, names: set[str]) -> Any:
    """Return the rounding of some claims."""
    if not isinstance(rounding, Mapping):
        return rounding
    return {name: way for name, way in rounding.items() if name in {*ClaimKind, *names}}


def _area_code(area: str | Area) -> str:
    """Return the code of an area, or an empty text."""
    try:
        return Area.parse(area).code if area else ""
    except UnknownName as error:
        raise error.with_location(field="area", value=str(area)) from None


def _description(cell: CountCell) -> str:
    kind = " ".join(str(code) for _, code in sorted(plain_codes(cell)))
    return " ".join(filter(None, [str(cell.status), str(cell.subject), kind, str(cell.period)]))
