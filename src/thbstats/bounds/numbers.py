"""What claims print as numbers, and of which counts."""

from thbstats.bounds.grid import SPLITS
from thbstats.claims import Cell, Claim, ClaimKind, Wording, read_words
from thbstats.values import Period

__all__ = ["Kind", "has_number", "kind_of", "periods_of", "says_base", "wording_of"]

Kind = tuple[object, ...]
"""What cells of one table have in common."""


def kind_of(cell: Cell) -> Kind:
    """Return what cells of one table have in common, whatever their period."""
    kind = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
    return (str(cell.subject), str(cell.status), kind, cell.reporters)


def wording_of(claim: Claim) -> Wording | None:
    """Return which shares the words of a share without a number stand for, if they name any."""
    wordy = claim.kind is ClaimKind.SHARE and not claim.printed
    return read_words(claim.words) if wordy else None


def says_base(claim: Claim) -> bool:
    """Whether the text itself says whether the base holds those of unknown category."""
    return claim.base in ("all", "recorded") and claim.base_printed


def has_number(claim: Claim) -> bool:
    """Whether a claim prints a count of something known, or a percentage of counts, exactly."""
    rounded = claim.rounded is not None and not claim.per
    return not claim.is_hedged and (claim.is_counted or rounded)


def periods_of(claim: Claim) -> tuple[Period, ...]:
    """Return the periods that a claim links: its own, and that since which it tells a change."""
    return (claim.period,) if claim.since is None else (claim.period, claim.since)
