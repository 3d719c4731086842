"""Which claims cannot bear on a question, so that its system need not hold them.

A cell for each combination of all dimensions that a publication splits by is many more than a
question needs. Who asks for forms of exploitation would have each cell three times because the
children among all victims are printed.
"""

from collections.abc import Callable, Iterable

from attrs import evolve

from thbstats.claims import Cell, Claim, ClaimKind, cell_of
from thbstats.claims.selection import SPLITS

__all__ = ["irrelevant_claims"]


def irrelevant_claims(
    claims: Iterable[Claim],
    asked: Iterable[str],
    *,
    cells: Callable[[Claim], Iterable[Cell]],
    fits: Callable[[list[Claim]], bool],
) -> frozenset[Claim]:
    """Return the claims of a dimension that can be had in every table that fits the others.

    All claims of the dimension split the same people, whose number is printed. Whatever a table
    has of these people, they can be given categories that the claims have, one by one, as long as
    the number by itself has such categories.

    Parameters
    ----------
    claims : iterable of Claim
        Those that enter.
    asked : iterable of str
        The dimensions that are asked for or ranked.
    cells : callable
        From a claim to everything that it counts.
    fits : callable
        Whether some table fits a few claims.
    """
    left, found = list(claims), frozenset[Claim]()
    for name in (name for name in SPLITS if name not in set(asked)):
        of_it = [claim for claim in left if any(name in dict(each.codes) for each in cells(claim))]
        whom = {_without(each, name).key for claim in of_it for each in cells(claim)}
        rest = [claim for claim in left if claim not in of_it]
        totals = [claim for claim in rest if _is_exact(claim) and cell_of(claim).key in whom]
        alone = len(whom) == 1 and not any(claim.makes for claim in of_it)
        if alone and totals and fits([totals[0], *of_it]):
            left, found = rest, found | frozenset(of_it)
    return found


def _without(cell: Cell, dimension: str) -> Cell:
    codes = frozenset(pair for pair in cell.codes if pair[0] != dimension)
    return evolve(cell, codes=codes, recorded=cell.recorded - {dimension})


def _is_exact(claim: Claim) -> bool:
    return claim.kind is ClaimKind.COUNT and not claim.at_least
