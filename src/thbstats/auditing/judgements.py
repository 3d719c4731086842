"""Judgements of claims by a comparison."""

from collections.abc import Iterable

from attrs import frozen

from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.claims import Claim


@frozen
class Judgement:
    """Verdict of a comparison with its arithmetic and the contradicting claims."""

    verdict: ClaimVerdict
    message: str
    against: tuple[Claim, ...] = ()


def not_assessable(message: str) -> Judgement:
    """Return that no published figure relates to a claim, with the reason."""
    return Judgement(ClaimVerdict.NOT_ASSESSABLE, message)


def consistent(message: str, *, is_exact: bool = False) -> Judgement:
    """Return that other figures allow a claim, or give exactly its number."""
    return Judgement(ClaimVerdict.CONFIRMED if is_exact else ClaimVerdict.CONSISTENT, message)


def contradicted(message: str, against: Iterable[Claim] = ()) -> Judgement:
    """Return a contradiction with the contradicting claims."""
    return Judgement(ClaimVerdict.CONTRADICTED, message, against=tuple(against))
