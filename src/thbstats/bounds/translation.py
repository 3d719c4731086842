"""Constraints of single claims."""

from collections.abc import Callable, Iterable
from itertools import pairwise

from attrs import evolve, frozen

from thbstats.bounds.constraint import Constraint, Inequality, Linear
from thbstats.bounds.grid import CellGrid
from thbstats.claims import (
    Claim,
    ClaimKind,
    CountCell,
    cell_of,
    dimension_of,
    read_wording,
    whole_of,
)
from thbstats.claims.axes import UNKNOWN
from thbstats.geography import COMPOSITIONS
from thbstats.values import Percent, Rounding, exact

__all__ = ["Translation", "with_category"]


@frozen(kw_only=True)
class Translation:
    """Translation of claims into constraints on a grid.

    Parameters
    ----------
    grid : CellGrid
        The cells.
    base_of : callable
        Function that returns the denominator of a share, ``"all"`` or ``"known"``.
    rounding : Rounding
        The rounding of percentages.
    allow_tie_either_way : bool
        Whether ties may be rounded either up or down.
    """

    grid: CellGrid
    base_of: Callable[[Claim], str]
    rounding: Rounding
    allow_tie_either_way: bool

    def sums(self, claim: Claim) -> tuple[Linear, Linear]:
        """Return the numerator and denominator of a percentage."""
        part = self.grid.sum(cell_of(claim))
        if claim.since is not None:
            old = self.grid.sum(evolve(cell_of(claim), period=claim.since))
            return part, old
        names = dimension_of(claim).split() if self.base_of(claim) == "known" else []
        return part, self.grid.sum(whole_of(claim), recorded=names)

    def constraint(self, claim: Claim) -> Constraint:
        """Return the constraint of a count, a percentage or a change."""
        text = f"{claim.printed} in {claim.location} ({claim.id})"
        if claim.kind is ClaimKind.COUNT:
            least, cell = claim.count or 0, cell_of(claim)
            most = None if claim.at_least else least
            sum_ = self.grid.sum(cell, recorded=cell.recorded)
            return Constraint.between(claim.id, sum_, least, most, text=text)
        part, whole = self.sums(claim)
        wording = read_wording(claim.wording) if claim.rounded is None else None
        if wording is not None:
            text = f"“{wording.phrase}” in {claim.location} ({claim.id})"
            bounds = (exact(wording.lower), exact(wording.upper))
            closed = (wording.lower_closed, wording.upper_closed)
            return Constraint.share(claim.id, part, whole, bounds, closed=closed, text=text)
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
        """Return the constraint that shares add up to 100%; ``None`` if it is redundant."""
        sums = [self.sums(claim) for claim in group]
        parts = sum((part for part, _ in sums), Linear())
        wholes = {whole for _, whole in sums}
        if len(wholes) > 1 or wholes == {parts}:
            return None
        text = f"the parts of {name} add up to 100%"
        return Constraint.equality(f"makes {name}", parts, wholes.pop(), text=text)

    def order(self, claim: Claim) -> Constraint | None:
        """Return the constraint of a ranking, or ``None`` if it is empty.

        Each listed category has at least the count of any other single category. In an ordered
        list, each has at least the count of the next one.
        """
        whole, name = whole_of(claim), claim.base_dimension
        listed = [self.grid.sum(with_category(whole, name, code)) for code in claim.ranks]
        others = [
            self.grid.sum(with_category(whole, name, part.label))
            for part in self.grid.parts[name]
            if part.label not in claim.ranks and _is_single(name, part.label)
        ]
        others = [sum_ for sum_ in others if sum_.terms]
        rows = [Inequality(low - high, 0) for high in listed for low in others]
        others_sum, number = self._other_members(claim)
        rows += [Inequality(others_sum - number * high, 0) for high in listed if others_sum.terms]
        if claim.ordered:
            rows += [Inequality(after - before, 0) for before, after in pairwise(listed)]
        text = f"{', '.join(claim.ranks)} first in {claim.location} ({claim.id})"
        return Constraint(claim.id, rows, text=text) if rows else None

    def _other_members(self, claim: Claim) -> tuple[Linear, int]:
        """Return the sum of the EU countries that are not listed, and their number."""
        whole = whole_of(claim)
        members, named = COMPOSITIONS["EU28"].members, self.grid.parts.get("citizenship", ())
        if claim.base_dimension != "citizenship" or ("citizenship", "eu") not in whole.codes:
            return Linear(), 0
        others = self.grid.split(whole, "citizenship")["eu"]
        return others, len(members - {part.label for part in named})


def with_category(cell: CountCell, dimension: str, code: str) -> CountCell:
    """Return a cell with one more category."""
    return evolve(cell, codes=cell.codes | {(dimension, code)})


def _is_single(dimension: str, label: str) -> bool:
    """Return whether a part is a single category, not a group or a remainder."""
    if dimension == "exploitation":
        return label in ("sexual", "labour")
    if dimension != "citizenship":
        return label in ("female", "male", "child", "adult")
    return label not in (UNKNOWN, "eu", "non_eu", "other_eu", "reporting_country")
