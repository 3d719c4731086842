"""Judgements of claims, and comparison of two published values."""

from collections.abc import Iterable

from attrs import evolve, frozen

from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.auditing.wording_fit import quoted
from thbstats.claims import Claim, Figures, is_settled
from thbstats.claims.figures import agree, less
from thbstats.display import count

QUOTED = " The page quotes the publisher, so the error can be in the quotation."
UNPLACED = "the text does not state whether both have the same population, area and period."


@frozen
class Judgement:
    """Verdict of a check with arithmetic, remark and contradicting claims."""

    verdict: ClaimVerdict
    message: str
    remark: str = ""
    against: tuple[Claim, ...] = ()


def not_assessable(message: str, remark: str = "") -> Judgement:
    """Return that nothing printed bears on a claim, and why."""
    return Judgement(ClaimVerdict.NOT_ASSESSABLE, message, remark)


def consistent(message: str, *, is_exact: bool = False) -> Judgement:
    """Return that other figures allow a claim, or give exactly its number."""
    return Judgement(ClaimVerdict.CONFIRMED if is_exact else ClaimVerdict.CONSISTENT, message)


def contradicted(message: str, against: Iterable[Claim] = ()) -> Judgement:
    """Return a contradiction with its reason and the contradicting claims."""
    return Judgement(ClaimVerdict.CONTRADICTED, message, against=tuple(against))


QUALITATIVE = not_assessable("Qualitative statement (no figure).")
"""The judgement of a claim without a number."""


def hedged(judgement: Judgement, claim: Claim) -> Judgement:
    """Return the weaker judgement of a number that the text qualifies."""
    weaker = {
        ClaimVerdict.CONTRADICTED: ClaimVerdict.NOT_ASSESSABLE,
        ClaimVerdict.CONFIRMED: ClaimVerdict.CONSISTENT,
    }
    message = f"The text has {quoted(claim.wording)} before {formatted(claim)}. {judgement.message}"
    verdict = weaker.get(judgement.verdict, judgement.verdict)
    return evolve(judgement, verdict=verdict, message=message)


def formatted(claim: Claim) -> str:
    """Return the number of a claim in the default number style."""
    if claim.change is not None:
        return claim.change.printed.strip(" %").replace("-", "\N{MINUS SIGN}") + "%"
    if claim.percent is not None:
        return f"{claim.printed.strip(' %')}%"
    if claim.rate is not None:
        return f"{claim.printed.strip()} per {count(claim.per)}" if claim.per else claim.printed
    return "" if claim.count is None else count(claim.count)


def locations(claims: Iterable[Claim]) -> str:
    """Return the sections and pages of claims, each once."""
    return ", ".join(dict.fromkeys(claim.location for claim in claims))


def blamed(claims: list[Claim]) -> list[Claim]:
    """Return the contradicted claims: quoting pages before the publication."""
    return [claim for claim in claims if claim.is_quoted] or claims


def repeated(figures: Figures, claim: Claim) -> list[Claim]:
    """Return the other claims with the same quantity and a consistent number."""
    return [other for other in figures.same(claim) if agree(claim, other)]


def again(figures: Figures, claim: Claim) -> str:
    """Return the locations of the same value, or an empty text."""
    same = repeated(figures, claim)
    return f"The same value is in {locations(same)}." if same else ""


def misquoted(figures: Figures, claim: Claim) -> str:
    """Return a remark if a page quotes the publisher with another number."""
    if claim.is_quoted:
        return ""
    others = [o for o in figures.same(claim) if o.is_quoted and not agree(claim, o)]
    texts = ", ".join(f"{formatted(other)} in {other.location}" for other in others)
    return f"Quoted as {texts}." if texts else ""


def compared_values(figures: Figures, claim: Claim) -> Judgement | None:
    """Return the judgement of a lower bound, or of a number with another value elsewhere."""
    others = figures.same(claim)
    if claim.at_least:
        lower = [o for o in others if less(o, claim)] if is_settled(claim) else []
        for other in lower:
            here = f"At least {formatted(claim)} here, {formatted(other)} in {other.location}"
            return contradicted(f"{here} for the same {claim.kind}.", [other])
        return not_assessable(f"{formatted(claim)} is published as a lower bound.")
    others = [o for o in others if not agree(claim, o) and (claim.is_quoted or not o.is_quoted)]
    if not others:
        return None
    elsewhere = ", ".join(f"{formatted(other)} in {other.location}" for other in others)
    text = f"{formatted(claim)} here, {elsewhere}"
    if not is_settled(claim):
        return not_assessable(f"{text}: {UNPLACED}")
    quotation = QUOTED if claim.is_quoted else ""
    return contradicted(f"{text} for the same {claim.kind}.{quotation}", others)
