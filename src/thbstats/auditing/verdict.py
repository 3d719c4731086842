"""A verdict with its arithmetic, and what two printed numbers say of each other."""

from collections.abc import Iterable

from attrs import evolve, frozen

from thbstats.auditing.audited import ClaimVerdict
from thbstats.claims import Claim, Figures, is_settled
from thbstats.claims.figures import agree
from thbstats.display import count

__all__ = [
    "QUOTED",
    "SAID",
    "UNPLACED",
    "Judgement",
    "contradicted",
    "differing",
    "formatted",
    "hedged",
    "misquoted",
    "not_assessable",
    "places",
    "repeated",
]


@frozen(kw_only=True)
class Judgement:
    """What a check finds: the verdict, the arithmetic, what is odd, and the claims against it."""

    verdict: ClaimVerdict
    message: str
    remark: str = ""
    against: tuple[Claim, ...] = ()


def not_assessable(message: str, remark: str = "") -> Judgement:
    """Return that nothing printed bears on a claim, and why."""
    return Judgement(verdict=ClaimVerdict.NOT_ASSESSABLE, message=message, remark=remark)


def contradicted(message: str, against: Iterable[Claim] = ()) -> Judgement:
    """Return that other figures forbid a claim, how, and which claims these are."""
    return Judgement(verdict=ClaimVerdict.CONTRADICTED, message=message, against=tuple(against))


def hedged(judgement: Judgement, claim: Claim) -> Judgement:
    """Return the judgement of a number that the text itself calls inexact."""
    verdict = judgement.verdict
    if verdict is ClaimVerdict.CONTRADICTED:
        verdict = ClaimVerdict.NOT_ASSESSABLE
    elif verdict is ClaimVerdict.CONFIRMED:
        verdict = ClaimVerdict.CONSISTENT
    message = f"The text has '{claim.wording}' before {formatted(claim)}. {judgement.message}"
    return evolve(judgement, verdict=verdict, message=message)


QUOTED = " This page quotes the publisher, so that the page may be what is wrong."

UNPLACED = (
    "the text does not say enough to tell whether both are of the same people, place and time."
)

SAID = not_assessable("Said in words; no number stands behind it.")
"""The judgement of a claim without a number."""


def formatted(claim: Claim) -> str:
    """Return the number of a claim as our own sentences print numbers."""
    if claim.change is not None:
        text = claim.change.printed.strip(" %").replace("-", "\N{MINUS SIGN}")
        return f"{text}%"
    if claim.percent is not None:
        return f"{claim.printed.strip(' %')}%"
    if claim.rate is not None:
        return f"{claim.printed.strip()} per {count(claim.per)}" if claim.per else claim.printed
    return "" if claim.count is None else count(claim.count)


def places(claims: Iterable[Claim]) -> str:
    """Return the sections and pages in which claims stand, each once."""
    return ", ".join(dict.fromkeys(claim.location for claim in claims))


def misquoted(figures: Figures, claim: Claim) -> str:
    """Say so where a page that quotes the publisher has another number than its own page."""
    others = [] if claim.is_quoted else _otherwise(figures, claim)
    quoted = ", ".join(f"{formatted(o)} in {o.location}" for o in others if o.is_quoted)
    return f"Quoted as {quoted}." if quoted else ""


def _otherwise(figures: Figures, claim: Claim) -> list[Claim]:
    return [other for other in figures.same(claim) if not agree(claim, other)]


def repeated(figures: Figures, claim: Claim) -> list[Claim]:
    """Return the other claims that print the same quantity with a number that agrees."""
    return [other for other in figures.same(claim) if agree(claim, other)]


def differing(figures: Figures, claim: Claim) -> Judgement | None:
    """Return what follows if the same quantity is printed with another number elsewhere."""
    others = [o for o in _otherwise(figures, claim) if claim.is_quoted or not o.is_quoted]
    if not others:
        return None
    elsewhere = ", ".join(f"{formatted(other)} in {other.location}" for other in others)
    if is_settled(claim):
        text = f"{formatted(claim)} here, {elsewhere} for the same {claim.kind}."
        return contradicted(f"{text}{QUOTED}" if claim.is_quoted else text, others)
    return not_assessable(f"{formatted(claim)} here, {elsewhere}: {UNPLACED}")
