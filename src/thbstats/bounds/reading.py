"""Claims read as statements: which enter, on which base, and what had to be assumed."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from attrs import evolve, field, frozen

from thbstats.bounds.grid import SPLITS, UNKNOWN, Grid
from thbstats.bounds.linear import Inequality, Linear
from thbstats.bounds.statement import Statement
from thbstats.bounds.system import System
from thbstats.claims import (
    Cell,
    Claim,
    ClaimKind,
    cell_of,
    dimension_of,
    whole_of,
)
from thbstats.geography import COMPOSITIONS
from thbstats.values import Percent, Period, Rounding

__all__ = ["Reading", "has_number", "kind_of"]

Kind = tuple[object, ...]


def kind_of(cell: Cell) -> Kind:
    """Return what cells of one table have in common, whatever their period."""
    kind = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
    return (str(cell.subject), str(cell.status), kind, cell.reporters)


def _cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(cells)


def _ids(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _bases(bases: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((bases or {}).items()))


@frozen(kw_only=True, slots=False)
class Reading:
    """How the claims of a publication are read as a system around one question.

    Parameters
    ----------
    claims : tuple of Claim
        All of the publication.
    asked : tuple of Cell
        What is asked for.
    bases : mapping of str to str
        The base of percentages of which it is not printed, by dimension or by the id of a claim:
        ``"all"`` or ``"recorded"``.
    overlapping : frozenset of str
        Dimensions of which one person can have several categories.
    rounding : Rounding
        How percentages were rounded.
    closed : bool
        Whether a half may have been rounded either way.
    left_out : frozenset of str
        Ids of claims that do not enter.
    """

    claims: tuple[Claim, ...]
    asked: tuple[Cell, ...] = field(converter=_cells)
    bases: tuple[tuple[str, str], ...] = field(converter=_bases, default=None)
    overlapping: frozenset[str] = field(converter=_ids, default=())
    rounding: Rounding = field(converter=Rounding, default=Rounding.HALF_UP)
    closed: bool = False
    left_out: frozenset[str] = field(converter=_ids, default=())

    @cached_property
    def _numbers(self) -> tuple[Claim, ...]:
        """The claims with a number about the same kind of count, in periods that changes link."""
        kind = kind_of(self.asked[0])
        alike = [c for c in self.claims if has_number(c) and kind_of(cell_of(c)) == kind]
        periods = {cell.period for cell in self.asked}
        while True:
            more = {period for c in alike for period in _periods(c) if periods & set(_periods(c))}
            if more <= periods:
                return tuple(c for c in alike if c.period in periods)
            periods |= more

    def base_of(self, share: Claim) -> str:
        """Return the base on which a share is read; empty if it is not said and not assumed."""
        printed = share.base in ("all", "recorded")
        bases = dict(self.bases)
        if share.id in bases:
            return bases[share.id]
        if not (printed and share.base_printed):
            for name in dimension_of(share).split():
                if name in bases:
                    return bases[name]
        return share.base if printed else ""

    @cached_property
    def _sorted(self) -> tuple[tuple[Claim, ...], dict[str, str]]:
        """The claims that enter, and why the others do not."""
        open_, aside = [], {}
        for claim in self._numbers:
            if claim.id in self.left_out:
                aside[claim.id] = "left out as asked"
            elif not cell_of(claim).members:
                aside[claim.id] = "its area is not said"
            elif claim.kind is ClaimKind.SHARE and not self.base_of(claim):
                aside[claim.id] = "its base is not printed, and none is assumed"
            else:
                open_.append(claim)
        entered = [claim for claim in open_ if claim.kind is ClaimKind.COUNT]
        waiting = [claim for claim in open_ if claim.kind is not ClaimKind.COUNT]
        grid = self._grid(open_)
        while True:
            system = System(grid.cells, [self._statement(grid, c) for c in entered])
            held = [claim for claim in waiting if self._is_held(system, grid, claim)]
            if not held:
                break
            entered += held
            waiting = [claim for claim in waiting if claim not in held]
        aside |= dict.fromkeys(
            (claim.id for claim in waiting), "nothing printed says that its base holds anybody"
        )
        order = [claim for claim in self._numbers if claim in entered]
        return tuple(order), aside

    def _is_held(self, system: System, grid: Grid, claim: Claim) -> bool:
        """Whether the other claims say that somebody is in the numerator or in the base."""
        part, whole = self._sums(grid, claim)
        start = system.program.start
        if start is None:
            return True
        for sum_ in (part, whole):
            root = start.copy()
            root.aim({system.places[name]: -number for name, number in sum_.terms})
            if root.optimise() and root.value < 0:
                return True
        return False

    @property
    def entered(self) -> tuple[Claim, ...]:
        """The claims with a number that enter the system, in the order of the text."""
        return self._sorted[0]

    @property
    def rankings(self) -> tuple[Claim, ...]:
        """The rankings that enter: of the same counts, along a dimension that is asked for."""
        kind = kind_of(self.asked[0])
        periods = {str(cell.period) for cell in self.asked}
        return tuple(
            claim
            for claim in self.claims
            if claim.kind is ClaimKind.RANKING
            and claim.id not in self.left_out
            and claim.base_dimension in self._cuts
            and claim.area
            and kind_of(cell_of(claim)) == kind
            and str(claim.period) in periods
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
        names = {statement.name for statement in self.system.statements}
        return frozenset(claim for claim in self.claims if claim.id in names)

    @property
    def set_aside(self) -> tuple[tuple[Claim, str], ...]:
        """The claims with a number that do not enter, and why."""
        reasons = self._sorted[1]
        return tuple((c, reasons[c.id]) for c in self._numbers if c.id in reasons)

    @cached_property
    def grid(self) -> Grid:
        """The table that the question and the claims that enter need."""
        return self._grid([*self.entered, *self.rankings])

    def _grid(self, claims: Iterable[Claim]) -> Grid:
        cells = [*self.asked, *(cell for claim in claims for cell in self._cells(claim))]
        return Grid.of(cells, overlapping=self.overlapping)

    def _cells(self, claim: Claim) -> Iterator[Cell]:
        """Everything that a claim counts."""
        cell = cell_of(claim)
        if claim.kind is ClaimKind.RANKING:
            whole = whole_of(claim)
            for code in claim.ranks:
                yield _with(whole, claim.base_dimension, code)
            return
        yield cell
        if claim.kind is ClaimKind.SHARE:
            whole = whole_of(claim)
            yield whole
            if self.base_of(claim) == "recorded":
                for name in dimension_of(claim).split():
                    yield _with(whole, name, UNKNOWN)
        if claim.since is not None:
            yield evolve(cell, period=claim.since)

    def _sums(self, grid: Grid, claim: Claim) -> tuple[Linear, Linear]:
        """Numerator and base of a percentage."""
        part = grid.sum(cell_of(claim))
        if claim.since is not None:
            old = grid.sum(evolve(cell_of(claim), period=claim.since))
            return part, old
        names = dimension_of(claim).split() if self.base_of(claim) == "recorded" else []
        return part, grid.sum(whole_of(claim), recorded=names)

    def _statement(self, grid: Grid, claim: Claim) -> Statement:
        text = f"{claim.printed} in {claim.place} ({claim.id})"
        if claim.kind is ClaimKind.COUNT:
            sum_ = grid.sum(cell_of(claim))
            return Statement.count(claim.id, sum_, claim.count or 0, text=text)
        part, whole = self._sums(grid, claim)
        number = claim.rounded or Percent(claim.printed)
        printed = Percent(number.printed, self.rounding)
        if claim.kind is ClaimKind.CHANGE:
            return Statement.change(claim.id, part, whole, printed, closed=self.closed, text=text)
        return Statement.percentage(
            claim.id,
            part,
            whole,
            printed,
            closed=self.closed,
            at_least=claim.at_least,
            text=text,
        )

    def _order(self, claim: Claim) -> Statement | None:
        """A ranking: each that is listed is at least as many as any single one that is not."""
        whole, name = whole_of(claim), claim.base_dimension
        listed = [self.grid.sum(_with(whole, name, code)) for code in claim.ranks]
        others = [
            self.grid.sum(_with(whole, name, part.label))
            for part in self.grid.parts[name]
            if part.label not in claim.ranks and _is_one(name, part.label, claim)
        ]
        others = [sum_ for sum_ in others if sum_.terms]
        rows = [Inequality(low - high, 0) for high in listed for low in others]
        rest, number = self._rest(claim)
        rows += [Inequality(rest - number * high, 0) for high in listed if rest.terms]
        text = f"{', '.join(claim.ranks)} first in {claim.place} ({claim.id})"
        return Statement(claim.id, rows, text=text) if rows else None

    def _rest(self, claim: Claim) -> tuple[Linear, int]:
        """The other countries of the Union together, and how many there are."""
        whole = whole_of(claim)
        members, named = COMPOSITIONS["EU28"].members, self.grid.parts.get("citizenship", ())
        if claim.base_dimension != "citizenship" or ("citizenship", "eu") not in whole.codes:
            return Linear(), 0
        rest = self.grid.split(whole, "citizenship")["eu"]
        return rest, len(members - {part.label for part in named})

    @cached_property
    def system(self) -> System:
        """Every claim that enters, as a system."""
        orders = [self._order(claim) for claim in self.rankings]
        return System(
            self.grid.cells,
            [
                *(self._statement(self.grid, claim) for claim in self.entered),
                *(order for order in orders if order is not None),
            ],
            self._assumed(),
        )

    def _assumed(self) -> Iterator[str]:
        for name in self.grid.parts:
            if name in SPLITS:
                how = "can overlap" if name in self.overlapping else "are exclusive"
                yield f"the categories of {name} {how}"
        if len(self.grid.parts["area"]) > 1:
            labels = ", ".join(part.label for part in self.grid.parts["area"])
            yield f"an area is the sum of its parts: {labels}"
        if any(claim.rounded for claim in self.entered):
            halves = "; a half may have gone either way" if self.closed else ""
            yield f"percentages are rounded {self.rounding.replace('_', ' ')}{halves}"
        read = [c for c in self.entered if c.percent is not None and not _says_base(c)]
        for base in ("all", "recorded"):
            if ids := [claim.id for claim in read if self.base_of(claim) == base]:
                yield f"read on the base {base!r}, which is not printed there: {', '.join(ids)}"
        if self.rankings:
            yield "what is listed first is no fewer than any other single category, in any order"


def _says_base(claim: Claim) -> bool:
    return claim.base in ("all", "recorded") and claim.base_printed


def has_number(claim: Claim) -> bool:
    """Whether a claim prints a count of something known, or a percentage."""
    return claim.is_counted or claim.rounded is not None


def _periods(claim: Claim) -> tuple[Period, ...]:
    return (claim.period,) if claim.since is None else (claim.period, claim.since)


def _with(cell: Cell, dimension: str, code: str) -> Cell:
    return evolve(cell, codes=cell.codes | {(dimension, code)})


def _is_one(dimension: str, label: str, claim: Claim) -> bool:
    """Whether a part is one category like those listed, and no group or remainder of several."""
    if dimension == "exploitation":
        return label in ("sexual", "labour")
    if dimension != "citizenship":
        return label in ("female", "male", "child", "adult")
    return label not in (UNKNOWN, "eu", "non_eu", "other_eu", "reporting_country")
