"""Judgements of claims, and phrases about them."""

from collections.abc import Iterable

from attrs import frozen

from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.claims import Claim, CountCell, Figures
from thbstats.claims.relations import area_label
from thbstats.claims.selection import SPLITS
from thbstats.display import count, percent
from thbstats.values import Interval

QUOTED = " The page quotes the publisher, so the error can be in the quotation."
UNPLACED = "the text does not state whether both have the same population, area and period."


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


def formatted(claim: Claim) -> str:
    """Return the number of a claim in the default number style."""
    if claim.change is not None:
        return claim.change.printed.strip(" %").replace("-", "\N{MINUS SIGN}") + "%"
    if claim.percent is not None:
        return f"{claim.printed.strip(' %')}%"
    if claim.estimate is not None:
        return claim.printed.strip()
    if claim.rate is not None:
        return f"{claim.printed.strip()} per {count(claim.per)}" if claim.per else claim.printed
    return "" if claim.count is None else count(claim.count)


def citations(claims: Iterable[Claim]) -> str:
    """Return the numbers of claims, each with its location."""
    return ", ".join(f"{formatted(claim)} in {claim.location}" for claim in claims)


def citation(claim: Claim) -> str:
    """Return the number of a claim with its location in brackets."""
    return f"{formatted(claim)} ({claim.location})"


def locations(claims: Iterable[Claim]) -> str:
    """Return the sections and pages of claims, each once."""
    return ", ".join(dict.fromkeys(claim.location for claim in claims))


def again(figures: Figures, claim: Claim) -> str:
    """Return the locations of the same value, or an empty text."""
    same = [other for other in figures.same(claim) if figures.rules.agree(claim, other)]
    return f"The same value is in {locations(same)}." if same else ""


def larger(part: Claim, whole: Claim) -> str:
    """Return that a part is larger than its total."""
    return f"{citation(part)} is a part of {citation(whole)}, but it is larger."


def written_sum(figures: Figures, claims: list[Claim]) -> str:
    """Return the sum of percentages, such as 56 + 26 + 18 = 100%."""
    parts = list(map(figures.percent, claims))
    total = percent(sum(part.value for part in parts), max(part.decimals for part in parts))
    return f"{' + '.join(formatted(claim).removesuffix('%') for claim in claims)} = {total}"


def ratio(figures: Figures, share: Claim, part: Interval, whole: Interval) -> str:
    """Return the calculated share with one more decimal than the published one."""
    return percent(Interval.ratio(part, whole), figures.percent(share).decimals + 1)


def part_label(cell: CountCell, dimension: str) -> str:
    """Return the category of a cell in one dimension."""
    if dimension == "area":
        return area_label(cell.members or frozenset())
    if dimension in ("period", "status"):
        return str(getattr(cell, dimension))
    codes = {name: code for name, code in cell.codes if name in SPLITS}
    if dimension not in codes and dimension in cell.recorded:
        return f"a recorded {dimension}"
    label = codes.get(dimension) or " ".join(codes[name] for name in sorted(codes)) or "all"
    return label.replace("_", " ")
