"""Judgements of claims, and phrases about them."""

from collections.abc import Iterable

from attrs import frozen

from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.claims import Claim, Figures
from thbstats.claims.figures import agree
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
    """Return that no published figure relates to a claim, with the reason."""
    return Judgement(ClaimVerdict.NOT_ASSESSABLE, message, remark)


def consistent(message: str, *, is_exact: bool = False) -> Judgement:
    """Return that other figures allow a claim, or give exactly its number."""
    return Judgement(ClaimVerdict.CONFIRMED if is_exact else ClaimVerdict.CONSISTENT, message)


def contradicted(message: str, against: Iterable[Claim] = (), *, own: str = "") -> Judgement:
    """Return a contradiction with the contradicting claims, without that of an own id."""
    others = tuple(claim for claim in against if claim.id != own)
    return Judgement(ClaimVerdict.CONTRADICTED, message, against=others)


QUALITATIVE = not_assessable("Qualitative statement (no figure).")
"""The judgement of a claim without a number."""


def formatted(claim: Claim) -> str:
    """Return the number of a claim in the default number style."""
    if claim.change is not None:
        return claim.change.printed.strip(" %").replace("-", "\N{MINUS SIGN}") + "%"
    if claim.percent is not None:
        return f"{claim.printed.strip(' %')}%"
    if claim.rate is not None:
        return f"{claim.printed.strip()} per {count(claim.per)}" if claim.per else claim.printed
    return "" if claim.count is None else count(claim.count)


def located(claims: Iterable[Claim], word: str = "in ") -> str:
    """Return the numbers of claims, each with its location."""
    return ", ".join(f"{formatted(claim)} {word}{claim.location}" for claim in claims)


def locations(claims: Iterable[Claim]) -> str:
    """Return the sections and pages of claims, each once."""
    return ", ".join(dict.fromkeys(claim.location for claim in claims))


def again(figures: Figures, claim: Claim) -> str:
    """Return the locations of the same value, or an empty text."""
    same = [other for other in figures.same(claim) if agree(claim, other)]
    return f"The same value is in {locations(same)}." if same else ""


def blamed(claims: list[Claim]) -> list[Claim]:
    """Return the contradicted claims: quoting pages before the publication."""
    return [claim for claim in claims if claim.is_quoted] or claims
