"""A verdict with its arithmetic, and what two printed numbers say of each other."""

from collections.abc import Iterable

from attrs import frozen

from thbstats.auditing.audited import ClaimVerdict
from thbstats.claims import Claim, Figures, is_settled
from thbstats.display import count

__all__ = [
    "SAID",
    "Judgement",
    "agree",
    "cannot_tell",
    "contradicted",
    "differing",
    "less",
    "places",
    "shown",
]


@frozen(kw_only=True)
class Judgement:
    """What a check finds: the verdict, the arithmetic, and what is odd."""

    verdict: ClaimVerdict
    message: str
    remark: str = ""


def cannot_tell(message: str, remark: str = "") -> Judgement:
    """Return that nothing printed bears on a claim, and why."""
    return Judgement(verdict=ClaimVerdict.CANNOT_TELL, message=message, remark=remark)


def contradicted(message: str) -> Judgement:
    """Return that other figures forbid a claim, and how."""
    return Judgement(verdict=ClaimVerdict.CONTRADICTED, message=message)


SAID = cannot_tell("Said in words; no number stands behind it.")
"""The judgement of a claim without a number."""


def shown(claim: Claim) -> str:
    """Return the number of a claim as our own sentences print numbers."""
    if claim.percent is not None:
        return f"{claim.printed.strip(' %')} %"
    return "" if claim.count is None else count(claim.count)


def places(claims: Iterable[Claim]) -> str:
    """Return the sections in which claims stand, each once."""
    return ", ".join(dict.fromkeys(f"section {claim.section}" for claim in claims))


def less(one: Claim, two: Claim) -> bool:
    """Whether the number behind one claim is surely below the number behind another."""
    low, high = one.percent, two.percent
    if low is None or high is None:
        return one.count is not None and two.count is not None and one.count < two.count
    touch = low.upper_closed and high.lower_closed
    return low.upper < high.lower or (low.upper == high.lower and not touch)


def agree(one: Claim, two: Claim) -> bool:
    """Whether one number can stand behind two claims: 56 % agrees with 56.2 %."""
    return not less(one, two) and not less(two, one)


def differing(figures: Figures, claim: Claim) -> Judgement | None:
    """Return what follows if the same quantity is printed with another number elsewhere."""
    others = [other for other in figures.same(claim) if not agree(claim, other)]
    if not others:
        return None
    elsewhere = ", ".join(f"{shown(other)} in section {other.section}" for other in others)
    if is_settled(claim):
        return contradicted(f"{shown(claim)} here, {elsewhere} for the same {claim.kind}.")
    return cannot_tell(
        f"{shown(claim)} here, {elsewhere}: the text does not say enough to tell whether both "
        "are of the same people, place and time."
    )
