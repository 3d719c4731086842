"""Claims that are not related to a query.

A grid of all dimensions of a publication has many more cells than a query needs. A query on
forms of exploitation does not need the age groups of all victims.
"""

from collections.abc import Callable, Iterable

from attrs import evolve

from thbstats.claims import Claim, ClaimKind, CountCell, cell_of
from thbstats.claims.selection import SPLITS

__all__ = ["irrelevant_claims"]


def irrelevant_claims(
    claims: Iterable[Claim],
    targets: Iterable[str],
    *,
    cells: Callable[[Claim], Iterable[CountCell]],
    is_consistent: Callable[[list[Claim]], bool],
) -> frozenset[Claim]:
    """Return the claims on dimensions that do not restrict the others.

    All claims of such a dimension split one published number of persons. Any table that satisfies
    the other claims can be extended to satisfy them, if the number alone can.

    Parameters
    ----------
    claims : iterable of Claim
        The included claims.
    targets : iterable of str
        The dimensions of the query and of rankings.
    cells : callable
        Function that returns the cells of a claim.
    is_consistent : callable
        Function that returns whether some claims are consistent.
    """
    left, found = list(claims), frozenset[Claim]()
    for name in (name for name in SPLITS if name not in set(targets)):
        split = [claim for claim in left if any(name in dict(each.codes) for each in cells(claim))]
        counted = {_without(each, name).key for claim in split for each in cells(claim)}
        others = [claim for claim in left if claim not in split]
        totals = [claim for claim in others if _is_exact(claim) and cell_of(claim).key in counted]
        alone = len(counted) == 1 and not any(claim.makes for claim in split)
        if alone and totals and is_consistent([totals[0], *split]):
            left, found = others, found | frozenset(split)
    return found


def _without(cell: CountCell, dimension: str) -> CountCell:
    codes = frozenset(pair for pair in cell.codes if pair[0] != dimension)
    return evolve(cell, codes=codes, recorded=cell.recorded - {dimension})


def _is_exact(claim: Claim) -> bool:
    return claim.kind is ClaimKind.COUNT and not claim.at_least
