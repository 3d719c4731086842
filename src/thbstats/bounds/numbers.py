"""Numbers of claims."""

from thbstats.claims import Claim, ClaimKind, CountCell, Wording, read_wording
from thbstats.claims.axes import REGISTERED
from thbstats.claims.selection import SPLITS
from thbstats.values import Certainty, Period
from thbstats.vocabulary import VictimStatus

__all__ = [
    "STATUSES",
    "Kind",
    "are_linked",
    "has_number",
    "kind_of",
    "periods_of",
    "states_base",
    "wording_of",
]

STATUSES = frozenset({str(VictimStatus.REGISTERED), *map(str, REGISTERED)})
"""The statuses that form a sum and its parts."""

Kind = tuple[object, ...]
"""The common attributes of the cells of one table."""


def kind_of(cell: CountCell, *, statuses: bool = False) -> Kind:
    """Return the common attributes of the cells of one table, except the period.

    Parameters
    ----------
    cell : CountCell
        The cell.
    statuses : bool
        Whether registered, identified and presumed victims belong to one table.
    """
    kind = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
    status = str(cell.status)
    if statuses and status in STATUSES:
        status = str(VictimStatus.REGISTERED)
    return (str(cell.subject), status, kind, cell.reporters)


def are_linked(left: Period, right: Period) -> bool:
    """Return whether two periods have common days, so that their counts are related."""
    exact = {left.certainty, right.certainty} == {Certainty.EXACT}
    return left == right or (exact and bool(left.overlaps(right)))


def wording_of(claim: Claim) -> Wording | None:
    """Return the wording of a share without a number, or ``None``."""
    is_wording = claim.kind is ClaimKind.SHARE and not claim.printed
    return read_wording(claim.wording) if is_wording else None


def states_base(claim: Claim) -> bool:
    """Return whether the publication states the denominator of a share."""
    return claim.base in ("all", "known") and claim.base_printed


def has_number(claim: Claim) -> bool:
    """Return whether a claim contains an exact count or a percentage of counts."""
    rounded = claim.rounded is not None and not claim.per
    return not claim.is_hedged and (claim.is_counted or rounded)


def periods_of(claim: Claim) -> tuple[Period, ...]:
    """Return the periods of a claim, including the base period of a change."""
    return (claim.period,) if claim.since is None else (claim.period, claim.since)
