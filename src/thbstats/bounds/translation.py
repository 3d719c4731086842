"""One claim as a constraint about the cells of a grid."""

from collections.abc import Callable, Iterable
from itertools import pairwise

from attrs import evolve, frozen

from thbstats.bounds.constraint import Constraint
from thbstats.bounds.grid import CellGrid
from thbstats.bounds.linear import Inequality, Linear
from thbstats.claims import Cell, Claim, ClaimKind, cell_of, dimension_of, read_wording, whole_of
from thbstats.claims.axes import UNKNOWN
from thbstats.geography import COMPOSITIONS
from thbstats.values import Percent, Rounding, exact

__all__ = ["Translation", "narrowed"]


@frozen(kw_only=True)
class Translation:
    """How claims are said in cells.

    Parameters
    ----------
    grid : CellGrid
        The cells.
    base_of : callable
        From a share to its base, ``"all"`` or ``"known"``.
    rounding : Rounding
        How percentages were rounded.
    allow_tie_either_way : bool
        Whether a half may have been rounded either way.
    """

    grid: CellGrid
    base_of: Callable[[Claim], str]
    rounding: Rounding
    allow_tie_either_way: bool

    def sums(self, claim: Claim) -> tuple[Linear, Linear]:
        """Return numerator and base of a percentage."""
        part = self.grid.sum(cell_of(claim))
        if claim.since is not None:
            old = self.grid.sum(evolve(cell_of(claim), period=claim.since))
            return part, old
        names = dimension_of(claim).split() if self.base_of(claim) == "known" else []
        return part, self.grid.sum(whole_of(claim), recorded=names)

    def constraint(self, claim: Claim) -> Constraint:
        """Return what a count, a percentage or a change says."""
        text = f"{claim.printed} in {claim.place} ({claim.id})"
        if claim.kind is ClaimKind.COUNT:
            least, cell = claim.count or 0, cell_of(claim)
            most = None if claim.at_least else least
            sum_ = self.grid.sum(cell, recorded=cell.recorded)
            return Constraint.between(claim.id, sum_, least, most, text=text)
        part, whole = self.sums(claim)
        wording = read_wording(claim.wording) if claim.rounded is None else None
        if wording is not None:
            text = f"{wording.phrase!r} in {claim.place} ({claim.id})"
            ends = (exact(wording.lower), exact(wording.upper))
            closed = (wording.lower_closed, wording.upper_closed)
            return Constraint.share(claim.id, part, whole, ends, closed=closed, text=text)
        number = claim.rounded or Percent(claim.printed)
        printed = Percent(number.printed, self.rounding)
        if claim.kind is ClaimKind.CHANGE:
            return Constraint.change(
                claim.id,
                part,
                whole,
                printed,
                allow_tie_either_way=self.allow_tie_either_way,
                text=text,
            )
        return Constraint.percentage(
            claim.id,
            part,
            whole,
            printed,
            allow_tie_either_way=self.allow_tie_either_way,
            at_least=claim.at_least,
            text=text,
        )

    def whole(self, name: str, group: Iterable[Claim]) -> Constraint | None:
        """Return that shares of one base make it together; None where no table says otherwise."""
        sums = [self.sums(claim) for claim in group]
        parts = sum((part for part, _ in sums), Linear())
        wholes = {whole for _, whole in sums}
        if len(wholes) > 1 or wholes == {parts}:
            return None
        text = f"the parts of {name} make a whole"
        return Constraint.equality(f"makes {name}", parts, wholes.pop(), text=text)

    def order(self, claim: Claim) -> Constraint | None:
        """Return what a ranking says, or None if nothing that is not listed has a cell.

        Each that is listed is at least as many as any single category that is not; where the list
        is said to be in order, also as the one listed after it.
        """
        whole, name = whole_of(claim), claim.base_dimension
        listed = [self.grid.sum(narrowed(whole, name, code)) for code in claim.ranks]
        others = [
            self.grid.sum(narrowed(whole, name, part.label))
            for part in self.grid.parts[name]
            if part.label not in claim.ranks and _is_one(name, part.label)
        ]
        others = [sum_ for sum_ in others if sum_.terms]
        rows = [Inequality(low - high, 0) for high in listed for low in others]
        rest, number = self._rest(claim)
        rows += [Inequality(rest - number * high, 0) for high in listed if rest.terms]
        if claim.ordered:
            rows += [Inequality(after - before, 0) for before, after in pairwise(listed)]
        text = f"{', '.join(claim.ranks)} first in {claim.place} ({claim.id})"
        return Constraint(claim.id, rows, text=text) if rows else None

    def _rest(self, claim: Claim) -> tuple[Linear, int]:
        """The other countries of the Union together, and how many there are."""
        whole = whole_of(claim)
        members, named = COMPOSITIONS["EU28"].members, self.grid.parts.get("citizenship", ())
        if claim.base_dimension != "citizenship" or ("citizenship", "eu") not in whole.codes:
            return Linear(), 0
        rest = self.grid.split(whole, "citizenship")["eu"]
        return rest, len(members - {part.label for part in named})


def narrowed(cell: Cell, dimension: str, code: str) -> Cell:
    """Return the part of a cell with one more category."""
    return evolve(cell, codes=cell.codes | {(dimension, code)})


def _is_one(dimension: str, label: str) -> bool:
    """Whether a part is one category like those listed, and no group or remainder of several."""
    if dimension == "exploitation":
        return label in ("sexual", "labour")
    if dimension != "citizenship":
        return label in ("female", "male", "child", "adult")
    return label not in (UNKNOWN, "eu", "non_eu", "other_eu", "reporting_country")
