"""Relations between the figures of a publication: rounding, counted cells, parts and sums."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache, wraps
from itertools import chain, combinations, pairwise
from math import ceil, floor
from typing import Any, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.claims.claim import Claim
from thbstats.claims.selection import CODES, SPLITS, ClaimKind, Subject
from thbstats.errors import DuplicateKey, InvalidValue, require_name
from thbstats.geography import COMPOSITIONS, Area, eu_members, with_successors
from thbstats.languages import Message
from thbstats.records import schema_of
from thbstats.values import Certainty, Interval, Percent, Period, Rounding
from thbstats.vocabulary import VictimStatus

RoundingMethod: TypeAlias = Rounding | str | int
"""A rounding method, or the unit to whose multiples a count is rounded, such as 10."""

_HINT = "Use a method such as 'half_away', or a unit such as 10 for counts"


@frozen
class RoundingRules:
    """Rounding methods by claim, by kind of claim, and for all claims.

    By default a share is rounded half up, and a change, a rate or a ratio to the nearest with any
    tie-breaking rule: -0.05% is published as -0.1% (commercial rounding) or as 0.0% (half up). A
    count is exact.
    """

    methods: Mapping[str, Rounding] = field(factory=dict)
    units: Mapping[str, int] = field(factory=dict)

    @classmethod
    def of(
        cls, rounding: "RoundingMethod | Mapping[str, RoundingMethod] | None", ids: Iterable[str]
    ) -> "RoundingRules":
        """Return the rules of a method for all claims, or of methods by claim id or by kind."""
        if rounding is None:
            return cls()
        names = (*ClaimKind, *ids)
        methods, units = dict[str, Rounding](), dict[str, int]()
        pairs = rounding.items() if isinstance(rounding, Mapping) else [("", rounding)]
        for name, method in pairs:
            if name:
                problem = "`rounding` must contain ids and kinds of claims only"
                require_name(name, names, problem, field="rounding")
            if isinstance(method, int) and not isinstance(method, bool):
                if method < 1 or not name:
                    problem = "`rounding` must have units of 1 or more, for a kind or a claim"
                    raise InvalidValue(problem, field="rounding", value=method, hint=_HINT)
                units[name] = method
                continue
            problem = "`rounding` must be a rounding method"
            require_name(str(method), Rounding, problem, field="rounding")
            methods[name] = Rounding(str(method))
        return cls(methods, units)

    def method(self, claim: Claim) -> Rounding | None:
        """Return the stated method of a claim, or ``None``."""
        names = (claim.id, str(claim.kind), "")
        return next((self.methods[name] for name in names if name in self.methods), None)

    def has_either_tie(self, claim: Claim) -> bool:
        """Return whether a tie can be rounded either up or down."""
        return claim.kind is not ClaimKind.SHARE and self.method(claim) is None

    def rounded(self, claim: Claim) -> Percent | None:
        """Return the published share, change, rate or ratio with its method, or ``None``."""
        number, method = claim.rounded or claim.rate, self.method(claim)
        return number if number is None or method is None else evolve(number, rounding=method)

    def unit(self, claim: Claim) -> int:
        """Return the unit to whose multiples a count is rounded; 1 for an exact count."""
        return self.units.get(claim.id, self.units.get(str(claim.kind), 1))

    def counted(self, claim: Claim) -> Interval:
        """Return the bounds of the counts that round to the published count of a claim."""
        number, unit = claim.count or 0, self.unit(claim)
        if unit == 1:
            return Interval.point(number)
        half = Fraction(unit, 2)
        return Interval(max(0, ceil(number - half)), floor(number + half))

    def is_less(self, left: Claim, right: Claim) -> bool:
        """Return whether the number of one claim is certainly below that of another."""
        low, high = self.rounded(left), self.rounded(right)
        if low is None or high is None:
            if left.count is None or right.count is None:
                return False
            return (self.counted(left).upper or 0) < (self.counted(right).lower or 0)
        touch = low.upper_closed and high.lower_closed
        return low.upper < high.lower or (low.upper == high.lower and not touch)

    def agree(self, left: Claim, right: Claim) -> bool:
        """Return whether two claims can have one number: 56% agrees with 56.2%."""
        return not self.is_less(left, right) and not self.is_less(right, left)


AS_PUBLISHED = RoundingRules()
"""The default rules."""


#: The dimensions that divide a count into parts; all others define the kind of count.
CUTS = ("sex", "age", "citizenship", "exploitation", "movement")
# Default values, which change nothing if they are stated.
_DEFAULTS = ("total", "not_stated")
_DEFAULT_CODES = {("offence", "trafficking"), ("register", "all")}
_KEY = ("subject", "status", "period", "members", "codes", "reporters", "recorded")

# Each comparison of two claims needs their cells, and claims are immutable.
_once = lru_cache(maxsize=16384)


@frozen(kw_only=True, cache_hash=True, slots=False)
class CountCell:
    """Cell of a table to which one count refers."""

    subject: str
    status: str
    period: Period
    members: frozenset[str] | None
    codes: frozenset[tuple[str, str]]
    unit: str = ""
    reporters: int | tuple[str, ...] | None = None
    recorded: frozenset[str] = frozenset()

    @cached_property
    def key(self) -> tuple[object, ...]:
        """The identity of the cell, without its unit."""
        return tuple(getattr(self, name) for name in _KEY)

    @cached_property
    def table(self) -> tuple[object, ...]:
        """The common attributes of a cell and its parts of the same period."""
        kind = frozenset(pair for pair in self.codes if pair[0] not in CUTS)
        return (self.subject, self.status, self.period, kind)

    def is_same(self, other: "CountCell", *, without: tuple[str, ...] = ()) -> bool:
        """Return whether two cells are the same, apart from some attributes."""
        alike = self.key == other.key if not without else self._key(without) == other._key(without)
        return alike and self._has_compatible_unit(other)

    def _key(self, without: tuple[str, ...]) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in _KEY if name not in without)

    def is_inside(self, other: "CountCell") -> bool:
        """Return whether a cell is a proper part of another."""
        members, all_ = self.members, other.members
        return (
            self.codes >= other.codes
            and (members == all_ if members is None or all_ is None else members <= all_)
            and self.table == other.table
            and self.key != other.key
            and self._known >= other.recorded
            and other.reporters in (None, self.reporters)
            and self._has_compatible_unit(other)
        )

    def without(self, dimension: str) -> "CountCell":
        """Return the cell with all categories of a dimension."""
        codes = frozenset(pair for pair in self.codes if pair[0] != dimension)
        return evolve(self, codes=codes)

    @cached_property
    def _known(self) -> frozenset[str]:
        """The dimensions without an unknown category in the cell."""
        return self.recorded | {name for name, code in self.codes if code != "unknown"}

    def _has_compatible_unit(self, other: "CountCell") -> bool:
        return not self.unit or not other.unit or self.unit == other.unit


def area_of(claim: Claim) -> str:
    """Return the area of a claim, or an empty text."""
    return claim.category.get("area", claim.area)


@_once
def cell_of(claim: Claim) -> CountCell:
    """Return the cell of a claim; for a share, its numerator."""
    cell = _cell(claim, claim.category, area_of(claim))
    if claim.kind is not ClaimKind.COUNT:
        return cell
    if claim.base == "known":
        cell = evolve(cell, recorded=frozenset({claim.base_dimension}) - set(dict(cell.codes)))
    counts_people = claim.subject is Subject.VICTIMS and not cell.unit
    return evolve(cell, unit="persons") if counts_people else cell


@_once
def whole_of(claim: Claim) -> CountCell:
    """Return the denominator of a share, including the unknown category."""
    return _cell(claim, claim.of, claim.of.get("area", claim.area))


@_once
def dimension_of(share: Claim) -> str:
    """Return the dimension of a share: the stated one, or that of its category."""
    new = [name for name in share.category if name not in share.of]
    return share.base_dimension or " ".join(new)


@_once
def base_key(share: Claim) -> tuple[object, ...]:
    """Return the identity of the denominator of a share."""
    dimension = (dimension_of(share),) if share.base == "known" else ()
    return (*whole_of(share).key, share.base, *dimension)


def is_settled(claim: Claim) -> bool:
    """Return whether a claim states its area, period and denominator."""
    is_stated = bool(area_of(claim)) and claim.period.certainty is Certainty.EXACT
    return is_stated and (claim.kind is not ClaimKind.SHARE or claim.base in ("all", "known"))


def _cell(claim: Claim, codes: Mapping[str, str], area: str) -> CountCell:
    pairs = {pair for pair in codes.items() if pair[0] != "area" and pair[1] not in _DEFAULTS}
    members, reporters = Area.parse(area).members if area else None, claim.n_reporters
    is_partial = members is not None and reporters is not None and reporters < len(members)
    return CountCell(
        subject=claim.subject,
        status="" if claim.status in _DEFAULTS else claim.status,
        period=claim.period,
        members=members,
        codes=frozenset(pairs - _DEFAULT_CODES),
        unit="" if claim.unit in _DEFAULTS else claim.unit,
        reporters=claim.reporters if is_partial else None,
    )


UNKNOWN = "unknown"

#: The statuses that add up to registered victims.
REGISTERED: tuple[str, ...] = (VictimStatus.IDENTIFIED, VictimStatus.PRESUMED)

_NOWHERE = frozenset({"area not stated"})
_MAX_OVERLAPPING = 5


@frozen
class Part:
    """Part of one dimension that no count divides."""

    label: str
    codes: frozenset[str]

    @property
    def is_recorded(self) -> bool:
        """Whether its category is known."""
        return UNKNOWN not in self.codes


def axes_of(
    cells: Iterable[CountCell], *, overlapping: Iterable[str] = ()
) -> dict[str, tuple[Part, ...]]:
    """Return the parts of each dimension for some cells."""
    known, overlaps = list(cells), set(overlapping)
    names = ["period", "area"]
    names += ["status"] if len({cell.status for cell in known}) > 1 else []
    used = {name for cell in known for name, _ in cell.codes}
    names += [name for name in SPLITS if name in used]
    return {name: axis(name, known, overlap=name in overlaps) for name in names}


def axis(dimension: str, cells: Iterable[CountCell], *, overlap: bool = False) -> tuple[Part, ...]:
    """Return the parts of one dimension, so that each cell is a union of parts."""
    known = list(cells)
    if dimension == "period":
        return _periods(known)
    if dimension == "area":
        return _areas(known)
    if dimension == "status":
        # Registered victims are identified and presumed ones.
        names = dict.fromkeys(cell.status for cell in known)
        whole = str(VictimStatus.REGISTERED)
        family = {whole, *map(str, REGISTERED)}
        parts = [Part(name, frozenset({name})) for name in names if name not in family]
        if family & set(names):
            parts += [Part(str(name), frozenset({str(name), whole})) for name in REGISTERED]
        return tuple(parts)
    codes = {code for cell in known for name, code in cell.codes if name == dimension}
    return _categories(dimension, codes, known, overlap=overlap)


def is_in(part: Part, dimension: str, cell: CountCell) -> bool:
    """Return whether a cell contains a part."""
    if dimension == "period":
        return str(cell.period) in part.codes
    if dimension == "area":
        return part.codes <= _members(cell)
    if dimension == "status":
        return cell.status in part.codes
    if dimension in cell.recorded and not part.is_recorded:
        return False
    return all(code in part.codes for name, code in cell.codes if name == dimension)


def _periods(cells: list[CountCell]) -> tuple[Part, ...]:
    """Return the parts of all periods, split at each start and end.

    A period that is not exact is a separate part, and so is a period of counts that do not add up
    over time: a joint investigation team can work in two years.
    """
    exact: dict[Period, tuple[int, int] | None] = {}
    for cell in cells:
        period, days = cell.period, None
        is_exact = period.certainty is Certainty.EXACT and cell.subject != Subject.COOPERATION
        if is_exact and period.start is not None and period.end is not None:
            days = (period.start.toordinal(), period.end.toordinal() + 1)
        exact[period] = days
    starts = sorted({day for days in exact.values() if days is not None for day in days})
    parts = []
    for first, after in pairwise(starts):
        codes = {str(p) for p, days in exact.items() if days and days[0] <= first < days[1]}
        if codes:
            period = Period(date.fromordinal(first), date.fromordinal(after - 1))
            parts.append(Part(str(period), frozenset(codes)))
    inexact = (str(period) for period, days in exact.items() if days is None)
    return (*parts, *(Part(name, frozenset({name})) for name in inexact))


def _members(cell: CountCell) -> frozenset[str]:
    """Return the countries of a cell, or a marker without an area."""
    return _NOWHERE if cell.members is None else cell.members


def _areas(cells: list[CountCell]) -> tuple[Part, ...]:
    """Return groups of countries so that every area is a union of groups."""
    different = list(dict.fromkeys(map(_members, cells)))
    groups: dict[tuple[bool, ...], set[str]] = {}
    for country in sorted(frozenset().union(*different)):
        inside = tuple(country in area for area in different)
        groups.setdefault(inside, set()).add(country)
    labels = [area_label(frozenset(group)) for group in groups.values()]
    unique = [
        label if labels.count(label) == 1 else f"{label}, {min(group)} first"
        for label, group in zip(labels, groups.values(), strict=True)
    ]
    return tuple(map(Part, unique, map(frozenset, groups.values())))


@lru_cache(maxsize=1024)
def area_label(members: frozenset[str]) -> str:
    """Return a short label of some countries."""
    for code, area in COMPOSITIONS.items():
        if area.members == members:
            return code
    listed = sorted(members)
    number = len(listed)
    return "+".join(listed) if number < 4 else Message("{n} countries", n=number)


def _categories(
    dimension: str, codes: set[str], cells: Iterable[CountCell], *, overlap: bool
) -> tuple[Part, ...]:
    named, listed = sorted(codes - {UNKNOWN}), CODES[dimension] if dimension in CUTS else None
    parts = []
    for name in named:
        if dimension == "citizenship":
            parts += _citizens(name, codes, cells)
            continue
        wider = {name}
        item = None if listed is None else listed(name).parent
        while item is not None:
            wider.add(item.value)
            item = item.parent
        parts.append(Part(name, frozenset(wider) & codes))
    # The categories that cover all persons of known category.
    top = {code.value for code in listed or () if code.parent == "total"} - {UNKNOWN}
    if listed is None or not top <= codes:
        parts.append(Part(f"no {' or '.join(named)}"[:60] if named else "known", frozenset()))
    if overlap and len(parts) > _MAX_OVERLAPPING:
        raise InvalidValue(
            f"must have at most {_MAX_OVERLAPPING} categories that overlap, got {len(parts)}",
            field="overlapping",
            value=dimension,
            hint="Query fewer categories, or remove the dimension from `overlapping`",
        )
    if overlap:
        sizes = range(1, len(parts) + 1)
        parts = [
            Part(" and ".join(p.label for p in some), frozenset().union(*(p.codes for p in some)))
            for some in chain.from_iterable(combinations(parts, size) for size in sizes)
        ]
    return (*parts, Part(UNKNOWN, frozenset({UNKNOWN})))


def _can_be_home(country: str, area: frozenset[str] | None) -> set[bool]:
    """Return whether a country can report its own citizens: FR does in FR, and can in FR and IT."""
    return {True, False} if area is None else {country in area, area == {country}}


def _groups_of_citizens(is_home: bool, is_eu: bool) -> list[set[str]]:
    """Return the sets of groups that can contain the citizens of a country.

    =================  ============  ==================================================
    reporting country  Member State  sets of groups
    =================  ============  ==================================================
    another one        yes           other_eu and eu
    their own          yes           reporting_country and eu
    another one        no            non_eu
    their own          no            reporting_country, or reporting_country and non_eu
    =================  ============  ==================================================
    """
    if is_eu:
        return [{"reporting_country" if is_home else "other_eu", "eu"}]
    return [{"reporting_country"}, {"reporting_country", "non_eu"}] if is_home else [{"non_eu"}]


def _citizens(name: str, codes: set[str], cells: Iterable[CountCell]) -> list[Part]:
    """Return the parts of a citizenship, one for each set of groups that can contain it.

    Citizens of a country are nationals of the reporting country in this country, and belong to
    `eu` or `non_eu` by its membership in the periods of the cells. Nationals of a country outside
    the EU are next to `non_eu` or a part of it.
    """
    periods, areas = {cell.period for cell in cells}, {cell.members for cell in cells}
    if name not in CODES["citizenship"]._value2member_map_:
        countries = {name}
        homes = {is_home for area in areas for is_home in _can_be_home(name, area)}
    elif name == "reporting_country":
        countries, homes = {country for area in areas for country in area or ()}, {True}
        if None not in areas and countries <= codes:
            return []  # they are citizens of these countries
    else:
        wider, parent = {name}, CODES["citizenship"](name).parent
        while parent is not None:
            wider.add(parent.value)
            parent = parent.parent
        return [Part(name, frozenset(wider) & codes)]
    memberships = {is_eu for c in countries for p in periods for is_eu in _eu_memberships(c, p)}
    groups = [
        several
        for is_eu in sorted(memberships if countries else {True, False}, reverse=True)
        for is_home in sorted(homes)
        for several in _groups_of_citizens(is_home, is_eu)
    ]
    sets = list(dict.fromkeys(frozenset({name, *several}) & codes for several in groups))
    if len(sets) == 1:
        return [Part(name, sets[0])]
    return [
        Part(f"{name} ({', '.join(sorted(several - {name})) or 'no group'})", several)
        for several in sets
    ]


@lru_cache(maxsize=4096)
def _eu_memberships(country: str, period: Period) -> frozenset[bool]:
    """Return whether a country is a Member State, on each day of a period."""
    compositions = [area.members for area in COMPOSITIONS.values()]
    if period.start is not None and period.end is not None:
        compositions = [eu_members(period.start), eu_members(period.end)]
    states = with_successors(country) - {country} or {country}
    return frozenset(state in members for state in states for members in compositions)


# Sums.

STATUSES = Message(
    "countries may count presumed victims without registering them, and register others, so that "
    "published tables often violate this sum"
)
"""The caveat of sums of statuses."""

_DIMENSIONS = ("period", "area", "status", *CUTS)
_MAX_COVERS = 12
_MAX_STEPS = 2_000

Piece = frozenset[int]
"""A cell as a set of parts of one dimension."""


def _cells(cells: Iterable[CountCell]) -> tuple[CountCell, ...]:
    return tuple(dict.fromkeys(cells))


def as_names(names: Iterable[str]) -> frozenset[str]:
    """Return names as a set, as a converter that mypy accepts."""
    return frozenset(names)


@frozen(kw_only=True)
class Relation:
    """A count and its disjoint parts."""

    dimension: str
    whole: CountCell
    parts: tuple[CountCell, ...]
    is_complete: bool
    caveat: str = ""

    def is_broken(self, total: Interval, whole: Interval) -> bool:
        """Return whether the sum of the parts cannot equal the whole."""
        if self.is_complete:
            return not total.overlaps(whole)
        return (total.lower or 0) > (whole.upper or 0)


@frozen(slots=False, eq=False)
class Relations:
    """Relations between published counts."""

    cells: tuple[CountCell, ...] = field(converter=_cells)
    overlapping: frozenset[str] = field(converter=as_names, default=())
    _known: dict[tuple[object, ...], dict[CountCell, Piece]] = field(factory=dict, init=False)

    def around(self, cell: CountCell) -> Iterator[Relation]:
        """Yield the relations with a cell as the total, and the relations with it as a part."""
        yield from self.of(cell)
        yield from self.with_part(cell)

    def of(self, whole: CountCell) -> Iterator[Relation]:
        """Yield the relations with a cell as the total."""
        for name in self._dimensions:
            yield from _relations(name, whole, self._pieces(name, whole))

    def with_part(self, part: CountCell) -> Iterator[Relation]:
        """Yield the relations with a cell as a part."""
        for name in self._dimensions:
            pieces = self._pieces(name, part)
            for whole, target in pieces.items():
                if pieces[part] < target:
                    results = _relations(name, whole, pieces)
                    yield from (result for result in results if part in result.parts)

    @cached_property
    def _dimensions(self) -> tuple[str, ...]:
        return tuple(name for name in _DIMENSIONS if name not in self.overlapping)

    def _pieces(self, name: str, cell: CountCell) -> dict[CountCell, Piece]:
        """Return the cells that differ in one dimension only, each as a set of its parts."""
        key = _others(cell, name)
        siblings = self._by_other_attributes.get(key, [])
        if cell in self._known.get(key, ()):
            return self._known[key]
        members = list(dict.fromkeys([cell, *siblings]))
        if len(members) == 1:
            return {cell: frozenset()}
        parts = axis(name, members)
        result = {
            item: frozenset(n for n, part in enumerate(parts) if is_in(part, name, item))
            for item in members
        }
        if cell in siblings:
            self._known[key] = result
        return result

    @cached_property
    def _by_other_attributes(self) -> dict[tuple[object, ...], list[CountCell]]:
        result: dict[tuple[object, ...], list[CountCell]] = {}
        for cell in self.cells:
            for name in self._dimensions:
                result.setdefault(_others(cell, name), []).append(cell)
        return result


@lru_cache(maxsize=16384)
def _others(cell: CountCell, name: str) -> tuple[object, ...]:
    """Return the attributes of a cell except one dimension."""
    attribute = "members" if name == "area" else name
    attributes = (None if item == attribute else getattr(cell, item) for item in _ATTRIBUTES)
    codes = frozenset(pair for pair in cell.codes if pair[0] != name)
    return (name, *attributes, codes, cell.recorded - {name})


_ATTRIBUTES = ("subject", "status", "period", "members", "reporters")


def _relations(
    name: str, whole: CountCell, pieces: Mapping[CountCell, Piece]
) -> Iterator[Relation]:
    """Yield the relations between a cell and its parts along one dimension."""
    inside: dict[Piece, CountCell] = {}
    for cell, piece in pieces.items():
        if piece and piece < pieces[whole] and len({cell.unit, whole.unit} - {""}) < 2:
            inside.setdefault(piece, cell)
    if not inside:
        return
    complete = list(_covers(pieces[whole], list(inside)))
    for sets in complete or _disjoint(list(inside)):
        # A single category or area is part of the total without a sum.
        if complete or len(sets) > 1 or (sets and name in ("period", "status")):
            yield Relation(
                dimension=name,
                whole=whole,
                parts=tuple(inside[piece] for piece in sets),
                is_complete=bool(complete),
                caveat=STATUSES if name == "status" else "",
            )


def _covers(target: Piece, sets: list[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Yield ways to partition a set into some sets."""
    holding = {piece: [item for item in sets if piece in item] for piece in target}
    waiting: list[tuple[Piece, tuple[Piece, ...]]] = [(target, ())]
    result = 0
    for _ in range(_MAX_STEPS):
        if not waiting or result == _MAX_COVERS:
            return
        left, chosen = waiting.pop()
        if not left:
            result += 1
            yield chosen
            continue
        piece = min(left, key=lambda piece: (len(holding[piece]), piece))
        waiting += [(left - item, (*chosen, item)) for item in holding[piece] if item <= left]


