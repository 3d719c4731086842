"""Judgements of claims, and comparison of two published values."""

from collections.abc import Iterable

from attrs import evolve, frozen

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.wording_fit import quoted
from thbstats.claims import Claim, Figures, is_settled
from thbstats.claims.figures import agree
from thbstats.display import count

__all__ = [
    "QUALITATIVE",
    "QUOTED",
    "UNPLACED",
    "Judgement",
    "contradicted",
    "describe_locations",
    "differing",
    "formatted",
    "hedged",
    "misquoted",
    "not_assessable",
    "repeated",
]


@frozen(kw_only=True)
class Judgement:
    """Verdict of a check with arithmetic, remark and contradicting claims."""

    verdict: ClaimVerdict
    message: str
    remark: str = ""
    against: tuple[Claim, ...] = ()


def not_assessable(message: str, remark: str = "") -> Judgement:
    """Return that nothing printed bears on a claim, and why."""
    return Judgement(verdict=ClaimVerdict.NOT_ASSESSABLE, message=message, remark=remark)


def contradicted(message: str, against: Iterable[Claim] = ()) -> Judgement:
    """Return a contradiction with its reason and the contradicting claims."""
    return Judgement(verdict=ClaimVerdict.CONTRADICTED, message=message, against=tuple(against))


def hedged(judgement: Judgement, claim: Claim) -> Judgement:
    """Return the weaker judgement of a number that the text qualifies."""
    verdict = judgement.verdict
    if verdict is ClaimVerdict.CONTRADICTED:
        verdict = ClaimVerdict.NOT_ASSESSABLE
    elif verdict is ClaimVerdict.CONFIRMED:
        verdict = ClaimVerdict.CONSISTENT
    message = f"The text has {quoted(claim.wording)} before {formatted(claim)}. {judgement.message}"
    return evolve(judgement, verdict=verdict, message=message)


QUOTED = " The page quotes the publisher, so the error can be in the quotation."

UNPLACED = "the text does not state whether both have the same population, area and period."

QUALITATIVE = not_assessable("Qualitative statement (no figure).")
"""The judgement of a claim without a number."""


def formatted(claim: Claim) -> str:
    """Return the number of a claim in the default number style."""
    if claim.change is not None:
        text = claim.change.printed.strip(" %").replace("-", "\N{MINUS SIGN}")
        return f"{text}%"
    if claim.percent is not None:
        return f"{claim.printed.strip(' %')}%"
    if claim.rate is not None:
        return f"{claim.printed.strip()} per {count(claim.per)}" if claim.per else claim.printed
    return "" if claim.count is None else count(claim.count)


def describe_locations(claims: Iterable[Claim]) -> str:
    """Return the sections and pages of claims, each once."""
    return ", ".join(dict.fromkeys(claim.location for claim in claims))


def misquoted(figures: Figures, claim: Claim) -> str:
    """Return a remark if a page quotes the publisher with another number."""
    others = [] if claim.is_quoted else _otherwise(figures, claim)
    quoted = ", ".join(f"{formatted(o)} in {o.location}" for o in others if o.is_quoted)
    return f"Quoted as {quoted}." if quoted else ""


def _otherwise(figures: Figures, claim: Claim) -> list[Claim]:
    return [other for other in figures.same(claim) if not agree(claim, other)]


def repeated(figures: Figures, claim: Claim) -> list[Claim]:
    """Return the other claims with the same quantity and a consistent number."""
    return [other for other in figures.same(claim) if agree(claim, other)]


def differing(figures: Figures, claim: Claim) -> Judgement | None:
    """Return the judgement if another claim has a different number for the same quantity."""
    others = [o for o in _otherwise(figures, claim) if claim.is_quoted or not o.is_quoted]
    if not others:
        return None
    elsewhere = ", ".join(f"{formatted(other)} in {other.location}" for other in others)
    if is_settled(claim):
        text = f"{formatted(claim)} here, {elsewhere} for the same {claim.kind}."
        return contradicted(f"{text}{QUOTED}" if claim.is_quoted else text, others)
    return not_assessable(f"{formatted(claim)} here, {elsewhere}: {UNPLACED}")
