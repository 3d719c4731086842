"""What claims print as numbers, and of which counts."""

from thbstats.claims import Cell, Claim, ClaimKind, Wording, read_wording
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
    "says_base",
    "wording_of",
]

STATUSES = frozenset({str(VictimStatus.REGISTERED), *map(str, REGISTERED)})
"""The statuses that are read as a sum and its parts."""

Kind = tuple[object, ...]
"""What cells of one table have in common."""


def kind_of(cell: Cell, *, statuses: bool = False) -> Kind:
    """Return what cells of one table have in common, whatever their period.

    Parameters
    ----------
    cell : Cell
        The cell.
    statuses : bool
        Whether registered, identified and presumed victims stand in one table.
    """
    kind = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
    status = str(cell.status)
    if statuses and status in STATUSES:
        status = str(VictimStatus.REGISTERED)
    return (str(cell.subject), status, kind, cell.reporters)


def are_linked(one: Period, two: Period) -> bool:
    """Return whether the counts of two periods depend on each other: they have days in common."""
    exact = {one.certainty, two.certainty} == {Certainty.EXACT}
    return one == two or (exact and bool(one.overlaps(two)))


def wording_of(claim: Claim) -> Wording | None:
    """Return which shares the words of a share without a number stand for, if they name any."""
    wordy = claim.kind is ClaimKind.SHARE and not claim.printed
    return read_wording(claim.wording) if wordy else None


def says_base(claim: Claim) -> bool:
    """Whether the text itself says whether the base holds those of unknown category."""
    return claim.base in ("all", "known") and claim.base_printed


def has_number(claim: Claim) -> bool:
    """Whether a claim prints a count of something known, or a percentage of counts, exactly."""
    rounded = claim.rounded is not None and not claim.per
    return not claim.is_hedged and (claim.is_counted or rounded)


def periods_of(claim: Claim) -> tuple[Period, ...]:
    """Return the periods that a claim links: its own, and that since which it tells a change."""
    return (claim.period,) if claim.since is None else (claim.period, claim.since)
