"""Claims as a system of constraints."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.bounds.claim_grid import (
    BASES,
    ClaimGrid,
    ClaimOptions,
    Kind,
    are_linked,
    has_number,
    is_audited,
    kind_of,
    wording_of,
)
from thbstats.bounds.constraint import Constraint, Linear, as_tuple
from thbstats.bounds.system import System
from thbstats.claims import Claim, ClaimKind, CountCell, cell_of
from thbstats.claims.relations import STATUSES
from thbstats.claims.selection import SPLITS
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.values import Period

Result = TypeVar("Result")


@frozen(kw_only=True, slots=False)
class ClaimSystem:
    """Claims of a publication as a system of constraints for one query.

    The `targets` are the cells of the query. With `whole`, claims are included that are not related
    to the query, and percentages of denominators without a published count. With `statuses`,
    registered victims are the sum of identified and presumed victims. With `dimensions`, only
    claims on some of these are included, and shares of denominators that are not stated.
    """

    options: ClaimOptions = field(repr=False)
    targets: tuple[CountCell, ...] = field(converter=as_tuple)
    whole: bool = False
    statuses: bool = False
    dimensions: frozenset[str] | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims of the publication."""
        return self.options.publication.claims

    def _once(self, key: tuple[object, ...], compute: "Callable[[], Result]") -> "Result":
        """Return a result that all systems on the same counts share."""
        cache, key = self.options._cache, (*key, *self._about)
        if key not in cache:
            cache[key] = compute()
        result: Result = cache[key]
        return result

    @cached_property
    def _about(self) -> tuple[object, ...]:
        """The counts that are related to the query."""
        periods = frozenset(cell.period for cell in self.targets)
        unit = self.targets[0].unit
        return (
            *(self._kind, unit, periods, self.is_nowhere),
            *(self.whole, self.statuses, self.dimensions),
        )

    def _kind_of(self, cell: CountCell) -> Kind:
        return kind_of(cell, statuses=self.statuses)

    @cached_property
    def _kind(self) -> Kind:
        return self._kind_of(self.targets[0])

    @property
    def is_nowhere(self) -> bool:
        """Whether the query has no area."""
        return self.targets[0].members is None

    @property
    def numbers(self) -> tuple[Claim, ...]:
        """The claims with a number on the same kind of count, in linked periods.

        Periods are linked by changes and by common days.
        """
        return self._once(("numbers",), self._find_numbers)

    def _find_numbers(self) -> tuple[Claim, ...]:
        is_number = is_audited if self.whole else has_number
        same = [
            claim
            for claim in self.claims
            if (is_number(claim) or (self.options.use_wording and wording_of(claim) is not None))
            and self._kind_of(cell_of(claim)) == self._kind
            and not (self.is_nowhere and claim.area)
        ]
        units = [self.targets[0].unit, *(cell_of(claim).unit for claim in same)]
        # A missing unit is compatible with any other; two different units are not.
        same = [c for c in same if cell_of(c).unit in ("", next(filter(None, units), ""))]
        periods: set[Period] = set()
        more = {cell.period for cell in self.targets}
        spans = {tuple(filter(None, (claim.period, claim.since))) for claim in same}
        while more - periods:
            periods |= more
            more = {
                period
                for span in spans
                if any(are_linked(single, two) for single in span for two in periods)
                for period in span
            }
        return tuple(claim for claim in same if claim.period in periods)

    @property
    def _selection(self) -> tuple[tuple[Claim, ...], dict[str, str]]:
        """The included claims, and the reasons of exclusion of the others."""
        return self._once(("sorted", self._names), self._sort)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The dimensions of the query; all of them if every claim is included."""
        names = {name for cell in self.targets for name, _ in cell.codes if name in SPLITS}
        return frozenset(SPLITS if self.whole else names)

    def _sort(self) -> tuple[tuple[Claim, ...], dict[str, str]]:
        options, reasons, candidates = self.options, dict[str, str](), list[Claim]()
        for claim in self.numbers:
            if claim.id in options._excluded:
                reasons[claim.id] = options._excluded[claim.id]
            elif not (claim.area or self.is_nowhere):
                reasons[claim.id] = "its area is not stated"
            elif options.has_unstated_base(claim) and not self._has_dimensions(claim):
                reasons[claim.id] = "its denominator is not stated"
            elif self.whole and self.dimensions is None and _has_topic(self.splits(claim)):
                reasons[claim.id] = "its category has no code"
            elif self.dimensions is not None and not self.splits(claim) <= self.dimensions:
                reasons[claim.id] = "it is not related to the query"
            else:
                candidates.append(claim)
        grid = ClaimGrid.of_claims(options, candidates, self.targets)
        included = [c for c in candidates if self.whole or c.kind is ClaimKind.COUNT]
        waiting = [claim for claim in candidates if claim not in included]
        while waiting:
            system = grid.system(included)
            added = [claim for claim in waiting if _is_positive(system, *grid.sums(claim))]
            if not added:
                break
            included += added
            waiting = [claim for claim in waiting if claim not in added]
        for claim in waiting:
            reasons[claim.id] = "no published count belongs to its denominator"
        for claim in (irrelevant := self._irrelevant(included)):
            reasons[claim.id] = "it is not related to the query"
        return tuple(c for c in self.numbers if c in included and c not in irrelevant), reasons

    def splits(self, claim: Claim) -> frozenset[str]:
        """Return the dimensions that a claim divides; each topic is one, as topics can overlap."""
        return frozenset(
            f"{_TOPIC}{code}" if name == "topic" else name
            for cell in self.options._cells(claim)
            for name, code in (*cell.codes, *((name, "") for name in cell.recorded))
            if name in SPLITS
        )

    def _has_dimensions(self, claim: Claim) -> bool:
        """Return whether a share of an unstated base adds no dimension to the system."""
        if self.dimensions is not None or not self.whole:
            return self.dimensions is not None
        return self.splits(claim) <= self._stated_dimensions

    @cached_property
    def _stated_dimensions(self) -> frozenset[str]:
        """The dimensions of the claims without topics and unstated denominators."""
        stated = (c for c in self.numbers if not self.options.has_unstated_base(c))
        names = (some for some in map(self.splits, stated) if not _has_topic(some))
        return frozenset[str]().union(*names)

    def by_dimensions(self) -> "Iterator[ClaimSystem]":
        """Yield the system, and smaller ones that contain what it does not.

        These are the claims of each topic, shares of denominators that are not stated, and all
        claims if the system has too many cells. A denominator that is not stated bounds a numerator
        from above only. It needs claims that bound the numerator from below, or parts that make
        100%.
        """
        stated, unstated = list[Claim](), list[Claim]()
        for claim in self.numbers:
            is_open = self.options.has_unstated_base(claim) and not self._has_dimensions(claim)
            (unstated if is_open else stated).append(claim)
        names: set[frozenset[str]] = set()
        try:
            len(self.grid.cells)
            yield self
        except InvalidValue:
            names |= set(map(self.splits, stated))
        used = set(map(self.splits, stated))
        names |= set(filter(_has_topic, used))
        for claim in unstated:
            new = {name for name in claim.category if name not in claim.of} & set(SPLITS)
            if claim.makes or any(new <= others for others in used):
                names.add(self.splits(claim))
        for some in sorted(names, key=sorted):
            if not any(some < others for others in names):
                yield evolve(self, dimensions=some)

    def _irrelevant(self, included: list[Claim]) -> list[Claim]:
        """Return the claims on dimensions that do not restrict the others.

        All claims of such a dimension split one published number of persons. Any table that
        satisfies the other claims can be extended to satisfy them, if the number alone can. A query
        on forms of exploitation does not need the age groups of all victims.
        """
        irrelevant: list[Claim] = []
        used = {*self._names, *(claim.base_dimension for claim in self._ranked)}
        for name in (name for name in SPLITS if name not in used):
            left = [claim for claim in included if claim not in irrelevant]
            cells = {claim: list(self.options._cells(claim)) for claim in left}
            split = [c for c in left if any(name in dict(cell.codes) for cell in cells[c])]
            keys = {_without(cell, name).key for claim in split for cell in cells[claim]}
            if len(keys) != 1 or any(claim.makes for claim in split):
                continue
            counts = (c for c in left if c.kind is ClaimKind.COUNT and not c.at_least)
            exact = (c for c in counts if self.options.rules.unit(c) == 1)
            total = next((c for c in exact if c not in split and cell_of(c).key in keys), None)
            if total is not None:
                claims = [total, *split]
                grid = ClaimGrid.of_claims(self.options, claims)
                irrelevant += split if grid.system(claims).is_feasible else []
        return irrelevant

    @property
    def included(self) -> tuple[Claim, ...]:
        """The included claims with a number, in the order of the text."""
        return self._selection[0]

    @cached_property
    def rankings(self) -> tuple[Claim, ...]:
        """Rankings that constrain the query."""
        cells = [*self.targets, *self._included_cells()]
        names = {name for cell in cells for name, _ in cell.codes if name in SPLITS}
        return tuple(claim for claim in self._ranked if claim.base_dimension in names)

    @cached_property
    def _ranked(self) -> tuple[Claim, ...]:
        """The rankings of the same counts."""
        periods = {cell.period for cell in self.targets} | {claim.period for claim in self.numbers}
        return tuple(
            claim
            for claim in self.claims
            if claim.kind is ClaimKind.RANKING
            and (self.dimensions is None or claim.base_dimension in self.dimensions)
            and claim.id not in self.options._excluded
            and bool(claim.area) != self.is_nowhere
            and self._kind_of(cell_of(claim)) == self._kind
            and claim.period in periods
        )

    def _included_cells(self) -> Iterator[CountCell]:
        return (cell for claim in self.included for cell in self.options._cells(claim))

    def containing_cells(self, cell: CountCell) -> Iterator[CountCell]:
        """Yield the cells that contain a cell."""
        for pair in cell.codes:
            if pair[0] in SPLITS:
                yield evolve(cell, codes=cell.codes - {pair})
        for members in dict.fromkeys(other.members for other in self._included_cells()):
            if members and cell.members and cell.members < members:
                yield evolve(cell, members=members)

    @property
    def used(self) -> frozenset[Claim]:
        """The claims with a constraint in the system."""
        names = {constraint.name for constraint in self.system.constraints}
        return frozenset(claim for claim in self.claims if claim.id in names)

    @property
    def rejected(self) -> tuple[tuple[Claim, str], ...]:
        """The claims with a number that are not used, with reasons."""
        reasons = self._selection[1]
        return tuple((c, reasons[c.id]) for c in self.numbers if c.id in reasons)

    @cached_property
    def grid(self) -> ClaimGrid:
        """The grid of the query and the included claims."""
        claims = [*self.included, *self.rankings]
        return ClaimGrid.of_claims(self.options, claims, self.targets)

    @cached_property
    def system(self) -> System:
        """The system of the included claims."""
        key = ("system", tuple(self.grid.parts.items()), self.rankings)
        return self._once(key, self._build)

    def _build(self) -> System:
        grid, excluded = self.grid, self.options._excluded
        names = dict.fromkeys(claim.makes for claim in self.included if claim.makes)
        groups = {name: [c for c in self.claims if c.makes == name] for name in names}
        wholes = [
            grid.whole(name, group)
            for name, group in groups.items()
            if name not in excluded and set(group) <= set(self.included)
        ]
        orders = map(grid.order, self.rankings)
        texts = [*self._assumptions(), *(whole.text for whole in wholes if whole)]
        return grid.system(self.included, filter(None, [*wholes, *orders]), texts)

    def _rounding(self) -> Iterator[str]:
        """Yield the rounding methods of percentages and counts."""
        options, rules = self.options, self.options.rules
        ways: dict[str, list[str]] = {}
        for claim in self.included:
            unit, method = rules.unit(claim), rules.method(claim)
            if claim.rounded is not None:
                either = options.allows_ties(claim)
                way = "half up" if method is None else method.replace("_", " ")
                if either:
                    way = "to the nearest, with ties" if method is None else f"{way}; ties are"
                    way += " rounded up or down"
                ways.setdefault(f"percentages are rounded {way}", []).append(claim.id)
            elif claim.kind is ClaimKind.COUNT and unit > 1:
                text = f"counts are rounded to the nearest multiple of {unit}"
                ways.setdefault(text, []).append(claim.id)
        for text, ids in ways.items():
            yield f"{text}: {', '.join(ids)}" if len(ways) > 1 else text

    def _assumptions(self) -> Iterator[str]:
        """Yield the assumptions, as sentences without full stops."""
        options, parts = self.options, self.grid.parts
        for name in filter(SPLITS.__contains__, parts):
            overlaps = name in options.overlapping
            yield f"the categories of {name} {'can overlap' if overlaps else 'are exclusive'}"
        if self.is_nowhere:
            yield "numbers without an area refer to the same area"
        labels = {name: ", ".join(part.label for part in parts[name]) for name in parts}
        if any(len(part.codes) > 1 for part in parts["period"]):
            yield f"a period is the sum of its parts: {labels['period']}"
        if any(len(part.codes) > 1 for part in parts.get("status", ())):
            yield f"registered victims are the sum of identified and presumed victims: {STATUSES}"
        if len(parts["area"]) > 1:
            yield f"an area is the sum of its parts: {labels['area']}"
        yield from self._rounding()
        for claim in self.included:
            if not has_number(claim) and (wording := wording_of(claim)) is not None:
                yield f"“{claim.wording}” means a share: {wording.meaning} ({claim.id})"
        for base in BASES:
            ids = [
                claim.id
                for claim in self.included
                if claim.percent is not None
                and not (claim.base in BASES and claim.base_printed)
                and options._base_of(claim) == base
            ]
            if ids:
                yield f"the denominator is {base!r}, as none is published: {', '.join(ids)}"
        if any(not claim.ordered for claim in self.rankings):
            yield "listed categories have at least the count of any other category, in any order"
        if ids := [claim.id for claim in self.rankings if claim.ordered]:
            yield f"listed with the largest first: {', '.join(ids)}"


_TOPIC = "topic "


def _has_topic(names: Iterable[str]) -> bool:
    return any(name.startswith(_TOPIC) for name in names)


def _is_positive(system: System, part: Linear, whole: Linear) -> bool:
    """Return whether a system implies a numerator or denominator above 0."""
    try:
        return any(system.proves(Constraint.between("", sum_, 1, None)) for sum_ in (part, whole))
    except ImpossibleResult:
        return True


def _without(cell: CountCell, dimension: str) -> CountCell:
    codes = frozenset(pair for pair in cell.codes if pair[0] != dimension)
    return evolve(cell, codes=codes, recorded=cell.recorded - {dimension})
