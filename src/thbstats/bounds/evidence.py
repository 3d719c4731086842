"""Claims as evidence for repeated queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, field, frozen

from thbstats.bounds.bounds import Bounds
from thbstats.bounds.claim_system import ClaimSystem
from thbstats.bounds.inference import Inference
from thbstats.bounds.numbers import STATUSES, are_linked, has_number, kind_of
from thbstats.bounds.translation import with_category
from thbstats.claims import DIMENSIONS, Claim, CountCell, Publication, cell_of
from thbstats.claims.axes import UNKNOWN
from thbstats.claims.collection import Collection
from thbstats.claims.selection import SPLITS, parse_code
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, UnknownName, did_you_mean
from thbstats.geography import Area
from thbstats.panel import category_label
from thbstats.values import Interval, Period, Rounding

__all__ = ["Evidence"]


def _mapping(bases: Mapping[str, str] | None) -> dict[str, str]:
    return dict(bases or {})


def _names(names: str | Iterable[str]) -> frozenset[str]:
    return frozenset((names,) if isinstance(names, str) else names)


def _publication(publication: Publication | Iterable[Publication]) -> Publication:
    """Return several publications as one."""
    if isinstance(publication, (Publication, str, Mapping)) or not isinstance(
        publication, Iterable
    ):
        return publication  # type: ignore[return-value]
    return Collection.of(publication)


def _is_publication(_self: object, _field: Any, value: Publication) -> None:
    if not isinstance(value, Publication):
        raise InvalidValue(
            "`publication` must be a publication as claims",
            field="publication",
            value=value if isinstance(value, str) else type(value).__name__,
            hint="Read a claims file with read_claims, or use one of thbstats.publications",
        )


def _rounding(name: Rounding | str) -> Rounding:
    _check("rounding", [str(name)], Rounding)
    return Rounding(name)


@frozen(slots=False, eq=False)
class Evidence:
    """Claims of a publication, prepared for repeated queries.

    Results of one query that later ones need are cached for the lifetime of the object.

    Parameters
    ----------
    publication : Publication or list of Publication
        A publication as claims, or several. With several, each claim id is prefixed with the id of
        its publication, such as ``com_2018_777-ii-victims``. If two publications have different
        values for one count, the counts of the earlier release are excluded.
    bases : mapping of str to str, optional
        The denominator, ``"all"`` or ``"known"``, of percentages that do not state it: by
        dimension, such as ``{"sex": "all"}``, or by claim id.
    overlapping : str or iterable of str
        Dimensions in which one person can have several categories; all others are exclusive.
    rounding : Rounding
        The rounding of percentages.
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

    publication: Publication = field(converter=_publication, validator=_is_publication)
    bases: dict[str, str] = field(converter=_mapping, default=None, kw_only=True)
    overlapping: frozenset[str] = field(converter=_names, default=(), kw_only=True)
    rounding: Rounding = field(converter=_rounding, default=Rounding.HALF_UP, kw_only=True)
    allow_tie_either_way: bool = field(default=False, kw_only=True)
    use_wording: bool = field(default=False, kw_only=True)
    exclude: frozenset[str] = field(converter=_names, default=(), kw_only=True)
    _cache: dict[Any, Any] = field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        ids = [claim.id for claim in self.publication.claims]
        _check("bases", self.bases, (*DIMENSIONS, *ids))
        _check("bases", self.bases.values(), _BASES)
        _check("overlapping", self.overlapping, SPLITS)
        stated = self.overlapping.union(self.publication.overlapping)
        object.__setattr__(self, "overlapping", stated)  # a field of a frozen record
        groups = (claim.makes for claim in self.publication.claims if claim.makes)
        _check("exclude", self.exclude, (*ids, *groups))

    def infer(
        self,
        subject: str = "victims",
        *,
        area: str | Area | None = None,
        period: str | Period | None = None,
        status: str | None = None,
        known: str | Iterable[str] = (),
        denominator: Mapping[str, str] | None = None,
        base: str = "all",
        **category: str,
    ) -> Inference:
        """Return the bounds of a count or a share that need not be published.

        Parameters, errors and result are those of `thbstats.infer`.
        """
        dimensions = (known,) if isinstance(known, str) else tuple(known)
        _check("base", [base], _BASES)
        _check("known", dimensions, SPLITS)
        # All numbers of a publication without areas refer to the same area.
        code = _area_code(area or self.publication.area)
        codes = _codes(category)
        target = _target(subject, code, codes)
        cell = _cell(self.publication.claims, target, period=period, status=status)
        cells = [cell, *(with_category(cell, name, UNKNOWN) for name in dimensions)]
        if denominator is not None:
            wide = dict(denominator)
            inside = _area_code(wide.pop("area", code))
            members = Area.parse(inside).members if inside else None
            whole = evolve(cell, members=members, codes=frozenset(_codes(wide).items()))
            cells.append(whole)
        reading, dropped = self._read(cells)
        if denominator is None:
            found, bounds = _count(reading, cell, dimensions)
        else:
            found, bounds = _share(reading, cell, whole, dimensions, recorded=base == "known")
        used = reading.used
        label = category_label(codes.items()) if codes else str(subject)
        label += f" of known {' and '.join(dimensions)}" if dimensions else ""
        return Inference(
            title=self.publication.title,
            label=", ".join(
                filter(None, [label, code, "" if denominator is None else "as a share"])
            ),
            category=tuple(codes.items()),
            area=code,
            period=cell.period,
            bounds=bounds,
            exact_bounds=found,
            cells={
                name: tuple((cut, part.label) for cut, part in parts.items())
                for name, parts in reading.grid.cells.items()
            },
            assumptions=(*reading.system.assumptions, *dropped),
            claims=[claim for claim in self.publication.claims if claim in used],
            rejected=reading.rejected,
            is_share=denominator is not None,
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
            bases={id: base for id, base in self.bases.items() if id in {*DIMENSIONS, *names}},
            exclude=self.exclude & names,
        )

    def _read(self, cells: list[CountCell]) -> tuple[ClaimSystem, tuple[str, ...]]:
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

    def _statuses(self, cells: Iterable[CountCell]) -> set[str]:
        """Return the statuses of some cells and of related numbers."""
        if "statuses" not in self._cache:
            kinds: dict[object, set[str]] = {}
            for claim in filter(has_number, self.publication.claims):
                cell = cell_of(claim)
                kinds.setdefault(kind_of(cell, statuses=True), set()).add(str(cell.status))
            self._cache["statuses"] = kinds
        found: set[str] = set()
        for cell in cells:
            there = self._cache["statuses"].get(kind_of(cell, statuses=True), ())
            found |= {str(cell.status), *there}
        return found & STATUSES

    def claim_system(
        self, targets: Iterable[CountCell], *, whole: bool = False, statuses: bool = False
    ) -> ClaimSystem:
        """Return the system of constraints for some cells of one kind.

        Claims that are not related to the cells are excluded, except with `whole`. With
        `statuses`, registered victims are the sum of identified and presumed victims.
        """
        return ClaimSystem(
            claims=self.publication.claims,
            targets=targets,
            bases=self.bases,
            overlapping=self.overlapping,
            rounding=self.rounding,
            allow_tie_either_way=self.allow_tie_either_way,
            use_wording=self.use_wording,
            excluded=self._excluded,
            whole=whole,
            statuses=statuses,
            cache=self._cache,
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions for all claims with a number."""
        texts = (text for reading in self.claim_systems() for text in reading.system.assumptions)
        return tuple(dict.fromkeys(texts))

    @property
    def _excluded(self) -> dict[str, str]:
        """The reason of each exclusion, by claim id."""
        revised = self.publication.superseded if isinstance(self.publication, Collection) else {}
        found = {
            claim.id: f"{later.location} revises its release" for claim, later in revised.items()
        }
        return found | dict.fromkeys(self.exclude, "excluded on request")

    def claim_systems(self, *, statuses: bool = False) -> Iterator[ClaimSystem]:
        """Yield one system for each kind of count with published numbers.

        Systems without an area come last. With `statuses`, yield only those in which registered
        victims and their parts are counted.
        """
        done: set[str] = set()
        claims = sorted(
            filter(has_number, self.publication.claims), key=lambda claim: not claim.area
        )
        if statuses:
            claims = [claim for claim in claims if len(self._statuses([cell_of(claim)])) > 1]
        for claim in claims:
            if claim.id not in done:
                cell = cell_of(claim)
                kind = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
                targets = [evolve(cell, codes=kind, recorded=frozenset())]
                reading = self.claim_system(targets, whole=True, statuses=statuses)
                same = (c for c in reading.numbers if bool(c.area) == bool(claim.area))
                done |= {claim.id, *(each.id for each in same)}
                yield reading


_BASES = ("all", "known")


def _count(
    reading: ClaimSystem, cell: CountCell, known: tuple[str, ...]
) -> tuple[Bounds, Interval | None]:
    system, grid = reading.system, reading.grid
    found = system.bounds(grid.sum(cell, recorded=known))
    if found.lower:
        return found, found.interval
    # With a lower bound of 0, only an upper bound below those of containing cells is informative.
    containing = [*reading.containing_cells(cell), *([cell] if known else [])]
    is_informative = found.upper is not None and all(
        system.bounds(grid.sum(wider)).upper != found.upper for wider in containing
    )
    return found, found.interval if is_informative else None


def _share(
    reading: ClaimSystem,
    cell: CountCell,
    whole: CountCell,
    known: tuple[str, ...],
    *,
    recorded: bool,
) -> tuple[Bounds, Interval | None]:
    grid = reading.grid
    cuts = [name for name, code in sorted(cell.codes - whole.codes) if name in SPLITS]
    part = grid.sum(cell, recorded=known)
    base = grid.sum(whole, recorded=[*known, *cuts] if recorded else known)
    if not set(part.cells) <= set(base.cells):
        raise InvalidValue(
            "the category must be a part of `denominator`",
            field="denominator",
            value=dict(sorted(whole.codes)),
            hint="Repeat the codes of `denominator` in the category, such as sex='female'",
        )
    found = reading.system.share(part, base)
    limits = (found.interval.lower, found.interval.upper)
    return found, None if limits == (0, 1) else found.interval


def _area_code(area: str | Area) -> str:
    """Return the code of an area, or an empty text."""
    try:
        return Area.parse(area).code if area else ""
    except UnknownName as error:
        raise error.with_location(field="area", value=str(area)) from None


def _codes(category: Mapping[str, str]) -> dict[str, str]:
    codes = {name: parse_code(name, code) for name, code in category.items()}
    return {name: code for name, code in codes.items() if code != "total"}


def _target(subject: str, area: str, codes: Mapping[str, str]) -> CountCell:
    """Return the cell of a query."""
    return cell_of(
        Claim(
            id="query",
            section="query",
            paragraph="query",
            kind="count",
            wording="query",
            subject=subject,
            category=codes,
            area=area,
        )
    )


def _cell(
    claims: Iterable[Claim], target: CountCell, *, period: str | Period | None, status: str | None
) -> CountCell:
    """Return the cell of a query with the period and status of related numbers.

    A period or status without published numbers is allowed if it is a part or the sum of others.
    """
    when = None if period is None else Period.parse(period)
    there = []
    for claim in filter(has_number, claims):
        cell = cell_of(claim)
        there += [cell, *([] if claim.since is None else [evolve(cell, period=claim.since)])]
    related = [c for c in there if (c.subject, _kind(c)) == (target.subject, _kind(target))]
    published = [c for c in related if when in (None, c.period) and status in (None, str(c.status))]
    if period is None:
        # The base period of a change is used only if `period` selects it.
        ends = {cell_of(claim).period for claim in claims if has_number(claim)}
        published = [cell for cell in published if cell.period in ends]
    if not published:
        published = [
            evolve(
                cell,
                period=cell.period if when is None else when,
                status=cell.status if status is None else status,
            )
            for cell in related
            if (when is None or are_linked(when, cell.period))
            and (status in (None, str(cell.status)) or {status, str(cell.status)} <= STATUSES)
        ]
    cells = {(kind_of(cell), cell.period): cell for cell in reversed(published)}
    if not cells:
        kinds = sorted({_description(cell) for cell in there})
        raise NoSuchCell(
            "the publication must have numbers of this kind",
            field="subject",
            value=str(target.subject),
            hint=f"Use one of: {'; '.join(kinds[:5]) or 'none'}",
        )
    if len(cells) > 1:
        kinds = list(map(_description, reversed(cells.values())))
        raise AmbiguousCell(
            "the publication must have one kind of count for this query, got several",
            field="subject",
            value=str(target.subject),
            hint=f"Set `period` or `status`: {'; '.join(kinds[:5])}",
        )
    [cell] = cells.values()
    return evolve(cell, members=target.members, codes=target.codes, recorded=frozenset())


def _kind(cell: CountCell) -> frozenset[tuple[str, str]]:
    return frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)


def _description(cell: CountCell) -> str:
    kind = " ".join(str(code) for _, code in sorted(_kind(cell)))
    return " ".join(filter(None, [str(cell.status), str(cell.subject), kind, str(cell.period)]))


def _check(field_: str, values: Iterable[str], options: Iterable[str]) -> None:
    known = tuple(options)
    for value in values:
        if value not in known:
            raise UnknownName(
                f"`{field_}` must be a known name",
                field=field_,
                value=value,
                hint=did_you_mean(value, known),
            )
