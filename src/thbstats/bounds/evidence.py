"""The claims of publications, read once and asked for many numbers that they do not print."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, field, frozen

from thbstats.bounds.bounds import Bounds
from thbstats.bounds.claim_system import ClaimSystem
from thbstats.bounds.inference import Inference
from thbstats.bounds.numbers import STATUSES, are_linked, has_number, kind_of
from thbstats.bounds.translation import narrowed
from thbstats.claims import DIMENSIONS, Cell, Claim, Publication, cell_of
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
    """Read several publications as one."""
    if isinstance(publication, (Publication, str, Mapping)) or not isinstance(
        publication, Iterable
    ):
        return publication  # type: ignore[return-value]
    return Collection.of(publication)


def _is_publication(_self: object, _field: Any, value: Publication) -> None:
    if not isinstance(value, Publication):
        raise InvalidValue(
            "a publication as claims is needed",
            field="publication",
            value=value if isinstance(value, str) else type(value).__name__,
            hint="Read a claims file with read_claims, take one of thbstats.publications, or give "
            "a list of these",
        )


def _rounding(name: Rounding | str) -> Rounding:
    _check("rounding", [str(name)], Rounding)
    return Rounding(name)


@frozen(slots=False, eq=False)
class Evidence:
    """The claims of a publication and how they are read, to be asked as often as you like.

    What one question finds out about the claims is kept for the next, for as long as this object
    is: which claims enter, the system that they make, and where its tables are.

    Parameters
    ----------
    publication : Publication or list of Publication
        A publication as claims, or several. Claims of several publications have the id of their
        publication before their own, such as ``com_2018_777-ii-victims``. Where two publications
        have different values for one count, the counts of the earlier release do not enter.
    bases : mapping of str to str, optional
        The base, ``"all"`` or ``"known"``, of percentages of which it is not printed: by
        dimension, such as ``{"sex": "all"}``, or by the id of a claim.
    overlapping : str or iterable of str
        Dimensions of which one person can have several categories, in addition to those that the
        publication states. Categories are exclusive otherwise.
    rounding : Rounding
        How percentages were rounded.
    allow_tie_either_way : bool
        Whether a half may have been rounded either way, whatever the rounding says.
    use_wording : bool
        Whether the words of a share without a number enter, such as "the majority", as what
        `thbstats.judge_wording` reads in them.
    exclude : str or iterable of str
        Ids of claims that do not enter, and names of groups that need not make a whole.

    Raises
    ------
    UnknownName
        If a dimension, claim, base or way of rounding does not exist.
    InvalidValue
        If it is no publication.

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
    _known: dict[Any, Any] = field(factory=dict, init=False, repr=False)

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
        """Return what all claims together imply of a count or a share that need not be printed.

        Parameters, errors and answer are those of `thbstats.infer`.
        """
        dimensions = (known,) if isinstance(known, str) else tuple(known)
        _check("base", [base], _BASES)
        _check("known", dimensions, SPLITS)
        # A publication may name no area at all; then all its numbers are taken to be of one.
        place = _place(area or self.publication.area)
        codes = _codes(category)
        asked = _asked(subject, place, codes)
        cell = _cell(self.publication.claims, asked, period=period, status=status)
        cells = [cell, *(narrowed(cell, name, UNKNOWN) for name in dimensions)]
        if denominator is not None:
            wide = dict(denominator)
            inside = _place(wide.pop("area", place))
            members = Area.parse(inside).members if inside else None
            whole = evolve(cell, members=members, codes=frozenset(_codes(wide).items()))
            cells.append(whole)
        reading, dropped = self._read(cells)
        if denominator is None:
            found, told = _count(reading, cell, dimensions)
        else:
            found, told = _share(reading, cell, whole, dimensions, recorded=base == "known")
        used = reading.used
        label = category_label(codes.items()) if codes else str(subject)
        label += f" with recorded {' and '.join(dimensions)}" if dimensions else ""
        return Inference(
            title=self.publication.title,
            label=", ".join(
                filter(None, [label, place, "" if denominator is None else "as a share"])
            ),
            category=tuple(codes.items()),
            area=place,
            period=cell.period,
            bounds=told,
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

    def only(self, name: str, claims: Iterable[Claim]) -> "Evidence":
        """Return some of the claims, read in the same way.

        Parameters
        ----------
        name : str
            The id of the publication that they make.
        claims : iterable of Claim
            Claims of this evidence.
        """
        publication = Publication(id=name, title=name, claims=claims)
        there = {claim.id for claim in publication.claims} | {
            claim.makes for claim in publication.claims
        }
        return evolve(
            self,
            publication=publication,
            bases={id: base for id, base in self.bases.items() if id in {*DIMENSIONS, *there}},
            exclude=self.exclude & there,
        )

    def _read(self, cells: list[Cell]) -> tuple[ClaimSystem, tuple[str, ...]]:
        """Read registered victims as a sum of statuses, unless figures contradict that."""
        firm = self.claim_system(cells)
        if len(self._statuses(cells)) < 2:
            return firm, ()
        summed = self.claim_system(cells, statuses=True)
        if summed.system.is_feasible or not firm.system.is_feasible:
            return summed, ()
        return firm, (
            "registered victims are not read as the identified and the presumed ones, since the "
            "published figures contradict that",
        )

    def _statuses(self, cells: Iterable[Cell]) -> set[str]:
        """The statuses with numbers of the kind of some cells, and theirs."""
        if "statuses" not in self._known:
            kinds: dict[object, set[str]] = {}
            for claim in filter(has_number, self.publication.claims):
                cell = cell_of(claim)
                kinds.setdefault(kind_of(cell, statuses=True), set()).add(str(cell.status))
            self._known["statuses"] = kinds
        found: set[str] = set()
        for cell in cells:
            there = self._known["statuses"].get(kind_of(cell, statuses=True), ())
            found |= {str(cell.status), *there}
        return found & STATUSES

    def claim_system(
        self, asked: Iterable[Cell], *, whole: bool = False, statuses: bool = False
    ) -> ClaimSystem:
        """Return how the claims are read as a system around some cells of one kind.

        Claims that cannot bear on these are left out, unless the whole is asked for. With
        statuses, registered victims are the identified and the presumed ones.
        """
        return ClaimSystem(
            claims=self.publication.claims,
            asked=asked,
            bases=self.bases,
            overlapping=self.overlapping,
            rounding=self.rounding,
            allow_tie_either_way=self.allow_tie_either_way,
            use_wording=self.use_wording,
            left_out=self._left_out,
            whole=whole,
            statuses=statuses,
            known=self._known,
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What is assumed to read all claims with a number, each once."""
        told = (text for reading in self.claim_systems() for text in reading.system.assumptions)
        return tuple(dict.fromkeys(told))

    @property
    def _left_out(self) -> dict[str, str]:
        """Why claims do not enter, by id."""
        revised = self.publication.superseded if isinstance(self.publication, Collection) else {}
        found = {claim.id: f"{later.place} revises its release" for claim, later in revised.items()}
        return found | dict.fromkeys(self.exclude, "left out as asked")

    def claim_systems(self, *, statuses: bool = False) -> Iterator[ClaimSystem]:
        """Yield a system for each kind of count of which numbers are printed.

        Those without an area come last: beside others they are set aside. With statuses, those
        alone are given in which registered victims and their parts are counted.
        """
        seen: set[str] = set()
        claims = sorted(
            filter(has_number, self.publication.claims), key=lambda claim: not claim.area
        )
        if statuses:
            claims = [claim for claim in claims if len(self._statuses([cell_of(claim)])) > 1]
        for claim in claims:
            if claim.id not in seen:
                cell = cell_of(claim)
                kind = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
                asked = [evolve(cell, codes=kind, recorded=frozenset())]
                reading = self.claim_system(asked, whole=True, statuses=statuses)
                alike = (c for c in reading.numbers if bool(c.area) == bool(claim.area))
                seen |= {claim.id, *(each.id for each in alike)}
                yield reading


_BASES = ("all", "known")


def _count(
    reading: ClaimSystem, cell: Cell, known: tuple[str, ...]
) -> tuple[Bounds, Interval | None]:
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
    reading: ClaimSystem, cell: Cell, whole: Cell, known: tuple[str, ...], *, recorded: bool
) -> tuple[Bounds, Interval | None]:
    grid = reading.grid
    cuts = [name for name, code in sorted(cell.codes - whole.codes) if name in SPLITS]
    part = grid.sum(cell, recorded=known)
    base = grid.sum(whole, recorded=[*known, *cuts] if recorded else known)
    if not set(part.cells) <= set(base.cells):
        raise InvalidValue(
            "the part is not inside its whole",
            field="denominator",
            value=dict(sorted(whole.codes)),
            hint="Repeat in the category what of says, such as sex='female' of {'sex': 'female'}",
        )
    found = reading.system.share(part, base)
    ends = (found.interval.lower, found.interval.upper)
    return found, None if ends == (0, 1) else found.interval


def _place(area: str | Area) -> str:
    """The code of an area; nothing where none is named."""
    try:
        return Area.parse(area).code if area else ""
    except UnknownName as error:
        raise error.with_location(field="area", value=str(area)) from None


def _codes(category: Mapping[str, str]) -> dict[str, str]:
    codes = {name: parse_code(name, code) for name, code in category.items()}
    return {name: code for name, code in codes.items() if code != "total"}


def _asked(subject: str, place: str, codes: Mapping[str, str]) -> Cell:
    """What is asked for, read as a claim would be."""
    return cell_of(
        Claim(
            id="asked",
            section="asked",
            paragraph="asked",
            kind="count",
            wording="asked",
            subject=subject,
            category=codes,
            area=place,
        )
    )


def _cell(
    claims: Iterable[Claim], asked: Cell, *, period: str | Period | None, status: str | None
) -> Cell:
    """The same with the period and status of the numbers that are printed of it.

    A period or status of which nothing is printed is answered where it is a part or the sum of
    others.
    """
    when = None if period is None else Period.parse(period)
    there = []
    for claim in filter(has_number, claims):
        cell = cell_of(claim)
        there += [cell, *([] if claim.since is None else [evolve(cell, period=claim.since)])]
    alike = [c for c in there if (c.subject, _kind(c)) == (asked.subject, _kind(asked))]
    printed = [c for c in alike if when in (None, c.period) and status in (None, str(c.status))]
    if period is None:
        # What a change starts from is answered where its period is named.
        ends = {cell_of(claim).period for claim in claims if has_number(claim)}
        printed = [cell for cell in printed if cell.period in ends]
    if not printed:
        printed = [
            evolve(
                cell,
                period=cell.period if when is None else when,
                status=cell.status if status is None else status,
            )
            for cell in alike
            if (when is None or are_linked(when, cell.period))
            and (status in (None, str(cell.status)) or {status, str(cell.status)} <= STATUSES)
        ]
    cells = {(kind_of(cell), cell.period): cell for cell in reversed(printed)}
    if not cells:
        told = sorted({_told(cell) for cell in there})
        raise NoSuchCell(
            "no numbers of this kind are printed",
            field="subject",
            value=str(asked.subject),
            hint=f"Numbers are printed of {'; '.join(told) or 'nothing'}",
        )
    if len(cells) > 1:
        raise AmbiguousCell(
            "numbers are printed of several kinds of counts",
            field="subject",
            value=str(asked.subject),
            hint=f"Name period or status: {'; '.join(map(_told, reversed(cells.values())))}",
        )
    [one] = cells.values()
    return evolve(one, members=asked.members, codes=asked.codes, recorded=frozenset())


def _kind(cell: Cell) -> frozenset[tuple[str, str]]:
    return frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)


def _told(cell: Cell) -> str:
    kind = " ".join(str(code) for _, code in sorted(_kind(cell)))
    return " ".join(filter(None, [str(cell.status), str(cell.subject), kind, str(cell.period)]))


def _check(field_: str, values: Iterable[str], options: Iterable[str]) -> None:
    known = tuple(options)
    for value in values:
        if value not in known:
            raise UnknownName(
                "there is no such choice",
                field=field_,
                value=value,
                hint=did_you_mean(value, known),
            )