def _disjoint(sets: list[Piece]) -> list[tuple[Piece, ...]]:
    """Return two lists of disjoint sets; one starts with the finest set, one with the coarsest."""
    result = []
    for sign in (1, -1):
        chosen: list[Piece] = []
        for item in sorted(sets, key=lambda item: (sign * len(item), sorted(item))):
            if not any(item & other for other in chosen):
                chosen.append(item)
        result.append(tuple(chosen))
    return list(dict.fromkeys(result))


_Item = TypeVar("_Item", Claim, CountCell)
_Result = TypeVar("_Result")


def _figure_once(method: "Callable[[Any, _Item], _Result]") -> "Callable[[Any, _Item], _Result]":
    """Compute the result for a claim or a cell once."""

    @wraps(method)
    def cached(figures: "Figures", item: _Item) -> _Result:
        known, key = figures._known, (method.__name__, item)
        if key not in known:
            known[key] = method(figures, item)
        result: _Result = known[key]
        return result

    return cached


@frozen(slots=False)
class Figures:
    """Claims of a publication, for queries on counts and denominators.

    Each share is compared with related counts and with the shares of the same denominator, not
    with all claims together.
    """

    claims: tuple[Claim, ...] = field(converter=tuple[Claim, ...])
    overlapping: frozenset[str] = field(converter=as_names, default=())
    rules: RoundingRules = AS_PUBLISHED
    _known: dict[Any, Any] = field(factory=dict, init=False, repr=False, eq=False)

    @cached_property
    def counts(self) -> tuple[Claim, ...]:
        """The claims with an exact count."""
        return self._exact(ClaimKind.COUNT)

    @cached_property
    def shares(self) -> tuple[Claim, ...]:
        """The claims with an exact percentage; a lower bound is not exact."""
        return self._exact(ClaimKind.SHARE)

    @cached_property
    def rates(self) -> tuple[Claim, ...]:
        """The claims with a rate or a ratio."""
        return self._exact(ClaimKind.RATE, ClaimKind.RATIO)

    def _exact(self, *kinds: ClaimKind) -> tuple[Claim, ...]:
        """Return the claims with an exact number, without hedges and lower bounds."""
        numbers = (c for c in self.claims if c.kind in kinds and c.printed and not c.at_least)
        return tuple(claim for claim in numbers if not claim.is_hedged)

    @cached_property
    def _groups(self) -> dict[tuple[object, ...], list[Claim]]:
        """The claims with an exact number, by kind and cell; the counts also by table."""
        result: dict[tuple[object, ...], list[Claim]] = {}
        for claim in (*self.counts, *self.shares, *self._exact(ClaimKind.CHANGE), *self.rates):
            cell = cell_of(claim)
            result.setdefault((claim.kind, cell.key), []).append(claim)
            if claim.kind is ClaimKind.COUNT:
                result.setdefault(cell.table, []).append(claim)
            if claim.kind is ClaimKind.SHARE and claim.base in ("all", "known"):
                result.setdefault(base_key(claim), []).append(claim)
        return result

    @cached_property
    def relations(self) -> Relations:
        """The sums between published counts."""
        cells = (cell_of(claim) for claim in self.counts if claim.is_counted)
        return Relations(cells, self.overlapping)

    def cells(self) -> dict[CountCell, list[Claim]]:
        """Return the published counts that fit into a table, by cell."""
        cells: dict[CountCell, list[Claim]] = {}
        for claim in filter(_is_placed, self.counts):
            cells.setdefault(cell_of(claim), []).append(claim)
        for cell, same in cells.items():
            cells[cell] = claims = same if len(set(_numbers(same))) < 2 else first_hand(same)
            if len(set(_numbers(claims))) > 1:
                raise DuplicateKey(
                    "a count must have one published value",
                    field="printed",
                    value=", ".join(f"{claim.printed} in {claim.section}" for claim in claims),
                    hint="Audit the publication, and exclude the wrong claims",
                )
        return cells

    def percent(self, share: Claim) -> Percent:
        """Return the published percentage of a share with its rounding."""
        return self.rules.rounded(share) or Percent(share.printed)

    def same(self, claim: Claim) -> list[Claim]:
        """Return the other claims on the same count or share."""
        cell, kind = cell_of(claim), claim.kind
        return [
            other
            for other in self._groups.get((kind, cell.key), ())
            if other.id != claim.id
            and cell_of(other).is_same(cell)
            and (other.since, other.per) == (claim.since, claim.per)
            and (kind is not ClaimKind.RATIO or whole_of(other).is_same(whole_of(claim)))
            and (kind is not ClaimKind.SHARE or base_key(other) == base_key(claim))
        ]

    def of_cell(self, cell: CountCell) -> list[Claim]:
        """Return the claims with the count of a cell."""
        candidates = self._groups.get((ClaimKind.COUNT, cell.key), ())
        return [claim for claim in candidates if cell_of(claim).is_same(cell)]

    def above(self, cell: CountCell) -> list[Claim]:
        """Return the counts of cells that contain a cell."""
        return [c for c in self._groups.get(cell.table, ()) if cell.is_inside(cell_of(c))]

    def below(self, cell: CountCell) -> list[Claim]:
        """Return the counts of parts of a cell."""
        return [c for c in self._groups.get(cell.table, ()) if cell_of(c).is_inside(cell)]

    @_figure_once
    def count(self, cell: CountCell) -> Interval | None:
        """Return the published count of a cell, as an interval if there are several.

        Values from pages that quote the publication are ignored if the publisher's own pages have
        one.
        """
        result = list(map(self.rules.counted, first_hand(self.of_cell(cell))))
        if not result:
            return None
        return Interval(
            min(item.lower or 0 for item in result), max(item.upper or 0 for item in result)
        )

    def known(self, cell: CountCell) -> Interval | None:
        """Return the count of a cell: published, or implied by one sum."""
        printed = self.count(cell)
        if printed is not None:
            return printed
        added = self._added(cell)
        return added if added.is_point else None

    @_figure_once
    def _added(self, cell: CountCell) -> Interval:
        """Return the bounds of a count from the sums of published counts."""
        bounds, results = Interval.at_least(0), list[Interval]()
        for relation in self.relations.of(cell):
            if not relation.caveat:
                total = self.sum(relation.parts)
                results.append(total if relation.is_complete else Interval(total.lower, None))
        for relation in self.relations.with_part(cell):
            whole = self.count(relation.whole)
            if whole is not None and not relation.caveat:
                left = whole - self.sum(part for part in relation.parts if part != cell)
                results.append(left if relation.is_complete else Interval(None, left.upper))
        for result in results:
            bounds = _meet(bounds, result) or bounds
        return bounds

    def sum(self, cells: Iterable[CountCell]) -> Interval:
        """Return the sum of some published counts."""
        return sum((self.count(cell) or Interval.at_least(0) for cell in cells), Interval.point(0))

    @_figure_once
    def part(self, share: Claim) -> Interval:
        """Return the numerator of a share: published, or bounds from related counts."""
        bounds = self._bounds(cell_of(share))
        return _meet(bounds, Interval(0, self.whole(share).upper)) or bounds

    @_figure_once
    def whole(self, share: Claim) -> Interval:
        """Return the denominator of a share, including the unknown category.

        It is published, implied by its own share, or bounded by related counts.
        """
        cell = whole_of(share)
        whole = self._bounds(cell)
        if self.count(cell) is None:
            for other in self.shares:
                # Each step leads to a wider denominator, so the recursion ends.
                if cell_of(other).is_same(cell) and cell.is_inside(whole_of(other)):
                    whole = _meet(whole, self.numerator(other)) or whole
        return whole

    @_figure_once
    def own_base(self, share: Claim) -> Interval | None:
        """Return the denominator that a share alone implies, or ``None``.

        With base "all" it is the whole; otherwise it is at most the whole.
        """
        percent, part, whole = self.percent(share), self.part(share), self.whole(share)
        bounds = whole if share.base == "all" else Interval(0, whole.upper)
        positive = _meet(bounds, Interval.at_least(1))
        if share.at_least:
            return positive
        base = _meet(positive, percent.bases(part))
        result = None if base is None else percent.numerators(base)
        return None if _meet(result, part) is None else base

    def shares_of_base(self, share: Claim) -> list[Claim]:
        """Return all shares with the same denominator, including this one."""
        if share.base not in ("all", "known"):
            return [share]
        return self._groups.get(base_key(share), [])

    @_figure_once
    def base(self, share: Claim) -> Interval | None:
        """Return the denominator of a share, or ``None`` if none is feasible.

        It is consistent with this share and the others of the same denominator; infeasible ones
        are ignored.
        """
        base = self.own_base(share)
        for other in self.shares_of_base(share):
            implied = self.own_base(other)
            base = base if implied is None else _meet(base, implied)
        return base

    @_figure_once
    def numerator(self, share: Claim) -> Interval | None:
        """Return the numerator of a share, or ``None`` if none is feasible."""
        base = self.base(share)
        if base is not None and share.at_least:
            least = math.ceil(self.percent(share).lower * (base.lower or 0))
            return _meet(Interval(least, base.upper), self.part(share))
        result = None if base is None else self.percent(share).numerators(base)
        return _meet(result, self.part(share))

    def _bounds(self, cell: CountCell) -> Interval:
        """Return the count of a cell: published, or bounds from its parts and totals."""
        printed = self.count(cell)
        if printed is not None:
            return printed
        counted = self.rules.counted
        most = min((counted(claim).upper or 0 for claim in self.above(cell)), default=None)
        least = max((counted(claim).lower or 0 for claim in self.below(cell)), default=0)
        bounds = Interval(least if most is None else min(least, most), most)
        return _meet(bounds, self._added(cell)) or bounds


def first_hand(claims: list[Claim]) -> list[Claim]:
    """Return the claims from the publisher's own pages, or all claims without such pages."""
    return [claim for claim in claims if not claim.is_quoted] or claims


def _is_placed(claim: Claim) -> bool:
    """Whether a count has all dimensions of a table row."""
    if not claim.is_counted or not area_of(claim) or cell_of(claim).recorded:
        return False
    needed = {item.name for item in schema_of(claim.subject).dimensions if item.default is None}
    return needed <= {"area", "period", *claim.category}


def _numbers(claims: Iterable[Claim]) -> list[int]:
    return [claim.count for claim in claims if claim.count is not None]


def _meet(left: Interval | None, right: Interval | None) -> Interval | None:
    if left is None or right is None or not left.overlaps(right):
        return None
    return left.intersect(right)
