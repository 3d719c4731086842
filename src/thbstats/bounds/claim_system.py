"""Claims read as constraints: which enter, on which base, and what had to be assumed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from thbstats.bounds.grid import CellGrid
from thbstats.bounds.linear import Linear
from thbstats.bounds.numbers import (
    Kind,
    are_linked,
    has_number,
    kind_of,
    periods_of,
    says_base,
    wording_of,
)
from thbstats.bounds.relevance import irrelevant_claims
from thbstats.bounds.system import System
from thbstats.bounds.translation import Translation, narrowed
from thbstats.claims import (
    Cell,
    Claim,
    ClaimKind,
    cell_of,
    dimension_of,
    whole_of,
)
from thbstats.claims.axes import UNKNOWN
from thbstats.claims.relations import STATUSES
from thbstats.claims.selection import SPLITS
from thbstats.values import Rounding

__all__ = ["ClaimSystem"]

_Found = TypeVar("_Found")


def _cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(cells)


def _ids(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _pairs(texts: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((texts or {}).items()))


@frozen(kw_only=True, slots=False)
class ClaimSystem:
    """How the claims of a publication are read as a system around one question.

    Parameters
    ----------
    claims : tuple of Claim
        All of the publication.
    asked : tuple of Cell
        What is asked for.
    bases : mapping of str to str
        The base of percentages of which it is not printed, by dimension or by the id of a claim:
        ``"all"`` or ``"known"``.
    overlapping : frozenset of str
        Dimensions of which one person can have several categories.
    rounding : Rounding
        How percentages were rounded.
    allow_tie_either_way : bool
        Whether a half may have been rounded either way.
    use_wording : bool
        Whether the words of a share without a number enter.
    left_out : mapping of str to str
        Why claims do not enter, by id.
    whole : bool
        Whether claims enter too that cannot bear on what is asked, and percentages of bases of
        which no count is published.
    statuses : bool
        Whether registered victims are the identified and the presumed ones.
    known : dict
        What readings of the same claims in the same way found out before.
    """

    claims: tuple[Claim, ...]
    asked: tuple[Cell, ...] = field(converter=_cells)
    bases: tuple[tuple[str, str], ...] = field(converter=_pairs, default=None)
    overlapping: frozenset[str] = field(converter=_ids, default=())
    rounding: Rounding = field(converter=Rounding, default=Rounding.HALF_UP)
    allow_tie_either_way: bool = False
    use_wording: bool = False
    left_out: tuple[tuple[str, str], ...] = field(converter=_pairs, default=None)
    whole: bool = False
    statuses: bool = False
    known: dict[Any, Any] = field(factory=dict, repr=False, eq=False)

    def _once(self, key: object, find: "Callable[[], _Found]") -> "_Found":
        """What was found before, or else is now and is kept."""
        if key not in self.known:
            self.known[key] = find()
        found: _Found = self.known[key]
        return found

    @cached_property
    def _about(self) -> tuple[object, ...]:
        """The counts of which all numbers bear on what is asked, whatever its categories."""
        kind, unit = self._kind(self.asked[0]), self.asked[0].unit
        periods = frozenset(cell.period for cell in self.asked)
        return kind, unit, periods, self.is_nowhere, self.whole, self.statuses

    def _kind(self, cell: Cell) -> Kind:
        return kind_of(cell, statuses=self.statuses)

    @property
    def is_nowhere(self) -> bool:
        """Whether numbers are asked for of which no area is said."""
        return self.asked[0].members is None

    @property
    def numbers(self) -> tuple[Claim, ...]:
        """The claims with a number about the same kind of count, in periods that are linked.

        Changes link two periods, and so do days that both contain.
        """
        return self._once(("numbers", self._about), self._find_numbers)

    def _find_numbers(self) -> tuple[Claim, ...]:
        kind = self._kind(self.asked[0])
        alike = [c for c in self.claims if self._speaks(c) and self._kind(cell_of(c)) == kind]
        alike = [c for c in alike if not (self.is_nowhere and c.area)]
        units = [self.asked[0].unit, *(cell_of(claim).unit for claim in alike)]
        # Where a unit is not said, it agrees with any; two that are said never count the same.
        alike = [c for c in alike if cell_of(c).unit in ("", next(filter(None, units), ""))]
        periods = {cell.period for cell in self.asked}
        spans = {periods_of(claim) for claim in alike}
        while True:
            more = {
                period
                for span in spans
                if any(are_linked(one, two) for one in span for two in periods)
                for period in span
            }
            if more <= periods:
                return tuple(c for c in alike if c.period in periods)
            periods |= more

    def _speaks(self, claim: Claim) -> bool:
        return has_number(claim) or (self.use_wording and wording_of(claim) is not None)

    def base_of(self, share: Claim) -> str:
        """Return the base on which a share is read; empty if it is not said and not assumed."""
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
        """The claims that enter, and why the others do not."""
        return self._once(("sorted", self._about, self._names), self._sort)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The dimensions that are asked for; all of them where every claim enters."""
        names = {name for cell in self.asked for name, _ in cell.codes if name in SPLITS}
        return frozenset(SPLITS if self.whole else names)

    def _sort(self) -> tuple[tuple[Claim, ...], dict[str, str]]:
        open_, aside, left_out = [], {}, dict(self.left_out)
        for claim in self.numbers:
            if claim.id in left_out:
                aside[claim.id] = left_out[claim.id]
            elif not (claim.area or self.is_nowhere):
                aside[claim.id] = "its area is not said"
            elif claim.kind is ClaimKind.SHARE and not self.base_of(claim):
                aside[claim.id] = "its base is not printed, and none is assumed"
            else:
                open_.append(claim)
        entered = [c for c in open_ if self.whole or c.kind is ClaimKind.COUNT]
        waiting = [c for c in open_ if not (self.whole or c.kind is ClaimKind.COUNT)]
        translation = self._translation(self._grid(open_))
        while waiting:
            system = System(translation.grid.cells, map(translation.constraint, entered))
            held = [c for c in waiting if _is_held(system, *translation.sums(c))]
            if not held:
                break
            entered += held
            waiting = [claim for claim in waiting if claim not in held]
        aside |= dict.fromkeys(
            (claim.id for claim in waiting), "nothing printed says that its base holds anybody"
        )
        left = irrelevant_claims(
            entered,
            [*self._names, *(claim.base_dimension for claim in self._ranked)],
            cells=self._cells,
            fits=self._fits,
        )
        aside |= dict.fromkeys((claim.id for claim in left), "it cannot bear on what is asked")
        order = [claim for claim in self.numbers if claim in entered and claim not in left]
        return tuple(order), aside

    def _fits(self, claims: list[Claim]) -> bool:
        """Whether some table satisfies a few claims."""
        cells = (cell for claim in claims for cell in self._cells(claim))
        translation = self._translation(CellGrid.of(cells, overlapping=self.overlapping))
        return System(translation.grid.cells, map(translation.constraint, claims)).is_feasible

    @property
    def entered(self) -> tuple[Claim, ...]:
        """The claims with a number that enter the system, in the order of the text."""
        return self._sorted[0]

    @property
    def rankings(self) -> tuple[Claim, ...]:
        """The rankings that enter: of the same counts, along a dimension that is asked for."""
        return tuple(claim for claim in self._ranked if claim.base_dimension in self._cuts)

    @cached_property
    def _ranked(self) -> tuple[Claim, ...]:
        """The rankings of the same counts."""
        kind = self._kind(self.asked[0])
        periods = {cell.period for cell in self.asked} | {claim.period for claim in self.numbers}
        return tuple(
            claim
            for claim in self.claims
            if claim.kind is ClaimKind.RANKING
            and claim.id not in dict(self.left_out)
            and bool(claim.area) != self.is_nowhere
            and self._kind(cell_of(claim)) == kind
            and claim.period in periods
        )

    @cached_property
    def _cuts(self) -> set[str]:
        cells = [*self.asked, *(cell for claim in self.entered for cell in self._cells(claim))]
        return {name for cell in cells for name, _ in cell.codes if name in SPLITS}

    def around(self, cell: Cell) -> Iterator[Cell]:
        """Those of whom a cell is a part: without one of its categories, or in a wider area."""
        for pair in cell.codes:
            if pair[0] in SPLITS:
                yield evolve(cell, codes=cell.codes - {pair})
        told = [other for claim in self.entered for other in self._cells(claim)]
        for members in dict.fromkeys(other.members for other in told):
            if members and cell.members and cell.members < members:
                yield evolve(cell, members=members)

    @property
    def used(self) -> frozenset[Claim]:
        """The claims that say something in the system."""
        names = {constraint.name for constraint in self.system.constraints}
        return frozenset(claim for claim in self.claims if claim.id in names)

    @property
    def rejected(self) -> tuple[tuple[Claim, str], ...]:
        """The claims with a number that do not enter, and why."""
        reasons = self._sorted[1]
        return tuple((c, reasons[c.id]) for c in self.numbers if c.id in reasons)

    @cached_property
    def grid(self) -> CellGrid:
        """The table that the question and the claims that enter need."""
        return self._grid([*self.entered, *self.rankings])

    def _grid(self, claims: Iterable[Claim]) -> CellGrid:
        cells = [*self.asked, *(cell for claim in claims for cell in self._cells(claim))]
        return CellGrid.of(cells, overlapping=self.overlapping)

    def _cells(self, claim: Claim) -> Iterator[Cell]:
        """Everything that a claim counts."""
        cell = cell_of(claim)
        if claim.kind is ClaimKind.RANKING:
            whole = whole_of(claim)
            for code in claim.ranks:
                yield narrowed(whole, claim.base_dimension, code)
            return
        yield cell
        yield from (narrowed(cell, name, UNKNOWN) for name in sorted(cell.recorded))
        if claim.kind is ClaimKind.SHARE:
            whole = whole_of(claim)
            yield whole
            if self.base_of(claim) == "known":
                for name in dimension_of(claim).split():
                    yield narrowed(whole, name, UNKNOWN)
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
        """Every claim that enters, as a system."""
        key = ("system", self._about, tuple(self.grid.parts.items()), self.rankings)
        return self._once(key, self._build)

    def _build(self) -> System:
        translation = self._translation(self.grid)
        numbers = map(translation.constraint, self.entered)
        wholes = [translation.whole(name, group) for name, group in self._groups.items()]
        orders = map(translation.order, self.rankings)
        said = [*wholes, *orders]
        texts = [*self._assumptions(), *(each.text for each in wholes if each)]
        return System(self.grid.cells, [*numbers, *filter(None, said)], texts)

    def _sums(self) -> Iterator[str]:
        """Yield which counts are sums of others."""
        for name in self.grid.parts:
            if name in SPLITS:
                how = "can overlap" if name in self.overlapping else "are exclusive"
                yield f"the categories of {name} {how}"
        if self.is_nowhere:
            yield "numbers without an area are all of the same one"
        if any(len(part.codes) > 1 for part in self.grid.parts["period"]):
            labels = ", ".join(part.label for part in self.grid.parts["period"])
            yield f"a period is the sum of its parts: {labels}"
        if any(len(part.codes) > 1 for part in self.grid.parts.get("status", ())):
            yield f"registered victims are the identified and the presumed ones: {STATUSES}"
        if len(self.grid.parts["area"]) > 1:
            labels = ", ".join(part.label for part in self.grid.parts["area"])
            yield f"an area is the sum of its parts: {labels}"

    def _assumptions(self) -> Iterator[str]:
        """Yield each assumption of the reading, a sentence without a full stop."""
        yield from self._sums()
        if any(claim.rounded for claim in self.entered):
            halves = "; a half may have gone either way" if self.allow_tie_either_way else ""
            yield f"percentages are rounded {self.rounding.replace('_', ' ')}{halves}"
        for claim in self.entered:
            if not has_number(claim) and (found := wording_of(claim)) is not None:
                yield f"{claim.wording!r} is read as a number: {found.meaning} ({claim.id})"
        read = [c for c in self.entered if c.percent is not None and not says_base(c)]
        for base in ("all", "known"):
            if ids := [claim.id for claim in read if self.base_of(claim) == base]:
                yield f"read on the base {base!r}, which is not printed there: {', '.join(ids)}"
        if any(not claim.ordered for claim in self.rankings):
            yield "what is listed first is no fewer than any other single category, in any order"
        if ids := [claim.id for claim in self.rankings if claim.ordered]:
            yield f"listed with the largest first: {', '.join(ids)}"

    @property
    def _groups(self) -> dict[str, list[Claim]]:
        """The shares that are said to make a whole together, by the name of their group."""
        names = dict.fromkeys(claim.makes for claim in self.entered if claim.makes)
        groups = {name: [c for c in self.claims if c.makes == name] for name in names}
        return {
            name: group
            for name, group in groups.items()
            if name not in dict(self.left_out) and set(group) <= set(self.entered)
        }


def _is_held(system: System, part: Linear, whole: Linear) -> bool:
    """Whether what is said already puts somebody into the numerator or the base."""
    start = system.program.start
    if start is None:
        return True
    for sum_ in (part, whole):
        root = start.copy()
        root.aim({system.variables[name]: -number for name, number in sum_.terms})
        if root.optimise() and root.value < 0:
            return True
    return False
