"""Claims as a system of constraints."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from thbstats.bounds.constraint import Constraint, Linear
from thbstats.bounds.grid import CellGrid
from thbstats.bounds.numbers import (
    Kind,
    are_linked,
    has_number,
    kind_of,
    periods_of,
    states_base,
    wording_of,
)
from thbstats.bounds.relevance import irrelevant_claims
from thbstats.bounds.system import System
from thbstats.bounds.translation import Translation, with_category
from thbstats.claims import (
    Claim,
    ClaimKind,
    CountCell,
    cell_of,
    dimension_of,
    whole_of,
)
from thbstats.claims.axes import UNKNOWN
from thbstats.claims.relations import STATUSES
from thbstats.claims.selection import SPLITS
from thbstats.errors import ImpossibleResult
from thbstats.values import Rounding

__all__ = ["ClaimSystem"]

_Found = TypeVar("_Found")


def _cells(cells: Iterable[CountCell]) -> tuple[CountCell, ...]:
    return tuple(cells)


def _ids(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _pairs(texts: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((texts or {}).items()))


@frozen(kw_only=True, slots=False)
class ClaimSystem:
    """Claims of a publication as a system of constraints for one query.

    Parameters
    ----------
    claims : tuple of Claim
        All claims of the publication.
    targets : tuple of CountCell
        The cells of the query.
    bases : mapping of str to str
        The denominator, ``"all"`` or ``"known"``, of percentages that do not state it, by
        dimension or by claim id.
    overlapping : frozenset of str
        Dimensions in which one person can have several categories.
    rounding : Rounding
        The rounding of percentages.
    allow_tie_either_way : bool
        Whether ties may be rounded either up or down.
    use_wording : bool
        Whether the wording of shares without a number is used.
    excluded : mapping of str to str
        The reason of each exclusion, by claim id.
    whole : bool
        Whether claims are included that are not related to the query, and percentages of
        denominators without a published count.
    statuses : bool
        Whether registered victims are the sum of identified and presumed victims.
    cache : dict
        Results of other systems of the same claims.
    """

    claims: tuple[Claim, ...]
    targets: tuple[CountCell, ...] = field(converter=_cells)
    bases: tuple[tuple[str, str], ...] = field(converter=_pairs, default=None)
    overlapping: frozenset[str] = field(converter=_ids, default=())
    rounding: Rounding = field(converter=Rounding, default=Rounding.HALF_UP)
    allow_tie_either_way: bool = False
    use_wording: bool = False
    excluded: tuple[tuple[str, str], ...] = field(converter=_pairs, default=None)
    whole: bool = False
    statuses: bool = False
    cache: dict[Any, Any] = field(factory=dict, repr=False, eq=False)

    def _once(self, key: object, find: "Callable[[], _Found]") -> "_Found":
        """Return a cached result."""
        if key not in self.cache:
            self.cache[key] = find()
        found: _Found = self.cache[key]
        return found

    @cached_property
    def _about(self) -> tuple[object, ...]:
        """The cache key: the counts that are related to the query."""
        kind, unit = self._kind(self.targets[0]), self.targets[0].unit
        periods = frozenset(cell.period for cell in self.targets)
        return kind, unit, periods, self.is_nowhere, self.whole, self.statuses

    def _kind(self, cell: CountCell) -> Kind:
        return kind_of(cell, statuses=self.statuses)

    @property
    def is_nowhere(self) -> bool:
        """Whether the query has no area."""
        return self.targets[0].members is None

    @property
    def numbers(self) -> tuple[Claim, ...]:
        """The claims with a number on the same kind of count, in linked periods.

        Periods are linked by changes and by common days.
        """
        return self._once(("numbers", self._about), self._find_numbers)

    def _find_numbers(self) -> tuple[Claim, ...]:
        kind = self._kind(self.targets[0])
        same = [c for c in self.claims if self._has_content(c) and self._kind(cell_of(c)) == kind]
        same = [c for c in same if not (self.is_nowhere and c.area)]
        units = [self.targets[0].unit, *(cell_of(claim).unit for claim in same)]
        # A missing unit is compatible with any other; two different units are not.
        same = [c for c in same if cell_of(c).unit in ("", next(filter(None, units), ""))]
        periods = {cell.period for cell in self.targets}
        spans = {periods_of(claim) for claim in same}
        while True:
            more = {
                period
                for span in spans
                if any(are_linked(one, two) for one in span for two in periods)
                for period in span
            }
            if more <= periods:
                return tuple(c for c in same if c.period in periods)
            periods |= more

    def _has_content(self, claim: Claim) -> bool:
        return has_number(claim) or (self.use_wording and wording_of(claim) is not None)

    def base_of(self, share: Claim) -> str:
        """Return the denominator of a share; empty if it is neither stated nor assumed."""
        printed = share.base in ("all", "known")
        bases = dict(self.bases)
        if share.id in bases:
            return bases[share.id]
        if not (printed and share.base_printed):
            for name in dimension_of(share).split():
                if name in bases:
                    return bases[name]
        return share.base if printed else ""

    @property
    def _sorted(self) -> tuple[tuple[Claim, ...], dict[str, str]]:
        """The included claims, and the reasons of exclusion of the others."""
        return self._once(("sorted", self._about, self._names), self._sort)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The dimensions of the query; all of them if every claim is included."""
        names = {name for cell in self.targets for name, _ in cell.codes if name in SPLITS}
        return frozenset(SPLITS if self.whole else names)

    def _sort(self) -> tuple[tuple[Claim, ...], dict[str, str]]:
        candidates, reasons, excluded = [], {}, dict(self.excluded)
        for claim in self.numbers:
            if claim.id in excluded:
                reasons[claim.id] = excluded[claim.id]
            elif not (claim.area or self.is_nowhere):
                reasons[claim.id] = "its area is not stated"
            elif claim.kind is ClaimKind.SHARE and not self.base_of(claim):
                reasons[claim.id] = "its denominator is not stated"
            else:
                candidates.append(claim)
        included = [c for c in candidates if self.whole or c.kind is ClaimKind.COUNT]
        waiting = [c for c in candidates if not (self.whole or c.kind is ClaimKind.COUNT)]
        translation = self._translation(self._grid(candidates))
        while waiting:
            system = System(translation.grid.cells, map(translation.constraint, included))
            added = [c for c in waiting if _is_positive(system, *translation.sums(c))]
            if not added:
                break
            included += added
            waiting = [claim for claim in waiting if claim not in added]
        reasons |= dict.fromkeys(
            (claim.id for claim in waiting), "no published count belongs to its denominator"
        )
        irrelevant = irrelevant_claims(
            included,
            [*self._names, *(claim.base_dimension for claim in self._ranked)],
            cells=self._cells,
            is_consistent=self._is_consistent,
        )
        reasons |= dict.fromkeys(
            (claim.id for claim in irrelevant), "it is not related to the query"
        )
        order = [claim for claim in self.numbers if claim in included and claim not in irrelevant]
        return tuple(order), reasons

    def _is_consistent(self, claims: list[Claim]) -> bool:
        """Whether some claims are consistent."""
        cells = (cell for claim in claims for cell in self._cells(claim))
        translation = self._translation(CellGrid.of(cells, overlapping=self.overlapping))
        return System(translation.grid.cells, map(translation.constraint, claims)).is_feasible

    @property
    def included(self) -> tuple[Claim, ...]:
        """The included claims with a number, in the order of the text."""
        return self._sorted[0]

    @property
    def rankings(self) -> tuple[Claim, ...]:
        """The included rankings: of the same counts, along a dimension of the query."""
        return tuple(claim for claim in self._ranked if claim.base_dimension in self._cuts)

    @cached_property
    def _ranked(self) -> tuple[Claim, ...]:
        """The rankings of the same counts."""
        kind = self._kind(self.targets[0])
        periods = {cell.period for cell in self.targets} | {claim.period for claim in self.numbers}
        return tuple(
            claim
            for claim in self.claims
            if claim.kind is ClaimKind.RANKING
            and claim.id not in dict(self.excluded)
            and bool(claim.area) != self.is_nowhere
            and self._kind(cell_of(claim)) == kind
            and claim.period in periods
        )

    @cached_property
    def _cuts(self) -> set[str]:
        cells = [*self.targets, *(cell for claim in self.included for cell in self._cells(claim))]
        return {name for cell in cells for name, _ in cell.codes if name in SPLITS}

    def containing_cells(self, cell: CountCell) -> Iterator[CountCell]:
        """Yield the cells that contain a cell."""
        for pair in cell.codes:
            if pair[0] in SPLITS:
                yield evolve(cell, codes=cell.codes - {pair})
        others = [other for claim in self.included for other in self._cells(claim)]
        for members in dict.fromkeys(other.members for other in others):
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
        reasons = self._sorted[1]
        return tuple((c, reasons[c.id]) for c in self.numbers if c.id in reasons)

    @cached_property
    def grid(self) -> CellGrid:
        """The grid of the query and the included claims."""
        return self._grid([*self.included, *self.rankings])

    def _grid(self, claims: Iterable[Claim]) -> CellGrid:
        cells = [*self.targets, *(cell for claim in claims for cell in self._cells(claim))]
        return CellGrid.of(cells, overlapping=self.overlapping)

    def _cells(self, claim: Claim) -> Iterator[CountCell]:
        """Yield the cells of a claim."""
        cell = cell_of(claim)
        if claim.kind is ClaimKind.RANKING:
            whole = whole_of(claim)
            for code in claim.ranks:
                yield with_category(whole, claim.base_dimension, code)
            return
        yield cell
        yield from (with_category(cell, name, UNKNOWN) for name in sorted(cell.recorded))
        if claim.kind is ClaimKind.SHARE:
            whole = whole_of(claim)
            yield whole
            if self.base_of(claim) == "known":
                for name in dimension_of(claim).split():
                    yield with_category(whole, name, UNKNOWN)
        if claim.since is not None:
            yield evolve(cell, period=claim.since)

    def _translation(self, grid: CellGrid) -> Translation:
        return Translation(
            grid=grid,
            base_of=self.base_of,
            rounding=self.rounding,
            allow_tie_either_way=self.allow_tie_either_way,
        )

    @cached_property
    def system(self) -> System:
        """The system of the included claims."""
        key = ("system", self._about, tuple(self.grid.parts.items()), self.rankings)
        return self._once(key, self._build)

    def _build(self) -> System:
        translation = self._translation(self.grid)
        numbers = map(translation.constraint, self.included)
        wholes = [translation.whole(name, group) for name, group in self._groups.items()]
        orders = map(translation.order, self.rankings)
        derived = [*wholes, *orders]
        texts = [*self._assumptions(), *(whole.text for whole in wholes if whole)]
        return System(self.grid.cells, [*numbers, *filter(None, derived)], texts)

    def _sums(self) -> Iterator[str]:
        """Yield the assumptions on sums."""
        for name in self.grid.parts:
            if name in SPLITS:
                relation = "can overlap" if name in self.overlapping else "are exclusive"
                yield f"the categories of {name} {relation}"
        if self.is_nowhere:
            yield "numbers without an area refer to the same area"
        if any(len(part.codes) > 1 for part in self.grid.parts["period"]):
            labels = ", ".join(part.label for part in self.grid.parts["period"])
            yield f"a period is the sum of its parts: {labels}"
        if any(len(part.codes) > 1 for part in self.grid.parts.get("status", ())):
            yield f"registered victims are the sum of identified and presumed victims: {STATUSES}"
        if len(self.grid.parts["area"]) > 1:
            labels = ", ".join(part.label for part in self.grid.parts["area"])
            yield f"an area is the sum of its parts: {labels}"

    def _assumptions(self) -> Iterator[str]:
        """Yield the assumptions, as sentences without full stops."""
        yield from self._sums()
        if any(claim.rounded for claim in self.included):
            ties = "; ties are rounded up or down" if self.allow_tie_either_way else ""
            yield f"percentages are rounded {self.rounding.replace('_', ' ')}{ties}"
        for claim in self.included:
            if not has_number(claim) and (found := wording_of(claim)) is not None:
                yield f"“{claim.wording}” means a share: {found.meaning} ({claim.id})"
        assumed = [c for c in self.included if c.percent is not None and not states_base(c)]
        for base in ("all", "known"):
            if ids := [claim.id for claim in assumed if self.base_of(claim) == base]:
                yield f"the denominator is {base!r}, as none is published: {', '.join(ids)}"
        if any(not claim.ordered for claim in self.rankings):
            yield "listed categories have at least the count of any other category, in any order"
        if ids := [claim.id for claim in self.rankings if claim.ordered]:
            yield f"listed with the largest first: {', '.join(ids)}"

    @property
    def _groups(self) -> dict[str, list[Claim]]:
        """The shares that add up to 100%, by the name of their group."""
        names = dict.fromkeys(claim.makes for claim in self.included if claim.makes)
        groups = {name: [c for c in self.claims if c.makes == name] for name in names}
        return {
            name: group
            for name, group in groups.items()
            if name not in dict(self.excluded) and set(group) <= set(self.included)
        }


def _is_positive(system: System, part: Linear, whole: Linear) -> bool:
    """Return whether a system implies a numerator or denominator above 0."""
    try:
        return any(system.proves(Constraint.between("", sum_, 1, None)) for sum_ in (part, whole))
    except ImpossibleResult:
        return True
