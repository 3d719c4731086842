"""A verdict with its arithmetic, and the two ways of saying a figure again."""

from collections.abc import Iterable

from attrs import frozen

from thbstats.auditing.audited import ClaimVerdict
from thbstats.claims import Claim

__all__ = ["Judgement", "cannot_tell", "repeated"]


@frozen(kw_only=True)
class Judgement:
    """What a check finds: the verdict, the arithmetic, and what is odd."""

    verdict: ClaimVerdict
    message: str
    remark: str = ""


def cannot_tell(message: str) -> Judgement:
    """Return that nothing printed bears on a claim, and why."""
    return Judgement(verdict=ClaimVerdict.CANNOT_TELL, message=message)


def repeated(claim: Claim, others: Iterable[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Return those that print the same number elsewhere, and those that print another."""
    elsewhere = [other for other in others if other.id != claim.id and other.printed]
    same = [other for other in elsewhere if _number(other) == _number(claim)]
    return same, [other for other in elsewhere if other not in same]


def _number(claim: Claim) -> object:
    percent = claim.percent
    return claim.count if percent is None else (percent.digits, percent.decimals)
